//! The articles as files for people and pipes: `articles/2026/11/24.jsonl`
//! holds every revision of the articles that were first fetched on that day,
//! a line each, in the order in which they came.
//!
//! The files are made of the store, which knows how long each is and which
//! revisions do not stand in one yet. So a run that is killed between the two
//! is made good by cutting the file and appending anew.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::ArchiveError;
use super::clock::rfc3339;
use super::disk::{beside, make_folder, replace};

/// The value of `schema` in the line of an article that was taken down.
pub const TOMBSTONE_SCHEMA: &str = "khobor.tombstone/1";

/// What an archive adds to a record, under the key `archive`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ArchiveNote {
    /// Counts the forms of the article from 1; the highest is the latest.
    pub revision: i64,
    /// When the article was first fetched, RFC 3339.
    pub first_fetched_at: String,
    /// The WARC file that holds the answer, below the archive's folder.
    pub warc: String,
    /// Where in it the answer stands, in bytes.
    pub warc_offset: u64,
    /// An earlier article of the archive with the same text.
    pub same_as: Option<SameAs>,
}

/// An article that has the same text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SameAs {
    /// Its address.
    pub url: String,
    /// How many bits of the two fingerprints differ; `null` where headline and
    /// body are the same word for word.
    pub distance: Option<i64>,
}

/// The folder of the day files of the generation that holds.
pub(crate) fn folder(dir: &Path) -> PathBuf {
    dir.join("articles")
}

/// A day's file below such a folder.
pub(crate) fn path(folder: &Path, day: i64) -> PathBuf {
    let (year, month, date) = (day / 10_000, day / 100 % 100, day % 100);
    folder.join(format!("{year:04}/{month:02}/{date:02}.jsonl"))
}

/// What a line of a day file is made of.
pub(crate) const LINE_COLUMNS: &str = "r.id, r.number, r.gone, r.record, r.same_distance, r.first_fetched_at, \
     v.name, c.offset, s.url";

/// Where [`LINE_COLUMNS`] come from, behind `FROM revision r`.
pub(crate) const LINE_JOINS: &str = "JOIN capture c ON c.id = r.capture JOIN volume v ON v.id = c.volume \
     LEFT JOIN page s ON s.id = r.same_page";

/// The line of a revision, of a row of [`LINE_COLUMNS`], without its end.
pub(crate) fn line(row: &rusqlite::Row<'_>) -> Result<Vec<u8>, ArchiveError> {
    let mut line = decompress(row.get_ref("record")?.as_blob().map_err(rusqlite::Error::from)?)?;
    let note = ArchiveNote {
        revision: row.get("number")?,
        first_fetched_at: rfc3339(row.get("first_fetched_at")?),
        warc: row.get("name")?,
        warc_offset: row.get::<_, i64>("offset")?.unsigned_abs(),
        same_as: match row.get("url")? {
            Some(url) => Some(SameAs { url, distance: row.get("same_distance")? }),
            None => None,
        },
    };
    // A record is an object: the note goes before its end.
    line.pop();
    line.extend_from_slice(b",\"archive\":");
    serde_json::to_writer(&mut line, &note).map_err(|e| ArchiveError::Setup(e.to_string()))?;
    line.push(b'}');
    Ok(line)
}

/// A record as it stands in the store.
pub(crate) fn compress(json: &[u8]) -> Result<Vec<u8>, ArchiveError> {
    zstd::bulk::compress(json, 3)
        .map_err(|e| ArchiveError::Setup(format!("a record cannot be compressed: {e}")))
}

/// A record out of the store.
pub(crate) fn decompress(stored: &[u8]) -> Result<Vec<u8>, ArchiveError> {
    zstd::stream::decode_all(stored).map_err(|e| ArchiveError::Broken(e.to_string()))
}

/// Appends what does not stand in the day files yet, and notes it.
pub(crate) fn catch_up(db: &mut Connection, folder: &Path, generation: i64) -> Result<(), ArchiveError> {
    let days: Vec<i64> = db
        .prepare_cached(
            "SELECT DISTINCT day FROM revision INDEXED BY revision_unwritten \
             WHERE generation = ?1 AND written = 0 ORDER BY day",
        )?
        .query_map([generation], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if days.is_empty() {
        return Ok(());
    }
    let mut lengths = Vec::with_capacity(days.len());
    for day in days {
        lengths.push((day, append(db, folder, generation, day)?));
    }
    let all = db.transaction()?;
    for (day, length) in lengths {
        all.prepare_cached("INSERT OR REPLACE INTO day_file VALUES (?1, ?2, ?3)")?.execute(params![
            generation,
            day,
            length.cast_signed()
        ])?;
        all.prepare_cached(
            "UPDATE revision INDEXED BY revision_unwritten SET written = 1 \
             WHERE generation = ?1 AND day = ?2 AND written = 0",
        )?
        .execute([generation, day])?;
    }
    all.commit()?;
    Ok(())
}

/// Removes the files of days of which nothing is left.
pub(crate) fn drop_empty(db: &Connection, folder: &Path, generation: i64) -> Result<(), ArchiveError> {
    let mut rows = db.prepare("SELECT day FROM day_file WHERE generation = ?1 AND length = 0")?;
    let days = rows.query_map([generation], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for day in days {
        let path = path(folder, day);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ArchiveError::io(&path)(error));
            }
            _ => db.execute("DELETE FROM day_file WHERE generation = ?1 AND day = ?2", [generation, day])?,
        };
    }
    Ok(())
}

