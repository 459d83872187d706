//! Class names and ids as tokens.

/// Whether one of the lower-case tokens of class names and ids fits:
/// `DDetailsTitle` has `d`, `details`, `title`; the whole name with its
/// separators off is a token too.
pub fn any_token(name: &str, mut fits: impl FnMut(&str) -> bool) -> bool {
    any_token_or_whole(name, |token, _| fits(token))
}

/// The same, `fits` told whether the token is the whole name.
pub fn any_token_or_whole(name: &str, mut fits: impl FnMut(&str, bool) -> bool) -> bool {
    let mut room = String::with_capacity(2 * name.len());
    name.split_ascii_whitespace().any(|word| {
        room.clear();
        if word.is_ascii() {
            any_ascii_token(word, &mut room, &mut fits)
        } else {
            any_wide_token(word, &mut room, &mut fits)
        }
    })
}

/// The tokens of one name in ASCII, as nearly all are.
fn any_ascii_token(word: &str, room: &mut String, fits: &mut impl FnMut(&str, bool) -> bool) -> bool {
    // First the name in lower case, of which tokens are pieces.
    room.push_str(word);
    room.make_ascii_lowercase();
    // Where the token begins, and how many letters stand before it and so far.
    let (mut start, mut before, mut letters) = (0, 0, 0);
    let mut after_small = false;
    for (at, byte) in word.bytes().enumerate() {
        let is_letter = byte.is_ascii_alphanumeric();
        let is_capital = byte.is_ascii_uppercase();
        if !is_letter || is_capital && after_small && before < letters {
            if before < letters && fits(&room[start..at], false) {
                return true;
            }
            before = letters;
            start = if is_letter { at } else { at + 1 };
        }
        after_small = is_letter && !is_capital;
        letters += usize::from(is_letter);
    }
    if before > 0 && before < letters && fits(&room[start..word.len()], false) {
        return true;
    }
    if letters < word.len() {
        let small = room.len();
        for at in 0..small {
            let byte = room.as_bytes()[at];
            if byte.is_ascii_alphanumeric() {
                room.push(char::from(byte));
            }
        }
        return letters > 0 && fits(&room[small..], true);
    }
    letters > 0 && fits(room, true)
}

/// The tokens of one name in any letters.
fn any_wide_token(word: &str, whole: &mut String, fits: &mut impl FnMut(&str, bool) -> bool) -> bool {
    // The name so far; its last token begins at `start`.
    let mut start = 0;
    let mut before_lower = false;
    for c in word.chars() {
        if !c.is_alphanumeric() {
            if start < whole.len() && fits(&whole[start..], false) {
                return true;
            }
            start = whole.len();
            before_lower = false;
            continue;
        }
        if c.is_uppercase() && before_lower && start < whole.len() {
            if fits(&whole[start..], false) {
                return true;
            }
            start = whole.len();
        }
        before_lower = c.is_lowercase() || c.is_ascii_digit();
        whole.extend(c.to_lowercase());
    }
    if start > 0 && start < whole.len() && fits(&whole[start..], false) {
        return true;
    }
    !whole.is_empty() && fits(whole, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(name: &str) -> Vec<String> {
        let mut out = Vec::new();
        any_token(name, |token| {
            out.push(token.to_owned());
            false
        });
        out
    }

    #[test]
    fn ascii_falls_into_tokens_as_all_letters_do() {
        for word in ["a", "-a", "a-", "A-b_C9d", "postTitleX", "aB", "--", "9A", "a--bC", "ABc", "x:y[z]"] {
            let (mut one, mut other) = (Vec::new(), Vec::new());
            any_ascii_token(word, &mut String::new(), &mut |t: &str, whole| {
                one.push((t.to_owned(), whole));
                false
            });
            any_wide_token(word, &mut String::new(), &mut |t: &str, whole| {
                other.push((t.to_owned(), whole));
                false
            });
            assert_eq!(one, other, "{word}");
        }
    }

    #[test]
    fn names_fall_into_tokens() {
        assert_eq!(tokens("DDetailsTitle"), ["ddetails", "title", "ddetailstitle"]);
        assert_eq!(tokens("dtl_img_caption"), ["dtl", "img", "caption", "dtlimgcaption"]);
        assert_eq!(tokens("share"), ["share"]);
    }
}
