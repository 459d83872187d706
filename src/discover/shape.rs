//! What addresses of articles look like.
//!
//! An article's address carries something that one article alone can have: an
//! id, a day, a long slug. A section's, a tag's, an author's does not, or says
//! what it is in one of its words. Nothing here knows a site; what most of a
//! source's addresses share tells nothing about any of them.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::extract::{NOT_ARTICLES, is_media, url_day};

/// Further path words of pages that are no articles.
const NEVER: &[&str] = &[
    "account",
    "advertise",
    "amp-stories",
    "cart",
    "cdn-cgi",
    "checkout",
    "cookie-policy",
    "disclaimer",
    "imprint",
    "logout",
    "my-account",
    "newsletter",
    "password",
    "podcasts",
    "signin",
    "signup",
    "sitemap",
    "sitemaps",
    "unicode-converter",
    "webstories",
    "web-stories",
    "wp-admin",
    "wp-content",
    "wp-includes",
    "wp-json",
    "wp-login.php",
    "xmlrpc.php",
];

/// Words below which some content systems keep articles with a number.
const SOMETIMES: &[&str] = &["archive", "archives"];

/// Words of which that is so where a name stands between them and the article:
/// `/category/national/12345`, but not `/category/12345`.
const SOMETIMES_BELOW: &[&str] = &["category", "topic", "topics", "user", "users"];

/// Further endings of files that are no pages.
const FILES: &[&str] = &[
    "atom", "avif", "bmp", "csv", "doc", "docx", "gz", "ico", "json", "m3u8", "m4a", "mov", "ogg", "opml",
    "ppt", "pptx", "rar", "rdf", "rss", "ttf", "txt", "wav", "webm", "woff", "woff2", "xls", "xlsx",
];

/// Endings of paths that say how a page is made and nothing else.
const ENDINGS: &[&str] =
    &[".html", ".htm", ".php", ".aspx", ".asp", ".cms", ".details", ".bdnews", ".ece", ".shtml", ".amp"];

/// Query parameters that name an article.
const ID_NAMES: &[&str] =
    &["p", "news", "article", "post", "story", "details", "mzamin", "newsid", "articleid"];

/// Query parameters that end in `id` and name something else.
const OTHER_IDS: &[&str] =
    &["cid", "catid", "categoryid", "cat_id", "category_id", "tagid", "pageid", "page_id", "sid", "menuid"];

/// Query parameters of lists and buttons.
const LIST_NAMES: &[&str] = &["page", "paged", "share", "replytocom", "feed", "action"];

/// Query parameters of lists and searches that articles may have as well:
/// networks put `s` behind addresses that are shared.
const MOSTLY_LIST_NAMES: &[&str] = &["s", "q", "search", "tag", "cat", "author"];

/// How much an address looks like an article's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It is none's.
    No,
    /// It could be anything's.
    Weak,
    /// It has a short id or slug.
    Fair,
    /// It has what one article alone can have.
    Strong,
}

/// The words that stand in most of a source's addresses: they tell nothing.
#[derive(Debug, Default)]
pub(super) struct Common(HashSet<String>);

impl Common {
    /// Of a list of addresses that are said to be articles.
    pub(super) fn of<'a>(urls: impl Iterator<Item = &'a Url>) -> Self {
        let (mut counts, mut total) = (HashMap::<String, usize>::new(), 0_usize);
        for url in urls {
            total += 1;
            let words: HashSet<String> = segments(url).map(str::to_ascii_lowercase).collect();
            for word in words.into_iter().filter(|w| is_telling(w)) {
                *counts.entry(word).or_default() += 1;
            }
        }
        Self(counts.into_iter().filter(|(_, n)| *n >= 3 && *n * 2 > total).map(|(word, _)| word).collect())
    }

    fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

fn is_telling(word: &str) -> bool {
    NOT_ARTICLES.contains(&word) || NEVER.contains(&word)
}

