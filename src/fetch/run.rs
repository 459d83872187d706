//! A run over a list: many hosts at once, each at its own pace.
//!
//! One loop hands out turns; at most `concurrency` small tasks send one
//! request each. Everything that waits, waits in the schedule. A task holds
//! its place until its outcome is taken, so that a consumer that cannot keep
//! up holds the network back.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use super::client::Keep;
use super::control::{Control, Phase, RunStats};
use super::engine::{Engine, Stepped, Then};
use super::entry::{Entry, RobotsWalk};
use super::host::{Permit, Start};
use super::intake::{cannot_wait, intake};
use super::job::Job;
use super::page::{Exchange, Fetched};
use super::room::{Hold, Room};
use super::schedule::{Lane, Next, Schedule, Turn};
use crate::failure::{Failure, FailureKind};

/// How often a run looks at its queues without being told to.
const GLANCE: Duration = Duration::from_millis(500);

/// What became of a job.
#[derive(Debug)]
pub struct Outcome {
    /// The job, as it was given.
    pub job: Job,
    /// The page, or why there is none.
    pub result: Result<Box<Fetched>, Failure>,
    /// The answers that came before or in place of the page, in their order,
    /// where [`FetchOptions::keep_answers`](super::FetchOptions::keep_answers)
    /// asks for them.
    pub answers: Vec<Exchange>,
    /// The room that all this takes up.
    pub hold: Hold,
}

impl Outcome {
    /// What became of a job that has ended.
    pub(crate) fn new(mut entry: Entry, result: Result<Box<Fetched>, Failure>) -> Self {
        Self { answers: entry.take_answers(), job: entry.job, result, hold: Hold::default() }
    }

    /// How many bytes it keeps in memory, as far as that matters.
    fn bytes(&self) -> u64 {
        let kept: usize = self.answers.iter().map(|answer| answer.payload.len()).sum();
        let page = self.result.as_ref().map_or(0, |page| page.body.len() as u64 + page.bytes_on_wire);
        kept as u64 + page
    }
}

/// What the parts of a run share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) engine: Arc<Engine>,
    pub(crate) control: Control,
    /// Rung when a host may have become ready.
    pub(crate) wake: Notify,
    /// How many hosts may keep a connection between their turns.
    most_kept: usize,
    room: Room,
    schedule: Mutex<Schedule>,
}

impl Shared {
    pub(crate) fn schedule(&self) -> MutexGuard<'_, Schedule> {
        // No call on the schedule leaves it torn.
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.schedule().len()
    }

    /// What is done with a connection after a host's turn.
    fn keep(&self, turn: Turn, entry: &Entry) -> Keep {
        let schedule = self.schedule();
        if schedule.hosts() > self.most_kept {
            Keep::Crowded
        } else if schedule.is_last(turn) && entry.robots().is_none() {
            Keep::Last
        } else {
            Keep::Open
        }
    }

    pub(crate) fn count_outcome(&self, result: &Result<Box<Fetched>, Failure>) {
        self.control.count(|stats| {
            stats.unfinished = stats.unfinished.saturating_sub(1);
            match result {
                Ok(page) => {
                    stats.pages += 1;
                    stats.bytes_on_wire += page.bytes_on_wire;
                    stats.bytes_decoded += page.body.len() as u64;
                }
                Err(failure) => *stats.failures.entry(failure.kind).or_default() += 1,
            }
        });
    }

    /// Queues a job that goes on, at the host of its next target; the failure
    /// of one that cannot.
    fn queue(&self, lane: Lane, entry: &Entry, wait: Option<Duration>) -> Option<Failure> {
        let now = Instant::now();
        let target = match entry.target() {
            Ok(target) => target,
            Err(error) => return Some(super::entry::bad_url(&error)),
        };
        let host = self.engine.host(&target);
        let pushed = self.schedule().push(host, lane, entry, wait.map(|wait| now + wait), now);
        pushed.err().map(|error| cannot_wait(&error))
    }
}

