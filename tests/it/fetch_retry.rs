//! What is tried again, how soon, and when a host is given up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use khobor::FailureKind;
use khobor::fetch::{FetchOptions, Fetcher};

use crate::support::{Part, Reply, Server, get, options, run};

/// A server that answers so the first `times`, and with a page from then on.
fn troubled(times: usize, reply: Reply) -> Server {
    let seen = AtomicUsize::new(0);
    Server::start(move |_| {
        if seen.fetch_add(1, Ordering::SeqCst) < times { reply.clone() } else { Reply::html("at last") }
    })
}

#[tokio::test]
async fn trouble_that_passes_is_waited_out() {
    let reset = Reply::script([Part::Reset]);
    let cut = Reply::bytes("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 99\r\n\r\n<p>");
    for trouble in [Reply::status(503), Reply::status(500), Reply::status(429), reset, cut] {
        let server = troubled(2, trouble);
        let page = get(options(&server, &["a.test"]), &server.url("a.test", "/")).await.unwrap();
        assert_eq!((page.attempts, server.pages().len()), (3, 3));
    }
}

#[tokio::test]
async fn trouble_that_stays_is_told_with_its_attempts() {
    let server = troubled(usize::MAX, Reply::status(503));
    let done = run(options(&server, &["a.test"]), [server.url("a.test", "/")]).await;
    let failure = done.outcomes[0].result.as_ref().unwrap_err();
    assert_eq!((failure.kind, failure.status, failure.attempts), (FailureKind::HttpStatus, Some(503), 3));
    assert_eq!((done.stats.retries, done.stats.requests, done.stats.robots_requests), (2, 4, 1));
}

#[tokio::test]
async fn what_will_not_change_is_not_tried_again() {
    for status in [400, 401, 403, 404, 410, 451] {
        let server = troubled(usize::MAX, Reply::status(status));
        let failure = get(options(&server, &["a.test"]), &server.url("a.test", "/")).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.status, failure.attempts),
            (FailureKind::HttpStatus, Some(status), 1)
        );
        assert_eq!(server.pages().len(), 1);
    }
}

#[tokio::test]
async fn a_timeout_is_tried_again() {
    let server = troubled(1, Reply::html("late").after(Duration::from_secs(20)));
    let options = FetchOptions { timeout: Duration::from_millis(100), ..options(&server, &["a.test"]) };
    let page = get(options, &server.url("a.test", "/")).await.unwrap();
    assert_eq!((page.attempts, &page.body[..]), (2, &b"at last"[..]));
}

/// Runs two pages of one host, the first answered with 503 or 429 and this
/// `Retry-After`; gives the gap that followed it.
async fn gap(status: u16, retry_after: String, date: Option<String>) -> Duration {
    let mut reply = Reply::status(status).header("retry-after", retry_after);
    if let Some(date) = date {
        reply = reply.header("date", date);
    }
    let server = troubled(1, reply);
    let urls = ["/1", "/2"].map(|p| server.url("a.test", p));
    let done = run(options(&server, &["a.test"]), urls).await;
    assert_eq!(done.stats.pages, 2);
    let log = server.pages();
    log[1].begun - log[0].ended.unwrap()
}

#[tokio::test]
async fn retry_after_holds_the_whole_host_back() {
    // By the server's own clock, which is years behind.
    let (date, then) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:38 GMT");
    let (a, b, c, d) = tokio::join!(
        gap(503, "1".into(), None),
        gap(429, "1".into(), None),
        gap(503, then.into(), Some(date.into())),
        gap(429, then.into(), Some(date.into())),
    );
    for gap in [a, b, c, d] {
        assert!(gap >= Duration::from_millis(990) && gap < Duration::from_secs(4), "{gap:?}");
    }
    let past = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(60));
    assert!(gap(503, past, None).await < Duration::from_millis(900));
}

