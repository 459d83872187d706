//! Short texts of a page that is typed in Bijoy.
//!
//! A heading of two words is too little evidence by itself that it is Bengali
//! typed as Latin letters; that most of the page's lines are is enough.

use crate::bangla::{normalize_parsed, text::normalize_bijoy};

/// How many lines must have been converted before short ones are as well.
const MIN_CONVERTED: usize = 3;

/// Whether a page is typed in Bijoy: `lines` says of each longer line whether
/// it was converted.
pub fn is_bijoy_page(lines: impl Iterator<Item = bool>) -> bool {
    let (mut converted, mut other) = (0_usize, 0_usize);
    for hit in lines {
        if hit {
            converted += 1;
        } else {
            other += 1;
        }
    }
    converted >= MIN_CONVERTED && converted >= other
}

/// A short text of a Bijoy page in Unicode; as it is where it is plain English.
pub fn convert(text: &str) -> String {
    let parsed = normalize_parsed(text);
    if parsed.bijoy_converted || !is_typed(&parsed.text) {
        return parsed.text.into_owned();
    }
    normalize_bijoy(text).text.into_owned()
}

/// The mark that opens a report in Bijoy, a backslash, as the sign it is drawn
/// as.
pub fn with_credit_mark(text: &str) -> Option<String> {
    let head = text.char_indices().nth(120).map_or(text.len(), |(i, _)| i);
    let at = text[..head].find(" \\ ")?;
    Some(format!("{} ॥ {}", &text[..at], &text[at + 3..]))
}

/// Whether a text without Bengali letters has what English has not: glyphs
/// above ASCII, a backtick behind a letter, or capitals inside words.
fn is_typed(text: &str) -> bool {
    if text.chars().any(|c| ('\u{900}'..='\u{9ff}').contains(&c)) || !text.chars().any(char::is_alphabetic) {
        return false;
    }
    let glyph = |c: char| {
        matches!(
            c,
            '†' | '‡'
                | 'ˆ'
                | '‰'
                | 'Š'
                | '‹'
                | 'Œ'
                | '™'
                | 'š'
                | 'œ'
                | 'Ÿ'
                | '¨'
                | '©'
                | 'ª'
                | '«'
                | '¬'
                | '®'
                | '¯'
        ) || ('\u{b0}'..='\u{ff}').contains(&c) && c != '»'
    };
    if text.chars().any(glyph) && !text.trim_start().starts_with('©') {
        return true;
    }
    let chars: Vec<char> = text.chars().collect();
    chars.windows(2).any(|w| w[0].is_ascii_alphabetic() && w[1] == '`')
        || text.split_whitespace().any(|word| {
            let inside =
                word.as_bytes().windows(2).filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
            let inside = inside.count();
            inside >= 2
                || inside == 1 && !matches!(word, "YouTube" | "WhatsApp" | "LinkedIn" | "TikTok" | "iPhone")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_stays_and_glyphs_are_converted() {
        assert_eq!(convert("Print this page"), "Print this page");
        assert_eq!(convert("YouTube"), "YouTube");
        assert_eq!(convert("© 2014 Ujan"), "© 2014 Ujan");
        assert_eq!(convert("kxl© msev`"), "শীর্ষ সংবাদ");
    }

    #[test]
    fn only_a_page_of_it_is_one() {
        assert!(is_bijoy_page([true, true, true, false].into_iter()));
        assert!(!is_bijoy_page([true, true].into_iter()));
        assert!(!is_bijoy_page([true, true, true, false, false, false, false].into_iter()));
    }

    #[test]
    fn the_backslash_is_a_mark_at_the_start_only() {
        assert_eq!(with_credit_mark("স্টাফ রিপোর্টার \\ আজ").as_deref(), Some("স্টাফ রিপোর্টার ॥ আজ"));
        assert_eq!(with_credit_mark(&format!("{} \\ আজ", "ক".repeat(150))), None);
    }
}
