//! The daily archive: every article of every site, once, for years.
//!
//! An archive is a folder:
//!
//! ```text
//! khobor.toml                       what is archived, and how often: the user's
//! archive.sqlite                    pages, captures, revisions (SQLite, WAL)
//! warc/2026/11/khobor-….warc.gz     raw answers: the truth
//! articles/2026/11/24.jsonl         articles by day of first fetch, for people and pipes
//! ```
//!
//! * `config`, `store`, `schema`: the folder and its database;
//! * `run`, `writer`: the daily job;
//! * `pages`, `captures`, `revisions`: addresses, raw answers, and what the
//!   extractor made of them;
//! * `volumes`, `days`: the WARC files and the day files;
//! * `near`: one article under several addresses;
//! * `status`, `verify`: whether all is well;
//! * `rebuild`, `forget`, `export`: what is done with an archive.

mod captures;
mod clock;
mod config;
mod days;
mod disk;
mod error;
mod export;
mod forget;
mod near;
mod pages;
mod rebuild;
mod revisions;
mod robots;
mod run;
mod schema;
mod sources;
mod status;
mod store;
mod verify;
mod volumes;
mod writer;

pub use config::{AlarmConfig, ArchivedSite, CONFIG_FILE, CONFIG_FORMAT, Config};
pub use days::{ArchiveNote, SameAs, TOMBSTONE_SCHEMA};
pub use error::ArchiveError;
pub use export::{ExportFormat, ExportOptions, check_sites, export};
pub use forget::{ForgetReport, forget};
pub use rebuild::{RebuildReport, rebuild};
pub use run::{RunOptions, RunReport, SiteReport, run};
pub use status::{Alarm, Rate, SiteStatus, Status, alarms, status};
pub use store::{Archive, DATABASE_FILE};
pub use verify::{VerifyReport, verify};
pub use writer::Tally;
