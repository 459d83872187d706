//! Which language a text is in, as far as a Bengali archive must know: its
//! neighbours write the same script (Assamese, Bishnupriya Manipuri) or
//! stand on the same pages (English, Hindi). Anything it can't tell is `und`.

use super::block::{LEAD, PLACES, place, place_of};

/// Letters that a text must have before a language is named.
const LEAST: usize = 20;

/// Words that English text can't do without.
const ENGLISH: [&str; 24] = [
    "the", "of", "and", "to", "in", "is", "for", "on", "that", "with", "was", "by", "at", "from", "as",
    "has", "are", "said", "it", "be", "will", "an", "were", "have",
];

/// Words that Hindi has and Marathi, Nepali and Sanskrit don't, or hardly.
const HINDI: [&str; 16] =
    ["है", "हैं", "के", "में", "की", "और", "से", "का", "को", "पर", "नहीं", "था", "थी", "कि", "यह", "ने"];

/// Words of its neighbours in Devanagari.
const NOT_HINDI: [&str; 14] =
    ["आहे", "आणि", "आहेत", "होते", "नाही", "छ", "छन्", "हो", "र", "लाई", "गरेको", "भएको", "मा", "पनि"];

/// Words of Meitei in Bengali script, for which there is no code here.
const MEITEI: [&str; 4] = ["অমসুং", "অসি", "অদু", "মণিপুরগী"];

/// Words of Bishnupriya Manipuri.
const BISHNUPRIYA: [&str; 4] = ["ইমার", "বারো", "ঠার", "গাঙ"];

/// The language of a text: `bn`, `as`, `hi`, `en`, `bpy` only where it is
/// sure, else `und`. Fewer than twenty letters are `und`. Bijoy and other
/// text in a font's own code is `und` too: normalise it first.
///
/// ```
/// use khobor::bangla::language::identify;
/// assert_eq!(identify("নদীর ধারে সারা দিন মেলা বসেছিল, লোকও এসেছিল অনেক।"), "bn");
/// assert_eq!(identify("মেলা"), "und");
/// ```
pub fn identify(text: &str) -> &'static str {
    Counts::of(text).decide(text)
}

/// The letters of a text by script.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    bengali: usize,
    devanagari: usize,
    latin: usize,
    other: usize,
}

/// By place in the Bengali block whether a letter counts; vowel signs don't.
static LETTERS: [bool; PLACES] = {
    let mut table = [false; PLACES];
    let mut offset = 0;
    while offset < 0x80 {
        table[place_of(offset)] = matches!(offset, 0x05..=0x39 | 0x4e | 0x5c..=0x61 | 0x70 | 0x71);
        offset += 1;
    }
    table
};

impl Counts {
    fn of(text: &str) -> Self {
        let mut count = Self::default();
        let mut rest = text.as_bytes();
        loop {
            rest = match rest {
                [LEAD, second, third, tail @ ..] if place(*second, *third) < PLACES => {
                    count.bengali += usize::from(LETTERS[place(*second, *third)]);
                    tail
                }
                [byte @ 0..0x80, tail @ ..] => {
                    count.latin += usize::from(byte.is_ascii_alphabetic());
                    tail
                }
                // general punctuation
                [0xe2, 0x80, _, tail @ ..] => tail,
                _ => {
                    let at = text.len() - rest.len();
                    let Some(c) = text[at..].chars().next() else { return count };
                    count.see(c);
                    &rest[c.len_utf8()..]
                }
            }
        }
    }

    fn see(&mut self, c: char) {
        match c {
            '\u{985}'..='\u{9b9}' | '\u{9ce}' | '\u{9dc}'..='\u{9e1}' | 'ৰ' | 'ৱ' => self.bengali += 1,
            '\u{904}'..='\u{939}' | '\u{958}'..='\u{961}' => self.devanagari += 1,
            'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => self.latin += 1,
            '\0'..='\u{7f}' | '\u{900}'..='\u{9ff}' | '\u{2000}'..='\u{203f}' => {}
            _ if c.is_alphabetic() => self.other += 1,
            _ => {}
        }
    }

    fn decide(&self, text: &str) -> &'static str {
        let all = self.bengali + self.devanagari + self.latin + self.other;
        if all < LEAST {
            return "und";
        }
        // A Latin word takes twice the letters of a Bengali one, whose vowels
        // are signs and not counted: names and quotations in English must
        // not outweigh the text around them.
        if self.bengali * 2 > self.latin && self.bengali > self.devanagari && self.bengali * 2 > self.other {
            self.bengali_script(text)
        } else if self.devanagari * 2 > all {
            hindi(text)
        } else if self.latin * 2 > all {
            english(text)
        } else {
            "und"
        }
    }

    fn bengali_script(&self, text: &str) -> &'static str {
        // ৰ is about as common in Assamese as র in Bengali, one letter in
        // twelve; one in two hundred can't be a name in a Bengali text
        let assamese_ra = times(text, "ৰ");
        if assamese_ra * 200 >= self.bengali && assamese_ra > times(text, "র") {
            return "as";
        }
        if MEITEI.iter().any(|word| holds(text, word)) && share(text, &MEITEI) >= 2 {
            return "und";
        }
        // Bishnupriya writes Bengali র, but ৱ
        if assamese_ra == 0 && times(text, "ৱ") * 100 >= self.bengali && holds(text, "র") {
            return if share(text, &BISHNUPRIYA) >= 1 { "bpy" } else { "und" };
        }
        "bn"
    }
}

fn hindi(text: &str) -> &'static str {
    let (for_it, against) = (share(text, &HINDI), share(text, &NOT_HINDI));
    if for_it >= 1 && for_it > against * 2 { "hi" } else { "und" }
}

/// One word in eight of English prose is among the listed; in the headline
/// style of news it is one in fifteen. French and German share few of them.
fn english(text: &str) -> &'static str {
    let all = super::text::words(text).count();
    let found = share(text, &ENGLISH);
    if found >= 1 && found * 15 >= all { "en" } else { "und" }
}

/// Whether a word stands anywhere in a text, inside of others too.
fn holds(text: &str, word: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

/// How often a letter stands in a text.
fn times(text: &str, letter: &str) -> usize {
    memchr::memmem::find_iter(text.as_bytes(), letter.as_bytes()).count()
}

/// How many of a text's words are in a list.
fn share(text: &str, list: &[&str]) -> usize {
    super::text::words(text).filter(|word| list.iter().any(|known| known.eq_ignore_ascii_case(word))).count()
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn letters_are_counted_the_same_by_either_way() {
        for c in '\0'..='\u{1ffff}' {
            let text = format!("ক{c}B।");
            let mut plain = Counts::default();
            text.chars().for_each(|c| plain.see(c));
            assert_eq!(Counts::of(&text), plain, "{c:?}");
        }
    }
}
