//! `khobor sites`: the known sites and their rules; checking a rule file.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, anyhow};

use super::args::{SitesArgs, SitesCommand};
use super::{Exit, Stop, packed, record};
use crate::options::Options;
use crate::page::{Page, Selector, charset};
use crate::sites::{Era, SiteRule, Sites};

/// Runs the command.
pub fn run(args: &SitesArgs) -> Result<Exit, Stop> {
    let (text, exit) = match &args.command {
        None => (list(&record::sites(args.sites.as_deref(), false)?), Exit::Success),
        Some(SitesCommand::Check { rule, page, url }) => check(rule, page.as_deref(), url.as_deref())?,
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|e| Stop::of_output(e, "standard output"))?;
    Ok(exit)
}

/// One line a site: key, name, zone, eras, whether a case proves the rule.
fn list(sites: &Sites) -> String {
    let mut out = String::new();
    let mut rules: Vec<&SiteRule> = sites.iter().collect();
    rules.sort_by(|a, b| a.key.cmp(&b.key));
    for rule in rules {
        let eras: Vec<&str> = rule.eras.iter().map(|e| e.name.as_str()).collect();
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}",
            rule.key,
            rule.publisher.as_deref().unwrap_or("-"),
            rule.zone.map_or("-", |z| z.name()),
            if rule.unverified { "unverified" } else { "verified" },
            eras.join(", "),
        );
    }
    out
}

fn check(path: &Path, page: Option<&Path>, url: Option<&str>) -> Result<(String, Exit), Stop> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))
        .map_err(Stop::Usage)?;
    let rule = SiteRule::parse(&text).map_err(|e| Stop::Usage(anyhow!("{}: {e}", path.display())))?;
    let mut out = String::new();
    let hosts: Vec<String> = rule.hosts.iter().map(ToString::to_string).collect();
    let _ = writeln!(out, "{}: a rule for {}, {} eras", path.display(), hosts.join(", "), rule.eras.len());
    let Some(page) = page else { return Ok((out, Exit::Success)) };
    let bytes = packed::read_file(page)
        .with_context(|| format!("{} cannot be read", page.display()))
        .map_err(Stop::Usage)?;
    if bytes.len() > crate::MAX_PAGE_BYTES {
        return Err(Stop::Usage(anyhow!("{}: larger than a page may be", page.display())));
    }
    let decoded = charset::decode(&bytes, None);
    let parsed = Page::parse(&*decoded.text).map_err(|e| Stop::Usage(anyhow!("{}: {e}", page.display())))?;
    let mut taken = None;
    for era in &rule.eras {
        let hits = selectors(era)
            .into_iter()
            .map(|(name, s)| (name, s, parsed.doc.select(s).count()))
            .collect::<Vec<_>>();
        let fits = match &era.when {
            Some(when) => parsed.doc.select(when).next().is_some(),
            None => hits.iter().any(|(name, _, n)| *name == "body" && *n > 0),
        };
        let _ = writeln!(
            out,
            "era {:?}{}",
            era.name,
            if fits && taken.is_none() { ", taken for this page" } else { "" }
        );
        for (name, selector, found) in &hits {
            let _ = writeln!(out, "  {name:<12} {found:>4}  {}", selector.as_str());
        }
        if fits && taken.is_none() {
            taken = Some(hits.iter().filter(|(n, _, found)| *found == 0 && *n != "drop").count());
        }
    }
    let missed = match taken {
        None => {
            let _ = writeln!(out, "no era fits the page: its markup is another one than the rule knows");
            true
        }
        Some(_) => false,
    };
    record_of_page(&rule, &bytes, url, page, &mut out);
    Ok((out, if missed { Exit::SomeFailed } else { Exit::Success }))
}

/// The record that the rule gives, as the fields a person checks first.
fn record_of_page(rule: &SiteRule, bytes: &[u8], url: Option<&str>, page: &Path, out: &mut String) {
    let address = url.map_or_else(|| format!("https://{}/stored-page", rule.key), str::to_owned);
    let options = Options::new().with_sites(Sites::from_rules(vec![rule.clone()])).with_url(address);
    match crate::extract(bytes, &options) {
        Ok(article) => {
            for (name, value) in [
                ("headline", article.headline),
                ("byline", article.byline),
                ("published_at", article.published_at),
                ("modified_at", article.modified_at),
                ("section", article.section),
            ] {
                let _ = writeln!(out, "{name:<14} {}", value.as_deref().unwrap_or("null"));
            }
            let _ =
                writeln!(out, "{:<14} {} blocks, {} words", "body", article.blocks.len(), article.word_count);
            let _ = writeln!(out, "{:<14} {} links", "related", article.related.len());
            for warning in article.warnings {
                let _ = writeln!(out, "{:<14} {}: {}", "warning", warning.code.as_str(), warning.detail);
            }
        }
        Err(failure) => {
            let _ = writeln!(out, "{}: {failure}", page.display());
        }
    }
}

fn selectors(era: &Era) -> Vec<(&'static str, &Selector)> {
    let f = &era.fields;
    [
        ("headline", &f.headline),
        ("kicker", &f.kicker),
        ("subheadline", &f.subheadline),
        ("byline", &f.byline),
        ("published", &f.published),
        ("modified", &f.modified),
        ("section", &f.section),
        ("tags", &f.tags),
        ("body", &f.body),
        ("drop", &f.drop),
        ("captions", &f.captions),
        ("related", &f.related),
    ]
    .into_iter()
    .flat_map(|(name, list)| list.iter().map(move |s| (name, s)))
    .collect()
}
