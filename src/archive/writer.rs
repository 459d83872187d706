//! The one that writes to an archive during a run.
//!
//! Looks are kept in groups: the answers of a group are written to the WARC
//! file and brought to the disk, then one transaction notes them and what
//! follows from them, then the day files are brought up to date. A kill
//! between any two steps loses the group at most, and its pages are due still.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::params;
use serde::Serialize;

use super::captures::Capture;
use super::clock::{Clock, day, day_number};
use super::near::Window;
use super::pages::{self, Page, Schedule};
use super::revisions::{self, Change, Latest, Look, Seen};
use super::robots::RobotsFiles;
use super::sources;
use super::volumes::Volumes;
use super::{Archive, ArchiveError, days};
use crate::article::Article;
use crate::discover::Discovery;
use crate::failure::{Failure, FailureKind};
use crate::fetch::Job;
use crate::options::Options;

/// A group is closed after so many looks or so long a time.
const GROUP: (usize, Duration) = (64, Duration::from_millis(500));

/// What became of a look at a page.
pub(crate) struct Done {
    /// The page's row.
    pub page: i64,
    /// What the page gave.
    pub result: Brought,
    /// The answers as records of a WARC file.
    pub records: Vec<u8>,
    /// The status of the last of them.
    pub status: u16,
    /// When it was asked for.
    pub fetched_at: i64,
    /// Its `ETag` and `Last-Modified`.
    pub validators: (Option<String>, Option<String>),
}

/// What a page gave.
pub(crate) enum Brought {
    /// An article.
    Article(Box<Article>),
    /// The answer that is known already (304).
    Unchanged,
    /// No article: a failure of fetching, or of reading the page.
    Failed(Box<Failure>),
}

/// Numbers of a site's looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tally {
    /// Articles that were not known.
    pub new: u64,
    /// Articles of which there is a further revision.
    pub updated: u64,
    /// Articles that are as they were.
    pub unchanged: u64,
    /// Articles that were taken down.
    pub gone: u64,
    /// Looks that brought no page.
    pub failed: u64,
    /// Pages that are no article.
    pub not_article: u64,
}

impl Tally {
    /// Adds the numbers of another.
    pub(crate) fn add(&mut self, other: &Self) {
        self.new += other.new;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.gone += other.gone;
        self.failed += other.failed;
        self.not_article += other.not_article;
    }
}

/// The writing side of a run.
pub(crate) struct Writer<'a> {
    archive: &'a mut Archive,
    volumes: Volumes,
    window: Window,
    plan: Schedule,
    clock: Clock,
    options: Options,
    robots: Arc<RobotsFiles>,
    /// The looks of the open group, and when it was begun.
    group: Option<(usize, Instant)>,
    group_tally: HashMap<(i64, i64), Tally>,
    pub tally: HashMap<i64, Tally>,
}

impl<'a> Writer<'a> {
    /// Begins to write. `options` are those that pages are read with.
    pub fn new(
        archive: &'a mut Archive,
        warcinfo: Vec<u8>,
        clock: Clock,
        options: Options,
        robots: Arc<RobotsFiles>,
    ) -> Result<Self, ArchiveError> {
        let config = archive.config();
        let plan =
            Schedule { revisit_after: config.revisit_after.clone(), max_attempts: config.max_attempts };
        let volumes = Volumes::new(&archive.dir, config.warc_bytes, warcinfo);
        let window = Window::load(&archive.db, archive.generation, clock.now().timestamp())?;
        Ok(Self {
            archive,
            volumes,
            window,
            plan,
            clock,
            options,
            robots,
            group: None,
            group_tally: HashMap::new(),
            tally: HashMap::new(),
        })
    }

    /// Takes what a search of a site brought, and gives what is to be fetched
    /// of it now. Addresses and the versions of their sources are noted
    /// together: a source that answers "unchanged" next time has lost nothing.
    pub fn found(
        &mut self,
        site: i64,
        discovery: &Discovery,
        searched: bool,
    ) -> Result<Vec<Job>, ArchiveError> {
        self.end_group()?;
        let now = self.clock.now().timestamp();
        let most = self.archive.config.max_urls;
        let all = self.archive.db.transaction()?;
        let mut added = 0;
        let mut rest = discovery.found.iter();
        for found in rest.by_ref() {
            added += usize::from(pages::add(&all, pages::digest(&found.key), &found.url, site, now)?);
            if added >= most {
                break;
            }
        }
        // What was not taken must be named again: no source is "unchanged".
        let whole = rest.len() == 0;
        if searched && !discovery.is_failed() {
            sources::drop_useless(&all, site, discovery)?;
            all.execute("UPDATE site SET searched_at = ?2 WHERE id = ?1", [site, now])?;
        }
        sources::keep(&all, site, discovery, whole)?;
        if !discovery.is_failed() {
            all.execute("UPDATE site SET succeeded_at = ?2 WHERE id = ?1", [site, now])?;
        }
        self.robots.keep(&all)?;
        all.commit()?;
        Ok(pages::due(&self.archive.db, site, now)?)
    }

