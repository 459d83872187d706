//! Runs over lists: nothing lost, nothing twice, many hosts at once and each
//! at its own pace.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use khobor::FailureKind;
use khobor::fetch::{Control, FetchOptions, Fetcher, Job, Outcome, UrlLines};
use tokio::sync::mpsc;

use crate::support::{Reply, Request, Server, options, run};

const DELAY: Duration = Duration::from_millis(60);

/// What a server's clock and a client's may differ by in what they measure:
/// the server's own tasks are woken late on a busy machine.
const SLACK: Duration = Duration::from_millis(15);

#[tokio::test]
async fn each_url_gives_one_outcome_and_repeats_none() {
    let server = Server::start(|r| if r.path == "/404" { Reply::status(404) } else { Reply::html("x") });
    let urls = [
        server.url("a.test", "/1"),
        server.url("A.TEST", "/1#again"),
        server.url("a.test", "/%e0%a6%95"),
        server.url("a.test", "/%E0%A6%95"),
        server.url("a.test", "/ক"),
        server.url("a.test", "/404"),
        "no url".to_owned(),
        "ftp://a.test/".to_owned(),
        "no url".to_owned(),
        server.url("a.test", "/1"),
    ];
    let done = run(options(&server, &["a.test"]), urls).await;
    assert_eq!(done.kinds(), ["bad_url", "bad_url", "http_status"]);
    assert_eq!((done.outcomes.len(), done.stats.pages, done.stats.failed()), (5, 2, 3));
    assert_eq!((done.stats.lines, done.stats.repeats, done.stats.unfinished), (10, 5, 0));
    assert_eq!(done.stats.failures[&FailureKind::BadUrl], 2);
    assert!(done.stats.list_ended && done.stats.in_flight == 0);
    assert_eq!(server.pages().len(), 3);
}

#[tokio::test]
async fn ids_are_handed_through() {
    let server = Server::start(|_| Reply::status(404));
    let fetcher = Fetcher::new(options(&server, &["a.test"])).unwrap();
    let (send, jobs) = mpsc::channel(8);
    let (outcomes, mut took) = mpsc::channel(8);
    send.send(Job::new(server.url("a.test", "/")).with_id("n-7")).await.unwrap();
    send.send(Job::new("none").with_id("n-8")).await.unwrap();
    drop(send);
    let stats = fetcher.run(jobs, outcomes, Control::new()).await;
    let mut ids = Vec::new();
    while let Some(outcome) = took.recv().await {
        let failure = outcome.result.unwrap_err();
        assert_eq!(failure.id, outcome.job.id);
        ids.push(failure.id.unwrap());
    }
    ids.sort();
    assert_eq!(ids, ["n-7", "n-8"]);
    assert_eq!(stats.failed(), 2);
}

#[tokio::test]
async fn one_connection_serves_a_host_and_is_closed_at_the_end() {
    let server = Server::start(|_| Reply::html("x"));
    let done =
        run(options(&server, &["a.test"]), (0..5).map(|i| server.url("a.test", &format!("/{i}")))).await;
    assert_eq!(done.stats.pages, 5);
    let log = server.log();
    assert!(log.iter().all(|r| r.connection == log[0].connection));
    let closing: Vec<bool> = log.iter().map(|r| r.headers.contains_key("connection")).collect();
    assert_eq!(closing, [false, false, false, false, false, true]);
}

fn fifty_hosts() -> Vec<String> {
    (0..50).map(|i| format!("host{i}.test")).collect()
}

/// Every page of the list, and the server's log by host.
async fn polite(shuffle: bool) -> (Duration, HashMap<String, Vec<Request>>) {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_millis(3)));
    let hosts = fifty_hosts();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let mut urls: Vec<String> =
        hosts.iter().flat_map(|h| (0..40).map(|i| server.url(h, &format!("/{i}")))).collect();
    if shuffle {
        fastrand::Rng::with_seed(3).shuffle(&mut urls);
    }
    let options = FetchOptions { per_host_delay: DELAY, concurrency: 100, ..options(&server, &names) };
    let done = run(options, urls).await;
    assert_eq!((done.stats.pages, done.stats.robots_requests), (2000, 50));
    let mut by_host: HashMap<String, Vec<Request>> = HashMap::new();
    for request in server.log() {
        by_host.entry(request.host.clone()).or_default().push(request);
    }
    (done.stats.elapsed, by_host)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_host_sees_two_requests_overlap_or_crowd() {
    for shuffle in [false, true] {
        let (elapsed, by_host) = polite(shuffle).await;
        assert_eq!(by_host.len(), 50);
        let mut late = 0;
        for (host, requests) in &by_host {
            assert_eq!(requests.len(), 41, "{host}");
            for pair in requests.windows(2) {
                assert!(pair[0].ended.unwrap() <= pair[1].begun, "{host}: requests overlap");
                let gap = pair[1].begun - pair[0].begun;
                late += usize::from(gap + SLACK < DELAY);
            }
            let all = requests[40].begun - requests[0].begun;
            assert!(all + 4 * SLACK >= 40 * DELAY, "{host}: {all:?} for 40 gaps");
        }
        // On a machine with more to do than it can, the server sees some
        // requests later than they came, and the next one too soon after.
        assert!(late <= 100, "{late} of 2000 gaps are too short");
        // Forty gaps a host. That hosts do not wait for each other is seen
        // from afar: one after another would take fifty times as long.
        assert!(elapsed + SLACK >= 40 * DELAY && elapsed < 400 * DELAY, "{elapsed:?}");
    }
}

