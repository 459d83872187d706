//! Finds the words of `names` in running text, however they are typed.
//!
//! Words are compared by folded symbols: one byte a letter, with joiners,
//! dots under letters, vowel length and letter case folded away, so that one
//! table entry covers the spellings that differ in no more than that. A word
//! may be glued to others on the page (a label to a byline before it, a
//! weekday to a city); [`split`] takes such runs apart, and never finds a word
//! inside another by chance: a run is either known words from end to end, or
//! it ends in a label or a weekday.

mod run;
mod tree;

use super::names::{ENDINGS, Key, WORDS};
use run::{HASANTA, VISARGA, hangs};
pub(crate) use run::{Run, is_bengali_letter};
use std::sync::LazyLock;
use tree::Tree;

/// Most parts one run is split into.
const PARTS: usize = 4;

/// A piece of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Piece {
    Key(Key),
    /// A label or weekday that ends a longer, unknown word.
    Glued(Key),
    /// ঃ at the end of a word, where it stands for a colon or a full stop.
    Visarga,
    /// No known word.
    #[default]
    Unknown,
}

/// Takes a run apart and hands each piece with its bytes to `emit`. The whole
/// run is covered by the pieces, in order.
pub(crate) fn split(run: &Run, mut emit: impl FnMut(Piece, usize, usize)) {
    let symbols = run.symbols();
    let mut from = 0;
    while from < symbols.len() {
        if run.too_long {
            emit(Piece::Unknown, run.starts[from], run.ends[symbols.len() - 1]);
            return;
        }
        if symbols[from] == VISARGA {
            emit(Piece::Visarga, run.starts[from], run.ends[from]);
            from += 1;
            continue;
        }
        let mut parts = Parts::default();
        let stop = if let Some(stop) = known(symbols, from, None, &mut parts) {
            stop
        } else {
            glued(symbols, from, &mut parts)
        };
        for &(piece, start, end) in &parts.pieces[..parts.len] {
            emit(piece, run.starts[start], run.ends[end - 1]);
        }
        from = stop;
    }
}

/// The pieces found so far, with the symbols they cover.
#[derive(Default)]
struct Parts {
    pieces: [(Piece, usize, usize); PARTS + 1],
    len: usize,
}

impl Parts {
    fn push(&mut self, piece: Piece, from: usize, to: usize) -> bool {
        if self.len == self.pieces.len() {
            return false;
        }
        self.pieces[self.len] = (piece, from, to);
        self.len += 1;
        true
    }
}

/// Reads known words from `from` to the end of the run or to a ঃ and returns
/// where that is; `None`, with nothing added, where there is anything else.
fn known(symbols: &[u8], from: usize, before: Option<Key>, parts: &mut Parts) -> Option<usize> {
    let lexicon = &*LEXICON;
    let mut matches = [(0_usize, 0_u16); 6];
    let mut found = 0;
    lexicon.words.each_match(&symbols[from..], |length, value| {
        if found == matches.len() {
            matches.rotate_left(1);
            found -= 1;
        }
        matches[found] = (length, value);
        found += 1;
    });
    for &(length, value) in matches[..found].iter().rev() {
        let key = WORDS[usize::from(value)].1;
        if before.is_some_and(|before| !may_follow(before, key)) {
            continue;
        }
        let end = from + length;
        let stop = end + lexicon.ending(key, &symbols[end..]);
        if (stop == symbols.len() || symbols[stop] == VISARGA) && parts.push(Piece::Key(key), from, stop) {
            return Some(stop);
        }
        let mark = parts.len;
        if parts.push(Piece::Key(key), from, end) {
            if let Some(stop) = known(symbols, end, Some(key), parts) {
                return Some(stop);
            }
            parts.len = mark;
        }
    }
    None
}

