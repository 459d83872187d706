//! The two official calendars of Bangladesh. Both begin on 14 April and have
//! fixed month lengths, with one leap day in ফাল্গুন, so a table of twelve
//! lengths is the whole rule. The scheme is the Bangla Academy's; the revision
//! was made so that the national days fall on the Bangla dates of the events.

use super::BanglaDate;
use chrono::{Datelike, Days, NaiveDate};

/// One rule: month lengths of a common year.
pub(super) struct Rule {
    lengths: [u8; 12],
}

/// In force since 17 October 2019.
pub(super) const REVISED: Rule = Rule { lengths: [31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 29, 30] };
/// In force from 1987 to 16 October 2019.
pub(super) const OF_1987: Rule = Rule { lengths: [31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30, 30] };

/// The month that takes the leap day.
const FALGUN: usize = 10;

impl Rule {
    /// Month lengths of a Bangla year. The leap day of ফাল্গুন falls into the
    /// Gregorian February of the year's second half.
    fn lengths(&self, bangla_year: i32) -> [u8; 12] {
        let mut lengths = self.lengths;
        if leap(bangla_year + 594) {
            lengths[FALGUN] += 1;
        }
        lengths
    }
}

fn leap(year: i32) -> bool {
    NaiveDate::from_ymd_opt(year, 2, 29).is_some()
}

pub(super) fn to_gregorian(rule: &Rule, date: BanglaDate) -> Option<NaiveDate> {
    if !(1..=9405).contains(&date.year) || !(1..=12).contains(&date.month) {
        return None;
    }
    let lengths = rule.lengths(date.year);
    let month = usize::from(date.month) - 1;
    if !(1..=lengths[month]).contains(&date.day) {
        return None;
    }
    let before: u64 = lengths[..month].iter().map(|&length| u64::from(length)).sum();
    NaiveDate::from_ymd_opt(date.year + 593, 4, 14)?
        .checked_add_days(Days::new(before + u64::from(date.day) - 1))
}

pub(super) fn from_gregorian(rule: &Rule, day: NaiveDate) -> Option<BanglaDate> {
    let year = if (day.month(), day.day()) >= (4, 14) { day.year() - 593 } else { day.year() - 594 };
    let first = NaiveDate::from_ymd_opt(year + 593, 4, 14)?;
    let mut left = (day - first).num_days();
    for (month, length) in (1..).zip(rule.lengths(year)) {
        if left < i64::from(length) {
            return Some(BanglaDate::new(year, month, u8::try_from(left + 1).ok()?));
        }
        left -= i64::from(length);
    }
    None
}
