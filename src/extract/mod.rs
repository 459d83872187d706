//! From a page to an [`Extraction`]: each field has a file that proposes
//! candidates with evidence and chooses among them.
//!
//! This room knows Bengali journalism; it knows nothing of HTTP or of output
//! formats. Nothing in it names an article or a page: what holds for one site
//! only is in that site's rule.

// A failure is made once a page and moved a few times: boxing it would only
// burden callers.
#![allow(clippy::result_large_err)]

mod address;
mod body;
mod byline;
mod byline_meta;
mod challenge;
mod context;
mod credit;
mod credit_marks;
mod deck;
mod edges;
mod flat;
mod glyphs;
mod headline;
mod hints;
mod initials;
mod keyed;
mod layout;
mod links;
mod marks;
mod media;
mod notes;
mod phrases;
mod related;
mod sentence;
mod site_names;
mod state;
mod story;
mod taxonomy;
mod time_labels;
mod time_meta;
mod timestamp;
mod tokens;
mod url_date;
mod verdict;
mod words;
mod zone;

#[cfg(test)]
mod cost;
#[cfg(test)]
mod tests;

use url::Url;

use crate::article::{Author, Block, LeadImage, RelatedLink, Source, WarningCode};
use crate::bangla::{language, word_key};
use crate::failure::{Failure, FailureKind};
use crate::page::Page;
use crate::sites::{SiteRule, known};

use context::Cx;
use notes::Notes;
use timestamp::{Clock, Places};
use verdict::Evidence;

#[cfg(feature = "fetch")]
pub(crate) use address::is_tracking;
#[cfg(feature = "fetch")]
pub(crate) use hints::{Mark, marks};
#[cfg(feature = "fetch")]
pub(crate) use links::{NOT_ARTICLES, is_media, is_title, registrable, title_of};
pub use notes::Notes as ExtractionNotes;
pub use timestamp::Stamp;
#[cfg(feature = "fetch")]
pub(crate) use url_date::day as url_day;

/// Everything that was found in a page, before it becomes a record.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // the names are those of the record's fields
pub struct Extraction {
    pub canonical_url: Option<Url>,
    pub publisher: Option<String>,
    pub headline: Option<String>,
    pub kicker: Option<String>,
    pub subheadline: Option<String>,
    pub byline: Option<String>,
    pub authors: Vec<Author>,
    pub published: Option<Stamp>,
    pub modified: Option<Stamp>,
    pub section: Option<String>,
    pub tags: Vec<String>,
    pub lead_image: Option<LeadImage>,
    pub blocks: Vec<Block>,
    pub captions: Vec<String>,
    pub related: Vec<RelatedLink>,
    pub language: String,
    pub rule: Option<String>,
    pub notes: Notes,
}

/// The key by which texts are compared here: words of the search key, without
/// any punctuation.
fn key(text: &str) -> String {
    word_key(text)
}

/// Extracts an HTML page.
///
/// # Errors
///
/// A failure of kind `challenge` where the page is a bot wall, else one of
/// kind `not_article` with the reason.
pub fn html(
    page: &Page<'_>,
    url: Option<Url>,
    rule: Option<&SiteRule>,
    reference: Option<chrono::DateTime<chrono::FixedOffset>>,
    notes: Notes,
) -> Result<Extraction, Failure> {
    let cx = Cx::new(page, url.clone(), rule);
    if story::prose(&cx) < SHORT_BODY
        && let Some(drawn) = state::drawn(page)
    {
        let mut found = read(&Cx::new(&drawn, url, rule), reference, notes)?;
        for source in found.notes.evidence.values_mut().filter(|s| **s == Source::Visible) {
            *source = Source::State;
        }
        return Ok(found);
    }
    read(&cx, reference, notes)
}

