//! The store: a folder, its database, and what makes it whole again after a
//! run that was killed.
//!
//! What is the truth, and what is made of it: the WARC files and the rows of
//! pages and captures are the truth. Revisions are what today's extractor made
//! of the captures, and the day files are what the revisions look like as
//! text; both can be made anew.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::config::{self, CONFIG_FILE, Config};
use super::disk::{beside, files, replace};
use super::{ArchiveError, days, schema, volumes};
use crate::discover::Site;
use crate::sites::Sites;

/// The name of the database in the archive's folder.
pub const DATABASE_FILE: &str = "archive.sqlite";

/// The file whose lock a writing program holds.
const LOCK_FILE: &str = "lock";

/// How long a write waits for another program that holds the database.
const BUSY: Duration = Duration::from_secs(5);

/// An archive: see the room's own page, [`archive`](super).
#[derive(Debug)]
pub struct Archive {
    pub(crate) dir: PathBuf,
    pub(crate) config: Config,
    pub(crate) rules: Sites,
    /// What reads pages here: two readings are compared under one.
    pub(crate) extractor: String,
    pub(crate) db: Connection,
    pub(crate) generation: i64,
    /// Held as long as the archive may be written to.
    _lock: Option<File>,
}

impl Archive {
    /// Begins an archive in a folder, which is made if need be.
    ///
    /// # Errors
    /// [`ArchiveError::Exists`] where there is one, [`ArchiveError::Config`]
    /// for a site that is none, and errors of writing.
    pub fn init(dir: &Path, sites: &[String]) -> Result<(), ArchiveError> {
        let path = dir.join(CONFIG_FILE);
        if path.exists() || dir.join(DATABASE_FILE).exists() {
            return Err(ArchiveError::Exists(dir.to_owned()));
        }
        let text = config::template(sites);
        let config =
            Config::parse(&text).map_err(|message| ArchiveError::Config { path: path.clone(), message })?;
        config.resolve(dir, &Sites::embedded())?;
        fs::create_dir_all(dir).map_err(ArchiveError::io(dir))?;
        fs::write(&path, text).map_err(ArchiveError::io(&path))?;
        Self::write(dir).map(drop)
    }

