//! Dates as feeds and sitemaps write them.
//!
//! RFC 3339 and its kin for Atom and sitemaps, RFC 2822 for RSS, and whatever
//! else is put there: wrong weekdays, names of zones, clocks without an offset
//! (the site's zone then), Bengali dates. The offset that is given stays.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};

use crate::bangla::timestamp::{self, Context, Moment};
use crate::tz::Tz;

/// No date is longer; what is, is prose.
const MAX_DATE: usize = 120;

/// Reads a date; clocks without an offset are of the site's zone.
pub(super) fn read(text: &str, zone: Tz) -> Option<Moment> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_DATE {
        return None;
    }
    if let Ok(instant) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)) {
        return Some(Moment::Instant(instant));
    }
    // The W3C's profile of ISO 8601, which sitemaps use, goes to the minute or
    // the day as well; offsets without a colon are as common.
    for form in ["%Y-%m-%dT%H:%M%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"] {
        if let Ok(instant) = DateTime::parse_from_str(text, form) {
            return Some(Moment::Instant(instant));
        }
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(wall) = NaiveDateTime::parse_from_str(text, form) {
            let local = zone.from_local_datetime(&wall).earliest()?;
            return Some(Moment::Instant(local.fixed_offset()));
        }
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(Moment::Day(day));
    }
    timestamp::read(text, &Context::new(zone)).map(|reading| reading.moment)
}

/// The instant at which a moment begins.
pub(super) fn instant(moment: Moment, zone: Tz) -> DateTime<Utc> {
    match moment {
        Moment::Instant(instant) => instant.to_utc(),
        Moment::Day(day) => start_of(day, zone),
    }
}

/// Midnight at the beginning of a day.
pub(super) fn start_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where the clocks were put forward at midnight there is none; UTC's is
    // near enough to sort by.
    zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |local| local.to_utc())
}

/// Whether a moment is before another: a day is before an instant only where
/// it has ended by then.
pub(super) fn is_before(moment: Moment, limit: DateTime<Utc>, zone: Tz) -> bool {
    match moment {
        Moment::Instant(instant) => instant.to_utc() < limit,
        Moment::Day(day) => {
            day.checked_add_days(Days::new(1)).is_some_and(|next| start_of(next, zone) <= limit)
        }
    }
}

/// Turns midnights into days where all moments of a source are midnights:
/// then no time was known, and none is made up.
pub(super) fn days_for_midnights<'a>(moments: impl Iterator<Item = &'a mut Moment>) {
    let moments: Vec<&mut Moment> = moments.collect();
    let is_midnight =
        |m: &Moment| matches!(m, Moment::Instant(i) if i.time().num_seconds_from_midnight() == 0);
    if moments.iter().all(|m| is_midnight(m) || matches!(m, Moment::Day(_))) {
        for moment in moments {
            *moment = Moment::Day(moment.day());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        read(text, Tz::DHAKA).map(|m| m.to_string())
    }

    #[test]
    fn dates_of_sources_are_read_with_their_offset() {
        for (text, expected) in [
            ("2024-03-05T10:20:30+06:00", "2024-03-05T10:20:30+06:00"),
            ("2024-03-05T10:20:30.123Z", "2024-03-05T10:20:30+00:00"),
            ("2024-03-05T10:20:30+0600", "2024-03-05T10:20:30+06:00"),
            ("2024-03-05T10:20+06:00", "2024-03-05T10:20:00+06:00"),
            ("2024-03-05T10:20Z", "2024-03-05T10:20:00+00:00"),
            ("2024-03-05 10:20:30", "2024-03-05T10:20:30+06:00"),
            ("2024-03-05T10:20:30", "2024-03-05T10:20:30+06:00"),
            ("2024-03-05 10:20:30 +0530", "2024-03-05T10:20:30+05:30"),
            ("2024-03-05", "2024-03-05"),
            ("Tue, 05 Mar 2024 10:20:30 +0600", "2024-03-05T10:20:30+06:00"),
            (" Tue, 05 Mar 2024 10:20:30 GMT\n", "2024-03-05T10:20:30+00:00"),
            ("Wed, 05 Mar 2024 10:20:30 +0600", "2024-03-05T10:20:30+06:00"),
            ("Tuesday, 5 March 2024 10:20:30 +0600", "2024-03-05T10:20:30+06:00"),
            ("05 Mar 2024 10:20 GMT", "2024-03-05T10:20:00+00:00"),
            ("মঙ্গলবার, ০৫ মার্চ ২০২৪, ১০:২০", "2024-03-05T10:20:00+06:00"),
            ("৫ মার্চ ২০২৪", "2024-03-05"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "now", "2024", "0000-00-00 00:00:00", &"5 Mar 2024 ".repeat(20)] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn midnights_are_days_only_where_all_are() {
        let at = |text: &str| read(text, Tz::DHAKA).unwrap();
        let mut all = [at("Sun, 16 Nov 2025 00:00:00 GMT"), at("Mon, 17 Nov 2025 00:00:00 GMT")];
        days_for_midnights(all.iter_mut());
        assert_eq!(all.map(|m| m.to_string()), ["2025-11-16", "2025-11-17"]);
        let mut some = [at("Sun, 16 Nov 2025 00:00:00 GMT"), at("Mon, 17 Nov 2025 00:00:01 GMT")];
        days_for_midnights(some.iter_mut());
        assert_eq!(some[0].to_string(), "2025-11-16T00:00:00+00:00");
    }

    #[test]
    fn a_day_is_before_what_comes_after_it() {
        let limit = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let day = Moment::Day(NaiveDate::from_ymd_opt(2024, 3, 5).unwrap());
        assert!(!is_before(day, limit("2024-03-05T23:59:00+06:00"), Tz::DHAKA));
        assert!(is_before(day, limit("2024-03-06T00:00:00+06:00"), Tz::DHAKA));
    }
}
