//! Text to tokens: numbers in any script, known words, marks. Everything that
//! pages type in several ways is made one thing here (digits, colons, dashes,
//! spaces, joiners, HTML entities), so that the grammar sees only what counts.

use crate::bangla::digits;
use crate::bangla::lexicon::{self, Piece, Run, is_bengali_letter};
use crate::bangla::names::Key;

/// A mark between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `:` and its look-alikes, ঃ among them.
    Colon,
    Comma,
    Dot,
    Slash,
    /// Hyphens, dashes and the minus sign.
    Dash,
    Plus,
    Open,
    Close,
    Apostrophe,
    /// `|`, `;`, bullets, guillemets and the double danda: between fields.
    Bar,
    /// । and other ends of sentences.
    Danda,
    Other,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number; too large ones are capped. The number of digits counts:
    /// leading zeros tell days from counts.
    Number {
        value: u32,
        digits: u8,
    },
    Key(Key),
    /// A label or weekday at the end of a longer word.
    Glued(Key),
    Word,
    Mark(Mark),
}

/// A token with its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// Whether white space (or the start of the text) stands before it.
    pub spaced: bool,
}

/// What a character is to the lexer.
enum Class {
    Digit(u8),
    Bengali,
    Latin,
    /// A letter of another script.
    Letter,
    Space,
    /// Joiners and other characters that take no room.
    Nothing,
    Mark(Mark),
}

fn classify(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit(c as u8 - b'0'),
        'a'..='z' | 'A'..='Z' => Class::Latin,
        ' ' | '\t' | '\n' | '\r' => Class::Space,
        ':' => Class::Mark(Mark::Colon),
        ',' => Class::Mark(Mark::Comma),
        '.' => Class::Mark(Mark::Dot),
        '/' => Class::Mark(Mark::Slash),
        '-' => Class::Mark(Mark::Dash),
        '+' => Class::Mark(Mark::Plus),
        '(' | '[' | '{' => Class::Mark(Mark::Open),
        ')' | ']' | '}' => Class::Mark(Mark::Close),
        '\'' | '`' => Class::Mark(Mark::Apostrophe),
        '|' | ';' => Class::Mark(Mark::Bar),
        '!' | '?' => Class::Mark(Mark::Danda),
        '\0'..='\u{7F}' => Class::Mark(Mark::Other),
        _ => classify_wide(c),
    }
}

fn classify_wide(c: char) -> Class {
    if is_bengali_letter(c) {
        return Class::Bengali;
    }
    if let Some(digit) = digits::value(c) {
        return Class::Digit(digit);
    }
    match c {
        '\u{AD}'
        | '\u{200C}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FE0F}'
        | '\u{FEFF}' => Class::Nothing,
        // Between a digit and a letter the zero-width space is typed for a
        // space.
        '\u{200B}' => Class::Space,
        '।' | '৷' => Class::Mark(Mark::Danda),
        '॥' | '•' | '·' | '∙' | '●' | '▪' | '■' | '¦' | '│' | '┃' | '｜' | '«' | '»' | '‹' | '›' | '‖'
        | '؛' | '→' | '…' => Class::Mark(Mark::Bar),
        '：' | '∶' | '꞉' | '˸' | '﹕' => Class::Mark(Mark::Colon),
        '،' | '，' | '、' => Class::Mark(Mark::Comma),
        '．' | '。' => Class::Mark(Mark::Dot),
        '／' | '⁄' | '∕' => Class::Mark(Mark::Slash),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => Class::Mark(Mark::Dash),
        '＋' => Class::Mark(Mark::Plus),
        '（' | '［' => Class::Mark(Mark::Open),
        '）' | '］' => Class::Mark(Mark::Close),
        '‘' | '’' | 'ʼ' | '′' => Class::Mark(Mark::Apostrophe),
        _ if c.is_whitespace() => Class::Space,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Mark(Mark::Other),
    }
}

/// The character at a byte, with entities read as what they stand for, and the
/// byte behind it.
#[inline]
fn char_at(text: &str, at: usize) -> Option<(char, usize)> {
    let c = text[at..].chars().next()?;
    if c == '&'
        && let Some((decoded, length)) = entity(&text.as_bytes()[at..])
    {
        return Some((decoded, at + length));
    }
    Some((c, at + c.len_utf8()))
}