    /// Opens an archive for reading; a run may be writing to it meanwhile.
    ///
    /// # Errors
    /// The archive cannot be read, or is of a later version.
    pub fn read(dir: &Path) -> Result<Self, ArchiveError> {
        let config = Config::read(dir)?;
        let path = dir.join(DATABASE_FILE);
        // Not read-only: the first reader of a log that a kill left behind has
        // to be able to write the shared memory beside it.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if !path.exists() {
            // A folder that was configured and never run.
            return Self::write(dir).map(|archive| Self { _lock: None, ..archive });
        }
        let db = Connection::open_with_flags(&path, flags)?;
        db.busy_timeout(BUSY)?;
        match schema::version(&db).map_err(|error| foreign(error, &path))? {
            None => return Err(ArchiveError::Foreign(path)),
            Some(schema::VERSION) => {}
            // An older store is brought up to date by whoever may write.
            Some(_) => return Self::write(dir).map(|archive| Self { _lock: None, ..archive }),
        }
        Self::opened(dir, config, db, None)
    }

    /// Opens an archive for writing and makes good what a killed run left.
    /// While it is open no other program can do so.
    ///
    /// # Errors
    /// [`ArchiveError::Locked`] where another program writes, and as
    /// [`Self::read`].
    pub fn write(dir: &Path) -> Result<Self, ArchiveError> {
        let config = Config::read(dir)?;
        let lock = lock(dir)?;
        let path = dir.join(DATABASE_FILE);
        if !path.exists() && ["warc", "articles"].iter().any(|name| dir.join(name).exists()) {
            // An empty one would look like an archive of nothing, and the next
            // run would fill it beside what is there.
            return Err(ArchiveError::NoDatabase(path));
        }
        let mut db = Connection::open(&path)?;
        db.busy_timeout(BUSY)?;
        if schema::version(&db).map_err(|error| foreign(error, &path))?.is_none() {
            return Err(ArchiveError::Foreign(path));
        }
        // Kept whole by a kill at any moment, and by a power cut too.
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        // Keys and hashes fall anywhere in their indexes: 64 MiB of pages spare
        // a large store most of the reading.
        db.pragma_update(None, "cache_size", -65_536)?;
        // Deleted rows are overwritten: takedowns depend on it.
        db.pragma_update(None, "secure_delete", "ON")?;
        if schema::migrate(&mut db)?.is_none() {
            return Err(ArchiveError::Foreign(path));
        }
        let mut archive = Self::opened(dir, config, db, Some(lock))?;
        archive.recover()?;
        Ok(archive)
    }

    fn opened(dir: &Path, config: Config, db: Connection, lock: Option<File>) -> Result<Self, ArchiveError> {
        db.set_prepared_statement_cache_capacity(64);
        let rules = config.rules(dir)?;
        let extractor = config.extractor()?;
        let generation =
            db.query_row("SELECT value FROM setting WHERE name = 'generation'", [], |row| row.get(0))?;
        Ok(Self { dir: dir.to_owned(), config, rules, extractor, db, generation, _lock: lock })
    }

    /// What the archive's `khobor.toml` says.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The configured sites, each with its row in the store; a site that was
    /// added since the last run has none.
    pub(crate) fn sites(&self) -> Result<Vec<(Option<i64>, Site)>, ArchiveError> {
        let sites = self.config.resolve(&self.dir, &self.rules)?;
        let mut find = self.db.prepare_cached("SELECT id FROM site WHERE key = ?1")?;
        sites
            .into_iter()
            .map(|site| Ok((find.query_row([site.key()], |row| row.get(0)).optional()?, site)))
            .collect()
    }

    /// The row of a site that has none yet.
    pub(crate) fn add_site(&self, key: &str, now: i64) -> rusqlite::Result<i64> {
        self.db.execute("INSERT INTO site (key, added_at) VALUES (?1, ?2)", params![key, now])?;
        Ok(self.db.last_insert_rowid())
    }

    /// Makes the archive whole after a kill or a power cut at any moment.
    fn recover(&mut self) -> Result<(), ArchiveError> {
        self.finish_replacements()?;
        self.finish_swap()?;
        self.drop_other_generations()?;
        // What a takedown that was broken off before its commit left behind.
        for part in ["warc", "articles"] {
            for path in files(&self.dir.join(part))? {
                if path.extension().is_some_and(|extension| extension == "new") {
                    fs::remove_file(&path).map_err(ArchiveError::io(&path))?;
                }
            }
        }
        volumes::cut_tails(&self.db, &self.dir)?;
        let folder = days::folder(&self.dir);
        days::mend(&self.db, &folder, self.generation)?;
        days::catch_up(&mut self.db, &folder, self.generation)?;
        days::drop_empty(&self.db, &folder, self.generation)
    }

    /// Puts files that were written beside others into their places.
    pub(crate) fn finish_replacements(&self) -> Result<(), ArchiveError> {
        let mut names = self.db.prepare("SELECT path FROM replacement")?;
        let names = names.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        for name in names {
            let path = self.dir.join(&name);
            let new = beside(&path);
            if new.exists() {
                replace(&new, &path)?;
            }
            self.db.execute("DELETE FROM replacement WHERE path = ?1", [&name])?;
        }
        Ok(())
    }

    /// Overwrites what was deleted, wherever in the database it stood: in free
    /// pages, in the gaps of others, in the log.
    ///
    /// # Errors
    /// [`ArchiveError::Read`] while another program reads: it may need them.
    pub(crate) fn scrub(&self) -> Result<(), ArchiveError> {
        self.db.execute_batch("VACUUM")?;
        let busy: i64 = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(ArchiveError::Read) }
    }

    /// Puts the day files of a new generation in the place of the old ones.
    /// Each step can be repeated: a kill between two is made good here.
    pub(crate) fn finish_swap(&self) -> Result<(), ArchiveError> {
        let swapping: Option<i64> = self
            .db
            .query_row("SELECT value FROM setting WHERE name = 'swap'", [], |row| row.get(0))
            .optional()?;
        if swapping.is_none() {
            return Ok(());
        }
        let [now, next, old] = ["articles", "articles.next", "articles.old"].map(|name| self.dir.join(name));
        if next.exists() {
            if now.exists() {
                if old.exists() {
                    fs::remove_dir_all(&old).map_err(ArchiveError::io(&old))?;
                }
                replace(&now, &old)?;
            }
            replace(&next, &now)?;
        }
        if old.exists() {
            fs::remove_dir_all(&old).map_err(ArchiveError::io(&old))?;
        }
        self.db.execute("DELETE FROM setting WHERE name = 'swap'", [])?;
        Ok(())
    }

    /// Removes revisions of generations that do not hold: old ones, and those
    /// of a rebuild that was broken off.
    pub(crate) fn drop_other_generations(&self) -> Result<(), ArchiveError> {
        let next = self.dir.join("articles.next");
        if next.exists() {
            fs::remove_dir_all(&next).map_err(ArchiveError::io(&next))?;
        }
        for table in ["revision", "day_file"] {
            // By rank, so that a store with one generation costs two look-ups.
            for others in ["generation < ?1", "generation > ?1"] {
                self.db.execute(&format!("DELETE FROM {table} WHERE {others}"), params![self.generation])?;
            }
        }
        Ok(())
    }
}