/// Extracts the article of a prepared page.
fn read(
    cx: &Cx<'_>,
    reference: Option<chrono::DateTime<chrono::FixedOffset>>,
    mut notes: Notes,
) -> Result<Extraction, Failure> {
    let rule = cx.rule;
    if let Some(maker) = challenge::wall(cx) {
        return Err(Failure::new(
            FailureKind::Challenge,
            format!("a bot wall stands in the page's place: {maker}"),
        )
        .with_hint("fetch the page later, more slowly, or with the site's consent"));
    }
    for message in &cx.json_ld.invalid {
        notes.warn(WarningCode::JsonLdInvalid, message.clone());
    }
    let headline = headline::find(cx, &mut notes);
    let headline_key = headline.as_ref().map(|h| h.key.clone()).unwrap_or_default();
    let story = story::find(cx, headline.as_ref());
    let mut text = story.as_ref().map(|s| body::sort(cx, s, headline.as_ref())).unwrap_or_default();
    let language = language_of(cx, headline.as_ref().map(|h| h.text.as_str()), &text);
    let clock = zone::clock(cx, &language, reference);

    let mut places = places(cx, headline.as_ref(), story.as_ref(), &text);
    let mut captions = story.as_ref().map(|s| body::captions(cx, s)).unwrap_or_default();
    let subheadline = deck::subheadline(cx, &places, &headline_key, &captions, &mut text);
    if subheadline.is_none()
        && let Some(story) = &story
    {
        deck::take_lead(cx, story, &headline_key, &captions, &mut text);
    }
    if let Some(first) = text.lines.first() {
        places.head.retain(|i| i < first);
    }
    let times = timestamp::find(cx, clock, &places, &mut notes);
    let node = headline.as_ref().and_then(|h| h.node);
    let section = taxonomy::section(cx, &headline_key, node);
    // The writer of a column may stand where its kicker would.
    let (in_headline, in_kicker) = match headline.as_ref().and_then(|h| h.kicker.clone()) {
        Some(name) if credit::sounds_like_a_person(&name) => (Some(name), None),
        other => (None, other),
    };
    let mut kicker = in_kicker.or_else(|| deck::kicker(cx, &places));
    let taken: Vec<String> =
        [&section, &subheadline, &kicker].into_iter().flatten().map(|t| key(t)).collect();
    let known = byline::Known {
        head: &places.head,
        before: &places.before,
        after: &places.after,
        headline: &headline_key,
        taken: &taken,
        in_headline: in_headline.as_deref(),
    };
    let byline = byline::find(cx, clock, story.as_ref(), &text, &known, &mut notes);
    if byline.text != in_headline {
        kicker = kicker.or(in_headline);
    }
    if let Some(credit) = &byline.text {
        let credit = key(credit);
        captions.retain(|(_, c)| key(c) != credit);
        // A credit's own line at the head of the text is none of the text.
        let is_credit = |text: &body::Body, at: usize| {
            let said = &text.blocks[at].text;
            text.has_key(cx, at, &credit)
                || said.chars().nth(79).is_none() && key(&credit::clean(&cx.names, said)) == credit
        };
        while let Some(at) = (0..text.blocks.len().min(3)).find(|at| is_credit(&text, *at)) {
            text.blocks.remove(at);
            text.lines.remove(at);
        }
    }
    let related = related::find(cx, headline.as_ref(), &mut notes);
    let evidence =
        Evidence { headline: headline.as_ref(), body: &text, times: &times, related: related.len() };
    if let Some(reason) = verdict::not_article(cx, &evidence) {
        return Err(Failure::new(FailureKind::NotArticle, reason).with_hint(
            "give the address of an article; lists of articles come from a site's feed or sitemap",
        ));
    }
    finish_notes(cx, &text, story.as_ref(), &mut notes);
    let lead_image = media::lead_image(cx, story.as_ref(), &captions, text.lines.first().copied());
    Ok(Extraction {
        canonical_url: taxonomy::canonical(cx),
        publisher: taxonomy::publisher(cx, &language),
        headline: headline.map(|h| h.text),
        kicker,
        subheadline,
        byline: byline.text,
        authors: byline.authors,
        published: times.published,
        modified: times.modified,
        section,
        tags: taxonomy::tags(cx, node),
        lead_image,
        blocks: text.blocks,
        captions: captions.into_iter().map(|(_, c)| c).collect(),
        related,
        language,
        rule: cx.era.and(rule).map(|r| r.key.clone()),
        notes,
    })
}

/// Extracts flattened page text.
///
/// # Errors
///
/// A failure of kind `not_article` with the reason.
pub fn text(
    source: &str,
    url: Option<&Url>,
    sites: &crate::sites::Sites,
    reference: Option<chrono::DateTime<chrono::FixedOffset>>,
    mut notes: Notes,
) -> Result<Extraction, Failure> {
    let rule = url.and_then(|u| sites.find(u));
    let mut names = site_names::SiteNames::new(
        sites
            .iter()
            .flat_map(|r| r.publisher.iter().chain(&r.names))
            .map(String::as_str)
            .chain(known::all().iter().map(|s| s.name)),
    );
    if let Some(host) = url.and_then(Url::host_str) {
        names.add(host);
    }
    let language = language::identify(source).to_owned();
    let zone = zone::by_name_or_language(source, rule, sites, url, &language);
    let clock = Clock { zone, sure: rule.is_some(), reference };
    let flat = flat::read(source, clock, &names, &mut notes);
    let chars: usize = flat.blocks.iter().map(|b| b.text.chars().count()).sum();
    if flat.headline.is_none() || (chars == 0 && flat.times.published.is_none()) {
        return Err(Failure::new(
            FailureKind::NotArticle,
            "the text has no headline with running text below it",
        )
        .with_hint("give one page's text a file, its headline first"));
    }
    if chars < SHORT_BODY {
        notes.warn(WarningCode::BodyShort, format!("{chars} characters"));
    }
    Ok(Extraction {
        publisher: rule.and_then(|r| r.publisher.clone()).or(flat.publisher),
        headline: flat.headline,
        byline: flat.byline,
        authors: flat.authors,
        published: flat.times.published,
        modified: flat.times.modified,
        tags: flat.tags,
        blocks: flat.blocks,
        captions: flat.captions,
        related: flat.related,
        language,
        rule: None,
        notes,
        ..Extraction::default()
    })
}

