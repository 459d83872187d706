//! `khobor.toml`: what an archive holds and how often it looks.
//!
//! The file belongs to its user: the program writes it once, with a comment at
//! each key, and only reads it from then on. An unknown key is an error with
//! its line, so that a typing mistake does not pass for a setting.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::ArchiveError;
use crate::discover::Site;
use crate::mask_password;
use crate::sites::Sites;
use crate::tz::Tz;

/// The value of the key `archive` that this version reads.
pub const CONFIG_FORMAT: &str = "khobor.archive/1";

/// The name of the file in the archive's folder.
pub const CONFIG_FILE: &str = "khobor.toml";

/// What `khobor.toml` says.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The sites, in the file's order.
    pub sites: Vec<ArchivedSite>,
    /// The zone in which the archive's days begin.
    pub zone: Tz,
    /// The `User-Agent` to send, unless the command line gives another.
    pub user_agent: Option<String>,
    /// How long after its first fetch an article is looked at again.
    pub revisit_after: Vec<Duration>,
    /// Dated entries of feeds and sitemaps that are older are left alone.
    pub max_age: Duration,
    /// The most new addresses that are taken from a site in one run.
    pub max_urls: usize,
    /// A page that fails so often in a row, for reasons that may pass, is
    /// given up.
    pub max_attempts: u32,
    /// A WARC file that has grown to so many bytes is followed by another.
    pub warc_bytes: u64,
    /// Site rules of the user's own.
    pub rules: Option<PathBuf>,
    /// When [`status`](super::status) raises an alarm.
    pub alarm: AlarmConfig,
}

/// A site of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArchivedSite {
    /// The site as [`Site::parse`] reads it.
    pub site: String,
    /// Feeds to ask beside those that are known or found.
    pub feeds: Vec<String>,
    /// Sitemaps to ask beside those that are known or found.
    pub sitemaps: Vec<String>,
    /// Pages to look for links on, where feeds and sitemaps bring nothing.
    pub pages: Vec<String>,
}

/// When a site's state is an alarm.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct AlarmConfig {
    /// How far a field's fill rate may fall below that of the 30 days before,
    /// as a part of 1.
    pub fall: f64,
    /// How many articles a rate must rest on, on either side.
    pub least_articles: u64,
    /// How long a site may bring no answer.
    pub silent: Duration,
}

