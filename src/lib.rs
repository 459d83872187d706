//! khobor (খবর, "news") turns Bengali news pages into clean, structured
//! records.

pub mod article;
pub mod failure;
#[cfg(feature = "fetch")]
pub mod fetch;

pub use article::Article;
pub use failure::{Failure, FailureKind};
#[cfg(feature = "fetch")]
pub use fetch::Fetcher;
