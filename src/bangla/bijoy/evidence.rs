//! How much one word looks like Bijoy. Two questions: does it make a Bengali
//! word when read as Bijoy, and does it hold what Latin text does not? The
//! second rests on what Bijoy does with the keyboard: `v` is আ-কার, one
//! letter in nine, and stands behind consonants; `w` opens words; signs such
//! as `‡`, `¨`, `©`, `¶` stand between letters.

use super::glyphs::{Glyph, glyph};
use crate::bangla::chars::{is_letter, is_letter_or_number};

/// What speaks for a word being Bijoy.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Evidence {
    /// It makes a Bengali word.
    pub(super) readable: bool,
    /// That word has a vowel sign or a conjunct, or begins with আ.
    pub(super) signs: bool,
    /// Signs in places where no Latin text has them.
    pub(super) special: u32,
    /// ASCII letters in an order that no Latin text has.
    pub(super) hard: u32,
    /// The part of `hard` that `v` and `w` have, without which there is no
    /// Bijoy text of any length.
    pub(super) strokes: u32,
    /// What is odd in Latin text, but not unheard of: a capital inside, no
    /// vowel.
    pub(super) soft: u32,
}

/// Weighs a word without the punctuation around it, and what it is when read
/// as Bijoy.
pub(super) fn weigh(word: &str, bengali: &str) -> Evidence {
    Evidence {
        readable: is_bengali_word(bengali),
        signs: bengali.contains(|c| matches!(c, 'আ' | '\u{9be}'..='\u{9cd}')),
        ..looks(word)
    }
}

/// The characters of ASCII that ever speak for Bijoy; G in the word `Ges` only.
pub(in crate::bangla) const fn is_stroke(byte: u8) -> bool {
    matches!(byte, b'G' | b'q' | b'v'..=b'x' | b'z' | b'^' | b'`' | b'~')
}

/// Whether a word has anything for Bijoy to be said: a first look that most
/// Latin text ends with.
pub(super) fn is_suspect(word: &str) -> bool {
    if !word.bytes().any(|byte| !byte.is_ascii() || is_stroke(byte)) {
        return false;
    }
    let evidence = looks(word);
    evidence.special > 0 || evidence.hard > 0
}

/// The evidence without the reading.
fn looks(word: &str) -> Evidence {
    let shape = Shape::of(word);
    let shouted = shape.shouted;
    let mut evidence = Evidence { soft: shape.oddity(), ..Evidence::default() };
    let mut before = None;
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        if c.is_ascii() {
            evidence.special += ascii_sign(c, before, after);
            if !shouted {
                let found = order(c, before, after);
                evidence.hard += found;
                evidence.strokes += if matches!(c, 'v' | 'w') { found } else { 0 };
            }
        } else if shape.length > 3 || !matches!(c, '·' | '×' | '÷') {
            // `a×b` is a formula
            evidence.special += sign(c, before, after, shouted);
        }
        before = Some(c);
    }
    if matches!(word, "Ges" | "GKwU" | "wQj" | "n‡e") {
        evidence.hard += 1;
    }
    // one strange word (a key, a hash) must not outweigh a line
    evidence.hard = evidence.hard.min(4);
    evidence.special = evidence.special.min(9);
    evidence
}

/// Letters, and the glyphs that take a letter's place.
fn letter(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        is_letter(c)
            || matches!(
                glyph(c),
                Some(
                    Glyph::Base(_)
                        | Glyph::WithVowel(..)
                        | Glyph::Half(_)
                        | Glyph::Pre(_)
                        | Glyph::Below(_)
                        | Glyph::Reph
                )
            )
            || matches!(c, '˜' | '™' | '›' | '•')
    })
}

fn ascii_letter(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphabetic())
}

