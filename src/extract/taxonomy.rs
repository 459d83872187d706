//! Publisher, section, tags, canonical address, language of the page's own
//! saying.

use serde_json::{Map, Value};
use url::Url;

use super::address::is_tracking;
use super::body;
use super::context::Cx;
use super::hints::Mark;
use super::key;
use super::keyed::keys;
use super::links;
use crate::bangla::normalize;
use crate::page::{Attr, Node, Tag, json_ld};
use crate::sites::known;

/// The publication's name.
pub fn publisher(cx: &Cx<'_>, language: &str) -> Option<String> {
    if let Some(name) = cx.rule.and_then(|r| r.publisher.clone()) {
        return Some(name);
    }
    let known = cx.url.as_ref().and_then(known::find).map(|s| s.name);
    let in_json_ld =
        cx.article.and_then(|a| a.get("publisher")).map(|p| cx.json_ld.names(p)).unwrap_or_default();
    let in_microdata = cx.microdata.names("publisher").into_iter().map(|(_, n)| n);
    let stated = cx
        .meta
        .get("og:site_name")
        .map(str::to_owned)
        .into_iter()
        .chain(in_json_ld)
        .chain(in_microdata)
        .map(|name| normalize(&name).text.into_owned())
        .filter(|name| !name.is_empty() && name.chars().count() < 80 && !name.contains("://"));
    // What the page calls itself, where that is in the article's script and no
    // motto; else the name by which the site is known.
    let local = |name: &String| {
        name.split_whitespace().count() <= 5 && is_latin(language) != name.chars().any(is_indic)
    };
    let stated: Vec<String> = stated.collect();
    stated
        .iter()
        .find(|n| local(n))
        .cloned()
        .or_else(|| known.map(str::to_owned))
        .or_else(|| stated.first().cloned())
        .or_else(|| logo_name(cx))
}

fn is_latin(language: &str) -> bool {
    !matches!(language, "bn" | "as" | "hi")
}

fn is_indic(c: char) -> bool {
    ('\u{900}'..='\u{9ff}').contains(&c)
}

/// The name in the page's masthead: a link to the home page that is a text or
/// a picture with one.
fn logo_name<'a>(cx: &Cx<'a>) -> Option<String> {
    let home = |a: &Node<'a>| links::address(cx, *a).is_some_and(|u| u.parts().is_home());
    cx.layout.doc.by_tag(Tag::A).filter(home).take(4).find_map(|a| {
        let alt = a.descendants().find(|n| n.tag() == Some(Tag::Img)).and_then(|i| i.get(Attr::Alt));
        let text = Some(a.text()).filter(|t| !t.is_empty()).or_else(|| alt.map(crate::page::collapse))?;
        let text = normalize(&text).text.into_owned();
        let home_word = keys!(HOME_WORDS).contains(&key(&text)) || key(&text) == "logo";
        (!home_word && !text.is_empty() && text.chars().count() <= 40).then_some(text)
    })
}

/// The section that the article stands in.
pub fn section(cx: &Cx<'_>, headline: &str, node: Option<Node<'_>>) -> Option<String> {
    let fits = |text: &str| {
        if text.chars().count() > 40 {
            return false;
        }
        let k = key(text);
        !k.is_empty()
            && k != headline
            && !cx.names.contains_keyed(text, &k)
            && !keys!(HOME_WORDS).contains(&k)
    };
    let tidy = |text: &str| {
        let text = text.trim_matches(|c: char| {
            matches!(c, '/' | '>' | '»' | '|' | ':' | '›' | '~') || c.is_whitespace()
        });
        cx.layout.tidy(&normalize(text).text)
    };
    let by_rule = || cx.by_rule(|e| &e.fields.section).map(Node::text);
    // The best source first; the others are asked where it tells nothing.
    let sources: [&dyn Fn() -> Vec<String>; 9] = [
        &|| Vec::from_iter(cx.trusted_era().then(by_rule).flatten()),
        &|| node.map(|n| above(cx, n)).unwrap_or_default(),
        &|| breadcrumb(cx),
        &|| Vec::from_iter(category_link(cx)),
        &|| Vec::from_iter(section_of(cx.article)),
        &|| Vec::from_iter(cx.meta.get("article:section").map(str::to_owned)),
        &|| cx.microdata.all("articleSection").map(|p| p.value()).take(1).collect(),
        // The last one is the article; the first is the home page.
        &|| {
            let trails = cx.json_ld.of_type("BreadcrumbList").map(json_ld::breadcrumb);
            trails.flat_map(|trail| trail.into_iter().skip(1).take(1)).collect()
        },
        &|| Vec::from_iter((!cx.trusted_era()).then(by_rule).flatten()),
    ];
    sources.iter().flat_map(|source| source()).map(|c| tidy(&c)).find(|c| fits(c))
}

