//! The credit: what the page displays, and whom it names.
//!
//! Looked for where newsrooms put it: in the place the site's rule names,
//! between headline and text, at the start of the first paragraph, and last at
//! the text's end. Metadata names authors too, but many templates put the
//! headline, the site or a log-in name there.

use super::body::{self, Body};
use super::byline_meta::{metadata_names, microdata_names, visible};
use super::context::Cx;
use super::credit;
use super::credit_marks::{closes_a_post, credit_elements, credits_someone, is_category};
use super::hints::Mark;
use super::key;
use super::layout::Line;
use super::notes::Notes;
use super::site_names::SiteNames;
use super::story::Story;
use super::timestamp::{self, Clock};
use crate::article::{Author, AuthorKind, Block, Source};
use crate::bangla::timestamp::Reading;
use crate::page::Attr;

/// The credit as found.
#[derive(Clone, Debug, Default)]
pub struct Byline {
    /// The credit as displayed; `None` where only metadata names an author.
    pub text: Option<String>,
    /// Who is named.
    pub authors: Vec<Author>,
}

struct Candidate {
    text: String,
    source: Source,
    strength: i32,
}

/// Where a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between headline and text.
    Head,
    /// Shortly above the headline.
    Above,
    /// Behind the text.
    Behind,
}

/// What is known when the credit is sought.
pub struct Known<'k> {
    /// Lines between headline and text.
    pub head: &'k [usize],
    /// Lines shortly above the headline.
    pub before: &'k [usize],
    /// Lines behind the text.
    pub after: &'k [usize],
    /// The headline's key.
    pub headline: &'k str,
    /// Keys of texts that are something else: section, subheadline, kicker.
    pub taken: &'k [String],
    /// A name that stands where a kicker would, inside the headline's element.
    pub in_headline: Option<&'k str>,
}