pub(crate) fn lock(dir: &Path) -> Result<File, ArchiveError> {
    let path = dir.join(LOCK_FILE);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(ArchiveError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ArchiveError::Locked(dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(ArchiveError::io(&path)(error)),
    }
}

fn foreign(error: rusqlite::Error, path: &Path) -> ArchiveError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => ArchiveError::Foreign(path.to_owned()),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("archive");
        Archive::init(&dir, &["ujan.example".to_owned()]).unwrap();
        (folder, dir)
    }

    #[test]
    fn one_program_writes_and_others_read() {
        let (_folder, dir) = archive();
        let writing = Archive::write(&dir).unwrap();
        assert!(matches!(Archive::write(&dir), Err(ArchiveError::Locked(_))));
        assert_eq!(Archive::read(&dir).unwrap().config().sites.len(), 1);
        drop(writing);
        Archive::write(&dir).unwrap();
        assert!(matches!(Archive::init(&dir, &[]), Err(ArchiveError::Exists(_))));
    }

    #[test]
    fn folders_that_are_none_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Archive::read(folder.path()), Err(ArchiveError::NoArchive(_))));
        let (_folder, dir) = archive();
        for name in ["archive.sqlite-wal", "archive.sqlite-shm"] {
            let _ = fs::remove_file(dir.join(name));
        }
        fs::write(dir.join(DATABASE_FILE), "no database ".repeat(500)).unwrap();
        assert!(matches!(Archive::write(&dir), Err(ArchiveError::Foreign(_))));
        assert!(matches!(Archive::read(&dir), Err(ArchiveError::Foreign(_))));
    }

    #[test]
    fn a_database_that_is_gone_is_not_begun_anew() {
        let (_folder, dir) = archive();
        fs::create_dir(dir.join("warc")).unwrap();
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_str().unwrap().starts_with(DATABASE_FILE) {
                fs::remove_file(path).unwrap();
            }
        }
        assert!(matches!(Archive::write(&dir), Err(ArchiveError::NoDatabase(_))));
        assert!(matches!(Archive::read(&dir), Err(ArchiveError::NoDatabase(_))));
        assert!(!dir.join(DATABASE_FILE).exists());
    }

    #[test]
    fn a_swap_of_generations_is_finished_from_any_step() {
        for done in 0..4 {
            let (_folder, dir) = archive();
            let archive = Archive::write(&dir).unwrap();
            archive.db.execute("INSERT INTO setting VALUES ('swap', 2)", []).unwrap();
            let make = |name: &str, text: &str| {
                fs::create_dir_all(dir.join(name)).unwrap();
                fs::write(dir.join(name).join("a"), text).unwrap();
            };
            match done {
                0 => {
                    make("articles", "old");
                    make("articles.next", "new");
                }
                1 => {
                    make("articles.old", "old");
                    make("articles.next", "new");
                }
                2 => {
                    make("articles.old", "old");
                    make("articles", "new");
                }
                _ => make("articles", "new"),
            }
            drop(archive);
            drop(Archive::write(&dir).unwrap());
            assert_eq!(fs::read_to_string(dir.join("articles/a")).unwrap(), "new", "{done}");
            assert!(!dir.join("articles.old").exists() && !dir.join("articles.next").exists());
        }
    }
}
