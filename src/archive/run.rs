//! A run: sites are searched, pages fetched, articles kept.
//!
//! Sites are searched side by side, each at its host's pace; what is due of a
//! site is fetched as soon as its search has ended. Pages are read on threads
//! of their own, and one thread, the caller's, writes.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::clock::Clock;
use super::robots::RobotsFiles;
use super::sources;
use super::writer::{Brought, Done, Tally, Writer};
use super::{Archive, ArchiveError};
use crate::discover::{Discovery, Known, Plan, Site, SourceOutcome, discover};
use crate::failure::Failure;
use crate::fetch::{Control, FetchOptions, Fetcher, Job, Outcome, warc};
use crate::mask_password;
use crate::options::Options;
use crate::provenance;

/// Events that may wait to be written, and outcomes to be read.
const QUEUE: usize = 64;

/// Jobs that may wait to be taken into the fetcher's schedule.
const JOBS: usize = 1024;

/// How often the writer looks up where nothing comes.
const GLANCE: Duration = Duration::from_millis(100);

/// Addresses that a site's sources may name: a sitemap's most
/// (<https://www.sitemaps.org/protocol.html>).
const MOST_NAMED: usize = 50_000;

/// After so long the sources of a site are searched for anew: feeds move.
const SEARCH_AGAIN: TimeDelta = TimeDelta::days(7);

/// How a run is to behave.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// How pages are fetched.
    pub fetch: FetchOptions,
    /// The run is ended after so long; what is due then stays due.
    pub max_duration: Option<Duration>,
    /// The time that counts as now, in place of the system's.
    pub now: Option<DateTime<Utc>>,
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RunReport {
    /// All sites together.
    pub total: Tally,
    /// Each site.
    pub sites: Vec<SiteReport>,
    /// Pages that were due and were not fetched: the run was ended before.
    pub unfinished: u64,
    /// Whether it was ended by [`RunOptions::max_duration`].
    pub out_of_time: bool,
}

/// What a run came to for a site.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SiteReport {
    /// The site's key.
    pub site: String,
    /// Its numbers.
    pub tally: Tally,
    /// Addresses that its sources named.
    pub named: usize,
    /// Whether none of its sources answered usably; `None`: it was not asked.
    pub failed: Option<bool>,
    /// Sources that failed.
    pub failures: Vec<(String, Failure)>,
}

impl RunReport {
    /// Whether nothing worked: there were sites, no source of any answered and
    /// no page came.
    pub fn is_failed(&self) -> bool {
        let brought = self.total.new + self.total.updated + self.total.unchanged + self.total.gone;
        !self.sites.is_empty() && brought == 0 && self.sites.iter().all(|site| site.failed == Some(true))
    }
}

enum Event {
    /// A search has ended; `None`: it was broken off.
    Searched(usize, Option<Discovery>),
    Done(Box<Done>),
}

/// One site of a run.
struct Task {
    row: i64,
    site: Site,
    known: Vec<Known>,
    report: SiteReport,
}

