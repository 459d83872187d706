//! Names as small numbers, found by a table that is made at compile time and
//! has a place for each name that no other shares.
//!
//! The key of a name is its letters as one number, so that a key that is found
//! is the name, with no letters to be compared. Only names longer than eight
//! letters, of which HTML has few, may share one.

/// Defines an enum of names as small numbers, with one more for any other name,
/// and how to get from a name to its number and back.
macro_rules! named {
    (
        $(#[$about:meta])* $enum:ident, each $before:literal .. $after:literal,
        other $other:literal: { $($variant:ident = $name:literal),* $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $enum {
            $(
                #[doc = concat!($before, $name, $after)]
                $variant,
            )*
            #[doc = $other]
            Other,
        }

        const ALL: &[$enum] = &[$($enum::$variant,)* $enum::Other];

        static NAMES: $crate::page::names::Names<{ $enum::Other as usize }> =
            $crate::page::names::Names::new([$($name),*]);

        impl $enum {
            /// What has a name in lower case.
            #[inline]
            pub fn from_name(name: &str) -> Self {
                ALL[NAMES.number(name)]
            }

            /// The same where the key of the name is there already.
            #[inline]
            pub(super) fn by_key(key: u64, name: &[u8]) -> Self {
                ALL[NAMES.number_by_key(key, name)]
            }

            /// The name; empty for `Other`.
            #[inline]
            pub fn name(self) -> &'static str {
                NAMES.name(self as usize)
            }
        }
    };
}

pub(super) use named;

/// Places of a table, a power of two.
const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 11;

/// The key of a name with up to eight letters more, the first of which is in
/// the number's lowest byte.
#[inline]
pub(super) const fn add_letters(key: u64, letters: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ letters
}

#[inline]
pub(super) const fn key_of(name: &[u8]) -> u64 {
    let (mut key, mut letters) = (0, 0);
    let mut at = 0;
    while at < name.len() {
        letters |= (name[at] as u64) << (at % 8 * 8);
        at += 1;
        if at % 8 == 0 || at == name.len() {
            key = add_letters(key, letters);
            letters = 0;
        }
    }
    key
}

/// The place of a key.
#[inline]
const fn place(key: u64, factor: u64) -> usize {
    // A multiplication whose upper bits depend on all of the key.
    (key.wrapping_mul(factor) >> (64 - PLACE_BITS)) as usize
}

/// Names in lower case; each one's number is its place in their list.
#[derive(Debug)]
pub(super) struct Names<const N: usize> {
    list: [&'static str; N],
    /// The length of each name.
    lens: [u8; N],
    keys: [u64; N],
    /// What makes places of keys, a different one of each.
    factor: u64,
    /// By place the number of a name; `N` where there is none.
    numbers: [u8; PLACES],
}

impl<const N: usize> Names<N> {
    pub(super) const fn new(list: [&'static str; N]) -> Self {
        assert!(N < 256);
        let (mut lens, mut keys) = ([0; N], [0; N]);
        let mut number = 0;
        while number < N {
            lens[number] = list[number].len() as u8;
            keys[number] = key_of(list[number].as_bytes());
            number += 1;
        }
        let mut factor = 0x9e37_79b9_7f4a_7c15;
        loop {
            if let Some(numbers) = Self::places(&keys, factor) {
                return Self { list, lens, keys, factor, numbers };
            }
            // Some odd number without a pattern.
            factor = add_letters(factor, factor >> 32) | 1;
        }
    }

    /// Each name's number at the place of its key; `None` where two keys have
    /// one place.
    const fn places(keys: &[u64; N], factor: u64) -> Option<[u8; PLACES]> {
        let mut numbers = [N as u8; PLACES];
        let mut number = 0;
        while number < N {
            let at = place(keys[number], factor);
            if numbers[at] as usize != N {
                return None;
            }
            numbers[at] = number as u8;
            number += 1;
        }
        Some(numbers)
    }

    #[inline]
    pub(super) fn name(&self, number: usize) -> &'static str {
        self.list.get(number).copied().unwrap_or("")
    }

    /// The number of a name; `N` where it is none of these.
    #[inline]
    pub(super) fn number(&self, name: &str) -> usize {
        self.number_by_key(key_of(name.as_bytes()), name.as_bytes())
    }

    /// The same where the key is there already.
    #[inline]
    pub(super) fn number_by_key(&self, key: u64, name: &[u8]) -> usize {
        let number = usize::from(self.numbers[place(key, self.factor)]);
        let found = number < N
            && self.keys[number] == key
            && usize::from(self.lens[number]) == name.len()
            && (name.len() <= 8 || self.list[number].as_bytes() == name);
        if found { number } else { N }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SOME: Names<4> = Names::new(["p", "figcaption", "xfigcaption", "h1"]);

    #[test]
    fn names_are_told_apart() {
        for number in 0..4 {
            assert_eq!(SOME.number(SOME.name(number)), number);
        }
        for other in ["", "q", "p\0", "h1\0", "yfigcaption", "figcaptiox", "figcapti", "h\x11", "P"] {
            assert_eq!(SOME.number(other), 4, "{other:?}");
        }
    }
}
