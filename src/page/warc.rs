//! Stored answers: WARC files, and the text dumps (WET) that are made of them.
//!
//! A small reader of its own: records are framed by their `Content-Length`,
//! blocks that nobody wants are passed over unread, and a broken record costs
//! that record, not the file. WARC 0.17 to 1.1 are read, plain or gzipped, with
//! a member for each record or one for the whole file.
//! Specification: ISO 28500, <https://iipc.github.io/warc-specifications/>.

mod fields;
mod http;
mod unpack;

use std::io::{self, BufRead, BufReader, Read};

pub use fields::Fields;
pub use http::{BodyError, HttpAnswer};

use unpack::Unpack;

use crate::MAX_PAGE_BYTES;

/// A record's block may have this many bytes: the largest page and its head.
pub const MAX_BLOCK_BYTES: u64 = MAX_PAGE_BYTES as u64 + 1024 * 1024;

/// The header lines of a record may have this many bytes together.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// What a record holds, as far as pages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordKind {
    /// An answer to a request, with its HTTP head.
    Response,
    /// A file as it is, without a head.
    Resource,
    /// Another form of a page; in WET files its text.
    Conversion,
    /// Anything else: information, requests, metadata, repeats.
    Other,
}

/// A record with its block.
#[derive(Clone, Debug)]
pub struct Record {
    /// What it holds.
    pub kind: RecordKind,
    /// Its header.
    pub fields: Fields,
    /// What stands behind the header; empty for [`RecordKind::Other`].
    pub block: Vec<u8>,
}

impl Record {
    /// The record's name, without angle brackets.
    pub fn id(&self) -> Option<&str> {
        self.fields.get("warc-record-id").map(bare)
    }

    /// The address that the record is about. Some programs write it in angle
    /// brackets, as the grammar of WARC 1.0 had it.
    pub fn target_uri(&self) -> Option<&str> {
        self.fields.get("warc-target-uri").map(bare).filter(|uri| !uri.is_empty())
    }

    /// When the block was made, RFC 3339.
    pub fn date(&self) -> Option<&str> {
        self.fields.get("warc-date").filter(|d| chrono::DateTime::parse_from_rfc3339(d).is_ok())
    }

    /// Whether the block was cut by whoever wrote it.
    pub fn is_truncated(&self) -> bool {
        self.fields.get("warc-truncated").is_some()
    }
}

