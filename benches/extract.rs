//! What a page costs from bytes to record on one core, beside what the HTML
//! library takes to parse the same bytes in the same run; and whether the time
//! a byte stays the same when a page grows.

mod prose;

use std::fmt::{self, Write};
use std::fs;
use std::hint::black_box;
use std::path::Path;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use khobor::{Options, page};
use prose::Letters;

fn main() {
    divan::main();
}

/// A page of the case folders: its bytes and what is known of it.
struct Case {
    bytes: Vec<u8>,
    options: Options,
}

/// The HTML pages of the case folders. They are trimmed: a page of the web is
/// about ten times as long, most of it script and style.
fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let mut folders: Vec<_> =
        fs::read_dir(folder).expect("the case folders").flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let read = |folder: &Path| {
        let bytes = fs::read(folder.join("page.html")).ok()?;
        let known: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("case.json")).ok()?).expect("a case's address");
        let mut options = Options::new();
        options.url = known["url"].as_str().map(str::to_owned);
        options.charset = known["charset"].as_str().map(str::to_owned);
        Some(Case { bytes, options })
    };
    folders.iter().filter_map(|folder| read(folder)).collect()
}

fn counted<'a, 'b>(bencher: Bencher<'a, 'b>, cases: &[Case]) -> Bencher<'a, 'b> {
    let bytes: usize = cases.iter().map(|case| case.bytes.len()).sum();
    bencher.counter(ItemsCount::new(cases.len())).counter(BytesCount::new(bytes))
}

#[divan::bench]
fn cases_extract(bencher: Bencher<'_, '_>) {
    let cases = cases();
    counted(bencher, &cases).bench_local(|| {
        for case in &cases {
            let _ = black_box(khobor::extract(black_box(&case.bytes), &case.options));
        }
    });
}

/// Parts of extraction, from bytes on.
#[divan::bench]
fn cases_part_decode(bencher: Bencher<'_, '_>) {
    let cases = cases();
    counted(bencher, &cases).bench_local(|| {
        for case in &cases {
            black_box(page::charset::decode(black_box(&case.bytes), case.options.charset.as_deref()));
        }
    });
}

/// The tree, by the way that pages take.
#[divan::bench]
fn cases_part_tree(bencher: Bencher<'_, '_>) {
    let (cases, texts) = texts();
    counted(bencher, &cases).bench_local(|| {
        for text in &texts {
            black_box(page::Document::parse(black_box(text)));
        }
    });
}

/// The tree, by the way of the pages that the fast builder declines.
#[divan::bench]
fn cases_part_tree_by_html5ever(bencher: Bencher<'_, '_>) {
    let (cases, texts) = texts();
    counted(bencher, &cases).bench_local(|| {
        for text in &texts {
            black_box(page::Document::parse_by_html5ever(black_box(text)));
        }
    });
}

/// What the page says of itself for machines, from the tree on.
#[divan::bench]
fn cases_part_metadata(bencher: Bencher<'_, '_>) {
    let (cases, texts) = texts();
    let documents: Vec<_> = texts.iter().map(page::Document::parse).collect();
    counted(bencher, &cases).bench_local(|| {
        for document in &documents {
            black_box(page::Meta::read(black_box(document)));
            black_box(page::JsonLd::read(black_box(document)));
            black_box(page::Microdata::read(black_box(document)));
        }
    });
}

/// Records to JSON.
#[divan::bench]
fn cases_part_serialise(bencher: Bencher<'_, '_>) {
    let cases = cases();
    let records: Vec<_> =
        cases.iter().filter_map(|case| khobor::extract(&case.bytes, &case.options).ok()).collect();
    counted(bencher, &cases).bench_local(|| {
        for record in &records {
            let _ = black_box(serde_json::to_string(black_box(record)));
        }
    });
}

/// The case folders' pages and their texts.
fn texts() -> (Vec<Case>, Vec<String>) {
    let cases = cases();
    let decode =
        |case: &Case| page::charset::decode(&case.bytes, case.options.charset.as_deref()).text.into_owned();
    let texts = cases.iter().map(decode).collect();
    (cases, texts)
}

/// The part of extraction that makes a document and reads its metadata.
#[divan::bench]
fn cases_decode_and_parse(bencher: Bencher<'_, '_>) {
    let cases = cases();
    counted(bencher, &cases).bench_local(|| {
        for case in &cases {
            let decoded = page::charset::decode(black_box(&case.bytes), case.options.charset.as_deref());
            let _ = black_box(page::Page::parse(decoded.text));
        }
    });
}

/// The yardstick: the HTML library alone. Decoding is left out of it.
#[divan::bench]
fn yardstick_cases_html_parse(bencher: Bencher<'_, '_>) {
    let (cases, texts) = texts();
    counted(bencher, &cases).bench_local(|| {
        for text in &texts {
            black_box(scraper::Html::parse_document(black_box(text)));
        }
    });
}

