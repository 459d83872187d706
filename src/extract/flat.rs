//! Flattened page text: no markup is left, one line a block.
//!
//! Web corpora keep pages in this form. What a line is shows in its words and
//! in its neighbours: the headline stands before credit and date, the text is
//! the stretch of sentences, lists of other articles are runs of titles.

use super::body;
use super::byline;
use super::credit;
use super::headline;
use super::key;
use super::notes::Notes;
use super::site_names::SiteNames;
use super::story::ends_sentence;
use super::timestamp::{self, Clock, Stamp, Times};
use crate::article::{Author, Block, BlockKind, RelatedLink, Source};
use crate::bangla::newsroom;
use crate::bangla::timestamp::{Label, Reading};

/// What was read from a text.
#[derive(Clone, Debug, Default)]
pub struct Flat {
    /// The headline.
    pub headline: Option<String>,
    /// The publication's name, where a line or title carries it.
    pub publisher: Option<String>,
    /// The credit.
    pub byline: Option<String>,
    /// Who is credited.
    pub authors: Vec<Author>,
    /// The times.
    pub times: Times,
    /// The text.
    pub blocks: Vec<Block>,
    /// Captions and credits of pictures.
    pub captions: Vec<String>,
    /// Titles of other articles.
    pub related: Vec<RelatedLink>,
    /// Tags in a labelled line.
    pub tags: Vec<String>,
}

const BULLETS: &[char] = &['-', '•', '*', '●', '❖', '■', '▪', '►', '➤', '»', '·', '–', '◆', '✦', '□', '○'];

struct Row {
    text: String,
    bullet: bool,
    readings: Vec<Reading>,
    prose: bool,
}

/// Reads a text.
pub fn read(text: &str, clock: Clock, names: &SiteNames, notes: &mut Notes) -> Flat {
    let rows = rows(text, clock);
    let mut names = names.clone();
    let Some((first, last)) = text_stretch(&rows) else { return headline_only(&rows, names, notes) };
    let mut flat = Flat::default();
    let head = head(&rows[..first], &mut names, &mut flat);
    credits_and_dates(&rows, &head, first, &names, &mut flat, notes);
    collect_text(&rows[first..=last], &mut flat);
    after_text(&rows[last + 1..], &names, &mut flat);
    if flat.byline.is_none() {
        credit_in_text(&names, &mut flat);
    }
    if let Some(headline) = &flat.headline {
        notes.take("headline", headline, Source::Text);
    }
    if let Some(byline) = &flat.byline {
        notes.take("byline", byline, Source::Text);
    }
    if !flat.blocks.is_empty() {
        notes.take("body", format!("{} blocks", flat.blocks.len()), Source::Text);
    }
    if !flat.related.is_empty() {
        notes.take("related", format!("{} titles", flat.related.len()), Source::Text);
    }
    flat
}

fn rows(text: &str, clock: Clock) -> Vec<Row> {
    text.lines()
        .map(|line| crate::bangla::normalize(line).text.into_owned())
        .filter(|line| !line.is_empty())
        .map(|line| {
            let stripped = line.trim_start_matches(BULLETS);
            // A bullet stands apart from its text; a dash may open speech.
            let bullet = stripped.len() < line.len() && stripped.starts_with(' ');
            let text = if bullet { stripped.trim_start().to_owned() } else { line };
            let chars = text.chars().count();
            let readings = if chars <= 220 { timestamp::readings(&text, clock) } else { Vec::new() };
            let prose = !bullet
                && (chars >= 110 || (chars >= 45 && ends_sentence(&text)))
                && !body::is_caption(&text)
                && !timestamp_row(&text, &readings);
            Row { text, bullet, readings, prose }
        })
        .collect()
}

/// Whether a row is there for its date.
fn timestamp_row(text: &str, readings: &[Reading]) -> bool {
    readings.iter().any(|r| !r.relative)
        && timestamp::rest_of(text, readings).chars().filter(|c| c.is_alphanumeric()).count() <= 60
        && !ends_sentence(text)
}

