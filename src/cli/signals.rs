//! Ctrl-C and SIGTERM: the first one asks the run to stop, the second ends the
//! program.

use super::{Exit, terminal};

/// What is said where requests that are under way may end.
pub const IN_FLIGHT: &str = "stopping; what is under way gets ten seconds (once more to end at once)";

/// Calls `stop` at the first signal, says so, and ends the program at the second. Where
/// no handler can be set the system's own way of ending holds.
pub fn watch(said: &'static str, stop: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async move {
            let Some(mut signals) = Signals::new() else { return };
            signals.next().await;
            stop();
            terminal::tell(said);
            signals.next().await;
            std::process::exit(i32::from(Exit::Interrupted as u8));
        });
    });
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Option<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Some(Self {
            interrupt: signal(SignalKind::interrupt()).ok()?,
            terminate: signal(SignalKind::terminate()).ok()?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Option<Self> {
        Some(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