/// Finds the credit.
pub fn find(
    cx: &Cx<'_>,
    clock: Clock,
    story: Option<&Story>,
    body: &Body,
    known: &Known<'_>,
    notes: &mut Notes,
) -> Byline {
    let metadata = metadata_names(cx, known.headline, notes);
    let mut candidates: Vec<Candidate> = Vec::new();

    for node in cx.all_by_rule(|e| &e.fields.byline).into_iter().take(2) {
        let text = crate::bangla::normalize_parsed(&node.text()).text.into_owned();
        for piece in pieces(&cx.names, &text, &timestamp::readings(&text, clock)) {
            // An unproven rule fills a gap: any credit in plain sight is stronger.
            let strength = if cx.trusted_era() { 30 } else { 11 };
            push(&mut candidates, piece, Source::SiteRule, strength);
        }
    }
    let head = known.head.iter().map(|i| (*i, Place::Head));
    for (index, place) in head.chain(known.before.iter().map(|i| (*i, Place::Above))) {
        from_line(cx, clock, &cx.layout.lines[index], place, known, &metadata, &mut candidates);
    }
    // Behind the text only what the markup calls a credit.
    for index in known.after {
        let line = &cx.layout.lines[*index];
        if line.credits {
            from_line(cx, clock, line, Place::Behind, known, &metadata, &mut candidates);
        } else if labelled(&line.text) && line.chars <= 120 && closes_a_post(line) {
            // `Posted by … at 8:15 PM`, without an element of its own.
            let name = line.text.split(char::is_numeric).next().unwrap_or("");
            let name = credit::clean(&cx.names, &without_time_label(name));
            if credit::may_be_a_name(&name) && credits_persons_or_office(&cx.names, &name) {
                push(&mut candidates, name, Source::Visible, 10);
            }
        }
    }
    for (name, node) in microdata_names(cx) {
        if visible(cx, node) {
            push(&mut candidates, credit::clean(&cx.names, &name), Source::Microdata, 12);
        }
    }
    if let Some(name) = known.in_headline {
        push(&mut candidates, credit::clean(&cx.names, name), Source::Visible, 10);
    }
    candidates.retain(|c| {
        let k = key(&c.text);
        !k.is_empty() && k != known.headline && !known.taken.contains(&k)
    });
    candidates.sort_by_key(|c| std::cmp::Reverse(c.strength));

    if let Some(best) = candidates.first().filter(|c| c.strength >= 10) {
        let authors = credit::authors(&cx.names, &best.text);
        if !authors.is_empty() {
            notes.take("byline", &best.text, best.source);
            for other in candidates.iter().skip(1) {
                notes.reject("byline", &other.text, other.source, "a stronger credit was found");
            }
            return Byline { text: Some(best.text.clone()), authors };
        }
    }
    if let Some(first) = body.blocks.iter().find(|b| b.text.chars().count() > 20)
        && let Some(found) = credit::opening(&first.text)
    {
        let text = credit::clean(&cx.names, found);
        let authors = credit::authors(&cx.names, &text);
        if !authors.is_empty() {
            notes.take("byline", &text, Source::Visible);
            return Byline { text: Some(text), authors };
        }
    }
    if metadata.is_empty()
        && let Some(first) = body.blocks.iter().find(|b| b.text.chars().count() > 20)
        && let Some(found) = credit::opening_person(&first.text)
    {
        notes.take("byline", found, Source::Visible);
        let (name, place) = found.split_once(',').unwrap_or((found, ""));
        let author = Author {
            name: name.trim().to_owned(),
            kind: AuthorKind::Person,
            place: Some(place.trim().to_owned()).filter(|p| !p.is_empty()),
        };
        return Byline { text: Some(found.to_owned()), authors: vec![author] };
    }
    if !metadata.is_empty() {
        let authors: Vec<Author> = metadata.iter().flat_map(|(n, _)| credit::authors(&cx.names, n)).collect();
        let mut unique: Vec<Author> = Vec::new();
        for author in authors {
            if !unique.iter().any(|a| key(&a.name) == key(&author.name)) {
                unique.push(author);
            }
        }
        // A name in metadata that the page displays near its headline is the
        // byline; one that it does not display is an author only.
        let shown = story.and_then(|s| displayed_name(cx, s, &unique));
        if let Some((_, source)) = metadata.first() {
            notes.take(
                "byline",
                unique.iter().map(|a| a.name.as_str()).collect::<Vec<_>>().join(", "),
                *source,
            );
        }
        return Byline { text: shown, authors: unique };
    }
    if let Some(text) = sign_off(&cx.names, &body.blocks) {
        let authors = credit::authors(&cx.names, &text);
        if !authors.is_empty() {
            notes.take("byline", &text, Source::Visible);
            return Byline { text: Some(text), authors };
        }
    }
    Byline::default()
}

fn push(candidates: &mut Vec<Candidate>, text: String, source: Source, strength: i32) {
    if !text.is_empty() && text.chars().count() <= 160 {
        candidates.push(Candidate { text, source, strength });
    }
}

/// The parts of a line that may be credits: what stands beside its dates.
pub fn pieces(names: &SiteNames, text: &str, dates: &[Reading]) -> Vec<String> {
    let rest = timestamp::rest_of(text, dates);
    rest.split('\u{1}')
        .map(without_time_label)
        .map(|p| credit::clean(names, &p))
        .filter(|p| !p.is_empty() && !body::is_furniture(p) && !credit::is_label(p))
        .collect()
}

/// Takes the label of a time that follows off the end of a text.
fn without_time_label(text: &str) -> String {
    let mut text = text.trim().trim_end_matches([':', '-', '|', ',', ';', 'ঃ', ' ']).trim();
    let labels = [
        "প্রকাশিত",
        "প্রকাশ",
        "প্রকাশকাল",
        "আপডেট",
        "হালনাগাদ",
        "Published",
        "Updated",
        "Last",
        "শেষ",
        "Updated at",
        "First",
        "প্রকাশের সময়",
        "প্রকাশের তারিখ",
        "প্রকাশ সময়",
        "প্রকাশনার সময়",
        "আপডেট সময়",
        "প্রিন্টের সময়",
        "পোস্টের সময়",
        "Posted",
        "Posted on",
        "Published on",
        "Published at",
        "Updated on",
        "এই সময়ে",
        "সময়",
        "তারিখ",
        // What joins a name to the date behind it; last, so that longer labels
        // go whole.
        "on",
        "at",
        "in",
        "am",
        "um",
        "el",
        "le",
        "den",
    ];
    // A label is a word of its own: a name may end in the same letters.
    let apart = |head: &&str| head.is_empty() || head.ends_with(|c: char| !c.is_alphanumeric());
    while let Some(head) = labels.iter().find_map(|l| text.strip_suffix(l).filter(apart)) {
        text = head.trim().trim_end_matches([':', '-', '|', ',', ';', 'ঃ', ' ']).trim();
    }
    text.to_owned()
}

