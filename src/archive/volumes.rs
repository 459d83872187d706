//! The WARC files: raw answers, appended in the order in which they came.
//!
//! The store knows how long each file is; bytes behind that are of a run that
//! was killed and are cut off when the next one begins. So an answer is first
//! written and brought to the disk, then noted.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};
use rusqlite::{Connection, OptionalExtension, params};

use super::ArchiveError;
use super::clock::day_number;
use super::disk::{make_folder, sync_folder};

/// Where an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The row of the file in `volume`.
    pub volume: i64,
    /// Its first byte.
    pub offset: u64,
    /// How many bytes it has; several records of one exchange.
    pub length: u64,
}

/// The file that is written to.
struct Open {
    id: i64,
    path: PathBuf,
    day: NaiveDate,
    out: BufWriter<File>,
    length: u64,
    noted: u64,
}

/// The WARC files of an archive.
pub(crate) struct Volumes {
    dir: PathBuf,
    most: u64,
    warcinfo: Vec<u8>,
    open: Option<Open>,
}

impl Volumes {
    /// The files of an archive's folder; each new one begins with `warcinfo`
    /// and is followed by another at `most` bytes.
    pub fn new(dir: &Path, most: u64, warcinfo: Vec<u8>) -> Self {
        Self { dir: dir.to_owned(), most, warcinfo, open: None }
    }

    /// Sees to it that a file of the day with room is open. Called between two
    /// transactions, so that a new file is noted before its first byte: no kill
    /// leaves a file that the store does not know.
    pub fn prepare(&mut self, db: &Connection, day: NaiveDate) -> Result<(), ArchiveError> {
        if self.open.as_ref().is_none_or(|open| open.day != day || open.length >= self.most) {
            self.next(db, day)?;
        }
        Ok(())
    }

    /// Appends the records of an exchange. They are noted with [`Self::note`].
    pub fn append(&mut self, records: &[u8]) -> Result<Place, ArchiveError> {
        let Some(open) = &mut self.open else {
            return Err(ArchiveError::Setup("no WARC file was prepared".to_owned()));
        };
        open.out.write_all(records).map_err(ArchiveError::io(&open.path))?;
        let place = Place { volume: open.id, offset: open.length, length: records.len() as u64 };
        open.length += records.len() as u64;
        Ok(place)
    }

    /// Brings what was written to the disk and notes how far that is, in the
    /// transaction that notes the answers themselves.
    pub fn note(&mut self, db: &Connection) -> Result<(), ArchiveError> {
        let Some(open) = self.open.as_mut().filter(|open| open.noted < open.length) else { return Ok(()) };
        open.out
            .flush()
            .and_then(|()| open.out.get_ref().sync_data())
            .map_err(ArchiveError::io(&open.path))?;
        db.prepare_cached("UPDATE volume SET length = ?2 WHERE id = ?1")?
            .execute(params![open.id, open.length.cast_signed()])?;
        open.noted = open.length;
        Ok(())
    }

    /// Goes on with the day's last file, or begins one.
    fn next(&mut self, db: &Connection, day: NaiveDate) -> Result<(), ArchiveError> {
        self.open = None;
        let stem = format!("warc/{:04}/{:02}/khobor-{}", day.year(), day.month(), day_number(day));
        for number in 1.. {
            let name = match number {
                1 => format!("{stem}.warc.gz"),
                n => format!("{stem}-{n}.warc.gz"),
            };
            let known: Option<(i64, i64)> = db
                .query_row("SELECT id, length FROM volume WHERE name = ?1", [&name], |r| {
                    Ok((r.get(0)?, r.get(1)?))
                })
                .optional()?;
            let length = known.map_or(0, |(_, length)| length.unsigned_abs());
            let path = self.dir.join(&name);
            // A file that is shorter than it was, or that nobody knows, is left
            // as it is: whoever lost or restored something may need it.
            let found = fs::metadata(&path).map_or(0, |found| found.len());
            if length >= self.most || found < length || (known.is_none() && found > 0) {
                continue;
            }
            if let Some(folder) = path.parent() {
                make_folder(folder)?;
            }
            let id = if let Some((id, _)) = known {
                id
            } else {
                db.execute("INSERT INTO volume (name, length) VALUES (?1, 0)", [&name])?;
                db.last_insert_rowid()
            };
            let file =
                OpenOptions::new().append(true).create(true).open(&path).map_err(ArchiveError::io(&path))?;
            // Bytes behind the noted end are nobody's.
            file.set_len(length).map_err(ArchiveError::io(&path))?;
            path.parent().map_or(Ok(()), sync_folder)?;
            let mut out = BufWriter::with_capacity(256 * 1024, file);
            if length == 0 {
                out.write_all(&self.warcinfo).map_err(ArchiveError::io(&path))?;
            }
            let begun = if length == 0 { self.warcinfo.len() as u64 } else { length };
            self.open = Some(Open { id, path, day, out, length: begun, noted: length });
            return Ok(());
        }
        Ok(())
    }
}

/// Reads the records of an exchange back.
pub(crate) fn read(path: &Path, place: Place) -> Result<Vec<u8>, ArchiveError> {
    let stored = |error: std::io::Error| ArchiveError::Stored {
        path: path.to_owned(),
        offset: place.offset,
        message: error.to_string(),
    };
    let mut file = File::open(path).map_err(stored)?;
    file.seek(SeekFrom::Start(place.offset)).map_err(stored)?;
    let mut records = vec![0; usize::try_from(place.length).unwrap_or_default()];
    file.read_exact(&mut records).map_err(stored)?;
    Ok(records)
}

/// Cuts off what a killed run wrote behind the noted ends of its files.
pub(crate) fn cut_tails(db: &Connection, dir: &Path) -> Result<(), ArchiveError> {
    let mut rows = db.prepare("SELECT name, length FROM volume")?;
    let all = rows
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?
        .collect::<Result<Vec<_>, _>>()?;
    for (name, length) in all {
        let path = dir.join(name);
        // `verify` tells of a file that is gone or too short; a run can go on.
        if fs::metadata(&path).is_ok_and(|found| found.len() > length) {
            let file = OpenOptions::new().write(true).open(&path).map_err(ArchiveError::io(&path))?;
            file.set_len(length).map_err(ArchiveError::io(&path))?;
        }
    }
    Ok(())
}
