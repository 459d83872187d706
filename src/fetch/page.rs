//! An answer that brought a page.

use std::net::SocketAddr;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

/// A page as it was fetched: everything an extraction and an archive need.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetched {
    /// The URL as asked, a password in it masked.
    pub url: String,
    /// Where redirects ended, where that is elsewhere; a password masked.
    pub final_url: Option<String>,
    /// The status; 304 only for a job with [`Validators`](super::Validators).
    pub status: u16,
    /// The header lines as received, names in lower case.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The `Content-Type` header as received.
    pub content_type: Option<String>,
    /// The charset that the header names, in lower case.
    pub charset: Option<String>,
    /// The body, content codings undone.
    pub body: Bytes,
    /// The body as received, content codings kept and only the transfer coding
    /// undone. It shares its memory with `body` where there was no coding.
    pub payload: Bytes,
    /// The request's head, ended by an empty line, as HTTP/1.1 would have it;
    /// credentials are left out.
    pub request_head: Vec<u8>,
    /// The answer's head in the same form (HTTP/2 has no such text).
    pub response_head: Vec<u8>,
    /// The length of `payload` in bytes.
    pub bytes_on_wire: u64,
    /// The `ETag` header as received.
    pub etag: Option<String>,
    /// The `Last-Modified` header as received.
    pub last_modified: Option<String>,
    /// When the request that brought the answer was sent.
    pub fetched_at: DateTime<Utc>,
    /// How many requests were sent for the page, redirects and retries
    /// included, robots.txt not.
    pub attempts: u32,
    /// Whom the answer came from: the server, or the proxy.
    pub remote_addr: Option<SocketAddr>,
}

/// An answer that brought no page: a redirect, an error, another kind of file.
/// See [`FetchOptions::keep_answers`](super::FetchOptions::keep_answers).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Exchange {
    /// The URL that was asked; a password masked.
    pub url: String,
    /// The status.
    pub status: u16,
    /// The request's head: see [`Fetched::request_head`].
    pub request_head: Vec<u8>,
    /// The answer's head: see [`Fetched::response_head`].
    pub response_head: Vec<u8>,
    /// What was read of the body, as received.
    pub payload: Vec<u8>,
    /// Whether the body may have been longer: reading stops where it is clear
    /// that the answer is no page.
    pub truncated: bool,
    /// When the request was sent.
    pub sent_at: DateTime<Utc>,
    /// Whom the answer came from: the server, or the proxy.
    pub remote_addr: Option<SocketAddr>,
}

/// A header's value as text, bytes that are no UTF-8 replaced.
pub(crate) fn header(headers: &HeaderMap, name: http::header::HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The head of a request as HTTP/1.1 text.
pub(crate) fn request_head(target: &str, host: &str, headers: &HeaderMap) -> Vec<u8> {
    let mut head = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n").into_bytes();
    for (name, value) in headers {
        if !value.is_sensitive() {
            line(&mut head, name.as_str(), value.as_bytes());
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// The head of an answer as HTTP/1.1 text.
pub(crate) fn response_head(version: http::Version, status: StatusCode, headers: &HeaderMap) -> Vec<u8> {
    let version = if version == http::Version::HTTP_10 { "1.0" } else { "1.1" };
    let reason = status.canonical_reason().unwrap_or_default();
    let mut head = format!("HTTP/{version} {} {reason}\r\n", status.as_u16()).into_bytes();
    for (name, value) in headers {
        line(&mut head, name.as_str(), value.as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}

fn line(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    head.extend_from_slice(name.as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn heads_are_written_without_credentials() {
        let mut headers = HeaderMap::new();
        headers.insert("accept", HeaderValue::from_static("*/*"));
        let mut secret = HeaderValue::from_static("Basic geheim");
        secret.set_sensitive(true);
        headers.insert("authorization", secret);
        let head = request_head("/a?b", "e.com", &headers);
        assert_eq!(head, b"GET /a?b HTTP/1.1\r\nhost: e.com\r\naccept: */*\r\n\r\n");
        let head = response_head(http::Version::HTTP_2, StatusCode::NOT_FOUND, &HeaderMap::new());
        assert_eq!(head, b"HTTP/1.1 404 Not Found\r\n\r\n");
    }
}
