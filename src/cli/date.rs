//! `khobor date`: one timestamp a line in, one moment or NONE a line out.

use anyhow::anyhow;
use chrono::DateTime;

use super::args::DateArgs;
use super::{Exit, Stop, lines, terminal};
use crate::bangla::timestamp::{self, Context};
use crate::tz::Tz;

/// Runs the command, line by line as they come.
pub fn run(args: &DateArgs) -> Result<Exit, Stop> {
    let mut context = Context::new(args.zone);
    if let Some(reference) = args.reference {
        context = context.with_reference(reference);
    }
    let mut exit = Exit::Success;
    lines::each(&args.texts, |number, line| {
        if !args.tsv {
            return answer(line, &context);
        }
        // Each line in gives one line out, whatever stands in it.
        read_row(line, args).unwrap_or_else(|error| {
            terminal::tell(&format!("line {number}: {error:#}"));
            exit = Exit::SomeFailed;
            "NONE".to_owned()
        })
    })?;
    Ok(exit)
}

fn answer(text: &str, context: &Context) -> String {
    timestamp::read(text, context).map_or_else(|| "NONE".to_owned(), |r| r.moment.to_string())
}

/// A row of text, reference and zone; empty ones are as on the command line.
fn read_row(line: &str, args: &DateArgs) -> anyhow::Result<String> {
    let mut fields = line.split('\t');
    let text = fields.next().unwrap_or("");
    let reference = match fields.next().map(str::trim).filter(|r| !r.is_empty()) {
        Some(r) => Some(
            DateTime::parse_from_rfc3339(r)
                .map_err(|e| anyhow!("the reference {r:?} is no RFC 3339 time: {e}"))?,
        ),
        None => args.reference,
    };
    let zone = match fields.next().map(str::trim).filter(|z| !z.is_empty()) {
        Some(z) => z
            .parse::<Tz>()
            .map_err(|_| anyhow!("{z:?} is no IANA time zone; give a name such as Asia/Dhaka"))?,
        None => args.zone,
    };
    let mut context = Context::new(zone);
    if let Some(reference) = reference {
        context = context.with_reference(reference);
    }
    Ok(answer(text, &context))
}
