//! What a clock time means once its pieces are known: hours by markers and
//! parts of the day, and how far the text is to be trusted that it is one.

use super::zone::Zone;
use crate::bangla::names::{Fraction, Part};
use chrono::NaiveTime;

/// How sure it is that the text means a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Digits with a dot or with room around the colon: only right beside a
    /// date.
    Doubtful,
    /// Digits and a colon, which a score or a ratio has too.
    Shown,
    /// A word says so: a part of the day, a marker, টা.
    Said,
}

/// A clock as displayed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub hour: u32,
    pub minute: Option<u32>,
    pub second: Option<u32>,
    /// `true` for the afternoon.
    pub marker: Option<bool>,
    pub part: Option<Part>,
    /// দিবাগত: hours after midnight are of the day that follows.
    pub night_after: bool,
    pub trust: Trust,
    /// One end of a span of time, as in opening hours.
    pub range: bool,
    pub zone: Option<Zone>,
}

impl Clock {
    /// The time of day, and whether it is of the day that follows; `None`
    /// where the clock shows no time.
    pub(super) fn time(&self) -> Option<(NaiveTime, bool)> {
        let hour = match (self.marker, self.part) {
            _ if self.hour > 12 => self.hour,
            (Some(false), _) => self.hour % 12,
            (Some(true), _) => self.hour % 12 + 12,
            (None, Some(part)) => by_part(self.hour, part),
            (None, None) => self.hour,
        };
        // RFC 3339 knows leap seconds, chrono's clock does not.
        let second = self.second.unwrap_or(0);
        let second = if second == 60 { 59 } else { second };
        let time = NaiveTime::from_hms_opt(hour, self.minute.unwrap_or(0), second)?;
        Some((time, self.night_after && hour < 6))
    }

    /// Moves the hands by a fraction of an hour.
    pub(super) fn apply(&mut self, fraction: Fraction) -> Option<()> {
        self.minute = Some(match fraction {
            Fraction::Half => 30,
            Fraction::Quarter => 15,
            Fraction::QuarterTo => {
                self.hour = if self.hour == 1 { 12 } else { self.hour.checked_sub(1)? };
                45
            }
        });
        Some(())
    }

    /// Lowers the trust, unless a word speaks for the clock.
    pub(super) fn doubt(&mut self) {
        if self.trust == Trust::Shown {
            self.trust = Trust::Doubtful;
        }
    }
}

/// A clock of which nothing is known yet.
pub(super) const EMPTY: Clock = Clock {
    hour: 0,
    minute: None,
    second: None,
    marker: None,
    part: None,
    night_after: false,
    trust: Trust::Shown,
    range: false,
    zone: None,
};

/// The hour of the day for an hour from 0 to 12 and the part of the day.
fn by_part(hour: u32, part: Part) -> u32 {
    let (noon, afternoon) = match part {
        Part::Dawn => (0, false),
        Part::Morning => (12, false),
        Part::Daytime => (12, hour < 6),
        Part::Noon => (12, hour < 10),
        Part::Afternoon | Part::Evening => (12, true),
        Part::Night | Part::Midnight => (0, hour > 5),
    };
    match hour {
        0 => 0,
        12 => noon,
        _ if afternoon => hour + 12,
        _ => hour,
    }
}

/// ভোর রাত and গভীর রাত: the first word is the closer one; সন্ধ্যা রাত too.
pub(super) fn joined_part(first: Option<Part>, second: Part) -> Part {
    match first {
        Some(first) if second == Part::Night => first,
        _ => second,
    }
}
