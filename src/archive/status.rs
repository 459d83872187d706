//! How the sites of an archive are doing, and whether somebody should look.
//!
//! Each site is measured against itself: the share of its articles that have a
//! field, now and in the 30 days before. A fall beyond the threshold means
//! that the site changed its markup, which no single failure would tell.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::clock::{Clock, day, day_number, rfc3339};
use super::revisions::FIELDS;
use super::{Archive, ArchiveError, Tally};

/// The days before the latest that a site is measured against.
const BEFORE: u64 = 30;

/// The latest articles are those of so many days at most.
const LATEST: u64 = 3;

/// A site that brought so many articles in the days before is one that brings
/// some every day.
const STEADY: u64 = 30;

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

/// How a site is doing.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SiteStatus {
    /// The site's key.
    pub site: String,
    /// When it last brought anything, RFC 3339.
    pub succeeded_at: Option<String>,
    /// Its looks of yesterday and today, in the archive's zone.
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
    /// The site's sources answer, but name nothing new any more.
    NothingNew {
        /// For how many days.
        days: u64,
    },
    /// The site has not answered for longer than it may.
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
    let count = |sql: &str| -> rusqlite::Result<u64> {
        let count = archive.db.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))?;
        Ok(count.unwrap_or_default().unsigned_abs())
    };
    let generation = archive.generation;
    Ok(Status {
        at: rfc3339(now.timestamp()),
        pages: count("SELECT count(*) FROM page")?,
        articles: count(&format!(
            "SELECT count(*) FROM revision WHERE generation = {generation} AND number = 1"
        ))?,
        revisions: count(&format!("SELECT count(*) FROM revision WHERE generation = {generation}"))?,
        warc_bytes: count("SELECT sum(length) FROM volume")?,
        sites: sites(archive, now)?,
    })
}

/// The alarms of an archive at a time, each with its site. What this costs
/// depends on the last 33 days, not on what is stored.
///
/// # Errors
/// The archive cannot be read.
pub fn alarms(archive: &Archive, now: Option<DateTime<Utc>>) -> Result<Vec<(String, Alarm)>, ArchiveError> {
    let sites = sites(archive, Clock::new(now).now())?;
    Ok(sites
        .into_iter()
        .flat_map(|site| site.alarms.into_iter().map(move |alarm| (site.site.clone(), alarm)))
        .collect())
}

fn sites(archive: &Archive, now: DateTime<Utc>) -> Result<Vec<SiteStatus>, ArchiveError> {
    let today = day(now.timestamp(), archive.config.zone);
    let days = Recent::load(archive, today)?;
    let mut sites = Vec::new();
    for (row, site) in archive.sites()? {
        sites.push(match row {
            Some(row) => of_site(archive, &days, row, site.key(), now)?,
            None => SiteStatus::unknown(site.key()),
        });
    }
    Ok(sites)
}

