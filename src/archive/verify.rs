//! Whether an archive is whole: every answer where the store says, with the
//! digest that it was written with; every revision in its day's file, once;
//! nothing on the disk that the store does not know.

use std::collections::HashSet;
use std::fs;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use rusqlite::params;

use super::captures::Capture;
use super::{Archive, ArchiveError, days, disk, store, volumes};
use crate::fetch::warc;
use crate::page::warc::{Record, RecordKind, WarcReader};

/// Answers that are read together.
const GROUP: u32 = 256;

/// What a verification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyReport {
    /// Answers whose digests were checked.
    pub captures: u64,
    /// Revisions whose lines were compared.
    pub revisions: u64,
    /// What is wrong, a line each.
    pub problems: Vec<String>,
}

impl VerifyReport {
    fn problem(&mut self, what: String) {
        self.problems.push(what);
    }
}

/// Verifies an archive. A run may be writing to it meanwhile.
///
/// # Errors
/// The archive cannot be read at all; damage to its parts is in the report.
pub fn verify(archive: &Archive) -> Result<VerifyReport, ArchiveError> {
    let mut report = VerifyReport::default();
    // The files first: what a run makes after this is no stray.
    let mut files = Vec::new();
    for folder in ["warc", "articles"] {
        files.extend(disk::files(&archive.dir.join(folder))?);
    }
    files.sort();
    // One view of the database for all that is compared with it.
    let view = archive.db.unchecked_transaction()?;
    for part in [database, answers, day_files] {
        match part(archive, &mut report) {
            Ok(()) => {}
            // Damage to what is verified is what is told of.
            Err(error @ (ArchiveError::Database(_) | ArchiveError::Broken(_))) => {
                report.problem(error.to_string());
            }
            Err(error) => return Err(error),
        }
    }
    strays(archive, &files, &mut report)?;
    drop(view);
    Ok(report)
}

/// The database's own check, and rows that lead nowhere.
fn database(archive: &Archive, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    let db = &archive.db;
    let mut rows = db.prepare("PRAGMA integrity_check(20)")?;
    for row in rows.query_map([], |row| row.get::<_, String>(0))? {
        let row = row?;
        if row != "ok" {
            report.problem(format!("the database: {row}"));
        }
    }
    for (what, sql) in [
        (
            "revisions whose page is missing",
            "SELECT count(*) FROM revision r WHERE NOT EXISTS (SELECT 1 FROM page p WHERE p.id = r.page)",
        ),
        (
            "revisions whose answer is missing",
            "SELECT count(*) FROM revision r WHERE NOT EXISTS (SELECT 1 FROM capture c WHERE c.id = r.capture)",
        ),
        (
            "answers whose page is missing",
            "SELECT count(*) FROM capture c WHERE NOT EXISTS (SELECT 1 FROM page p WHERE p.id = c.page)",
        ),
        (
            "answers whose file is not known",
            "SELECT count(*) FROM capture c WHERE NOT EXISTS (SELECT 1 FROM volume v WHERE v.id = c.volume)",
        ),
    ] {
        let count: i64 = db.query_row(sql, [], |row| row.get(0))?;
        if count > 0 {
            report.problem(format!("the database: {count} {what}"));
        }
    }
    let gaps: i64 = db.query_row(
        "SELECT count(*) FROM (SELECT 1 FROM revision WHERE generation = ?1 GROUP BY page \
         HAVING max(number) <> count(*) OR min(number) <> 1)",
        [archive.generation],
        |row| row.get(0),
    )?;
    if gaps > 0 {
        report.problem(format!("the database: the revisions of {gaps} pages are not numbered 1, 2, ..."));
    }
    Ok(())
}

/// Every answer, where the store says it stands.
fn answers(archive: &Archive, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    let mut last = 0;
    loop {
        let captures = Capture::after(&archive.db, last, GROUP)?;
        let Some(end) = captures.last() else { return Ok(()) };
        last = end.id;
        for capture in &captures {
            report.captures += 1;
            let path = archive.dir.join(&capture.volume);
            let found = volumes::read(&path, capture.place).map_err(|e| e.to_string());
            if let Err(what) = found.and_then(|records| whole(&records)) {
                report.problem(format!(
                    "{} at byte {}: {what} (page {})",
                    capture.volume, capture.place.offset, capture.page
                ));
            }
        }
    }
}

