//! Raw answers, written and read back: what a live run saw of a page and what
//! a rebuild sees of it are the same.

use std::path::Path;

use rusqlite::{Connection, params};

use super::ArchiveError;
use super::revisions::Seen;
use super::volumes::{self, Place};
use crate::failure::Failure;
use crate::options::Options;
use crate::page::warc::{HttpAnswer, Record, RecordKind, WarcReader};
use crate::provenance;

/// An answer of a page, as it stands in the store.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    /// Its row.
    pub id: i64,
    /// The page.
    pub page: i64,
    /// The WARC file, below the archive's folder.
    pub volume: String,
    /// Where in it.
    pub place: Place,
    /// When it was asked for.
    pub fetched_at: i64,
}

impl Capture {
    const COLUMNS: &str = "c.id, c.page, v.name, c.volume, c.offset, c.length, c.fetched_at \
         FROM capture c JOIN volume v ON v.id = c.volume";

    fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            page: row.get(1)?,
            volume: row.get(2)?,
            place: Place {
                volume: row.get(3)?,
                offset: row.get::<_, i64>(4)?.unsigned_abs(),
                length: row.get::<_, i64>(5)?.unsigned_abs(),
            },
            fetched_at: row.get(6)?,
        })
    }

    /// The answer of a row.
    pub fn get(db: &Connection, id: i64) -> rusqlite::Result<Self> {
        let sql = format!("SELECT {} WHERE c.id = ?1", Self::COLUMNS);
        db.prepare_cached(&sql)?.query_row([id], Self::of)
    }

    /// The next answers behind a row, in the order in which they came.
    pub fn after(db: &Connection, id: i64, most: u32) -> rusqlite::Result<Vec<Self>> {
        let sql = format!("SELECT {} WHERE c.id > ?1 ORDER BY c.id LIMIT ?2", Self::COLUMNS);
        db.prepare_cached(&sql)?.query_map(params![id, most], Self::of)?.collect()
    }

    /// Notes an answer that was written.
    pub fn insert(
        db: &Connection,
        page: i64,
        place: Place,
        fetched_at: i64,
        status: u16,
    ) -> rusqlite::Result<i64> {
        db.prepare_cached(
            "INSERT INTO capture (page, volume, offset, length, fetched_at, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            page,
            place.volume,
            place.offset.cast_signed(),
            place.length.cast_signed(),
            fetched_at,
            status
        ])?;
        Ok(db.last_insert_rowid())
    }

    /// Reads the answer back and extracts it; `None` for a page that gives no
    /// record.
    ///
    /// # Errors
    /// [`ArchiveError::Stored`] where it does not stand where it should.
    pub fn extract(&self, dir: &Path, base: &Options) -> Result<Option<Seen>, ArchiveError> {
        let path = dir.join(&self.volume);
        let broken =
            |message: String| ArchiveError::Stored { path: path.clone(), offset: self.place.offset, message };
        let records = volumes::read(&path, self.place)?;
        let answer = last_answer(&records).map_err(broken)?;
        let Some((record, answer)) = answer else {
            return Err(broken("no answer stands there".to_owned()));
        };
        if matches!(answer.status, 404 | 410) {
            return Ok(Some(Seen::Gone { status: answer.status }));
        }
        let mut options = base.clone();
        provenance::recorded(&mut options, &record.fields);
        provenance::answered(&mut options, &answer);
        options.fetched_at = record.date().map(str::to_owned);
        let extracted = provenance::decode(&answer, &mut options)
            .and_then(|body| provenance::extract(&body, &options).map_err(|failure: Failure| failure));
        Ok(extracted.ok().map(|article| Seen::Article(Box::new(article))))
    }
}

/// The last answer among the records of an exchange: redirects come before it.
fn last_answer(records: &[u8]) -> Result<Option<(Record, HttpAnswer)>, String> {
    let mut last = None;
    for record in WarcReader::new(records) {
        let record = record.map_err(|e| e.to_string())?;
        if record.kind == RecordKind::Response
            && let Some(answer) = HttpAnswer::of(&record)
        {
            last = Some((record, answer));
        }
    }
    Ok(last)
}
