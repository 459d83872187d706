//! From bytes to a document: charset, tree, and the blocks of metadata that a
//! page carries for machines.
//!
//! This room knows HTML and the formats inside it; it knows nothing of
//! journalism. The fields in `extract/` ask it for nodes, text and metadata.

pub mod charset;
pub mod document;
pub mod json_ld;
pub mod meta;
pub mod microdata;
mod nesting;
pub mod tag;

pub use document::{Document, Node, Selector, collapse};
pub use meta::Meta;
pub use nesting::MAX_DEPTH;
pub use tag::Tag;
