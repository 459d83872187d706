//! Revisions: what counts as a new form of an article, and how one is kept.
//!
//! Pages change at each look: counters, related lists, advertisements. A
//! revision is made where what the newsroom wrote is another: headline,
//! credits, text, captions. Two forms are compared as one extractor reads
//! them; a newer program alone makes no revisions.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::ArchiveError;
use super::clock::rfc3339;
use super::days::{self, TOMBSTONE_SCHEMA};
use super::near::{self, Print, Same, Window};
use crate::article::Article;

/// The fields whose fill rates are watched, in the order of their bits.
pub(crate) const FIELDS: [&str; 8] =
    ["headline", "authors", "published_at", "time_of_day", "body", "lead_image", "related", "section"];

const HEADLINE: u32 = 1;
const BODY: u32 = 1 << 4;

/// Which of [`FIELDS`] a record fills.
pub(crate) fn filled(article: &Article) -> u32 {
    let timed = article.published_at.as_ref().is_some_and(|at| at.contains('T'));
    [
        article.headline.is_some(),
        !article.authors.is_empty(),
        article.published_at.is_some(),
        timed,
        article.body.is_some(),
        article.lead_image.is_some(),
        !article.related.is_empty(),
        article.section.is_some(),
    ]
    .into_iter()
    .enumerate()
    .fold(0, |bits, (n, has)| bits | u32::from(has) << n)
}

/// A digest of what makes a new revision when it changes.
pub(crate) fn essence(article: &Article) -> [u8; 16] {
    let parts = json!([
        article.headline,
        article.kicker,
        article.subheadline,
        article.byline,
        article.authors,
        article.body,
        article.captions,
    ]);
    let mut essence = [0; 16];
    essence.copy_from_slice(&Sha256::digest(parts.to_string())[..16]);
    essence
}

/// What a look at a page brought.
#[derive(Debug)]
pub(crate) enum Seen {
    /// An article.
    Article(Box<Article>),
    /// An answer that says that the page was taken down.
    Gone {
        /// 404 or 410.
        status: u16,
    },
}

/// What follows from a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The first form of an article.
    New,
    /// Another form.
    Updated,
    /// The form that is kept already.
    Unchanged,
    /// Headline or body are missing where there was one: more likely a page
    /// that changed its markup than an article that lost its text. The answer
    /// is kept, so that a better extractor can read it; no revision is made.
    Held,
    /// The page was taken down.
    Gone,
}

impl Change {
    /// Whether a revision follows.
    pub fn is_revision(self) -> bool {
        matches!(self, Self::New | Self::Updated | Self::Gone)
    }
}

/// The latest revision of a page.
#[derive(Clone, Debug)]
pub(crate) struct Latest {
    /// Its number.
    pub number: i64,
    /// Whether it says that the page was taken down.
    pub gone: bool,
    /// The answer that it was made of.
    pub capture: i64,
    /// The version of the extractor that made it.
    pub extractor: String,
    /// See [`essence`].
    pub essence: [u8; 16],
    /// See [`filled`].
    pub filled: u32,
    /// Its language.
    pub language: Option<String>,
    /// When the article was first fetched.
    pub first: i64,
}

impl Latest {
    /// The latest revision of a page in a generation.
    pub fn of(db: &Connection, generation: i64, page: i64) -> rusqlite::Result<Option<Self>> {
        db.prepare_cached(
            "SELECT number, gone, capture, extractor, essence, filled, language, first_fetched_at FROM revision \
             WHERE generation = ?1 AND page = ?2 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([generation, page], |row| {
            Ok(Self {
                number: row.get(0)?,
                gone: row.get(1)?,
                capture: row.get(2)?,
                extractor: row.get(3)?,
                essence: row.get(4)?,
                filled: row.get(5)?,
                language: row.get(6)?,
                first: row.get(7)?,
            })
        })
        .optional()
    }

    /// The same as another extractor reads its answer.
    pub fn read_by(self, article: &Article) -> Self {
        Self { essence: essence(article), filled: filled(article), ..self }
    }
}