/// From the first to the last line of running text.
fn text_stretch(rows: &[Row]) -> Option<(usize, usize)> {
    let first = rows.iter().position(|r| r.prose)?;
    let mut last = first;
    let mut titles = 0;
    for (i, row) in rows.iter().enumerate().skip(first) {
        if row.prose {
            last = i;
            titles = 0;
        } else if row.bullet || body::is_read_more(&row.text) || body::is_list_heading(&row.text) {
            titles += 2;
        } else if is_title(&row.text) {
            titles += 1;
        }
        // A heading with titles behind it: a list, whatever marks they end in.
        let heads_a_list = (body::is_read_more(&row.text) || body::is_list_heading(&row.text))
            && row.text.split_whitespace().count() <= 6
            && rows.len() > i + 2
            && rows[i + 1..].iter().take(3).all(|r| r.text.chars().count() <= 160 && !r.text.ends_with('।'));
        if heads_a_list {
            break;
        }
        // A run of titles: the text has ended, what follows are teasers.
        if titles >= 6 {
            break;
        }
    }
    // Lines that close a text: a source, initials, a short last sentence.
    while let Some(row) = rows.get(last + 1) {
        if is_closing(&row.text) && !row.bullet {
            last += 1;
        } else {
            break;
        }
    }
    Some((first, last))
}

fn is_title(text: &str) -> bool {
    let words = text.split_whitespace().count();
    words >= 3 && text.chars().count() <= 160 && !text.ends_with('।')
}

/// `সূত্র: বাসস`, `এসএ/এমএইচ`, a short sentence.
fn is_closing(text: &str) -> bool {
    let chars = text.chars().count();
    if chars > 80
        || body::is_furniture(text)
        || body::is_read_more(text)
        || is_tag_line(text)
        || body::is_imprint(text)
    {
        return false;
    }
    text.starts_with("সূত্র")
        || (text.contains('/') && !text.contains(' '))
        || text.ends_with(['।', '?', '!', '’', '”'])
}

fn is_tag_line(text: &str) -> bool {
    let lower = crate::bangla::lower(text);
    newsroom::TAG_LABELS.iter().any(|l| l.ends_with([':', 'ঃ']) && lower.starts_with(l))
}

/// Finds the headline among the lines before the text, and the publisher where
/// a title carries it. Gives the indices of the lines that belong to the
/// article's head.
fn head(rows: &[Row], names: &mut SiteNames, flat: &mut Flat) -> Vec<usize> {
    let menu = menu_end(rows);
    let candidates: Vec<usize> = (menu..rows.len())
        .filter(|i| {
            let row = &rows[*i];
            let text = &row.text;
            let words = text.split_whitespace().count();
            words >= 2
                && text.chars().count() <= 220
                && !timestamp_row(text, &row.readings)
                && !body::is_caption(text)
                && !body::is_furniture(text)
                && !is_trail(text)
                && !names.contains(text)
                && !(credit::names_an_office(text) && words <= 8)
        })
        .collect();
    // A title line `headline | site` above the headline itself.
    for i in &candidates {
        for separator in [" | ", " - ", " – ", " :: ", " — "] {
            let Some((title, site)) = rows[*i].text.rsplit_once(separator) else { continue };
            let wanted = key(title);
            if rows.iter().skip(i + 1).any(|r| key(&r.text) == wanted) {
                names.add(site);
                flat.publisher.get_or_insert_with(|| site.trim().to_owned());
            }
        }
    }
    let stripped = |i: usize| headline::strip_site_name(names, &rows[i].text);
    // The line that a title repeats; else the last line of several words
    // before credit and date, which is the first of those that could be it.
    let repeated = candidates
        .iter()
        .copied()
        .find(|i| candidates.iter().any(|j| j < i && key(stripped(*j)) == key(stripped(*i))));
    let best = repeated.or_else(|| {
        candidates
            .iter()
            .copied()
            .find(|i| rows[*i].text.split_whitespace().count() >= 4)
            .or(candidates.first().copied())
    });
    let Some(best) = best else { return (menu..rows.len()).collect() };
    flat.headline = Some(stripped(best).to_owned());
    (menu..rows.len()).filter(|i| *i != best && key(&rows[*i].text) != key(&rows[best].text)).collect()
}

/// Where a menu at the top ends: a run of at least four very short lines.
fn menu_end(rows: &[Row]) -> usize {
    let short = |r: &Row| r.text.split_whitespace().count() <= 2 && r.readings.is_empty();
    let run = rows.iter().take_while(|r| short(r)).count();
    if run >= 4 { run } else { 0 }
}

/// `হোম > জাতীয়`.
fn is_trail(text: &str) -> bool {
    let marks = text.matches(['>', '»', '›']).count();
    marks >= 1 && text.split_whitespace().count() <= 8
}

