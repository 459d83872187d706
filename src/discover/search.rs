//! Which sources are asked, in which order, and when there are enough.

use std::collections::VecDeque;

use chrono::{NaiveDate, TimeDelta};
use url::Url;

use super::ask::{Asked, Reply, Search};
use super::date::instant;
use super::days;
use super::document::{Child, Document};
use super::index;
use super::listing::Links;
use super::{Known, SourceKind, SourceOutcome};
use crate::failure::FailureKind;

/// Where feeds are that nothing names.
const FEED_PATHS: &[&str] = &["feed", "feed/", "rss", "rss.xml", "rss/rss.xml", "atom.xml"];

/// Where sitemaps are that nothing names.
const SITEMAP_PATHS: &[&str] =
    &["news-sitemap.xml", "news_sitemap.xml", "sitemap-news.xml", "sitemap.xml", "sitemap_index.xml"];

/// The most feeds that are taken from a page's link elements.
const MOST_LINKED_FEEDS: usize = 8;

/// How many sitemaps of an index have to bring articles where nothing says how
/// far back the search goes.
const ENOUGH_CHILDREN: usize = 2;

/// How many sitemaps of an index are asked for that.
const MOST_CHILDREN: usize = 6;

/// An index may name indexes, which the protocol forbids; so deep they are
/// followed.
const MOST_LEVELS: usize = 3;

/// Of how many days sitemaps are asked in any case.
const RECENT_DAYS: usize = 2;

/// The most sections that are asked where nothing but pages lists articles.
const MOST_SECTIONS: usize = 5;

/// How far back one source should reach where nothing says how far back the
/// search goes: a feed of ten entries is no day's work of a newsroom.
const USUAL_REACH: TimeDelta = TimeDelta::days(1);

/// The start page.
struct Home {
    links: Links,
    url: Url,
    report: usize,
}

