//! The frozen fold behind `content_hash` and `fingerprint`. Archives keep
//! both for years and other programs repeat them, so nothing here may follow
//! when the rest of the crate learns better: a change is a new version with
//! a new prefix. That is why this module shares no code with
//! [`text`](super::text).
//!
//! # Fold v1
//!
//! 1. Unicode NFC (of characters that Unicode has assigned: a later Unicode
//!    version can't change it).
//! 2. Drop U+00AD, U+200B to U+200F, U+202A to U+202E, U+2060 to U+2064,
//!    U+2066 to U+2069, U+FEFF. U+09F0 becomes U+09B0; U+09E6 to U+09EF
//!    become 0 to 9; A to Z become a to z. No other letter changes its case.
//! 3. NFC again, since what step 2 dropped may have stood between a letter
//!    and its mark.
//! 4. Every other character of these becomes a space: U+0000 to U+0020,
//!    U+007F to U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F,
//!    U+205F, U+3000; the ASCII characters ``! " ' ( ) * , - . / : ; < > ?
//!    [ \ ] ^ _ ` { | } ~``; U+00A1, U+00AB, U+00B4, U+00B7, U+00BB, U+00BF,
//!    U+02BC, U+0964, U+0965, U+09F7, U+2010 to U+2027, U+2030 to U+205E,
//!    U+2212.
//! 5. Runs of spaces become one; none at either end.
//!
//! # Content hash v1
//!
//! `v1:` and the first 16 bytes, in lower-case hexadecimal, of the SHA-256 of
//! fold(headline), U+000A and fold(body) in UTF-8. An absent part counts as
//! empty. SHA-256 because every language has it at hand; 128 bits are enough
//! against chance and half as long in every line of an archive.
//!
//! # Fingerprint
//!
//! A 64-bit similarity hash (simhash, Charikar 2002) as 16 lower-case
//! hexadecimal digits. Split fold(body) at its spaces; each run of three
//! words, joined by one space, is a feature, once for each time it stands
//! there (with fewer than three words the whole is the only one). A
//! feature's hash is FNV-1a of 64 bits over its UTF-8 bytes, then x ^= x >>
//! 33, x *= ff51afd7ed558ccd, x ^= x >> 33, x *= c4ceb9fe1a85ec53, x ^= x >>
//! 33 (mod 2^64). Bit i of the fingerprint is set where more features have it
//! set than not. An empty body gives sixteen zeros.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::block::{LEAD, PLACES, place, place_of};

/// Text under the frozen fold v1, as the module describes it.
///
/// ```
/// use khobor::bangla::fold::fold_v1;
/// assert_eq!(fold_v1("‘নতুন’ BTRC—২০২৪ ।"), "নতুন btrc 2024");
/// ```
pub fn fold_v1(text: &str) -> String {
    fold_plain(text).unwrap_or_else(|| fold_by_steps(text))
}

/// The fold step by step, for any text.
fn fold_by_steps(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.nfc().filter_map(fold_char).nfc() {
        if is_gap(c) {
            space = !out.is_empty();
        } else {
            if space {
                out.push(' ');
                space = false;
            }
            out.push(c);
        }
    }
    out
}

/// The same in one pass over the bytes, for text in which neither step 1 nor
/// step 3 changes anything: ASCII, Bengali in NFC, common punctuation. `None`
/// for any other.
fn fold_plain(text: &str) -> Option<String> {
    let out = String::with_capacity(text.len());
    Plain { text, out, kept: 0, space: false, before: OUTSIDE }.folded()
}

/// What the fold does with a Bengali character.
#[derive(Clone, Copy)]
enum Change {
    Keep,
    /// Keeps a sign, but where NFC would join it with the one before it.
    Sign,
    To(u8),
    /// Makes ৰ of Assam র.
    ToRa,
    Gap,
    /// Letters of two parts, a mark that NFC moves.
    Unknown,
}

/// By place in the Bengali block.
static BENGALI: [Change; PLACES] = {
    let mut table = [Change::Keep; PLACES];
    let mut offset = 0;
    while offset < 0x80 {
        table[place_of(offset)] = match offset {
            0x5c | 0x5d | 0x5f | 0x7e => Change::Unknown,
            0x3c | 0x3e | 0x57 => Change::Sign,
            0x66..=0x6f => Change::To(b'0' + (offset - 0x66)),
            0x70 => Change::ToRa,
            0x77 => Change::Gap,
            _ => Change::Keep,
        };
        offset += 1;
    }
    table
};

/// The place of what is no Bengali character.
const OUTSIDE: usize = PLACES;

