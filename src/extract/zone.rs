//! The zone of the clocks that a page displays.

use chrono::{DateTime, FixedOffset};
use url::Url;

use super::context::Cx;
use super::key;
use super::timestamp::Clock;
use crate::sites::{SiteRule, Sites, known};
use crate::tz::Tz;

/// How clocks on a page are to be read: the rule's zone, else that of the
/// country in the host, else that of the language.
pub fn clock(cx: &Cx<'_>, language: &str, reference: Option<DateTime<FixedOffset>>) -> Clock {
    let by_rule = cx.rule.and_then(|r| r.zone);
    let by_host = cx.url.as_ref().and_then(host_zone);
    let by_language = language_zone(language);
    Clock { zone: by_rule.or(by_host).or(by_language), sure: by_rule.or(by_host).is_some(), reference }
}

/// The same for flattened text, where the publisher's name may be all there is.
pub fn by_name_or_language(
    text: &str,
    rule: Option<&SiteRule>,
    sites: &Sites,
    url: Option<&Url>,
    language: &str,
) -> Option<Tz> {
    if let Some(zone) = rule.and_then(|r| r.zone).or_else(|| url.and_then(host_zone)) {
        return Some(zone);
    }
    // A publisher named in the head or the imprint of the text.
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let ends = lines.iter().take(8).chain(lines.iter().rev().take(3)).filter(|l| l.chars().count() < 90);
    let ends: Vec<String> = ends.map(|l| key(l)).collect();
    let stands_there = |name: &str| {
        let name = key(name);
        name.chars().count() >= 5 && ends.iter().any(|l| format!(" {l} ").contains(&format!(" {name} ")))
    };
    let by_rule = sites.iter().find(|r| r.publisher.iter().chain(&r.names).any(|n| stands_there(n)));
    let by_table = || known::all().iter().find(|s| stands_there(s.name)).map(|s| s.zone);
    by_rule.and_then(|r| r.zone).or_else(by_table).or(language_zone(language))
}

fn host_zone(url: &Url) -> Option<Tz> {
    if let Some(site) = known::find(url) {
        return Some(site.zone);
    }
    let host = url.host_str()?;
    match host.rsplit('.').next()? {
        "bd" => Some(Tz::DHAKA),
        "in" => Some(Tz::KOLKATA),
        _ => None,
    }
}

fn language_zone(language: &str) -> Option<Tz> {
    (language == "bn").then_some(Tz::DHAKA)
}
