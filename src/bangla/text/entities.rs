//! HTML character references in text. Feeds, old databases and JSON-LD hold
//! them, often written twice over (`&amp;nbsp;`).

use std::borrow::Cow;

/// The longest name in the HTML table has 31 letters.
const LONGEST: usize = 33;

/// Decodes references that end in a semicolon, one inside another at most
/// twice. A chain nested deeper stays as it is: nobody gets there by
/// accident twice, so the text is *about* references. `None` where nothing
/// changes.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut changed = false;
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match chain(rest) {
            Chain::None => {
                out.push('&');
                rest = &rest[1..];
            }
            Chain::TooDeep { length } => {
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
            Chain::Value { value, length } => {
                out.push_str(&value);
                rest = &rest[length..];
                changed = true;
            }
        }
    }
    changed.then(|| out + rest)
}

enum Chain {
    None,
    TooDeep { length: usize },
    Value { value: String, length: usize },
}

/// The reference at the start of `text`, with those that it unfolds to.
fn chain(text: &str) -> Chain {
    let Some((mut value, mut length)) = reference(text) else {
        return Chain::None;
    };
    let mut levels = 1;
    while value == "&" {
        // an ampersand takes what follows it as its own name
        let Some((inner, inner_length)) = reference_named(&text[length..]) else {
            break;
        };
        levels += 1;
        value = inner;
        length += inner_length;
    }
    if levels > 2 { Chain::TooDeep { length } } else { Chain::Value { value, length } }
}

/// The reference that `text` starts with, and its length.
fn reference(text: &str) -> Option<(String, usize)> {
    let (value, length) = reference_named(text.strip_prefix('&')?)?;
    Some((value, length + 1))
}

/// The same for text behind the ampersand.
fn reference_named(text: &str) -> Option<(String, usize)> {
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = &text[..end];
    let value = match name.strip_prefix('#') {
        Some(number) => numeric(number)?.to_string(),
        None => named(name)?,
    };
    Some((value, end + 1))
}

fn named(name: &str) -> Option<String> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let whole = format!("&{name};");
    match html_escape::decode_html_entities(&whole) {
        Cow::Owned(value) => Some(value),
        Cow::Borrowed(_) => None,
    }
}

/// `2437` or `x985`. By the HTML standard the numbers 128 to 159 mean the
/// characters of windows-1252; a number that is no character is left alone.
fn numeric(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) if hex.bytes().all(|b| b.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
        None if number.bytes().all(|b| b.is_ascii_digit()) => number.parse().ok()?,
        _ => return None,
    };
    match code {
        0 => None,
        0x80..=0x9f => u8::try_from(code).ok().map(super::mojibake::windows_1252),
        _ => char::from_u32(code),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn two_levels_and_no_more() {
        for (text, expected) in [
            ("a&nbsp;b", "a\u{a0}b"),
            ("a&amp;nbsp;b", "a\u{a0}b"),
            ("&amp;#2437;", "অ"),
            ("&#x985;&#X9be;", "অা"),
            ("&lt;b&gt;", "<b>"),
            ("&amp;lt;", "<"),
            ("&amp;", "&"),
            ("&amp;amp;", "&"),
            ("R&amp;D", "R&D"),
            ("ক&zwnj;ষ", "ক\u{200c}ষ"),
            ("&#150;", "–"),
            ("&amp;x", "&x"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "R&D",
            "&;",
            "&nosuch;",
            "& nbsp;",
            "&#0;",
            "&#xd800;",
            "&#9999999999;",
            "&amp;amp;lt;",
            "&#;",
            "&#x;",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
