//! What can be given on the command line.
//!
//! Durations are decimal seconds (`0.005`), sizes plain bytes; `-` is standard
//! input. The help texts here are the reference; the README quotes them and a
//! test compares the two.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::fetch::{FetchOptions, ProxyChoice, ResolveOverride};
use crate::tz::Tz;

/// Bengali news pages in, clean JSON records out.
#[derive(Debug, Parser)]
#[command(name = "khobor", version, about, max_term_width = 100)]
pub struct Cli {
    /// Print nothing but errors on standard error
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Log what the fetcher does on standard error
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Fetch pages and write their records
    Scrape(Box<ScrapeArgs>),
    /// Write the records of stored pages
    Extract(Box<ExtractArgs>),
    /// List the addresses of sites' articles, newest first
    Discover(Box<DiscoverArgs>),
    /// Keep an archive of sites: the daily job, its state, its exports
    Archive(super::archive::args::ArchiveArgs),
    /// Show a page's fields with their evidence and what was rejected
    Explain(ExplainArgs),
    /// Read timestamps, one a line
    Date(DateArgs),
    /// Bring lines of text into the form of the records
    Normalize(NormalizeArgs),
    /// List the known sites, or check a rule file
    Sites(SitesArgs),
    /// Print the JSON Schema of the records
    Schema,
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

/// Which site rules a command goes by.
#[derive(Debug, Args)]
pub struct RuleArgs {
    /// Add the rules of a folder's .toml files to the embedded ones, or put them in their place
    #[arg(long, value_name = "DIR")]
    pub sites: Option<PathBuf>,
    /// Use no site rules: the generic way alone
    #[arg(long, conflicts_with = "sites")]
    pub no_site_rules: bool,
}

impl RuleArgs {
    /// The rules themselves.
    pub(super) fn sites(&self) -> Result<crate::sites::Sites, super::Stop> {
        super::record::sites(self.sites.as_deref(), self.no_site_rules)
    }
}

/// Options of scrape and extract alike.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct RecordArgs {
    /// The site rules to go by
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Put all candidates of each field into the records
    #[arg(long)]
    pub explain: bool,
    /// Write only these keys of the records
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub fields: Vec<String>,
    /// What relative timestamps count from, RFC 3339 [default: when the page was fetched, if known]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub reference: Option<DateTime<FixedOffset>>,
    /// Write to a file; .gz and .zst compress
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Go on at the end of an existing output
    #[arg(long, requires = "output", conflicts_with = "overwrite")]
    pub append: bool,
    /// Replace an existing output
    #[arg(long, requires = "output")]
    pub overwrite: bool,
    /// Append failure records to a file [default: as text on standard error]
    #[arg(long, value_name = "FILE")]
    pub failures: Option<PathBuf>,
    /// Whether to show progress on a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub progress: ProgressWhen,
}

impl RecordArgs {
    /// Refuses one file for two outputs, which would tear both.
    pub(super) fn check_outputs(&self) -> Result<(), super::Stop> {
        let (Some(output), Some(failures)) = (&self.output, &self.failures) else { return Ok(()) };
        let same = match (output.canonicalize(), failures.canonicalize()) {
            (Ok(a), Ok(b)) => a == b && a.is_file(),
            _ => output == failures,
        };
        if same {
            return Err(super::Stop::Usage(anyhow::anyhow!(
                "--output and --failures name one file; give two"
            )));
        }
        Ok(())
    }
}

/// When progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressWhen {
    /// Where standard error is a terminal
    Auto,
    /// Not at all
    Never,
}

/// Options of `scrape`.
#[derive(Debug, Args)]
pub struct ScrapeArgs {
    /// Addresses to fetch; - reads a list from standard input
    #[arg(value_name = "URL")]
    pub urls: Vec<String>,
    /// Read addresses from a file: one a line, blank lines and # comments are skipped; - is standard input
    #[arg(short, long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Options of scrape and extract alike
    #[command(flatten)]
    pub record: RecordArgs,
    /// Options of fetching
    #[command(flatten)]
    pub fetch: FetchArgs,
    /// Store requests and answers as received, a gzipped WARC record each; an existing file is gone on with
    #[arg(long, value_name = "FILE.warc.gz")]
    pub warc: Option<PathBuf>,
    /// Keep what is finished in a file, so that the run can be killed and started again
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Try addresses again that failed in an earlier run of the state
    #[arg(long, requires = "state")]
    pub retry_failed: bool,
    /// Fetch one of N parts of the list only, divided by host: I/N, I from 1 to N
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    pub shard: Option<(u64, u64)>,
}

