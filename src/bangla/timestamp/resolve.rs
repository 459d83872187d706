//! Makes each group of parts a moment, or refuses, and chooses among several.
//! All policies live here: what beats what, which missing pieces the reference
//! may fill in, and what is only warned of.

use super::clock::{Clock, Trust};
use super::date::{Date, Style};
use super::group::{Group, Named, Used, groups};
use super::relative::Span;
use super::scan::{Way, scan};
use super::zone::at_zone;
use super::{Calendar, Context, Label, Moment, Precision, Reading, Warning};
use crate::bangla::block::{LEAD, PLACES, place, place_of};
use crate::bangla::calendar::{BanglaCalendar, BanglaDate};
use crate::bangla::digits;
use crate::tz::Tz;
use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, TimeDelta, Weekday};
use std::ops::{Range, RangeInclusive};

/// How far ahead of the reference a day without a year may lie, in days.
/// Pages announce things, but they report far more.
const MOST_AHEAD: i64 = 120;

/// On what the day rests, from the surest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Basis {
    FullDate,
    DateWithoutYear,
    BanglaDate,
    Relative,
}

struct Resolved {
    reading: Reading,
    basis: Basis,
}

pub(super) fn all(text: &str, cx: &Context) -> Vec<Reading> {
    resolved(text, cx).into_iter().map(|resolved| resolved.reading).collect()
}

pub(super) fn best(text: &str, cx: &Context) -> Option<Reading> {
    let rank = |resolved: &Resolved| {
        let label = match resolved.reading.label {
            Label::Publish => 0,
            Label::None => 1,
            Label::Update => 2,
        };
        (resolved.basis, label, resolved.reading.precision == Precision::Day)
    };
    resolved(text, cx).into_iter().min_by_key(rank).map(|resolved| resolved.reading)
}

fn resolved(text: &str, cx: &Context) -> Vec<Resolved> {
    // Without a reference a day has to be written with its year.
    if cx.reference.is_none() && !holds_a_year(text) {
        return Vec::new();
    }
    let items = scan(text);
    let mut out: Vec<Resolved> = Vec::new();
    for group in groups(&items) {
        let before = out.last().map(|resolved| resolved.reading.moment);
        if let Some(mut resolved) = resolve(&group, before, cx) {
            close_bracket(text, &mut resolved.reading.span);
            out.push(resolved);
        }
    }
    out
}

/// Whether a text has the two digits that the shortest year has. Most texts
/// have not, so no other question is worth asking first.
fn holds_a_year(text: &str) -> bool {
    let mut rest = text.as_bytes();
    let mut count = 0;
    while count < 2 {
        let (digit, tail) = match rest {
            [LEAD, second, third, tail @ ..] if place(*second, *third) < PLACES => {
                (DIGITS.contains(&place(*second, *third)), tail)
            }
            [byte @ 0..0x80, tail @ ..] => (byte.is_ascii_digit(), tail),
            // general punctuation
            [0xe2, 0x80, _, tail @ ..] => (false, tail),
            _ => {
                let Some(c) = text[text.len() - rest.len()..].chars().next() else { return false };
                (digits::value(c).is_some(), &rest[c.len_utf8()..])
            }
        };
        count += u32::from(digit);
        rest = tail;
    }
    true
}

/// The places of the Bengali digits.
const DIGITS: RangeInclusive<usize> = place_of(0x66)..=place_of(0x6f);

/// Takes in the bracket that closes one within the literal, as in
/// শনিবার (৪ মে).
fn close_bracket(text: &str, span: &mut Range<usize>) {
    let literal = &text[span.clone()];
    if literal.contains('(') && !literal.contains(')') && text[span.end..].starts_with(')') {
        span.end += 1;
    }
}

/// The day of a group, and how it was found.
struct Found {
    date: NaiveDate,
    basis: Basis,
    /// The bytes that gave it.
    span: Range<usize>,
}

fn resolve(group: &Group, before: Option<Moment>, cx: &Context) -> Option<Resolved> {
    let mut warnings = Vec::new();
    let found = match &group.date {
        Some(date) => written(group, date, cx, &mut warnings)?,
        None => match bangla_day(group, cx) {
            Some((day, span)) => {
                warnings.push(Warning::CalendarOnly);
                Found { date: day, basis: Basis::BanglaDate, span }
            }
            None if group.bangla.is_some() => return None,
            None => return relative(group, before, cx),
        },
    };
    if let Some(named) = &group.weekday
        && !group.weekdays_differ
        && weekday(named.value.day) != found.date.weekday()
    {
        warnings.push(Warning::WeekdayContradictsDate);
    }
    finish(group, &found, warnings, cx)
}

