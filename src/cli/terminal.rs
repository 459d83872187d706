//! Untrusted text on a terminal.
//!
//! Pages can hold control characters and marks that reverse the order of
//! text; shown as they are they could rewrite what a person sees.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;

/// A line on standard error. Nobody is there to tell where that is gone.
pub fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "khobor: {}", clean(text));
}

/// The text without control characters and without the marks that override
/// the direction of writing (UAX 9).
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        Cow::Owned(text.chars().filter(|c| !is_unsafe(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// A line of JSON with such characters escaped: the same value, safe to show.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(is_unsafe) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_unsafe(c) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{:04x}", c as u32);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_deceive_is_taken_out() {
        assert_eq!(clean("ক\u{1b}[2Jখ\u{202e}গ"), "ক[2Jখগ");
        assert!(matches!(clean("নিরাপদ\tলেখা"), Cow::Borrowed(_)));
        let escaped = escape_json("{\"a\":\"\u{202e}\"}").into_owned();
        assert_eq!(escaped, "{\"a\":\"\\u202e\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap()["a"], "\u{202e}");
    }
}
