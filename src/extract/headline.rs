//! The headline: the heading on which the page's own markup, its title and its
//! metadata agree.
//!
//! Traps that newsrooms set: the logo is an h1, the headline is an h2 or h3,
//! every teaser is an h1, a kicker stands inside the headline's element, the
//! first og:title is the site's motto, the title carries the site's name.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;

use super::context::Cx;
use super::hints::{Mark, Words};
use super::key;
use super::links;
use super::notes::Notes;
use super::site_names::SiteNames;
use super::tokens::any_token;
use super::words;
use crate::article::{Source, WarningCode};
use crate::page::{Attr, Node, Tag, collapse};

/// The headline as found.
#[derive(Clone, Debug)]
pub struct Headline<'a> {
    /// Its text, without the kicker.
    pub text: String,
    /// The text's key.
    pub key: String,
    /// A kicker that stands inside the same element.
    pub kicker: Option<String>,
    /// The element, where the headline is displayed.
    pub node: Option<Node<'a>>,
}

/// What metadata calls the article.
struct Reference {
    text: String,
    key: String,
    /// Where the key's words stand in it.
    words: Vec<Range<usize>>,
    source: Source,
}

impl Reference {
    /// The headline that it is where none is displayed.
    fn headline<'a>(&self) -> Headline<'a> {
        Headline { text: self.text.clone(), key: self.key.clone(), kicker: None, node: None }
    }
}

struct Heading<'c, 'a> {
    node: Node<'a>,
    key: Cow<'c, str>,
    score: i32,
    agrees: bool,
}

/// Separators between a headline and the site's name in a title.
const TITLE_SEPARATORS: &[&str] =
    &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " || ", "|", " • ", " : "];

/// Finds the headline.
pub fn find<'a>(cx: &Cx<'a>, notes: &mut Notes) -> Option<Headline<'a>> {
    let references = references(cx);
    let mut headings = headings(cx, &references);
    headings.sort_by_key(|h| std::cmp::Reverse(h.score));

    if let Some(node) = cx.by_rule(|e| &e.fields.headline) {
        let found = split_kicker(cx, node, &references);
        let text = &found.text;
        if !text.is_empty() && !cx.names.contains_keyed(text, &found.key) {
            if cx.trusted_era() || agrees_with_any(&found.key, &references) {
                notes.take("headline", text, Source::SiteRule);
                note_references(&references, &found.key, notes);
                return Some(found);
            }
            notes.reject("headline", text, Source::SiteRule, "no metadata agrees with the unproven rule");
            notes.warn(WarningCode::RuleOutvoted, format!("headline: the rule finds “{text}”"));
        }
    }

    // With no metadata to agree with, a modest heading above text will do.
    let enough = if references.is_empty() { 2 } else { 4 };
    let visible = headings.first().filter(|h| h.score >= enough);
    // An article that stands twice is headed twice: the first one counts.
    let visible = visible.map(|best| {
        headings
            .iter()
            .filter(|h| h.key == best.key && h.node.tag() == best.node.tag() && h.score + 4 >= best.score)
            .min_by_key(|h| h.node.index())
            .unwrap_or(best)
    });
    let agreed = references
        .iter()
        .find(|r| r.source != Source::Meta || references.iter().filter(|o| o.key == r.key).count() > 1);
    match (visible, agreed) {
        // A heading that nothing speaks for loses against metadata that agrees
        // with itself: it is a section's or the site's.
        (Some(h), Some(r)) if !h.agrees && !overlaps(&h.key, r) && h.node.tag() != Some(Tag::H1) => {
            notes.reject("headline", h.node.text(), Source::Visible, "no metadata agrees with it");
            notes.take("headline", &r.text, r.source);
            Some(r.headline())
        }
        (Some(h), _) => {
            let found = split_kicker(cx, h.node, &references);
            let text = &found.text;
            notes.take("headline", text, Source::Visible);
            note_references(&references, &found.key, notes);
            if !h.agrees && !references.is_empty() {
                notes.warn(
                    WarningCode::SourcesDisagree,
                    format!("headline: displayed “{text}”, metadata “{}”", references[0].text),
                );
            }
            for other in headings.iter().skip(1).take(3).filter(|o| o.score >= 0 && o.key != h.key) {
                notes.reject("headline", other.node.text(), Source::Visible, "another heading fits better");
            }
            Some(found)
        }
        (None, _) => {
            let best = agreed.or(references.first())?;
            notes.take("headline", &best.text, best.source);
            Some(best.headline())
        }
    }
}

/// Notes what metadata says beside a headline with the key that was taken.
fn note_references(references: &[Reference], taken: &str, notes: &mut Notes) {
    for reference in references {
        let why = if reference.key == taken {
            "agrees with the one taken"
        } else {
            "differs from the heading displayed"
        };
        notes.reject("headline", &reference.text, reference.source, why);
    }
}

