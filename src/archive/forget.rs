//! Takedowns: an address is removed from everything that the archive holds,
//! and does not come back.
//!
//! The WARC files that hold answers of it are written anew without them, the
//! day files without its lines, the database overwrites what it deletes. New
//! files stand beside the old ones until one commit notes where everything now
//! stands; putting them in place can be repeated after a kill.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rusqlite::{OptionalExtension, params};

use super::captures::Capture;
use super::clock::Clock;
use super::store::beside;
use super::volumes::{self, Place};
use super::{Archive, ArchiveError, days, pages};
use crate::page::warc::WarcReader;

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForgetReport {
    /// Whether the address was known.
    pub known: bool,
    /// Revisions of it.
    pub revisions: u64,
    /// Raw answers of it.
    pub captures: u64,
    /// WARC files that were written anew.
    pub volumes: u64,
    /// Addresses under which the archive holds the same or nearly the same
    /// text. They stay: whether they are meant too is for the user to say.
    pub same_text: Vec<String>,
}

/// Removes an address from an archive for good. Further articles with the same
/// text under other addresses stay; they are no longer linked to it.
///
/// # Errors
/// The archive cannot be written. The removal is then whole or has not begun.
pub fn forget(archive: &mut Archive, url: &str) -> Result<ForgetReport, ArchiveError> {
    let key = pages::key_of(url);
    let mut report = ForgetReport::default();
    let page: Option<i64> =
        archive.db.query_row("SELECT id FROM page WHERE key = ?1", [key], |row| row.get(0)).optional()?;
    // Deleted rows are overwritten, not only unlinked.
    archive.db.pragma_update(None, "secure_delete", "ON")?;
    let now = Clock::default().now().timestamp();
    let Some(page) = page else {
        archive.db.execute("INSERT OR IGNORE INTO forgotten VALUES (?1, ?2)", params![key, now])?;
        return Ok(report);
    };
    report.known = true;
    let mine = captures_of(archive, page)?;
    report.captures = mine.len() as u64;
    let touched: BTreeSet<(i64, String)> = mine.iter().map(|c| (c.place.volume, c.volume.clone())).collect();
    report.volumes = touched.len() as u64;
    let mut rewritten = Vec::new();
    for (id, name) in &touched {
        rewritten.push((*id, name.clone(), without(archive, *id, name, page)?));
    }
    let generation = archive.generation;
    let mut days_touched: BTreeSet<i64> = BTreeSet::new();
    {
        let mut rows = archive.db.prepare(
            "SELECT DISTINCT day FROM revision WHERE generation = ?1 AND (page = ?2 OR same_page = ?2)",
        )?;
        for day in rows.query_map([generation, page], |row| row.get(0))? {
            days_touched.insert(day?);
        }
    }
    report.same_text = same_text(archive, page)?;
    let all = archive.db.transaction()?;
    for (id, name, volume) in &rewritten {
        all.execute("UPDATE volume SET length = ?2 WHERE id = ?1", params![id, volume.length.cast_signed()])?;
        for (capture, offset) in &volume.offsets {
            all.execute(
                "UPDATE capture SET offset = ?2 WHERE id = ?1",
                params![capture, offset.cast_signed()],
            )?;
        }
        all.execute("INSERT OR REPLACE INTO replacement VALUES (?1)", [name])?;
    }
    all.execute("DELETE FROM capture WHERE page = ?1", [page])?;
    report.revisions = all.execute("DELETE FROM revision WHERE page = ?1", [page])? as u64;
    all.execute("UPDATE revision SET same_page = NULL, same_distance = NULL WHERE same_page = ?1", [page])?;
    all.execute("DELETE FROM page WHERE id = ?1", [page])?;
    all.execute("INSERT OR IGNORE INTO forgotten VALUES (?1, ?2)", params![key, now])?;
    // The days' files are made anew; a kill before that is made good at the
    // next start.
    for day in &days_touched {
        all.execute("UPDATE day_file SET length = 0 WHERE generation = ?1 AND day = ?2", [generation, *day])?;
        all.execute(
            "UPDATE revision SET written = 0 WHERE generation = ?1 AND day = ?2",
            [generation, *day],
        )?;
    }
    all.commit()?;
    archive.finish_replacements()?;
    let folder = days::folder(&archive.dir);
    days::catch_up(&mut archive.db, &folder, generation)?;
    days::drop_empty(&archive.db, &folder, generation)?;
    // The log would keep what was deleted until it is next written over.
    archive.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(report)
}

