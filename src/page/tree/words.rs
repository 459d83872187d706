//! Names of tags and attributes read from the source eight bytes at a time, as a
//! number in which each byte is a letter: pages hold thousands of names, and to
//! look at them letter by letter was a good part of what the tree cost.

use crate::page::names::{add_letters, key_of};

/// What a name belongs to, and so which bytes end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Tag,
    Attribute,
}

impl Of {
    #[inline]
    fn ends_at(self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'/' | b'>')
            || byte == b'=' && self == Self::Attribute
    }
}

/// A bit that all letters of ASCII have, and none of the bytes that end a name.
const LETTER: u64 = each(0x40);

/// Where the name ends that begins at `start`, and its key as it is written.
#[inline]
pub(super) fn name_at(bytes: &[u8], start: usize, of: Of) -> (usize, u64) {
    // Most names are shorter than eight bytes and have neither digits nor
    // hyphens.
    if let Some(eight) = bytes.get(start..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*eight);
        let len = (!word & LETTER).trailing_zeros() / 8;
        if (1..8).contains(&len) && of.ends_at((word >> (8 * len)) as u8) {
            let letters = word & !(u64::MAX << (8 * len));
            return (start + len as usize, add_letters(0, letters));
        }
    }
    long_name_at(bytes, start, of)
}

#[inline(never)]
fn long_name_at(bytes: &[u8], start: usize, of: Of) -> (usize, u64) {
    let (mut at, mut key) = (start, 0);
    loop {
        let word = word_at(bytes, at);
        let len = doubtful(word).trailing_zeros() / 8;
        let behind = u64::MAX.checked_shl(8 * len).unwrap_or(0);
        if len > 0 {
            key = add_letters(key, word & !behind);
        }
        at += len as usize;
        if len < 8 {
            break;
        }
    }
    match bytes.get(at) {
        Some(&byte) if !of.ends_at(byte) || at == start => by_letters(bytes, start, of),
        _ => (at, key),
    }
}

/// The same letter by letter. An attribute's name may begin with `=`.
#[cold]
fn by_letters(bytes: &[u8], start: usize, of: Of) -> (usize, u64) {
    let rest = bytes.get(start..).unwrap_or_default();
    let begun = usize::from(of == Of::Attribute && rest.first() == Some(&b'='));
    let len = rest.iter().skip(begun).position(|&b| of.ends_at(b)).map_or(rest.len(), |n| begun + n);
    (start + len, key_of(&rest[..len]))
}

/// Eight bytes, the first in the lowest place; zeros where there are no more.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().skip(at).rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

const fn each(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// Marks the top bit of the lowest byte that may end a name: white space and
/// what else is below it, `/`, and `<` to `?`. Marks above the lowest say
/// nothing.
#[inline]
fn doubtful(word: u64) -> u64 {
    // A byte's top bit is set by borrowing where the byte is below what is
    // taken from it.
    let spaces = word.wrapping_sub(each(b' ' + 1)) & !word;
    let slashes = zeros(word ^ each(b'/'));
    let closing = zeros((word & each(!3)) ^ each(b'<'));
    (spaces | slashes | closing) & each(0x80)
}

/// Marks the top bit of the lowest byte that is zero. Marks above the lowest say
/// nothing.
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(each(1)) & !word & each(0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_letters_at_a_time_are_as_one_by_one() {
        let plain = "aZ-_:@[`{09";
        let odd = "\x01\x0b !\"'<=>?/\t\n\x0c\u{7f}é\u{985}";
        let mut texts: Vec<String> = Vec::new();
        for len in 0..20 {
            for cycled in [plain, "class", "x-1"] {
                let name: String = cycled.chars().cycle().take(len).collect();
                texts.push(name.clone());
                for c in odd.chars() {
                    texts.extend([
                        format!("{name}{c}bC d"),
                        format!("{c}{name}{c}/>"),
                        format!("B{c}{name}"),
                    ]);
                }
            }
        }
        for text in texts.iter().flat_map(|text| [text.clone(), format!("{text} more text behind it")]) {
            for of in [Of::Tag, Of::Attribute] {
                let bytes = text.as_bytes();
                assert_eq!(name_at(bytes, 0, of), by_letters(bytes, 0, of), "{text:?}, {of:?}");
            }
        }
    }
}
