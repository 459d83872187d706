//! Takedowns: an address is removed from everything that the archive holds of
//! it, and does not come back.
//!
//! What is removed are the pages that were fetched from the address, that were
//! redirected to it, or that name it as their own (canonical). The WARC files
//! that hold answers of them are written anew without those, the day files
//! without their lines, and the database is packed anew, since what is deleted
//! in it stays readable otherwise. New files stand beside the old ones until
//! one commit notes where everything now stands; putting them in place can be
//! repeated after a kill.
//!
//! Other articles may name the address in their lists of related links; these
//! are theirs, and stay.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use super::clock::Clock;
use super::disk::beside;
use super::near::MOST_BITS;
use super::volumes::{self, Place};
use super::{Archive, ArchiveError, days, pages};

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForgetReport {
    /// Addresses of the pages that were removed; empty where the archive held
    /// none.
    pub pages: Vec<String>,
    /// Revisions of them.
    pub revisions: u64,
    /// Raw answers of them.
    pub captures: u64,
    /// WARC files that were written anew.
    pub volumes: u64,
    /// Addresses under which the archive holds the same or nearly the same
    /// text. They stay: whether they are meant too is for the user to say.
    pub same_text: Vec<String>,
}

/// Removes an address from an archive for good.
///
/// # Errors
/// The archive cannot be written: the removal is then whole or has not begun.
/// [`ArchiveError::Read`] where it is done, but another program's reading keeps
/// the database from being packed.
pub fn forget(archive: &mut Archive, url: &str) -> Result<ForgetReport, ArchiveError> {
    let key = pages::key_of(url);
    let generation = archive.generation;
    let mut report = ForgetReport::default();
    let gone = pages_of(archive, key)?;
    let mut rewritten = Vec::new();
    for volume in volumes_of(&archive.db, &gone)? {
        rewritten.push(without(archive, volume, &gone)?);
    }
    report.volumes = rewritten.len() as u64;
    let now = Clock::default().now().timestamp();
    let all = archive.db.transaction()?;
    all.execute("INSERT OR IGNORE INTO forgotten VALUES (?1, ?2)", params![key, now])?;
    for volume in &rewritten {
        all.execute(
            "UPDATE volume SET length = ?2 WHERE id = ?1",
            params![volume.id, volume.length.cast_signed()],
        )?;
        for (capture, offset) in &volume.offsets {
            all.execute(
                "UPDATE capture SET offset = ?2 WHERE id = ?1",
                params![capture, offset.cast_signed()],
            )?;
        }
        all.execute("INSERT OR REPLACE INTO replacement VALUES (?1)", [&volume.name])?;
    }
    let mut days_touched = BTreeSet::new();
    // A volume that was written anew moves the answers of many days.
    for volume in &rewritten {
        let mut rows = all.prepare(
            "SELECT DISTINCT r.day FROM capture c JOIN revision r ON r.generation = ?1 AND r.page = c.page \
             WHERE c.volume = ?2",
        )?;
        for day in rows.query_map([generation, volume.id], |row| row.get::<_, i64>(0))? {
            days_touched.insert(day?);
        }
    }
    for page in &gone {
        report.same_text.extend(same_text(&all, generation, *page)?);
        days_touched.extend(link_anew(&all, generation, *page)?);
        let (url, own): (String, [u8; 16]) =
            all.query_row("SELECT url, key FROM page WHERE id = ?1", [page], |r| Ok((r.get(0)?, r.get(1)?)))?;
        report.pages.push(url);
        all.execute("INSERT OR IGNORE INTO forgotten VALUES (?1, ?2)", params![own, now])?;
        report.captures += all.execute("DELETE FROM capture WHERE page = ?1", [page])? as u64;
        report.revisions += all.execute("DELETE FROM revision WHERE page = ?1", [page])? as u64;
        all.execute("DELETE FROM page WHERE id = ?1", [page])?;
    }
    report.same_text.retain(|url| !report.pages.contains(url));
    report.same_text.dedup();
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
    if !gone.is_empty() {
        archive.scrub()?;
    }
    Ok(report)
}

/// The addresses of a record.
#[derive(Deserialize)]
struct Addresses {
    url: Option<String>,
    final_url: Option<String>,
    canonical_url: Option<String>,
}

