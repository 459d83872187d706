//! The feeds, sitemaps and pages that brought articles of a site: what is asked
//! first next time, and conditionally.

use rusqlite::{Connection, params};

use super::config::ArchivedSite;
use super::pages;
use crate::discover::{Discovery, Known, SourceOutcome};
use crate::fetch::Validators;
use crate::mask_password;

/// Notes what brought articles. `whole`: all that was named was taken; else no
/// source may answer "unchanged" next time.
pub(crate) fn keep(db: &Connection, site: i64, discovery: &Discovery, whole: bool) -> rusqlite::Result<()> {
    for source in &discovery.sources {
        let SourceOutcome::Fresh { found: 1.. } = source.outcome else { continue };
        let validators = source.validators.clone().filter(|_| whole).unwrap_or_default();
        db.prepare_cached(
            "INSERT OR REPLACE INTO source (site, url, kind, etag, last_modified) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            site,
            mask_password(&source.url),
            source.kind.as_str(),
            validators.etag,
            validators.last_modified
        ])?;
    }
    Ok(())
}

/// Drops the sources that a new search had no use for. One that only failed for
/// the moment stays.
pub(crate) fn drop_useless(db: &Connection, site: i64, discovery: &Discovery) -> rusqlite::Result<()> {
    let stays: Vec<String> = discovery
        .sources
        .iter()
        .filter(|source| match &source.outcome {
            SourceOutcome::Fresh { found } => *found > 0,
            SourceOutcome::Unchanged => true,
            SourceOutcome::Failed(failure) => pages::may_pass(failure, true, 0),
        })
        .map(|source| mask_password(&source.url))
        .collect();
    let mut rows = db.prepare_cached("SELECT url FROM source WHERE site = ?1")?;
    let known = rows.query_map([site], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    for url in known.into_iter().filter(|url| !stays.contains(url)) {
        db.prepare_cached("DELETE FROM source WHERE site = ?1 AND url = ?2")?.execute(params![site, url])?;
    }
    Ok(())
}

/// The sources of a site. Passwords are not stored: an address that has one is
/// taken from the configuration.
pub(crate) fn load(
    db: &Connection,
    site: i64,
    archived: Option<&ArchivedSite>,
) -> rusqlite::Result<Vec<Known>> {
    let mut rows =
        db.prepare_cached("SELECT url, kind, etag, last_modified FROM source WHERE site = ?1 ORDER BY url")?;
    let rows = rows.query_map([site], |row| {
        let validators = Validators { etag: row.get(2)?, last_modified: row.get(3)? };
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, validators))
    })?;
    let mut known = Vec::new();
    for row in rows {
        let (url, kind, validators) = row?;
        let configured = archived
            .iter()
            .flat_map(|site| site.feeds.iter().chain(&site.sitemaps).chain(&site.pages))
            .find(|address| **address != url && mask_password(address) == url);
        if let Ok(kind) = kind.parse() {
            known.push(Known { url: configured.cloned().unwrap_or(url), kind, validators });
        }
    }
    Ok(known)
}
