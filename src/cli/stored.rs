//! The pages of a WARC file, and the texts of a WET file, as inputs of
//! `extract`.
//!
//! What is taken is what a live run would have taken: whole answers that
//! brought an HTML page. Other records are passed over without a word, unless
//! a file holds nothing else: a file without a page is a mistake that must not
//! look like success.

use std::io::BufRead;

use super::input::{Content, Input};
use crate::MAX_PAGE_BYTES;
use crate::article::HttpInfo;
use crate::failure::{Failure, FailureKind};
use crate::options::{Format, Options};
use crate::page::media::{self, ContentType, Verdict, looks_like_a_page};
use crate::page::warc::{Fields, HttpAnswer, Record, RecordKind, WarcError, WarcReader};

/// The field of a response record by which `khobor scrape --warc` hands the
/// address on as it stood in the list. Other readers ignore it.
pub const ASKED_URI: &str = "x-asked-uri";

/// A WARC or WET file that is being read.
pub struct StoredPages {
    reader: WarcReader<Box<dyn BufRead + Send>>,
    source: String,
    wet: bool,
    tally: Tally,
}

/// What was seen of a file.
#[derive(Default)]
struct Tally {
    /// Inputs given, failures among them.
    given: u64,
    records: u64,
    answers: u64,
    other_status: u64,
}

impl StoredPages {
    /// Reads from a file that is called `source` in records.
    pub fn new(reader: Box<dyn BufRead + Send>, source: String, wet: bool) -> Self {
        Self { reader: WarcReader::new(reader), source, wet, tally: Tally::default() }
    }

    /// The next page; `None` at the end of the file.
    pub fn next(&mut self, base: &Options) -> Option<Input> {
        loop {
            let mut options = base.clone();
            options.source = Some(self.source.clone());
            let content = match self.reader.next() {
                None => Content::Failed(self.tally.nothing(self.wet)?),
                Some(Ok(record)) => {
                    self.tally.records += 1;
                    match self.content(&record, &mut options) {
                        Some(content) => content,
                        None => continue,
                    }
                }
                Some(Err(WarcError::TooLarge(length, fields))) => {
                    self.tally.records += 1;
                    name(&fields, &mut options);
                    Content::Failed(Failure::new(
                        FailureKind::TooLarge,
                        format!("the record has {length} bytes, more than a page may have"),
                    ))
                }
                Some(Err(WarcError::Io(error))) => Content::Failed(
                    Failure::new(FailureKind::Io, format!("the file cannot be read: {error}"))
                        .with_hint("check the file and its disk"),
                ),
                Some(Err(error)) => Content::Failed(
                    Failure::new(FailureKind::Malformed, error.to_string())
                        .with_hint("the record is lost; reading goes on with the next one that is found"),
                ),
            };
            self.tally.given += 1;
            return Some(Input { options, content });
        }
    }

    /// The page in a record, if there is one.
    fn content(&mut self, record: &Record, options: &mut Options) -> Option<Content> {
        name(&record.fields, options);
        options.fetched_at = record.date().map(str::to_owned);
        let block_type = ContentType::parse(record.fields.get("content-type").unwrap_or_default());
        if self.wet {
            let text = record.kind == RecordKind::Conversion
                && matches!(block_type.essence.as_str(), "text/plain" | "");
            options.format = Format::Text;
            return text.then(|| Content::Bytes(record.block.clone()));
        }
        match record.kind {
            RecordKind::Response => {
                let answer = HttpAnswer::of(record)?;
                self.tally.answers += 1;
                if !(200..=203).contains(&answer.status) {
                    self.tally.other_status += 1;
                    return None;
                }
                let content_type = answer.fields.get("content-type").map(str::to_owned);
                let kind = ContentType::parse(content_type.as_deref().unwrap_or_default());
                if !may_be_a_page(&kind, || answer.body(MAX_PAGE_BYTES as u64).ok()) {
                    return None;
                }
                options.charset.clone_from(&kind.charset);
                options.http = Some(HttpInfo {
                    status: answer.status,
                    content_type,
                    charset: kind.charset,
                    bytes: 0,
                    bytes_on_wire: answer.bytes_on_wire(),
                    etag: answer.fields.get("etag").map(str::to_owned),
                    last_modified: answer.fields.get("last-modified").map(str::to_owned),
                });
                Some(Content::Answer(Box::new(answer)))
            }
            RecordKind::Resource => {
                let page = is_html(&block_type.essence);
                options.charset = block_type.charset;
                page.then(|| Content::Bytes(record.block.clone()))
            }
            _ => None,
        }
    }
}