/// Appends a day's unwritten revisions to its file, cut to its noted length
/// first; gives the new length.
fn append(db: &Connection, folder: &Path, generation: i64, day: i64) -> Result<u64, ArchiveError> {
    let path = path(folder, day);
    let noted = noted_length(db, generation, day)?;
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    let file = OpenOptions::new().append(true).create(true).open(&path).map_err(ArchiveError::io(&path))?;
    let found = file.metadata().map_err(ArchiveError::io(&path))?.len();
    if found < noted || (noted == 0 && found > 0) {
        // Cut by somebody, or to be made anew: beside, for those who read it.
        drop(file);
        return rewrite(db, folder, generation, day);
    }
    file.set_len(noted).map_err(ArchiveError::io(&path))?;
    let mut out = Counted::new(file, noted);
    let sql = format!(
        "SELECT {LINE_COLUMNS} FROM revision r INDEXED BY revision_unwritten {LINE_JOINS} \
         WHERE r.generation = ?1 AND r.day = ?2 AND r.written = 0 ORDER BY r.id"
    );
    write_lines(db, &sql, generation, day, &mut out).and_then(|()| out.finish(&path))
}

/// Writes a day's file anew beside the old one and puts it in its place; gives
/// its length.
fn rewrite(db: &Connection, folder: &Path, generation: i64, day: i64) -> Result<u64, ArchiveError> {
    let path = path(folder, day);
    let beside = beside(&path);
    let file = File::create(&beside).map_err(ArchiveError::io(&beside))?;
    let mut out = Counted::new(file, 0);
    let sql = format!(
        "SELECT {LINE_COLUMNS} FROM revision r INDEXED BY revision_day {LINE_JOINS} \
         WHERE r.generation = ?1 AND r.day = ?2 ORDER BY r.id"
    );
    write_lines(db, &sql, generation, day, &mut out)?;
    let length = out.finish(&beside)?;
    replace(&beside, &path)?;
    Ok(length)
}

/// Makes the day files what the store says they are, after a kill, a power cut,
/// or a restore of one part without the other. A look at each file, no more,
/// where all is well.
pub(crate) fn mend(db: &Connection, folder: &Path, generation: i64) -> Result<(), ArchiveError> {
    let mut rows = db.prepare("SELECT day, length FROM day_file WHERE generation = ?1")?;
    let noted = rows
        .query_map([generation], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?
        .collect::<Result<Vec<_>, _>>()?;
    for (day, length) in noted {
        let path = path(folder, day);
        let found = fs::metadata(&path).map_or(0, |found| found.len());
        if found > length && length > 0 {
            let file = OpenOptions::new().write(true).open(&path).map_err(ArchiveError::io(&path))?;
            file.set_len(length).map_err(ArchiveError::io(&path))?;
        } else if found < length {
            if let Some(parent) = path.parent() {
                make_folder(parent)?;
            }
            let length = rewrite(db, folder, generation, day)?;
            db.execute(
                "UPDATE day_file SET length = ?3 WHERE generation = ?1 AND day = ?2",
                params![generation, day, length.cast_signed()],
            )?;
            db.execute(
                "UPDATE revision SET written = 1 WHERE generation = ?1 AND day = ?2 AND written = 0",
                [generation, day],
            )?;
        }
    }
    Ok(())
}

/// How long a day's file is, as the store knows it.
pub(crate) fn noted_length(db: &Connection, generation: i64, day: i64) -> Result<u64, ArchiveError> {
    let length: Option<i64> = db
        .prepare_cached("SELECT length FROM day_file WHERE generation = ?1 AND day = ?2")?
        .query_row([generation, day], |row| row.get(0))
        .optional()?;
    Ok(length.unwrap_or_default().unsigned_abs())
}

fn write_lines(
    db: &Connection,
    sql: &str,
    generation: i64,
    day: i64,
    out: &mut Counted,
) -> Result<(), ArchiveError> {
    let mut rows = db.prepare_cached(sql)?;
    let mut rows = rows.query([generation, day])?;
    while let Some(row) = rows.next()? {
        let mut line = line(row)?;
        line.push(b'\n');
        out.write(&line);
    }
    Ok(())
}

/// A file that knows how long it is; errors are told at its end.
struct Counted {
    out: BufWriter<File>,
    length: u64,
    failed: Option<std::io::Error>,
}

impl Counted {
    fn new(file: File, length: u64) -> Self {
        Self { out: BufWriter::with_capacity(128 * 1024, file), length, failed: None }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(bytes).err();
            self.length += bytes.len() as u64;
        }
    }

    /// Brings it to the disk; gives its length.
    fn finish(mut self, path: &Path) -> Result<u64, ArchiveError> {
        let ended = match self.failed.take() {
            Some(error) => Err(error),
            None => self.out.flush().and_then(|()| self.out.get_ref().sync_data()),
        };
        ended.map_err(ArchiveError::io(path))?;
        Ok(self.length)
    }
}
