//! One list out of what all sources name: each article once, newest first.
//!
//! What sources say of one article is put together before anything is left
//! out: a feed knows its title, a news sitemap when it was published, a plain
//! sitemap only when it was changed last.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use chrono::{NaiveDate, TimeDelta};

use super::date::{instant, is_before, start_of};
use super::document::Entry;
use super::key::{is_twin, key_of, plain};
use super::{Found, Plan, SourceKind};
use crate::bangla::normalize;
use crate::bangla::timestamp::Moment;
use crate::extract::url_day;
use crate::tz::Tz;

/// What one source names.
#[derive(Debug)]
pub(super) struct Batch {
    /// Its address.
    pub(super) source: String,
    /// What it is.
    pub(super) kind: SourceKind,
    /// The articles in their order.
    pub(super) entries: Vec<Entry>,
    /// The last day that its name says it is about.
    pub(super) day: Option<NaiveDate>,
}

/// An article on its way.
struct Draft {
    found: Found,
    date: Option<Moment>,
    /// Whether the date is of a source that says when articles were published.
    published: bool,
    /// Whether the address is that of an AMP or mobile page.
    twin: bool,
    /// The last day of the files that name it, where all have one.
    day: Option<NaiveDate>,
}

/// Puts the batches together.
pub(super) fn gather(batches: Vec<Batch>, zone: Tz, plan: &Plan) -> Vec<Found> {
    // Clocks differ a little; what is dated further ahead has a wrong date.
    let latest = plan.now + TimeDelta::days(1);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for batch in batches {
        for entry in batch.entries {
            let named = entry.named;
            let date = entry.date.filter(|date| instant(*date, zone) <= latest);
            let (date, published) = match date {
                Some(date) => (Some(date), named),
                None => (url_day(&entry.url).map(|(day, _)| Moment::Day(day)), false),
            };
            let url = plain(entry.url);
            let twin = is_twin(&url);
            let key = key_of(&url);
            match by_key.entry(key) {
                Slot::Vacant(slot) => {
                    let found = Found {
                        url: url.into(),
                        key: slot.key().clone(),
                        title: entry.title,
                        date: None,
                        source: batch.source.clone(),
                        kind: batch.kind,
                    };
                    slot.insert(drafts.len());
                    drafts.push(Draft { found, date, published, twin, day: batch.day });
                }
                Slot::Occupied(slot) => {
                    let old = &mut drafts[*slot.get()];
                    if old.twin && !twin {
                        (old.found.url, old.twin) = (url.into(), false);
                    }
                    if old.found.title.is_none() {
                        old.found.title = entry.title;
                    }
                    old.day = old.day.zip(batch.day).map(|(a, b)| a.max(b));
                    if says_more((date, published), (old.date, old.published)) {
                        (old.date, old.published) = (date, published);
                    }
                }
            }
        }
    }
    if let Some(since) = plan.since {
        drafts.retain(|draft| match (draft.date, draft.day) {
            (Some(date), _) => !is_before(date, since, zone),
            (None, Some(day)) => !is_before(Moment::Day(day), since, zone),
            (None, None) => true,
        });
    }
    // Stable: what is equal or undated keeps the order of its source.
    drafts.sort_by_key(|draft| {
        draft.date.map_or((true, 0), |date| {
            let seconds = match date {
                Moment::Instant(instant) => instant.timestamp(),
                Moment::Day(day) => start_of(day, zone).timestamp(),
            };
            (false, -seconds)
        })
    });
    drafts.truncate(plan.max_urls);
    drafts.into_iter().map(Draft::finish).collect()
}

/// Whether a date says more than another: one of publication more than one of
/// change, a time more than a day.
fn says_more(new: (Option<Moment>, bool), old: (Option<Moment>, bool)) -> bool {
    let rank = |(date, published): (Option<Moment>, bool)| match date {
        None => 0,
        Some(date) => 1 + 2 * u8::from(published) + u8::from(matches!(date, Moment::Instant(_))),
    };
    rank(new) > rank(old)
}

impl Draft {
    fn finish(mut self) -> Found {
        self.found.date = self.date.map(|date| date.to_string());
        self.found.title = self.found.title.as_deref().map(title).filter(|t| !t.is_empty());
        self.found
    }
}

/// No title has more characters; what has, is a text in the wrong place.
const MAX_TITLE: usize = 1_000;

