//! Names to addresses, with the guard in between.
//!
//! The check has to stand where the connection takes its addresses from:
//! looking a name up once to check it and once more to connect would let a
//! name change its mind in between (DNS rebinding). So the HTTP client asks
//! this resolver and gets checked addresses only.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_layer::Layer;
use tower_service::Service;

use super::guard;
use super::host::Hosts;
use super::options::{FetchOptions, NameService, ResolveOverride};

tokio::task_local! {
    /// The hop whose request the current task is sending. The client's
    /// resolver is told a name only; this says the rest.
    pub(crate) static HOP: Arc<Hop>;
}

/// What the connection layers must know of the request they serve.
#[derive(Debug, Default)]
pub(crate) struct Hop {
    /// The port of the URL: overrides are for a name and a port.
    pub(crate) port: u16,
    /// The name to look up is the proxy's, which the user chose.
    pub(crate) proxied: bool,
    /// When a new connection stood, if the request needed one.
    pub(crate) connected: OnceLock<Instant>,
}

/// A name that leads to special addresses only.
#[derive(Debug)]
pub(crate) struct Blocked {
    pub(crate) name: String,
    pub(crate) address: IpAddr,
    pub(crate) what: &'static str,
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} resolves to {}, a {} address", self.name, self.address, self.what)
    }
}

impl std::error::Error for Blocked {}

/// A name that does not resolve.
#[derive(Debug)]
pub(crate) struct NotFound {
    pub(crate) name: String,
    pub(crate) reason: String,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not resolve: {}", self.name, self.reason)
    }
}

impl std::error::Error for NotFound {}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The resolver of a fetcher.
#[derive(Clone, Debug)]
pub(crate) struct Resolver {
    overrides: Arc<HashMap<String, Vec<ResolveOverride>>>,
    allow_private: bool,
    service: Option<Arc<dyn NameService>>,
    /// Where hosts live that share an address's clock.
    hosts: Arc<Hosts>,
}

impl Resolver {
    pub(crate) fn new(options: &FetchOptions, hosts: Arc<Hosts>) -> Self {
        let mut map: HashMap<String, Vec<ResolveOverride>> = HashMap::new();
        for o in &options.resolve {
            map.entry(o.host.clone()).or_default().push(o.clone());
        }
        let service = options.name_service.clone();
        Self { overrides: Arc::new(map), allow_private: options.allow_private, service, hosts }
    }

    async fn ask(&self, name: &str) -> std::io::Result<Vec<SocketAddr>> {
        match &self.service {
            Some(service) => {
                Ok(service.lookup(name).await?.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect())
            }
            None => Ok(tokio::net::lookup_host((name, 0)).await?.collect()),
        }
    }

    fn overridden(&self, name: &str, port: u16) -> Option<Vec<SocketAddr>> {
        let found = self.overrides.get(name)?.iter().rev().find(|o| o.port == port)?;
        Some(found.addresses.iter().map(|ip| SocketAddr::new(*ip, 0)).collect())
    }

