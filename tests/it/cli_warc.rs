//! Stored answers in, records out: WARC and WET files as other crawlers write
//! them.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::program::{fixture, records, run, run_with};

fn page() -> Vec<u8> {
    fs::read(fixture("cases/seed-shape/page.html")).unwrap()
}

fn record(kind: &str, uri: &str, extra: &str, block: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{kind}-{}>\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n\
         WARC-Target-URI: {uri}\r\n{extra}Content-Length: {}\r\n\r\n",
        block.len(),
        block.len()
    )
    .into_bytes();
    out.extend_from_slice(block);
    out.extend_from_slice(b"\r\n\r\n");
    out
}

fn answer(uri: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let block = [head.replace('\n', "\r\n").as_bytes(), b"\r\n\r\n", body].concat();
    record("response", uri, "Content-Type: application/http; msgtype=response\r\n", &block)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = bytes
        .chunks(1000)
        .flat_map(|c| [format!("{:x}\r\n", c.len()).as_bytes(), c, b"\r\n"].concat())
        .collect();
    out.extend_from_slice(b"0\r\n\r\n");
    out
}

/// A file with one page in many disguises, and much that is no page.
fn crawl() -> Vec<Vec<u8>> {
    let url = "https://www.example.com/news/1";
    let html = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=UTF-8\nETag: \"a\"";
    vec![
        record("warcinfo", "", "", b"software: other\r\n"),
        record("request", url, "", b"GET / HTTP/1.1\r\n\r\n"),
        answer(url, html, &page()),
        answer(url, &format!("{html}\nContent-Encoding: gzip"), &gzip(&page())),
        answer(url, &format!("{html}\nTransfer-Encoding: chunked"), &chunked(&page())),
        answer(
            url,
            &format!("{html}\nContent-Encoding: gzip\nTransfer-Encoding: chunked"),
            &chunked(&gzip(&page())),
        ),
        answer(
            url,
            &format!("{html}\nX-Crawler-Content-Encoding: gzip\nX-Crawler-Content-Length: 9"),
            &page(),
        ),
        answer(url, "HTTP/1.1 404 Not Found\nContent-Type: text/html", b"<h1>gone</h1>"),
        answer(url, "HTTP/1.1 200 OK\nContent-Type: image/png", b"\x89PNG\r\n"),
        answer(url, "HTTP/1.1 200 OK\nContent-Type: text/plain", b"User-agent: *"),
        record("resource", url, "Content-Type: text/html; charset=utf-8\r\n", &page()),
        record("resource", url, "Content-Type: text/css\r\n", b"p {}"),
        record("metadata", url, "", b"a: b\r\n"),
    ]
}

fn extract_crawl(name: &str, bytes: &[u8], extra: &[&str]) -> (Vec<Value>, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, bytes).unwrap();
    let mut arguments = vec!["extract"];
    arguments.extend(extra);
    arguments.push(file.to_str().unwrap());
    let done = run(arguments);
    (done.records(), done.stderr, done.status)
}

#[test]
fn a_page_is_the_same_however_it_was_stored() {
    let url = "https://www.example.com/news/1";
    let mut plain = run_with(["extract", "--url", url], &page()).records().remove(0);
    plain["fetched_at"] = "2024-01-02T03:04:05Z".into();
    let members: Vec<u8> = crawl().iter().flat_map(|r| gzip(r)).collect();
    for (name, bytes) in
        [("c.warc", crawl().concat()), ("c.warc.gz", members), ("whole.WARC.GZ", gzip(&crawl().concat()))]
    {
        let (records, stderr, status) = extract_crawl(name, &bytes, &[]);
        assert_eq!((records.len(), status), (6, Some(0)), "{stderr}");
        for (index, mut record) in records.into_iter().enumerate() {
            let source = record["source"].take();
            assert!(source.as_str().unwrap().contains(&format!("{name}#urn:uuid:re")), "{source}");
            let http = record["http"].take();
            if index < 5 {
                assert_eq!((&http["status"], &http["bytes"]), (&200.into(), &page().len().into()));
                assert_eq!((&http["charset"], &http["etag"]), (&"utf-8".into(), &"\"a\"".into()));
                let wire = [page().len(), gzip(&page()).len(), page().len(), gzip(&page()).len(), 9][index];
                assert_eq!(http["bytes_on_wire"], wire);
            } else {
                assert!(http.is_null());
            }
            let mut expected = plain.clone();
            expected["source"] = Value::Null;
            assert_eq!(record, expected, "{index}");
        }
    }
}

