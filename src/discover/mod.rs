//! Where a site's new articles are: feeds, sitemaps and pages with lists of
//! links, through the fetcher.
//!
//! The room turns a [`Site`] into addresses of articles, newest first, and
//! says of every source what came of it, so that a later search can ask the
//! useful ones again, conditionally. It knows the formats in which sites list
//! their articles; it knows nothing of where anything is stored.
//!
//! * `site`, `scope`: what is searched, and what belongs to it;
//! * `key`: when two addresses are one article;
//! * `search`, `index`: which sources are asked, in which order, until when;
//! * `ask`: one request, and what of its answer is an article;
//! * `document`, `xml`, `feed`, `sitemap`, `listing`: what an answer lists;
//! * `shape`: what addresses of articles look like;
//! * `date`, `days`: dates as sources and names of sitemaps write them;
//! * `gather`: one list out of all that was found.

mod ask;
mod date;
mod days;
mod document;
mod feed;
mod gather;
mod index;
mod key;
mod listing;
mod scope;
mod search;
mod shape;
mod site;
mod sitemap;
mod xml;

#[cfg(test)]
mod tests;

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use key::article_key;
pub use site::{Site, SiteError};

use ask::Search;

use crate::failure::Failure;
use crate::fetch::{Fetcher, Validators};

/// What a search may cost and what it looks for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// Articles that are dated before this are left out; those of which no
    /// date is known stay. A search from the beginning asks older sitemaps back
    /// to this; without it, and where sources are known, only the newest are
    /// asked, of those that are named by days today's and yesterday's.
    pub since: Option<DateTime<Utc>>,
    /// The time that counts as now: which day's sitemap is asked for, and
    /// which dates cannot be.
    pub now: DateTime<Utc>,
    /// The most addresses that are asked for, redirects, retries and
    /// robots.txt not counted.
    pub max_sources: usize,
    /// The most articles that are given; the newest stay.
    pub max_urls: usize,
}

impl Plan {
    /// The usual search at a time: 20 requests, 1,000 articles, from whenever.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { since: None, now, max_sources: 20, max_urls: 1_000 }
    }
}

/// In what form a source lists articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// RSS, RDF, Atom or a JSON feed.
    Feed,
    /// A sitemap or an index of sitemaps.
    Sitemap,
    /// A page that lists articles, such as a section's.
    Listing,
    /// The page at which the search began.
    Home,
}

impl SourceKind {
    /// The kind as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Listing => "listing",
            Self::Home => "home",
        }
    }
}

impl std::fmt::Display for SourceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no [`SourceKind`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of source: feed, sitemap, listing or home")]
pub struct SourceKindError(String);

impl FromStr for SourceKind {
    type Err = SourceKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Feed, Self::Sitemap, Self::Listing, Self::Home]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| SourceKindError(text.to_owned()))
    }
}

/// A source that brought articles before: asked first, conditionally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its address.
    pub url: String,
    /// What it was.
    pub kind: SourceKind,
    /// What its last answer said of its version.
    pub validators: Validators,
}

/// An article that a source names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its address, without fragment and without parameters that only count
    /// visits.
    pub url: String,
    /// What identifies it: see [`article_key`].
    pub key: String,
    /// Its title, where the source gives one: normalised text.
    pub title: Option<String>,
    /// When it was published or, where only that is given, changed: RFC 3339
    /// with the offset that the source gives, or `YYYY-MM-DD` where only the
    /// day is known.
    pub date: Option<String>,
    /// The address of the source.
    pub source: String,
    /// What the source is.
    pub kind: SourceKind,
}

/// What came of asking a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceReport {
    /// Its address, as it was asked for.
    pub url: String,
    /// What it is; what it was taken for where it failed.
    pub kind: SourceKind,
    /// How it went.
    pub outcome: SourceOutcome,
    /// What its answer says of its version, for [`Known`].
    pub validators: Option<Validators>,
}

/// How asking a source went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceOutcome {
    /// It answered.
    Fresh {
        /// How many articles of the site it names, whatever their date; of an
        /// index, the number that the sitemaps below it name. 0 for a home page
        /// that was read for the feeds it names only.
        found: usize,
    },
    /// It has not changed since it was last asked (304).
    Unchanged,
    /// It cannot be used.
    Failed(Failure),
}

/// What a search brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// The articles, newest first, those without a date last in the order of
    /// their source; none twice by key.
    pub found: Vec<Found>,
    /// All sources in the order in which they were asked. Addresses that were
    /// only guessed and are not there are left out.
    pub sources: Vec<SourceReport>,
}

impl Discovery {
    /// Whether no source answered usably: none named an article of the site,
    /// and none was unchanged.
    pub fn is_failed(&self) -> bool {
        !self.sources.iter().any(|source| match source.outcome {
            SourceOutcome::Fresh { found } => found > 0,
            SourceOutcome::Unchanged => true,
            SourceOutcome::Failed(_) => false,
        })
    }
}

/// Searches a site for articles.
///
/// With `known` sources only those are asked, conditionally, and the site's
/// sitemaps that are named by days; where none of them is usable, and where
/// none is known, the site is searched: the feeds and sitemaps of its rule and
/// of the user, the feeds that its start page links, the sitemaps of its
/// robots.txt; where these bring nothing, well-known addresses; where those
/// bring nothing either, links on its pages.
///
/// Every request obeys the fetcher's rules and pace. Failures of sources are
/// in the report and never end the search.
pub async fn discover(fetcher: &Fetcher, site: &Site, plan: &Plan, known: &[Known]) -> Discovery {
    let mut search = Search::new(fetcher, site, plan, known);
    if known.is_empty() || !search.ask_known(known).await {
        search.search().await;
    }
    let Search { batches, reports, .. } = search;
    Discovery { found: gather::gather(batches, site.zone(), plan), sources: reports }
}
