//! Everything that `scrape` writes, kept in step with the state of the run.
//!
//! An address is finished when its failure or record and what was received for
//! it are written and flushed. Only then it is noted in the state, together
//! with the lengths that the outputs had at that moment, so a kill between any
//! two steps leaves outputs that are too long, which can be cut, and never too
//! short.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use super::Stop;
use super::args::ScrapeArgs;
use super::failures::Failures;
use super::progress::Progress;
use super::record::Shape;
use super::sink::{Position, Sink};
use super::state::{Key, Role, State};
use super::summary::Summary;
use crate::article::Article;
use crate::failure::{Failure, FailureKind};
use crate::fetch::Hold;

/// How long finished addresses may wait to be noted together.
const GROUP: Duration = Duration::from_millis(100);

/// What became of an address, ready to be written.
pub struct Done {
    /// The address as it stands in the list.
    pub url: String,
    /// The record or the failure.
    pub result: Result<Box<Article>, Box<Failure>>,
    /// Requests and answers as records of a WARC file.
    pub stored: Result<Vec<u8>, Stop>,
    /// The room that all this takes up.
    pub _hold: Hold,
}

/// The outputs of a run.
pub struct Outputs {
    records: Sink,
    failures: Failures,
    archive: Option<Sink>,
    notes: Option<Notes>,
}

/// What is yet to be noted in the state.
struct Notes {
    state: State,
    finished: Vec<(Key, bool)>,
    /// Where the outputs ended with the last finished address.
    marks: Vec<(Role, Position)>,
    since: Instant,
}

/// Opens the state that the command line names, if it does.
pub fn open_state(args: &ScrapeArgs) -> Result<Option<State>, Stop> {
    let Some(path) = &args.state else { return Ok(None) };
    for (option, path) in [("--output", &args.record.output), ("--failures", &args.record.failures)] {
        not_compressed(option, path.as_deref())?;
    }
    State::open(path, args.retry_failed).map(Some)
}

