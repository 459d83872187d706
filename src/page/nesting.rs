//! A cap on nesting, laid over the source before it is parsed.
//!
//! The HTML standard's tree construction looks through the stack of open
//! elements at most tags, so a page of a million open `<div>` costs its square.
//! Browsers stop nesting at 512 elements for the same reason; so does this.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::memchr;

/// Elements may be nested this deep; browsers built on Blink have the same cap.
pub const MAX_DEPTH: usize = 512;

/// Elements that HTML closes by itself or that hold nothing: counting them
/// would see depth where the parser builds none.
pub(super) const NOT_COUNTED: &[&str] = &[
    "a", "area", "base", "body", "br", "button", "col", "dd", "dt", "embed", "head", "hr", "html", "img",
    "input", "li", "link", "meta", "nobr", "optgroup", "option", "p", "param", "rb", "rp", "rt", "source",
    "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Elements that the parser opens anew in every paragraph until they are closed
/// (the HTML standard's active formatting elements).
pub(super) const FORMATTING: &[&str] =
    &["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// So many formatting elements may be open at once: unclosed ones are built
/// again in each paragraph, so a page of them would cost its square.
pub(super) const MAX_FORMATTING: usize = 16;

/// Elements whose content is text up to their own end tag.
pub(super) const RAW: &[&str] =
    &["script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"];

/// Drops the tags of elements nested deeper than [`MAX_DEPTH`], keeping their
/// text, and says how many elements that were. A page within the cap is
/// returned as it is.
pub fn flatten(source: &str) -> (Cow<'_, str>, usize) {
    let bytes = source.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut depth = 0_usize;
    // Dropped start tags whose end tags are still to come.
    let mut dropped_open = 0_usize;
    let mut dropped = 0_usize;
    let mut foreign_open = 0_usize;
    // Open elements by name: an end tag that ends none is ignored by parsers.
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut formatting_open = 0_usize;
    // Dropped formatting elements by name: their end tags are to be dropped too.
    let mut skipped: HashMap<String, usize> = HashMap::new();
    let mut at = 0;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let Some(tag) = read_tag(source, start) else {
            at = start + 1;
            continue;
        };
        at = tag.end;
        // In foreign content nothing closes by itself.
        if tag.name.is_empty() || (foreign_open == 0 && is_one_of(tag.name, NOT_COUNTED)) {
            continue;
        }
        if !tag.closing && is_one_of(tag.name, RAW) {
            at = skip_raw(source, tag.end, tag.name);
            continue;
        }
        // `<path/>` is closed in foreign content, `<div/>` in HTML is not.
        let foreign = is_one_of(tag.name, &["svg", "math"]);
        if foreign && tag.closing {
            foreign_open = foreign_open.saturating_sub(1);
        }
        if tag.self_closing && (foreign || foreign_open > 0) {
            continue;
        }
        if foreign && !tag.closing {
            foreign_open += 1;
        }
        let name = tag.name.to_ascii_lowercase();
        let formatting = is_one_of(&name, FORMATTING);
        let drop = if tag.closing {
            if let Some(count) = skipped.get_mut(&name).filter(|n| **n > 0) {
                *count -= 1;
                true
            } else if dropped_open == 0 && open.get(&name).is_none_or(|n| *n == 0) {
                continue;
            } else if dropped_open > 0 {
                dropped_open -= 1;
                true
            } else {
                if let Some(count) = open.get_mut(&name) {
                    *count -= 1;
                }
                formatting_open -= usize::from(formatting && formatting_open > 0);
                depth = depth.saturating_sub(1);
                false
            }
        } else if formatting && formatting_open >= MAX_FORMATTING {
            *skipped.entry(name).or_default() += 1;
            dropped += 1;
            true
        } else if depth >= MAX_DEPTH {
            dropped_open += 1;
            dropped += 1;
            true
        } else {
            *open.entry(name).or_default() += 1;
            formatting_open += usize::from(formatting);
            depth += 1;
            false
        };
        if drop {
            out.push_str(&source[copied..start]);
            copied = tag.end;
        }
    }
    if dropped == 0 {
        return (Cow::Borrowed(source), 0);
    }
    out.push_str(&source[copied..]);
    (Cow::Owned(out), dropped)
}

struct RawTag<'a> {
    name: &'a str,
    closing: bool,
    self_closing: bool,
    /// One past the `>`.
    end: usize,
}