impl Tally {
    /// Why a whole file gave no input, if it gave none. Called once, at the
    /// end.
    fn nothing(&self, wet: bool) -> Option<Failure> {
        if self.given > 0 {
            return None;
        }
        let (records, answers, other) = (self.records, self.answers, self.other_status);
        Some(if records == 0 {
            Failure::new(FailureKind::Malformed, "the file holds no WARC record")
                .with_hint("check what the file is; --input-format says what it is read as")
        } else if wet {
            Failure::new(
                FailureKind::NotHtml,
                format!("none of the file's {records} records holds a page's text"),
            )
            .with_hint("files with whole answers are read with --input-format warc")
        } else if answers > 0 && answers == other {
            Failure::new(
                FailureKind::HttpStatus,
                format!("none of the file's {answers} answers has a status that brings a page"),
            )
            .with_hint("the answers are errors or redirects; fetch the pages again")
        } else {
            Failure::new(
                FailureKind::NotHtml,
                format!("none of the file's {records} records holds an HTML page"),
            )
            .with_hint("text dumps (WET) are read with --input-format wet")
        })
    }
}

/// What a record's header says of the page's address and the record's name.
fn name(fields: &Fields, options: &mut Options) {
    let record = Record { kind: RecordKind::Other, fields: fields.clone(), block: Vec::new() };
    if let (Some(source), Some(id)) = (&mut options.source, record.id()) {
        source.push('#');
        source.push_str(id);
    }
    let target = record.target_uri();
    match fields.get(ASKED_URI) {
        Some(asked) => {
            options.url = Some(asked.to_owned());
            options.final_url = target.filter(|target| !same_page(asked, target)).map(str::to_owned);
        }
        None => options.url = target.map(str::to_owned),
    }
}

/// Whether two addresses are one but for their spelling: if not, a redirect
/// lies between them.
fn same_page(asked: &str, target: &str) -> bool {
    let plain = |text: &str| {
        let mut url = url::Url::parse(text).ok()?;
        url.set_fragment(None);
        // Refused only for addresses that cannot have any.
        let _ = (url.set_username(""), url.set_password(None));
        Some(url)
    };
    plain(asked) == plain(target)
}

fn is_html(essence: &str) -> bool {
    matches!(essence, "text/html" | "application/xhtml+xml")
}

/// Whether an answer of this type is worth reading. Types that say little are
/// taken where the body opens as HTML does: an archive is full of feeds, texts
/// and scripts that are none of a page's mistakes.
fn may_be_a_page(kind: &ContentType, body: impl FnOnce() -> Option<Vec<u8>>) -> bool {
    if is_html(&kind.essence) {
        return true;
    }
    kind.verdict() != Verdict::NoPage
        && body().is_some_and(|body| looks_like_a_page(&body, false) && opens_as_html(&body))
}

fn opens_as_html(body: &[u8]) -> bool {
    let start = body[..body.len().min(media::SNIFF)].to_ascii_lowercase();
    [&b"<!doctype html"[..], b"<html", b"<head", b"<body"]
        .iter()
        .any(|tag| memchr::memmem::find(&start, tag).is_some())
}

/// Decodes a stored answer, as fetching does with a fresh one.
///
/// # Errors
/// The failure of a body that is too large, broken, or no page.
pub fn decode(answer: &HttpAnswer, options: &mut Options) -> Result<Vec<u8>, Failure> {
    let body = answer.body(MAX_PAGE_BYTES as u64).map_err(|error| {
        let kind = if error.too_large { FailureKind::TooLarge } else { FailureKind::Decode };
        Failure::new(kind, error.to_string())
    });
    let body = body.map_err(|failure| Failure { status: Some(answer.status), ..failure })?;
    if let Some(http) = &mut options.http {
        http.bytes = body.len() as u64;
    }
    if looks_like_a_page(&body, true) {
        return Ok(body);
    }
    let failure =
        Failure::new(FailureKind::NotHtml, "the answer's first bytes are those of another kind of file");
    Err(Failure { status: Some(answer.status), ..failure })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_told_from_another_spelling() {
        assert!(same_page("HTTP://E.com/খবর#x", "http://e.com/%E0%A6%96%E0%A6%AC%E0%A6%B0"));
        assert!(same_page("http://u:***@e.com", "http://e.com/"));
        assert!(!same_page("http://e.com/a", "http://e.com/b"));
    }

    #[test]
    fn vague_types_are_taken_where_html_opens() {
        let takes =
            |kind: &str, body: &[u8]| may_be_a_page(&ContentType::parse(kind), || Some(body.to_vec()));
        assert!(takes("text/html", b"anything"));
        assert!(takes("text/plain", b"\n<!DOCTYPE HTML><p>") && takes("", b"<html lang=bn>"));
        assert!(
            !takes("text/plain", b"User-agent: *")
                && !takes("text/xml", b"<rss>")
                && !takes("image/png", b"<html>")
        );
    }
}