/// Whether NFC changes two neighbours in the Bengali block, both as places.
fn joins(before: usize, now: usize) -> bool {
    const NUKTA: usize = place_of(0x3c);
    let partner = if now == NUKTA { place_of(0x4d) } else { place_of(0x47) };
    before == partner
}

/// A fold in one pass, which copies whole what stays as it is.
struct Plain<'a> {
    text: &'a str,
    out: String,
    /// Where the stretch begins that is still to be copied.
    kept: usize,
    /// Whether a gap stands behind what was written.
    space: bool,
    /// The place of the last character that was not dropped: steps 1 and 3
    /// act on neighbours.
    before: usize,
}

impl Plain<'_> {
    fn folded(mut self) -> Option<String> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += match byte {
                LEAD => match self.kept_stretch(at) {
                    0 => self.bengali(at)?,
                    length => length,
                },
                b'A'..=b'Z' => self.replace(at, 1, char::from(byte.to_ascii_lowercase())),
                0..0x80 => self.keep_or_gap(at, 1, is_gap(char::from(byte))),
                0xc2 if bytes[at + 1] == 0xad => self.drop(at, 2),
                0xc2 => self.keep_or_gap(at, 2, is_gap(char::from(bytes[at + 1]))),
                0xe2 if bytes[at + 1] == 0x80 => match bytes[at + 2] {
                    0x8b..=0x8f | 0xaa..=0xae => self.drop(at, 3),
                    _ => self.gap(at, 3),
                },
                _ => return None,
            };
        }
        self.out.push_str(&self.text[self.kept..]);
        Some(self.out)
    }

    /// Keeps the Bengali words that begin at `at`, one space between them, up
    /// to the first character of which more is to be known; their length.
    fn kept_stretch(&mut self, at: usize) -> usize {
        let bytes = &self.text.as_bytes()[at..];
        let (mut rest, mut before) = (bytes, self.before);
        let mut end = (bytes.len(), before);
        loop {
            match rest {
                [LEAD, second, third, tail @ ..] => {
                    let now = place(*second, *third);
                    match BENGALI.get(now) {
                        Some(Change::Keep) => {}
                        Some(Change::Sign) if !joins(before, now) => {}
                        _ => break,
                    }
                    rest = tail;
                    before = now;
                    end = (rest.len(), before);
                }
                [b' ', tail @ ..] if before != OUTSIDE => {
                    rest = tail;
                    before = OUTSIDE;
                }
                _ => break,
            }
        }
        let length = bytes.len() - end.0;
        if length > 0 {
            self.open();
            self.before = end.1;
        }
        length
    }

    /// Any other Bengali character, or the danda, and its length.
    fn bengali(&mut self, at: usize) -> Option<usize> {
        let (second, third) = (self.text.as_bytes()[at + 1], self.text.as_bytes()[at + 2]);
        let now = place(second, third);
        Some(match BENGALI.get(now) {
            Some(&Change::To(digit)) => self.replace(at, 3, char::from(digit)),
            Some(Change::ToRa) => self.replace(at, 3, '\u{9b0}'),
            Some(Change::Gap) => self.gap(at, 3),
            None if second == 0xa5 && matches!(third, 0xa4 | 0xa5) => self.gap(at, 3),
            _ => return None,
        })
    }

    fn keep_or_gap(&mut self, at: usize, length: usize, gap: bool) -> usize {
        if gap {
            return self.gap(at, length);
        }
        self.open();
        self.before = OUTSIDE;
        length
    }

    fn gap(&mut self, at: usize, length: usize) -> usize {
        self.drop(at, length);
        self.space = !self.out.is_empty();
        self.before = OUTSIDE;
        length
    }

    fn replace(&mut self, at: usize, length: usize, with: char) -> usize {
        self.drop(at, length);
        self.open();
        self.out.push(with);
        self.before = OUTSIDE;
        length
    }

    fn drop(&mut self, at: usize, length: usize) -> usize {
        self.out.push_str(&self.text[self.kept..at]);
        self.kept = at + length;
        length
    }

    /// A character that shows comes next.
    fn open(&mut self) {
        if self.space {
            self.out.push(' ');
            self.space = false;
        }
    }
}

/// Step 2 of the fold; `None` drops the character.
fn fold_char(c: char) -> Option<char> {
    match c {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => None,
        '\u{9f0}' => Some('\u{9b0}'),
        '\u{9e6}'..='\u{9ef}' => char::from_u32(u32::from(c) - 0x9e6 + 0x30),
        _ => Some(c.to_ascii_lowercase()),
    }
}

