//! Proxies: what goes through them, and what still does not.

use khobor::FailureKind;
use khobor::fetch::{FetchOptions, ProxyChoice};

use crate::support::{Reply, Server, get, options};

fn through(proxy: &Server, server: &Server) -> FetchOptions {
    let proxy = ProxyChoice::Url(format!("http://user:geheim@127.0.0.1:{}", proxy.address.port()));
    FetchOptions { proxy, ..options(server, &[]) }
}

#[tokio::test]
async fn a_proxy_resolves_for_itself_and_may_stand_on_loopback() {
    let server = Server::start(|_| Reply::html("direct"));
    let proxy = Server::start(|_| Reply::html("by proxy"));
    let page = get(through(&proxy, &server), "http://site.invalid/x").await.unwrap();
    assert_eq!(page.body, "by proxy");
    let seen = proxy.log();
    assert_eq!(seen.last().unwrap().path, "http://site.invalid/x");
    assert!(seen.last().unwrap().headers.contains_key("proxy-authorization"));
    assert!(!String::from_utf8_lossy(&page.request_head).contains("proxy-authorization"));
    assert!(server.log().is_empty());
}

#[tokio::test]
async fn literals_are_refused_through_a_proxy_too() {
    let server = Server::start(|_| Reply::html("direct"));
    let proxy = Server::raw(|r| match r.path.as_str() {
        "http://site.invalid/robots.txt" => Reply::status(404),
        _ => Reply::moved("http://169.254.169.254/latest/"),
    });
    let failure = get(through(&proxy, &server), "http://site.invalid/").await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::BlockedAddress);
    assert!(proxy.log().iter().all(|r| !r.path.contains("169.254")));
}