/// What metadata calls the article, best source first. Titles come without the
/// site's name.
fn references(cx: &Cx<'_>) -> Vec<Reference> {
    let mut out: Vec<Reference> = Vec::new();
    // Most pages say the same in several places.
    let mut last: Option<(String, Option<(String, String)>)> = None;
    let mut push = |text: &str, source: Source| {
        let text = collapse(text);
        if last.as_ref().is_none_or(|(said, _)| *said != text) {
            let title = strip_site_name(&cx.names, &text);
            let k = key(title);
            let refers = !k.is_empty()
                && !cx.names.contains_keyed(title, &k)
                && !title.eq_ignore_ascii_case("undefined");
            let found = refers.then(|| (title.to_owned(), k));
            last = Some((text, found));
        }
        if let Some((_, Some((text, key)))) = &last {
            out.push(Reference {
                text: text.clone(),
                key: key.clone(),
                words: words_of(key).collect(),
                source,
            });
        }
    };
    if let Some(Value::String(text)) = cx.article.and_then(|a| a.get("headline").or_else(|| a.get("name"))) {
        push(text, Source::JsonLd);
    }
    for property in cx.microdata.all("headline") {
        push(&property.value(), Source::Microdata);
    }
    for key in ["og:title", "twitter:title"] {
        for text in cx.meta.all(key) {
            push(text, Source::Meta);
        }
    }
    if let Some(title) = &cx.meta.title {
        push(title, Source::Meta);
    }
    out
}

/// Takes the site's name off the ends of a title.
pub fn strip_site_name<'t>(names: &SiteNames, title: &'t str) -> &'t str {
    let mut title = title;
    while let Some(shorter) = without_name(names, title) {
        title = shorter;
    }
    title
}

/// A title without one end that names the site.
fn without_name<'t>(names: &SiteNames, title: &'t str) -> Option<&'t str> {
    // Each separator holds one of these, or a sign that begins with one of those.
    let bytes = title.as_bytes();
    if memchr::memchr3(b'|', b'-', b':', bytes).is_none() && memchr::memchr2(0xc2, 0xe2, bytes).is_none() {
        return None;
    }
    TITLE_SEPARATORS.iter().find_map(|separator| {
        if !title.contains(separator) {
            return None;
        }
        let (head, tail) = title.rsplit_once(separator)?;
        let head = head.trim();
        if !head.is_empty() && names.named_in(tail) {
            return Some(head);
        }
        let (head, tail) = title.split_once(separator)?;
        let tail = tail.trim();
        (!tail.is_empty() && names.named_in(head)).then_some(tail)
    })
}

/// The headings of the page with how well each does as the article's.
fn headings<'c, 'a>(cx: &'c Cx<'a>, references: &[Reference]) -> Vec<Heading<'c, 'a>> {
    let mut out: Vec<Heading<'c, 'a>> = Vec::new();
    for node in cx.layout.doc.elements() {
        let level = node.tag().and_then(Tag::heading_level);
        let titled = || {
            cx.layout.words(node).has(Words::HEADLINE)
                && node.tag().is_some_and(|t| t.is_block() || t == Tag::Span)
                && node.range().len() <= 12
        };
        if !level.map_or_else(titled, |l| l <= 4) {
            continue;
        }
        let marks = cx.layout.marks(node);
        if marks.any(&[Mark::Hidden, Mark::Footer, Mark::Ticker, Mark::Comments]) {
            continue;
        }
        let text = shown(cx, node);
        let words = text.split_whitespace().count();
        let chars = words::visible_chars(&text) + words.saturating_sub(1);
        if words == 0 || chars > 300 {
            continue;
        }
        let k = cx.layout.key_of(node);
        if chars <= 60 && cx.names.contains_key(&k) {
            continue;
        }
        // What says the same as one before agrees no better.
        let others = references.iter().enumerate().filter(|(i, r)| *i == 0 || references[i - 1].key != r.key);
        let agreement = others.map(|(_, r)| agreement(&k, r)).max().unwrap_or(0);
        let mut score = agreement;
        score += match level {
            Some(1) => 5,
            Some(2) => 2,
            Some(3) => 1,
            _ => 0,
        };
        if words < 3 {
            score -= 3;
        }
        if marks.any(&[Mark::Navigation, Mark::Related, Mark::Breadcrumb, Mark::Widget, Mark::Pagination]) {
            score -= 3;
        }
        if links_elsewhere(cx, node) {
            score -= 6;
        } else if words >= 3 && opens_text(cx, node) {
            score += 3;
        }
        out.push(Heading { node, key: k, score, agrees: agreement >= 4 });
    }
    out
}

/// A node's text, not made anew where it is in one piece.
fn shown<'a>(cx: &Cx<'a>, node: Node<'a>) -> Cow<'a, str> {
    let line = cx.layout.line_of(node).filter(|_| cx.layout.said(node).is_some());
    let text = line.and_then(|i| cx.layout.doc.node(cx.layout.lines[i].nodes.start).as_text());
    text.map_or_else(|| node.text().into(), Cow::Borrowed)
}

