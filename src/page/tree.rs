//! The tree of a page: nodes in document order, so that a subtree is a range of
//! numbers, and all text and attributes as places in the source, which is
//! borrowed where the caller keeps it. What the source does not hold letter by
//! letter, such as texts with character references, is kept beside it.
//!
//! Two ways lead to it. [`build`] makes it straight from the source and knows
//! the markup that news pages are made of; where a page holds anything that it
//! can't prove it builds as the HTML standard has it, it declines. Then
//! [`slow`] takes the tree that html5ever builds, by way of scraper, which is
//! the oracle of the first in tests too.

mod build;
mod char_refs;
mod depth;
mod end_tags;
mod foreign;
mod formatting;
mod head_modes;
mod in_body;
mod insert;
mod slow;
mod stack;
mod table_modes;
mod tokens;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};

use super::attr::{Attr, AttrSet};
use super::tag::Tag;

pub(super) use slow::to_scraper;

/// A piece of a [`Tree`]'s source, or of what is kept beside it; also of one
/// of its lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    len: u32,
}

/// Marks the start of a piece of what is kept beside the source.
const KEPT: u32 = 1 << 31;

/// No source may be longer, so that no place in it looks like one that is kept.
const MAX_SOURCE: usize = KEPT as usize - 1;

impl Span {
    fn new(range: Range<usize>) -> Self {
        Self { start: range.start as u32, len: range.len() as u32 }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end()
    }

    fn end(self) -> usize {
        (self.start + self.len) as usize
    }

    /// Without so many bytes at its start.
    fn without(self, bytes: usize) -> Self {
        Self { start: self.start + bytes as u32, len: self.len - bytes as u32 }
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    Element(Tag),
    /// An element of SVG or mathematics.
    Foreign(Tag),
    Text,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) parent: u32,
    /// One past the last node of the subtree.
    pub(super) end: u32,
    /// The next element of the same tag; 0 at the last.
    pub(super) next_of_tag: u32,
    pub(super) kind: Kind,
    /// Of a text its place in the string, of an element that of its attributes
    /// in the list of them.
    data: Span,
    /// Which attributes an element has.
    pub(super) attrs: AttrSet,
}

/// An attribute of an element. Those of `XLink` and XML, which only SVG has,
/// are left out of the tree: nobody asks for them.
#[derive(Clone, Copy, Debug)]
struct Pair {
    attr: Attr,
    /// The name, where it is [`Attr::Other`].
    name: Span,
    value: Span,
}

/// A page's nodes.
#[derive(Debug)]
pub(super) struct Tree<'s> {
    pub(super) nodes: Vec<Entry>,
    pairs: Vec<Pair>,
    source: Cow<'s, str>,
    /// What the source does not hold letter by letter.
    kept: String,
    /// The names of elements that have no [`Tag`] of their own, by node.
    names: Vec<(u32, Span)>,
    /// By tag the first element of it; 0 where there is none.
    first_of_tag: [u32; Tag::COUNT],
    /// The attributes that any element has.
    pub(super) attrs: AttrSet,
}

impl<'s> Tree<'s> {
    /// The tree of a page that nests no deeper than [`flatten`] allows; else
    /// gives the source back.
    ///
    /// [`flatten`]: super::nesting::flatten
    pub(super) fn fast(source: Cow<'s, str>) -> Result<Self, Cow<'s, str>> {
        if let Some(found) = memchr2(b'\r', 0, source.as_bytes()) {
            // NUL is many things in the standard, and nothing in news.
            if memchr(0, &source.as_bytes()[found..]).is_some() {
                return Err(source);
            }
            let plain = with_line_feeds(&source);
            return match build::build(&plain) {
                Some(tree) => Ok(Tree { source: plain.into(), ..tree }),
                None => Err(source),
            };
        }
        match build::build(&source) {
            Some(tree) => Ok(Tree { source, ..tree }),
            None => Err(source),
        }
    }

    /// The tree as html5ever builds it.
    pub(super) fn slow(source: &str) -> Tree<'static> {
        slow::from_scraper(&slow::parse(source))
    }

