//! The rule file: what is known of one site.
//!
//! A rule names hosts, selectors and words; it never holds code and never
//! mentions an article. Every key is documented in CONTRIBUTING; an unknown
//! key is an error with its line, so that a typing mistake does not pass for a
//! rule that finds nothing.

use serde::Deserialize;

use crate::page::Selector;
use crate::tz::Tz;

/// The value of the key `rule` that this version reads.
pub const RULE_FORMAT: &str = "khobor.site/1";

/// What is known of one site.
#[derive(Clone, Debug)]
pub struct SiteRule {
    /// The site's key: its first host, with the path prefix if it has one.
    pub key: String,
    /// Host suffixes, each with an optional path prefix.
    pub hosts: Vec<HostPattern>,
    /// The publication's name, as it displays it.
    pub publisher: Option<String>,
    /// Other forms of the name, as they stand in titles and credits.
    pub names: Vec<String>,
    /// The zone of the clocks that the site displays.
    pub zone: Option<Tz>,
    /// Words that mark a publication time on this site.
    pub publish_labels: Vec<String>,
    /// Words that mark an update time on this site.
    pub update_labels: Vec<String>,
    /// Whether no case folder proves the rule: then the generic way outvotes
    /// it. An era can say otherwise of itself.
    pub unverified: bool,
    /// Addresses of feeds.
    pub feeds: Vec<String>,
    /// Addresses of sitemaps; `YYYY`, `MM` and `DD` stand for a day.
    pub sitemaps: Vec<String>,
    /// Addresses of pages that list articles, for a site without feeds and
    /// sitemaps; `YYYY`, `MM` and `DD` stand for a day.
    pub listings: Vec<String>,
    /// The markup of the site in its successive forms, newest first.
    pub eras: Vec<Era>,
}

/// A host suffix, with a path prefix where one host has several editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    /// The host without `www.`; its subdomains belong to it.
    pub host: String,
    /// The path prefix without a slash at its ends; empty for the whole host.
    pub path: String,
}

/// One form of a site's markup.
#[derive(Clone, Debug)]
pub struct Era {
    /// A name for people, such as the years or the content system.
    pub name: String,
    /// The era is taken where this matches; without it, where one of the other
    /// selectors does.
    pub when: Option<Selector>,
    /// Whether no case folder proves this era.
    pub unverified: bool,
    /// Selectors for fields.
    pub fields: Selectors,
}

