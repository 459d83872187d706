//! Which host is asked next: the queues of a run.
//!
//! A list may name a million URLs of one host before the first of another, so
//! it is read far ahead into one queue a host. A waiting URL costs twelve
//! bytes of memory; its text lies in a [`Spill`]. Nothing here sleeps or looks
//! at a clock: time is handed in, which makes a run's whole schedule testable.
//!
//! Of the hosts that may be asked now, the one with the least slack goes
//! first: the one whose remaining URLs, at one per delay, take longest, less
//! the time it has waited. So a long host is never the last to begin, and no
//! host waits for ever.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::io;
use std::time::{Duration, Instant};

use super::entry::Entry;
use super::host::HostId;
use super::spill::Spill;

/// The most that a host's remaining work counts against its waiting time.
const MOST_AHEAD: u64 = 3_600_000_000;

/// The end of a list of links.
const NONE: u32 = u32::MAX;

/// Where an entry stands in its host's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// A robots.txt on its way; it passes a closed gate.
    Robots,
    /// A page that was begun: redirected here or held up by robots.txt.
    Begun,
    /// A page from the list.
    Fresh,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Ask this host; it is this caller's until released.
    Host(Turn),
    /// Nothing before this instant.
    At(Instant),
    /// Nothing until something is pushed or released.
    Nothing,
}

/// A host's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) host: HostId,
    slot: u32,
}

/// A queue of entries: the ends of a chain of links.
#[derive(Clone, Copy, Debug)]
struct List {
    head: u32,
    tail: u32,
}

const EMPTY: List = List { head: NONE, tail: NONE };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// In no heap: nothing to do, or the gate is closed.
    Idle,
    Ready,
    /// In the heap of the waiting; whether the host's clock or only its
    /// entries hold it back.
    Waiting {
        clock: bool,
    },
    Running,
    /// Held by somebody else, who shares the clock.
    Parked,
}

#[derive(Debug)]
struct Slot {
    host: HostId,
    fresh: List,
    count: u32,
    /// Which heap entry of this slot is the valid one.
    stamp: u32,
    state: State,
    more: Option<Box<More>>,
}

/// What most hosts never have.
#[derive(Debug)]
struct More {
    robots: List,
    begun: List,
    later: BinaryHeap<Reverse<(u64, u32)>>,
    robots_later: BinaryHeap<Reverse<(u64, u32)>>,
    /// Closed while robots.txt is on its way.
    closed: bool,
}

/// The waiting entries: offsets into the spill, chained.
#[derive(Debug)]
struct Links {
    offset: Vec<u64>,
    next: Vec<u32>,
    free: u32,
}

/// The numbers are hashes already.
#[derive(Debug, Default)]
pub(crate) struct Same(u64);

impl Hasher for Same {
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

/// A set or map keyed by what is a hash already.
pub(crate) type ByHash<V> = HashMap<HostId, V, BuildHasherDefault<Same>>;

type Heap<K> = BinaryHeap<Reverse<(K, u32, u32)>>;

/// The queues of all hosts.
#[derive(Debug)]
pub(crate) struct Schedule {
    epoch: Instant,
    /// What one more URL adds to a host's remaining time, in microseconds.
    weight: u64,
    spill: Spill,
    links: Links,
    slots: Vec<Slot>,
    free: Vec<u32>,
    by_host: ByHash<u32>,
    waiting: Heap<u64>,
    ready: Heap<i64>,
    parked: Vec<u32>,
    len: usize,
}

impl Schedule {
    pub(crate) fn new(now: Instant, delay: Duration) -> Self {
        Self {
            epoch: now,
            weight: micros(delay).max(20_000),
            spill: Spill::default(),
            links: Links { offset: Vec::new(), next: Vec::new(), free: NONE },
            slots: Vec::new(),
            free: Vec::new(),
            by_host: ByHash::default(),
            waiting: BinaryHeap::new(),
            ready: BinaryHeap::new(),
            parked: Vec::new(),
            len: 0,
        }
    }

    /// How many entries wait.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    fn tick(&self, at: Instant) -> u64 {
        micros(at.saturating_duration_since(self.epoch))
    }

