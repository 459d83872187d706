//! Links to other articles, told from links to sections, tags, authors and
//! other sites.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;
use url::Url;

use super::context::Cx;
use super::layout::Line;
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

/// Hosts that share or host media.
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
    "news.google.com",
    "play.google.com",
    "apps.apple.com",
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
pub struct Target {
    /// The address.
    pub url: Rc<Url>,
    /// Whether it is of the same site as the page.
    pub same_site: bool,
    /// Whether it looks like an article's, see [`is_article_url`].
    pub article: bool,
}

/// What is known of an address as it is written in the page.
#[derive(Debug)]
struct Known {
    /// The address resolved; `None` where it is no http(s) address.
    url: Option<Rc<Url>>,
    /// Where a link to it leads, once asked.
    target: OnceCell<Option<Rc<Target>>>,
}

/// What is known of the addresses in a page.
#[derive(Debug, Default)]
pub struct Addresses<'a> {
    /// Against which addresses are resolved.
    base: Option<Url>,
    /// The parts of the path of the page's own.
    own: Vec<String>,
    /// Whether the page itself is of one of the [`OTHER_HOSTS`].
    elsewhere: bool,
    /// By the address as written: pages repeat them, and several fields ask.
    known: RefCell<HashMap<&'a str, Rc<Known>, RandomState>>,
}

impl<'a> Addresses<'a> {
    /// The addresses of a page; `base` is what its `<base>` says.
    pub fn new(url: Option<&Url>, base: Option<&str>) -> Self {
        let resolved = match (url, base) {
            (Some(url), Some(other)) => url.join(other).ok(),
            (Some(url), None) => Some(url.clone()),
            (None, Some(other)) => Url::parse(other).ok(),
            (None, None) => None,
        };
        let own = url.and_then(Url::path_segments).into_iter().flatten();
        let own = own.filter(|p| !p.is_empty()).map(str::to_owned).collect();
        let elsewhere = url.and_then(Url::host_str).is_some_and(is_elsewhere);
        Self { base: resolved, own, elsewhere, ..Self::default() }
    }

    /// An address resolved; `None` where it is no http(s) address.
    pub fn resolve(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        let url = match &self.base {
            Some(base) => base.join(href).ok()?,
            None => Url::parse(href).ok()?,
        };
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    fn known(&self, href: &'a str) -> Rc<Known> {
        let mut all = self.known.borrow_mut();
        let new = || Rc::new(Known { url: self.resolve(href).map(Rc::new), target: OnceCell::new() });
        all.entry(href).or_insert_with(new).clone()
    }
}

/// The address of a link, resolved; `None` where it is no http(s) address.
pub fn address<'a>(cx: &Cx<'a>, link: Node<'a>) -> Option<Rc<Url>> {
    cx.addresses.known(link.get(Attr::Href)?.trim()).url.clone()
}

/// Where a link leads; `None` where it leads to no other page.
pub fn target<'a>(cx: &Cx<'a>, link: Node<'a>) -> Option<Rc<Target>> {
    let href = link.get(Attr::Href)?.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    if link
        .get(Attr::Rel)
        .is_some_and(|r| r.split_ascii_whitespace().any(|r| matches!(r, "sponsored" | "author" | "tag")))
    {
        return None;
    }
    let opens = |scheme: &str| href.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    if ["javascript:", "mailto:", "tel:"].into_iter().any(opens) {
        return None;
    }
    let known = cx.addresses.known(href);
    known.target.get_or_init(|| find_target(cx, known.url.clone()?).map(Rc::new)).clone()
}

fn find_target(cx: &Cx<'_>, mut url: Rc<Url>) -> Option<Target> {
    if url.fragment().is_some() {
        Rc::make_mut(&mut url).set_fragment(None);
    }
    let host = url.host_str()?;
    let own = cx.url.as_ref().and_then(Url::host_str);
    if (own != Some(host) || cx.addresses.elsewhere) && is_elsewhere(host) {
        return None;
    }
    let same_site = own.is_none_or(|own| own == host || registrable(own) == registrable(host));
    let article = is_article_url(cx, &url);
    Some(Target { url, same_site, article })
}

/// Whether a link offers another article of the site.
pub fn offers_article<'a>(cx: &Cx<'a>, link: Node<'a>) -> bool {
    target(cx, link).is_some_and(|t| t.same_site && t.article)
}

