//! One step of a job: one request, and what follows from its answer.
//!
//! A step never waits for a turn and never asks twice. Where more has to
//! follow (a redirect, a retry, robots.txt first) it gives the job back with a
//! word on where it goes next, and the clocks of the hosts decide when.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::Utc;
use http::StatusCode;
use http::header;
use tokio::time::timeout;
use url::Url;

use super::address::{Address, host_of, origin_of, shown, without_credentials};
use super::client::{Answer, Client, Extras, Keep};
use super::credentials::authorization;
use super::entry::{Entry, bad_url};
use super::error::blocked_address;
use super::guard;
use super::host::{Health, HostId, Hosts, Permit};
use super::options::{FetchOptions, SetupError};
use super::page::{Fetched, header};
use super::proxy::Proxies;
use super::resolver::{Blocked, HOP, Hop, Resolver};
use super::retry;
use super::robots_cache::{RobotsCache, RobotsStore};
use super::schedule::Lane;
use crate::failure::{Failure, FailureKind};

/// How long a name may be looked up apart from a request.
const LOOKUP: Duration = Duration::from_secs(5);

/// Everything that requests share.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) options: FetchOptions,
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) client: Client,
    pub(crate) robots: RobotsCache,
    resolver: Resolver,
    proxies: Proxies,
}

/// A job after a step.
#[derive(Debug)]
pub(crate) struct Stepped {
    pub(crate) entry: Entry,
    pub(crate) then: Then,
    /// When the host that was asked may be asked again.
    pub(crate) next_at: std::time::Instant,
}

/// What follows a step.
#[derive(Debug)]
pub(crate) enum Then {
    /// The job has ended.
    Done(Result<Box<Fetched>, Failure>),
    /// It goes on at the host of its next target, after a wait if one is
    /// given.
    Queue(Lane, Option<Duration>),
}

/// How a page's request ended.
enum Landed {
    Page(Box<Fetched>),
    Moved(Address),
    Failed(Failure),
}

/// A request with what its host asked for.
struct Asked<T> {
    result: T,
    /// The `Retry-After` of a 429 or 503.
    pause: Option<Duration>,
    throttled: bool,
}

impl<T> Asked<T> {
    fn map<U>(self, f: impl FnOnce(T) -> U) -> Asked<U> {
        Asked { result: f(self.result), pause: self.pause, throttled: self.throttled }
    }
}

impl Engine {
    pub(crate) fn new(
        options: FetchOptions,
        store: Option<Arc<dyn RobotsStore>>,
    ) -> Result<Self, SetupError> {
        let hosts = Arc::new(Hosts::new(options.per_host_delay, options.host_failures, options.per_address));
        let resolver = Resolver::new(&options, Arc::clone(&hosts));
        let proxies = Proxies::new(&options.proxy, |name| std::env::var(name).ok())?;
        Ok(Self {
            hosts,
            client: Client::new(&options, resolver.clone(), &proxies)?,
            robots: RobotsCache::new(options.product_token(), store),
            resolver,
            proxies,
            options,
        })
    }

    /// The host that a job's next request goes to.
    pub(crate) fn host(&self, address: &Address) -> HostId {
        self.hosts.id(&address.host())
    }

    /// Looks up where the host of a job's next request lives, for the clock
    /// that it shares with its neighbours. A name that does not resolve has
    /// none; the request itself will tell why.
    pub(crate) async fn place(&self, address: &Address) {
        let url = address.url();
        let addresses = match url.host() {
            Some(url::Host::Ipv4(ip)) => vec![ip.into()],
            Some(url::Host::Ipv6(ip)) => vec![ip.to_canonical()],
            Some(url::Host::Domain(name)) => {
                let port = url.port_or_known_default().unwrap_or_default();
                let lookup = self.resolver.all_of(name, port);
                timeout(LOOKUP.min(self.options.timeout), lookup).await.unwrap_or_default()
            }
            None => Vec::new(),
        };
        self.hosts.place(self.host(address), &addresses);
    }

