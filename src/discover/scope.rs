//! What belongs to a site: its hosts, and the path below which an edition
//! keeps its articles.

use url::Url;

use super::key::bare;
use crate::fetch::MAX_URL_BYTES;
use crate::sites::HostPattern;

/// The extent of a site.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    hosts: Vec<HostPattern>,
}

impl Scope {
    /// Of hosts with their subdomains, each below its path.
    pub(super) fn new(hosts: Vec<HostPattern>) -> Self {
        Self { hosts }
    }

    /// Whether an address belongs to the site and is one that can be asked for.
    pub(super) fn has(&self, url: &Url) -> bool {
        if url.as_str().len() > MAX_URL_BYTES {
            return false;
        }
        let Some(host) = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")) else {
            return false;
        };
        let host = host.strip_suffix('.').unwrap_or(host);
        self.hosts.iter().any(|pattern| pattern.fit(host, url.path()).is_some())
    }

    /// Takes in the host to which the site's start page has moved.
    pub(super) fn moved_to(&mut self, url: &Url) {
        let host = bare(url.host_str().unwrap_or_default()).to_owned();
        if !host.is_empty() && !self.hosts.iter().any(|p| p.fit(&host, &format!("/{}", p.path)).is_some()) {
            let path = self.hosts.first().map_or_else(String::new, |p| p.path.clone());
            self.hosts.push(HostPattern { host, path });
        }
    }

    /// The path below which the site is, without slashes at its ends.
    pub(super) fn path(&self) -> &str {
        self.hosts.first().map_or("", |p| p.path.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_its_hosts_below_its_path() {
        let mut scope = Scope::new(vec![HostPattern { host: "a.example".into(), path: "bn".into() }]);
        let has = |scope: &Scope, u: &str| scope.has(&Url::parse(u).unwrap());
        assert!(has(&scope, "https://www.a.example/bn/1") && has(&scope, "http://a.example./bn/1"));
        assert!(!has(&scope, "https://a.example/en/1") && !has(&scope, "https://aa.example/bn/1"));
        assert!(!has(&scope, "ftp://a.example/bn/1") && !has(&scope, "mailto:x@a.example"));
        scope.moved_to(&Url::parse("https://www.b.example/").unwrap());
        assert!(has(&scope, "https://m.b.example/bn/2") && !has(&scope, "https://b.example/en/2"));
    }
}
