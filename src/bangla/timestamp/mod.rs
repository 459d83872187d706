//! Reads the timestamps that Bengali newsrooms print.
//!
//! A page says when it was published in a dozen shapes: time first or date
//! first, Bengali or ASCII digits or both in one number, parts of the day
//! instead of a 24-hour clock, two or three calendars side by side, labels
//! glued to a byline. So there is no list of formats here. `lexer` turns the
//! text into numbers, known words and marks; `scan` finds the parts of
//! timestamps among them (dates, clocks, relative times, labels); `group`
//! puts together the parts that belong to one timestamp; `resolve` makes
//! each group a moment, or refuses.
//!
//! It refuses rather than guesses: a number without a month, a time without a
//! day, a relative time without a reference and a date that does not exist
//! give nothing. The clock of the machine is never asked. HTML entities,
//! joiners and odd spaces are read through; mojibake and Bijoy text have to be
//! repaired before.
//!
//! ```
//! use khobor::tz::Tz;
//! use khobor::bangla::timestamp::{Context, read};
//!
//! let cx = Context::new(Tz::DHAKA);
//! let reading = read("প্রকাশ: ৩ মার্চ ২০২৪, রাত সাড়ে ১০টা", &cx).unwrap();
//! assert_eq!(reading.moment.to_string(), "2024-03-03T22:30:00+06:00");
//! assert!(read("দাম ৩,২০০ টাকা", &cx).is_none());
//! ```

mod chars;
mod clock;
mod date;
#[cfg(test)]
mod forms;
mod group;
mod hands;
mod lexer;
mod numeric;
mod relative;
mod resolve;
mod scan;
mod zone;

use crate::tz::Tz;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, Weekday};
use std::fmt;
use std::ops::Range;

/// Texts are read up to this many bytes, which bounds the work: what stands
/// further behind is no timestamp line.
pub const MAX_BYTES: usize = 64 * 1024;

/// What a timestamp denotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A point in time, at the offset of the text or else of the zone.
    Instant(DateTime<FixedOffset>),
    /// A day of which no time is known.
    Day(NaiveDate),
}

impl Moment {
    /// The day, as the calendar of the moment's own offset has it.
    pub fn day(self) -> NaiveDate {
        match self {
            Self::Instant(instant) => {
                // Plain date_naive panics at the ends of chrono's range.
                let utc = instant.naive_utc();
                utc.checked_add_offset(*instant.offset()).unwrap_or(utc).date()
            }
            Self::Day(day) => day,
        }
    }
}

/// RFC 3339 with seconds and a numeric offset, or `YYYY-MM-DD`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(instant) => f.write_str(&instant.to_rfc3339_opts(SecondsFormat::Secs, false)),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// What the words before a timestamp say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// Publication: প্রকাশিত, প্রকাশ, Published.
    Publish,
    /// Update: আপডেট, হালনাগাদ, Updated.
    Update,
    /// No label.
    None,
}

/// The calendar from which the day was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Calendar {
    /// The Gregorian calendar, or a relative time.
    Gregorian,
    /// A Bangla calendar, chosen by zone and year.
    Bangla,
}

/// The smallest unit that the text gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Precision {
    /// The day alone.
    Day,
    /// The hour: রাত ১০টা.
    Hour,
    /// The minute.
    Minute,
    /// The second.
    Second,
}

/// Something about a timestamp that does not add up, or a choice a reader of
/// the result should know of. The reading stands all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The weekday named is not that of the date; the date was kept.
    WeekdayContradictsDate,
    /// The clock shows no time of the day (25:70); the day was kept.
    ImpossibleClock,
    /// A Bangla date beside the Gregorian one is another day; the Gregorian
    /// one was kept.
    CalendarConflict,
    /// Only a Bangla date was there, which is good to a day either way.
    CalendarOnly,
    /// The year is not in the text; the one nearest the reference was taken.
    YearAssumed,
}

impl Warning {
    /// The code under which records list the warning, in `snake_case`.
    ///
    /// ```
    /// use khobor::bangla::timestamp::Warning;
    /// assert_eq!(Warning::ImpossibleClock.code(), "impossible_clock");
    /// ```
    pub fn code(self) -> &'static str {
        match self {
            Self::WeekdayContradictsDate => "weekday_contradicts_date",
            Self::ImpossibleClock => "impossible_clock",
            Self::CalendarConflict => "calendar_conflict",
            Self::CalendarOnly => "calendar_only",
            Self::YearAssumed => "year_assumed",
        }
    }
}

