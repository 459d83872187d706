//! `khobor extract`: the records of stored pages.

use std::num::NonZeroUsize;
use std::time::Instant;

use super::args::ExtractArgs;
use super::failures::Failures;
use super::input::{Input, Inputs};
use super::progress::Progress;
use super::record::{self, Shape};
use super::sink::Sink;
use super::summary::Summary;
use super::{Exit, Stop, ordered};
use crate::article::Article;
use crate::failure::Failure;
use crate::mask_password;

/// Runs the command.
pub fn run(args: &ExtractArgs, quiet: bool) -> Result<Exit, Stop> {
    let begun = Instant::now();
    let shape = Shape::new(&args.record)?;
    let inputs = Inputs::new(args, record::options(&args.record)?)?;
    let mut sink = match &args.record.output {
        Some(path) => Sink::file(path, args.record.append, args.record.overwrite)?,
        None => Sink::stdout(),
    };
    let mut failures = Failures::new(args.record.failures.as_deref(), quiet)?;
    let jobs = args
        .jobs
        .map_or_else(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get), |n| n as usize);
    let progress = Progress::new(args.record.progress, quiet);
    let mut summary = Summary::default();
    let ended = ordered::for_each(inputs, jobs, extract, |result| {
        progress.page();
        match result {
            Ok(article) => {
                summary.articles += 1;
                sink.line(&shape.line(&article)?)
            }
            Err(failure) => {
                summary.failed(failure.kind);
                let mut reported = Ok(());
                progress.around(|| reported = failures.report(&failure));
                reported
            }
        }
    });
    progress.finish();
    // What was written before an error stays usable.
    let finished = sink.finish().and_then(|()| failures.finish());
    ended.and(finished)?;
    summary.elapsed = begun.elapsed();
    if summary.articles + summary.failures() > 1 {
        summary.print(quiet);
    }
    Ok(summary.exit())
}

fn extract(input: Input) -> Result<Box<Article>, Box<Failure>> {
    let mut options = input.options;
    let bytes = input.content.read(&mut options).map_err(|mut failure| {
        failure.id.clone_from(&options.id);
        failure.url = options.url.as_deref().map(mask_password);
        failure.source.clone_from(&options.source);
        failure
    })?;
    crate::extract(&bytes, &options).map(Box::new).map_err(Box::new)
}
