//! The glyphs of `SutonnyMJ`, one code point of windows-1252 each. A font is
//! a picture of syllables, not of letters, so the table says how a glyph
//! takes part in a syllable as well as which letters it shows. Where Bijoy
//! 2000 and Bijoy 52 put different pictures on one code point, `super`
//! decides by the neighbours; those points are marked `Shared` here.

/// How one glyph takes part in a syllable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// A consonant, a conjunct or an independent vowel: opens a syllable.
    Base(&'static str),
    /// A consonant drawn together with its vowel sign, as গু.
    WithVowel(&'static str, char),
    /// The left half of a conjunct; the right half follows.
    Half(&'static str),
    /// A consonant drawn under or behind the one before it.
    Below(&'static str),
    /// A vowel sign that is typed before its consonant.
    Pre(char),
    /// A vowel sign that is typed behind its consonant.
    Post(char),
    /// র্ above the whole syllable, typed behind it.
    Reph,
    /// A hasanta that shows.
    Hasanta,
    /// ঁ, typed on either side of the vowel sign.
    Bindu,
    /// A sign or letter that ends the syllable: ং ঃ ৎ, digits, danda, quotes.
    Plain(&'static str),
    /// Two fonts disagree, or the same point is common punctuation.
    Shared,
}

/// The role of a code point, `None` where the font shows what Latin text shows.
#[inline]
pub(super) fn glyph(c: char) -> Option<Glyph> {
    match LATIN_1.get(c as usize) {
        Some(&role) => role,
        None => role(c),
    }
}

/// The roles of the first 256 code points, which nearly all of a text has.
static LATIN_1: [Option<Glyph>; 256] = {
    let mut table = [None; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = role(code as u8 as char);
        code += 1;
    }
    table
};

#[allow(clippy::too_many_lines)] // a table
const fn role(c: char) -> Option<Glyph> {
    use Glyph::{Base, Below, Bindu, Half, Hasanta, Plain, Post, Pre, Reph, Shared, WithVowel};
    Some(match c {
        'A' => Base("অ"),
        'B' => Base("ই"),
        'C' => Base("ঈ"),
        'D' => Base("উ"),
        'E' => Base("ঊ"),
        'F' => Base("ঋ"),
        'G' => Base("এ"),
        'H' => Base("ঐ"),
        'I' => Base("ও"),
        'J' => Base("ঔ"),
        'K' => Base("ক"),
        'L' => Base("খ"),
        'M' => Base("গ"),
        'N' => Base("ঘ"),
        'O' => Base("ঙ"),
        'P' => Base("চ"),
        'Q' => Base("ছ"),
        'R' => Base("জ"),
        'S' => Base("ঝ"),
        'T' => Base("ঞ"),
        'U' => Base("ট"),
        'V' => Base("ঠ"),
        'W' => Base("ড"),
        'X' => Base("ঢ"),
        'Y' => Base("ণ"),
        'Z' => Base("ত"),
        '_' => Base("থ"),
        '`' => Base("দ"),
        'a' => Base("ধ"),
        'b' => Base("ন"),
        'c' => Base("প"),
        'd' => Base("ফ"),
        'e' => Base("ব"),
        'f' => Base("ভ"),
        'g' => Base("ম"),
        'h' => Base("য"),
        'i' => Base("র"),
        'j' => Base("ল"),
        'k' => Base("শ"),
        'l' => Base("ষ"),
        'm' => Base("স"),
        'n' => Base("হ"),
        // ড় ঢ় য় in their composed-form-free (NFC) spelling
        'o' => Base("\u{9a1}\u{9bc}"),
        'p' => Base("\u{9a2}\u{9bc}"),
        'q' => Base("\u{9af}\u{9bc}"),
        'r' => Plain("ৎ"),
        's' => Plain("ং"),
        't' => Plain("ঃ"),
        'u' => Bindu,
        'v' => Post('া'),
        'w' => Pre('ি'),
        'x' => Post('ী'),
        'y' | 'z' => Post('ু'),
        '~' | 'ƒ' | '‚' => Post('ূ'),
        '„' => Post('ৃ'),
        'Š' => Post('ৗ'),
        '†' | '‡' => Pre('ে'),
        'ˆ' | '‰' => Pre('ৈ'),
        '©' => Reph,
        '&' => Hasanta,
        '¨' => Below("য"),
        'ª' | '«' | 'Ö' => Below("র"),
        '^' | 'Ÿ' | '¡' | '¦' => Below("ব"),
        '¢' => Below("ভ"),
        '£' => Below("ভ্র"),
        '¥' | '§' => Below("ম"),
        '¬' => Below("ল"),
        'ú' => Below("প"),
        '¿' => Below("ত্র"),
        'Œ' => Below("ক্র"),
        '¤' => Half("ম"),
        '®' => Half("ষ"),
        '¯' => Half("স"),
        'š' => Half("ন"),
        '°' => Base("ক্ক"),
        '±' => Base("ক্ট"),
        '²' => Base("ক্ষ্ম"),
        '³' => Base("ক্ত"),
        '´' => Base("ক্ম"),
        'µ' => Base("ক্র"),
        '¶' | 'ÿ' => Base("ক্ষ"),
        '·' => Base("ক্স"),
        '¸' => WithVowel("গ", 'ু'),
        '¹' => Base("গ্গ"),
        'º' => Base("গ্দ"),
        '»' => Base("গ্ধ"),
        '¼' => Base("ঙ্ক"),
        '½' => Base("ঙ্গ"),
        '¾' => Base("জ্জ"),
        'À' => Base("জ্ঝ"),
        'Á' => Base("জ্ঞ"),
        'Â' => Base("ঞ্চ"),
        'Ã' => Base("ঞ্ছ"),
        'Ä' => Base("ঞ্জ"),
        'Å' => Base("ঞ্ঝ"),
        'Æ' => Base("ট্ট"),
        'Ç' => Base("ড্ড"),
        'È' => Base("ণ্ট"),
        'É' => Base("ণ্ঠ"),
        'Ê' => Base("ণ্ড"),
        'Ë' => Base("ত্ত"),
        'Ì' => Base("ত্থ"),
        'Î' => Base("ত্র"),
        'Ï' => Base("দ্দ"),
        '×' => Base("দ্ধ"),
        'Ø' => Base("দ্ব"),
        'Ù' => Base("দ্ম"),
        'Ú' => Base("ন্ঠ"),
        'Û' => Base("ন্ড"),
        'Ü' => Base("ন্ধ"),
        'Ý' => Base("ন্স"),
        'Þ' => Base("প্ট"),
        'ß' => Base("প্ত"),
        'à' => Base("প্প"),
        'á' => Base("প্স"),
        'â' => Base("ব্জ"),
        'ã' => Base("ব্দ"),
        'ä' => Base("ব্ধ"),
        'å' => Base("ভ্র"),
        'ç' => Base("ম্ফ"),
        'é' => Base("ল্ক"),
        'ê' => Base("ল্গ"),
        'ë' => Base("ল্ট"),
        'ì' => Base("ল্ড"),
        'í' => Base("ল্প"),
        'î' => Base("ল্ফ"),
        'ï' => WithVowel("শ", 'ু'),
        'ð' => Base("শ্চ"),
        'ñ' => Base("শ্ছ"),
        'ò' => Base("ষ্ণ"),
        'ó' => Base("ষ্ট"),
        'ô' => Base("ষ্ঠ"),
        'õ' => Base("ষ্ফ"),
        'ö' => Base("স্খ"),
        '÷' => Base("স্ট"),
        'ù' => Base("স্ফ"),
        'û' => WithVowel("হ", 'ু'),
        'ü' => WithVowel("হ", 'ৃ'),
        'ý' => Base("হ্ন"),
        'þ' => Base("হ্ম"),
        '0' => Plain("০"),
        '1' => Plain("১"),
        '2' => Plain("২"),
        '3' => Plain("৩"),
        '4' => Plain("৪"),
        '5' => Plain("৫"),
        '6' => Plain("৬"),
        '7' => Plain("৭"),
        '8' => Plain("৮"),
        '9' => Plain("৯"),
        '|' => Plain("।"),
        '$' => Plain("৳"),
        'Ò' => Plain("“"),
        'Ó' => Plain("”"),
        'Ô' => Plain("‘"),
        'Õ' => Plain("’"),
        'Ñ' => Plain("—"),
        'Í' | 'Ð' | 'æ' | 'è' | 'œ' | 'ø' | '“' | '–' | '…' | '‘' | '’' | '‹' | '—' | '”' | '˜' | '™'
        | '›' | '•' | '\u{ad}' | '\u{2212}' => Shared,
        _ => return None,
    })
}
