//! robots.txt as servers have it, and what it makes of a list.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use khobor::FailureKind;
use khobor::fetch::{FetchOptions, Fetcher};

use crate::support::{Part, Reply, Request, Server, get, options, run};

/// A server with this robots.txt.
fn with(robots: &'static str) -> Server {
    Server::raw(move |r| if r.path == "/robots.txt" { Reply::text(robots) } else { Reply::html("page") })
}

#[tokio::test]
async fn rules_are_kept_and_asked_for_once() {
    let server =
        with("User-agent: *\nDisallow: /closed\nAllow: /closed/open\nDisallow: /*.pdf$\nDisallow: /খবর\n");
    let paths = ["/", "/closed/1", "/closed/open", "/a.pdf", "/a.pdf?x", "/%e0%a6%96%e0%a6%ac%e0%a6%b0/1"];
    let done = run(options(&server, &["a.test"]), paths.map(|p| server.url("a.test", p))).await;
    for (path, allowed) in paths.into_iter().zip([true, false, true, false, true, false]) {
        let outcome = done.outcome(&server.url("a.test", path));
        assert_eq!(outcome.result.is_ok(), allowed, "{path}");
        if let Err(failure) = &outcome.result {
            assert_eq!((failure.kind, failure.attempts), (FailureKind::Robots, 0));
        }
    }
    assert_eq!(server.seen("/robots.txt").len(), 1);
    assert_eq!(server.pages().len(), 3, "a forbidden page is not asked for");
}

#[tokio::test]
async fn the_product_token_follows_the_user_agent() {
    let server = with("User-agent: *\nDisallow: /\n\nUser-agent: deskbot\nDisallow: /x\n");
    let url = server.url("a.test", "/");
    assert!(get(options(&server, &["a.test"]), &url).await.is_err());
    let other = FetchOptions {
        user_agent: "DeskBot/1.0 (+mailto:desk@e.com)".into(),
        ..options(&server, &["a.test"])
    };
    assert!(get(other, &url).await.is_ok());
    assert!(server.seen("/")[0].headers["user-agent"].starts_with("DeskBot/1.0"));
    let ignoring = FetchOptions { ignore_robots: true, ..options(&server, &["a.test"]) };
    let before = server.seen("/robots.txt").len();
    assert!(get(ignoring, &url).await.is_ok());
    assert_eq!(server.seen("/robots.txt").len(), before);
}

