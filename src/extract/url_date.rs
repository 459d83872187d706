//! Days in addresses: `/2024/03/05/`, `/2024-03-05/`, `nPID=20240305`.
//!
//! Only shapes that newsrooms use for the day of publication count; a number
//! that merely could be a date does not.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone};
use url::Url;

use super::context::Cx;
use super::notes::Notes;
use super::timestamp::{Clock, Stamp};
use crate::article::{Source, WarningCode};
use crate::bangla::timestamp::Moment;
use crate::tz::Tz;

/// The day in an address, and the literal that it was read from.
pub fn day(url: &Url) -> Option<(NaiveDate, String)> {
    let segments: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
    for window in segments.windows(3) {
        if let [y, m, d] = window
            && y.len() == 4
            && m.len() <= 2
            && d.len() <= 2
            && let Some(day) = date(y, m, d)
        {
            return Some((day, window.join("/")));
        }
    }
    for segment in &segments {
        let mut parts = segment.split('-');
        if let (Some(y), Some(m), Some(d), None) = (parts.next(), parts.next(), parts.next(), parts.next())
            && y.len() == 4
            && m.len() == 2
            && d.len() == 2
            && let Some(day) = date(y, m, d)
        {
            return Some((day, (*segment).to_owned()));
        }
    }
    for (name, value) in url.query_pairs() {
        let dated = name.to_ascii_lowercase();
        if value.len() == 8
            && value.bytes().all(|b| b.is_ascii_digit())
            && (dated.contains("date") || dated.ends_with("pid") || dated == "d")
            && let Some(day) = date(&value[..4], &value[4..6], &value[6..])
        {
            return Some((day, format!("{name}={value}")));
        }
    }
    None
}

/// The minute in an id at the end of an address: fourteen digits that are a
/// date and a clock (`wb20240305184211…`), or milliseconds since 1970, perhaps
/// behind one digit that tells the id's kind. Both are the content system's
/// own clock.
pub fn moment(url: &Url, zone: Option<Tz>) -> Option<(Moment, String)> {
    let zone = zone?;
    let last = url.path_segments()?.rfind(|s| !s.is_empty())?;
    let last = last.strip_suffix(".html").unwrap_or(last);
    let run = last.rsplit(|c: char| !c.is_ascii_digit()).find(|r| r.len() >= 13)?;
    if let Some(wall) = run.get(..14).and_then(|d| NaiveDateTime::parse_from_str(d, "%Y%m%d%H%M%S").ok())
        && (1995..2100).contains(&chrono::Datelike::year(&wall))
    {
        let local = zone.from_local_datetime(&wall).single()?.fixed_offset();
        return Some((Moment::Instant(minute(local)?), run.get(..14)?.to_owned()));
    }
    let millis = match run.len() {
        13 => run,
        14 => &run[1..],
        _ => return None,
    };
    // From 2005 to 2034: other numbers of thirteen digits are ids.
    let number: i64 = millis.parse().ok().filter(|n| (1_104_537_600_000..2_051_222_400_000).contains(n))?;
    let utc = DateTime::from_timestamp_millis(number)?;
    let offset = zone.offset_from_utc_datetime(&utc.naive_utc()).fix();
    Some((Moment::Instant(minute(utc.with_timezone(&offset))?), millis.to_owned()))
}

/// The instant without its seconds: an id is no clock to the second.
fn minute(t: DateTime<FixedOffset>) -> Option<DateTime<FixedOffset>> {
    let seconds = t.timestamp().rem_euclid(60);
    let millis = i64::from(t.timestamp_subsec_millis());
    t.checked_sub_signed(chrono::Duration::milliseconds(seconds * 1000 + millis))
}

fn date(y: &str, m: &str, d: &str) -> Option<NaiveDate> {
    let (y, m, d) = (y.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
    (1995..2100).contains(&y).then(|| NaiveDate::from_ymd_opt(y, m, d))?
}

/// The last resort: a day, or an id that holds a time, in the page's address.
pub fn last_resort(cx: &Cx<'_>, clock: Clock, notes: &mut Notes) -> Option<Stamp> {
    let url = cx.url.as_ref()?;
    let (moment, literal) = match day(url) {
        Some((day, literal)) => (Moment::Day(day), literal),
        None => moment(url, clock.zone)?,
    };
    notes.warn(WarningCode::DateFromUrl, literal.clone());
    let stamp = Stamp { moment, text: literal, source: Source::Url };
    notes.take("published_at", stamp.moment.to_string(), Source::Url);
    Some(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_are_days_and_that_are_not() {
        let read = |u: &str| day(&Url::parse(u).unwrap()).map(|(d, _)| d.to_string());
        assert_eq!(read("https://a.example/x/2024/03/05/77").as_deref(), Some("2024-03-05"));
        assert_eq!(read("https://a.example/news/2024-03-05/9").as_deref(), Some("2024-03-05"));
        assert_eq!(read("https://a.example/?nPID=20210615&P=1").as_deref(), Some("2021-06-15"));
        assert_eq!(read("https://a.example/2024/13/05/"), None);
        assert_eq!(read("https://a.example/id/20240305"), None);
        assert_eq!(read("https://a.example/?id=20240305"), None);
    }

    #[test]
    fn ids_that_hold_a_time_and_that_do_not() {
        let read = |u: &str| moment(&Url::parse(u).unwrap(), Some(Tz::KOLKATA)).map(|(m, _)| m.to_string());
        assert_eq!(
            read("https://a.example/x/river-fair-31709644335123.html").as_deref(),
            Some("2024-03-05T18:42:00+05:30")
        );
        assert_eq!(
            read("https://a.example/x/river-fair-1709644335123").as_deref(),
            Some("2024-03-05T18:42:00+05:30")
        );
        assert_eq!(
            read("https://a.example/x/wb20240305184211604604118").as_deref(),
            Some("2024-03-05T18:42:00+05:30")
        );
        assert_eq!(read("https://a.example/x/9999999999999"), None);
        assert_eq!(read("https://a.example/x/170964433"), None);
    }
}
