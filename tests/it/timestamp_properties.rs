//! Properties of the timestamp parser: what it can print it reads back, and no
//! text makes it panic or answer with nonsense.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use khobor::bangla::calendar::{BanglaCalendar, BanglaDate};
use khobor::bangla::digits::to_bengali;
use khobor::bangla::timestamp::{Context, Label, Moment, from_epoch, read, read_all};
use khobor::tz::Tz;
use proptest::prelude::*;

const MONTHS: [&[&str]; 12] = [
    &["জানুয়ারি", "জানুয়ারী", "জানু", "January", "Jan"],
    &["ফেব্রুয়ারি", "ফেব্রুয়ারী", "ফেব", "February", "Feb"],
    &["মার্চ", "March", "Mar"],
    &["এপ্রিল", "April", "Apr"],
    &["মে", "May"],
    &["জুন", "June", "Jun"],
    &["জুলাই", "জুল", "July", "Jul"],
    &["আগস্ট", "আগষ্ট", "অগস্ট", "August", "Aug"],
    &["সেপ্টেম্বর", "সেপ্টে", "September", "Sept"],
    &["অক্টোবর", "অক্টো", "October", "Oct"],
    &["নভেম্বর", "নভে", "November", "Nov"],
    &["ডিসেম্বর", "ডিসে", "December", "Dec"],
];
const BANGLA_MONTHS: [&str; 12] =
    ["বৈশাখ", "জ্যৈষ্ঠ", "আষাঢ়", "শ্রাবণ", "ভাদ্র", "আশ্বিন", "কার্তিক", "অগ্রহায়ণ", "পৌষ", "মাঘ", "ফাল্গুন", "চৈত্র"];
const WEEKDAYS: [&str; 7] = ["সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার", "শনিবার", "রবিবার"];

/// Any minute of 1980 to 2060.
fn minutes() -> impl Strategy<Value = NaiveDateTime> {
    (0_i64..80 * 365 * 24 * 60).prop_map(|minute| {
        NaiveDate::from_ymd_opt(1980, 1, 1).unwrap().and_time(NaiveTime::MIN) + TimeDelta::minutes(minute)
    })
}

/// A date in words or numbers; `pick` chooses among the forms.
fn print_date(date: NaiveDate, pick: usize) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let names = MONTHS[date.month0() as usize];
    let name = names[pick / 11 % names.len()];
    let weekday = WEEKDAYS[date.weekday().num_days_from_monday() as usize];
    let ending = match day {
        1 => "লা",
        2 | 3 => "রা",
        4 => "ঠা",
        5..=18 => "ই",
        _ => "শে",
    };
    match pick % 11 {
        0 => format!("{day} {name} {year}"),
        1 => format!("{day:02} {name}, {year}"),
        2 => format!("{name} {day}, {year}"),
        3 => format!("{weekday}, {day} {name} {year}"),
        4 => format!("{day} {name} {year}, {weekday}"),
        5 => format!("{day}{ending} {name}, {year} খ্রিস্টাব্দ"),
        6 => format!("{year} সালের {day} {name}"),
        7 => format!("{day:02}/{month:02}/{year}"),
        8 => format!("{day:02}-{month:02}-{year}"),
        9 => format!("{year}-{month:02}-{day:02}"),
        _ => format!("{day} {name}, {weekday},{year}"),
    }
}

/// A clock to the minute.
fn print_clock(time: NaiveTime, pick: usize) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    let (afternoon, twelve) = time.hour12();
    let part = match hour {
        0..=3 | 20..=23 => "রাত",
        4..=5 => "ভোর",
        6..=11 => "সকাল",
        12..=15 => "দুপুর",
        16..=17 => "বিকাল",
        _ => "সন্ধ্যা",
    };
    match pick % 8 {
        0 => format!("{hour:02}:{minute:02}"),
        1 => format!("{hour:02}: {minute:02}"),
        2 => format!("{twelve:02}:{minute:02} {}", if afternoon { "পিএম" } else { "এএম" }),
        3 => format!("{twelve}:{minute:02} {}", if afternoon { "অপরাহ্ণ" } else { "পূর্বাহ্ন" }),
        4 => format!("{twelve}:{minute:02} {}", if afternoon { "p.m." } else { "AM" }),
        5 => format!("{part} {twelve}টা {minute} মিনিট"),
        6 => format!("{part} {twelve}:{minute:02}"),
        _ => format!("{hour:02}{minute:02} ঘণ্টা"),
    }
}

