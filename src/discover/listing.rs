//! Pages that list articles: home pages, sections, a day's archive.
//!
//! A page has links to articles among links to everything else. They are told
//! by three things that rarely fail together: what the address looks like, how
//! long the link's text is (a headline has several words, a section has one),
//! and where it stands. What a page says of its own parts is not believed of a
//! part that holds most of its headlines.

use std::collections::HashMap;

use url::Url;

use super::document::Entry;
use super::key::{key_of, plain};
use super::scope::Scope;
use super::shape::{self, Common, Standing};
use crate::extract::{Mark, is_title, marks, title_of};
use crate::failure::Failure;
use crate::page::{Attr, Document, Node, Page, Tag};

/// What a page links to.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Articles of the site, in page order.
    pub(super) articles: Vec<Entry>,
    /// Feeds that the page names as its own.
    pub(super) feeds: Vec<Url>,
    /// Sections that its menus name.
    pub(super) sections: Vec<Url>,
}

/// Media types of feeds in link elements.
const FEED_TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "text/xml",
];

/// Parts of a page whose short links lead to lists.
const ASIDE: &[Mark] = &[
    Mark::Navigation,
    Mark::Masthead,
    Mark::Footer,
    Mark::Breadcrumb,
    Mark::Share,
    Mark::Pagination,
    Mark::Comments,
    Mark::Tags,
];

/// The share of a page's headlines from which a part is no mere menu.
const TOO_MANY_HEADLINES: f64 = 0.5;

/// The share of headlines whose addresses must have one pattern before it says
/// anything.
const MAJORITY: f64 = 0.4;

/// The most sections that are taken from menus.
const MOST_SECTIONS: usize = 12;

/// Links to one address.
struct Candidate {
    url: Url,
    title: String,
    titled: bool,
    /// Whether all of its links stand in menus and the like.
    aside: bool,
    standing: Standing,
}

/// Reads a page's links.
///
/// # Errors
/// The page holds too many tags.
pub(super) fn read(html: &str, url: &Url, scope: &Scope) -> Result<Links, Failure> {
    let page = Page::parse(html)?;
    let base = page.meta.base.as_deref().and_then(|b| url.join(b.trim()).ok()).unwrap_or_else(|| url.clone());
    let links = links_of(&page.doc, &base, url, scope);
    let aside = asides(&page.doc, &links);
    let mut sections = Vec::new();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for link in links {
        let is_aside = aside[link.node.index()];
        if is_aside && is_section(&link) {
            sections.push(link.url.clone());
        }
        if link.standing == Standing::No {
            continue;
        }
        if let Some(&at) = by_key.get(&link.key) {
            let old = &mut candidates[at];
            old.aside &= is_aside;
            if !old.titled && (link.titled || link.title.len() > old.title.len()) {
                (old.title, old.titled) = (link.title, link.titled);
            }
        } else {
            by_key.insert(link.key, candidates.len());
            let (title, titled, standing) = (link.title, link.titled, link.standing);
            candidates.push(Candidate { url: link.url, title, titled, aside: is_aside, standing });
        }
    }
    let headlines = candidates.iter().filter(|c| c.titled && !c.aside).map(|c| &c.url);
    let usual = shape::majority(headlines, MAJORITY);
    candidates.retain(|c| is_article(c, usual.as_deref()));
    let articles = candidates.into_iter().map(|c| Entry {
        title: Some(c.title).filter(|_| c.titled),
        url: c.url,
        date: None,
        named: false,
    });
    let articles = articles.collect();
    let mut seen = std::collections::HashSet::new();
    sections.retain(|s| seen.insert(key_of(s)));
    sections.truncate(MOST_SECTIONS);
    Ok(Links { articles, feeds: feeds_of(&page.doc, &base), sections })
}

fn is_article(link: &Candidate, usual: Option<&str>) -> bool {
    let fits = || usual.is_some_and(|usual| shape::pattern(&link.url) == usual);
    match link.standing {
        Standing::No => false,
        Standing::Strong => link.titled || !link.aside,
        Standing::Fair => link.titled && (!link.aside || fits()),
        Standing::Weak => link.titled && !link.aside && fits(),
    }
}

