//! Redirects, and where they must not lead.

use std::collections::HashSet;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use khobor::FailureKind;
use khobor::fetch::{FetchOptions, NameService};

use crate::support::{Reply, Request, Server, get, options, run};

/// `/3` leads to `/2`, that to `/1`, that to `/0`, which is a page.
fn countdown(request: &Request) -> Reply {
    match request.path[1..].parse::<u32>() {
        Ok(0) => Reply::html("end"),
        Ok(n) => Reply::moved(format!("/{}", n - 1)),
        Err(_) => Reply::status(404),
    }
}

#[tokio::test]
async fn ten_redirects_are_followed_and_eleven_are_not() {
    let server = Server::start(countdown);
    let options = options(&server, &["a.test"]);
    let page = get(options.clone(), &server.url("a.test", "/10")).await.unwrap();
    assert_eq!(page.final_url, Some(server.url("a.test", "/0")));
    assert_eq!(page.url, server.url("a.test", "/10"));
    assert_eq!(page.attempts, 11);
    let before = server.pages().len();
    let failure = get(options, &server.url("a.test", "/11")).await.unwrap_err();
    assert_eq!((failure.kind, failure.status), (FailureKind::Redirect, Some(302)));
    assert_eq!(server.pages().len() - before, 11);
}

#[tokio::test]
async fn loops_and_dead_ends_fail_at_once() {
    let server = Server::start(|request| match request.path.as_str() {
        "/self" => Reply::moved("/self"),
        "/ping" => Reply::moved("/pong"),
        "/pong" => Reply::moved("/ping#x"),
        "/file" => Reply::moved("file:///etc/passwd"),
        "/nowhere" => Reply::status(301),
        _ => Reply::status(300).header("location", "/0"),
    });
    let urls = ["/self", "/ping", "/file", "/nowhere"].map(|path| server.url("a.test", path));
    let done = run(options(&server, &["a.test"]), urls).await;
    assert_eq!(done.kinds(), ["redirect"; 4]);
    assert_eq!(server.pages().len(), 5);
    let failure = get(options(&server, &["a.test"]), &server.url("a.test", "/choices")).await.unwrap_err();
    assert_eq!((failure.kind, failure.status), (FailureKind::HttpStatus, Some(300)));
}

#[tokio::test]
async fn redirects_between_hosts_wait_for_the_other_hosts_turn() {
    let server = Server::start(|request| match request.host.as_str() {
        "old.test" => Reply::moved(format!(
            "http://new.test:{}{}",
            request.headers["host"].rsplit(':').next().unwrap(),
            request.path
        )),
        _ => Reply::html("x").after(std::time::Duration::from_millis(20)),
    });
    let urls = (0..6).map(|i| server.url(if i % 2 == 0 { "old.test" } else { "new.test" }, &format!("/{i}")));
    let done = run(options(&server, &["old.test", "new.test"]), urls).await;
    assert_eq!(done.stats.pages, 6);
    let mut new: Vec<_> = server.log().into_iter().filter(|r| r.host == "new.test").collect();
    new.sort_by_key(|r| r.begun);
    assert!(new.windows(2).all(|w| w[0].ended.unwrap() <= w[1].begun), "requests overlap");
}

#[tokio::test]
async fn no_redirect_leads_to_a_special_address() {
    let server = Server::start(|request| Reply::moved(request.path[1..].to_owned()));
    let port = server.address.port();
    let targets = [
        format!("http://127.0.0.1:{port}/x"),
        format!("http://localhost:{port}/x"),
        format!("http://2130706433:{port}/x"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        format!("http://[::1]:{port}/"),
        "http://[::ffff:10.0.0.1]/".to_owned(),
        "http://[64:ff9b::a9fe:a9fe]/".to_owned(),
        "http://[2002:7f00:1::]/".to_owned(),
        "http://0.0.0.0/".to_owned(),
    ];
    for target in targets {
        let url = server.url("a.test", &format!("/{target}"));
        let failure = get(options(&server, &["a.test"]), &url).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::BlockedAddress, "{target}");
        assert!(failure.hint.unwrap().contains("--allow-private"));
    }
    assert!(server.seen("/x").is_empty());
    let url = server.url("a.test", &format!("/http://127.0.0.1:{port}//"));
    let allowed = FetchOptions { allow_private: true, ..options(&server, &["a.test"]) };
    let failure = get(allowed, &url).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Redirect, "it got there: {failure:?}");
    assert!(server.log().iter().any(|r| r.host == "127.0.0.1"));
}

#[tokio::test]
async fn the_list_may_name_a_special_address_itself() {
    let server = Server::start(|request| match request.path.as_str() {
        "/near" => Reply::moved("/end"),
        "/far" => Reply::moved("http://127.0.0.1:9/"),
        _ => Reply::html("x"),
    });
    for host in ["127.0.0.1", "localhost", "127.1"] {
        assert!(get(options(&server, &[]), &server.url(host, "/")).await.is_ok(), "{host}");
    }
    assert!(get(options(&server, &[]), &server.url("127.0.0.1", "/near")).await.is_ok());
    let far = get(options(&server, &[]), &server.url("127.0.0.1", "/far")).await.unwrap_err();
    assert_eq!(far.kind, FailureKind::BlockedAddress, "another port is another service");
}

/// A name service that counts how often it is asked.
#[derive(Debug)]
struct Book {
    answer: &'static str,
    asked: AtomicUsize,
}

impl NameService for Book {
    fn lookup<'a>(
        &'a self,
        _: &'a str,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'a>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(vec![self.answer.parse().unwrap()]) })
    }
}

#[tokio::test]
async fn a_name_that_resolves_to_a_special_address_is_refused() {
    let server = Server::start(|_| Reply::html("x"));
    for answer in ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"] {
        let book = Arc::new(Book { answer, asked: AtomicUsize::new(0) });
        let options = FetchOptions { name_service: Some(book), ..options(&server, &[]) };
        let done = run(options, [server.url("lan.test", "/")]).await;
        assert_eq!(done.kinds(), ["blocked_address"], "{answer}");
    }
    assert!(server.log().is_empty());
}

#[tokio::test]
async fn a_name_is_looked_up_once_for_a_connection() {
    // The check and the connection use one answer: a name that changes its
    // mind between two lookups has no second one to do it in.
    let server = Server::start(|_| Reply::html("x"));
    let book = Arc::new(Book { answer: "127.0.0.1", asked: AtomicUsize::new(0) });
    let service: Arc<dyn NameService> = Arc::<Book>::clone(&book);
    let options = FetchOptions { name_service: Some(service), allow_private: true, ..options(&server, &[]) };
    let done = run(options, (0..5).map(|i| server.url("lan.test", &format!("/{i}")))).await;
    assert_eq!(done.stats.pages, 5);
    let connections: HashSet<_> = server.log().iter().map(|r| r.connection).collect();
    assert_eq!(connections.len(), 1, "the connection is used again");
    assert_eq!(book.asked.load(Ordering::SeqCst), 1);
}