    /// Decides what can be decided without a request. An `Ok` job may be sent,
    /// to the page or, where that is unknown, to robots.txt first.
    ///
    /// # Errors
    /// The failure of a job that may not be sent.
    pub(crate) fn prepare(&self, entry: &mut Entry) -> Result<(), Failure> {
        if entry.robots().is_some() {
            return Ok(());
        }
        let address = entry.address().map_err(|e| bad_url(&e))?;
        self.guard(entry, address.url())?;
        if self.options.ignore_robots {
            return Ok(());
        }
        let (origin, now) = (origin_of(address.url()), Utc::now());
        let Some(rules) = self.robots.get(&origin, now) else {
            if let Some(why) = self.robots.trouble(&origin, now) {
                return Err(why);
            }
            entry.ask_robots(&address);
            return Ok(());
        };
        if let Some(delay) = rules.crawl_delay {
            if delay > self.options.crawl_delay_cap {
                let (asked, cap) = (delay.as_secs_f64(), self.options.crawl_delay_cap.as_secs_f64());
                return Err(Failure::new(
                    FailureKind::Robots,
                    format!(
                        "robots.txt asks for {asked} s between requests, more than the {cap} s that are kept"
                    ),
                )
                .with_hint("ask the site for a feed or for leave to fetch faster"));
            }
            self.hosts.set_crawl_delay(self.host(&address), delay);
        }
        if !rules.allows(address.url()) {
            return Err(Failure::new(FailureKind::Robots, "robots.txt forbids this address")
                .with_hint("respect it, or ask the site for leave and use --ignore-robots"));
        }
        Ok(())
    }

    /// Refuses a URL that is special by its text, unless the job's own line
    /// names the same host and port.
    fn guard(&self, entry: &Entry, url: &Url) -> Result<(), Failure> {
        let Some(what) = guard::special_url(url) else { return Ok(()) };
        let same = |other: &Url| {
            host_of(other) == host_of(url) && other.port_or_known_default() == url.port_or_known_default()
        };
        let named = || Address::parse(&entry.job.url).is_ok_and(|own| same(own.url()));
        if self.options.allow_private || named() {
            return Ok(());
        }
        Err(blocked_address(&format!("{} is a {what} address", host_of(url))))
    }

    /// Sends one request for a job that [`Self::prepare`] let pass; `keep`
    /// says what becomes of its connection.
    pub(crate) async fn step(&self, mut entry: Entry, mut permit: Permit, keep: Keep) -> Stepped {
        let robots = entry.robots().is_some();
        let (then, health, pause) = if robots {
            self.step_robots(&mut entry, &mut permit, keep).await
        } else {
            self.step_page(&mut entry, &mut permit, keep).await
        };
        let next_at = permit.finish(health, pause);
        Stepped { entry, then, next_at }
    }

    async fn step_page(
        &self,
        entry: &mut Entry,
        permit: &mut Permit,
        keep: Keep,
    ) -> (Then, Health, Option<Duration>) {
        let address = match entry.address() {
            Ok(address) => address,
            Err(error) => return (Then::Done(Err(entry.fail(bad_url(&error)))), Health::Unknown, None),
        };
        entry.sent();
        let asked = self.page(entry, &address, permit, keep).await;
        let (pause, closed) = self.pause(&asked, permit);
        match asked.result {
            Landed::Page(mut page) => {
                page.attempts = entry.requests();
                (Then::Done(Ok(page)), Health::Alive, pause)
            }
            Landed::Moved(to) => match entry.redirect(&address, &to, self.options.max_redirects) {
                Ok(()) => (Then::Queue(Lane::Begun, None), Health::Alive, pause),
                Err(failure) => (Then::Done(Err(entry.fail(failure))), Health::Alive, pause),
            },
            Landed::Failed(failure) => {
                let health = closed.map_or_else(|| health(&failure), Health::Closed);
                let again = retry::may_pass(&failure)
                    && entry.retried() < self.options.retries
                    && !matches!(health, Health::Closed(_));
                if !again {
                    return (Then::Done(Err(entry.fail(failure))), health, pause);
                }
                let wait = self.backoff(entry.retried()).max(pause.unwrap_or_default());
                tracing::debug!(url = %address, kind = %failure.kind, message = failure.message, ?wait, "will retry");
                entry.retry();
                (Then::Queue(Lane::Begun, Some(wait)), health, pause)
            }
        }
    }

