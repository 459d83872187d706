//! Articles in embedded state: a page whose body is empty until a script draws
//! it.
//!
//! The article object is told by its shape, never by the site: a title, text
//! in HTML or in typed blocks, dates and names beside them. It is rendered as
//! the plain page that a script would draw, which then is read like any other;
//! so captions, prompts and read-more links inside the text are told from it
//! in the same way as everywhere.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::key;
use crate::bangla::timestamp::{self, Moment};
use crate::page::{Document, Page, state};

/// How many JSON values of a page's state are looked at.
const MAX_VALUES: usize = 400_000;

/// How deep they may nest.
const MAX_DEPTH: usize = 60;

/// Text shorter than this, in characters, makes an object no article.
const MIN_TEXT: usize = 120;

const TITLES: &[&str] =
    &["headline", "title", "news_title", "post_title", "heading", "headlines", "article_title", "name"];
const TEXTS: &[&str] = &[
    "content_elements",
    "cards",
    "content",
    "body",
    "text",
    "articlebody",
    "article_body",
    "story",
    "details",
    "news_details",
    "description",
    "html",
    "post_content",
    "full_content",
    "blocks",
    "elements",
    "components",
];
const PUBLISHED: &[&str] = &[
    "published_at",
    "publishedat",
    "published-at",
    "first-published-at",
    "publish_date",
    "publishdate",
    "published_date",
    "publisheddate",
    "datepublished",
    "date_published",
    "first_publish_date",
    "display_date",
    "contentdate",
    "firstpublished",
    "published",
    "publish_time",
    "publishtime",
    "post_date",
    "pubdate",
    "created_at",
    "createdat",
    "date",
];
const MODIFIED: &[&str] = &[
    "updated_at",
    "updatedat",
    "last-published-at",
    "modified_at",
    "modifiedat",
    "datemodified",
    "last_updated_date",
    "updated_date",
    "lastpublished",
    "update_time",
    "modified",
    "updated",
];
const AUTHORS: &[&str] = &[
    "authors",
    "author",
    "author-name",
    "author_name",
    "byline",
    "reporter",
    "reporters",
    "credits",
    "writer",
    "by",
];
const SECTIONS: &[&str] =
    &["category", "categories", "section", "sections", "primary_section", "primarycategory"];
const TAGS: &[&str] = &["tags", "topics", "keywords"];
const IMAGES: &[&str] =
    &["featured_image", "hero-image", "lead_image", "image", "thumbnail", "main_image", "cover", "photo"];
const CAPTIONS: &[&str] = &["caption", "image_caption", "hero-image-caption", "photo_caption"];
const LINKS: &[&str] =
    &["url", "link", "permalink", "href", "canonical_url", "website_url", "namedurl", "slug"];

type Object = Map<String, Value>;