/// Runs an archive's daily job. Blocks until it has ended; `control` ends it
/// before.
///
/// # Errors
/// The archive cannot be written, or the fetcher cannot be set up. What was
/// kept before stays kept.
pub fn run(
    archive: &mut Archive,
    options: RunOptions,
    control: &Control,
    mut progress: impl FnMut(&Tally),
) -> Result<RunReport, ArchiveError> {
    let clock = Clock::new(options.now);
    let fetch = FetchOptions { keep_answers: true, ..options.fetch };
    let setup = |what: String| ArchiveError::Setup(what);
    let warcinfo =
        warc::warcinfo(&fetch.user_agent, !fetch.ignore_robots).map_err(|e| setup(e.to_string()))?;
    let robots = Arc::new(RobotsFiles::new(archive)?);
    let fetcher = Fetcher::with_robots_store(fetch, robots.clone()).map_err(|error| {
        let hint = error.hint();
        setup(format!("{error}; {hint}"))
    })?;
    let mut tasks = tasks(archive, clock)?;
    let base = Options::new().with_sites(archive.rules.clone());
    let max_age = TimeDelta::from_std(archive.config.max_age).unwrap_or(TimeDelta::MAX);
    let plan = Plan {
        since: clock.now().checked_sub_signed(max_age),
        // Of what is named only what is new counts; see `Writer::found`.
        max_urls: MOST_NAMED,
        ..Plan::new(clock.now())
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| setup(format!("the runtime cannot be started: {e}")))?;

    let mut writer = Writer::new(archive, warcinfo, clock, base.clone(), robots)?;
    let (event_send, events) = mpsc::channel::<Event>(QUEUE);
    let (job_send, job_receive) = mpsc::channel::<Job>(JOBS);
    let (outcome_send, outcomes) = mpsc::channel::<Outcome>(QUEUE);
    let fetching = runtime.spawn({
        let (fetcher, control) = (fetcher.clone(), control.clone());
        async move { fetcher.run(job_receive, outcome_send, control).await }
    });
    search(&runtime, &fetcher, &tasks, &plan, control, &event_send);
    let out_of_time = Arc::new(AtomicBool::new(false));
    if let Some(most) = options.max_duration {
        let (control, out_of_time) = (control.clone(), Arc::clone(&out_of_time));
        runtime.spawn(async move {
            tokio::time::sleep(most).await;
            out_of_time.store(true, Ordering::Relaxed);
            control.stop();
        });
    }

    let outcomes = Arc::new(Mutex::new(outcomes));
    let ended = std::thread::scope(|scope| {
        // Taken in here, so that a fault of this thread lets go of those that
        // wait to be read.
        let mut events = events;
        let unwound = AbortOnDrop(Some(control));
        let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        for _ in 0..workers {
            let (outcomes, events, base) = (Arc::clone(&outcomes), event_send.clone(), &base);
            scope.spawn(move || {
                loop {
                    let next = outcomes.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    let Some(outcome) = next else { return };
                    if let Some(done) = read(outcome, base, clock)
                        && events.blocking_send(Event::Done(Box::new(done))).is_err()
                    {
                        return;
                    }
                }
            });
        }
        drop(event_send);
        // Jobs wait here without bound, a line each: the writer must never
        // wait for the fetcher, which may be waiting for the writer.
        let (waiting_send, waiting) = std::sync::mpsc::channel::<Job>();
        scope.spawn(move || {
            for job in waiting {
                if job_send.blocking_send(job).is_err() {
                    return;
                }
            }
        });
        let written = write(&runtime, &mut events, &mut writer, &mut tasks, waiting_send, &mut progress);
        if written.is_err() {
            // Ends the outcomes and the searches, for which threads wait.
            control.abort();
        }
        let closed = written.and_then(|()| writer.end_group());
        for task in &mut tasks {
            task.report.tally = writer.tally.get(&task.row).copied().unwrap_or_default();
        }
        unwound.disarm();
        closed
    });
    let stats = runtime.block_on(fetching).map_err(|e| setup(format!("the fetcher broke off: {e}")))?;
    runtime.shutdown_background();
    ended?;
    let mut report = RunReport {
        sites: tasks.into_iter().map(|task| task.report).collect(),
        unfinished: stats.unfinished,
        out_of_time: out_of_time.load(Ordering::Relaxed),
        ..RunReport::default()
    };
    for site in &report.sites {
        report.total.add(&site.tally);
    }
    Ok(report)
}

/// Searches all sites, as many side by side as hosts are asked at once.
fn search(
    runtime: &tokio::runtime::Runtime,
    fetcher: &Fetcher,
    tasks: &[Task],
    plan: &Plan,
    control: &Control,
    events: &mpsc::Sender<Event>,
) {
    let places = Arc::new(Semaphore::new(fetcher.options().concurrency.max(1)));
    for (index, task) in tasks.iter().enumerate() {
        let (site, known, plan) = (task.site.clone(), task.known.clone(), plan.clone());
        let (fetcher, control, events) = (fetcher.clone(), control.clone(), events.clone());
        let places = Arc::clone(&places);
        runtime.spawn(async move {
            // A task of its own: a fault of the search must not be waited for.
            let mut search = JoinSet::new();
            search.spawn(async move {
                let _place = places.acquire_owned().await;
                discover(&fetcher, &site, &plan, &known).await
            });
            let found = tokio::select! {
                found = search.join_next() => found.and_then(Result::ok),
                () = stopped(&control) => None,
            };
            // Refused only when nobody writes any more.
            let _ = events.send(Event::Searched(index, found)).await;
        });
    }
}