fn captures_of(archive: &Archive, page: i64) -> Result<Vec<Capture>, ArchiveError> {
    let mut rows = archive.db.prepare("SELECT id FROM capture WHERE page = ?1 ORDER BY id")?;
    let ids = rows.query_map([page], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    ids.into_iter().map(|id| Ok(Capture::get(&archive.db, id)?)).collect()
}

fn same_text(archive: &Archive, page: i64) -> rusqlite::Result<Vec<String>> {
    let mut rows = archive.db.prepare(
        "SELECT DISTINCT p.url FROM page p WHERE p.id IN \
         (SELECT page FROM revision WHERE generation = ?1 AND same_page = ?2 \
          UNION SELECT same_page FROM revision WHERE generation = ?1 AND page = ?2) ORDER BY p.id",
    )?;
    rows.query_map([archive.generation, page], |row| row.get(0))?.collect()
}

/// A volume that was written anew.
struct Rewritten {
    length: u64,
    /// Where the captures that stay now begin.
    offsets: Vec<(i64, u64)>,
}

/// Writes a volume beside itself without the answers of a page. What stands
/// between the answers, such as the record that opens the file, is kept.
fn without(archive: &Archive, volume: i64, name: &str, page: i64) -> Result<Rewritten, ArchiveError> {
    let path = archive.dir.join(name);
    let new = beside(&path);
    let length: i64 =
        archive.db.query_row("SELECT length FROM volume WHERE id = ?1", [volume], |row| row.get(0))?;
    let mut rows = archive
        .db
        .prepare("SELECT id, page, offset, length FROM capture WHERE volume = ?1 ORDER BY offset")?;
    let captures = rows
        .query_map([volume], |row| {
            let place = Place {
                volume,
                offset: row.get::<_, i64>(2)?.unsigned_abs(),
                length: row.get::<_, i64>(3)?.unsigned_abs(),
            };
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, place))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let file = File::create(&new).map_err(ArchiveError::io(&new))?;
    let mut out = BufWriter::new(file);
    let mut offsets = HashMap::new();
    let (mut from, mut to) = (0, 0);
    let copy = |out: &mut BufWriter<File>, offset: u64, length: u64| -> Result<u64, ArchiveError> {
        let bytes = volumes::read(&path, Place { volume, offset, length })?;
        out.write_all(&bytes).map_err(ArchiveError::io(&new))?;
        Ok(length)
    };
    for (id, of, place) in captures {
        to += copy(&mut out, from, place.offset.saturating_sub(from))?;
        from = place.offset + place.length;
        if of == page {
            continue;
        }
        offsets.insert(id, to);
        to += copy(&mut out, place.offset, place.length)?;
    }
    to += copy(&mut out, from, length.unsigned_abs().saturating_sub(from))?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(ArchiveError::io(&new))?;
    check(&new)?;
    Ok(Rewritten { length: to, offsets: offsets.into_iter().collect() })
}

/// Makes sure that a volume that was written anew is whole, before it takes the
/// old one's place.
fn check(path: &Path) -> Result<(), ArchiveError> {
    let file = File::open(path).map_err(ArchiveError::io(path))?;
    for record in WarcReader::new(std::io::BufReader::new(file)) {
        record.map_err(|error| ArchiveError::Stored {
            path: path.to_owned(),
            offset: 0,
            message: error.to_string(),
        })?;
    }
    Ok(())
}