/// Sets of whole pages that are kept outside the project.
const SHARED: &[&str] = &["real", "reconstructed", "bulk"];

/// The pages of a set; none where the set is not there.
fn shared(set: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(set).join("pages");
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.sort();
    let read =
        |file: &std::path::PathBuf| Some(Case { bytes: fs::read(file).ok()?, options: Options::new() });
    files.iter().filter_map(read).collect()
}

/// Whole extraction, the record as JSON included.
#[divan::bench(args = SHARED)]
fn shared_extract(bencher: Bencher<'_, '_>, set: &str) {
    let cases = shared(set);
    counted(bencher, &cases).bench_local(|| {
        for case in &cases {
            if let Ok(article) = khobor::extract(black_box(&case.bytes), &case.options) {
                let _ = black_box(serde_json::to_string(&article));
            }
        }
    });
}

/// The tree alone.
#[divan::bench(args = SHARED)]
fn shared_part_tree(bencher: Bencher<'_, '_>, set: &str) {
    let cases = shared(set);
    let texts: Vec<_> = cases.iter().map(|case| page::charset::decode(&case.bytes, None).text).collect();
    counted(bencher, &cases).bench_local(|| {
        for text in &texts {
            black_box(page::Document::parse(black_box(&**text)));
        }
    });
}

#[divan::bench(args = SHARED)]
fn yardstick_shared_html_parse(bencher: Bencher<'_, '_>, set: &str) {
    let cases = shared(set);
    let texts: Vec<_> = cases.iter().map(|case| page::charset::decode(&case.bytes, None).text).collect();
    counted(bencher, &cases).bench_local(|| {
        for text in &texts {
            black_box(scraper::Html::parse_document(black_box(text)));
        }
    });
}

/// What a page is mostly made of.
#[derive(Clone, Copy)]
enum Shape {
    Paragraphs,
    CleanParagraphs,
    ShortLines,
    OneParagraph,
    Links,
    ListItems,
    TableRows,
    NestedDivs,
    NestedSpans,
    OpenFormatting,
    Figures,
    Dates,
    JsonLd,
    State,
    Attributes,
}

const SHAPES: &[Shape] = &[
    Shape::Paragraphs,
    Shape::CleanParagraphs,
    Shape::ShortLines,
    Shape::OneParagraph,
    Shape::Links,
    Shape::ListItems,
    Shape::TableRows,
    Shape::NestedDivs,
    Shape::NestedSpans,
    Shape::OpenFormatting,
    Shape::Figures,
    Shape::Dates,
    Shape::JsonLd,
    Shape::State,
    Shape::Attributes,
];
const SIZES: &[usize] = &[10_000, 100_000, 1_000_000, 5_000_000];

/// A shape at a size.
#[derive(Clone, Copy)]
struct Grown(Shape, usize);

impl fmt::Display for Grown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            Shape::Paragraphs => "many paragraphs",
            Shape::CleanParagraphs => "many paragraphs, clean",
            Shape::ShortLines => "short lines",
            Shape::OneParagraph => "one paragraph",
            Shape::Links => "many links",
            Shape::ListItems => "list items",
            Shape::TableRows => "table rows",
            Shape::NestedDivs => "nested div",
            Shape::NestedSpans => "nested span",
            Shape::OpenFormatting => "unclosed font tags",
            Shape::Figures => "figures",
            Shape::Dates => "lines with a date",
            Shape::JsonLd => "JSON-LD",
            Shape::State => "embedded state",
            Shape::Attributes => "long attributes",
        };
        write!(f, "{name}, {} KB", self.1 / 1000)
    }
}

impl Grown {
    fn all() -> impl Iterator<Item = Self> {
        let sizes = |shape| match shape {
            // A megabyte of these takes most of a minute.
            Shape::OpenFormatting => &SIZES[..2],
            _ => SIZES,
        };
        SHAPES.iter().flat_map(move |&shape| sizes(shape).iter().map(move |&size| Self(shape, size)))
    }

    /// Without those whose depth costs the parser alone its square.
    fn flat() -> impl Iterator<Item = Self> {
        let deep = |shape| matches!(shape, Shape::NestedDivs | Shape::NestedSpans | Shape::OpenFormatting);
        Self::all().filter(move |&Self(shape, _)| !deep(shape))
    }

