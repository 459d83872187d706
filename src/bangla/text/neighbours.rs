//! Which characters of the Bengali block need a repair behind which others.

use crate::bangla::block::{PLACES, place_of};

/// What a character is to the one behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(u8);

impl Kind {
    /// Outside of the Bengali block.
    pub(super) const OUTSIDE: Self = Self(0);
    /// White space, or the start of the text.
    pub(super) const SPACE: Self = Self(1);
    /// In the block, and nothing to any character behind it.
    pub(super) const PLAIN: Self = Self(2);
    pub(super) const HASANTA: Self = kind(0x4d);

    /// The kind of a character that shows.
    pub(super) fn of(c: char) -> Self {
        match c {
            '\u{980}'..='\u{9ff}' => kind(offset(c)),
            ' ' => Self::SPACE,
            _ => Self::OUTSIDE,
        }
    }

    pub(super) fn is_bengali(self) -> bool {
        self.0 >= Self::PLAIN.0
    }
}

/// Consonants, on which a nukta may stand.
const CONSONANT: Kind = Kind(3);

/// The letters and signs, as offsets in the block, that may not stand before
/// some other: each is a kind of its own.
const TELLING: [u8; 26] = [
    0x01, 0x02, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0f, 0x10, 0x13, 0x14, 0x3e, 0x3f, 0x40, 0x41,
    0x42, 0x43, 0x44, 0x47, 0x48, 0x4b, 0x4c, 0x4d, 0x57,
];

const fn kind(offset: u8) -> Kind {
    let mut at = 0;
    while at < TELLING.len() {
        if TELLING[at] == offset {
            #[allow(clippy::cast_possible_truncation)] // 26 of them
            return Kind(4 + at as u8);
        }
        at += 1;
    }
    if is_plain_consonant(offset) { CONSONANT } else { Kind::PLAIN }
}

/// ব with a nukta is র, so it is not among them.
const fn is_plain_consonant(offset: u8) -> bool {
    matches!(offset, 0x15..=0x39) && offset != 0x2c
}

/// A character of the block.
#[derive(Clone, Copy)]
pub(super) struct Letter {
    pub(super) kind: Kind,
    /// A bit for each kind behind which the character needs a repair.
    untidy: u32,
}

impl Letter {
    #[inline]
    pub(super) fn needs_a_repair(self, before: Kind) -> bool {
        self.untidy >> before.0 & 1 == 1
    }
}

/// The whole block, by [`place`](crate::bangla::block::place).
pub(super) static LETTERS: [Letter; PLACES] = {
    let mut table = [Letter { kind: Kind::PLAIN, untidy: 0 }; PLACES];
    let mut now = 0;
    while now < 0x80 {
        let letter = &mut table[place_of(now)];
        letter.kind = kind(now);
        if is_untidy(None, now) {
            letter.untidy |= 1 << Kind::OUTSIDE.0 | 1 << Kind::SPACE.0;
        }
        let mut before = 0;
        while before < 0x80 {
            if is_untidy(Some(before), now) {
                letter.untidy |= 1 << kind(before).0;
            }
            before += 1;
        }
        now += 1;
    }
    table
};

/// Whether a character needs a repair behind one of a kind.
pub(super) fn needs_a_repair(c: char, before: Kind) -> bool {
    matches!(c, '\u{980}'..='\u{9ff}') && LETTERS[place_of(offset(c))].needs_a_repair(before)
}

/// How far behind U+0980 a character of the block stands.
fn offset(c: char) -> u8 {
    u32::from(c).to_le_bytes()[0] & 0x7f
}

/// Whether `now` behind `before` needs a repair, both as offsets in the block.
const fn is_untidy(before: Option<u8>, now: u8) -> bool {
    match now {
        // ড় ঢ় য় in one code point, ৷, a mark that NFC may move, and places
        // among the vowel signs where no sign is yet
        0x5c | 0x5d | 0x5f | 0x77 | 0x7e | 0x45 | 0x46 | 0x49 | 0x4a => return true,
        // nukta: fine on a consonant, but ব় is র
        0x3c => return !matches!(before, Some(before) if is_plain_consonant(before)),
        _ => {}
    }
    let Some(before) = before else { return false };
    match now {
        // আ and the signs composed of two
        0x3e => matches!(before, 0x05 | 0x06 | 0x3e | 0x47),
        0x57 => matches!(before, 0x47 | 0x57),
        // signs that say nothing more when they stand twice
        0x01 | 0x02 | 0x44 | 0x4d => before == now,
        // and vowels that have one already
        0x3f => matches!(before, 0x07 | 0x3f),
        0x40 => matches!(before, 0x08 | 0x40),
        0x41 => matches!(before, 0x09 | 0x41),
        0x42 => matches!(before, 0x0a | 0x42),
        0x43 => matches!(before, 0x0b | 0x43),
        0x47 => matches!(before, 0x0f | 0x47),
        0x48 => matches!(before, 0x10 | 0x48),
        0x4b => matches!(before, 0x13 | 0x4b),
        0x4c => matches!(before, 0x14 | 0x4c),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_tell_what_the_letters_tell() {
        for now in 0..0x80 {
            let letter = LETTERS[place_of(now)];
            assert_eq!(letter.needs_a_repair(Kind::OUTSIDE), is_untidy(None, now));
            for before in 0..0x80 {
                let told = letter.needs_a_repair(kind(before));
                assert_eq!(told, is_untidy(Some(before), now), "{now:x} behind {before:x}");
            }
        }
    }
}
