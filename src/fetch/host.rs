//! One clock a host: when it may be asked next, and whether it still may be.
//!
//! Everything that slows requests to a host folds into one `next_at`: the
//! configured delay, robots.txt's `Crawl-delay`, `Retry-After`, and the end of
//! the request under way, since two never overlap. Where hosts share an address
//! and are to share its clock, the same folds into that too. Runs and single fetches
//! share the clocks, so that no mixture of them hurts a host.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::neighbours::{Hold, Neighbours};

/// A host, by the hash of its name: runs over millions of hosts keep numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct HostId(pub(crate) u64);

/// How a request ended, as far as the host's health goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// The host answered, whatever it said.
    Alive,
    /// The request says nothing of the host (it was refused or cancelled).
    Unknown,
    /// A dns, connect, tls, timeout or 5xx failure: what happened.
    Failed(String),
    /// The host asked to be left alone for longer than is waited for.
    Closed(String),
}

/// Whether a request may start.
#[derive(Debug)]
pub(crate) enum Start {
    /// Now; the permit stands for the one request.
    Go(Permit),
    /// Not before this instant.
    At(Instant),
    /// After the request that is under way.
    Busy,
    /// After [`Hosts::place`] was told where the host lives.
    Unplaced,
    /// Never again: why the host was given up.
    Down(Arc<str>),
}

#[derive(Debug)]
struct Clock {
    busy: bool,
    /// Whether a request was sent yet.
    asked: bool,
    /// From a request to the beginning of its answer, as a rule.
    latency: Option<Duration>,
    next_at: Instant,
    crawl_delay: Duration,
    /// Failures in a row.
    failing: u32,
    /// 429 answers in a row.
    throttled: u32,
    down: Option<Arc<str>>,
}

/// The clocks of all hosts that were asked lately.
#[derive(Debug)]
pub(crate) struct Hosts {
    delay: Duration,
    /// Failures in a row after which a host is given up; 0: never.
    limit: u32,
    /// Whether hosts at one address share its clock.
    per_address: bool,
    hasher: RandomState,
    clocks: Mutex<Clocks>,
    /// Rung when a host becomes free.
    pub(crate) released: Notify,
}

#[derive(Debug, Default)]
struct Clocks {
    by_host: HashMap<HostId, Clock>,
    neighbours: Neighbours,
    sweep_at: usize,
}

/// The most that a request is taken to have been on its way unduly.
const MOST_LATE: Duration = Duration::from_millis(50);

/// Below this number, clocks that have run out are not looked for.
const SWEEP_FROM: usize = 4096;

impl Hosts {
    pub(crate) fn new(delay: Duration, limit: u32, per_address: bool) -> Self {
        let clocks = Mutex::new(Clocks { sweep_at: SWEEP_FROM, ..Clocks::default() });
        Self { delay, limit, per_address, hasher: RandomState::new(), clocks, released: Notify::new() }
    }

    /// The number that stands for a host's name.
    pub(crate) fn id(&self, host: &str) -> HostId {
        HostId(self.hasher.hash_one(host))
    }

    /// The number that stands for any text of this fetcher, such as a URL.
    pub(crate) fn hash(&self, text: &str) -> u64 {
        self.hasher.hash_one(text)
    }

    fn lock(&self) -> MutexGuard<'_, Clocks> {
        // The clocks are whole between any two statements, so a panic
        // elsewhere cannot have left them torn.
        self.clocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a request to a host, or says when one may start.
    pub(crate) fn try_start(self: &Arc<Self>, id: HostId, now: Instant) -> Start {
        let mut lock = self.lock();
        let clocks = &mut *lock;
        clocks.sweep(now);
        let clock = clocks.by_host.entry(id).or_insert_with(|| Clock {
            busy: false,
            asked: false,
            latency: None,
            next_at: now,
            crawl_delay: Duration::ZERO,
            failing: 0,
            throttled: 0,
            down: None,
        });
        if let Some(why) = &clock.down {
            return Start::Down(Arc::clone(why));
        }
        if clock.busy {
            return Start::Busy;
        }
        if clock.next_at > now {
            return Start::At(clock.next_at);
        }
        let addresses = if self.per_address {
            match clocks.neighbours.start(id, now) {
                Ok(addresses) => Some(addresses),
                Err(Hold::Unplaced) => return Start::Unplaced,
                Err(Hold::Busy) => return Start::Busy,
                Err(Hold::At(at)) => return Start::At(at),
            }
        } else {
            None
        };
        clock.busy = true;
        let first = !std::mem::replace(&mut clock.asked, true);
        let before = clock.next_at;
        Start::Go(Permit {
            hosts: Arc::clone(self),
            id,
            addresses,
            before,
            started: now,
            answered: None,
            first,
            open: true,
        })
    }

