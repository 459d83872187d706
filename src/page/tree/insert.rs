//! Nodes and texts added to the tree.

use std::ops::Range;

use memchr::memchr;

use super::build::{Builder, Mode};
use super::stack::{Open, is_integration_point};
use super::tokens::{self, Declined, Token};
use super::{Entry, Kind, Span};
use crate::page::attr::{Attr, AttrSet};
use crate::page::tag::Tag;

impl Builder<'_> {
    /// A stretch of text as it stands in the source.
    pub(super) fn text(&mut self, raw: Range<usize>, references: bool) -> Result<(), Declined> {
        if raw.is_empty() {
            return Ok(());
        }
        let text = self.decoded(raw, references)?;
        self.characters(text)
    }

    fn decoded(&mut self, raw: Range<usize>, references: bool) -> Result<Span, Declined> {
        if references { self.tree.keep_decoded(self.source, raw, false) } else { Ok(Span::new(raw)) }
    }

    /// A text without a line feed that says nothing.
    fn without_ignored(&mut self, text: Span) -> Span {
        let ignore = std::mem::take(&mut self.ignore_line_feed);
        text.without(usize::from(ignore && self.piece(text).starts_with('\n')))
    }

    /// The white space that a text begins with, and what follows.
    fn split_space(&self, text: Span) -> (Span, Span) {
        let written = self.piece(text);
        let rest = text.without(written.len() - written.trim_ascii_start().len());
        (Span { len: text.len - rest.len, ..text }, rest)
    }

    fn characters(&mut self, text: Span) -> Result<(), Declined> {
        let mut text = self.without_ignored(text);
        if let Some(open) = self.stack.last()
            && open.foreign
        {
            // Text in an integration point is HTML.
            if is_integration_point(open.tag) && self.has_to_reconstruct() {
                return Err(Declined);
            }
            return self.append_text(text);
        }
        while text.len > 0 {
            let in_body = matches!(self.mode, Mode::InBody | Mode::InCell | Mode::InCaption);
            let (space, rest) = if in_body { (Span::default(), text) } else { self.split_space(text) };
            match self.mode {
                Mode::Initial | Mode::BeforeHtml | Mode::BeforeHead => {
                    if rest.len == 0 {
                        return Ok(());
                    }
                    if self.mode == Mode::Initial {
                        self.quirks = Some(true);
                    }
                    if self.mode == Mode::BeforeHead {
                        self.head = Some(self.insert_implied(Tag::Head)?);
                        self.mode = Mode::InHead;
                    } else {
                        self.insert_implied(Tag::Html)?;
                        self.mode = Mode::BeforeHead;
                    }
                }
                Mode::InHead | Mode::InHeadNoscript | Mode::AfterHead => {
                    self.append_text(space)?;
                    if rest.len == 0 {
                        return Ok(());
                    }
                    match self.mode {
                        Mode::AfterHead => {
                            self.insert_implied(Tag::Body)?;
                            self.mode = Mode::InBody;
                        }
                        Mode::InHead => {
                            self.stack.pop();
                            self.mode = Mode::AfterHead;
                        }
                        _ => {
                            self.stack.pop();
                            self.mode = Mode::InHead;
                        }
                    }
                }
                Mode::InBody | Mode::InCell | Mode::InCaption => {
                    self.reconstruct()?;
                    return self.append_text(text);
                }
                Mode::InTable | Mode::InTableBody | Mode::InRow => {
                    let in_place = matches!(
                        self.stack.current(),
                        Some(Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr)
                    );
                    if !in_place || rest.len > 0 {
                        return Err(Declined);
                    }
                    return self.append_text(space);
                }
                Mode::InColumnGroup => {
                    self.append_text(space)?;
                    if rest.len > 0 {
                        return Err(Declined);
                    }
                    return Ok(());
                }
                Mode::AfterBody | Mode::AfterAfterBody => {
                    if space.len > 0 {
                        self.reconstruct()?;
                        self.append_text(space)?;
                    }
                    if rest.len > 0 {
                        self.mode = Mode::InBody;
                    }
                }
            }
            text = rest;
        }
        Ok(())
    }

    /// Adds text to the current node, to the text at its end if there is one.
    pub(super) fn append_text(&mut self, text: Span) -> Result<(), Declined> {
        if text.len == 0 {
            return Ok(());
        }
        let parent = self.place()?;
        let before = self.tree.nodes.last().filter(|e| e.kind == Kind::Text && e.parent == parent);
        match before.filter(|_| !self.apart).map(|e| e.data) {
            Some(before) => {
                let joined = self.join(before, text);
                if let Some(last) = self.tree.nodes.last_mut() {
                    last.data = joined;
                }
            }
            None => {
                self.push_node(parent, Kind::Text, text, AttrSet::default());
            }
        }
        Ok(())
    }

    /// Two texts as one: a longer piece where the one stands behind the other,
    /// else kept beside the source.
    fn join(&mut self, before: Span, text: Span) -> Span {
        if before.start + before.len == text.start {
            return Span { len: before.len + text.len, ..before };
        }
        let kept = self.tree.kept_since(self.tree.kept.len());
        let mut joined = before;
        if before.start + before.len != kept.start {
            let before = self.piece(before).to_owned();
            joined.start = kept.start;
            self.tree.kept.push_str(&before);
        }
        let text = self.piece(text).to_owned();
        self.tree.kept.push_str(&text);
        joined.len += text.len() as u32;
        joined
    }

    fn push_node(&mut self, parent: u32, kind: Kind, data: Span, attrs: AttrSet) -> u32 {
        let node = self.tree.nodes.len() as u32;
        self.tree.nodes.push(Entry { parent, end: node + 1, next_of_tag: 0, kind, data, attrs });
        self.apart = false;
        node
    }

    /// The node into which the next one goes.
    pub(super) fn place(&self) -> Result<u32, Declined> {
        let Some(open) = self.stack.last() else { return Ok(0) };
        let moved = self.fostering
            && !open.foreign
            && matches!(open.tag, Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr);
        if moved { Err(Declined) } else { Ok(open.node) }
    }

    pub(super) fn add(&mut self, token: Token, foreign: bool) -> Result<Open, Declined> {
        let parent = self.place()?;
        let kind = if foreign { Kind::Foreign(token.tag) } else { Kind::Element(token.tag) };
        let node = self.push_node(parent, kind, token.pairs, token.attrs);
        if token.tag == Tag::Other {
            self.tree.names.push((node, token.name));
        }
        Ok(Open { node, tag: token.tag, foreign, name: token.name })
    }

    /// Inserts an element and opens it.
    pub(super) fn insert(&mut self, token: Token) -> Result<u32, Declined> {
        let open = self.add(token, false)?;
        self.stack.push(open);
        Ok(open.node)
    }

    /// Inserts an element that holds nothing.
    pub(super) fn insert_void(&mut self, token: Token) -> Result<u32, Declined> {
        Ok(self.add(token, false)?.node)
    }

    /// Inserts an element of which the page has no tag.
    pub(super) fn insert_implied(&mut self, tag: Tag) -> Result<u32, Declined> {
        self.insert(Token::implied(tag))
    }

    /// Inserts an element with the attributes of another.
    pub(super) fn insert_again(&mut self, tag: Tag, node: u32) -> Result<u32, Declined> {
        let Entry { data: pairs, attrs, .. } = self.tree.nodes[node as usize];
        self.insert(Token { pairs, attrs, ..Token::implied(tag) })
    }

    /// Gives an element those attributes of another tag that it has not.
    pub(super) fn add_missing(&mut self, node: u32, token: Token) {
        if token.pairs.len == 0 {
            return;
        }
        self.given_on = true;
        let source = self.source;
        let tree = &mut self.tree;
        let own = tree.nodes[node as usize].data.range();
        let start = tree.pairs.len();
        tree.pairs.extend_from_within(own);
        let count = tree.pairs.len();
        for at in token.pairs.range() {
            let new = tree.pairs[at];
            let name = tree.piece(source, new.name);
            let same = |p: &super::Pair| {
                p.attr == new.attr && (p.attr != Attr::Other || tree.piece(source, p.name) == name)
            };
            if !tree.pairs[start..count].iter().any(same) {
                tree.pairs.push(new);
            }
        }
        let entry = &mut tree.nodes[node as usize];
        entry.data = Span::new(start..tree.pairs.len());
        entry.attrs.add_all(token.attrs);
    }

    /// Inserts an element whose content is text up to its end tag.
    pub(super) fn insert_raw(&mut self, token: Token, with_references: bool) -> Result<(), Declined> {
        let source = self.source;
        self.insert(token)?;
        self.ignore_line_feed = token.tag == Tag::Textarea;
        let end = tokens::raw_end(source, self.at, token.tag)?;
        let raw = self.at..end;
        let references = with_references && memchr(b'&', &source.as_bytes()[raw.clone()]).is_some();
        let text = self.decoded(raw, references)?;
        let text = self.without_ignored(text);
        self.append_text(text)?;
        self.at = end;
        if let Some((_, behind)) = tokens::plain_end_tag(source, end) {
            self.at = behind;
        } else if end < source.len() {
            let (pairs, kept) = (self.tree.pairs.len(), self.tree.kept.len());
            let mut end_tag = Token::implied(token.tag);
            let (_, behind) = tokens::read(source, end, &mut self.tree, &mut end_tag)?;
            self.tree.pairs.truncate(pairs);
            self.tree.kept.truncate(kept);
            self.at = behind;
        }
        self.stack.pop();
        Ok(())
    }
}
