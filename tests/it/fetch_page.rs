//! One page: what comes back of it, and what the server is told.

use std::io::Write;

use khobor::FailureKind;
use khobor::fetch::{FetchOptions, Fetcher, Job, Validators, Want};

use crate::support::{Reply, Server, get, options};

#[tokio::test]
async fn a_page_with_everything_known_of_it() {
    let server = Server::start(|_| {
        Reply::html("<p>খবর</p>")
            .header("etag", "\"v1\"")
            .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")
    });
    let url = server.url("news.test", "/a%e0?b=c#frag");
    let page = get(options(&server, &["news.test"]), &url).await.unwrap();
    assert_eq!(page.url, url);
    assert_eq!(page.final_url, None);
    assert_eq!(page.status, 200);
    assert_eq!(page.body, "<p>খবর</p>");
    assert_eq!(page.payload, page.body);
    assert_eq!(page.bytes_on_wire, page.body.len() as u64);
    assert_eq!(page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(page.charset.as_deref(), Some("utf-8"));
    assert_eq!(page.etag.as_deref(), Some("\"v1\""));
    assert_eq!(page.last_modified.as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_eq!(page.attempts, 1);
    assert_eq!(page.remote_addr, Some(server.address));
    let request = String::from_utf8(page.request_head).unwrap();
    assert!(request.starts_with("GET /a%e0?b=c HTTP/1.1\r\nhost: news.test:"), "{request}");
    assert!(request.ends_with("\r\n\r\n") && request.contains("user-agent: khobor/"));
    let response = String::from_utf8(page.response_head).unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n") && response.contains("etag: \"v1\"\r\n"));
    let seen = &server.pages()[0];
    assert_eq!(seen.path, "/a%e0?b=c", "sent as written, without the fragment");
    assert_eq!(seen.headers["accept-encoding"], "gzip, deflate, br, zstd");
    assert!(seen.headers["user-agent"].starts_with("khobor/"));
}

#[tokio::test]
async fn the_payload_keeps_its_coding() {
    let text = "<p>খবর</p>".repeat(100);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let zipped = encoder.finish().unwrap();
    let reply = Reply::html(zipped.clone()).header("content-encoding", "gzip");
    let server = Server::start(move |_| reply.clone());
    let page = get(options(&server, &["a.test"]), &server.url("a.test", "/")).await.unwrap();
    assert_eq!(page.body, text);
    assert_eq!(page.payload, zipped);
    assert_eq!(page.bytes_on_wire, zipped.len() as u64);
}

#[tokio::test]
async fn http_1_0_and_chunks_with_trailers() {
    let server = Server::start(|request| match request.path.as_str() {
        "/old" => Reply::bytes("HTTP/1.0 200 OK\r\ncontent-type: text/html\r\n\r\n<p>old</p>"),
        _ => Reply::bytes(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\ntrailer: x\r\n\r\n\
             4\r\n<p>c\r\n6\r\nhunked\r\n0\r\nx: y\r\n\r\n",
        ),
    });
    let options = options(&server, &["a.test"]);
    let old = get(options.clone(), &server.url("a.test", "/old")).await.unwrap();
    assert_eq!(old.body, "<p>old</p>");
    assert!(old.response_head.starts_with(b"HTTP/1.0 200"));
    let chunked = get(options, &server.url("a.test", "/chunked")).await.unwrap();
    assert_eq!((&chunked.body[..], &chunked.payload[..]), (&b"<p>chunked"[..], &b"<p>chunked"[..]));
}

#[tokio::test]
async fn a_conditional_request() {
    let server = Server::start(|request| match request.headers.get("if-none-match").map(String::as_str) {
        Some("\"v1\"") => Reply::status(304).header("etag", "\"v1\""),
        _ => Reply::html("new"),
    });
    let fetcher = Fetcher::new(options(&server, &["a.test"])).unwrap();
    let known = Validators { etag: Some("\"v1\"".into()), last_modified: None };
    let url = server.url("a.test", "/");
    let same = fetcher.get_job(Job::new(&url).knowing(known)).await.unwrap();
    assert_eq!((same.status, same.body.len()), (304, 0));
    assert_eq!(fetcher.get(&url).await.unwrap().body, "new");
}

