//! Bytes to text.
//!
//! Bengali sites declare their charset wrongly often enough that the bytes
//! have the first word: a byte order mark, then bytes that can only be UTF-8,
//! then what the HTTP header says, then the page's own meta element, then
//! detection. Encodings are those of the WHATWG Encoding Standard, so
//! "iso-8859-1" means windows-1252.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memchr;

/// A page's text, and how its bytes were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte order mark: the bytes themselves where they are
    /// that.
    pub text: Cow<'b, str>,
    /// The encoding's name in the Encoding Standard.
    pub encoding: &'static str,
    /// The declared charset that the bytes contradict.
    pub overruled: Option<String>,
    /// Whether bytes had to be replaced with U+FFFD.
    pub errors: bool,
}

/// How far into the page a meta element may declare a charset, in bytes.
///
/// The HTML standard asks for the first 1024; pages with inline scripts ahead
/// of it are common, and browsers find those as well.
const PRESCAN: usize = 8 * 1024;

/// Of the sequences of non-ASCII bytes, the share that must be valid UTF-8 for
/// a page with stray bytes to count as UTF-8 all the same.
const MOSTLY_UTF8: f64 = 0.97;

/// Reads bytes as text. `declared` is the charset that the HTTP header names.
pub fn decode<'b>(bytes: &'b [u8], declared: Option<&str>) -> Decoded<'b> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return finish(encoding, &bytes[bom..], None);
    }
    let claim = declared
        .and_then(label)
        .map(|e| (e, declared.unwrap_or_default().to_owned()))
        .or_else(|| meta_charset(bytes).and_then(|name| label(&name).map(|e| (e, name))));
    if let Some(encoding) = utf16_without_bom(bytes) {
        return finish(encoding, bytes, overruled(claim, encoding));
    }
    let ascii = bytes.is_ascii();
    if !ascii && let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        let overruled = overruled(claim, UTF_8);
        return Decoded { text: text.into(), encoding: UTF_8.name(), overruled, errors: false };
    }
    // UTF-16 can't be what a page without NUL bytes is in.
    let claim = claim.filter(|(e, _)| *e != UTF_16LE && *e != UTF_16BE);
    if ascii {
        return finish(UTF_8, bytes, None);
    }
    if mostly_utf8(bytes) {
        return finish(UTF_8, bytes, overruled(claim, UTF_8));
    }
    if let Some((encoding, _)) = claim {
        return finish(encoding, bytes, None);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    // Bengali was never in a legacy encoding that the detector knows: what it
    // takes for one is Latin glyphs of a font such as SutonnyMJ.
    let encoding = if encoding == UTF_8 { UTF_8 } else { WINDOWS_1252 };
    finish(encoding, bytes, None)
}

fn label(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().trim_matches(['"', '\'']).as_bytes())
}

fn overruled(claim: Option<(&'static Encoding, String)>, found: &'static Encoding) -> Option<String> {
    claim.filter(|(e, _)| *e != found).map(|(_, name)| name)
}

fn finish<'b>(encoding: &'static Encoding, bytes: &'b [u8], overruled: Option<String>) -> Decoded<'b> {
    let (text, errors) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name(), overruled, errors }
}

/// UTF-16 shows in its NUL bytes: markup is ASCII, so every other byte of a
/// page's head is zero.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(256) & !1];
    if head.len() < 8 || memchr(0, head).is_none() {
        return None;
    }
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    let many = head.len() / 4;
    if high >= many && low * 8 < many {
        Some(UTF_16BE)
    } else if low >= many && high * 8 < many {
        Some(UTF_16LE)
    } else {
        None
    }
}

/// Whether nearly all of the non-ASCII bytes form valid UTF-8 sequences: a page
/// with a few torn characters, not one in another encoding.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let total = good + bad;
    good >= 3 && good as f64 >= total as f64 * MOSTLY_UTF8
}

/// The charset that a meta element near the start of the page names.
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let mut rest = &bytes[..bytes.len().min(PRESCAN)];
    while let Some(at) = memchr(b'<', rest) {
        rest = &rest[at + 1..];
        if !rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta")) {
            continue;
        }
        rest = &rest[4..];
        let element = &rest[..memchr(b'>', rest).unwrap_or(rest.len())];
        let element = String::from_utf8_lossy(element).to_ascii_lowercase();
        if let Some(at) = element.find("charset") {
            let value = element[at + 7..].trim_start().strip_prefix('=')?.trim_start();
            let value = value.trim_start_matches(['"', '\'']);
            let end = value
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | ';' | '/'))
                .unwrap_or(value.len());
            return (end > 0).then(|| value[..end].to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<p>নদীর ধারে মেলা</p>";

    #[test]
    fn utf8_bytes_overrule_every_claim() {
        let page = format!("<meta charset=windows-1252>{TEXT}");
        let decoded = decode(page.as_bytes(), Some("iso-8859-1"));
        assert_eq!(decoded.text, page);
        assert_eq!(decoded.overruled.as_deref(), Some("iso-8859-1"));
        let decoded = decode(page.as_bytes(), None);
        assert_eq!(decoded.overruled.as_deref(), Some("windows-1252"));
        assert_eq!(decode(page.as_bytes(), Some("utf-8")).overruled, None);
    }

    #[test]
    fn utf16_with_and_without_a_mark() {
        for (big, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            let mut bytes = Vec::new();
            let units =
                mark.then_some(0xfeff).into_iter().chain(TEXT.encode_utf16()).chain("<br>".encode_utf16());
            let padded = "<html><head></head>".encode_utf16();
            let units: Vec<u16> = if mark { units.collect() } else { padded.chain(units).collect() };
            for unit in units {
                bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
            }
            let decoded = decode(&bytes, None);
            assert!(decoded.text.contains(TEXT), "big {big}, mark {mark}: {decoded:?}");
            assert!(!decoded.errors);
        }
    }

    #[test]
    fn header_beats_meta_where_the_bytes_do_not_say() {
        let bytes = b"<meta charset=utf-8><p>caf\xe9 na\xefve</p>";
        let decoded = decode(bytes, Some("windows-1252"));
        assert_eq!(decoded.encoding, "windows-1252");
        assert!(decoded.text.contains("café"));
    }

    #[test]
    fn meta_is_read_where_there_is_no_header() {
        let bytes =
            b"<meta http-equiv=Content-Type content='text/html; charset=windows-1252'><p>\x93x\x94 \xe9</p>";
        assert!(decode(bytes, None).text.contains("“x”"));
    }

    #[test]
    fn a_torn_character_does_not_change_the_charset() {
        let mut bytes = TEXT.repeat(20).into_bytes();
        bytes.truncate(bytes.len() - 6);
        bytes.push(0xe0);
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.errors);
        assert!(decoded.text.contains("নদীর ধারে"));
    }

    #[test]
    fn font_encoded_bytes_are_windows_1252() {
        let decoded = decode(b"<p>Avgvi \xcb\xf1vi evsjv \x86\xd2K</p>", None);
        assert_eq!(decoded.encoding, "windows-1252");
    }

    #[test]
    fn empty_and_plain_ascii() {
        assert_eq!(decode(b"", None).text, "");
        assert_eq!(decode(b"<p>&#2453;</p>", Some("utf-16")).text, "<p>&#2453;</p>");
    }
}