/// `~`, `^` and the backtick as letters inside a word.
fn ascii_sign(c: char, before: Option<char>, after: Option<char>) -> u32 {
    // between letters proper: the three are letters to `letter` themselves
    let inside = |side| letter(side) && !matches!(side, Some('~' | '^' | '`' | '_'));
    match c {
        '~' | '^' | '`' if inside(before) && inside(after) => 2,
        _ => 0,
    }
}

/// Signs and letters beyond ASCII.
fn sign(c: char, before: Option<char>, after: Option<char>, shouted: bool) -> u32 {
    let inside = letter(before) && letter(after);
    match c {
        // vowel signs typed first; a dagger may also mark a footnote
        '†' | '‡' | 'ˆ' | '‰' if letter(after) => {
            if letter(before) {
                3
            } else {
                2
            }
        }
        '¨' | '©' | 'ª' | '«' | '¬' | '¢' | '£' | '¥' | '¦' | '§' | '¡' | '¿' | 'Ÿ' | '”' | '“' if inside => {
            3
        }
        '¨' | '«' | '¬' | '¢' | '¥' | '¦' | '§' | '¡' if letter(before) && after.is_none() => 2,
        '©' | 'ª' if ascii_letter(before) && after.is_none() => 1,
        '¤' | '®' | '¯' if letter(after) || matches!(after, Some('^' | '’' | '‘' | '—' | '‹')) => {
            3
        }
        'š' if matches!(after, Some('‘' | '’' | '—' | '¿' | '^' | 'Í')) => 3,
        '›' if matches!(after, Some('`' | 'U' | 'Ø')) => 3,
        '˜' if matches!(after, Some('M' | 'N')) => 3,
        '™' if matches!(after, Some('N' | '¢' | '£')) => 3,
        '•' if matches!(after, Some('K' | 'L' | 'M' | 'N' | 'g' | '¶')) && letter(before) => 3,
        // the dot of Catalan; an accent for an apostrophe
        '·' if before == Some('l') && after == Some('l') => 0,
        '´' => 0,
        '°'..='¾' if ascii_letter(before) && letter(after) => 3,
        '¶' | '¸' if letter(after) => 2,
        '°'..='¾' if ascii_letter(before) || ascii_letter(after) => 1,
        'Ö' if !shouted && ascii_letter(before) => 3,
        // a capital inside a word; with an accent no brand has one
        'À'..='Þ' if before.is_some_and(|c| c.is_ascii_lowercase()) => 2,
        'À'..='Þ' if !shouted && ascii_letter(before) => 1,
        'ÿ' if letter(after) => 1,
        '×' | '÷' | '„' | '‚' | 'ƒ' if inside => 2,
        'Ò' | 'Ô' if before.is_none() && letter(after) => 1,
        _ => 0,
    }
}

