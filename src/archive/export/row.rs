//! An article as a row of a table: lists as text, blocks and related links
//! left to the JSON form.

use serde::Deserialize;

use crate::article::{Author, LeadImage};

/// What is read of a line of a day file; a tombstone has few of the keys.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    schema: String,
    url: Option<String>,
    canonical_url: Option<String>,
    site: Option<String>,
    publisher: Option<String>,
    headline: Option<String>,
    kicker: Option<String>,
    subheadline: Option<String>,
    byline: Option<String>,
    authors: Vec<Author>,
    published_at: Option<String>,
    modified_at: Option<String>,
    section: Option<String>,
    tags: Vec<String>,
    lead_image: Option<LeadImage>,
    body: Option<String>,
    captions: Vec<String>,
    language: Option<String>,
    word_count: Option<i64>,
    content_hash: Option<String>,
    fingerprint: Option<String>,
    fetched_at: Option<String>,
    archive: Note,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Note {
    revision: i64,
    first_fetched_at: Option<String>,
    warc: Option<String>,
    warc_offset: i64,
    same_as: Option<Same>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Same {
    url: Option<String>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// A text; `None` where there is none.
    Text(Option<String>),
    /// A number.
    Number(Option<i64>),
    /// Yes or no.
    Flag(bool),
}

/// The columns, in their order.
pub(super) const COLUMNS: [&str; 27] = [
    "url",
    "canonical_url",
    "site",
    "publisher",
    "headline",
    "kicker",
    "subheadline",
    "byline",
    "authors",
    "published_at",
    "modified_at",
    "section",
    "tags",
    "lead_image",
    "body",
    "captions",
    "language",
    "word_count",
    "content_hash",
    "fingerprint",
    "first_fetched_at",
    "fetched_at",
    "revision",
    "gone",
    "same_as",
    "warc",
    "warc_offset",
];

impl Row {
    /// Reads a line.
    pub fn read(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }

    /// The values of [`COLUMNS`].
    pub fn cells(self) -> [Cell; COLUMNS.len()] {
        use Cell::{Flag, Number, Text};
        let list = |all: Vec<String>| Text((!all.is_empty()).then(|| all.join("; ")));
        [
            Text(self.url),
            Text(self.canonical_url),
            Text(self.site),
            Text(self.publisher),
            Text(self.headline),
            Text(self.kicker),
            Text(self.subheadline),
            Text(self.byline),
            list(self.authors.into_iter().map(|author| author.name).collect()),
            Text(self.published_at),
            Text(self.modified_at),
            Text(self.section),
            list(self.tags),
            Text(self.lead_image.map(|image| image.url)),
            Text(self.body),
            list(self.captions),
            Text(self.language),
            Number(self.word_count),
            Text(self.content_hash),
            Text(self.fingerprint),
            Text(self.archive.first_fetched_at),
            Text(self.fetched_at),
            Number(Some(self.archive.revision)),
            Flag(self.schema == super::days::TOMBSTONE_SCHEMA),
            Text(self.archive.same_as.and_then(|same| same.url)),
            Text(self.archive.warc),
            Number(Some(self.archive.warc_offset)),
        ]
    }
}