/// Runs a list to its end or until it is stopped.
pub(crate) async fn run(
    engine: Arc<Engine>,
    jobs: mpsc::Receiver<Job>,
    outcomes: mpsc::Sender<Outcome>,
    control: Control,
) -> RunStats {
    let begun = Instant::now();
    let most_kept = most_kept(engine.options.concurrency);
    let schedule = Mutex::new(Schedule::new(begun, engine.options.per_host_delay));
    let room = Room::new(engine.options.waiting_bytes);
    let shared = Arc::new(Shared { engine, control, wake: Notify::new(), most_kept, room, schedule });
    // Dropped with this future, and with it every task.
    let mut tasks = JoinSet::new();
    let intake = tasks.spawn(intake(Arc::clone(&shared), jobs, outcomes.clone()));
    let mut phase = shared.control.phase();
    drive(&shared, &mut tasks, &outcomes, &mut phase).await;
    intake.abort();
    if *phase.borrow() == Phase::Stopping {
        let wound_up = async {
            // The tasks see the stop themselves; see `unless_cut`.
            while tasks.join_next().await.is_some() {}
        };
        tokio::select! {
            () = wound_up => {}
            _ = phase.wait_for(|phase| *phase == Phase::Aborted) => {}
        }
    }
    tasks.abort_all();
    while tasks.join_next().await.is_some() {}
    shared.control.count(|stats| {
        stats.elapsed = begun.elapsed();
        stats.in_flight = 0;
    });
    shared.control.stats()
}

/// How many connections may wait for their host's next turn: they must never
/// keep others from being made. Each request may need two files, and the rest
/// of the program some.
fn most_kept(concurrency: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    // Where there is nothing to read, the least that systems are set to.
    soft.unwrap_or(256).min(16 * 1024).saturating_sub(concurrency.saturating_mul(2).saturating_add(64))
}

/// Hands out turns until all is done or the run is stopped.
async fn drive(
    shared: &Arc<Shared>,
    tasks: &mut JoinSet<()>,
    outcomes: &mpsc::Sender<Outcome>,
    phase: &mut watch::Receiver<Phase>,
) {
    let width = shared.engine.options.concurrency.max(1);
    loop {
        let released = shared.engine.hosts.released.notified();
        let wake = shared.wake.notified();
        // The intake is one of the tasks until the list has ended.
        let ended = shared.control.list_ended();
        let mut look_at = Instant::now() + GLANCE;
        let mut idle = false;
        shared.schedule().unpark(Instant::now());
        while tasks.len() < width + usize::from(!ended) {
            let next = shared.schedule().next(Instant::now());
            match next {
                Next::Host(turn) => {
                    if let Some(task) = start(shared, turn) {
                        let (shared, outcomes) = (Arc::clone(shared), outcomes.clone());
                        let phase = phase.clone();
                        tasks.spawn(carry_out(shared, task, outcomes, phase));
                    }
                }
                Next::At(at) => {
                    look_at = look_at.min(at);
                    break;
                }
                Next::Nothing => {
                    idle = true;
                    break;
                }
            }
        }
        // Nothing under way that could bring more, nothing to wait for.
        if ended && idle && tasks.is_empty() && !shared.schedule().has_parked() {
            return;
        }
        tokio::select! {
            _ = phase.wait_for(|phase| *phase > Phase::Running) => return,
            () = outcomes.closed() => return,
            Some(_) = tasks.join_next() => {}
            () = wake => {}
            () = released => {}
            () = sleep_until(look_at.into()) => {}
        }
        while tasks.try_join_next().is_some() {}
    }
}

/// What a task is to do.
enum Task {
    /// Send a request.
    Send(Turn, Entry, Permit, Keep),
    /// Look up where the host lives, and queue the job again.
    Place(Turn, Entry),
    /// Report a job that has ended without a request.
    Report(Outcome),
}

/// Turns a host's turn into a task, if it can be used now.
fn start(shared: &Shared, turn: Turn) -> Option<Task> {
    let now = Instant::now();
    let permit = match shared.engine.hosts.try_start(turn.host, now) {
        Start::Go(permit) => Ok(Some(permit)),
        Start::Unplaced => Ok(None),
        Start::Down(why) => Err(why),
        Start::At(at) => {
            shared.schedule().release(turn, at, now);
            return None;
        }
        Start::Busy => {
            shared.schedule().park(turn);
            return None;
        }
    };
    let taken = shared.schedule().take(turn, now);
    let mut entry = match taken {
        Ok(Some(entry)) => entry,
        other => {
            if let Err(error) = other {
                // Its text cannot be read back, so nobody can be told which
                // URL it was; it stays counted as unfinished.
                tracing::error!(%error, "a waiting url cannot be read back from the temporary file");
                shared.schedule().open(turn.host, now);
            }
            if let Ok(Some(permit)) = permit {
                permit.cancel();
            }
            shared.schedule().release(turn, now, now);
            return None;
        }
    };
    let refused = match permit {
        Err(why) => Failure::new(FailureKind::HostDown, why.to_string())
            .with_hint("run the failed urls again later; --host-failures sets the limit"),
        Ok(None) => return Some(Task::Place(turn, entry)),
        Ok(Some(permit)) => match shared.engine.prepare(&mut entry) {
            Ok(()) => {
                if entry.robots().is_some_and(RobotsWalk::is_first) {
                    shared.schedule().close(turn.host);
                }
                let keep = shared.keep(turn, &entry);
                return Some(Task::Send(turn, entry, permit, keep));
            }
            Err(failure) => {
                permit.cancel();
                failure
            }
        },
    };
    open_gate(shared, &entry, now);
    shared.schedule().release(turn, now, now);
    let failure = entry.fail(refused);
    Some(Task::Report(Outcome::new(entry, Err(failure))))
}