/// The first section that an article's JSON-LD object names.
fn section_of(article: Option<&Map<String, Value>>) -> Option<String> {
    match article?.get("articleSection")? {
        Value::String(s) => Some(s.clone()),
        Value::Array(list) => list.iter().find_map(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

/// Words by which trails call the home page, or everything.
const HOME_WORDS: &[&str] = &[
    "হোম",
    "প্রচ্ছদ",
    "home",
    "মূলপাতা",
    "নীড়",
    "নীড় পাতা",
    "খবর",
    "news",
    "সব",
    "নিউজ",
    "হোমপেজ",
    "मुखपृष्ठ",
    "होम",
    "latest",
    "সর্বশেষ",
    "আজকের পত্রিকা",
    "অনলাইন",
    "বাংলা নিউজ",
];

/// The entries of a displayed trail without the one that leads home.
fn breadcrumb(cx: &Cx<'_>) -> Vec<String> {
    let layout = &cx.layout;
    let links: Vec<Node<'_>> = layout
        .doc
        .by_tag(Tag::A)
        .filter(|a| layout.marks(*a).has(Mark::Breadcrumb) && !layout.marks(*a).has(Mark::Hidden))
        .take(6)
        .collect();
    without_home(cx, &links)
}

/// The texts of a trail's links; the first one is the home page's where it
/// leads to the root, or to the folder that all others are in.
fn without_home<'a>(cx: &Cx<'a>, links: &[Node<'a>]) -> Vec<String> {
    let path = |a: &Node<'a>| {
        let address = links::address(cx, *a)?;
        let to = address.parts();
        to.query.is_none().then(|| to.path.trim_end_matches('/').to_owned())
    };
    let first = links.first().and_then(path);
    let second = links.get(1).and_then(path);
    let leads_home = match (first, second) {
        (Some(first), _) if first.is_empty() => true,
        (Some(first), Some(second)) => {
            first.matches('/').count() == 1 && second.starts_with(&format!("{first}/"))
        }
        _ => false,
    };
    links.iter().skip(usize::from(leads_home)).map(|a| a.text()).filter(|t| !t.is_empty()).collect()
}

/// The link to the section that stands by itself, or as a trail, shortly above
/// the headline.
fn above<'a>(cx: &Cx<'a>, headline: Node<'_>) -> Vec<String> {
    let layout = &cx.layout;
    let end = layout.line_of(headline).unwrap_or(0);
    let is_trail = |line: &super::layout::Line<'a>| {
        !line.links.is_empty()
            && line.chars <= 60
            && line.links.len() <= 4
            && line.link_density() > 0.5
            && !line.marks.any(&[
                Mark::Hidden,
                Mark::Ticker,
                Mark::Share,
                Mark::Ad,
                Mark::Related,
                Mark::Footer,
            ])
            && line.links.iter().all(|l| {
                line.text_of(l).key().split(' ').count() <= 4
                    && links::target(cx, l.node).is_none_or(|t| t.same_site && !t.article)
            })
    };
    for at in (end.saturating_sub(5)..end).rev() {
        let line = &layout.lines[at];
        if !is_trail(line) {
            // Articles on offer: what stands above them is no part of this one.
            if line.links.iter().any(|l| links::target(cx, l.node).is_some_and(|t| t.article)) {
                break;
            }
            continue;
        }
        let own: Vec<Node<'a>> = line.links.iter().map(|l| l.node).collect();
        let in_menu = line.marks.any(&[Mark::Navigation, Mark::Masthead]);
        if own.len() > 1 {
            // Without a home page at its start it is a menu.
            return if leads_home(cx, own[0]) { without_home(cx, &own) } else { Vec::new() };
        }
        // One link a line: a trail where the first leads home, a menu where
        // there are many.
        let run: Vec<Node<'a>> = (at.saturating_sub(6)..at)
            .rev()
            .map(|i| &layout.lines[i])
            .take_while(|l| l.links.len() == 1 && is_trail(l) && l.block.parent() == line.block.parent())
            .map(|l| l.links[0].node)
            .collect();
        let trail: Vec<Node<'a>> = run.iter().rev().copied().chain(own.iter().copied()).collect();
        return match trail.len() {
            1..=4 if leads_home(cx, trail[0]) => without_home(cx, &trail),
            1..=4 if !in_menu => own.iter().map(|a| a.text()).collect(),
            _ => Vec::new(),
        };
    }
    Vec::new()
}

