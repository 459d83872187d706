//! Decimal digits of every script. Bengali pages mix Bengali and ASCII digits
//! inside one number, and feeds from elsewhere bring Devanagari and
//! Arabic-Indic ones, so no other module compares digits itself.

use std::borrow::Cow;

/// Code points of the digit zero, one for each run of ten decimal digits
/// (Unicode general category Nd, version 16.0), in ascending order.
const ZEROS: [u32; 76] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30,
    0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0,
    0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60,
    0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
    0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// The value, 0 to 9, of a decimal digit of any script, or `None`.
///
/// Look-alikes such as the letter O or the Bengali letter ও are no digits.
///
/// ```
/// use khobor::bangla::digits::value;
/// assert_eq!(value('৭'), Some(7));
/// assert_eq!(value('७'), Some(7));
/// assert_eq!(value('٧'), Some(7));
/// assert_eq!(value('7'), Some(7));
/// assert_eq!(value('ও'), None);
/// ```
#[inline]
pub fn value(c: char) -> Option<u8> {
    let code = u32::from(c);
    match code {
        0x30..=0x39 => Some(code.to_le_bytes()[0] - 0x30),
        0x09E6..=0x09EF => Some(code.to_le_bytes()[0] - 0xE6),
        0..0x0660 => None,
        _ => other(code),
    }
}

/// The search behind [`value`] for the rarer scripts.
fn other(code: u32) -> Option<u8> {
    let at = ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?;
    u8::try_from(code - ZEROS[at]).ok().filter(|&digit| digit < 10)
}

/// The text with every decimal digit replaced by its ASCII form; all else is
/// left as it is. Borrows where there is nothing to replace.
///
/// ```
/// use khobor::bangla::digits::to_ascii;
/// assert_eq!(to_ascii("২০২6 সাল"), "2026 সাল");
/// ```
pub fn to_ascii(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| !c.is_ascii() && value(c).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| value(c).map_or(c, |digit| char::from(b'0' + digit))).collect())
}

/// The text with every decimal digit replaced by its Bengali form.
///
/// ```
/// use khobor::bangla::digits::to_bengali;
/// assert_eq!(to_bengali("2026"), "২০২৬");
/// ```
pub fn to_bengali(text: &str) -> String {
    const BENGALI: [char; 10] = ['০', '১', '২', '৩', '৪', '৫', '৬', '৭', '৮', '৯'];
    text.chars().map(|c| value(c).map_or(c, |digit| BENGALI[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_sorted_and_runs_do_not_overlap() {
        assert!(ZEROS.windows(2).all(|pair| pair[0] + 10 <= pair[1]));
    }

    #[test]
    fn every_run_counts_to_nine_and_stops() {
        for zero in ZEROS {
            for digit in 0..10 {
                let c = char::from_u32(zero + digit).unwrap();
                assert_eq!(value(c).map(u32::from), Some(digit), "U+{:04X}", zero + digit);
            }
        }
        for c in ['/', ':', '৥', 'ৰ', 'ও', 'O', '৹', '²', '½'] {
            assert_eq!(value(c), None, "{c}");
        }
    }

    #[test]
    fn mixed_digits_become_ascii() {
        assert_eq!(to_ascii("20২৩-०५-٠١"), "2023-05-01");
        assert!(matches!(to_ascii("2023 সাল"), Cow::Borrowed(_)));
        assert_eq!(to_bengali("১5:٣0"), "১৫:৩০");
    }
}
