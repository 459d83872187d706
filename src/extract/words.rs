//! How many words and characters a text has.

/// Whether a text has at least so many words, parted by white space.
pub fn at_least(text: &str, number: usize) -> bool {
    text.split_whitespace().nth(number - 1).is_some()
}

/// Whether a text has at least so many characters.
pub fn has_chars(text: &str, number: usize) -> bool {
    // A character has four bytes at most.
    text.len() + 3 >= 4 * number || text.chars().nth(number - 1).is_some()
}

/// How many characters of a text are no white space.
pub fn visible_chars(text: &str) -> usize {
    let bytes = text.as_bytes();
    // All white space outside of ASCII begins with one of these bytes.
    let rare = memchr::memchr3(0xc2, 0xe1, 0xe3, bytes).is_some();
    let space = |at: usize| match (bytes[at + 1], bytes[at + 2]) {
        (0x80, third) => matches!(third, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf),
        (second, _) => second == 0x81,
    };
    if rare || memchr::memchr_iter(0xe2, bytes).any(space) {
        return text.chars().filter(|c| !c.is_whitespace()).count();
    }
    // Counted in bytes first: then many are looked at at once.
    let shows = |b: &u8| u8::from((*b & 0xc0 != 0x80) & !matches!(b, b'\t'..=b'\r' | b' '));
    bytes.chunks(255).map(|some| usize::from(some.iter().map(shows).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_a_look_at_each_character() {
        let spaces =
            ["", " ", "\n", "\x0b", "\u{85}", "\u{a0}", "\u{1680}", "\u{2003}", "\u{205f}", "\u{3000}"];
        for space in spaces {
            for letter in ["ক", "’", "é", "😀", "\u{200b}", "x"] {
                let text = format!("{space}{letter}{space}খ গ{space}{space}{letter}");
                let shown: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
                assert_eq!(visible_chars(&text), shown.len(), "{text:?}");
                assert_eq!(visible_chars(&text.repeat(60)), 60 * shown.len(), "{text:?}");
                let chars = text.chars().count();
                assert!(has_chars(&text, chars) && !has_chars(&text, chars + 1), "{text:?}");
                assert!(at_least(&text, 2) && !at_least(&text, 5), "{text:?}");
            }
        }
    }
}
