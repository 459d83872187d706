//! A new generation: all answers read again with today's extractor.
//!
//! The new revisions are made beside the old ones, which hold until the swap:
//! one commit that names the new generation, then the folders of day files
//! change places. A kill before the commit leaves the old generation, one
//! after it the new one.

use std::num::NonZeroUsize;

use super::captures::Capture;
use super::clock::{day, day_number};
use super::near::Window;
use super::pages::Page;
use super::revisions::{self, Latest, Look, Seen};
use super::{Archive, ArchiveError, days};
use crate::options::Options;

/// Answers that are read and kept together.
const GROUP: u32 = 512;

/// What a rebuild came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RebuildReport {
    /// Answers that were read.
    pub captures: u64,
    /// Revisions in the new generation.
    pub revisions: u64,
    /// Revisions in the old one.
    pub before: u64,
    /// Answers that could not be read back; `verify` names them.
    pub damaged: u64,
}

/// Makes a new generation of an archive's revisions and day files.
///
/// # Errors
/// The archive cannot be written, or ([`ArchiveError::Damaged`]) answers cannot
/// be read back and `force` is not set: articles would be lost. The old
/// generation then holds.
pub fn rebuild(
    archive: &mut Archive,
    force: bool,
    mut progress: impl FnMut(&RebuildReport),
) -> Result<RebuildReport, ArchiveError> {
    archive.drop_other_generations()?;
    let next = archive.generation + 1;
    let base = Options::new().with_sites(archive.rules.clone());
    let mut report = RebuildReport {
        before: archive
            .db
            .query_row("SELECT count(*) FROM revision WHERE generation = ?1", [archive.generation], |row| {
                row.get::<_, i64>(0)
            })?
            .unsigned_abs(),
        ..RebuildReport::default()
    };
    let folder = archive.dir.join("articles.next");
    let mut window = Window::default();
    let mut last = 0;
    loop {
        let captures = Capture::after(&archive.db, last, GROUP)?;
        let Some(end) = captures.last() else { break };
        last = end.id;
        let seen = read_all(&captures, archive, &base);
        let all = archive.db.unchecked_transaction()?;
        for (capture, seen) in captures.iter().zip(seen) {
            report.captures += 1;
            match seen {
                Ok(Some(seen)) => {
                    let kept = keep(&all, archive, next, capture, &seen, &mut window)?;
                    report.revisions += u64::from(kept);
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "an answer cannot be read back");
                    report.damaged += 1;
                }
            }
        }
        all.commit()?;
        days::catch_up(&mut archive.db, &folder, next)?;
        progress(&report);
    }
    if report.damaged > 0 && !force {
        archive.drop_other_generations()?;
        return Err(ArchiveError::Damaged { damaged: report.damaged, captures: report.captures });
    }
    let all = archive.db.transaction()?;
    // Pages that no extractor could read before.
    all.execute(
        "UPDATE page SET first_fetched_at = (SELECT min(r.first_fetched_at) FROM revision r \
         WHERE r.generation = ?1 AND r.page = page.id) WHERE first_fetched_at IS NULL",
        [next],
    )?;
    all.execute("UPDATE setting SET value = ?1 WHERE name = 'generation'", [next])?;
    all.execute("INSERT INTO setting VALUES ('swap', ?1)", [next])?;
    all.commit()?;
    archive.generation = next;
    if !folder.exists() {
        // An archive without an article.
        std::fs::create_dir_all(&folder).map_err(ArchiveError::io(&folder))?;
    }
    archive.finish_swap()?;
    archive.drop_other_generations()?;
    // The old generation's room is given back, what stood there overwritten.
    match archive.scrub() {
        Err(ArchiveError::Read) | Ok(()) => Ok(report),
        Err(error) => Err(error),
    }
}

/// Reads answers on all processors, in their order.
fn read_all(
    captures: &[Capture],
    archive: &Archive,
    base: &Options,
) -> Vec<Result<Option<Seen>, ArchiveError>> {
    let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let dir = archive.dir.as_path();
    std::thread::scope(|scope| {
        let threads: Vec<_> = captures
            .chunks(captures.len().div_ceil(workers).max(1))
            .map(|part| {
                scope.spawn(move || part.iter().map(|capture| capture.extract(dir, base)).collect::<Vec<_>>())
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| match thread.join() {
                Ok(part) => part,
                // Extraction catches its own panics; what is left is a fault.
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}

/// Keeps what follows from an answer; whether a revision did.
fn keep(
    db: &rusqlite::Connection,
    archive: &Archive,
    generation: i64,
    capture: &Capture,
    seen: &Seen,
    window: &mut Window,
) -> Result<bool, ArchiveError> {
    let Some(page) = Page::get(db, capture.page)? else { return Ok(false) };
    let latest = Latest::of(db, generation, capture.page)?;
    if !revisions::judge(latest.as_ref(), seen).is_revision() {
        return Ok(false);
    }
    // A page that no extractor could read before begins with this answer.
    let begun = latest.as_ref().map(|latest| latest.first);
    let first = page.first_fetched_at.or(begun).unwrap_or(capture.fetched_at);
    let look = Look {
        page: page.id,
        url: &page.url,
        site: page.site,
        first,
        day: day_number(day(first, archive.config.zone)),
        fetched_at: capture.fetched_at,
        capture: capture.id,
        seen,
        extractor: &archive.extractor,
    };
    revisions::insert(db, generation, latest.as_ref(), &look, window)?;
    Ok(true)
}
