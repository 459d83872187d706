//! Links to other articles, told from links to sections, tags, authors and
//! other sites.

use super::address::{Address, Parts};
use super::context::Cx;
use super::layout::Line;
use super::words;
use crate::page::{Attr, Node, Tag};

/// Path words of pages that are no articles.
pub const NOT_ARTICLES: &[&str] = &[
    "tag",
    "tags",
    "topic",
    "topics",
    "category",
    "categories",
    "author",
    "authors",
    "writer",
    "reporter",
    "search",
    "archive",
    "archives",
    "page",
    "privacy",
    "terms",
    "contact",
    "about",
    "login",
    "register",
    "subscribe",
    "converter",
    "epaper",
    "profile",
    "user",
    "users",
    "rss",
    "feed",
    "live-tv",
    "privacy-policy",
    "terms-and-conditions",
    "contact-us",
    "about-us",
    "sharer",
    "share",
    "keyword",
    "label",
    "labels",
    "feeds",
    "comments",
];

/// Hosts that share or host media, each with all below it: two labels.
const OTHER_HOSTS: &[&str] = &[
    "facebook.com",
    "twitter.com",
    "x.com",
    "youtube.com",
    "youtu.be",
    "instagram.com",
    "linkedin.com",
    "whatsapp.com",
    "t.me",
    "telegram.me",
    "wa.me",
    "pinterest.com",
    "apple.com",
    "google.com",
    "messenger.com",
    "tiktok.com",
    "threads.net",
    "tumblr.com",
    "reddit.com",
];

/// A link's target with what is needed to judge it.
#[derive(Clone, Debug)]
pub struct Target<'p> {
    /// The address.
    pub address: Address<'p>,
    /// Whether it is of the same site as the page.
    pub same_site: bool,
    /// Whether it looks like an article's, see [`is_article_address`].
    pub article: bool,
}