fn segments(url: &Url) -> impl Iterator<Item = &str> {
    url.path_segments().into_iter().flatten().filter(|s| !s.is_empty())
}

/// Judges an address.
pub(super) fn standing(url: &Url, common: &Common) -> Standing {
    let parts: Vec<&str> = segments(url).collect();
    if is_file(url.path()) || has_parameter(url, LIST_NAMES) || is_about(&parts) {
        return Standing::No;
    }
    let own = own_standing(url, &parts);
    if own < Standing::Strong && has_parameter(url, MOSTLY_LIST_NAMES) {
        return Standing::No;
    }
    for (at, part) in parts.iter().enumerate() {
        let word = part.to_ascii_lowercase();
        if !is_telling(&word) || common.has(&word) {
            continue;
        }
        let below = parts.len() - at - 1;
        let kept_below = SOMETIMES.contains(&word.as_str()) && below >= 1
            || SOMETIMES_BELOW.contains(&word.as_str()) && below >= 2;
        if !(kept_below && own == Standing::Strong && ends_in_number(&parts)) {
            return Standing::No;
        }
    }
    own
}

fn is_file(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    is_media(last)
        || last.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end.to_ascii_lowercase().as_str()))
}

fn has_parameter(url: &Url, names: &[&str]) -> bool {
    url.query_pairs().any(|(name, _)| names.contains(&name.to_ascii_lowercase().as_str()))
}

/// Whether a path of one part is that of a page about the site.
fn is_about(parts: &[&str]) -> bool {
    let [only] = parts else { return false };
    let mut words = only.split(['-', '_']);
    let first = words.next().unwrap_or_default().to_ascii_lowercase();
    matches!(first.as_str(), "about" | "contact" | "privacy" | "terms" | "advertise" | "copyright")
        && words.count() < 4
}

/// What the address says without regard to its words.
fn own_standing(url: &Url, parts: &[&str]) -> Standing {
    let by_query = query_standing(url);
    let Some(last) = parts.last() else {
        return if by_query == Standing::Weak { Standing::No } else { by_query };
    };
    if matches!(parts, [.., "page", number] if is_number(number)) {
        return Standing::No;
    }
    match day_in_path(parts) {
        // A day and nothing more is that day's list.
        Some(after) if after == parts.len() => {
            return if by_query == Standing::Weak { Standing::No } else { by_query };
        }
        Some(_) => return Standing::Strong,
        None => {}
    }
    let stem = stem(last);
    let long_id = |s: &str| s.split(['-', '_', '.']).any(|piece| piece.len() >= 5 && is_number(piece));
    if parts.iter().any(|s| long_id(s)) || is_code(stem) || url_day(url).is_some() {
        return Standing::Strong;
    }
    let slug = Slug::of(stem);
    let long_slug = slug.words >= 5 && slug.letters >= 20 || slug.bengali >= 12 && slug.words >= 3;
    if long_slug {
        return Standing::Strong;
    }
    let numbered =
        is_number(stem) || stem.rsplit(['-', '_']).next().is_some_and(|p| p.len() >= 3 && is_number(p));
    if numbered || slug.words >= 3 || slug.bengali >= 6 && slug.words >= 2 {
        return by_query.max(Standing::Fair);
    }
    by_query
}

/// Ids in the query, for sites whose pages are one script.
fn query_standing(url: &Url) -> Standing {
    let mut best = Standing::Weak;
    for (name, value) in url.query_pairs() {
        let name = name.to_ascii_lowercase();
        let names =
            ID_NAMES.contains(&name.as_str()) || name.ends_with("id") && !OTHER_IDS.contains(&name.as_str());
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        if names && digits > 0 {
            best = best.max(if digits >= 3 { Standing::Strong } else { Standing::Fair });
        }
    }
    best
}

