//! The main job on sample pages: a server on loopback, the real scrape
//! pipeline over a list of its addresses, records on standard output and a
//! summary on standard error.
//!
//! ```text
//! cargo run --release --example demo
//! ```
//!
//! No network is needed: `--resolve` leads the pages' hosts to the server. The
//! list holds, beside five articles and a repeat, what a crawl meets every
//! day: a redirect, a server that is busy once, a page that is gone, one that
//! robots.txt forbids, a home page, and a file that is no page.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

/// Case folders whose pages are served, each under the host of its address.
const ARTICLES: &[&str] =
    &["seed-shape", "kalbela-dtl", "prothomalo-quintype", "anandabazar-ogost", "wordpress-jnews"];

/// The host that has everything but articles of its own.
const DAILY: &str = "daily.example";

fn main() -> ExitCode {
    let site = match Site::load() {
        Ok(site) => site,
        Err(error) => {
            eprintln!("demo: {error}; run it from a checkout, the fixtures are not in the package");
            return ExitCode::FAILURE;
        }
    };
    let listener = match TcpListener::bind("127.0.0.1:0") {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("demo: no port on loopback: {error}");
            return ExitCode::FAILURE;
        }
    };
    let port = listener.local_addr().map_or(0, |a| a.port());
    let (arguments, count) = site.arguments(port);
    let site = Arc::new(site);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            std::thread::spawn(move || site.serve(stream));
        }
    });
    eprintln!("demo: {count} addresses on http://127.0.0.1:{port}/");
    let ended = khobor::cli::run(arguments);
    // Four of the addresses are there to fail.
    if ended == ExitCode::from(1) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Article {
    host: String,
    path: String,
    page: Vec<u8>,
}

struct Site {
    articles: Vec<Article>,
    home: Vec<u8>,
    robots: Vec<u8>,
    /// Paths that were asked for once: the busy one answers the second time.
    asked: Mutex<HashSet<String>>,
}

impl Site {
    fn load() -> Result<Self, String> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let read = |path: String| {
            std::fs::read(fixtures.join(&path)).map_err(|e| format!("fixtures/{path} cannot be read: {e}"))
        };
        let mut articles = Vec::new();
        for name in ARTICLES {
            let case = read(format!("cases/{name}/case.json"))?;
            let case: serde_json::Value =
                serde_json::from_slice(&case).map_err(|e| format!("{name}: {e}"))?;
            let url =
                url::Url::parse(case["url"].as_str().unwrap_or("")).map_err(|e| format!("{name}: {e}"))?;
            articles.push(Article {
                host: url.host_str().unwrap_or("").to_owned(),
                path: url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
                page: read(format!("cases/{name}/page.html"))?,
            });
        }
        let asked = Mutex::default();
        Ok(Self {
            articles,
            home: read("site/home.html".into())?,
            robots: read("site/robots.txt".into())?,
            asked,
        })
    }

    /// The arguments of `khobor scrape` for this site.
    fn arguments(&self, port: u16) -> (Vec<String>, usize) {
        let mut urls: Vec<String> =
            self.articles.iter().map(|a| format!("http://{}:{port}{}", a.host, a.path)).collect();
        urls.push(format!("{}#comments", urls[0]));
        for path in ["/moved", "/busy", "/gone", "/private/draft", "/", "/epaper.pdf"] {
            urls.push(format!("http://{DAILY}:{port}{path}"));
        }
        let count = urls.len();
        let mut arguments: Vec<String> =
            ["khobor", "scrape", "--per-host-delay", "0.1"].map(str::to_owned).to_vec();
        let hosts: HashSet<&str> = self.articles.iter().map(|a| a.host.as_str()).chain([DAILY]).collect();
        for host in hosts {
            arguments.extend(["--resolve".to_owned(), format!("{host}:{port}:127.0.0.1")]);
        }
        arguments.extend(urls);
        (arguments, count)
    }

    fn serve(&self, stream: TcpStream) {
        let Ok(reading) = stream.try_clone() else { return };
        let (mut reader, mut writer) = (BufReader::new(reading), stream);
        while let Some((host, path)) = read_head(&mut reader) {
            let (status, headers, body) = self.answer(&host, &path);
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
            if writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body)).is_err() {
                return;
            }
        }
    }

    fn answer(&self, host: &str, path: &str) -> (&'static str, &'static str, &[u8]) {
        const HTML: &str = "content-type: text/html; charset=utf-8\r\n";
        if let Some(article) = self.articles.iter().find(|a| a.host == host && a.path == path) {
            return ("200 OK", HTML, &article.page);
        }
        if host != DAILY {
            return ("404 Not Found", HTML, b"");
        }
        match path {
            "/robots.txt" => ("200 OK", "content-type: text/plain\r\n", &self.robots),
            "/" => ("200 OK", HTML, &self.home),
            "/moved" => ("301 Moved Permanently", "location: /news/77?from=moved\r\n", b""),
            "/news/77?from=moved" => ("200 OK", HTML, &self.articles[0].page),
            "/busy" => {
                let first = self.asked.lock().is_ok_and(|mut asked| asked.insert(path.to_owned()));
                if first {
                    ("503 Service Unavailable", "retry-after: 1\r\n", b"")
                } else {
                    ("200 OK", HTML, &self.articles[1].page)
                }
            }
            "/epaper.pdf" => ("200 OK", "content-type: application/pdf\r\n", b"%PDF-1.7"),
            _ => ("404 Not Found", HTML, b""),
        }
    }
}

/// Reads the head of a request: host without port, path and query.
fn read_head(reader: &mut impl BufRead) -> Option<(String, String)> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|n| *n > 0)?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut host = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("host") {
            let value = value.trim();
            value.rsplit_once(':').map_or(value, |(h, _)| h).clone_into(&mut host);
        }
    }
    Some((host, path))
}