#[tokio::test]
async fn a_missing_file_allows_everything() {
    for status in [401, 403, 404, 410] {
        let server = Server::raw(move |r| {
            if r.path == "/robots.txt" { Reply::status(status).body("Disallow: /") } else { Reply::html("x") }
        });
        assert!(get(options(&server, &["a.test"]), &server.url("a.test", "/")).await.is_ok(), "{status}");
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_a_full_stop() {
    for status in [429, 500, 503] {
        let server =
            Server::raw(
                move |r| {
                    if r.path == "/robots.txt" { Reply::status(status) } else { Reply::html("x") }
                },
            );
        let urls = (0..30).map(|i| server.url("a.test", &format!("/{i}")));
        let done = run(options(&server, &["a.test"]), urls).await;
        assert_eq!(done.kinds(), ["robots"; 30]);
        assert!(done.outcomes.iter().all(|o| o.result.as_ref().unwrap_err().status == Some(status)));
        assert!(server.pages().is_empty(), "{status}");
        assert_eq!(server.log().len(), 3, "three tries for all pages together");
    }
}

#[tokio::test]
async fn a_server_that_recovers_goes_on() {
    let tries = AtomicUsize::new(0);
    let server = Server::raw(move |r| match (r.path.as_str(), tries.load(Ordering::SeqCst)) {
        ("/robots.txt", 0 | 1) => {
            tries.fetch_add(1, Ordering::SeqCst);
            Reply::status(503).header("retry-after", "0")
        }
        ("/robots.txt", _) => Reply::text("User-agent: *\nDisallow: /no"),
        _ => Reply::html("x"),
    });
    let done = run(options(&server, &["a.test"]), ["/yes", "/no"].map(|p| server.url("a.test", p))).await;
    assert!(done.outcome(&server.url("a.test", "/yes")).result.is_ok());
    assert_eq!(done.kinds(), ["robots"]);
    assert_eq!(server.seen("/robots.txt").len(), 3);
}

#[tokio::test]
async fn its_redirects_are_followed_within_bounds() {
    fn answer(r: &Request) -> Reply {
        let port = r.headers["host"].rsplit(':').next().unwrap();
        match (r.host.as_str(), r.path.as_str()) {
            ("near.test", "/robots.txt") => Reply::moved(format!("http://files.test:{port}/r/4")),
            ("far.test", "/robots.txt") => Reply::moved(format!("http://files.test:{port}/r/5")),
            ("lured.test", "/robots.txt") => Reply::moved(format!("http://127.0.0.1:{port}/r/0")),
            (_, "/r/0") => Reply::text("User-agent: *\nDisallow: /"),
            (_, path) if path.starts_with("/r/") => {
                let n: usize = path[3..].parse().unwrap();
                Reply::moved(format!("/r/{}", n - 1))
            }
            (_, "/robots.txt") => Reply::status(404),
            _ => Reply::html("x"),
        }
    }
    let server = Server::raw(answer);
    let hosts = ["near.test", "far.test", "lured.test", "files.test"];
    let done = run(options(&server, &hosts), hosts.map(|h| server.url(h, "/"))).await;
    let failure = done.outcome(&server.url("near.test", "/")).result.as_ref().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Robots);
    for host in ["far.test", "lured.test", "files.test"] {
        assert!(done.outcome(&server.url(host, "/")).result.is_ok(), "{host}");
    }
    assert!(server.log().iter().all(|r| r.host != "127.0.0.1"));
}

#[tokio::test]
async fn crawl_delay_slows_its_host_and_no_other() {
    let server = Server::raw(|r| match (r.host.as_str(), r.path.as_str()) {
        ("slow.test", "/robots.txt") => Reply::text("User-agent: *\nCrawl-delay: 0.1"),
        (_, "/robots.txt") => Reply::status(404),
        _ => Reply::html("x"),
    });
    let urls = (0..4).flat_map(|i| ["slow.test", "fast.test"].map(|h| format!("http://{h}:PORT/{i}")));
    let port = server.address.port().to_string();
    let done =
        run(options(&server, &["slow.test", "fast.test"]), urls.map(|u| u.replace("PORT", &port))).await;
    assert_eq!(done.stats.pages, 8);
    let slow: Vec<_> = server.log().into_iter().filter(|r| r.host == "slow.test").collect();
    for pair in slow.windows(2) {
        let gap = pair[1].begun - pair[0].begun;
        assert!(gap >= Duration::from_millis(95), "{gap:?} between {} and {}", pair[0].path, pair[1].path);
    }
    let last_fast = server.log().iter().filter(|r| r.host == "fast.test").map(|r| r.begun).max().unwrap();
    assert!(last_fast < slow[4].begun, "the other host waited");
}

#[tokio::test]
async fn a_crawl_delay_above_the_cap_is_not_undercut() {
    let server = with("User-agent: *\nCrawl-delay: 3600");
    let failure = get(options(&server, &["a.test"]), &server.url("a.test", "/")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Robots);
    assert!(failure.message.contains("3600"), "{}", failure.message);
    assert!(server.pages().is_empty());
}

#[tokio::test]
async fn only_the_beginning_of_a_huge_file_counts() {
    let server = Server::raw(|r| {
        if r.path != "/robots.txt" {
            return Reply::html("x");
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nUser-agent: *\nDisallow: /closed\n";
        Reply::script([Part::Bytes(head.into()), Part::Endless(vec![b'#'; 64 * 1024], Duration::ZERO)])
    });
    let done =
        run(options(&server, &["a.test"]), ["/open", "/closed"].map(|p| server.url("a.test", p))).await;
    assert!(done.outcome(&server.url("a.test", "/open")).result.is_ok());
    assert_eq!(done.kinds(), ["robots"]);
}

#[tokio::test]
async fn each_origin_has_its_own_and_get_shares_it() {
    let one = with("User-agent: *\nDisallow: /a");
    let two = with("User-agent: *\nDisallow: /b");
    let mut options = options(&one, &["a.test"]);
    options.resolve.push(two.name("a.test"));
    let fetcher = Fetcher::new(options).unwrap();
    for (server, open, closed) in [(&one, "/b", "/a"), (&two, "/a", "/b")] {
        assert!(fetcher.get(&server.url("a.test", open)).await.is_ok());
        assert!(fetcher.get(&server.url("a.test", closed)).await.is_err());
        assert_eq!(server.seen("/robots.txt").len(), 1);
    }
}