    /// What is to be fetched of a site that could not be searched.
    pub fn due(&mut self, site: i64) -> Result<Vec<Job>, ArchiveError> {
        Ok(pages::due(&self.archive.db, site, self.clock.now().timestamp())?)
    }

    /// Takes what became of a look.
    pub fn take(&mut self, done: Done) -> Result<(), ArchiveError> {
        if matches!(&done.result, Brought::Failed(f) if f.kind == FailureKind::Interrupted) {
            return Ok(());
        }
        self.begin_group()?;
        self.settle(done)?;
        if let Some((looks, since)) = &mut self.group {
            *looks += 1;
            if *looks >= GROUP.0 || since.elapsed() >= GROUP.1 {
                return self.end_group();
            }
        }
        Ok(())
    }

    /// Closes a group that has waited long enough.
    pub fn tick(&mut self) -> Result<(), ArchiveError> {
        match &self.group {
            Some((_, since)) if since.elapsed() >= GROUP.1 => self.end_group(),
            _ => Ok(()),
        }
    }

    fn begin_group(&mut self) -> Result<(), ArchiveError> {
        if self.group.is_none() {
            let today = day(self.clock.now().timestamp(), self.archive.config.zone);
            self.volumes.prepare(&self.archive.db, today)?;
            self.archive.db.execute_batch("BEGIN IMMEDIATE")?;
            self.group = Some((0, Instant::now()));
        }
        Ok(())
    }

    /// Closes the open group, if there is one.
    pub fn end_group(&mut self) -> Result<(), ArchiveError> {
        if self.group.take().is_none() {
            return Ok(());
        }
        let db = &self.archive.db;
        for ((site, day), tally) in self.group_tally.drain() {
            note_tally(db, site, day, &tally)?;
            self.tally.entry(site).or_default().add(&tally);
        }
        self.robots.keep(db)?;
        self.volumes.note(db)?;
        db.execute_batch("COMMIT")?;
        days::catch_up(&mut self.archive.db, &days::folder(&self.archive.dir), self.archive.generation)
    }

    fn settle(&mut self, done: Done) -> Result<(), ArchiveError> {
        let Some(page) = Page::get(&self.archive.db, done.page)? else { return Ok(()) };
        let at = done.fetched_at;
        let first = page.first_fetched_at;
        let mut tally = Tally::default();
        let validators = done.validators.clone();
        match done.result {
            Brought::Unchanged => {
                tally.unchanged = 1;
                self.looked(&page, at, first.unwrap_or(at), None)?;
            }
            Brought::Article(article) if self.is_forgotten(&article)? => {
                // Taken out under another address, which leads here.
                self.failed(&page, "forgotten", at, None)?;
            }
            Brought::Article(article) => {
                let seen = Seen::Article(article);
                let change = self.keep(&page, &seen, &done.records, done.status, at)?;
                match change {
                    Change::New => tally.new = 1,
                    Change::Updated => tally.updated = 1,
                    Change::Held => tally.not_article = 1,
                    Change::Unchanged | Change::Gone => tally.unchanged = 1,
                }
                self.looked(&page, at, first.unwrap_or(at), Some(validators))?;
                if change == Change::Held {
                    self.note_failure(&page, "held")?;
                }
            }
            Brought::Failed(failure) if is_gone(&failure) && first.is_some() => {
                let status = failure.status.unwrap_or_default();
                let change = self.keep(&page, &Seen::Gone { status }, &done.records, status, at)?;
                tally.gone = u64::from(change == Change::Gone);
                // It may come back: a server has bad moments.
                let due = first.and_then(|first| self.plan.next_look(first, at));
                self.failed(&page, failure.kind.as_str(), at, due)?;
                self.forget_validators(&page)?;
            }
            Brought::Failed(failure) => {
                use FailureKind::{Charset, Malformed, NotArticle};
                // Pages that today's extractor cannot read are kept for
                // tomorrow's.
                if matches!(failure.kind, NotArticle | Malformed | Charset) && !done.records.is_empty() {
                    tally.not_article = 1;
                    self.capture(&page, &done.records, done.status, at)?;
                } else {
                    tally.failed = 1;
                }
                // A known article goes on with the plan, and what may pass is
                // tried again before.
                let planned = first.and_then(|first| self.plan.next_look(first, at));
                let passes = pages::may_pass(&failure, first.is_some(), page.attempts);
                let again = passes.then(|| self.plan.next_try(page.attempts + 1, at)).flatten();
                let due = [planned, again].into_iter().flatten().min();
                self.failed(&page, failure.kind.as_str(), at, due)?;
            }
        }
        let today = day_number(day(at, self.archive.config.zone));
        self.group_tally.entry((page.site, today)).or_default().add(&tally);
        Ok(())
    }

