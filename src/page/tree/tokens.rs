//! The source cut into tags, the way the HTML standard's tokenizer does it.
//! Text is not touched here: it is what stands between.

use memchr::{memchr, memmem};

use super::char_refs;
use super::{Attr, Span, Tree};
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
    pub(super) attrs: Span,
}

/// What stands at a `<`.
pub(super) enum Markup {
    /// Text: the `<` says nothing.
    Text,
    Tag(Token),
    Comment,
    /// A declaration: whether it is the plain doctype of today.
    Doctype {
        plain: bool,
    },
    /// Something that leaves no trace: `</>`, a tag that the page ends in.
    Nothing,
}

/// Reads what stands at the `<` at `start`; gives the place behind it.
pub(super) fn read(source: &str, start: usize, tree: &mut Tree) -> Result<(Markup, usize), Declined> {
    let bytes = source.as_bytes();
    match bytes.get(start + 1) {
        Some(b) if b.is_ascii_alphabetic() => tag(source, start + 1, false, tree),
        Some(b'/') => match bytes.get(start + 2) {
            Some(b) if b.is_ascii_alphabetic() => tag(source, start + 2, true, tree),
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

/// The place behind the next `>`.
fn behind(bytes: &[u8], from: usize) -> usize {
    memchr(b'>', &bytes[from..]).map_or(bytes.len(), |n| from + n + 1)
}

fn declaration(source: &str, at: usize) -> Result<(Markup, usize), Declined> {
    let bytes = source.as_bytes();
    let rest = &bytes[at..];
    if rest.starts_with(b"--") {
        let body = &rest[2..];
        // Comments that end before they begin, or with a bang: `nesting` reads
        // these otherwise.
        if body.starts_with(b">") || body.starts_with(b"->") {
            return Err(Declined);
        }
        let end = memmem::find(body, b"-->");
        let inside = &body[..end.unwrap_or(body.len())];
        if memmem::find(inside, b"--!>").is_some() {
            return Err(Declined);
        }
        return Ok((Markup::Comment, end.map_or(bytes.len(), |n| at + 2 + n + 3)));
    }
    if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case(b"doctype")) {
        let end = behind(bytes, at);
        let inside = rest[7..end - at].strip_suffix(b">").ok_or(Declined)?;
        let plain = inside.first().is_some_and(u8::is_ascii_whitespace)
            && inside.trim_ascii().eq_ignore_ascii_case(b"html");
        return Ok((Markup::Doctype { plain }, end));
    }
    if rest.starts_with(b"[CDATA[") {
        return Err(Declined);
    }
    Ok((Markup::Comment, behind(bytes, at)))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c')
}

/// Reads a tag from its name on.
fn tag(source: &str, start: usize, closing: bool, tree: &mut Tree) -> Result<(Markup, usize), Declined> {
    let bytes = source.as_bytes();
    let mut at = start;
    while bytes.get(at).is_some_and(|&b| !is_space(b) && b != b'/' && b != b'>') {
        at += 1;
    }
    let (tag, name) = name_of(&source[start..at], tree);
    let first = tree.attrs.len();
    let mut self_closing = false;
    loop {
        while bytes.get(at).is_some_and(|&b| is_space(b)) {
            at += 1;
        }
        match bytes.get(at) {
            // The page ends in the tag: there is none.
            None => {
                tree.attrs.truncate(first);
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
            Some(_) => at = attribute(source, at, first, tree)?,
        }
    }
    let attrs = Span { start: first as u32, len: (tree.attrs.len() - first) as u32 };
    Ok((Markup::Tag(Token { tag, closing, self_closing, name, attrs }), at))
}

/// The tag of a name as written; the name itself is kept where it has none.
fn name_of(written: &str, tree: &mut Tree) -> (Tag, Span) {
    let mut buffer = [0_u8; 16];
    if let Some(lower) = buffer.get_mut(..written.len()) {
        lower.copy_from_slice(written.as_bytes());
        lower.make_ascii_lowercase();
        if let Ok(lower) = str::from_utf8(lower) {
            let tag = Tag::from_name(lower);
            if tag != Tag::Other {
                return (tag, Span::default());
            }
        }
    }
    let name = tree.keep_lower(written);
    (Tag::Other, name)
}

/// Reads an attribute; gives the place behind it.
fn attribute(source: &str, start: usize, first: usize, tree: &mut Tree) -> Result<usize, Declined> {
    let bytes = source.as_bytes();
    let mut at = start;
    // A name may begin with `=`.
    if bytes[at] == b'=' {
        at += 1;
    }
    let mut capitals = false;
    while let Some(&b) = bytes.get(at) {
        if is_space(b) || matches!(b, b'/' | b'>' | b'=') {
            break;
        }
        capitals |= b.is_ascii_uppercase();
        at += 1;
    }
    let written = &source[start..at];
    let name = if capitals { tree.keep_lower(written) } else { tree.keep(written) };
    while bytes.get(at).is_some_and(|&b| is_space(b)) {
        at += 1;
    }
    let mut value = Span::default();
    if bytes.get(at) == Some(&b'=') {
        at += 1;
        while bytes.get(at).is_some_and(|&b| is_space(b)) {
            at += 1;
        }
        let raw = if let Some(&quote @ (b'"' | b'\'')) = bytes.get(at) {
            let from = at + 1;
            let end = memchr(quote, &bytes[from..]).map_or(bytes.len(), |n| from + n);
            at = (end + 1).min(bytes.len());
            from..end
        } else {
            let from = at;
            while bytes.get(at).is_some_and(|&b| !is_space(b) && b != b'>') {
                at += 1;
            }
            from..at
        };
        value = tree.keep_decoded(&source[raw])?;
    }
    let (known, new) = (&tree.attrs[first..], tree.slice(name));
    // The first of several of one name counts.
    if !known.iter().any(|a| tree.slice(a.name) == new) {
        tree.attrs.push(Attr { name, value, foreign: false });
    }
    Ok(at)
}

impl Tree {
    fn keep_lower(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        self.text[start..].make_ascii_lowercase();
        Span { start: start as u32, len: text.len() as u32 }
    }

    /// Keeps an attribute's value, its character references decoded.
    fn keep_decoded(&mut self, raw: &str) -> Result<Span, Declined> {
        if memchr(b'&', raw.as_bytes()).is_none() {
            return Ok(self.keep(raw));
        }
        let start = self.text.len();
        char_refs::decode(raw, true, &mut self.text)?;
        Ok(Span { start: start as u32, len: (self.text.len() - start) as u32 })
    }
}

/// Where an element's raw text ends: at its end tag, or with the page.
pub(super) fn raw_end(source: &str, from: usize, tag: Tag) -> Result<usize, Declined> {
    let bytes = source.as_bytes();
    let name = tag.name().as_bytes();
    let mut at = from;
    let end = loop {
        let Some(found) = memmem::find(&bytes[at..], b"</") else { break bytes.len() };
        let after = at + found + 2;
        let named = bytes.get(after..after + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
        let ends = bytes.get(after + name.len()).is_some_and(|&b| is_space(b) || matches!(b, b'/' | b'>'));
        if named && ends {
            break at + found;
        }
        at = after;
    };
    if tag == Tag::Script {
        decline_escaped(&bytes[from..end])?;
    }
    Ok(end)
}

/// Inside a comment in a script another `<script` hides the next end tag.
fn decline_escaped(script: &[u8]) -> Result<(), Declined> {
    let Some(open) = memmem::find(script, b"<!--") else { return Ok(()) };
    let mut rest = &script[open..];
    while let Some(found) = memchr(b'<', rest) {
        rest = &rest[found + 1..];
        if rest.get(..6).is_some_and(|n| n.eq_ignore_ascii_case(b"script")) {
            return Err(Declined);
        }
    }
    Ok(())
}
