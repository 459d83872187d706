//! Requests and answers as records of a WARC file.
//!
//! Each record is a gzip member of its own, so that readers can jump to it and
//! a torn end costs one record. The payload is as received; the heads are
//! written anew, since HTTP/2 has none that could be copied. As Common Crawl
//! does, the transfer coding, which is undone, is named `X-Crawler-...`: a
//! reader would otherwise look for chunks.
//! Specification: WARC 1.1 (ISO 28500:2017),
//! <https://iipc.github.io/warc-specifications/>.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha1::{Digest, Sha1};

use super::address::{Address, without_credentials};
use super::page::{Exchange, Fetched};

/// The field of a response record that holds the address as it stood in the
/// list, where it is spelt otherwise than the one that was asked or a redirect
/// lies between the two. Readers ignore fields that they do not know.
pub const ASKED_FIELD: &str = "X-Asked-URI";

/// The record that opens a file: which program wrote it, and how it behaved.
///
/// # Errors
/// Compression to memory does not fail; the type says that it might.
pub fn warcinfo(user_agent: &str, robots: bool) -> io::Result<Vec<u8>> {
    let robots = if robots { "obey" } else { "ignore" };
    let block = format!(
        "software: khobor/{}\r\nformat: WARC File Format 1.1\r\nhttp-header-user-agent: {user_agent}\r\n\
         robots: {robots}\r\n",
        env!("CARGO_PKG_VERSION")
    );
    let mut record = Record::new("warcinfo", &record_id(), Utc::now());
    record.field("Content-Type", "application/warc-fields");
    record.finish(&[block.as_bytes()])
}

/// The records of a page: the answer, and the request that brought it.
///
/// # Errors
/// As [`warcinfo`].
pub fn page_records(page: &Fetched) -> io::Result<Vec<u8>> {
    let target = page.final_url.clone().unwrap_or_else(|| page.url.clone());
    let exchange = Exchange {
        url: target,
        status: page.status,
        request_head: page.request_head.clone(),
        response_head: page.response_head.clone(),
        payload: page.payload.to_vec(),
        truncated: false,
        sent_at: page.fetched_at,
        remote_addr: page.remote_addr,
    };
    records(&exchange, Some(&page.url))
}

/// The records of an answer that brought no page.
///
/// # Errors
/// As [`warcinfo`].
pub fn exchange_records(exchange: &Exchange) -> io::Result<Vec<u8>> {
    records(exchange, None)
}

fn records(exchange: &Exchange, asked: Option<&str>) -> io::Result<Vec<u8>> {
    let target = Address::parse(&exchange.url)
        .map_or_else(|_| exchange.url.clone(), |address| without_credentials(address.url()).into());
    let (answer_id, request_id) = (record_id(), record_id());
    let head = stored_head(&exchange.response_head, exchange.payload.len());
    let mut answer = Record::new("response", &answer_id, exchange.sent_at);
    answer.field("WARC-Target-URI", &target);
    if let Some(asked) = asked.filter(|asked| *asked != target) {
        answer.field(ASKED_FIELD, asked);
    }
    if let Some(address) = exchange.remote_addr {
        answer.field("WARC-IP-Address", &address.ip().to_canonical().to_string());
    }
    answer.field("Content-Type", "application/http; msgtype=response");
    answer.field("WARC-Payload-Digest", &digest(&[&exchange.payload]));
    if exchange.truncated {
        answer.field("WARC-Truncated", "unspecified");
    }
    let mut out = answer.finish(&[&head, &exchange.payload])?;
    let mut request = Record::new("request", &request_id, exchange.sent_at);
    request.field("WARC-Target-URI", &target);
    request.field("WARC-Concurrent-To", &answer_id);
    request.field("Content-Type", "application/http; msgtype=request");
    out.extend(request.finish(&[&exchange.request_head])?);
    Ok(out)
}

/// The answer's head as it is stored: see the module's paragraph.
fn stored_head(head: &[u8], payload: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(head.len() + 64);
    let mut measured = false;
    for line in head.split_inclusive(|b| *b == b'\n') {
        let name = line.split(|b| *b == b':').next().unwrap_or_default().to_ascii_lowercase();
        match &name[..] {
            b"transfer-encoding" => out.extend_from_slice(b"X-Crawler-"),
            b"content-length" => measured = true,
            b"\r\n" if !measured => {
                out.extend_from_slice(format!("content-length: {payload}\r\n").as_bytes());
            }
            _ => {}
        }
        out.extend_from_slice(line);
    }
    out
}