/// Whether records are whole and have the digests that stand in their headers.
fn whole(records: &[u8]) -> Result<(), String> {
    let mut answers = 0;
    for record in WarcReader::new(records) {
        let record = record.map_err(|e| e.to_string())?;
        if record.kind == RecordKind::Response {
            answers += 1;
            digest(&record)?;
        }
    }
    if answers == 0 { Err("no answer stands there".to_owned()) } else { Ok(()) }
}

fn digest(record: &Record) -> Result<(), String> {
    let Some(stated) = record.fields.get("warc-block-digest") else {
        return Err("the answer has no digest".to_owned());
    };
    let found = warc::digest(&[&record.block]);
    if stated.eq_ignore_ascii_case(&found) {
        Ok(())
    } else {
        Err("the answer's digest is another".to_owned())
    }
}

/// Every day's file, line by line.
fn day_files(archive: &Archive, report: &mut VerifyReport) -> Result<(), ArchiveError> {
    let generation = archive.generation;
    let mut rows =
        archive.db.prepare("SELECT day, length FROM day_file WHERE generation = ?1 ORDER BY day")?;
    let all = rows
        .query_map([generation], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?
        .collect::<Result<Vec<_>, _>>()?;
    let folder = days::folder(&archive.dir);
    let idle = store::lock(&archive.dir).is_ok();
    let sql = format!(
        "SELECT {} FROM revision r {} WHERE r.generation = ?1 AND r.day = ?2 AND r.written = 1 ORDER BY r.id",
        days::LINE_COLUMNS,
        days::LINE_JOINS
    );
    for (day, length) in all {
        let path = days::path(&folder, day);
        let name = shown(archive, &path);
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) => {
                report.problem(format!("{name}: {error}"));
                continue;
            }
        };
        let found = file.metadata().map_or(0, |found| found.len());
        if found < length {
            report.problem(format!("{name} is shorter than the {length} bytes that it had"));
            continue;
        }
        if found > length && idle {
            report.problem(format!(
                "{name} is longer than the {length} bytes that it had; the next run cuts it"
            ));
        }
        let mut lines = std::io::BufReader::new(std::io::Read::take(file, length)).split(b'\n');
        let mut rows = archive.db.prepare_cached(&sql)?;
        let mut rows = rows.query(params![generation, day])?;
        let mut number = 0_u64;
        while let Some(row) = rows.next()? {
            number += 1;
            report.revisions += 1;
            let expected = days::line(row)?;
            let found = lines.next().transpose().map_err(ArchiveError::io(&path))?;
            if found.as_deref() != Some(&expected[..]) {
                report.problem(format!("{name}, line {number}, is not what the store holds"));
                break;
            }
        }
        if lines.next().is_some() {
            report.problem(format!("{name} has more lines than the store holds"));
        }
    }
    let waiting: i64 = archive.db.query_row(
        "SELECT count(*) FROM revision WHERE generation = ?1 AND written = 0",
        [generation],
        |row| row.get(0),
    )?;
    if waiting > 0 && idle {
        report.problem(format!("{waiting} revisions stand in no day's file yet; the next run writes them"));
    }
    Ok(())
}

/// Files that the store does not know, and files that are gone.
fn strays(archive: &Archive, files: &[PathBuf], report: &mut VerifyReport) -> Result<(), ArchiveError> {
    let mut known: HashSet<PathBuf> = HashSet::new();
    let mut rows = archive.db.prepare("SELECT name, length FROM volume")?;
    for row in
        rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?
    {
        let (name, length) = row?;
        let path = archive.dir.join(&name);
        match fs::metadata(&path) {
            Ok(found) if found.len() < length => {
                report.problem(format!("{name} has {} bytes of {length}", found.len()));
            }
            Err(error) if length > 0 => report.problem(format!("{name}: {error}")),
            _ => {}
        }
        known.insert(path);
    }
    // Days of which a run has written the file and not yet noted it included.
    let mut rows = archive.db.prepare(
        "SELECT day FROM day_file WHERE generation = ?1 \
         UNION SELECT day FROM revision WHERE generation = ?1 AND written = 0",
    )?;
    for day in rows.query_map([archive.generation], |row| row.get(0))? {
        known.insert(days::path(&days::folder(&archive.dir), day?));
    }
    for path in files.iter().filter(|path| !known.contains(*path)) {
        report.problem(format!("{} is no file that the store knows", shown(archive, path)));
    }
    Ok(())
}

fn shown(archive: &Archive, path: &Path) -> String {
    path.strip_prefix(&archive.dir).unwrap_or(path).display().to_string()
}
