//! What each field costs: a table for docs/PERFORMANCE.md, made by
//! `KHOBOR_PASSES=40 cargo test --release --no-default-features --lib what_fields_cost -- --nocapture`.

use std::path::Path;
use std::time::{Duration, Instant};

use url::Url;

use super::context::Cx;
use super::notes::Notes;
use super::{body, byline, headline, language_of, places, related, story, taxonomy, timestamp, zone};
use crate::normalize;
use crate::options::Options;
use crate::page::{Page, charset};

const PARTS: [&str; 12] = [
    "decoding",
    "tree and metadata",
    "lines, normalised, and marks",
    "headline",
    "story and body",
    "language",
    "timestamps",
    "byline",
    "related links",
    "section and tags",
    "normaliser: record, hashes, words",
    "the record as JSON",
];

/// Adds the time since `begun` to a part, and begins the next.
fn lap(spent: &mut [Duration; PARTS.len()], part: usize, begun: &mut Instant) {
    let now = Instant::now();
    spent[part] += now - *begun;
    *begun = now;
}

/// Extracts a page as `read` does, the parts one by one.
fn timed(bytes: &[u8], options: &Options, spent: &mut [Duration; PARTS.len()]) -> Option<()> {
    let url = options.url.as_deref().and_then(|u| Url::parse(u).ok());
    let mut notes = Notes::default();
    let mut begun = Instant::now();
    let decoded = charset::decode(bytes, None);
    lap(spent, 0, &mut begun);
    let page = Page::parse(decoded.text).ok()?;
    lap(spent, 1, &mut begun);
    let url = url.or_else(|| page.own_address());
    let rule = url.as_ref().and_then(|u| options.sites.find(u));
    let cx = Cx::new(&page, url, rule);
    lap(spent, 2, &mut begun);
    let headline = headline::find(&cx, &mut notes);
    lap(spent, 3, &mut begun);
    let story = story::find(&cx, headline.as_ref());
    let text = story.as_ref().map(|s| body::sort(&cx, s, headline.as_ref())).unwrap_or_default();
    lap(spent, 4, &mut begun);
    let language = language_of(&cx, headline.as_ref().map(|h| h.text.as_str()), &text);
    lap(spent, 5, &mut begun);
    let clock = zone::clock(&cx, &language, None);
    let places = places(&cx, headline.as_ref(), story.as_ref(), &text);
    timestamp::find(&cx, clock, &places, &mut notes);
    lap(spent, 6, &mut begun);
    let headline_key = headline.as_ref().map(|h| h.key.clone()).unwrap_or_default();
    let known = byline::Known {
        head: &places.head,
        before: &places.before,
        after: &places.after,
        headline: &headline_key,
        taken: &[],
        in_headline: None,
    };
    byline::find(&cx, clock, story.as_ref(), &text, &known, &mut notes);
    lap(spent, 7, &mut begun);
    related::find(&cx, headline.as_ref(), &mut notes);
    lap(spent, 8, &mut begun);
    let node = headline.as_ref().and_then(|h| h.node);
    taxonomy::section(&cx, &headline_key, node);
    taxonomy::tags(&cx, node);
    lap(spent, 9, &mut begun);
    let found = super::read(&cx, None, Notes::default()).ok()?;
    begun = Instant::now();
    let article = normalize::article(found, options);
    lap(spent, 10, &mut begun);
    let json = serde_json::to_string(&article).ok()?;
    lap(spent, 11, &mut begun);
    assert!(json.contains("content_hash"));
    Some(())
}

/// Passes over each set, of which the fastest counts for each part; `None` where
/// nobody asked for the table, and one pass over the case folders is enough.
fn passes() -> Option<usize> {
    std::env::var("KHOBOR_PASSES").ok()?.parse().ok()
}

#[test]
fn what_fields_cost() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sets = [
        "fixtures/cases",
        "../shared/corpus/real",
        "../shared/corpus/reconstructed",
        "../shared/corpus/bulk",
    ];
    for set in &sets[..passes().map_or(1, |_| sets.len())] {
        let pages: Vec<Vec<u8>> = crate::same_records::pages(&root.join(set))
            .iter()
            .map(|path| std::fs::read(path).unwrap())
            .collect();
        if pages.is_empty() {
            assert!(set.starts_with(".."), "{set} has no pages");
            println!("skipped: {set} is not here");
            continue;
        }
        let options = Options::new();
        let mut best = [Duration::MAX; PARTS.len()];
        let mut whole = Duration::MAX;
        for _ in 0..passes().unwrap_or(1) {
            let mut spent = [Duration::ZERO; PARTS.len()];
            let read = pages.iter().filter_map(|page| timed(page, &options, &mut spent)).count();
            // The others are no articles.
            assert!(read * 10 > pages.len() * 8, "{read} of {}", pages.len());
            best = std::array::from_fn(|part| best[part].min(spent[part]));
            let begun = Instant::now();
            for page in &pages {
                std::hint::black_box(crate::extract(page, &options).map(|a| serde_json::to_string(&a)).ok());
            }
            whole = whole.min(begun.elapsed());
        }
        let of_page = |time: Duration| time.as_secs_f64() * 1e6 / pages.len() as f64;
        println!("{set}: {} pages, {:.0} µs a page", pages.len(), of_page(whole));
        for (name, time) in PARTS.iter().zip(best) {
            let share = 100.0 * time.as_secs_f64() / whole.as_secs_f64();
            println!("  {name:34} {:6.1} µs  {share:4.1} %", of_page(time));
        }
    }
}