    /// The addresses of a name that may be connected to.
    pub(crate) async fn lookup(
        &self,
        name: &str,
        port: u16,
        proxied: bool,
    ) -> Result<Vec<SocketAddr>, BoxError> {
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        if let Some(found) = self.overridden(&name, port) {
            return Ok(found);
        }
        if guard::is_localhost(&name) {
            // Whether it may be asked is decided before: its text says what it
            // is. Never looked up (RFC 6761), so that it cannot lead away.
            return Ok(vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()]);
        }
        // Checked when they were noted.
        if let Some(known) = self.hosts.placed(self.hosts.id(&name)).filter(|ips| !proxied && !ips.is_empty())
        {
            return Ok(known.iter().map(|ip| SocketAddr::new(*ip, 0)).collect());
        }
        let not_found = |reason: String| NotFound { name: name.clone(), reason };
        if name == "invalid" || name.ends_with(".invalid") {
            return Err(not_found("names under .invalid never do (RFC 6761)".into()).into());
        }
        let all = self.ask(&name).await.map_err(|e| not_found(plain(&e)))?;
        if self.allow_private || proxied {
            return if all.is_empty() { Err(not_found("no addresses".into()).into()) } else { Ok(all) };
        }
        let (open, blocked): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|a| guard::special(a.ip()).is_none());
        match blocked.first() {
            Some(first) if open.is_empty() => {
                let address = first.ip();
                let what = guard::special(address).unwrap_or("special");
                Err(Blocked { name, address, what }.into())
            }
            None if open.is_empty() => Err(not_found("no addresses".into()).into()),
            _ => Ok(open),
        }
    }

    /// Every address that a name may be connected at, overrides for other
    /// ports included: a host is one, whatever its ports. None where it does
    /// not resolve or may not be asked.
    pub(crate) async fn all_of(&self, name: &str, port: u16) -> Vec<IpAddr> {
        let key = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let found = self.lookup(name, port, false).await.unwrap_or_default();
        let others = self.overrides.get(&key).into_iter().flatten().flat_map(|o| o.addresses.iter().copied());
        let mut all: Vec<IpAddr> =
            found.iter().map(SocketAddr::ip).chain(others).map(|ip| ip.to_canonical()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The system's words without its "failed to lookup address information:".
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (port, proxied) = HOP.try_with(|hop| (hop.port, hop.proxied)).unwrap_or_default();
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.lookup(name.as_str(), port, proxied).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Notes in the [`Hop`] when its connection stood.
#[derive(Clone, Debug)]
pub(crate) struct NoteConnect;

impl<S> Layer<S> for NoteConnect {
    type Service = Noting<S>;

    fn layer(&self, inner: S) -> Noting<S> {
        Noting(inner)
    }
}

/// See [`NoteConnect`].
#[derive(Clone, Debug)]
pub(crate) struct Noting<S>(S);

impl<S, R> Service<R> for Noting<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let hop = HOP.try_with(Arc::clone).ok();
        let connecting = self.0.call(request);
        Box::pin(async move {
            let connection = connecting.await?;
            if let Some(hop) = hop {
                // Set already where a first connection broke at once.
                let _ = hop.connected.set(Instant::now());
            }
            Ok(connection)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::time::Duration;

    use super::*;

    /// Knows `lan.test`, `mixed.test` and `open.test`.
    #[derive(Debug)]
    struct Book;

    impl NameService for Book {
        fn lookup<'a>(
            &'a self,
            name: &'a str,
        ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'a>> {
            let found = match name {
                "lan.test" => "169.254.169.254 ::1",
                "mixed.test" => "10.0.0.1 8.8.8.8",
                "open.test" => "8.8.8.8",
                _ => "",
            };
            Box::pin(async move { Ok(found.split_whitespace().map(|ip| ip.parse().unwrap()).collect()) })
        }
    }

    fn resolver(change: impl FnOnce(&mut FetchOptions)) -> Resolver {
        let mut options = FetchOptions { name_service: Some(Arc::new(Book)), ..FetchOptions::default() };
        change(&mut options);
        Resolver::new(&options, Arc::new(Hosts::new(Duration::ZERO, 0, false)))
    }

    async fn lookup(resolver: &Resolver, name: &str) -> Result<String, BoxError> {
        let found = resolver.lookup(name, 80, false).await?;
        Ok(found.iter().map(|a| a.ip().to_string()).collect::<Vec<_>>().join(" "))
    }

    #[tokio::test]
    async fn overrides_are_for_a_name_and_a_port() {
        let overrides = ["open.test:80:10.0.0.1", "open.test:81:10.0.0.2,::1"];
        let resolver = resolver(|o| o.resolve = overrides.map(|o| o.parse().unwrap()).to_vec());
        assert_eq!(lookup(&resolver, "Open.test.").await.unwrap(), "10.0.0.1");
        assert_eq!(resolver.lookup("open.test", 81, false).await.unwrap().len(), 2);
        assert_eq!(resolver.lookup("open.test", 82, false).await.unwrap()[0].ip().to_string(), "8.8.8.8");
    }

    #[tokio::test]
    async fn localhost_is_this_machine_and_invalid_is_nothing() {
        let resolver = resolver(|_| ());
        assert_eq!(lookup(&resolver, "sub.localhost").await.unwrap(), "127.0.0.1 ::1");
        let error = lookup(&resolver, "a.invalid").await.unwrap_err();
        assert!(error.downcast_ref::<NotFound>().is_some());
        assert!(lookup(&resolver, "unknown.test").await.unwrap_err().downcast_ref::<NotFound>().is_some());
    }

    #[tokio::test]
    async fn names_that_lead_to_special_addresses_are_blocked() {
        let strict = resolver(|_| ());
        let error = lookup(&strict, "lan.test").await.unwrap_err();
        assert_eq!(error.downcast_ref::<Blocked>().unwrap().what, "link-local");
        assert_eq!(lookup(&strict, "mixed.test").await.unwrap(), "8.8.8.8", "only what may be asked");
        assert!(strict.lookup("lan.test", 80, true).await.is_ok(), "the proxy itself");
        let open = resolver(|o| o.allow_private = true);
        assert_eq!(lookup(&open, "lan.test").await.unwrap(), "169.254.169.254 ::1");
    }
}
