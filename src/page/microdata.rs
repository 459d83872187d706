//! Microdata: `itemprop` attributes in schema.org's terms.
//!
//! Newsrooms rarely nest `itemscope` as the HTML standard means it, so
//! properties are gathered flat; an author's name is looked for below the
//! author.

use super::attr::Attr;
use super::document::{Document, Node};
use super::tag::Tag;

/// So many properties of a name are looked into for the names below them.
const MAX_NAMED: usize = 64;

/// One property.
#[derive(Clone, Copy, Debug)]
pub struct Property<'a> {
    /// The element that carries it.
    pub node: Node<'a>,
    name: &'a str,
}

/// The properties of a page, in page order.
#[derive(Clone, Debug, Default)]
pub struct Microdata<'a> {
    properties: Vec<Property<'a>>,
}

impl<'a> Microdata<'a> {
    /// Gathers the properties of a page.
    pub fn read(doc: &'a Document<'a>) -> Self {
        let mut properties = Vec::new();
        for node in doc.with_attr(Attr::Itemprop) {
            for name in node.get(Attr::Itemprop).unwrap_or("").split_ascii_whitespace() {
                properties.push(Property { node, name });
            }
        }
        Self { properties }
    }

    /// The properties of a name.
    pub fn all(&self, name: &'a str) -> impl Iterator<Item = Property<'a>> {
        self.properties.iter().copied().filter(move |p| p.name == name)
    }

    /// The names below the properties of a name: what `author` holds.
    pub fn names(&self, name: &'a str) -> Vec<(Node<'a>, String)> {
        let mut out = Vec::new();
        // A page names a handful; a hostile one may name thousands.
        for property in self.all(name).take(MAX_NAMED) {
            let inner: Vec<Property<'a>> = self
                .all("name")
                .filter(|p| property.node.contains(p.node) && p.node != property.node)
                .collect();
            let found = if inner.is_empty() { vec![property] } else { inner };
            out.extend(found.into_iter().map(|p| (p.node, p.value())).filter(|(_, v)| !v.is_empty()));
        }
        out
    }
}

impl Property<'_> {
    /// The property's value, as the HTML standard takes it from the element;
    /// addresses are not resolved.
    pub fn value(&self) -> String {
        let node = self.node;
        if let Some(content) = node.get(Attr::Content) {
            return super::collapse(content);
        }
        let attribute = match node.tag() {
            Some(Tag::Time) => node.get(Attr::Datetime),
            Some(Tag::Img | Tag::Iframe | Tag::Video | Tag::Audio | Tag::Source) => node.get(Attr::Src),
            Some(Tag::Link) => node.get(Attr::Href),
            _ => None,
        };
        attribute.map_or_else(|| node.text(), super::collapse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_nested_names() {
        let doc = Document::parse(
            "<div itemprop='author'><span itemprop='name'>রুমা</span></div>\
             <time itemprop='datePublished' datetime='2020-01-02'>আজ</time>\
             <meta itemprop='headline ' content='শিরোনাম'>",
        );
        let md = Microdata::read(&doc);
        assert_eq!(md.names("author").into_iter().map(|(_, n)| n).collect::<Vec<_>>(), ["রুমা"]);
        assert_eq!(md.all("datePublished").next().unwrap().value(), "2020-01-02");
        assert_eq!(md.all("headline").next().unwrap().value(), "শিরোনাম");
    }
}
