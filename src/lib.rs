//! khobor (খবর, "news") turns Bengali news pages into clean, structured
//! records.

pub mod article;
pub mod failure;
pub mod page;

pub use article::Article;
pub use failure::{Failure, FailureKind};
