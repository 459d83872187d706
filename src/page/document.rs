//! The document as the fields see it.
//!
//! Its nodes stand in document order, so that a subtree is a range of numbers:
//! "is this node inside that one" is two comparisons, and anything measured per
//! node is a plain `Vec`. How the tree is built is `tree`'s
//! matter; no type of the HTML library leaves `page/`.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use scraper::{ElementRef, Html};

use super::attr::{Attr, AttrSet};
use super::nesting;
use super::select::Plain;
use super::tag::Tag;
use super::tree::{self, Entry, Kind, Tree};

/// A parsed page. It borrows the page's source where it is given a borrowed one.
#[derive(Debug)]
pub struct Document<'s> {
    tree: Tree<'s>,
    flattened: usize,
    /// The same tree as scraper's, made when a selector needs it.
    in_scraper: OnceCell<(Html, Vec<ego_tree::NodeId>)>,
}

/// One node of a [`Document`]: an element, a text, or the root.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    doc: &'a Document<'a>,
    index: u32,
}

impl<'s> Document<'s> {
    /// Parses HTML the way the HTML standard tells browsers to, with scripting
    /// off, so that the content of `<noscript>` is there as elements.
    ///
    /// Elements nested deeper than [`nesting::MAX_DEPTH`] are dissolved into
    /// their ancestors; [`Document::flattened`] says how many.
    pub fn parse(source: impl Into<Cow<'s, str>>) -> Self {
        match Tree::fast(source.into()) {
            Ok(tree) => Self::of(tree),
            Err(source) => Self::parse_by_html5ever(&source),
        }
    }

    /// The same without html5ever; `None` for a page that holds anything of
    /// which it is not certain that html5ever builds the same.
    pub fn parse_fast(source: impl Into<Cow<'s, str>>) -> Option<Self> {
        Tree::fast(source.into()).ok().map(Self::of)
    }

    fn of(tree: Tree<'s>) -> Self {
        Self { tree, flattened: 0, in_scraper: OnceCell::new() }
    }

    /// The same by way of html5ever alone.
    pub fn parse_by_html5ever(source: &str) -> Self {
        let (source, flattened) = nesting::flatten(source);
        Self { flattened, ..Self::of(Tree::slow(&source)) }
    }

    /// The first node in which two documents differ in anything that a field
    /// can see, as told of either; `None` where they are the same.
    pub fn difference(&self, other: &Document<'_>) -> Option<(String, String)> {
        let tell = |doc: &Document<'_>, index: usize| {
            let Some(entry) = doc.tree.nodes.get(index) else { return "none".to_owned() };
            let node = doc.node(index);
            let mut attrs: Vec<(&str, &str)> = node.attrs().collect();
            attrs.sort_unstable();
            let (name, text) = (node.name(), node.as_text());
            format!(
                "{index} in {}, to {}: {:?} {name} {attrs:?} {text:?}",
                entry.parent, entry.end, entry.kind
            )
        };
        (0..self.len().max(other.len()))
            .map(|index| (tell(self, index), tell(other, index)))
            .find(|(one, two)| one != two)
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
        self.tree.nodes.len()
    }

    /// Whether there is nothing but the root.
    pub fn is_empty(&self) -> bool {
        self.tree.nodes.len() <= 1
    }

    /// The node of an index.
    ///
    /// # Panics
    ///
    /// If the index is not below [`Document::len`].
    pub fn node(&self, index: usize) -> Node<'_> {
        assert!(index < self.tree.nodes.len(), "no node has index {index}");
        Node { doc: self, index: index as u32 }
    }

    /// All elements, in document order.
    pub fn elements(&self) -> impl Iterator<Item = Node<'_>> {
        self.root().descendants().filter(|n| n.is_element())
    }

    /// All elements of a tag, in document order.
    pub fn by_tag(&self, tag: Tag) -> impl Iterator<Item = Node<'_>> {
        let some = |index: u32| (index != 0).then_some(Node { doc: self, index });
        std::iter::successors(some(self.tree.first_of(tag)), move |n| some(n.entry().next_of_tag))
    }

    /// All elements with an attribute, in document order.
    pub fn with_attr(&self, attr: Attr) -> impl Iterator<Item = Node<'_>> {
        let len = if self.tree.attrs.has(attr) { self.len() } else { 0 };
        (0..len as u32).map(|index| Node { doc: self, index }).filter(move |n| n.entry().attrs.has(attr))
    }

    /// The elements that a selector matches, in document order.
    pub fn select<'a>(&'a self, selector: &'a Selector) -> impl Iterator<Item = Node<'a>> + 'a {
        let tag = selector.plain.as_ref().and_then(Plain::tag);
        let of_tag = tag.into_iter().flat_map(|tag| self.by_tag(tag));
        let all = tag.is_none().then(|| self.elements());
        of_tag.chain(all.into_iter().flatten()).filter(move |n| n.matches(selector))
    }
}

