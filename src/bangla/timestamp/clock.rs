//! Clock times within a token sequence: with a colon, in words, with markers
//! and parts of the day before or behind, and with a zone.

use super::lexer::{Kind, Mark};
use super::scan::Scanner;
use crate::bangla::names::{Fraction, Key, Part, Unit, ZoneName};
use chrono::NaiveTime;

/// A zone that the text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Seconds east of UTC.
    Offset(i32),
    Named(ZoneName),
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
    /// Whether a word says that this is a clock; digits and a colon alone may
    /// be a score or a ratio.
    pub strong: bool,
    /// Whether it can only be believed right beside a date.
    pub weak: bool,
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
}

/// The hour of the day for an hour from 0 to 12 and the part of the day.
fn by_part(hour: u32, part: Part) -> u32 {
    match (part, hour) {
        (_, 0) | (Part::Morning | Part::Daytime | Part::Noon | Part::Afternoon, 12) => hour,
        (Part::Dawn | Part::Night | Part::Midnight, 12) => 0,
        (Part::Evening, 12) => 12,
        (Part::Dawn | Part::Morning, _) => hour,
        (Part::Daytime, 1..=5) | (Part::Noon, 1..=9) | (Part::Afternoon | Part::Evening, _) => hour + 12,
        (Part::Daytime | Part::Noon, _) => hour,
        (Part::Night | Part::Midnight, 1..=5) => hour,
        (Part::Night | Part::Midnight, _) => hour + 12,
    }
}

