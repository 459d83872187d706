//! When two addresses are one article.
//!
//! Sources name one article by several addresses: with parameters that count
//! visits, as AMP or mobile page, with or without `www.`. Folding too little
//! costs a second fetch, folding too much loses an article for ever, so only
//! differences that never tell two articles apart are folded: letter case and
//! file extensions of paths are kept, ids may need them.

use url::{Host, Url};

use crate::extract::{is_tracking, registrable};
use crate::fetch::Address;
use crate::page::plain_escapes;

/// Labels before a host that show the same articles in another dress.
const DRESSES: &[&str] = &["www.", "m.", "mobile.", "amp.", "wap."];

/// Parameters that feeds of large publishers put behind their links.
const FEED_TAGS: &[&str] = &[
    "at_medium",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    "maca",
    "ocid",
    "cmpid",
    "ito",
    "xtor",
    "gbraid",
    "wbraid",
    "twclid",
    "mibextid",
    "_gl",
    "ns_mchannel",
    "ns_source",
    "ns_campaign",
    "ns_linkname",
    "spref",
    "rss",
    "source_rss",
];

/// What identifies an article: two addresses with one key are one article.
/// Tracking parameters are off, AMP and mobile twins folded, scheme, `www.`,
/// trailing slash and the spelling of escapes of no account. `None` for what
/// is no http(s) address.
///
/// ```
/// use khobor::discover::article_key;
///
/// let key = article_key("https://www.ujan.example/news/17?utm_source=rss");
/// assert_eq!(key.as_deref(), Some("ujan.example/news/17"));
/// assert_eq!(article_key("http://m.ujan.example/news/17/amp/"), key);
/// ```
pub fn article_key(url: &str) -> Option<String> {
    Some(key_of(Address::parse(url).ok()?.url()))
}

/// The key of a parsed http(s) address.
pub(super) fn key_of(url: &Url) -> String {
    let mut key = bare(&url.host().map_or_else(String::new, |h| h.to_string())).to_owned();
    if let Some(port) = url.port() {
        key.push(':');
        key.push_str(&port.to_string());
    }
    let mut segments: Vec<String> = url
        .path_segments()
        .map_or_else(Vec::new, |segments| segments.filter(|s| !s.is_empty()).map(plain_escapes).collect());
    fold_amp(&mut segments);
    for segment in &segments {
        key.push('/');
        key.push_str(segment);
    }
    let query: Vec<String> = telling(url).map(plain_escapes).collect();
    if !query.is_empty() {
        key.push('?');
        key.push_str(&query.join("&"));
    }
    key
}

/// Whether an address shows its article in another dress, as AMP or mobile
/// page.
pub(super) fn is_twin(url: &Url) -> bool {
    let mut segments: Vec<String> =
        url.path_segments().map_or_else(Vec::new, |s| s.map(str::to_owned).collect());
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    bare(host) != host || url.query().is_some_and(|q| q.split('&').any(is_dress)) || fold_amp(&mut segments)
}

/// The address without fragment, credentials and parameters that only count
/// visits.
pub(super) fn plain(mut url: Url) -> Url {
    url.set_fragment(None);
    // Neither can fail for an address with a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|p| !counts_only(p)).collect();
        if kept.len() != query.split('&').count() {
            let kept = kept.join("&");
            url.set_query(Some(kept.as_str()).filter(|q| !q.is_empty()));
        }
    }
    url
}

/// A host without the labels that only change the dress; never less than the
/// part that is registered.
pub(super) fn bare(host: &str) -> &str {
    let mut host = host.strip_suffix('.').unwrap_or(host);
    if Host::parse(host).is_ok_and(|h| !matches!(h, Host::Domain(_))) {
        return host;
    }
    let least = registrable(host).len();
    while let Some(rest) = DRESSES.iter().find_map(|dress| host.strip_prefix(dress))
        && rest.len() >= least
    {
        host = rest;
    }
    host
}

/// The parameters that tell articles apart.
fn telling(url: &Url) -> impl Iterator<Item = &str> {
    url.query().unwrap_or_default().split('&').filter(|p| !p.is_empty() && !counts_only(p) && !is_dress(p))
}

fn counts_only(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    is_tracking(parameter) || FEED_TAGS.contains(&name.as_str())
}

/// Whether a parameter asks for the AMP or the mobile page.
fn is_dress(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    match name.as_str() {
        "amp" => matches!(value.as_str(), "" | "0" | "1" | "true" | "yes"),
        "outputtype" | "output" | "mode" => value == "amp",
        // Blogger's mobile page. Other numbers are months (WordPress).
        "m" => matches!(value.as_str(), "0" | "1"),
        _ => false,
    }
}