/// A Gregorian date of the text, its year supplied where that is safe.
fn written(group: &Group, date: &Used<Date>, cx: &Context, warnings: &mut Vec<Warning>) -> Option<Found> {
    let Date { month, day, year, weak, impossible, way, .. } = date.value;
    if impossible || (weak && !(group.alone || group.label != Label::None)) {
        return None;
    }
    let bangla = bangla_day(group, cx).map(|(day, _)| day);
    let (day, basis) = if let Some(year) = year {
        (NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?, Basis::FullDate)
    } else {
        let day = if let Some(near) = bangla {
            nearest(month, day, near, None)?
        } else {
            warnings.push(Warning::YearAssumed);
            nearest(month, day, reference(cx)?.date_naive(), way)?
        };
        (day, Basis::DateWithoutYear)
    };
    if bangla.is_some_and(|bangla| bangla != day) {
        warnings.push(Warning::CalendarConflict);
    }
    Some(Found { date: day, basis, span: date.span.clone() })
}

/// The Bangla date of the group as a Gregorian day.
fn bangla_day(group: &Group, cx: &Context) -> Option<(NaiveDate, Range<usize>)> {
    let date = group.bangla.as_ref()?;
    let Date { year: Some(year), month, day, style: Style::Bangla, .. } = date.value else { return None };
    let calendar = BanglaCalendar::of_year(cx.zone, year);
    Some((calendar.to_gregorian(BanglaDate::new(year, month, day))?, date.span.clone()))
}

/// The occurrence of a month's day that lies nearest.
fn nearest(month: u8, day: u8, near: NaiveDate, way: Option<Way>) -> Option<NaiveDate> {
    (near.year() - 1..=near.year() + 1)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day)))
        .filter(|&day| match way {
            Some(Way::Past) => day <= near,
            Some(Way::Coming) => day >= near,
            Some(Way::Year(years)) => day.year() == near.year() + i32::from(years),
            None => (day - near).num_days() <= MOST_AHEAD,
        })
        .min_by_key(|&day| (day - near).num_days().abs())
}

/// The reference at the zone's own clock. One outside the common era has no
/// business here, and its days could overflow.
fn reference(cx: &Context) -> Option<DateTime<Tz>> {
    let reference = cx.reference?;
    (1..=9999).contains(&reference.naive_utc().year()).then(|| reference.with_timezone(&cx.zone))
}

fn weekday(day: u8) -> Weekday {
    Weekday::try_from(day).unwrap_or(Weekday::Mon)
}

/// A group without a written date: counted from the reference, or a clock
/// that stands for the day of the timestamp before it.
fn relative(group: &Group, before: Option<Moment>, cx: &Context) -> Option<Resolved> {
    let clock = group.clock.as_ref().filter(|clock| {
        let Clock { range, trust, .. } = clock.value;
        !range && trust != Trust::Doubtful && clock.value.time().is_some()
    });
    if let (Label::Update, Some(clock), Some(before)) = (group.label, clock, before)
        && group.day.is_none()
        && group.back.is_none()
        && group.weekday.is_none()
    {
        let found = Found { date: before.day(), basis: Basis::Relative, span: clock.span.clone() };
        return finish(group, &found, Vec::new(), cx);
    }
    let reference = reference(cx)?;
    let today = reference.date_naive();
    if let Some(back) = &group.back {
        return counted(group, back, reference, cx);
    }
    let (day, span) = if let Some(day) = &group.day {
        if clock.is_none() && !group.alone {
            return None;
        }
        (today.checked_add_signed(TimeDelta::days(i64::from(day.value.0)))?, day.span.clone())
    } else if let Some(named) = &group.weekday {
        let said = if clock.is_some() { named.value.full } else { named.value.way.is_some() && group.alone };
        if !said || group.weekdays_differ {
            return None;
        }
        (of_weekday(named.value, today)?, named.span.clone())
    } else if let Some(now) = &group.now {
        if !group.alone {
            return None;
        }
        return Some(instant(group, reference.fixed_offset(), now.clone(), Precision::Minute));
    } else {
        // Digits and a colon alone are as likely the length of a video.
        let clock = clock.filter(|clock| {
            group.alone && (clock.value.trust == Trust::Said || group.label != Label::None)
        })?;
        (today, clock.span.clone())
    };
    let mut warnings = Vec::new();
    if let (Some(_), Some(named)) = (&group.day, &group.weekday)
        && weekday(named.value.day) != day.weekday()
    {
        warnings.push(Warning::WeekdayContradictsDate);
    }
    finish(group, &Found { date: day, basis: Basis::Relative, span }, warnings, cx)
}

