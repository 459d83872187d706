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
    // Offsets in the Bengali block; whatever stands outside of it is OTHER.
    const OTHER: u8 = 0xff;
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    // Where the characters begin that are copied as they are.
    let mut kept = 0;
    // The last character that was not dropped: steps 1 and 3 act on neighbours.
    let mut before = OTHER;
    let mut space = false;
    while let Some(&byte) = bytes.get(at) {
        let mut now = OTHER;
        let (length, change) = match byte {
            b'A'..=b'Z' => (1, Change::To(char::from(byte.to_ascii_lowercase()))),
            0..=0x7f => (1, if is_gap(char::from(byte)) { Change::Gap } else { Change::Keep }),
            0xc2 => match bytes[at + 1] {
                0xad => (2, Change::Drop),
                second => (2, if is_gap(char::from(second)) { Change::Gap } else { Change::Keep }),
            },
            0xe0 => match (bytes[at + 1], bytes[at + 2]) {
                (second @ (0xa6 | 0xa7), third) => {
                    now = (second & 1) << 6 | (third & 0x3f);
                    let change = match now {
                        // Letters of two parts, a mark that NFC moves.
                        0x5c | 0x5d | 0x5f | 0x7e => return None,
                        0x3e | 0x57 if before == 0x47 => return None,
                        0x3c if before == 0x4d => return None,
                        0x66..=0x6f => Change::To(char::from(b'0' + (now - 0x66))),
                        0x70 => Change::To('\u{9b0}'),
                        0x77 => Change::Gap,
                        _ => Change::Keep,
                    };
                    (3, change)
                }
                (0xa5, 0xa4 | 0xa5) => (3, Change::Gap),
                _ => return None,
            },
            0xe2 if bytes[at + 1] == 0x80 => match bytes[at + 2] {
                0x8b..=0x8f | 0xaa..=0xae => (3, Change::Drop),
                _ => (3, Change::Gap),
            },
            _ => return None,
        };
        if change != Change::Drop {
            before = now;
        }
        if change != Change::Keep {
            out.push_str(&text[kept..at]);
            kept = at + length;
        }
        if change == Change::Gap {
            space = !out.is_empty();
        } else if space && change != Change::Drop {
            out.push(' ');
            space = false;
        }
        if let Change::To(c) = change {
            out.push(c);
        }
        at += length;
    }
    out.push_str(&text[kept..]);
    Some(out)
}

/// What the fold does with a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Keep,
    To(char),
    Gap,
    Drop,
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
