//! The whole HTML standard, as html5ever builds it, by way of scraper: for the
//! pages that the fast builder declines, and for what it is held against.

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

use super::{Entry, Kind, Pair, Span, Tree};
use crate::page::attr::{Attr, AttrSet};
use crate::page::tag::Tag;

/// Parses with scripting off, so that the content of `<noscript>` is there as
/// elements.
pub(super) fn parse(source: &str) -> Html {
    let opts = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    driver::parse_document(HtmlTreeSink::new(Html::new_document()), opts).one(source)
}

/// Numbers the nodes in document order; comments and the doctype are left out.
pub(super) fn from_scraper(html: &Html) -> Tree<'static> {
    use ego_tree::iter::Edge;
    let mut tree = Tree::with_capacity(0, 0);
    let mut open: Vec<u32> = Vec::new();
    for edge in html.tree.root().traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        let counted = matches!(
            node.value(),
            scraper::Node::Document | scraper::Node::Element(_) | scraper::Node::Text(_)
        );
        if !counted {
            continue;
        }
        if !opens {
            open.pop();
            continue;
        }
        let index = tree.nodes.len() as u32;
        let parent = open.last().copied().unwrap_or(0);
        let (kind, data, attrs) = match node.value() {
            scraper::Node::Element(element) => tree.keep_element(element, index),
            scraper::Node::Text(text) => (Kind::Text, tree.keep(text), AttrSet::default()),
            _ => (Kind::Root, Span::default(), AttrSet::default()),
        };
        tree.nodes.push(Entry { parent, end: index + 1, next_of_tag: 0, kind, data, attrs });
        open.push(index);
    }
    tree.close();
    tree
}

impl Tree<'_> {
    fn keep(&mut self, text: &str) -> Span {
        let start = self.kept.len();
        self.kept.push_str(text);
        self.kept_since(start)
    }

    fn keep_element(&mut self, element: &scraper::node::Element, index: u32) -> (Kind, Span, AttrSet) {
        let name = element.name().to_ascii_lowercase();
        let tag = Tag::from_name(&name);
        if tag == Tag::Other {
            let name = self.keep(&name);
            self.names.push((index, name));
        }
        let start = self.pairs.len();
        let mut attrs = AttrSet::default();
        for (name, value) in element.attrs.iter().filter(|(name, _)| name.ns == ns!()) {
            let name = name.local.to_ascii_lowercase();
            let attr = Attr::from_name(&name);
            let name = if attr == Attr::Other { self.keep(&name) } else { Span::default() };
            let value = self.keep(value);
            self.pairs.push(Pair { attr, name, value });
            attrs.add(attr);
        }
        let pairs = Span::new(start..self.pairs.len());
        let foreign = element.name.ns != ns!(html);
        (if foreign { Kind::Foreign(tag) } else { Kind::Element(tag) }, pairs, attrs)
    }
}

/// The tree as scraper has it, and for each node its number there: for
/// selectors of which only scraper knows what they mean.
pub(in crate::page) fn to_scraper(tree: &Tree<'_>) -> (Html, Vec<ego_tree::NodeId>) {
    let mut html = Html::new_document();
    let mut ids = vec![html.tree.root().id()];
    for (index, entry) in tree.nodes.iter().enumerate().skip(1) {
        let node = match entry.kind {
            Kind::Text => {
                let text = tree.slice(entry.data).chars().collect();
                scraper::Node::Text(scraper::node::Text { text })
            }
            kind => {
                let space = if matches!(kind, Kind::Foreign(_)) { ns!(svg) } else { ns!(html) };
                scraper::Node::Element(element(tree, index as u32, space))
            }
        };
        let parent = ids[entry.parent as usize];
        let id = html.tree.get_mut(parent).map(|mut parent| parent.append(node).id());
        // The parent stands before its children, so it is always there.
        ids.push(id.unwrap_or(parent));
    }
    (html, ids)
}

fn element(tree: &Tree<'_>, index: u32, space: Namespace) -> scraper::node::Element {
    let attrs = tree
        .all_attrs(index)
        .map(|(name, value)| Attribute {
            name: QualName::new(None, ns!(), LocalName::from(name)),
            value: value.into(),
        })
        .collect();
    let name = match tree.name(index) {
        "" => local_name!(""),
        name => LocalName::from(name),
    };
    scraper::node::Element::new(QualName::new(None, space, name), attrs)
}
