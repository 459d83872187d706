//! The source cut into tags, the way the HTML standard's tokenizer does it.
//! Text is not touched here: it is what stands between.

use std::ops::Range;

use memchr::{memchr, memchr2};

use super::char_refs;
use super::words::{Of, name_at};
use super::{Pair, Span, Tree};
use crate::page::attr::{Attr, AttrSet};
use crate::page::tag::Tag;

/// The builder meets something that it does not build as html5ever would.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declined;

/// A start or end tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) tag: Tag,
    pub(super) closing: bool,
    pub(super) self_closing: bool,
    /// The name, where the tag is [`Tag::Other`].
    pub(super) name: Span,
    /// The attributes' place in the list of them.
    pub(super) pairs: Span,
    /// Which attributes these are.
    pub(super) attrs: AttrSet,
}

impl Token {
    /// The start tag of an element that is nowhere in the source.
    pub(super) fn implied(tag: Tag) -> Self {
        let (name, pairs, attrs) = (Span::default(), Span::default(), AttrSet::default());
        Self { tag, closing: false, self_closing: false, name, pairs, attrs }
    }
}

/// What stands at a `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// Text: the `<` says nothing.
    Text,
    Tag,
    Comment,
    /// The plain doctype of today.
    Doctype,
    OtherDoctype,
    /// Something that leaves no trace: `</>`, a tag that the page ends in.
    Nothing,
}

/// Reads what stands at the `<` at `start`, a tag into `token`; gives the place
/// behind it.
pub(super) fn read(
    source: &str,
    start: usize,
    tree: &mut Tree<'_>,
    token: &mut Token,
) -> Result<(Markup, usize), Declined> {
    let bytes = source.as_bytes();
    match bytes.get(start + 1) {
        Some(b) if b.is_ascii_alphabetic() => tag(source, start + 1, false, tree, token),
        Some(b'/') => match bytes.get(start + 2) {
            Some(b) if b.is_ascii_alphabetic() => tag(source, start + 2, true, tree, token),
            Some(b'>') => Ok((Markup::Nothing, start + 3)),
            Some(_) => Ok((Markup::Comment, behind(bytes, start + 2))),
            None => Err(Declined),
        },
        Some(b'!') => declaration(source, start + 2),
        Some(b'?') => Ok((Markup::Comment, behind(bytes, start + 1))),
        Some(_) => Ok((Markup::Text, start + 1)),
        None => Err(Declined),
    }
}

/// The tag of a known element's end tag at `open` that is plainly written, and
/// the place behind it.
#[inline]
pub(super) fn plain_end_tag(source: &str, open: usize) -> Option<(Tag, usize)> {
    let bytes = source.as_bytes();
    if bytes.get(open + 1) != Some(&b'/') {
        return None;
    }
    let start = open + 2;
    let (end, key) = name_at(bytes, start, Of::Tag);
    let tag = Tag::by_key(key, &bytes[start..end]);
    (tag != Tag::Other && bytes.get(end) == Some(&b'>')).then_some((tag, end + 1))
}

/// The place behind the next `>`.
fn behind(bytes: &[u8], from: usize) -> usize {
    memchr(b'>', &bytes[from..]).map_or(bytes.len(), |n| from + n + 1)
}

fn declaration(source: &str, at: usize) -> Result<(Markup, usize), Declined> {
    let bytes = source.as_bytes();
    let rest = &bytes[at..];
    if rest.starts_with(b"--") {
        return Ok((Markup::Comment, at + 2 + comment_end(&rest[2..])?));
    }
    if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype")) {
        let end = behind(bytes, at);
        let inside = rest[7..end - at].strip_suffix(b">").ok_or(Declined)?;
        let plain = inside.first().is_some_and(u8::is_ascii_whitespace)
            && inside.trim_ascii().eq_ignore_ascii_case(b"html");
        return Ok((if plain { Markup::Doctype } else { Markup::OtherDoctype }, end));
    }
    if rest.starts_with(b"[CDATA[") {
        return Err(Declined);
    }
    Ok((Markup::Comment, behind(bytes, at)))
}

/// The place behind a comment, of which `body` is what follows the `<!--`.
fn comment_end(body: &[u8]) -> Result<usize, Declined> {
    // Comments that end before they begin, or with a bang: `nesting` reads
    // these otherwise.
    if body.starts_with(b">") || body.starts_with(b"->") {
        return Err(Declined);
    }
    let mut at = 0;
    while let Some(found) = memchr(b'>', &body[at..]) {
        let inside = &body[..at + found];
        if inside.ends_with(b"--") {
            return Ok(inside.len() + 1);
        }
        if inside.ends_with(b"--!") {
            return Err(Declined);
        }
        at = inside.len() + 1;
    }
    Ok(body.len())
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c')
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&b| is_space(b)) {
        at += 1;
    }
    at
}