/// A record on its way.
struct Record {
    head: String,
}

impl Record {
    fn new(kind: &str, id: &str, date: DateTime<Utc>) -> Self {
        let date = date.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self {
            head: format!("WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: {id}\r\nWARC-Date: {date}\r\n"),
        }
    }

    /// Adds a field. Values come from servers and lists: what would end the
    /// line is left out.
    fn field(&mut self, name: &str, value: &str) {
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        self.head.push_str(name);
        self.head.push_str(": ");
        self.head.push_str(&value);
        self.head.push_str("\r\n");
    }

    /// The whole record as a gzip member.
    fn finish(mut self, block: &[&[u8]]) -> io::Result<Vec<u8>> {
        let length: usize = block.iter().map(|part| part.len()).sum();
        self.field("WARC-Block-Digest", &digest(block));
        self.field("Content-Length", &length.to_string());
        let mut member = GzEncoder::new(Vec::with_capacity(1024 + length / 4), Compression::default());
        member.write_all(self.head.as_bytes())?;
        member.write_all(b"\r\n")?;
        for part in block {
            member.write_all(part)?;
        }
        member.write_all(b"\r\n\r\n")?;
        member.finish()
    }
}

/// A digest in the form that readers of WARC files check: SHA-1 in base32.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha1::new();
    for part in parts {
        hash.update(part);
    }
    format!("sha1:{}", base32(&hash.finalize()))
}

/// RFC 4648; the 20 bytes of a SHA-1 need no padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut out, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    out
}

/// A fresh name for a record: a random UUID (RFC 9562, version 4).
fn record_id() -> String {
    let bits = fastrand::u128(..);
    let bits = bits & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let hex = format!("{bits:032x}");
    format!("<urn:uuid:{}-{}-{}-{}-{}>", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::warc::{HttpAnswer, RecordKind, WarcReader};

    #[test]
    fn digests_are_those_of_the_standards() {
        // RFC 4648 (without padding) and FIPS 180.
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(base32(b"foobarbaz!"), "MZXW6YTBOJRGC6RB");
        assert_eq!(digest(&[b"a", b"bc"]), digest(&[b"abc"]));
        assert_eq!(digest(&[]), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
    }

    #[test]
    fn names_are_random_uuids() {
        let id = record_id();
        assert_eq!(id.len(), "<urn:uuid:>".len() + 36);
        assert_eq!(id.as_bytes()["<urn:uuid:".len() + 14], b'4');
        assert!(b"89ab".contains(&id.as_bytes()["<urn:uuid:".len() + 19]));
        assert_ne!(id, record_id());
    }

    #[test]
    fn an_answer_is_read_back() {
        let exchange = Exchange {
            url: "http://u:p@E.com/খবর#x".into(),
            status: 404,
            request_head: b"GET /a HTTP/1.1\r\nhost: e.com\r\n\r\n".to_vec(),
            response_head: b"HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(),
            payload: "নেই".into(),
            truncated: true,
            sent_at: DateTime::UNIX_EPOCH,
            remote_addr: Some("[::ffff:192.0.2.1]:80".parse().unwrap()),
        };
        let bytes = exchange_records(&exchange).unwrap();
        let records: Vec<_> = WarcReader::new(&bytes[..]).map(Result::unwrap).collect();
        assert_eq!(records.len(), 2);
        let answer = HttpAnswer::of(&records[0]).unwrap();
        assert_eq!((answer.status, answer.payload.as_slice()), (404, "নেই".as_bytes()));
        assert_eq!(records[0].target_uri(), Some("http://e.com/%E0%A6%96%E0%A6%AC%E0%A6%B0"));
        assert_eq!(records[0].date(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(records[0].fields.get("warc-ip-address"), Some("192.0.2.1"));
        assert!(records[0].is_truncated() && answer.truncated);
        assert_eq!(answer.fields.get("x-crawler-transfer-encoding"), Some("chunked"));
        assert_eq!(answer.fields.get("content-length"), Some("9"));
        assert_eq!(records[1].kind, RecordKind::Other);
        assert_eq!(records[1].fields.get("warc-concurrent-to"), records[0].fields.get("warc-record-id"));
    }

    #[test]
    fn no_value_breaks_a_record() {
        let mut record = Record::new("response", "<x>", DateTime::UNIX_EPOCH);
        record.field("WARC-Target-URI", "http://e.com/\r\nContent-Length: 5");
        assert!(record.head.ends_with("WARC-Target-URI: http://e.com/Content-Length: 5\r\n"));
    }
}