/// Options of fetching.
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Hosts to fetch from at once; each gets one request at a time
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub concurrency: u32,
    /// Seconds from the start of one request to a host to the start of the next
    #[arg(long, value_name = "S", default_value = "1", value_parser = parse_seconds)]
    pub per_host_delay: Duration,
    /// Let hosts at one address share a clock: one request at a time for all of them
    #[arg(long)]
    pub per_address: bool,
    /// Seconds that one request may take, body included
    #[arg(long, value_name = "S", default_value = "30", value_parser = parse_seconds)]
    pub timeout: Duration,
    /// Extra attempts after a failure that may pass
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub retries: u32,
    /// Give a host up after this many failures in a row; 0 never does
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub host_failures: u32,
    /// Bytes that a page may have, decoded
    #[arg(long, value_name = "N", default_value_t = 16 * 1024 * 1024)]
    pub max_bytes: u64,
    /// The User-Agent to send; put a contact address into it
    #[arg(long, value_name = "TEXT")]
    pub user_agent: Option<String>,
    /// Fetch without asking for robots.txt
    #[arg(long)]
    pub ignore_robots: bool,
    /// Let names and redirects lead to private and other special addresses
    #[arg(long)]
    pub allow_private: bool,
    /// Connect to this address for a name and port, as curl does; may be repeated
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub resolve: Vec<ResolveOverride>,
    /// Trust the certificates of a PEM file as well; may be repeated
    #[arg(long, value_name = "FILE")]
    pub ca_cert: Vec<PathBuf>,
    /// Go through a proxy: http, https or socks5 [default: as the environment says]
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
}

/// Bytes of pages that may wait between fetching and writing.
const WAITING_BYTES: u64 = 128 * 1024 * 1024;

impl FetchArgs {
    /// The fetcher's options.
    pub fn options(&self) -> FetchOptions {
        let mut options = FetchOptions {
            concurrency: self.concurrency as usize,
            per_host_delay: self.per_host_delay,
            per_address: self.per_address,
            timeout: self.timeout,
            retries: self.retries,
            host_failures: self.host_failures,
            max_bytes: self.max_bytes,
            waiting_bytes: Some(WAITING_BYTES),
            ignore_robots: self.ignore_robots,
            allow_private: self.allow_private,
            resolve: self.resolve.clone(),
            ca_certs: self.ca_cert.clone(),
            ..FetchOptions::default()
        };
        if let Some(agent) = &self.user_agent {
            options.user_agent.clone_from(agent);
        }
        if let Some(proxy) = &self.proxy {
            options.proxy = ProxyChoice::Url(proxy.clone());
        }
        options
    }
}

/// Options of `extract`.
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// Files and folders; - is standard input [default: standard input]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What the inputs are [default: guessed from the name, else html]
    #[arg(long, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// The address of the page, where there is one input
    #[arg(long, conflicts_with = "urls")]
    pub url: Option<String>,
    /// Addresses of the pages: base name of the file TAB address [TAB charset of the HTTP header]
    #[arg(long, value_name = "MAP.tsv")]
    pub urls: Option<PathBuf>,
    /// Pages to extract at once [default: one a processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub jobs: Option<u32>,
    /// Options of scrape and extract alike
    #[command(flatten)]
    pub record: RecordArgs,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// An HTML page a file
    Html,
    /// The flattened text of a page a file
    Text,
    /// Objects `{id, url, html or text, fetched_at}`, one a line
    Jsonl,
    /// Answers as a crawler stored them: the HTML pages of a WARC file
    Warc,
    /// The texts of a WARC file's pages, as Common Crawl gives them out
    Wet,
}

