//! Finding Bijoy inside other text. To a program it is Latin text, so the
//! question is asked word by word and answered for a run of words: a wrong
//! yes destroys English, French or code, a wrong no only leaves a line as
//! unreadable as it came.

use std::borrow::Cow;
use std::ops::Range;

use super::evidence::{Evidence, is_stroke, is_suspect, weigh};
use super::syllable::Converter;
use crate::bangla::block::LEAD;
use crate::bangla::chars::is_letter;

/// What a word can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Bijoy by its own looks.
    Bijoy(Evidence),
    /// Could be either: figures, punctuation, words of a few letters.
    Either { letters: bool },
    /// Latin by its looks, but a likely word when read as
    /// Bijoy: goes with the company it keeps.
    Chameleon,
    /// Latin by its looks, or not Bengali when read as Bijoy.
    Latin,
    /// Another script, an address, markup: no run crosses it.
    Wall,
}

/// A word of the text, white space not counted.
struct Word<'t> {
    text: &'t str,
    class: Class,
    /// Where among the [`Readings`] it stands as read as Bijoy; nowhere where
    /// only a part of it had to be read.
    reading: Option<Range<usize>>,
}

/// The words as read as Bijoy, one behind the other.
#[derive(Default)]
struct Readings {
    converter: Converter,
    text: String,
}

impl Readings {
    fn read(&mut self, word: &str) -> Range<usize> {
        let start = self.text.len();
        self.converter.convert_onto(word, &mut self.text);
        start..self.text.len()
    }
}

/// Between two Bijoy words a run may hold a Latin name, not a phrase.
const LATIN_IN_A_ROW: usize = 2;
/// And no more undecided words at a time than this.
const EITHER_IN_A_ROW: usize = 4;

/// Converts the stretches of `text` that are Bijoy and leaves all else as it
/// is; `None` where there is none. A stretch is converted only where its
/// words together leave no doubt, so a Bijoy word alone among others usually
/// stays. What was converted is no Latin text any more, and a second call
/// finds nothing.
///
/// ```
/// use khobor::bangla::bijoy::convert_runs;
/// let text = "Caption: b`xi Zx‡i †gjv e‡m‡Q|";
/// assert_eq!(convert_runs(text).as_deref(), Some("Caption: নদীর তীরে মেলা বসেছে।"));
/// assert_eq!(convert_runs("Le cœur de l'été, © 2024"), None);
/// ```
pub fn convert_runs(text: &str) -> Option<String> {
    let mut current = Cow::Borrowed(text);
    // The words around a run are judged without it afterwards; repeating
    // until nothing is left to find makes the result final.
    while let Some(next) = convert_once(&current) {
        current = Cow::Owned(next);
    }
    match current {
        Cow::Owned(text) => Some(text),
        Cow::Borrowed(_) => None,
    }
}

fn convert_once(text: &str) -> Option<String> {
    if !has_suspect(text) {
        return None;
    }
    let mut readings = Readings { text: String::with_capacity(text.len() * 2), ..Readings::default() };
    let words: Vec<Word<'_>> =
        text.split(char::is_whitespace).map(|word| classify(word, &mut readings)).collect();
    if !words.iter().any(|word| matches!(word.class, Class::Bijoy(_))) {
        return None;
    }
    let line = Tally::of(&words);
    let mut chosen = vec![false; words.len()];
    let mut any = false;
    for run in runs(&words) {
        let here = Tally::of(&words[run.clone()]);
        if here.is_convincing(&line) {
            let dense = here.is_dense(&line);
            for at in extended(&words, run, dense) {
                chosen[at] = belongs(words[at].class, dense);
            }
            any = true;
        }
    }
    any.then(|| rebuild(text, &words, &chosen, readings)).filter(|next| next != text)
}

/// Whether a word of the text may be [`Class::Bijoy`]: a first look that ends
/// nearly every text, and looks into the few words only that have a
/// character which ever speaks for it.
fn has_suspect(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            LEAD => 3,
            0..0x80 if !is_stroke(byte) => 1,
            // ‚ “ ” „ † ‡ • ‰ › ™ and none other of general punctuation and signs
            0xe2 if !matches!(bytes[at + 1..], [0x80, 0x9a | 0x9c..=0x9e | 0xa0..=0xa2 | 0xb0 | 0xba, ..] | [0x84, ..]) => {
                3
            }
            // the rest of a character, or one that no font of Bijoy has
            0x80..0xc2 | 0xe1 | 0xe3.. => 1,
            _ => {
                let end = text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length);
                let word = text[..end].rsplit(char::is_whitespace).next().unwrap_or_default();
                if !word.as_bytes().contains(&LEAD) && is_suspect(core(word)) {
                    return true;
                }
                // white space beyond ASCII comes here too
                (end - at).max(1)
            }
        }
    }
    false
}