fn of_site(
    archive: &Archive,
    days: &Recent,
    row: i64,
    key: &str,
    now: DateTime<Utc>,
) -> Result<SiteStatus, ArchiveError> {
    let db = &archive.db;
    let alarm = archive.config.alarm;
    let (succeeded, added): (Option<i64>, i64) =
        db.query_row("SELECT succeeded_at, added_at FROM site WHERE id = ?1", [row], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
    let due: i64 = db.query_row(
        "SELECT count(*) FROM page WHERE site = ?1 AND due_at <= ?2",
        params![row, now.timestamp()],
        |r| r.get(0),
    )?;
    let mut last_day = Tally::default();
    for back in 0..2 {
        last_day.add(&days.tally(row, days.before(back)));
    }
    let (rates, mut alarms) = rates(archive, days, row)?;
    let silent = i64::try_from(alarm.silent.as_secs()).unwrap_or(i64::MAX);
    if now.timestamp() - succeeded.unwrap_or(added) > silent {
        alarms.push(Alarm::Silent { since: succeeded.map(rfc3339) });
    } else {
        // Sources that answer and name nothing new: a feed that was left behind.
        let quiet = alarm.silent.as_secs().div_ceil(86_400).clamp(1, LATEST + BEFORE - 1);
        let (lately, usual) = (days.counts(row, quiet, 0), days.counts(row, LATEST + BEFORE, quiet + 1));
        if lately.articles + lately.others == 0 && usual.articles >= STEADY {
            alarms.push(Alarm::NothingNew { days: quiet });
        }
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

impl SiteStatus {
    /// A site that no run has seen yet.
    fn unknown(key: &str) -> Self {
        Self {
            site: key.to_owned(),
            succeeded_at: None,
            last_day: Tally::default(),
            due: 0,
            rates: Vec::new(),
            alarms: Vec::new(),
        }
    }
}

/// A fall that so seldom happens by chance alone is an alarm. An hourly run
/// over fifty sites and nine rates makes ten thousand comparisons a day.
const CHANCE: f64 = 1e-5;

/// How probable it is that of `n` articles `filled` or fewer have a field that
/// each has with probability `rate` (the binomial distribution's lower tail).
fn chance(n: u64, filled: u64, rate: f64) -> f64 {
    // No rate is so sure that one article could prove it wrong.
    let rate = rate.clamp(0.01, 0.99);
    let ln_choose = |k: u64| -> f64 { (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum() };
    (0..=filled.min(n))
        .map(|k| (ln_choose(k) + k as f64 * rate.ln() + (n - k) as f64 * (1.0 - rate).ln()).exp())
        .sum()
}

/// What the last days brought, by site and day.
struct Recent {
    today: NaiveDate,
    tallies: HashMap<(i64, i64), Tally>,
    counts: HashMap<(i64, i64), Counts>,
}

impl Recent {
    fn load(archive: &Archive, today: NaiveDate) -> rusqlite::Result<Self> {
        let mut days = Self { today, tallies: HashMap::new(), counts: HashMap::new() };
        let from = days.before(LATEST + BEFORE);
        let n = |row: &rusqlite::Row<'_>, i: usize| row.get::<_, i64>(i).map(i64::unsigned_abs);
        let mut rows = archive.db.prepare(
            "SELECT site, day, new, updated, unchanged, gone, failed, not_article FROM tally WHERE day >= ?1",
        )?;
        let mut rows = rows.query([from])?;
        while let Some(row) = rows.next()? {
            let tally = Tally {
                new: n(row, 2)?,
                updated: n(row, 3)?,
                unchanged: n(row, 4)?,
                gone: n(row, 5)?,
                failed: n(row, 6)?,
                not_article: n(row, 7)?,
            };
            days.tallies.insert((row.get(0)?, row.get(1)?), tally);
        }
        let sums: Vec<String> = (0..FIELDS.len()).map(|bit| format!("sum(filled >> {bit} & 1)")).collect();
        let mut rows = archive.db.prepare(&format!(
            "SELECT site, day, count(*), {} FROM revision INDEXED BY revision_day \
             WHERE generation = ?1 AND day >= ?2 AND number = 1 GROUP BY day, site",
            sums.join(", ")
        ))?;
        let mut rows = rows.query([archive.generation, from])?;
        while let Some(row) = rows.next()? {
            let mut counts = Counts { articles: n(row, 2)?, ..Counts::default() };
            for (bit, sum) in counts.filled.iter_mut().enumerate() {
                *sum = n(row, 3 + bit)?;
            }
            days.counts.insert((row.get(0)?, row.get(1)?), counts);
        }
        Ok(days)
    }

    /// The day so many days before today, as a number.
    fn before(&self, days: u64) -> i64 {
        day_number(self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today))
    }

    fn tally(&self, site: i64, day: i64) -> Tally {
        self.tallies.get(&(site, day)).copied().unwrap_or_default()
    }

    /// The counts of a stretch of days, from `from` days before today to `to`.
    fn counts(&self, site: i64, from: u64, to: u64) -> Counts {
        let mut all = Counts::default();
        for back in to..=from {
            let day = self.before(back);
            let counts = self.counts.get(&(site, day)).copied().unwrap_or_default();
            all.articles += counts.articles;
            all.others += self.tally(site, day).not_article;
            for (all, one) in all.filled.iter_mut().zip(counts.filled) {
                *all += one;
            }
        }
        all
    }
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
    fn rate(&self, field: usize, least: u64) -> Option<f64> {
        (self.articles >= least).then(|| self.filled[field] as f64 / self.articles as f64)
    }

    fn yield_rate(&self, least: u64) -> Option<f64> {
        let pages = self.articles + self.others;
        (pages >= least).then(|| self.articles as f64 / pages as f64)
    }
}

/// The rates of a site and the alarms that follow from them.
fn rates(archive: &Archive, days: &Recent, site: i64) -> Result<(Vec<Rate>, Vec<Alarm>), ArchiveError> {
    let alarm = archive.config.alarm;
    let least = alarm.least_articles;
    // The latest articles: today's, and those of days before while there are
    // too few to say anything.
    let enough = |back: &u64| {
        let latest = days.counts(site, *back, 0);
        latest.articles + latest.others >= least
    };
    let from = (0..LATEST).find(enough).unwrap_or(LATEST - 1);
    let latest = days.counts(site, from, 0);
    let before = days.counts(site, from + BEFORE, from + 1);
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
        let (having, of) = match index {
            0 => (latest.articles, latest.articles + latest.others),
            index => (latest.filled[index - 1], latest.articles),
        };
        if before - now >= alarm.fall && chance(of, having, before) < CHANCE {
            let example = match index {
                0 => not_article(archive, site)?,
                index => lacking(archive, site, index as u32 - 1, days.before(from))?,
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

/// The latest page of a site that gave no article, among the last answers.
fn not_article(archive: &Archive, site: i64) -> rusqlite::Result<Option<String>> {
    archive
        .db
        .query_row(
            "SELECT p.url FROM capture c JOIN page p ON p.id = c.page \
             WHERE c.id > (SELECT max(id) - 5000 FROM capture) AND p.site = ?1 \
             AND p.failure IN ('not_article', 'malformed', 'charset', 'held') ORDER BY c.id DESC LIMIT 1",
            [site],
            |row| row.get(0),
        )
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_those_of_the_binomial_distribution() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(chance(5, 0, 0.5), 1.0 / 32.0));
        assert!(near(chance(5, 2, 0.5), 0.5));
        assert!(near(chance(5, 5, 0.7), 1.0));
        assert!(chance(5, 0, 1.0) < CHANCE, "five of a page that always had the field");
        assert!(chance(5, 2, 0.7) > CHANCE && chance(8, 2, 0.7) > CHANCE, "chance");
        assert!(chance(60, 20, 0.7) < CHANCE);
    }
}
