//! What the Bengali room costs on one core: timestamps a second beside
//! chrono's own RFC 3339 parse, text a second beside NFC of the same text.
//! The yardsticks are measured in the same run, because on a shared machine
//! only the ratios last.

mod prose;

use std::fmt;
use std::hint::black_box;

use chrono::DateTime;
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use khobor::bangla::timestamp::{Context, read, read_all};
use khobor::bangla::{bijoy, fold, language, text};
use khobor::tz::Tz;
use prose::Letters;
use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

fn main() {
    divan::main();
}

/// Lines of one kind, as pages print them.
struct Lines {
    name: &'static str,
    lines: &'static [&'static str],
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const LINES: &[Lines] = &[
    Lines {
        name: "label, date, clock",
        lines: &[
            "প্রকাশ: ১৪ জুলাই ২০২৩, ১৮:০৭",
            "প্রকাশিত : ০৮:৫২ এএম, ২৯ অক্টোবর ২০২১ শুক্রবার",
            "আপডেট সময় : মঙ্গলবার, ২১ নভেম্বর, ২০২৩, ১১:৪০ পূর্বাহ্ন",
            "১৯ আগস্ট ২০২২, সন্ধ্যা সাড়ে ৬টা",
            "শনিবার, ১৩ জানুয়ারি ২০২৪, দুপুর ১টা ২৫ মিনিট",
            "11 ডিসেম্বর 2022, 07:35 পিএম",
            "Published: 16 Sep 2024, 11:20 PM",
            "২৭ মার্চ, ২০২৫",
        ],
    },
    Lines {
        name: "publish and update",
        lines: &[
            "প্রকাশ: ৬ এপ্রিল ২০২৩, ১৯:১০ | আপডেট: ৭ এপ্রিল ২০২৩, ০৮:৪৫",
            "প্রকাশিত: ১২ জুন ২০২২, ১০:০৫ এএম আপডেট: ১২ জুন ২০২২, ০৩:৩০ পিএম",
            "Published : Nov 3, 2023, 10:15 AM ISTUpdated : Nov 3, 2023, 12:40 PM IST",
        ],
    },
    Lines {
        name: "masthead, three calendars",
        lines: &[
            "রাজশাহী, সোমবার, ৯ আষাঢ় ১৪৩২, ২৩ জুন ২০২৫, ২৬ জিলহজ ১৪৪৬ হিজরি",
            "ঢাকা, শুক্রবার, ২৮ নভেম্বর ২০২৫, ১৩ অগ্রহায়ণ ১৪৩২ বঙ্গাব্দ, ৬ জমাদিউস সানি ১৪৪৭",
        ],
    },
    Lines {
        name: "relative",
        lines: &["৩৫ মিনিট আগে", "প্রায় ৪ ঘণ্টা আগে", "গতকাল, ০৭:১৫ পিএম", "আজ সকাল ১০টা", "3 hours ago"],
    },
    Lines {
        name: "RFC 3339",
        lines: &[
            "2023-07-14T18:07:42+06:00",
            "2021-10-29T02:52:00Z",
            "2024-01-13T13:25:09+05:30",
            "2022-12-11T19:35:00+06:00",
        ],
    },
    Lines {
        name: "prose without a date",
        lines: &[
            "হাটে এখন বেগুনের কেজি ৬৫ টাকা, দুই সপ্তাহ আগেও যা ছিল ৪০ টাকার নিচে",
            "দলটি প্রথম ইনিংসে ২৮৭ রান করে, জবাবে প্রতিপক্ষ থামে ১৯৪ রানে",
            "যোগাযোগ: ০১৬৭৮-৯০১২৩৪, কক্ষ ৩/৪, তৃতীয় তলা",
        ],
    },
];

fn context() -> Context {
    let reference = DateTime::from_timestamp(1_752_000_000, 0).unwrap_or_default().fixed_offset();
    Context::new(Tz::DHAKA).with_reference(reference)
}

/// All kinds in the order in which they are listed.
fn mixed() -> Vec<&'static str> {
    LINES.iter().flat_map(|kind| kind.lines).copied().collect()
}

#[divan::bench(args = LINES)]
fn timestamp_read(bencher: Bencher<'_, '_>, kind: &Lines) {
    let cx = context();
    bencher.counter(ItemsCount::new(kind.lines.len())).bench_local(|| {
        for line in kind.lines {
            black_box(read(black_box(line), &cx));
        }
    });
}