/// Whether a word inside a run is converted with it.
fn belongs(class: Class, dense: bool) -> bool {
    match class {
        Class::Bijoy(_) | Class::Either { .. } => true,
        Class::Chameleon => dense,
        Class::Latin | Class::Wall => false,
    }
}

fn rebuild(text: &str, words: &[Word<'_>], chosen: &[bool], readings: Readings) -> String {
    let Readings { mut converter, text: read } = readings;
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    for (word, chosen) in words.iter().zip(chosen) {
        match &word.reading {
            _ if !chosen => out.push_str(word.text),
            Some(reading) => out.push_str(&read[reading.clone()]),
            None => converter.convert_onto(word.text, &mut out),
        }
        rest = &rest[word.text.len()..];
        if let Some(space) = rest.chars().next() {
            out.push(space);
            rest = &rest[space.len_utf8()..];
        }
    }
    out
}

fn classify<'t>(word: &'t str, readings: &mut Readings) -> Word<'t> {
    let not_read = |class| Word { text: word, class, reading: None };
    if is_barrier(word) {
        return not_read(Class::Wall);
    }
    let core = core(word);
    if core.chars().all(|c| c.is_ascii_digit() || is_shell(c)) {
        return not_read(Class::Either { letters: false });
    }
    let reading = readings.read(core);
    let evidence = weigh(core, &readings.text[reading.clone()]);
    let class = if evidence.readable { readable(core, evidence) } else { Class::Latin };
    Word { text: word, class, reading: (core.len() == word.len()).then_some(reading) }
}

/// What a word is that makes a Bengali word when read as Bijoy.
fn readable(core: &str, evidence: Evidence) -> Class {
    let technical = || core.bytes().any(|byte| matches!(byte, b'/' | b'.' | b':' | b'0'..=b'9'));
    if evidence.special > 0 || evidence.hard > 0 && !technical() {
        return Class::Bijoy(evidence);
    }
    let letters = core.chars().filter(|&c| is_letter(c)).count();
    let shouted = letters >= 3 && core.chars().all(|c| c.is_ascii_uppercase() || is_shell(c));
    if (evidence.signs || evidence.soft > 0) && !shouted && !technical() {
        Class::Chameleon
    } else if letters > 3 && evidence.soft < 2 || shouted {
        Class::Latin
    } else {
        Class::Either { letters: true }
    }
}

/// Whether no run crosses a word: another script, an address, code.
fn is_barrier(word: &str) -> bool {
    let mut marked = word.starts_with("www.");
    for c in word.chars() {
        if is_wall(c) {
            return true;
        }
        // without one of these there is neither an address nor code
        marked |= matches!(c, ':' | '`' | '%' | 'Ã' | 'Â');
    }
    marked && (word.starts_with("www.") || word.contains("://") || is_code(word))
}

/// The word without the punctuation around it, but with the glyphs that a
/// half form needs behind it.
fn core(word: &str) -> &str {
    let word = word.trim_start_matches(|c| is_shell(c) || c == '¿');
    let bare = word.trim_end_matches(is_shell);
    match word[bare.len()..].chars().next() {
        Some(c @ ('—' | '’' | '‘')) if bare.ends_with(['š', '¯', '®']) => {
            &word[..bare.len() + c.len_utf8()]
        }
        _ => bare,
    }
}

/// Quoting and formats of program text, and Latin text with the mojibake of
/// Latin letters, whose `Ã` and `Â` stand before signs as ঞ্ছ and ঞ্চ never do.
fn is_code(word: &str) -> bool {
    let core = word.trim_matches(is_shell);
    let quoted = core.len() > 1
        && (core.starts_with('`') && (core.ends_with('`') || core.ends_with("`s") || word.contains('\''))
            || core.starts_with("``")
            || core.ends_with("`_"));
    let format = word.split('%').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let damaged =
        word.split(['Ã', 'Â']).skip(1).any(|rest| rest.starts_with(|c| ('\u{80}'..='\u{bf}').contains(&c)));
    quoted || format || damaged
}

/// Characters that no Bijoy word has: other scripts, and the signs of
/// addresses, markup and code.
fn is_wall(c: char) -> bool {
    match c {
        '@' | '<' | '>' | '=' | '{' | '}' | '\\' | '#' | '*' | '+' => true,
        '\0'..='\u{ff}' => false,
        _ => super::glyphs::glyph(c).is_none(),
    }
}

/// Punctuation around a word that both texts share.
fn is_shell(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => matches!(
            c,
            '(' | ')' | '[' | ']' | '"' | '\'' | ',' | '.' | ';' | ':' | '!' | '?' | '/' | '-' | '%' | '|'
        ),
        _ => matches!(c, '‘' | '’' | '“' | '”' | '…' | '–' | '—' | '•' | '«' | '»' | '\u{a0}'),
    }
}

