//! Runs and states of an archive as text for people.

use std::fmt::Write as _;
use std::time::Duration;

use crate::archive::{Alarm, RunReport, SiteStatus, Status, Tally};
use crate::cli::terminal;

/// A run's numbers, and the sources that failed.
pub fn run(report: &RunReport, elapsed: Duration) {
    failures(report);
    let mut line = format!(
        "{} of {} sites, in {:.1} s",
        numbers(&report.total),
        report.sites.len(),
        elapsed.as_secs_f64()
    );
    if report.unfinished > 0 {
        let _ = write!(line, "; {} pages are still due", report.unfinished);
    }
    if report.out_of_time {
        line.push_str("; ended by --max-duration");
    }
    terminal::tell(&line);
}

/// The sources that failed, a line each.
pub fn failures(report: &RunReport) {
    for site in &report.sites {
        if site.failed == Some(true) {
            terminal::tell(&format!("{}: no source brought an article", site.site));
        }
        for (url, failure) in &site.failures {
            terminal::tell(&format!("{}: {url}: {failure}", site.site));
        }
    }
}

fn numbers(tally: &Tally) -> String {
    format!(
        "{} new, {} updated, {} unchanged, {} gone, {} failed, {} no article",
        tally.new, tally.updated, tally.unchanged, tally.gone, tally.failed, tally.not_article
    )
}

/// An archive's state.
pub fn status(status: &Status) -> String {
    let mut text = format!(
        "{} articles, {} revisions, {} addresses, {:.1} MB of WARC files\n",
        status.articles,
        status.revisions,
        status.pages,
        status.warc_bytes as f64 / 1e6
    );
    for site in &status.sites {
        self::site(&mut text, site);
    }
    text
}

fn site(text: &mut String, site: &SiteStatus) {
    let heard = site.succeeded_at.as_deref().unwrap_or("never");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{}: last success {heard}, {} due", site.site, site.due);
    let _ = writeln!(text, "  since yesterday: {}", numbers(&site.last_day));
    let rates: Vec<String> = site
        .rates
        .iter()
        .filter(|rate| rate.latest.is_some() || rate.before.is_some())
        .map(|rate| format!("{} {} ({})", rate.field, percent(rate.latest), percent(rate.before)))
        .collect();
    if !rates.is_empty() {
        let _ = writeln!(text, "  filled now (30 days before): {}", rates.join(", "));
    }
    for alarm in &site.alarms {
        let _ = writeln!(text, "  ALARM {}", what(alarm));
    }
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{:.0} %", rate * 100.0))
}

/// An alarm of a site.
pub fn alarm(site: &str, alarm: &Alarm) -> String {
    format!("{site}: {}", what(alarm))
}

fn what(alarm: &Alarm) -> String {
    match alarm {
        Alarm::Drift { field, latest, before, example } => {
            let mut text = format!(
                "{field}: {} of the latest, {} in the 30 days before; did the markup change?",
                percent(Some(*latest)),
                percent(Some(*before))
            );
            if let Some(example) = example {
                let _ = write!(text, " For example {example}");
            }
            text
        }
        Alarm::NothingNew { days } => {
            format!("its sources answer, but named nothing new for {days} days; did a feed move?")
        }
        Alarm::Silent { since: Some(since) } => format!("nothing came since {since}"),
        Alarm::Silent { since: None } => "nothing ever came".to_owned(),
    }
}
