//! `khobor scrape`: from a list of addresses to records.
//!
//! Three stages, each with bounded queues between: the fetcher on its runtime,
//! extraction on threads of its own (a slow page never stalls the network),
//! and one writer.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use tokio::sync::mpsc;

use super::args::ScrapeArgs;
use super::outputs::{self, Done, Outputs};
use super::progress::Progress;
use super::record::{self, Shape};
use super::state::{Earlier, State};
use super::summary::Summary;
use super::{Exit, Stop, network, signals, terminal};
use crate::article::Article;
use crate::failure::{Failure, FailureKind};
use crate::fetch::{Address, Control, FetchOptions, Job, Outcome, RobotsStore, UrlLines, warc};
use crate::options::Options;
use crate::provenance;

/// Outcomes that may wait between two stages.
const QUEUE: usize = 64;

/// How often the outputs are looked at where nothing comes.
const GLANCE: Duration = Duration::from_millis(100);

/// Jobs that may wait to be taken into the schedule.
const JOBS: usize = 4096;

/// Runs the command.
pub fn run(args: &ScrapeArgs, quiet: bool) -> Result<Exit, Stop> {
    let begun = Instant::now();
    let shape = Shape::new(&args.record)?;
    let base = record::options(&args.record)?;
    let list = List::new(args)?;
    let fetch = FetchOptions { keep_answers: args.warc.is_some(), ..args.fetch.options() };
    let warcinfo = warc::warcinfo(&fetch.user_agent, !fetch.ignore_robots);
    let warcinfo = warcinfo.map_err(|e| Stop::Output(e.into()))?;
    let state = outputs::open_state(args)?;
    let store = state.clone().map(|state| Arc::new(state) as Arc<dyn RobotsStore>);
    let fetcher = network::fetcher(fetch, store)?;
    let mut outputs = Outputs::open(args, state.clone(), &warcinfo)?;
    let runtime = network::runtime()?;

    if !quiet && args.fetch.user_agent.is_none() {
        terminal::tell(
            "no contact address is sent; give --user-agent 'Name/1.0 (+https://your.site; you@your.site)'",
        );
    }
    let control = Control::new();
    signals::watch(signals::IN_FLIGHT, {
        let control = control.clone();
        move || control.stop()
    });
    let (job_send, job_receive) = mpsc::channel(JOBS);
    let filter = Filter { shard: args.shard, state };
    let read = Arc::new(Mutex::new(Read::default()));
    // Not joined: it may be waiting for standard input when the run is over.
    std::thread::spawn({
        let (read, control) = (Arc::clone(&read), control.clone());
        move || {
            if let Err(stop) = list.feed(&job_send, &filter, &read) {
                read.lock().unwrap_or_else(PoisonError::into_inner).broken = Some(stop);
                control.stop();
            }
        }
    });
    let (outcome_send, outcome_receive) = mpsc::channel(QUEUE);
    let fetching = {
        let control = control.clone();
        runtime.spawn(async move { fetcher.run(job_receive, outcome_send, control).await })
    };

    let progress = Progress::new(args.record.progress, quiet);
    let mut summary = Summary::default();
    let store = outputs.stores();
    let ended = write_all(outcome_receive, &base, store, |done| {
        let written = match done {
            None => outputs.tick(),
            Some(done) => {
                progress.page();
                let now = control.stats();
                progress.say(format!("{} waiting, {} under way", now.unfinished, now.in_flight));
                outputs.write(done, &shape, &mut summary, &progress)
            }
        };
        if written.is_err() {
            // Ends the outcomes, which the extracting threads wait for.
            control.abort();
        }
        written
    });
    let ended_with =
        runtime.block_on(fetching).map_err(|e| Stop::Usage(anyhow!("the fetcher broke off: {e}")))?;
    progress.finish();
    let read = std::mem::take(&mut *read.lock().unwrap_or_else(PoisonError::into_inner));
    let ended = ended.and_then(|()| match &read.cut {
        Some(failure) => outputs.report(failure, &mut summary),
        None => Ok(()),
    });
    let finished = outputs.finish();
    ended.and(finished)?;
    if let Some(stop) = read.broken {
        return Err(stop);
    }
    // A reader that still waits for standard input must not keep the program.
    runtime.shutdown_background();
    summary.repeats = ended_with.repeats;
    summary.unfinished += ended_with.unfinished;
    summary.before = (read.finished, read.failed);
    summary.bytes = (ended_with.bytes_on_wire, ended_with.bytes_decoded);
    summary.elapsed = begun.elapsed();
    summary.print(quiet);
    Ok(if control.is_stopped() { Exit::Interrupted } else { summary.exit() })
}

