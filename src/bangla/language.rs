//! Which language a text is in, as far as a Bengali archive must know: its
//! neighbours write the same script (Assamese, Bishnupriya Manipuri) or
//! stand on the same pages (English, Hindi). Anything it can't tell is `und`.

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
    let mut count = Counts::default();
    for c in text.chars() {
        match c {
            'ৰ' => (count.bengali, count.assamese_ra) = (count.bengali + 1, count.assamese_ra + 1),
            'ৱ' => (count.bengali, count.wa) = (count.bengali + 1, count.wa + 1),
            'র' => (count.bengali, count.ra) = (count.bengali + 1, count.ra + 1),
            '\u{985}'..='\u{9b9}' | '\u{9ce}' | '\u{9dc}'..='\u{9e1}' => count.bengali += 1,
            '\u{904}'..='\u{939}' | '\u{958}'..='\u{961}' => count.devanagari += 1,
            'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => count.latin += 1,
            '\0'..='\u{7f}' | '\u{900}'..='\u{9ff}' | '\u{2000}'..='\u{203f}' => {}
            _ if c.is_alphabetic() => count.other += 1,
            _ => {}
        }
    }
    count.decide(text)
}

#[derive(Default)]
struct Counts {
    bengali: usize,
    assamese_ra: usize,
    wa: usize,
    ra: usize,
    devanagari: usize,
    latin: usize,
    other: usize,
}

impl Counts {
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
        if self.assamese_ra * 200 >= self.bengali && self.assamese_ra > self.ra {
            return "as";
        }
        if MEITEI.iter().any(|word| holds(text, word)) && share(text, &MEITEI) >= 2 {
            return "und";
        }
        // Bishnupriya writes Bengali র, but ৱ
        if self.assamese_ra == 0 && self.wa * 100 >= self.bengali && self.ra > 0 {
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

/// How many of a text's words are in a list.
fn share(text: &str, list: &[&str]) -> usize {
    super::text::words(text).filter(|word| list.iter().any(|known| known.eq_ignore_ascii_case(word))).count()
}