impl Search<'_> {
    /// Asks the sources that brought articles before; whether that was of use.
    pub(super) async fn ask_known(&mut self, known: &[Known]) -> bool {
        let first = self.recent_days().last().copied();
        self.dated_sitemaps().await;
        for source in known {
            let about = Url::parse(&source.url).ok().and_then(|url| days::span(&url));
            let is_past = about.is_some_and(|(_, last)| first.is_some_and(|first| last < first));
            if source.kind == SourceKind::Sitemap && is_past {
                continue;
            }
            self.source(&source.url, source.kind).await;
        }
        self.is_usable()
    }

    /// Asks one source, and takes what it names.
    async fn source(&mut self, url: &str, kind: SourceKind) -> Asked {
        let asked = self.ask(url, kind, false).await;
        self.receive(asked).await
    }

    /// Takes what a source names; a page is handed back when it was taken.
    async fn receive(&mut self, asked: Asked) -> Asked {
        let Asked::Answer(Reply { document, url, report }) = asked else { return asked };
        match document {
            Document::Feed(entries) => {
                self.take(report, &url, entries);
            }
            Document::Sitemap(map) => {
                self.take(report, &url, map.entries);
                self.descend(report, map.children).await;
            }
            Document::Page(links) => {
                self.take(report, &url, links.articles);
                let rest = Links { articles: Vec::new(), ..links };
                return Asked::Answer(Reply { document: Document::Page(rest), url, report });
            }
        }
        Asked::Not
    }

    /// Asks the sitemaps of an index, the newest first.
    async fn descend(&mut self, index: usize, children: Vec<Child>) {
        let mut waiting: VecDeque<(Child, usize)> =
            self.choose(children).into_iter().map(|c| (c, 1)).collect();
        let (mut fruitful, mut tries) = (0, 0);
        while let Some((child, level)) = waiting.pop_front() {
            // With a day to reach back to, every sitemap that may hold later
            // articles is asked, as far as it says so.
            let bounded =
                self.reach.is_some() && (child.lastmod.is_some() || days::span(&child.url).is_some());
            if !bounded && (fruitful >= ENOUGH_CHILDREN || tries >= MOST_CHILDREN) {
                continue;
            }
            match self.ask(child.url.as_str(), SourceKind::Sitemap, false).await {
                Asked::Answer(Reply { document, url, report }) => {
                    tries += 1;
                    let found = match document {
                        Document::Sitemap(map) => {
                            if level < MOST_LEVELS {
                                for child in self.choose(map.children).into_iter().rev() {
                                    waiting.push_front((child, level + 1));
                                }
                            }
                            self.take(report, &url, map.entries)
                        }
                        Document::Feed(entries) => self.take(report, &url, entries),
                        Document::Page(_) => 0,
                    };
                    self.count(index, found);
                    fruitful += usize::from(found > 0);
                }
                Asked::Unchanged => fruitful += 1,
                Asked::Failed(_) => tries += 1,
                Asked::Not if self.left() == 0 => return,
                Asked::Not => {}
            }
        }
    }

    /// The sitemaps that may name what the search is about, likeliest first.
    fn choose(&self, maps: Vec<Child>) -> Vec<Child> {
        index::choose(maps, self.scope.path(), self.reach, self.site.zone())
    }

    /// The days of which new articles are looked for in any case: today and
    /// yesterday, as far as the search is about them.
    fn recent_days(&self) -> Vec<NaiveDate> {
        let mut days = days::of_search(self.plan.since, self.plan.now, self.site.zone());
        days.truncate(RECENT_DAYS);
        days
    }

    /// Asks the recent ones of the sitemaps that are named by days.
    async fn dated_sitemaps(&mut self) {
        for day in self.recent_days() {
            for pattern in self.site.sitemaps().iter().filter(|s| days::is_pattern(s)) {
                let url = days::fill(pattern, day);
                self.source(&url, SourceKind::Sitemap).await;
            }
        }
    }

    /// Asks the older ones, as far back as the search reaches. A name under
    /// which nothing was for some days is no longer believed in.
    async fn older_dated_sitemaps(&mut self) {
        let Some(reach) = self.reach else { return };
        let days = days::of_search(Some(reach), self.plan.now, self.site.zone());
        for pattern in self.site.sitemaps().iter().filter(|s| days::is_pattern(s)) {
            let mut missed = 0;
            for day in days.iter().skip(RECENT_DAYS) {
                match self.source(&days::fill(pattern, *day), SourceKind::Sitemap).await {
                    Asked::Failed(_) => missed += 1,
                    _ => missed = 0,
                }
                if missed >= RECENT_DAYS {
                    break;
                }
            }
        }
    }

    /// Searches the site.
    pub(super) async fn search(&mut self) {
        self.reach = self.plan.since;
        for feed in self.site.feeds() {
            self.source(feed, SourceKind::Feed).await;
        }
        self.dated_sitemaps().await;
        for sitemap in self.site.sitemaps().iter().filter(|s| !days::is_pattern(s)) {
            self.source(sitemap, SourceKind::Sitemap).await;
        }
        let home = self.start().await;
        if let Ok(home) = &home {
            for feed in home.links.feeds.iter().take(MOST_LINKED_FEEDS) {
                self.source(feed.as_str(), SourceKind::Feed).await;
            }
        }
        self.robots_sitemaps(home.as_ref().ok()).await;
        self.older_dated_sitemaps().await;
        // A host that does not answer keeps nothing at well-known addresses.
        if !self.is_usable() && !matches!(home, Err(Some(why)) if is_unreachable(why)) {
            self.guess(home.as_ref().map_or_else(|_| self.site.start().clone(), |home| home.url.clone()))
                .await;
        }
        if !self.is_usable() {
            self.pages(home.ok()).await;
        }
    }

    /// Asks for the start page, its links untaken. Where the scheme and the
    /// host are guesses, others are tried.
    async fn start(&mut self) -> Result<Home, Option<FailureKind>> {
        let mut failed = None;
        for start in self.site.starts() {
            match self.ask(start.as_str(), SourceKind::Home, false).await {
                Asked::Answer(Reply { document: Document::Page(links), url, report }) => {
                    return Ok(Home { links, url, report });
                }
                // The address may be that of a feed.
                Asked::Failed(FailureKind::NotHtml) => {
                    self.forget(start.as_str());
                    self.source(start.as_str(), SourceKind::Feed).await;
                    return Err(None);
                }
                Asked::Failed(why @ (FailureKind::Dns | FailureKind::Connect | FailureKind::Tls)) => {
                    failed = failed.or(Some(why));
                }
                Asked::Failed(why) => return Err(Some(why)),
                answered => {
                    self.receive(answered).await;
                    return Err(None);
                }
            }
        }
        Err(failed)
    }

    /// Asks the sitemaps of robots.txt: those of news, and the others where
    /// what was found does not reach back far enough.
    async fn robots_sitemaps(&mut self, home: Option<&Home>) {
        let mut maps: Vec<Child> = Vec::new();
        for page in [Some(self.site.start()), home.map(|h| &h.url)].into_iter().flatten() {
            let named = self.fetcher.sitemaps_of(page);
            let urls = named.iter().filter_map(|map| page.join(map.trim()).ok());
            maps.extend(urls.map(|url| Child { url, lastmod: None }));
        }
        for map in self.choose(maps) {
            if index::is_news(&map.url) || !self.reaches_back() {
                self.source(map.url.as_str(), SourceKind::Sitemap).await;
            }
        }
    }

    /// Whether one source alone reaches back as far as the search does: then
    /// nothing can have been published between its entries and that time.
    fn reaches_back(&self) -> bool {
        let horizon = self.plan.since.unwrap_or(self.plan.now - USUAL_REACH);
        let zone = self.site.zone();
        self.batches.iter().any(|batch| {
            let oldest = batch.entries.iter().filter_map(|e| e.date).map(|d| instant(d, zone)).min();
            oldest.is_some_and(|oldest| oldest <= horizon)
        })
    }

    /// Tries well-known addresses, up to the first feed and the first sitemap
    /// that serve.
    async fn guess(&mut self, home: Url) {
        let Ok(root) = home.join("/") else { return };
        // An edition below a path has a feed there; its sitemap may be the
        // host's.
        let path = self.scope.path().to_owned();
        let below = if path.is_empty() {
            root.clone()
        } else {
            root.join(&format!("{path}/")).unwrap_or(root.clone())
        };
        for (base, paths, kind) in
            [(&below, FEED_PATHS, SourceKind::Feed), (&root, SITEMAP_PATHS, SourceKind::Sitemap)]
        {
            for path in paths {
                let Ok(url) = base.join(path) else { continue };
                let before = self.batches.len();
                let asked = self.ask(url.as_str(), kind, true).await;
                match self.receive(asked).await {
                    Asked::Failed(why) if is_unreachable(why) || why == FailureKind::Challenge => return,
                    _ if self.batches.len() > before => break,
                    _ => {}
                }
            }
        }
    }

    /// Takes the links of pages.
    async fn pages(&mut self, home: Option<Home>) {
        let days = self.recent_days();
        for page in self.site.pages() {
            if days::is_pattern(page) {
                for day in &days {
                    self.source(&days::fill(page, *day), SourceKind::Listing).await;
                }
            } else {
                self.source(page, SourceKind::Listing).await;
            }
        }
        let Some(Home { links, url, report }) = home else { return };
        self.take(report, &url, links.articles);
        for section in links.sections.iter().take(MOST_SECTIONS) {
            self.source(section.as_str(), SourceKind::Listing).await;
        }
        // A page without articles is no failure of the site's, and no source.
        self.drop_empty_sections();
    }

    fn drop_empty_sections(&mut self) {
        let pages = self.site.pages();
        self.reports.retain(|report| {
            report.kind != SourceKind::Listing
                || pages.contains(&report.url)
                || !matches!(report.outcome, SourceOutcome::Fresh { found: 0 })
        });
    }
}

/// Whether a failure is that of the whole host.
fn is_unreachable(why: FailureKind) -> bool {
    matches!(
        why,
        FailureKind::Dns
            | FailureKind::Connect
            | FailureKind::Tls
            | FailureKind::Timeout
            | FailureKind::HostDown
            | FailureKind::BlockedAddress
            | FailureKind::Interrupted
    )
}
