//! `khobor discover`: addresses of a site's articles, from its feeds, sitemaps
//! and pages.
//!
//! Sites are searched at the same time, each at its hosts' pace; their
//! articles are written site by site, in the order in which the sites were
//! given.

use std::sync::Arc;

use anyhow::anyhow;
use chrono::Utc;
use serde::Serialize;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::args::DiscoverArgs;
use super::failures::Failures;
use super::sink::Sink;
use super::{Exit, Stop, network, signals, terminal};
use crate::discover::{Discovery, Plan, Site, SourceKind, SourceOutcome, discover};
use crate::fetch::Fetcher;

/// An article as a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    url: &'a str,
    title: Option<&'a str>,
    date: Option<&'a str>,
    source: &'a str,
    kind: SourceKind,
    site: &'a str,
}

/// Runs the command.
pub fn run(args: &DiscoverArgs, quiet: bool) -> Result<Exit, Stop> {
    let rules = args.rules.sites()?;
    let sites: Vec<Site> = args
        .site
        .iter()
        .map(|text| Site::parse(text, &rules).map_err(|e| Stop::Usage(e.into())))
        .collect::<Result<_, _>>()?;
    let mut plan = Plan::new(Utc::now());
    plan.since = args.since;
    plan.max_sources = args.max_sources;
    plan.max_urls = args.max_urls;
    let fetcher = network::fetcher(args.fetch.options(), None)?;
    let runtime = network::runtime()?;
    let (stop, mut stopped) = watch::channel(false);
    signals::watch("stopping", move || {
        let _ = stop.send(true);
    });
    let mut out = Output { sink: Sink::stdout(), json: args.json, quiet, failed: false };
    let names: Vec<String> = sites.iter().map(|s| s.key().to_owned()).collect();
    let ended = runtime.block_on(async {
        let mut tasks = search(sites, &Arc::new(plan), &fetcher, args.fetch.concurrency as usize);
        let mut waiting: Vec<Option<Discovery>> = names.iter().map(|_| None).collect();
        let mut next = 0;
        while next < names.len() {
            let ended = tokio::select! {
                biased;
                _ = stopped.wait_for(|stopped| *stopped) => return Ok(Exit::Interrupted),
                ended = tasks.join_next() => ended,
            };
            match ended {
                Some(Ok((index, discovery))) => waiting[index] = Some(discovery),
                Some(Err(error)) => return Err(Stop::Usage(anyhow!("the search broke off: {error}"))),
                None => break,
            }
            while let Some(discovery) = waiting.get_mut(next).and_then(Option::take) {
                out.write(&names[next], &discovery)?;
                next += 1;
            }
        }
        Ok(if out.failed { Exit::SomeFailed } else { Exit::Success })
    });
    // Requests under way must not hold the program after a signal.
    runtime.shutdown_background();
    ended
}

/// Searches the sites, so many at a time.
fn search(
    sites: Vec<Site>,
    plan: &Arc<Plan>,
    fetcher: &Fetcher,
    concurrency: usize,
) -> JoinSet<(usize, Discovery)> {
    let turns = Arc::new(Semaphore::new(concurrency));
    let mut tasks = JoinSet::new();
    for (index, site) in sites.into_iter().enumerate() {
        let (plan, fetcher, turns) = (Arc::clone(plan), fetcher.clone(), Arc::clone(&turns));
        tasks.spawn(async move {
            // Never closed, so there is always a turn to wait for.
            let _turn = turns.acquire_owned().await;
            (index, discover(&fetcher, &site, &plan, &[]).await)
        });
    }
    tasks
}

struct Output {
    sink: Sink,
    json: bool,
    quiet: bool,
    failed: bool,
}

impl Output {
    /// Writes a site's articles and says what failed.
    fn write(&mut self, site: &str, discovery: &Discovery) -> Result<(), Stop> {
        if !self.quiet {
            let mut failures = Failures::new(None)?;
            for source in &discovery.sources {
                if let SourceOutcome::Failed(failure) = &source.outcome {
                    failures.report(failure)?;
                }
            }
        }
        if discovery.is_failed() {
            self.failed = true;
            let asked = discovery.sources.len();
            terminal::tell(&format!("{site}: none of {asked} sources names an article"));
        }
        for found in &discovery.found {
            if self.json {
                let line = Line {
                    url: &found.url,
                    title: found.title.as_deref(),
                    date: found.date.as_deref(),
                    source: &found.source,
                    kind: found.kind,
                    site,
                };
                let json = serde_json::to_string(&line).map_err(|e| Stop::Output(e.into()))?;
                self.sink.line(&json)?;
            } else {
                self.sink.line(&found.url)?;
            }
        }
        self.sink.flush()
    }
}