/// Date and clock in one line, with or without a label.
fn print_line(at: NaiveDateTime, picks: (usize, usize, usize, usize)) -> (String, Label) {
    let date = print_date(at.date(), picks.0);
    let clock = print_clock(at.time(), picks.1);
    let line = match picks.2 % 4 {
        0 => format!("{date}, {clock}"),
        1 => format!("{date} | {clock}"),
        2 => format!("{clock}, {date}"),
        _ => format!("{date} {clock}"),
    };
    match picks.3 % 5 {
        0 => (line, Label::None),
        1 => (format!("প্রকাশ: {line}"), Label::Publish),
        2 => (format!("নিজস্ব প্রতিবেদকপ্রকাশিত : {line}"), Label::Publish),
        3 => (format!("শেষ আপডেট: {line}"), Label::Update),
        _ => (format!("Published: {line}"), Label::Publish),
    }
}

fn picks() -> impl Strategy<Value = (usize, usize, usize, usize)> {
    (0_usize..110, 0_usize..8, 0_usize..4, 0_usize..5)
}

/// Puts marks that say nothing between the characters of words.
fn disguise(line: &str, bengali: bool, joiners: bool) -> String {
    let line = if bengali { to_bengali(line) } else { line.to_owned() };
    if !joiners {
        return line;
    }
    let mut out = String::new();
    for (at, c) in line.chars().enumerate() {
        out.push(if c == ' ' && at % 3 == 0 { '\u{A0}' } else { c });
        if at % 4 == 1 {
            out.push(['\u{200C}', '\u{200D}', '\u{FEFF}'][at % 3]);
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn a_printed_line_is_read_back(at in minutes(), picks in picks(), bengali: bool, joiners: bool) {
        let (line, label) = print_line(at, picks);
        let line = disguise(&line, bengali, joiners);
        let reading = read(&line, &Context::new(Tz::KOLKATA));
        let reading = reading.ok_or_else(|| TestCaseError::fail(line.clone()))?;
        prop_assert_eq!(reading.wall, Some(at), "{}", line);
        prop_assert_eq!(reading.label, label, "{}", line);
        prop_assert!(reading.warnings.is_empty(), "{} {:?}", line, reading.warnings);
        prop_assert_eq!(reading.moment.to_string(), at.format("%FT%T+05:30").to_string());
    }

    #[test]
    fn a_printed_day_is_read_back(at in minutes(), pick in 0_usize..110, bengali: bool) {
        let line = disguise(&print_date(at.date(), pick), bengali, false);
        let moment = read(&line, &Context::new(Tz::DHAKA)).map(|reading| reading.moment);
        prop_assert_eq!(moment, Some(Moment::Day(at.date())), "{}", line);
    }

    #[test]
    fn two_labels_give_two_timestamps(
        first in minutes(), later in 0_i64..1_000_000, one in picks(), two in picks()
    ) {
        let second = first + TimeDelta::minutes(later);
        let line = format!(
            "প্রকাশ: {} | আপডেট: {}",
            print_line(first, (one.0, one.1, one.2, 0)).0,
            print_line(second, (two.0, two.1, two.2, 0)).0
        );
        let readings = read_all(&line, &Context::new(Tz::KOLKATA));
        let found: Vec<_> = readings.iter().map(|reading| (reading.label, reading.wall)).collect();
        prop_assert_eq!(found, [(Label::Publish, Some(first)), (Label::Update, Some(second))], "{}", line);
    }

    #[test]
    fn a_moment_reads_itself_back(seconds in 300_000_000_i64..4_000_000_000, quarters in -48_i32..=56) {
        let offset = chrono::FixedOffset::east_opt(quarters * 900).unwrap();
        let instant = DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&offset);
        let moment = Moment::Instant(instant);
        let cx = Context::new(Tz::DHAKA);
        for line in [moment.to_string(), to_bengali(&moment.to_string()), instant.to_rfc2822()] {
            let reading = read(&line, &cx).ok_or_else(|| TestCaseError::fail(line.clone()))?;
            prop_assert_eq!(reading.moment, moment, "{}", line);
            prop_assert!(reading.offset_given);
        }
        prop_assert_eq!(from_epoch(seconds).map(|moment| moment.to_string()),
            Some(instant.to_utc().format("%FT%T+00:00").to_string()));
    }

    #[test]
    fn a_bangla_date_is_read_back(back in 0_u64..14_000, kolkata: bool, suffix: bool) {
        let day = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap() - Days::new(back);
        let zone = if kolkata { Tz::KOLKATA } else { Tz::DHAKA };
        let calendar = BanglaCalendar::of_day(zone, day);
        let BanglaDate { year, month, day: number } = calendar.from_gregorian(day).unwrap();
        let name = BANGLA_MONTHS[usize::from(month) - 1];
        let line = to_bengali(&format!("{number} {name} {year}{}", if suffix { " বঙ্গাব্দ" } else { "" }));
        let moment = read(&line, &Context::new(zone)).map(|reading| reading.moment);
        prop_assert_eq!(moment, Some(Moment::Day(day)), "{}", line);
    }

    #[test]
    fn a_count_back_is_counted_back(at in minutes(), count in 1_i64..60, bengali: bool) {
        let reference = at.and_local_timezone(Tz::KOLKATA).unwrap().fixed_offset();
        let cx = Context::new(Tz::KOLKATA).with_reference(reference);
        for (unit, stretch) in [("মিনিট", TimeDelta::minutes(count)), ("ঘণ্টা", TimeDelta::hours(count))] {
            let line = disguise(&format!("{count} {unit} আগে"), bengali, false);
            let moment = read(&line, &cx).map(|reading| reading.moment);
            prop_assert_eq!(moment, Some(Moment::Instant(reference - stretch)), "{}", line);
        }
        let line = disguise(&format!("{count} দিন আগে"), bengali, false);
        let moment = read(&line, &cx).map(|reading| reading.moment);
        prop_assert_eq!(moment, Some(Moment::Day(at.date() - TimeDelta::days(count))), "{}", line);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        sound(&text)?;
    }

    #[test]
    fn no_heap_of_pieces_makes_it_panic(pieces in prop::collection::vec(piece(), 0..24)) {
        sound(&pieces.concat())?;
    }
}

/// Words, numbers and marks that the grammar knows, to be heaped at random.
fn piece() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "প্রকাশ",
        "আপডেট",
        "মে",
        "বৈশাখ",
        "রজব",
        "সোমবার",
        "গত",
        "আগামী",
        "আজ",
        "গতকাল",
        "রাত",
        "দিবাগত",
        "সাড়ে",
        "পৌনে",
        "দেড়",
        "টা",
        "মিনিট",
        "ঘণ্টা",
        "বছর",
        "মাস",
        "আগে",
        "সাল",
        "বঙ্গাব্দ",
        "শকাব্দ",
        "পিএম",
        "এ",
        "এম",
        "ই",
        "ও",
        "ঃ",
        "বাংলাদেশ",
        "সময়",
        "থেকে",
        "IST",
        "GMT",
        "T",
        "Z",
        "ago",
        "last",
        "&amp;nbsp;",
        "&#58;",
        "&amp;",
        ";",
    ];
    prop_oneof![
        prop::sample::select(WORDS).prop_map(str::to_owned),
        prop::sample::select(" :,./-+()|।'\u{200B}\u{200D}".chars().collect::<Vec<_>>())
            .prop_map(String::from),
        (0_u32..100).prop_map(|number| to_bengali(&number.to_string())),
        (0_u32..100_000).prop_map(|number| number.to_string()),
    ]
}

/// Reads a text in every way and checks that the answers hang together.
fn sound(text: &str) -> Result<(), TestCaseError> {
    let reference = DateTime::parse_from_rfc3339("2024-07-17T16:40:00+06:00").unwrap();
    for cx in [Context::new(Tz::DHAKA), Context::new(Tz::KOLKATA).with_reference(reference)] {
        let all = read_all(text, &cx);
        prop_assert_eq!(read(text, &cx).is_some(), !all.is_empty());
        for reading in all {
            prop_assert!(text.get(reading.span.clone()).is_some_and(|literal| !literal.is_empty()));
            prop_assert!(cx.reference.is_some() || !reading.relative || reading.label == Label::Update);
            if let Moment::Instant(instant) = reading.moment {
                prop_assert!(instant.year() > 1600, "{}", text);
            }
        }
    }
    Ok(())
}