    /// Folds a crawl-delay into a host's clock. It stays the longest that any
    /// origin of the host asks for.
    pub(crate) fn set_crawl_delay(&self, id: HostId, delay: Duration) {
        if let Some(clock) = self.lock().by_host.get_mut(&id) {
            clock.crawl_delay = clock.crawl_delay.max(delay);
        }
    }

    /// Notes where a host lives.
    pub(crate) fn place(&self, id: HostId, addresses: &[IpAddr]) {
        self.lock().neighbours.place(id, addresses, Instant::now());
    }

    /// Where a host lives, as far as that was noted lately.
    pub(crate) fn placed(&self, id: HostId) -> Option<Arc<[IpAddr]>> {
        if self.per_address { self.lock().neighbours.addresses(id, Instant::now()) } else { None }
    }

    /// How many hosts have a clock that still runs.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.lock().by_host.len()
    }
}

impl Clocks {
    /// Forgets clocks that hold nothing back any more, now and then.
    fn sweep(&mut self, now: Instant) {
        if self.by_host.len() >= self.sweep_at {
            self.by_host.retain(|_, c| {
                c.busy || c.next_at > now || c.failing > 0 || c.throttled > 0 || c.down.is_some()
            });
            self.neighbours.sweep(now);
            self.sweep_at = (self.by_host.len() * 2).max(SWEEP_FROM);
        }
    }
}

/// The right to one request to one host. Dropped without a word, it counts as
/// a request that was sent.
#[derive(Debug)]
pub(crate) struct Permit {
    hosts: Arc<Hosts>,
    id: HostId,
    /// Whose clocks it holds besides the host's.
    addresses: Option<Arc<[IpAddr]>>,
    before: Instant,
    started: Instant,
    answered: Option<Instant>,
    /// The host's first request.
    first: bool,
    open: bool,
}

impl Permit {
    /// Notes when a new connection stood, if the request needed one, and when
    /// the answer began.
    pub(crate) fn sent(&mut self, connected: Option<Instant>, answered: Option<Instant>) {
        self.started = connected.map_or(self.started, |at| at.max(self.started));
        self.answered = answered;
    }

    /// When the server saw the request, from where the delay is counted. A
    /// request that was held up on its way, with the next one quick, would
    /// reach the server closer before it than the delay; so what an answer
    /// took longer than the host's answers take is counted as the way there,
    /// up to [`MOST_LATE`]. Of a host's first request nothing is known: it
    /// counts from its answer.
    fn seen(&self, clock: &mut Clock) -> Instant {
        let Some(answered) = self.answered else { return self.started };
        let took = answered.saturating_duration_since(self.started);
        // The first answer counts half: at the start of a run, with all hosts
        // asked at once, it is late itself. Later ones let the number fall at
        // once and rise by a quarter, so that a host that has become slow is
        // soon known as slow.
        let usual = *clock.latency.get_or_insert(took / 2);
        clock.latency = Some(took.min(usual + took.saturating_sub(usual) / 4));
        if self.first { answered } else { self.started + took.saturating_sub(usual).min(MOST_LATE) }
    }

    /// How many 429 answers came in a row, this one included.
    pub(crate) fn throttled(&self) -> u32 {
        let mut clocks = self.hosts.lock();
        clocks.by_host.get_mut(&self.id).map_or(1, |clock| {
            clock.throttled = clock.throttled.saturating_add(1);
            clock.throttled
        })
    }

    /// Ends the request; the host is left alone for `pause` at least. Gives
    /// back when it may be asked next.
    pub(crate) fn finish(mut self, health: Health, pause: Option<Duration>) -> Instant {
        self.close(health, pause)
    }

    /// Ends it as if it had not begun: nothing was sent.
    pub(crate) fn cancel(mut self) {
        self.open = false;
        let mut clocks = self.hosts.lock();
        if let Some(clock) = clocks.by_host.get_mut(&self.id) {
            clock.busy = false;
            clock.asked = !self.first;
            clock.next_at = self.before;
        }
        clocks.neighbours.end(self.addresses.as_deref().unwrap_or_default(), None);
        drop(clocks);
        self.hosts.released.notify_waiters();
    }

