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
use crate::failure::{Failure, FailureKind};
use crate::options::{Format, Options};
use crate::page::media::{self, ContentType, Verdict, looks_like_a_page};
use crate::page::warc::{HttpAnswer, Record, RecordKind, WarcError, WarcReader};
use crate::provenance;

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
                    provenance::recorded(&mut options, &fields);
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
        provenance::recorded(options, &record.fields);
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
                let kind = ContentType::parse(answer.fields.get("content-type").unwrap_or_default());
                if !may_be_a_page(&kind, || answer.body(MAX_PAGE_BYTES as u64).ok()) {
                    return None;
                }
                provenance::answered(options, &answer);
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

#[cfg(test)]
mod tests {
    use super::*;

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