#[divan::bench]
fn timestamp_read_mixed(bencher: Bencher<'_, '_>) {
    let (lines, cx) = (mixed(), context());
    bencher.counter(ItemsCount::new(lines.len())).bench_local(|| {
        for line in &lines {
            black_box(read(black_box(line), &cx));
        }
    });
}

#[divan::bench]
fn timestamp_read_all_mixed(bencher: Bencher<'_, '_>) {
    let (lines, cx) = (mixed(), context());
    bencher.counter(ItemsCount::new(lines.len())).bench_local(|| {
        for line in &lines {
            black_box(read_all(black_box(line), &cx));
        }
    });
}

/// The yardstick of timestamps: the same lines as the kind "RFC 3339".
#[divan::bench]
fn yardstick_chrono_rfc3339(bencher: Bencher<'_, '_>) {
    let lines = LINES.iter().find(|kind| kind.name == "RFC 3339").map_or(&[][..], |kind| kind.lines);
    bencher.counter(ItemsCount::new(lines.len())).bench_local(|| {
        for line in lines {
            let _ = black_box(DateTime::parse_from_rfc3339(black_box(line)));
        }
    });
}

/// Text of about this many bytes, in paragraphs.
const TEXT_BYTES: usize = 100_000;

/// What text is measured.
#[derive(Clone, Copy)]
enum Text {
    /// As `normalize` leaves it: nothing to do.
    Clean,
    /// The same with a Latin name in each paragraph, which might be Bijoy.
    CleanWithLatin,
    /// The same with য়, ড় and ঢ় as one code point each.
    Press,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clean => "clean",
            Self::CleanWithLatin => "clean, a Latin name each",
            Self::Press => "press",
        })
    }
}

const TEXTS: [Text; 3] = [Text::Clean, Text::CleanWithLatin, Text::Press];

impl Text {
    fn paragraphs(self) -> Vec<String> {
        let letters = if matches!(self, Self::Press) { Letters::Press } else { Letters::Nfc };
        let mut made = prose::paragraphs(TEXT_BYTES, letters);
        if matches!(self, Self::CleanWithLatin) {
            for paragraph in &mut made {
                paragraph.push_str(" সূত্র: Haor Watch।");
            }
        }
        if !matches!(self, Self::Press) {
            for paragraph in &made {
                assert_eq!(&text::normalize(paragraph).text, paragraph, "the clean text is not clean");
            }
        }
        made
    }
}

/// Measures some work on each paragraph of a text.
fn each(bencher: Bencher<'_, '_>, paragraphs: &[String], mut work: impl FnMut(&str)) {
    let bytes: usize = paragraphs.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        for paragraph in paragraphs {
            work(black_box(paragraph));
        }
    });
}

#[divan::bench(args = TEXTS)]
fn yardstick_nfc_quick_check(bencher: Bencher<'_, '_>, text: Text) {
    each(bencher, &text.paragraphs(), |paragraph| {
        black_box(is_nfc_quick(paragraph.chars()));
    });
}

#[divan::bench(args = TEXTS)]
fn yardstick_nfc(bencher: Bencher<'_, '_>, text: Text) {
    each(bencher, &text.paragraphs(), |paragraph| {
        black_box(paragraph.nfc().collect::<String>());
    });
}

#[divan::bench(args = TEXTS)]
fn text_normalize(bencher: Bencher<'_, '_>, text: Text) {
    each(bencher, &text.paragraphs(), |paragraph| {
        black_box(text::normalize(paragraph));
    });
}

#[divan::bench(args = TEXTS)]
fn text_search_key(bencher: Bencher<'_, '_>, text: Text) {
    each(bencher, &text.paragraphs(), |paragraph| {
        black_box(text::search_key(paragraph));
    });
}

#[divan::bench]
fn text_word_count(bencher: Bencher<'_, '_>) {
    each(bencher, &Text::Clean.paragraphs(), |paragraph| {
        black_box(text::word_count(paragraph));
    });
}

#[divan::bench]
fn fold_v1(bencher: Bencher<'_, '_>) {
    each(bencher, &Text::Clean.paragraphs(), |paragraph| {
        black_box(fold::fold_v1(paragraph));
    });
}

#[divan::bench]
fn fold_content_hash(bencher: Bencher<'_, '_>) {
    each(bencher, &Text::Clean.paragraphs(), |paragraph| {
        black_box(fold::content_hash(None, Some(paragraph)));
    });
}