    fn close(&mut self, health: Health, pause: Option<Duration>) -> Instant {
        self.open = false;
        let now = Instant::now();
        let mut next_at = now;
        let mut clocks = self.hosts.lock();
        if let Some(clock) = clocks.by_host.get_mut(&self.id) {
            clock.busy = false;
            let delay = self.hosts.delay.max(clock.crawl_delay);
            next_at = (self.seen(clock) + delay).max(now);
            if let Some(pause) = pause {
                next_at = next_at.max(now + pause);
            } else {
                clock.throttled = 0;
            }
            clock.next_at = next_at;
            match health {
                Health::Alive => clock.failing = 0,
                Health::Unknown => {}
                Health::Closed(why) => clock.down = Some(why.into()),
                Health::Failed(what) => {
                    clock.failing = clock.failing.saturating_add(1);
                    if clock.failing == self.hosts.limit {
                        let why = format!(
                            "gave the host up after {} failures in a row; the last: {what}",
                            clock.failing
                        );
                        clock.down = Some(why.into());
                    }
                }
            }
        }
        clocks.neighbours.end(self.addresses.as_deref().unwrap_or_default(), Some(next_at));
        drop(clocks);
        self.hosts.released.notify_waiters();
        next_at
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.open {
            self.close(Health::Unknown, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_secs(5);

    fn hosts() -> (Arc<Hosts>, HostId) {
        let hosts = Arc::new(Hosts::new(DELAY, 3, false));
        let id = hosts.id("e.com");
        (hosts, id)
    }

    fn go(hosts: &Arc<Hosts>, id: HostId, now: Instant) -> Permit {
        match hosts.try_start(id, now) {
            Start::Go(permit) => permit,
            other => panic!("{other:?}"),
        }
    }

    fn wait(hosts: &Arc<Hosts>, id: HostId, now: Instant) -> Duration {
        match hosts.try_start(id, now) {
            Start::At(at) => at - now,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_at_a_time_and_a_delay_from_start_to_start() {
        let (hosts, id) = hosts();
        let now = Instant::now();
        let permit = go(&hosts, id, now);
        assert!(matches!(hosts.try_start(id, now), Start::Busy));
        assert!(matches!(hosts.try_start(hosts.id("other"), now), Start::Go(_)));
        permit.finish(Health::Alive, None);
        assert_eq!(wait(&hosts, id, now), DELAY);
        go(&hosts, id, now + DELAY);
    }

    #[test]
    fn the_delay_is_counted_from_what_the_server_sees() {
        let (hosts, id) = hosts();
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        // The first request: up to its answer.
        let mut permit = go(&hosts, id, start);
        permit.sent(Some(after(300)), Some(after(900)));
        assert_eq!(permit.finish(Health::Alive, None), after(900) + DELAY);
        // A kept connection, an answer as quick as can be expected.
        let mut permit = go(&hosts, id, after(6000));
        permit.sent(None, Some(after(6300)));
        assert_eq!(permit.finish(Health::Alive, None), after(6000) + DELAY);
        // A new connection, an answer that is 20 ms late.
        let mut permit = go(&hosts, id, after(12_000));
        permit.sent(Some(after(12_300)), Some(after(12_620)));
        assert_eq!(permit.finish(Health::Alive, None), after(12_320) + DELAY);
        // A page that takes its time.
        let mut permit = go(&hosts, id, after(18_000));
        permit.sent(None, Some(after(20_000)));
        assert_eq!(permit.finish(Health::Alive, None), after(18_050) + DELAY);
        // No answer.
        let mut permit = go(&hosts, id, after(24_000));
        permit.sent(Some(after(24_400)), None);
        assert_eq!(permit.finish(Health::Unknown, None), after(24_400) + DELAY);
    }

    #[test]
    fn crawl_delay_and_pause_fold_in() {
        let (hosts, id) = hosts();
        let now = Instant::now();
        let permit = go(&hosts, id, now);
        hosts.set_crawl_delay(id, Duration::from_secs(20));
        permit.finish(Health::Alive, None);
        assert_eq!(wait(&hosts, id, now), Duration::from_secs(20));
        let permit = go(&hosts, id, now + Duration::from_secs(20));
        permit.finish(Health::Alive, Some(Duration::from_secs(100)));
        assert!(wait(&hosts, id, now) >= Duration::from_secs(100));
    }

    #[test]
    fn failures_in_a_row_give_a_host_up() {
        let (hosts, id) = hosts();
        let mut now = Instant::now();
        let mut end = |health: Health| {
            now += DELAY * 2;
            go(&hosts, id, now).finish(health, None);
        };
        let failed = || Health::Failed("connect: refused".into());
        for health in [failed(), failed(), Health::Alive, failed(), failed(), Health::Unknown, failed()] {
            end(health);
        }
        match hosts.try_start(id, now) {
            Start::Down(why) => assert!(why.contains("3 failures") && why.contains("refused"), "{why}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_dropped_permit_counts_and_a_cancelled_one_does_not() {
        let (hosts, id) = hosts();
        let now = Instant::now();
        drop(go(&hosts, id, now));
        assert_eq!(wait(&hosts, id, now), DELAY);
        let other = hosts.id("other");
        go(&hosts, other, now).cancel();
        go(&hosts, other, now);
    }

    #[test]
    fn clocks_that_ran_out_are_forgotten() {
        let (hosts, _) = hosts();
        let now = Instant::now();
        for i in 0..SWEEP_FROM {
            go(&hosts, hosts.id(&i.to_string()), now).finish(Health::Alive, None);
        }
        go(&hosts, hosts.id("late"), now + DELAY * 2);
        assert_eq!(hosts.len(), 1);
    }
}