/// One timestamp as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The moment denoted.
    pub moment: Moment,
    /// How finely the text gives it.
    pub precision: Precision,
    /// Bytes of the input from the first to the last part used (date, clock,
    /// weekday, zone, relative words). The label is not included.
    pub span: Range<usize>,
    /// The label before (or, without a colon, behind) the timestamp.
    pub label: Label,
    /// The calendar that gave the day.
    pub calendar: Calendar,
    /// The weekday the text names.
    pub weekday: Option<Weekday>,
    /// Date and clock as displayed, where the text shows both or the clock
    /// stands for the reference's day; before any offset is applied.
    pub wall: Option<NaiveDateTime>,
    /// Whether the text itself names a zone or offset.
    pub offset_given: bool,
    /// Whether the day or time was counted from the reference.
    pub relative: bool,
    /// What does not add up.
    pub warnings: Vec<Warning>,
}

/// What a reader has to know besides the text.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The zone of clocks that name none.
    pub zone: Tz,
    /// The instant against which relative times and missing years count, such
    /// as the time at which the page was fetched. Without one they give
    /// nothing.
    pub reference: Option<DateTime<FixedOffset>>,
}

impl Context {
    /// A zone and no reference.
    pub const fn new(zone: Tz) -> Self {
        Self { zone, reference: None }
    }

    /// The same with a reference.
    ///
    /// ```
    /// use chrono::DateTime;
    /// use khobor::tz::Tz;
    /// use khobor::bangla::timestamp::{Context, read};
    ///
    /// let fetched = DateTime::parse_from_rfc3339("2024-07-01T09:00:00Z").unwrap();
    /// let cx = Context::new(Tz::DHAKA).with_reference(fetched);
    /// let reading = read("২০ মিনিট আগে", &cx).unwrap();
    /// assert_eq!(reading.moment.to_string(), "2024-07-01T14:40:00+06:00");
    /// ```
    #[must_use]
    pub const fn with_reference(self, reference: DateTime<FixedOffset>) -> Self {
        Self { zone: self.zone, reference: Some(reference) }
    }
}

/// The one timestamp that a line denotes.
///
/// Where there are several: a full date beats one without a year, that one a
/// Bangla date, and all of them a relative time; then publication beats no
/// label and no label an update; then a timestamp with a clock beats one
/// without; then the first.
///
/// ```
/// use khobor::tz::Tz;
/// use khobor::bangla::timestamp::{Context, Label, read};
///
/// let line = "আপডেট: ২ মে ২০২৪, ০৯:০০ | প্রকাশ: ১ মে ২০২৪, ২১:৪৫";
/// let reading = read(line, &Context::new(Tz::DHAKA)).unwrap();
/// assert_eq!(reading.label, Label::Publish);
/// assert_eq!(&line[reading.span], "১ মে ২০২৪, ২১:৪৫");
/// ```
pub fn read(text: &str, cx: &Context) -> Option<Reading> {
    resolve::best(bounded(text), cx)
}

/// Every timestamp of the text in the order in which they stand, each with its
/// own label. An update that shows a clock alone takes the day of the
/// timestamp before it.
///
/// ```
/// use khobor::tz::Tz;
/// use khobor::bangla::timestamp::{Context, Label, read_all};
///
/// let line = "প্রকাশ: ১ মে ২০২৪, ২১:৪৫ | আপডেট: ২২:১০";
/// let readings = read_all(line, &Context::new(Tz::DHAKA));
/// let labels: Vec<Label> = readings.iter().map(|reading| reading.label).collect();
/// assert_eq!(labels, [Label::Publish, Label::Update]);
/// assert_eq!(readings[1].moment.to_string(), "2024-05-01T22:10:00+06:00");
/// ```
pub fn read_all(text: &str, cx: &Context) -> Vec<Reading> {
    resolve::all(bounded(text), cx)
}

/// The instant of a Unix time in seconds or milliseconds, in UTC; `None` for
/// numbers that are no plausible time of either kind (before 1973 or after
/// 2128). Texts are never read this way, because bare numbers are ids far more
/// often than times.
///
/// ```
/// use khobor::bangla::timestamp::from_epoch;
///
/// assert_eq!(from_epoch(1_686_803_400).unwrap().to_string(), "2023-06-15T04:30:00+00:00");
/// assert_eq!(from_epoch(1_686_803_400_000), from_epoch(1_686_803_400));
/// assert_eq!(from_epoch(20_230_615), None);
/// ```
pub fn from_epoch(number: i64) -> Option<Moment> {
    const SECONDS: Range<i64> = 100_000_000..5_000_000_000;
    let instant = if SECONDS.contains(&number) {
        DateTime::from_timestamp(number, 0)
    } else if SECONDS.contains(&number.div_euclid(1000)) {
        DateTime::from_timestamp_millis(number)
    } else {
        None
    };
    instant.map(|utc| Moment::Instant(utc.fixed_offset()))
}

/// The text up to [`MAX_BYTES`], cut between characters.
fn bounded(text: &str) -> &str {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
