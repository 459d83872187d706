//! Commands that answer each line with a line: `date` and `normalize`.

use std::io::{BufRead, BufWriter, Write};

use super::Stop;

/// Hands each text of the command line, or where there is none each line of
/// standard input as it comes, to `answer` with its number, and prints what
/// that gives.
pub fn each(texts: &[String], mut answer: impl FnMut(usize, &str) -> String) -> Result<(), Stop> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut print = |number: usize, line: &str| {
        writeln!(out, "{}", answer(number, line))
            .and_then(|()| out.flush())
            .map_err(|e| Stop::of_output(e, "standard output"))
    };
    for (number, text) in (1..).zip(texts) {
        print(number, text)?;
    }
    if !texts.is_empty() {
        return Ok(());
    }
    for (number, line) in (1..).zip(std::io::stdin().lock().split(b'\n')) {
        let line =
            line.map_err(|e| Stop::Usage(anyhow::Error::new(e).context("standard input cannot be read")))?;
        let line = String::from_utf8_lossy(&line);
        print(number, line.strip_suffix('\r').unwrap_or(&line))?;
    }
    Ok(())
}