impl<'a> Node<'a> {
    fn entry(self) -> &'a Entry {
        &self.doc.tree.nodes[self.index as usize]
    }

    /// The document that the node belongs to.
    pub fn document(self) -> &'a Document<'a> {
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
            Kind::Element(tag) | Kind::Foreign(tag) => Some(tag),
            Kind::Root | Kind::Text => None,
        }
    }

    /// Whether the node is an element.
    pub fn is_element(self) -> bool {
        self.tag().is_some()
    }

    /// The element's name in lower case; empty for other nodes.
    pub fn name(self) -> &'a str {
        self.doc.tree.name(self.index)
    }

    /// The text of a text node.
    pub fn as_text(self) -> Option<&'a str> {
        self.doc.tree.as_text(self.index)
    }

    /// An attribute's value, its name in lower case.
    #[inline]
    pub fn attr(self, name: &str) -> Option<&'a str> {
        match Attr::from_name(name) {
            Attr::Other => self.doc.tree.get_other(self.index, name),
            known => self.get(known),
        }
    }

    /// The value of an attribute that is in the list of [`Attr`]s: where the
    /// element has none such, this costs a comparison. Nothing for
    /// [`Attr::Other`].
    #[inline]
    pub fn get(self, attr: Attr) -> Option<&'a str> {
        if attr == Attr::Other { None } else { self.doc.tree.get(self.index, attr) }
    }

    /// Whether it has all attributes of a set.
    pub(super) fn has_all(self, attrs: AttrSet) -> bool {
        self.entry().attrs.has_all(attrs)
    }

    /// All attributes as name (in lower case) and value, those of `XLink`
    /// and XML left out.
    pub fn attrs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.doc.tree.all_attrs(self.index)
    }

    /// The class names.
    pub fn classes(self) -> impl Iterator<Item = &'a str> {
        self.get(Attr::Class).unwrap_or("").split_ascii_whitespace()
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
        std::iter::successors(self.previous_sibling(), |n| n.previous_sibling()).filter(|n| n.is_element())
    }

    fn previous_sibling(self) -> Option<Node<'a>> {
        let parent = self.parent()?;
        // What stands before it is the sibling or the last node below that.
        let before = Node { doc: self.doc, index: self.index - 1 };
        before.ancestors_or_self().take_while(|n| n.index != parent.index).last()
    }

    /// Whether a selector matches this element.
    pub fn matches(self, selector: &Selector) -> bool {
        match &selector.plain {
            Some(plain) => plain.matches(self),
            None => self.matches_in_scraper(selector),
        }
    }

    pub(super) fn matches_in_scraper(self, selector: &Selector) -> bool {
        let (html, ids) = self.doc.in_scraper.get_or_init(|| tree::to_scraper(&self.doc.tree));
        let node = ids.get(self.index()).and_then(|id| html.tree.get(*id));
        node.and_then(ElementRef::wrap).is_some_and(|e| selector.inner.matches(&e))
    }

    /// The elements below this one that a selector matches.
    pub fn select(self, selector: &'a Selector) -> impl Iterator<Item = Node<'a>> + 'a {
        self.descendants().filter(move |n| n.is_element() && n.matches(selector))
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.entry().kind {
            Kind::Root => write!(f, "#{} root", self.index),
            Kind::Text => write!(f, "#{} {:?}", self.index, self.as_text().unwrap_or("")),
            Kind::Element(_) | Kind::Foreign(_) => {
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
    doc: &'a Document<'a>,
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
    /// The same, where it is of the plain kind.
    plain: Option<Plain>,
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
            .map(|inner| Self { inner, plain: Plain::read(source), source: source.to_owned() })
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
    fn selector_error_names_the_selector() {
        let error = Selector::new("div[").unwrap_err();
        assert!(error.contains("div["), "{error}");
    }
}