/// Selectors for fields, each in order of preference.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // the names are those of the record's fields
pub struct Selectors {
    pub headline: Vec<Selector>,
    pub kicker: Vec<Selector>,
    pub subheadline: Vec<Selector>,
    pub byline: Vec<Selector>,
    pub published: Vec<Selector>,
    pub modified: Vec<Selector>,
    pub section: Vec<Selector>,
    pub tags: Vec<Selector>,
    pub body: Vec<Selector>,
    /// Elements inside the body that are none of it.
    pub drop: Vec<Selector>,
    pub captions: Vec<Selector>,
    pub related: Vec<Selector>,
}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RuleError {
    /// What is wrong, with the line where that is known.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    rule: String,
    hosts: Vec<String>,
    publisher: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    zone: Option<String>,
    #[serde(default)]
    unverified: bool,
    #[serde(default)]
    feeds: Vec<String>,
    #[serde(default)]
    sitemaps: Vec<String>,
    #[serde(default)]
    listings: Vec<String>,
    #[serde(default)]
    labels: RawLabels,
    #[serde(default, rename = "era")]
    eras: Vec<RawEra>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLabels {
    #[serde(default)]
    publish: Vec<String>,
    #[serde(default)]
    update: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEra {
    name: String,
    when: Option<String>,
    unverified: Option<bool>,
    #[serde(default)]
    headline: Vec<String>,
    #[serde(default)]
    kicker: Vec<String>,
    #[serde(default)]
    subheadline: Vec<String>,
    #[serde(default)]
    byline: Vec<String>,
    #[serde(default)]
    published: Vec<String>,
    #[serde(default)]
    modified: Vec<String>,
    #[serde(default)]
    section: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    body: Vec<String>,
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    captions: Vec<String>,
    #[serde(default)]
    related: Vec<String>,
}

impl SiteRule {
    /// Reads a rule file.
    ///
    /// # Errors
    ///
    /// What is wrong with it: TOML syntax, an unknown key, a selector or zone
    /// that cannot be read, no host.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let raw: RawRule =
            toml::from_str(text).map_err(|e| RuleError { message: e.to_string().trim_end().to_owned() })?;
        if raw.rule != RULE_FORMAT {
            return fail(format!(
                "rule = {:?} is not {RULE_FORMAT:?}, the format that this version reads",
                raw.rule
            ));
        }
        let hosts: Vec<HostPattern> =
            raw.hosts.iter().map(|h| HostPattern::parse(h)).collect::<Result<_, _>>()?;
        let Some(key) = hosts.first().map(HostPattern::to_string) else {
            return fail("hosts is empty: name at least one".to_owned());
        };
        let zone = raw
            .zone
            .map(|name| {
                name.parse::<Tz>()
                    .map_err(|_| RuleError { message: format!("zone {name:?} is no IANA time zone name") })
            })
            .transpose()?;
        let eras = raw.eras.into_iter().map(|e| Era::compile(e, raw.unverified)).collect::<Result<_, _>>()?;
        Ok(Self {
            key,
            hosts,
            publisher: raw.publisher,
            names: raw.names,
            zone,
            publish_labels: raw.labels.publish,
            update_labels: raw.labels.update,
            unverified: raw.unverified,
            feeds: raw.feeds,
            sitemaps: raw.sitemaps,
            listings: raw.listings,
            eras,
        })
    }
}

fn fail<T>(message: String) -> Result<T, RuleError> {
    Err(RuleError { message })
}

impl HostPattern {
    /// Reads a pattern such as `example.com/bangla`.
    ///
    /// # Errors
    ///
    /// The text is no host name.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let (host, path) = text.split_once('/').unwrap_or((text, ""));
        let host = host.trim_start_matches("www.").to_ascii_lowercase();
        let fine = host.contains('.')
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
            && !host.starts_with('.');
        if !fine {
            return fail(format!(
                "host {text:?} is no host name: write it without scheme, such as \"prothomalo.com\""
            ));
        }
        Ok(Self { host, path: path.trim_matches('/').to_owned() })
    }

    /// The patterns that a rule file lists, read without the rest of it: from
    /// the line `hosts = ["…", "…"]`, as embedded files have it.
    pub(super) fn listed_in(text: &str) -> Option<Vec<Self>> {
        let list = text.lines().find_map(|line| line.strip_prefix("hosts = ["))?;
        list.split('"').skip(1).step_by(2).map(|host| Self::parse(host).ok()).collect()
    }

    /// How well the pattern fits an address: `None` where it does not, else
    /// the lengths of what fits, to be compared.
    pub fn fit(&self, host: &str, path: &str) -> Option<(usize, usize)> {
        let below =
            host.strip_suffix(self.host.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let path = path.trim_start_matches('/');
        let inside = self.path.is_empty()
            || path
                .strip_prefix(self.path.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        (below && inside).then_some((self.host.len(), self.path.len()))
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.host)?;
        if !self.path.is_empty() {
            write!(f, "/{}", self.path)?;
        }
        Ok(())
    }
}

impl Era {
    fn compile(raw: RawEra, unverified: bool) -> Result<Self, RuleError> {
        let name = raw.name;
        let unverified = raw.unverified.unwrap_or(unverified);
        let compile = |field: &str, list: Vec<String>| -> Result<Vec<Selector>, RuleError> {
            list.iter()
                .map(|s| {
                    Selector::new(s).map_err(|e| RuleError { message: format!("era {name:?}, {field}: {e}") })
                })
                .collect()
        };
        Ok(Self {
            when: compile("when", raw.when.into_iter().collect())?.pop(),
            fields: Selectors {
                headline: compile("headline", raw.headline)?,
                kicker: compile("kicker", raw.kicker)?,
                subheadline: compile("subheadline", raw.subheadline)?,
                byline: compile("byline", raw.byline)?,
                published: compile("published", raw.published)?,
                modified: compile("modified", raw.modified)?,
                section: compile("section", raw.section)?,
                tags: compile("tags", raw.tags)?,
                body: compile("body", raw.body)?,
                drop: compile("drop", raw.drop)?,
                captions: compile("captions", raw.captions)?,
                related: compile("related", raw.related)?,
            },
            name,
            unverified,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"
rule = "khobor.site/1"
hosts = ["example.com/bangla", "ujan.example"]
publisher = "উজান"
zone = "Asia/Dhaka"

[[era]]
name = "2024"
headline = ["h1.title"]
body = ["div#content"]
"#;

    #[test]
    fn reads_a_rule() {
        let rule = SiteRule::parse(RULE).unwrap();
        assert_eq!(rule.key, "example.com/bangla");
        assert_eq!(rule.zone, Some(Tz::DHAKA));
        assert_eq!(rule.eras[0].fields.body[0].as_str(), "div#content");
        assert!(!rule.unverified);
    }

    #[test]
    fn mistakes_are_named() {
        for (from, to, expected) in [
            ("publisher", "publischer", "line 4"),
            ("Asia/Dhaka", "Asia/Daka", "Asia/Daka"),
            ("div#content", "div#", "div#"),
            ("khobor.site/1", "khobor.site/9", "khobor.site/1"),
            ("example.com/bangla", "https://example.com", "without scheme"),
        ] {
            let error = SiteRule::parse(&RULE.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_pattern_fits_its_host_subdomains_and_path() {
        let pattern = HostPattern::parse("example.com/bangla").unwrap();
        assert!(pattern.fit("example.com", "/bangla/1").is_some());
        assert!(pattern.fit("m.example.com", "/bangla").is_some());
        assert_eq!(pattern.fit("example.com", "/banglanews/1"), None);
        assert_eq!(pattern.fit("notexample.com", "/bangla/1"), None);
    }
}