    fn with_capacity(nodes: usize, pairs: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(nodes),
            pairs: Vec::with_capacity(pairs),
            source: Cow::Borrowed(""),
            kept: String::new(),
            names: Vec::new(),
            first_of_tag: [0; Tag::COUNT],
            attrs: AttrSet::default(),
        }
    }

    #[inline]
    fn slice(&self, span: Span) -> &str {
        self.piece(&self.source, span)
    }

    /// A piece of the source, which a tree under construction has not yet, or
    /// of what is kept.
    #[inline]
    fn piece<'t>(&'t self, source: &'t str, span: Span) -> &'t str {
        if span.start & KEPT == 0 {
            &source[span.range()]
        } else {
            let start = (span.start & !KEPT) as usize;
            &self.kept[start..start + span.len as usize]
        }
    }

    /// The piece that was kept from a place on.
    fn kept_since(&self, place: usize) -> Span {
        Span { start: place as u32 | KEPT, len: (self.kept.len() - place) as u32 }
    }

    /// The text of a text node.
    pub(super) fn as_text(&self, index: u32) -> Option<&str> {
        let entry = &self.nodes[index as usize];
        (entry.kind == Kind::Text).then(|| self.slice(entry.data))
    }

    /// An element's name in lower case; empty for other nodes.
    pub(super) fn name(&self, index: u32) -> &str {
        match self.nodes[index as usize].kind {
            Kind::Element(Tag::Other) | Kind::Foreign(Tag::Other) => {
                let at = self.names.partition_point(|(node, _)| *node < index);
                self.names
                    .get(at)
                    .filter(|(node, _)| *node == index)
                    .map_or("", |(_, name)| self.slice(*name))
            }
            Kind::Element(tag) | Kind::Foreign(tag) => tag.name(),
            Kind::Root | Kind::Text => "",
        }
    }

    fn pairs(&self, index: u32) -> &[Pair] {
        let entry = &self.nodes[index as usize];
        match entry.kind {
            Kind::Element(_) | Kind::Foreign(_) => &self.pairs[entry.data.range()],
            Kind::Root | Kind::Text => &[],
        }
    }

    /// The value of an attribute that has a number.
    #[inline]
    pub(super) fn get(&self, index: u32, attr: Attr) -> Option<&str> {
        // Most elements have not what they are asked for: a caller need not go
        // anywhere to learn that.
        if self.nodes[index as usize].attrs.has(attr) { self.value(index, attr) } else { None }
    }

    fn value(&self, index: u32, attr: Attr) -> Option<&str> {
        self.pairs(index).iter().find(|p| p.attr == attr).map(|p| self.slice(p.value))
    }

    /// The value of an attribute that has none, its name in lower case.
    pub(super) fn get_other(&self, index: u32, name: &str) -> Option<&str> {
        if !self.nodes[index as usize].attrs.has(Attr::Other) {
            return None;
        }
        let mut others = self.pairs(index).iter().filter(|p| p.attr == Attr::Other);
        others.find(|p| self.slice(p.name) == name).map(|p| self.slice(p.value))
    }

    /// All attributes as name and value.
    pub(super) fn all_attrs(&self, index: u32) -> impl Iterator<Item = (&str, &str)> {
        self.pairs(index).iter().map(|p| {
            let name = if p.attr == Attr::Other { self.slice(p.name) } else { p.attr.name() };
            (name, self.slice(p.value))
        })
    }

    /// The first element of a tag; 0 where there is none.
    pub(super) fn first_of(&self, tag: Tag) -> u32 {
        self.first_of_tag[tag as usize]
    }

    /// Says of each node where its subtree ends and which the next of its tag
    /// is, once all nodes are there.
    fn close(&mut self) {
        for index in (1..self.nodes.len()).rev() {
            let entry = &mut self.nodes[index];
            let end = entry.end.max(index as u32 + 1);
            entry.end = end;
            if let Kind::Element(tag) | Kind::Foreign(tag) = entry.kind {
                let first = &mut self.first_of_tag[tag as usize];
                entry.next_of_tag = std::mem::replace(first, index as u32);
                self.attrs.add_all(entry.attrs);
            }
            let parent = entry.parent as usize;
            let parent = &mut self.nodes[parent];
            parent.end = parent.end.max(end);
        }
    }
}

/// A text with line feeds where it has carriage returns, with or without a line
/// feed behind.
fn with_line_feeds(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = memchr(b'\r', rest.as_bytes()) {
        out.push_str(&rest[..found]);
        rest = &rest[found + 1..];
        if !rest.starts_with('\n') {
            out.push('\n');
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriage_returns_become_line_feeds() {
        for text in ["", "\r", "ক\r\nখ\rগ\r\r\n\nঘ\r", "\n\r"] {
            let plain = text.replace("\r\n", "\n").replace('\r', "\n");
            assert_eq!(with_line_feeds(text), plain, "{text:?}");
        }
    }
}