/// The page that a script would draw from the state embedded in this one.
pub fn drawn(page: &Page<'_>) -> Option<Page<'static>> {
    let blocks = state::blocks(&page.doc);
    let title =
        [page.meta.get("og:title"), page.meta.title.as_deref()].into_iter().flatten().map(key).collect();
    let mut search = Search { titles: title, left: MAX_VALUES, best: None, lists: Vec::new() };
    for block in &blocks {
        search.visit(block, "", 0);
    }
    let (article, ..) = search.best?;
    let html = render(article, &search.lists);
    Some(Page { doc: Document::parse(html), meta: page.meta.clone(), json_ld: page.json_ld.clone() })
}

struct Search<'v> {
    /// Keys of what the page's head calls the article.
    titles: Vec<String>,
    left: usize,
    /// The best object so far with its weight.
    best: Option<(&'v Object, usize)>,
    /// Lists of other articles, each with the name under which it stands.
    lists: Vec<(&'v str, &'v [Value])>,
}

impl<'v> Search<'v> {
    fn visit(&mut self, value: &'v Value, name: &'v str, depth: usize) {
        if self.left == 0 || depth > MAX_DEPTH {
            return;
        }
        self.left -= 1;
        match value {
            Value::Object(object) => {
                if let Some(weight) = self.weigh(object)
                    && self.best.is_none_or(|(_, w)| weight > w)
                {
                    self.best = Some((object, weight));
                }
                for (name, value) in object {
                    self.visit(value, name, depth + 1);
                }
            }
            Value::Array(list) => {
                if is_list_of_articles(name, list) {
                    self.lists.push((name, list));
                }
                for value in list {
                    self.visit(value, name, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// How much an object looks like the page's article.
    fn weigh(&self, object: &Object) -> Option<usize> {
        let title = title_of(object)?;
        let length = TEXTS.iter().filter_map(|t| get(object, t)).map(|v| text_len(v, 0)).max()?;
        if length < MIN_TEXT {
            return None;
        }
        let k = key(&title);
        let named = !k.is_empty() && self.titles.iter().any(|t| t.contains(&k) || k.contains(t.as_str()));
        let dated = PUBLISHED.iter().any(|p| get(object, p).is_some());
        if !named && !dated {
            return None;
        }
        Some(length + if named { 1_000_000 } else { 0 })
    }
}

/// A value by its name, whatever its letter case.
fn get<'v>(object: &'v Object, name: &str) -> Option<&'v Value> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v))
        .filter(|v| !v.is_null())
}

fn first<'v>(object: &'v Object, names: &[&str]) -> Option<&'v Value> {
    names.iter().find_map(|n| get(object, n))
}

/// The string that a value is, or that stands in it under a usual name.
fn string(value: &Value) -> Option<&str> {
    match value {
        Value::String(s) => Some(s.trim()).filter(|s| !s.is_empty()),
        Value::Object(o) => ["basic", "rendered", "name", "text", "title", "value", "url", "src"]
            .iter()
            .find_map(|n| get(o, n))
            .and_then(string),
        _ => None,
    }
}

fn title_of(object: &Object) -> Option<String> {
    TITLES
        .iter()
        .filter_map(|n| get(object, n).and_then(string))
        .find(|t| t.split_whitespace().count() >= 2 && t.chars().count() <= 300)
        .map(str::to_owned)
}

/// How many characters of text a value holds.
fn text_len(value: &Value, depth: usize) -> usize {
    if depth > 10 {
        return 0;
    }
    match value {
        Value::String(s) if s.contains(' ') => s.chars().count(),
        Value::Array(list) => list.iter().map(|v| text_len(v, depth + 1)).sum(),
        Value::Object(o) => TEXTS
            .iter()
            .chain(&["model", "story-elements", "rendered"])
            .filter_map(|n| get(o, n))
            .map(|v| text_len(v, depth + 1))
            .sum(),
        _ => 0,
    }
}

/// Whether a list holds other articles: it is named as such lists are, and
/// each entry has a title and an address.
fn is_list_of_articles(name: &str, list: &[Value]) -> bool {
    let name = name.to_ascii_lowercase();
    let named = [
        "related",
        "latest",
        "popular",
        "recommended",
        "mostread",
        "most_read",
        "more",
        "readalso",
        "trending",
    ]
    .iter()
    .any(|w| name.contains(w));
    named
        && list.len() >= 2
        && list.iter().all(|v| v.as_object().is_some_and(|o| title_of(o).is_some() && link_of(o).is_some()))
}

/// An entry's address; a bare slug says too little.
fn link_of(object: &Object) -> Option<String> {
    LINKS.iter().filter_map(|n| get(object, n).and_then(string)).find_map(|link| {
        if link.starts_with('/') || link.starts_with("http") {
            Some(link.to_owned())
        } else {
            link.contains('/').then(|| format!("/{link}"))
        }
    })
}

fn render(article: &Object, lists: &[(&str, &[Value])]) -> String {
    let mut out = String::from("<html><body><article>");
    let title = title_of(article).unwrap_or_default();
    if let Some(section) = first(article, SECTIONS).and_then(|v| names(v).into_iter().next()) {
        let _ = write!(out, "<p class=\"breadcrumb\"><a href=\"#\">{}</a></p>", escape(&section));
    }
    let _ = write!(out, "<h1>{}</h1>", escape(&title));
    let by: Vec<String> =
        AUTHORS.iter().filter_map(|n| get(article, n)).map(names).find(|n| !n.is_empty()).unwrap_or_default();
    if !by.is_empty() {
        let _ = write!(out, "<p class=\"byline\">{}</p>", escape(&by.join(", ")));
    }
    for (label, keys) in [("Published", PUBLISHED), ("Updated", MODIFIED)] {
        if let Some(time) = keys.iter().filter_map(|n| get(article, n)).find_map(time) {
            let _ = write!(out, "<p>{label}: {}</p>", escape(&time));
        }
    }
    if let Some(image) = first(article, IMAGES) {
        let caption = image
            .as_object()
            .and_then(|o| first(o, CAPTIONS))
            .or_else(|| first(article, CAPTIONS))
            .and_then(string);
        if let Some(source) = string(image).filter(|s| s.starts_with("http") || s.starts_with('/')) {
            let _ = write!(
                out,
                "<figure><img src=\"{}\"><figcaption>{}</figcaption></figure>",
                escape(source),
                escape(caption.unwrap_or(""))
            );
        }
    }
    out.push_str("<div>");
    let longest = TEXTS.iter().filter_map(|n| get(article, n)).max_by_key(|v| text_len(v, 0));
    if let Some(text) = longest {
        draw(text, "", &mut out, 0);
    }
    out.push_str("</div>");
    if let Some(tags) = first(article, TAGS) {
        for tag in names(tags) {
            let _ = write!(out, "<a rel=\"tag\" href=\"#\">{}</a> ", escape(&tag));
        }
    }
    out.push_str("</article>");
    for (_, list) in lists {
        out.push_str("<ul>");
        for object in list.iter().filter_map(Value::as_object) {
            if let (Some(title), Some(link)) = (title_of(object), link_of(object)) {
                let _ = write!(out, "<li><a href=\"{}\">{}</a></li>", escape(&link), escape(&title));
            }
        }
        out.push_str("</ul>");
    }
    out.push_str("</body></html>");
    out
}

/// Draws a text: HTML as it is, typed blocks by their type.
fn draw(value: &Value, kind: &str, out: &mut String, depth: usize) {
    if depth > 10 {
        return;
    }
    match value {
        Value::String(text) => {
            let text = text.trim();
            if text.contains("</") {
                let _ = write!(out, "{text}");
            } else {
                let tag = match kind {
                    k if k.contains("head") || k.contains("title") => "h3",
                    k if k.contains("quote") => "blockquote",
                    k if k.contains("list") => "li",
                    _ => "p",
                };
                for line in text.lines().filter(|l| !l.trim().is_empty()) {
                    let _ = write!(out, "<{tag}>{}</{tag}>", line.trim());
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|v| draw(v, kind, out, depth + 1)),
        Value::Object(object) => {
            let kind = get(object, "type").and_then(Value::as_str).unwrap_or(kind).to_ascii_lowercase();
            let other = [
                "image",
                "video",
                "gallery",
                "media",
                "embed",
                "interstitial",
                "ad",
                "related",
                "link",
                "headline",
                "timestamp",
            ];
            if other
                .iter()
                .any(|o| kind == *o || kind.starts_with(&format!("{o}_")) || kind.ends_with(&format!("-{o}")))
            {
                return;
            }
            for name in TEXTS.iter().chain(&["model", "story-elements", "rendered", "items", "list_items"]) {
                if let Some(inner) = get(object, name) {
                    draw(inner, &kind, out, depth + 1);
                    break;
                }
            }
        }
        _ => {}
    }
}

/// The names in a value: a string, an object with a name, a list of these.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(names).collect(),
        Value::Object(o) => match get(o, "by") {
            Some(by) => names(by),
            None => string(value).map(str::to_owned).into_iter().collect(),
        },
        _ => string(value).map(str::to_owned).into_iter().collect(),
    }
}

/// A time as text: a string as it is, a number of seconds or milliseconds as
/// the instant it names.
fn time(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if s.chars().any(char::is_numeric) => match s.parse::<i64>() {
            Ok(number) => instant(number),
            Err(_) => Some(s.clone()),
        },
        Value::Number(n) => instant(n.as_i64()?),
        _ => None,
    }
}

fn instant(number: i64) -> Option<String> {
    match timestamp::from_epoch(number)? {
        Moment::Instant(t) => Some(t.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        Moment::Day(_) => None,
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAGRAPH: &str = "নদীর ধারে তিন দিনের মেলা শুরু হয়েছে গতকাল, দূর দূর থেকে এসেছেন দোকানিরা। ";

    fn draw_page(html: &str) -> Option<String> {
        let page = Page::parse(html).unwrap();
        drawn(&page).map(|p| p.doc.root().text())
    }

    #[test]
    fn html_text_and_blocks_are_drawn() {
        let text = PARAGRAPH.repeat(3);
        let html = format!(
            "<title>নদীর ধারে মেলা</title><script type=application/json>{{\"p\":{{\"title\":\"নদীর ধারে মেলা\",\
             \"published_at\":1704067200000,\"reporter\":{{\"name\":\"মিতা সেন\"}},\"content\":\"<p>{text}</p>\"}},\
             \"related\":[{{\"title\":\"হাটে দাম কম\",\"url\":\"/n/1\"}},{{\"title\":\"সেতু হয়নি আজও\",\"url\":\"/n/2\"}}]}}</script>"
        );
        let drawn = draw_page(&html).unwrap();
        for part in
            ["নদীর ধারে মেলা", "মিতা সেন", "Published: 2024-01-01T00:00:00Z", PARAGRAPH.trim(), "সেতু হয়নি আজও"]
        {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
        let blocks = format!(
            "<script>Fusion.globalContent={{\"headlines\":{{\"basic\":\"নদীর ধারে মেলা\"}},\"display_date\":\"2024-01-01T00:00:00Z\",\
             \"content_elements\":[{{\"type\":\"text\",\"content\":\"{text}\"}},{{\"type\":\"image\",\"caption\":\"x y\"}},\
             {{\"type\":\"header\",\"content\":\"মাঝের শিরোনাম\"}}]}}</script>"
        );
        let drawn = draw_page(&blocks).unwrap();
        assert!(drawn.contains("মাঝের শিরোনাম") && !drawn.contains("x y"));
    }

    #[test]
    fn state_without_an_article_draws_nothing() {
        assert_eq!(
            draw_page("<script type=application/json>{\"menu\":[{\"title\":\"জাতীয় খবর\"}]}</script>"),
            None
        );
        assert_eq!(draw_page("<p>ক</p>"), None);
    }
}
