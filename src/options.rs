//! What is known of a page beside its bytes, and how it is to be read.

use chrono::{DateTime, FixedOffset};

use crate::article::HttpInfo;
use crate::sites::Sites;

/// How an input's bytes are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// An HTML page.
    #[default]
    Html,
    /// Flattened page text: no markup, one line a block.
    Text,
}

/// What [`extract`](crate::extract) is told about a page.
///
/// ```
/// let options = khobor::Options::new().with_url("https://ujan.example/news/1");
/// let failure = khobor::extract(b"", &options).unwrap_err();
/// assert_eq!(failure.kind, khobor::FailureKind::NotArticle);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Handed through to the record.
    pub id: Option<String>,
    /// The address that was asked for. Relative links are resolved against
    /// it, the site's rule is found by it.
    pub url: Option<String>,
    /// Where redirects ended, if elsewhere.
    pub final_url: Option<String>,
    /// The path of an offline input.
    pub source: Option<String>,
    /// The charset that the HTTP header names.
    pub charset: Option<String>,
    /// How the page was answered.
    pub http: Option<HttpInfo>,
    /// When the page was fetched, RFC 3339.
    pub fetched_at: Option<String>,
    /// What relative times (`৩ ঘণ্টা আগে`) count from. Without it `fetched_at`
    /// serves; without either they date nothing.
    pub reference: Option<DateTime<FixedOffset>>,
    /// How the bytes are to be read.
    pub format: Format,
    /// The site rules to go by.
    pub sites: Sites,
    /// Whether the record is to hold all candidates.
    pub explain: bool,
}

impl Options {
    /// Options with embedded site rules and nothing known of the page.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with the page's address.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The same for flattened text.
    #[must_use]
    pub fn with_format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// The same with other site rules.
    #[must_use]
    pub fn with_sites(mut self, sites: Sites) -> Self {
        self.sites = sites;
        self
    }

    /// The instant that relative times count from.
    pub(crate) fn reference_instant(&self) -> Option<DateTime<FixedOffset>> {
        self.reference.or_else(|| {
            let fetched = self.fetched_at.as_deref()?;
            DateTime::parse_from_rfc3339(fetched).ok()
        })
    }
}
