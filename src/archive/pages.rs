//! The addresses of an archive: what is known of each and when it is looked at
//! next.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::discover::article_key;
use crate::failure::{Failure, FailureKind};
use crate::fetch::{Job, Validators};

/// The name of an address in the store: one for all its twins.
pub(crate) fn key_of(url: &str) -> [u8; 16] {
    let name = article_key(url).unwrap_or_else(|| url.to_owned());
    digest(&name)
}

/// The name of an address whose article key is known.
pub(crate) fn digest(article_key: &str) -> [u8; 16] {
    let mut key = [0; 16];
    key.copy_from_slice(&Sha256::digest(article_key.as_bytes())[..16]);
    key
}

/// An address as a look at it needs it.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Its row.
    pub id: i64,
    /// The address.
    pub url: String,
    /// Its site.
    pub site: i64,
    /// When the first answer came that was an article.
    pub first_fetched_at: Option<i64>,
    /// Failures in a row.
    pub attempts: u32,
}

impl Page {
    /// The page of a row.
    pub fn get(db: &Connection, id: i64) -> rusqlite::Result<Option<Self>> {
        db.prepare_cached("SELECT id, url, site, first_fetched_at, attempts FROM page WHERE id = ?1")?
            .query_row([id], |row| {
                Ok(Self {
                    id: row.get(0)?,
                    url: row.get(1)?,
                    site: row.get(2)?,
                    first_fetched_at: row.get(3)?,
                    attempts: row.get(4)?,
                })
            })
            .optional()
    }
}

/// A page that is gone and still named is looked at again after so many
/// seconds: feeds name what was taken down for days.
const BACK: i64 = 20 * 3600;

/// Adds an address, to be looked at at once; false where it is known, or was
/// taken out for good.
pub(crate) fn add(db: &Connection, key: [u8; 16], url: &str, site: i64, now: i64) -> rusqlite::Result<bool> {
    if is_forgotten(db, key)? {
        return Ok(false);
    }
    let added = db
        .prepare_cached(
            "INSERT OR IGNORE INTO page (key, url, site, found_at, due_at) VALUES (?1, ?2, ?3, ?4, ?4)",
        )?
        .execute(params![key, url, site, now])?;
    if added == 0 {
        // A page that was taken down and is named again may be back.
        db.prepare_cached(
            "UPDATE page SET due_at = ?2 WHERE key = ?1 AND due_at IS NULL AND failure = 'http_status' \
             AND first_fetched_at IS NOT NULL AND looked_at < ?2 - ?3",
        )?
        .execute(params![key, now, BACK])?;
    }
    Ok(added > 0)
}

/// Whether an address was taken out for good.
pub(crate) fn is_forgotten(db: &Connection, key: [u8; 16]) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM forgotten WHERE key = ?1")?.exists([key])
}

/// What is to be fetched of a site now: new addresses first, the newest of
/// them at the front. The job's id is the page's row.
pub(crate) fn due(db: &Connection, site: i64, now: i64) -> rusqlite::Result<Vec<Job>> {
    db.prepare_cached(
        "SELECT id, url, etag, last_modified FROM page WHERE site = ?1 AND due_at <= ?2 \
         ORDER BY first_fetched_at IS NOT NULL, found_at DESC, id",
    )?
    .query_map([site, now], |row| {
        let job = Job::new(row.get::<_, String>(1)?).with_id(row.get::<_, i64>(0)?.to_string());
        let known = Validators { etag: row.get(2)?, last_modified: row.get(3)? };
        Ok(if known == Validators::default() { job } else { job.knowing(known) })
    })?
    .collect()
}

/// How often pages are looked at.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    /// How long after the first fetch, ascending.
    pub revisit_after: Vec<Duration>,
    /// Failures in a row after which a page is given up.
    pub max_attempts: u32,
}

/// A look that comes so close before a planned one, as a part of the time
/// since the first fetch, stands for it.
const NEAR_ENOUGH: f64 = 0.1;

/// A look is due so much earlier than planned, as a part of that time: an
/// hourly or daily run is some seconds early at times, and the next one would
/// come an hour or a day late.
const EARLY: f64 = 0.05;

/// The wait after a first failure, seconds; each further one is four times as
/// long, to three days.
const FIRST_RETRY: i64 = 3600;

impl Schedule {
    /// When an article is looked at after a look at `now`; `None`: not again.
    pub fn next_look(&self, first: i64, now: i64) -> Option<i64> {
        let passed = (now - first).max(0) as f64 * (1.0 + NEAR_ENOUGH);
        let after = self.revisit_after.iter().map(Duration::as_secs_f64).find(|after| *after > passed)?;
        Some(first + (after * (1.0 - EARLY)).ceil() as i64)
    }

    /// When a page is tried again that failed for the `attempts`th time in a
    /// row.
    pub fn next_try(&self, attempts: u32, now: i64) -> Option<i64> {
        if attempts >= self.max_attempts {
            return None;
        }
        let wait = FIRST_RETRY * 4_i64.pow(attempts.saturating_sub(1).min(5));
        Some(now + wait.min(3 * 86_400))
    }
}

/// Whether a failure may pass by itself. A new address is named before it is
/// served at times, so that its first 404s may pass too.
pub(crate) fn may_pass(failure: &Failure, known: bool, attempts: u32) -> bool {
    use FailureKind::{Challenge, Connect, Decode, Dns, HostDown, Redirect, Robots, Timeout, Tls};
    match failure.kind {
        Dns | Connect | Tls | Timeout | HostDown | Challenge | Robots | Decode | Redirect => true,
        // Refusals and faults of the moment; 404 and 410 are answers.
        FailureKind::HttpStatus => failure.status.is_some_and(|s| {
            s >= 500 || matches!(s, 401 | 403 | 408 | 425 | 429) || (s == 404 && !known && attempts < 2)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_follow_the_plan() {
        let plan = Schedule {
            revisit_after: vec![Duration::from_secs(3600), Duration::from_secs(86_400)],
            max_attempts: 3,
        };
        let first = 1_000_000;
        assert_eq!(plan.next_look(first, first), Some(first + 3420), "some time before the hour");
        assert_eq!(plan.next_look(first, first + 3420), Some(first + 82_080));
        assert_eq!(plan.next_look(first, first + 86_400 - 30), None, "a daily run that came a little early");
        assert_eq!(plan.next_look(first, first + 82_080), None);
        assert_eq!(plan.next_look(first, first + 40_000), Some(first + 82_080));
    }

    #[test]
    fn failures_are_tried_ever_later_and_then_given_up() {
        let plan = Schedule { revisit_after: Vec::new(), max_attempts: 4 };
        assert_eq!(plan.next_try(1, 0), Some(3600));
        assert_eq!(plan.next_try(2, 0), Some(4 * 3600));
        assert_eq!(plan.next_try(3, 0), Some(16 * 3600));
        assert_eq!(plan.next_try(4, 0), None);
        let status = |s| Failure { status: Some(s), ..Failure::new(FailureKind::HttpStatus, "x") };
        let passes = |s| may_pass(&status(s), true, 0);
        assert!(passes(503) && passes(403) && !passes(404));
        assert!(may_pass(&status(404), false, 1) && !may_pass(&status(404), false, 2));
        assert!(!may_pass(&Failure::new(FailureKind::NotArticle, "x"), true, 0));
    }
}
