//! The characters themselves: NFC, Bengali signs that stand twice or in the
//! wrong place, characters that don't show, white space, ৷ for the danda.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::mojibake;

const NUKTA: char = '\u{9bc}';
const HASANTA: char = '\u{9cd}';
const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';

/// All of this module's repairs in one pass. A repair may make room for
/// another (dropping what stood between two signs): the caller repeats.
pub(super) fn tidy(text: &str) -> String {
    let text: Cow<'_, str> = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    };
    let mut out = Tidy { text: String::with_capacity(text.len()), joiners: None, space: false };
    for c in text.chars() {
        out.take(c);
    }
    out.settle_joiners(None);
    out.text
}

struct Tidy {
    text: String,
    /// The first and the last joiner since the last character that shows.
    joiners: Option<(char, char)>,
    /// White space was seen since then.
    space: bool,
}

impl Tidy {
    fn take(&mut self, c: char) {
        match c {
            ZWNJ | ZWJ => {
                if !self.space {
                    let first = self.joiners.map_or(c, |(first, _)| first);
                    self.joiners = Some((first, c));
                }
            }
            _ if c.is_whitespace() => {
                self.settle_joiners(None);
                self.space = true;
            }
            _ if is_invisible(c) => {}
            '\u{80}'..='\u{9f}' => {
                // what a decoder for Latin-1 made of a windows-1252 byte
                let meant = u8::try_from(u32::from(c)).map_or(c, mojibake::windows_1252);
                if meant != c {
                    self.show(meant);
                }
            }
            '৷' => self.show('।'),
            _ => self.show(c),
        }
    }

    fn show(&mut self, c: char) {
        if self.space {
            self.space = false;
            if !self.text.is_empty() {
                self.text.push(' ');
            }
        }
        self.settle_joiners(Some(c));
        put(c, &mut self.text);
    }

    /// Keeps a joiner only directly beside a hasanta, where it decides how
    /// the conjunct is drawn; ত্ with a joiner is the old spelling of ৎ.
    fn settle_joiners(&mut self, next: Option<char>) {
        let Some((first, last)) = self.joiners.take() else {
            return;
        };
        if self.text.ends_with(is_hasanta) {
            if first == ZWJ && self.text.ends_with("ত্") {
                self.text.pop();
                replace_last(&mut self.text, 'ৎ');
            } else {
                self.text.push(first);
            }
        } else if next.is_some_and(is_hasanta) {
            self.text.push(last);
        }
    }
}

/// Puts a character behind a text; signs that say what it says already, or
/// belong elsewhere, as they should stand.
pub(super) fn put(c: char, text: &mut String) {
    if !matches!(c, '\u{981}' | '\u{982}' | '\u{9bc}'..='\u{9d7}') {
        text.push(c);
        return;
    }
    let last = text.chars().next_back();
    match (last, c) {
        (_, NUKTA) => put_nukta(text),
        (Some(last), _) if last == c && is_sign(c) => {}
        // an independent vowel with its own sign behind it says it twice
        (Some('আ'), 'া')
        | (Some('ই'), 'ি')
        | (Some('ঈ'), 'ী')
        | (Some('উ'), 'ু')
        | (Some('ঊ'), 'ূ')
        | (Some('ঋ'), 'ৃ')
        | (Some('এ'), 'ে')
        | (Some('ঐ'), 'ৈ')
        | (Some('ও'), 'ো')
        | (Some('ঔ'), 'ৌ') => {}
        (Some('অ'), 'া') => replace_last(text, 'আ'),
        (Some('ে'), 'া') => replace_last(text, 'ো'),
        (Some('ে'), 'ৗ') => replace_last(text, 'ৌ'),
        _ => text.push(c),
    }
}

fn replace_last(text: &mut String, c: char) {
    text.pop();
    text.push(c);
}

/// Puts a nukta behind the consonant it belongs to, past vowel signs typed
/// before it. ব with a nukta is র typed by hand.
fn put_nukta(text: &mut String) {
    let stem = text.trim_end_matches(is_vowel_sign);
    let signs = stem.len();
    match stem.chars().next_back() {
        Some('ব') => {
            let signs = text.split_off(signs);
            replace_last(text, 'র');
            text.push_str(&signs);
        }
        Some('ড' | 'ঢ' | 'য') => text.insert(signs, NUKTA),
        Some(NUKTA) => {}
        _ => text.push(NUKTA),
    }
}

/// The sign that takes a letter's vowel away: U+09CD, and its fellows at the
/// same place of the other Indic blocks.
fn is_hasanta(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{d7f}') && u32::from(c) & 0x7f == 0x4d
}

fn is_vowel_sign(c: char) -> bool {
    matches!(c, '\u{9be}'..='\u{9cc}' | '\u{9d7}')
}

/// Signs that say nothing more when they stand twice.
fn is_sign(c: char) -> bool {
    is_vowel_sign(c) || matches!(c, '\u{981}' | '\u{982}' | HASANTA)
}

/// Characters without a picture of their own: controls, zero-width spaces,
/// soft hyphen, marks of direction.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn signs_are_put_right() {
        for (text, expected) in [
            ("য\u{9bf}\u{9bc}", "য\u{9bc}\u{9bf}"),
            ("ড\u{9c7}\u{9bc}\u{9be}", "ড\u{9bc}\u{9cb}"),
            ("ব\u{9bc}াত", "রাত"),
            ("ব\u{9be}\u{9bc}ত", "রাত"),
            ("জ\u{9bc}", "জ\u{9bc}"),
            ("য\u{9bc}\u{9bc}", "য\u{9bc}"),
            ("অ\u{9be}জ", "আজ"),
            ("কি\u{9bf}", "কি"),
            ("কা\u{9be}জ", "কাজ"),
            ("ক\u{9cd}\u{9cd}ষ", "ক্ষ"),
            ("চা\u{981}\u{981}দ", "চাঁদ"),
            ("ক\u{9c7}\u{9be}", "কো"),
            ("ক\u{9c7}\u{9d7}", "কৌ"),
            ("উৎ\u{200d}সব", "উৎসব"),
            ("উত\u{9cd}\u{200d}সব", "উৎসব"),
            ("দুঃখঃ", "দুঃখঃ"),
        ] {
            assert_eq!(tidy(text), expected, "{text}");
        }
    }

    #[test]
    fn joiners_stay_beside_a_hasanta_only() {
        for (text, expected) in [
            ("র\u{200d}\u{9cd}যাব", "র\u{200d}\u{9cd}যাব"),
            ("র\u{200c}\u{200c}\u{9cd}যাব", "র\u{200c}\u{9cd}যাব"),
            ("উদ\u{9cd}\u{200c}যাপন", "উদ\u{9cd}\u{200c}যাপন"),
            ("ক\u{200c}রে", "করে"),
            ("\u{200d}করে\u{200c}", "করে"),
            ("বল\u{9cd}\u{200b}\u{200c} না", "বল\u{9cd}\u{200c} না"),
            ("বল \u{200c} না", "বল না"),
        ] {
            assert_eq!(tidy(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_does_not_show_goes() {
        assert_eq!(tidy("\u{feff}এক\u{200b}টি\u{ad} \t\u{a0}\u{3000}দিন\u{85}\r\n"), "একটি দিন");
        assert_eq!(tidy("it\u{92}s \u{8d}ok\u{7}"), "it’s ok");
        assert_eq!(tidy("‘হ্যাঁ’ — “না” – 'না'"), "‘হ্যাঁ’ — “না” – 'না'");
    }
}
