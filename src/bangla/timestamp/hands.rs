//! Finds clock times within a token sequence: with a colon or a dot, in words,
//! with markers and parts of the day before or behind.

use super::clock::{Clock, EMPTY, Trust, joined_part};
use super::lexer::{Kind, Mark};
use super::scan::Scanner;
use super::zone::Zone;
use crate::bangla::names::{Fraction, Key, Unit};

impl Scanner<'_> {
    /// The clock that begins at a token. With `joined` it stands behind the T
    /// of ISO 8601.
    pub(super) fn clock(&self, at: usize, joined: bool) -> Option<(Clock, usize)> {
        let mut clock = EMPTY;
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
        if clock.trust == Trust::Doubtful
            && matches!(self.kind(next), Some(Kind::Word | Kind::Key(Key::Unit(_) | Key::Number(_))))
        {
            // ১২.৫০ শতাংশ: something is counted.
            return None;
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
                    clock.trust = Trust::Said;
                }
                Some(Key::NightAfter) => clock.night_after = true,
                Some(Key::Zone(name) | Key::Place(name))
                    if matches!(self.key(next + 1), Some(Key::Filler)) =>
                {
                    clock.zone = Some(Zone::Named(name));
                    next += 1;
                    clock.trust = Trust::Said;
                }
                _ => match self.marker(next) {
                    Some((marker, end)) => {
                        clock.marker = Some(marker);
                        clock.trust = Trust::Said;
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
                clock.trust = Trust::Said;
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
        // ন'টা.
        let at = if matches!(self.key(at + 1), Some(Key::OClock)) {
            self.skip(at, 1, &[Mark::Apostrophe])
        } else {
            at
        };
        match self.key(at) {
            Some(Key::OClock | Key::Ghatika) => {
                clock.trust = Trust::Said;
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
                let said = clock.trust == Trust::Said || self.marker(next + 2).is_some();
                if !(digits == 2 || (digits == 1 && said)) {
                    return None;
                }
                clock.minute = Some(minute);
                // A colon with room on one side only is still a clock's; with
                // room on both it may be a label's.
                if !self.tight(next) && !self.tight(next + 1) {
                    clock.doubt();
                }
                Some(self.seconds(next + 2, clock))
            }
            Kind::Mark(Mark::Dot) if self.tight(next) && self.tight(next + 1) => {
                let (minute, 2) = self.number(next + 1)? else { return None };
                if minute > 59 || clock.hour > 24 || (self.is(next + 2, Mark::Dot) && self.tight(next + 3)) {
                    return None;
                }
                clock.minute = Some(minute);
                clock.doubt();
                Some(next + 2)
            }
            Kind::Mark(Mark::Dash) if clock.part.is_some() && self.tight(next) && self.tight(next + 1) => {
                // রাত ১০-২০ মিনিটে.
                let (minute, 2) = self.number(next + 1)? else { return None };
                if !matches!(self.key(next + 2), Some(Key::Unit(Unit::Minute) | Key::ShortMinute)) {
                    return None;
                }
                clock.minute = Some(minute);
                Some(next + 2)
            }
            // 14h30, as French has it.
            Kind::Key(Key::Unit(Unit::Hour)) if self.tight(next) && self.tight(next + 1) => {
                let (minute, 2) = self.number(next + 1)? else { return None };
                clock.minute = Some(minute);
                clock.doubt();
                Some(next + 2)
            }
            Kind::Key(Key::OClock) => {
                // ২০টা মামলা: the word counts things as well as hours.
                let counts = clock.trust != Trust::Said
                    && self.word(next) == "টা"
                    && self.kind(next + 1) == Some(Kind::Word);
                if counts {
                    return None;
                }
                clock.trust = Trust::Said;
                Some(self.spoken_minutes(next + 1, clock))
            }
            Kind::Key(Key::Ghatika) => {
                clock.trust = Trust::Said;
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
        // Where the last word that says something ends.
        let mut end = at;
        for _ in 0..5 {
            let from = self.skip(next, 1, &[Mark::Open]);
            match self.key(from) {
                Some(Key::OClock | Key::Ghatika | Key::Unit(Unit::Minute | Unit::Hour)) if from == next => {
                    clock.trust = Trust::Said;
                    next += 1;
                }
                Some(Key::ShortMinute) if from == next => {
                    clock.trust = Trust::Said;
                    next = self.skip(next + 1, 1, &[Mark::Dot, Mark::Colon]);
                }
                Some(Key::Filler) if from == next => {
                    next += 1;
                    continue;
                }
                Some(Key::Part(part)) if clock.part.is_none() && clock.marker.is_none() => {
                    // সকাল ১০টা, দুপুর ১২টা: the word belongs to the next clock.
                    let another = self.number(from + 1).is_some()
                        && matches!(
                            self.kind(from + 2),
                            Some(
                                Kind::Mark(Mark::Colon | Mark::Dot | Mark::Dash)
                                    | Kind::Key(Key::OClock | Key::Ghatika)
                            )
                        );
                    if another {
                        break;
                    }
                    clock.part = Some(part);
                    clock.trust = Trust::Said;
                    next = self.skip(from + 1, 1, &[Mark::Close]);
                }
                _ => match self.marker(from) {
                    Some((marker, after)) if clock.marker.is_none() => {
                        clock.marker = Some(marker);
                        clock.trust = Trust::Said;
                        next = if from > next { self.skip(after, 1, &[Mark::Close]) } else { after };
                    }
                    _ => break,
                },
            }
            end = next;
        }
        end
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

    /// The second clock of a span of time, such as opening hours.
    fn range_end(&self, at: usize) -> Option<usize> {
        let next = match self.kind(at)? {
            Kind::Mark(Mark::Dash) | Kind::Key(Key::Range) => at + 1,
            _ => return None,
        };
        let mut other = EMPTY;
        let hands = self.words_before(next, &mut other);
        let fraction = match self.key(hands) {
            Some(Key::Fraction(fraction)) => Some(fraction),
            _ => None,
        };
        let end = self.hands(hands + usize::from(fraction.is_some()), fraction, &mut other)?;
        Some(self.words_behind(end, &mut other))
    }
}
