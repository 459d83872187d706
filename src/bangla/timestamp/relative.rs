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
        if matches!(self.key(next), Some(Key::About | Key::Only)) {
            next += 1;
        }
        let mut span = Span::default();
        let mut units = 0;
        while units < 4 {
            let Some((quarters, unit, after)) = self.amount(next) else { break };
            span.add(quarters, unit)?;
            units += 1;
            next = after;
            // "and" and commas between the units.
            next = self.skip(next, 1, &[Mark::Comma]);
        }
        if units == 0 || self.key(next) != Some(Key::Ago) {
            return None;
        }
        next += 1;
        let ends = matches!(
            self.kind(next),
            None | Some(Kind::Mark(_) | Kind::Key(Key::Label(_) | Key::MaybeLabel(_) | Key::Place(_)))
        );
        if !ends {
            return None;
        }
        if let Some(before) = at.checked_sub(1).map(|before| self.tokens[before]) {
            let prose = matches!(before.kind, Kind::Word | Kind::Key(_)) && self.word(at - 1).ends_with('র')
                || matches!(before.kind, Kind::Key(Key::Fraction(_) | Key::Few));
            let range = before.kind == Kind::Mark(Mark::Dash)
                && at.checked_sub(2).is_some_and(|first| self.number(first).is_some());
            if prose || range {
                return None;
            }
        }
        Some((Part::Span(span), next))
    }

    /// One number with its unit: four times the number, the unit, the token
    /// behind.
    fn amount(&self, at: usize) -> Option<(u32, Unit, usize)> {
        let (quarters, next) = match self.kind(at)? {
            Kind::Key(Key::Few) => {
                // Few seconds are none; how many few minutes are, nobody knows.
                let Some(Key::Unit(Unit::Second)) = self.key(at + 1) else { return None };
                return Some((0, Unit::Second, at + 2));
            }
            Kind::Key(Key::Halves(halves)) => (u32::from(halves) * 2, at + 1),
            Kind::Key(Key::MarkerLetter(false)) => (4, at + 1),
            Kind::Key(Key::Fraction(fraction)) => match (self.whole(at + 1), fraction) {
                (Some(whole), Fraction::Half) => (whole * 4 + 2, at + 2),
                (Some(whole), Fraction::Quarter) => (whole * 4 + 1, at + 2),
                (Some(whole), Fraction::QuarterTo) => ((whole * 4).checked_sub(1)?, at + 2),
                // সোয়া ঘণ্টা and পৌনে ঘণ্টা are of one.
                (None, Fraction::Quarter) => (5, at + 1),
                (None, Fraction::QuarterTo) => (3, at + 1),
                (None, Fraction::Half) => return None,
            },
            _ => (self.whole(at)? * 4, at + 1),
        };
        match self.key(next)? {
            Key::Unit(unit) => Some((quarters, unit, next + 1)),
            Key::ShortMinute => {
                Some((quarters, Unit::Minute, self.skip(next + 1, 1, &[Mark::Dot, Mark::Colon])))
            }
            Key::Ghatika => Some((quarters, Unit::Hour, self.skip(next + 1, 1, &[Mark::Dot, Mark::Colon]))),
            Key::MarkerM => Some((quarters, Unit::Minute, next + 1)),
            _ => None,
        }
    }

    /// A whole number in digits or words.
    fn whole(&self, at: usize) -> Option<u32> {
        match self.kind(at)? {
            Kind::Number { value, digits: 1..=4 } => Some(value),
            Kind::Key(Key::Number(value)) => Some(u32::from(value)),
            _ => None,
        }
    }
}

impl Span {
    /// Adds quarters of a unit; `None` where they do not come out even.
    fn add(&mut self, quarters: u32, unit: Unit) -> Option<()> {
        let whole = |quarters: u32| quarters.is_multiple_of(4).then_some(quarters / 4);
        match unit {
            Unit::Second => self.seconds += whole(quarters)?,
            Unit::Minute => self.seconds += quarters * 15,
            Unit::Hour => self.seconds += quarters * 900,
            Unit::Day => self.days += whole(quarters)?,
            Unit::Week => self.days += whole(quarters * 7)?,
            Unit::Month => self.months += whole(quarters)?,
            Unit::Year => self.months += quarters * 3,
        }
        self.exact |= matches!(unit, Unit::Second | Unit::Minute | Unit::Hour);
        self.fine |= matches!(unit, Unit::Second | Unit::Minute)
            || (unit == Unit::Hour && !quarters.is_multiple_of(4));
        (self.months <= MOST_YEARS * 12 && self.days <= MOST_YEARS * 366).then_some(())
    }
}