/// A title as it is displayed: feeds put markup into it.
fn title(raw: &str) -> String {
    let end = raw.char_indices().nth(MAX_TITLE).map_or(raw.len(), |(end, _)| end);
    let mut rest = &raw[..end];
    let mut text = String::with_capacity(rest.len());
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        if let Some(end) = rest.find('>').filter(|_| is_tag) {
            rest = &rest[end + 1..];
        } else {
            text.push('<');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    crate::page::collapse(&normalize(&text).text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use url::Url;

    fn entry(path: &str, date: &str) -> Entry {
        Entry {
            url: Url::parse("https://ujan.example/").unwrap().join(path).unwrap(),
            title: Some(format!("<b>খবর</b> {path} &amp; আরও")),
            date: super::super::date::read(date, Tz::DHAKA),
            named: true,
        }
    }

    fn batch(kind: SourceKind, entries: Vec<Entry>) -> Batch {
        let named = kind == SourceKind::Feed;
        let entries = entries.into_iter().map(|e| Entry { named, ..e }).collect();
        Batch { source: format!("https://ujan.example/{kind}"), kind, entries, day: None }
    }

    fn plan(since: Option<&str>) -> Plan {
        let at = |t: &str| DateTime::parse_from_rfc3339(t).unwrap().to_utc();
        Plan { since: since.map(at), ..Plan::new(at("2024-03-05T12:00:00+06:00")) }
    }

    fn shown(found: &[Found]) -> Vec<(&str, &str)> {
        found
            .iter()
            .map(|f| (&f.url["https://ujan.example".len()..], f.date.as_deref().unwrap_or("")))
            .collect()
    }

    #[test]
    fn newest_first_and_the_undated_last_in_their_order() {
        let feed = batch(
            SourceKind::Feed,
            vec![
                entry("/u1", ""),
                entry("/a", "2024-03-04T10:00:00+06:00"),
                entry("/b", "2024-03-05T04:30:00Z"),
                entry("/d", "2024-03-05"),
                entry("/u2", ""),
                entry("/2024/03/03/c", ""),
                entry("/future", "2034-03-05T10:00:00+06:00"),
            ],
        );
        let found = gather(vec![feed], Tz::DHAKA, &plan(None));
        assert_eq!(
            shown(&found),
            [
                ("/b", "2024-03-05T04:30:00+00:00"),
                ("/d", "2024-03-05"),
                ("/a", "2024-03-04T10:00:00+06:00"),
                ("/2024/03/03/c", "2024-03-03"),
                ("/u1", ""),
                ("/u2", ""),
                ("/future", ""),
            ]
        );
        assert_eq!(found[0].title.as_deref(), Some("খবর /b & আরও"));
        let limited = gather(
            vec![batch(
                SourceKind::Feed,
                vec![entry("/u", ""), entry("/a", "2024-03-04"), entry("/b", "2024-03-05")],
            )],
            Tz::DHAKA,
            &Plan { max_urls: 2, ..plan(None) },
        );
        assert_eq!(shown(&limited), [("/b", "2024-03-05"), ("/a", "2024-03-04")]);
    }

    #[test]
    fn one_article_of_several_sources_comes_once_with_the_best_of_each() {
        let map = batch(
            SourceKind::Sitemap,
            vec![
                Entry { title: None, ..entry("/amp/1?utm_source=x", "2024-03-05T11:00:00+06:00") },
                entry("/2", ""),
            ],
        );
        let feed = batch(
            SourceKind::Feed,
            vec![entry("/1", "2024-03-05T10:00:00+06:00"), entry("/2", "2024-03-01")],
        );
        let found = gather(vec![map, feed], Tz::DHAKA, &plan(None));
        assert_eq!(shown(&found), [("/1", "2024-03-05T10:00:00+06:00"), ("/2", "2024-03-01")]);
        assert_eq!((found[0].kind, found[0].key.as_str()), (SourceKind::Sitemap, "ujan.example/1"));
        assert_eq!(found[0].title.as_deref(), Some("খবর /1 & আরও"));
    }

    #[test]
    fn what_is_older_is_left_out() {
        let entries =
            || vec![entry("/old", "2024-03-03T10:00:00Z"), entry("/new", "2024-03-05"), entry("/u", "")];
        let feed = batch(SourceKind::Feed, entries());
        let found = gather(vec![feed], Tz::DHAKA, &plan(Some("2024-03-05T06:00:00+06:00")));
        assert_eq!(shown(&found), [("/new", "2024-03-05"), ("/u", "")]);
        let day = NaiveDate::from_ymd_opt(2024, 3, 4);
        let file = Batch { day, ..batch(SourceKind::Sitemap, entries()) };
        let found = gather(vec![file], Tz::DHAKA, &plan(Some("2024-03-05T06:00:00+06:00")));
        assert_eq!(shown(&found), [("/new", "2024-03-05")]);
    }

    #[test]
    fn markup_is_no_part_of_a_title() {
        for (raw, expected) in [
            ("নদীর <i>ধারে</i> মেলা", "নদীর ধারে মেলা"),
            ("৫ < ১০ এবং <বড়>", "৫ < ১০ এবং <বড\u{9bc}>"),
            ("ক &lt; খ <", "ক < খ <"),
            ("  ", ""),
        ] {
            assert_eq!(title(raw), expected);
        }
    }
}
