//! Finds the parts of timestamps among the tokens, in one pass from left to
//! right, and notes how far apart they stand: what lies between two parts
//! decides whether they belong together.

use super::Label;
use super::clock::Clock;
use super::date::Date;
use super::lexer::{Kind, Mark, Token, tokens};
use super::relative::Span;
use crate::bangla::names::Key;

/// Before or after the reference: গত, আগামী.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Past,
    Coming,
}

/// A part of a timestamp.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Label {
        label: Label,
        colon: bool,
    },
    Weekday {
        day: u8,
        way: Option<Way>,
        full: bool,
    },
    Date(Date),
    Clock(Clock),
    /// A day counted from the reference; `night` for গতরাত.
    Day {
        offset: i8,
        night: bool,
    },
    Span(Span),
    Now,
}

/// How strongly the marks between two parts separate them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// White space, commas, brackets.
    Light,
    /// A bar between fields.
    Bar,
    /// The end of a sentence.
    Sentence,
}

/// A part with its bytes and its distance from its neighbours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub part: Part,
    pub start: usize,
    pub end: usize,
    /// The strongest mark since the part before.
    pub gap: Gap,
    /// Unknown words and numbers since the part before.
    pub words: u16,
    /// The same, but only since the last bar.
    pub words_near: u16,
    /// Unknown words and numbers behind, up to the next bar or part.
    pub words_after: u16,
}