fn leads_home<'a>(cx: &Cx<'a>, link: Node<'a>) -> bool {
    links::address(cx, link).is_some_and(|u| u.parts().is_home())
        || keys!(HOME_WORDS).contains(&cx.layout.key_of(link))
}

/// Whether a link says of itself, or in its address where tags stand, that it
/// leads to a category.
fn is_category_link<'a>(cx: &Cx<'a>, link: Node<'a>) -> bool {
    links::has_rel(link, &["category"])
        || cx.layout.marks(link).has(Mark::Tags)
            && links::address(cx, link).is_some_and(|u| {
                u.parts().segments().any(|p| matches!(p, "cat" | "category" | "categories" | "section"))
            })
}

/// A link that says of itself that it leads to the article's category.
fn category_link(cx: &Cx<'_>) -> Option<String> {
    let layout = &cx.layout;
    layout
        .doc
        .by_tag(Tag::A)
        .filter(|a| {
            !layout.marks(*a).any(&[
                Mark::Hidden,
                Mark::Navigation,
                Mark::Masthead,
                Mark::Footer,
                Mark::Related,
            ])
        })
        .find(|a| is_category_link(cx, *a))
        .map(Node::text)
        .filter(|t| !t.is_empty())
}

/// Tags and topics: displayed ones, else those in metadata.
pub fn tags(cx: &Cx<'_>, headline: Option<Node<'_>>) -> Vec<String> {
    let mut raw: Vec<String> = cx.proven(|e| &e.fields.tags).into_iter().map(Node::text).collect();
    if raw.is_empty() {
        raw = displayed_tags(cx, headline);
    }
    if raw.is_empty() {
        raw.extend(cx.unproven(|e| &e.fields.tags).into_iter().map(Node::text));
    }
    if raw.is_empty() {
        raw.extend(cx.meta.all("article:tag").map(str::to_owned));
    }
    if raw.is_empty()
        && let Some(value) = cx.article.and_then(|a| a.get("keywords"))
    {
        match value {
            Value::String(s) => raw.extend(s.split([',', '،', '|']).map(str::to_owned)),
            Value::Array(list) => raw.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
            _ => {}
        }
    }
    let mut out: Vec<String> = Vec::new();
    for tag in raw.into_iter().take(MAX_TAGS) {
        let tag = tag.trim_matches(|c: char| matches!(c, '#' | ',' | '/' | '|') || c.is_whitespace());
        let tag = cx.layout.tidy(&normalize(tag).text);
        if !tag.is_empty() && tag.chars().count() <= 80 && !out.contains(&tag) {
            out.push(tag);
        }
    }
    out
}

/// An article has no more tags than this; a cloud of topics may.
const MAX_TAGS: usize = 100;

