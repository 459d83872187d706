//! The document as the fields see it.
//!
//! html5ever builds the tree, by way of scraper; this module lays its nodes
//! out in document order, so that a subtree is a range of numbers: "is this
//! node inside that one" is two comparisons, and anything measured per node is
//! a plain `Vec`. No type of the HTML library leaves `page/`, so the parser
//! can be replaced without touching a field's logic.

use std::ops::Range;

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::{ElementRef, Html, HtmlTreeSink};

use super::nesting;
use super::tag::Tag;

/// A parsed page.
#[derive(Debug)]
pub struct Document {
    html: Html,
    nodes: Vec<Entry>,
    flattened: usize,
}

#[derive(Debug)]
struct Entry {
    id: ego_tree::NodeId,
    parent: u32,
    /// One past the last node of the subtree.
    end: u32,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Root,
    Element(Tag),
    Text,
}

/// One node of a [`Document`]: an element, a text, or the root.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    doc: &'a Document,
    index: u32,
}

impl Document {
    /// Parses HTML the way the HTML standard tells browsers to, with scripting
    /// off, so that the content of `<noscript>` is there as elements.
    ///
    /// Elements nested deeper than [`nesting::MAX_DEPTH`] are dissolved into
    /// their ancestors; [`Document::flattened`] says how many.
    pub fn parse(source: &str) -> Self {
        let (source, flattened) = nesting::flatten(source);
        let opts = ParseOpts {
            tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
            ..ParseOpts::default()
        };
        let html = driver::parse_document(HtmlTreeSink::new(Html::new_document()), opts).one(&*source);
        let nodes = lay_out(&html);
        Self { html, nodes, flattened }
    }

    /// How many elements were dissolved because they were nested too deeply.
    pub fn flattened(&self) -> usize {
        self.flattened
    }

    /// The root, above `<html>`.
    pub fn root(&self) -> Node<'_> {
        Node { doc: self, index: 0 }
    }

    /// How many nodes there are; every [`Node::index`] is below it.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is nothing but the root.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// The node of an index.
    ///
    /// # Panics
    ///
    /// If the index is not below [`Document::len`].
    pub fn node(&self, index: usize) -> Node<'_> {
        assert!(index < self.nodes.len(), "no node has index {index}");
        Node { doc: self, index: index as u32 }
    }

    /// All elements, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Node<'_>> {
        self.root().descendants().filter(|n| n.is_element())
    }

    /// All elements of a tag, in document order.
    pub fn by_tag(&self, tag: Tag) -> impl Iterator<Item = Node<'_>> {
        self.root().descendants().filter(move |n| n.tag() == Some(tag))
    }

    /// The elements that a selector matches, in document order.
    pub fn select<'a>(&'a self, selector: &'a Selector) -> impl Iterator<Item = Node<'a>> + 'a {
        self.elements().filter(move |n| n.matches(selector))
    }
}

/// Numbers the nodes in document order; comments and the doctype are left out.
fn lay_out(html: &Html) -> Vec<Entry> {
    use ego_tree::iter::Edge;
    let mut nodes: Vec<Entry> = Vec::new();
    let mut open: Vec<u32> = Vec::new();
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) => {
                let kind = match node.value() {
                    scraper::Node::Document => Kind::Root,
                    scraper::Node::Element(e) => Kind::Element(Tag::from_name(e.name())),
                    scraper::Node::Text(_) => Kind::Text,
                    _ => continue,
                };
                let index = nodes.len() as u32;
                let parent = open.last().copied().unwrap_or(0);
                nodes.push(Entry { id: node.id(), parent, end: index + 1, kind });
                open.push(index);
            }
            Edge::Close(node) => {
                if matches!(
                    node.value(),
                    scraper::Node::Document | scraper::Node::Element(_) | scraper::Node::Text(_)
                ) && let Some(index) = open.pop()
                {
                    nodes[index as usize].end = nodes.len() as u32;
                }
            }
        }
    }
    nodes
}