/// Where a day in the path ends, as an index of its parts.
fn day_in_path(parts: &[&str]) -> Option<usize> {
    let number = |s: &str, least: usize, most: usize| {
        is_number(s) && s.len() <= 4 && s.parse().is_ok_and(|n: usize| (least..=most).contains(&n))
    };
    let year = |s: &str| s.len() == 4 && number(s, 1995, 2100);
    for (i, part) in parts.iter().enumerate() {
        let dashed: Vec<&str> = part.split('-').collect();
        if let [y, m, d] = dashed.as_slice()
            && year(y)
            && number(m, 1, 12)
            && number(d, 1, 31)
        {
            return Some(i + 1);
        }
        if year(part)
            && let Some(month) = parts.get(i + 1)
            && number(month, 1, 12)
        {
            let day = parts.get(i + 2).is_some_and(|d| d.len() <= 2 && number(d, 1, 31));
            return Some(i + 2 + usize::from(day));
        }
    }
    None
}

fn ends_in_number(parts: &[&str]) -> bool {
    let last = parts.last().and_then(|p| stem(p).rsplit(['-', '_']).next());
    last.is_some_and(|n| n.len() >= 3 && is_number(n))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// An id of letters and digits: long and mixed.
fn is_code(stem: &str) -> bool {
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    let letters = stem.bytes().filter(u8::is_ascii_alphabetic).count();
    stem.len() >= 8 && digits >= 1 && letters >= 1 && digits + letters == stem.len()
}

fn stem(segment: &str) -> &str {
    ENDINGS.iter().find_map(|end| segment.strip_suffix(end)).filter(|s| !s.is_empty()).unwrap_or(segment)
}

/// A slug's measures. Bengali letters are escaped in addresses, each as three
/// bytes of which the first is `%E0`.
struct Slug {
    words: usize,
    letters: usize,
    bengali: usize,
}

impl Slug {
    fn of(stem: &str) -> Self {
        let bengali = stem.to_ascii_uppercase().matches("%E0%A").count();
        let ascii = stem.len().saturating_sub(9 * bengali);
        let words = stem.split(['-', '_']).filter(|w| !w.is_empty()).count();
        Self { words, letters: ascii + bengali, bengali }
    }
}

/// Whether an address says that it is a section's.
pub(super) fn is_category(url: &Url) -> bool {
    let parts: Vec<String> = segments(url).map(str::to_ascii_lowercase).collect();
    let named = parts
        .iter()
        .any(|p| matches!(p.as_str(), "category" | "categories" | "section" | "topic" | "topics"));
    named && parts.len() >= 2 && !is_file(url.path()) && !has_parameter(url, LIST_NAMES)
}

/// The pattern of an address: what each part of its path is made of.
pub(super) fn pattern(url: &Url) -> String {
    let mut out = String::new();
    for part in segments(url) {
        let stem = stem(part);
        out.push('/');
        out.push(match () {
            () if is_number(stem) => 'n',
            // An id may happen to be of letters alone.
            () if is_code(stem) || stem.len() == 10 && !stem.contains(['-', '%']) => 'c',
            () if stem.contains(['-', '_']) || stem.contains("%E0") || stem.contains("%e0") => 's',
            () => 'w',
        });
        out.push_str(&part[stem.len()..]);
    }
    for (name, _) in url.query_pairs() {
        out.push('?');
        out.push_str(&name);
    }
    out
}

/// The pattern that at least so great a share of addresses has, where there
/// are enough of them to speak of one.
pub(super) fn majority<'a>(urls: impl Iterator<Item = &'a Url>, share: f64) -> Option<String> {
    let (mut counts, mut total) = (HashMap::<String, usize>::new(), 0_usize);
    for url in urls {
        total += 1;
        *counts.entry(pattern(url)).or_default() += 1;
    }
    let (pattern, count) = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    (count >= 5 && count as f64 >= total as f64 * share).then_some(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> Standing {
        standing(&Url::parse(&format!("https://ujan.example{path}")).unwrap(), &Common::default())
    }

    #[test]
    fn addresses_of_articles_in_all_the_shapes_that_sites_use() {
        for path in [
            "/bangladesh/district/x4k2m9q7wz",
            "/national/841203",
            "/online/national/2024/03/05/1377652",
            "/news/2024-03-05/AbC12xyz",
            "/2024/03/05/nodir-dhare-mela/",
            "/2024/03/nodir-dhare-mela.html",
            "/sports/article/240517/ফাইনালে-উজান",
            "/article.php?mzamin=103442",
            "/news.php?news=5521",
            "/?p=1234",
            "/details/খেলা/12345/নদীর-ধারে",
            "/kolkata/nodir-dhare-shiter-mela-shuru-dgtl-1.1437255",
            "/articleshow/108221333.cms",
            "/bengali/articles/c4n2x8e9w1zo",
            "/bengali/news-61234567",
            "/bn/নদীর-ধারে-মেলা/a-68412345",
            "/a/nodir-mela/7514422.html",
            "/detailNews.php?cID=13&nID=22541&P=1&nPID=20210615",
            "/bengali/state/wb20240305184211604604118",
            "/articles/নদীর-ধারে-শীতের-মেলা",
            "/archives/22531",
            "/national/841203?s=20",
            "/bangla/category/বাংলাদেশ/নদীর-মেলা/12345",
            "/fulbari/news/bd/712837.details",
            "/campus/nodir-dhare-shiter-mela-boseche",
        ] {
            assert_eq!(of(path), Standing::Strong, "{path}");
        }
        for path in ["/news/17", "/nodir-dhare-mela", "/khela/নদীর-মেলা", "/x/story-123"] {
            assert_eq!(of(path), Standing::Fair, "{path}");
        }
    }

    #[test]
    fn addresses_of_what_is_no_article() {
        for path in [
            "",
            "/",
            "/?utm=1",
            "/tag/নদীর-ধারে-শীতের-মেলা",
            "/topic/nodi",
            "/author/12345",
            "/category/national",
            "/category/12345",
            "/category/national/nodir-dhare-shiter-mela-shuru",
            "/sports/page/12",
            "/sports?page=2",
            "/?s=nodi",
            "/news.php?cat=12",
            "/2024/03/05/",
            "/2024/03",
            "/2024-03-05",
            "/archive/2024-03-05",
            "/uploads/2024/03/05/a.jpg",
            "/a/12345.pdf",
            "/feed/",
            "/x-12345/feed",
            "/rss.xml",
            "/wp-json/wp/v2/posts/12345",
            "/privacy-policy",
            "/nodir-dhare-mela-1234/?share=facebook",
            "/x-12345/?replytocom=99",
            "/search/nodir-dhare-shiter-mela-shuru",
            "/video.mp4",
        ] {
            assert_eq!(of(path), Standing::No, "{path}");
        }
        for path in ["/sports", "/bangladesh/dhaka", "/section.php?cID=13", "/খেলা", "/country-news"]
        {
            assert_eq!(of(path), Standing::Weak, "{path}");
        }
    }

    #[test]
    fn words_that_most_addresses_have_tell_nothing() {
        let urls: Vec<Url> =
            (1..5).map(|n| Url::parse(&format!("https://a.example/topics/mela-{n}")).unwrap()).collect();
        let common = Common::of(urls.iter());
        assert_eq!(standing(&urls[0], &Common::default()), Standing::No);
        assert_ne!(standing(&urls[0], &common), Standing::No);
        assert_eq!(standing(&Url::parse("https://a.example/tag/12345").unwrap(), &common), Standing::No);
    }

    #[test]
    fn the_pattern_of_the_majority() {
        let urls: Vec<Url> = ["a/b1", "nodi/mela", "khela/জয়", "x/jol", "y/sthol", "z/nodi", "12"]
            .iter()
            .map(|p| Url::parse(&format!("https://a.example/{p}")).unwrap())
            .collect();
        assert_eq!(majority(urls.iter(), 0.5).as_deref(), Some("/w/w"));
        assert_eq!(majority(urls.iter(), 0.9), None);
        assert_eq!(majority(urls[..4].iter(), 0.1), None);
    }
}
