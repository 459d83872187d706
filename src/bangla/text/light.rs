//! What nearly every line of a press page needs and nothing else: য়, ড় and ঢ়
//! in two code points, one space for any white space, joiners only where they
//! count. One pass over the bytes does that, copies nothing where nothing
//! changes, and notes on its way what the other stages would act on; whatever
//! else a text has is for [`signs`], which does the same by the character.

use std::iter;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::neighbours::{self, Kind, LETTERS};
use super::signs;
use crate::bangla::bijoy;
use crate::bangla::block::{LEAD, PLACES, place};

/// What a text has that other stages act on. A false alarm costs time, never
/// correctness.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found(u8);

impl Found {
    const AMPERSAND: u8 = 1;
    /// ASCII letters, or signs and letters of Latin-1.
    const LATIN: u8 = 2;
    /// What speaks for a word being Bijoy.
    const STROKE: u8 = 4;
    /// à, â, ð or Ã, with which damaged Bengali letters begin.
    const DAMAGE: u8 = 8;
    /// A bar behind a Bengali letter.
    const BAR: u8 = 16;

    /// A character reference is possible.
    pub(super) fn ampersand(self) -> bool {
        self.0 & Self::AMPERSAND != 0
    }

    /// Mojibake is possible.
    pub(super) fn mojibake(self) -> bool {
        self.0 & Self::DAMAGE != 0
    }

    /// A stretch of Bijoy is possible.
    pub(super) fn bijoy(self) -> bool {
        self.0 & (Self::LATIN | Self::STROKE) == Self::LATIN | Self::STROKE
    }

    /// A bar may stand for a danda.
    pub(super) fn bar(self) -> bool {
        self.0 & Self::BAR != 0
    }

    /// All that a text may have of which the light way knows nothing.
    fn unknown(text: &str) -> Self {
        let latin = text.bytes().any(|b| b.is_ascii_alphabetic() || matches!(b, 0xc2 | 0xc3));
        Self(!Self::LATIN | if latin { Self::LATIN } else { 0 })
    }
}

/// What the pass came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tidied {
    /// The text is tidy.
    Already,
    /// What [`signs::tidy`] makes of the text.
    Anew(String),
    /// The text needs more than is done here.
    Declined,
}

/// Tidies a text, and says what else it may need.
pub(super) fn tidy(text: &str) -> (Tidied, Found) {
    let mut pass = Pass { text, done: String::new(), kept: 0, before: Kind::SPACE, found: Found(0) };
    match pass.run() {
        Some(()) => pass.finish(),
        None => (Tidied::Declined, Found::unknown(text)),
    }
}

/// What an ASCII character asks for: the notes of [`Found`] that it makes, and
/// whether it is one of those that the pass looks into.
static ASCII: [u8; 0x80] = {
    let mut table = [0; 0x80];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = match byte {
            0..=0x20 | b'|' | 0x7f => LOOK,
            b'&' => Found::AMPERSAND,
            _ => {
                let latin = if byte.is_ascii_alphabetic() { Found::LATIN } else { 0 };
                latin | if bijoy::is_stroke(byte) { Found::STROKE } else { 0 }
            }
        };
        byte += 1;
    }
    table
};

const LOOK: u8 = 0x80;

struct Pass<'a> {
    text: &'a str,
    /// The tidied text but for the stretch that is still to be copied.
    done: String,
    /// Where that stretch begins.
    kept: usize,
    /// The last character that shows.
    before: Kind,
    found: Found,
}

