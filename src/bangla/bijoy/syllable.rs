//! Glyphs to letters. The glyphs of one syllable are collected first and
//! written in the order of Unicode afterwards, so that neither the place of
//! a vowel sign nor that of র্ depends on what was already written.

use super::glyphs::{Glyph, glyph};

const HASANTA: char = '\u{9cd}';
const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';

/// The syllable being read.
#[derive(Default)]
struct Syllable {
    reph: bool,
    consonants: String,
    joint: Joint,
    pre: Option<char>,
    post: String,
    bindu: bool,
}

/// What the last consonant of a syllable is waiting for.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Joint {
    #[default]
    Closed,
    /// A half form: the right half follows.
    Half,
    /// A typed hasanta, which shows: what follows must not form a conjunct.
    Shown,
    /// A typed hasanta at the very end.
    Last,
}

impl Syllable {
    fn open(&self) -> bool {
        self.joint != Joint::Closed
    }

    fn bare(&self) -> bool {
        !self.consonants.is_empty() && !self.open() && self.post.is_empty()
    }

    fn push_consonant(&mut self, text: &str) {
        if self.joint == Joint::Shown {
            self.consonants.push(ZWNJ);
        }
        self.consonants.push_str(text);
        self.joint = Joint::Closed;
    }

    fn write(&mut self, out: &mut String) {
        if self.reph {
            out.push('র');
            out.push(HASANTA);
        }
        out.push_str(&self.consonants);
        let mut post = self.post.as_str();
        // অ with a stroke is how the font spells আ
        if self.consonants == "অ" && self.pre.is_none() && post.starts_with('া') {
            out.pop();
            out.push('আ');
            post = &post['া'.len_utf8()..];
        }
        match (self.pre, post.chars().next()) {
            (Some('ে'), Some('া')) => {
                out.push('ো');
                post = &post['া'.len_utf8()..];
            }
            (Some('ে'), Some('ৗ')) => {
                out.push('ৌ');
                post = &post['ৗ'.len_utf8()..];
            }
            (Some(pre), _) => out.push(pre),
            (None, _) => {}
        }
        out.push_str(post);
        if self.bindu {
            out.push('ঁ');
        }
        self.clear();
    }

    /// Makes room for the next syllable, its strings kept.
    fn clear(&mut self) {
        self.consonants.clear();
        self.post.clear();
        (self.reph, self.bindu) = (false, false);
        (self.joint, self.pre) = (Joint::Closed, None);
    }
}

/// Converts text that is Bijoy from end to end. What the font shows as Latin
/// text shows it (brackets, most punctuation) and characters that are no
/// glyphs of it, Bengali among them, come out as they are.
///
/// The result is NFC. There is nothing in it to convert a second time, but
/// Latin letters, digits and signs of a *mixed* text would be taken for
/// glyphs: use [`convert_runs`](super::convert_runs) for that.
///
/// ```
/// use khobor::bangla::bijoy::convert;
/// assert_eq!(convert("b`xi Zx‡i †gjv e‡m‡Q|"), "নদীর তীরে মেলা বসেছে।");
/// ```
pub fn convert(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    Converter::default().convert_onto(text, &mut out);
    out
}

/// Converts many words with the same few buffers.
#[derive(Default)]
pub(super) struct Converter {
    now: Syllable,
}

impl Converter {
    /// Writes what [`convert`] makes of a text behind all that `out` has.
    pub(super) fn convert_onto(&mut self, text: &str, out: &mut String) {
        let now = &mut self.now;
        let start = out.len();
        let mut chars = text.chars().peekable();
        let mut previous = None;
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            let role = match glyph(c) {
                Some(Glyph::Shared) => shared(c, now, previous, next, out[start..].ends_with(is_bengali)),
                known => known,
            };
            previous = Some(c);
            let Some(role) = role else {
                now.write(out);
                out.push(c);
                continue;
            };
            take(role, next, now, out);
        }
        now.write(out);
    }
}

/// One glyph into the syllable, writing the syllable where it is complete.
fn take(role: Glyph, next: Option<char>, now: &mut Syllable, out: &mut String) {
    match role {
        Glyph::Base(text) => {
            open_syllable(now, out);
            now.push_consonant(text);
        }
        Glyph::WithVowel(text, vowel) => {
            open_syllable(now, out);
            now.push_consonant(text);
            now.post.push(vowel);
        }
        Glyph::Half(text) => {
            open_syllable(now, out);
            now.push_consonant(text);
            now.consonants.push(HASANTA);
            now.joint = Joint::Half;
        }
        Glyph::Below(text) => {
            if !now.open() {
                // র‍্য: without the joiner the pair would be drawn as র্য
                if text == "য" && now.consonants == "র" {
                    now.consonants.push(ZWJ);
                }
                now.consonants.push(HASANTA);
            }
            now.joint = Joint::Closed;
            now.push_consonant(text);
        }
        Glyph::Pre(sign) => {
            if !(now.open() && now.pre.is_none() && now.post.is_empty()) {
                now.write(out);
            }
            now.pre = Some(sign);
        }
        Glyph::Post(sign) => {
            // doubled strokes are typing slips that don't show on paper
            if !now.post.ends_with(sign) {
                now.post.push(sign);
            }
        }
        Glyph::Reph => now.reph = true,
        Glyph::Hasanta => {
            if now.post.is_empty() && !now.open() {
                now.consonants.push(HASANTA);
                now.joint = if next.is_some() { Joint::Shown } else { Joint::Last };
            }
        }
        Glyph::Bindu => now.bindu = true,
        Glyph::Plain(text) => {
            now.write(out);
            out.push_str(text);
        }
        Glyph::Shared => {}
    }
}

