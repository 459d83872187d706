//! Words, and the key by which texts are compared.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

use crate::bangla::block::{LEAD, PLACES, place, place_of};

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
    let key = Key { text: normal, out: String::with_capacity(normal.len()), kept: 0, in_word: false };
    key.folded().unwrap_or_else(|| words_of_search_key(normal))
}

fn words_of_search_key(text: &str) -> String {
    let folded = search_key(text);
    let mut out = String::with_capacity(folded.len());
    for word in words(&folded) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// What a character is in a word.
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
static ASCII: [InWord; 128] = {
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

/// By place in the Bengali block: digits and ৰ are folded, signs of money and
/// of fractions are no part of a word.
static BENGALI: [InWord; PLACES] = {
    let mut table = [InWord::Kept; PLACES];
    let mut offset = 0x66;
    while offset <= 0x7d {
        table[place_of(offset)] = match offset {
            0x66..=0x70 => InWord::Folded,
            0x71 | 0x7c => InWord::Kept,
            _ => InWord::Gap,
        };
        offset += 1;
    }
    table
};

/// The last byte of a hasanta.
const HASANTA_ENDS: u8 = 0x8d;

/// The words of the search key, in one pass that copies what stays as it is.
struct Key<'a> {
    text: &'a str,
    out: String,
    /// Where the stretch begins that is still to be copied, inside a word.
    kept: usize,
    in_word: bool,
}

impl Key<'_> {
    /// `None` for a text that only the search key itself gets right.
    fn folded(mut self) -> Option<String> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += match byte {
                LEAD => match kept_stretch(&bytes[at..]) {
                    0 => self.bengali(at)?,
                    length => {
                        self.open(at);
                        length
                    }
                },
                0..0x80 => {
                    match ASCII[usize::from(byte)] {
                        InWord::Kept => self.open(at),
                        InWord::Gap => self.gap(at),
                        InWord::Folded => self.replace(at, 1, char::from(byte.to_ascii_lowercase())),
                    }
                    1
                }
                0xe2 if bytes[at + 1] == 0x80 => {
                    match bytes[at + 2] {
                        // Joiners are left out, and part nothing.
                        0x8c | 0x8d => self.leave_out(at, 3),
                        _ => self.gap(at),
                    }
                    3
                }
                _ => self.foreign(at)?,
            }
        }
        self.gap(at);
        Some(self.out)
    }

    /// A Bengali character that is not copied, or one of a neighbouring block;
    /// its length.
    fn bengali(&mut self, at: usize) -> Option<usize> {
        let (second, third) = (self.text.as_bytes()[at + 1], self.text.as_bytes()[at + 2]);
        match BENGALI.get(place(second, third)) {
            Some(InWord::Folded) => {
                let to = if third == 0xb0 { 'র' } else { char::from(third - 0xa6 + b'0') };
                self.replace(at, 3, to);
            }
            Some(_) => self.gap(at),
            // The danda and double danda.
            None if (second, third & 0xfe) == (0xa5, 0xa4) => self.gap(at),
            None => return self.foreign(at),
        }
        Some(3)
    }

    /// Any other character, and its length.
    fn foreign(&mut self, at: usize) -> Option<usize> {
        let c = self.text[at..].chars().next()?;
        let length = c.len_utf8();
        match c {
            // An apostrophe in the search key, but a letter before that.
            '\u{2bc}' => return None,
            _ if !is_word_char(c) => self.gap(at),
            _ => {
                self.leave_out(at, length);
                self.open(at + length);
                match digit(c) {
                    Some(digit) => self.out.push(digit),
                    None => self.out.extend(c.to_lowercase()),
                }
            }
        }
        Some(length)
    }

    /// A character of a word that is to be copied begins here.
    fn open(&mut self, at: usize) {
        if !self.in_word {
            if !self.out.is_empty() {
                self.out.push(' ');
            }
            self.kept = at;
            self.in_word = true;
        }
    }

    /// A character that parts words stands here.
    fn gap(&mut self, at: usize) {
        if self.in_word {
            self.out.push_str(&self.text[self.kept..at]);
            end_word(&mut self.out);
            self.in_word = false;
        }
    }

    fn leave_out(&mut self, at: usize, length: usize) {
        if self.in_word {
            self.out.push_str(&self.text[self.kept..at]);
            self.kept = at + length;
        }
    }

    fn replace(&mut self, at: usize, length: usize, with: char) {
        self.leave_out(at, length);
        self.open(at + length);
        self.out.push(with);
    }
}

/// The length of the Bengali words at the start of a text, one space between
/// them, that a key has as they are.
fn kept_stretch(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    let mut last = 0;
    let mut left = bytes.len();
    loop {
        match rest {
            [LEAD, second, third, tail @ ..] => {
                let Some(InWord::Kept) = BENGALI.get(place(*second, *third)) else { break };
                last = *third;
                rest = tail;
                left = rest.len();
            }
            // ত্ at the end of a word does not stay, nor does a second space.
            [b' ', tail @ ..] if last != HASANTA_ENDS => {
                last = HASANTA_ENDS;
                rest = tail;
            }
            _ => break,
        }
    }
    bytes.len() - left
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
    let mut rest = text.as_bytes();
    let (mut count, mut in_word) = (0, false);
    let mut see = |word: bool| {
        count += usize::from(word && !in_word);
        in_word = word;
    };
    loop {
        rest = match rest {
            [LEAD, second, third, tail @ ..] if place(*second, *third) < PLACES => {
                see(BENGALI[place(*second, *third)] != InWord::Gap);
                tail
            }
            [byte @ 0..0x80, tail @ ..] => {
                see(ASCII[usize::from(*byte)] != InWord::Gap);
                tail
            }
            // A joiner begins no word and ends none.
            [0xe2, 0x80, 0x8c | 0x8d, tail @ ..] => tail,
            _ => {
                let at = text.len() - rest.len();
                let Some(c) = text[at..].chars().next() else { return count };
                see(is_word_char(c));
                &rest[c.len_utf8()..]
            }
        }
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Letters, marks and digits. ৴ to ৹ and fractions are numbers, not digits.
fn is_word_char(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{980}'..='\u{9ff}' => !matches!(c, '\u{9f2}'..='\u{9fb}' | '\u{9fd}'),
        // the danda and general punctuation
        '\u{964}' | '\u{965}' | '\u{2000}'..='\u{203f}' => false,
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
    fn every_character_is_folded_the_same_by_either_way() {
        for c in ('\0'..='\u{1ffff}').chain('\u{e0000}'..='\u{e0200}') {
            for text in [format!("হঠাত\u{9cd}{c}খ"), format!("ক {c}B")] {
                if crate::bangla::normalize_parsed(&text).text == text {
                    assert_eq!(word_key_of_normal(&text), words_of_search_key(&text), "{text:?}");
                }
                assert_eq!(word_count(&text), words(&text).count(), "{text:?}");
            }
            let plain = match c {
                '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
                '\u{980}'..='\u{9ff}' => !matches!(c, '\u{9f2}'..='\u{9fb}' | '\u{9fd}'),
                _ => c.is_alphabetic() || is_combining_mark(c) || is_decimal(c),
            };
            assert_eq!(is_word_char(c), plain, "{c:?}");
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
