//! Nodes and texts added to the tree.

use memchr::memchr;

use super::build::{Builder, Mode};
use super::stack::{Open, is_integration_point};
use super::tokens::{self, Declined, Token};
use super::{Entry, Kind, Span, char_refs};
use crate::page::tag::Tag;

impl Builder<'_> {
    /// A stretch of text as it stands in the source.
    pub(super) fn text(&mut self, raw: &str) -> Result<(), Declined> {
        if raw.is_empty() {
            return Ok(());
        }
        if memchr(b'&', raw.as_bytes()).is_none() {
            return self.characters(raw);
        }
        let mut decoded = std::mem::take(&mut self.scratch);
        decoded.clear();
        char_refs::decode(raw, false, &mut decoded)?;
        let done = self.characters(&decoded);
        self.scratch = decoded;
        done
    }

    pub(super) fn characters(&mut self, text: &str) -> Result<(), Declined> {
        let ignore = std::mem::take(&mut self.ignore_line_feed);
        let mut text = if ignore { text.strip_prefix('\n').unwrap_or(text) } else { text };
        if let Some(open) = self.stack.last()
            && open.foreign
        {
            // Text in an integration point is HTML.
            if is_integration_point(open.tag) && self.has_to_reconstruct() {
                return Err(Declined);
            }
            return self.append_text(text);
        }
        while !text.is_empty() {
            let rest = text.trim_ascii_start();
            let space = &text[..text.len() - rest.len()];
            match self.mode {
                Mode::Initial | Mode::BeforeHtml | Mode::BeforeHead => {
                    if rest.is_empty() {
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
                    if rest.is_empty() {
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
                    if !in_place || !rest.is_empty() {
                        return Err(Declined);
                    }
                    return self.append_text(space);
                }
                Mode::InColumnGroup => {
                    self.append_text(space)?;
                    if !rest.is_empty() {
                        return Err(Declined);
                    }
                    return Ok(());
                }
                Mode::AfterBody | Mode::AfterAfterBody => {
                    if !space.is_empty() {
                        self.reconstruct()?;
                        self.append_text(space)?;
                    }
                    if !rest.is_empty() {
                        self.mode = Mode::InBody;
                    }
                }
            }
            text = rest;
        }
        Ok(())
    }

    /// Adds text to the current node, to the text at its end if there is one.
    pub(super) fn append_text(&mut self, text: &str) -> Result<(), Declined> {
        if text.is_empty() {
            return Ok(());
        }
        let parent = self.place()?;
        let tree = &mut self.tree;
        if let Some(last) = tree.nodes.last_mut()
            && last.kind == Kind::Text
            && last.parent == parent
            && !self.apart
        {
            if last.data.range().end != tree.text.len() {
                // Something else was kept since: the text goes behind it.
                let start = tree.text.len() as u32;
                tree.text.extend_from_within(last.data.range());
                last.data.start = start;
            }
            tree.text.push_str(text);
            last.data.len += text.len() as u32;
            return Ok(());
        }
        let data = tree.keep(text);
        self.push_node(parent, Kind::Text, data);
        Ok(())
    }

    pub(super) fn push_node(&mut self, parent: u32, kind: Kind, data: Span) -> u32 {
        let node = self.tree.nodes.len() as u32;
        self.tree.nodes.push(Entry { parent, end: node + 1, kind, data });
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
        let node = self.push_node(parent, kind, token.attrs);
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
        self.insert_again(tag, Span::default())
    }

    /// Inserts an element with the attributes of another.
    pub(super) fn insert_again(&mut self, tag: Tag, attrs: Span) -> Result<u32, Declined> {
        self.insert(Token { tag, closing: false, self_closing: false, name: Span::default(), attrs })
    }

    /// Gives an element those attributes of another tag that it has not.
    pub(super) fn add_missing(&mut self, node: u32, attrs: Span) {
        if attrs.len == 0 {
            return;
        }
        self.given_on = true;
        let tree = &mut self.tree;
        let own = tree.nodes[node as usize].data.range();
        let start = tree.attrs.len();
        tree.attrs.extend_from_within(own);
        let count = tree.attrs.len();
        for at in attrs.range() {
            let new = tree.attrs[at];
            if !tree.attrs[start..count].iter().any(|a| tree.slice(a.name) == tree.slice(new.name)) {
                tree.attrs.push(new);
            }
        }
        let len = tree.attrs.len() - start;
        tree.nodes[node as usize].data = Span { start: start as u32, len: len as u32 };
    }

    /// Inserts an element whose content is text up to its end tag.
    pub(super) fn insert_raw(&mut self, token: Token, with_references: bool) -> Result<(), Declined> {
        let source = self.source;
        self.insert(token)?;
        self.ignore_line_feed = token.tag == Tag::Textarea;
        let end = tokens::raw_end(source, self.at, token.tag)?;
        let raw = &source[self.at..end];
        if with_references && memchr(b'&', raw.as_bytes()).is_some() {
            let mut decoded = String::new();
            char_refs::decode(raw, false, &mut decoded)?;
            self.raw_text(&decoded)?;
        } else {
            self.raw_text(raw)?;
        }
        self.at = end;
        if end < source.len() {
            let (attrs, string) = (self.tree.attrs.len(), self.tree.text.len());
            let (_, behind) = tokens::read(source, end, &mut self.tree)?;
            self.tree.attrs.truncate(attrs);
            self.tree.text.truncate(string);
            self.at = behind;
        }
        self.stack.pop();
        self.ignore_line_feed = false;
        Ok(())
    }

    fn raw_text(&mut self, text: &str) -> Result<(), Declined> {
        let text = if self.ignore_line_feed { text.strip_prefix('\n').unwrap_or(text) } else { text };
        self.append_text(text)
    }
}