/// The stretches from one Bijoy word to another that nothing separates.
fn runs(words: &[Word<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let (mut latin, mut either) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        match word.class {
            Class::Bijoy(_) => {
                let start = open.map_or(at, |run| run.start);
                open = Some(start..at + 1);
                (latin, either) = (0, 0);
                continue;
            }
            Class::Either { .. } | Class::Chameleon => either += 1,
            Class::Latin => latin += 1,
            Class::Wall => latin = usize::MAX,
        }
        if latin > LATIN_IN_A_ROW || either > EITHER_IN_A_ROW {
            found.extend(open.take());
            (latin, either) = (0, 0);
        }
    }
    found.extend(open);
    found
}

/// What the words of a stretch come to.
#[derive(Default)]
struct Tally {
    bijoy: u32,
    latin: u32,
    /// Undecided words, figures not counted.
    either: u32,
    special: u32,
    hard: u32,
    soft: u32,
    /// Bijoy words with a vowel stroke, and with a capital.
    strokes: u32,
    capitals: u32,
}

impl Tally {
    fn of(words: &[Word<'_>]) -> Self {
        let mut tally = Self::default();
        for word in words {
            match word.class {
                Class::Bijoy(evidence) => {
                    tally.bijoy += 1;
                    tally.special += evidence.special;
                    tally.hard += evidence.hard;
                    tally.soft += evidence.soft;
                    tally.strokes += u32::from(evidence.strokes > 0);
                    tally.capitals += u32::from(word.text.bytes().any(|byte| byte.is_ascii_uppercase()));
                }
                Class::Either { letters } => tally.either += u32::from(letters),
                Class::Chameleon => tally.either += 1,
                Class::Latin | Class::Wall => tally.latin += 1,
            }
        }
        tally
    }

    /// Bijoy beyond doubt, so that it decides for the words that could be
    /// English too.
    fn is_dense(&self, line: &Self) -> bool {
        let alone = line.latin == 0 && self.bijoy >= 2;
        self.special > 0 && (alone || self.bijoy >= 3 && self.bijoy >= self.latin * 3)
    }

    /// Whether a run's words together leave no doubt.
    fn is_convincing(&self, line: &Self) -> bool {
        if self.special == 0 {
            // ASCII alone: at least three such words, and next to no others in
            // the line. Lists of identifiers can look like it, but for capitals.
            return self.strokes >= 3
                && self.hard >= 5
                && self.capitals * 3 >= self.bijoy
                && self.bijoy >= 2 * line.latin + line.either;
        }
        let score = self.special + self.hard + self.soft;
        if self.bijoy == 1 {
            return score >= if line.latin == 0 { 5 } else { 6 };
        }
        score >= 5
            && self.hard + self.special >= 4
            && self.bijoy >= self.latin
            && self.bijoy * 2 >= self.either
    }
}

/// The run with the undecided words at either end, where these reach to the
/// end of the line or to a wall: what else should they be.
fn extended(words: &[Word<'_>], run: Range<usize>, dense: bool) -> Range<usize> {
    let undecided = |at: usize| belongs(words[at].class, dense);
    let is_end =
        |at: Option<usize>| at.and_then(|at| words.get(at)).is_none_or(|word| word.class == Class::Wall);
    let (mut start, mut end) = (run.start, run.end);
    while start > 0 && undecided(start - 1) {
        start -= 1;
    }
    while end < words.len() && undecided(end) {
        end += 1;
    }
    let start = if is_end(start.checked_sub(1)) { start } else { run.start };
    let end = if is_end(Some(end)) { end } else { run.end };
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(word: &str) -> &'static str {
        match classify(word, &mut Readings::default()).class {
            Class::Bijoy(_) => "bijoy",
            Class::Either { .. } => "either",
            Class::Chameleon => "chameleon",
            Class::Latin => "latin",
            Class::Wall => "wall",
        }
    }

    #[test]
    fn words_are_classed() {
        for (word, expected) in [
            ("†gjvq", "bijoy"),
            ("evsjv,", "bijoy"),
            ("wm×všÍ", "bijoy"),
            ("Z`š—", "bijoy"),
            ("cywjk", "chameleon"),
            ("mKj", "chameleon"),
            ("I", "either"),
            ("2012", "either"),
            ("|", "either"),
            ("minister", "latin"),
            ("Straße", "latin"),
            ("»Größe«,", "chameleon"),
            ("UNESCO", "latin"),
            ("https://e.bd/Kv‡K", "wall"),
            ("me@example.bd", "wall"),
            ("`kvK`", "wall"),
            ("%lld~Tag", "wall"),
            ("MÃ¼ller", "wall"),
            ("मेला", "wall"),
            ("মেলা", "wall"),
        ] {
            assert_eq!(class(word), expected, "{word}");
        }
    }

    #[test]
    fn spaces_between_words_stay() {
        assert_eq!(convert_runs(" b`xi  Zx‡i\t†gjv e‡m‡Q ").as_deref(), Some(" নদীর  তীরে\tমেলা বসেছে "));
    }
}
