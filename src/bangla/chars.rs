//! What the standard library knows of characters, answered from a small table
//! for those that fill a Bengali page: for Bengali its own look-up is long.

/// The same as [`char::is_alphabetic`].
#[inline]
pub(crate) fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphabetic(),
        '\u{80}'..='\u{ff}' => LATIN_1 >> (u32::from(c) & 0x7f) & 1 == 1,
        '\u{980}'..='\u{9ff}' => LETTERS >> (u32::from(c) & 0x7f) & 1 == 1,
        // the danda and general punctuation
        '\u{964}' | '\u{965}' | '\u{2000}'..='\u{206f}' => false,
        _ => c.is_alphabetic(),
    }
}

/// The same as [`char::is_alphanumeric`].
#[inline]
pub(crate) fn is_letter_or_number(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{980}'..='\u{9ff}' => (LETTERS | NUMBERS) >> (u32::from(c) & 0x7f) & 1 == 1,
        '\u{964}' | '\u{965}' | '\u{2000}'..='\u{206f}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// A bit for each letter of the half of Latin-1 that is not ASCII: ª µ º and
/// all with accents.
const LATIN_1: u128 =
    bits(&[(0x2a, 0x2a), (0x35, 0x35), (0x3a, 0x3a), (0x40, 0x56), (0x58, 0x76), (0x78, 0x7f)]);

/// A bit for each letter of the Bengali block. Vowel signs count as letters,
/// hasanta and nukta do not.
const LETTERS: u128 = bits(&[
    (0x00, 0x03),
    (0x05, 0x0c),
    (0x0f, 0x10),
    (0x13, 0x28),
    (0x2a, 0x30),
    (0x32, 0x32),
    (0x36, 0x39),
    (0x3d, 0x44),
    (0x47, 0x48),
    (0x4b, 0x4c),
    (0x4e, 0x4e),
    (0x57, 0x57),
    (0x5c, 0x5d),
    (0x5f, 0x63),
    (0x70, 0x71),
    (0x7c, 0x7c),
]);

/// Digits and numerators of the block.
const NUMBERS: u128 = bits(&[(0x66, 0x6f), (0x74, 0x79)]);

const fn bits(ranges: &[(u32, u32)]) -> u128 {
    let mut bits = 0;
    let mut at = 0;
    while at < ranges.len() {
        let (mut offset, last) = ranges[at];
        while offset <= last {
            bits |= 1 << offset;
            offset += 1;
        }
        at += 1;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_the_standard_library_s() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_letter_or_number(c), c.is_alphanumeric(), "{c:?}");
        }
    }
}
