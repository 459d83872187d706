//! What the program says of itself: schemas, completions, manual pages.

use std::io::Write;

use anyhow::anyhow;
use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::{Exit, Stop};
use crate::article::Article;
use crate::failure::Failure;

/// Prints the JSON Schema of both records: an object with the keys `article`
/// and `failure`.
pub fn schema() -> Result<Exit, Stop> {
    let schemas = serde_json::json!({
        "article": schemars::schema_for!(Article),
        "failure": schemars::schema_for!(Failure),
    });
    let text = serde_json::to_string_pretty(&schemas).map_err(|e| Stop::Output(e.into()))?;
    print(format!("{text}\n").as_bytes())
}

/// Prints completions for a shell.
pub fn completions(args: &CompletionsArgs) -> Result<Exit, Stop> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "khobor", &mut out);
    print(&out)
}

/// Prints a manual page in roff.
pub fn man(args: &ManArgs) -> Result<Exit, Stop> {
    let mut command = Cli::command();
    command.build();
    let command = match &args.command {
        None => command,
        Some(name) => {
            let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
            command
                .find_subcommand(name)
                .ok_or_else(|| {
                    Stop::Usage(anyhow!("{name:?} is no command; commands are {}", names.join(", ")))
                })?
                .clone()
                .display_name(format!("khobor-{name}"))
        }
    };
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out).map_err(|e| Stop::Output(e.into()))?;
    print(&out)
}

fn print(bytes: &[u8]) -> Result<Exit, Stop> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|e| Stop::of_output(e, "standard output"))?;
    Ok(Exit::Success)
}
