//! Runs of letters as the lexicon compares them: one byte a letter, with all
//! that spelling habits vary folded away.

/// Longest run, in symbols, that is looked into; longer ones are no words.
const LONGEST: usize = 64;

pub(super) const HASANTA: u8 = fold_code(0x09CD);
pub(super) const VISARGA: u8 = fold_code(0x0983);
const RA: u8 = fold_code(0x09B0);

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
    matches!(u32::from(c), 0x0981..=0x0983 | 0x0985..=0x09B9 | 0x09BC..=0x09CE | 0x09D7 | 0x09DC..=0x09E3
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
        let last = self.len.checked_sub(1).map(|at| self.symbols[at]);
        let merged = match (last, code) {
            (_, 0..0x80) => None,
            // A dot below is dropped, except where it makes ব a র.
            (Some(0xAC), 0x09BC) => Some(RA),
            (Some(last), 0x09BC) => Some(last),
            // Vowels typed in two strokes.
            (Some(0xC7), 0x09BE) => Some(0xCB),
            (Some(0xC7), 0x09D7) => Some(0xCC),
            (Some(0x85), 0x09BE) => Some(0x86),
            // The same sign typed twice.
            (Some(last), _) if hangs(last) && fold_code(code) == last => Some(last),
            _ => None,
        };
        if let (Some(symbol), Some(at)) = (merged, self.len.checked_sub(1)) {
            self.symbols[at] = symbol;
            self.ends[at] = end;
        } else if self.len == LONGEST {
            self.too_long = true;
        } else {
            self.symbols[self.len] =
                if c.is_ascii() { code.to_le_bytes()[0].to_ascii_lowercase() } else { fold_code(code) };
            self.starts[self.len] = start;
            self.ends[self.len] = end;
            self.len += 1;
        }
    }

    pub(super) fn symbols(&self) -> &[u8] {
        &self.symbols[..self.len]
    }
}
