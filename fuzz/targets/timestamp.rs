//! The timestamp parser on any text, with and without a reference.
//!
//! It must not panic; spans lie in the text and do not overlap; `read` finds
//! one of what `read_all` finds; without a reference
//! nothing stands first that is relative; what
//! a moment prints is read as the same moment.

#![no_main]

use chrono::DateTime;
use khobor::bangla::timestamp::{Context, Moment, read, read_all};
use khobor::tz::Tz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let reference = DateTime::from_timestamp(1_752_000_000, 0).unwrap_or_default().fixed_offset();
    for cx in [
        Context::new(Tz::DHAKA),
        Context::new(Tz::KOLKATA),
        Context::new(Tz::DHAKA).with_reference(reference),
    ] {
        let one = read(text, &cx);
        let all = read_all(text, &cx);
        assert_eq!(one.is_some(), !all.is_empty());
        if let Some(one) = one {
            assert!(
                all.iter().any(|reading| reading.moment == one.moment),
                "read finds what read_all does not"
            );
        }
        let (mut end, mut first) = (0, true);
        for reading in all {
            assert!(text.get(reading.span.clone()).is_some_and(|literal| !literal.is_empty()));
            assert!(reading.span.start >= end, "spans overlap");
            end = reading.span.end;
            // An update's clock alone counts from the day of the timestamp before it.
            let counted = first && reading.relative;
            assert!(cx.reference.is_some() || !counted, "relative to nothing");
            first = false;
            let printed = reading.moment.to_string();
            let again = read(&printed, &cx).map(|reading| reading.moment);
            assert!(again.is_some_and(|again| same(again, reading.moment)), "{printed} is read as {again:?}");
        }
    }
});

/// Whether two moments are the same to the second. Offsets of the time before
/// standard time have seconds (Dhaka until 1941), which RFC 3339 can't print.
fn same(one: Moment, other: Moment) -> bool {
    match (one, other) {
        (Moment::Instant(one), Moment::Instant(other)) => {
            one.timestamp() == other.timestamp() || other.offset().local_minus_utc() % 60 != 0
        }
        _ => one == other,
    }
}
