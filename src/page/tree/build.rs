//! The builder: the HTML standard's tree construction for the markup that news
//! pages are made of, with scripting off. What it would have to build out of
//! order (misnested formatting, text in tables) or hardly ever meets (mathematics,
//! templates, framesets) it declines.
//!
//! Nodes are only ever added behind those that are there, so their order is
//! the document's.

use memchr::memchr;

use super::Tree;
use super::depth::Depth;
use super::formatting::Active;
use super::stack::Stack;
use super::tokens::{self, Declined, Markup, Token};
use crate::page::tag::Tag;

/// The HTML standard's insertion modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Initial,
    BeforeHtml,
    BeforeHead,
    InHead,
    InHeadNoscript,
    AfterHead,
    InBody,
    InTable,
    InCaption,
    InColumnGroup,
    InTableBody,
    InRow,
    InCell,
    AfterBody,
    AfterAfterBody,
}

/// What comes after a step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    Done,
    /// The same token in another mode.
    Again(Mode),
}

#[allow(clippy::struct_excessive_bools)] // four things to be remembered, each of its own
pub(super) struct Builder<'s> {
    pub(super) source: &'s str,
    /// How far the source is read.
    pub(super) at: usize,
    pub(super) tree: Tree,
    pub(super) stack: Stack,
    pub(super) active: Vec<Active>,
    pub(super) mode: Mode,
    pub(super) head: Option<u32>,
    pub(super) form: Option<u32>,
    /// Whether the page is displayed as those of old browsers were; `None`
    /// where its doctype would have to be looked up.
    pub(super) quirks: Option<bool>,
    /// Whether a node that is inserted into a table would be moved before it.
    pub(super) fostering: bool,
    /// Whether a line feed that comes next says nothing.
    pub(super) ignore_line_feed: bool,
    /// Whether a comment stands behind the last node, so that text there is a
    /// text of its own.
    pub(super) apart: bool,
    /// Whether the last tag's attributes went to an element that was there.
    pub(super) given_on: bool,
    pub(super) depth: Depth,
    pub(super) scratch: String,
}

/// The tree of a page; `None` where the builder declines.
pub(super) fn build(source: &str) -> Option<Tree> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    // NUL is many things in the standard, and nothing in news.
    if memchr(0, source.as_bytes()).is_some() || u32::try_from(source.len()).is_err() {
        return None;
    }
    if memchr(b'\r', source.as_bytes()).is_some() {
        let source = source.replace("\r\n", "\n").replace('\r', "\n");
        return Builder::new(&source).run().ok();
    }
    Builder::new(source).run().ok()
}

impl<'s> Builder<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            source,
            at: 0,
            tree: Tree::with_root(source),
            stack: Stack::new(),
            active: Vec::new(),
            mode: Mode::Initial,
            head: None,
            form: None,
            quirks: None,
            fostering: false,
            ignore_line_feed: false,
            apart: false,
            given_on: false,
            depth: Depth::new(),
            scratch: String::new(),
        }
    }

    fn run(mut self) -> Result<Tree, Declined> {
        let source = self.source;
        while self.at < source.len() {
            let start = self.at;
            let mut from = start;
            // A `<` that opens nothing is a part of the text before it.
            loop {
                let Some(found) = memchr(b'<', &source.as_bytes()[from..]) else {
                    self.text(&source[start..])?;
                    self.at = source.len();
                    break;
                };
                let open = from + found;
                let attrs = self.tree.attrs.len();
                // Attributes go into the string too: the text comes first.
                let is_text = source
                    .as_bytes()
                    .get(open + 1)
                    .is_some_and(|b| !b.is_ascii_alphabetic() && !matches!(b, b'/' | b'!' | b'?'));
                if is_text {
                    from = open + 1;
                    continue;
                }
                self.text(&source[start..open])?;
                let string = self.tree.text.len();
                let (markup, end) = tokens::read(source, open, &mut self.tree)?;
                self.at = end;
                match markup {
                    Markup::Tag(token) => {
                        let nodes = self.tree.nodes.len();
                        self.given_on = false;
                        self.token(token)?;
                        let unused = self.tree.nodes.len() == nodes && !self.given_on;
                        if unused && self.tree.text.len() > string {
                            self.tree.attrs.truncate(attrs);
                            self.tree.text.truncate(string);
                        }
                    }
                    Markup::Comment => self.comment(),
                    Markup::Doctype { plain } => self.doctype(plain),
                    Markup::Text => return Err(Declined),
                    Markup::Nothing => {}
                }
                break;
            }
        }
        self.end()?;
        self.tree.close();
        Ok(self.tree)
    }

    fn doctype(&mut self, plain: bool) {
        self.ignore_line_feed = false;
        if self.mode == Mode::Initial {
            self.quirks = plain.then_some(false);
            self.mode = Mode::BeforeHtml;
        }
    }

    fn comment(&mut self) {
        self.ignore_line_feed = false;
        // Comments behind the body stand outside of it, but for those in SVG.
        let outside = matches!(self.mode, Mode::AfterBody | Mode::AfterAfterBody);
        if !outside || self.stack.last().is_some_and(|o| o.foreign) {
            self.apart = true;
        }
    }

    /// The tag of a token in the mode that it meets.
    fn token(&mut self, token: Token) -> Result<(), Declined> {
        self.ignore_line_feed = false;
        let Tree { text, .. } = &self.tree;
        self.depth.count(token, &text[token.name.range()])?;
        if self.stack.last().is_some_and(|o| o.foreign) && self.in_foreign(token)? {
            return Ok(());
        }
        loop {
            let next = match self.mode {
                Mode::Initial => {
                    self.quirks = Some(true);
                    Next::Again(Mode::BeforeHtml)
                }
                Mode::BeforeHtml => self.before_html(token)?,
                Mode::BeforeHead => self.before_head(token)?,
                Mode::InHead => self.in_head(token)?,
                Mode::InHeadNoscript => self.in_head_noscript(token)?,
                Mode::AfterHead => self.after_head(token)?,
                Mode::InBody => self.in_body(token)?,
                Mode::InTable => self.in_table(token)?,
                Mode::InCaption => self.in_caption(token)?,
                Mode::InColumnGroup => self.in_column_group(token)?,
                Mode::InTableBody => self.in_table_body(token)?,
                Mode::InRow => self.in_row(token)?,
                Mode::InCell => self.in_cell(token)?,
                Mode::AfterBody => self.after_body(token)?,
                Mode::AfterAfterBody => match (token.closing, token.tag) {
                    (false, Tag::Html) => self.in_body(token)?,
                    _ => Next::Again(Mode::InBody),
                },
            };
            match next {
                Next::Done => return Ok(()),
                // Inside SVG the standard would look at it anew.
                Next::Again(_) if self.stack.last().is_some_and(|o| o.foreign) => return Err(Declined),
                Next::Again(mode) => self.mode = mode,
            }
        }
    }
}