#[test]
fn standard_input_and_folders_hold_warcs() {
    let done = run_with(["extract", "--input-format", "warc"], &gzip(&crawl().concat()));
    assert_eq!(done.records().len(), 6, "{}", done.stderr);
    assert!(done.records()[0]["source"].as_str().unwrap().starts_with("-#urn:uuid:"));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.warc"), crawl()[2].clone()).unwrap();
    fs::write(folder.path().join("b.warc.gz"), gzip(&crawl()[3])).unwrap();
    fs::write(folder.path().join("c.html"), page()).unwrap();
    let done = run(["extract", "--input-format", "warc", folder.path().to_str().unwrap()]);
    assert_eq!(done.records().len(), 2, "{}", done.stderr);
    let refused = run_with(["extract", "--input-format", "warc", "--url", "http://e.com/"], b"");
    assert_eq!(refused.status, Some(2));
}

#[test]
fn wet_files_hold_the_texts_of_pages() {
    let text = fs::read(fixture("cases/seed-shape-text/page.txt")).unwrap();
    let url = "https://www.example.com/news/1";
    let wet = [
        record("warcinfo", "", "", b"a: b\r\n"),
        record(
            "conversion",
            url,
            "Content-Type: text/plain\r\nWARC-Identified-Content-Language: ben\r\n",
            &text,
        ),
    ];
    let members: Vec<u8> = wet.iter().flat_map(|r| gzip(r)).collect();
    let (got, stderr, status) = extract_crawl("CC-1.warc.wet.gz", &members, &[]);
    assert_eq!((got.len(), status), (1, Some(0)), "{stderr}");
    let plain = run_with(["extract", "--input-format", "text", "--url", url], &text).records().remove(0);
    for key in ["url", "headline", "byline", "published_at", "body", "blocks", "evidence"] {
        assert_eq!(got[0][key], plain[key], "{key}");
    }
    assert_eq!(got[0]["fetched_at"], "2024-01-02T03:04:05Z");
}

#[test]
fn what_is_broken_fails_and_the_rest_is_read() {
    let good = crawl().swap_remove(2);
    let broken = answer(
        "https://www.example.com/news/2",
        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: gzip",
        &gzip(&page())[..300],
    );
    let torn = gzip(&good);
    let all =
        [gzip(&good), gzip(b"no record\r\n"), gzip(&broken), gzip(&good), torn[..torn.len() / 2].to_vec()];
    let folder = tempfile::tempdir().unwrap();
    let failures = folder.path().join("f.jsonl");
    let (got, stderr, status) =
        extract_crawl("x.warc.gz", &all.concat(), &["--failures", failures.to_str().unwrap()]);
    assert_eq!((got.len(), status), (2, Some(1)), "{stderr}");
    let failed = records(&fs::read_to_string(failures).unwrap());
    let kinds: Vec<&str> = failed.iter().map(|f| f["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["malformed", "decode", "malformed"]);
    assert_eq!(
        (&failed[1]["url"], &failed[1]["status"]),
        (&"https://www.example.com/news/2".into(), &200.into())
    );
}

#[test]
fn a_file_without_a_page_is_no_success() {
    for (bytes, kind) in [
        (crawl().swap_remove(7), "http_status"),
        (crawl().swap_remove(8), "not_html"),
        (crawl().swap_remove(0), "not_html"),
        (Vec::new(), "malformed"),
        (b"<html>".to_vec(), "malformed"),
    ] {
        let (got, stderr, status) = extract_crawl("x.warc", &bytes, &[]);
        assert_eq!((got.len(), status), (0, Some(1)));
        assert!(stderr.contains(&format!(": {kind}: ")), "{kind}: {stderr}");
    }
}