/// Decodes the entity that opens the bytes, once or (`&amp;nbsp;`) twice.
fn entity(bytes: &[u8]) -> Option<(char, usize)> {
    let stop = bytes.iter().take(12).position(|&byte| byte == b';')?;
    let name = std::str::from_utf8(&bytes[1..stop]).ok()?;
    let decoded = if let Some(code) = name.strip_prefix('#') {
        let code = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => code.parse(),
        };
        char::from_u32(code.ok()?)?
    } else {
        match name {
            "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
            "zwj" => '\u{200D}',
            "zwnj" => '\u{200C}',
            "shy" => '\u{AD}',
            "ndash" => '–',
            "mdash" => '—',
            "bull" => '•',
            "middot" => '·',
            "laquo" => '«',
            "raquo" => '»',
            "colon" => ':',
            "comma" => ',',
            "sol" => '/',
            "lsquo" => '‘',
            "rsquo" => '’',
            "amp" => {
                let rest = &bytes[stop..];
                return match rest.get(1) {
                    Some(b'#' | b'a'..=b'z') => {
                        entity(rest).filter(|inner| inner.0 != '&').map(|(c, length)| (c, stop + length))
                    }
                    _ => None,
                };
            }
            _ => return None,
        }
    };
    Some((decoded, stop + 1))
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, spaced: true, out: Vec::with_capacity(24) };
    let mut run = Run::new();
    while let Some((c, next)) = char_at(text, lexer.at) {
        match classify(c) {
            Class::Space => {
                lexer.spaced = true;
                lexer.at = next;
            }
            Class::Nothing => lexer.at = next,
            Class::Digit(_) => lexer.number(),
            Class::Bengali if lexer.letter_for_three(c, next) => lexer.number(),
            Class::Bengali => lexer.word(&mut run, true),
            Class::Latin => lexer.word(&mut run, false),
            Class::Letter => lexer.other_word(),
            Class::Mark(mark) => {
                lexer.push(Kind::Mark(mark), lexer.at, next);
                lexer.at = next;
            }
        }
    }
    lexer.out
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    spaced: bool,
    out: Vec<Token>,
}

impl Lexer<'_> {
    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        // ।। is the double danda typed twice.
        if let (Kind::Mark(Mark::Danda), Some(last)) = (kind, self.out.last_mut())
            && last.end == start
            && matches!(last.kind, Kind::Mark(Mark::Danda | Mark::Bar))
        {
            last.kind = Kind::Mark(Mark::Bar);
            last.end = end;
            return;
        }
        self.out.push(Token { kind, start, end, spaced: self.spaced });
        self.spaced = false;
    }

    /// Whether the text goes on right behind a colon that follows a number.
    fn in_clock(&self) -> bool {
        let mut back = self.out.iter().rev();
        !self.spaced
            && matches!(back.next(), Some(token) if token.kind == Kind::Mark(Mark::Colon))
            && matches!(back.next(), Some(Token { kind: Kind::Number { .. }, .. }))
    }

    /// The letter ও is typed for the digit ৩, which it resembles; believed
    /// only at the head of the minutes.
    fn letter_for_three(&self, c: char, next: usize) -> bool {
        c == 'ও'
            && self.in_clock()
            && matches!(char_at(self.text, next).map(|(c, _)| classify(c)), Some(Class::Digit(_)))
    }

    fn number(&mut self) {
        let start = self.at;
        let minutes = self.in_clock();
        let (mut value, mut count, mut end) = (0_u32, 0_u8, start);
        let mut year = (0, start);
        while let Some((c, next)) = char_at(self.text, self.at) {
            let digit = match classify(c) {
                Class::Digit(digit) => digit,
                Class::Bengali if c == 'ও' && minutes && count < 2 => 3,
                Class::Nothing => {
                    self.at = next;
                    continue;
                }
                _ => break,
            };
            value = value.saturating_mul(10).saturating_add(u32::from(digit));
            count = count.saturating_add(1);
            self.at = next;
            end = next;
            if count == 4 {
                year = (value, end);
            }
        }
        // A clock glued to the year before it: ২০২৩১০:৩০.
        if (5..=6).contains(&count)
            && (1990..2100).contains(&year.0)
            && matches!(char_at(self.text, self.at), Some((':', _)))
        {
            self.push(Kind::Number { value: year.0, digits: 4 }, start, year.1);
            let hour = value - year.0 * 10_u32.pow(u32::from(count) - 4);
            self.push(Kind::Number { value: hour, digits: count - 4 }, year.1, end);
            return;
        }
        self.push(Kind::Number { value, digits: count }, start, end);
    }

    fn word(&mut self, run: &mut Run, bengali: bool) {
        run.clear();
        while let Some((c, next)) = char_at(self.text, self.at) {
            match (classify(c), bengali) {
                (Class::Bengali, true) | (Class::Latin, false) => run.push(c, self.at, next),
                (Class::Nothing, _) => {}
                _ => break,
            }
            self.at = next;
        }
        lexicon::split(run, |piece, start, end| {
            let kind = match piece {
                Piece::Key(key) => Kind::Key(key),
                Piece::Glued(key) => Kind::Glued(key),
                Piece::Visarga => Kind::Mark(Mark::Colon),
                Piece::Unknown => Kind::Word,
            };
            self.push(kind, start, end);
        });
    }

    fn other_word(&mut self) {
        let start = self.at;
        let mut end = start;
        while let Some((c, next)) = char_at(self.text, self.at) {
            match classify(c) {
                Class::Letter => end = next,
                Class::Nothing => {}
                _ => break,
            }
            self.at = next;
        }
        self.push(Kind::Word, start, end);
    }
}