fn from_line<'a>(
    cx: &Cx<'a>,
    clock: Clock,
    line: &Line<'a>,
    place: Place,
    known: &Known<'_>,
    metadata: &[(String, Source)],
    candidates: &mut Vec<Candidate>,
) {
    if line.marks.any(&[
        Mark::Hidden,
        Mark::Caption,
        Mark::Breadcrumb,
        Mark::Navigation,
        Mark::Ticker,
        Mark::Ad,
        Mark::Comments,
        Mark::Footer,
        Mark::Tags,
    ]) || line.chars > 200
        || body::is_caption(&line.text)
        || body::is_furniture(&line.text)
        || body::is_read_more(&line.text)
    {
        return;
    }
    let named = line.credits;
    // A link to a section or a tag; links of credits say so.
    if line.link_density() > 0.9 && !named && !line.links.iter().any(|l| credits_someone(l.node)) {
        return;
    }
    let readings = timestamp::readings(&line.text, clock);
    let pushed = candidates.len();
    let pieces = if line.pieces.len() > 1 {
        let of = |text: &String| pieces(&cx.names, text, &timestamp::readings(text, clock));
        line.pieces.iter().flat_map(of).collect()
    } else {
        pieces(&cx.names, &line.text, &readings)
    };
    // The section beside the date is no name.
    let sections: Vec<&str> =
        line.links.iter().filter(|l| is_category(l.node)).map(|l| line.text_of(l).key()).collect();
    let mut person_before = false;
    for piece in pieces {
        let piece = without_linked_place(line, piece);
        let k = key(&piece);
        if sections.contains(&k.as_str()) {
            continue;
        }
        if k == known.headline || super::story::ends_sentence(&piece) && piece.chars().count() > 60 {
            continue;
        }
        let office = credit::names_an_office(&piece)
            && piece.split_whitespace().count() <= 8
            && !holds_a_clock(&piece);
        let name = credit::may_be_a_name(&piece);
        let known_name = metadata.iter().any(|(n, _)| key(n) == k);
        let bare_word = !piece.contains(' ') && !office && !named && !known_name && !labelled(&line.text);
        if !office && !name || bare_word {
            continue;
        }
        // A post in an element of its own behind the name that holds it.
        if office && person_before && named && line.pieces.len() > 1 {
            continue;
        }
        person_before |= name && !office && (2..=4).contains(&piece.split_whitespace().count());
        let mut strength = 0;
        if office {
            strength += 12;
        }
        if named {
            strength += 12;
        }
        if !readings.is_empty() && name {
            strength += 11;
        }
        if metadata.iter().any(|(n, _)| key(n) == k || (k.contains(key(n).as_str()) && n.chars().count() > 4))
        {
            strength += 10;
        }
        if labelled(&line.text) {
            strength += 11;
        }
        if !named && line.links.iter().any(|l| credits_someone(l.node) && line.text_of(l).key() == k) {
            strength += 11;
        }
        if line.heading_level().is_some_and(|l| l <= 3) && !office {
            strength -= 8;
        }
        if place == Place::Head
            && !named
            && !office
            && readings.is_empty()
            && credits_persons(&cx.names, &piece)
        {
            strength += 10;
        }
        strength -= match place {
            Place::Head => 0,
            Place::Above if named => 2,
            Place::Above | Place::Behind => 6,
        };
        push(candidates, piece, Source::Visible, strength);
    }
    if candidates.len() == pushed {
        // The element that the markup calls a credit, apart from its line.
        for element in credit_elements(cx, line) {
            let text = credit::clean(&cx.names, &crate::bangla::normalize(&element.text()).text);
            if credit::may_be_a_name(&text) && !credit::is_label(&text) {
                push(candidates, text, Source::Visible, if place == Place::Head { 12 } else { 10 });
            }
        }
    }
}

