//! An archive's articles as one file: JSON lines, CSV, or Parquet.
//!
//! The same archive gives the same bytes: rows are in the order in which the
//! articles came, and nothing of the moment goes in.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;
mod row;

use std::io::Write;

use chrono::NaiveDate;
use rusqlite::types::Value;

use super::clock::day_number;
use super::{Archive, ArchiveError, days};

/// In what form articles are exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportFormat {
    /// The lines of the day files: records with an `archive` key.
    #[default]
    Jsonl,
    /// A row for each article, lists joined by `; `. A tombstone is a row with
    /// `gone` set and no text.
    Csv,
    /// The same columns as a Parquet file.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// What is exported.
#[derive(Clone, Debug, Default)]
pub struct ExportOptions {
    /// The form.
    pub format: ExportFormat,
    /// Every revision, in place of the latest one of each article. Articles
    /// that were taken down are left out without it.
    pub all_revisions: bool,
    /// Articles that were first fetched on this day or later.
    pub since: Option<NaiveDate>,
    /// Articles that were first fetched on this day or before.
    pub until: Option<NaiveDate>,
    /// Articles of these sites, by key; of all where there is none.
    pub sites: Vec<String>,
    /// Articles in these languages (BCP 47); in all where there is none.
    pub languages: Vec<String>,
}

/// Writes the articles of an archive; gives their number.
///
/// # Errors
/// A site that the archive does not know, or the output cannot be written
/// ([`ArchiveError::Export`]).
pub fn export(
    archive: &Archive,
    options: &ExportOptions,
    mut out: impl Write + Send,
) -> Result<u64, ArchiveError> {
    match options.format {
        ExportFormat::Jsonl => each(archive, options, |line| {
            out.write_all(line).and_then(|()| out.write_all(b"\n")).map_err(ArchiveError::Export)
        })
        .and_then(|count| out.flush().map_err(ArchiveError::Export).map(|()| count)),
        ExportFormat::Csv => csv::write(archive, options, out),
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet => parquet::write(archive, options, out),
    }
}

/// Hands over the line of each revision that is asked for.
fn each(
    archive: &Archive,
    options: &ExportOptions,
    mut take: impl FnMut(&[u8]) -> Result<(), ArchiveError>,
) -> Result<u64, ArchiveError> {
    // Row by row as they stand: an index would have the whole store sorted.
    let mut sql = format!(
        "SELECT {} FROM revision r NOT INDEXED {} WHERE r.generation = ?",
        days::LINE_COLUMNS,
        days::LINE_JOINS
    );
    let mut values: Vec<Value> = vec![archive.generation.into()];
    let mut add = |condition: &str, given: Vec<Value>| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.extend(given);
    };
    if !options.all_revisions {
        add(
            "r.gone = 0 AND r.number = (SELECT max(l.number) FROM revision l \
             WHERE l.generation = r.generation AND l.page = r.page)",
            Vec::new(),
        );
    }
    if let Some(since) = options.since {
        add("r.day >= ?", vec![day_number(since).into()]);
    }
    if let Some(until) = options.until {
        add("r.day <= ?", vec![day_number(until).into()]);
    }
    let marks = |n: usize| vec!["?"; n].join(", ");
    if !options.sites.is_empty() {
        let mut rows = Vec::new();
        for site in &options.sites {
            rows.push(Value::from(site_row(archive, site)?));
        }
        add(&format!("r.site IN ({})", marks(rows.len())), rows);
    }
    if !options.languages.is_empty() {
        let languages: Vec<Value> = options.languages.iter().map(|l| Value::from(l.clone())).collect();
        add(&format!("r.language IN ({})", marks(languages.len())), languages);
    }
    sql.push_str(" ORDER BY r.id");
    let mut rows = archive.db.prepare(&sql)?;
    let mut rows = rows.query(rusqlite::params_from_iter(values))?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        take(&days::line(row)?)?;
        count += 1;
    }
    Ok(count)
}

/// Whether an archive holds the sites that an export asks for.
///
/// # Errors
/// The one that it does not hold.
pub fn check_sites(archive: &Archive, options: &ExportOptions) -> Result<(), ArchiveError> {
    options.sites.iter().try_for_each(|site| site_row(archive, site).map(drop))
}

fn site_row(archive: &Archive, key: &str) -> Result<i64, ArchiveError> {
    use rusqlite::OptionalExtension;
    let found =
        archive.db.query_row("SELECT id FROM site WHERE key = ?1", [key], |row| row.get(0)).optional()?;
    found.ok_or_else(|| ArchiveError::Setup(format!("the archive holds no site {key:?}")))
}
