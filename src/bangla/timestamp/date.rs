//! Dates written with a month's name, in any order of day, month and year.

use super::clock::Clock;
use super::lexer::{Kind, Mark};
use super::scan::{Part, Scanner, Way};
use crate::bangla::names::{Era, Key, Unit};
use chrono::NaiveDate;

/// The calendar a date is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Gregorian,
    Bangla,
    /// Recognised so that its numbers are not taken for others.
    Hijri,
}

/// A date as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Date {
    pub style: Style,
    pub year: Option<i32>,
    pub month: u8,
    pub day: u8,
    /// Whether it is said to be past or to come (for a missing year).
    pub way: Option<Way>,
    /// A weekday between month and year.
    pub weekday: Option<u8>,
    /// Written in a way that ids and ratios have too.
    pub weak: bool,
    /// A date that does not exist, whatever the calendar.
    pub impossible: bool,
    /// A clock inside the date (asctime) or joined to it (ISO 8601).
    pub clock: Option<Clock>,
}

/// Marks that may stand between day, month and year.
const BETWEEN: &[Mark] = &[
    Mark::Comma,
    Mark::Dash,
    Mark::Slash,
    Mark::Dot,
    Mark::Close,
    Mark::Open,
    Mark::Apostrophe,
    Mark::Colon,
];

/// What was found where a year may stand.
#[derive(Clone, Copy)]
struct Year {
    value: Option<i32>,
    weekday: Option<u8>,
    next: usize,
    /// A number is there, but no year of the calendar.
    wrong: bool,
}

