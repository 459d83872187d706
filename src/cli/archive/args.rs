//! What can be given to the commands of `archive`.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate};
use clap::{Args, Subcommand, ValueEnum};

use crate::archive::ExportFormat;
use crate::cli::args::{FetchArgs, parse_seconds, parse_time};

/// Options of `archive`.
#[derive(Debug, Args)]
pub struct ArchiveArgs {
    /// What to do
    #[command(subcommand)]
    pub command: ArchiveCommand,
}

/// The commands of `archive`.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Begin an archive: a folder with a commented khobor.toml
    Init {
        /// The archive's folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Sites to archive: hosts, keys of site rules, or addresses
        #[arg(value_name = "SITE")]
        sites: Vec<String>,
    },
    /// Fetch what is new or due for another look; the daily job
    Run(Box<RunArgs>),
    /// Tell how the sites are doing
    Status(StatusArgs),
    /// Check digests, counts and files
    Verify {
        /// The archive's folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Write the articles as one file
    Export(ExportArgs),
    /// Read all stored answers again with this program's extractor
    Rebuild {
        /// The archive's folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Do without answers that cannot be read back, and lose what was made of them
        #[arg(long)]
        force: bool,
    },
    /// Remove addresses for good, WARC files included
    Forget {
        /// The archive's folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// The addresses
        #[arg(value_name = "URL", required = true)]
        urls: Vec<String>,
    },
}

/// Options of `archive run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The archive's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// End the run after so many seconds; what is due stays due
    #[arg(long, value_name = "S", value_parser = parse_seconds)]
    pub max_duration: Option<Duration>,
    /// The time that counts as now, RFC 3339 [default: the system's]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<DateTime<FixedOffset>>,
    /// Options of fetching
    #[command(flatten)]
    pub fetch: FetchArgs,
}

/// Options of `archive status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The archive's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Print alarms only, and exit with 1 where there is one
    #[arg(long)]
    pub check: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// The time that counts as now, RFC 3339 [default: the system's]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<DateTime<FixedOffset>>,
}

/// Options of `archive export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The archive's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// In what form
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    pub format: Format,
    /// Write to a file; .gz and .zst compress
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace an existing output
    #[arg(long, requires = "output")]
    pub overwrite: bool,
    /// Every revision, in place of the latest one of each article
    #[arg(long)]
    pub all_revisions: bool,
    /// Articles that were first fetched on this day or later: YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub since: Option<NaiveDate>,
    /// Articles that were first fetched on this day or before: YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub until: Option<NaiveDate>,
    /// Articles of this site, by key; may be repeated
    #[arg(long = "site", value_name = "KEY")]
    pub sites: Vec<String>,
    /// Articles in this language, such as bn; may be repeated
    #[arg(long = "language", value_name = "CODE")]
    pub languages: Vec<String>,
}

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Records, one a line
    Jsonl,
    /// A row for each article
    Csv,
    /// The same columns as a Parquet file
    #[cfg(feature = "parquet")]
    Parquet,
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Jsonl => Self::Jsonl,
            Format::Csv => Self::Csv,
            #[cfg(feature = "parquet")]
            Format::Parquet => Self::Parquet,
        }
    }
}
