//! The three Bangla calendars in daily use and which of them a newsroom
//! means. Mastheads print Bangla dates beside Gregorian ones, and a few pages
//! print nothing else; the month names are the same in all three calendars
//! while the days differ, so zone and year decide.

mod bangladesh;
mod west_bengal;

use crate::tz::Tz;
use chrono::{Datelike, NaiveDate};
use std::fmt;

/// A day of a Bangla calendar. Which calendar, the type does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BanglaDate {
    /// Bangla year (বঙ্গাব্দ); year 1431 began in April 2024.
    pub year: i32,
    /// Month from 1 (বৈশাখ) to 12 (চৈত্র).
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

impl BanglaDate {
    /// A date of the given parts, unchecked: whether it exists depends on the
    /// calendar, so [`BanglaCalendar::to_gregorian`] tells.
    pub const fn new(year: i32, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }
}

impl fmt::Display for BanglaDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A rule that ties Bangla dates to Gregorian days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BanglaCalendar {
    /// Bangladesh since 17 October 2019: six months of 31 days.
    BangladeshRevised,
    /// Bangladesh from 1987 to 16 October 2019: five months of 31 days.
    Bangladesh1987,
    /// West Bengal, Tripura and Assam: the sidereal solar year of the
    /// traditional almanacs, computed with the Surya Siddhanta. Printed
    /// almanacs may differ by a day where the sun changes sign within minutes
    /// of midnight.
    WestBengal,
}

/// First Bangla year under the revised rule. The reform took effect inside
/// that year, but the months before it are the same under both rules.
const REVISED_FROM: i32 = 1426;
/// First Bangla year of the official fixed calendar of Bangladesh (1987).
const FIXED_FROM: i32 = 1394;

impl BanglaCalendar {
    /// The Gregorian day of a Bangla date, or `None` where this calendar has
    /// no such date.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use khobor::bangla::calendar::{BanglaCalendar, BanglaDate};
    ///
    /// let new_year = BanglaDate::new(1432, 1, 1);
    /// let in_dhaka = BanglaCalendar::BangladeshRevised.to_gregorian(new_year);
    /// let in_kolkata = BanglaCalendar::WestBengal.to_gregorian(new_year);
    /// assert_eq!(in_dhaka, NaiveDate::from_ymd_opt(2025, 4, 14));
    /// assert_eq!(in_kolkata, NaiveDate::from_ymd_opt(2025, 4, 15));
    /// ```
    pub fn to_gregorian(self, date: BanglaDate) -> Option<NaiveDate> {
        match self {
            Self::BangladeshRevised => bangladesh::to_gregorian(&bangladesh::REVISED, date),
            Self::Bangladesh1987 => bangladesh::to_gregorian(&bangladesh::OF_1987, date),
            Self::WestBengal => west_bengal::to_gregorian(date),
        }
    }

    /// The Bangla date of a Gregorian day, or `None` outside the years that
    /// can be computed (roughly 594 to 9999 CE).
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// use khobor::bangla::calendar::{BanglaCalendar, BanglaDate};
    ///
    /// let day = NaiveDate::from_ymd_opt(2019, 12, 16).unwrap();
    /// let bangla = BanglaCalendar::BangladeshRevised.from_gregorian(day);
    /// assert_eq!(bangla, Some(BanglaDate::new(1426, 9, 1)));
    /// ```
    #[allow(clippy::wrong_self_convention)] // reads as the counterpart of to_gregorian
    pub fn from_gregorian(self, day: NaiveDate) -> Option<BanglaDate> {
        if !(594..=9999).contains(&day.year()) {
            return None;
        }
        match self {
            Self::BangladeshRevised => bangladesh::from_gregorian(&bangladesh::REVISED, day),
            Self::Bangladesh1987 => bangladesh::from_gregorian(&bangladesh::OF_1987, day),
            Self::WestBengal => west_bengal::from_gregorian(day),
        }
    }