impl Pass<'_> {
    /// `None` where the text needs more than is done here.
    fn run(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                LEAD | b' ' => self.words(at)?,
                0..0x80 => {
                    let asked = ASCII[usize::from(byte)];
                    if asked == LOOK {
                        self.ascii(byte, at)?
                    } else {
                        self.found.0 |= asked;
                        self.shows(at + 1)
                    }
                }
                0xe2 if bytes[at + 1] == 0x80 => self.punctuation(at)?,
                0xc2 | 0xc3 => self.latin(at)?,
                0xef if bytes[at + 1..].starts_with(&[0xbb, 0xbf]) => self.hidden(at)?,
                _ => self.foreign(at)?,
            };
        }
        Some(())
    }

    fn finish(mut self) -> (Tidied, Found) {
        let trailing = self.before == Kind::SPACE && !self.text.is_empty();
        if self.kept == 0 && self.done.is_empty() && !trailing {
            return (Tidied::Already, self.found);
        }
        self.flush(self.text.len());
        if trailing && self.done.ends_with(' ') {
            self.done.pop();
        }
        (Tidied::Anew(self.done), self.found)
    }

    /// A character beyond Bengali that stays as it is, and ends at `end`.
    #[inline]
    fn shows(&mut self, end: usize) -> usize {
        self.before = Kind::OUTSIDE;
        end
    }

    /// A stretch of Bengali words up to the first character that is to be
    /// changed or is no Bengali; such a character where there is none before.
    #[inline]
    fn words(&mut self, at: usize) -> Option<usize> {
        let (length, before) = tidy_stretch(&self.text.as_bytes()[at..], self.before);
        if length == 0 {
            return self.one(at);
        }
        self.before = before;
        Some(at + length)
    }

    /// A space too many, a letter that is to be changed or of a neighbouring
    /// block.
    fn one(&mut self, at: usize) -> Option<usize> {
        let instead = match self.text.as_bytes()[at..] {
            [b' ', ..] => return Some(self.white(at, at + 1)),
            [LEAD, 0xa7, 0x9c, ..] => "ড\u{9bc}",
            [LEAD, 0xa7, 0x9d, ..] => "ঢ\u{9bc}",
            [LEAD, 0xa7, 0x9f, ..] => "য\u{9bc}",
            [LEAD, 0xa7, 0xb7, ..] => "।",
            // the danda and double danda that Bengali borrows
            [LEAD, 0xa5, 0xa4 | 0xa5, ..] => return Some(self.shows(at + 3)),
            // a mark that NFC may move, and ে, which it may join to the next
            [LEAD, 0xa7, 0xbe | 0x87, ..] => return None,
            // before a hasanta it puts the nukta
            [LEAD, 0xa6, 0xbc, ..] if self.before == Kind::HASANTA => return None,
            [LEAD, second, third, ..] if place(second, third) < PLACES => return self.sign(at),
            _ => return self.foreign(at),
        };
        self.drop(at, at + 3);
        self.done.push_str(instead);
        self.before = if instead == "।" { Kind::OUTSIDE } else { Kind::PLAIN };
        Some(at + 3)
    }

    /// A sign that what stands before it changes.
    fn sign(&mut self, at: usize) -> Option<usize> {
        let c = self.text[at..].chars().next()?;
        self.drop(at, at + 3);
        signs::put(c, &mut self.done);
        // joined to the sign before it, it may say what stands before both
        let mut back = self.done.chars().rev();
        let last = back.next()?;
        let before = back.next().map_or(Kind::SPACE, Kind::of);
        self.before = Kind::of(last);
        (!neighbours::needs_a_repair(last, before)).then_some(at + 3)
    }

    fn ascii(&mut self, byte: u8, at: usize) -> Option<usize> {
        match byte {
            b'\t'..=b'\r' => Some(self.white(at, at + 1)),
            b'|' => {
                if self.before.is_bengali() {
                    self.found.0 |= Found::BAR;
                }
                Some(self.shows(at + 1))
            }
            _ => None,
        }
    }

    /// U+2000 to U+203F.
    fn punctuation(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match bytes[at + 2] {
            0x80..=0x8a | 0xa8 | 0xa9 | 0xaf => return Some(self.white(at, at + 3)),
            0x8b..=0x8f | 0xaa..=0xae => return self.hidden(at),
            // “ and ” inside a word without Bengali letters
            0x9c | 0x9d => {
                let ends = bytes.get(at + 3).is_none_or(|&next| next == b' ' || next == LEAD);
                if self.before == Kind::OUTSIDE && !ends {
                    self.found.0 |= Found::STROKE;
                }
            }
            // ‚ „ † ‡ • ‰ ›
            0x9a | 0x9e | 0xa0..=0xa2 | 0xb0 | 0xba => self.found.0 |= Found::STROKE,
            _ => {}
        }
        Some(self.shows(at + 3))
    }

    /// U+0080 to U+00FF.
    fn latin(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        self.found.0 |= Found::LATIN;
        match (bytes[at], bytes[at + 1]) {
            (0xc2, 0xa0) => return Some(self.white(at, at + 2)),
            (0xc2, 0xad) => return self.hidden(at),
            // what a decoder for Latin-1 made of a windows-1252 byte
            (0xc2, ..0xa0) => return None,
            (0xc3, 0x83 | 0xa0 | 0xa2 | 0xb0) => self.found.0 |= Found::STROKE | Found::DAMAGE,
            _ => self.found.0 |= Found::STROKE,
        }
        Some(self.shows(at + 2))
    }

    /// Any other character, if it stays as it is whatever stands beside it.
    #[cold]
    fn foreign(&mut self, at: usize) -> Option<usize> {
        let c = self.text[at..].chars().next()?;
        let joins = canonical_combining_class(c) != 0 || is_nfc_quick(iter::once(c)) != IsNormalized::Yes;
        if joins || signs::is_invisible(c) {
            return None;
        }
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            return Some(self.white(at, end));
        }
        if bijoy::has_glyph(c) {
            self.found.0 |= Found::STROKE;
        }
        Some(self.shows(end))
    }

    /// White space other than a space.
    fn white(&mut self, at: usize, end: usize) -> usize {
        self.drop(at, end);
        if self.before != Kind::SPACE {
            self.done.push(' ');
        }
        self.before = Kind::SPACE;
        end
    }

    /// Joiners and what does not show. A joiner is kept only directly beside
    /// a hasanta, and not behind a space.
    fn hidden(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut end = at;
        let mut joiners: Option<(usize, usize)> = None;
        loop {
            end += match bytes[end..] {
                [0xe2, 0x80, 0x8c | 0x8d, ..] => {
                    joiners = Some((joiners.map_or(end, |(first, _)| first), end));
                    3
                }
                [0xe2, 0x80, 0x8b..=0x8f | 0xaa..=0xae, ..] | [0xef, 0xbb, 0xbf, ..] => 3,
                [0xc2, 0xad, ..] => {
                    self.found.0 |= Found::LATIN;
                    2
                }
                _ => break,
            }
        }
        self.drop(at, end);
        let Some((first, last)) = joiners.filter(|_| at == 0 || self.before != Kind::SPACE) else {
            return Some(end);
        };
        let kept = if self.before == Kind::HASANTA {
            // ত্ with a joiner is the old spelling of ৎ
            if self.done.ends_with("ত্") {
                return None;
            }
            first
        } else if bytes[end..].starts_with("্".as_bytes()) {
            last
        } else {
            return Some(end);
        };
        self.done.push_str(&self.text[kept..kept + 3]);
        self.before = Kind::OUTSIDE;
        Some(end)
    }

    /// Leaves out what stands from `at` to `end`.
    fn drop(&mut self, at: usize, end: usize) {
        self.flush(at);
        self.kept = end;
    }

    /// Copies what is to be kept before `at`.
    fn flush(&mut self, at: usize) {
        if self.done.capacity() == 0 {
            // room for each য় to grow by three bytes
            self.done.reserve(self.text.len() + self.text.len() / 8 + 16);
        }
        self.done.push_str(&self.text[self.kept..at]);
    }
}

