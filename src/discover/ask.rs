//! Asking one source, and what of its answer is an article.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, SecondsFormat, Utc};
use url::Url;

use super::days;
use super::document::{Answer, Document, Entry};
use super::gather::Batch;
use super::scope::Scope;
use super::shape::{self, Common, Standing};
use super::site::Site;
use super::{Known, Plan, SourceKind, SourceOutcome, SourceReport};
use crate::failure::{Failure, FailureKind};
use crate::fetch::{Address, Fetched, Fetcher, Job, Validators, Want};

/// The share of a plain sitemap's addresses that must have one pattern before
/// it says that they are articles'.
const MAJORITY: f64 = 0.6;

/// One search: what was asked, what is left to ask, what came of it.
pub(super) struct Search<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) site: &'a Site,
    pub(super) plan: &'a Plan,
    pub(super) scope: Scope,
    /// How far back older files are asked; `None` where only the newest are.
    pub(super) reach: Option<DateTime<Utc>>,
    known: HashMap<String, &'a Validators>,
    asked: HashSet<String>,
    left: usize,
    pub(super) reports: Vec<SourceReport>,
    pub(super) batches: Vec<Batch>,
}

/// How asking went.
pub(super) enum Asked {
    Answer(Reply),
    Unchanged,
    Failed(FailureKind),
    /// It was asked before, or no request is left.
    Not,
}

/// A usable answer.
pub(super) struct Reply {
    pub(super) document: Document,
    /// Where it came from in the end.
    pub(super) url: Url,
    /// The index of its report.
    pub(super) report: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(fetcher: &'a Fetcher, site: &'a Site, plan: &'a Plan, known: &'a [Known]) -> Self {
        Self {
            fetcher,
            site,
            plan,
            scope: site.scope(),
            reach: None,
            known: known.iter().map(|k| (identity(&k.url), &k.validators)).collect(),
            asked: HashSet::new(),
            left: plan.max_sources,
            reports: Vec::new(),
            batches: Vec::new(),
        }
    }

    /// How many requests are left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Whether any source was usable so far.
    pub(super) fn is_usable(&self) -> bool {
        !self.batches.is_empty() || self.reports.iter().any(|r| r.outcome == SourceOutcome::Unchanged)
    }

    /// Lets an address be asked again, as another kind of source.
    pub(super) fn forget(&mut self, url: &str) {
        self.asked.remove(&identity(url));
        self.reports.pop();
    }

    /// Asks a source. A guess that is not there leaves no trace.
    pub(super) async fn ask(&mut self, url: &str, kind: SourceKind, guess: bool) -> Asked {
        let id = identity(url);
        if self.left == 0 || !self.asked.insert(id.clone()) {
            return Asked::Not;
        }
        self.left -= 1;
        let page = matches!(kind, SourceKind::Home | SourceKind::Listing);
        let mut job = Job::new(url).wanting(if page { Want::Page } else { Want::Anything });
        let known = self.known.get(&id).copied().filter(|v| v.etag.is_some() || v.last_modified.is_some());
        if let Some(known) = known {
            job = job.knowing(known.clone());
        }
        let fetched = match self.fetcher.get_job(job).await {
            Ok(fetched) => fetched,
            Err(failure) => return self.failed(url, kind, failure, guess),
        };
        let validators =
            Validators { etag: fetched.etag.clone(), last_modified: fetched.last_modified.clone() };
        if fetched.status == 304 {
            // An answer without a body need not repeat what it is about.
            let known = known.cloned().unwrap_or_default();
            let validators = Validators {
                etag: validators.etag.or(known.etag),
                last_modified: validators.last_modified.or(known.last_modified),
            };
            self.report(url, kind, SourceOutcome::Unchanged, Some(validators));
            return Asked::Unchanged;
        }
        let address = fetched.final_url.as_deref().unwrap_or(&fetched.url);
        let Ok(address) = Address::parse(address).map(|a| a.url().clone()) else {
            let failure = Failure::new(FailureKind::BadUrl, "the answer comes from no address");
            return self.failed(url, kind, failure, guess);
        };
        if kind == SourceKind::Home {
            self.scope.moved_to(&address);
        }
        match self.read(&fetched, address.clone(), page).await {
            Ok(document) => {
                let kind = match &document {
                    Document::Feed(_) => SourceKind::Feed,
                    Document::Sitemap(_) => SourceKind::Sitemap,
                    Document::Page(_) => kind,
                };
                let validators = Some(validators).filter(|v| *v != Validators::default());
                self.report(url, kind, SourceOutcome::Fresh { found: 0 }, validators);
                Asked::Answer(Reply { document, url: address, report: self.reports.len() - 1 })
            }
            Err(failure) => self.failed(url, kind, about(failure, &fetched), guess),
        }
    }

