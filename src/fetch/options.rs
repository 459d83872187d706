//! What a fetcher may be told: limits, manners and ways into the network.
//!
//! A plain struct with public fields, so that a command line, a TOML file and
//! a test fill it the same way. Nothing is checked here; [`Fetcher::new`]
//! turns it into a working fetcher or says what is wrong.
//!
//! [`Fetcher::new`]: super::Fetcher::new

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use super::robots::product_token;

/// The `User-Agent` that is sent unless another is given. It names the program
/// only: whom a site can write to is for the user to say.
pub const DEFAULT_USER_AGENT: &str = concat!("khobor/", env!("CARGO_PKG_VERSION"));

/// How a fetcher behaves. `FetchOptions::default()` is polite and safe.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct FetchOptions {
    /// The most requests under way at once, over all hosts. Each host has at
    /// most one.
    pub concurrency: usize,
    /// The least time between the starts of two requests to one host,
    /// robots.txt included.
    pub per_host_delay: Duration,
    /// Whether hosts that live at one address share a clock: of all of them
    /// together, one is asked at a time, and the delay counts between any two
    /// requests to the address.
    pub per_address: bool,
    /// The longest one request may take, from looking up the name to the last
    /// byte of the body.
    pub timeout: Duration,
    /// How often a page is tried again after dns, connect, timeout, 429 and
    /// 5xx failures. robots.txt is retried as often.
    pub retries: u32,
    /// The mean wait before the first retry is half of this; it doubles with
    /// each further one ("full jitter": any wait from zero up to the bound is
    /// as likely as any other).
    pub backoff: Duration,
    /// The bound that the growing wait does not pass.
    pub backoff_cap: Duration,
    /// How long requests that are under way may still take once a run was
    /// asked to stop.
    pub grace: Duration,
    /// A host with so many dns, connect, tls, timeout and 5xx failures in a
    /// row is given up; 0 never gives up.
    pub host_failures: u32,
    /// The longest `Retry-After` that is waited for. A host that asks for more
    /// is left alone for the rest of the run.
    pub retry_after_cap: Duration,
    /// The longest `Crawl-delay` that is kept. URLs of a host that asks for
    /// more fail as `robots` instead of being fetched faster than asked.
    pub crawl_delay_cap: Duration,
    /// The most bytes a body may have, decoded. The encoded body is held to
    /// the same number.
    pub max_bytes: u64,
    /// How many bytes of pages, as received and decoded together, may wait in
    /// memory to be used; pages on their way are not among them. Whoever sets
    /// it has to drop the [`Hold`](super::Hold) of each outcome in time.
    pub waiting_bytes: Option<u64>,
    /// The most a body may grow by decoding, as a factor. It counts from one
    /// megabyte on: small pages of little variety are no bombs.
    pub max_ratio: u64,
    /// The most bytes the header lines of an answer may have together.
    pub max_header_bytes: u32,
    /// How many redirects are followed for one page.
    pub max_redirects: usize,
    /// A body must bring at least so many bytes in each `slow_window`.
    pub slow_bytes: u64,
    /// See `slow_bytes`.
    pub slow_window: Duration,
    /// The `User-Agent` header; put a contact address into it. Robots rules
    /// are matched against its product token: see [`Self::product_token`].
    pub user_agent: String,
    /// Fetch without asking for robots.txt.
    pub ignore_robots: bool,
    /// Hand over the answers that brought no page, redirects and errors among
    /// them, with each outcome of a run, as far as they were read.
    pub keep_answers: bool,
    /// Let URLs, redirects and names lead to private and other special
    /// addresses. Without it only an address that the list itself names
    /// (literally, or as `localhost`) is allowed.
    pub allow_private: bool,
    /// Addresses for names, in place of a lookup.
    pub resolve: Vec<ResolveOverride>,
    /// Who looks names up; `None` asks the system. What it says is checked
    /// like any other answer.
    pub name_service: Option<Arc<dyn NameService>>,
    /// PEM files with further certificates to trust as roots.
    pub ca_certs: Vec<PathBuf>,
    /// Which proxy stands between.
    pub proxy: ProxyChoice,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            concurrency: 64,
            per_host_delay: Duration::from_secs(1),
            per_address: false,
            timeout: Duration::from_secs(30),
            retries: 2,
            backoff: Duration::from_secs(2),
            backoff_cap: Duration::from_secs(60),
            grace: Duration::from_secs(10),
            host_failures: 20,
            retry_after_cap: Duration::from_secs(600),
            crawl_delay_cap: Duration::from_secs(60),
            max_bytes: 16 * 1024 * 1024,
            waiting_bytes: None,
            max_ratio: 200,
            max_header_bytes: 64 * 1024,
            max_redirects: 10,
            slow_bytes: 1024,
            slow_window: Duration::from_secs(15),
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            ignore_robots: false,
            keep_answers: false,
            allow_private: false,
            resolve: Vec::new(),
            name_service: None,
            ca_certs: Vec::new(),
            proxy: ProxyChoice::default(),
        }
    }
}