/// Whether a word can be typed directly behind another.
fn may_follow(before: Key, key: Key) -> bool {
    match key {
        Key::Label(_) | Key::Weekday(_) => true,
        Key::Month(_) | Key::BanglaMonth(_) => !matches!(before, Key::MarkerLetter(_) | Key::MarkerM),
        Key::OClock => matches!(before, Key::Number(_) | Key::Halves(_)),
        Key::Ordinal => matches!(before, Key::Number(_)),
        Key::Unit(_) => matches!(before, Key::Number(_) | Key::Halves(_)),
        Key::Number(_) => matches!(before, Key::Fraction(_)),
        Key::Zone(_) => matches!(before, Key::AmPm(_)),
        Key::Part(_) => matches!(before, Key::Weekday(_) | Key::NightAfter | Key::Day(_)),
        Key::HijriSecond => matches!(before, Key::HijriMonth),
        _ => false,
    }
}

/// Looks for a label or weekday that ends an unknown word; returns where the
/// word ends.
fn glued(symbols: &[u8], from: usize, parts: &mut Parts) -> usize {
    let lexicon = &*LEXICON;
    let word_end =
        symbols[from..].iter().position(|&symbol| symbol == VISARGA).map_or(symbols.len(), |at| from + at);
    for start in from + 1..word_end {
        let symbol = symbols[start];
        if !lexicon.opens_glued[usize::from(symbol)] || hangs(symbol) || symbols[start - 1] == HASANTA {
            continue;
        }
        let mark = parts.len;
        parts.push(Piece::Unknown, from, start);
        if let Some(stop) = known(&symbols[..word_end], start, None, parts)
            && let (Piece::Key(key @ (Key::Label(_) | Key::Weekday(_))), first, end) = parts.pieces[mark + 1]
            && end - first > 3
        {
            parts.pieces[mark + 1].0 = Piece::Glued(key);
            return stop;
        }
        parts.len = mark;
    }
    parts.push(Piece::Unknown, from, word_end);
    word_end
}

/// The word table as a tree over symbols, with the endings beside it.
struct Lexicon {
    words: Tree,
    endings: Tree,
    /// Symbols with which a label or weekday begins.
    opens_glued: [bool; 256],
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon { words: Tree::new(), endings: Tree::new(), opens_glued: [false; 256] };
    let mut run = Run::new();
    for (value, (word, key)) in (0..).zip(WORDS) {
        let symbols = fold(word, &mut run);
        if matches!(key, Key::Label(_) | Key::Weekday(_)) {
            lexicon.opens_glued[usize::from(symbols[0])] = true;
        }
        lexicon.words.add(symbols, value);
    }
    for (value, word) in (0..).zip(ENDINGS) {
        lexicon.endings.add(fold(word, &mut run), value);
    }
    lexicon
});

/// The symbols of a table entry.
fn fold<'r>(word: &str, run: &'r mut Run) -> &'r [u8] {
    run.clear();
    for c in word.chars() {
        run.push(c, 0, 0);
    }
    run.symbols()
}

