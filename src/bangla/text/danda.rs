//! The vertical bar as a danda. It is one where a sentence ends in it, but
//! far more often it separates the fields of a header or a menu, so it is
//! read as a danda only where the whole line speaks for prose.

/// Labels whose presence makes a line a header.
const LABELS: [&str; 8] = ["প্রকাশ", "আপডেট", "হালনাগাদ", "সংস্করণ", "পোস্ট", "Published", "Updated", "Posted"];

/// Turns every bar of the line into a danda, or none: a line in which one
/// bar separates is a line in which all do. `None` where nothing changes.
pub(super) fn convert(line: &str) -> Option<String> {
    let prose = line.contains('|') && is_prose(line);
    prose.then(|| line.replace('|', "।"))
}

fn is_prose(line: &str) -> bool {
    let mut sentence = false;
    let mut pieces = line.split('|').peekable();
    while let Some(piece) = pieces.next() {
        let words = piece.split_ascii_whitespace();
        if LABELS
            .iter()
            .any(|label| words.clone().any(|word| word.starts_with(label) && is_label(word, piece)))
        {
            return false;
        }
        // a full sentence has at least three words; names and places don't
        sentence |= words.count() >= 3;
        let Some(next) = pieces.peek() else {
            break;
        };
        if !piece.ends_with(is_bengali_letter) || !(next.is_empty() || next.starts_with(' ')) {
            return false;
        }
        // a field of figures follows: a date, a counter
        if next.trim_start().starts_with(is_digit) {
            return false;
        }
        sentence |= next.is_empty();
    }
    sentence
}

/// A label opens its field or has a colon behind it.
fn is_label(word: &str, piece: &str) -> bool {
    word.contains(':') || piece.trim_start().starts_with(word)
}

/// Letters and the signs that end a syllable; not digits, danda or ৳.
fn is_bengali_letter(c: char) -> bool {
    matches!(c, '\u{980}'..='\u{9e3}' | '\u{9f0}' | '\u{9f1}' | '\u{9fc}')
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '০'..='৯')
}

#[cfg(test)]
mod tests {
    use super::convert;

    #[test]
    fn sentences_get_their_danda() {
        for (line, expected) in [
            ("নদী ভরে গেছে| মাঠ ডুবেছে|", "নদী ভরে গেছে। মাঠ ডুবেছে।"),
            ("সে এল|", "সে এল।"),
            ("ট্রেন এসে থামল| যাত্রী নামল", "ট্রেন এসে থামল। যাত্রী নামল"),
        ] {
            assert_eq!(convert(line).as_deref(), Some(expected));
        }
    }

    #[test]
    fn separators_stay() {
        for line in [
            "খেলা | বিনোদন | মতামত",
            "খেলা| বিনোদন| মতামত",
            "নিজস্ব প্রতিবেদক| ঢাকা",
            "প্রকাশ: ৩ মে ২০২০ | ১৩:৩৭",
            "নিজস্ব প্রতিবেদক ঢাকা থেকে| প্রকাশ: ৩ মে",
            "খবরের নতুন ঠিকানা এখানে| ১২ মে",
            "a|b",
            "ক|খ",
            "সে এল||",
            "১২|",
            "",
        ] {
            assert_eq!(convert(line), None, "{line}");
        }
    }
}