fn displayed_tags<'a>(cx: &Cx<'a>, headline: Option<Node<'_>>) -> Vec<String> {
    let layout = &cx.layout;
    // Above the headline stand topics of the day.
    let start = headline.map_or(0, Node::index);
    let is_tag_link = |a: &Node<'a>| {
        let marks = layout.marks(*a);
        if a.index() < start
            || marks.any(&[Mark::Hidden, Mark::Breadcrumb, Mark::Navigation, Mark::Masthead])
            || is_category_link(cx, *a)
        {
            return false;
        }
        if links::has_rel(*a, &["tag"]) {
            return true;
        }
        let in_tags = marks.has(Mark::Tags);
        if marks.any(&[Mark::Footer, Mark::Ticker])
            || !in_tags && !a.get(Attr::Href).is_some_and(speaks_of_tags)
        {
            return false;
        }
        let is_tag = |p: &str| matches!(p, "tag" | "tags" | "topic" | "topics" | "keyword");
        links::address(cx, *a).is_some_and(|u| {
            u.parts().segments().any(is_tag)
                || in_tags
                    && links::target(cx, *a).is_some_and(|t| t.same_site && !t.article)
                    && !body::is_read_more(&a.text())
        })
    };
    let links: Vec<Node<'_>> = layout.doc.by_tag(Tag::A).filter(is_tag_link).collect();
    // Tags of the article stand together; a cloud of topics is larger.
    let Some(first) = links.iter().find(|l| layout.marks(**l).has(Mark::Tags)).or(links.first()) else {
        return Vec::new();
    };
    let parent = first.ancestors().nth(usize::from(first.parent().is_some_and(|p| p.tag() == Some(Tag::Li))));
    links
        .iter()
        .filter(|l| parent.is_none_or(|p| p.contains(**l)))
        .map(|l| l.text())
        .filter(|t| !t.is_empty())
        .collect()
}

/// Whether `tag`, `topic` or `keyword` stands in an address.
fn speaks_of_tags(href: &str) -> bool {
    ["tag", "topic", "keyword"].iter().any(|word| href.contains(word))
}

/// What the page says of its own address.
pub fn canonical(cx: &Cx<'_>) -> Option<Url> {
    let in_json_ld = cx.article.and_then(|a| {
        let main = a.get("mainEntityOfPage")?;
        main.as_str().or_else(|| main.get("@id")?.as_str())
    });
    let candidates = [
        cx.meta.canonical.as_deref(),
        cx.meta.get("og:url"),
        cx.article.and_then(|a| a.get("url")?.as_str()),
        in_json_ld,
    ];
    // The home page as every article's address is a template's mistake.
    let at_home = cx.url.as_ref().is_none_or(|p| p.path() == "/");
    let fits = |u: &Url| at_home || u.path() != "/" || u.query().is_some();
    let mut found = candidates.into_iter().flatten().filter_map(|c| cx.resolve(c)).filter(fits);
    let first = found.next()?;
    let url = match &cx.url {
        Some(page) => {
            let site = page.host_str().map(links::registrable);
            let of_site = |u: &Url| u.host_str().map(links::registrable) == site;
            if of_site(&first) { first } else { found.find(of_site).unwrap_or(first) }
        }
        None => first,
    };
    Some(without_tracking(url))
}

/// An address without tracking parameters and fragment, its percent-escapes in
/// upper case (RFC 3986, 6.2.2.1).
pub fn without_tracking(mut url: Url) -> Url {
    url.set_fragment(None);
    // What a page says of itself is no place for a password; these fail only
    // on addresses that cannot have one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !is_tracking(p)).collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
    let upper = crate::page::upper_escapes(url.as_str());
    if upper == url.as_str() { url } else { Url::parse(&upper).unwrap_or(url) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracking_goes_and_escapes_are_upper() {
        let url = Url::parse("https://a.example/%e0%a6%95?utm_source=x&id=5&fbclid=1#top").unwrap();
        assert_eq!(without_tracking(url).as_str(), "https://a.example/%E0%A6%95?id=5");
    }
}
