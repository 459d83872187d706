//! What is searched: a site, where to begin, and what is known of its sources.

use url::Url;

use super::key::bare;
use super::scope::Scope;
use crate::fetch::{Address, AddressError};
use crate::sites::{HostPattern, SiteRule, Sites, bare_host, known};
use crate::tz::Tz;

/// The zone of a site of which none is known.
const USUAL_ZONE: Tz = Tz::DHAKA;

/// Why a text names no site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// The text is neither a host nor an address.
    #[error("{text:?} is no site: {reason}")]
    Address {
        /// The text as given, a password in it masked.
        text: String,
        /// What is wrong with it.
        reason: AddressError,
    },
    /// The text is a single word.
    #[error("{0:?} is no site: a host has a dot in it, such as \"prothomalo.com\"")]
    NoHost(String),
}

/// A site to look for articles on: a host (`prothomalo.com`), a rule's key
/// (`bbc.com/bengali`), or an address (a home or section page).
#[derive(Clone, Debug)]
pub struct Site {
    key: String,
    start: Url,
    /// Whether the scheme and host of `start` are a guess.
    guessed: bool,
    hosts: Vec<HostPattern>,
    zone: Tz,
    feeds: Vec<String>,
    sitemaps: Vec<String>,
    pages: Vec<String>,
}

impl Site {
    /// Reads a site's name and takes feeds, sitemaps and the extent of the
    /// site from its rule, if there is one.
    ///
    /// A host stands for itself and the hosts below it; with a path behind it
    /// (`bbc.com/bengali`) only what is below that path belongs to the site. An
    /// address says where the search begins and leaves nothing of its site
    /// out.
    ///
    /// # Errors
    /// [`SiteError`] where the text is no host and no http(s) address.
    pub fn parse(text: &str, sites: &Sites) -> Result<Self, SiteError> {
        let text = text.trim();
        let guessed = !text.contains("://");
        let address = if guessed { format!("https://{text}") } else { text.to_owned() };
        let address = Address::parse(&address)
            .map_err(|reason| SiteError::Address { text: crate::mask_password(text), reason })?;
        let start = address.url().clone();
        if guessed && !start.host_str().is_some_and(|h| h.contains(['.', ':'])) {
            return Err(SiteError::NoHost(text.to_owned()));
        }
        let rule = sites.find(&start);
        let host = bare(start.host_str().unwrap_or_default()).to_owned();
        let path = if guessed { start.path().trim_matches('/').to_owned() } else { String::new() };
        let own = HostPattern { host, path };
        let zone = rule.and_then(|r| r.zone).or_else(|| known::find(&start).map(|s| s.zone));
        let key = match rule {
            Some(rule) => rule.key.clone(),
            None if own.path.is_empty() => bare_host(&start).unwrap_or_default(),
            None => own.to_string(),
        };
        let list = |pick: fn(&SiteRule) -> &Vec<String>| rule.map(pick).cloned().unwrap_or_default();
        Ok(Self {
            key,
            guessed,
            hosts: rule.map_or_else(|| vec![own], |r| r.hosts.clone()),
            zone: zone.unwrap_or(USUAL_ZONE),
            feeds: list(|r| &r.feeds),
            sitemaps: list(|r| &r.sitemaps),
            pages: list(|r| &r.listings),
            start,
        })
    }

    /// The site's key: that of its rule, else its host without `www.`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where the search begins.
    pub fn start(&self) -> &Url {
        &self.start
    }

    /// The addresses at which the search may begin, the likeliest first: where
    /// only a host was given, its site may be at `www.` or without TLS.
    pub(super) fn starts(&self) -> Vec<Url> {
        let mut starts = vec![self.start.clone()];
        if self.guessed {
            let host = self.start.host_str().unwrap_or_default();
            let mut other = self.start.clone();
            if !host.starts_with("www.")
                && self.start.domain().is_some()
                && other.set_host(Some(&format!("www.{host}"))).is_ok()
            {
                starts.push(other);
            }
            let mut plain = self.start.clone();
            if plain.set_scheme("http").is_ok() {
                starts.push(plain);
            }
        }
        starts
    }

    pub(super) fn scope(&self) -> Scope {
        Scope::new(self.hosts.clone())
    }

    pub(super) fn zone(&self) -> Tz {
        self.zone
    }

    pub(super) fn feeds(&self) -> &[String] {
        &self.feeds
    }

    pub(super) fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }

    pub(super) fn pages(&self) -> &[String] {
        &self.pages
    }

    /// The same site with further feeds, which are asked first.
    #[must_use]
    pub fn with_feeds(mut self, feeds: Vec<String>) -> Self {
        self.feeds.splice(0..0, feeds);
        self
    }

    /// The same site with further sitemaps, which are asked first; `YYYY`,
    /// `MM` and `DD` in an address stand for a day.
    #[must_use]
    pub fn with_sitemaps(mut self, sitemaps: Vec<String>) -> Self {
        self.sitemaps.splice(0..0, sitemaps);
        self
    }

    /// The same site with further pages that list articles, which are asked
    /// first; `YYYY`, `MM` and `DD` in an address stand for a day. They are read
    /// where feeds and sitemaps bring nothing.
    #[must_use]
    pub fn with_pages(mut self, pages: Vec<String>) -> Self {
        self.pages.splice(0..0, pages);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_a_key_and_an_address_name_a_site() {
        let sites = Sites::embedded();
        let read = |text: &str| {
            let site = Site::parse(text, &sites).unwrap();
            (site.key().to_owned(), site.start().to_string())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(read("prothomalo.com"), pair("prothomalo.com", "https://prothomalo.com/"));
        assert_eq!(read("bbc.com/bengali"), pair("bbc.com/bengali", "https://bbc.com/bengali"));
        assert_eq!(
            read(" https://www.prothomalo.com/sports#x "),
            pair("prothomalo.com", "https://www.prothomalo.com/sports")
        );
        assert_eq!(read("www.ujan.example"), pair("ujan.example", "https://www.ujan.example/"));
        assert_eq!(read("ujan.example/bangla"), pair("ujan.example/bangla", "https://ujan.example/bangla"));
        assert_eq!(read("http://127.0.0.1:8000/"), pair("127.0.0.1", "http://127.0.0.1:8000/"));
    }

    #[test]
    fn what_is_no_site_is_refused() {
        for text in ["", "প্রথম আলো", "prothomalo", "ftp://a.example/", "https://"] {
            assert!(Site::parse(text, &Sites::none()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_users_sources_come_before_the_rules() {
        let site = Site::parse("prothomalo.com", &Sites::embedded())
            .unwrap()
            .with_feeds(vec!["https://ujan.example/1".to_owned(), "https://ujan.example/2".to_owned()]);
        assert_eq!(site.feeds[..2], ["https://ujan.example/1", "https://ujan.example/2"]);
        assert!(site.feeds.len() > 2);
    }
}
