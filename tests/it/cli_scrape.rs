//! `khobor scrape` as a user runs it, against a server on loopback.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::program::{Run, fixture, khobor, records, run, run_with};
use super::support::{Reply, Request, Server};

const HOST: &str = "news.example";

fn page() -> Vec<u8> {
    fs::read(fixture("cases/seed-shape/page.html")).unwrap()
}

fn site(request: &Request) -> Reply {
    match request.path.as_str() {
        path if path.starts_with("/news/") => Reply::html(page()),
        "/moved" => Reply::moved("/news/9"),
        "/list" => Reply::html("<html><body><a href='/news/1'>এক</a></body></html>"),
        _ => Reply::status(404),
    }
}

/// Runs scrape against the server without a delay.
fn scrape(server: &Server, extra: &[&str], input: &[u8]) -> Run {
    let resolve = format!("{HOST}:{}:127.0.0.1", server.address.port());
    let mut arguments: Vec<String> =
        ["scrape", "--per-host-delay", "0", "--resolve", &resolve].map(str::to_owned).to_vec();
    arguments.extend(extra.iter().map(|e| (*e).to_owned()));
    run_with(arguments, input)
}

#[test]
fn each_address_ends_as_one_record_or_failure() {
    let server = Server::start(site);
    let list = format!(
        "\u{feff}# a list\r\n{}\r\n\r\n{}\n{}\n{}\n{}\nno address\n{}\n",
        server.url(HOST, "/news/1"),
        server.url(HOST, "/news/2?utm_source=x"),
        server.url("NEWS.example", "/news/1#part"),
        server.url(HOST, "/moved"),
        server.url(HOST, "/gone"),
        server.url(HOST, "/list"),
    );
    let folder = tempfile::tempdir().unwrap();
    let failures = folder.path().join("failures.jsonl");
    let done = scrape(&server, &["--failures", failures.to_str().unwrap(), "-"], list.as_bytes());
    assert_eq!(done.status, Some(1), "{}", done.stderr);
    let mut got = done.records();
    got.sort_by_key(|r| r["url"].as_str().unwrap().to_owned());
    assert_eq!(got.len(), 3, "{}", done.stderr);
    let urls: Vec<&str> = got.iter().map(|r| r["url"].as_str().unwrap()).collect();
    assert_eq!(
        urls,
        [server.url(HOST, "/moved"), server.url(HOST, "/news/1"), server.url(HOST, "/news/2?utm_source=x")]
    );
    assert_eq!(got[0]["final_url"], server.url(HOST, "/news/9"));
    assert!(got[1]["final_url"].is_null());
    assert_eq!(got[1]["http"]["status"], 200);
    assert_eq!(got[1]["http"]["bytes"], page().len());
    assert!(got[1]["fetched_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(got[1]["site"], HOST);
    let mut failed = records(&fs::read_to_string(failures).unwrap());
    failed.sort_by_key(|f| f["kind"].as_str().unwrap().to_owned());
    let kinds: Vec<&str> = failed.iter().map(|f| f["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["bad_url", "http_status", "not_article"]);
    assert_eq!(failed[1]["status"], 404);
    assert_eq!(failed[1]["attempts"], 1);
    assert!(failed.iter().all(|f| f["at"].is_string() && f["url"].is_string()), "{failed:?}");
    assert!(
        done.stderr.contains("3 articles, 3 failed (bad_url 1, http_status 1, not_article 1), 1 repeats"),
        "{}",
        done.stderr
    );
}

#[test]
fn a_good_run_is_quiet_when_asked() {
    let server = Server::start(site);
    let url = server.url(HOST, "/news/1");
    let done = scrape(&server, &["-q", &url], b"");
    assert_eq!((done.status, done.stderr.as_str()), (Some(0), ""));
    assert_eq!(done.records().len(), 1);
}

#[test]
fn private_addresses_need_to_be_named_by_the_list() {
    let server = Server::start(site);
    let port = server.address.port();
    let literal = format!("http://127.0.0.1:{port}/news/1");
    let named = format!("http://localhost:{port}/news/2");
    let done = run(["scrape", "--per-host-delay", "0", &literal, &named]);
    assert_eq!(done.records().len(), 2, "{}", done.stderr);
    let other = Server::start(|_| Reply::moved("http://127.0.0.1:1/x"));
    let url = other.url(HOST, "/a");
    let refused = scrape(&other, &[&url], b"");
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("blocked_address"), "{}", refused.stderr);
}

#[test]
fn a_signal_ends_the_run_with_130() {
    let server = Server::start(|request| {
        if request.path == "/news/1" {
            Reply::html(page())
        } else {
            Reply::html(page()).after(Duration::from_secs(60))
        }
    });
    let resolve = format!("{HOST}:{}:127.0.0.1", server.address.port());
    let list = (1..50).map(|n| server.url(HOST, &format!("/news/{n}"))).collect::<Vec<_>>().join("\n");
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("list.txt"), folder.path().join("out.jsonl"));
    fs::write(&input, list).unwrap();
    let child = khobor(["scrape", "--per-host-delay", "0", "--resolve", &resolve])
        .arg("--input")
        .arg(&input)
        .arg("--output")
        .arg(&output)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while fs::read_to_string(&output).unwrap_or_default().lines().count() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "no record came");
        std::thread::sleep(Duration::from_millis(20));
    }
    let kill = |signal: &str| {
        let sent =
            std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    kill("-TERM");
    std::thread::sleep(Duration::from_millis(300));
    kill("-INT");
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(30));
    let written = fs::read_to_string(&output).unwrap();
    assert!(written.ends_with('\n'));
    assert_eq!(records(&written).len(), 1);
}