impl FetchOptions {
    /// The name that robots.txt rules are matched against: the first product
    /// of the `User-Agent`, without its version. In the form
    /// `Mozilla/5.0 (compatible; Name/1.0; …)` it is the name after
    /// `compatible;`. It is `khobor` where the header begins with no name.
    pub fn product_token(&self) -> String {
        product_token(&self.user_agent)
    }
}

/// Looks names up in the system's place: a cache, DNS over HTTPS, a test.
pub trait NameService: fmt::Debug + Send + Sync {
    /// The addresses of a name, which is in lower case and without a trailing
    /// dot.
    fn lookup<'a>(
        &'a self,
        name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;
}

/// Which proxy requests go through.
///
/// `http://`, `https://`, `socks5://` and `socks4://` URLs are understood. A
/// SOCKS proxy always resolves names for itself, as if `socks5h://` had been
/// written.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum ProxyChoice {
    /// As the environment says: `https_proxy`, `http_proxy`, `all_proxy` and
    /// `no_proxy`, in either case.
    #[default]
    Environment,
    /// No proxy, whatever the environment says.
    Direct,
    /// This one for everything except the hosts that `no_proxy` in the
    /// environment names. The URL may hold a user name and a password.
    Url(String),
}

/// An address for a name and port, as curl's `--resolve` has it. The address
/// may be a private one: whoever writes it has chosen it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveOverride {
    /// The name, in lower case.
    pub host: String,
    /// The port of the URLs that this is for.
    pub port: u16,
    /// The addresses to connect to, in this order.
    pub addresses: Vec<IpAddr>,
}

/// Why a text is no [`ResolveOverride`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not of the form HOST:PORT:ADDRESS[,ADDRESS...]")]
pub struct ResolveSyntaxError(String);

impl FromStr for ResolveOverride {
    type Err = ResolveSyntaxError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (host, rest) = text.split_once(':')?;
            let (port, addresses) = rest.split_once(':')?;
            let addresses = addresses
                .split(',')
                .map(|a| a.trim().trim_start_matches('[').trim_end_matches(']').parse().ok())
                .collect::<Option<Vec<IpAddr>>>()?;
            let host = host.trim_end_matches('.').to_ascii_lowercase();
            (!host.is_empty()).then_some(())?;
            Some(Self { host, port: port.parse().ok()?, addresses })
        };
        parse().ok_or_else(|| ResolveSyntaxError(text.to_owned()))
    }
}

/// Why no fetcher could be made of the options.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The `User-Agent` cannot stand in a header.
    #[error("the user agent {0:?} holds a character that no header may have")]
    UserAgent(String),
    /// A certificate file cannot be used.
    #[error("the certificates in {} cannot be used: {reason}", path.display())]
    CaCert {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The proxy's URL cannot be used; a password in it is masked.
    #[error("the proxy {proxy:?} cannot be used: {reason}")]
    Proxy {
        /// The URL, masked.
        proxy: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The HTTP client cannot be built.
    #[error("the http client cannot be built: {0}")]
    Client(String),
}

impl SetupError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::UserAgent(_) => "use printable ASCII characters only",
            Self::CaCert { .. } => "give a readable PEM file with at least one certificate",
            Self::Proxy { .. } => "give a URL such as http://proxy.example:3128 or socks5://127.0.0.1:1080",
            Self::Client(_) => "check the TLS and proxy options",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_reads_as_curl_has_it() {
        let o: ResolveOverride = "News.Test:8080:127.0.0.1,[::1]".parse().unwrap();
        assert_eq!(o.host, "news.test");
        assert_eq!(o.port, 8080);
        assert_eq!(o.addresses, ["127.0.0.1".parse::<IpAddr>().unwrap(), "::1".parse().unwrap()]);
        for bad in ["", "a:b", "a:80", "a:80:", "a:x:127.0.0.1", ":80:127.0.0.1", "a:80:host"] {
            assert!(bad.parse::<ResolveOverride>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_default_user_agent_names_the_program() {
        let options = FetchOptions::default();
        assert!(options.user_agent.starts_with("khobor/"));
        assert_eq!(options.product_token(), "khobor");
    }
}
