//! What stands in the head: title, meta elements, links.

use std::ops::Range;

use super::attr::Attr;
use super::collapse;
use super::document::{Document, Node};
use super::tag::Tag;
use super::text::collapse_onto;

/// The head's metadata, in page order.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// Keys and values one behind the other: a page has dozens, and most are
    /// never asked for.
    text: String,
    entries: Vec<Entry>,
    /// The text of `<title>`, white space collapsed.
    pub title: Option<String>,
    /// The address of `<link rel=canonical>`, as given.
    pub canonical: Option<String>,
    /// The address of `<base>`, as given.
    pub base: Option<String>,
    /// The `lang` attribute of `<html>`.
    pub lang: Option<String>,
}

/// Where a key and its value stand in the text.
#[derive(Clone, Debug)]
struct Entry {
    key: Range<usize>,
    value: Range<usize>,
}

impl Meta {
    /// Reads a page's metadata. Meta elements count wherever they stand, since
    /// a broken head puts them into the body.
    pub fn read(doc: &Document<'_>) -> Self {
        let mut meta = Self::default();
        for node in doc.by_tag(Tag::Meta) {
            let key = node.get(Attr::Property).or_else(|| node.get(Attr::Name)).unwrap_or("");
            let value = node.get(Attr::Content).unwrap_or("").trim();
            if !key.is_empty() && !value.is_empty() {
                meta.add(key.trim(), value);
            }
        }
        let in_svg = |node: Node<'_>| node.ancestors().any(|a| a.tag() == Some(Tag::Svg));
        let mut titles = doc.by_tag(Tag::Title).filter(|t| !in_svg(*t)).map(|t| collapse(&t.raw_text()));
        meta.title = titles.find(|t| !t.is_empty());
        let is_canonical = |link: &Node<'_>| {
            let rel = link.get(Attr::Rel).unwrap_or("");
            rel.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("canonical"))
        };
        let links = doc.by_tag(Tag::Link).filter(is_canonical);
        let mut canonical = links.filter_map(|l| l.get(Attr::Href)).map(str::trim);
        meta.canonical = canonical.find(|h| !h.is_empty()).map(str::to_owned);
        meta.base = doc.by_tag(Tag::Base).find_map(|n| n.get(Attr::Href)).map(str::to_owned);
        meta.lang = doc.by_tag(Tag::Html).last().and_then(|n| n.get(Attr::Lang)).map(str::to_owned);
        meta
    }

    fn add(&mut self, key: &str, value: &str) {
        let start = self.text.len();
        self.text.push_str(key);
        self.text[start..].make_ascii_lowercase();
        let middle = self.text.len();
        collapse_onto(value, &mut self.text);
        self.entries.push(Entry { key: start..middle, value: middle..self.text.len() });
    }

    /// The first value of a key (`property` or `name`, in lower case).
    pub fn get(&self, key: &str) -> Option<&str> {
        let entry = self.entries.iter().find(|e| self.text[e.key.clone()] == *key)?;
        Some(&self.text[entry.value.clone()])
    }

    /// All values of a key.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        let entries = self.entries.iter().filter(move |e| self.text[e.key.clone()] == *key);
        entries.map(|e| &self.text[e.value.clone()])
    }

    /// The first value of the first of several keys that the page has.
    pub fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|k| self.get(k))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_property_and_name_wherever_they_stand() {
        let doc = Document::parse(
            "<html lang=bn><head><title> ক \n খ </title><meta property='og:title' content='এক'>\
             <meta name='Author' content=' '><link rel='shortlink canonical' href='/x'></head>\
             <body><meta property='og:title' content='দুই'><svg><title>লোগো</title></svg></body>",
        );
        let meta = Meta::read(&doc);
        assert_eq!(meta.title.as_deref(), Some("ক খ"));
        assert_eq!(meta.all("og:title").collect::<Vec<_>>(), ["এক", "দুই"]);
        assert_eq!(meta.get("author"), None);
        assert_eq!(meta.canonical.as_deref(), Some("/x"));
        assert_eq!(meta.lang.as_deref(), Some("bn"));
    }
}
