//! Which sitemaps of an index are asked, and in which order.
//!
//! An index of a large site names hundreds of files, of which one or two hold
//! what is new. Which these are, it says by `lastmod`, by the day or month in
//! a file's name, or by its number; the order of the list says nothing.

use chrono::{DateTime, Utc};
use url::Url;

use super::date::{instant, is_before, start_of};
use super::days::span;
use super::document::Child;
use crate::bangla::timestamp::Moment;
use crate::tz::Tz;

/// Words in the names of sitemaps that list no articles.
const OTHERS: &[&str] = &[
    "attachment",
    "author",
    "authors",
    "categories",
    "category",
    "image",
    "images",
    "menu",
    "photo",
    "photos",
    "product",
    "section",
    "sections",
    "static",
    "tag",
    "tags",
    "taxonomies",
    "taxonomy",
    "topic",
    "topics",
    "user",
    "users",
    "video",
    "videos",
];

/// The words and numbers of the last part of an address.
fn words(url: &Url) -> Vec<String> {
    let last = url.path_segments().into_iter().flatten().rfind(|s| !s.is_empty()).unwrap_or_default();
    let query = url.query().unwrap_or_default();
    let text = format!("{last} {query}").to_ascii_lowercase();
    let mut out = vec![String::new()];
    let mut digits = false;
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() || c.is_ascii_digit() != digits {
            out.push(String::new());
            digits = c.is_ascii_digit();
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = out.last_mut()
        {
            word.push(c);
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

/// Whether an address is that of a news sitemap.
pub(super) fn is_news(url: &Url) -> bool {
    let words = words(url);
    words.iter().any(|w| matches!(w.as_str(), "news" | "newssitemap" | "googlenews" | "latest"))
        || url.path().to_ascii_lowercase().contains("news-sitemap")
}

/// Whether a sitemap's name says that it lists something else than articles.
fn lists_others(url: &Url) -> bool {
    let words = words(url);
    words.iter().any(|w| OTHERS.contains(&w.as_str()))
        || words.first().is_some_and(|w| w == "page" || w == "pages")
}

/// The sitemaps of an index that may name what is new, the likeliest first.
/// `path` is that below which the site is: where some sitemaps are below it,
/// the others are of other editions.
pub(super) fn choose(
    mut children: Vec<Child>,
    path: &str,
    since: Option<DateTime<Utc>>,
    zone: Tz,
) -> Vec<Child> {
    let inside = |child: &Child| {
        let below = child.url.path().trim_start_matches('/').strip_prefix(path);
        !path.is_empty() && below.is_some_and(|rest| rest.starts_with('/'))
    };
    if children.iter().any(inside) {
        children.retain(inside);
    }
    if children.iter().any(|child| !lists_others(&child.url)) {
        children.retain(|child| !lists_others(&child.url));
    }
    if let Some(since) = since {
        children.retain(|child| {
            let changed = child.lastmod.is_none_or(|lastmod| !is_before(lastmod, since, zone));
            changed && span(&child.url).is_none_or(|(_, last)| !is_before(Moment::Day(last), since, zone))
        });
    }
    children.sort_by_key(|child| {
        let named = span(&child.url).map(|(first, _)| start_of(first, zone));
        let number = words(&child.url).iter().rev().find_map(|w| w.parse::<u64>().ok());
        // A time at which the whole list was made is no child's own, but then
        // it is that of all.
        let changed = child.lastmod.map(|lastmod| instant(lastmod, zone));
        std::cmp::Reverse((is_news(&child.url), changed.or(named), named, number))
    });
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[(&str, &str)], since: Option<&str>) -> Vec<String> {
        chosen_below("", names, since)
    }

    fn chosen_below(path: &str, names: &[(&str, &str)], since: Option<&str>) -> Vec<String> {
        let base = Url::parse("https://a.example/").unwrap();
        let child = |(name, lastmod): &(&str, &str)| Child {
            url: base.join(name).unwrap(),
            lastmod: super::super::date::read(lastmod, Tz::DHAKA),
        };
        let since = since.map(|t| DateTime::parse_from_rfc3339(t).unwrap().to_utc());
        let children = choose(names.iter().map(child).collect(), path, since, Tz::DHAKA);
        children
            .into_iter()
            .map(|c| c.url[url::Position::BeforePath..].trim_start_matches('/').to_owned())
            .collect()
    }

    #[test]
    fn the_newest_comes_first_by_change_by_name_or_by_number() {
        assert_eq!(
            chosen(
                &[
                    ("a.xml", "2024-03-01"),
                    ("b.xml", "2024-03-05T10:00:00Z"),
                    ("c.xml", ""),
                    ("news.xml", "")
                ],
                None
            ),
            ["news.xml", "b.xml", "a.xml", "c.xml"]
        );
        assert_eq!(
            chosen(&[("s-2024-01.xml", ""), ("s-2024-03.xml", ""), ("s-2023-12.xml", "")], None),
            ["s-2024-03.xml", "s-2024-01.xml", "s-2023-12.xml"]
        );
        assert_eq!(
            chosen(&[("post-sitemap2.xml", ""), ("post-sitemap10.xml", ""), ("post-sitemap.xml", "")], None),
            ["post-sitemap10.xml", "post-sitemap2.xml", "post-sitemap.xml"]
        );
        assert_eq!(
            chosen(&[("s.xml?page=1", "2024-03-05"), ("s.xml?page=9", "2024-03-05")], None),
            ["s.xml?page=9", "s.xml?page=1"]
        );
    }

    #[test]
    fn sitemaps_of_other_things_and_of_other_times_are_left_out() {
        assert_eq!(
            chosen(
                &[
                    ("category-sitemap.xml", ""),
                    ("post_tag-sitemap2.xml", ""),
                    ("page-sitemap.xml", ""),
                    ("wp-sitemap-users-1.xml", ""),
                    ("wp-sitemap-posts-post-1.xml", ""),
                ],
                None
            ),
            ["wp-sitemap-posts-post-1.xml"]
        );
        assert_eq!(
            chosen(&[("video-sitemap.xml", "")], None),
            ["video-sitemap.xml"],
            "there is nothing else"
        );
        assert_eq!(
            chosen(
                &[
                    ("a.xml", "2024-03-01"),
                    ("b.xml", "2024-03-05"),
                    ("s-2024-02.xml", ""),
                    ("s-2024-03.xml", ""),
                    ("c.xml", "")
                ],
                Some("2024-03-05T08:00:00+06:00")
            ),
            ["b.xml", "s-2024-03.xml", "c.xml"]
        );
    }

    #[test]
    fn other_editions_of_a_host_are_left_out_where_they_can_be_told() {
        let names = [("hindi/news.xml", ""), ("bn/posts.xml", ""), ("bnx/news.xml", "")];
        assert_eq!(chosen_below("bn", &names, None), ["bn/posts.xml"]);
        assert_eq!(chosen_below("bn", &names[..1], None), ["hindi/news.xml"]);
    }
}