    async fn step_robots(
        &self,
        entry: &mut Entry,
        permit: &mut Permit,
        keep: Keep,
    ) -> (Then, Health, Option<Duration>) {
        let Some(mut walk) = entry.robots().cloned() else {
            return (Then::Queue(Lane::Begun, None), Health::Unknown, None);
        };
        let asked = self.robots_txt(entry, &walk.url, permit, keep).await;
        let (pause, closed) = self.pause(&asked, permit);
        match asked.result {
            Ok(found) => {
                let go_on = match found {
                    // RFC 9309: five redirects are followed; beyond them, and
                    // where they lead nowhere, there is no file.
                    Robots::Moved(to) if walk.hops < 5 && self.guard(entry, to.url()).is_ok() => {
                        walk.hops += 1;
                        walk.url = without_credentials(to.url()).into();
                        entry.set_robots(Some(walk));
                        return (Then::Queue(Lane::Robots, None), Health::Alive, pause);
                    }
                    Robots::File(body) => self.robots.put(&walk.origin, Some(&body), Utc::now()),
                    Robots::Moved(_) | Robots::None => self.robots.put(&walk.origin, None, Utc::now()),
                };
                if let Some(delay) = go_on.crawl_delay.filter(|d| *d <= self.options.crawl_delay_cap)
                    && let Ok(address) = entry.address()
                {
                    self.hosts.set_crawl_delay(self.host(&address), delay);
                }
                entry.set_robots(None);
                (Then::Queue(Lane::Begun, None), Health::Alive, pause)
            }
            Err(failure) => {
                let health = closed.map_or_else(|| health(&failure), Health::Closed);
                if retry::may_pass(&failure)
                    && walk.retried < self.options.retries
                    && !matches!(health, Health::Closed(_))
                {
                    let wait = self.backoff(walk.retried).max(pause.unwrap_or_default());
                    tracing::debug!(url = walk.url, kind = %failure.kind, message = failure.message, ?wait, "will retry");
                    walk.retried += 1;
                    entry.set_robots(Some(walk));
                    return (Then::Queue(Lane::Robots, Some(wait)), health, pause);
                }
                let failure = no_robots(failure);
                if failure.kind == FailureKind::Robots {
                    self.robots.put_trouble(&walk.origin, &failure, Utc::now());
                }
                (Then::Done(Err(entry.fail(failure))), health, pause)
            }
        }
    }

    fn backoff(&self, before: u32) -> Duration {
        retry::backoff(before, self.options.backoff, self.options.backoff_cap)
    }

    /// How long the whole host is left alone, and why for the rest of the run
    /// if it asked for too long.
    fn pause<T>(&self, asked: &Asked<T>, permit: &Permit) -> (Option<Duration>, Option<String>) {
        match asked.pause {
            Some(pause) if pause > self.options.retry_after_cap => {
                let seconds = pause.as_secs();
                (None, Some(format!("the host asked to be left alone for {seconds} s")))
            }
            Some(pause) => (Some(pause), None),
            None if asked.throttled => (Some(self.backoff(permit.throttled())), None),
            None => (None, None),
        }
    }

    /// Sends a request under the attempt's time limit and hands the answer on.
    async fn ask<T>(
        &self,
        url: &Url,
        extras: Extras<'_>,
        permit: &mut Permit,
        read: impl AsyncFnOnce(Answer) -> Result<T, Failure>,
    ) -> Asked<Result<T, Failure>> {
        let proxied = self.proxies.covers(url);
        let port = url.port_or_known_default().unwrap_or_default();
        let hop = Arc::new(Hop { port, proxied, ..Hop::default() });
        let mut asked = Asked { result: (), pause: None, throttled: false };
        let mut answered = None;
        let exchange = HOP.scope(Arc::clone(&hop), async {
            if proxied {
                self.check_proxied(url, port).await?;
            }
            let answer = self.client.send(url, extras).await?;
            answered = Some(std::time::Instant::now());
            let status = answer.response.status();
            if matches!(status.as_u16(), 429 | 503) {
                let headers = answer.response.headers();
                let date = header(headers, header::DATE);
                asked.pause = header(headers, header::RETRY_AFTER)
                    .and_then(|value| retry::retry_after(&value, date.as_deref(), SystemTime::now()));
                asked.throttled = status == StatusCode::TOO_MANY_REQUESTS;
            }
            tracing::debug!(url = %shown(url), status = status.as_u16(), "answer");
            read(answer).await
        });
        let result = timeout(self.options.timeout, exchange).await.unwrap_or_else(|_| {
            let seconds = self.options.timeout.as_secs_f64();
            Err(Failure::new(FailureKind::Timeout, format!("no complete answer within {seconds} s"))
                .with_hint("raise --timeout, or try again later"))
        });
        permit.sent(hop.connected.get().copied(), answered);
        asked.map(|()| result)
    }