    /// Reads an answer aside: a large one takes a while, and other sites'
    /// answers come in meanwhile.
    async fn read(&self, fetched: &Fetched, url: Url, page: bool) -> Result<Document, Failure> {
        let options = self.fetcher.options();
        let answer = Answer {
            body: fetched.body.clone(),
            charset: fetched.charset.clone(),
            url,
            page,
            caps: (options.max_bytes, options.max_ratio),
            zone: self.site.zone(),
            scope: self.scope.clone(),
        };
        tokio::task::spawn_blocking(move || answer.read()).await.unwrap_or_else(|_| {
            Err(Failure::new(FailureKind::Malformed, "the answer broke its reader, a fault of khobor")
                .with_hint("please report the address"))
        })
    }

    fn failed(&mut self, url: &str, kind: SourceKind, failure: Failure, guess: bool) -> Asked {
        let why = failure.kind;
        let absent = matches!(failure.status, Some(401 | 403 | 404 | 406 | 410))
            || matches!(why, FailureKind::Malformed | FailureKind::Redirect | FailureKind::Robots);
        if !(guess && absent) {
            self.report(url, kind, SourceOutcome::Failed(failure), None);
        }
        Asked::Failed(why)
    }

    fn report(
        &mut self,
        url: &str,
        kind: SourceKind,
        outcome: SourceOutcome,
        validators: Option<Validators>,
    ) {
        self.reports.push(SourceReport { url: url.to_owned(), kind, outcome, validators });
    }

    /// Takes what a source names, as far as it is an article of the site; how
    /// many these are.
    pub(super) fn take(&mut self, report: usize, url: &Url, entries: Vec<Entry>) -> usize {
        let kind = self.reports[report].kind;
        let entries = match kind {
            SourceKind::Home | SourceKind::Listing => entries,
            SourceKind::Feed | SourceKind::Sitemap => self.articles(entries),
        };
        let found = entries.len();
        self.count(report, found);
        if found > 0 {
            let day = Some(kind).filter(|k| *k == SourceKind::Sitemap).and_then(|_| days::span(url));
            let source = self.reports[report].url.clone();
            self.batches.push(Batch { source, kind, entries, day: day.map(|(_, last)| last) });
        }
        found
    }

    /// Adds to the number of articles that a source names.
    pub(super) fn count(&mut self, report: usize, more: usize) {
        if let SourceOutcome::Fresh { found } = &mut self.reports[report].outcome {
            *found += more;
        }
    }

    /// The articles of the site among what a feed or sitemap names.
    fn articles(&self, mut entries: Vec<Entry>) -> Vec<Entry> {
        entries.retain(|entry| self.scope.has(&entry.url));
        let common = Common::of(entries.iter().filter(|e| e.named).map(|e| &e.url));
        let usual = shape::majority(entries.iter().filter(|e| !e.named).map(|e| &e.url), MAJORITY);
        entries.retain(|entry| match shape::standing(&entry.url, &common) {
            Standing::No => false,
            Standing::Weak if !entry.named => {
                entry.url.path().trim_matches('/').contains('/')
                    && usual.as_deref() == Some(shape::pattern(&entry.url).as_str())
            }
            _ => true,
        });
        entries
    }
}

/// What identifies a source.
fn identity(url: &str) -> String {
    Address::parse(url).map_or_else(|_| url.to_owned(), |address| address.key())
}

/// A failure of what an answer holds, with what is known of the answer.
fn about(mut failure: Failure, fetched: &Fetched) -> Failure {
    failure.url = Some(fetched.url.clone());
    failure.status = Some(fetched.status);
    failure.attempts = fetched.attempts;
    failure.at = Some(fetched.fetched_at.to_rfc3339_opts(SecondsFormat::Secs, true));
    failure
}
