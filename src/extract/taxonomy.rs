//! Publisher, section, tags, canonical address, language of the page's own
//! saying.

use serde_json::Value;
use url::Url;

use super::context::Cx;
use super::hints::Mark;
use super::key;
use super::links;
use crate::bangla::normalize;
use crate::page::{Node, Tag, json_ld};
use crate::sites::known;

/// The publication's name.
pub fn publisher(cx: &Cx<'_>) -> Option<String> {
    if let Some(name) = cx.rule.and_then(|r| r.publisher.clone()) {
        return Some(name);
    }
    if let Some(site) = cx.url.as_ref().and_then(known::find) {
        return Some(site.name.to_owned());
    }
    let from_ld =
        cx.article.and_then(|a| a.get("publisher")).map(|p| cx.json_ld.names(p)).unwrap_or_default();
    let from_md = cx.microdata.names("publisher").into_iter().map(|(_, n)| n);
    let name = cx
        .meta
        .get("og:site_name")
        .map(str::to_owned)
        .or_else(|| from_ld.into_iter().next())
        .or_else(|| from_md.into_iter().next())?;
    let name = normalize(&name).text.into_owned();
    (!name.is_empty() && name.chars().count() < 80).then_some(name)
}

/// The section that the article stands in.
pub fn section(cx: &Cx<'_>, headline: &str) -> Option<String> {
    let fits = |text: &str| {
        let k = key(text);
        !k.is_empty()
            && k != headline
            && text.chars().count() <= 40
            && !cx.is_site_name(text)
            && !["হোম", "প্রচ্ছদ", "home", "মূলপাতা", "নীড়", "নীড় পাতা", "খবর", "news", "সব"]
                .iter()
                .any(|h| k == key(h))
    };
    let tidy = |text: &str| {
        normalize(text.trim_matches(|c: char| {
            matches!(c, '/' | '>' | '»' | '|' | ':' | '›' | '~') || c.is_whitespace()
        }))
        .text
        .into_owned()
    };
    let mut candidates: Vec<String> = Vec::new();
    candidates.extend(cx.all_by_rule(|e| &e.fields.section).into_iter().map(|n| n.text()).take(1));
    if let Some(value) = cx.article.and_then(|a| a.get("articleSection")) {
        match value {
            Value::String(s) => candidates.push(s.clone()),
            Value::Array(list) => {
                candidates.extend(list.iter().filter_map(Value::as_str).map(str::to_owned).take(1))
            }
            _ => {}
        }
    }
    candidates.extend(cx.meta.get("article:section").map(str::to_owned));
    candidates.extend(cx.microdata.all("articleSection").map(|p| p.value()).take(1));
    candidates.extend(breadcrumb(cx));
    for object in cx.json_ld.of_type("BreadcrumbList") {
        let trail = json_ld::breadcrumb(object);
        // The last one is the article; the first is the home page.
        candidates.extend(trail.into_iter().skip(1).take(1));
    }
    candidates.iter().map(|c| tidy(c)).find(|c| fits(c))
}

/// The first entry of a displayed trail that is neither home nor the article.
fn breadcrumb(cx: &Cx<'_>) -> Vec<String> {
    let layout = &cx.layout;
    layout
        .doc
        .by_tag(Tag::A)
        .filter(|a| layout.marks(*a).has(Mark::Breadcrumb))
        .map(|a| a.text())
        .filter(|t| !t.is_empty())
        .take(6)
        .collect()
}

/// Tags and topics: displayed ones, else those in metadata.
pub fn tags(cx: &Cx<'_>) -> Vec<String> {
    let mut raw: Vec<String> = cx.all_by_rule(|e| &e.fields.tags).into_iter().map(|n| n.text()).collect();
    if raw.is_empty() {
        raw = displayed_tags(cx);
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
    for tag in raw {
        let tag =
            normalize(tag.trim_matches(|c: char| matches!(c, '#' | ',' | '/' | '|') || c.is_whitespace()))
                .text
                .into_owned();
        if !tag.is_empty() && tag.chars().count() <= 80 && !out.contains(&tag) {
            out.push(tag);
        }
    }
    out
}

fn displayed_tags(cx: &Cx<'_>) -> Vec<String> {
    let layout = &cx.layout;
    let is_tag_link = |a: &Node<'_>| {
        if a.attr("rel").is_some_and(|r| r.split_ascii_whitespace().any(|r| r == "tag")) {
            return !layout.marks(*a).any(&[Mark::Breadcrumb, Mark::Navigation, Mark::Masthead]);
        }
        let Some(href) = a.attr("href").and_then(|h| cx.resolve(h)) else { return false };
        let tagged = href
            .path_segments()
            .is_some_and(|mut s| s.any(|p| matches!(p, "tag" | "tags" | "topic" | "topics" | "keyword")));
        tagged
            && !layout.marks(*a).any(&[
                Mark::Navigation,
                Mark::Masthead,
                Mark::Footer,
                Mark::Ticker,
                Mark::Breadcrumb,
            ])
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

/// What the page says of its own address.
pub fn canonical(cx: &Cx<'_>) -> Option<Url> {
    let from_ld = cx.article.and_then(|a| {
        let main = a.get("mainEntityOfPage")?;
        main.as_str().map(str::to_owned).or_else(|| main.get("@id")?.as_str().map(str::to_owned))
    });
    let candidates = [
        cx.meta.canonical.clone(),
        cx.meta.get("og:url").map(str::to_owned),
        cx.article.and_then(|a| a.get("url")?.as_str().map(str::to_owned)),
        from_ld,
    ];
    let mut found: Vec<Url> = candidates.into_iter().flatten().filter_map(|c| cx.resolve(&c)).collect();
    // The home page as every article's address is a template's mistake.
    found.retain(|u| {
        u.path() != "/" || u.query().is_some() || cx.url.as_ref().is_none_or(|p| p.path() == "/")
    });
    let url = match &cx.url {
        Some(page) => found
            .iter()
            .find(|u| u.host_str().map(links::registrable) == page.host_str().map(links::registrable))
            .or(found.first())?
            .clone(),
        None => found.into_iter().next()?,
    };
    Some(without_tracking(url))
}

/// An address without tracking parameters and fragment, its percent-escapes in
/// upper case (RFC 3986, 6.2.2.1).
pub fn without_tracking(mut url: Url) -> Url {
    url.set_fragment(None);
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !links::is_tracking(p)).collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(kept.as_str()));
    }
    let upper = upper_escapes(url.as_str());
    Url::parse(&upper).unwrap_or(url)
}

fn upper_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut left = 0;
    for c in text.chars() {
        if left > 0 && c.is_ascii_hexdigit() {
            out.push(c.to_ascii_uppercase());
            left -= 1;
        } else {
            left = if c == '%' { 2 } else { 0 };
            out.push(c);
        }
    }
    out
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