/// Whether a host shares or hosts media.
fn is_elsewhere(host: &str) -> bool {
    OTHER_HOSTS.iter().any(|h| host.strip_suffix(h).is_some_and(|r| r.is_empty() || r.ends_with('.')))
}

/// The host's last two labels, or three under a second-level suffix such as
/// `com.bd`. A public suffix list would know more; being wrong here only
/// mistakes two sites under one suffix for one.
pub fn registrable(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(i, _)| i);
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
fn is_article_url(cx: &Cx<'_>, url: &Url) -> bool {
    let segments: Vec<&str> =
        url.path_segments().map(|s| s.filter(|p| !p.is_empty()).collect()).unwrap_or_default();
    let own = &cx.addresses.own;
    // A word that stands in the article's own address too tells nothing.
    let telling = |(i, s): (usize, &&str)| {
        s.starts_with(|c: char| c.is_ascii_alphabetic())
            && NOT_ARTICLES.iter().any(|w| w.eq_ignore_ascii_case(s))
            && own.get(i).is_none_or(|o| o != s)
    };
    if segments.iter().enumerate().any(telling) {
        return false;
    }
    if is_media(url.path()) {
        return false;
    }
    if let Some(page) = &cx.url
        && same_page(page, url)
    {
        return false;
    }
    let query = url.query().unwrap_or("");
    let Some(last) = segments.last() else { return query.bytes().any(|b| b.is_ascii_digit()) };
    let digits = |s: &str| s.bytes().filter(u8::is_ascii_digit).count();
    let long_slug = last.matches('-').count() >= 3 || last.len() >= 24;
    let has_id = segments.iter().any(|s| digits(s) >= 3) || digits(query) >= 3;
    let mixed_id = last.len() >= 8 && digits(last) >= 1 && last.chars().any(|c| c.is_ascii_alphabetic());
    if long_slug || has_id || mixed_id {
        return true;
    }
    // The same number of parts, the first ones alike: /news/ক and /news/খ.
    own.len() == segments.len() && own.len() >= 2 && last.len() >= 6
}

/// Whether a path is that of a picture or another file that is no page.
pub fn is_media(path: &str) -> bool {
    let Some((_, extension)) = path.rsplit_once('.') else { return false };
    matches!(
        extension.to_ascii_lowercase().as_str(),
        "jpg"
            | "jpeg"
            | "png"
            | "gif"
            | "webp"
            | "svg"
            | "pdf"
            | "mp3"
            | "mp4"
            | "apk"
            | "xml"
            | "js"
            | "css"
            | "zip"
    )
}

/// Whether two addresses are of one page: they differ by scheme, `www.`, a
/// trailing slash, `.html` or the query of a tracker at most.
pub fn same_page(one: &Url, other: &Url) -> bool {
    let (host, path, query) = page_parts(one);
    let (other_host, other_path, other_query) = page_parts(other);
    // An address's path is ASCII, all else in it is escaped.
    host == other_host && path.eq_ignore_ascii_case(other_path) && query.eq(other_query)
}

/// What tells one page from another: host, path and query.
fn page_parts(url: &Url) -> (&str, &str, impl Iterator<Item = &str>) {
    let host = url.host_str().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let host = host.strip_prefix("m.").unwrap_or(host);
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix(".html").unwrap_or(path);
    let query = url.query().unwrap_or("").split('&').filter(|p| !p.is_empty() && !is_tracking(p));
    (host, path, query)
}

/// What [`same_page`] compares.
pub fn page_key(url: &Url) -> String {
    let (host, path, query) = page_parts(url);
    let mut out = String::with_capacity(url.as_str().len());
    out.push_str(host);
    // An address's path is ASCII, all else in it is escaped.
    out.push_str(path);
    out[host.len()..].make_ascii_lowercase();
    for (i, parameter) in query.enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        out.push_str(parameter);
    }
    out
}

/// Whether a query parameter is there for counting visits only.
pub fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or("").to_ascii_lowercase();
    name.starts_with("utm_")
        || matches!(
            name.as_str(),
            "fbclid"
                | "gclid"
                | "dclid"
                | "msclkid"
                | "igshid"
                | "mc_cid"
                | "mc_eid"
                | "_ga"
                | "ref"
                | "ref_src"
                | "yclid"
        )
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
        _ => ["title", "aria-label"]
            .iter()
            .find_map(|a| link.attr(a))
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
    text.split_whitespace().nth(2).is_some() && (12..=300).contains(&text.chars().count())
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
