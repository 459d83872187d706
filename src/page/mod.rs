//! From bytes to a document: charset, tree, and the blocks of metadata that a
//! page carries for machines.
//!
//! This room knows HTML and the formats inside it; it knows nothing of
//! journalism. The fields in `extract/` ask it for nodes, text and metadata.

// A failure is made once a page and moved a few times: boxing it would only
// burden callers.
#![allow(clippy::result_large_err)]

pub mod attr;
pub mod charset;
pub(crate) mod coding;
pub mod document;
mod escapes;
pub mod json_ld;
#[cfg(feature = "fetch")]
pub(crate) mod media;
pub mod meta;
pub mod microdata;
mod names;
mod nesting;
mod select;
pub mod state;
pub mod tag;
mod text;
mod tree;
pub mod warc;

pub use attr::Attr;
pub use document::{Document, Node, Selector};
#[cfg(feature = "fetch")]
pub(crate) use escapes::plain_escapes;
pub(crate) use escapes::upper_escapes;
pub use json_ld::JsonLd;
pub use meta::Meta;
pub use microdata::Microdata;
pub use nesting::MAX_DEPTH;
pub use tag::Tag;
pub use text::collapse;

use std::borrow::Cow;

use url::Url;

use crate::failure::{Failure, FailureKind};

/// A page may hold this many tags: a tree of them takes about half a gigabyte.
pub const MAX_TAGS: usize = 1_000_000;

/// A page: its document and the metadata in it. It borrows the page's text
/// where it is given a borrowed one.
#[derive(Debug)]
pub struct Page<'s> {
    /// The document.
    pub doc: Document<'s>,
    /// The head's metadata.
    pub meta: Meta,
    /// The JSON-LD blocks.
    pub json_ld: JsonLd,
}

impl<'s> Page<'s> {
    /// Parses a page's text.
    ///
    /// # Errors
    ///
    /// A failure of kind `malformed` where the page holds more than
    /// [`MAX_TAGS`] tags.
    pub fn parse(html: impl Into<Cow<'s, str>>) -> Result<Self, Failure> {
        Self::parse_with(html.into(), Document::parse)
    }

    /// The same with a way of its own to make the document.
    pub(crate) fn parse_with(
        html: Cow<'s, str>,
        document: fn(Cow<'s, str>) -> Document<'s>,
    ) -> Result<Self, Failure> {
        if html.len() > MAX_TAGS {
            let tags = memchr::memchr_iter(b'<', html.as_bytes()).count();
            if tags > MAX_TAGS {
                return Err(Failure::new(
                    FailureKind::Malformed,
                    format!("the page holds {tags} tags, more than {MAX_TAGS}"),
                ));
            }
        }
        let doc = document(html);
        let meta = Meta::read(&doc);
        let json_ld = JsonLd::read(&doc);
        Ok(Self { doc, meta, json_ld })
    }

    /// The address that the page gives as its own, for a page of which nothing
    /// else is known.
    pub fn own_address(&self) -> Option<Url> {
        let canonical = self.meta.canonical.as_deref();
        canonical
            .into_iter()
            .chain(self.meta.get("og:url"))
            .filter_map(|u| Url::parse(u).ok())
            .find(|u| matches!(u.scheme(), "http" | "https"))
    }
}
