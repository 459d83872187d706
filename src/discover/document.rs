//! What an answer lists: a feed, a sitemap, or a page with links.
//!
//! What a document is, its first element says; neither its address nor its
//! `Content-Type` can be relied on. A feed where a sitemap was expected is as
//! good; a web page in the place of either is a failure.

use std::borrow::Cow;

use bytes::Bytes;
use url::Url;

use super::feed;
use super::listing::{self, Links};
use super::scope::Scope;
use super::sitemap::{self, Sitemap};
use super::xml::{Step, Walk};
use crate::bangla::timestamp::Moment;
use crate::failure::{Failure, FailureKind};
use crate::page::charset;
use crate::page::coding::{DecodeError, Decoder};
use crate::tz::Tz;

/// How far into a document its XML declaration is looked for.
const DECLARATION: usize = 256;

/// A page that a source names.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its address.
    pub(super) url: Url,
    /// Its title as the source has it.
    pub(super) title: Option<String>,
    /// Its date.
    pub(super) date: Option<Moment>,
    /// Whether the source says that it is an article: feeds and news sitemaps
    /// list nothing else.
    pub(super) named: bool,
}

/// A sitemap that an index names.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) url: Url,
    pub(super) lastmod: Option<Moment>,
}

/// What an answer lists.
#[derive(Debug)]
pub(super) enum Document {
    Feed(Vec<Entry>),
    Sitemap(Sitemap),
    Page(Links),
}

/// What is needed to read an answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) body: Bytes,
    /// The charset that the header names.
    pub(super) charset: Option<String>,
    /// Where the answer came from.
    pub(super) url: Url,
    /// Whether a page is welcome.
    pub(super) page: bool,
    /// The most bytes a document may have after decompression, and the most it
    /// may grow by it.
    pub(super) caps: (u64, u64),
    pub(super) zone: Tz,
    pub(super) scope: Scope,
}

impl Answer {
    /// Reads the answer.
    ///
    /// # Errors
    /// The failure that it is.
    pub(super) fn read(&self) -> Result<Document, Failure> {
        let bytes = self.unpacked()?;
        let declared = self.charset.clone().or_else(|| declared_encoding(&bytes));
        let decoded = charset::decode(&bytes, declared.as_deref());
        let text = decoded.text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\0']);
        let broken = |what: String| {
            Failure::new(FailureKind::Malformed, what)
                .with_hint("only the site can mend it; its other sources are used")
        };
        match kind_of(text) {
            Kind::Feed => feed::read_xml(text, &self.url, self.zone).map(Document::Feed).map_err(broken),
            Kind::Sitemap => {
                sitemap::read_xml(text, &self.url, self.zone).map(Document::Sitemap).map_err(broken)
            }
            Kind::Json if !self.page => {
                feed::read_json(text, &self.url, self.zone).map(Document::Feed).map_err(broken)
            }
            Kind::Addresses => {
                Ok(Document::Sitemap(Sitemap { entries: sitemap::read_text(text), ..Sitemap::default() }))
            }
            _ if self.page => listing::read(text, &self.url, &self.scope).map(Document::Page),
            Kind::Html => Err(Failure::new(
                FailureKind::Malformed,
                "a web page stands in the place of a feed or sitemap",
            )
            .with_hint(
                "take the address out of the feeds and sitemaps; a page of links can be given as a page",
            )),
            Kind::Empty => Err(broken("the answer is empty".to_owned())),
            Kind::Broken(what) => Err(broken(what)),
            Kind::Other(what) => Err(broken(format!("{what} is neither a feed nor a sitemap"))),
            Kind::Json => Err(broken("a json document is no page".to_owned())),
        }
    }