/// Lets the pages of a host go on whose robots.txt this job was after.
fn open_gate(shared: &Shared, entry: &Entry, now: Instant) {
    if entry.robots().is_some()
        && let Ok(address) = entry.address()
    {
        shared.schedule().open(shared.engine.host(&address), now);
    }
}

async fn carry_out(
    shared: Arc<Shared>,
    task: Task,
    outcomes: mpsc::Sender<Outcome>,
    phase: watch::Receiver<Phase>,
) {
    let outcome = match task {
        Task::Report(outcome) => Some(outcome),
        Task::Place(turn, entry) => place(&shared, turn, entry).await,
        Task::Send(turn, entry, permit, keep) => {
            send(&shared, turn, entry, permit, keep, phase.clone()).await
        }
    };
    if let Some(mut outcome) = outcome {
        shared.count_outcome(&outcome.result);
        let stopped = *phase.borrow() > Phase::Running;
        let handing_on = async {
            outcome.hold = shared.room.take(outcome.bytes()).await;
            let _ = outcomes.send(outcome).await;
        };
        // After a stop a consumer that does not take its outcomes must not
        // hold the program for ever.
        if stopped {
            let _ = timeout(shared.engine.options.grace, handing_on).await;
        } else {
            handing_on.await;
        }
    }
}

/// Looks up where a job's host lives and queues the job again.
async fn place(shared: &Shared, turn: Turn, entry: Entry) -> Option<Outcome> {
    if let Ok(address) = entry.target() {
        shared.engine.place(&address).await;
    }
    let lane = if entry.robots().is_some() { Lane::Robots } else { Lane::Begun };
    let failure = shared.queue(lane, &entry, None);
    let now = Instant::now();
    shared.schedule().release(turn, now, now);
    shared.wake.notify_one();
    failure.map(|failure| {
        open_gate(shared, &entry, now);
        let failure = entry.fail(failure);
        Outcome::new(entry, Err(failure))
    })
}

/// Sends a job's request and queues what follows.
async fn send(
    shared: &Shared,
    turn: Turn,
    entry: Entry,
    permit: Permit,
    keep: Keep,
    phase: watch::Receiver<Phase>,
) -> Option<Outcome> {
    let was_robots = entry.robots().is_some();
    let before = entry.clone();
    shared.control.count(|stats| {
        stats.requests += 1;
        stats.robots_requests += u64::from(was_robots);
        stats.in_flight += 1;
    });
    let stepped =
        unless_cut(phase, shared.engine.options.grace, shared.engine.step(entry, permit, keep)).await;
    shared.control.count(|stats| stats.in_flight = stats.in_flight.saturating_sub(1));
    let Some(Stepped { entry, then, next_at }) = stepped else {
        let failure =
            Failure::new(FailureKind::Interrupted, "the run was stopped before the answer was complete")
                .with_hint("run the url again");
        let failure = before.fail(failure);
        return Some(Outcome::new(before, Err(failure)));
    };
    let now = Instant::now();
    let done = match then {
        Then::Done(result) => Some(result),
        Then::Queue(lane, wait) => {
            if wait.is_some() {
                shared.control.count(|stats| stats.retries += 1);
            }
            shared.queue(lane, &entry, wait).map(|failure| Err(entry.fail(failure)))
        }
    };
    if was_robots && (done.is_some() || entry.robots().is_none()) {
        open_gate(shared, &before, now);
    }
    shared.schedule().release(turn, next_at, now);
    shared.wake.notify_one();
    done.map(|result| Outcome::new(entry, result))
}

/// Lets a request go on for some time after a stop; `None` where that was too
/// short.
async fn unless_cut<T>(
    mut phase: watch::Receiver<Phase>,
    grace: Duration,
    request: impl Future<Output = T>,
) -> Option<T> {
    let cut = async {
        // An error means that the run's handle is gone, and with it anybody
        // who could stop it.
        if phase.wait_for(|phase| *phase > Phase::Running).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        done = request => Some(done),
        () = cut => None,
    }
}
