//! Certificates, good and bad, and HTTP/2.

use khobor::FailureKind;
use khobor::fetch::{FetchOptions, SetupError};

use crate::support::tls::Authority;
use crate::support::{Reply, Server, get, options};

async fn fetch(expired: bool, name: &str, trusted: bool) -> Result<(), (FailureKind, String, usize)> {
    let authority = Authority::new();
    let server = Server::tls(authority.acceptor("good.test", expired), |r| {
        if r.path == "/robots.txt" { Reply::status(404) } else { Reply::html("x") }
    });
    let mut options = options(&server, &["good.test", "other.test"]);
    if trusted {
        options.ca_certs.push(authority.file());
    }
    match get(options, &server.https(name, "/")).await {
        Ok(page) => {
            assert_eq!(page.body, "x");
            Ok(())
        }
        Err(failure) => {
            assert!(failure.hint.is_some());
            Err((failure.kind, failure.message, server.log().len()))
        }
    }
}

#[tokio::test]
async fn a_private_authority_has_to_be_named() {
    assert_eq!(fetch(false, "good.test", true).await, Ok(()));
    let (kind, message, seen) = fetch(false, "good.test", false).await.unwrap_err();
    assert_eq!((kind, seen), (FailureKind::Tls, 0));
    assert!(message.contains("unknown authority"), "{message}");
}

#[tokio::test]
async fn expired_and_misnamed_certificates_are_refused() {
    let (kind, message, seen) = fetch(true, "good.test", true).await.unwrap_err();
    assert_eq!((kind, seen), (FailureKind::Tls, 0));
    assert!(message.contains("expired"), "{message}");
    let (kind, message, seen) = fetch(false, "other.test", true).await.unwrap_err();
    assert_eq!((kind, seen), (FailureKind::Tls, 0));
    assert!(message.contains("another name"), "{message}");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls() {
    let server = Server::start(|_| Reply::html("x"));
    let failure = get(options(&server, &["a.test"]), &server.https("a.test", "/")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls, "{failure:?}");
}

#[tokio::test]
async fn a_ca_file_that_is_none_is_told_at_once() {
    let server = Server::start(|_| Reply::html("x"));
    let options = FetchOptions { ca_certs: vec!["no/such/file.pem".into()], ..options(&server, &[]) };
    let error = khobor::Fetcher::new(options).unwrap_err();
    assert!(matches!(error, SetupError::CaCert { .. }) && !error.hint().is_empty());
}

#[tokio::test]
async fn http_2_where_the_server_has_it() {
    let authority = Authority::new();
    let acceptor = authority.acceptor_for("good.test", false, &[b"h2", b"http/1.1"]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        let stream = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
        let mut connection = h2::server::handshake(stream).await.unwrap();
        let mut paths = Vec::new();
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            paths.push(request.uri().path().to_owned());
            let status = if request.uri().path() == "/robots.txt" { 404 } else { 200 };
            let head = http::Response::builder()
                .status(status)
                .header("content-type", "text/html")
                .body(())
                .unwrap();
            respond.send_response(head, false).unwrap().send_data("two".into(), true).unwrap();
        }
        paths
    });
    let other = Server::start(|_| Reply::html("x"));
    let mut options = options(&other, &[]);
    options.ca_certs.push(authority.file());
    options.resolve = vec![format!("good.test:{}:127.0.0.1", address.port()).parse().unwrap()];
    let page = get(options, &format!("https://good.test:{}/", address.port())).await.unwrap();
    assert_eq!(page.body, "two");
    assert!(page.response_head.starts_with(b"HTTP/1.1 200 OK\r\n"), "written as HTTP/1.1");
    assert_eq!(serving.await.unwrap(), ["/robots.txt", "/"], "over one connection");
}