/// How well a heading and a reference agree: 10 where they are the same.
fn agreement(key: &str, reference: &Reference) -> i32 {
    let other = reference.key.as_str();
    if key == other {
        return 10;
    }
    let long_enough = |s: &str| words::has_chars(s, 12);
    if key.ends_with(other) && long_enough(other) {
        return 8;
    }
    if (key.starts_with(other) && long_enough(other)) || (other.starts_with(key) && long_enough(key)) {
        return 7;
    }
    if overlaps(key, reference) { 4 } else { 0 }
}

/// How many words a key has.
fn count_words(key: &str) -> usize {
    if key.is_empty() { 0 } else { memchr::memchr_iter(b' ', key.as_bytes()).count() + 1 }
}

/// Where the words of a key stand in it.
fn words_of(key: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr::memchr_iter(b' ', key.as_bytes()).chain([key.len()]);
    let mut start = 0;
    ends.map(move |end| std::mem::replace(&mut start, end + 1)..end)
}

/// Whether a key shares most of its words with a reference's.
fn overlaps(one: &str, other: &Reference) -> bool {
    let own = count_words(one);
    let longest = own.max(other.words.len());
    if longest < 3 || own * 10 < longest * 7 {
        return false;
    }
    let mut missed = 0;
    for word in words_of(one) {
        let word = &one.as_bytes()[word];
        missed += usize::from(!other.words.iter().any(|w| other.key.as_bytes()[w.clone()] == *word));
        if (own - missed) * 10 < longest * 7 {
            return false;
        }
    }
    true
}

/// Whether running text follows a heading at once.
fn opens_text(cx: &Cx<'_>, node: Node<'_>) -> bool {
    let lines = &cx.layout.lines;
    let start = cx.layout.lines_in(node).end;
    let next = &lines[start.min(lines.len())..(start + 10).min(lines.len())];
    next.iter()
        .take_while(|l| l.heading_level().is_none_or(|h| h > 4))
        .any(|l| super::story::is_prose(l) && l.chars >= 90)
}

fn agrees_with_any(key: &str, references: &[Reference]) -> bool {
    references.is_empty() || references.iter().any(|r| agreement(key, r) >= 4)
}

/// Whether the heading is a link to another page.
fn links_elsewhere<'a>(cx: &Cx<'a>, node: Node<'a>) -> bool {
    let link = node
        .descendants()
        .chain(node.ancestors().take(2))
        .find(|n| n.tag() == Some(Tag::A) && n.get(Attr::Href).is_some());
    let Some(link) = link else { return false };
    let Some(address) = links::address(cx, link) else { return false };
    cx.addresses.own().is_none_or(|own| !own.same_page(address.parts()))
}

/// Parts a kicker from the headline that stands in the same element: where
/// metadata ends like the element's text, or where a small element opens it
/// before a line break.
fn split_kicker<'a>(cx: &Cx<'a>, node: Node<'a>, references: &[Reference]) -> Headline<'a> {
    let full = node.text();
    let k = cx.layout.key_of(node);
    if references.iter().any(|r| r.key == k) {
        return Headline { text: full, key: k.into_owned(), kicker: None, node: Some(node) };
    }
    for reference in references.iter().filter(|r| k.ends_with(&r.key) && words::has_chars(&r.key, 12)) {
        let mut at = 0;
        for word in full.split(' ') {
            if key(&full[at..]) == reference.key {
                let kicker = full[..at].trim().trim_end_matches([':', '|', '।', '-']).trim();
                let kicker = Some(kicker.to_owned()).filter(|k| !k.is_empty());
                let text = full[at..].to_owned();
                return Headline { text, key: reference.key.clone(), kicker, node: Some(node) };
            }
            at += word.len() + 1;
        }
    }
    let mut children = node.children().filter(|c| c.as_text().is_none_or(|t| !t.trim().is_empty()));
    if let Some(first) = children.next()
        && matches!(first.tag(), Some(Tag::Span | Tag::Small | Tag::Div | Tag::P | Tag::Font | Tag::Strong))
    {
        let kicker = first.text();
        let rest = node.text_where(|n| n != first);
        let parted = children.next().is_some_and(|n| n.tag() == Some(Tag::Br))
            || any_token(first.get(Attr::Class).unwrap_or(""), |t| {
                matches!(t, "kicker" | "shoulder" | "subtitle" | "sub" | "hanger")
            });
        if parted && !kicker.is_empty() && words::at_least(&rest, 2) {
            return Headline { key: key(&rest), text: rest, kicker: Some(kicker), node: Some(node) };
        }
    }
    Headline { text: full, key: k.into_owned(), kicker: None, node: Some(node) }
}
