//! The command line: flags become plans, plans become records on an output.
//!
//! Standard output carries records only; progress, logs and the summary go to
//! standard error. One file a command; what commands share (outputs, failures,
//! progress) has files of its own. Nothing here knows how a field is found.

mod archive;
mod args;
mod date;
mod discover;
mod explain;
mod extract;
mod failures;
mod input;
mod lines;
mod network;
mod normalize;
mod ordered;
mod outputs;
mod packed;
mod papers;
mod progress;
mod record;
mod scrape;
mod signals;
mod sink;
mod sites;
mod state;
mod stored;
mod summary;
mod terminal;
mod torn;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// How a run of the program ended; see the contract's exit statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All inputs became articles.
    Success = 0,
    /// Some inputs failed; each has its failure record.
    SomeFailed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// The output cannot be written.
    Output = 3,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not run or go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Wrong usage or configuration: what, and how to mend it.
    Usage(anyhow::Error),
    /// The output cannot be written.
    Output(anyhow::Error),
    /// Whoever read the output went away: no error.
    PipeClosed,
}

impl Stop {
    /// What an error of writing means for the run.
    pub(crate) fn of_output(error: std::io::Error, name: &str) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Self::PipeClosed
        } else {
            Self::Output(anyhow::Error::new(error).context(format!("{name} cannot be written")))
        }
    }
}

/// Runs the program with the arguments that it was called with, the name of
/// the program first, and gives its exit status.
pub fn run<I, T>(arguments: I) -> ExitCode
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; a pipe that closes is none either.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    init_logs(cli.verbose);
    outlive_size_limits();
    let done = match cli.command {
        Command::Scrape(args) => scrape::run(&args, cli.quiet),
        Command::Extract(args) => extract::run(&args, cli.quiet),
        Command::Discover(args) => discover::run(&args, cli.quiet),
        Command::Archive(args) => archive::run(args, cli.quiet),
        Command::Explain(args) => explain::run(&args),
        Command::Date(args) => date::run(&args),
        Command::Normalize(args) => normalize::run(&args),
        Command::Sites(args) => sites::run(&args),
        Command::Schema => papers::schema(),
        Command::Completions(args) => papers::completions(&args),
        Command::Man(args) => papers::man(&args),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(Stop::PipeClosed) => Exit::Success.into(),
        Err(Stop::Usage(error)) => fail(&error, Exit::Usage),
        Err(Stop::Output(error)) => fail(&error, Exit::Output),
    }
}

fn fail(error: &anyhow::Error, exit: Exit) -> ExitCode {
    terminal::tell(&format!("{error:#}"));
    exit.into()
}

/// A file that may grow no more (`RLIMIT_FSIZE`) is an error of writing, told
/// like a full disk. Without a handler the system's signal would end the
/// program before it could say so.
#[cfg(unix)]
fn outlive_size_limits() {
    use tokio::signal::unix::{SignalKind, signal};
    /// The same number on Linux, the BSDs and macOS.
    const SIGXFSZ: i32 = 25;
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    let _inside = runtime.enter();
    // The handler stays when its runtime is gone; where there can be none, the
    // system's own way of ending holds.
    let _ = signal(SignalKind::from_raw(SIGXFSZ));
}

#[cfg(not(unix))]
fn outlive_size_limits() {}

fn init_logs(verbose: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KHOBOR_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(if verbose { "khobor=debug" } else { "off" }));
    // A second call in one process (an embedding program) keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}