impl Scanner<'_> {
    /// A date that begins with a number: day and month, or year first.
    pub(super) fn written_date(&self, at: usize, way: Option<Way>) -> Option<(Part, usize)> {
        if way.is_none()
            && let Some(found) = self.year_first(at)
        {
            return Some(found);
        }
        let (day, after_day, marked) = self.day(at)?;
        // "the 9th of May".
        let after_word = after_day + usize::from(self.key(after_day) == Some(Key::Filler));
        let month_at =
            self.skip(after_word, 2, &[Mark::Comma, Mark::Dash, Mark::Slash, Mark::Dot, Mark::Close]);
        let (style, month) = self.month(month_at)?;
        // ৩, জুন ১৫, ২০২৩: a complete date behind the number takes the month.
        if style == Style::Gregorian
            && !marked
            && let Some((Part::Date(Date { year: Some(_), .. }), _)) = self.month_first(month_at)
        {
            return None;
        }
        let after_month = self.after_month(month_at);
        let year = self.year(after_month, style, style == Style::Gregorian);
        Some(self.dated(style, day, month, year, way, after_month))
    }

    /// Month, day, year. A month and a year without a day are nothing.
    pub(super) fn month_first(&self, at: usize) -> Option<(Part, usize)> {
        let (style, month) = self.month(at)?;
        let day_at = self.skip(self.after_month(at), 2, BETWEEN);
        let (day, after_day, _) = self.day(day_at)?;
        if !matches!(self.kind(day_at), Some(Kind::Number { .. })) || style != Style::Gregorian {
            return None;
        }
        // A clock behind the month, or a count, is no day.
        if self.is(after_day, Mark::Colon) && self.number(after_day + 1).is_some() && self.tight(after_day) {
            return None;
        }
        let year = self.year(after_day, style, false);
        if year.value.is_none() {
            // asctime: the clock stands between day and year.
            if let Some((clock, after_clock)) = self.clock(after_day, false)
                && let found @ Year { value: Some(_), .. } = self.year(after_clock, style, false)
                && found.next == after_clock + 1
                && clock.second.is_some()
            {
                let (part, next) = self.dated(style, day, month, found, None, after_day);
                return Some((with_clock(part, clock), next));
            }
            let counted = matches!(
                self.kind(after_day),
                Some(
                    Kind::Word | Kind::Number { .. } | Kind::Key(Key::OClock | Key::Unit(_) | Key::Month(_))
                )
            );
            if counted {
                return None;
            }
        }
        Some(self.dated(style, day, month, year, None, after_day))
    }

    /// ২০২৩ সালের ১৫ জুন, ২০২৩ সালের জুন মাসের ১৫ তারিখ, 2023 June 15.
    fn year_first(&self, at: usize) -> Option<(Part, usize)> {
        let (year, 4) = self.number(at)? else { return None };
        let mut next = at + 1;
        // ২০২৩-এর.
        if self.is(next, Mark::Dash) && self.key(next + 1) == Some(Key::Year) {
            next += 1;
        }
        let said = matches!(self.key(next), Some(Key::Year | Key::Era(_)));
        while matches!(self.key(next), Some(Key::Year | Key::Era(_))) && next < at + 3 {
            next += 1;
        }
        next = self.skip(next, 1, &[Mark::Comma, Mark::Dash, Mark::Slash]);
        let (style, day, month, end) = if let Some((style, month)) = self.month(next) {
            let day_at = self.skip(self.after_month(next), 1, &[Mark::Comma, Mark::Dash, Mark::Slash]);
            let (day, end, _) = self.day(day_at)?;
            (style, day, month, end)
        } else if said {
            let (day, after_day, _) = self.day(next)?;
            let month_at = self.skip(after_day, 1, &[Mark::Comma, Mark::Dash]);
            let (style, month) = self.month(month_at)?;
            (style, day, month, self.after_month(month_at))
        } else {
            return None;
        };
        if self.is(end, Mark::Colon) && self.number(end + 1).is_some() {
            return None;
        }
        // ১২ মার্চ ২০২৩ জুন ১৫, ২০২৪ and the like: the year belongs elsewhere.
        if self.year(end, style, false).value.is_some() {
            return None;
        }
        let year = i32::try_from(year).ok().filter(|&year| plausible(style, year));
        let found = Year { value: year, weekday: None, next: end, wrong: year.is_none() };
        Some(self.dated(style, day, month, found, None, end))
    }

    /// A day of a month: the number or word, the token behind it and its
    /// ending, and whether it had an ending.
    fn day(&self, at: usize) -> Option<(u32, usize, bool)> {
        let day = match self.kind(at)? {
            Kind::Number { value, digits: 1..=2 } => value,
            Kind::Key(Key::DayName(day)) => return Some((u32::from(day), at + 1, true)),
            Kind::Key(Key::Number(day)) if day <= 31 => u32::from(day),
            _ => return None,
        };
        let ending = self.skip(at + 1, 1, &[Mark::Dash]);
        match self.key(ending) {
            Some(Key::Ordinal) => Some((day, ending + 1, true)),
            // ২১এ, the older ending.
            Some(Key::MarkerLetter(false)) if self.month(ending + 1).is_some() => {
                Some((day, ending + 1, true))
            }
            _ => Some((day, at + 1, false)),
        }
    }

    fn month(&self, at: usize) -> Option<(Style, u8)> {
        match self.key(at)? {
            Key::Month(month) | Key::ShortMonth(month) => Some((Style::Gregorian, month)),
            Key::BanglaMonth(month) => Some((Style::Bangla, month)),
            Key::HijriMonth => Some((Style::Hijri, 0)),
            _ => None,
        }
    }

    /// Skips what may follow a month's name: মাসের, a full stop, the second
    /// word of an Islamic month.
    fn after_month(&self, month_at: usize) -> usize {
        let mut at = month_at + 1;
        if matches!(self.key(month_at), Some(Key::HijriMonth)) {
            let second = self.skip(at, 1, &[Mark::Dash, Mark::Apostrophe]);
            if matches!(self.key(second), Some(Key::HijriSecond)) {
                at = second + 1;
            }
        }
        if matches!(self.key(at), Some(Key::MonthWord | Key::Unit(Unit::Month))) {
            at += 1;
        }
        // "5 de marzo de 2024".
        if self.key(at) == Some(Key::Filler) && matches!(self.number(at + 1), Some((_, 4))) {
            at += 1;
        }
        at
    }

    /// The year behind day and month: four digits, or two where they can be
    /// nothing else. A weekday may stand before it.
    fn year(&self, from: usize, style: Style, short: bool) -> Year {
        let mut at = self.skip(from, 3, BETWEEN);
        let mut weekday = None;
        if let Some(Key::Weekday(day) | Key::ShortWeekday(day)) = self.key(at) {
            weekday = Some(day);
            at = self.skip(at + 1, 3, BETWEEN);
        }
        if matches!(self.key(at), Some(Key::Era(_) | Key::Year)) && self.number(at + 1).is_some() {
            at += 1;
        }
        let none = Year { value: None, weekday: None, next: from, wrong: false };
        let Some((value, digits)) = self.number(at) else { return none };
        let behind = self.kind(at + 1);
        match digits {
            4 => {
                let hours = matches!(behind, Some(Kind::Key(Key::Unit(Unit::Hour))));
                let year = i32::try_from(value).unwrap_or(0);
                if hours {
                    none
                } else if plausible(style, year) {
                    Year { value: Some(year), weekday, next: at + 1, wrong: false }
                } else {
                    // A year of another calendar makes the date none at all.
                    Year { value: None, weekday: None, next: from, wrong: true }
                }
            }
            2 if short && weekday.is_none() && self.short_year(from, at) => {
                Year { value: i32::try_from(century(value)).ok(), weekday: None, next: at + 1, wrong: false }
            }
            _ => none,
        }
    }

    /// Whether a number of two digits behind a month is its year.
    fn short_year(&self, from: usize, at: usize) -> bool {
        let joined =
            (from..at).all(|at| matches!(self.mark(at), Some(Mark::Apostrophe | Mark::Dash | Mark::Slash)));
        let behind = match self.kind(at + 1) {
            Some(Kind::Mark(Mark::Colon | Mark::Slash | Mark::Dash)) => false,
            Some(Kind::Mark(Mark::Dot)) => !self.tight(at + 2) || self.number(at + 2).is_none(),
            None
            | Some(
                Kind::Mark(_)
                | Kind::Key(Key::Era(_) | Key::Label(_) | Key::Weekday(_) | Key::Part(_) | Key::Year),
            ) => true,
            Some(Kind::Number { .. }) => self.clock(at + 1, false).is_some(),
            _ => false,
        };
        joined && behind
    }

    /// Puts a date together and reads on over era words.
    fn dated(
        &self,
        style: Style,
        day: u32,
        month: u8,
        year: Year,
        way: Option<Way>,
        after: usize,
    ) -> (Part, usize) {
        let mut next = if year.value.is_some() { year.next } else { after };
        let mut shaka = false;
        if year.value.is_some() {
            let era_at = self.skip(next, 1, &[Mark::Comma, Mark::Open]);
            if let Some(key @ (Key::Era(_) | Key::Year)) = self.key(era_at)
                && !(matches!(key, Key::Era(_))
                    && self.is(era_at + 1, Mark::Colon)
                    && self.number(era_at + 2).is_some())
            {
                shaka = key == Key::Era(Era::Shaka);
                next = self.skip(era_at + 1, 1, &[Mark::Dot, Mark::Close]);
            }
        }
        let mut date = match year.value {
            Some(year) => whole_date(style, year.unsigned_abs(), u32::from(month), day),
            None => Date {
                style,
                year: None,
                month,
                day: u8::try_from(day).unwrap_or(0),
                way,
                weekday: None,
                weak: false,
                impossible: !(1..=31).contains(&day) || year.wrong,
                clock: None,
            },
        };
        date.weekday = year.weekday;
        date.way = way;
        if shaka {
            date.style = Style::Hijri;
        }
        (Part::Date(date), next)
    }
}