fn credits_and_dates(
    rows: &[Row],
    head: &[usize],
    first: usize,
    names: &SiteNames,
    flat: &mut Flat,
    notes: &mut Notes,
) {
    let mut names = names.clone();
    let mut maybe_names: Vec<String> = Vec::new();
    let mut byline: Option<String> = None;
    for index in head {
        let row = &rows[*index];
        let text = row.text.as_str();
        if body::is_caption(text) {
            flat.captions.push(text.to_owned());
            continue;
        }
        if is_masthead_date(row) {
            continue;
        }
        if !row.readings.is_empty() && timestamp_row(text, &row.readings) {
            take_times(row, flat, notes);
            if let Some(name) = glued_site(row, &names) {
                names.add(&name);
                flat.publisher.get_or_insert(name);
            }
        }
        if body::is_furniture(text) || is_trail(text) || text.chars().count() > 120 {
            continue;
        }
        if names.contains(text) {
            flat.publisher.get_or_insert_with(|| text.to_owned());
            continue;
        }
        for piece in byline::pieces(&names, text, &row.readings) {
            let pieces: Vec<&str> = piece.split(" | ").collect();
            for piece in pieces {
                if credit::names_an_office(piece) && piece.split_whitespace().count() <= 8 {
                    byline.get_or_insert_with(|| piece.to_owned());
                } else if credit::may_be_a_name(piece) && piece.contains(' ') {
                    maybe_names.push(piece.to_owned());
                }
            }
        }
    }
    // The credit stands behind the site's name, next to the date.
    byline = byline.or_else(|| maybe_names.pop());
    if flat.publisher.is_none() && !maybe_names.is_empty() && byline.is_some() {
        flat.publisher = maybe_names.pop().filter(|n| names.contains(n));
    }
    if flat.times.published.is_none() {
        // A date line behind the text still dates the article.
        for row in
            rows.iter().skip(first).filter(|r| r.readings.iter().any(|x| x.label == Label::Publish)).take(1)
        {
            take_times(row, flat, notes);
        }
    }
    if let Some(text) = byline {
        let authors = credit::authors(&names, &text);
        if !authors.is_empty() {
            flat.byline = Some(text);
            flat.authors = authors;
        }
    }
}

/// `ঢাকা, বুধবার, ২৭ নভেম্বর ২০২৫, ১২ অগ্রহায়ণ ১৪৩২`: today's date.
fn is_masthead_date(row: &Row) -> bool {
    let k = key(&row.text);
    let calendars = ["বঙ্গাব্দ", "হিজরি", "হিজরী"].iter().filter(|w| k.contains(**w)).count();
    let bangla_month =
        ["বৈশাখ", "জ্যৈষ্ঠ", "আষাঢ়", "শ্রাবণ", "ভাদ্র", "আশ্বিন", "কার্তিক", "অগ্রহায়ণ", "পৌষ", "মাঘ", "ফাল্গুন", "চৈত্র"]
            .iter()
            .any(|m| k.contains(key(m).as_str()));
    !row.readings.is_empty()
        && (k.starts_with("আজ")
            || ((bangla_month || calendars > 0) && row.readings.iter().all(|r| r.label == Label::None)))
}

fn take_times(row: &Row, flat: &mut Flat, notes: &mut Notes) {
    for reading in row.readings.iter().filter(|r| !r.relative) {
        let stamp = Stamp {
            moment: reading.moment,
            text: row.text.get(reading.span.clone()).unwrap_or(&row.text).trim().to_owned(),
            source: Source::Text,
        };
        let (slot, field) = if reading.label == Label::Update {
            (&mut flat.times.modified, "modified_at")
        } else {
            (&mut flat.times.published, "published_at")
        };
        if slot.is_none() {
            notes.take(field, stamp.moment.to_string(), Source::Text);
            *slot = Some(stamp);
        }
    }
}

/// The site's name between a bar and a date that touches it:
/// `… | উইমেননিউজ২৪প্রকাশিত : ০১:০৬ পিএম, …`; or before a colon.
fn glued_site(row: &Row, names: &SiteNames) -> Option<String> {
    let span = row.readings.first()?.span.clone();
    let before = row.text.get(..span.start)?;
    let before = without_label(before);
    let name = before.rsplit(['|', '•']).next()?.trim().trim_end_matches([':', '-', '–', ';', ' ']).trim();
    let barred =
        before.contains('|') || row.text[..span.start].trim_end().ends_with(':') || names.contains(name);
    let plausible = !name.is_empty()
        && name.split_whitespace().count() <= 4
        && !credit::names_an_office(name)
        && (barred || names.contains(name));
    plausible.then(|| name.to_owned())
}

