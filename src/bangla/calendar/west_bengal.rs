//! The calendar of West Bengal, computed. A month begins on the civil day
//! after the one, midnight to midnight in Kolkata, in which the sun enters the
//! sign of the month; there is no table of lengths, so the sun's place has to
//! be worked out. Newspapers follow the almanacs of the Surya Siddhanta
//! school, whose solar model (mean motion, one epicycle of shrinking size, a
//! sine table in steps of 3°45') is given in Dershowitz and Reingold,
//! "Calendrical Calculations", chapter on the modern Hindu calendars.

use super::BanglaDate;
use chrono::{Datelike, Days, NaiveDate};

/// Days in a sidereal year of the Surya Siddhanta.
const SIDEREAL_YEAR: f64 = 1_577_917_828.0 / 4_320_000.0;
/// Days between two passages of the sun through its apsis.
const ANOMALISTIC_YEAR: f64 = 1_577_917_828_000.0 / (4_320_000_000.0 - 387.0);
/// Share of the anomalistic revolution that was past at the epoch, from the
/// 1,955,880,000 sidereal years since creation that the model assumes.
const ANOMALY_AT_EPOCH: f64 = 0.785_75;
/// The epoch (midnight at Ujjain that opens the Kali age) as the day number of
/// chrono, where 1 January of the year 1 is day 1.
const EPOCH: i32 = -1_132_959;
/// Kolkata's local midnight comes earlier than Ujjain's: difference in
/// longitude as a share of the day.
const KOLKATA_AHEAD: f64 = (88.36 - 75.77) / 360.0;
/// Circumference of the epicycle at its largest, as a share of the orbit.
const EPICYCLE: f64 = 14.0 / 360.0;
/// The share by which it shrinks where the anomaly is a right angle.
const SHRINKING: f64 = 1.0 / 42.0;
/// Years of the Kali age that were past when the Bangla era began.
const KALI_YEARS_BEFORE: i32 = 3694;

/// Entry of the traditional sine table: steps of 3°45', radius 3438, rounded
/// as the Sanskrit table is.
fn sine_entry(entry: f64) -> f64 {
    let exact = 3438.0 * (entry * 225.0 / 60.0).to_radians().sin();
    let error = 0.215 * exact.signum() * (exact.abs() - 1716.0).signum();
    let error = if exact == 0.0 { 0.0 } else { error };
    (exact + error).round() / 3438.0
}

/// Sine of an angle in degrees, linear between the entries of the table.
fn sine(degrees: f64) -> f64 {
    let entry = degrees * 60.0 / 225.0;
    let part = entry.fract();
    part * sine_entry(entry.ceil()) + (1.0 - part) * sine_entry(entry.floor())
}

/// Angle in degrees whose sine, by the table, is the given value.
fn arc_sine(value: f64) -> f64 {
    if value < 0.0 {
        return -arc_sine(-value);
    }
    let mut upper = 0.0;
    while upper < 24.0 && sine_entry(upper) < value {
        upper += 1.0;
    }
    if upper == 0.0 {
        return 0.0;
    }
    let below = sine_entry(upper - 1.0);
    (upper - 1.0 + (value - below) / (sine_entry(upper) - below)) * 225.0 / 60.0
}

/// The sun's sidereal longitude minus its mean one, in degrees, at a number of
/// days after the epoch.
fn equation(days: f64) -> f64 {
    let anomaly = 360.0 * (ANOMALY_AT_EPOCH + days / ANOMALISTIC_YEAR).fract();
    let offset = sine(anomaly);
    let size = EPICYCLE - offset.abs() * SHRINKING * EPICYCLE;
    -arc_sine(offset * size)
}

/// Days after the epoch at which the sun enters the sign of a Bangla month.
fn entry_into_sign(bangla_year: i32, month: u8) -> f64 {
    let signs = f64::from(month - 1) * 30.0;
    let revolutions = f64::from(bangla_year + KALI_YEARS_BEFORE);
    let mean = |longitude: f64| (revolutions + longitude / 360.0) * SIDEREAL_YEAR;
    // The equation changes by less than a twentieth of the motion, so that
    // each round gains more than a decimal place.
    let mut days = mean(signs);
    for _ in 0..8 {
        days = mean(signs - equation(days));
    }
    days
}

/// First civil day of a Bangla month; months 13 and later are not accepted.
fn month_start(bangla_year: i32, month: u8) -> Option<NaiveDate> {
    let days = (entry_into_sign(bangla_year, month) + KOLKATA_AHEAD).floor() + 1.0;
    #[allow(clippy::cast_possible_truncation)] // below five million for every year accepted
    let number = EPOCH + days as i32;
    NaiveDate::from_num_days_from_ce_opt(number)
}

/// First day of the month after the given one.
fn next_start(bangla_year: i32, month: u8) -> Option<NaiveDate> {
    if month == 12 { month_start(bangla_year + 1, 1) } else { month_start(bangla_year, month + 1) }
}

pub(super) fn to_gregorian(date: BanglaDate) -> Option<NaiveDate> {
    if !(1..=9400).contains(&date.year) || !(1..=12).contains(&date.month) || date.day == 0 {
        return None;
    }
    let day = month_start(date.year, date.month)?.checked_add_days(Days::new(u64::from(date.day) - 1))?;
    // 28 days every month has; only beyond them does the next one matter.
    (date.day <= 28 || day < next_start(date.year, date.month)?).then_some(day)
}

pub(super) fn from_gregorian(day: NaiveDate) -> Option<BanglaDate> {
    // The mean sun finds the month to within one.
    let days = f64::from(day.num_days_from_ce() - EPOCH);
    let months = days / SIDEREAL_YEAR * 12.0;
    #[allow(clippy::cast_possible_truncation)] // some hundred thousand months at most
    let guess = months.floor() as i32 - KALI_YEARS_BEFORE * 12;
    (guess - 2..=guess + 1).rev().find_map(|month| {
        let (year, month) = (month.div_euclid(12), u8::try_from(month.rem_euclid(12) + 1).ok()?);
        let start = month_start(year, month)?;
        let past = u8::try_from((day - start).num_days()).ok()?;
        Some(BanglaDate::new(year, month, past + 1))
    })
}
