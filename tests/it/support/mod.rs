//! A server that can misbehave: raw sockets on loopback, so that a test says
//! byte for byte what comes over the wire and when, and reads afterwards what
//! the server saw.

pub mod reply;
pub mod tls;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use khobor::failure::Failure;
use khobor::fetch::{
    Control, FetchOptions, Fetched, Fetcher, Job, Outcome, ProxyChoice, ResolveOverride, RunStats,
};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

pub use reply::{Part, Reply};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The `Host` header without its port.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// Header lines, names in lower case.
    pub headers: HashMap<String, String>,
    /// When the head had come in.
    pub begun: Instant,
    /// When the answer had been written; `None` while it is under way.
    pub ended: Option<Instant>,
    /// Which connection it came over.
    pub connection: usize,
}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

/// The server; it stops when dropped. It has a thread of its own, so that its
/// log says when requests came and not when the client left it time to look.
pub struct Server {
    pub address: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Server {
    /// A server whose every answer the function chooses. robots.txt is a 404
    /// unless the function is asked for it: see [`Server::raw`].
    pub fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::raw(
            move |request| {
                if request.path == "/robots.txt" { Reply::status(404) } else { handler(request) }
            },
        )
    }

    /// A server whose function answers for robots.txt too.
    pub fn raw(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(Arc::new(handler), None)
    }

    /// The same over TLS.
    pub fn tls(acceptor: TlsAcceptor, handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(Arc::new(handler), Some(acceptor))
    }

    fn listen(handler: Arc<Handler>, acceptor: Option<TlsAcceptor>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let log: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (stop, stopped) = oneshot::channel();
        let serving = {
            let log = Arc::clone(&log);
            async move {
                let listener = TcpListener::from_std(listener).unwrap();
                let mut connections = JoinSet::new();
                for number in 0.. {
                    let Ok((socket, _)) = listener.accept().await else { return };
                    let (handler, log) = (Arc::clone(&handler), Arc::clone(&log));
                    match acceptor.clone() {
                        None => connections.spawn(serve(socket, number, handler, log)),
                        Some(acceptor) => connections.spawn(async move {
                            if let Ok(stream) = acceptor.accept(socket).await {
                                serve(stream, number, handler, log).await;
                            }
                        }),
                    };
                }
            }
        };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                tokio::select! {
                    _ = stopped => {}
                    () = serving => {}
                }
            });
        });
        Self { address, log, stop: Some(stop), thread: Some(thread) }
    }

    /// The URL of a path on a named host.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.address.port())
    }

    /// The same over TLS.
    pub fn https(&self, host: &str, path: &str) -> String {
        format!("https://{host}:{}{path}", self.address.port())
    }

    /// What lets a name lead to this server.
    pub fn name(&self, host: &str) -> ResolveOverride {
        ResolveOverride { host: host.into(), port: self.address.port(), addresses: vec![self.address.ip()] }
    }

    /// Every request so far, in the order in which they came.
    pub fn log(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }

    /// The requests for a path.
    pub fn seen(&self, path: &str) -> Vec<Request> {
        self.log().into_iter().filter(|r| r.path == path).collect()
    }

    /// The requests for pages, robots.txt left out.
    pub fn pages(&self) -> Vec<Request> {
        self.log().into_iter().filter(|r| r.path != "/robots.txt").collect()
    }
}

async fn serve<S: Stream>(
    stream: S,
    connection: usize,
    handler: Arc<Handler>,
    log: Arc<Mutex<Vec<Request>>>,
) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_head(&mut stream, connection).await {
        let index = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.len() - 1
        };
        let kept = handler(&request).write(stream.get_mut()).await;
        log.lock().unwrap()[index].ended = Some(Instant::now());
        if !kept {
            return;
        }
    }
}

async fn read_head<S: AsyncRead + Unpin>(stream: &mut BufReader<S>, connection: usize) -> Option<Request> {
    let mut first = String::new();
    if stream.read_line(&mut first).await.ok()? == 0 {
        return None;
    }
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let host =
        headers.get("host").map(|h| h.rsplit_once(':').map_or(h.as_str(), |(host, _)| host).to_owned());
    Some(Request {
        host: host.unwrap_or_default(),
        path,
        headers,
        begun: Instant::now(),
        ended: None,
        connection,
    })
}

/// A socket, or TLS over one.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// The socket below.
    fn socket(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Stream for tokio_rustls::server::TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Quick options for tests: no delay, short waits, no proxy, and names that
/// lead to the server.
pub fn options(server: &Server, hosts: &[&str]) -> FetchOptions {
    FetchOptions {
        per_host_delay: Duration::ZERO,
        timeout: Duration::from_secs(5),
        backoff: Duration::from_millis(5),
        backoff_cap: Duration::from_millis(20),
        proxy: ProxyChoice::Direct,
        resolve: hosts.iter().map(|host| server.name(host)).collect(),
        ..FetchOptions::default()
    }
}

/// Fetches one page with these options.
pub async fn get(options: FetchOptions, url: &str) -> Result<Fetched, Failure> {
    Fetcher::new(options).unwrap().get(url).await
}

/// A run's outcomes, in the order in which they came, and its numbers.
pub struct Run {
    pub outcomes: Vec<Outcome>,
    pub stats: RunStats,
}

impl Run {
    /// The outcome of a URL, of which there must be exactly one.
    pub fn outcome(&self, url: &str) -> &Outcome {
        let mut found = self.outcomes.iter().filter(|o| o.job.url == url);
        let outcome = found.next().unwrap_or_else(|| panic!("no outcome for {url}"));
        assert!(found.next().is_none(), "two outcomes for {url}");
        outcome
    }

    /// The kinds of all failures, sorted.
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut kinds: Vec<_> =
            self.outcomes.iter().filter_map(|o| o.result.as_ref().err()).map(|f| f.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds
    }
}

/// Runs a list to its end.
pub async fn run<U: Into<String>>(options: FetchOptions, urls: impl IntoIterator<Item = U>) -> Run {
    let urls: Vec<String> = urls.into_iter().map(Into::into).collect();
    let (send_job, jobs) = mpsc::channel(64);
    let (send_outcome, mut outcomes) = mpsc::channel(16);
    let fetcher = Fetcher::new(options).unwrap();
    let feeding = tokio::spawn(async move {
        for url in urls {
            if send_job.send(Job::new(url)).await.is_err() {
                return;
            }
        }
    });
    let collecting = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(outcome) = outcomes.recv().await {
            all.push(outcome);
        }
        all
    });
    let limit = Duration::from_secs(60);
    let stats = tokio::time::timeout(limit, fetcher.run(jobs, send_outcome, Control::new())).await;
    let stats = stats.expect("the run hangs");
    feeding.await.unwrap();
    Run { outcomes: collecting.await.unwrap(), stats }
}
