//! Work on all processors, results in the order of the inputs.
//!
//! Workers may run ahead of the slowest input by a window only, so memory does
//! not grow with the number of inputs.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError, mpsc};

/// How many inputs a worker may be ahead of the one that is awaited, per
/// worker.
const WINDOW: u64 = 16;

struct Turn<I> {
    inputs: I,
    next: u64,
    done: u64,
    stopped: bool,
}

/// Applies `work` to each input on `jobs` threads and hands the results to
/// `take` in the order of the inputs. An error of `take` ends the run and is
/// returned.
pub fn for_each<I, T, E>(
    inputs: I,
    jobs: usize,
    work: impl Fn(I::Item) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
    T: Send,
{
    if jobs <= 1 {
        for input in inputs {
            take(work(input))?;
        }
        return Ok(());
    }
    let turn = Mutex::new(Turn { inputs, next: 0, done: 0, stopped: false });
    let moved = Condvar::new();
    let window = WINDOW * jobs as u64;
    std::thread::scope(|scope| {
        let (send, results) = mpsc::channel::<(u64, T)>();
        for _ in 0..jobs {
            let (send, turn, moved, work) = (send.clone(), &turn, &moved, &work);
            scope.spawn(move || {
                loop {
                    let (number, input) = {
                        let mut guard = turn.lock().unwrap_or_else(PoisonError::into_inner);
                        while !guard.stopped && guard.next >= guard.done + window {
                            guard = moved.wait(guard).unwrap_or_else(PoisonError::into_inner);
                        }
                        if guard.stopped {
                            return;
                        }
                        let Some(input) = guard.inputs.next() else { return };
                        guard.next += 1;
                        (guard.next - 1, input)
                    };
                    if send.send((number, work(input))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut waiting: BTreeMap<u64, T> = BTreeMap::new();
        let mut awaited = 0;
        let mut outcome = Ok(());
        'all: for (number, result) in results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&awaited) {
                awaited += 1;
                outcome = take(result);
                if outcome.is_err() {
                    break 'all;
                }
            }
            turn.lock().unwrap_or_else(PoisonError::into_inner).done = awaited;
            moved.notify_all();
        }
        turn.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        moved.notify_all();
        outcome
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    #[test]
    fn order_holds_whatever_the_number_of_jobs() {
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let work = |n: u64| {
                std::thread::sleep(Duration::from_micros((n * 37) % 300));
                n * 2
            };
            for_each(0..500, jobs, work, |n| {
                seen.push(n);
                Ok::<_, ()>(())
            })
            .unwrap();
            assert_eq!(seen, (0..500).map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_slow_input_holds_the_others_back() {
        let ahead = AtomicU64::new(0);
        let work = |n: u64| {
            if n == 0 {
                std::thread::sleep(Duration::from_millis(100));
                assert!(ahead.load(Ordering::SeqCst) <= WINDOW * 2);
            } else {
                ahead.fetch_max(n, Ordering::SeqCst);
            }
        };
        for_each(0..1_000, 2, work, |()| Ok::<_, ()>(())).unwrap();
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
                taken += 1;
                if n == 40 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(result, Err("full"));
        assert_eq!(taken, 41);
    }
}
