//! `khobor extract`: the records of stored pages.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::args::ExtractArgs;
use super::failures::Failures;
use super::input::{Input, Inputs};
use super::ordered::{self, Event};
use super::progress::Progress;
use super::record::{self, Shape};
use super::sink::Sink;
use super::summary::Summary;
use super::{Exit, Stop, signals};
use crate::article::Article;
use crate::failure::Failure;
use crate::mask_password;
use crate::provenance;

/// Runs the command.
pub fn run(args: &ExtractArgs, quiet: bool) -> Result<Exit, Stop> {
    let begun = Instant::now();
    let shape = Shape::new(&args.record)?;
    let inputs = Inputs::new(args, record::options(&args.record)?)?;
    args.record.check_outputs()?;
    // The output last: a mistake in the other must not leave it emptied.
    let mut failures = Failures::new(args.record.failures.as_deref())?;
    let mut sink = match &args.record.output {
        Some(path) => Sink::file(path, args.record.append, args.record.overwrite)?,
        None => Sink::stdout(),
    };
    let jobs = args
        .jobs
        .map_or_else(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get), |n| n as usize);
    // A thread that finds nothing to do costs as much as a small page.
    let jobs = inputs.at_once(jobs);
    let stopped = Arc::new(AtomicBool::new(false));
    signals::watch(signals::IN_FLIGHT, {
        let stopped = Arc::clone(&stopped);
        move || stopped.store(true, Ordering::SeqCst)
    });
    let inputs = {
        let stopped = Arc::clone(&stopped);
        inputs.take_while(move |_| !stopped.load(Ordering::SeqCst))
    };
    let progress = Progress::new(args.record.progress, quiet);
    let mut summary = Summary::default();
    // Lines are made where pages are read: this thread only writes.
    let line = |input| extract(input).map(|article| shape.line(&article));
    let ended = ordered::for_each(inputs, jobs, line, |result| match result {
        Event::Done(Ok(line)) => {
            progress.page();
            summary.articles += 1;
            sink.line(&line?)
        }
        Event::Done(Err(failure)) => {
            progress.page();
            summary.failed(failure.kind);
            let mut reported = Ok(());
            progress.around(|| reported = failures.report(&failure));
            reported
        }
        // After a signal a worker may be waiting for standard input, which need
        // not end; everything that was begun is written by now.
        Event::Idle { under_way: false } if stopped.load(Ordering::SeqCst) => {
            sink.end()?;
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
        // A reader of a pipe waits for what there is.
        Event::Idle { .. } => sink.flush(),
    });
    progress.finish();
    // What was written before an error stays usable.
    let (records, reported) = (sink.finish(), failures.finish());
    ended.and(records).and(reported)?;
    summary.elapsed = begun.elapsed();
    if summary.articles + summary.failures() != 1 {
        summary.print(quiet);
    }
    Ok(if stopped.load(Ordering::SeqCst) { Exit::Interrupted } else { summary.exit() })
}

fn extract(input: Input) -> Result<Article, Box<Failure>> {
    let mut options = input.options;
    let bytes = input.content.read(&mut options).map_err(|mut failure| {
        failure.id.clone_from(&options.id);
        failure.url = options.url.as_deref().map(mask_password);
        failure.source.clone_from(&options.source);
        failure
    })?;
    provenance::extract(&bytes, &options).map_err(Box::new)
}
