//! Selectors of the plain kind, which nearly all rules are made of: names,
//! classes, ids, attributes, and how they stand to each other. What else CSS
//! has is left to scraper.

use super::attr::{Attr, AttrSet};
use super::document::Node;
use super::tag::Tag;

/// A list of plain selectors.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    list: Vec<Path>,
}

/// One selector: the element that is sought, then from right to left what must
/// stand before it.
#[derive(Clone, Debug)]
struct Path {
    target: Compound,
    before: Vec<(Combinator, Compound)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

/// What one element must be.
#[derive(Clone, Debug, Default)]
struct Compound {
    tag: Option<Tag>,
    /// The attributes that the tests ask for.
    attrs: AttrSet,
    tests: Vec<Test>,
}

#[derive(Clone, Debug)]
enum Test {
    Class(String),
    Id(String),
    /// An attribute, and what its value must be.
    Value(Attr, String, Wanted),
    /// Which child of its parent it is, counted from 1.
    Child(usize),
}

#[derive(Clone, Debug)]
enum Wanted {
    Any,
    Equal(String),
    Start(String),
    End(String),
    Part(String),
}

impl Plain {
    /// Reads a list of selectors; `None` where one is not plain.
    pub(super) fn read(source: &str) -> Option<Self> {
        let mut reader = Reader { rest: source };
        let mut list = vec![reader.path()?];
        while reader.take(',') {
            list.push(reader.path()?);
        }
        reader.rest.is_empty().then_some(Self { list })
    }

    /// The tag of all elements that match, where it is one.
    pub(super) fn tag(&self) -> Option<Tag> {
        let first = self.list.first()?.target.tag;
        first.filter(|_| self.list.iter().all(|p| p.target.tag == first))
    }

    pub(super) fn matches(&self, node: Node<'_>) -> bool {
        self.list.iter().any(|p| p.target.fits(node) && stands_behind(&p.before, node))
    }
}

/// Whether what must stand before a node does; the first of the list is the
/// nearest.
fn stands_behind(before: &[(Combinator, Compound)], node: Node<'_>) -> bool {
    let Some(((combinator, compound), rest)) = before.split_first() else { return true };
    let fits = |n: &Node<'_>| n.is_element() && compound.fits(*n) && stands_behind(rest, *n);
    match combinator {
        Combinator::Descendant => node.ancestors().any(|n| fits(&n)),
        Combinator::Child => node.parent().is_some_and(|n| fits(&n)),
        Combinator::Next => node.previous_elements().next().is_some_and(|n| fits(&n)),
        Combinator::Later => node.previous_elements().any(|n| fits(&n)),
    }
}

impl Compound {
    fn fits(&self, node: Node<'_>) -> bool {
        (self.tag.is_none() || self.tag == node.tag())
            && node.has_all(self.attrs)
            && self.tests.iter().all(|t| t.fits(node))
    }

    fn add(&mut self, test: Test) {
        match &test {
            Test::Class(_) => self.attrs.add(Attr::Class),
            Test::Id(_) => self.attrs.add(Attr::Id),
            Test::Value(attr, ..) => self.attrs.add(*attr),
            Test::Child(_) => {}
        }
        self.tests.push(test);
    }
}

impl Test {
    fn fits(&self, node: Node<'_>) -> bool {
        match self {
            Self::Class(class) => has_class(node.get(Attr::Class).unwrap_or(""), class),
            Self::Id(id) => node.get(Attr::Id) == Some(id),
            Self::Value(attr, name, wanted) => {
                let value = if *attr == Attr::Other { node.attr(name) } else { node.get(*attr) };
                value.is_some_and(|v| wanted.fits(v))
            }
            Self::Child(number) => node.parent().is_some() && node.previous_elements().count() + 1 == *number,
        }
    }
}

impl Wanted {
    fn fits(&self, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Equal(wanted) => value == wanted,
            Self::Start(wanted) => value.starts_with(wanted.as_str()),
            Self::End(wanted) => value.ends_with(wanted.as_str()),
            Self::Part(wanted) => value.contains(wanted.as_str()),
        }
    }
}

/// Whether a class is one of those that an attribute lists.
fn has_class(list: &str, class: &str) -> bool {
    list.len() >= class.len() && list.split_ascii_whitespace().any(|c| c == class)
}

/// Attributes whose values CSS compares without regard to case in HTML, and
/// more that no rule asks for.
const VALUES_WITHOUT_CASE: &[&str] = &[
    "accept",
    "accept-charset",
    "align",
    "alink",
    "axis",
    "bgcolor",
    "charset",
    "checked",
    "clear",
    "codetype",
    "color",
    "compact",
    "declare",
    "defer",
    "dir",
    "direction",
    "disabled",
    "enctype",
    "face",
    "frame",
    "hreflang",
    "http-equiv",
    "lang",
    "language",
    "link",
    "media",
    "method",
    "multiple",
    "nohref",
    "noresize",
    "noshade",
    "nowrap",
    "readonly",
    "rel",
    "rev",
    "rules",
    "scope",
    "scrolling",
    "selected",
    "shape",
    "target",
    "text",
    "type",
    "valign",
    "valuetype",
    "vlink",
];

struct Reader<'s> {
    rest: &'s str,
}

