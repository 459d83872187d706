//! Which sites are known, and which rule an address falls under.
//!
//! Rules are data: TOML files, embedded into the program or given by the user.
//! This room finds the rule of an address; what a rule's selectors are worth
//! against the generic way is decided in `extract/`.

mod by_host;
mod embedded;
pub mod known;
mod rule;

use std::path::Path;
use std::sync::Arc;

use url::Url;

pub use rule::{Era, HostPattern, RULE_FORMAT, RuleError, Selectors, SiteRule};

/// A set of rules. Cheap to clone; embedded rules are compiled when first
/// looked at.
#[derive(Clone, Debug)]
pub struct Sites {
    own: Arc<[SiteRule]>,
    embedded: bool,
}

/// Why a folder of rules could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SitesError {
    /// The folder or a file in it could not be read.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is no rule.
    #[error("{path}: {error}")]
    Rule {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: RuleError,
    },
}

impl Default for Sites {
    fn default() -> Self {
        Self::embedded()
    }
}

impl Sites {
    /// The rules that come with the program.
    pub fn embedded() -> Self {
        Self { own: Arc::from([]), embedded: true }
    }

    /// No rules: the generic way alone.
    pub fn none() -> Self {
        Self { own: Arc::from([]), embedded: false }
    }

    /// The embedded rules, with those of a folder's `.toml` files added; a rule
    /// for the same host and path as an embedded one takes its place.
    ///
    /// # Errors
    ///
    /// The folder cannot be read, or a file in it is no rule.
    pub fn with_dir(dir: &Path) -> Result<Self, SitesError> {
        let io = |path: &Path| {
            let path = path.display().to_string();
            move |error| SitesError::Io { path, error }
        };
        let mut files: Vec<_> = std::fs::read_dir(dir)
            .map_err(io(dir))?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(io(dir))?;
        files.retain(|p| p.extension().is_some_and(|e| e == "toml"));
        files.sort();
        let mut rules = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file).map_err(io(&file))?;
            rules.push(
                SiteRule::parse(&text)
                    .map_err(|error| SitesError::Rule { path: file.display().to_string(), error })?,
            );
        }
        Ok(Self { own: rules.into(), embedded: true })
    }

    /// Rules given as values, without the embedded ones.
    pub fn from_rules(rules: Vec<SiteRule>) -> Self {
        Self { own: rules.into(), embedded: false }
    }

    /// All rules: the user's first.
    pub fn iter(&self) -> impl Iterator<Item = &SiteRule> {
        let embedded = if self.embedded { embedded::rules() } else { &[] };
        self.own.iter().chain(embedded.iter().filter_map(embedded::Embedded::rule))
    }

    /// The rule of an address: the one with the longest host and then path
    /// that fits; the user's before an embedded one.
    pub fn find(&self, url: &Url) -> Option<&SiteRule> {
        let host = url.host_str()?.to_ascii_lowercase();
        let path = url.path();
        let fit = |hosts: &[HostPattern]| hosts.iter().filter_map(|h| h.fit(&host, path)).max();
        let own = self.own.iter().filter_map(|rule| Some((fit(&rule.hosts)?, rule))).reduce(longer);
        let embedded = if self.embedded { embedded::find(url) } else { None };
        match (own, embedded) {
            (Some((own, rule)), embedded) if embedded.is_none_or(|(fit, _)| own >= fit) => Some(rule),
            (_, embedded) => embedded?.1.rule(),
        }
    }
}

/// The longer fit, the first among equals.
fn longer<T>(one: ((usize, usize), T), other: ((usize, usize), T)) -> ((usize, usize), T) {
    if other.0 > one.0 { other } else { one }
}

/// The host of an address without `www.`: the key of a site without a rule.
pub fn bare_host(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    Some(host.strip_prefix("www.").unwrap_or(&host).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_rule_reads() {
        for (name, text) in embedded::FILES {
            let rule = SiteRule::parse(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(format!("{}.toml", rule.key.replace('/', "_")), *name);
            assert!(rule.publisher.is_some() && rule.zone.is_some(), "{name}");
            let listed = embedded::rules().iter().find(|e| e.hosts == rule.hosts);
            assert_eq!(listed.and_then(|e| e.rule()).map(|r| &r.key), Some(&rule.key), "{name}");
        }
    }

    #[test]
    fn the_longest_fit_wins_and_the_user_before_the_program() {
        let rule = |host: &str| {
            SiteRule::parse(&format!("rule = \"khobor.site/1\"\nhosts = [\"{host}\"]\n")).unwrap()
        };
        let sites = Sites::from_rules(vec![rule("a.example"), rule("a.example/bn"), rule("x.a.example")]);
        let key = |url: &str| sites.find(&Url::parse(url).unwrap()).map(|r| r.key.clone());
        assert_eq!(key("https://www.a.example/1").as_deref(), Some("a.example"));
        assert_eq!(key("https://a.example/bn/1").as_deref(), Some("a.example/bn"));
        assert_eq!(key("https://x.a.example/bn/1").as_deref(), Some("x.a.example"));
        assert_eq!(key("https://b.example/"), None);
    }
}
