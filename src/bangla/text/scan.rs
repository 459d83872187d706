//! One look at the bytes of a text that shows, in most texts, that nothing
//! has to be done. Everything else in this folder is only paid for where
//! this scan asks for it.

use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::signs;

/// What a text may need. A false alarm costs time, never correctness.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // four alarms, each for another stage
pub(super) struct Found {
    /// `&`: a character reference is possible.
    pub(super) ampersand: bool,
    /// ASCII letters: Bijoy is possible.
    pub(super) latin: bool,
    /// Letters of Latin-1: mojibake is possible, and Bijoy.
    pub(super) high_latin: bool,
    /// Spaces, signs, invisible characters or the form need a look.
    pub(super) untidy: bool,
}

/// Neighbour code for whatever is not in the Bengali block.
const OTHER: u8 = 0xff;

pub(super) fn scan(text: &str) -> Found {
    let mut found = Found::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    // a space that opens the text is one too many
    let mut space = true;
    // the character before, as its offset in the Bengali block
    let mut before = OTHER;
    let mut foreign = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            0xe0 => {
                let (second, third) = (bytes[at + 1], bytes[at + 2]);
                at += 3;
                space = false;
                if second & 0xfe == 0xa6 {
                    let now = ((second & 1) << 6) | (third & 0x3f);
                    found.untidy |= needs_a_repair(before, now);
                    before = now;
                    continue;
                }
                // the danda and double danda that Bengali borrows
                foreign |= second != 0xa5 || third & 0xfe != 0xa4;
            }
            b' ' => {
                found.untidy |= space;
                space = true;
                at += 1;
            }
            0x21..=0x7e => {
                found.latin |= byte.is_ascii_alphabetic();
                found.ampersand |= byte == b'&';
                found.untidy |= byte == b'|' && before != OTHER;
                space = false;
                at += 1;
            }
            0..=0x1f | 0x7f => {
                found.untidy = true;
                space = false;
                at += 1;
            }
            // general punctuation, but for the range of spaces and joiners
            0xe2 if bytes[at + 1] == 0x80 && matches!(bytes[at + 2], 0x90..=0xa7) => {
                space = false;
                at += 3;
            }
            _ => {
                found.high_latin |= matches!(byte, 0xc2 | 0xc3);
                foreign = true;
                space = false;
                at += 1;
                while bytes.get(at).is_some_and(|b| b & 0xc0 == 0x80) {
                    at += 1;
                }
            }
        }
        before = OTHER;
    }
    found.untidy |= space && !text.is_empty();
    found.untidy = found.untidy || foreign && foreign_untidy(text);
    found
}

/// Text with characters beyond Bengali and plain punctuation is looked at
/// character by character.
fn foreign_untidy(text: &str) -> bool {
    let joined = |c: char| matches!(c, '\u{200c}' | '\u{200d}' | '\u{80}'..='\u{9f}');
    text.chars().any(|c| joined(c) || signs::is_invisible(c) || c != ' ' && c.is_whitespace())
        || is_nfc_quick(text.chars()) != IsNormalized::Yes
}

/// The characters of the Bengali block that need a look at the one before:
/// signs, and letters that NFC or this project writes otherwise.
const SUSPECT: [bool; 128] = {
    let mut table = [false; 128];
    let suspects: &[u8] = &[
        0x01, 0x02, 0x3c, 0x3e, 0x3f, 0x40, 0x41, 0x42, 0x43, 0x44, 0x47, 0x48, 0x4b, 0x4c, 0x4d, 0x57, 0x5c,
        0x5d, 0x5f, 0x77, 0x7e,
    ];
    let mut at = 0;
    while at < suspects.len() {
        table[suspects[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether `now` behind `before` needs a repair, both as offsets in the Bengali
/// block.
#[inline]
pub(super) fn needs_a_repair(before: u8, now: u8) -> bool {
    // What is no Bengali character stands at the place of one that there is not.
    UNTIDY[usize::from(now & 0x7f)] >> (before & 0x7f) & 1 == 1
}

/// For each character of the Bengali block behind which others it needs a
/// repair.
static UNTIDY: [u128; 128] = {
    let mut table = [0_u128; 128];
    let mut now = 0_u8;
    while now < 128 {
        let mut before = 0_u8;
        while before < 128 {
            let other = if before == 0x7f { OTHER } else { before };
            if SUSPECT[now as usize] && is_untidy(other, now) {
                table[now as usize] |= 1 << before;
            }
            before += 1;
        }
        now += 1;
    }
    table
};

/// The same for a character that may need one.
const fn is_untidy(before: u8, now: u8) -> bool {
    match now {
        // ড় ঢ় য় in one code point, ৷, and a mark that NFC may move
        0x5c | 0x5d | 0x5f | 0x77 | 0x7e => true,
        // nukta: fine on a consonant, but ব় is র
        0x3c => !matches!(before, 0x15..=0x39) || before == 0x2c,
        // আ and the signs composed of two
        0x3e => matches!(before, 0x05 | 0x06 | 0x3e | 0x47),
        0x57 => matches!(before, 0x47 | 0x57),
        _ if before == now => true,
        0x3f => before == 0x07,
        0x40 => before == 0x08,
        0x41 => before == 0x09,
        0x42 => before == 0x0a,
        0x43 => before == 0x0b,
        0x47 => before == 0x0f,
        0x48 => before == 0x10,
        0x4b => before == 0x13,
        0x4c => before == 0x14,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, scan};

    #[test]
    fn clean_text_asks_for_nothing() {
        for text in ["", "নদী", "আজ বৃষ্টি হবে, ‘বলেছে’ তারা — ১২টায়।", "২০২৪: (৫%)"]
        {
            let text = text.replace('\u{9df}', "য\u{9bc}");
            assert_eq!(scan(&text), Found::default(), "{text}");
        }
    }

    #[test]
    fn alarms() {
        assert!(scan("a&b").ampersand);
        assert!(scan("a").latin);
        assert!(scan("é").high_latin);
        for text in [
            " ",
            "ক ",
            " ক",
            "ক  খ",
            "ক\nখ",
            "\u{9df}",
            "ক৷",
            "অ\u{9be}",
            "ক|",
            "ক\u{200b}",
            "ক\u{a0}খ",
            "e\u{301}",
        ] {
            assert!(scan(text).untidy, "{text:?}");
        }
    }
}