fn without_label(text: &str) -> &str {
    let mut text = text.trim_end().trim_end_matches([':', '-', 'ঃ', ' ']).trim_end();
    for label in ["প্রকাশিত", "প্রকাশ", "আপডেট", "হালনাগাদ", "Published", "Updated", "প্রকাশকাল"]
    {
        if let Some(rest) = text.strip_suffix(label) {
            text = rest.trim_end();
            break;
        }
    }
    text
}

fn collect_text(rows: &[Row], flat: &mut Flat) {
    let mut after_read_more = false;
    for row in rows {
        let text = row.text.as_str();
        if body::is_read_more(text) {
            let title = text.split([':', '<', '>', '»']).next_back().unwrap_or("").trim();
            let label_only = key(title) == key(text);
            if !label_only && title.split_whitespace().count() >= 3 {
                push_related(flat, title, Some("আরও পড়ুন"));
            }
            after_read_more = label_only;
            continue;
        }
        if after_read_more && !row.prose && is_title(text) {
            push_related(flat, text, Some("আরও পড়ুন"));
            continue;
        }
        after_read_more = false;
        if body::is_caption(text) {
            flat.captions.push(text.to_owned());
            continue;
        }
        if body::is_furniture(text) || is_tag_line(text) || body::is_imprint(text) || is_prompt(text) {
            continue;
        }
        let kind = if row.bullet { BlockKind::ListItem } else { BlockKind::Paragraph };
        flat.blocks.push(Block { kind, text: text.to_owned() });
    }
}

fn is_prompt(text: &str) -> bool {
    let k = key(text);
    text.chars().count() < 200
        && newsroom::PROMPTS.iter().filter(|p| k.contains(key(p).as_str())).count() >= 2
}

fn push_related(flat: &mut Flat, title: &str, group: Option<&str>) {
    let k = key(title);
    if !k.is_empty() && !flat.related.iter().any(|r| key(&r.title) == k) {
        flat.related.push(RelatedLink {
            title: title.to_owned(),
            url: None,
            group: group.map(str::to_owned),
        });
    }
}

fn after_text(rows: &[Row], names: &SiteNames, flat: &mut Flat) {
    let mut group: Option<String> = None;
    // Bare titles count behind a heading; bullets count by themselves.
    let mut in_list = false;
    let bare_titles = rows.iter().filter(|r| !r.bullet && is_title(&r.text)).count();
    for row in rows {
        let text = row.text.as_str();
        if body::is_imprint(text) || timestamp_row(text, &row.readings) && !row.bullet {
            in_list = false;
            continue;
        }
        if is_tag_line(text) {
            if let Some((_, tags)) = text.split_once([':', 'ঃ']) {
                flat.tags.extend(
                    tags.split([',', '،', '|', '#']).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()),
                );
            }
            in_list = false;
            continue;
        }
        if (body::is_read_more(text) || body::is_list_heading(text))
            && !row.bullet
            && text.split_whitespace().count() <= 6
        {
            group = Some(text.trim_end_matches([':', '-', 'ঃ', ' ']).to_owned());
            in_list = true;
            continue;
        }
        if body::is_furniture(text) || names.contains(text) || is_prompt(text) {
            continue;
        }
        if (row.bullet || in_list || bare_titles >= 4) && is_listed_title(text) {
            push_related(flat, text, group.as_deref());
        }
    }
}

fn is_listed_title(text: &str) -> bool {
    let chars = text.chars().count();
    text.split_whitespace().count() >= 2 && (8..=200).contains(&chars)
}

/// A credit that opens the first paragraph or signs the last.
fn credit_in_text(names: &SiteNames, flat: &mut Flat) {
    let opening = flat.blocks.first().and_then(|b| credit::opening(&b.text)).map(|c| credit::clean(names, c));
    let found = opening.or_else(|| byline::sign_off(names, &flat.blocks));
    if let Some(text) = found {
        let authors = credit::authors(names, &text);
        if !authors.is_empty() {
            flat.byline = Some(text);
            flat.authors = authors;
        }
    }
}

fn headline_only(rows: &[Row], mut names: SiteNames, notes: &mut Notes) -> Flat {
    let mut flat = Flat::default();
    let indices = head(rows, &mut names, &mut flat);
    for index in indices {
        let row = &rows[index];
        if !is_masthead_date(row) && timestamp_row(&row.text, &row.readings) {
            take_times(row, &mut flat, notes);
        }
    }
    flat
}