    /// An article whose growing part stands where such a thing would.
    fn page(self) -> String {
        let Self(shape, size) = self;
        let (mut head, mut body, mut after) = (String::new(), String::new(), String::new());
        let letters = if matches!(shape, Shape::CleanParagraphs) { Letters::Nfc } else { Letters::Press };
        let prose = prose::paragraphs(100_000, letters);
        let each = |size: usize, out: &mut String, write: fn(&mut String, &str, usize) -> fmt::Result| {
            for (at, text) in prose.iter().cycle().enumerate() {
                if out.len() >= size {
                    break;
                }
                write(out, text, at).expect("a string takes all");
            }
        };
        match shape {
            Shape::Paragraphs | Shape::CleanParagraphs => {
                each(size, &mut body, |out, text, _| writeln!(out, "<p>{text}</p>"));
            }
            Shape::ShortLines => {
                each(size, &mut body, |out, text, at| write!(out, "<p>{} {at}।</p>", short(text)));
            }
            Shape::OneParagraph => {
                body.push_str("<p>");
                each(size, &mut body, |out, text, _| write!(out, "{text} "));
                body.push_str("</p>");
            }
            Shape::Links => each(size, &mut after, |out, text, at| {
                write!(out, "<li><a href=\"/news/2024/03/{}/{at}\">{}</a></li>", at % 28 + 1, short(text))
            }),
            Shape::ListItems => {
                body.push_str("<ul>");
                each(size, &mut body, |out, text, _| write!(out, "<li>{}", short(text)));
                body.push_str("</ul>");
            }
            Shape::TableRows => {
                body.push_str("<table>");
                each(size, &mut body, |out, text, at| write!(out, "<tr><td>{at}<td>{}", short(text)));
                body.push_str("</table>");
            }
            Shape::NestedDivs => each(size, &mut body, |out, text, _| write!(out, "<div>{}", short(text))),
            Shape::NestedSpans => each(size, &mut body, |out, text, _| write!(out, "<span>{}", short(text))),
            // The standard opens every unclosed one again in each paragraph.
            Shape::OpenFormatting => {
                each(size, &mut body, |out, text, at| write!(out, "<p><font size={at}>{}</p>", short(text)));
            }
            Shape::Figures => each(size, &mut body, |out, text, at| {
                write!(
                    out,
                    "<figure><img src=\"/i/{at}.jpg\"><figcaption>{}</figcaption></figure>",
                    short(text)
                )
            }),
            Shape::Dates => each(size, &mut body, |out, text, at| {
                write!(out, "<div>প্রকাশ: {} মার্চ ২০২৪, ১০:২০</div><p>{text}</p>", at % 28 + 1)
            }),
            Shape::JsonLd => {
                head.push_str(
                    "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\
                     \"datePublished\":\"2024-03-05T10:20:00+06:00\",\"articleBody\":\"",
                );
                each(size, &mut head, |out, text, _| write!(out, "{text} "));
                head.push_str("\"}</script>");
            }
            Shape::State => {
                head.push_str("<script>window.__INITIAL_STATE__={\"items\":[");
                each(size, &mut head, |out, text, at| {
                    write!(out, "{{\"id\":{at},\"title\":\"{}\",\"tags\":[1,2]}},", short(text))
                });
                head.push_str("{}]};</script>");
            }
            Shape::Attributes => each(size, &mut after, |out, text, at| {
                write!(out, "<div class=\"c{at}\" data-text=\"{text}\"></div>")
            }),
        }
        let story: String = prose.iter().take(6).fold(String::new(), |out, text| out + "<p>" + text + "</p>");
        format!(
            "<!doctype html><html lang=\"bn\"><head><meta charset=\"utf-8\">\
             <title>খেয়াঘাটে নতুন নৌকা | উজান</title>{head}</head><body>\
             <article><h1>খেয়াঘাটে নতুন নৌকা</h1><div class=\"by\">রাশেদা খানম, মাধবপুর</div>\
             <div class=\"date\">প্রকাশ: ৫ মার্চ ২০২৪, ১০:২০</div>{story}{body}</article>\
             <aside><h3>আরও পড়ুন</h3><ul>{after}</ul></aside></body></html>"
        )
    }
}

/// The words of a title.
fn short(text: &str) -> &str {
    text.match_indices(' ').nth(5).map_or(text, |(end, _)| &text[..end])
}

#[divan::bench(args = Grown::all(), sample_count = 20, sample_size = 1, max_time = 4)]
fn growth_extract(bencher: Bencher<'_, '_>, grown: Grown) {
    let page = grown.page();
    let options = Options::new().with_url("https://ujan.example/news/2024/03/05/17");
    bencher.counter(BytesCount::new(page.len())).bench_local(|| {
        let _ = black_box(khobor::extract(black_box(page.as_bytes()), &options));
    });
}

#[divan::bench(args = Grown::flat(), sample_count = 20, sample_size = 1, max_time = 2)]
fn yardstick_growth_html_parse(bencher: Bencher<'_, '_>, grown: Grown) {
    let page = grown.page();
    bencher.counter(BytesCount::new(page.len())).bench_local(|| {
        black_box(scraper::Html::parse_document(black_box(&page)));
    });
}
