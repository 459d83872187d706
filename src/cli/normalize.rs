//! `khobor normalize`: lines of text in, the same in the form of the records.

use std::io::{BufRead, BufWriter, Write};

use super::args::NormalizeArgs;
use super::{Exit, Stop};
use crate::bangla::text::{normalize, normalize_bijoy};

/// Runs the command, line by line as they come.
pub fn run(args: &NormalizeArgs) -> Result<Exit, Stop> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().split(b'\n') {
        let line =
            line.map_err(|e| Stop::Usage(anyhow::Error::new(e).context("standard input cannot be read")))?;
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_suffix('\r').unwrap_or(&line);
        let done = if args.bijoy { normalize_bijoy(line) } else { normalize(line) };
        writeln!(out, "{}", done.text)
            .and_then(|()| out.flush())
            .map_err(|e| Stop::of_output(e, "standard output"))?;
    }
    Ok(Exit::Success)
}