/// The parts of a text.
pub(super) fn scan(text: &str) -> Vec<Item> {
    let tokens = tokens(text);
    let mut items = Vec::with_capacity(8);
    let scanner = Scanner { text, tokens: &tokens };
    let mut at = 0;
    let (mut gap, mut words, mut words_near) = (Gap::Light, 0_u16, 0_u16);
    // Whether a bar has been seen since the last part.
    let mut barred = true;
    while at < tokens.len() {
        if let Some((part, first, next)) = scanner.part(at) {
            items.push(Item {
                part,
                start: tokens[first].start,
                end: tokens[next - 1].end,
                gap,
                words,
                words_near,
                words_after: 0,
            });
            (gap, words, words_near, barred) = (Gap::Light, 0, 0, false);
            at = next;
            continue;
        }
        match tokens[at].kind {
            Kind::Mark(Mark::Bar) => {
                gap = gap.max(Gap::Bar);
                words_near = 0;
                barred = true;
            }
            Kind::Mark(Mark::Danda) => {
                gap = Gap::Sentence;
                words_near = 0;
                barred = true;
            }
            Kind::Word | Kind::Number { .. } | Kind::Glued(_) => {
                words = words.saturating_add(1);
                words_near = words_near.saturating_add(1);
                if let (false, Some(last)) = (barred, items.last_mut()) {
                    last.words_after = last.words_after.saturating_add(1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    items
}

/// The tokens with the questions that the grammar asks about them. Every
/// question looks at a bounded number of tokens, so that the scan is linear.
pub(super) struct Scanner<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
}

impl Scanner<'_> {
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub(super) fn key(&self, at: usize) -> Option<Key> {
        match self.kind(at)? {
            Kind::Key(key) => Some(key),
            _ => None,
        }
    }

    pub(super) fn mark(&self, at: usize) -> Option<Mark> {
        match self.kind(at)? {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    pub(super) fn is(&self, at: usize, mark: Mark) -> bool {
        self.mark(at) == Some(mark)
    }

    /// Value and number of digits.
    pub(super) fn number(&self, at: usize) -> Option<(u32, u8)> {
        match self.kind(at)? {
            Kind::Number { value, digits } => Some((value, digits)),
            _ => None,
        }
    }

    /// Whether a token stands directly behind the one before it.
    pub(super) fn tight(&self, at: usize) -> bool {
        at > 0 && self.tokens.get(at).is_some_and(|token| !token.spaced)
    }

    /// Skips up to `most` marks of the given kinds.
    pub(super) fn skip(&self, mut at: usize, most: usize, marks: &[Mark]) -> usize {
        for _ in 0..most {
            match self.mark(at) {
                Some(mark) if marks.contains(&mark) => at += 1,
                _ => break,
            }
        }
        at
    }

    /// The part that begins at a token, its first token and the token behind
    /// it.
    fn part(&self, at: usize) -> Option<(Part, usize, usize)> {
        match self.kind(at)? {
            Kind::Number { .. } => self
                .numeric_date(at)
                .or_else(|| self.basic_date(at))
                .or_else(|| self.span(at))
                .or_else(|| self.written_date(at, None))
                .or_else(|| self.clock_part(at))
                .map(|(part, next)| (part, at, next)),
            Kind::Key(key) => self.key_part(key, at),
            Kind::Glued(Key::Label(label)) => {
                self.label(label, at, true).map(|(part, next)| (part, at, next))
            }
            Kind::Glued(Key::Weekday(day)) => {
                Some((Part::Weekday { day, way: None, full: true }, at, at + 1))
            }
            _ => None,
        }
    }

    fn key_part(&self, key: Key, at: usize) -> Option<(Part, usize, usize)> {
        let found = match key {
            Key::Label(label) => self.label(label, at, false),
            Key::MaybeLabel(label) => self.label(label, at, true),
            Key::Weekday(day) => Some((Part::Weekday { day, way: None, full: true }, at + 1)),
            Key::ShortWeekday(day) => {
                let next = self.skip(at + 1, 1, &[Mark::Dot, Mark::Colon]);
                Some((Part::Weekday { day, way: None, full: false }, next))
            }
            Key::Month(_) | Key::ShortMonth(_) => self.month_first(at),
            Key::DayName(_) => self.written_date(at, None),
            Key::Number(_) | Key::Halves(_) | Key::Fraction(_) | Key::Few | Key::About => {
                self.span(at).or_else(|| self.written_date(at, None)).or_else(|| self.clock_part(at))
            }
            // "an hour ago"; else the first letter of a marker.
            Key::MarkerLetter(_) => self.span(at).or_else(|| self.clock_part(at)),
            Key::Part(_) | Key::NightAfter | Key::AmPm(_) | Key::Place(_) | Key::Zone(_) => {
                self.clock_part(at)
            }
            Key::Past => self.turned(at, Way::Past),
            Key::Coming => self.turned(at, Way::Coming),
            Key::Day(offset) => Some((Part::Day { offset, night: false }, at + 1)),
            Key::LastNight => Some((Part::Day { offset: -1, night: true }, at + 1)),
            Key::Now => Some((Part::Now, at + 1)),
            Key::This => match self.key(at + 1)? {
                Key::Now | Key::Only => Some((Part::Now, at + 2)),
                _ => None,
            },
            Key::Filler => {
                // "last Friday"; elsewhere a filler says nothing.
                let word = &self.text[self.tokens[at].start..self.tokens[at].end];
                if word.eq_ignore_ascii_case("last") { self.turned(at, Way::Past) } else { None }
            }
            _ => None,
        };
        found.map(|(part, next)| (part, at, next))
    }

    fn clock_part(&self, at: usize) -> Option<(Part, usize)> {
        self.clock(at, false).map(|(clock, next)| (Part::Clock(clock), next))
    }

    /// গত or আগামী before a weekday, a day of a month or a night.
    fn turned(&self, at: usize, way: Way) -> Option<(Part, usize)> {
        match self.kind(at + 1)? {
            Kind::Key(Key::Weekday(day)) => Some((Part::Weekday { day, way: Some(way), full: true }, at + 2)),
            Kind::Key(Key::Part(_)) if way == Way::Past => {
                Some((Part::Day { offset: -1, night: true }, at + 1))
            }
            Kind::Number { .. } | Kind::Key(Key::DayName(_) | Key::Number(_)) => {
                self.written_date(at + 1, Some(way))
            }
            _ => None,
        }
    }

    /// A label and the words that belong to it. A doubtful one (`strict`) has
    /// to be followed by a colon, or by what it announces.
    fn label(&self, label: Label, at: usize, strict: bool) -> Option<(Part, usize)> {
        let mut next = at + 1;
        while matches!(self.key(next), Some(Key::Filler)) && next < at + 4 {
            next += 1;
        }
        let colon = matches!(self.mark(next), Some(Mark::Colon | Mark::Dash));
        let announced = matches!(
            self.kind(next),
            Some(Kind::Number { .. } | Kind::Key(Key::Weekday(_) | Key::Part(_) | Key::Day(_)))
        );
        if strict && !colon && !announced {
            return None;
        }
        Some((Part::Label { label, colon }, if colon { next + 1 } else { next }))
    }
}
