//! Names as small numbers, found by a table that is made at compile time.
//!
//! The last eight letters of a name are its key. Nearly all names of HTML are
//! no longer, so that a key that is found is the name, with no letters to be
//! compared; and the key can be gathered while the end of a name is sought.

/// Places of a table, a power of two.
const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 10;

/// The key of a name with one letter more.
#[inline]
pub(super) const fn add_letter(key: u64, letter: u8) -> u64 {
    key << 8 | letter as u64
}

#[inline]
const fn key_of(name: &[u8]) -> u64 {
    let mut key = 0;
    let mut at = name.len().saturating_sub(8);
    while at < name.len() {
        key = add_letter(key, name[at]);
        at += 1;
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
    names: [&'static str; N],
    keys: [u64; N],
    /// By place the number of a name; `N` where there is none.
    numbers: [u8; PLACES],
}

impl<const N: usize> Names<N> {
    pub(super) const fn new(names: [&'static str; N]) -> Self {
        assert!(N < 256);
        let mut keys = [0; N];
        let mut numbers = [N as u8; PLACES];
        let mut number = 0;
        while number < N {
            keys[number] = key_of(names[number].as_bytes());
            let mut at = place(keys[number]);
            while numbers[at] as usize != N {
                at = (at + 1) % PLACES;
            }
            numbers[at] = number as u8;
            number += 1;
        }
        Self { names, keys, numbers }
    }

    #[inline]
    pub(super) fn name(&self, number: usize) -> &'static str {
        self.names.get(number).copied().unwrap_or("")
    }

    /// The number of a name; `N` where it is none of these.
    #[inline]
    pub(super) fn number(&self, name: &str) -> usize {
        self.number_by_key(key_of(name.as_bytes()), name.as_bytes())
    }

    /// The same where the key is there already. Only a long name's letters are
    /// looked at, their case is not.
    #[inline]
    pub(super) fn number_by_key(&self, key: u64, name: &[u8]) -> usize {
        let mut at = place(key);
        loop {
            let number = usize::from(self.numbers[at]);
            let Some(known) = self.names.get(number) else { return N };
            if self.keys[number] == key
                && known.len() == name.len()
                && (name.len() <= 8 || known.as_bytes().eq_ignore_ascii_case(name))
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
    fn long_names_of_one_ending_are_told_apart() {
        for number in 0..4 {
            assert_eq!(SOME.number(SOME.name(number)), number);
        }
        for other in ["", "q", "\0p", "yfigcaption", "gcaption", "h\x11", "P"] {
            assert_eq!(SOME.number(other), 4, "{other:?}");
        }
    }

    #[test]
    fn a_key_is_gathered_letter_by_letter() {
        let key = "xfigcaption".bytes().fold(0, add_letter);
        assert_eq!(SOME.number_by_key(key, b"xFigCaption"), 2);
    }
}
