//! What a run came to, for people, on standard error.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::Exit;
use crate::failure::FailureKind;

/// The counts of a run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Records written.
    pub articles: u64,
    /// Failures by kind.
    pub failures: BTreeMap<FailureKind, u64>,
    /// Lines of the list that repeat an earlier address.
    pub repeats: u64,
    /// Addresses that an earlier run finished, and the failed ones among them.
    pub before: (u64, u64),
    /// Addresses that were read and not finished.
    pub unfinished: u64,
    /// Bytes as received and as decoded; zero for stored pages.
    pub bytes: (u64, u64),
    /// How long the run took.
    pub elapsed: Duration,
}

impl Summary {
    /// Counts a failure.
    pub fn failed(&mut self, kind: FailureKind) {
        *self.failures.entry(kind).or_default() += 1;
    }

    /// All failures together.
    pub fn failures(&self) -> u64 {
        self.failures.values().sum()
    }

    /// The exit status that the counts stand for.
    pub fn exit(&self) -> Exit {
        if self.failures() + self.before.1 == 0 { Exit::Success } else { Exit::SomeFailed }
    }

    /// The summary as one line.
    pub fn line(&self) -> String {
        let mut out = format!("{} articles, {} failed", self.articles, self.failures());
        if self.failures() > 0 {
            let kinds: Vec<String> = self.failures.iter().map(|(k, n)| format!("{k} {n}")).collect();
            let _ = write!(out, " ({})", kinds.join(", "));
        }
        if self.repeats > 0 {
            let _ = write!(out, ", {} repeats", self.repeats);
        }
        match self.before {
            (0, _) => {}
            (n, 0) => {
                let _ = write!(out, ", {n} finished before");
            }
            (n, failed) => {
                let _ = write!(out, ", {n} finished before ({failed} failed)");
            }
        }
        if self.unfinished > 0 {
            let _ = write!(out, ", {} not finished", self.unfinished);
        }
        let seconds = self.elapsed.as_secs_f64();
        let pages = (self.articles + self.failures()) as f64;
        let _ = write!(out, "; {seconds:.1} s, {:.1} pages/s", pages / seconds.max(0.001));
        if self.bytes.0 > 0 {
            let _ = write!(out, ", {} bytes received, {} decoded", self.bytes.0, self.bytes.1);
        }
        out
    }

    /// Prints the summary unless `quiet`.
    pub fn print(&self, quiet: bool) {
        if !quiet {
            super::terminal::tell(&self.line());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_there_is_to_say() {
        let mut summary = Summary { articles: 3, elapsed: Duration::from_secs(2), ..Summary::default() };
        assert_eq!(summary.line(), "3 articles, 0 failed; 2.0 s, 1.5 pages/s");
        assert_eq!(summary.exit(), Exit::Success);
        summary.failed(FailureKind::NotArticle);
        summary.failed(FailureKind::Dns);
        summary.failed(FailureKind::Dns);
        summary.repeats = 4;
        assert_eq!(
            summary.line(),
            "3 articles, 3 failed (dns 2, not_article 1), 4 repeats; 2.0 s, 3.0 pages/s"
        );
        assert_eq!(summary.exit(), Exit::SomeFailed);
    }
}
