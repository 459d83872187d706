//! Which of many host patterns fits an address, without a look at each.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use url::Url;

use super::rule::HostPattern;

/// Patterns by their host, each with the number of what it stands for.
#[derive(Debug)]
pub(super) struct ByHost {
    patterns: HashMap<String, Vec<(HostPattern, usize)>, RandomState>,
}

impl ByHost {
    /// Patterns, each with the number of what it stands for.
    pub(super) fn new<'h>(all: impl Iterator<Item = (&'h HostPattern, usize)>) -> Self {
        let mut patterns: HashMap<String, Vec<(HostPattern, usize)>, RandomState> = HashMap::default();
        for (pattern, number) in all {
            patterns.entry(pattern.host.clone()).or_default().push((pattern.clone(), number));
        }
        Self { patterns }
    }

    /// The longest fit of an address, as [`HostPattern::fit`] tells it, with what
    /// that stands for.
    pub(super) fn find(&self, url: &Url) -> Option<((usize, usize), usize)> {
        let host = url.host_str()?.to_ascii_lowercase();
        let labels = memchr::memchr_iter(b'.', host.as_bytes()).map(|dot| dot + 1);
        std::iter::once(0).chain(labels).find_map(|start| {
            let below = self.patterns.get(&host[start..])?;
            let fits = below.iter().filter_map(|(p, number)| Some((p.fit(&host, url.path())?, *number)));
            fits.reduce(super::longer)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::known;

    #[test]
    fn the_fit_is_that_of_a_look_at_each() {
        let patterns = || known::all().iter().map(|s| &s.host).enumerate();
        let by_host = ByHost::new(patterns().map(|(number, pattern)| (pattern, number)));
        let opens = ["", "www.", "m.x.", "not"];
        let paths = ["/", "/bengali/x", "/bangla", "/banglanews/1", "/bn/2"];
        let mut found = 0;
        for host in known::all().iter().map(|s| s.host.host.as_str()).chain(["com", "a.example"]) {
            for (open, path) in opens.iter().flat_map(|o| paths.iter().map(move |p| (o, p))) {
                let url = Url::parse(&format!("https://{open}{host}{path}")).unwrap();
                let each = |(n, p): (usize, &HostPattern)| Some((p.fit(url.host_str()?, url.path())?, n));
                let expected = patterns().filter_map(each).reduce(crate::sites::longer);
                assert_eq!(by_host.find(&url), expected, "{url}");
                found += usize::from(expected.is_some());
            }
        }
        assert!(found > 1000, "{found}");
    }
}
