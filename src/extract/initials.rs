//! The first letter of a text's key, told without making the key: most lines
//! of a page begin with a letter that no word of a list begins with, and then
//! need no key to be told from all of them.

/// A letter as the first of a key: of ASCII in lower case, or of Bengali.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Initial(u8);

impl Initial {
    /// The first letter of the key of a normalised text; `None` where that
    /// needs a closer look.
    pub fn of(normal: &str) -> Option<Self> {
        let bytes = normal.as_bytes();
        let mut at = 0;
        loop {
            match *bytes.get(at)? {
                byte if byte.is_ascii_alphanumeric() => return Some(Self(byte.to_ascii_lowercase())),
                0..=0x7f => at += 1,
                0xe0 => match (bytes[at + 1], bytes[at + 2]) {
                    (second @ (0xa6 | 0xa7), third) => {
                        let offset = (second & 1) << 6 | third & 0x3f;
                        // ত্ at the end of a word is ৎ in its key, joiners left out.
                        let next = &normal[at + 3..];
                        let joined = next.starts_with(['\u{9cd}', '\u{200c}', '\u{200d}']);
                        return (is_plain_letter(offset) && !joined).then_some(Self(0x80 | offset));
                    }
                    (0xa5, 0xa4 | 0xa5) => at += 3,
                    _ => return None,
                },
                // Quotation marks, dashes, bullets.
                0xe2 if bytes[at + 1] == 0x80 && !matches!(bytes[at + 2], 0x8b..=0x8f) => at += 3,
                _ => return None,
            }
        }
    }
}

/// Whether a place of the Bengali block is a letter that keys have as it is:
/// vowels and consonants, ৎ.
fn is_plain_letter(offset: u8) -> bool {
    matches!(offset, 0x05..=0x0c | 0x0f | 0x10 | 0x13..=0x28 | 0x2a..=0x30 | 0x32 | 0x36..=0x39 | 0x4e)
}

/// A set of first letters.
#[derive(Clone, Copy, Debug)]
pub struct Initials {
    letters: [u64; 4],
    /// Whether a key begins in another way, so that nothing can be ruled out.
    others: bool,
}

impl Initials {
    /// The first letters of keys.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        let mut out = Self { letters: [0; 4], others: false };
        for key in keys {
            match Initial::of(key) {
                Some(Initial(letter)) => out.letters[usize::from(letter >> 6)] |= 1 << (letter & 0x3f),
                None => out.others = true,
            }
        }
        out
    }

    /// Whether a key with this first letter may be one of the set.
    pub fn may_have(&self, initial: Option<Initial>) -> bool {
        let has =
            |Initial(letter): Initial| self.letters[usize::from(letter >> 6)] >> (letter & 0x3f) & 1 == 1;
        self.others || initial.is_none_or(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::key;

    #[test]
    fn the_first_letter_of_a_text_is_that_of_its_key() {
        let texts = [
            "আরও পড\u{9bc}ুন",
            "“ঢাকা” আজ",
            "— Next",
            "৫ মে",
            "হঠাত\u{9cd}",
            "ত\u{9cd}",
            "।",
            "",
            "৳৫০০",
            "5 মে",
            "é ক",
            "\u{200d}ক",
            "ৰ ক",
            "[আরও]",
            "উৎ",
            "ৎ",
            "\u{981}ক",
            "ত\u{9cd}যাগ",
            "• খবর",
            "X",
        ];
        let mut told = 0;
        for text in texts {
            let key = key(text);
            if let Some(initial) = Initial::of(text) {
                told += 1;
                assert_eq!(Initial::of(&key), Some(initial), "{text}");
                assert!(Initials::new([key.as_str()]).may_have(Some(initial)));
                assert!(!Initials::new(["z"]).may_have(Some(initial)));
            }
        }
        assert_eq!(told, 10);
        assert!(Initials::new(["৫"]).may_have(Initial::of("ক")));
    }
}