/// A link to a page of the site.
struct Link<'a> {
    node: Node<'a>,
    key: String,
    url: Url,
    title: String,
    titled: bool,
    standing: Standing,
}

fn links_of<'a>(doc: &'a Document<'a>, base: &Url, own: &Url, scope: &Scope) -> Vec<Link<'a>> {
    let own = key_of(own);
    let common = Common::default();
    doc.by_tag(Tag::A)
        .filter_map(|node| {
            let href = node.get(Attr::Href)?.trim();
            if href.is_empty() || href.starts_with('#') {
                return None;
            }
            let url = plain(base.join(href).ok().filter(|url| scope.has(url))?);
            let key = key_of(&url);
            if key == own {
                return None;
            }
            let title = title_of(node);
            let titled = is_title(&title);
            Some(Link { standing: shape::standing(&url, &common), node, key, url, title, titled })
        })
        .collect()
}

/// For each node whether it stands in a menu or another part that lists no
/// articles.
fn asides(doc: &Document<'_>, links: &[Link<'_>]) -> Vec<bool> {
    let headlines: Vec<usize> =
        links.iter().filter(|l| l.titled && l.standing > Standing::No).map(|l| l.node.index()).collect();
    let believed = |node: Node<'_>| {
        let range = node.range();
        let inside =
            headlines.partition_point(|i| *i < range.end) - headlines.partition_point(|i| *i < range.start);
        inside < 3 || (inside as f64) < headlines.len() as f64 * TOO_MANY_HEADLINES
    };
    let mut out: Vec<bool> = Vec::with_capacity(doc.len());
    for index in 0..doc.len() {
        let node = doc.node(index);
        let above = node.parent().is_some_and(|p| out[p.index()]);
        let aside = above
            || node.is_element()
                && !matches!(node.tag(), Some(Tag::Html | Tag::Body | Tag::A))
                && marks(node).0.iter().any(|m| ASIDE.contains(&m))
                && believed(node);
        out.push(aside);
    }
    out
}

/// Whether a link in a menu leads to a section.
fn is_section(link: &Link<'_>) -> bool {
    let words = link.title.split_whitespace().count();
    (1..=3).contains(&words)
        && (matches!(link.standing, Standing::Weak | Standing::Fair) || shape::is_category(&link.url))
}