/// What follows from a look at a page of which this is the latest revision.
pub(crate) fn judge(latest: Option<&Latest>, seen: &Seen) -> Change {
    match (latest, seen) {
        (None, Seen::Article(_)) => Change::New,
        (None, Seen::Gone { .. }) => Change::Unchanged,
        (Some(latest), Seen::Gone { .. }) if latest.gone => Change::Unchanged,
        (Some(_), Seen::Gone { .. }) => Change::Gone,
        (Some(latest), Seen::Article(_)) if latest.gone => Change::Updated,
        (Some(latest), Seen::Article(article)) => {
            if latest.essence == essence(article) {
                Change::Unchanged
            } else if latest.filled & !filled(article) & (HEADLINE | BODY) != 0 {
                Change::Held
            } else {
                Change::Updated
            }
        }
    }
}

/// A look that makes a revision.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    /// The page.
    pub page: i64,
    /// Its address.
    pub url: &'a str,
    /// Its site.
    pub site: i64,
    /// When the article was first fetched.
    pub first: i64,
    /// The day of that.
    pub day: i64,
    /// When the answer was asked for.
    pub fetched_at: i64,
    /// The row of the answer.
    pub capture: i64,
    /// What it brought.
    pub seen: &'a Seen,
    /// The extractor that read it.
    pub extractor: &'a str,
}

/// Keeps a revision; it is written to its day's file by
/// [`days::catch_up`].
pub(crate) fn insert(
    db: &Connection,
    generation: i64,
    latest: Option<&Latest>,
    look: &Look<'_>,
    window: &mut Window,
) -> Result<(), ArchiveError> {
    let number = latest.map_or(1, |latest| latest.number + 1);
    let first = match latest {
        None => i64::MAX,
        Some(_) => db
            .prepare_cached("SELECT id FROM revision WHERE generation = ?1 AND page = ?2 AND number = 1")?
            .query_row([generation, look.page], |row| row.get(0))?,
    };
    let row = match look.seen {
        Seen::Article(article) => article_row(db, generation, look, article, first, window)?,
        Seen::Gone { status } => {
            let record = json!({
                "schema": TOMBSTONE_SCHEMA,
                "url": look.url,
                "status": status,
                "fetched_at": rfc3339(look.fetched_at),
            });
            // A tombstone is chosen by language as the article was.
            let language = latest.and_then(|latest| latest.language.clone());
            Row { record: record.to_string(), language, ..Row::default() }
        }
    };
    let gone = matches!(look.seen, Seen::Gone { .. });
    let mut insert = db.prepare_cached(
        "INSERT INTO revision (generation, page, number, capture, gone, site, first_fetched_at, day, \
         fetched_at, extractor, essence, content_hash, fingerprint, words, language, filled, same_page, \
         same_distance, written, record) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, 0, ?19)",
    )?;
    insert.execute(params![
        generation,
        look.page,
        number,
        look.capture,
        gone,
        look.site,
        look.first,
        look.day,
        look.fetched_at,
        look.extractor,
        row.essence,
        row.content_hash,
        row.fingerprint.map(u64::cast_signed),
        row.words.cast_signed(),
        row.language,
        row.filled,
        row.same.map(|s| s.page),
        row.same.and_then(|s| s.distance),
        days::compress(row.record.as_bytes())?,
    ])?;
    if let Some(print) = row.print {
        window.push(Print { first: first.min(db.last_insert_rowid()), ..print });
    }
    Ok(())
}

#[derive(Default)]
struct Row {
    essence: [u8; 16],
    content_hash: Option<String>,
    fingerprint: Option<u64>,
    words: u64,
    language: Option<String>,
    filled: u32,
    same: Option<Same>,
    /// What later articles are compared with.
    print: Option<Print>,
    record: String,
}

