//! `khobor scrape --warc`: what is stored, and that it gives the live run's
//! records again.

use std::fs;
use std::path::Path;
use std::process::Command;

use khobor::page::warc::{HttpAnswer, Record, RecordKind, WarcReader};
use serde_json::Value;

use super::program::{Run, fixture, run, run_with};
use super::support::{Reply, Request, Server};

const HOST: &str = "news.example";

fn page() -> Vec<u8> {
    fs::read(fixture("cases/seed-shape/page.html")).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn site(request: &Request) -> Reply {
    match request.path.as_str() {
        "/news/2" => Reply::html(gzip(&page())).header("content-encoding", "gzip"),
        "/moved" => Reply::moved("/news/9"),
        "/image" => Reply::status(200).header("content-type", "image/png").body(b"\x89PNG".to_vec()),
        "/list" => Reply::html("<html><body><a href='/news/1'>এক</a></body></html>"),
        path if path.starts_with("/news/") || path.starts_with("/%E0") => Reply::html(page()),
        _ => Reply::status(404).header("content-type", "text/html").body("<h1>নেই</h1>"),
    }
}

fn scrape(server: &Server, warc: &Path, urls: &[String]) -> Run {
    let resolve = format!("{HOST}:{}:127.0.0.1", server.address.port());
    let mut arguments = vec!["scrape", "--per-host-delay", "0", "--resolve", &resolve, "--warc"];
    arguments.push(warc.to_str().unwrap());
    run_with(arguments.into_iter().chain(["-"]), urls.join("\n").as_bytes())
}

fn stored(warc: &Path) -> Vec<Record> {
    let file = std::io::BufReader::new(fs::File::open(warc).unwrap());
    WarcReader::new(file).map(|record| record.expect("whole records")).collect()
}

#[test]
fn a_stored_run_gives_its_records_again() {
    let server = Server::start(site);
    let folder = tempfile::tempdir().unwrap();
    let warc = folder.path().join("run.warc.gz");
    let urls: Vec<String> = ["/news/1#top", "/news/2", "/moved", "/খবর", "/gone", "/image", "/list"]
        .map(|p| server.url(HOST, p))
        .to_vec();
    let live = scrape(&server, &warc, &urls);
    assert_eq!(live.status, Some(1), "{}", live.stderr);
    let again = run(["extract", warc.to_str().unwrap()]);
    let by_url = |run: &Run| {
        let mut records = run.records();
        for record in &mut records {
            record["source"] = Value::Null;
        }
        records.sort_by_key(|r| r["url"].as_str().unwrap().to_owned());
        records
    };
    assert_eq!(live.records().len(), 4, "{}", live.stderr);
    assert_eq!(by_url(&live), by_url(&again));

    let records = stored(&warc);
    let answers: Vec<(String, HttpAnswer)> = records
        .iter()
        .filter(|r| r.kind == RecordKind::Response)
        .map(|r| (r.target_uri().unwrap().to_owned(), HttpAnswer::of(r).unwrap()))
        .collect();
    assert_eq!(answers.len(), urls.len() + 1, "the redirect has two");
    let answer = |path: &str| &answers.iter().find(|(uri, _)| *uri == server.url(HOST, path)).unwrap().1;
    assert_eq!(answer("/news/2").payload, gzip(&page()), "as received");
    assert_eq!(answer("/moved").status, 302);
    assert_eq!((answer("/gone").status, &answer("/gone").payload[..]), (404, "<h1>নেই</h1>".as_bytes()));
    assert!(answer("/image").truncated && !answer("/gone").truncated);
    assert_eq!(
        records.iter().filter(|r| r.fields.get("warc-type") == Some("request")).count(),
        answers.len()
    );
}

#[test]
fn a_torn_end_is_cut_before_more_is_stored() {
    let server = Server::start(site);
    let folder = tempfile::tempdir().unwrap();
    let warc = folder.path().join("run.warc.gz");
    scrape(&server, &warc, &[server.url(HOST, "/news/1")]);
    let first = fs::read(&warc).unwrap();
    let count = stored(&warc).len();
    fs::write(&warc, [&first[..], &first[..first.len() / 3]].concat()).unwrap();
    let done = scrape(&server, &warc, &[server.url(HOST, "/news/3")]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert!(fs::read(&warc).unwrap().starts_with(&first));
    assert!(stored(&warc).len() >= count * 2, "what was torn is gone, the rest is whole");
    for (name, bytes) in [("notes.gz", &b"plain text"[..]), ("x.warc", b"")] {
        let other = folder.path().join(name);
        fs::write(&other, bytes).unwrap();
        assert_eq!(scrape(&server, &other, &[server.url(HOST, "/news/3")]).status, Some(2));
        assert_eq!(fs::read(&other).unwrap(), bytes);
    }
}

/// Reads a file with programs that share no code with this one, if there are
/// any: `KHOBOR_PYTHON` names an interpreter that has them.
#[test]
fn others_read_what_is_stored() {
    const SCRIPT: &str = "
import sys
checked = []
try:
    from warcio.archiveiterator import ArchiveIterator
    kinds = []
    with open(sys.argv[1], 'rb') as file:
        for record in ArchiveIterator(file, check_digests='raise'):
            body = record.content_stream().read()
            kinds.append(record.rec_type)
            assert record.digest_checker.passed is not False, record.digest_checker.problems
            if record.rec_type == 'response' and record.http_headers.get_statuscode() == '200':
                assert body, record.rec_headers.get_header('WARC-Target-URI')
    assert kinds.count('response') == kinds.count('request') == 4, kinds
    checked.append('warcio')
except ImportError:
    pass
try:
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    seen = 0
    with open(sys.argv[1], 'rb') as file:
        for record in ArchiveIterator(file, parse_http=False):
            assert record.verify_block_digest(), record.record_id
            seen += 1
    assert seen == 9, seen
    with open(sys.argv[1], 'rb') as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            assert record.verify_payload_digest(), record.record_id
            assert record.http_headers.status_code in (200, 302, 404)
    checked.append('fastwarc')
except ImportError:
    pass
print(' '.join(checked))
";
    let server = Server::start(site);
    let folder = tempfile::tempdir().unwrap();
    let warc = folder.path().join("run.warc.gz");
    let urls = ["/news/1", "/news/2", "/moved"].map(|p| server.url(HOST, p));
    scrape(&server, &warc, &urls);
    let python = std::env::var_os("KHOBOR_PYTHON").unwrap_or_else(|| "python3".into());
    let Ok(output) = Command::new(python).args(["-c", SCRIPT]).arg(&warc).output() else {
        println!("skipped: no python3");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let checked = String::from_utf8_lossy(&output.stdout);
    println!(
        "read by: {}",
        if checked.trim().is_empty() { "nobody, neither reader is installed" } else { &checked }
    );
}
