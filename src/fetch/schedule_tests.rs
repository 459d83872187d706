//! Whole runs in made-up time.

use super::*;
use crate::fetch::job::Job;

const MS: Duration = Duration::from_millis(1);

fn entry(url: &str) -> Entry {
    Entry::new(Job::new(url))
}

fn turn(schedule: &mut Schedule, now: Instant) -> Turn {
    match schedule.next(now) {
        Next::Host(turn) => turn,
        other => panic!("{other:?}"),
    }
}

/// Runs a list of (host, page) through the schedule: each request takes
/// `latency`, each host is asked every `delay`, at most `width` at once. Gives
/// how long it took.
fn simulate(list: &[(u64, usize)], delay: Duration, latency: Duration, width: usize) -> Duration {
    let start = Instant::now();
    let mut now = start;
    let mut schedule = Schedule::new(now, delay);
    for (host, page) in list {
        schedule
            .push(HostId(*host), Lane::Fresh, &entry(&format!("http://h{host}/{page}")), None, now)
            .unwrap();
    }
    let mut flying: BinaryHeap<Reverse<(Instant, u64, u32)>> = BinaryHeap::new();
    let mut done = 0;
    while done < list.len() {
        let mut wake = None;
        while flying.len() < width {
            match schedule.next(now) {
                Next::Host(turn) => {
                    schedule.take(turn, now).unwrap().unwrap();
                    flying.push(Reverse((now + latency, turn.host.0, turn.slot)));
                }
                Next::At(at) => {
                    wake = Some(at);
                    break;
                }
                Next::Nothing => break,
            }
        }
        let landing = flying.peek().map(|Reverse((at, ..))| *at);
        now = [landing, wake].into_iter().flatten().min().unwrap().max(now);
        while let Some(Reverse((at, host, slot))) = flying.peek().copied()
            && at <= now
        {
            flying.pop();
            done += 1;
            let next_at = (at + delay).checked_sub(latency).unwrap().max(at);
            schedule.release(Turn { host: HostId(host), slot }, next_at, now);
        }
    }
    assert_eq!(schedule.len(), 0);
    assert!(schedule.by_host.is_empty());
    now - start
}

#[test]
fn a_list_sorted_by_host_is_as_fast_as_a_shuffled_one() {
    let sorted: Vec<(u64, usize)> = (0..200).flat_map(|h| (0..20).map(move |p| (h, p))).collect();
    let mut shuffled = sorted.clone();
    fastrand::Rng::with_seed(7).shuffle(&mut shuffled);
    let run = |list: &[(u64, usize)]| simulate(list, 200 * MS, 50 * MS, 64);
    let (sorted, shuffled) = (run(&sorted), run(&shuffled));
    // Twenty pages at 200 ms each is the host's own bound: 3850 ms.
    let bound = 19 * 200 * MS + 50 * MS;
    assert!(sorted <= bound * 11 / 10, "{sorted:?}");
    assert!(shuffled <= bound * 11 / 10, "{shuffled:?}");
}

#[test]
fn the_longest_host_is_not_left_for_the_end() {
    // One host of 200 pages among 4,000 of one page, four at once: the long
    // host alone needs 200 x 100 ms.
    let mut list: Vec<(u64, usize)> = (1..=4000).map(|h| (h, 0)).collect();
    list.extend((0..200).map(|p| (0, p)));
    let took = simulate(&list, 100 * MS, 10 * MS, 4);
    assert!(took < 22 * 1000 * MS, "{took:?}");
}

#[test]
fn a_long_host_does_not_starve_the_others() {
    let now = Instant::now();
    let mut schedule = Schedule::new(now, 1000 * MS);
    for i in 0..100_000 {
        schedule.push(HostId(1), Lane::Fresh, &entry(&format!("http://a/{i}")), None, now).unwrap();
    }
    schedule.push(HostId(2), Lane::Fresh, &entry("http://b/"), None, now).unwrap();
    assert_eq!(turn(&mut schedule, now).host, HostId(1), "the longer one goes first");
    let later = now + Duration::from_secs(3601);
    let mut turns = Vec::new();
    while let Next::Host(turn) = schedule.next(later) {
        turns.push(turn.host);
    }
    assert_eq!(turns, [HostId(2)]);
}

