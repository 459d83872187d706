//! The list's way into the schedule: every line is read once, known again if
//! it repeats an earlier URL, and queued at its host.
//!
//! The list is read far ahead of the fetching, because only so can a list that
//! is sorted by host keep many hosts busy.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::address::Address;
use super::entry::{Entry, bad_url};
use super::host::HostId;
use super::job::Job;
use super::run::{Outcome, Shared};
use super::schedule::{Lane, Same};
use crate::failure::{Failure, FailureKind};

/// How many lines are queued before others get a word in.
const BATCH: usize = 256;

/// How many URLs are read ahead at most. A list without end that comes faster
/// than it can be fetched is held back here.
const MOST_AHEAD: usize = 20_000_000;

/// Reads jobs to the end of their channel, or until nobody wants outcomes any
/// more.
pub(crate) async fn intake(
    shared: Arc<Shared>,
    mut jobs: mpsc::Receiver<Job>,
    outcomes: mpsc::Sender<Outcome>,
) {
    let mut seen: HashSet<HostId, BuildHasherDefault<Same>> = HashSet::default();
    let mut batch = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        let mut refused = Vec::new();
        shared.control.count(|stats| stats.lines += batch.len() as u64);
        for job in batch.drain(..) {
            if let Err(outcome) = queue(&shared, &mut seen, job) {
                refused.push(*outcome);
            }
        }
        shared.wake.notify_one();
        for outcome in refused {
            shared.count_outcome(&outcome.result);
            if outcomes.send(outcome).await.is_err() {
                return;
            }
        }
        while shared.waiting() > MOST_AHEAD {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        tokio::task::yield_now().await;
    }
    shared.control.count(|stats| stats.list_ended = true);
    shared.wake.notify_one();
}

fn queue(
    shared: &Shared,
    seen: &mut HashSet<HostId, impl BuildHasher>,
    job: Job,
) -> Result<(), Box<Outcome>> {
    let address = Address::parse(&job.url);
    let key = address.as_ref().map_or_else(|_| job.url.clone(), Address::key);
    // A hash of 64 bits stands for the URL: among ten million, two different
    // ones share theirs with a probability of three in a million.
    if !seen.insert(HostId(shared.engine.hosts.hash(&key))) {
        shared.control.count(|stats| stats.repeats += 1);
        return Ok(());
    }
    shared.control.count(|stats| stats.unfinished += 1);
    let entry = Entry::new(job);
    let failure = match address {
        Err(error) => bad_url(&error),
        Ok(address) => {
            let host = shared.engine.host(&address);
            match shared.schedule().push(host, Lane::Fresh, &entry, None, Instant::now()) {
                Ok(_) => return Ok(()),
                Err(error) => cannot_wait(&error),
            }
        }
    };
    let failure = entry.fail(failure);
    Err(Box::new(Outcome::new(entry, Err(failure))))
}

/// The failure of a job that cannot be kept until its turn.
pub(crate) fn cannot_wait(error: &std::io::Error) -> Failure {
    Failure::new(FailureKind::Io, format!("the list of waiting urls cannot be kept: {error}"))
        .with_hint("make room in the folder for temporary files, or set TMPDIR to another")
}
