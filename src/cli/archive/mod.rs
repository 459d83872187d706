//! `khobor archive`: the daily job and what is done with its store.

pub mod args;
mod show;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::anyhow;
use chrono::{DateTime, FixedOffset, Utc};

use super::args::ProgressWhen;
use super::progress::Progress;
use super::sink::Sink;
use super::{Exit, Stop, signals, terminal};
use crate::archive::{
    Archive, ArchiveError, ExportOptions, RunOptions, alarms, check_sites, export, forget, rebuild,
    run as run_archive, status, verify,
};
use crate::fetch::Control;
use args::{ArchiveArgs, ArchiveCommand, ExportArgs, Format, RunArgs, StatusArgs};

/// Runs the command.
pub fn run(args: ArchiveArgs, quiet: bool) -> Result<Exit, Stop> {
    match args.command {
        ArchiveCommand::Init { dir, sites } => init(&dir, &sites, quiet),
        ArchiveCommand::Run(args) => daily(&args, quiet),
        ArchiveCommand::Status(args) => tell_status(&args),
        ArchiveCommand::Verify { dir } => check(&dir, quiet),
        ArchiveCommand::Export(args) => write(&args, quiet),
        ArchiveCommand::Rebuild { dir, force } => anew(&dir, force, quiet),
        ArchiveCommand::Forget { dir, urls } => remove(&dir, &urls, quiet),
    }
}

fn init(dir: &Path, sites: &[String], quiet: bool) -> Result<Exit, Stop> {
    Archive::init(dir, sites).map_err(stop)?;
    if !quiet {
        let (n, dir) = (sites.len(), dir.display());
        terminal::tell(&format!(
            "{dir} is an archive of {n} sites; put a contact address into {dir}/khobor.toml, then: khobor archive run {dir}"
        ));
    }
    Ok(Exit::Success)
}

fn daily(args: &RunArgs, quiet: bool) -> Result<Exit, Stop> {
    let begun = Instant::now();
    let mut archive = Archive::write(&args.dir).map_err(stop)?;
    let mut fetch = args.fetch.options();
    if args.fetch.user_agent.is_none() {
        match &archive.config().user_agent {
            Some(agent) => fetch.user_agent.clone_from(agent),
            None if !quiet => {
                terminal::tell(
                    "no contact address is sent; set user_agent in khobor.toml, or give --user-agent",
                );
            }
            None => {}
        }
    }
    let options = RunOptions { fetch, max_duration: args.max_duration, now: utc(args.now) };
    let control = Control::new();
    signals::watch(signals::IN_FLIGHT, {
        let control = control.clone();
        move || control.stop()
    });
    let progress = Progress::new(ProgressWhen::Auto, quiet);
    let report = run_archive(&mut archive, options, &control, |tally| {
        progress.page();
        progress.say(format!("{} new, {} failed", tally.new, tally.failed));
    });
    progress.finish();
    let report = report.map_err(stop)?;
    if !quiet {
        show::run(&report, begun.elapsed());
    }
    if control.is_stopped() && !report.out_of_time {
        return Ok(Exit::Interrupted);
    }
    if report.is_failed() {
        terminal::tell("no site brought anything; is the network there?");
        if quiet {
            show::failures(&report);
        }
        return Ok(Exit::SomeFailed);
    }
    // A simulated time goes on during the run.
    let now = args.now.map(|now| now + begun.elapsed());
    tell_alarms(&archive, utc(now))
}

fn tell_alarms(archive: &Archive, now: Option<DateTime<Utc>>) -> Result<Exit, Stop> {
    let mut exit = Exit::Success;
    for (site, alarm) in alarms(archive, now).map_err(stop)? {
        terminal::tell(&show::alarm(&site, &alarm));
        exit = Exit::SomeFailed;
    }
    Ok(exit)
}

fn tell_status(args: &StatusArgs) -> Result<Exit, Stop> {
    let archive = Archive::read(&args.dir).map_err(stop)?;
    if args.check {
        return tell_alarms(&archive, utc(args.now));
    }
    let status = status(&archive, utc(args.now)).map_err(stop)?;
    let text = if args.json {
        serde_json::to_string(&status).map_err(|e| Stop::Output(e.into()))? + "\n"
    } else {
        terminal::clean(&show::status(&status)).into_owned()
    };
    let written = std::io::stdout().write_all(text.as_bytes());
    written.map_err(|e| Stop::of_output(e, "standard output"))?;
    Ok(Exit::Success)
}

