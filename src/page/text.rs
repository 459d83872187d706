//! The text below a node: as it stands, and as a reader sees it.

use std::borrow::Cow;

use super::document::Node;
use super::tag::Tag;

impl<'a> Node<'a> {
    /// The raw text below an element, with no space added anywhere. What a
    /// script or title holds.
    pub fn raw_text(self) -> Cow<'a, str> {
        let mut out = Cow::Borrowed("");
        for text in self.as_text().into_iter().chain(self.descendants().filter_map(Node::as_text)) {
            if out.is_empty() {
                out = Cow::Borrowed(text);
            } else {
                out.to_mut().push_str(text);
            }
        }
        out
    }

    /// The text a reader sees, white space collapsed, block elements and `br`
    /// set apart by one space, scripts and their kind left out.
    pub fn text(self) -> String {
        self.text_where(|_| true)
    }

    /// Whether [`Node::text`] is not empty.
    pub fn has_text(self) -> bool {
        let end = self.range().end;
        let mut at = self.index();
        while at < end {
            let node = self.document().node(at);
            match node.tag() {
                Some(tag) if tag.is_unread() && at != self.index() => at = node.range().end,
                None if node.as_text().is_some_and(|t| !t.trim_start().is_empty()) => return true,
                _ => at += 1,
            }
        }
        false
    }

    /// [`Node::text`], leaving out each element (with all below it) for which `keep`
    /// is false.
    pub fn text_where(self, keep: impl Fn(Node<'a>) -> bool) -> String {
        let mut out = String::new();
        let set_apart = |out: &mut String| {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        };
        let end = self.range().end;
        let mut at = self.index();
        // Where each open block ends: leaving a block sets off what follows.
        let mut blocks: Vec<usize> = Vec::new();
        while at < end {
            while blocks.last().is_some_and(|b| at >= *b) {
                blocks.pop();
                set_apart(&mut out);
            }
            let node = self.document().node(at);
            if let Some(tag) = node.tag() {
                if at != self.index() && (tag.is_unread() || !keep(node)) {
                    at = node.range().end;
                    continue;
                }
                if tag == Tag::Br || tag == Tag::Img {
                    set_apart(&mut out);
                } else if tag.is_block() {
                    set_apart(&mut out);
                    blocks.push(node.range().end);
                }
            } else if let Some(text) = node.as_text() {
                out.push_str(if out.is_empty() { text.trim_start() } else { text });
            }
            at += 1;
        }
        out.truncate(out.trim_end().len());
        if is_collapsed(&out) { out } else { joined_words(&out) }
    }
}

/// Collapses every run of white space into one space and trims.
pub fn collapse(text: &str) -> String {
    let text = text.trim();
    // Nearly every text has its words one space apart.
    if is_collapsed(text) { text.to_owned() } else { joined_words(text) }
}

/// The same for a text that is trimmed already, put behind another.
pub(super) fn collapse_onto(text: &str, out: &mut String) {
    if is_collapsed(text) { out.push_str(text) } else { out.push_str(&joined_words(text)) }
}

/// Whether a trimmed text has no white space but single spaces.
fn is_collapsed(text: &str) -> bool {
    let bytes = text.as_bytes();
    // White space beyond ASCII begins with one of these bytes.
    let suspect = |b: u8| matches!(b, b'\t'..=b'\r') | matches!(b, 0xc2 | 0xe1..=0xe3);
    // Without a way out of the loops, many bytes are looked at at once.
    let any = bytes.iter().fold(0, |any, &b| any | u8::from(suspect(b))) != 0;
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let single = |(one, two): (&u8, &u8)| (one ^ b' ') | (two ^ b' ') != 0;
    let doubled = pairs.fold(0, |any, pair| any | u8::from(!single(pair))) != 0;
    let other = any && text.chars().any(|c| c != ' ' && c.is_whitespace());
    !doubled && !other
}

fn joined_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Document;

    #[test]
    fn text_keeps_inline_pieces_together_and_blocks_apart() {
        let doc = Document::parse("<p>ক<b>খ</b>গ<br>ঘ<script>x</script></p><p>ঙ</p>");
        assert_eq!(doc.root().text(), "কখগ ঘ ঙ");
        let doc = Document::parse("<div> \n<p>  ক  <b> খ</b>\u{a0}গ<img></p> \t </div><p></p>");
        assert_eq!(doc.root().text(), "ক খ গ");
        assert_eq!(doc.root().text_where(|n| n.tag() != Some(Tag::B)), "ক গ");
    }

    #[test]
    fn raw_text_is_one_piece_or_several() {
        let doc = Document::parse("<title> ক </title><p>খ<b>গ</b></p>");
        assert!(matches!(doc.by_tag(Tag::Title).next().unwrap().raw_text(), Cow::Borrowed(" ক ")));
        assert_eq!(doc.by_tag(Tag::P).next().unwrap().raw_text(), "খগ");
        assert_eq!(doc.by_tag(Tag::Head).next().unwrap().children().nth(1), None);
    }

    #[test]
    fn collapsing_is_joining_words() {
        let spaces =
            ["", " ", "  ", "\n", "\u{85}", "\u{a0}", "\u{1680}", "\u{2009}", "\u{202f}", "\u{3000}"];
        for one in spaces {
            for two in ["’", "ক", "x", "\u{200c}", "\u{e1}", " "] {
                let text = format!("{one}ক{two}{one}খ গ{one}{two}");
                assert_eq!(collapse(&text), joined_words(&text), "{text:?}");
            }
        }
    }
}
