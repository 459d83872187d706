//! Text to tokens: numbers in any script, known words, marks. Everything that
//! pages type in several ways is made one thing here (digits, colons, dashes,
//! spaces, joiners, HTML entities), so that the grammar sees only what counts.

use super::chars::{Class, char_at, classify};
use crate::bangla::lexicon::{self, Piece, Run};
use crate::bangla::names::{self, Key};

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
            Class::Latin | Class::Letter if lexer.foreign_word() => {}
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
        let (mut two, mut year) = ((0, start), (0, start));
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
            match count {
                2 => two = (value, end),
                4 => year = (value, end),
                _ => {}
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
        // Minutes with the day behind them: ১০:৩০১৫ জুন.
        if minutes && (3..=4).contains(&count) {
            self.push(Kind::Number { value: two.0, digits: 2 }, start, two.1);
            let rest = value - two.0 * 10_u32.pow(u32::from(count) - 2);
            self.push(Kind::Number { value: rest, digits: count - 2 }, two.1, end);
            return;
        }
        self.push(Kind::Number { value, digits: count }, start, end);
    }

    fn word(&mut self, run: &mut Run, bengali: bool) {
        run.clear();
        loop {
            if bengali {
                self.at = run.push_bengali(self.text, self.at);
            }
            let Some((c, next)) = char_at(self.text, self.at) else { break };
            match (classify(c), bengali) {
                (Class::Bengali, true) | (Class::Latin, false) => run.push(c, self.at, next),
                (Class::Nothing, _) => {}
                _ => break,
            }
            self.at = next;
        }
        lexicon::split(run, |piece, start, end| {
            let kind = match piece {
                Piece::Key(Key::Ordinary) | Piece::Unknown => Kind::Word,
                Piece::Key(key) => Kind::Key(key),
                Piece::Glued(key) => Kind::Glued(key),
                Piece::Visarga => Kind::Mark(Mark::Colon),
            };
            self.push(kind, start, end);
        });
    }

    /// A known word with letters that the lexicon does not have: `März`.
    fn foreign_word(&mut self) -> bool {
        let start = self.at;
        let (mut at, mut end, mut foreign) = (start, start, false);
        while let Some((c, next)) = char_at(self.text, at) {
            match classify(c) {
                Class::Letter => foreign = true,
                Class::Latin => {}
                _ => break,
            }
            at = next;
            end = next;
        }
        let Some(key) = self.text.get(start..end).filter(|_| foreign).and_then(names::foreign) else {
            return false;
        };
        self.at = end;
        self.push(Kind::Key(key), start, end);
        true
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