    /// The calendar in which a paper of this zone means a date of this Bangla
    /// year. Indian zones follow the almanac; everywhere else Bangladesh's
    /// rule of the time holds, and the almanac before there was one (1987).
    ///
    /// ```
    /// use khobor::tz::Tz;
    /// use khobor::bangla::calendar::BanglaCalendar;
    ///
    /// assert_eq!(BanglaCalendar::of_year(Tz::DHAKA, 1431), BanglaCalendar::BangladeshRevised);
    /// assert_eq!(BanglaCalendar::of_year(Tz::DHAKA, 1421), BanglaCalendar::Bangladesh1987);
    /// assert_eq!(BanglaCalendar::of_year(Tz::KOLKATA, 1431), BanglaCalendar::WestBengal);
    /// ```
    pub fn of_year(zone: Tz, bangla_year: i32) -> Self {
        if matches!(zone.name(), "Asia/Kolkata" | "Asia/Calcutta") || bangla_year < FIXED_FROM {
            Self::WestBengal
        } else if bangla_year < REVISED_FROM {
            Self::Bangladesh1987
        } else {
            Self::BangladeshRevised
        }
    }

    /// The calendar by which a paper of this zone dates a Gregorian day.
    pub fn of_day(zone: Tz, day: NaiveDate) -> Self {
        let year = if (day.month(), day.day()) >= (4, 14) { day.year() - 593 } else { day.year() - 594 };
        Self::of_year(zone, year)
    }
}

#[cfg(test)]
mod tests {
    use super::BanglaCalendar::{Bangladesh1987, BangladeshRevised, WestBengal};
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn days() -> impl Iterator<Item = NaiveDate> {
        day(1995, 1, 1).iter_days().take_while(|d| d.year() <= 2035)
    }

    #[test]
    fn every_day_goes_there_and_back() {
        for calendar in [BangladeshRevised, Bangladesh1987, WestBengal] {
            let mut before: Option<BanglaDate> = None;
            for day in days() {
                let bangla = calendar.from_gregorian(day).unwrap();
                assert_eq!(calendar.to_gregorian(bangla), Some(day), "{calendar:?} {bangla}");
                assert!(before < Some(bangla), "{calendar:?} {bangla}");
                before = Some(bangla);
            }
        }
    }