#[test]
fn entries_that_must_wait_hold_nobody_back() {
    let now = Instant::now();
    let mut schedule = Schedule::new(now, MS);
    let (a, b) = (HostId(1), HostId(2));
    schedule.push(a, Lane::Begun, &entry("http://a/retry"), Some(now + 50 * MS), now).unwrap();
    assert_eq!(schedule.next(now), Next::At(now + 50 * MS));
    schedule.push(a, Lane::Fresh, &entry("http://a/1"), None, now).unwrap();
    schedule.push(b, Lane::Fresh, &entry("http://b/1"), None, now).unwrap();
    for _ in 0..2 {
        let turn = turn(&mut schedule, now);
        let url = schedule.take(turn, now).unwrap().unwrap().job.url;
        assert!(url.ends_with("/1"), "{url}");
        schedule.release(turn, now, now);
    }
    let later = now + 50 * MS;
    let turn = turn(&mut schedule, later);
    assert_eq!(schedule.take(turn, later).unwrap().unwrap().job.url, "http://a/retry");
}

#[test]
fn a_closed_gate_lets_only_robots_through() {
    let now = Instant::now();
    let mut schedule = Schedule::new(now, MS);
    let a = HostId(1);
    schedule.push(a, Lane::Fresh, &entry("http://a/1"), None, now).unwrap();
    let first = turn(&mut schedule, now);
    schedule.take(first, now).unwrap();
    schedule.close(a);
    schedule.push(a, Lane::Fresh, &entry("http://a/2"), None, now).unwrap();
    schedule.release(first, now, now);
    assert_eq!(schedule.next(now), Next::Nothing);
    schedule.push(a, Lane::Robots, &entry("http://a/robots"), None, now).unwrap();
    let robots = turn(&mut schedule, now);
    assert_eq!(schedule.take(robots, now).unwrap().unwrap().job.url, "http://a/robots");
    schedule.open(a, now);
    schedule.push(a, Lane::Begun, &entry("http://a/1"), None, now).unwrap();
    schedule.release(robots, now + MS, now);
    let later = now + MS;
    for url in ["http://a/1", "http://a/2"] {
        let turn = turn(&mut schedule, later);
        assert_eq!(schedule.take(turn, later).unwrap().unwrap().job.url, url);
        schedule.release(turn, later, later);
    }
    assert_eq!((schedule.len(), schedule.by_host.len()), (0, 0));
}

#[test]
fn a_parked_host_comes_back() {
    let now = Instant::now();
    let mut schedule = Schedule::new(now, MS);
    schedule.push(HostId(1), Lane::Fresh, &entry("http://a/1"), None, now).unwrap();
    let held = turn(&mut schedule, now);
    schedule.park(held);
    schedule.push(HostId(1), Lane::Fresh, &entry("http://a/2"), None, now).unwrap();
    assert_eq!(schedule.next(now), Next::Nothing);
    schedule.unpark(now);
    assert_eq!(turn(&mut schedule, now).host, HostId(1));
}

#[test]
fn turns_of_dropped_slots_are_not_mistaken() {
    let now = Instant::now();
    let mut schedule = Schedule::new(now, MS);
    let hosts: Vec<_> = (0..50).map(HostId).collect();
    for round in 0..3 {
        for host in &hosts {
            schedule.push(*host, Lane::Fresh, &entry(&format!("http://h/{round}")), None, now).unwrap();
        }
        let mut seen = Vec::new();
        while let Next::Host(turn) = schedule.next(now) {
            assert!(schedule.take(turn, now).unwrap().is_some());
            seen.push(turn.host);
            schedule.release(turn, now, now);
        }
        seen.sort_unstable();
        assert_eq!(seen, hosts);
    }
    assert!(schedule.slots.len() <= 50);
}
