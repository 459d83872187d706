//! Days in addresses: `/2024/03/05/`, `/2024-03-05/`, `nPID=20240305`.
//!
//! Only shapes that newsrooms use for the day of publication count; a number
//! that merely could be a date does not.

use chrono::NaiveDate;
use url::Url;

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

fn date(y: &str, m: &str, d: &str) -> Option<NaiveDate> {
    let (y, m, d) = (y.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
    (1995..2100).contains(&y).then(|| NaiveDate::from_ymd_opt(y, m, d))?
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
}