#[tokio::test]
async fn what_is_no_page_is_not_read() {
    let server = Server::start(|request| match request.path.as_str() {
        "/json" => Reply::status(200).header("content-type", "application/json").body("{}"),
        "/untyped-html" => Reply::status(200).body("<!doctype html><p>x"),
        "/untyped-pdf" => Reply::status(200).body("%PDF-1.7"),
        "/lying" => Reply::html(b"\x89PNG\r\n\x1a\n".to_vec()),
        "/feed" => Reply::status(200).header("content-type", "application/rss+xml").body("<rss/>"),
        path => panic!("{path}"),
    });
    let fetcher = Fetcher::new(options(&server, &["a.test"])).unwrap();
    for path in ["/json", "/untyped-pdf", "/lying", "/feed"] {
        let failure = fetcher.get(&server.url("a.test", path)).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotHtml, "{path}");
        assert_eq!(failure.status, Some(200));
    }
    assert!(fetcher.get(&server.url("a.test", "/untyped-html")).await.is_ok());
    let feed = Job::new(server.url("a.test", "/feed")).wanting(Want::Anything);
    assert_eq!(fetcher.get_job(feed).await.unwrap().body, "<rss/>");
}

#[tokio::test]
async fn a_bot_wall_is_named_and_not_tried_again() {
    let server = Server::start(|request| match request.path.as_str() {
        "/header" => Reply::html("x").header("cf-mitigated", "challenge"),
        "/503" => Reply::status(503)
            .body("<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x>"),
        _ => Reply::html("<title>DDoS-Guard</title>"),
    });
    let fetcher = Fetcher::new(options(&server, &["a.test"])).unwrap();
    for (path, status) in [("/header", 200), ("/503", 503), ("/200", 200)] {
        let failure = fetcher.get(&server.url("a.test", path)).await.unwrap_err();
        assert_eq!((failure.kind, failure.status), (FailureKind::Challenge, Some(status)), "{path}");
        assert_eq!((failure.attempts, server.seen(path).len()), (1, 1));
    }
}

#[tokio::test]
async fn credentials_go_to_their_own_origin_only() {
    let server = Server::start(|request| match (request.host.as_str(), request.path.as_str()) {
        ("a.test", "/start") => Reply::moved("/next"),
        ("a.test", "/next") => {
            Reply::moved(format!("http://b.test:{}/", request.headers["host"].rsplit(':').next().unwrap()))
        }
        _ => Reply::html("x"),
    });
    let url = server.url("user:geheim@a.test", "/start");
    let page = get(options(&server, &["a.test", "b.test"]), &url).await.unwrap();
    assert_eq!(page.url, server.url("user:***@a.test", "/start"));
    assert!(!String::from_utf8_lossy(&page.request_head).contains("authorization"));
    for (path, sent) in [("/start", true), ("/next", true), ("/", false)] {
        assert_eq!(server.seen(path)[0].headers.contains_key("authorization"), sent, "{path}");
    }
    let missing = server.url("user:geheim@a.test", "/start").replace("/start", "/x");
    let failure =
        get(FetchOptions { max_bytes: 0, ..options(&server, &["a.test"]) }, &missing).await.unwrap_err();
    assert!(!format!("{failure:?}").contains("geheim"));
}

#[tokio::test]
async fn no_url_is_a_failure_of_its_own() {
    let server = Server::start(|_| Reply::html("x"));
    for line in ["", "words", "ftp://e.com/", "http://"] {
        let failure = get(options(&server, &[]), line).await.unwrap_err();
        assert_eq!((failure.kind, failure.attempts), (FailureKind::BadUrl, 0), "{line}");
        assert!(failure.hint.is_some() && failure.at.is_some());
    }
    assert!(server.log().is_empty());
}