/// The day a weekday means beside the reference's: today or the last one
/// before, with গত strictly before, with আগামী strictly after.
fn of_weekday(named: Named, today: NaiveDate) -> Option<NaiveDate> {
    let back = u64::from((7 + today.weekday().num_days_from_monday() - u32::from(named.day)) % 7);
    match named.way {
        None => today.checked_sub_days(Days::new(back)),
        Some(Way::Past) => today.checked_sub_days(Days::new(if back == 0 { 7 } else { back })),
        Some(Way::Coming) => today.checked_add_days(Days::new(7 - back)),
        Some(Way::Year(_)) => None,
    }
}

/// A stretch of time back from the reference: an instant where hours or less
/// are counted, a day otherwise.
fn counted(group: &Group, back: &Used<Span>, local: DateTime<Tz>, cx: &Context) -> Option<Resolved> {
    let Span { months, days, seconds, exact, fine } = back.value;
    if exact && months == 0 {
        let stretch = TimeDelta::days(i64::from(days)) + TimeDelta::seconds(i64::from(seconds));
        let moment = local.checked_sub_signed(stretch)?.fixed_offset();
        let precision = if fine { Precision::Minute } else { Precision::Hour };
        return Some(instant(group, moment, back.span.clone(), precision));
    }
    let day = local.date_naive().checked_sub_months(Months::new(months))?;
    let day = day.checked_sub_days(Days::new(u64::from(days)))?;
    finish(group, &Found { date: day, basis: Basis::Relative, span: back.span.clone() }, Vec::new(), cx)
}

/// A reading of an instant that was counted, not displayed.
fn instant(
    group: &Group,
    moment: DateTime<FixedOffset>,
    span: Range<usize>,
    precision: Precision,
) -> Resolved {
    let reading = Reading {
        moment: Moment::Instant(moment),
        precision,
        span,
        label: group.label,
        calendar: Calendar::Gregorian,
        weekday: group.weekday.as_ref().map(|named| weekday(named.value.day)),
        wall: None,
        offset_given: false,
        relative: true,
        warnings: Vec::new(),
    };
    Resolved { reading, basis: Basis::Relative }
}

/// Adds the clock to the day.
fn finish(group: &Group, found: &Found, mut warnings: Vec<Warning>, cx: &Context) -> Option<Resolved> {
    let mut span = found.span.clone();
    let widen = |span: &mut Range<usize>, other: &Range<usize>| {
        span.start = span.start.min(other.start);
        span.end = span.end.max(other.end);
    };
    if let Some(named) = &group.weekday {
        widen(&mut span, &named.span);
    }
    let (mut moment, mut precision, mut wall, mut offset_given) =
        (Moment::Day(found.date), Precision::Day, None, false);
    if let Some(clock) = &group.clock {
        widen(&mut span, &clock.span);
        let night = group.day.as_ref().is_some_and(|day| day.value.1) && group.date.is_none();
        let shown = Clock { night_after: clock.value.night_after || night, ..clock.value };
        match shown.time() {
            None => warnings.push(Warning::ImpossibleClock),
            Some((time, of_next_day)) => {
                let day = if of_next_day { found.date.succ_opt()? } else { found.date };
                let local = day.and_time(time);
                let (instant, given) = at_zone(local, shown.zone, cx.zone)?;
                moment = Moment::Instant(instant);
                precision = match (shown.minute, shown.second) {
                    (_, Some(_)) => Precision::Second,
                    (Some(_), None) => Precision::Minute,
                    (None, None) => Precision::Hour,
                };
                wall = Some(local);
                offset_given = given;
            }
        }
    }
    let reading = Reading {
        moment,
        precision,
        span,
        label: group.label,
        calendar: if found.basis == Basis::BanglaDate { Calendar::Bangla } else { Calendar::Gregorian },
        weekday: group.weekday.as_ref().map(|named| weekday(named.value.day)),
        wall,
        offset_given,
        relative: found.basis == Basis::Relative,
        warnings,
    };
    Some(Resolved { reading, basis: found.basis })
}

#[cfg(test)]
mod tests {
    use super::{digits, holds_a_year};

    #[test]
    fn two_digits_of_any_script_may_be_a_year() {
        for c in '\0'..='\u{1ffff}' {
            for text in [format!("ক{c}।১"), format!("a…{c}"), format!("{c}{c}")] {
                let plain = text.chars().filter(|&c| digits::value(c).is_some()).count() > 1;
                assert_eq!(holds_a_year(&text), plain, "{text:?}");
            }
        }
    }
}
