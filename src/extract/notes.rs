//! What is noted while fields are chosen: warnings, and the candidates that
//! `--explain` shows.

use std::collections::BTreeMap;

use crate::article::{CandidateRecord, Source, Warning, WarningCode};

/// Warnings and candidates of one page.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The warnings, in the order in which they were met.
    pub warnings: Vec<Warning>,
    /// Whether candidates are kept at all.
    pub explain: bool,
    /// For each field what was considered.
    pub candidates: BTreeMap<String, Vec<CandidateRecord>>,
    /// Where each field's value came from.
    pub evidence: BTreeMap<String, Source>,
}

impl Notes {
    /// Adds a warning; the same one is kept once.
    pub fn warn(&mut self, code: WarningCode, detail: impl Into<String>) {
        let warning = Warning::new(code, detail);
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Notes the value that was taken for a field.
    pub fn take(&mut self, field: &str, value: impl Into<String>, source: Source) {
        self.evidence.insert(field.to_owned(), source);
        self.push(field, value, source, None::<String>);
    }

    /// Notes a value that was not taken, and why.
    pub fn reject(&mut self, field: &str, value: impl Into<String>, source: Source, why: impl Into<String>) {
        self.push(field, value, source, Some(why));
    }

    fn push(
        &mut self,
        field: &str,
        value: impl Into<String>,
        source: Source,
        why: Option<impl Into<String>>,
    ) {
        if !self.explain {
            return;
        }
        let candidate = CandidateRecord { value: value.into(), source, rejected: why.map(Into::into) };
        let list = self.candidates.entry(field.to_owned()).or_default();
        if !list.contains(&candidate) {
            list.push(candidate);
        }
    }
}