/// Reads a tag from its name on.
fn tag(
    source: &str,
    start: usize,
    closing: bool,
    tree: &mut Tree<'_>,
    token: &mut Token,
) -> Result<(Markup, usize), Declined> {
    let bytes = source.as_bytes();
    let (mut at, key) = name_at(bytes, start, Of::Tag);
    let mut tag = Tag::by_key(key, &bytes[start..at]);
    let mut name = Span::default();
    if tag == Tag::Other {
        name = tree.keep_lower(source, start..at);
        if name.start as usize != start {
            tag = Tag::from_name(tree.piece(source, name));
        }
    }
    let first = tree.pairs.len();
    let mut attrs = AttrSet::default();
    let mut self_closing = false;
    loop {
        at = skip_space(bytes, at);
        match bytes.get(at) {
            // The page ends in the tag: there is none.
            None => {
                tree.pairs.truncate(first);
                return Ok((Markup::Nothing, at));
            }
            Some(b'>') => {
                at += 1;
                break;
            }
            Some(b'/') => {
                at += 1;
                self_closing = bytes.get(at) == Some(&b'>');
            }
            Some(_) => at = attribute(source, at, first, &mut attrs, tree)?,
        }
    }
    let pairs = Span::new(first..tree.pairs.len());
    *token = Token { tag, closing, self_closing, name, pairs, attrs };
    Ok((Markup::Tag, at))
}

/// Reads an attribute; gives the place behind it. The tag's attributes before
/// it are those from `first` on.
fn attribute(
    source: &str,
    start: usize,
    first: usize,
    attrs: &mut AttrSet,
    tree: &mut Tree<'_>,
) -> Result<usize, Declined> {
    let bytes = source.as_bytes();
    let (end, key) = name_at(bytes, start, Of::Attribute);
    let mut attr = Attr::by_key(key, &bytes[start..end]);
    let mut name = Span::default();
    if attr == Attr::Other {
        name = tree.keep_lower(source, start..end);
        if name.start as usize != start {
            attr = Attr::from_name(tree.piece(source, name));
        }
    }
    let mut value = Span::default();
    let mut at = skip_space(bytes, end);
    if bytes.get(at) == Some(&b'=') {
        at = skip_space(bytes, at + 1);
        let (raw, references, behind) = raw_value(bytes, at);
        value = if references { tree.keep_decoded(source, raw, true)? } else { Span::new(raw) };
        at = behind;
    }
    // The first of several of one name counts.
    let known = attrs.has(attr) && (attr != Attr::Other || tree.has_other(source, first, name));
    if !known {
        attrs.add(attr);
        tree.pairs.push(Pair { attr, name, value });
    }
    Ok(at)
}

/// Where an attribute's value stands, whether it has character references, and
/// the place behind it.
#[inline]
fn raw_value(bytes: &[u8], start: usize) -> (Range<usize>, bool, usize) {
    if let Some(&quote @ (b'"' | b'\'')) = bytes.get(start) {
        let from = start + 1;
        let mut end = memchr2(quote, b'&', &bytes[from..]).map_or(bytes.len(), |n| from + n);
        let references = bytes.get(end) == Some(&b'&');
        if references {
            end = memchr(quote, &bytes[end..]).map_or(bytes.len(), |n| end + n);
        }
        (from..end, references, (end + 1).min(bytes.len()))
    } else {
        let mut end = start;
        while bytes.get(end).is_some_and(|&b| !is_space(b) && b != b'>') {
            end += 1;
        }
        (start..end, memchr(b'&', &bytes[start..end]).is_some(), end)
    }
}

/// What a tree under construction keeps beside its source.
impl Tree<'_> {
    /// Whether an attribute that is in no list is among those from `first` on.
    fn has_other(&self, source: &str, first: usize, name: Span) -> bool {
        let name = self.piece(source, name);
        let mut others = self.pairs[first..].iter().filter(|p| p.attr == Attr::Other);
        others.any(|p| self.piece(source, p.name) == name)
    }

    /// A name in lower case: its place in the source where it is written so.
    fn keep_lower(&mut self, source: &str, range: Range<usize>) -> Span {
        let written = &source[range.clone()];
        if !written.bytes().any(|b| b.is_ascii_uppercase()) {
            return Span::new(range);
        }
        let place = self.kept.len();
        self.kept.push_str(written);
        self.kept[place..].make_ascii_lowercase();
        self.kept_since(place)
    }

    /// Keeps a text or an attribute's value, its character references decoded.
    pub(super) fn keep_decoded(
        &mut self,
        source: &str,
        raw: Range<usize>,
        in_attribute: bool,
    ) -> Result<Span, Declined> {
        let place = self.kept.len();
        char_refs::decode(&source[raw], in_attribute, &mut self.kept)?;
        Ok(self.kept_since(place))
    }
}

/// Where an element's raw text ends: at its end tag, or with the page.
pub(super) fn raw_end(source: &str, from: usize, tag: Tag) -> Result<usize, Declined> {
    let bytes = source.as_bytes();
    let name = tag.name().as_bytes();
    // Inside a comment in a script another `<script` hides the next end tag.
    let mut in_comment = false;
    let mut at = from;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let open = at + found;
        at = open + 1;
        let rest = &bytes[at..];
        if let Some(end_tag) = rest.strip_prefix(b"/") {
            let named = end_tag.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
            let ends = end_tag.get(name.len()).is_some_and(|&b| is_space(b) || matches!(b, b'/' | b'>'));
            if named && ends {
                return Ok(open);
            }
        } else if tag == Tag::Script {
            in_comment |= rest.starts_with(b"!--");
            if in_comment && rest.get(..6).is_some_and(|n| n.eq_ignore_ascii_case(b"script")) {
                return Err(Declined);
            }
        }
    }
    Ok(bytes.len())
}
