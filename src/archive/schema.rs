//! The tables of the store, and how one version becomes the next.
//!
//! Instants are seconds since 1970 (UTC); days are numbers such as 20261124 in
//! the archive's zone. What each table is for stands beside it: people open
//! the file with the shell of `sqlite3`.

use rusqlite::{Connection, TransactionBehavior};

use super::ArchiveError;

/// "khAr", so that other programs' databases are told apart.
const APPLICATION_ID: i32 = 0x6b68_4172;

/// How version n becomes n + 1, from 0, an empty file. Steps are never edited
/// once released: stores of any age go through them.
const STEPS: &[&str] = &[
    // Version 1.
    "
    -- Single values: the generation of the revisions that hold, and a swap of
    -- generations that is under way.
    CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO setting VALUES ('generation', 1);

    CREATE TABLE site (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        added_at INTEGER NOT NULL,
        searched_at INTEGER,    -- last full search for feeds and sitemaps
        succeeded_at INTEGER    -- last time anything was brought
    );

    -- Feeds, sitemaps and listings that brought articles, with what makes the
    -- next request conditional.
    CREATE TABLE source (
        site INTEGER NOT NULL,
        url TEXT NOT NULL,
        kind TEXT NOT NULL,
        etag TEXT,
        last_modified TEXT,
        PRIMARY KEY (site, url)
    ) WITHOUT ROWID;

    -- Every address that was ever found. key is a digest of the address under
    -- which its twins (AMP, mobile, tracking parameters) are one.
    CREATE TABLE page (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE,
        url TEXT NOT NULL,
        site INTEGER NOT NULL,
        found_at INTEGER NOT NULL,
        first_fetched_at INTEGER,   -- of the first answer that was an article
        looked_at INTEGER,
        due_at INTEGER,             -- the next look; NULL: none
        attempts INTEGER NOT NULL DEFAULT 0,    -- failures in a row
        failure TEXT,               -- the kind of the last one, or held
        etag TEXT,
        last_modified TEXT
    );
    CREATE INDEX page_due ON page (site, due_at) WHERE due_at IS NOT NULL;

    -- Addresses that were taken out and are not to come back.
    CREATE TABLE forgotten (key BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

    -- WARC files; bytes behind length are of a run that was killed.
    CREATE TABLE volume (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, length INTEGER NOT NULL);

    -- Raw answers: where each stands. With the WARC files they are the truth
    -- from which revisions are made.
    CREATE TABLE capture (
        id INTEGER PRIMARY KEY,
        page INTEGER NOT NULL,
        volume INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        fetched_at INTEGER NOT NULL,
        status INTEGER NOT NULL
    );
    CREATE INDEX capture_page ON capture (page);

    -- What the extractor made of the answers: a row for each form of an
    -- article, and one where it went. All of it can be rebuilt.
    CREATE TABLE revision (
        id INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        page INTEGER NOT NULL,
        number INTEGER NOT NULL,    -- 1, 2, ... of the page
        capture INTEGER NOT NULL,
        gone INTEGER NOT NULL,      -- 1: the page was taken down
        site INTEGER NOT NULL,
        first_fetched_at INTEGER NOT NULL,  -- of the article
        day INTEGER NOT NULL,       -- of that
        fetched_at INTEGER NOT NULL,
        extractor TEXT NOT NULL,
        essence BLOB NOT NULL,      -- digest of what makes a new revision
        content_hash TEXT,
        fingerprint INTEGER,
        words INTEGER NOT NULL,
        language TEXT,
        filled INTEGER NOT NULL,    -- a bit for each field that has a value
        same_page INTEGER,          -- an earlier page with the same article
        same_distance INTEGER,      -- bits that differ; NULL: word for word
        written INTEGER NOT NULL,   -- 1: stands in the day's JSONL file
        record BLOB NOT NULL        -- JSON, zstd
    );
    CREATE UNIQUE INDEX revision_page ON revision (generation, page, number);
    -- With what the fill rates of a stretch of days are made of.
    CREATE INDEX revision_day ON revision (generation, day, site, number, filled);
    CREATE INDEX revision_fetched ON revision (generation, fetched_at);
    CREATE INDEX revision_content ON revision (generation, content_hash) WHERE content_hash IS NOT NULL;
    CREATE INDEX revision_unwritten ON revision (generation, day) WHERE written = 0;

    -- How long each day's JSONL file is; bytes behind it are of a run that
    -- was killed.
    CREATE TABLE day_file (
        generation INTEGER NOT NULL,
        day INTEGER NOT NULL,
        length INTEGER NOT NULL,
        PRIMARY KEY (generation, day)
    ) WITHOUT ROWID;

    -- What the looks of a day came to, by site.
    CREATE TABLE tally (
        site INTEGER NOT NULL,
        day INTEGER NOT NULL,
        new INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        gone INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        not_article INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (day, site)
    ) WITHOUT ROWID;

    -- robots.txt files, kept for a day.
    CREATE TABLE robots (origin TEXT PRIMARY KEY, fetched_at INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;

    -- Files that are to take another's place: a swap that a kill may have
    -- broken off is finished at the next start.
    CREATE TABLE replacement (path TEXT PRIMARY KEY) WITHOUT ROWID;
    ",
];

/// The version that this program writes.
pub(crate) const VERSION: i64 = count(STEPS);

#[expect(clippy::cast_possible_wrap, reason = "a handful of steps")]
const fn count(steps: &[&str]) -> i64 {
    steps.len() as i64
}

/// Brings a store to this program's version, an empty file included.
///
/// # Errors
/// [`ArchiveError::Newer`] for a later version, [`ArchiveError::Database`]
/// where it cannot be read or written; `None` for another program's file.
pub(crate) fn migrate(db: &mut Connection) -> Result<Option<()>, ArchiveError> {
    migrate_by(db, STEPS)
}

fn migrate_by(db: &mut Connection, steps: &[&str]) -> Result<Option<()>, ArchiveError> {
    let Some(found) = version(db)? else { return Ok(None) };
    let known = count(steps);
    if found > known {
        return Err(ArchiveError::Newer { found, known });
    }
    if found == known {
        return Ok(Some(()));
    }
    // One transaction: a kill leaves the old version whole.
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in &steps[usize::try_from(found).unwrap_or_default()..] {
        all.execute_batch(step)?;
    }
    all.pragma_update(None, "application_id", APPLICATION_ID)?;
    all.pragma_update(None, "user_version", known)?;
    all.commit()?;
    Ok(Some(()))
}

/// The version of a store, 0 for an empty file; `None` for another program's.
pub(crate) fn version(db: &Connection) -> rusqlite::Result<Option<i64>> {
    let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables > 0 && id != APPLICATION_ID {
        return Ok(None);
    }
    db.pragma_query_value(None, "user_version", |row| row.get(0)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_any_age_comes_to_the_latest_version() {
        let mut db = Connection::open_in_memory().unwrap();
        let first = ["CREATE TABLE a (x); INSERT INTO a VALUES (7);"];
        migrate_by(&mut db, &first).unwrap().unwrap();
        let all = [first[0], "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1;", "CREATE TABLE b (z);"];
        migrate_by(&mut db, &all).unwrap().unwrap();
        migrate_by(&mut db, &all).unwrap().unwrap();
        let y: i64 = db.query_row("SELECT y FROM a", [], |row| row.get(0)).unwrap();
        assert_eq!((y, version(&db).unwrap()), (8, Some(3)));
        assert!(matches!(migrate_by(&mut db, &first), Err(ArchiveError::Newer { found: 3, known: 1 })));
    }

    #[test]
    fn a_step_that_fails_leaves_the_old_version_whole() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate_by(&mut db, &["CREATE TABLE a (x);"]).unwrap().unwrap();
        let broken = ["CREATE TABLE a (x);", "CREATE TABLE b (y);", "CREATE TABLE a (x);"];
        assert!(migrate_by(&mut db, &broken).is_err());
        assert_eq!(version(&db).unwrap(), Some(1));
        assert!(db.query_row("SELECT count(*) FROM b", [], |_| Ok(())).is_err());
    }

    #[test]
    fn another_programs_file_is_told_apart() {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (x)").unwrap();
        assert!(migrate(&mut db).unwrap().is_none());
        let mut own = Connection::open_in_memory().unwrap();
        migrate(&mut own).unwrap().unwrap();
        assert_eq!(version(&own).unwrap(), Some(VERSION));
    }
}
