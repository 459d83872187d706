//! How many words a text has: mostly told by its bytes, without a look at each
//! letter.

use super::layout::has_rare_space;

/// How many words a text has, parted by white space.
pub fn count(text: &str) -> usize {
    let text = text.trim();
    let bytes = text.as_bytes();
    let other_space = || {
        memchr::memchr3(b'\t', b'\n', b'\r', bytes).is_some()
            || memchr::memchr2(b'\x0b', b'\x0c', bytes).is_some()
            || has_rare_space(bytes)
    };
    if text.is_empty() || other_space() {
        return text.split_whitespace().count();
    }
    // The last of several spaces parts words, and none ends the text.
    1 + memchr::memchr_iter(b' ', bytes).filter(|at| bytes[at + 1] != b' ').count()
}

/// Whether a text has at least so many words.
pub fn at_least(text: &str, number: usize) -> bool {
    // A space before a letter that cannot be white space begins a word.
    let begins = |at: usize| text.as_bytes().get(at).is_some_and(|b| matches!(b, b'!'..=b'~' | 0xe0));
    let certain = usize::from(begins(0));
    let spaces = memchr::memchr_iter(b' ', text.as_bytes());
    number <= certain
        || spaces.filter(|at| begins(at + 1)).nth(number - certain - 1).is_some()
        || text.split_whitespace().nth(number - 1).is_some()
}

/// Whether a text has at least so many characters.
pub fn has_chars(text: &str, number: usize) -> bool {
    // A character has four bytes at most.
    text.len() >= number && (text.len() + 3 >= 4 * number || text.chars().count() >= number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_characters_are_those_that_a_look_at_each_letter_tells() {
        let texts = [
            "",
            " ",
            "ক",
            "ক খ গ",
            " ক  খ\t\nগ ",
            "ক\u{a0}খ গ",
            "ক \u{a0} খ",
            "ক \u{2003} খ \u{3000}",
            "“ক” – খ",
            "\u{1680}a b",
            "a é b ü",
            "a\u{85}b 😀 c",
            "১২ মার্চ ২০২৪",
        ];
        for text in texts {
            let words = text.split_whitespace().count();
            assert_eq!(count(text), words, "{text:?}");
            for number in 1..6 {
                assert_eq!(at_least(text, number), words >= number, "{text:?}, {number}");
                assert_eq!(has_chars(text, number), text.chars().count() >= number, "{text:?}, {number}");
            }
        }
    }
}
