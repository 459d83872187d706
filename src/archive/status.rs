//! How the sites of an archive are doing, and whether somebody should look.
//!
//! Each site is measured against itself: the share of its articles that have a
//! field, now and in the 30 days before. A fall beyond the threshold means
//! that the site changed its markup, which no single failure would tell.

use chrono::{DateTime, Days, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::clock::{Clock, day, day_number, rfc3339};
use super::revisions::FIELDS;
use super::{Archive, ArchiveError, Tally};

/// The days before the latest that a site is measured against.
const BEFORE: u64 = 30;

/// The latest articles are those of so many days at most.
const LATEST: u64 = 3;

/// The share of pages that became articles, beside the fields' own rates.
const ARTICLES: &str = "articles";

/// How an archive is doing.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// The time that counts as now, RFC 3339.
    pub at: String,
    /// Addresses that were ever found.
    pub pages: u64,
    /// Articles, those that were taken down included.
    pub articles: u64,
    /// Revisions of them.
    pub revisions: u64,
    /// Bytes of the WARC files.
    pub warc_bytes: u64,
    /// The configured sites, in the configuration's order.
    pub sites: Vec<SiteStatus>,
}

impl Status {
    /// All alarms, with their sites.
    pub fn alarms(&self) -> impl Iterator<Item = (&str, &Alarm)> {
        self.sites.iter().flat_map(|site| site.alarms.iter().map(|alarm| (site.site.as_str(), alarm)))
    }
}

/// How a site is doing.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SiteStatus {
    /// The site's key.
    pub site: String,
    /// When it last brought anything, RFC 3339.
    pub succeeded_at: Option<String>,
    /// Its looks in the last 24 hours, counted by days of the archive's zone.
    pub last_day: Tally,
    /// Pages that are to be looked at.
    pub due: u64,
    /// The fill rates of its fields.
    pub rates: Vec<Rate>,
    /// What somebody should look at.
    pub alarms: Vec<Alarm>,
}

/// The fill rate of a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Rate {
    /// The field; `time_of_day` for a publication time to the minute, and
    /// `articles` for the share of pages that are articles.
    pub field: &'static str,
    /// The share among the latest articles, as a part of 1; `null` where there
    /// are too few to say.
    pub latest: Option<f64>,
    /// The share in the 30 days before them.
    pub before: Option<f64>,
}

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Alarm {
    /// A field is filled much less often than before: the site changed its
    /// markup.
    Drift {
        /// The field; see [`Rate::field`].
        field: &'static str,
        /// The share among the latest articles.
        latest: f64,
        /// The share before.
        before: f64,
        /// A page that lacks the field.
        example: Option<String>,
    },
    /// The site has brought nothing for longer than it may.
    Silent {
        /// When it last did; `null`: never.
        since: Option<String>,
    },
}

/// Tells how an archive is doing at a time (now, without one).
///
/// # Errors
/// The archive cannot be read.
pub fn status(archive: &Archive, now: Option<DateTime<Utc>>) -> Result<Status, ArchiveError> {
    let now = Clock::new(now).now();
    let db = &archive.db;
    let count = |sql: &str| -> rusqlite::Result<u64> {
        db.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))
            .map(|n| n.unwrap_or_default().unsigned_abs())
    };
    let generation = archive.generation;
    let mut sites = Vec::new();
    for (row, site) in archive.sites()? {
        sites.push(of_site(archive, row, site.key(), now)?);
    }
    Ok(Status {
        at: rfc3339(now.timestamp()),
        pages: count("SELECT count(*) FROM page")?,
        articles: count(&format!(
            "SELECT count(*) FROM revision WHERE generation = {generation} AND number = 1"
        ))?,
        revisions: count(&format!("SELECT count(*) FROM revision WHERE generation = {generation}"))?,
        warc_bytes: count("SELECT sum(length) FROM volume")?,
        sites,
    })
}

fn of_site(archive: &Archive, row: i64, key: &str, now: DateTime<Utc>) -> Result<SiteStatus, ArchiveError> {
    let db = &archive.db;
    let alarm = archive.config.alarm;
    let (succeeded, begun): (Option<i64>, Option<i64>) = db.query_row(
        "SELECT succeeded_at, (SELECT min(found_at) FROM page WHERE site = ?1) FROM site WHERE id = ?1",
        [row],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    let due: i64 = db.query_row(
        "SELECT count(*) FROM page WHERE site = ?1 AND due_at <= ?2",
        params![row, now.timestamp()],
        |r| r.get(0),
    )?;
    let today = day(now.timestamp(), archive.config.zone);
    let yesterday = day_number(today.checked_sub_days(Days::new(1)).unwrap_or(today));
    let last_day = tally(db, row, yesterday, day_number(today))?;
    let (rates, mut alarms) = rates(archive, row, now)?;
    let silent = i64::try_from(alarm.silent.as_secs()).unwrap_or(i64::MAX);
    let heard = succeeded.or(begun);
    if heard.is_some_and(|at| now.timestamp() - at > silent) {
        alarms.push(Alarm::Silent { since: succeeded.map(rfc3339) });
    }
    Ok(SiteStatus {
        site: key.to_owned(),
        succeeded_at: succeeded.map(rfc3339),
        last_day,
        due: due.unsigned_abs(),
        rates,
        alarms,
    })
}

fn tally(db: &Connection, site: i64, from: i64, to: i64) -> rusqlite::Result<Tally> {
    db.prepare_cached(
        "SELECT sum(new), sum(updated), sum(unchanged), sum(gone), sum(failed), sum(not_article) FROM tally \
         WHERE site = ?1 AND day BETWEEN ?2 AND ?3",
    )?
    .query_row([site, from, to], |row| {
        let n = |i: usize| row.get::<_, Option<i64>>(i).map(|n| n.unwrap_or_default().unsigned_abs());
        Ok(Tally {
            new: n(0)?,
            updated: n(1)?,
            unchanged: n(2)?,
            gone: n(3)?,
            failed: n(4)?,
            not_article: n(5)?,
        })
    })
}

/// Articles of a stretch of days and how many of them fill each field.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    articles: u64,
    /// Pages that are no article, beside them.
    others: u64,
    filled: [u64; FIELDS.len()],
}