#[divan::bench]
fn fold_fingerprint(bencher: Bencher<'_, '_>) {
    each(bencher, &Text::Clean.paragraphs(), |paragraph| {
        black_box(fold::fingerprint(paragraph));
    });
}

#[divan::bench]
fn language_identify(bencher: Bencher<'_, '_>) {
    each(bencher, &Text::Clean.paragraphs(), |paragraph| {
        black_box(language::identify(paragraph));
    });
}

/// Bijoy sentences.
const BIJOY: &[&str] = &[
    "b`xi Zx‡i †gjv e‡m‡Q|",
    "mKvj †_‡K e„wó n‡”Q, Z‡e nv‡U †jvK Kg bq|",
    "Avgiv b~Zb Rvj wb‡q G‡mwQ, wKš‘ †µZv bvB|",
    "MZ eQi GB mg‡q av‡bi `vg wQj †ewk|",
];
/// Lines that only look a little like it.
const LATIN: &[&str] = &[
    "The ferry left the old pier before noon and came back after dark.",
    "La pluie d'été n'a pas empêché le marché de s'ouvrir à Haor.",
    "<p class=\"lead\">Kv and Zv are variables, see https://ujan.example/a</p>",
];

/// Lines of a list again and again, about 100 KB, eight a paragraph.
fn repeated(lines: &[&str]) -> Vec<String> {
    let mut made = Vec::new();
    let (mut length, mut at) = (0, 0);
    while length < TEXT_BYTES {
        let paragraph: Vec<&str> = (at..at + 8).map(|at| lines[at % lines.len()]).collect();
        let paragraph = paragraph.join(" ");
        length += paragraph.len();
        at += 8 + 1;
        made.push(paragraph);
    }
    made
}

#[divan::bench]
fn bijoy_convert(bencher: Bencher<'_, '_>) {
    each(bencher, &repeated(BIJOY), |paragraph| {
        black_box(bijoy::convert(paragraph));
    });
}

#[divan::bench]
fn bijoy_convert_runs_of_bijoy(bencher: Bencher<'_, '_>) {
    let paragraphs = repeated(BIJOY);
    assert!(paragraphs.iter().all(|paragraph| bijoy::convert_runs(paragraph).is_some()));
    each(bencher, &paragraphs, |paragraph| {
        black_box(bijoy::convert_runs(paragraph));
    });
}

#[divan::bench]
fn bijoy_convert_runs_of_latin(bencher: Bencher<'_, '_>) {
    let paragraphs = repeated(LATIN);
    assert!(paragraphs.iter().all(|paragraph| bijoy::convert_runs(paragraph).is_none()));
    each(bencher, &paragraphs, |paragraph| {
        black_box(bijoy::convert_runs(paragraph));
    });
}

/// One string of growing length: the bytes a second must not fall.
const LENGTHS: [usize; 4] = [10_000, 100_000, 1_000_000, 5_000_000];

fn one_string(bencher: Bencher<'_, '_>, text: &str, mut work: impl FnMut(&str)) {
    bencher.counter(BytesCount::new(text.len())).bench_local(|| work(black_box(text)));
}

#[divan::bench(args = LENGTHS, sample_count = 20, max_time = 3)]
fn growth_normalize_press(bencher: Bencher<'_, '_>, bytes: usize) {
    one_string(bencher, &prose::paragraphs(bytes, Letters::Press).join("\n"), |text| {
        black_box(text::normalize(text));
    });
}

#[divan::bench(args = LENGTHS, sample_count = 20, max_time = 3)]
fn growth_normalize_bijoy_runs(bencher: Bencher<'_, '_>, bytes: usize) {
    let text = BIJOY.join(" ").repeat(bytes / BIJOY.join(" ").len() + 1);
    one_string(bencher, &text, |text| {
        black_box(text::normalize(text));
    });
}

#[divan::bench(args = LENGTHS, sample_count = 20, max_time = 3)]
fn growth_normalize_entities(bencher: Bencher<'_, '_>, bytes: usize) {
    let line = "নদী&nbsp;&amp;amp; হাওর &#2453;&#x9be; ";
    one_string(bencher, &line.repeat(bytes / line.len() + 1), |text| {
        black_box(text::normalize(text));
    });
}

#[divan::bench(args = LENGTHS, sample_count = 20, max_time = 3)]
fn growth_language(bencher: Bencher<'_, '_>, bytes: usize) {
    one_string(bencher, &prose::paragraphs(bytes, Letters::Nfc).join("\n"), |text| {
        black_box(language::identify(text));
    });
}