impl Scanner<'_> {
    /// The clock that begins at a token. With `joined` it stands behind the T
    /// of ISO 8601.
    pub(super) fn clock(&self, at: usize, joined: bool) -> Option<(Clock, usize)> {
        let mut clock = Clock {
            hour: 0,
            minute: None,
            second: None,
            marker: None,
            part: None,
            night_after: false,
            strong: false,
            weak: false,
            range: false,
            zone: None,
        };
        let mut next = self.words_before(at, &mut clock);
        let fraction = match self.key(next) {
            Some(Key::Fraction(fraction)) => {
                next += 1;
                Some(fraction)
            }
            _ => None,
        };
        next = if joined && self.number(next).is_some_and(|(_, digits)| digits > 2) {
            self.basic_clock(next, &mut clock)?
        } else {
            self.hands(next, fraction, &mut clock)?
        };
        next = self.words_behind(next, &mut clock);
        next = self.zone_behind(next, joined, &mut clock);
        if clock.weak && clock.strong {
            clock.weak = false;
        }
        if !joined && let Some(end) = self.range_end(next) {
            clock.range = true;
            next = end;
        }
        Some((clock, next))
    }

    /// Parts of the day, markers and a named zone before the hour.
    fn words_before(&self, at: usize, clock: &mut Clock) -> usize {
        let mut next = at;
        for _ in 0..5 {
            match self.key(next) {
                Some(Key::Part(part)) => {
                    clock.part = Some(joined_part(clock.part, part));
                    clock.strong = true;
                }
                Some(Key::NightAfter) => clock.night_after = true,
                Some(Key::Zone(name) | Key::Place(name))
                    if matches!(self.key(next + 1), Some(Key::Filler)) =>
                {
                    clock.zone = Some(Zone::Named(name));
                    next += 1;
                    clock.strong = true;
                }
                _ => match self.marker(next) {
                    Some((marker, end)) => {
                        clock.marker = Some(marker);
                        clock.strong = true;
                        next = end - 1;
                    }
                    None => break,
                },
            }
            next += 1;
        }
        if next > at { self.skip(next, 1, &[Mark::Colon, Mark::Comma, Mark::Dash]) } else { next }
    }

    /// Hour, minute and second.
    fn hands(&self, at: usize, fraction: Option<Fraction>, clock: &mut Clock) -> Option<usize> {
        match self.kind(at)? {
            Kind::Number { value, digits: 1..=2 } => {
                clock.hour = value;
                if let Some(fraction) = fraction {
                    clock.apply(fraction)?;
                    return self.after_hour(at + 1, clock, clock.part.is_some());
                }
                self.minutes(at, clock)
            }
            // ১৬৩৪ ঘণ্টা.
            Kind::Number { value, digits: 4 } if matches!(self.key(at + 1), Some(Key::Unit(Unit::Hour))) => {
                if matches!(self.key(at + 2), Some(Key::Ago)) {
                    return None;
                }
                clock.hour = value / 100;
                clock.minute = Some(value % 100);
                clock.strong = true;
                Some(at + 2)
            }
            Kind::Key(Key::Number(value)) if value <= 12 => {
                clock.hour = u32::from(value);
                if let Some(fraction) = fraction {
                    clock.apply(fraction)?;
                }
                self.after_hour(at + 1, clock, fraction.is_some() && clock.part.is_some())
            }
            Kind::Key(Key::Halves(halves @ (3 | 5))) => {
                clock.hour = u32::from(halves / 2);
                clock.minute = Some(30);
                self.after_hour(at + 1, clock, false)
            }
            _ => None,
        }
    }

    /// টা or ঘটিকা behind the hour, which has to be there unless `free`.
    fn after_hour(&self, at: usize, clock: &mut Clock, free: bool) -> Option<usize> {
        match self.key(at) {
            Some(Key::OClock | Key::Ghatika) => {
                clock.strong = true;
                Some(if clock.minute.is_none() { self.spoken_minutes(at + 1, clock) } else { at + 1 })
            }
            _ if free => Some(at),
            _ => None,
        }
    }

    /// What follows an hour in digits and makes it a clock.
    fn minutes(&self, at: usize, clock: &mut Clock) -> Option<usize> {
        let next = at + 1;
        match self.kind(next)? {
            Kind::Mark(Mark::Colon) => {
                let (minute, digits) = self.number(next + 1)?;
                let said = clock.strong || self.marker(next + 2).is_some();
                if !(digits == 2 || (digits == 1 && said)) {
                    return None;
                }
                clock.minute = Some(minute);
                // A colon with room on one side only is still a clock's; with
                // room on both it may be a label's.
                clock.weak = !self.tight(next) && !self.tight(next + 1);
                Some(self.seconds(next + 2, clock))
            }
            Kind::Mark(Mark::Dot) if self.tight(next) && self.tight(next + 1) => {
                let (minute, 2) = self.number(next + 1)? else { return None };
                if minute > 59 || clock.hour > 24 || (self.is(next + 2, Mark::Dot) && self.tight(next + 3)) {
                    return None;
                }
                clock.minute = Some(minute);
                clock.weak = true;
                Some(next + 2)
            }
            Kind::Key(Key::OClock) => {
                clock.strong = true;
                Some(self.spoken_minutes(next + 1, clock))
            }
            Kind::Key(Key::Ghatika) => {
                clock.strong = true;
                let next = self.skip(next + 1, 1, &[Mark::Dot, Mark::Colon]);
                Some(self.spoken_minutes(next, clock))
            }
            _ => self.marker(next).map(|_| next),
        }
    }

    fn seconds(&self, at: usize, clock: &mut Clock) -> usize {
        if !(self.is(at, Mark::Colon) && self.tight(at) && self.tight(at + 1)) {
            return at;
        }
        let Some((second, 2)) = self.number(at + 1) else { return at };
        clock.second = Some(second);
        // Fractions of a second are dropped.
        if matches!(self.mark(at + 2), Some(Mark::Dot | Mark::Comma))
            && self.tight(at + 2)
            && self.tight(at + 3)
            && self.number(at + 3).is_some()
        {
            return at + 4;
        }
        at + 2
    }

    /// ২০ মিনিট, or two digits alone, behind টা.
    fn spoken_minutes(&self, at: usize, clock: &mut Clock) -> usize {
        let from = if matches!(self.key(at), Some(Key::Filler)) { at + 1 } else { at };
        let minute = match self.kind(from) {
            Some(Kind::Number { value, digits: 1..=2 }) => value,
            Some(Kind::Key(Key::Number(value))) => u32::from(value),
            _ => return at,
        };
        match self.kind(from + 1) {
            Some(Kind::Key(Key::Unit(Unit::Minute) | Key::ShortMinute)) => {
                clock.minute = Some(minute);
                let next = self.skip(from + 2, 1, &[Mark::Dot]);
                match (self.number(next), self.key(next + 1)) {
                    (Some((second, 1..=2)), Some(Key::Unit(Unit::Second))) => {
                        clock.second = Some(second);
                        next + 2
                    }
                    _ => next,
                }
            }
            None | Some(Kind::Mark(Mark::Bar | Mark::Comma | Mark::Danda | Mark::Close))
                if matches!(self.number(from), Some((0..=59, 2))) =>
            {
                clock.minute = Some(minute);
                from + 1
            }
            _ => at,
        }
    }

    /// 103000 or 1030 behind the T of the basic form.
    fn basic_clock(&self, at: usize, clock: &mut Clock) -> Option<usize> {
        let (value, digits) = self.number(at)?;
        match digits {
            4 => (clock.hour, clock.minute) = (value / 100, Some(value % 100)),
            6 => {
                (clock.hour, clock.minute) = (value / 10_000, Some(value / 100 % 100));
                clock.second = Some(value % 100);
            }
            _ => return None,
        }
        Some(at + 1)
    }

    /// টা, মিনিটে, ঘণ্টা, markers and parts of the day behind the time.
    fn words_behind(&self, at: usize, clock: &mut Clock) -> usize {
        let mut next = at;
        for _ in 0..4 {
            let from = self.skip(next, 1, &[Mark::Open]);
            match self.key(from) {
                Some(Key::OClock | Key::Ghatika | Key::Unit(Unit::Minute | Unit::Hour)) if from == next => {
                    clock.strong = true;
                    next += 1;
                }
                Some(Key::ShortMinute) if from == next => {
                    clock.strong = true;
                    next = self.skip(next + 1, 1, &[Mark::Dot, Mark::Colon]);
                }
                Some(Key::Filler) if from == next => next += 1,
                Some(Key::Part(part)) if clock.part.is_none() && clock.marker.is_none() => {
                    // সকাল ১০টা, দুপুর ১২টা: the word belongs to the next clock.
                    if self.number(from + 1).is_some() {
                        break;
                    }
                    clock.part = Some(part);
                    clock.strong = true;
                    next = self.skip(from + 1, 1, &[Mark::Close]);
                }
                _ => match self.marker(from) {
                    Some((marker, end)) if clock.marker.is_none() => {
                        clock.marker = Some(marker);
                        clock.strong = true;
                        next = if from > next { self.skip(end, 1, &[Mark::Close]) } else { end };
                    }
                    _ => break,
                },
            }
        }
        next
    }

    /// এএম, পি.এম., a.m. and the like: `true` for the afternoon.
    fn marker(&self, at: usize) -> Option<(bool, usize)> {
        match self.key(at)? {
            Key::AmPm(marker) => {
                let dotted = self.is(at + 1, Mark::Dot) && self.tight(at + 1);
                Some((marker, if dotted { at + 2 } else { at + 1 }))
            }
            Key::MarkerLetter(marker) => {
                let letter = self.skip(at + 1, 1, &[Mark::Dot]);
                let Some(Key::MarkerM) = self.key(letter) else { return None };
                let dotted = self.is(letter + 1, Mark::Dot) && self.tight(letter + 1);
                Some((marker, if dotted { letter + 2 } else { letter + 1 }))
            }
            _ => None,
        }
    }

    /// Z, +06:00, +0600, IST, (IST), GMT+6, বাংলাদেশ সময়.
    fn zone_behind(&self, at: usize, joined: bool, clock: &mut Clock) -> usize {
        let from = self.skip(at, 2, &[Mark::Open, Mark::Comma]);
        match self.key(from) {
            Some(Key::IsoZ) if from == at => {
                clock.zone = Some(Zone::Offset(0));
                return at + 1;
            }
            Some(Key::Zone(name)) => {
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

    /// The second clock of a span of time, such as opening hours.
    fn range_end(&self, at: usize) -> Option<usize> {
        let next = match self.kind(at)? {
            Kind::Mark(Mark::Dash) | Kind::Key(Key::Range) => at + 1,
            _ => return None,
        };
        let mut other = Clock { part: None, ..EMPTY };
        let hands = self.words_before(next, &mut other);
        let fraction = match self.key(hands) {
            Some(Key::Fraction(fraction)) => Some(fraction),
            _ => None,
        };
        let end = self.hands(hands + usize::from(fraction.is_some()), fraction, &mut other)?;
        Some(self.words_behind(end, &mut other))
    }
}

const EMPTY: Clock = Clock {
    hour: 0,
    minute: None,
    second: None,
    marker: None,
    part: None,
    night_after: false,
    strong: false,
    weak: false,
    range: false,
    zone: None,
};

impl Clock {
    /// Moves the hands by a fraction of an hour.
    fn apply(&mut self, fraction: Fraction) -> Option<()> {
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
}

/// ভোর রাত and গভীর রাত: the first word is the closer one; সন্ধ্যা রাত too.
fn joined_part(first: Option<Part>, second: Part) -> Part {
    match first {
        Some(first) if second == Part::Night => first,
        _ => second,
    }
}
