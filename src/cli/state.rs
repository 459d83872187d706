//! What a run has finished, kept so that a killed run can go on.
//!
//! One `SQLite` file holds a hash of each finished address and, moved in the
//! same transaction, how long each output was when they were finished. Outputs
//! are written first and noted after, so that at any moment an output holds at
//! least what the state says; what it holds beyond that is cut off on resuming
//! and fetched again. Hence each record stands in a file exactly once.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow};
use chrono::DateTime;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::Stop;
use super::sink::Position;
use crate::fetch::{Address, RobotsStore, StoredRobots};

/// Marks the file as khobor's (`khob` in ASCII).
const APPLICATION_ID: i32 = 0x6b68_6f62;

/// The form of the tables.
const VERSION: i32 = 1;

const TABLES: &str = "
    CREATE TABLE finished (key BLOB PRIMARY KEY, failed INTEGER NOT NULL, run INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE output (role TEXT PRIMARY KEY, length INTEGER NOT NULL, tail BLOB NOT NULL);
    CREATE TABLE robots (origin TEXT PRIMARY KEY, fetched_at INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE TABLE run (number INTEGER PRIMARY KEY, begun TEXT NOT NULL);
";

/// What an output is for; each has a length of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `--output`.
    Records,
    /// `--failures`.
    Failures,
    /// `--warc`.
    Warc,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Records => "output",
            Self::Failures => "failures",
            Self::Warc => "warc",
        }
    }
}

/// The name of an address in the state: the same for all spellings that a run
/// takes for repeats of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u8; 16]);

impl Key {
    /// The key of a line of a list.
    pub fn of(url: &str) -> Self {
        let name = Address::parse(url).map_or_else(|_| url.to_owned(), |address| address.key());
        let mut key = [0; 16];
        key.copy_from_slice(&Sha256::digest(name.as_bytes())[..16]);
        Self(key)
    }
}

/// What an earlier run made of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing, or a failure that is to be tried again.
    Unfinished,
    /// A record.
    Written,
    /// A failure, which is as final as a record.
    Failed,
}

/// An open state. Cloning gives another handle.
#[derive(Clone, Debug)]
pub struct State {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Mutex<Connection>,
    /// Files that are kept with the next commit.
    robots: Mutex<Vec<(String, StoredRobots)>>,
    name: String,
    run: i64,
    retry_failed: bool,
}

