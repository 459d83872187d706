//! The Bengali block, U+0980 to U+09FF, by its bytes. In UTF-8 each of its
//! characters is `e0 a6 xx` or `e0 a7 xx`, and nearly all that a Bengali page
//! says is such characters: whoever goes over whole texts reads them without
//! decoding, by a table.

/// The first byte of every Bengali character.
pub(super) const LEAD: u8 = 0xe0;

/// The places of a table for the block. Both halves of 64 characters have 256
/// places, so that the place is a difference of bytes; those between stay empty.
pub(super) const PLACES: usize = 0x140;

/// The place of a character with these bytes behind [`LEAD`]; at or behind
/// [`PLACES`] where that is no Bengali character.
#[inline]
pub(super) fn place(second: u8, third: u8) -> usize {
    usize::from(u16::from_be_bytes([second, third]).wrapping_sub(0xa680))
}

/// The place of the character that stands so far behind U+0980.
pub(super) const fn place_of(offset: u8) -> usize {
    ((offset as usize & 0x40) << 2) | (offset as usize & 0x3f)
}

#[cfg(test)]
mod tests {
    use super::{LEAD, PLACES, place, place_of};

    #[test]
    fn places_are_those_of_the_block() {
        for c in '\u{800}'..='\u{fff}' {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes);
            assert_eq!(bytes[0], LEAD);
            let here = place(bytes[1], bytes[2]);
            match c {
                '\u{980}'..='\u{9ff}' => assert_eq!(here, place_of(u32::from(c).to_le_bytes()[0] & 0x7f)),
                _ => assert!(here >= PLACES, "{c}"),
            }
        }
    }
}
