//! Dates in numbers: ISO 8601 and day, month, year with slashes, dots or
//! dashes. Scores, prices, telephone numbers, paths and versions look much the
//! same, so a numeric date has to stand free.

use super::date::{Date, Style, century, whole_date};
use super::lexer::{Kind, Mark};
use super::scan::{Part, Scanner};
use crate::bangla::names::Key;

impl Scanner<'_> {
    /// A date in numbers, with the clock of ISO 8601 left to the caller.
    pub(super) fn numeric_date(&self, at: usize) -> Option<(Part, usize)> {
        let (first, first_digits) = self.number(at)?;
        let mark = self.mark(at + 1)?;
        let (second, second_digits) = self.number(at + 2)?;
        let (third, third_digits) = self.number(at + 4)?;
        if !matches!(mark, Mark::Slash | Mark::Dash | Mark::Dot | Mark::Danda)
            || self.mark(at + 3) != Some(mark)
        {
            return None;
        }
        let tight = (at + 1..=at + 4).filter(|&at| self.tight(at)).count();
        if !(tight == 4 || (tight == 0 && matches!(mark, Mark::Slash | Mark::Dash))) || second_digits > 2 {
            return None;
        }
        let (year, month, day, weak) = match (first_digits, third_digits) {
            (4, 1..=2) => (first, second, third, false),
            (1..=2, 4) => (third, second, first, false),
            (1..=2, 2) if mark == Mark::Slash || (first_digits == 2 && second_digits == 2) => {
                (century(third), second, first, true)
            }
            _ => return None,
        };
        if !self.stands_free(at, at + 4) {
            return None;
        }
        let date = Date { weak, ..whole_date(Style::Gregorian, year, month, day) };
        Some(self.joined_clock(date, at + 5))
    }

    /// The clock that ISO 8601 joins to a date with a T.
    fn joined_clock(&self, date: Date, at: usize) -> (Part, usize) {
        if self.key(at) == Some(Key::IsoT)
            && self.tight(at)
            && self.tight(at + 1)
            && let Some((clock, next)) = self.clock(at + 1, true)
        {
            return (Part::Date(Date { clock: Some(clock), ..date }), next);
        }
        (Part::Date(date), at)
    }

    /// The basic form of ISO 8601, 20230615T103000Z; without the T such a
    /// number is an identifier.
    pub(super) fn basic_date(&self, at: usize) -> Option<(Part, usize)> {
        let (value, 8) = self.number(at)? else { return None };
        let date = whole_date(Style::Gregorian, value / 10_000, value / 100 % 100, value % 100);
        let (part, next) = self.joined_clock(date, at + 1);
        (next > at + 1 && self.stands_free(at, next - 1)).then_some((part, next))
    }

    /// Whether a numeric date is not a piece of something longer: a path, a
    /// phone number, a version, an identifier.
    fn stands_free(&self, first: usize, last: usize) -> bool {
        let bytes = self.text.as_bytes();
        let before = self.tokens[first].start.checked_sub(1).map(|at| bytes[at]);
        let glue = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.=&%+#@\\".contains(&byte);
        if before.is_some_and(glue) {
            // তাং-১৫/০৬/২০২৩: a dash behind a known word is like a colon.
            let announced = before == Some(b'-')
                && first.checked_sub(2).is_some_and(|word| matches!(self.kind(word), Some(Kind::Key(_))))
                && first.checked_sub(1).is_some_and(|dash| self.is(dash, Mark::Dash));
            if !announced {
                return false;
            }
        }
        let end = self.tokens[last].end;
        let (next, over) = (bytes.get(end).copied(), bytes.get(end + 1).copied());
        match next {
            Some(b'/' | b'-' | b'_' | b'.' | b'=' | b'+' | b'%') => {
                !over.is_some_and(|over| over.is_ascii_alphanumeric() || over >= 0x80 || over == b'/')
                    && next != Some(b'_')
            }
            Some(byte) if byte.is_ascii_alphabetic() => matches!(self.kind(last + 1), Some(Kind::Key(_))),
            _ => true,
        }
    }
}
