//! Where failures go: a file of records, or text for a person.

use std::io::Write;
use std::path::Path;

use super::sink::Sink;
use super::{Stop, terminal};
use crate::failure::Failure;

/// The way out for failures.
pub enum Failures {
    /// Failure records, one a line.
    File(Box<Sink>),
    /// Text on standard error; failures are errors, which `--quiet` lets through.
    Text,
}

impl Failures {
    /// A file where one is given (an existing one is appended to), else text.
    pub fn new(path: Option<&Path>) -> Result<Self, Stop> {
        Ok(match path {
            Some(path) => Self::File(Box::new(Sink::file(path, true, false)?)),
            None => Self::Text,
        })
    }

    /// The file, if there is one.
    pub fn sink(&self) -> Option<&Sink> {
        if let Self::File(sink) = self { Some(sink) } else { None }
    }

    /// Reports one failure.
    pub fn report(&mut self, failure: &Failure) -> Result<(), Stop> {
        match self {
            Self::File(sink) => {
                let json = serde_json::to_string(failure).map_err(|e| Stop::Output(e.into()))?;
                sink.line(&json)?;
                sink.flush()
            }
            Self::Text => {
                let line = text(failure);
                // Nobody to tell where standard error is gone.
                let _ = writeln!(std::io::stderr(), "{}", terminal::clean(&line));
                Ok(())
            }
        }
    }

    /// Ends the output.
    pub fn finish(self) -> Result<(), Stop> {
        if let Self::File(sink) = self { sink.finish() } else { Ok(()) }
    }
}

fn text(failure: &Failure) -> String {
    let what = failure.url.as_deref().or(failure.source.as_deref()).unwrap_or("input");
    let mut line = format!("{what}: {}: {}", failure.kind, failure.message);
    if let Some(hint) = &failure.hint {
        line.push_str(" (");
        line.push_str(hint);
        line.push(')');
    }
    line.replace('\n', " ")
}