fn article_row(
    db: &Connection,
    generation: i64,
    look: &Look<'_>,
    article: &Article,
    first: i64,
    window: &mut Window,
) -> Result<Row, ArchiveError> {
    let body = article.body.is_some();
    // Without a body the hash is of the headline alone and links nothing.
    let content_hash = body.then(|| article.content_hash.clone());
    let fingerprint = body.then(|| u64::from_str_radix(&article.fingerprint, 16).ok()).flatten();
    let print = fingerprint.filter(|_| article.word_count >= near::LEAST_WORDS).map(|fingerprint| Print {
        page: look.page,
        first,
        fetched_at: look.fetched_at,
        fingerprint,
    });
    let mut same = None;
    if let Some(hash) = &content_hash {
        same = near::exact(db, generation, hash, look.page, first)?;
    }
    let same = same.or_else(|| window.nearest(print?));
    let record = serde_json::to_string(article).map_err(|e| ArchiveError::Setup(e.to_string()))?;
    Ok(Row {
        essence: essence(article),
        content_hash,
        fingerprint,
        words: article.word_count,
        language: Some(article.language.clone()),
        filled: filled(article),
        same,
        print,
        record,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(headline: &str, body: &str) -> Box<Article> {
        let html = format!(
            "<html><body><h1>{headline}</h1><p class='date'>প্রকাশ: ৩ মার্চ ২০২৪, রাত সাড়ে ১০টা</p><div>{body}</div></body></html>"
        );
        let options = crate::Options::new().with_url("https://ujan.example/news/17");
        Box::new(crate::extract(html.as_bytes(), &options).unwrap())
    }

    const STORY: &str = "<p>গ্রামের পাশে নদীর ধারে তিন দিনের মেলা শুরু হয়েছে গতকাল। দূর থেকে এসেছেন দোকানিরা।</p>\
         <p>মেলায় এবার মাটির পুতুল আর পাটের থলের দোকান বেশি। ছোটদের জন্য আছে নাগরদোলা।</p>";

    fn latest(article: &Article) -> Latest {
        Latest {
            number: 1,
            gone: false,
            capture: 1,
            extractor: article.extractor.version.clone(),
            essence: essence(article),
            filled: filled(article),
            language: None,
            first: 0,
        }
    }

    #[test]
    fn what_the_newsroom_wrote_makes_a_revision() {
        let first = article("নদীর ধারে শীতের মেলা শুরু", STORY);
        let kept = latest(&first);
        let judged = |article: Box<Article>| judge(Some(&kept), &Seen::Article(article));
        assert_eq!(judge(None, &Seen::Article(first.clone())), Change::New);
        assert_eq!(judged(first.clone()), Change::Unchanged);
        let mut other = first.clone();
        other.related.clear();
        other.fetched_at = Some("2026-11-24T00:00:00Z".into());
        other.published_at = None;
        assert_eq!(judged(other), Change::Unchanged, "what surrounds the text changes at each look");
        assert_eq!(judged(article("নদীর ধারে শীতের মেলা শেষ", STORY)), Change::Updated);
        let mut emptied = first.clone();
        emptied.body = None;
        assert_eq!(judged(emptied), Change::Held, "a body that is missing is the markup's fault");
    }

    #[test]
    fn a_page_goes_once_and_may_come_back() {
        let first = article("নদীর ধারে শীতের মেলা শুরু", STORY);
        let gone = Seen::Gone { status: 410 };
        assert_eq!(judge(None, &gone), Change::Unchanged, "nothing was there to go");
        assert_eq!(judge(Some(&latest(&first)), &gone), Change::Gone);
        let tombstone = Latest { gone: true, ..latest(&first) };
        assert_eq!(judge(Some(&tombstone), &gone), Change::Unchanged);
        assert_eq!(judge(Some(&tombstone), &Seen::Article(first)), Change::Updated);
    }
}
