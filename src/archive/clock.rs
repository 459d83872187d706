//! The archive's clock: the system's, or one that was set to another time, so
//! that days can be played through in a test or a missed run dated.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::tz::Tz;

/// A clock that runs as fast as the system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    ahead: TimeDelta,
}

impl Clock {
    /// A clock that shows `now` at this moment; the system's without it.
    pub fn new(now: Option<DateTime<Utc>>) -> Self {
        Self { ahead: now.map_or_else(TimeDelta::zero, |now| now - Utc::now()) }
    }

    /// The time now.
    pub fn now(self) -> DateTime<Utc> {
        self.shown(Utc::now())
    }

    /// What this clock showed when the system's showed `at`.
    pub fn shown(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + self.ahead
    }
}

/// The day of an instant in a zone.
pub(crate) fn day(at: i64, zone: Tz) -> NaiveDate {
    let at = DateTime::from_timestamp(at, 0).unwrap_or_default();
    at.with_timezone(&zone).date_naive()
}

/// A day as the number that stands in the database: 20261124.
pub(crate) fn day_number(day: NaiveDate) -> i64 {
    use chrono::Datelike;
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// An instant as it stands in records.
pub(crate) fn rfc3339(at: i64) -> String {
    DateTime::from_timestamp(at, 0).unwrap_or_default().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_in_the_zone() {
        // 18:30 in London is half past midnight in Dhaka.
        let at = DateTime::parse_from_rfc3339("2026-11-24T18:30:00Z").unwrap().timestamp();
        assert_eq!(day_number(day(at, Tz::DHAKA)), 20_261_125);
        assert_eq!(day_number(day(at, Tz::UTC)), 20_261_124);
        assert_eq!(rfc3339(at), "2026-11-24T18:30:00Z");
    }

    #[test]
    fn a_set_clock_runs_on() {
        let noon = DateTime::parse_from_rfc3339("2020-01-01T12:00:00Z").unwrap().to_utc();
        let clock = Clock::new(Some(noon));
        let shown = clock.now() - noon;
        assert!(shown >= TimeDelta::zero() && shown < TimeDelta::seconds(5));
    }
}