#[tokio::test]
async fn a_host_that_asks_for_too_long_is_left_alone() {
    let server = troubled(usize::MAX, Reply::status(503).header("retry-after", "86400"));
    let urls = (0..5).map(|i| server.url("a.test", &format!("/{i}")));
    let done = run(options(&server, &["a.test"]), urls).await;
    assert_eq!(done.kinds(), ["host_down", "host_down", "host_down", "host_down", "http_status"]);
    assert_eq!(server.pages().len(), 1);
    let told = done.outcomes.iter().filter_map(|o| o.result.as_ref().err()).next_back().unwrap();
    assert!(told.message.contains("86400"), "{}", told.message);
}

#[tokio::test]
async fn a_host_that_fails_too_often_is_given_up() {
    let server = Server::raw(|r| match (r.host.as_str(), r.path.as_str()) {
        (_, "/robots.txt") | ("gone.test", _) => Reply::status(404),
        ("down.test", _) => Reply::status(500),
        ("shaky.test", path) if !path.ends_with('4') => Reply::status(500),
        _ => Reply::html("x"),
    });
    let hosts = ["down.test", "gone.test", "shaky.test", "up.test"];
    let urls = hosts.iter().flat_map(|h| (0..8).map(|i| server.url(h, &format!("/{i}")))).collect::<Vec<_>>();
    let options = FetchOptions { retries: 0, host_failures: 5, ..options(&server, &hosts) };
    let done = run(options, urls).await;
    let count = |host: &str, kind: FailureKind| {
        let of = done.outcomes.iter().filter(|o| o.job.url.contains(host));
        of.filter(|o| o.result.as_ref().is_err_and(|f| f.kind == kind)).count()
    };
    assert_eq!(count("down.test", FailureKind::HttpStatus), 5);
    assert_eq!(count("down.test", FailureKind::HostDown), 3);
    assert_eq!(count("gone.test", FailureKind::HttpStatus), 8, "404 is an answer");
    assert_eq!(count("shaky.test", FailureKind::HttpStatus), 7, "five in a row, not five in all");
    assert_eq!(done.stats.pages, 9);
    assert_eq!(server.log().iter().filter(|r| r.host == "down.test").count(), 6);
}

#[tokio::test]
async fn an_unreachable_host_is_given_up_too() {
    let server = Server::start(|_| Reply::html("x"));
    let urls: Vec<_> = (0..30).map(|i| server.url("a.test", &format!("/{i}"))).collect();
    let options = FetchOptions { retries: 0, ..options(&server, &["a.test"]) };
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let fetcher = Fetcher::new(options.clone()).unwrap();
    let done = run(options, urls.clone()).await;
    assert_eq!(done.kinds().iter().filter(|k| **k == "connect").count(), 20);
    assert_eq!(done.kinds().iter().filter(|k| **k == "host_down").count(), 10);
    // A fetcher of its own knows nothing of that.
    assert_eq!(fetcher.get(&urls[0]).await.unwrap_err().kind, FailureKind::Connect);
}

#[tokio::test]
async fn a_retry_holds_no_other_host_back() {
    let server = Server::raw(|r| match (r.host.as_str(), r.path.as_str()) {
        (_, "/robots.txt") => Reply::status(404),
        ("slow.test", "/1") => Reply::status(503).header("retry-after", "1"),
        _ => Reply::html("x"),
    });
    let hosts = ["slow.test", "a.test", "b.test"];
    let urls =
        hosts.iter().flat_map(|h| (0..10).map(|i| server.url(h, &format!("/{i}")))).collect::<Vec<_>>();
    let done = run(FetchOptions { retries: 1, ..options(&server, &hosts) }, urls).await;
    assert_eq!(done.stats.pages, 29);
    let log = server.log();
    let paused = log.iter().find(|r| r.host == "slow.test" && r.path == "/1").unwrap().begun;
    let others = log.iter().filter(|r| r.host != "slow.test").map(|r| r.begun).max().unwrap();
    assert!(others < paused + Duration::from_millis(900), "the others did not wait");
}