/// A link to an author holds the whole name: `in …` behind it says where they
/// wrote.
fn without_linked_place(line: &Line<'_>, piece: String) -> String {
    let author = line.links.iter().find(|l| {
        l.node.get(Attr::Rel).is_some_and(|r| r.split_ascii_whitespace().any(|r| r == "author"))
            && credit::may_be_a_name(line.text_of(l))
            && piece.strip_prefix(line.text_of(l).as_str()).is_some_and(|rest| rest.starts_with(" in "))
    });
    author.map_or(piece, |l| line.text_of(l).to_string())
}

/// Whether a text names persons: by a word that is common in names, or by the
/// place behind them.
fn credits_persons(names: &SiteNames, text: &str) -> bool {
    let people = credit::authors(names, text);
    !people.is_empty()
        && people.iter().all(|p| p.kind == AuthorKind::Person && p.name.split_whitespace().count() <= 4)
        && people.iter().any(|p| {
            credit::sounds_like_a_person(&p.name)
                || p.place.is_some() && (2..=4).contains(&p.name.split_whitespace().count())
        })
}

/// Whether a text names an office, or persons in a few words.
fn credits_persons_or_office(names: &SiteNames, text: &str) -> bool {
    credit::names_an_office(text)
        || credit::authors(names, text)
            .iter()
            .all(|p| p.kind == AuthorKind::Person && (2..=4).contains(&p.name.split_whitespace().count()))
}

/// `৬:২২ PM`: a time that no reading took, so what stands here is no credit.
fn holds_a_clock(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(3).any(|w| w[0].is_numeric() && w[1] == ':' && w[2].is_numeric())
}

pub fn labelled(text: &str) -> bool {
    let lower = crate::bangla::lower(text);
    let lower = lower.trim_start();
    [
        "written by",
        "reported by",
        "published by",
        "posted by",
        "story by",
        "words by",
        "text by",
        "by ",
        "von ",
        "por ",
        "par ",
        "লেখক:",
        "লেখক :",
        "প্রতিবেদক:",
        "লিখেছেন",
    ]
    .iter()
    .any(|l| lower.starts_with(l))
}

/// How the page displays the names that metadata credits.
fn displayed_name(cx: &Cx<'_>, story: &Story, authors: &[Author]) -> Option<String> {
    let wanted: Vec<String> = authors.iter().map(|a| key(&a.name)).collect();
    cx.layout.lines[story.head.start..story.lines.end.min(story.head.start + 60)]
        .iter()
        .filter(|l| !l.marks.any(&[Mark::Hidden, Mark::Related, Mark::Comments]) && l.chars < 100)
        .map(|l| credit::clean(&cx.names, &l.text))
        .find(|t| {
            let k = key(t);
            wanted.contains(&k)
        })
}

/// A sign-off at the end of the text: a short last line, or one behind a
/// label, that names an office or a person with place.
pub fn sign_off(names: &SiteNames, blocks: &[Block]) -> Option<String> {
    let last = blocks.iter().rev().take(2).find(|b| b.text.chars().count() < 90)?;
    let text = last.text.trim_matches(['(', ')', '[', ']', '—', '-', '–', '।', ' ']);
    let text = text.strip_prefix('ষ').unwrap_or(text);
    if text.contains("সূত্র") || super::story::ends_sentence(&last.text) {
        return None;
    }
    let cleaned = credit::clean(names, text);
    let office = credit::names_an_office(&cleaned) && cleaned.split_whitespace().count() <= 6;
    let labelled = last.text.trim_start().starts_with("লেখক");
    if !(office || labelled) || cleaned.contains(['/']) {
        return None;
    }
    let authors = credit::authors(names, &cleaned);
    (!authors.is_empty() && (office || authors[0].kind == AuthorKind::Person)).then_some(cleaned)
}
