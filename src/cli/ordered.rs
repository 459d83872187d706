//! Work on all processors, results in the order of the inputs.
//!
//! Workers may run ahead of the slowest input by a window only, so memory does
//! not grow with the number of inputs. No lock is held while an input is
//! waited for, so a slow standard input holds no result back.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many inputs a worker may be ahead of the one that is awaited, per
/// worker.
const WINDOW: u64 = 16;

/// How long a result is waited for before `take` is called without one.
const IDLE: Duration = Duration::from_millis(100);

/// What happens while the inputs are worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<T> {
    /// The result of the next input.
    Done(T),
    /// No result came for a while; `under_way` says whether one is to come
    /// without a further input.
    Idle {
        /// Whether an input is being worked on.
        under_way: bool,
    },
}

#[derive(Default)]
struct Turn {
    next: u64,
    done: u64,
    stopped: bool,
}

struct Shared<I> {
    inputs: Mutex<I>,
    turn: Mutex<Turn>,
    moved: Condvar,
}

impl<I> Shared<I> {
    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the others go where a worker breaks off.
struct Alarm<'s, I>(&'s Shared<I>);

impl<I> Drop for Alarm<'_, I> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.turn().stopped = true;
            self.0.moved.notify_all();
        }
    }
}

/// Applies `work` to each input on `jobs` threads and hands the results to
/// `take` in the order of the inputs, with a word now and then while there is
/// none. An error of `take` ends the run and is returned.
pub fn for_each<I, T, E>(
    inputs: I,
    jobs: usize,
    work: impl Fn(I::Item) -> T + Sync,
    mut take: impl FnMut(Event<T>) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
    T: Send,
{
    let shared = Shared { inputs: Mutex::new(inputs), turn: Mutex::default(), moved: Condvar::new() };
    let window = WINDOW * jobs as u64;
    std::thread::scope(|scope| {
        let (send, results) = mpsc::channel::<(u64, T)>();
        for _ in 0..jobs.max(1) {
            let (send, shared, work) = (send.clone(), &shared, &work);
            scope.spawn(move || {
                let _alarm = Alarm(shared);
                while let Some((number, input)) = next(shared, window) {
                    if send.send((number, work(input))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let outcome = in_order(&results, &shared, &mut take);
        shared.turn().stopped = true;
        shared.moved.notify_all();
        outcome
    })
}

/// The next input with its number, once it is near enough to the awaited one.
fn next<I: Iterator>(shared: &Shared<I>, window: u64) -> Option<(u64, I::Item)> {
    // Held for the reading and the numbering, so that the two agree.
    let mut inputs = shared.inputs.lock().unwrap_or_else(PoisonError::into_inner);
    {
        let mut turn = shared.turn();
        while !turn.stopped && turn.next >= turn.done + window {
            turn = shared.moved.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        if turn.stopped {
            return None;
        }
    }
    let input = inputs.next()?;
    let mut turn = shared.turn();
    turn.next += 1;
    Some((turn.next - 1, input))
}

fn in_order<I, T, E>(
    results: &mpsc::Receiver<(u64, T)>,
    shared: &Shared<I>,
    take: &mut impl FnMut(Event<T>) -> Result<(), E>,
) -> Result<(), E> {
    let mut waiting: BTreeMap<u64, T> = BTreeMap::new();
    let mut awaited = 0;
    loop {
        match results.recv_timeout(IDLE) {
            Ok((number, result)) => {
                waiting.insert(number, result);
                while let Some(result) = waiting.remove(&awaited) {
                    awaited += 1;
                    take(Event::Done(result))?;
                }
                shared.turn().done = awaited;
                shared.moved.notify_all();
            }
            Err(RecvTimeoutError::Timeout) => {
                let under_way = shared.turn().next > awaited;
                take(Event::Idle { under_way })?;
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn order_holds_whatever_the_number_of_jobs() {
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let work = |n: u64| {
                std::thread::sleep(Duration::from_micros((n * 37) % 300));
                n * 2
            };
            for_each(0..500, jobs, work, |n| {
                if let Event::Done(n) = n {
                    seen.push(n);
                }
                Ok::<_, ()>(())
            })
            .unwrap();
            assert_eq!(seen, (0..500).map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_slow_input_holds_the_others_back() {
        let ahead = AtomicU64::new(0);
        let while_slow = AtomicU64::new(0);
        let work = |n: u64| {
            if n == 0 {
                std::thread::sleep(Duration::from_millis(100));
                while_slow.store(ahead.load(Ordering::SeqCst), Ordering::SeqCst);
            } else {
                ahead.fetch_max(n, Ordering::SeqCst);
            }
        };
        for_each(0..1_000, 2, work, |_| Ok::<_, ()>(())).unwrap();
        assert!(while_slow.load(Ordering::SeqCst) <= WINDOW * 2);
        assert_eq!(ahead.load(Ordering::SeqCst), 999);
    }

    #[test]
    fn an_error_ends_the_run() {
        let mut taken = 0;
        let result = for_each(
            0..,
            3,
            |n: u64| n,
            |n| {
                taken += u64::from(matches!(n, Event::Done(_)));
                if n == Event::Done(40) { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(result, Err("full"));
        assert_eq!(taken, 41);
    }

    #[test]
    fn nothing_is_heard_of_while_an_input_is_waited_for() {
        let inputs = (0..2).inspect(|n| {
            if *n == 1 {
                std::thread::sleep(IDLE * 4);
            }
        });
        let mut heard = Vec::new();
        for_each(
            inputs,
            2,
            |n: u64| n,
            |n| {
                heard.push(n);
                Ok::<_, ()>(())
            },
        )
        .unwrap();
        assert_eq!(heard.first(), Some(&Event::Done(0)));
        assert!(
            heard.contains(&Event::Idle { under_way: false }) && heard.ends_with(&[Event::Done(1)]),
            "{heard:?}"
        );
    }
}
