//! UTF-8 that somebody read as windows-1252. Bengali letters are the bytes
//! E0 A6 xx and E0 A7 xx, so such text is full of `à¦` and `à§`. The bytes
//! that windows-1252 leaves undefined (81 8D 8F 90 9D) are frequent in it,
//! hasanta among them, and stand as C1 controls, as the WHATWG encoding
//! standard has it: a strict decoder fails on any ordinary sentence.

/// What windows-1252 shows for the bytes 80 to 9F.
const SPECIALS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The character of a windows-1252 byte.
pub(super) fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => SPECIALS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The byte that windows-1252, or Latin-1, reads as `c`.
fn byte_of(c: char) -> Option<u8> {
    u8::try_from(u32::from(c)).ok().or_else(|| {
        let at = SPECIALS.iter().position(|&special| special == c)?;
        u8::try_from(at + 0x80).ok()
    })
}

/// What came of an attempt.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Repair {
    /// The text with all that could be turned back; `None` where nothing was.
    pub(super) text: Option<String>,
    /// Some of it can't be turned back.
    pub(super) lossy: bool,
}

/// Encoded over more often than this, nothing is left to be seen.
const LAYERS: usize = 3;

/// Turns mojibake of Bengali back, and the punctuation and emoji that no
/// reader of windows-1252 can have meant (`â€™`, `ðŸ“°`). With U+FFFD in the
/// text, letters are lost already and it is only reported.
pub(super) fn repair(text: &str) -> Repair {
    if bengali_signature(text) {
        return repair_bengali(text);
    }
    // encoded over twice, à is Ã and a no-break space
    if text.contains('Ã') {
        let mut layer = decode_layer(text, |_| true);
        for _ in 1..LAYERS {
            if bengali_signature(&layer) {
                return repair_bengali(&layer);
            }
            layer = decode_layer(&layer, |_| true);
        }
    }
    if text.contains("â€") || text.contains("ðŸ") {
        let layer = decode_layer(text, |c| matches!(c, '\u{2010}'..='\u{203a}' | '\u{1f000}'..='\u{1faff}'));
        if layer != text {
            return Repair { text: Some(layer), lossy: false };
        }
    }
    Repair::default()
}

fn repair_bengali(text: &str) -> Repair {
    if text.contains('\u{fffd}') {
        return Repair { text: None, lossy: true };
    }
    let layer = decode_layer(text, |_| true);
    let lossy = pairs(&layer) > 0;
    Repair { text: (layer != text).then_some(layer), lossy }
}

/// How often a Bengali lead pair, `à¦` or `à§`, stands in the text.
fn pairs(text: &str) -> usize {
    text.matches("à¦").count() + text.matches("à§").count()
}

/// At least three lead pairs, and more than a fifth of the characters of the
/// words that hold any. (Whole mojibake has one in three characters. The
/// words, not the paragraph, are counted: a quotation may be damaged alone.)
fn bengali_signature(text: &str) -> bool {
    if pairs(text) < 3 {
        return false;
    }
    let (mut found, mut characters) = (0, 0);
    for word in text.split(' ') {
        let here = pairs(word);
        if here > 0 {
            found += here;
            characters += word.chars().count();
        }
    }
    found * 5 > characters
}

/// Turns each sequence of characters that are the bytes of one UTF-8
/// character into that character, if `wanted`; all else stays.
fn decode_layer(text: &str, wanted: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((c, length)) = sequence(rest).filter(|&(c, _)| wanted(c)) {
            out.push(c);
            rest = &rest[length..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The character whose bytes `text` starts with, and the length they take.
fn sequence(text: &str) -> Option<(char, usize)> {
    let mut bytes = [0_u8; 4];
    let mut wanted = 0;
    for (have, (at, c)) in text.char_indices().enumerate() {
        // ঠ is E0 A6 A0, and pages turn the no-break space into a plain one;
        // nothing but a byte from 80 to BF can stand there
        bytes[have] = if have == 2 && c == ' ' && bytes[..2] == [0xe0, 0xa6] { 0xa0 } else { byte_of(c)? };
        if have == 0 {
            wanted = match bytes[0] {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return None,
            };
        }
        if have + 1 == wanted {
            let decoded = std::str::from_utf8(&bytes[..wanted]).ok()?.chars().next()?;
            return Some((decoded, at + c.len_utf8()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn damaged(text: &str) -> String {
        text.bytes().map(windows_1252).collect()
    }

    #[test]
    fn one_to_three_layers_come_back() {
        let text = "ঠিক সময়ে এল ঝড়, ‘কেউ’ জানত না — ঐ রাতেও নয়। 📰";
        let mut layers = text.to_owned();
        for _ in 0..3 {
            layers = damaged(&layers);
            let mut back = layers.clone();
            while let Repair { text: Some(next), lossy: false } = repair(&back) {
                back = next;
            }
            assert_eq!(back, text);
        }
    }

    #[test]
    fn latin_1_and_a_lost_no_break_space_come_back() {
        let latin_1: String = "মাঠে আজ".bytes().map(char::from).collect();
        assert_eq!(repair(&latin_1).text.as_deref(), Some("মাঠে আজ"));
        let spaced = damaged("মাঠে আজ").replace('\u{a0}', " ");
        assert_eq!(repair(&spaced).text.as_deref(), Some("মাঠে আজ"));
    }

    #[test]
    fn a_damaged_quotation_comes_back_alone() {
        let text = format!("The board reads {} to this day, says the café.", damaged("বন্ধ"));
        assert_eq!(repair(&text).text.as_deref(), Some("The board reads বন্ধ to this day, says the café."));
    }

    #[test]
    fn lost_letters_are_reported_only() {
        let text = damaged("সকালে বৃষ্টি").replace('\u{8d}', "\u{fffd}");
        assert_eq!(repair(&text), Repair { text: None, lossy: true });
        let cut = damaged("সকালে") + "à¦";
        assert_eq!(repair(&cut), Repair { text: Some("সকালেà¦".to_owned()), lossy: true });
    }

    #[test]
    fn other_languages_are_left_alone() {
        for text in [
            "déjà vu à la carte",
            "São João, Ãlvaro",
            "à¦ à§ x",
            "£5 §3 ½ ©",
            "Ça va — là-bas…",
            "naïve café",
        ] {
            assert_eq!(repair(text), Repair::default(), "{text}");
        }
    }

    #[test]
    fn stray_punctuation_comes_back() {
        assert_eq!(repair("He said â€œnoâ€\u{9d} â€“ ðŸ“°").text.as_deref(), Some("He said “no” – 📰"));
    }
}
