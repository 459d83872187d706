//! URLs to pages: politely, safely and without losing one.
//!
//! The room knows hosts, clocks, robots.txt, guards and codings, and nothing
//! of what a page means. A list of URLs goes in, one outcome for each distinct
//! URL comes out:
//!
//! ```text
//! jobs ─ intake ─▶ schedule ─ turns ─▶ run ─ one request each ─▶ engine ─▶ outcomes
//!                    ▲                        redirects, retries  │
//!                    └───────── a job that goes on ◀──────────────┘
//! ```
//!
//! * `address`, `job`: what a list's line is, and when two are the same;
//! * `host`, `neighbours`: the clock of a host, into which every delay folds,
//!   and the one that hosts at one address may share;
//! * `schedule`, `spill`, `entry`: what waits, by host, mostly on disk;
//! * `engine`, `client`, `answer`: one request and what follows from it;
//! * `robots`, `guard`, `resolver`, `challenge`: the rules;
//! * `warc`: answers as an archive keeps them;
//! * `run`, `intake`, `room`, `control`: a run over a list.

mod address;
mod answer;
mod challenge;
mod client;
mod control;
mod credentials;
mod engine;
mod entry;
mod error;
pub mod guard;
mod host;
mod intake;
mod job;
mod neighbours;
mod options;
mod page;
mod proxy;
mod resolver;
mod retry;
mod robots;
mod robots_cache;
mod room;
mod run;
mod schedule;
mod spill;
mod tls;
pub mod warc;

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

pub use address::{Address, AddressError, MAX_URL_BYTES};
pub use control::{Control, RunStats};
pub use job::{Job, UrlLines, Validators, Want};
pub use options::{
    DEFAULT_USER_AGENT, FetchOptions, NameService, ProxyChoice, ResolveOverride, ResolveSyntaxError,
    SetupError,
};
pub use page::{Exchange, Fetched};
pub use robots_cache::{RobotsStore, StoredRobots};
pub use room::Hold;
pub use run::Outcome;

use crate::failure::{Failure, FailureKind};
use engine::{Engine, Then};
use entry::Entry;
use host::Start;

/// Fetches pages. Cloning gives another handle: all share the hosts' clocks,
/// the connections and what is known of robots.txt.
#[derive(Clone, Debug)]
pub struct Fetcher {
    engine: Arc<Engine>,
}

impl Fetcher {
    /// A fetcher with these options.
    ///
    /// # Errors
    /// [`SetupError`] where the user agent, a certificate file or the proxy
    /// cannot be used.
    pub fn new(options: FetchOptions) -> Result<Self, SetupError> {
        Ok(Self { engine: Arc::new(Engine::new(options, None)?) })
    }

    /// The same with a store that keeps robots.txt files between runs.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_robots_store(options: FetchOptions, store: Arc<dyn RobotsStore>) -> Result<Self, SetupError> {
        Ok(Self { engine: Arc::new(Engine::new(options, Some(store))?) })
    }

    /// The options in force.
    pub fn options(&self) -> &FetchOptions {
        &self.engine.options
    }

    /// The sitemaps that the robots.txt of an address's site names, as it
    /// writes them. Nothing is asked for: they are known where a page of the
    /// site was fetched within a day, by this fetcher or by one that had the
    /// same store, and robots.txt was not ignored.
    pub fn sitemaps_of(&self, url: &url::Url) -> Vec<String> {
        let rules = self.engine.robots.get(&address::origin_of(url), chrono::Utc::now());
        rules.map_or_else(Vec::new, |rules| rules.sitemaps.clone())
    }

    /// Fetches one page, at its host's pace and with the same rules, redirects
    /// and retries as in a run. Waits as long as that takes; dropping the
    /// future ends it.
    ///
    /// # Errors
    /// The failure record of the page.
    pub async fn get(&self, url: &str) -> Result<Fetched, Failure> {
        self.get_job(Job::new(url)).await
    }

    /// The same for a job, which may want other kinds of answer.
    ///
    /// # Errors
    /// The failure record of the job.
    pub async fn get_job(&self, job: Job) -> Result<Fetched, Failure> {
        let mut entry = Entry::new(job);
        loop {
            let address = match entry.target() {
                Ok(address) => address,
                Err(error) => return Err(entry.fail(entry::bad_url(&error))),
            };
            let host = self.engine.host(&address);
            let released = self.engine.hosts.released.notified();
            let permit = match self.engine.hosts.try_start(host, Instant::now()) {
                Start::Go(permit) => permit,
                Start::At(at) => {
                    tokio::time::sleep_until(at.into()).await;
                    continue;
                }
                Start::Busy => {
                    released.await;
                    continue;
                }
                Start::Unplaced => {
                    self.engine.place(&address).await;
                    continue;
                }
                Start::Down(why) => {
                    let failure = Failure::new(FailureKind::HostDown, why.to_string());
                    return Err(entry.fail(failure.with_hint("try again later")));
                }
            };
            if let Err(failure) = self.engine.prepare(&mut entry) {
                permit.cancel();
                return Err(entry.fail(failure));
            }
            let stepped = self.engine.step(entry, permit, client::Keep::Open).await;
            entry = stepped.entry;
            match stepped.then {
                Then::Done(result) => return result.map(|page| *page),
                Then::Queue(_, wait) => tokio::time::sleep(wait.unwrap_or_default()).await,
            }
        }
    }

    /// Fetches a list. Jobs come from a channel that a blocking reader may
    /// fill ([`mpsc::Sender::blocking_send`]), for hours if need be; the list
    /// ends where the sender is dropped. Each distinct URL gives exactly one
    /// outcome, in the order in which they end; repeats (see
    /// [`Address::key`]) are counted and give none. A line that is no URL
    /// gives a `bad_url` failure.
    ///
    /// A consumer that is slow to take outcomes (or, with
    /// [`FetchOptions::waiting_bytes`], to drop their [`Hold`]) holds the
    /// fetching back; one that is dropped ends the run.
    ///
    /// After [`Control::stop`] nothing more is started. Requests under way get
    /// ten seconds; those that are cut off then give an outcome of kind
    /// `interrupted`. All other URLs of the list, whether they waited or were
    /// not even read, give no outcome: the caller finds the number of those
    /// that were read in [`RunStats::unfinished`].
    pub async fn run(
        &self,
        jobs: mpsc::Receiver<Job>,
        outcomes: mpsc::Sender<Outcome>,
        control: Control,
    ) -> RunStats {
        run::run(Arc::clone(&self.engine), jobs, outcomes, control).await
    }
}
