//! What is asked of a fetcher: one line of a list, and the reader that takes
//! lines from files and pipes.

use std::io::{self, BufRead};

use serde::{Deserialize, Serialize};

/// Lines longer than this are cut: no URL is so long, and a binary file given
/// by mistake must not fill the memory. The cut line then fails as `bad_url`.
const MAX_LINE: usize = 64 * 1024;

/// One address to fetch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Job {
    /// The URL as it stands in the list.
    pub url: String,
    /// A name that is handed through to the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What kinds of answer are wanted.
    #[serde(default, skip_serializing_if = "Want::is_page")]
    pub want: Want,
    /// What is known of an earlier answer, for a conditional request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Validators>,
}

impl Job {
    /// A job for a page.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), id: None, want: Want::Page, known: None }
    }

    /// The same job with a name.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The same job for other kinds of answer.
    #[must_use]
    pub fn wanting(mut self, want: Want) -> Self {
        self.want = want;
        self
    }

    /// The same job as a conditional request.
    #[must_use]
    pub fn knowing(mut self, known: Validators) -> Self {
        self.known = Some(known);
        self
    }
}

/// What kinds of answer a job wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Want {
    /// HTML, XHTML or plain text; anything else fails as `not_html`.
    #[default]
    Page,
    /// Anything: feeds, sitemaps, JSON.
    Anything,
}

impl Want {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    fn is_page(&self) -> bool {
        *self == Self::Page
    }
}

/// What an earlier answer said of its version. With it the request is
/// conditional, and an unchanged page comes back with status 304 and no body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// The `ETag` header, as received.
    pub etag: Option<String>,
    /// The `Last-Modified` header, as received.
    pub last_modified: Option<String>,
}

/// The URLs of a list: one a line; blank lines and lines that begin with `#`
/// are passed over, a byte-order mark and CRLF are accepted. Bytes that are no
/// UTF-8 become U+FFFD, and the line then fails as a URL.
#[derive(Debug)]
pub struct UrlLines<R> {
    reader: R,
    buffer: Vec<u8>,
    begun: bool,
}

impl<R: BufRead> UrlLines<R> {
    /// Reads from a file, a pipe or a byte slice.
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), begun: false }
    }

    /// One line without its end, at most [`MAX_LINE`] bytes of it; false at
    /// the end of the input.
    fn line(&mut self) -> io::Result<bool> {
        self.buffer.clear();
        let mut any = false;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = chunk.iter().position(|b| *b == b'\n');
            let piece = &chunk[..end.unwrap_or(chunk.len())];
            let room = MAX_LINE.saturating_sub(self.buffer.len());
            self.buffer.extend_from_slice(&piece[..piece.len().min(room)]);
            let used = piece.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

impl<R: BufRead> Iterator for UrlLines<R> {
    type Item = io::Result<Job>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.line() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
            let mut line = self.buffer.as_slice();
            if !std::mem::replace(&mut self.begun, true) {
                line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
            }
            let text = String::from_utf8_lossy(line);
            let text = text.trim();
            if !text.is_empty() && !text.starts_with('#') {
                return Some(Ok(Job::new(text)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(list: &[u8]) -> Vec<String> {
        UrlLines::new(list).map(|job| job.unwrap().url).collect()
    }

    #[test]
    fn blank_lines_comments_bom_and_crlf() {
        let list = b"\xef\xbb\xbf# list\r\nhttp://a/\r\n\r\n  http://b/  \n\t# c\nhttp://c/";
        assert_eq!(urls(list), ["http://a/", "http://b/", "http://c/"]);
        assert!(urls(b"").is_empty() && urls(b"\n\n").is_empty());
    }

    #[test]
    fn lines_of_any_length_and_bytes() {
        let mut list = vec![b'x'; 3 * MAX_LINE];
        list.extend_from_slice(b"\nhttp://a/\n\xff\xfe\n");
        let urls = urls(&list);
        assert_eq!(urls[0].len(), MAX_LINE);
        assert_eq!(urls[1..], ["http://a/", "\u{fffd}\u{fffd}"]);
    }

    #[test]
    fn lines_are_read_across_small_buffers() {
        let reader = io::BufReader::with_capacity(3, &b"http://a/\nhttp://b/\n"[..]);
        let urls: Vec<_> = UrlLines::new(reader).map(|job| job.unwrap().url).collect();
        assert_eq!(urls, ["http://a/", "http://b/"]);
    }
}