/// Ends the syllable before a new consonant, unless one is awaited.
fn open_syllable(now: &mut Syllable, out: &mut String) {
    if now.open() || now.consonants.is_empty() && now.post.is_empty() && !now.reph {
        return;
    }
    now.write(out);
}

/// The role of a code point that two fonts, or the font and common
/// punctuation, use differently.
fn shared(
    c: char,
    now: &Syllable,
    previous: Option<char>,
    next: Option<char>,
    in_word: bool,
) -> Option<Glyph> {
    let half = now.joint == Joint::Half;
    let before_consonant = next.is_some_and(|n| {
        matches!(
            glyph(n),
            Some(Glyph::Base(_) | Glyph::WithVowel(..) | Glyph::Half(_) | Glyph::Below(_) | Glyph::Pre(_))
        ) || matches!(n, 'œ' | 'è' | 'ø')
    });
    let last = now.consonants.chars().next_back();
    Some(match c {
        // Bijoy 52 draws ত with it after a half form, Bijoy 2000 ত্ম alone
        'Í' | '—' if half => Glyph::Base("ত"),
        'Í' => Glyph::Base("ত্ম"),
        '’' if half => Glyph::Base("থ"),
        '‘' if half => Glyph::WithVowel("ত", 'ু'),
        '‹' if half => Glyph::Base("ক"),
        '”' if before_consonant => Glyph::Half("চ"),
        '•' if before_consonant => Glyph::Half("ঙ"),
        '˜' | '™' if before_consonant => Glyph::Half("দ"),
        '›' if before_consonant => Glyph::Half("ন"),
        // ন is ণ under the letters after which Bengali writes no other
        'œ' | 'è' if matches!(last, Some('ণ' | 'ষ' | 'হ')) => Glyph::Below("ণ"),
        'œ' | 'è' => Glyph::Below("ন"),
        'ø' if half
            || now.bare()
                && matches!(last, Some('ক' | 'গ' | 'প' | 'ফ' | 'ব' | 'ম' | 'ল' | 'শ' | 'স' | 'হ')) =>
        {
            Glyph::Below("ল")
        }
        'ø' => Glyph::Base("স্ন"),
        '\u{ad}' | '\u{2212}' if half || now.bare() => Glyph::Below("ল"),
        'æ' if now.bare() && (last == Some('র') || now.consonants.ends_with("্ল")) => Glyph::Post('ু'),
        'æ' => Glyph::Base("ম্ন"),
        '“' | '–' if now.bare() => Glyph::Post('ু'),
        // three dots, where the word ends with it and began before
        '…' if now.bare() && (next.is_some_and(is_letter) || !in_word) => Glyph::Post('ৃ'),
        // a dash between words or numbers, else ণ্ড
        'Ð' if previous.is_none_or(|p| p == ' ' || p.is_ascii_digit()) => Glyph::Plain("–"),
        'Ð' => Glyph::Base("ণ্ড"),
        _ => return None,
    })
}

/// A glyph that a word can go on with.
fn is_letter(c: char) -> bool {
    !matches!(glyph(c), None | Some(Glyph::Plain(_))) || matches!(c, 'r' | 's' | 't')
}

fn is_bengali(c: char) -> bool {
    matches!(c, '\u{981}'..='\u{9ce}' | '\u{9d7}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn signs_find_their_syllable() {
        for (ansi, expected) in [
            ("", ""),
            ("w", "ি"),
            ("v", "া"),
            ("&", "্"),
            ("†`‡ki evB‡i", "দেশের বাইরে"),
            ("Ôa~gcvb wb‡laÕ", "‘ধূমপান নিষেধ’"),
            ("Muv‡qi †MvÎ", "গাঁয়ের গোত্র"),
            ("†Muvov", "গোঁড়া"),
            ("wUwK‡U 5 UvKv", "টিকিটে ৫ টাকা"),
            ("i¨ve", "র\u{200d}্যাব"),
            ("e¨e¯'v", "ব্যবস্'া"),
            ("mšÍvb", "সন্তান"),
            ("ï×Zv", "শুদ্ধতা"),
            ("ïiæ", "শুরু"),
            ("Amø", "অস্ল"),
            ("cø¨vb", "প্ল্যান"),
            ("†ønn", "স্নেহহ"),
            ("wb¤œ", "নিম্ন"),
            ("LÐ", "খণ্ড"),
            ("10Ð12", "১০–১২"),
        ] {
            let expected: String = expected.nfc().collect();
            assert_eq!(convert(ansi), expected, "{ansi}");
        }
    }

    #[test]
    fn words_before_do_not_count() {
        let words = ["e‡m‡Q", "…", "wb¤œ", "10Ð12", "i¨ve", "w", "v", "mš", "—", "Kv…", "&"];
        let (mut converter, mut out) = (Converter::default(), String::new());
        for word in words {
            converter.convert_onto(word, &mut out);
        }
        assert_eq!(out, words.map(convert).concat());
    }

    #[test]
    fn punctuation_that_the_font_shares_stays() {
        for text in ["‘", "’", "•", "()", "[ ]", "\"'", "\\", "…", " — "] {
            assert_eq!(convert(text), text);
        }
    }

    #[test]
    fn bengali_passes_through() {
        let text = "আজ বৃষ্টি হবে।";
        assert_eq!(convert(text), text);
    }
}
