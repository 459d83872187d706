//! What the program knows of Bengali: digits, calendars, timestamps, text and
//! its repairs, the words of the newsroom.
//!
//! This room knows nothing of HTML, HTTP or files and can be used on its own.

pub mod bijoy;
mod block;
pub mod calendar;
pub(crate) mod chars;
pub mod digits;
pub mod fold;
pub mod gazetteer;
pub mod language;
mod lexicon;
mod names;
pub mod newsroom;
pub mod text;
pub mod timestamp;

pub(crate) use text::{lower, word_key_of_normal};
pub use text::{normalize, normalize_parsed, search_key, word_count, word_key, words};