/// Step 4 of the fold.
fn is_gap(c: char) -> bool {
    matches!(c,
        '\0'..='\u{20}' | '\u{7f}'..='\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
        | '\u{202f}' | '\u{205f}' | '\u{3000}'
        | '!' | '"' | '\'' | '(' | ')' | '*' | ',' | '-' | '.' | '/' | ':' | ';' | '<' | '>' | '?' | '[' | '\\'
        | ']' | '^' | '_' | '`' | '{' | '|' | '}' | '~'
        | '\u{a1}' | '\u{ab}' | '\u{b4}' | '\u{b7}' | '\u{bb}' | '\u{bf}' | '\u{2bc}' | '\u{964}' | '\u{965}'
        | '\u{9f7}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2212}')
}

/// The hash that tells whether an article's words changed: `v1:` and 32
/// hexadecimal digits over headline and body. Spaces, punctuation, joiners
/// and case of Latin letters don't count.
///
/// ```
/// use khobor::bangla::fold::content_hash;
/// let hash = content_hash(Some("ঝড় আসছে"), Some("আজ রাতে ঝড় আসছে।"));
/// assert_eq!(hash, content_hash(Some(" ঝড় আসছে "), Some("আজ রাতে ঝড় আসছে")));
/// assert!(hash.starts_with("v1:") && hash.len() == 35);
/// ```
pub fn content_hash(headline: Option<&str>, body: Option<&str>) -> String {
    hash_folded(&fold_v1(headline.unwrap_or_default()), &fold_v1(body.unwrap_or_default()))
}

/// [`content_hash`] and [`fingerprint`] of an article, its body folded once.
pub(crate) fn hashes(headline: Option<&str>, body: Option<&str>) -> (String, String) {
    let body = fold_v1(body.unwrap_or_default());
    (hash_folded(&fold_v1(headline.unwrap_or_default()), &body), fingerprint_folded(&body))
}

fn hash_folded(headline: &str, body: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(headline);
    hasher.update("\n");
    hasher.update(body);
    let mut hash = String::from("v1:");
    for byte in hasher.finalize().iter().take(16) {
        hash.extend(
            [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')),
        );
    }
    hash
}

/// The similarity hash of a body: near copies differ in few of the 64 bits,
/// other texts in about 32. See [`distance`].
///
/// ```
/// assert_eq!(khobor::bangla::fold::fingerprint(""), "0000000000000000");
/// ```
pub fn fingerprint(body: &str) -> String {
    fingerprint_folded(&fold_v1(body))
}

fn fingerprint_folded(folded: &str) -> String {
    let mut balance = Balance::default();
    // Three runs of words are open at a time, each one word longer than the
    // next: a byte is eaten by all of them.
    let (mut three, mut two, mut one) = (FNV_BASIS, FNV_BASIS, FNV_BASIS);
    let mut words = 0;
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        for byte in word.bytes() {
            (three, two, one) = (eat(three, byte), eat(two, byte), eat(one, byte));
        }
        words += 1;
        if words >= 3 {
            balance.count(mix(three));
        }
        (three, two, one) = (eat(two, b' '), eat(one, b' '), FNV_BASIS);
    }
    if matches!(words, 1 | 2) {
        balance.count(mix(feature(folded)));
    }
    format!("{:016x}", balance.majority())
}

/// For each of 64 bits, in how many features it is set, held as the digits of
/// binary numbers: digit `d` of all 64 counts is one word.
#[derive(Default)]
struct Balance {
    digits: Vec<u64>,
    features: u64,
}

impl Balance {
    fn count(&mut self, feature: u64) {
        self.features += 1;
        let mut carry = feature;
        for digit in &mut self.digits {
            (*digit, carry) = (*digit ^ carry, *digit & carry);
            if carry == 0 {
                return;
            }
        }
        self.digits.push(carry);
    }

    /// The bits that more features have set than not.
    fn majority(&self) -> u64 {
        let set = |bit: u32| self.digits.iter().rev().fold(0_u64, |sum, d| sum << 1 | (d >> bit & 1));
        (0..64).fold(0, |bits, bit| bits | u64::from(set(bit) * 2 > self.features) << bit)
    }
}