/// Takes the AMP twin's parts out of a path; whether there were any.
fn fold_amp(segments: &mut Vec<String>) -> bool {
    let before = segments.len();
    if segments.len() > 2 && segments[0] == "amp" && segments[1] == "story" {
        segments.drain(..2);
    }
    let mut folded = false;
    if let Some(last) = segments.last_mut() {
        // Until nothing is left of it: a key is its own key.
        while let Some(stem) = last.strip_suffix(".amp").filter(|stem| !stem.is_empty()) {
            last.truncate(stem.len());
            folded = true;
        }
        if let Some(stem) = last.strip_suffix(".amp.html").filter(|stem| !stem.is_empty()) {
            *last = format!("{stem}.html");
            folded = true;
        }
    }
    if segments.iter().any(|s| s != "amp" && s != "amp.html") {
        segments.retain(|s| s != "amp" && s != "amp.html");
    }
    folded || segments.len() != before
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(url: &str) -> String {
        article_key(url).unwrap()
    }

    #[test]
    fn spellings_and_twins_of_one_article_share_a_key() {
        for (a, b) in [
            ("https://www.a.example/news/17", "http://a.example/news/17/"),
            ("https://a.example/news/17?utm_source=x&fbclid=y#top", "https://a.example/news/17"),
            (
                "https://a.example/news/17?id=3&at_medium=RSS&at_campaign=rss",
                "https://a.example/news/17?id=3",
            ),
            ("https://m.a.example/news/17", "https://a.example/news/17"),
            ("https://www.m.a.example/news/17", "https://amp.a.example/news/17"),
            ("https://a.example/amp/news/17", "https://a.example/news/17"),
            ("https://a.example/news/17/amp/", "https://a.example/news/17"),
            ("https://a.example/bn/amp/news-17", "https://a.example/bn/news-17"),
            ("https://a.example/amp/story/khela/abc123", "https://a.example/khela/abc123"),
            ("https://a.example/bn/c17o.amp", "https://a.example/bn/c17o"),
            ("https://a.example/17.amp.html", "https://a.example/17.html"),
            ("https://a.example/x-17?amp=1", "https://a.example/x-17?amp"),
            ("https://a.example/x-17?outputType=amp", "https://a.example/x-17"),
            ("https://a.example/2024/03/x.html?m=1", "https://a.example/2024/03/x.html"),
            ("https://a.example/খবর", "https://a.example/%e0%a6%96%E0%A6%AC%e0%a6%b0"),
            ("https://a.example/%7Euser/1", "https://a.example/~user/1"),
            ("HTTPS://A.Example.:443/1", "https://a.example/1"),
            (" https://u:p@a.example/1\n", "https://a.example/1"),
            ("https://a.example", "http://www.a.example/?"),
        ] {
            assert_eq!(key(a), key(b), "{a} and {b}");
        }
    }

    #[test]
    fn what_may_be_two_articles_stays_two() {
        for (a, b) in [
            ("https://a.example/news/17", "https://a.example/news/18"),
            ("https://a.example/n/AbC", "https://a.example/n/abc"),
            ("https://a.example/n.php?id=1", "https://a.example/n.php?id=2"),
            ("https://a.example/?m=202403", "https://a.example/?m=202404"),
            ("https://a.example/a%2Fb", "https://a.example/a/b"),
            ("https://en.a.example/1", "https://a.example/1"),
            ("https://a.example:8080/1", "https://a.example/1"),
            ("https://m.example/1", "https://example/1"),
            ("https://m.com.bd/1", "https://com.bd/1"),
            ("https://a.example/amp", "https://a.example/"),
            ("https://a.example/1.html", "https://a.example/1"),
        ] {
            assert_ne!(key(a), key(b), "{a} and {b}");
        }
        for none in ["", "ujan.example/1", "ftp://a.example/1", "mailto:a@b.c"] {
            assert_eq!(article_key(none), None, "{none}");
        }
    }

    #[test]
    fn plain_addresses_lose_what_counts_visits_only() {
        let plain = |u: &str| super::plain(Url::parse(u).unwrap()).to_string();
        assert_eq!(plain("https://a.example/n?id=3&utm_medium=rss#c"), "https://a.example/n?id=3");
        assert_eq!(plain("https://u:p@a.example/n"), "https://a.example/n");
        assert_eq!(plain("https://a.example/n?maca=ben-rss-1"), "https://a.example/n");
        assert_eq!(plain("https://a.example/n?a=%e0&b"), "https://a.example/n?a=%e0&b");
    }

    #[test]
    fn twins_are_told() {
        let is_twin = |u: &str| super::is_twin(&Url::parse(u).unwrap());
        assert!(is_twin("https://m.a.example/1") && is_twin("https://a.example/amp/1"));
        assert!(is_twin("https://a.example/1?amp=1") && is_twin("https://a.example/1.amp"));
        assert!(!is_twin("https://www.a.example/news/1") && !is_twin("https://a.example/camp/1?id=2"));
    }
}