    /// Queues an entry, not to be taken before an instant if one is given.
    /// Gives whether a host became ready by it.
    ///
    /// # Errors
    /// Where the spill file cannot be written; the entry is then not queued.
    pub(crate) fn push(
        &mut self,
        host: HostId,
        lane: Lane,
        entry: &Entry,
        not_before: Option<Instant>,
        now: Instant,
    ) -> io::Result<bool> {
        if self.links.next.len() >= NONE as usize {
            return Err(io::Error::other("more than four thousand million urls wait"));
        }
        let offset = self.spill.push(&entry.encode())?;
        let link = self.links.add(offset);
        let at = not_before.map(|at| self.tick(at));
        let index = self.slot(host);
        let Self { slots, links, .. } = self;
        let slot = &mut slots[index as usize];
        match (lane, at) {
            (Lane::Fresh, None) => slot.fresh.push(link, links),
            (Lane::Begun | Lane::Fresh, Some(at)) => slot.more().later.push(Reverse((at, link))),
            (Lane::Robots, Some(at)) => slot.more().robots_later.push(Reverse((at, link))),
            (Lane::Begun, None) => slot.more().begun.push(link, links),
            (Lane::Robots, None) => slot.more().robots.push(link, links),
        }
        slot.count = slot.count.saturating_add(1);
        self.len += 1;
        let rekey = slot.state == State::Ready && slot.count >= 16 && slot.count.is_power_of_two();
        if matches!(slot.state, State::Idle | State::Waiting { clock: false }) || rekey {
            self.enqueue(index, None, now);
        }
        Ok(self.slots[index as usize].state == State::Ready)
    }

    /// The host to ask now, or when to look again.
    pub(crate) fn next(&mut self, now: Instant) -> Next {
        let tick = self.tick(now);
        while let Some(&Reverse((at, index, stamp))) = self.waiting.peek() {
            if at > tick {
                break;
            }
            self.waiting.pop();
            if self.slots.get(index as usize).is_some_and(|s| s.stamp == stamp) {
                self.make_ready(index, at);
            }
        }
        while let Some(Reverse((_, index, stamp))) = self.ready.pop() {
            if let Some(slot) = self.slots.get_mut(index as usize).filter(|s| s.stamp == stamp) {
                slot.state = State::Running;
                return Next::Host(Turn { host: slot.host, slot: index });
            }
        }
        match self.waiting.peek() {
            Some(Reverse((at, ..))) => Next::At(self.epoch + Duration::from_micros(*at)),
            None => Next::Nothing,
        }
    }

    /// Takes the entry whose turn it is; `None` where none is due after all.
    ///
    /// # Errors
    /// Where the spill file cannot be read; the entry is then lost.
    pub(crate) fn take(&mut self, turn: Turn, now: Instant) -> io::Result<Option<Entry>> {
        let tick = self.tick(now);
        let Self { slots, links, .. } = self;
        let slot = &mut slots[turn.slot as usize];
        let Some(link) = slot.pop(tick, links) else { return Ok(None) };
        slot.count = slot.count.saturating_sub(1);
        self.len -= 1;
        let offset = self.links.remove(link);
        Entry::decode(&self.spill.take(offset)?).map(Some)
    }

    /// Gives a host back; it may be asked again from `next_at` on.
    pub(crate) fn release(&mut self, turn: Turn, next_at: Instant, now: Instant) {
        self.slots[turn.slot as usize].state = State::Idle;
        self.enqueue(turn.slot, Some(next_at), now);
    }

    /// Gives a host back that somebody else is asking.
    pub(crate) fn park(&mut self, turn: Turn) {
        self.slots[turn.slot as usize].state = State::Parked;
        self.parked.push(turn.slot);
    }

    /// Looks at the parked hosts again.
    pub(crate) fn unpark(&mut self, now: Instant) {
        for index in std::mem::take(&mut self.parked) {
            self.slots[index as usize].state = State::Idle;
            self.enqueue(index, None, now);
        }
    }

    /// How many hosts have something waiting or under way.
    pub(crate) fn hosts(&self) -> usize {
        self.by_host.len()
    }

    /// Whether this turn's host has nothing more waiting.
    pub(crate) fn is_last(&self, turn: Turn) -> bool {
        self.slots[turn.slot as usize].count == 0
    }

    /// Whether hosts wait for somebody outside this run.
    pub(crate) fn has_parked(&self) -> bool {
        !self.parked.is_empty()
    }

    /// Holds a host's pages back until its robots.txt is known.
    pub(crate) fn close(&mut self, host: HostId) {
        let index = self.slot(host);
        self.slots[index as usize].more().closed = true;
    }

    /// Lets a host's pages go on.
    pub(crate) fn open(&mut self, host: HostId, now: Instant) {
        if let Some(&index) = self.by_host.get(&host) {
            let slot = &mut self.slots[index as usize];
            slot.more().closed = false;
            if matches!(slot.state, State::Idle | State::Waiting { clock: false }) {
                self.enqueue(index, None, now);
            }
        }
    }