/// The address of a link, resolved; `None` where it is no http(s) address.
pub fn address<'c, 'a>(cx: &'c Cx<'a>, link: Node<'a>) -> Option<Address<'c>> {
    cx.addresses.read(link.get(Attr::Href)?)
}

/// Where a link leads; `None` where it leads to no other page.
pub fn target<'c, 'a>(cx: &'c Cx<'a>, link: Node<'a>) -> Option<Target<'c>> {
    let href = link.get(Attr::Href)?.trim();
    if href.is_empty() || href.starts_with('#') || has_rel(link, &["sponsored", "author", "tag"]) {
        return None;
    }
    let address = cx.addresses.read(href)?;
    let to = address.parts();
    let own = cx.addresses.own();
    let own_host = own.map(|own| own.host).filter(|host| !host.is_empty());
    let elsewhere = if own_host == Some(to.host) { cx.addresses.elsewhere } else { is_elsewhere(to.host) };
    if elsewhere {
        return None;
    }
    let same_site = own_host.is_none_or(|own| own == to.host || registrable(own) == registrable(to.host));
    let article = is_article_address(own, to);
    Some(Target { address, same_site, article })
}

/// Whether a link says of itself one of several things.
pub fn has_rel(link: Node<'_>, names: &[&str]) -> bool {
    link.get(Attr::Rel).is_some_and(|rel| rel.split_ascii_whitespace().any(|r| names.contains(&r)))
}

/// Whether a link offers another article of the site.
pub fn offers_article<'a>(cx: &Cx<'a>, link: Node<'a>) -> bool {
    target(cx, link).is_some_and(|t| t.same_site && t.article)
}

/// Whether a host shares or hosts media.
pub fn is_elsewhere(host: &str) -> bool {
    let mut dots = memchr::memrchr_iter(b'.', host.as_bytes());
    let site = dots.nth(1).map_or(host, |dot| &host[dot + 1..]);
    OTHER_HOSTS.contains(&site)
}

/// The host's last two labels, or three under a second-level suffix such as
/// `com.bd`. A public suffix list would know more; being wrong here only
/// mistakes two sites under one suffix for one.
pub fn registrable(host: &str) -> &str {
    let mut dots = memchr::memrchr_iter(b'.', host.as_bytes());
    let second_level =
        |label: &str| matches!(label, "com" | "co" | "net" | "org" | "gov" | "edu" | "ac" | "blogspot");
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else { return host };
    if !second_level(&host[second + 1..last]) {
        return &host[second + 1..];
    }
    dots.next().map_or(host, |third| &host[third + 1..])
}

/// Whether an address looks like an article's: by its own words, and by its
/// likeness to the page's address.
fn is_article_address(own: Option<Parts<'_>>, to: Parts<'_>) -> bool {
    if is_media(to.path) {
        return false;
    }
    let (mut number, mut last) = (0, "");
    for segment in to.segments() {
        // A word that stands in the article's own address too tells nothing.
        let of_own = || own.and_then(|own| own.segments().nth(number)) == Some(segment);
        if names_no_article(segment) && !of_own() {
            return false;
        }
        (number, last) = (number + 1, segment);
    }
    if own.is_some_and(|own| own.same_page(to)) {
        return false;
    }
    let query = to.query.unwrap_or("");
    if number == 0 {
        return has_digits(query, 1);
    }
    let long_slug = || memchr::memchr_iter(b'-', last.as_bytes()).nth(2).is_some();
    let mixed_id = || last.len() >= 8 && has_digits(last, 1) && last.bytes().any(|b| b.is_ascii_alphabetic());
    let has_id = || to.segments().chain([query]).any(|s| has_digits(s, 3));
    if last.len() >= 24 || has_id() || long_slug() || mixed_id() {
        return true;
    }
    // The same number of parts, the first ones alike: /news/ক and /news/খ.
    number >= 2 && last.len() >= 6 && own.is_some_and(|own| own.segments().count() == number)
}

fn has_digits(text: &str, number: usize) -> bool {
    text.bytes().filter(u8::is_ascii_digit).take(number).count() == number
}

/// Whether a part of a path is one of [`NOT_ARTICLES`].
fn names_no_article(segment: &str) -> bool {
    // Most parts of a path begin with a figure or an escape.
    segment.starts_with(|c: char| c.is_ascii_alphabetic())
        && NOT_ARTICLES.iter().any(|word| word.eq_ignore_ascii_case(segment))
}

/// What the names of files end with that are no pages.
const MEDIA: &[&str] =
    &["jpg", "jpeg", "png", "gif", "webp", "svg", "pdf", "mp3", "mp4", "apk", "xml", "js", "css", "zip"];

/// Whether a path is that of a picture or another file that is no page.
pub fn is_media(path: &str) -> bool {
    // The dot and an ending of at most four bytes.
    let end = &path.as_bytes()[path.len().saturating_sub(5)..];
    let Some(dot) = end.iter().rposition(|b| *b == b'.') else { return false };
    let ending = &end[dot + 1..];
    MEDIA.iter().any(|m| m.as_bytes().eq_ignore_ascii_case(ending))
}

/// The title under which a link offers its target: its text, else that of its
/// picture, else its own title.
pub fn title_of(link: Node<'_>) -> String {
    let heading = link.descendants().find(|n| n.tag().and_then(Tag::heading_level).is_some());
    let rank = rank_in(link);
    let text = heading
        .map(Node::text)
        .filter(|t| !t.is_empty())
        .unwrap_or_else(|| link.text_where(|n| Some(n) != rank));
    if !text.is_empty() {
        return text;
    }
    // An empty link laid over a card: the card's heading is the title.
    let Some(card) = link.parent() else { return text };
    if card.range().len() > 300 {
        return text;
    }
    let mut headings = card
        .descendants()
        .filter(|n| n.tag().and_then(Tag::heading_level).is_some())
        .map(Node::text)
        .filter(|t| !t.is_empty());
    match (headings.next(), headings.next()) {
        (Some(title), None) => title,
        _ => [Attr::Title, Attr::AriaLabel]
            .into_iter()
            .find_map(|a| link.get(a))
            .map(crate::page::collapse)
            .unwrap_or_default(),
    }
}

/// The element that numbers a link in its list: digits of its own before the
/// title.
fn rank_in(link: Node<'_>) -> Option<Node<'_>> {
    let first = link.descendants().find(|n| n.as_text().is_some_and(|t| !t.trim().is_empty()))?;
    let parent = first.parent().filter(|p| *p != link && link.contains(*p))?;
    let text = parent.text();
    let digits = text.trim_end_matches(['.', ')', '।', ' ']);
    let is_rank = !digits.is_empty() && digits.chars().count() <= 3 && digits.chars().all(char::is_numeric);
    is_rank.then_some(parent)
}

/// Whether a text could be an article's headline: several words, not a label.
pub fn is_title(text: &str) -> bool {
    words::at_least(text, 3)
        && words::has_chars(text, 12)
        && (text.len() <= 300 || text.chars().count() <= 300)
}

/// Whether a line is a link to another article and nothing more: the line of a
/// list, or one put between paragraphs.
pub fn is_link_line<'a>(cx: &Cx<'a>, line: &Line<'a>) -> bool {
    if line.links.is_empty() || line.link_density() < 0.75 {
        return false;
    }
    line.links.iter().all(|l| match target(cx, l.node) {
        Some(t) => t.same_site || t.article || line.text_of(l).key().split(' ').count() <= 4,
        // To itself, a section of the page, or a site that shares.
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_name_no_article_are_those_of_the_list() {
        for word in NOT_ARTICLES {
            assert!(names_no_article(word) && names_no_article(&word.to_ascii_uppercase()), "{word}");
            assert!(!names_no_article(&format!("{word}-x")) && !names_no_article(&word[1..]), "{word}");
        }
        for segment in ["", "খবর", "1tag", "sport", &"a".repeat(40)] {
            assert!(!names_no_article(segment), "{segment}");
        }
    }

    #[test]
    fn hosts_files_and_sites() {
        assert!(is_elsewhere("t.me") && is_elsewhere("www.facebook.com") && is_elsewhere("news.google.com"));
        assert!(!is_elsewhere("at.me") && !is_elsewhere("google.com.bd") && !is_elsewhere("com"));
        assert!(is_media("/a/b.JPG") && is_media("/a.b.jpeg") && is_media("x.js"));
        assert!(!is_media("/a.jpg/b") && !is_media("/a/b.html") && !is_media("/jpg") && !is_media("/a."));
        assert_eq!(registrable("www.a.com.bd"), "a.com.bd");
        assert_eq!(registrable("bangla.a.example"), "a.example");
    }
}