impl<'a> Node<'a> {
    fn entry(self) -> &'a Entry {
        &self.doc.nodes[self.index as usize]
    }

    fn value(self) -> Option<&'a scraper::Node> {
        self.doc.html.tree.get(self.entry().id).map(|n| n.value())
    }

    fn element(self) -> Option<&'a scraper::node::Element> {
        self.value().and_then(scraper::Node::as_element)
    }

    /// The document that the node belongs to.
    pub fn document(self) -> &'a Document {
        self.doc
    }

    /// The node's number in document order.
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// The numbers of the node and all below it.
    pub fn range(self) -> Range<usize> {
        self.index as usize..self.entry().end as usize
    }

    /// Whether `other` is this node or stands below it.
    pub fn contains(self, other: Node<'_>) -> bool {
        self.range().contains(&other.index())
    }

    /// The element's tag; `None` for a text and the root.
    pub fn tag(self) -> Option<Tag> {
        match self.entry().kind {
            Kind::Element(tag) => Some(tag),
            _ => None,
        }
    }

    /// Whether the node is an element.
    pub fn is_element(self) -> bool {
        matches!(self.entry().kind, Kind::Element(_))
    }

    /// The element's name as written, in lower case; empty for other nodes.
    pub fn name(self) -> &'a str {
        self.element().map_or("", scraper::node::Element::name)
    }

    /// The text of a text node.
    pub fn as_text(self) -> Option<&'a str> {
        if self.entry().kind == Kind::Text {
            self.value().and_then(scraper::Node::as_text).map(|t| &**t)
        } else {
            None
        }
    }

    /// An attribute's value, its name in lower case.
    pub fn attr(self, name: &str) -> Option<&'a str> {
        self.element().and_then(|e| e.attr(name))
    }

    /// All attributes as name and value.
    pub fn attrs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.element().into_iter().flat_map(scraper::node::Element::attrs)
    }

    /// The class names.
    pub fn classes(self) -> impl Iterator<Item = &'a str> {
        self.attr("class").unwrap_or("").split_ascii_whitespace()
    }

    /// The parent, up to the root.
    pub fn parent(self) -> Option<Node<'a>> {
        (self.index != 0).then(|| Node { doc: self.doc, index: self.entry().parent })
    }

    /// The ancestors, from the parent up to the root.
    pub fn ancestors(self) -> impl Iterator<Item = Node<'a>> {
        std::iter::successors(self.parent(), |n| n.parent())
    }

    /// The node itself, then its ancestors.
    pub fn ancestors_or_self(self) -> impl Iterator<Item = Node<'a>> {
        std::iter::successors(Some(self), |n| n.parent())
    }

    /// The children in order.
    pub fn children(self) -> Children<'a> {
        Children { doc: self.doc, next: self.index + 1, end: self.entry().end }
    }

    /// All nodes below this one in document order, texts included.
    pub fn descendants(self) -> impl Iterator<Item = Node<'a>> {
        let Range { start, end } = self.range();
        (start + 1..end).map(move |i| Node { doc: self.doc, index: i as u32 })
    }

    /// The next sibling, element or text.
    pub fn next_sibling(self) -> Option<Node<'a>> {
        let parent = self.parent()?;
        let next = self.entry().end;
        (next < parent.entry().end).then_some(Node { doc: self.doc, index: next })
    }

    /// The sibling elements before this one, nearest first.
    pub fn previous_elements(self) -> impl Iterator<Item = Node<'a>> {
        let mut before: Vec<Node<'a>> = self.parent().map_or_else(Vec::new, |p| {
            p.children().take_while(|c| c.index < self.index).filter(|c| c.is_element()).collect()
        });
        before.reverse();
        before.into_iter()
    }

    /// Whether a selector matches this element.
    pub fn matches(self, selector: &Selector) -> bool {
        self.doc
            .html
            .tree
            .get(self.entry().id)
            .and_then(ElementRef::wrap)
            .is_some_and(|e| selector.inner.matches(&e))
    }

    /// The elements below this one that a selector matches.
    pub fn select(self, selector: &'a Selector) -> impl Iterator<Item = Node<'a>> + 'a {
        self.descendants().filter(move |n| n.is_element() && n.matches(selector))
    }

    /// The raw text below an element, with no space added anywhere. What a
    /// script or title holds.
    pub fn raw_text(self) -> String {
        let mut out = String::new();
        for node in self.ancestors_or_self().take(1).chain(self.descendants()) {
            if let Some(text) = node.as_text() {
                out.push_str(text);
            }
        }
        out
    }

    /// The text a reader sees, white space collapsed, block elements and `br`
    /// set apart by one space, scripts and their kind left out.
    pub fn text(self) -> String {
        self.text_where(|_| true)
    }

    /// The same, leaving out each element (with all below it) for which `keep`
    /// is false.
    pub fn text_where(self, keep: impl Fn(Node<'a>) -> bool) -> String {
        let mut out = String::new();
        let Range { start, end } = self.range();
        let mut i = start;
        // Where each open block ends: leaving a block sets off what follows.
        let mut blocks: Vec<usize> = Vec::new();
        while i < end {
            while blocks.last().is_some_and(|b| i >= *b) {
                blocks.pop();
                out.push(' ');
            }
            let node = Node { doc: self.doc, index: i as u32 };
            match node.entry().kind {
                Kind::Text => out.push_str(node.as_text().unwrap_or("")),
                Kind::Element(tag) => {
                    if i != start && (tag.is_unread() || !keep(node)) {
                        i = node.range().end;
                        continue;
                    }
                    if tag == Tag::Br || tag == Tag::Img {
                        out.push(' ');
                    } else if tag.is_block() {
                        out.push(' ');
                        blocks.push(node.range().end);
                    }
                }
                Kind::Root => {}
            }
            i += 1;
        }
        collapse(&out)
    }
}

