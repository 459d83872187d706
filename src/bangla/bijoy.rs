//! Bijoy (`SutonnyMJ`) to Unicode. For twenty years newsrooms typed Bengali
//! as Latin letters that a font drew as Bengali glyphs, in the order in which
//! they stand on paper: ি ে ৈ before their consonant, র্ behind the syllable.
//! Archives still hold such text, and no reader without the font can use it.
//!
//! [`convert`] takes text that is known to be Bijoy, [`convert_runs`] finds
//! the stretches that are and leaves all else alone.

mod evidence;
mod glyphs;
mod runs;
mod syllable;

pub(super) use evidence::is_stroke;
pub use runs::convert_runs;
pub use syllable::convert;

/// Whether the font shows another picture for a character than Latin text
/// does. A word with a character beyond Latin-1 that has none is no Bijoy.
pub(super) fn has_glyph(c: char) -> bool {
    glyphs::glyph(c).is_some()
}