impl Counts {
    /// The counts of new articles that were fetched on days of a stretch.
    fn of(archive: &Archive, site: i64, from: i64, to: i64) -> rusqlite::Result<Self> {
        let db = &archive.db;
        let sums: Vec<String> = (0..FIELDS.len()).map(|bit| format!("sum(filled >> {bit} & 1)")).collect();
        let sql = format!(
            "SELECT count(*), {} FROM revision WHERE generation = ?1 AND site = ?2 AND day BETWEEN ?3 AND ?4 \
             AND number = 1",
            sums.join(", ")
        );
        let mut counts =
            db.prepare_cached(&sql)?.query_row(params![archive.generation, site, from, to], |row| {
                let mut counts = Self { articles: row.get::<_, i64>(0)?.unsigned_abs(), ..Self::default() };
                for (bit, sum) in counts.filled.iter_mut().enumerate() {
                    *sum = row.get::<_, Option<i64>>(bit + 1)?.unwrap_or_default().unsigned_abs();
                }
                Ok(counts)
            })?;
        counts.others = tally(db, site, from, to)?.not_article;
        Ok(counts)
    }

    fn rate(&self, field: usize, least: u64) -> Option<f64> {
        (self.articles >= least).then(|| self.filled[field] as f64 / self.articles as f64)
    }

    fn yield_rate(&self, least: u64) -> Option<f64> {
        let pages = self.articles + self.others;
        (pages >= least).then(|| self.articles as f64 / pages as f64)
    }
}

/// The rates of a site and the alarms that follow from them.
fn rates(archive: &Archive, site: i64, now: DateTime<Utc>) -> Result<(Vec<Rate>, Vec<Alarm>), ArchiveError> {
    let alarm = archive.config.alarm;
    let today = day(now.timestamp(), archive.config.zone);
    // The latest articles: today's, and those of days before while there are
    // too few to say anything.
    let mut latest = Counts::default();
    let mut from = today;
    for back in 0..LATEST {
        from = today.checked_sub_days(Days::new(back)).unwrap_or(from);
        latest = Counts::of(archive, site, day_number(from), day_number(today))?;
        if latest.articles + latest.others >= alarm.least_articles {
            break;
        }
    }
    let earliest = from.checked_sub_days(Days::new(BEFORE)).unwrap_or(from);
    let day_before = from.checked_sub_days(Days::new(1)).unwrap_or(from);
    let before = Counts::of(archive, site, day_number(earliest), day_number(day_before))?;
    let least = alarm.least_articles;
    let mut rates =
        vec![Rate { field: ARTICLES, latest: latest.yield_rate(least), before: before.yield_rate(least) }];
    rates.extend(FIELDS.into_iter().enumerate().map(|(bit, field)| Rate {
        field,
        latest: latest.rate(bit, least),
        before: before.rate(bit, least),
    }));
    let mut alarms = Vec::new();
    for (index, rate) in rates.iter().enumerate() {
        let (Some(now), Some(before)) = (rate.latest, rate.before) else { continue };
        if before - now >= alarm.fall {
            let example = match index {
                0 => not_article(archive, site)?,
                index => lacking(archive, site, index as u32 - 1, day_number(from))?,
            };
            alarms.push(Alarm::Drift { field: rate.field, latest: now, before, example });
        }
    }
    Ok((rates, alarms))
}

/// The latest page of a site that lacks a field.
fn lacking(archive: &Archive, site: i64, bit: u32, from: i64) -> rusqlite::Result<Option<String>> {
    archive
        .db
        .query_row(
            "SELECT p.url FROM revision r JOIN page p ON p.id = r.page WHERE r.generation = ?1 AND r.site = ?2 \
             AND r.day >= ?3 AND r.number = 1 AND r.filled >> ?4 & 1 = 0 ORDER BY r.id DESC LIMIT 1",
            params![archive.generation, site, from, bit],
            |row| row.get(0),
        )
        .optional()
}

/// The latest page of a site that is no article.
fn not_article(archive: &Archive, site: i64) -> rusqlite::Result<Option<String>> {
    archive
        .db
        .query_row(
            "SELECT url FROM page WHERE site = ?1 AND failure = 'not_article' ORDER BY looked_at DESC LIMIT 1",
            [site],
            |row| row.get(0),
        )
        .optional()
}
