use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

fn record(kind: &str, uri: &str, block: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n\
         WARC-Record-ID: <urn:uuid:{uri}>\r\nContent-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    out.extend_from_slice(block);
    out.extend_from_slice(b"\r\n\r\n");
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn three() -> [Vec<u8>; 3] {
    [
        record("warcinfo", "i", b"software: x\r\n"),
        record("response", "<http://e.com/1>", b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n<p>1"),
        record("conversion", "http://e.com/2", "এক".as_bytes()),
    ]
}

fn read(bytes: &[u8]) -> Vec<Result<Record, WarcError>> {
    // Small buffers, so that every boundary lies across two.
    WarcReader::new(BufReader::with_capacity(7, bytes)).collect()
}

fn uris(read: &[Result<Record, WarcError>]) -> Vec<String> {
    let uri = |r: &Result<Record, WarcError>| match r {
        Ok(record) => record.target_uri().unwrap_or_default().to_owned(),
        Err(_) => "broken".to_owned(),
    };
    read.iter().map(uri).collect()
}

#[test]
fn plain_and_both_ways_of_gzip_give_the_same_records() {
    let plain = three().concat();
    let whole = gzip(&plain);
    let members: Vec<u8> = three().iter().flat_map(|r| gzip(r)).collect();
    let padded = [members.clone(), vec![0; 20]].concat();
    for bytes in [plain, whole, members, padded] {
        let records: Vec<Record> = read(&bytes).into_iter().map(Result::unwrap).collect();
        let kinds: Vec<RecordKind> = records.iter().map(|r| r.kind).collect();
        assert_eq!(kinds, [RecordKind::Other, RecordKind::Response, RecordKind::Conversion]);
        assert!(records[0].block.is_empty(), "not read");
        assert_eq!(records[1].target_uri(), Some("http://e.com/1"));
        assert_eq!(records[1].date(), Some("2024-01-02T03:04:05Z"));
        assert_eq!(records[2].block, "এক".as_bytes());
        assert_eq!(records[2].id(), Some("urn:uuid:http://e.com/2"));
    }
    assert!(read(b"").is_empty());
}

#[test]
fn a_broken_record_costs_itself() {
    let [a, b, c] = three();
    let no_length = String::from_utf8(b.clone()).unwrap().replace("Content-Length", "Length").into_bytes();
    assert_eq!(uris(&read(&[&a[..], &no_length, &c].concat())), ["i", "broken", "http://e.com/2"]);
    let short = String::from_utf8(b.clone()).unwrap().replace("h: 29", "h: 20").into_bytes();
    let found = uris(&read(&[&a[..], &short, &c].concat()));
    assert_eq!(found, ["i", "http://e.com/1", "broken", "http://e.com/2"], "the rest of its block is seen");
    assert_eq!(uris(&read(&[&a[..], &b[..b.len() - 10]].concat())), ["i", "broken"]);
    assert_eq!(uris(&read(b"<html>no records\nat all")), ["broken"]);
    let long = [&b"WARC/1.0\r\nX: "[..], &vec![b'x'; 2 * MAX_HEADER_BYTES], b"\r\n\r\n", &c].concat();
    assert_eq!(uris(&read(&long)), ["broken", "http://e.com/2"]);
}

#[test]
fn a_broken_member_costs_itself() {
    let [a, b, c] = three().map(|r| gzip(&r));
    let mut bent = b.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 0x55;
    let found = uris(&read(&[&a[..], &bent, &c].concat()));
    assert_eq!((found.first().unwrap().as_str(), found.last().unwrap().as_str()), ("i", "http://e.com/2"));
    assert!(found.contains(&"broken".to_owned()), "{found:?}");
    let torn = uris(&read(&[&a[..], &b[..b.len() / 2]].concat()));
    assert_eq!(torn, ["i", "broken"]);
    let junk = uris(&read(&[&a[..], b"junk", &c].concat()));
    assert_eq!(junk, ["i", "broken", "http://e.com/2"]);
}

#[test]
fn large_blocks_are_passed_over() {
    let [a, _, c] = three();
    let length = MAX_BLOCK_BYTES + 1;
    let head = format!("WARC/1.1\r\nWARC-Type: response\r\nContent-Length: {length}\r\n\r\n");
    let block = vec![b'x'; usize::try_from(length).unwrap()];
    let all = WarcReader::new(BufReader::new(std::io::Cursor::new(
        [&a[..], head.as_bytes(), &block, b"\r\n\r\n", &c].concat(),
    )));
    let all: Vec<_> = all.collect();
    assert!(matches!(&all[1], Err(WarcError::TooLarge(n, _)) if *n == length));
    assert_eq!(all[2].as_ref().unwrap().target_uri(), Some("http://e.com/2"));
}

fn answer(head: &str, body: &[u8]) -> HttpAnswer {
    let block = [head.as_bytes(), b"\r\n\r\n", body].concat();
    let mut read = read(&record("response", "http://e.com/", &block));
    HttpAnswer::of(&read.remove(0).unwrap()).unwrap()
}

#[test]
fn codings_are_undone_where_they_are_there() {
    let page = b"<p>text".repeat(50);
    let body = |head: &str, body: &[u8]| answer(head, body).body(1000).unwrap();
    assert_eq!(body("HTTP/1.1 200 OK", &page), page);
    assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", &gzip(&page)), page);
    assert_eq!(body("HTTP/1.1 200 OK\r\ncontent-encoding: gzip", &page), page, "undone, header left");
    assert_eq!(body("HTTP/1.1 200 OK\r\ncontent-encoding: foo", &page), page);
    let chunked = [format!("{:x}\r\n", page.len()).as_bytes(), &page, b"\r\n0\r\n\r\n"].concat();
    assert_eq!(body("HTTP/1.1 200\r\nTransfer-Encoding: chunked", &chunked), page);
    assert_eq!(body("HTTP/1.1 200\r\nTransfer-Encoding: chunked", &page), page);
    let crawler =
        answer("HTTP/1.1 200 OK\r\nX-Crawler-Content-Encoding: gzip\r\nX-Crawler-Content-Length: 99", &page);
    assert_eq!((crawler.body(1000).unwrap(), crawler.bytes_on_wire()), (page.clone(), 99));
    let broken = answer("HTTP/1.1 200 OK\r\ncontent-encoding: gzip", &gzip(&page)[..20]);
    assert!(!broken.body(1000).unwrap_err().too_large);
    assert!(answer("HTTP/1.1 200 OK", &page).body(10).unwrap_err().too_large);
    assert!(
        answer("HTTP/1.1 200 OK\r\ncontent-encoding: gzip", &gzip(&page)).body(10).unwrap_err().too_large
    );
}