/// Options of `discover`.
#[derive(Debug, Args)]
pub struct DiscoverArgs {
    /// Hosts (prothomalo.com), keys of site rules (bbc.com/bengali) or addresses of home and section pages
    #[arg(value_name = "SITE", required = true)]
    pub site: Vec<String>,
    /// Write objects with url, title, date, source, kind and site, one a line
    #[arg(long)]
    pub json: bool,
    /// Leave out what is dated earlier: RFC 3339, or YYYY-MM-DD for the day's begin in Dhaka
    #[arg(long, value_name = "TIME", value_parser = parse_since)]
    pub since: Option<DateTime<Utc>>,
    /// Articles to give for each site at most, the newest
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub max_urls: usize,
    /// Feeds, sitemaps and pages to ask each site for at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub max_sources: usize,
    /// The site rules to go by
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Options of fetching
    #[command(flatten)]
    pub fetch: FetchArgs,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The page: a file, an address, or - for standard input
    #[arg(value_name = "URL or FILE")]
    pub page: String,
    /// The address of the page in the file
    #[arg(long)]
    pub url: Option<String>,
    /// The input is flattened text
    #[arg(long)]
    pub text: bool,
    /// The site rules to go by
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Options of fetching
    #[command(flatten)]
    pub fetch: FetchArgs,
}

/// Options of `date`.
#[derive(Debug, Args)]
pub struct DateArgs {
    /// The zone of clocks that name none
    #[arg(long, default_value = "Asia/Dhaka", value_parser = parse_zone)]
    pub zone: Tz,
    /// What relative timestamps count from, RFC 3339 [default: they are NONE]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub reference: Option<DateTime<FixedOffset>>,
    /// Lines are: text TAB reference TAB zone
    #[arg(long)]
    pub tsv: bool,
    /// Timestamps to read in place of standard input's lines
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
}

/// Options of `normalize`.
#[derive(Debug, Args)]
pub struct NormalizeArgs {
    /// Every line is in the Bijoy font encoding
    #[arg(long)]
    pub bijoy: bool,
    /// Texts to normalise in place of standard input's lines
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
}

/// Options of `sites`.
#[derive(Debug, Args)]
pub struct SitesArgs {
    /// What to do with the rules [default: list them]
    #[command(subcommand)]
    pub command: Option<SitesCommand>,
    /// Add the rules of a folder's .toml files to the embedded ones
    #[arg(long, value_name = "DIR")]
    pub sites: Option<PathBuf>,
}

/// The commands of `sites`.
#[derive(Debug, Subcommand)]
pub enum SitesCommand {
    /// Check a rule file, and what it finds in a page
    Check {
        /// The rule file
        #[arg(value_name = "RULE")]
        rule: PathBuf,
        /// A stored page of the site
        #[arg(value_name = "PAGE")]
        page: Option<PathBuf>,
        /// The address of the page
        #[arg(long, requires = "page")]
        url: Option<String>,
    },
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Options of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The page of one command [default: the program's]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

pub(super) fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds, such as 0.5".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "not a number of seconds that can be waited".to_owned())
}

pub(super) fn parse_time(text: &str) -> Result<DateTime<FixedOffset>, String> {
    DateTime::parse_from_rfc3339(text)
        .map_err(|e| format!("{e}; give a time such as 2024-03-03T22:30:00+06:00"))
}

/// A time, or the begin of a day in Dhaka.
fn parse_since(text: &str) -> Result<DateTime<Utc>, String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    match day.and_then(|midnight| Tz::DHAKA.from_local_datetime(&midnight).earliest()) {
        Some(begin) => Ok(begin.to_utc()),
        None => parse_time(text).map(|time| time.to_utc()),
    }
}

fn parse_zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| "no IANA time zone; give a name such as Asia/Dhaka".to_owned())
}

fn parse_shard(text: &str) -> Result<(u64, u64), String> {
    let parsed = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parsed {
        Some((i, n)) if (1..=n).contains(&i) => Ok((i, n)),
        _ => Err("give I/N with I from 1 to N, such as 2/4".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn values_are_checked() {
        assert_eq!(parse_seconds("0.005").unwrap(), Duration::from_millis(5));
        assert!(parse_seconds("-1").is_err() && parse_seconds("x").is_err() && parse_seconds("nan").is_err());
        assert_eq!(parse_shard("2/4").unwrap(), (2, 4));
        assert!(parse_shard("0/4").is_err() && parse_shard("5/4").is_err() && parse_shard("4").is_err());
        let since = |text: &str| parse_since(text).map(|t| t.to_rfc3339());
        assert_eq!(since("2024-03-05").unwrap(), "2024-03-04T18:00:00+00:00");
        assert_eq!(since("2024-03-05T10:00:00+06:00").unwrap(), "2024-03-05T04:00:00+00:00");
        assert!(since("yesterday").is_err() && since("2024-13-05").is_err());
        assert!(parse_zone("Asia/Kolkata").is_ok() && parse_zone("Asia/Kolkatta").is_err());
    }
}
