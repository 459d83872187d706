//! Zones and offsets that a text names, and the instants of wall times.

use super::clock::Clock;
use super::lexer::Mark;
use super::scan::Scanner;
use crate::bangla::names::{Key, ZoneName};
use crate::tz::Tz;
use chrono::offset::LocalResult;
use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeZone};

/// A zone that the text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Seconds east of UTC.
    Offset(i32),
    Named(ZoneName),
}

impl Scanner<'_> {
    /// Z, +06:00, +0600, IST, (EDT), GMT+6, বাংলাদেশ সময়.
    pub(super) fn zone_behind(&self, at: usize, joined: bool, clock: &mut Clock) -> usize {
        let from = self.skip(at, 2, &[Mark::Open, Mark::Comma]);
        match self.key(from) {
            Some(Key::IsoZ) if from == at => {
                clock.zone = Some(Zone::Offset(0));
                return at + 1;
            }
            // Words of two letters are zones in capitals only: `et` is French.
            Some(Key::Zone(name))
                if self.word(from).len() > 2 || self.word(from) != self.word(from).to_lowercase() =>
            {
                let next = from + 1;
                if name == ZoneName::Utc
                    && let Some((seconds, end)) = self.offset(next, true)
                {
                    clock.zone = Some(Zone::Offset(seconds));
                    return self.skip(end, 1, &[Mark::Close]);
                }
                clock.zone = Some(Zone::Named(name));
                return self.skip(next, 1, &[Mark::Close]);
            }
            Some(Key::Place(name)) if matches!(self.key(from + 1), Some(Key::Filler)) => {
                clock.zone = Some(Zone::Named(name));
                return self.skip(from + 2, 1, &[Mark::Close]);
            }
            _ => {}
        }
        if let Some((seconds, end)) = self.offset(at, joined || clock.second.is_some()) {
            clock.zone = Some(Zone::Offset(seconds));
            return end;
        }
        at
    }

    /// A numeric offset. Without seconds before it (`exact`) a dash is more
    /// often that of a span of time, so four digits are asked for.
    fn offset(&self, at: usize, exact: bool) -> Option<(i32, usize)> {
        let east = match self.mark(at)? {
            Mark::Plus => true,
            Mark::Dash if exact || !self.tight(at) => false,
            _ => return None,
        };
        if !self.tight(at + 1) {
            return None;
        }
        let (value, digits) = self.number(at + 1)?;
        let (hours, minutes, next) = match digits {
            4 => (value / 100, value % 100, at + 2),
            1..=2 if self.is(at + 2, Mark::Colon) && self.tight(at + 2) && self.tight(at + 3) => {
                let (minutes, 2) = self.number(at + 3)? else { return None };
                if !east && !exact {
                    return None;
                }
                // 10:30:00-12:00:00 is a span of time.
                if self.is(at + 4, Mark::Colon) {
                    return None;
                }
                (value, minutes, at + 4)
            }
            1..=2 if exact => (value, 0, at + 2),
            _ => return None,
        };
        if hours > 14 || minutes > 59 {
            return None;
        }
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        Some((if east { seconds } else { -seconds }, next))
    }
}

/// The instant of a wall time, and whether the text gave the zone. A time
/// that a change of the clocks skipped is none; of one that came twice the
/// first is taken.
pub(super) fn at_zone(
    local: NaiveDateTime,
    zone: Option<Zone>,
    home: Tz,
) -> Option<(DateTime<FixedOffset>, bool)> {
    let fixed = |seconds: i32| {
        let offset = FixedOffset::east_opt(seconds)?;
        Some((offset.from_local_datetime(&local).single()?, true))
    };
    let (zone, given) = match zone {
        Some(Zone::Offset(seconds)) => return fixed(seconds),
        Some(Zone::Named(ZoneName::Utc)) => return fixed(0),
        Some(Zone::Named(ZoneName::Fixed(minutes))) => return fixed(i32::from(minutes) * 60),
        Some(Zone::Named(ZoneName::NewYork)) => (Tz::NEW_YORK, true),
        Some(Zone::Named(ZoneName::Chicago)) => (Tz::CHICAGO, true),
        Some(Zone::Named(ZoneName::LosAngeles)) => (Tz::LOS_ANGELES, true),
        Some(Zone::Named(ZoneName::India)) => (Tz::KOLKATA, true),
        Some(Zone::Named(ZoneName::Bangladesh)) => (Tz::DHAKA, true),
        Some(Zone::Named(ZoneName::Bst)) if home == Tz::LONDON => return fixed(3600),
        Some(Zone::Named(ZoneName::Bst)) => (home, home == Tz::DHAKA),
        None => (home, false),
    };
    let instant = match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => instant,
        LocalResult::None => return None,
    };
    Some((instant.with_timezone(&instant.offset().fix()), given))
}
