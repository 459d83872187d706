//! Hosts that live at one address: with `--per-address` they share its clock.
//!
//! A host with several addresses keeps to the clocks of all of them, because
//! nobody knows which one the next connection will take. What was looked up is
//! kept for some time and connected to meanwhile, so that a name that moves
//! between two lookups cannot leave the clock it is on.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::host::HostId;

/// How long the addresses of a host are taken for known.
const KNOWN: Duration = Duration::from_secs(300);

/// The same for a host whose name does not resolve. It shares no clock: the
/// request fails by itself, and it may resolve at the next attempt.
const UNKNOWN: Duration = Duration::from_secs(10);

/// What holds a host back, if anything does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// Its addresses are to be looked up first.
    Unplaced,
    /// A neighbour is being asked.
    Busy,
    /// A neighbour was asked a moment ago.
    At(Instant),
}

/// The addresses of hosts, and their clocks.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    placed: HashMap<HostId, (Arc<[IpAddr]>, Instant)>,
    clocks: HashMap<IpAddr, Clock>,
}

#[derive(Debug)]
struct Clock {
    busy: bool,
    next_at: Instant,
}

impl Neighbours {
    /// The addresses of a host, as far as they are known.
    pub(super) fn addresses(&self, host: HostId, now: Instant) -> Option<Arc<[IpAddr]>> {
        self.placed.get(&host).filter(|(_, until)| *until > now).map(|(addresses, _)| Arc::clone(addresses))
    }

    /// Notes where a host lives.
    pub(super) fn place(&mut self, host: HostId, addresses: &[IpAddr], now: Instant) {
        let keep = if addresses.is_empty() { UNKNOWN } else { KNOWN };
        self.placed.insert(host, (addresses.into(), now + keep));
    }

    /// Takes the clocks of a host's addresses for one request.
    pub(super) fn start(&mut self, host: HostId, now: Instant) -> Result<Arc<[IpAddr]>, Hold> {
        let addresses = self.addresses(host, now).ok_or(Hold::Unplaced)?;
        let clocks = || addresses.iter().filter_map(|address| self.clocks.get(address));
        if clocks().any(|clock| clock.busy) {
            return Err(Hold::Busy);
        }
        if let Some(at) = clocks().map(|clock| clock.next_at).max().filter(|at| *at > now) {
            return Err(Hold::At(at));
        }
        for address in addresses.iter() {
            self.clocks.insert(*address, Clock { busy: true, next_at: now });
        }
        Ok(addresses)
    }

    /// Gives the clocks back; `next_at` is from when on the addresses may be
    /// asked again, if a request was sent.
    pub(super) fn end(&mut self, addresses: &[IpAddr], next_at: Option<Instant>) {
        for address in addresses {
            if let Some(clock) = self.clocks.get_mut(address) {
                clock.busy = false;
                clock.next_at = next_at.unwrap_or(clock.next_at);
            }
        }
    }

    /// Forgets what holds nobody back any more.
    pub(super) fn sweep(&mut self, now: Instant) {
        self.placed.retain(|_, (_, until)| *until > now);
        self.clocks.retain(|_, clock| clock.busy || clock.next_at > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn one_request_at_a_time_for_all_addresses_of_a_host() {
        let (a, b, c) = (HostId(1), HostId(2), HostId(3));
        let now = Instant::now();
        let mut all = Neighbours::default();
        assert_eq!(all.start(a, now), Err(Hold::Unplaced));
        all.place(a, &[ip(1), ip(2)], now);
        all.place(b, &[ip(2)], now);
        all.place(c, &[ip(3)], now);
        let taken = all.start(a, now).unwrap();
        assert_eq!(all.start(b, now), Err(Hold::Busy));
        assert!(all.start(c, now).is_ok());
        let next_at = now + Duration::from_secs(5);
        all.end(&taken, Some(next_at));
        assert_eq!(all.start(b, now), Err(Hold::At(next_at)));
        let taken = all.start(b, next_at).unwrap();
        all.end(&taken, None);
        assert!(all.start(a, next_at).is_ok(), "what was not sent counts for nothing");
    }

    #[test]
    fn a_host_without_an_address_is_held_back_by_nobody() {
        let now = Instant::now();
        let mut all = Neighbours::default();
        all.place(HostId(1), &[], now);
        assert_eq!(all.start(HostId(1), now).unwrap().len(), 0);
        assert_eq!(all.start(HostId(1), now + UNKNOWN), Err(Hold::Unplaced));
        all.sweep(now + UNKNOWN);
        assert!(all.placed.is_empty());
    }
}
