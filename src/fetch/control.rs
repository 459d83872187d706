//! The handle by which a run is watched and stopped, from any thread and from
//! a signal handler's task.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::failure::FailureKind;

/// How far a run has been told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Running,
    /// Start nothing more; finish what is under way.
    Stopping,
    /// End now.
    Aborted,
}

/// Stops a run and tells how far it is. Cloning gives another handle of the
/// same run; one handle serves one run.
#[derive(Clone, Debug)]
pub struct Control {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    phase: watch::Sender<Phase>,
    stats: Mutex<RunStats>,
    begun: Instant,
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}

impl Control {
    /// A handle for a run that is yet to begin.
    pub fn new() -> Self {
        let phase = watch::Sender::new(Phase::Running);
        Self { inner: Arc::new(Inner { phase, stats: Mutex::default(), begun: Instant::now() }) }
    }

    /// Asks the run to end: nothing more is taken or started, and what is
    /// under way gets ten seconds. For the first signal.
    pub fn stop(&self) {
        self.raise(Phase::Stopping);
    }

    /// Ends the run at once; what is under way is dropped. For the second
    /// signal.
    pub fn abort(&self) {
        self.raise(Phase::Aborted);
    }

    /// Whether the run was asked to end.
    pub fn is_stopped(&self) -> bool {
        *self.inner.phase.borrow() > Phase::Running
    }

    /// How far the run is now.
    pub fn stats(&self) -> RunStats {
        let mut stats = self.lock().clone();
        if stats.elapsed.is_zero() {
            stats.elapsed = self.inner.begun.elapsed();
        }
        stats
    }

    fn raise(&self, phase: Phase) {
        self.inner.phase.send_if_modified(|now| {
            let higher = phase > *now;
            if higher {
                *now = phase;
            }
            higher
        });
    }

    pub(crate) fn phase(&self) -> watch::Receiver<Phase> {
        self.inner.phase.subscribe()
    }

    pub(crate) fn list_ended(&self) -> bool {
        self.lock().list_ended
    }

    pub(crate) fn count(&self, count: impl FnOnce(&mut RunStats)) {
        count(&mut self.lock());
    }

    fn lock(&self) -> MutexGuard<'_, RunStats> {
        // Numbers are whole between any two statements.
        self.inner.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The numbers of a run, so far or at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunStats {
    /// Lines taken from the list.
    pub lines: u64,
    /// Lines that repeated an earlier URL; they have no outcome.
    pub repeats: u64,
    /// Pages fetched.
    pub pages: u64,
    /// Failures by kind.
    pub failures: BTreeMap<FailureKind, u64>,
    /// Whether the list has come to its end.
    pub list_ended: bool,
    /// Requests sent, robots.txt, redirects and retries included.
    pub requests: u64,
    /// Requests for a robots.txt among them.
    pub robots_requests: u64,
    /// Requests that will be, or were, tried again.
    pub retries: u64,
    /// Requests under way now.
    pub in_flight: u64,
    /// Bytes of the pages' bodies as received.
    pub bytes_on_wire: u64,
    /// Bytes of the pages' bodies, decoded.
    pub bytes_decoded: u64,
    /// Distinct URLs that were taken from the list and have no outcome: the
    /// ones still waiting, and at the end of a run that was stopped the ones
    /// that were never finished.
    pub unfinished: u64,
    /// The time since the handle was made; the run's length at its end.
    pub elapsed: Duration,
}

impl RunStats {
    /// Failures of all kinds.
    pub fn failed(&self) -> u64 {
        self.failures.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_never_taken_back() {
        let control = Control::new();
        assert!(!control.is_stopped());
        control.abort();
        control.clone().stop();
        assert_eq!(*control.phase().borrow(), Phase::Aborted);
    }
}