/// Collapses every run of white space into one space and trims.
pub fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.entry().kind {
            Kind::Root => write!(f, "#{} root", self.index),
            Kind::Text => write!(f, "#{} {:?}", self.index, self.as_text().unwrap_or("")),
            Kind::Element(_) => {
                write!(f, "#{} <{} class={:?}>", self.index, self.name(), self.attr("class").unwrap_or(""))
            }
        }
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.doc, other.doc)
    }
}

impl Eq for Node<'_> {}

/// The children of a node.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    doc: &'a Document,
    next: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { doc: self.doc, index: self.next };
        self.next = node.entry().end;
        Some(node)
    }
}

/// A CSS selector, compiled once and used on many pages.
#[derive(Clone, Debug)]
pub struct Selector {
    inner: scraper::Selector,
    source: String,
}

impl Selector {
    /// Compiles a selector.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as a lower-case fragment.
    pub fn new(source: &str) -> Result<Self, String> {
        scraper::Selector::parse(source)
            .map(|inner| Self { inner, source: source.to_owned() })
            .map_err(|e| format!("selector `{source}` cannot be read: {e}"))
    }

    /// The selector as written.
    pub fn as_str(&self) -> &str {
        &self.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtree_is_a_range() {
        let doc = Document::parse("<div id=a><p>এক</p><p>দুই</p></div><div id=b>তিন</div>");
        let a = doc.elements().find(|n| n.attr("id") == Some("a")).unwrap();
        let b = doc.elements().find(|n| n.attr("id") == Some("b")).unwrap();
        assert_eq!(a.children().count(), 2);
        assert!(a.descendants().all(|n| a.contains(n)));
        assert!(!a.contains(b));
        assert_eq!(a.next_sibling(), Some(b));
        assert_eq!(b.previous_elements().next(), Some(a));
        assert_eq!(a.text(), "এক দুই");
    }

    #[test]
    fn noscript_is_parsed() {
        let doc = Document::parse("<body><noscript><p>ভিতরে</p></noscript></body>");
        assert_eq!(doc.by_tag(Tag::P).count(), 1);
    }

    #[test]
    fn text_keeps_inline_pieces_together_and_blocks_apart() {
        let doc = Document::parse("<p>ক<b>খ</b>গ<br>ঘ<script>x</script></p><p>ঙ</p>");
        assert_eq!(doc.root().text(), "কখগ ঘ ঙ");
    }

    #[test]
    fn selector_error_names_the_selector() {
        let error = Selector::new("div[").unwrap_err();
        assert!(error.contains("div["), "{error}");
    }
}