fn check(dir: &Path, quiet: bool) -> Result<Exit, Stop> {
    let archive = Archive::read(dir).map_err(stop)?;
    let report = verify(&archive).map_err(stop)?;
    for problem in &report.problems {
        terminal::tell(problem);
    }
    if !quiet {
        terminal::tell(&format!(
            "{} answers and {} revisions checked, {} problems",
            report.captures,
            report.revisions,
            report.problems.len()
        ));
    }
    Ok(if report.problems.is_empty() { Exit::Success } else { Exit::SomeFailed })
}

fn write(args: &ExportArgs, quiet: bool) -> Result<Exit, Stop> {
    let archive = Archive::read(&args.dir).map_err(stop)?;
    let options = ExportOptions {
        format: args.format.into(),
        all_revisions: args.all_revisions,
        since: args.since,
        until: args.until,
        sites: args.sites.clone(),
        languages: args.languages.clone(),
    };
    // Before an output is opened that a mistake would leave empty.
    check_sites(&archive, &options).map_err(stop)?;
    let sink = match &args.output {
        Some(path) => Sink::file(path, false, args.overwrite)?,
        None => Sink::stdout(),
    };
    let held = sink.is_to_terminal().then(Vec::new);
    let mut out = BufWriter::new(SinkWriter { sink, stopped: None, held });
    let exported = export(&archive, &options, &mut out);
    let mut writer = out.into_parts().0;
    if let Some(stopped) = writer.stopped {
        return Err(stopped);
    }
    let count = exported.map_err(stop)?;
    if let Some(held) = writer.held {
        let text = String::from_utf8_lossy(&held);
        let safe =
            if args.format == Format::Jsonl { terminal::escape_json(&text) } else { terminal::clean(&text) };
        writer.sink.raw(safe.as_bytes())?;
    }
    writer.sink.finish()?;
    if !quiet {
        terminal::tell(&format!("{count} articles"));
    }
    Ok(Exit::Success)
}

/// A sink as a writer; why it could not write is kept for the exit status.
struct SinkWriter {
    sink: Sink,
    stopped: Option<Stop>,
    /// What goes to a terminal: it is freed of what could deceive, whole.
    held: Option<Vec<u8>>,
}

impl Write for SinkWriter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(held) = &mut self.held {
            held.extend_from_slice(bytes);
            return Ok(bytes.len());
        }
        match self.sink.raw(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(stop) => {
                self.stopped = Some(stop);
                Err(std::io::Error::other("the output ended"))
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.sink.flush().map_err(|stop| {
            self.stopped = Some(stop);
            std::io::Error::other("the output ended")
        })
    }
}

fn anew(dir: &Path, force: bool, quiet: bool) -> Result<Exit, Stop> {
    let mut archive = Archive::write(dir).map_err(stop)?;
    let progress = Progress::new(ProgressWhen::Auto, quiet);
    let report = rebuild(&mut archive, force, |so_far| progress.say(format!("{} answers", so_far.captures)));
    progress.finish();
    let report = report.map_err(stop)?;
    if !quiet {
        terminal::tell(&format!(
            "{} answers read again: {} revisions, {} before",
            report.captures, report.revisions, report.before
        ));
    }
    if report.damaged > 0 {
        terminal::tell(&format!("{} answers cannot be read back and are done without", report.damaged));
        return Ok(Exit::SomeFailed);
    }
    Ok(Exit::Success)
}

fn remove(dir: &Path, urls: &[String], quiet: bool) -> Result<Exit, Stop> {
    let mut archive = Archive::write(dir).map_err(stop)?;
    for url in urls {
        let report = forget(&mut archive, url).map_err(stop)?;
        if quiet {
            continue;
        }
        let shown = crate::mask_password(url);
        if report.pages.is_empty() {
            terminal::tell(&format!("{shown}: not in the archive; it will not be taken in"));
        } else {
            terminal::tell(&format!(
                "{}: {} revisions and {} answers removed, {} WARC files written anew",
                report.pages.join(", "),
                report.revisions,
                report.captures,
                report.volumes
            ));
        }
        for other in report.same_text {
            terminal::tell(&format!("the same text stays under {other}"));
        }
    }
    Ok(Exit::Success)
}

fn utc(time: Option<DateTime<FixedOffset>>) -> Option<DateTime<Utc>> {
    time.map(|time| time.to_utc())
}

/// What an error of the archive means for the program.
fn stop(error: ArchiveError) -> Stop {
    let hint = error.hint();
    let storage = error.is_storage();
    let error = match hint {
        Some(hint) => anyhow!("{error}; {hint}"),
        None => anyhow!(error),
    };
    if storage { Stop::Output(error) } else { Stop::Usage(error) }
}
