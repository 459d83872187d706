//! robots.txt files, kept in the store between runs.

use std::sync::{Mutex, PoisonError};

use chrono::DateTime;
use rusqlite::{Connection, params};

use super::store::DATABASE_FILE;
use super::{Archive, ArchiveError};
use crate::fetch::{RobotsStore, StoredRobots};

/// The files of an archive. They are read over a connection of their own, since
/// the fetcher asks from other threads, and wait for the writer to be kept:
/// only one connection writes.
#[derive(Debug)]
pub(crate) struct RobotsFiles {
    db: Mutex<Connection>,
    waiting: Mutex<Vec<(String, StoredRobots)>>,
}

impl RobotsFiles {
    /// The files of an archive.
    pub fn new(archive: &Archive) -> Result<Self, ArchiveError> {
        let db = Connection::open(archive.dir.join(DATABASE_FILE))?;
        Ok(Self { db: Mutex::new(db), waiting: Mutex::default() })
    }

    /// Keeps what was fetched since the last call.
    pub fn keep(&self, db: &Connection) -> rusqlite::Result<()> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        for (origin, robots) in waiting {
            db.prepare_cached("INSERT OR REPLACE INTO robots VALUES (?1, ?2, ?3)")?.execute(params![
                origin,
                robots.fetched_at.timestamp(),
                robots.body
            ])?;
        }
        Ok(())
    }
}

impl RobotsStore for RobotsFiles {
    fn load(&self, origin: &str) -> Option<StoredRobots> {
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = db.prepare_cached("SELECT fetched_at, body FROM robots WHERE origin = ?1").ok()?;
        // A file that cannot be read is fetched again.
        let (at, body) = found.query_row([origin], |row| Ok((row.get(0)?, row.get(1)?))).ok()?;
        Some(StoredRobots::new(DateTime::from_timestamp(at, 0)?, body))
    }

    fn save(&self, origin: &str, robots: &StoredRobots) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push((origin.to_owned(), robots.clone()));
    }
}