    /// Keeps an answer and the revision that follows from it, if one does.
    fn keep(
        &mut self,
        page: &Page,
        seen: &Seen,
        records: &[u8],
        status: u16,
        at: i64,
    ) -> Result<Change, ArchiveError> {
        let generation = self.archive.generation;
        let mut latest = Latest::of(&self.archive.db, generation, page.id)?;
        if let (Some(kept), Seen::Article(_)) = (&latest, seen)
            && !kept.gone
            && kept.extractor != self.archive.extractor
        {
            latest = self.read_anew(kept)?.or(latest);
        }
        let change = revisions::judge(latest.as_ref(), seen);
        if !change.is_revision() && change != Change::Held {
            return Ok(change);
        }
        let capture = self.capture(page, records, status, at)?;
        if change.is_revision() {
            let first = page.first_fetched_at.unwrap_or(at);
            let look = Look {
                page: page.id,
                url: &page.url,
                site: page.site,
                first,
                day: day_number(day(first, self.archive.config.zone)),
                fetched_at: at,
                capture,
                seen,
                extractor: &self.archive.extractor,
            };
            revisions::insert(&self.archive.db, generation, latest.as_ref(), &look, &mut self.window)?;
        }
        Ok(change)
    }

    /// The latest revision as today's extractor reads its answer, so that two
    /// readings by one program are compared. `None` where the answer cannot be
    /// read back; then the kept reading has to do.
    fn read_anew(&self, kept: &Latest) -> Result<Option<Latest>, ArchiveError> {
        let capture = Capture::get(&self.archive.db, kept.capture)?;
        match capture.extract(&self.archive.dir, &self.options) {
            Ok(Some(Seen::Article(article))) => Ok(Some(kept.clone().read_by(&article))),
            Ok(_) => Ok(None),
            Err(error) => {
                tracing::warn!(%error, "a stored answer cannot be read back");
                Ok(None)
            }
        }
    }

    fn capture(&mut self, page: &Page, records: &[u8], status: u16, at: i64) -> Result<i64, ArchiveError> {
        let place = self.volumes.append(records)?;
        Ok(Capture::insert(&self.archive.db, page.id, place, at, status)?)
    }

    /// Notes a look that brought the article.
    fn looked(
        &self,
        page: &Page,
        at: i64,
        first: i64,
        validators: Option<(Option<String>, Option<String>)>,
    ) -> Result<(), ArchiveError> {
        let due = self.plan.next_look(first, at);
        let db = &self.archive.db;
        db.prepare_cached(
            "UPDATE page SET first_fetched_at = ?2, looked_at = ?3, due_at = ?4, attempts = 0, failure = NULL \
             WHERE id = ?1",
        )?
        .execute(params![page.id, first, at, due])?;
        if let Some((etag, modified)) = validators {
            db.prepare_cached("UPDATE page SET etag = ?2, last_modified = ?3 WHERE id = ?1")?
                .execute(params![page.id, etag, modified])?;
        }
        db.prepare_cached("UPDATE site SET succeeded_at = ?2 WHERE id = ?1")?.execute([page.site, at])?;
        Ok(())
    }

    /// Notes a look that brought none.
    fn failed(&self, page: &Page, failure: &str, at: i64, due: Option<i64>) -> Result<(), ArchiveError> {
        self.archive
            .db
            .prepare_cached(
                "UPDATE page SET looked_at = ?2, due_at = ?3, attempts = attempts + 1, failure = ?4 WHERE id = ?1",
            )?
            .execute(params![page.id, at, due, failure])?;
        Ok(())
    }

    fn note_failure(&self, page: &Page, failure: &str) -> Result<(), ArchiveError> {
        self.archive
            .db
            .prepare_cached("UPDATE page SET failure = ?2 WHERE id = ?1")?
            .execute(params![page.id, failure])?;
        Ok(())
    }

    /// The next answer is not to be "unchanged": it would be of a page that is
    /// gone.
    fn forget_validators(&self, page: &Page) -> Result<(), ArchiveError> {
        self.archive
            .db
            .prepare_cached("UPDATE page SET etag = NULL, last_modified = NULL WHERE id = ?1")?
            .execute([page.id])?;
        Ok(())
    }

    /// Whether the page that an article was found at, or that it names as its
    /// own, was taken out for good.
    fn is_forgotten(&self, article: &Article) -> Result<bool, ArchiveError> {
        for url in [&article.final_url, &article.canonical_url].into_iter().flatten() {
            if pages::is_forgotten(&self.archive.db, pages::key_of(url))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether the server says that the page is there no more.
fn is_gone(failure: &Failure) -> bool {
    failure.kind == FailureKind::HttpStatus && matches!(failure.status, Some(404 | 410))
}

fn note_tally(db: &rusqlite::Connection, site: i64, day: i64, tally: &Tally) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO tally (site, day, new, updated, unchanged, gone, failed, not_article) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (site, day) DO UPDATE SET \
         new = new + ?3, updated = updated + ?4, unchanged = unchanged + ?5, gone = gone + ?6, \
         failed = failed + ?7, not_article = not_article + ?8",
    )?
    .execute(params![
        site,
        day,
        tally.new.cast_signed(),
        tally.updated.cast_signed(),
        tally.unchanged.cast_signed(),
        tally.gone.cast_signed(),
        tally.failed.cast_signed(),
        tally.not_article.cast_signed()
    ])?;
    Ok(())
}
