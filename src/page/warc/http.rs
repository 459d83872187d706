//! A stored HTTP answer: status, header, payload.
//!
//! Crawlers differ in what they store. Common Crawl undoes both codings and
//! renames their headers to `X-Crawler-...`; others keep them on, and some
//! undo them and leave the headers as they were. So a coding that is named but
//! plainly not there is passed over.

use super::fields::Fields;
use super::{Record, RecordKind};
use crate::page::coding::{DecodeError, Decoder};

/// How far a payload may grow by decoding, as in fetching.
const MAX_RATIO: u64 = 200;

/// An HTTP answer out of a record.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The header.
    pub fields: Fields,
    /// The body, the transfer coding undone and the content coding kept.
    pub payload: Vec<u8>,
    /// Whether the stored body is known to be cut.
    pub truncated: bool,
}

impl HttpAnswer {
    /// The answer in a response record; `None` where the block is none.
    pub fn of(record: &Record) -> Option<Self> {
        if record.kind != RecordKind::Response || !record.block.starts_with(b"HTTP/") {
            return None;
        }
        let end = memchr::memchr(b'\n', &record.block)?;
        let (line, rest) = record.block.split_at(end + 1);
        let status = String::from_utf8_lossy(line).split_ascii_whitespace().nth(1)?.parse().ok()?;
        let (fields, payload) = Fields::parse(rest);
        let chunked = fields.all("transfer-encoding").any(|v| v.to_ascii_lowercase().contains("chunked"));
        let plain = if chunked { unchunk(payload) } else { None };
        Some(Self {
            status,
            truncated: record.is_truncated(),
            payload: plain.unwrap_or_else(|| payload.to_vec()),
            fields,
        })
    }

    /// The length of the body on the wire: that of the payload, or what a
    /// crawler noted before it undid the coding.
    pub fn bytes_on_wire(&self) -> u64 {
        let undone = self.fields.get("x-crawler-content-encoding").is_some();
        let noted = self.fields.get("x-crawler-content-length").and_then(|l| l.parse().ok());
        noted.filter(|_| undone).unwrap_or(self.payload.len() as u64)
    }

    /// The body, decoded, of `most` bytes at most. Of a body that is known to
    /// be cut, it is what there is.
    ///
    /// # Errors
    /// What is wrong with the coding, as a lower-case fragment, or that the
    /// body is too large.
    pub fn body(&self, most: u64) -> Result<Vec<u8>, BodyError> {
        let codings = self.fields.all("content-encoding").map(str::as_bytes);
        let mut decoder = match Decoder::new(codings, most, MAX_RATIO) {
            Ok(decoder) if decoder.is_identity() => return self.plain(most),
            Ok(decoder) => decoder,
            Err(_) if looks_decoded(&self.payload) => return self.plain(most),
            Err(error) => return Err(error.into()),
        };
        let pushed = decoder.push(&self.payload);
        if let Err(error @ (DecodeError::TooLarge(_) | DecodeError::Ratio(_))) = pushed {
            return Err(error.into());
        }
        if self.truncated {
            return Ok(decoder.body().to_vec());
        }
        match pushed.and_then(|()| decoder.finish()) {
            Ok(body) => Ok(body),
            Err(_) if looks_decoded(&self.payload) => self.plain(most),
            Err(error) => Err(error.into()),
        }
    }

    fn plain(&self, most: u64) -> Result<Vec<u8>, BodyError> {
        if self.payload.len() as u64 > most {
            return Err(DecodeError::TooLarge(most).into());
        }
        Ok(self.payload.clone())
    }
}

/// Why a stored body cannot be decoded.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct BodyError {
    message: String,
    /// Whether it is too large, by itself or as a decompression bomb; else the
    /// coding is broken or unknown.
    pub too_large: bool,
}

impl From<DecodeError> for BodyError {
    fn from(error: DecodeError) -> Self {
        let too_large = matches!(error, DecodeError::TooLarge(_) | DecodeError::Ratio(_));
        Self { message: error.to_string(), too_large }
    }
}

/// Whether bytes are a page as it is, whatever coding the header names.
fn looks_decoded(payload: &[u8]) -> bool {
    let text = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
    text.trim_ascii_start().starts_with(b"<")
}

/// Undoes the chunked transfer coding (RFC 9112, 7.1); `None` where the bytes
/// are not in it. Chunks that are missing at the end are missing in the
/// result.
fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut first = true;
    loop {
        let end = memchr::memchr(b'\n', bytes);
        let line = end.map_or(bytes, |end| &bytes[..end]);
        let digits = line.split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(digits).ok().and_then(|d| usize::from_str_radix(d, 16).ok());
        let (Some(end), Some(size)) = (end, size) else {
            return if first { None } else { Some(out) };
        };
        first = false;
        if size == 0 {
            return Some(out);
        }
        bytes = &bytes[end + 1..];
        let taken = size.min(bytes.len());
        out.extend_from_slice(&bytes[..taken]);
        bytes = &bytes[taken..];
        bytes = bytes.strip_prefix(b"\r").unwrap_or(bytes);
        bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        if bytes.is_empty() {
            return Some(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together() {
        assert_eq!(unchunk(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: z\r\n\r\n").unwrap(), b"abcde");
        assert_eq!(unchunk(b"A\r\n0123456789\r\n0\r\n\r\n").unwrap(), b"0123456789");
        assert_eq!(unchunk(b"0\r\n\r\n").unwrap(), b"");
        assert_eq!(unchunk(b"5\r\nab").unwrap(), b"ab", "cut");
        assert_eq!(unchunk(b"3\nabc\n0\n\n").unwrap(), b"abc");
        assert_eq!(unchunk(b"<html>\nno chunks"), None);
        assert_eq!(unchunk(b""), None);
        assert_eq!(unchunk(b"ffffffffffffffffff\r\nab"), None);
    }
}
