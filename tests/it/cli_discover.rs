//! `khobor discover` as a user runs it, against a server on loopback.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::program::{Run, khobor, run};
use super::support::{Reply, Request, Server};

const HOST: &str = "ujan.test";

fn feed(items: &str) -> Reply {
    Reply::status(200)
        .header("content-type", "application/rss+xml")
        .body(format!("<rss version='2.0'><channel>{items}</channel></rss>"))
}

fn site(request: &Request) -> Reply {
    match (request.host.as_str(), request.path.as_str()) {
        (HOST, "/") => Reply::html("<link rel='alternate' type='application/rss+xml' href='/feed'>"),
        (HOST, "/feed") => feed(
            "<item><title>নদীর ধারে মেলা \u{202e}</title><link>/news/10001</link>\
            <pubDate>Tue, 24 Nov 2026 09:00:00 +0600</pubDate></item>\
            <item><title>চরে নতুন বই</title><link>/news/10002</link>\
            <pubDate>Tue, 24 Nov 2026 08:00:00 GMT</pubDate></item>\
            <item><title>পুরোনো খবর</title><link>/news/9000</link>\
            <pubDate>Sun, 01 Nov 2026 08:00:00 GMT</pubDate></item>",
        ),
        ("slow.test", "/") => Reply::html("<h3><a href='/news/20001'>হাটে শীতের সবজির দাম কমেছে</a></h3>")
            .after(Duration::from_millis(300)),
        ("mute.test", "/") => Reply::html("<p>স্বাগত</p>"),
        _ => Reply::status(404),
    }
}

fn arguments(server: &Server, extra: &[&str]) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["discover", "--per-host-delay", "0", "--retries", "0"].map(str::to_owned).to_vec();
    for host in [HOST, "slow.test", "mute.test"] {
        arguments.extend(["--resolve".to_owned(), format!("{host}:{}:127.0.0.1", server.address.port())]);
    }
    arguments.extend(extra.iter().map(|e| (*e).to_owned()));
    arguments
}

fn discover(server: &Server, extra: &[&str]) -> Run {
    run(arguments(server, extra))
}

#[test]
fn addresses_come_a_line_site_by_site_newest_first() {
    let server = Server::start(site);
    let sites = [server.url("slow.test", "/"), server.url(HOST, "/")];
    let done = discover(&server, &[&sites[0], &sites[1]]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let expected: String =
        [("slow.test", "/news/20001"), (HOST, "/news/10002"), (HOST, "/news/10001"), (HOST, "/news/9000")]
            .map(|(host, path)| server.url(host, path) + "\n")
            .concat();
    assert_eq!(done.stdout, expected);
    assert_eq!(done.stderr, "");
}

#[test]
fn json_says_where_each_comes_from_and_limits_are_kept() {
    let server = Server::start(site);
    let home = server.url(HOST, "/");
    let done = discover(&server, &["--json", "--since", "2026-11-24", &home]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let records = done.records();
    assert_eq!(records.len(), 2);
    let keys: Vec<&String> = records[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["url", "title", "date", "source", "kind", "site"]);
    assert_eq!(records[0]["title"], "চরে নতুন বই");
    assert_eq!(records[0]["date"], "2026-11-24T08:00:00+00:00");
    assert_eq!(records[0]["source"], server.url(HOST, "/feed"));
    assert_eq!((&records[0]["kind"], &records[0]["site"]), (&"feed".into(), &HOST.into()));
    let one = discover(&server, &["--max-urls", "1", &home]);
    assert_eq!(one.stdout, server.url(HOST, "/news/10002") + "\n");
    let later = discover(&server, &["--since", "2026-11-30T00:00:00+06:00", &home]);
    assert_eq!((later.status, later.stdout.as_str()), (Some(0), ""), "nothing new is no failure");
}

#[test]
fn a_site_without_a_usable_source_is_told_and_the_others_are_written() {
    let server = Server::start(site);
    let sites = [server.url("mute.test", "/"), server.url(HOST, "/")];
    let done = discover(&server, &["-q", "--max-urls", "1", &sites[0], &sites[1]]);
    assert_eq!(done.status, Some(1));
    assert_eq!(done.stdout, server.url(HOST, "/news/10002") + "\n");
    assert_eq!(done.stderr, "khobor: mute.test: none of 1 sources names an article\n");
}

#[test]
fn failed_sources_are_told_a_line_each_unless_quiet() {
    let server = Server::start(site);
    let rules = tempfile::tempdir().unwrap();
    let gone = server.url(HOST, "/gone.xml");
    let rule = format!("rule = \"khobor.site/1\"\nhosts = [\"{HOST}\"]\nfeeds = [\"{gone}\"]\n");
    std::fs::write(rules.path().join("ujan.toml"), rule).unwrap();
    let (home, dir) = (server.url(HOST, "/"), rules.path().to_str().unwrap());
    let done = discover(&server, &["--sites", dir, &home]);
    assert_eq!((done.status, done.stdout.lines().count()), (Some(0), 3), "{}", done.stderr);
    assert!(
        done.stderr.starts_with(&format!("{gone}: http_status: the server answered 404")),
        "{}",
        done.stderr
    );
    assert_eq!(done.stderr.lines().count(), 1);
    assert_eq!(discover(&server, &["-q", "--sites", dir, &home]).stderr, "");
}

#[test]
fn wrong_usage_is_told_before_anything_is_asked() {
    let server = Server::start(site);
    let home = server.url(HOST, "/");
    for wrong in [&["প্রথম আলো"][..], &["--since", "yesterday", &home], &["ftp://a.example/"], &[]]
    {
        let done = discover(&server, wrong);
        assert_eq!(done.status, Some(2), "{wrong:?}: {}", done.stderr);
        assert!(!done.stderr.is_empty());
    }
    assert!(server.log().is_empty());
}

#[test]
fn a_signal_ends_it_with_130_and_a_closed_pipe_with_0() {
    let server = Server::start(|r| match r.path.as_str() {
        "/" => Reply::html("<h3><a href='/news/20001'>হাটে শীতের সবজির দাম কমেছে</a></h3>"),
        _ => Reply::status(404).after(Duration::from_secs(20)),
    });
    let site = server.url(HOST, "/");
    let mut child = khobor(arguments(&server, &[&site])).stdout(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while server.pages().len() < 2 && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(15));

    let items: Vec<String> = (10_000..30_000)
        .map(|n| format!("<item><link>/news/{n}-nodir-dhare-shiter-mela</link></item>"))
        .collect();
    let items = items.concat();
    let server = Server::start(move |r| if r.path == "/" { feed(&items) } else { Reply::status(404) });
    let site = server.url(HOST, "/");
    let mut child =
        khobor(arguments(&server, &["--max-urls", "20000", &site])).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut pipe = BufReader::new(child.stdout.take().unwrap());
    pipe.read_line(&mut first).unwrap();
    assert!(first.contains("/news/10000-"), "{first}");
    let _ = pipe.by_ref().take(10).read_to_end(&mut Vec::new());
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