impl State {
    /// Opens a state, or begins one. While it is open no other program can
    /// have it.
    pub fn open(path: &Path, retry_failed: bool) -> Result<Self, Stop> {
        let name = path.display().to_string();
        let db = Connection::open(path)
            .with_context(|| format!("--state {name} cannot be opened"))
            .map_err(Stop::Output)?;
        let run = prepare(&db).map_err(|error| refusal(error, &name))?;
        let inner = Inner { db: Mutex::new(db), robots: Mutex::default(), name, run, retry_failed };
        Ok(Self { inner: Arc::new(inner) })
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        // A transaction that a panic broke off was rolled back.
        self.inner.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an earlier run made of an address.
    pub fn earlier(&self, url: &str) -> Result<Earlier, Stop> {
        let db = self.db();
        let found =
            db.prepare_cached("SELECT failed FROM finished WHERE key = ?1 AND run < ?2").and_then(|mut s| {
                s.query_row(params![Key::of(url).0, self.inner.run], |row| row.get(0)).optional()
            });
        let failed: Option<bool> = found.map_err(|e| self.broken(e))?;
        Ok(match failed {
            None => Earlier::Unfinished,
            Some(false) => Earlier::Written,
            Some(true) if self.inner.retry_failed => Earlier::Unfinished,
            Some(true) => Earlier::Failed,
        })
    }

    /// How far an output had come, if an earlier run had one in this role.
    pub fn position(&self, role: Role) -> Result<Option<Position>, Stop> {
        self.db()
            .query_row("SELECT length, tail FROM output WHERE role = ?1", [role.name()], |row| {
                Ok(Position { length: row.get::<_, i64>(0)?.unsigned_abs(), tail: row.get(1)? })
            })
            .optional()
            .map_err(|e| self.broken(e))
    }

    /// Notes addresses as finished, and how long the outputs are with them.
    pub fn commit(&self, finished: &[(Key, bool)], outputs: &[(Role, &Position)]) -> Result<(), Stop> {
        let robots = std::mem::take(&mut *self.inner.robots.lock().unwrap_or_else(PoisonError::into_inner));
        let mut db = self.db();
        let run = self.inner.run;
        let mut write = || -> rusqlite::Result<()> {
            let all = db.transaction()?;
            {
                let mut insert = all.prepare_cached("INSERT OR REPLACE INTO finished VALUES (?1, ?2, ?3)")?;
                for (key, failed) in finished {
                    insert.execute(params![key.0, failed, run])?;
                }
                let mut insert = all.prepare_cached("INSERT OR REPLACE INTO output VALUES (?1, ?2, ?3)")?;
                for (role, position) in outputs {
                    insert.execute(params![role.name(), position.length.cast_signed(), position.tail])?;
                }
                let mut insert = all.prepare_cached("INSERT OR REPLACE INTO robots VALUES (?1, ?2, ?3)")?;
                for (origin, file) in &robots {
                    insert.execute(params![origin, file.fetched_at.timestamp(), file.body])?;
                }
            }
            all.commit()
        };
        write().map_err(|e| self.broken(e))
    }

    /// Whether robots.txt files wait for a commit.
    pub fn has_news(&self) -> bool {
        !self.inner.robots.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn broken(&self, error: rusqlite::Error) -> Stop {
        let name = &self.inner.name;
        Stop::Output(anyhow::Error::new(error).context(format!("the state {name} cannot be used")))
    }
}

impl RobotsStore for State {
    fn load(&self, origin: &str) -> Option<StoredRobots> {
        let db = self.db();
        let mut found = db.prepare_cached("SELECT fetched_at, body FROM robots WHERE origin = ?1").ok()?;
        // A file that cannot be read is fetched again.
        let (at, body) = found.query_row([origin], |row| Ok((row.get(0)?, row.get(1)?))).ok()?;
        Some(StoredRobots::new(DateTime::from_timestamp(at, 0)?, body))
    }

    fn save(&self, origin: &str, robots: &StoredRobots) {
        let mut waiting = self.inner.robots.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push((origin.to_owned(), robots.clone()));
    }
}

/// Sets an opened file up; gives the number of this run.
fn prepare(db: &Connection) -> Result<i64, Refusal> {
    db.busy_timeout(Duration::from_millis(500))?;
    // One program at a time; with it no shared memory is needed.
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables > 0 && id != APPLICATION_ID {
        return Err(Refusal::Foreign);
    }
    if tables > 0 && version != VERSION {
        return Err(Refusal::Version(version));
    }
    // Kept whole by a kill at any moment, and by a power cut too.
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    if tables == 0 {
        db.execute_batch(&format!(
            "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; {TABLES} COMMIT;"
        ))?;
    }
    db.execute("INSERT INTO run (begun) VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))", [])?;
    Ok(db.last_insert_rowid())
}

/// Why a file cannot serve as a state.
enum Refusal {
    Foreign,
    Version(i32),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn refusal(refusal: Refusal, name: &str) -> Stop {
    let error = match refusal {
        Refusal::Foreign => {
            return Stop::Usage(anyhow!(
                "--state {name} is another program's database; name a file of its own"
            ));
        }
        Refusal::Version(version) => {
            return Stop::Usage(anyhow!(
                "--state {name} has version {version}, this program reads {VERSION}; finish the run with the program that began it"
            ));
        }
        Refusal::Sqlite(error) => error,
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            Stop::Usage(anyhow!("--state {name} is no state of a run; name a file of its own"))
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Stop::Usage(anyhow!(
            "--state {name} is in use by another run; wait for its end, or name another file"
        )),
        _ => Stop::Output(anyhow::Error::new(error).context(format!("the state {name} cannot be used"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(length: u64) -> Position {
        Position { length, tail: b"}\n".to_vec() }
    }

    #[test]
    fn what_is_committed_is_known_to_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let robots =
            StoredRobots::new(DateTime::from_timestamp(1_700_000_000, 0).unwrap(), b"User-agent: *".to_vec());
        {
            let state = State::open(&path, false).unwrap();
            assert_eq!(state.position(Role::Records).unwrap(), None);
            let finished =
                [(Key::of("http://e.com/a?utm_source=x"), false), (Key::of("http://e.com/b"), true)];
            state.save("http://e.com:80", &robots);
            assert!(state.has_news());
            state.commit(&finished, &[(Role::Records, &position(7)), (Role::Warc, &position(9))]).unwrap();
            assert!(!state.has_news());
            let own = state.earlier("http://e.com/b").unwrap();
            assert_eq!(own, Earlier::Unfinished, "this run's own repeats are the fetcher's");
        }
        let state = State::open(&path, false).unwrap();
        for (url, earlier) in [
            ("http://e.com/a?utm_source=x", Earlier::Written),
            ("http://E.com/b#x", Earlier::Failed),
            ("http://e.com/c", Earlier::Unfinished),
        ] {
            assert_eq!(state.earlier(url).unwrap(), earlier, "{url}");
        }
        assert_eq!(state.position(Role::Records).unwrap(), Some(position(7)));
        assert_eq!(state.position(Role::Failures).unwrap(), None);
        assert_eq!(state.load("http://e.com:80").unwrap(), robots);
        assert!(state.load("http://f.com:80").is_none());
        drop(state);
        let state = State::open(&path, true).unwrap();
        assert_eq!(
            state.earlier("http://e.com/b").unwrap(),
            Earlier::Unfinished,
            "failed ones are tried again"
        );
    }

    #[test]
    fn one_run_at_a_time_and_no_strangers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let _held = State::open(&path, false).unwrap();
        assert!(matches!(State::open(&path, false), Err(Stop::Usage(e)) if e.to_string().contains("in use")));
        let text = folder.path().join("list.txt");
        std::fs::write(&text, "http://e.com/\n".repeat(100)).unwrap();
        assert!(matches!(State::open(&text, false), Err(Stop::Usage(_))));
        assert!(std::fs::read_to_string(&text).unwrap().starts_with("http"));
        let foreign = folder.path().join("foreign");
        Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        assert!(matches!(State::open(&foreign, false), Err(Stop::Usage(_))));
    }
}