/// Extracts outcomes on all processors and hands them to `write` as they are
/// ready, and nothing now and then.
fn write_all(
    outcomes: mpsc::Receiver<Outcome>,
    base: &Options,
    store: bool,
    mut write: impl FnMut(Option<Done>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let outcomes = Arc::new(Mutex::new(outcomes));
    std::thread::scope(|scope| {
        let (send, done) = std::sync::mpsc::sync_channel(QUEUE);
        for _ in 0..workers {
            let (send, outcomes) = (send.clone(), Arc::clone(&outcomes));
            scope.spawn(move || {
                loop {
                    let next = outcomes.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    let Some(mut outcome) = next else { return };
                    let hold = std::mem::take(&mut outcome.hold);
                    let stored = if store { records(&outcome) } else { Ok(Vec::new()) };
                    let url = outcome.job.url.clone();
                    let result = extract(outcome, base);
                    if send.send(Done { url, result, stored, _hold: hold }).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        loop {
            match done.recv_timeout(GLANCE) {
                Ok(done) => write(Some(done))?,
                Err(RecvTimeoutError::Timeout) => write(None)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    })
}

/// The records of an outcome: redirects and errors, then the page.
fn records(outcome: &Outcome) -> Result<Vec<u8>, Stop> {
    let mut all = Vec::new();
    for answer in &outcome.answers {
        all.extend(warc::exchange_records(answer).map_err(|e| Stop::Output(e.into()))?);
    }
    if let Ok(page) = &outcome.result {
        all.extend(warc::page_records(page).map_err(|e| Stop::Output(e.into()))?);
    }
    Ok(all)
}

fn extract(outcome: Outcome, base: &Options) -> Result<Box<Article>, Box<Failure>> {
    let fetched = outcome.result?;
    let mut options = base.clone();
    options.id = outcome.job.id;
    provenance::fetched(&mut options, &fetched);
    match provenance::extract(&fetched.body, &options) {
        Ok(article) => Ok(Box::new(article)),
        Err(mut failure) => {
            failure.attempts = fetched.attempts;
            failure.at.clone_from(&options.fetched_at);
            Err(Box::new(failure))
        }
    }
}

/// The addresses of a run.
struct List {
    urls: Vec<String>,
    /// The file as given, for people.
    name: String,
    reader: Option<Box<dyn BufRead + Send>>,
}

impl List {
    fn new(args: &ScrapeArgs) -> Result<Self, Stop> {
        let mut urls = args.urls.clone();
        let mut from = args.input.clone();
        if urls.iter().any(|u| u == "-") {
            urls.retain(|u| u != "-");
            if from.as_ref().is_some_and(|path| path.as_os_str() != "-") {
                return Err(Stop::Usage(anyhow!("- and --input FILE are two lists; give one of them")));
            }
            from = Some("-".into());
        }
        if urls.is_empty() && from.is_none() {
            from = Some("-".into());
        }
        let name = from.as_ref().map_or_else(String::new, |path| path.display().to_string());
        let reader: Option<Box<dyn BufRead + Send>> = match from {
            None => None,
            Some(path) if path.as_os_str() == "-" => Some(Box::new(BufReader::new(std::io::stdin()))),
            Some(path) => {
                let file = File::open(&path)
                    .with_context(|| format!("--input {} cannot be read", path.display()))
                    .map_err(Stop::Usage)?;
                if file.metadata().is_ok_and(|m| m.is_dir()) {
                    return Err(Stop::Usage(anyhow!("--input {} is a folder; give a file", path.display())));
                }
                Some(Box::new(BufReader::new(file)))
            }
        };
        Ok(Self { urls, name, reader })
    }

    /// Sends all addresses that are to be fetched; ends early when nobody
    /// takes them.
    fn feed(self, jobs: &mpsc::Sender<Job>, filter: &Filter, read: &Mutex<Read>) -> Result<(), Stop> {
        for url in self.urls {
            if filter.wants(&url, read)? && jobs.blocking_send(Job::new(url)).is_err() {
                return Ok(());
            }
        }
        let Some(reader) = self.reader else { return Ok(()) };
        for line in UrlLines::new(reader) {
            match line {
                Ok(job) => {
                    if filter.wants(&job.url, read)? && jobs.blocking_send(job).is_err() {
                        return Ok(());
                    }
                }
                // What was read is fetched all the same.
                Err(error) => {
                    let failure = Failure {
                        source: Some(self.name),
                        ..Failure::new(FailureKind::Io, format!("the list cannot be read on: {error}"))
                    };
                    let hint = "what came before was fetched; run the whole list again (--state fetches the rest only)";
                    read.lock().unwrap_or_else(PoisonError::into_inner).cut = Some(failure.with_hint(hint));
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Which addresses of a list are this run's.
struct Filter {
    shard: Option<(u64, u64)>,
    state: Option<State>,
}

/// What came of reading the list.
#[derive(Default)]
struct Read {
    /// Addresses that an earlier run finished.
    finished: u64,
    /// Those among them that failed.
    failed: u64,
    /// Why the list could not be read to its end.
    cut: Option<Failure>,
    /// Why the run cannot go on.
    broken: Option<Stop>,
}

impl Filter {
    fn wants(&self, url: &str, read: &Mutex<Read>) -> Result<bool, Stop> {
        if !in_shard(url, self.shard) {
            return Ok(false);
        }
        let Some(state) = &self.state else { return Ok(true) };
        let earlier = state.earlier(url)?;
        if earlier != Earlier::Unfinished {
            let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
            read.finished += 1;
            read.failed += u64::from(earlier == Earlier::Failed);
        }
        Ok(earlier == Earlier::Unfinished)
    }
}

/// Whether an address falls into a shard. By host, so that one host is never
/// fetched from by two programs; a line that is no address falls into the
/// first.
fn in_shard(url: &str, shard: Option<(u64, u64)>) -> bool {
    let Some((index, of)) = shard else { return true };
    match Address::parse(url) {
        Ok(address) => fnv1a(address.host().as_bytes()) % of == index - 1,
        Err(_) => index == 1,
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_falls_into_one_shard_with_its_host() {
        for n in 0..50 {
            let (a, b) = (format!("https://site{n}.example/1"), format!("https://SITE{n}.example/2?x"));
            let of = |u: &str| (1..=4).filter(|i| in_shard(u, Some((*i, 4)))).collect::<Vec<_>>();
            assert_eq!(of(&a).len(), 1);
            assert_eq!(of(&a), of(&b));
        }
        assert!(in_shard("no address", Some((1, 3))) && !in_shard("no address", Some((2, 3))));
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