impl Reader<'_> {
    fn skip_space(&mut self) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t', '\n']);
        let any = rest.len() < self.rest.len();
        self.rest = rest;
        any
    }

    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn path(&mut self) -> Option<Path> {
        self.skip_space();
        let mut target = self.compound()?;
        let mut before = Vec::new();
        loop {
            let space = self.skip_space();
            let combinator = match self.rest.chars().next() {
                None | Some(',') => return Some(Path { target, before }),
                Some('>') => Combinator::Child,
                Some('+') => Combinator::Next,
                Some('~') => Combinator::Later,
                Some(_) if space => Combinator::Descendant,
                Some(_) => return None,
            };
            if combinator != Combinator::Descendant {
                self.rest = &self.rest[1..];
                self.skip_space();
            }
            let left = std::mem::replace(&mut target, self.compound()?);
            before.insert(0, (combinator, left));
        }
    }

    fn compound(&mut self) -> Option<Compound> {
        let mut out = Compound::default();
        let mut any = self.take('*');
        if !any && self.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            // Names of which there is no tag may be SVG's, in mixed case.
            let tag = Tag::from_name(&self.name()?);
            if tag == Tag::Other || tag == Tag::ForeignObject {
                return None;
            }
            out.tag = Some(tag);
            any = true;
        }
        loop {
            let test = if self.take('.') {
                Test::Class(self.name()?)
            } else if self.take('#') {
                Test::Id(self.name()?)
            } else if self.take('[') {
                self.attribute()?
            } else if let Some(rest) = self.rest.strip_prefix(":nth-child(") {
                let (number, rest) = rest.split_once(')')?;
                self.rest = rest;
                Test::Child(number.trim().parse().ok()?)
            } else {
                break;
            };
            out.add(test);
            any = true;
        }
        any.then_some(out)
    }

    /// A name in ASCII; a backslash before a sign makes it a part of it.
    fn name(&mut self) -> Option<String> {
        let mut out = String::new();
        loop {
            match self.rest.chars().next() {
                Some(c) if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') => {
                    out.push(c);
                    self.rest = &self.rest[1..];
                }
                Some('\\') => {
                    let c = self.rest[1..].chars().next()?;
                    if !c.is_ascii_punctuation() {
                        return None;
                    }
                    out.push(c);
                    self.rest = &self.rest[2..];
                }
                Some(c) if !c.is_ascii() => return None,
                _ => break,
            }
        }
        let doubtful = out.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        (!out.is_empty() && !doubtful).then_some(out)
    }

    fn attribute(&mut self) -> Option<Test> {
        let name = self.name()?;
        if name.chars().any(|c| c.is_ascii_uppercase()) || VALUES_WITHOUT_CASE.contains(&name.as_str()) {
            return None;
        }
        let attr = Attr::from_name(&name);
        if self.take(']') {
            return Some(Test::Value(attr, name, Wanted::Any));
        }
        let operator = self.rest.chars().next().filter(|c| matches!(c, '^' | '$' | '*'));
        if operator.is_some() {
            self.rest = &self.rest[1..];
        }
        if !self.take('=') {
            return None;
        }
        let value = match self.rest.chars().next()? {
            quote @ ('"' | '\'') => {
                let (value, rest) = self.rest[1..].split_once(quote)?;
                self.rest = rest;
                value.to_owned()
            }
            _ => self.name()?,
        };
        // An empty value matches nothing with these; scraper knows.
        if !self.take(']') || value.contains('\\') || value.is_empty() {
            return None;
        }
        let wanted = match operator {
            None => Wanted::Equal(value),
            Some('^') => Wanted::Start(value),
            Some('$') => Wanted::End(value),
            Some(_) => Wanted::Part(value),
        };
        Some(Test::Value(attr, name, wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Document, Selector};

    #[test]
    fn plain_selectors_match_what_scraper_matches() {
        let doc = Document::parse(
            "<body><div class='a b' id=x><p>1</p><p class=b>2<b itemprop='name url'>3</b></p>\
             <span class='md:c'>4</span></div><div><ul><li>5</li><li class=a><a href='/topic/1'>6</a></li></ul>\
             <svg class=a><path class=b></path></svg> t <a href=x>7</a></div></body>",
        );
        for (source, plain) in [
            ("p", true),
            ("div p.b", true),
            (".a.b", true),
            ("#x > p", true),
            ("div#x p + p", true),
            ("p ~ span", true),
            (".md\\:c", true),
            ("li:nth-child(2) a", true),
            ("a[href*='/topic/']", true),
            ("[itemprop=\"name url\"]", true),
            ("[itemprop^=name]", true),
            ("b[itemprop$='url'], li.a", true),
            ("a[href]", true),
            ("svg.a ~ a", true),
            ("svg .b", true),
            ("*", true),
            ("li:first-child", false),
            ("p:nth-of-type(2)", false),
            ("[itemprop~=url]", false),
            ("div:not(.a)", false),
        ] {
            let selector = Selector::new(source).unwrap();
            assert_eq!(Plain::read(source).is_some(), plain, "{source}");
            let found: Vec<usize> = doc.select(&selector).map(Node::index).collect();
            let by_scraper: Vec<usize> =
                doc.elements().filter(|n| n.matches_in_scraper(&selector)).map(Node::index).collect();
            assert_eq!(found, by_scraper, "{source}");
            assert!(!found.is_empty(), "{source}");
        }
    }
}
