//! Sites of which name and zone are known, with or without a rule.
//!
//! The zone of a displayed clock cannot be seen on the page, and a rule is for
//! markup; so this table stands apart and serves the generic way too.

use std::sync::{LazyLock, OnceLock};

use url::Url;

use super::by_host::ByHost;
use super::rule::HostPattern;
use crate::tz::Tz;

/// A site whose name and zone are known.
#[derive(Clone, Debug)]
pub struct KnownSite {
    /// Its host, with a path prefix where one host has several editions.
    pub host: HostPattern,
    /// Its name, as it displays it.
    pub name: &'static str,
    /// The zone of the clocks that it displays.
    pub zone: Tz,
}

const TABLE: &str = include_str!("known.tsv");

/// All known sites.
pub fn all() -> &'static [KnownSite] {
    static SITES: OnceLock<Vec<KnownSite>> = OnceLock::new();
    SITES.get_or_init(|| TABLE.lines().filter_map(read_line).collect())
}

/// The known site of an address: the longest host and path that fit.
pub fn find(url: &Url) -> Option<&'static KnownSite> {
    static BY_HOST: LazyLock<ByHost> =
        LazyLock::new(|| ByHost::new(all().iter().zip(0..).map(|(s, i)| (&s.host, i))));
    let (_, index) = BY_HOST.find(url)?;
    all().get(index)
}

fn read_line(line: &'static str) -> Option<KnownSite> {
    let mut fields = line.split('\t');
    let host = fields.next().filter(|h| !h.starts_with('#'))?;
    let (name, zone) = (fields.next()?, fields.next()?);
    Some(KnownSite { host: HostPattern::parse(host).ok()?, name, zone: zone.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_reads() {
        let lines = TABLE.lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(all().len(), lines);
    }

    #[test]
    fn editions_of_one_host_are_told_apart() {
        let zone = |u: &str| find(&Url::parse(u).unwrap()).map(|s| s.zone);
        assert_eq!(zone("https://zeenews.india.com/bengali/x_1.html"), Some(Tz::KOLKATA));
        assert_eq!(zone("https://zeenews.india.com/hindi/x_1.html"), None);
        assert_eq!(zone("https://m.prothomalo.com/x"), Some(Tz::DHAKA));
    }
}
