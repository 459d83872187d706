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
    let mut hasher = Sha256::new();
    hasher.update(fold_v1(headline.unwrap_or_default()));
    hasher.update("\n");
    hasher.update(fold_v1(body.unwrap_or_default()));
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
    let folded = fold_v1(body);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mut balance = [0_i64; 64];
    let mut count = |words: &[&str]| {
        let hash = feature(words);
        for (bit, sum) in balance.iter_mut().enumerate() {
            *sum += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    };
    match words.len() {
        0 => {}
        1 | 2 => count(&words),
        _ => words.windows(3).for_each(count),
    }
    let bits = balance.iter().enumerate().fold(0_u64, |bits, (bit, &sum)| bits | u64::from(sum > 0) << bit);
    format!("{bits:016x}")
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

/// The hash of one feature, its words joined by a space.
fn feature(words: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            eat(b' ');
        }
        word.bytes().for_each(&mut eat);
    }
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