/// The length of the Bengali words at the start of a text, one space between
/// them, that are as they should be behind a character of the kind `before`;
/// and the kind of the last one.
fn tidy_stretch(bytes: &[u8], mut before: Kind) -> (usize, Kind) {
    let mut rest = bytes;
    loop {
        match rest {
            [LEAD, second, third, tail @ ..] => {
                let Some(&letter) = LETTERS.get(place(*second, *third)) else { break };
                if letter.needs_a_repair(before) {
                    break;
                }
                before = letter.kind;
                rest = tail;
            }
            [b' ', tail @ ..] if before != Kind::SPACE => {
                before = Kind::SPACE;
                rest = tail;
            }
            _ => break,
        }
    }
    (bytes.len() - rest.len(), before)
}

#[cfg(test)]
mod tests {
    use super::super::signs;
    use super::{Found, Tidied, tidy};

    #[test]
    fn clean_text_asks_for_nothing() {
        for text in ["", "নদী", "আজ বৃষ্টি হবে, ‘বলেছে’ তারা — ১২টায়।", "২০২৪: (৫%)", "“ক” ₹ 😀 म"]
        {
            let text = text.replace('\u{9df}', "য\u{9bc}");
            assert_eq!(tidy(&text), (Tidied::Already, Found::default()), "{text}");
        }
    }

    #[test]
    fn alarms() {
        assert!(tidy("a&b").1.ampersand());
        assert!(tidy("à").1.mojibake());
        assert!(tidy("à\u{301}").1.mojibake());
        for text in ["av", "é", "Ges", "a‡", "a”b", "aš"] {
            assert!(tidy(text).1.bijoy(), "{text}");
        }
        for text in ["a", "“a”", "“কে”a", "‡"] {
            assert!(!tidy(text).1.bijoy(), "{text}");
        }
        assert!(tidy("ক|").1.bar() && tidy("ক\u{200c}|").1.bar() && !tidy("a|").1.bar());
        for text in [
            " ",
            "ক ",
            " ক",
            "ক  খ",
            "ক\nখ",
            "\u{9df}",
            "ক৷",
            "অ\u{9be}",
            "ক\u{200b}",
            "ক\u{a0}খ",
            "e\u{301}",
        ] {
            assert_ne!(tidy(text).0, Tidied::Already, "{text:?}");
        }
    }

    #[test]
    fn does_what_the_whole_pass_does_or_declines() {
        let pieces = [
            "ক", "ত", "\u{9cd}", "\u{9bc}", "\u{9df}", "\u{9dc}", "\u{9be}", "\u{9c7}", "অ", "ৎ", "ব", " ",
            "\n", "\u{a0}", "\u{200c}", "\u{200d}", "\u{200b}", "\u{feff}", "a", "|", "।", "৷", "—",
            "\u{ad}", "é", "১", "\u{981}", "১", "ন", "«", "→", "\u{20d0}", "✓", "😀", "\u{fe0f}", "₹",
            "\u{2003}", "\u{202a}", "\u{2028}", "\u{3000}", "म", "\u{94d}", "š", "\u{2009}", "각",
        ];
        let mut accepted = 0;
        let mut seed = 1_u64;
        for _ in 0..60_000 {
            let mut text = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            let whole = signs::tidy(&text);
            match tidy(&text).0 {
                Tidied::Declined => continue,
                Tidied::Already => assert_eq!(text, whole),
                Tidied::Anew(done) => assert_eq!(done, whole, "{text:?}"),
            }
            accepted += 1;
        }
        assert!(accepted > 1_000, "{accepted}");
    }
}