#[tokio::test]
async fn hosts_are_asked_at_once_up_to_the_limit() {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_millis(60)));
    let hosts = fifty_hosts();
    let names: Vec<&str> = hosts.iter().take(12).map(String::as_str).collect();
    let urls: Vec<_> = names.iter().map(|h| server.url(h, "/")).collect();
    let done =
        run(FetchOptions { concurrency: 4, ignore_robots: true, ..options(&server, &names) }, urls).await;
    assert_eq!(done.stats.pages, 12);
    let log = server.pages();
    let most = log
        .iter()
        .map(|r| log.iter().filter(|o| o.begun <= r.begun && o.ended.unwrap() > r.begun).count())
        .max();
    assert_eq!(most, Some(4));
}

/// A list of one page of each host, whole before the run begins.
async fn first_pages(server: &Server, hosts: &[&str]) -> mpsc::Receiver<Job> {
    let (send, jobs) = mpsc::channel(hosts.len());
    for host in hosts {
        send.send(Job::new(server.url(host, "/"))).await.unwrap();
    }
    jobs
}

/// How many outcomes are still to come.
async fn rest(outcomes: &mut mpsc::Receiver<Outcome>) -> usize {
    let mut all = 0;
    while outcomes.recv().await.is_some() {
        all += 1;
    }
    all
}

#[tokio::test]
async fn a_slow_consumer_holds_the_network_back() {
    let server = Server::start(|_| Reply::html("x"));
    let hosts = fifty_hosts();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let fetcher = Fetcher::new(FetchOptions { concurrency: 4, ..options(&server, &names) }).unwrap();
    let jobs = first_pages(&server, &names).await;
    let (outcomes, mut took) = mpsc::channel(2);
    let control = Control::new();
    let running = tokio::spawn({
        let control = control.clone();
        async move { fetcher.run(jobs, outcomes, control).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let held = server.pages().len();
    assert!(held <= 6, "{held} pages with room for 2 outcomes and 4 tasks");
    let all = rest(&mut took).await;
    assert_eq!((all, running.await.unwrap().pages), (50, 50));
}

#[tokio::test]
async fn large_pages_wait_for_room() {
    let server = Server::start(|_| Reply::html("x".repeat(100_000)));
    let hosts = fifty_hosts();
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    // Two pages fit: each counts as received and decoded.
    let waiting_bytes = Some(500_000);
    let fetcher =
        Fetcher::new(FetchOptions { concurrency: 4, waiting_bytes, ..options(&server, &names) }).unwrap();
    let jobs = first_pages(&server, &names).await;
    let (outcomes, mut took) = mpsc::channel(100);
    let running = tokio::spawn(async move { fetcher.run(jobs, outcomes, Control::new()).await });
    let first = took.recv().await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let held = server.pages().len();
    assert!(held <= 6, "{held} pages with room for two and 4 tasks");
    drop(first);
    let all = 1 + rest(&mut took).await;
    assert_eq!((all, running.await.unwrap().pages), (50, 50));
}

#[tokio::test]
async fn a_list_may_come_slowly() {
    let server = Server::start(|_| Reply::html("x"));
    let fetcher = Fetcher::new(options(&server, &["a.test"])).unwrap();
    let (send, jobs) = mpsc::channel(1);
    let (outcomes, mut took) = mpsc::channel(1);
    let running = tokio::spawn(async move { fetcher.run(jobs, outcomes, Control::new()).await });
    for i in 0..3 {
        let list = server.url("a.test", &format!("/{i}"));
        for job in UrlLines::new(list.as_bytes()) {
            send.send(job.unwrap()).await.unwrap();
        }
        assert!(took.recv().await.unwrap().result.is_ok(), "before the list has ended");
    }
    drop(send);
    assert!(took.recv().await.is_none());
    assert_eq!(running.await.unwrap().pages, 3);
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way_and_nothing_else() {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_millis(200)));
    let fetcher =
        Fetcher::new(FetchOptions { ignore_robots: true, ..options(&server, &["a.test", "b.test"]) })
            .unwrap();
    let (send, jobs) = mpsc::channel(100);
    let (outcomes, mut took) = mpsc::channel(100);
    for i in 0..20 {
        for host in ["a.test", "b.test"] {
            send.send(Job::new(server.url(host, &format!("/{i}")))).await.unwrap();
        }
    }
    let control = Control::new();
    let stop = {
        let control = control.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            control.stop();
        }
    };
    let started = Instant::now();
    let (stats, ()) = tokio::join!(fetcher.run(jobs, outcomes, control), stop);
    assert!(started.elapsed() < Duration::from_secs(3), "the list had not even ended");
    assert_eq!((stats.pages, stats.unfinished, stats.lines), (2, 38, 40));
    let mut all = 0;
    while let Some(outcome) = took.recv().await {
        assert!(outcome.result.is_ok());
        all += 1;
    }
    assert_eq!((all, server.pages().len()), (2, 2));
    assert!(send.is_closed());
}

#[tokio::test]
async fn what_outlasts_the_grace_is_interrupted() {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_secs(30)));
    let grace = Duration::from_millis(50);
    let options = FetchOptions { ignore_robots: true, grace, ..options(&server, &["a.test"]) };
    let fetcher = Fetcher::new(options).unwrap();
    let (send, jobs) = mpsc::channel(100);
    let (outcomes, mut took) = mpsc::channel(100);
    for path in ["/1", "/2"] {
        send.send(Job::new(server.url("a.test", path))).await.unwrap();
    }
    let control = Control::new();
    let stop = {
        let control = control.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            control.stop();
        }
    };
    let (stats, ()) = tokio::join!(fetcher.run(jobs, outcomes, control), stop);
    let failure = took.recv().await.unwrap().result.unwrap_err();
    assert_eq!((failure.kind, failure.url), (FailureKind::Interrupted, Some(server.url("a.test", "/1"))));
    assert!(took.recv().await.is_none());
    assert_eq!((stats.failed(), stats.unfinished), (1, 1));
}

