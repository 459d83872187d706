//! Whole extraction of any bytes: no panic, and a record that keeps what the
//! contract says of every record. The first byte chooses address, charset and
//! format, the rest is the page.

#![no_main]

use khobor::{Format, Options, bangla};
use libfuzzer_sys::fuzz_target;

/// A site with a rule, one without, one of a path rule, none of the web.
const ADDRESSES: [&str; 4] = [
    "https://www.prothomalo.com/bangladesh/district/seed1",
    "https://ujan.example/news/2024/03/05/17",
    "https://zeenews.india.com/bengali/state/seed_17.html",
    "not an address",
];
const CHARSETS: [Option<&str>; 4] = [None, Some("utf-8"), Some("windows-1252"), Some("utf-16le")];

fuzz_target!(|input: &[u8]| {
    let Some((&choice, page)) = input.split_first() else { return };
    let choice = usize::from(choice);
    let mut options = Options::new();
    options.url = (choice & 4 == 0).then(|| ADDRESSES[choice & 3].to_owned());
    options.charset = CHARSETS[choice >> 3 & 3].map(str::to_owned);
    options.fetched_at = (choice & 32 == 0).then(|| "2024-07-17T10:40:00Z".to_owned());
    options.explain = choice & 64 != 0;
    if choice & 128 != 0 {
        options = options.with_format(Format::Text);
    }
    let article = match khobor::extract(page, &options) {
        Ok(article) => article,
        Err(failure) => {
            assert!(!failure.message.is_empty());
            assert_eq!(failure.url, options.url);
            return;
        }
    };
    for (name, value) in [
        ("headline", &article.headline),
        ("kicker", &article.kicker),
        ("subheadline", &article.subheadline),
        ("byline", &article.byline),
        ("section", &article.section),
        ("publisher", &article.publisher),
    ] {
        if let Some(value) = value {
            assert!(!value.trim().is_empty(), "an empty {name}");
            assert_eq!(bangla::normalize_parsed(value).text.trim(), value.trim(), "{name} is not normalised");
        }
    }
    let blocks: Vec<&str> = article.blocks.iter().map(|block| block.text.as_str()).collect();
    assert_eq!(article.body.as_deref().unwrap_or(""), blocks.join("\n\n"));
    for block in &blocks {
        assert!(!block.is_empty());
        assert_eq!(&bangla::normalize_parsed(block).text, block, "a block is not normalised");
    }
    assert_eq!(article.word_count, article.body.as_deref().map_or(0, bangla::word_count) as u64);
    assert_eq!(article.url, options.url);
    for (at, text) in
        [(&article.published_at, &article.published_text), (&article.modified_at, &article.modified_text)]
    {
        assert_eq!(at.is_some(), text.is_some(), "a time without its literal");
        if let Some(at) = at {
            let day = at.len() == 10;
            assert!(day || chrono::DateTime::parse_from_rfc3339(at).is_ok(), "{at} is no RFC 3339");
        }
    }
    let line = serde_json::to_string(&article).unwrap_or_default();
    assert!(!line.is_empty() && !line.contains('\n'), "the record is no line of JSON");
});
