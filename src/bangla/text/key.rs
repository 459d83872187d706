//! Words, and the key by which texts are compared.

use unicode_normalization::char::is_combining_mark;

/// The form of a text in which spellings that a reader takes for the same
/// are the same: [`normalize_parsed`](super::normalize_parsed) first, then
/// joiners dropped (র‍্য and র্য coincide), ত্ at the end of a word as ৎ,
/// Assamese ৰ as র, digits of any of the scripts in use as ASCII, one kind of
/// quotation mark, apostrophe, dash and ellipsis, ।। as ॥, lower case, and no
/// space before a closing mark.
///
/// Meant for search and for finding duplicates; it may change between
/// releases. Hashes that are kept use [`fold`](crate::bangla::fold).
///
/// ```
/// use khobor::bangla::text::search_key;
/// assert_eq!(search_key("“BTRC” ২০২৪–২৫ ।"), search_key("\"btrc\" 2024-25।"));
/// assert_eq!(search_key("র\u{200d}\u{9cd}যালি"), search_key("র\u{9cd}যালি"));
/// ```
pub fn search_key(text: &str) -> String {
    let text = super::normalize_parsed(text).text;
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().filter(|c| !matches!(c, '\u{200c}' | '\u{200d}')).peekable();
    while let Some(c) = chars.next() {
        push_folded(c, &mut out);
        let word_ends = !chars.peek().is_some_and(|&next| is_word_char(next));
        if word_ends && out.ends_with("ত্") {
            out.truncate(out.len() - "ত্".len());
            out.push('ৎ');
        }
    }
    out
}

fn push_folded(c: char, out: &mut String) {
    if is_closing(c) && out.ends_with(' ') {
        out.pop();
    }
    match c {
        '‘' | '’' | '‚' | '‛' | '′' | '\u{2bc}' | '`' | '´' => out.push('\''),
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => out.push('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
        '…' => out.push_str("..."),
        'ৰ' => out.push('র'),
        '।' if out.ends_with('।') => {
            out.pop();
            out.push('॥');
        }
        _ => match digit(c) {
            Some(digit) => out.push(digit),
            None => out.extend(c.to_lowercase()),
        },
    }
}

/// The ASCII digit for one of the scripts that mix on Bengali pages.
fn digit(c: char) -> Option<char> {
    let zero = match c {
        '০'..='৯' => '০',
        '०'..='९' => '०',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

fn is_closing(c: char) -> bool {
    matches!(c, '।' | '॥' | ',' | ';' | ':' | '?' | '!' | ')' | ']' | '.')
}

/// The words of a text: runs of letters, marks and digits. A joiner inside a
/// word belongs to it, since it only says how a conjunct is drawn: র‍্যাব is
/// one word.
///
/// ```
/// use khobor::bangla::text::words;
/// let found: Vec<&str> = words("২০২৩-এ ‘নতুন’ র\u{200d}\u{9cd}যালি!").collect();
/// assert_eq!(found, ["২০২৩", "এ", "নতুন", "র\u{200d}\u{9cd}যালি"]);
/// ```
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word_char(c) && !is_joiner(c))
        .map(|word| word.trim_matches(is_joiner))
        .filter(|word| !word.is_empty())
}

/// How many [`words`] a text has.
///
/// ```
/// assert_eq!(khobor::bangla::text::word_count("ঢাকা, ৫ মে।"), 3);
/// ```
pub fn word_count(text: &str) -> usize {
    words(text).count()
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Letters, marks and digits. ৴ to ৹ and fractions are numbers, not digits.
fn is_word_char(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{980}'..='\u{9ff}' => !matches!(c, '\u{9f2}'..='\u{9fb}' | '\u{9fd}'),
        _ => c.is_alphabetic() || is_combining_mark(c) || is_decimal(c),
    }
}

/// Decimal digits: numbers of which the standard library can say no more,
/// without the fractions, superscripts and enclosed ones.
fn is_decimal(c: char) -> bool {
    c.is_numeric()
        && !matches!(c, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}'..='\u{2bff}' | '\u{3192}'..='\u{33ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_meet() {
        for (one, other) in [
            ("র\u{200c}\u{9cd}যাব", "র\u{200d}\u{9cd}যাব"),
            ("হঠাত\u{9cd} বৃষ্টি", "হঠাৎ বৃষ্টি"),
            ("সে এল।।", "সে এল॥"),
            ("‘হ্যাঁ’", "'হ্যাঁ'"),
            ("১০—১২", "10-12"),
            ("এই যে…", "এই যে..."),
            ("অসমৰ", "অসমর"),
            ("DHAKA", "dhaka"),
            ("\u{9df}", "য\u{9bc}"),
        ] {
            assert_eq!(search_key(one), search_key(other));
        }
        assert_ne!(search_key("উত্তর"), search_key("উৎতর"));
    }

    #[test]
    fn words_are_counted() {
        for (text, count) in [
            ("", 0),
            (" — ।", 0),
            ("এক", 1),
            ("মো. করিম", 2),
            ("১০.৩০", 2),
            ("৳৫০০", 1),
            ("কাজী-নজরুল", 2),
            ("café naïve", 2),
            ("x² ½", 1),
            ("ক\u{200d} \u{200d} খ", 2),
        ] {
            assert_eq!(word_count(text), count, "{text}");
        }
    }
}
