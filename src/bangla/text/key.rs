//! Words, and the key by which texts are compared.

use std::borrow::Cow;

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

/// The words of a text's [`search_key`], with one space between them and none
/// of the punctuation: by this two titles are compared.
///
/// ```
/// use khobor::bangla::text::word_key;
/// assert_eq!(word_key(" “BTRC”: ২০২৪–২৫ । "), "btrc 2024 25");
/// ```
pub fn word_key(text: &str) -> String {
    fold_words(&super::normalize_parsed(text).text)
}

/// [`word_key`] of a text that is normalised already.
pub(crate) fn word_key_of_normal(text: &str) -> String {
    fold_words(text)
}

fn fold_words(normal: &str) -> String {
    if let Some(folded) = fold_plain_words(normal) {
        return folded;
    }
    let folded = search_key(normal);
    let mut out = String::with_capacity(folded.len());
    for word in words(&folded) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// What a byte, or the last two of a Bengali character, is in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InWord {
    /// Stands as it is.
    Kept,
    /// Is written otherwise in a key.
    Folded,
    /// Parts words.
    Gap,
}

/// By ASCII character.
const ASCII: [InWord; 128] = {
    let mut table = [InWord::Gap; 128];
    let mut at = 0_u8;
    while at < 128 {
        if at.is_ascii_uppercase() {
            table[at as usize] = InWord::Folded;
        } else if at.is_ascii_alphanumeric() {
            table[at as usize] = InWord::Kept;
        }
        at += 1;
    }
    table
};

/// By offset in the Bengali block: digits and ৰ are folded, signs of money and
/// of fractions are no part of a word.
const BENGALI: [InWord; 128] = {
    let mut table = [InWord::Kept; 128];
    let mut at = 0x66;
    while at <= 0x7b {
        table[at] = match at {
            0x66..=0x70 => InWord::Folded,
            0x71 => InWord::Kept,
            _ => InWord::Gap,
        };
        at += 1;
    }
    table[0x7d] = InWord::Gap;
    table
};

/// The same as the words of the search key, in one pass, for text of Bengali,
/// ASCII and common punctuation; `None` for any other.
fn fold_plain_words(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    // Where the characters begin that are copied as they are.
    let mut kept = 0;
    let mut in_word = false;
    while let Some(&byte) = bytes.get(at) {
        let (length, kind) = match byte {
            0..=0x7f => (1, ASCII[usize::from(byte)]),
            0xe0 => match (bytes[at + 1], bytes[at + 2]) {
                (second @ (0xa6 | 0xa7), third) => (3, BENGALI[bengali_offset(second, third)]),
                (0xa5, 0xa4 | 0xa5) => (3, InWord::Gap),
                _ => return None,
            },
            0xe2 if bytes[at + 1] == 0x80 => match bytes[at + 2] {
                // Joiners are left out, and part nothing.
                0x8c | 0x8d => {
                    if in_word {
                        out.push_str(&text[kept..at]);
                    }
                    at += 3;
                    kept = at;
                    continue;
                }
                _ => (3, InWord::Gap),
            },
            // ª, µ and º are letters.
            0xc2 if !matches!(bytes[at + 1], 0xaa | 0xb5 | 0xba) => (2, InWord::Gap),
            _ => return None,
        };
        if kind == InWord::Gap {
            if in_word {
                out.push_str(&text[kept..at]);
                end_word(&mut out);
                in_word = false;
            }
        } else {
            if !in_word {
                if !out.is_empty() {
                    out.push(' ');
                }
                kept = at;
                in_word = true;
            }
            if kind == InWord::Folded {
                out.push_str(&text[kept..at]);
                kept = at + length;
                out.push(match byte {
                    0xe0 if bytes[at + 2] == 0xb0 => 'র',
                    0xe0 => char::from(bytes[at + 2] - 0xa6 + b'0'),
                    _ => char::from(byte.to_ascii_lowercase()),
                });
            }
        }
        at += length;
    }
    if in_word {
        out.push_str(&text[kept..]);
        end_word(&mut out);
    }
    Some(out)
}

fn bengali_offset(second: u8, third: u8) -> usize {
    usize::from((second & 1) << 6 | (third & 0x3f))
}

/// ত্ at the end of a word is ৎ.
fn end_word(out: &mut String) {
    if out.ends_with("ত্") {
        out.truncate(out.len() - "ত্".len());
        out.push('ৎ');
    }
}

/// A text in lower case; borrowed where it has no capitals, as Bengali never
/// has.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    // U+0800 to U+0FFF and U+2000 to U+203F have no letters with a case.
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut capitals = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            0..=0x7f => {
                capitals |= byte.is_ascii_uppercase();
                at += 1;
            }
            0xe0 => at += 3,
            0xe2 if bytes[at + 1] == 0x80 => at += 3,
            _ => return text.to_lowercase().into(),
        }
    }
    if capitals { text.to_ascii_lowercase().into() } else { text.into() }
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
    fn words_of_keys_are_the_same_by_either_way() {
        for text in [
            "",
            " — ",
            "“BTRC” ২০২৪–২৫ ।",
            "হঠাত\u{9cd} বৃষ্টি, হঠাত\u{9cd}!",
            "হঠাত\u{9cd}\u{200d}",
            "র\u{200d}\u{9cd}যাব\u{200c} \u{200d}ক",
            "অসমৰ ৱ ৳৫০০ ৭৻ ৺খ",
            "it’s A.B-C_d\u{a0}e «ক» ©২",
            "ক।খ॥গ",
            "मेला १२ café µm İ ½ x²",
        ] {
            let folded = search_key(text);
            let expected: Vec<&str> = words(&folded).collect();
            assert_eq!(word_key(text), expected.join(" "), "{text}");
            assert_eq!(lower(text), text.to_lowercase(), "{text}");
        }
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
