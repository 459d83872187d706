//! A progress bar on a terminal; nothing elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::ProgressWhen;

/// A bar, shown or not.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for a run of unknown length, drawn where standard error is a
    /// terminal and nobody asked for silence.
    pub fn new(when: ProgressWhen, quiet: bool) -> Self {
        let shown = when == ProgressWhen::Auto && !quiet && std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(
            None,
            if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() },
        );
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {elapsed_precise} {pos} pages, {per_sec}  {msg}")
        {
            bar.set_style(style);
        }
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self { bar }
    }

    /// Counts one page.
    pub fn page(&self) {
        self.bar.inc(1);
    }

    /// Shows a word on the state of things.
    pub fn say(&self, text: String) {
        if !self.bar.is_hidden() {
            self.bar.set_message(text);
        }
    }

    /// Prints to standard error without tearing the bar.
    pub fn around(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