    /// The body, decompressed where it is a gzip file.
    fn unpacked(&self) -> Result<Cow<'_, [u8]>, Failure> {
        if !self.body.starts_with(&[0x1f, 0x8b]) {
            return Ok(Cow::Borrowed(&self.body));
        }
        let (cap, ratio) = self.caps;
        let unpack = || {
            let mut decoder = Decoder::new([&b"gzip"[..]].into_iter(), cap, ratio)?;
            decoder.push(&self.body)?;
            decoder.finish()
        };
        unpack().map(Cow::Owned).map_err(|error| match error {
            DecodeError::TooLarge(_) | DecodeError::Ratio(_) => {
                Failure::new(FailureKind::TooLarge, format!("the gzip file cannot be used: {error}"))
                    .with_hint("raise --max-bytes if the site can be trusted")
            }
            _ => Failure::new(FailureKind::Decode, format!("the gzip file cannot be used: {error}")),
        })
    }
}

/// The encoding that an XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]);
    let declaration = head.trim_start().strip_prefix("<?xml")?;
    let declaration = &declaration[..declaration.find("?>")?];
    let value = declaration[declaration.find("encoding")? + 8..].trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Feed,
    Sitemap,
    Json,
    /// Lines of addresses.
    Addresses,
    Html,
    Empty,
    Broken(String),
    Other(String),
}

/// What a document is, by its first element.
fn kind_of(text: &str) -> Kind {
    match text.chars().next() {
        None => return Kind::Empty,
        Some('{' | '[') => return Kind::Json,
        Some('<') => {}
        Some(_) => {
            let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default().trim();
            let is_address = Url::parse(first).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
            return if is_address { Kind::Addresses } else { Kind::Other("text".to_owned()) };
        }
    }
    let start = text.get(..text.len().min(64)).unwrap_or(text).to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Kind::Html;
    }
    let mut walk = Walk::new(text);
    loop {
        match walk.step() {
            Ok(Step::Open(root)) => {
                return match root.name().to_ascii_lowercase().as_str() {
                    "rss" | "rdf" | "feed" | "channel" => Kind::Feed,
                    "urlset" | "sitemapindex" => Kind::Sitemap,
                    "html" | "head" | "body" | "script" | "div" | "meta" | "title" => Kind::Html,
                    name => Kind::Other(format!("an xml document of type {name:?}")),
                };
            }
            Ok(Step::End) => return Kind::Empty,
            Ok(_) => {}
            Err(what) => return Kind::Broken(what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_says_what_a_document_is() {
        for (text, kind) in [
            (
                "<?xml version='1.0'?><!-- x --><?xml-stylesheet href='a.xsl'?><rss version='2.0'/>",
                Kind::Feed,
            ),
            ("<rdf:RDF/>", Kind::Feed),
            ("<a:feed/>", Kind::Feed),
            ("<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>", Kind::Feed),
            ("<ns2:urlset/>", Kind::Sitemap),
            ("<sitemapindex/>", Kind::Sitemap),
            ("<!DOCTYPE HTML><p>", Kind::Html),
            ("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'a' 'b'><html/>", Kind::Html),
            ("{\"version\": 1}", Kind::Json),
            ("https://a.example/1\nhttps://a.example/2", Kind::Addresses),
            ("", Kind::Empty),
            ("<!-- nothing -->", Kind::Empty),
        ] {
            assert_eq!(kind_of(text), kind, "{text}");
        }
        assert!(matches!(kind_of("<opml/>"), Kind::Other(_)));
        assert!(matches!(kind_of("plain words"), Kind::Other(_)));
        assert!(matches!(kind_of("<rss"), Kind::Broken(_)));
    }

    #[test]
    fn the_declaration_names_the_encoding() {
        let read = |text: &str| declared_encoding(text.as_bytes());
        assert_eq!(
            read("<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss/>").as_deref(),
            Some("windows-1252")
        );
        assert_eq!(
            read("<?xml version='1.0' encoding = 'UTF-8' standalone='yes'?>").as_deref(),
            Some("UTF-8")
        );
        assert_eq!(read("<?xml version='1.0'?><a encoding='x'/>"), None);
    }
}
