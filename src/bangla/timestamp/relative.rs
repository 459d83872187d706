//! Times counted back from the reference: ৩ ঘণ্টা আগে, 2 days ago.

use super::lexer::{Kind, Mark};
use super::scan::{Part, Scanner};
use crate::bangla::names::{Fraction, Key, Unit};

/// A stretch of time before the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub months: u32,
    pub days: u32,
    pub seconds: u32,
    /// Whether hours or smaller units are given, so that an instant and not
    /// only a day is meant.
    pub exact: bool,
    /// Whether minutes or smaller units are given.
    pub fine: bool,
}

/// Longest stretch that a page counts; beyond, the words are history.
const MOST_YEARS: u32 = 60;

impl Scanner<'_> {
    /// A stretch and the word for "ago". Prose counts in the same words from
    /// other events (খেলা শুরুর ১০ মিনিট আগে), so neither a genitive before
    /// nor a word behind may belong to it.
    pub(super) fn span(&self, at: usize) -> Option<(Part, usize)> {
        let mut next = at;
        if matches!(self.key(next), Some(Key::About)) {
            next += 1;
        }
        let mut span = Span::default();
        let mut units = 0;
        while units < 4 {
            let Some((halves, unit, after)) = self.amount(next) else { break };
            span.add(halves, unit)?;
            units += 1;
            next = after;
            // "and" and commas between the units.
            next = self.skip(next, 1, &[Mark::Comma]);
        }
        if units == 0 || self.key(next) != Some(Key::Ago) {
            return None;
        }
        next += 1;
        if matches!(self.kind(next), Some(Kind::Word | Kind::Glued(_) | Kind::Number { .. })) {
            return None;
        }
        if let Some(before) = at.checked_sub(1).map(|before| self.tokens[before]) {
            let word = &self.text[before.start..before.end];
            let prose = matches!(before.kind, Kind::Word | Kind::Key(_)) && word.ends_with('র');
            let range = before.kind == Kind::Mark(Mark::Dash)
                && at.checked_sub(2).is_some_and(|first| self.number(first).is_some());
            if prose || range {
                return None;
            }
        }
        Some((Part::Span(span), next))
    }

    /// One number with its unit: twice the number, the unit, the token behind.
    fn amount(&self, at: usize) -> Option<(u32, Unit, usize)> {
        let (halves, next) = match self.kind(at)? {
            Kind::Number { value, digits: 1..=4 } => (value * 2, at + 1),
            Kind::Key(Key::Number(value)) => (u32::from(value) * 2, at + 1),
            Kind::Key(Key::MarkerLetter(false)) => (2, at + 1),
            Kind::Key(Key::Halves(halves)) => (u32::from(halves), at + 1),
            Kind::Key(Key::Few) => {
                // Few seconds are none; how many few minutes are, nobody knows.
                let Some(Key::Unit(Unit::Second)) = self.key(at + 1) else { return None };
                return Some((0, Unit::Second, at + 2));
            }
            Kind::Key(Key::Fraction(fraction)) => {
                let whole = match self.kind(at + 1)? {
                    Kind::Number { value, digits: 1..=4 } => value * 2,
                    Kind::Key(Key::Number(value)) => u32::from(value) * 2,
                    _ => return None,
                };
                match fraction {
                    Fraction::Half => (whole + 1, at + 2),
                    // Quarters are kept as a count of seconds would be; only
                    // hours have them.
                    Fraction::Quarter | Fraction::QuarterTo => return None,
                }
            }
            _ => return None,
        };
        match self.key(next)? {
            Key::Unit(unit) => Some((halves, unit, next + 1)),
            _ => None,
        }
    }
}

impl Span {
    /// Adds half units.
    fn add(&mut self, halves: u32, unit: Unit) -> Option<()> {
        let whole = |halves: u32| (halves % 2 == 0).then_some(halves / 2);
        match unit {
            Unit::Second => self.seconds += whole(halves)?,
            Unit::Minute => self.seconds += halves * 30,
            Unit::Hour => self.seconds += halves * 1800,
            Unit::Day => self.days += whole(halves)?,
            Unit::Week => self.days += whole(halves * 7)?,
            Unit::Month => self.months += whole(halves)?,
            Unit::Year => self.months += halves * 6,
        }
        self.exact |= matches!(unit, Unit::Second | Unit::Minute | Unit::Hour);
        self.fine |= matches!(unit, Unit::Second | Unit::Minute) || (unit == Unit::Hour && halves % 2 == 1);
        (self.months <= MOST_YEARS * 12 && self.days <= MOST_YEARS * 366).then_some(())
    }
}