impl Outputs {
    /// Opens everything that the command line names; outputs of a state that
    /// was begun are gone on with where it says.
    pub fn open(args: &ScrapeArgs, state: Option<State>, warcinfo: &[u8]) -> Result<Self, Stop> {
        let record = &args.record;
        record.check_outputs()?;
        let Some(state) = state else {
            // The output last: a mistake in the others must not leave it emptied.
            let failures = Failures::new(record.failures.as_deref())?;
            let archive = args.warc.as_deref().map(Sink::warc).transpose()?;
            let records = match &record.output {
                Some(path) => Sink::file(path, record.append, record.overwrite)?,
                None => Sink::stdout(),
            };
            return Self { records, failures, archive, notes: None }.begun(warcinfo);
        };
        let records = match (&record.output, state.position(Role::Records)?) {
            (None, _) => Sink::stdout(),
            (Some(_), Some(_)) if record.overwrite => {
                return Err(Stop::Usage(anyhow!(
                    "--overwrite would lose records that --state counts as finished; remove the state to begin anew"
                )));
            }
            (Some(path), Some(known)) => Sink::resume(path, known)?,
            // An empty file may be all that a killed run came to.
            (Some(path), None) => {
                let empty = std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == 0);
                Sink::file(path, record.append || empty, record.overwrite)?
            }
        };
        let failures = match (&record.failures, state.position(Role::Failures)?) {
            (Some(path), Some(known)) => Failures::File(Box::new(Sink::resume(path, known)?)),
            (path, _) => Failures::new(path.as_deref())?,
        };
        let archive = match (&args.warc, state.position(Role::Warc)?) {
            (Some(path), Some(known)) => Some(Sink::resume(path, known)?),
            (path, _) => path.as_deref().map(Sink::warc).transpose()?,
        };
        let notes = Notes { state, finished: Vec::new(), marks: Vec::new(), since: Instant::now() };
        let mut outputs = Self { records, failures, archive, notes: Some(notes) };
        // Before a byte is written, so that whatever a kill leaves is known.
        outputs.mark();
        outputs.note()?;
        outputs.begun(warcinfo)
    }

    fn begun(mut self, warcinfo: &[u8]) -> Result<Self, Stop> {
        if let Some(archive) = &mut self.archive {
            archive.raw(warcinfo)?;
        }
        Ok(self)
    }

    /// Whether answers are stored.
    pub fn stores(&self) -> bool {
        self.archive.is_some()
    }

    /// Writes what became of an address.
    pub fn write(
        &mut self,
        done: Done,
        shape: &Shape,
        summary: &mut Summary,
        progress: &Progress,
    ) -> Result<(), Stop> {
        if self.notes.is_some() && matches!(&done.result, Err(f) if f.kind == FailureKind::Interrupted) {
            // The next run of the state takes it up.
            summary.unfinished += 1;
            return Ok(());
        }
        // First what was received, then what was made of it.
        if let Some(archive) = &mut self.archive {
            archive.raw(&done.stored?)?;
            archive.flush()?;
        }
        let failed = done.result.is_err();
        match done.result {
            Ok(article) => {
                self.records.line(&shape.line(&article)?)?;
                self.records.flush()?;
                summary.articles += 1;
            }
            Err(failure) => {
                let mut reported = Ok(());
                progress.around(|| reported = self.failures.report(&failure));
                reported?;
                summary.failed(failure.kind);
            }
        }
        if let Some(notes) = &mut self.notes {
            notes.finished.push((Key::of(&done.url), failed));
            self.mark();
        }
        self.tick()
    }

    /// Writes a failure that is no address's.
    pub fn report(&mut self, failure: &Failure, summary: &mut Summary) -> Result<(), Stop> {
        self.failures.report(failure)?;
        summary.failed(failure.kind);
        self.mark();
        Ok(())
    }

    /// Notes finished addresses where they have waited long enough.
    pub fn tick(&mut self) -> Result<(), Stop> {
        match &self.notes {
            Some(notes) if notes.since.elapsed() >= GROUP => self.note(),
            _ => Ok(()),
        }
    }

    /// Remembers where the outputs end now.
    fn mark(&mut self) {
        let Some(notes) = &mut self.notes else { return };
        let sinks = [
            (Role::Records, Some(&self.records)),
            (Role::Failures, self.failures.sink()),
            (Role::Warc, self.archive.as_ref()),
        ];
        notes.marks.clear();
        for (role, sink) in sinks {
            if let Some(position) = sink.and_then(Sink::position) {
                notes.marks.push((role, position.clone()));
            }
        }
    }

    fn note(&mut self) -> Result<(), Stop> {
        let Some(notes) = &mut self.notes else { return Ok(()) };
        notes.since = Instant::now();
        if notes.finished.is_empty() && notes.marks.is_empty() && !notes.state.has_news() {
            return Ok(());
        }
        let marks: Vec<(Role, &Position)> = notes.marks.iter().map(|(role, at)| (*role, at)).collect();
        notes.state.commit(&notes.finished, &marks)?;
        notes.finished.clear();
        notes.marks.clear();
        Ok(())
    }

    /// Ends the outputs. What was finished before an error is noted too.
    pub fn finish(mut self) -> Result<(), Stop> {
        let noted = self.note();
        let ended = self.records.finish().and(self.failures.finish());
        let stored = self.archive.map_or(Ok(()), Sink::finish);
        noted.and(ended).and(stored)
    }
}

/// A compressed file ends in the middle of a block at most moments, and could
/// not be gone on with.
fn not_compressed(option: &str, path: Option<&Path>) -> Result<(), Stop> {
    let ending = path.and_then(|p| p.extension()).and_then(|e| e.to_str());
    match (path, ending) {
        (Some(path), Some("gz" | "zst")) => Err(Stop::Usage(anyhow!(
            "{option} {}: with --state the file cannot be compressed while it is written; leave the ending out and \
             compress it afterwards",
            path.display()
        ))),
        _ => Ok(()),
    }
}