#[test]
fn shards_divide_the_list_by_host() {
    let server = Server::start(site);
    let port = server.address.port();
    let hosts: Vec<String> = (0..6).map(|n| format!("site{n}.example")).collect();
    let urls = hosts.iter().flat_map(|h| [server.url(h, "/news/1"), server.url(h, "/news/2")]);
    let list = urls.collect::<Vec<_>>().join("\n");
    let mut seen = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let mut extra = vec!["--shard".to_owned(), shard.to_owned()];
        for host in &hosts {
            extra.extend(["--resolve".to_owned(), format!("{host}:{port}:127.0.0.1")]);
        }
        let extra: Vec<&str> = extra.iter().map(String::as_str).collect();
        seen.extend(scrape(&server, &extra, list.as_bytes()).records().into_iter().map(|r| r["url"].clone()));
    }
    assert_eq!(seen.len(), 12);
    let distinct: std::collections::HashSet<String> = seen.iter().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), 12);
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let server = Server::start(site);
    let resolve = format!("{HOST}:{}:127.0.0.1", server.address.port());
    let list: Vec<String> = (1..200).map(|n| server.url(HOST, &format!("/news/{n}"))).collect();
    let mut child = khobor(["scrape", "-q", "--per-host-delay", "0", "--resolve", &resolve])
        .args(&list)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn lists_that_cannot_be_read_are_no_success() {
    let folder = run(["scrape", "--input", "/"]);
    assert_eq!(folder.status, Some(2), "{}", folder.stderr);
    let two = run_with(["scrape", "-", "--input", "/dev/null"], b"");
    assert_eq!(two.status, Some(2), "{}", two.stderr);
}

#[test]
fn a_list_that_breaks_off_is_a_failure_and_what_was_read_is_fetched() {
    if !cfg!(target_os = "linux") {
        println!("skipped: no file at hand that can be opened and not read");
        return;
    }
    let server = Server::start(site);
    let folder = tempfile::tempdir().unwrap();
    let failures = folder.path().join("failures.jsonl");
    let extra = ["--failures", failures.to_str().unwrap(), "--input", "/proc/self/mem"];
    let done = scrape(&server, &[&extra[..], &[&server.url(HOST, "/news/1")]].concat(), b"");
    assert_eq!((done.status, done.records().len()), (Some(1), 1), "{}", done.stderr);
    let failed = records(&fs::read_to_string(failures).unwrap());
    assert_eq!((&failed[0]["kind"], &failed[0]["source"]), (&"io".into(), &"/proc/self/mem".into()));
    assert!(failed[0]["url"].is_null() && failed[0]["hint"].is_string());
}

#[test]
fn what_a_server_says_of_its_charset_is_checked() {
    let server = Server::start(|request| match request.path.as_str() {
        "/wrong" => Reply::status(200).header("content-type", "text/html; charset=iso-8859-1").body(page()),
        "/unknown" => Reply::status(200).header("content-type", "text/html; charset=x-none").body(page()),
        "/missing" => Reply::status(200).header("content-type", "text/html").body(page()),
        _ => Reply::html(page()),
    });
    let right = scrape(&server, &[&server.url(HOST, "/right")], b"").records().remove(0);
    for (path, charset) in
        [("/wrong", "iso-8859-1".into()), ("/unknown", "x-none".into()), ("/missing", None)]
    {
        let record = scrape(&server, &[&server.url(HOST, path)], b"").records().remove(0);
        assert_eq!(record["content_hash"], right["content_hash"], "{path}");
        assert_eq!(record["http"]["charset"], serde_json::json!(charset as Option<&str>), "{path}");
        let overruled =
            record["warnings"].as_array().unwrap().iter().any(|w| w["code"] == "charset_overruled");
        assert_eq!(overruled, path == "/wrong", "{path}: {}", record["warnings"]);
    }
}

#[test]
fn an_error_page_with_status_200_is_no_article() {
    let server = Server::start(|_| {
        Reply::html(
            "<html><head><title>404 - পাতাটি পাওয়া যায়নি</title></head><body><h1>দুঃখিত, পাতাটি পাওয়া যায়নি</h1>\
             <p>আপনি যে পাতাটি খুঁজছেন সেটি সরিয়ে নেওয়া হয়েছে অথবা ঠিকানাটি ভুল।</p></body></html>",
        )
    });
    let done = scrape(&server, &[&server.url(HOST, "/news/77")], b"");
    assert_eq!(done.status, Some(1));
    assert!(done.records().is_empty() && done.stderr.contains("not_article"), "{}", done.stderr);
    assert_eq!(server.pages().len(), 1, "it is no trouble that may pass");
}
