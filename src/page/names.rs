//! Names as small numbers, found by a table that is made at compile time.
//!
//! The key of a name is its letters as one number, so that a key that is found
//! is the name, with no letters to be compared. Only names longer than eight
//! letters, of which HTML has few, may share one.

/// Places of a table, a power of two.
const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 10;

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

/// Where the search for a key begins.
#[inline]
const fn place(key: u64) -> usize {
    // A multiplication whose upper bits depend on all of the key.
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PLACE_BITS)) as usize
}

/// Names in lower case; each one's number is its place in their list.
#[derive(Debug)]
pub(super) struct Names<const N: usize> {
    list: [&'static str; N],
    keys: [u64; N],
    /// By place the number of a name; `N` where there is none.
    numbers: [u8; PLACES],
}

impl<const N: usize> Names<N> {
    pub(super) const fn new(list: [&'static str; N]) -> Self {
        assert!(N < 256);
        let mut keys = [0; N];
        let mut numbers = [N as u8; PLACES];
        let mut number = 0;
        while number < N {
            keys[number] = key_of(list[number].as_bytes());
            let mut at = place(keys[number]);
            while numbers[at] as usize != N {
                at = (at + 1) % PLACES;
            }
            numbers[at] = number as u8;
            number += 1;
        }
        Self { list, keys, numbers }
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
        let mut at = place(key);
        loop {
            let number = usize::from(self.numbers[at]);
            let Some(known) = self.list.get(number) else { return N };
            if self.keys[number] == key
                && known.len() == name.len()
                && (name.len() <= 8 || known.as_bytes() == name)
            {
                return number;
            }
            at = (at + 1) % PLACES;
        }
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