/// Consonants of the Latin alphabet.
fn consonant(c: char) -> bool {
    c.is_ascii_alphabetic() && !matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The vowel signs on `v`, `w`, `x`, `z`, and য় on `q`.
fn order(c: char, before: Option<char>, after: Option<char>) -> u32 {
    let behind = |usual: &str| before.is_some_and(|b| consonant(b) && !usual.contains(b) || glyph_only(b));
    let behind_sign =
        matches!(before, Some('_' | '`')) && after.is_none_or(|a| is_letter(a) || glyph_only(a));
    match c {
        'v' => {
            let odd_before = behind("rlndbstv") || behind_sign;
            let odd_after =
                after.is_some_and(|a| consonant(a) && !matches!(a, 'r' | 'l' | 's' | 'v') || glyph_only(a));
            let odd_end = after.is_none() && before.is_some_and(consonant) && !odd_before;
            u32::from(odd_before) + u32::from(odd_after) + u32::from(odd_end)
        }
        'w' => {
            let opens = !before.is_some_and(|b| b.is_ascii_alphabetic());
            let odd = after.is_some_and(|a| {
                a.is_ascii_uppercase()
                    || glyph_only(a)
                    || a == '`'
                    || opens && consonant(a) && !matches!(a, 'h' | 'r')
            });
            u32::from(odd)
        }
        'x' => u32::from(behind("nr")),
        'z' => u32::from(behind("tnlrdzcs")),
        'q' => u32::from(after != Some('u') && before.is_some_and(|b| b.is_ascii_alphabetic() && b != 'a')),
        _ => 0,
    }
}

/// Signs that are letters in Bijoy only.
fn glyph_only(c: char) -> bool {
    !is_letter_or_number(c) && !c.is_ascii() && glyph(c).is_some_and(|role| role != Glyph::Shared)
        || matches!(c, 'ª' | '¶' | '³')
}

/// What the letters of a word are like, whatever their order says.
struct Shape {
    /// In characters.
    length: usize,
    /// No small letter.
    shouted: bool,
    /// A capital behind a small letter, or two capitals before one that is no
    /// plural's, as in `TVs`.
    odd_capitals: bool,
    /// Of the Latin alphabet.
    letters: usize,
    vowels: bool,
}

impl Shape {
    fn of(word: &str) -> Self {
        let mut shape = Self {
            length: 0,
            shouted: true,
            odd_capitals: matches!(*word.as_bytes(),
                [b'A'..=b'Z', b'A'..=b'Z', third @ b'a'..=b'z', ..] if third != b's'),
            letters: 0,
            vowels: false,
        };
        let mut small_before = false;
        for c in word.chars() {
            shape.length += 1;
            shape.shouted = shape.shouted && (!c.is_lowercase() || c == 'ß');
            shape.odd_capitals |= small_before && c.is_uppercase();
            shape.letters += usize::from(c.is_ascii_alphabetic());
            shape.vowels = shape.vowels || is_letter(c) && !consonant(c);
            small_before = c.is_ascii_lowercase();
        }
        shape
    }

    /// A capital inside, two capitals before a small letter, no vowel at all.
    fn oddity(&self) -> u32 {
        if self.shouted {
            return 0;
        }
        u32::from(self.odd_capitals) + u32::from(self.letters >= 3 && !self.vowels)
    }
}

/// Whether what Bijoy makes of a word can be read in Bengali: no sign without
/// its consonant, no letter at the start that never stands there, nothing
/// left in Latin.
fn is_bengali_word(text: &str) -> bool {
    let mut before = None;
    let (mut rare, mut bare) = (0, 0);
    let mut chars = text.chars().filter(|c| !matches!(c, '\u{200c}' | '\u{200d}')).peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        let stem = before.is_some_and(|b| is_consonant(b) || b == '\u{9bc}');
        let fits = match c {
            'ড' | 'ঢ' | 'য' if after == Some('\u{9bc}') => before.is_some(),
            '\u{9be}'..='\u{9cc}' | '\u{9d7}' => stem,
            '\u{9cd}' => (stem || matches!(before, Some('অ' | 'এ'))) && after.is_some_and(is_consonant),
            'ৎ' | '\u{983}' => {
                rare += 1;
                before.is_some() && rare < 2
            }
            '\u{981}' | '\u{982}' => {
                before.is_some_and(|b| b != '\u{981}' && b != '\u{982}' && b != '\u{983}' && b != 'ৎ')
            }
            _ => !is_letter(c) || ('\u{980}'..='\u{9ff}').contains(&c),
        };
        if !fits {
            return false;
        }
        bare = if is_consonant(c) || c == '\u{9bc}' || c == '\u{9cd}' {
            bare + u32::from(is_consonant(c))
        } else {
            0
        };
        if c == '\u{9cd}' {
            bare = 0;
        }
        if bare > 5 {
            return false;
        }
        let number = is_letter_or_number(c) && !is_letter(c);
        before = (('\u{980}'..='\u{9ff}').contains(&c) && !number).then_some(c);
    }
    true
}

fn is_consonant(c: char) -> bool {
    matches!(c, '\u{995}'..='\u{9b9}')
}
