//! Times in metadata: JSON-LD, microdata, meta elements and the machine-readable
//! attributes of the article's own markup.

use serde_json::Value;

use super::context::Cx;
use super::hints::Mark;
use super::links;
use super::notes::Notes;
use super::timestamp::{Clock, Found};
use crate::article::Source;
use crate::bangla::timestamp::{self, Label, Moment, Reading};
use crate::page::{Attr, Node, Tag};

/// Where metadata tells the time of publication.
pub const PUBLISHED: &[(&str, &[&str])] = &[
    ("json_ld", &["datePublished", "dateCreated", "uploadDate"]),
    ("microdata", &["datePublished", "dateCreated"]),
    (
        "meta",
        &[
            "article:published_time",
            "og:published_time",
            "datepublished",
            "date_published",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "published_time",
            "published_date",
            "parsely-pub-date",
            "sailthru.date",
            "dc.date.issued",
            "dcterms.created",
            "dc.date",
            "date",
            "cxenseparse:recs:publishtime",
            "cxenseparse:publishtime",
            "article.published",
            "originalpublicationdate",
        ],
    ),
];

/// Where metadata tells the time of the last update.
pub const MODIFIED: &[(&str, &[&str])] = &[
    ("json_ld", &["dateModified"]),
    ("microdata", &["dateModified"]),
    (
        "meta",
        &[
            "article:modified_time",
            "og:updated_time",
            "lastmod",
            "last-modified",
            "datemodified",
            "dcterms.modified",
            "article.updated",
            "revisiondate",
            "updated_time",
        ],
    ),
];

/// The times that metadata tells, those that cannot be read noted.
pub fn metadata(
    cx: &Cx<'_>,
    clock: Clock,
    keys: &[(&str, &[&'static str])],
    notes: &mut Notes,
    field: &str,
) -> Vec<Found> {
    let mut raw: Vec<(String, Source)> = Vec::new();
    for (place, names) in keys {
        for name in *names {
            match *place {
                "json_ld" => {
                    if let Some(article) = cx.article {
                        raw.extend(json_date(article.get(*name)).map(|v| (v, Source::JsonLd)));
                    }
                    if field == "modified_at" || cx.article.is_none() {
                        for kind in ["WebPage", "NewsArticle", "Article", "LiveBlogPosting", "VideoObject"] {
                            for object in cx.json_ld.of_type(kind) {
                                raw.extend(json_date(object.get(*name)).map(|v| (v, Source::JsonLd)));
                            }
                        }
                    }
                }
                "microdata" => {
                    raw.extend(cx.microdata.all(name).take(2).map(|p| (p.value(), Source::Microdata)));
                }
                _ => raw.extend(cx.meta.all(name).map(|v| (v.to_owned(), Source::Meta))),
            }
        }
    }
    if field == "published_at" {
        raw.extend(marked_times(cx).into_iter().map(|v| (v, Source::Visible)));
    }
    let context = clock.context();
    let mut out: Vec<Found> = Vec::new();
    for (text, source) in raw {
        let text = text.trim();
        // Pages say the same in several places.
        if out.iter().any(|f| f.text == text) {
            continue;
        }
        let reading = match text.parse::<i64>() {
            Ok(number) if text.len() >= 9 => {
                timestamp::from_epoch(number).and_then(|t| epoch_reading(t, text.len()))
            }
            _ => timestamp::read(text, &context),
        };
        match reading {
            Some(reading) if !reading.relative => {
                out.push(Found { reading, text: text.to_owned(), source });
            }
            _ => notes.reject(field, text, source, "is no date"),
        }
    }
    out
}

fn epoch_reading(moment: Moment, len: usize) -> Option<Reading> {
    let Moment::Instant(instant) = moment else { return None };
    Some(Reading {
        moment,
        precision: timestamp::Precision::Second,
        span: 0..len,
        label: Label::None,
        calendar: timestamp::Calendar::Gregorian,
        weekday: None,
        wall: Some(instant.naive_utc()),
        offset_given: true,
        relative: false,
        warnings: Vec::new(),
    })
}

fn json_date(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Object(o) => o.get("@value").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

/// Whether a time stands in a link to another article. One that is the page's
/// own permalink is the article's.
fn is_anothers<'a>(cx: &Cx<'a>, time: Node<'a>) -> bool {
    time.ancestors().take(4).any(|a| a.tag() == Some(Tag::A) && links::offers_article(cx, a))
}

/// Machine-readable dates in the article's own markup: `<time datetime>` and
/// the microformat `<abbr class=published title>`.
fn marked_times(cx: &Cx<'_>) -> Vec<String> {
    let usable = |n: &Node<'_>| {
        !cx.layout.marks(*n).any(&[
            Mark::Related,
            Mark::Comments,
            Mark::Footer,
            Mark::Ticker,
            Mark::Navigation,
            Mark::Masthead,
        ]) && n.ancestors().take(6).all(|a| a.tag() != Some(Tag::Li))
    };
    let times =
        cx.layout.doc.by_tag(Tag::Time).filter(usable).filter(|n| !is_anothers(cx, *n)).filter_map(|n| {
            // WordPress themes call the only time `entry-date updated`.
            let updated = n.classes().any(|c| c == "updated")
                && n.classes().all(|c| c != "published" && c != "entry-date");
            n.get(Attr::Datetime).filter(|_| !updated).map(str::to_owned)
        });
    let abbrs = cx
        .layout
        .doc
        .by_tag(Tag::Abbr)
        .filter(usable)
        .filter(|n| n.classes().any(|c| c == "published" || c == "timeago"))
        .filter_map(|n| n.get(Attr::Title).map(str::to_owned));
    times.take(1).chain(abbrs.take(1)).collect()
}