/// A text with fewer characters is called short.
const SHORT_BODY: usize = 120;

fn language_of(cx: &Cx<'_>, headline: Option<&str>, text: &body::Body) -> String {
    let mut sample = headline.unwrap_or("").to_owned();
    for block in text.blocks.iter().take(40) {
        sample.push('\n');
        sample.push_str(&block.text);
    }
    let found = language::identify(&sample);
    if found != "und" {
        return found.to_owned();
    }
    // Too little text: what the page says of itself.
    let declared = cx.meta.lang.as_deref().unwrap_or("").split('-').next().unwrap_or("").to_ascii_lowercase();
    match declared.as_str() {
        "bn" | "as" | "hi" | "en" if !sample.trim().is_empty() => declared,
        // Another language in Latin letters, of which nothing more is known.
        code if code.len() == 2
            && code.bytes().all(|b| b.is_ascii_lowercase())
            && sample.chars().any(char::is_alphabetic)
            && sample.chars().filter(|c| c.is_alphabetic()).all(|c| c < '\u{250}') =>
        {
            declared
        }
        _ => found.to_owned(),
    }
}

/// Where displayed times and credits are looked for.
fn places(
    cx: &Cx<'_>,
    headline: Option<&headline::Headline<'_>>,
    story: Option<&story::Story>,
    text: &body::Body,
) -> Places {
    let lines = &cx.layout.lines;
    let mut out = Places::default();
    let node = headline.and_then(|h| h.node);
    let first_text = text
        .lines
        .iter()
        .copied()
        .find(|i| story::is_prose(&lines[*i]) && lines[*i].chars > 60)
        .or(text.lines.first().copied());
    let start = node.map(|n| cx.layout.lines_between(n.range().end..cx.layout.doc.len()).start);
    if let Some(start) = start.or(story.map(|s| s.lines.start)) {
        let end = first_text.unwrap_or((start + 25).min(lines.len())).max(start);
        out.head = (start..end.min(start + 60)).collect();
    }
    if let Some(node) = node {
        let at = cx.layout.lines_in(node).start;
        out.before = (at.saturating_sub(8)..at)
            .rev()
            .take_while(|i| !ends_head(cx, &lines[*i]))
            .filter(|i| {
                !lines[*i].marks.any(&[
                    hints::Mark::Masthead,
                    hints::Mark::Navigation,
                    hints::Mark::Ticker,
                    hints::Mark::Breadcrumb,
                    hints::Mark::Related,
                ])
            })
            .take(4)
            .collect();
    }
    if let Some(last) = text.lines.last() {
        out.after = (last + 1..(last + 12).min(lines.len())).collect();
    }
    out
}

/// Whether a line above the headline belongs to the page's head, so that what
/// stands above it is the site's: a menu, moving headlines.
fn ends_head(cx: &Cx<'_>, line: &layout::Line<'_>) -> bool {
    use hints::Mark;
    line.links.len() >= 4
        || line.marks.any(&[Mark::Ticker, Mark::Navigation]) && line.links.len() >= 2
        || line.marks.has(Mark::Ticker) && !cx.is_site_name(&line.text)
}

fn finish_notes(cx: &Cx<'_>, text: &body::Body, story: Option<&story::Story>, notes: &mut Notes) {
    let chars: usize = text.blocks.iter().map(|b| b.text.chars().count()).sum();
    if let Some(story) = story.filter(|_| chars > 0) {
        notes.take("body", format!("{} blocks, {chars} characters", text.blocks.len()), story.source);
    }
    if chars < SHORT_BODY {
        notes.warn(WarningCode::BodyShort, format!("{chars} characters"));
    }
    if verdict::is_paywalled(cx) {
        notes.warn(WarningCode::Paywall, "the page says that it is not free");
    } else if text.walled {
        notes.warn(WarningCode::Paywall, "the text ends at a prompt to pay for the rest");
    }
    let repairs = cx.layout.repairs;
    if repairs.bijoy {
        notes.warn(WarningCode::BijoyConverted, "text in a Bijoy font encoding");
    }
    if repairs.mojibake {
        notes.warn(WarningCode::MojibakeRepaired, "text that had been read with the wrong charset");
    }
    if repairs.lossy {
        notes.warn(WarningCode::MojibakeLossy, "text that was read with the wrong charset and lost a part");
    }
    if let Some(rule) = cx.rule
        && cx.era.is_none()
        && !rule.eras.is_empty()
    {
        notes.warn(WarningCode::RuleMissed, format!("no era of the rule {} fits the page", rule.key));
    }
    let ruled = cx.unproven(|e| &e.fields.body);
    let inside = |i: &usize| ruled.iter().any(|n| n.range().contains(&cx.layout.lines[*i].nodes.start));
    if !ruled.is_empty() && text.lines.iter().filter(|i| inside(i)).count() * 2 < text.lines.len() {
        notes.warn(WarningCode::RuleOutvoted, "body: the text stands elsewhere than the rule says");
    }
}
