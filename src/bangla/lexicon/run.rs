//! Runs of letters as the lexicon compares them: one byte a letter, with all
//! that spelling habits vary folded away.

use crate::bangla::block::{LEAD, PLACES, place, place_of};

/// Longest run, in symbols, that is looked into; longer ones are no words.
const LONGEST: usize = 64;

pub(super) const HASANTA: u8 = fold_code(0x09CD);
pub(super) const VISARGA: u8 = fold_code(0x0983);
const RA: u8 = fold_code(0x09B0);
const NUKTA: u8 = fold_code(0x09BC);

/// The symbol of each letter by its place in the Bengali block; 0 for what is
/// no letter.
static SYMBOLS: [u8; PLACES] = {
    let mut table = [0; PLACES];
    let mut offset = 0;
    while offset < 0x80 {
        let code = 0x0980 + offset as u32;
        if is_letter(code) {
            table[place_of(offset)] = fold_code(code);
        }
        offset += 1;
    }
    table
};

/// The symbol of a Bengali letter by its code point.
const fn fold_code(code: u32) -> u8 {
    let folded = match code {
        0x09DC => 0x09A1, // ড় as ড
        0x09DD => 0x09A2, // ঢ় as ঢ
        0x09DF => 0x09AF, // য় as য
        0x09C0 => 0x09BF, // ী as ি
        0x09C2 => 0x09C1, // ূ as ু
        0x0988 => 0x0987, // ঈ as ই
        0x098A => 0x0989, // ঊ as উ
        0x09A3 => 0x09A8, // ণ as ন
        0x09B7 => 0x09B8, // ষ as স
        0x09F0 => 0x09B0, // Assamese ৰ as র
        other => other,
    };
    0x80 | (folded & 0x7F) as u8
}

/// Whether a character can be part of a Bengali word.
pub(crate) fn is_bengali_letter(c: char) -> bool {
    is_letter(u32::from(c))
}

const fn is_letter(code: u32) -> bool {
    matches!(code, 0x0981..=0x0983 | 0x0985..=0x09B9 | 0x09BC..=0x09CE | 0x09D7 | 0x09DC..=0x09E3
        | 0x09F0 | 0x09F1)
}

/// Whether a symbol hangs on the letter before it.
pub(super) fn hangs(symbol: u8) -> bool {
    matches!(symbol, 0x81..=0x83 | 0xBE..=0xCD | 0xD7)
}

/// A run of letters of one script, folded.
pub(crate) struct Run {
    symbols: [u8; LONGEST],
    pub(super) starts: [usize; LONGEST],
    pub(super) ends: [usize; LONGEST],
    len: usize,
    pub(super) too_long: bool,
}

impl Run {
    pub(crate) fn new() -> Self {
        Self { symbols: [0; LONGEST], starts: [0; LONGEST], ends: [0; LONGEST], len: 0, too_long: false }
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.too_long = false;
    }

    /// Adds a Bengali or ASCII letter that stands at the given bytes.
    pub(crate) fn push(&mut self, c: char, start: usize, end: usize) {
        let code = u32::from(c);
        let symbol = if c.is_ascii() { code.to_le_bytes()[0].to_ascii_lowercase() } else { fold_code(code) };
        self.push_symbol(symbol, start, end);
    }

    /// Adds the Bengali letters that a text has at `start`, and returns where
    /// they end.
    pub(crate) fn push_bengali(&mut self, text: &str, start: usize) -> usize {
        let mut rest = &text.as_bytes()[start..];
        while let [LEAD, second, third, tail @ ..] = rest
            && let Some(&symbol @ 1..) = SYMBOLS.get(place(*second, *third))
        {
            let at = text.len() - rest.len();
            self.push_symbol(symbol, at, at + 3);
            rest = tail;
        }
        text.len() - rest.len()
    }

    #[inline]
    fn push_symbol(&mut self, symbol: u8, start: usize, end: usize) {
        if (symbol == NUKTA || hangs(symbol)) && self.merge(symbol, end) {
            return;
        }
        if self.len == LONGEST {
            self.too_long = true;
            return;
        }
        self.symbols[self.len] = symbol;
        self.starts[self.len] = start;
        self.ends[self.len] = end;
        self.len += 1;
    }

    /// Makes one symbol of the last one and a sign behind it that changes it,
    /// or says nothing more.
    fn merge(&mut self, sign: u8, end: usize) -> bool {
        let Some(at) = self.len.checked_sub(1) else { return false };
        let last = self.symbols[at];
        self.symbols[at] = match (last, sign) {
            // A dot below is dropped, except where it makes ব a র.
            (0xAC, NUKTA) => RA,
            (_, NUKTA) => last,
            // Vowels typed in two strokes.
            (0xC7, 0xBE) => 0xCB,
            (0xC7, 0xD7) => 0xCC,
            (0x85, 0xBE) => 0x86,
            // The same sign typed twice.
            _ if last == sign => last,
            _ => return false,
        };
        self.ends[at] = end;
        true
    }

    pub(super) fn symbols(&self) -> &[u8] {
        &self.symbols[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_pushed_the_same_by_either_way() {
        let letters: Vec<char> = ('\u{980}'..='\u{9ff}').filter(|&c| is_bengali_letter(c)).collect();
        for &first in &letters {
            for &second in &letters {
                let text = format!("ক{first}{second}{second} ক");
                let mut chars = Run::new();
                for (at, c) in text.char_indices().take(4) {
                    chars.push(c, at, at + 3);
                }
                let mut bytes = Run::new();
                assert_eq!(bytes.push_bengali(&text, 0), 12);
                assert_eq!(
                    (bytes.symbols(), bytes.starts, bytes.ends),
                    (chars.symbols(), chars.starts, chars.ends)
                );
            }
        }
    }
}