impl Default for AlarmConfig {
    fn default() -> Self {
        Self { fall: 0.3, least_articles: 5, silent: Duration::from_secs(72 * 3600) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    archive: String,
    zone: Option<String>,
    user_agent: Option<String>,
    revisit_after: Option<Vec<f64>>,
    max_age: Option<f64>,
    max_urls: Option<usize>,
    max_attempts: Option<u32>,
    warc_bytes: Option<u64>,
    rules: Option<PathBuf>,
    #[serde(default)]
    alarm: RawAlarm,
    #[serde(default, rename = "site")]
    sites: Vec<RawSite>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAlarm {
    fall: Option<f64>,
    least_articles: Option<u64>,
    silent: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSite {
    site: String,
    #[serde(default)]
    feeds: Vec<String>,
    #[serde(default)]
    sitemaps: Vec<String>,
    #[serde(default)]
    pages: Vec<String>,
}

impl Config {
    /// Reads the file of an archive's folder.
    ///
    /// # Errors
    /// [`ArchiveError::NoArchive`] where there is none, else what is wrong
    /// with it.
    pub fn read(dir: &Path) -> Result<Self, ArchiveError> {
        let path = dir.join(CONFIG_FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ArchiveError::NoArchive(dir.to_owned()));
            }
            Err(error) => return Err(ArchiveError::io(&path)(error)),
        };
        let mut config = Self::parse(&text).map_err(|message| ArchiveError::Config { path, message })?;
        config.rules = config.rules.map(|rules| dir.join(rules));
        Ok(config)
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// What is wrong, with the line where that is known.
    pub fn parse(text: &str) -> Result<Self, String> {
        let raw: RawConfig = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
        if raw.archive != CONFIG_FORMAT {
            return Err(format!("archive = {:?} is not {CONFIG_FORMAT:?}", raw.archive));
        }
        let zone = raw.zone.as_deref().unwrap_or("Asia/Dhaka");
        let zone = zone.parse().map_err(|_| format!("zone {zone:?} is no IANA time zone name"))?;
        let mut revisit_after = raw
            .revisit_after
            .unwrap_or_else(|| vec![3600.0, 86_400.0])
            .into_iter()
            .map(|s| seconds("revisit_after", s))
            .collect::<Result<Vec<_>, _>>()?;
        revisit_after.sort();
        let fall = raw.alarm.fall.unwrap_or(AlarmConfig::default().fall);
        if !(fall > 0.0 && fall <= 1.0) {
            return Err(format!("alarm.fall = {fall} is no part of 1"));
        }
        Ok(Self {
            sites: raw
                .sites
                .into_iter()
                .map(|s| ArchivedSite { site: s.site, feeds: s.feeds, sitemaps: s.sitemaps, pages: s.pages })
                .collect(),
            zone,
            user_agent: raw.user_agent,
            revisit_after,
            max_age: seconds("max_age", raw.max_age.unwrap_or(3.0 * 86_400.0))?,
            max_urls: raw.max_urls.unwrap_or(500),
            max_attempts: raw.max_attempts.unwrap_or(6).max(1),
            warc_bytes: raw.warc_bytes.unwrap_or(1_000_000_000).max(1),
            rules: raw.rules,
            alarm: AlarmConfig {
                fall,
                least_articles: raw.alarm.least_articles.unwrap_or(5).max(1),
                silent: match raw.alarm.silent {
                    Some(silent) => seconds("alarm.silent", silent)?,
                    None => AlarmConfig::default().silent,
                },
            },
        })
    }

    /// The site rules that hold here.
    ///
    /// # Errors
    /// A rule file that cannot be read.
    pub(crate) fn rules(&self, dir: &Path) -> Result<Sites, ArchiveError> {
        match &self.rules {
            None => Ok(Sites::embedded()),
            Some(rules) => Sites::with_dir(rules).map_err(|error| ArchiveError::Config {
                path: dir.join(CONFIG_FILE),
                message: format!("rules: {error}"),
            }),
        }
    }

    /// The name of what reads pages here: the program's version, and a digest
    /// of the user's own rules where there are any.
    ///
    /// # Errors
    /// A rule file that cannot be read.
    pub(crate) fn extractor(&self) -> Result<String, ArchiveError> {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let Some(rules) = &self.rules else { return Ok(version) };
        let mut files = super::disk::files(rules)?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let mut digest = Sha256::new();
        for path in files {
            digest.update(std::fs::read(&path).map_err(ArchiveError::io(&path))?);
            digest.update([0]);
        }
        let digest = digest.finalize();
        Ok(format!("{version}+{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]))
    }

    /// The sites with what is known of them.
    ///
    /// # Errors
    /// A site that is none, or that is named twice.
    pub(crate) fn resolve(&self, dir: &Path, rules: &Sites) -> Result<Vec<Site>, ArchiveError> {
        let wrong = |message: String| ArchiveError::Config { path: dir.join(CONFIG_FILE), message };
        let mut all: Vec<Site> = Vec::new();
        for archived in &self.sites {
            let site = Site::parse(&archived.site, rules)
                .map_err(|error| wrong(format!("site {}: {error}", mask_password(&archived.site))))?
                .with_feeds(archived.feeds.clone())
                .with_sitemaps(archived.sitemaps.clone())
                .with_pages(archived.pages.clone());
            if all.iter().any(|other| other.key() == site.key()) {
                return Err(wrong(format!("site {} stands here twice", mask_password(&archived.site))));
            }
            all.push(site);
        }
        Ok(all)
    }
}

fn seconds(key: &str, value: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(value).map_err(|_| format!("{key} = {value} is no number of seconds"))
}

/// The text of a new archive's `khobor.toml`.
pub(crate) fn template(sites: &[String]) -> String {
    let mut text = format!(
        r#"# What this archive holds, and how often it looks. Durations are seconds.
archive = "{CONFIG_FORMAT}"

# Days begin in this zone: an article that was first fetched on the 24th of
# November 2026 stands in articles/2026/11/24.jsonl.
zone = "Asia/Dhaka"

# Who asks, and whom a site can write to. Put your own address here.
# user_agent = "MyArchive/1.0 (+https://example.org/archive; archive@example.org)"

# An article is looked at again so long after its first fetch; if it was
# changed, the new form becomes a further revision.
revisit_after = [3600, 86400]

# Dated entries of feeds and sitemaps that are older are left alone.
max_age = 259200

# The most new addresses that are taken from a site in one run.
max_urls = 500

# A page that fails so often in a row is given up.
max_attempts = 6

# A WARC file that has grown to so many bytes is followed by another.
warc_bytes = 1000000000

# A folder with site rules of your own, beside the embedded ones.
# rules = "rules"

# `khobor archive status --check` raises an alarm where the share of a site's
# articles that have a field falls so far below that of the 30 days before
# (resting on at least so many articles on either side), and where a site has
# brought nothing for so long.
[alarm]
fall = 0.3
least_articles = 5
silent = 259200

# A block for each site: a host, the key of a site rule (khobor sites), or an
# address. Feeds and sitemaps are found by themselves; they, and pages with
# links, can be named here too:
#
# [[site]]
# site = "example.com"
# feeds = ["https://example.com/rss.xml"]
# sitemaps = ["https://example.com/sitemap-YYYY-MM-DD.xml"]
# pages = ["https://example.com/latest"]
"#
    );
    for site in sites {
        // Writing to a string cannot fail; a quoted TOML string is a JSON one.
        let _ = write!(text, "\n[[site]]\nsite = {}\n", serde_json::Value::from(site.as_str()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_with_the_stated_defaults() {
        let written = Config::parse(&template(&["ujan.example".into(), "bhati.example/bn".into()])).unwrap();
        let bare = Config::parse("archive = \"khobor.archive/1\"").unwrap();
        assert_eq!(written.sites.len(), 2);
        assert_eq!(written.sites[1].site, "bhati.example/bn");
        assert_eq!(written.zone, bare.zone);
        assert_eq!(written.revisit_after, bare.revisit_after);
        assert_eq!(written.max_age, bare.max_age);
        assert_eq!((written.max_urls, written.max_attempts), (bare.max_urls, bare.max_attempts));
        assert_eq!((written.warc_bytes, written.alarm), (bare.warc_bytes, bare.alarm));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, expected) in [
            ("archive = \"khobor.archive/2\"", "khobor.archive/1"),
            ("archive = \"khobor.archive/1\"\nzoen = \"Asia/Dhaka\"", "line 2"),
            ("archive = \"khobor.archive/1\"\nzone = \"Asia/Daka\"", "Asia/Daka"),
            ("archive = \"khobor.archive/1\"\nrevisit_after = [-1]", "revisit_after"),
            ("archive = \"khobor.archive/1\"\n[alarm]\nfall = 30", "part of 1"),
        ] {
            let error = Config::parse(line).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
