//! The tree of a page in one piece of memory: nodes in document order, so that
//! a subtree is a range of numbers, and all text and attributes in one string.
//!
//! Two ways lead to it. [`build`] makes it straight from the source and knows
//! the markup that news pages are made of; where a page holds anything that it
//! can't prove it builds as the HTML standard has it, it declines. Then
//! [`slow`] takes the tree that html5ever builds, by way of scraper, which is
//! the oracle of the first in tests too.

mod build;
mod char_refs;
mod depth;
mod foreign;
mod formatting;
mod head_modes;
mod in_body;
mod insert;
mod slow;
mod stack;
mod table_modes;
mod tokens;

use std::ops::Range;

use super::tag::Tag;

pub(super) use slow::to_scraper;

/// A piece of a [`Tree`]'s text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    fn range(self) -> Range<usize> {
        self.start as usize..(self.start + self.len) as usize
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
    pub(super) kind: Kind,
    /// Of a text its place in the string, of an element that of its attributes
    /// in the list of them.
    data: Span,
}

#[derive(Clone, Copy, Debug)]
struct Attr {
    name: Span,
    value: Span,
    /// Whether the name belongs to `XLink` or XML, so that `href` does not find
    /// `xlink:href`.
    foreign: bool,
}

/// A page's nodes.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Entry>,
    attrs: Vec<Attr>,
    text: String,
    /// The names of elements that have no [`Tag`] of their own, by node.
    names: Vec<(u32, Span)>,
}

impl Tree {
    /// The tree of a page that nests no deeper than [`flatten`] allows.
    ///
    /// [`flatten`]: super::nesting::flatten
    pub(super) fn fast(source: &str) -> Option<Self> {
        build::build(source)
    }

    /// The tree as html5ever builds it.
    pub(super) fn slow(source: &str) -> Self {
        slow::from_scraper(&slow::parse(source))
    }

    fn with_root(source: &str) -> Self {
        let mut tree = Self {
            nodes: Vec::with_capacity(source.len() / 32 + 8),
            attrs: Vec::with_capacity(source.len() / 48 + 8),
            text: String::with_capacity(source.len() + 64),
            names: Vec::new(),
        };
        tree.nodes.push(Entry { parent: 0, end: 1, kind: Kind::Root, data: Span::default() });
        tree
    }

    fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// Adds a text to the string.
    fn keep(&mut self, text: &str) -> Span {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        Span { start, len: text.len() as u32 }
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

    fn attr_list(&self, index: u32) -> &[Attr] {
        let entry = &self.nodes[index as usize];
        match entry.kind {
            Kind::Element(_) | Kind::Foreign(_) => &self.attrs[entry.data.range()],
            Kind::Root | Kind::Text => &[],
        }
    }

    /// An attribute's value, its name in lower case.
    pub(super) fn attr(&self, index: u32, name: &str) -> Option<&str> {
        let found = self.attr_list(index).iter().find(|a| {
            a.name.len as usize == name.len()
                && !a.foreign
                && self.text.as_bytes()[a.name.range()] == *name.as_bytes()
        })?;
        Some(self.slice(found.value))
    }

    /// All attributes as name and value, those of `XLink` and XML left out.
    pub(super) fn attrs(&self, index: u32) -> impl Iterator<Item = (&str, &str)> {
        self.attr_list(index).iter().filter(|a| !a.foreign).map(|a| (self.slice(a.name), self.slice(a.value)))
    }

    /// Says of each node where its subtree ends, once all nodes are there.
    fn close(&mut self) {
        for index in (1..self.nodes.len()).rev() {
            let Entry { parent, end, .. } = self.nodes[index];
            let end = end.max(index as u32 + 1);
            self.nodes[index].end = end;
            let parent = &mut self.nodes[parent as usize];
            parent.end = parent.end.max(end);
        }
    }
}
