//! Servers that break off, send too much or send it too slowly.

use std::io::Write;
use std::time::{Duration, Instant};

use khobor::failure::{Failure, FailureKind};
use khobor::fetch::FetchOptions;

use crate::support::{Part, Reply, Server, get, options};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n";

/// Fetches `/` of a server that always answers so, without retries.
async fn fail(reply: Reply, change: impl FnOnce(&mut FetchOptions)) -> Failure {
    let server = Server::start(move |_| reply.clone());
    let mut options = FetchOptions { retries: 0, ..options(&server, &["a.test"]) };
    change(&mut options);
    let started = Instant::now();
    let failure = get(options, &server.url("a.test", "/")).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(4), "{failure:?}");
    assert!(failure.hint.is_some(), "{failure:?}");
    assert!(failure.message.starts_with(|c: char| !c.is_uppercase()), "{failure:?}");
    failure
}

fn no_change(_: &mut FetchOptions) {}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_refused_connection() {
    let server = Server::start(|_| Reply::html("x"));
    let (options, url) = (options(&server, &["a.test"]), server.url("a.test", "/"));
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let failure = get(FetchOptions { retries: 1, ..options }, &url).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.message.as_str()),
        (FailureKind::Connect, "the connection was refused")
    );
}

#[tokio::test]
async fn a_name_that_does_not_exist() {
    let server = Server::start(|_| Reply::html("x"));
    let options = FetchOptions { retries: 0, ..options(&server, &[]) };
    let failure = get(options, &server.url("no-such-host.invalid", "/")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Dns, "{failure:?}");
    assert!(failure.message.contains("no-such-host.invalid"));
}

#[tokio::test]
async fn resets_before_and_amid_the_answer() {
    let failure = fail(Reply::script([Part::Reset]), no_change).await;
    assert_eq!(failure.kind, FailureKind::Connect, "{failure:?}");
    let amid = Part::Bytes(format!("{OK}content-length: 1000\r\n\r\n<p>").into());
    let failure =
        fail(Reply::script([amid, Part::Wait(Duration::from_millis(20)), Part::Reset]), no_change).await;
    assert_eq!((failure.kind, failure.status), (FailureKind::Connect, Some(200)), "{failure:?}");
}

#[tokio::test]
async fn bodies_shorter_than_promised() {
    for body in [
        format!("{OK}content-length: 1000\r\n\r\n<p>short"),
        format!("{OK}transfer-encoding: chunked\r\n\r\n5\r\n<p>sh"),
        format!("{OK}transfer-encoding: chunked\r\n\r\nzz\r\n<p>sh"),
        "HTTP/1.1 200 OK\r\ncontent-ty".to_owned(),
        "not http at all\r\n\r\n".to_owned(),
        String::new(),
    ] {
        let failure = fail(Reply::bytes(body.clone()), no_change).await;
        assert_eq!(failure.kind, FailureKind::Connect, "{body:?}: {failure:?}");
    }
}

#[tokio::test]
async fn bodies_longer_than_promised_end_where_promised() {
    let reply = Reply::bytes(format!("{OK}content-length: 4\r\n\r\n<p>xHTTP/1.1 200 OK\r\n\r\nsmuggled"));
    let server = Server::start(move |_| reply.clone());
    let page = get(options(&server, &["a.test"]), &server.url("a.test", "/")).await.unwrap();
    assert_eq!(page.body, "<p>x");
}

#[tokio::test]
async fn codings_that_are_cut_broken_or_unknown() {
    let whole = gzip("<p>খবর</p>".repeat(500).as_bytes());
    let cut = Reply::html(whole[..whole.len() / 2].to_vec()).header("content-encoding", "gzip");
    assert_eq!(fail(cut, no_change).await.kind, FailureKind::Decode);
    let plain = Reply::html("<p>plain").header("content-encoding", "gzip");
    assert_eq!(fail(plain, no_change).await.kind, FailureKind::Decode);
    let unknown = Reply::html("x").header("content-encoding", "rot13");
    let failure = fail(unknown, no_change).await;
    assert_eq!((failure.kind, failure.status), (FailureKind::Decode, Some(200)));
    assert!(failure.message.contains("rot13"));
}

#[tokio::test]
async fn bombs_and_bodies_without_end() {
    let bomb = Reply::html(gzip(&vec![b' '; 8 * 1024 * 1024])).header("content-encoding", "gzip");
    let failure = fail(bomb.clone(), no_change).await;
    assert_eq!(failure.kind, FailureKind::TooLarge);
    assert!(failure.message.contains("200-fold"), "{}", failure.message);
    let failure = fail(bomb, |o| o.max_bytes = 100_000).await;
    assert!(failure.message.contains("100000 bytes"), "{}", failure.message);
    let endless = Reply::script([
        Part::Bytes(format!("{OK}\r\n").into()),
        Part::Endless(b"<p>more</p>".repeat(1000), Duration::ZERO),
    ]);
    assert_eq!(fail(endless, |o| o.max_bytes = 300_000).await.kind, FailureKind::TooLarge);
    let announced = Reply::bytes(format!("{OK}content-length: 99999999999\r\n\r\n"));
    assert_eq!(fail(announced, no_change).await.kind, FailureKind::TooLarge);
}

#[tokio::test]
async fn floods_of_headers() {
    let one = Reply::html("x").header("x-long", "a".repeat(1024 * 1024));
    let many = (0..5000).fold(Reply::html("x"), |reply, i| reply.header(&format!("x-{i}"), "a".repeat(200)));
    let some = (0..50).fold(Reply::html("x"), |reply, i| reply.header(&format!("x-{i}"), "a".repeat(2000)));
    for reply in [one, many, some] {
        let failure = fail(reply, no_change).await;
        assert_eq!(failure.kind, FailureKind::TooLarge, "{failure:?}");
    }
}

#[tokio::test]
async fn slow_drips_and_silence() {
    let quick = |o: &mut FetchOptions| {
        o.timeout = Duration::from_millis(400);
        o.slow_window = Duration::from_millis(100);
        o.slow_bytes = 100;
    };
    let silence = Reply::script([Part::Wait(Duration::from_secs(30))]);
    let failure = fail(silence, quick).await;
    assert_eq!((failure.kind, failure.status), (FailureKind::Timeout, None));
    let head =
        Reply::script([Part::Bytes(OK.into()), Part::Endless(b"x: y\r\n".into(), Duration::from_millis(10))]);
    assert_eq!(fail(head, quick).await.kind, FailureKind::Timeout);
    let body =
        [Part::Bytes(format!("{OK}\r\n").into()), Part::Endless(b"<".into(), Duration::from_millis(10))];
    let failure = fail(Reply::script(body.clone()), quick).await;
    assert_eq!((failure.kind, failure.status), (FailureKind::Timeout, Some(200)));
    assert!(failure.message.contains("too slowly"), "{}", failure.message);
    // Fast enough for the drip limit, and still not without end.
    let failure = fail(Reply::script(body), |o| {
        quick(o);
        o.slow_bytes = 1;
    })
    .await;
    assert!(failure.message.contains("no complete answer"), "{}", failure.message);
}