    /// The slot of a host, made where there is none.
    fn slot(&mut self, host: HostId) -> u32 {
        if let Some(&index) = self.by_host.get(&host) {
            return index;
        }
        let slot = Slot { host, fresh: EMPTY, count: 0, stamp: 0, state: State::Idle, more: None };
        let index = if let Some(index) = self.free.pop() {
            let stamp = self.slots[index as usize].stamp;
            self.slots[index as usize] = Slot { stamp, ..slot };
            index
        } else {
            self.slots.push(slot);
            // Fewer slots than links, whose number is checked.
            u32::try_from(self.slots.len() - 1).unwrap_or(NONE)
        };
        self.by_host.insert(host, index);
        index
    }

    /// Puts an idle slot into the heap it belongs to, or drops an empty one.
    fn enqueue(&mut self, index: u32, clock: Option<Instant>, now: Instant) {
        let tick = self.tick(now);
        let clock = clock.map_or(0, |at| self.tick(at));
        let slot = &mut self.slots[index as usize];
        slot.stamp = slot.stamp.wrapping_add(1);
        let Some(at) = slot.due() else {
            slot.state = State::Idle;
            if slot.count == 0 && slot.more.as_ref().is_none_or(|more| !more.closed) {
                self.by_host.remove(&slot.host);
                slot.more = None;
                self.free.push(index);
            }
            return;
        };
        let at = at.max(clock);
        if at <= tick {
            self.make_ready(index, tick);
        } else {
            slot.state = State::Waiting { clock: clock >= at };
            self.waiting.push(Reverse((at, index, slot.stamp)));
        }
    }

    fn make_ready(&mut self, index: u32, since: u64) {
        let slot = &mut self.slots[index as usize];
        slot.state = State::Ready;
        let ahead = u64::from(slot.count).saturating_mul(self.weight).min(MOST_AHEAD);
        let key = since.cast_signed().saturating_sub_unsigned(ahead);
        self.ready.push(Reverse((key, index, slot.stamp)));
    }
}

impl Slot {
    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_with(|| {
            Box::new(More {
                robots: EMPTY,
                begun: EMPTY,
                later: BinaryHeap::new(),
                robots_later: BinaryHeap::new(),
                closed: false,
            })
        })
    }

    /// From when on an entry can be taken, gate and all.
    fn due(&self) -> Option<u64> {
        let Some(more) = &self.more else { return (self.fresh.head != NONE).then_some(0) };
        if more.robots.head != NONE || (!more.closed && (more.begun.head != NONE || self.fresh.head != NONE))
        {
            return Some(0);
        }
        let pages = more.later.peek().filter(|_| !more.closed);
        [pages, more.robots_later.peek()].into_iter().flatten().map(|Reverse((at, _))| *at).min()
    }

    fn pop(&mut self, tick: u64, links: &Links) -> Option<u32> {
        let Some(more) = &mut self.more else { return self.fresh.pop(links) };
        let due = |heap: &mut BinaryHeap<Reverse<(u64, u32)>>| {
            let Reverse((at, _)) = heap.peek()?;
            if *at <= tick { heap.pop().map(|Reverse((_, link))| link) } else { None }
        };
        let robots = more.robots.pop(links).or_else(|| due(&mut more.robots_later));
        if robots.is_some() || more.closed {
            return robots;
        }
        due(&mut more.later).or_else(|| more.begun.pop(links)).or_else(|| self.fresh.pop(links))
    }
}

impl List {
    fn push(&mut self, link: u32, links: &mut Links) {
        if self.tail == NONE {
            self.head = link;
        } else {
            links.next[self.tail as usize] = link;
        }
        self.tail = link;
    }

    fn pop(&mut self, links: &Links) -> Option<u32> {
        let link = self.head;
        if link == NONE {
            return None;
        }
        self.head = links.next[link as usize];
        if self.head == NONE {
            self.tail = NONE;
        }
        Some(link)
    }
}

impl Links {
    fn add(&mut self, offset: u64) -> u32 {
        let link = self.free;
        if link == NONE {
            self.offset.push(offset);
            self.next.push(NONE);
            // Below NONE: `Schedule::push` checks it.
            return u32::try_from(self.next.len() - 1).unwrap_or(NONE);
        }
        self.free = self.next[link as usize];
        self.offset[link as usize] = offset;
        self.next[link as usize] = NONE;
        link
    }

    fn remove(&mut self, link: u32) -> u64 {
        self.next[link as usize] = self.free;
        self.free = link;
        self.offset[link as usize]
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
