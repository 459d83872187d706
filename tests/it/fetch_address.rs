//! Hosts at one address: with `per_address` they share its clock.

use std::net::IpAddr;
use std::time::Duration;

use khobor::fetch::{FetchOptions, Fetcher, ResolveOverride};

use crate::support::{Reply, Request, Server, options, run};

const DELAY: Duration = Duration::from_millis(40);

/// See `fetch_run`.
const SLACK: Duration = Duration::from_millis(15);

const NAMES: [&str; 5] = ["a.test", "b.test", "c.test", "d.test", "e.test"];

fn shared(server: &Server) -> FetchOptions {
    FetchOptions { per_host_delay: DELAY, per_address: true, ..options(server, &NAMES) }
}

fn one_after_another(log: &[Request]) {
    for pair in log.windows(2) {
        assert!(pair[0].ended.unwrap() <= pair[1].begun, "requests overlap");
        let gap = pair[1].begun - pair[0].begun;
        assert!(gap + SLACK >= DELAY, "{gap:?} from {} to {}", pair[0].host, pair[1].host);
    }
}

fn overlaps(log: &[Request]) -> bool {
    log.windows(2).any(|pair| pair[0].ended.unwrap() > pair[1].begun)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_sees_one_request_at_a_time() {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_millis(10)));
    let urls = || NAMES.iter().flat_map(|host| (0..4).map(|i| server.url(host, &format!("/{i}"))));
    let done = run(shared(&server), urls().collect::<Vec<_>>()).await;
    assert_eq!((done.stats.pages, done.stats.robots_requests, done.stats.unfinished), (20, 5, 0));
    one_after_another(&server.log());
    // Hosts that are strangers to each other meet there.
    let before = server.log().len();
    run(options(&server, &NAMES), urls().collect::<Vec<_>>()).await;
    assert!(overlaps(&server.log()[before..]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_in_common_is_enough() {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_millis(10)));
    let at = |host: &str, addresses: &[[u8; 4]]| ResolveOverride {
        host: host.into(),
        port: server.address.port(),
        addresses: addresses.iter().copied().map(IpAddr::from).collect(),
    };
    // The server listens at the first; what nobody listens at is passed over.
    let (own, other) = ([127, 0, 0, 1], [127, 0, 0, 2]);
    let resolve = vec![at("a.test", &[own]), at("b.test", &[own, other]), at("c.test", &[own])];
    let urls: Vec<_> = NAMES[..3].iter().map(|host| server.url(host, "/")).collect();
    let done = run(FetchOptions { resolve, ..shared(&server) }, urls).await;
    assert_eq!(done.stats.pages, 3);
    one_after_another(&server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn single_fetches_and_redirects_keep_to_it() {
    let server = Server::start(|r| match (r.host.as_str(), r.path.as_str()) {
        ("a.test", "/moved") => {
            Reply::moved(format!("http://b.test:{}/", r.headers["host"].rsplit(':').next().unwrap()))
        }
        _ => Reply::html("x").after(Duration::from_millis(10)),
    });
    let fetcher = Fetcher::new(shared(&server)).unwrap();
    let urls = [
        server.url("a.test", "/moved"),
        server.url("c.test", "/"),
        // The address itself, as a literal.
        server.url("127.0.0.1", "/"),
    ];
    let all = tokio::join!(fetcher.get(&urls[0]), fetcher.get(&urls[1]), fetcher.get(&urls[2]));
    assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok());
    assert_eq!(server.log().len(), 8);
    one_after_another(&server.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_does_not_resolve_fails_as_ever() {
    let server = Server::start(|_| Reply::html("x"));
    let gone = "http://nobody.invalid/";
    let urls = [server.url("a.test", "/"), gone.to_owned(), server.url("b.test", "/")];
    let done = run(FetchOptions { retries: 1, ..shared(&server) }, urls).await;
    assert_eq!((done.kinds(), done.stats.pages), (vec!["dns"], 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_is_given_up_without_its_neighbours() {
    let server = Server::start(|r| if r.host == "a.test" { Reply::status(500) } else { Reply::html("x") });
    let urls: Vec<_> =
        NAMES[..2].iter().flat_map(|host| (0..4).map(|i| server.url(host, &format!("/{i}")))).collect();
    let done = run(FetchOptions { retries: 0, host_failures: 2, ..shared(&server) }, urls).await;
    assert_eq!(done.kinds(), ["host_down", "host_down", "http_status", "http_status"]);
    assert_eq!(done.stats.pages, 4);
    one_after_another(&server.log());
}