impl Lexicon {
    /// How many symbols after a keyword are a case ending of it.
    fn ending(&self, key: Key, rest: &[u8]) -> usize {
        let takes = match key {
            Key::Month(_)
            | Key::BanglaMonth(_)
            | Key::HijriMonth
            | Key::Weekday(_)
            | Key::Filler
            | Key::Part(_)
            | Key::Unit(_)
            | Key::OClock
            | Key::Ghatika
            | Key::Place(_)
            | Key::Era(_)
            | Key::Number(_) => true,
            _ => rest == [HASANTA],
        };
        if !takes || rest.first().is_none_or(|&first| first < 0x80) {
            return 0;
        }
        let word = rest.iter().position(|&symbol| symbol == VISARGA).unwrap_or(rest.len());
        let mut length = 0;
        self.endings.each_match(&rest[..word], |matched, _| {
            if matched == word {
                length = matched;
            }
        });
        length
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bangla::timestamp::Label;

    fn pieces(word: &str) -> Vec<(Piece, &str)> {
        let mut run = Run::new();
        let mut last = 0;
        for (at, c) in word.char_indices().filter(|(_, c)| !matches!(c, '\u{200C}' | '\u{200D}')) {
            last = at + c.len_utf8();
            run.push(c, at, last);
        }
        assert!(last <= word.len());
        let mut out = Vec::new();
        split(&run, |piece, start, end| out.push((piece, &word[start..end])));
        out
    }

    fn key(word: &str) -> Option<Key> {
        match pieces(word)[..] {
            [(Piece::Key(key), whole)] if whole == word => Some(key),
            _ => None,
        }
    }

    #[test]
    fn spellings_that_fold_together_mean_the_same() {
        let mut seen: Vec<(Vec<u8>, Key)> = Vec::new();
        for &(word, key) in WORDS {
            let folded = fold(word, &mut Run::new()).to_vec();
            if let Some((_, other)) = seen.iter().find(|(symbols, _)| *symbols == folded) {
                assert_eq!(*other, key, "{word} folds onto a word of another meaning");
            }
            seen.push((folded, key));
        }
    }

    #[test]
    fn every_word_is_found_whole() {
        for &(word, meaning) in WORDS.iter().filter(|(word, _)| !word.contains('ঃ')) {
            assert_eq!(key(word), Some(meaning), "{word}");
        }
    }

    #[test]
    fn encodings_joiners_and_case_do_not_count() {
        for word in ["ফেব্রুয়ারি", "ফেব্রুয়ারি", "ফেব্রুয়া\u{200C}রী", "ফেব্\u{200D}রুয়ারি", "FEBRUARY", "ফেব্রূয়ারী"]
        {
            assert_eq!(key(word), Some(Key::Month(2)), "{word}");
        }
        assert_eq!(key("আষাঢ"), Some(Key::BanglaMonth(3)));
        assert_eq!(key("অাগস্ট"), Some(Key::Month(8)));
        assert_eq!(key("সাে\u{09BE}মবার"), None);
        assert_eq!(key("সে\u{09BE}মবার"), Some(Key::Weekday(0)));
        assert_eq!(key("বব\u{09BC}িবাব\u{09BC}"), None);
        assert_eq!(key("ব\u{09BC}বিবাব\u{09BC}"), Some(Key::Weekday(6)));
        assert_eq!(key("এপ্রিল্"), Some(Key::Month(4)));
    }

    #[test]
    fn endings_belong_to_the_word() {
        assert_eq!(key("মার্চের"), Some(Key::Month(3)));
        assert_eq!(key("শনিবারের"), Some(Key::Weekday(5)));
        assert_eq!(key("মিনিটে"), Some(Key::Unit(crate::bangla::names::Unit::Minute)));
        assert_eq!(key("আজকের"), None);
        assert_eq!(key("মার্চেন্ট"), None);
        assert_eq!(key("বৈশাখী"), None);
        assert_eq!(key("পিপিএম"), None);
    }

    #[test]
    fn glued_words_come_apart() {
        assert_eq!(
            pieces("ডেস্কপ্রকাশিত"),
            [(Piece::Unknown, "ডেস্ক"), (Piece::Glued(Key::Label(Label::Publish)), "প্রকাশিত")]
        );
        assert_eq!(
            pieces("চট্টগ্রামবুধবার"),
            [(Piece::Unknown, "চট্টগ্রাম"), (Piece::Glued(Key::Weekday(2)), "বুধবার")]
        );
        assert_eq!(
            pieces("আপডেটঃবুধবার"),
            [
                (Piece::Key(Key::Label(Label::Update)), "আপডেট"),
                (Piece::Visarga, "ঃ"),
                (Piece::Key(Key::Weekday(2)), "বুধবার")
            ]
        );
        assert_eq!(pieces("দশটায়"), [(Piece::Key(Key::Number(10)), "দশ"), (Piece::Key(Key::OClock), "টায়")]);
        assert_eq!(pieces("ISTUpdated").len(), 2);
        assert_eq!(pieces("দুঃখ").len(), 3);
        assert_eq!(pieces("পরিবার"), [(Piece::Unknown, "পরিবার")]);
        assert_eq!(pieces("istanbul"), [(Piece::Unknown, "istanbul")]);
    }

    #[test]
    fn long_runs_stay_whole() {
        let long = "প্রকাশিত".repeat(1000);
        assert_eq!(pieces(&long).len(), 1);
        assert_eq!(pieces(&"ঃ".repeat(60)).len(), 1);
    }
}