/// In how many bits two fingerprints differ; `None` where one is none.
///
/// ```
/// use khobor::bangla::fold::distance;
/// assert_eq!(distance("00000000000000ff", "000000000000000f"), Some(4));
/// ```
pub fn distance(one: &str, other: &str) -> Option<u32> {
    let one = u64::from_str_radix(one, 16).ok()?;
    let other = u64::from_str_radix(other, 16).ok()?;
    Some((one ^ other).count_ones())
}

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn eat(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// The hash of a feature before it is mixed.
fn feature(words: &str) -> u64 {
    words.bytes().fold(FNV_BASIS, eat)
}

fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by another program from the description above. A failure
    /// here means that archives no longer match: mend the code, never these.
    #[test]
    fn frozen() {
        for (headline, body, hash, print) in FROZEN {
            assert_eq!(content_hash(*headline, *body), *hash);
            assert_eq!(fingerprint(body.unwrap_or_default()), *print);
        }
    }

    const FROZEN: &[(Option<&str>, Option<&str>, &str, &str)] = &[
        (None, None, "v1:01ba4719c80b6fe911b091a7c05124b6", "0000000000000000"),
        (Some("ঝড় আসছে"), Some("আজ রাতে ঝড় আসছে।"), "v1:79f7e787d5c1ccd2ef26cee8e595e3fc", "28480548020a0910"),
        (
            Some("“BTRC” ২০২৪—২৫"),
            Some("নৌকা ঘাটে বাঁধা, মাঝি ঘুমায়। র\u{200d}্যালি শেষে সবাই বাড়ি ফিরল ৷"),
            "v1:9b4cb8a374ed2b90d6c91844be931dd9",
            "053808c1000ed775",
        ),
        (None, Some("এক দুই"), "v1:fea7607a4a9ac1dc292599cfa98a29b8", "c60f5b922d159675"),
    ];

    #[test]
    fn one_pass_folds_as_the_steps_do() {
        for text in [
            "",
            " ক ",
            "“BTRC” ২০২৪—২৫ #x$ ৷ ৰ",
            "ঝড\u{9bc} আসছে\u{ad}। ক\u{200d}\u{9cd}য",
            "\u{9c7}\u{200c}\u{9be}",
            "ক\u{9cd}\u{9bc}",
            "a\u{a0}b·c²\u{b4}",
            "মেলা\u{200b} \u{2003}x\u{2028}y\u{202f}z ",
        ] {
            if let Some(folded) = fold_plain(text) {
                assert_eq!(folded, fold_by_steps(text), "{text:?}");
            }
            assert_eq!(fold_v1(text), fold_by_steps(text), "{text:?}");
        }
        assert_eq!(
            hashes(Some("ক"), Some("খ গ")),
            (content_hash(Some("ক"), Some("খ গ")), fingerprint("খ গ"))
        );
    }

    #[test]
    fn one_pass_folds_generated_texts_as_the_steps_do() {
        let pieces = [
            "ক", "ত", "\u{9cd}", "\u{9bc}", "\u{9dc}", "\u{9be}", "\u{9c7}", "\u{9d7}", "অ", "ব", " ", " ",
            "\n", "\u{a0}", "\u{200d}", "\u{200b}", "a", "B", "|", "।", "৷", "—", "\u{ad}", "é", "১", "ৰ",
            "«", "৳", "²", "\u{9fe}", "\u{301}", "‘", "x y",
        ];
        let (mut plain, mut seed) = (0, 1_u64);
        for _ in 0..40_000 {
            let mut text = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            if let Some(folded) = fold_plain(&text) {
                plain += 1;
                assert_eq!(folded, fold_by_steps(&text), "{text:?}");
            }
        }
        assert!(plain > 1_000, "{plain}");
    }

    fn article(words: usize) -> Vec<String> {
        let stems = ["নদী", "মাঠ", "হাট", "মেলা", "পথ", "গান", "ধান", "ঝড়", "রাত", "নৌকা", "বাঁশি"];
        // a walk that does not repeat its triples soon
        (0..words).map(|at| format!("{}{}", stems[at * at % 11], stems[(at * 7 + at / 11) % 11])).collect()
    }

    #[test]
    fn near_copies_are_near() {
        let words = article(240);
        let original = fingerprint(&words.join(" "));
        let mut edited = words.clone();
        "বদলে".clone_into(&mut edited[100]);
        edited.truncate(236);
        let near = distance(&original, &fingerprint(&edited.join(" "))).unwrap_or(64);
        assert!(near <= 8, "{near}");
        let punctuated = format!("“{}” ।", words.join("  "));
        assert_eq!(fingerprint(&punctuated), original);
        let mut other = words;
        other.reverse();
        let far = distance(&original, &fingerprint(&other.join(" "))).unwrap_or(0);
        assert!(far >= 16, "{far}");
    }

    #[test]
    fn absent_is_empty_and_parts_do_not_run_together() {
        assert_eq!(content_hash(None, Some("ক")), content_hash(Some(""), Some("ক")));
        assert_ne!(content_hash(Some("ক"), None), content_hash(None, Some("ক")));
        assert_ne!(content_hash(Some("ক খ"), Some("গ")), content_hash(Some("ক"), Some("খ গ")));
        assert_eq!(fingerprint("এক দুই"), fingerprint("এক, দুই!"));
        assert_eq!(distance("x", "0"), None);
    }
}