/// Writes what comes until nothing more can come.
fn write(
    runtime: &tokio::runtime::Runtime,
    events: &mut mpsc::Receiver<Event>,
    writer: &mut Writer<'_>,
    tasks: &mut [Task],
    waiting: std::sync::mpsc::Sender<Job>,
    progress: &mut impl FnMut(&Tally),
) -> Result<(), ArchiveError> {
    let mut waiting = Some(waiting);
    let mut searching = tasks.len();
    if searching == 0 {
        waiting = None;
    }
    loop {
        let next = runtime.block_on(async { tokio::time::timeout(GLANCE, events.recv()).await });
        match next {
            Err(_) => writer.tick()?,
            Ok(None) => return Ok(()),
            Ok(Some(Event::Done(done))) => {
                writer.take(*done)?;
                writer.tick()?;
                let mut total = Tally::default();
                writer.tally.values().for_each(|tally| total.add(tally));
                progress(&total);
            }
            Ok(Some(Event::Searched(index, discovery))) => {
                let task = &mut tasks[index];
                let jobs = match discovery {
                    None => writer.due(task.row)?,
                    Some(discovery) if discovery.is_failed() => {
                        task.note(&discovery);
                        writer.due(task.row)?
                    }
                    Some(discovery) => {
                        task.note(&discovery);
                        writer.found(task.row, &discovery, task.known.is_empty())?
                    }
                };
                if let Some(waiting) = &waiting {
                    for job in jobs {
                        // Refused only when the run is being ended.
                        let _ = waiting.send(job);
                    }
                }
                searching -= 1;
                if searching == 0 {
                    waiting = None;
                }
            }
        }
    }
}

impl Task {
    fn note(&mut self, discovery: &Discovery) {
        self.report.named = discovery.found.len();
        self.report.failed = Some(discovery.is_failed());
        self.report.failures = discovery
            .sources
            .iter()
            .filter_map(|source| match &source.outcome {
                SourceOutcome::Failed(failure) => Some((mask_password(&source.url), failure.clone())),
                _ => None,
            })
            .collect();
    }
}

/// The sites with the sources that are known of them.
fn tasks(archive: &Archive, clock: Clock) -> Result<Vec<Task>, ArchiveError> {
    let stale = (clock.now() - SEARCH_AGAIN).timestamp();
    let mut tasks = Vec::new();
    for (index, (row, site)) in archive.sites()?.into_iter().enumerate() {
        let row = match row {
            Some(row) => row,
            None => archive.add_site(site.key(), clock.now().timestamp())?,
        };
        let searched: Option<i64> =
            archive.db.query_row("SELECT searched_at FROM site WHERE id = ?1", [row], |r| r.get(0))?;
        let known = match searched {
            Some(at) if at > stale => sources::load(&archive.db, row, archive.config.sites.get(index))?,
            _ => Vec::new(),
        };
        let report = SiteReport {
            site: site.key().to_owned(),
            tally: Tally::default(),
            named: 0,
            failed: None,
            failures: Vec::new(),
        };
        tasks.push(Task { row, site, known, report });
    }
    Ok(tasks)
}

/// Ends a run where its writing thread does.
struct AbortOnDrop<'a>(Option<&'a Control>);

impl AbortOnDrop<'_> {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop<'_> {
    fn drop(&mut self) {
        if let Some(control) = self.0 {
            control.abort();
        }
    }
}

async fn stopped(control: &Control) {
    while !control.is_stopped() {
        tokio::time::sleep(GLANCE).await;
    }
}

/// Reads what was fetched: from an outcome to what is kept of it.
fn read(outcome: Outcome, base: &Options, clock: Clock) -> Option<Done> {
    let page = outcome.job.id.as_deref()?.parse().ok()?;
    let mut records = Vec::new();
    let mut status = 0;
    let mut fetched_at = clock.now();
    for mut answer in outcome.answers {
        answer.sent_at = clock.shown(answer.sent_at);
        (status, fetched_at) = (answer.status, answer.sent_at);
        records.extend(warc::exchange_records(&answer).ok()?);
    }
    let mut validators = (None, None);
    let result = match outcome.result {
        Err(failure) => Brought::Failed(Box::new(failure)),
        Ok(mut fetched) => {
            fetched.fetched_at = clock.shown(fetched.fetched_at);
            (status, fetched_at) = (fetched.status, fetched.fetched_at);
            validators = (fetched.etag.clone(), fetched.last_modified.clone());
            if fetched.status == 304 {
                Brought::Unchanged
            } else {
                records.extend(warc::page_records(&fetched).ok()?);
                let mut options = base.clone();
                provenance::fetched(&mut options, &fetched);
                match provenance::extract(&fetched.body, &options) {
                    Ok(article) => Brought::Article(Box::new(article)),
                    Err(failure) => Brought::Failed(Box::new(failure)),
                }
            }
        }
    };
    Some(Done { page, result, records, status, fetched_at: fetched_at.timestamp(), validators })
}