fn feeds_of(doc: &Document<'_>, base: &Url) -> Vec<Url> {
    let mut feeds: Vec<Url> = Vec::new();
    for link in doc.by_tag(Tag::Link) {
        let attr = |name: &str| link.attr(name).unwrap_or_default().trim().to_ascii_lowercase();
        let kind = attr("type");
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !attr("rel").split_ascii_whitespace().any(|r| r == "alternate") || !FEED_TYPES.contains(&kind) {
            continue;
        }
        let Some(url) = link.get(Attr::Href).and_then(|href| base.join(href.trim()).ok()) else { continue };
        let comments = url.path().contains("/comments")
            || attr("title").contains("comment")
            || attr("title").contains("মন্তব্য");
        if !comments && !feeds.contains(&url) {
            feeds.push(url);
        }
    }
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::HostPattern;

    fn read(html: &str) -> Links {
        let url = Url::parse("https://www.ujan.example/").unwrap();
        let scope = Scope::new(vec![HostPattern { host: "ujan.example".into(), path: String::new() }]);
        super::read(html, &url, &scope).unwrap()
    }

    fn paths(urls: impl Iterator<Item = Url>) -> Vec<String> {
        urls.map(|u| u.path().to_owned() + &u.query().map(|q| format!("?{q}")).unwrap_or_default()).collect()
    }

    const HOME: &str = "<html><head>\
        <link rel=alternate type='application/rss+xml' href='/feed'>\
        <link rel=alternate type='application/rss+xml' title='Comments' href='/comments/feed'>\
        <link rel=alternate type='application/json' href='/wp-json/1'>\
        <link rel=alternate hreflang=en href='/en'></head><body>\
        <header><a href='/'>উজান</a><nav><a href='/national'>জাতীয়</a><a href='/sports'>খেলা</a>\
        <a href='/category/world'>বিশ্ব</a><a href='/national/99999'>আর্কাইভ</a></nav></header>\
        <div class=ticker><a href='/sports/20004'>ফাইনালে উজানের ছেলেরা জিতল</a></div>\
        <main><a href='/national/20001'><img src=a.jpg></a>\
        <h2><a href='/national/20001?utm_source=home'>নদীর ধারে শীতের মেলা শুরু</a></h2>\
        <h3><a href='http://m.ujan.example/national/20002/'>বাঁধ মেরামতে দেরি, শঙ্কায় কৃষক</a></h3>\
        <a href='/national/20003'><span>১</span> চরের শিশুদের কাছে নতুন বই</a>\
        <a href='/tag/nodi'>নদী ও চরের সব খবর এখানে</a><a href='/author/7'>নিজস্ব প্রতিবেদক</a>\
        <a href='https://other.example/national/20009'>অন্য সাইটের একটি খবর</a>\
        <a href='/national'>জাতীয় বিভাগের সব খবর দেখুন</a>\
        <a href='https://www.facebook.com/sharer.php?u=x'>শেয়ার</a><a href='/a.pdf'>পিডিএফ সংস্করণ নামিয়ে নিন</a>\
        <a href='javascript:void(0)'>আরও</a><a href='#top'>ওপরে ফিরে যান এখনই</a></main>\
        <footer><a href='/privacy-policy'>গোপনীয়তার নীতি ও শর্ত</a></footer></body></html>";

    #[test]
    fn articles_are_told_from_everything_else() {
        let links = read(HOME);
        let titles: Vec<&str> = links.articles.iter().filter_map(|a| a.title.as_deref()).collect();
        assert_eq!(
            paths(links.articles.iter().map(|a| a.url.clone())),
            ["/sports/20004", "/national/20001", "/national/20002/", "/national/20003"]
        );
        assert_eq!(
            titles,
            [
                "ফাইনালে উজানের ছেলেরা জিতল",
                "নদীর ধারে শীতের মেলা শুরু",
                "বাঁধ মেরামতে দেরি, শঙ্কায় কৃষক",
                "চরের শিশুদের কাছে নতুন বই"
            ]
        );
        assert_eq!(paths(links.feeds.into_iter()), ["/feed"]);
        assert_eq!(paths(links.sections.into_iter()), ["/national", "/sports", "/category/world"]);
    }

    #[test]
    fn plain_addresses_count_where_most_headlines_have_them() {
        let titles = [
            "নদীর ধারে শীতের মেলা",
            "চরে নতুন বই পৌঁছাল",
            "বাঁধ মেরামতে দেরি হচ্ছে",
            "উজানের ছেলেরা জিতল ফাইনালে",
            "হাটে শীতের সবজির দাম",
        ];
        let names = ["mela", "boi", "bandh", "khela", "hat"];
        let list: Vec<String> = names
            .iter()
            .zip(titles)
            .map(|(name, title)| format!("<h3><a href='/story/{name}'>{title}</a></h3>"))
            .collect();
        let html = format!(
            "<nav><a href='/story/all'>সব</a></nav><main>{}\
             <a href='/about-our-paper'>আমাদের পত্রিকার কথা জানুন</a></main>",
            list.concat()
        );
        assert_eq!(
            paths(read(&html).articles.into_iter().map(|a| a.url)),
            ["/story/mela", "/story/boi", "/story/bandh", "/story/khela", "/story/hat", "/about-our-paper"]
                [..5]
        );
    }

    #[test]
    fn a_part_with_most_headlines_is_no_menu() {
        let list: Vec<String> = (0..6)
            .map(|n| {
                format!(
                    "<a href='/n/1000{n}'></a><h3><a href='/n/1000{n}'>নদীর ধারে মেলার {n} নম্বর খবর</a></h3>"
                )
            })
            .collect();
        let html = format!("<div class='menu header'>{}</div>", list.concat());
        assert_eq!(read(&html).articles.len(), 6);
    }

    #[test]
    fn a_base_element_is_kept() {
        let html =
            "<head><base href='https://ujan.example/bn/'></head><a href='17-12345'>নদীর ধারে শীতের মেলা</a>";
        assert_eq!(paths(read(html).articles.into_iter().map(|a| a.url)), ["/bn/17-12345"]);
    }
}