/// The date with a clock in it.
fn with_clock(part: Part, clock: Clock) -> Part {
    match part {
        Part::Date(date) => Part::Date(Date { clock: Some(clock), ..date }),
        other => other,
    }
}

/// Whether a number can be a year of the calendar.
fn plausible(style: Style, year: i32) -> bool {
    match style {
        Style::Gregorian => (1700..=2199).contains(&year),
        Style::Bangla | Style::Hijri => (1200..=1599).contains(&year),
    }
}

/// A two-digit year in full.
pub(super) fn century(year: u32) -> u32 {
    if year < 60 { 2000 + year } else { 1900 + year }
}

pub(super) fn whole_date(style: Style, year: u32, month: u32, day: u32) -> Date {
    let signed = i32::try_from(year).unwrap_or(0);
    let impossible = match style {
        Style::Gregorian => {
            !plausible(style, signed) || NaiveDate::from_ymd_opt(signed, month, day).is_none()
        }
        Style::Bangla | Style::Hijri => !(1..=32).contains(&day),
    };
    Date {
        style,
        year: Some(signed),
        month: u8::try_from(month).unwrap_or(0),
        day: u8::try_from(day).unwrap_or(0),
        way: None,
        weekday: None,
        weak: false,
        impossible,
        clock: None,
    }
}