    /// With a proxy the name is looked up there; what can be seen from here
    /// is whether it is special here too.
    async fn check_proxied(&self, url: &Url, port: u16) -> Result<(), Failure> {
        let Some(url::Host::Domain(name)) = url.host() else { return Ok(()) };
        if self.options.allow_private || guard::is_localhost(name) {
            return Ok(());
        }
        let lookup = timeout(LOOKUP, self.resolver.lookup(name, port, false));
        match lookup.await {
            Ok(Err(error)) => match error.downcast_ref::<Blocked>() {
                Some(blocked) => Err(blocked_address(&blocked.to_string())),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    async fn page(
        &self,
        entry: &mut Entry,
        address: &Address,
        permit: &mut Permit,
        keep: Keep,
    ) -> Asked<Landed> {
        let url = without_credentials(address.url());
        let job = entry.job.clone();
        let extras =
            Extras { want: job.want, known: job.known.as_ref(), auth: authorization(&job.url, &url), keep };
        let asked = self
            .ask(&url, extras, permit, async |answer: Answer| {
                entry.answered(answer.response.status().as_u16());
                let mut kept = None;
                let judged =
                    super::answer::judge(&self.client, &job, &url, entry.final_url(), answer, &mut kept)
                        .await;
                if self.options.keep_answers
                    && let Some(kept) = kept
                {
                    entry.keep(kept);
                }
                judged
            })
            .await;
        asked.map(|result| match result {
            Ok(super::answer::Judged::Page(page)) => Landed::Page(page),
            Ok(super::answer::Judged::Moved(to)) => Landed::Moved(to),
            Err(failure) => Landed::Failed(failure),
        })
    }

    async fn robots_txt(
        &self,
        entry: &Entry,
        url: &str,
        permit: &mut Permit,
        keep: Keep,
    ) -> Asked<Result<Robots, Failure>> {
        let url = match Address::parse(url) {
            Ok(address) => address.url().clone(),
            Err(error) => return Asked { result: Err(bad_url(&error)), pause: None, throttled: false },
        };
        let extras = Extras {
            want: super::Want::Anything,
            auth: authorization(&entry.job.url, &url),
            known: None,
            keep,
        };
        self.ask(&url, extras, permit, async |mut answer: Answer| {
            let status = answer.response.status();
            if status.is_success() {
                let read = self.client.peek(&mut answer.response, super::robots::MAX_ROBOTS_BYTES).await?;
                return Ok(Robots::File(read.body));
            }
            self.client.drain(&mut answer.response).await;
            match status.as_u16() {
                301 | 302 | 303 | 307 | 308 => Ok(super::answer::location(&url, answer.response.headers())
                    .map_or(Robots::None, Robots::Moved)),
                429 | 500..=599 => Err(super::answer::bad_status(status)),
                _ => Ok(Robots::None),
            }
        })
        .await
    }
}

/// What a request for robots.txt brought.
enum Robots {
    File(Vec<u8>),
    Moved(Address),
    /// The site has none: everything is allowed.
    None,
}

/// The failure of a page whose robots.txt cannot be had. Where the host cannot
/// even be reached, that says more.
fn no_robots(failure: Failure) -> Failure {
    match failure.kind {
        FailureKind::HttpStatus | FailureKind::Decode | FailureKind::TooLarge => Failure {
            kind: FailureKind::Robots,
            message: format!("robots.txt cannot be had: {}", failure.message),
            ..failure
        }
        .with_hint("a site in trouble is left alone; try again later"),
        _ => failure,
    }
}

/// What a failure says of the host's health.
fn health(failure: &Failure) -> Health {
    let broken = match failure.kind {
        FailureKind::Dns | FailureKind::Connect | FailureKind::Tls | FailureKind::Timeout => true,
        FailureKind::HttpStatus => failure.status.is_some_and(|status| status >= 500),
        FailureKind::BlockedAddress | FailureKind::BadUrl => return Health::Unknown,
        _ => false,
    };
    if broken { Health::Failed(failure.to_string()) } else { Health::Alive }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_tell_of_the_hosts_health_or_not() {
        let status = |s| Failure { status: Some(s), ..Failure::new(FailureKind::HttpStatus, "x") };
        assert!(matches!(health(&status(502)), Health::Failed(_)));
        assert_eq!(health(&status(404)), Health::Alive);
        assert_eq!(health(&Failure::new(FailureKind::TooLarge, "x")), Health::Alive);
        assert!(matches!(health(&Failure::new(FailureKind::Tls, "x")), Health::Failed(_)));
    }
}