/// The pages of an address. Where they were redirected to and what they call
/// themselves stands in their records alone, so all are read: takedowns are
/// rare.
fn pages_of(archive: &Archive, key: [u8; 16]) -> Result<BTreeSet<i64>, ArchiveError> {
    let asked: Option<i64> =
        archive.db.query_row("SELECT id FROM page WHERE key = ?1", [key], |row| row.get(0)).optional()?;
    let mut pages: BTreeSet<i64> = asked.into_iter().collect();
    let mut rows = archive.db.prepare("SELECT page, record FROM revision WHERE generation = ?1")?;
    let mut rows = rows.query([archive.generation])?;
    while let Some(row) = rows.next()? {
        let page = row.get(0)?;
        let record = days::decompress(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
        let Ok(of) = serde_json::from_slice::<Addresses>(&record) else { continue };
        let mut all = [of.url, of.final_url, of.canonical_url].into_iter().flatten();
        if !pages.contains(&page) && all.any(|url| pages::key_of(&url) == key) {
            pages.insert(page);
        }
    }
    Ok(pages)
}

/// Where the same or nearly the same text stands, under other addresses.
fn same_text(db: &Connection, generation: i64, page: i64) -> rusqlite::Result<Vec<String>> {
    let mut rows = db.prepare(
        "WITH mine AS (SELECT content_hash, same_page FROM revision WHERE generation = ?1 AND page = ?2) \
         SELECT DISTINCT p.url FROM revision r JOIN page p ON p.id = r.page \
         WHERE r.generation = ?1 AND r.page <> ?2 AND (r.same_page = ?2 \
             OR r.content_hash IN (SELECT content_hash FROM mine) \
             OR r.page IN (SELECT same_page FROM mine) OR r.same_page IN (SELECT same_page FROM mine)) \
         ORDER BY p.id",
    )?;
    rows.query_map([generation, page], |row| row.get(0))?.collect()
}

/// Links the articles that named a page as the same text with the earliest of
/// them; gives the days of those that were changed.
fn link_anew(db: &Connection, generation: i64, page: i64) -> rusqlite::Result<Vec<i64>> {
    let mut rows = db.prepare(
        "SELECT id, page, day, content_hash, fingerprint FROM revision \
         WHERE generation = ?1 AND same_page = ?2 ORDER BY first_fetched_at, page, number",
    )?;
    let siblings = rows
        .query_map([generation, page], |row| {
            let fingerprint: i64 = row.get(4)?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, fingerprint))
        })?
        .collect::<Result<Vec<(i64, i64, i64, Option<String>, i64)>, _>>()?;
    let first = siblings.first().cloned();
    let mut days = Vec::new();
    for (id, of, day, hash, fingerprint) in siblings {
        let link = first.as_ref().filter(|(_, page, ..)| *page != of).and_then(|first| {
            let bits = (first.4 ^ fingerprint).count_ones();
            if first.3 == hash {
                Some((first.1, None))
            } else {
                (bits <= MOST_BITS).then_some((first.1, Some(bits)))
            }
        });
        db.execute(
            "UPDATE revision SET same_page = ?2, same_distance = ?3 WHERE id = ?1",
            params![id, link.map(|(page, _)| page), link.and_then(|(_, bits)| bits)],
        )?;
        days.push(day);
    }
    Ok(days)
}

/// The volumes that hold answers of pages, with their names.
fn volumes_of(db: &Connection, gone: &BTreeSet<i64>) -> rusqlite::Result<BTreeSet<(i64, String)>> {
    let mut volumes = BTreeSet::new();
    for page in gone {
        let mut rows = db.prepare_cached(
            "SELECT DISTINCT v.id, v.name FROM capture c JOIN volume v ON v.id = c.volume WHERE c.page = ?1",
        )?;
        for volume in rows.query_map([page], |row| Ok((row.get(0)?, row.get(1)?)))? {
            volumes.insert(volume?);
        }
    }
    Ok(volumes)
}

/// A volume that was written anew.
struct Rewritten {
    id: i64,
    name: String,
    length: u64,
    /// Where the captures that stay now begin.
    offsets: Vec<(i64, u64)>,
}

/// Writes a volume beside itself without the answers of pages. What stands
/// between the answers, such as the record that opens the file, is kept, and
/// bytes are copied as they are, damaged ones too.
fn without(
    archive: &Archive,
    (volume, name): (i64, String),
    gone: &BTreeSet<i64>,
) -> Result<Rewritten, ArchiveError> {
    let path = archive.dir.join(&name);
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
    let mut offsets = Vec::new();
    let (mut from, mut to) = (0, 0);
    let copy = |out: &mut BufWriter<File>, offset: u64, length: u64| -> Result<u64, ArchiveError> {
        let bytes = volumes::read(&path, Place { volume, offset, length })?;
        out.write_all(&bytes).map_err(ArchiveError::io(&new))?;
        Ok(length)
    };
    for (id, page, place) in captures {
        to += copy(&mut out, from, place.offset.saturating_sub(from))?;
        from = place.offset + place.length;
        if gone.contains(&page) {
            continue;
        }
        offsets.push((id, to));
        to += copy(&mut out, place.offset, place.length)?;
    }
    to += copy(&mut out, from, length.unsigned_abs().saturating_sub(from))?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(ArchiveError::io(&new))?;
    Ok(Rewritten { id: volume, name, length: to, offsets })
}
