//! What stands in the head: title, meta elements, links.

use super::document::{Document, collapse};
use super::tag::Tag;

/// The head's metadata, in page order.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    entries: Vec<(String, String)>,
    /// The text of `<title>`, white space collapsed.
    pub title: Option<String>,
    /// The address of `<link rel=canonical>`, as given.
    pub canonical: Option<String>,
    /// The address of `<base>`, as given.
    pub base: Option<String>,
    /// The `lang` attribute of `<html>`.
    pub lang: Option<String>,
}

impl Meta {
    /// Reads a page's metadata. Meta elements count wherever they stand, since
    /// a broken head puts them into the body.
    pub fn read(doc: &Document) -> Self {
        let mut meta = Self::default();
        for node in doc.elements() {
            match node.tag() {
                Some(Tag::Meta) => {
                    let key = node.attr("property").or_else(|| node.attr("name")).unwrap_or("");
                    let value = collapse(node.attr("content").unwrap_or(""));
                    if !key.is_empty() && !value.is_empty() {
                        meta.entries.push((key.trim().to_ascii_lowercase(), value));
                    }
                }
                Some(Tag::Title)
                    if meta.title.is_none() && node.ancestors().all(|a| a.tag() != Some(Tag::Svg)) =>
                {
                    meta.title = Some(collapse(&node.raw_text())).filter(|t| !t.is_empty());
                }
                Some(Tag::Link) => {
                    let rel = node.attr("rel").unwrap_or("").to_ascii_lowercase();
                    if meta.canonical.is_none() && rel.split_ascii_whitespace().any(|r| r == "canonical") {
                        meta.canonical =
                            node.attr("href").map(|h| h.trim().to_owned()).filter(|h| !h.is_empty());
                    }
                }
                Some(Tag::Html) => meta.lang = node.attr("lang").map(str::to_owned),
                _ => {
                    if node.name() == "base" && meta.base.is_none() {
                        meta.base = node.attr("href").map(str::to_owned);
                    }
                }
            }
        }
        meta
    }

    /// The first value of a key (`property` or `name`, in lower case).
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// All values of a key.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.entries.iter().filter(move |(k, _)| k == key).map(|(_, v)| v.as_str())
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