/// Reads what starts with `<` at `start`: a tag, or a comment or declaration
/// with an empty name. `None` where it is mere text.
fn read_tag(source: &str, start: usize) -> Option<RawTag<'_>> {
    let bytes = source.as_bytes();
    let mut i = start + 1;
    if source[i..].starts_with("!--") {
        let body = i + 3;
        let end = source[body..].find("-->").map_or(bytes.len(), |n| body + n + 3);
        return Some(RawTag { name: "", closing: false, self_closing: false, end });
    }
    let closing = bytes.get(i) == Some(&b'/');
    if closing {
        i += 1;
    }
    let name_start = i;
    match bytes.get(i) {
        Some(c) if c.is_ascii_alphabetic() => {}
        Some(b'!' | b'?') => {
            let end = memchr(b'>', &bytes[i..]).map_or(bytes.len(), |n| i + n + 1);
            return Some(RawTag { name: "", closing: false, self_closing: false, end });
        }
        _ => return None,
    }
    while i < bytes.len() && !matches!(bytes[i], b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0c') {
        i += 1;
    }
    let name = &source[name_start..i];
    let mut quote = 0_u8;
    // A quote opens a value only after `=`; elsewhere it is part of a name.
    let mut after_equals = false;
    while i < bytes.len() {
        let c = bytes[i];
        if quote != 0 {
            if c == quote {
                quote = 0;
            }
        } else if c == b'>' {
            return Some(RawTag { name, closing, self_closing: bytes[i - 1] == b'/', end: i + 1 });
        } else if (c == b'"' || c == b'\'') && after_equals {
            quote = c;
            after_equals = false;
        } else if c == b'=' {
            after_equals = true;
        } else if !c.is_ascii_whitespace() {
            after_equals = false;
        }
        i += 1;
    }
    Some(RawTag { name, closing, self_closing: false, end: bytes.len() })
}

/// Where the raw text of an element ends: at its end tag.
fn skip_raw(source: &str, from: usize, name: &str) -> usize {
    let bytes = source.as_bytes();
    let mut at = from;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let after = start + 2;
        if bytes.get(start + 1) == Some(&b'/')
            && bytes.get(after..after + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()))
        {
            return start;
        }
        at = start + 1;
    }
    bytes.len()
}

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|n| n.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_page_is_not_copied() {
        let page = "<div><p>ক<p>খ<!-- <div> --><script>if (a<b) '<div>'</script><img alt='<div>'></div>";
        let (out, dropped) = flatten(page);
        assert!(matches!(out, Cow::Borrowed(_)));
        assert_eq!(dropped, 0);
    }

    #[test]
    fn deep_nesting_keeps_its_text() {
        let n = 5_000;
        let page = format!("{}ভিতর{}বাহির", "<div>".repeat(n), "</div>".repeat(n));
        let (out, dropped) = flatten(&page);
        assert_eq!(dropped, n - MAX_DEPTH);
        assert_eq!(out.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(out.matches("</div>").count(), MAX_DEPTH);
        assert!(out.contains("ভিতর") && out.ends_with("বাহির"));
    }

    #[test]
    fn self_closed_shapes_are_not_depth() {
        let page = format!("<svg>{}</svg><div><p>ক</p></div>", "<path d='M0 0'/>".repeat(2_000));
        assert_eq!(flatten(&page).1, 0);
        assert!(flatten(&"<div/>".repeat(2_000)).1 > 0);
    }

    #[test]
    fn unclosed_formatting_is_not_built_again_and_again() {
        let page: String = (0..200).map(|i| format!("<p><font size={i}>ক</p>")).collect::<Vec<_>>().concat();
        let (out, dropped) = flatten(&page);
        assert_eq!(dropped, 200 - MAX_FORMATTING);
        assert_eq!(out.matches("<font").count(), MAX_FORMATTING);
    }

    #[test]
    fn end_tags_of_nothing_lower_no_depth() {
        assert_eq!(flatten(&"<div></x>".repeat(2_000)).1, 2_000 - MAX_DEPTH);
        let shapes = format!("<svg>{}{}", "<tr>".repeat(2_000), "</q>".repeat(2_000));
        assert!(flatten(&shapes).1 > 1_000);
    }

    #[test]
    fn unclosed_items_are_not_depth() {
        let page = "<ul>".to_owned() + &"<li><a href='x'>ক".repeat(3_000);
        assert_eq!(flatten(&page).1, 0);
    }

    #[test]
    fn broken_tags_end_somewhere() {
        for page in ["<", "<div", "<div a='", "<!--", "</", "<!x", "<script>", "<a =\"'>", "<div \u{985}"] {
            let (out, _) = flatten(page);
            assert_eq!(out, page);
        }
    }
}