    #[test]
    fn every_existing_date_goes_back_and_there() {
        for calendar in [BangladeshRevised, Bangladesh1987, WestBengal] {
            for year in 1402..1442 {
                let mut days_of_year = 0;
                for month in 1..=12 {
                    for day in 0..=33 {
                        let date = BanglaDate::new(year, month, day);
                        if let Some(gregorian) = calendar.to_gregorian(date) {
                            assert_eq!(calendar.from_gregorian(gregorian), Some(date), "{calendar:?}");
                            days_of_year += 1;
                        }
                    }
                }
                assert!((365..=366).contains(&days_of_year), "{calendar:?} {year}: {days_of_year}");
            }
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for calendar in [BangladeshRevised, Bangladesh1987, WestBengal] {
            for date in [
                BanglaDate::new(1430, 0, 1),
                BanglaDate::new(1430, 13, 1),
                BanglaDate::new(1430, 1, 0),
                BanglaDate::new(1430, 1, 33),
                BanglaDate::new(i32::MAX, 1, 1),
                BanglaDate::new(i32::MIN, 12, 1),
            ] {
                assert_eq!(calendar.to_gregorian(date), None, "{calendar:?} {date}");
            }
            assert_eq!(calendar.from_gregorian(NaiveDate::MIN), None);
            assert_eq!(calendar.from_gregorian(NaiveDate::MAX), None);
        }
        assert_eq!(BangladeshRevised.to_gregorian(BanglaDate::new(1429, 11, 30)), None);
        assert_eq!(Bangladesh1987.to_gregorian(BanglaDate::new(1421, 6, 31)), None);
    }

    #[test]
    fn printed_mastheads_agree() {
        for (gregorian, bangla) in [
            (day(2014, 4, 14), BanglaDate::new(1421, 1, 1)),
            (day(2024, 3, 19), BanglaDate::new(1430, 12, 5)),
            (day(2024, 4, 19), BanglaDate::new(1431, 1, 6)),
            (day(2025, 4, 22), BanglaDate::new(1432, 1, 9)),
            (day(2025, 3, 23), BanglaDate::new(1431, 12, 9)),
            (day(2022, 8, 19), BanglaDate::new(1429, 5, 4)),
            (day(2025, 12, 26), BanglaDate::new(1432, 9, 11)),
            (day(2025, 9, 9), BanglaDate::new(1432, 5, 25)),
            (day(2025, 8, 18), BanglaDate::new(1432, 5, 3)),
            (day(2024, 4, 23), BanglaDate::new(1431, 1, 10)),
            (day(2022, 12, 29), BanglaDate::new(1429, 9, 14)),
            (day(2019, 2, 21), BanglaDate::new(1425, 11, 9)),
            (day(2019, 10, 16), BanglaDate::new(1426, 6, 31)),
            (day(2019, 10, 17), BanglaDate::new(1426, 7, 1)),
            (day(2020, 2, 21), BanglaDate::new(1426, 11, 8)),
            (day(2019, 12, 16), BanglaDate::new(1426, 9, 1)),
            (day(2021, 3, 26), BanglaDate::new(1427, 12, 12)),
            (day(1952, 2, 21), BanglaDate::new(1358, 11, 8)),
        ] {
            let calendar = BanglaCalendar::of_year(Tz::DHAKA, bangla.year);
            assert_eq!(calendar.to_gregorian(bangla), Some(gregorian), "{bangla}");
            assert_eq!(BanglaCalendar::of_day(Tz::DHAKA, gregorian), calendar, "{gregorian}");
        }
    }

    #[test]
    fn kolkata_counts_under_its_old_name_too() {
        let zone: Tz = "Asia/Calcutta".parse().unwrap();
        assert_eq!(BanglaCalendar::of_year(zone, 1431), WestBengal);
    }

    #[test]
    fn printed_almanac_lines_agree() {
        for (gregorian, bangla) in [
            (day(2025, 9, 30), BanglaDate::new(1432, 6, 13)),
            (day(2025, 10, 12), BanglaDate::new(1432, 6, 25)),
            (day(2023, 5, 9), BanglaDate::new(1430, 1, 25)),
        ] {
            assert_eq!(WestBengal.to_gregorian(bangla), Some(gregorian), "{bangla}");
        }
        for year in 2012..=2025 {
            let first = if year % 4 == 0 { 14 } else { 15 };
            let new_year = WestBengal.to_gregorian(BanglaDate::new(year - 593, 1, 1));
            assert_eq!(new_year, Some(day(year, 4, first)));
        }
    }

    #[test]
    fn an_independent_crate_agrees_on_bangladesh() {
        for gregorian in days() {
            for (calendar, theirs) in [
                (BangladeshRevised, bongabdo::CalendarStandard::Bangladesh),
                (Bangladesh1987, bongabdo::CalendarStandard::BangladeshLegacy),
            ] {
                let ours = calendar.from_gregorian(gregorian).unwrap();
                assert_eq!(their_date(theirs, gregorian), ours, "{calendar:?} {gregorian}");
            }
        }
    }

    fn their_date(standard: bongabdo::CalendarStandard, day: NaiveDate) -> BanglaDate {
        let theirs = bongabdo::Bongabdo::from_ymd(day.year(), day.month(), day.day(), standard).unwrap();
        BanglaDate::new(theirs.year, u8::try_from(theirs.month).unwrap(), u8::try_from(theirs.day).unwrap())
    }
}