#[tokio::test]
async fn an_abort_drops_what_is_under_way() {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_secs(30)));
    let fetcher =
        Fetcher::new(FetchOptions { ignore_robots: true, ..options(&server, &["a.test"]) }).unwrap();
    let (send, jobs) = mpsc::channel(100);
    let (outcomes, _took) = mpsc::channel(100);
    send.send(Job::new(server.url("a.test", "/"))).await.unwrap();
    let control = Control::new();
    let stop = {
        let control = control.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            control.stop();
            tokio::time::sleep(Duration::from_millis(100)).await;
            control.abort();
        }
    };
    let started = Instant::now();
    let (stats, ()) = tokio::join!(fetcher.run(jobs, outcomes, control), stop);
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!((stats.pages, stats.unfinished), (0, 1));
}

#[tokio::test]
async fn a_consumer_that_goes_away_ends_the_run() {
    let server = Server::start(|_| Reply::html("x"));
    let fetcher = Fetcher::new(options(&server, &["a.test"])).unwrap();
    let (send, jobs) = mpsc::channel(100);
    let (outcomes, took) = mpsc::channel(1);
    for i in 0..50 {
        send.send(Job::new(server.url("a.test", &format!("/{i}")))).await.unwrap();
    }
    drop(took);
    let stats =
        tokio::time::timeout(Duration::from_secs(5), fetcher.run(jobs, outcomes, Control::new())).await;
    assert!(stats.unwrap().pages < 50);
}

#[tokio::test]
async fn single_fetches_and_runs_share_the_hosts_clock() {
    let server = Server::start(|_| Reply::html("x").after(Duration::from_millis(10)));
    let fetcher =
        Fetcher::new(FetchOptions { per_host_delay: DELAY, ..options(&server, &["a.test"]) }).unwrap();
    let (send, jobs) = mpsc::channel(100);
    let (outcomes, _took) = mpsc::channel(100);
    for i in 0..5 {
        send.send(Job::new(server.url("a.test", &format!("/{i}")))).await.unwrap();
    }
    drop(send);
    let urls = ["/x", "/y", "/z"].map(|p| server.url("a.test", p));
    let singles = async { tokio::join!(fetcher.get(&urls[0]), fetcher.get(&urls[1]), fetcher.get(&urls[2])) };
    let (stats, (x, y, z)) = tokio::join!(fetcher.run(jobs, outcomes, Control::new()), singles);
    assert!(x.is_ok() && y.is_ok() && z.is_ok());
    assert_eq!(stats.pages, 5);
    let log = server.log();
    for pair in log.windows(2) {
        assert!(pair[0].ended.unwrap() <= pair[1].begun, "requests overlap");
        assert!(pair[1].begun - pair[0].begun + SLACK >= DELAY);
    }
}
