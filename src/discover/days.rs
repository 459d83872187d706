//! Days in the names of sitemaps: filling a pattern in, and reading the day,
//! month or year that a name is about.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use url::Url;

use crate::tz::Tz;

/// The most days for which sitemaps are asked in one search.
const MOST_DAYS: u64 = 31;

/// Whether an address stands for one file a day (or month, or year).
pub(super) fn is_pattern(address: &str) -> bool {
    address.contains("YYYY")
}

/// The address with a day filled in.
pub(super) fn fill(pattern: &str, day: NaiveDate) -> String {
    pattern
        .replace("YYYY", &format!("{:04}", day.year()))
        .replace("MM", &format!("{:02}", day.month()))
        .replace("DD", &format!("{:02}", day.day()))
}

/// The days that a search is about, the newest first: from `since` on, without
/// it today and yesterday.
pub(super) fn of_search(since: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: Tz) -> Vec<NaiveDate> {
    let today = now.with_timezone(&zone).date_naive();
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let first = since.map_or(yesterday, |since| since.with_timezone(&zone).date_naive());
    let days = (0..MOST_DAYS).map_while(|n| today.checked_sub_days(Days::new(n)));
    days.take_while(|day| *day >= first.min(today)).collect()
}

/// The first and the last day that a sitemap's name says it is about.
pub(super) fn span(url: &Url) -> Option<(NaiveDate, NaiveDate)> {
    let text = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut runs: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()).map(|i| at + i) {
        let end = text[start..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |i| start + i);
        runs.push((start, &text[start..end]));
        at = end;
    }
    runs.iter().enumerate().find_map(|(i, (_, run))| {
        // A part of the same date, a few characters behind the last one.
        let next = |n: usize| {
            let ((before, last), (after, run)) = (runs.get(i + n - 1)?, runs.get(i + n)?);
            (*after - (before + last.len()) <= 4 && run.len() <= 2).then_some(*run)
        };
        match run.len() {
            8 => day(&run[..4], &run[4..6], &run[6..]).map(|day| (day, day)),
            6 => month(&run[..4], &run[4..]),
            4 => {
                let by_day = next(1).and_then(|m| day(run, m, next(2)?)).map(|day| (day, day));
                by_day.or_else(|| month(run, next(1)?)).or_else(|| year(run))
            }
            _ => None,
        }
    })
}

fn day(y: &str, m: &str, d: &str) -> Option<NaiveDate> {
    let y = y.parse().ok().filter(|y| (1995..2100).contains(y))?;
    NaiveDate::from_ymd_opt(y, m.parse().ok()?, d.parse().ok()?)
}

fn month(y: &str, m: &str) -> Option<(NaiveDate, NaiveDate)> {
    let first = day(y, m, "1")?;
    Some((first, first.checked_add_months(Months::new(1))?.pred_opt()?))
}

fn year(y: &str) -> Option<(NaiveDate, NaiveDate)> {
    Some((day(y, "1", "1")?, day(y, "12", "31")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled_in() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        assert!(is_pattern("https://a.example/YYYY-MM-DD.xml") && !is_pattern("https://a.example/MM.xml"));
        assert_eq!(fill("https://a.example/d/YYYY-MM-DD/s.xml", day), "https://a.example/d/2026-03-05/s.xml");
    }

    #[test]
    fn days_of_a_search_are_those_of_the_sites_zone() {
        let at = |t: &str| DateTime::parse_from_rfc3339(t).unwrap().to_utc();
        let shown = |since: Option<&str>| {
            let days = of_search(since.map(at), at("2026-03-05T19:00:00Z"), Tz::DHAKA);
            days.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(shown(None), ["2026-03-06", "2026-03-05"]);
        assert_eq!(shown(Some("2026-03-05T18:30:00Z")), ["2026-03-06"]);
        assert_eq!(shown(Some("2026-03-04T00:00:00Z")), ["2026-03-06", "2026-03-05", "2026-03-04"]);
        assert_eq!(shown(Some("2030-01-01T00:00:00Z")), ["2026-03-06"]);
        assert_eq!(shown(Some("2000-01-01T00:00:00Z")).len(), 31);
    }

    #[test]
    fn names_tell_their_days() {
        for (path, expected) in [
            ("/sitemap/sitemap-daily-2026-03-05.xml", Some("2026-03-05 2026-03-05")),
            ("/daily-sitemap/2026-03-05/sitemap.xml", Some("2026-03-05 2026-03-05")),
            ("/sitemap-20260305.xml", Some("2026-03-05 2026-03-05")),
            ("/sitemap-pt-post-2026-02.xml", Some("2026-02-01 2026-02-28")),
            ("/sitemap.xml?yyyy=2026&mm=03&dd=05", Some("2026-03-05 2026-03-05")),
            ("/sitemap-202602.xml", Some("2026-02-01 2026-02-28")),
            ("/2026/sitemap.xml", Some("2026-01-01 2026-12-31")),
            ("/post-sitemap12.xml", None),
            ("/sitemap_9999.xml", None),
            ("/sitemap.xml", None),
        ] {
            let url = Url::parse(&format!("https://a.example{path}")).unwrap();
            assert_eq!(span(&url).map(|(a, b)| format!("{a} {b}")).as_deref(), expected, "{path}");
        }
    }
}