fn bare(text: &str) -> &str {
    text.strip_prefix('<').and_then(|t| t.strip_suffix('>')).unwrap_or(text)
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WarcError {
    /// The file cannot be read any further.
    #[error("the file cannot be read: {0}")]
    Io(io::Error),
    /// This record is broken; reading goes on with the next one found.
    #[error("broken record: {0}")]
    Broken(String),
    /// The record is whole, but its block is not taken in.
    #[error("the record's block has {0} bytes, more than {MAX_BLOCK_BYTES}")]
    TooLarge(u64, Box<Fields>),
}

/// The records of a file, in order.
#[derive(Debug)]
pub struct WarcReader<R> {
    input: BufReader<Unpack<R>>,
    /// The first line of a record, where it was read already.
    found: Option<Vec<u8>>,
    ended: bool,
}

impl<R: BufRead> WarcReader<R> {
    /// Reads from a file, a pipe or bytes; compression is seen by itself.
    pub fn new(input: R) -> Self {
        let input = BufReader::with_capacity(64 * 1024, Unpack::new(input));
        Self { input, found: None, ended: false }
    }

    /// The next record; `None` at the end.
    fn read(&mut self) -> Option<Result<Record, WarcError>> {
        let line = match self.version() {
            Ok(Some(line)) => line,
            Ok(None) => return None,
            Err(error) => return Some(Err(self.give_up(error))),
        };
        if !is_version(&line) {
            let shown = String::from_utf8_lossy(&line[..line.len().min(40)]).into_owned();
            return Some(Err(self.seek(format!("{shown:?} stands where a record should begin"))));
        }
        let fields = match Fields::read(&mut self.input, MAX_HEADER_BYTES) {
            Ok(Some(fields)) => fields,
            Ok(None) => return Some(Err(self.seek("its header is no header or too long".to_owned()))),
            Err(error) => return Some(Err(self.give_up(error))),
        };
        let Some(length) = fields.get("content-length").and_then(|l| l.parse::<u64>().ok()) else {
            return Some(Err(self.seek("it names no length".to_owned())));
        };
        let kind = match fields.get("warc-type").map(str::to_ascii_lowercase).as_deref() {
            Some("response") => RecordKind::Response,
            Some("resource") => RecordKind::Resource,
            Some("conversion") => RecordKind::Conversion,
            _ => RecordKind::Other,
        };
        let too_large = length > MAX_BLOCK_BYTES;
        let wanted = kind != RecordKind::Other && !too_large;
        match self.block(length, wanted) {
            Ok(Some(block)) if too_large && kind != RecordKind::Other => {
                debug_assert!(block.is_empty());
                Some(Err(WarcError::TooLarge(length, Box::new(fields))))
            }
            Ok(Some(block)) => Some(Ok(Record { kind, fields, block })),
            Ok(None) => Some(Err(WarcError::Broken("the file ends within a record".to_owned()))),
            Err(error) => Some(Err(self.give_up(error))),
        }
    }

    /// The first line of a record, blank lines before it passed over.
    fn version(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.found.take() {
            return Ok(Some(line.trim_ascii().to_vec()));
        }
        loop {
            let mut line = Vec::new();
            if (&mut self.input).take(256).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let line = line.trim_ascii();
            // Files are padded with zero bytes by some disks' crashes.
            if !line.is_empty() && line.iter().any(|b| *b != 0) {
                return Ok(Some(line.to_vec()));
            }
        }
    }

    /// Reads or passes over a block; `None` where the file ends within it.
    fn block(&mut self, length: u64, wanted: bool) -> io::Result<Option<Vec<u8>>> {
        let mut piece = (&mut self.input).take(length);
        let mut block = Vec::new();
        let read = if wanted {
            piece.read_to_end(&mut block)? as u64
        } else {
            io::copy(&mut piece, &mut io::sink())?
        };
        Ok((read == length).then_some(block))
    }

    /// Looks for the next record's first line after a broken one.
    fn seek(&mut self, what: String) -> WarcError {
        let mut begins = true;
        let mut line = Vec::new();
        loop {
            line.clear();
            match (&mut self.input).take(4096).read_until(b'\n', &mut line) {
                Ok(1..) => {}
                Ok(0) => break,
                Err(error) => return self.give_up(error),
            }
            if begins && is_version(&line) {
                self.found = Some(line);
                break;
            }
            begins = line.ends_with(b"\n");
        }
        WarcError::Broken(what)
    }

    /// After an error of reading: on with the next gzip member, if the error
    /// was in one.
    fn give_up(&mut self, error: io::Error) -> WarcError {
        let buffered = self.input.buffer().len();
        self.input.consume(buffered);
        if error.kind() == io::ErrorKind::InvalidData {
            match self.input.get_mut().next_member() {
                Ok(found) => self.ended = !found,
                Err(error) => {
                    self.ended = true;
                    return WarcError::Io(error);
                }
            }
            return WarcError::Broken(error.to_string());
        }
        self.ended = true;
        WarcError::Io(error)
    }
}

fn is_version(line: &[u8]) -> bool {
    line.starts_with(b"WARC/1.") || line.starts_with(b"WARC/0.")
}

impl<R: BufRead> Iterator for WarcReader<R> {
    type Item = Result<Record, WarcError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read();
        self.ended |= read.is_none();
        read
    }
}

#[cfg(test)]
mod tests;
