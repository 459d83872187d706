//! The builder: the HTML standard's tree construction for the markup that news
//! pages are made of, with scripting off. What it would have to build out of
//! order (misnested formatting, text in tables) or hardly ever meets (mathematics,
//! templates, framesets) it declines.
//!
//! Nodes are only ever added behind those that are there, so their order is
//! the document's.

use memchr::{memchr, memchr2};

use super::depth::Depth;
use super::formatting::Active;
use super::stack::Stack;
use super::tokens::{self, Declined, Markup, Token};
use super::{Entry, Kind, MAX_SOURCE, Span, Tree};
use crate::page::attr::AttrSet;
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
    pub(super) tree: Tree<'static>,
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
}

/// The tree of a page that has neither NUL nor carriage returns, without its
/// source; `None` where the builder declines.
pub(super) fn build(source: &str) -> Option<Tree<'static>> {
    if source.len() > MAX_SOURCE {
        return None;
    }
    Builder::new(source).run().ok()
}

impl<'s> Builder<'s> {
    fn new(source: &'s str) -> Self {
        let mut tree = Tree::with_capacity(source.len() / 48 + 8, source.len() / 64 + 8);
        let data = Span::default();
        let attrs = AttrSet::default();
        tree.nodes.push(Entry { parent: 0, end: 1, next_of_tag: 0, kind: Kind::Root, data, attrs });
        Self {
            source,
            // A byte order mark is no text.
            at: if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            tree,
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
        }
    }

    fn run(mut self) -> Result<Tree<'static>, Declined> {
        while self.at < self.source.len() {
            let open = self.text_before_markup()?;
            if open < self.source.len() {
                self.markup(open)?;
            }
        }
        self.end()?;
        self.tree.close();
        Ok(self.tree)
    }

    /// Reads text up to the `<` of the next markup; gives the place of that.
    fn text_before_markup(&mut self) -> Result<usize, Declined> {
        let bytes = self.source.as_bytes();
        let start = self.at;
        if bytes[start] == b'<' && bytes.get(start + 1).is_none_or(|&b| opens_markup(b)) {
            return Ok(start);
        }
        let mut from = start;
        let mut references = false;
        loop {
            let rest = &bytes[from..];
            let found = if references { memchr(b'<', rest) } else { memchr2(b'<', b'&', rest) };
            let end = found.map_or(bytes.len(), |n| from + n);
            if bytes.get(end) == Some(&b'&') {
                references = true;
            } else if bytes.get(end + 1).is_none_or(|&b| opens_markup(b)) {
                self.at = end;
                self.text(start..end, references)?;
                return Ok(end);
            }
            // A `<` that opens nothing is a part of the text.
            from = end + 1;
        }
    }

    /// Reads the markup at a `<`.
    fn markup(&mut self, open: usize) -> Result<(), Declined> {
        if let Some((tag, end)) = tokens::plain_end_tag(self.source, open) {
            self.at = end;
            if self.close_current(tag)? {
                return Ok(());
            }
            return self.token(Token { closing: true, ..Token::implied(tag) });
        }
        let (pairs, kept) = (self.tree.pairs.len(), self.tree.kept.len());
        let mut token = Token::implied(Tag::Other);
        let (markup, end) = tokens::read(self.source, open, &mut self.tree, &mut token)?;
        self.at = end;
        match markup {
            Markup::Tag => {
                let nodes = self.tree.nodes.len();
                self.given_on = false;
                self.token(token)?;
                // What an ignored tag has is not to stand between two texts.
                if self.tree.nodes.len() == nodes && !self.given_on {
                    self.tree.pairs.truncate(pairs);
                    self.tree.kept.truncate(kept);
                }
            }
            Markup::Comment => self.comment(),
            Markup::Doctype | Markup::OtherDoctype => self.doctype(markup == Markup::Doctype),
            Markup::Text => return Err(Declined),
            Markup::Nothing => {}
        }
        Ok(())
    }

    /// A piece of the source, or of what is kept beside it.
    pub(super) fn piece(&self, span: Span) -> &str {
        self.tree.piece(self.source, span)
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
        self.depth.count(token, || self.tree.piece(self.source, token.name))?;
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

/// Whether a `<` before this byte is not a part of the text.
fn opens_markup(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?')
}
