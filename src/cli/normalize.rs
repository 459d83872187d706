//! `khobor normalize`: lines of text in, the same in the form of the records.

use super::args::NormalizeArgs;
use super::{Exit, Stop, lines};
use crate::bangla::text::{normalize, normalize_bijoy};

/// Runs the command, line by line as they come.
pub fn run(args: &NormalizeArgs) -> Result<Exit, Stop> {
    lines::each(&args.texts, |_, line| {
        let done = if args.bijoy { normalize_bijoy(line) } else { normalize(line) };
        done.text.into_owned()
    })?;
    Ok(Exit::Success)
}
