//! What single characters are to the lexer. Pages type the same mark in many
//! ways, hide characters that take no room, and escape some as HTML entities.

use super::lexer::Mark;
use crate::bangla::digits;
use crate::bangla::lexicon::is_bengali_letter;

/// What a character is to the lexer.
pub(super) enum Class {
    Digit(u8),
    Bengali,
    Latin,
    /// A letter of another script.
    Letter,
    Space,
    /// Joiners and other characters that take no room.
    Nothing,
    Mark(Mark),
}

pub(super) fn classify(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit(c as u8 - b'0'),
        'a'..='z' | 'A'..='Z' => Class::Latin,
        ' ' | '\t' | '\n' | '\r' => Class::Space,
        ':' => Class::Mark(Mark::Colon),
        ',' => Class::Mark(Mark::Comma),
        '.' => Class::Mark(Mark::Dot),
        '/' => Class::Mark(Mark::Slash),
        '-' => Class::Mark(Mark::Dash),
        '+' => Class::Mark(Mark::Plus),
        '(' | '[' | '{' => Class::Mark(Mark::Open),
        ')' | ']' | '}' => Class::Mark(Mark::Close),
        '\'' | '`' => Class::Mark(Mark::Apostrophe),
        '|' | ';' => Class::Mark(Mark::Bar),
        '!' | '?' => Class::Mark(Mark::Danda),
        '\0'..='\u{7F}' => Class::Mark(Mark::Other),
        _ => classify_wide(c),
    }
}

fn classify_wide(c: char) -> Class {
    if is_bengali_letter(c) {
        return Class::Bengali;
    }
    if let Some(digit) = digits::value(c) {
        return Class::Digit(digit);
    }
    match c {
        '\u{AD}'
        | '\u{200C}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FE0F}'
        | '\u{FEFF}' => Class::Nothing,
        // Between a digit and a letter the zero-width space is typed for a
        // space.
        '\u{200B}' => Class::Space,
        '।' | '৷' => Class::Mark(Mark::Danda),
        '॥' | '•' | '·' | '∙' | '●' | '▪' | '■' | '¦' | '│' | '┃' | '｜' | '«' | '»' | '‹' | '›' | '‖'
        | '؛' | '→' | '…' => Class::Mark(Mark::Bar),
        '：' | '∶' | '꞉' | '˸' | '﹕' => Class::Mark(Mark::Colon),
        '،' | '，' | '、' => Class::Mark(Mark::Comma),
        '．' | '。' => Class::Mark(Mark::Dot),
        '／' | '⁄' | '∕' => Class::Mark(Mark::Slash),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' => Class::Mark(Mark::Dash),
        '＋' => Class::Mark(Mark::Plus),
        '（' | '［' => Class::Mark(Mark::Open),
        '）' | '］' => Class::Mark(Mark::Close),
        '‘' | '’' | 'ʼ' | '′' => Class::Mark(Mark::Apostrophe),
        // The signs of Devanagari hang on its letters.
        '\u{900}'..='\u{963}' | '\u{971}'..='\u{97F}' => Class::Letter,
        _ if c.is_whitespace() => Class::Space,
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Mark(Mark::Other),
    }
}

/// The character at a byte, with entities read as what they stand for, and the
/// byte behind it.
#[inline]
pub(super) fn char_at(text: &str, at: usize) -> Option<(char, usize)> {
    let c = text[at..].chars().next()?;
    if c == '&'
        && let Some((decoded, length)) = entity(&text.as_bytes()[at..], true)
    {
        return Some((decoded, at + length));
    }
    Some((c, at + c.len_utf8()))
}

/// Decodes the entity whose name begins at the second byte; with `again`, one
/// that was escaped twice (`&amp;nbsp;`) too.
fn entity(bytes: &[u8], again: bool) -> Option<(char, usize)> {
    let stop = 1 + bytes.iter().skip(1).take(11).position(|&byte| byte == b';')?;
    let name = std::str::from_utf8(&bytes[1..stop]).ok()?;
    let decoded = if let Some(code) = name.strip_prefix('#') {
        let code = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => code.parse(),
        };
        char::from_u32(code.ok()?)?
    } else {
        match name {
            "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
            "quot" => '"',
            "apos" => '\'',
            "lt" => '<',
            "gt" => '>',
            "zwj" => '\u{200D}',
            "zwnj" => '\u{200C}',
            "shy" => '\u{AD}',
            "ndash" => '–',
            "mdash" => '—',
            "bull" => '•',
            "middot" => '·',
            "laquo" => '«',
            "raquo" => '»',
            "colon" => ':',
            "comma" => ',',
            "sol" => '/',
            "lsquo" => '‘',
            "rsquo" => '’',
            "amp" if again => {
                let (inner, length) = entity(&bytes[stop..], false)?;
                return Some((inner, stop + length));
            }
            _ => return None,
        }
    };
    Some((decoded, stop + 1))
}
