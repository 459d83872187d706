//! Puts together the parts that belong to one timestamp. A page may print
//! several in a line, with and without labels, time first or date first; a new
//! one begins at a label, at a part of a kind that is already there, and
//! behind a sentence.

use super::Label;
use super::clock::{Clock, Trust};
use super::date::{Date, Style};
use super::relative::Span;
use super::scan::{Gap, Item, Part, Way};
use std::ops::Range;

/// Most unknown words between a label and what it announces, with a colon
/// behind the label and without one.
const LABEL_REACH: (u16, u16) = (6, 3);
/// Most unknown words between a date and a clock that is surely one.
const CLOCK_REACH: u16 = 3;

/// A part that was used, with its bytes.
#[derive(Clone, Debug)]
pub(super) struct Used<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// A weekday as named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub day: u8,
    pub way: Option<Way>,
    pub full: bool,
}

/// The parts of one timestamp.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub label: Label,
    pub date: Option<Used<Date>>,
    pub bangla: Option<Used<Date>>,
    pub clock: Option<Used<Clock>>,
    pub weekday: Option<Used<Named>>,
    /// Whether two different weekdays are named.
    pub weekdays_differ: bool,
    /// Days from the reference, and whether a night is meant.
    pub day: Option<Used<(i8, bool)>>,
    pub back: Option<Used<Span>>,
    pub now: Option<Range<usize>>,
    /// Whether no unknown words stand before, between or behind, up to the
    /// next bar.
    pub alone: bool,
    empty: bool,
}

impl Group {
    fn new(label: Label) -> Self {
        Self {
            label,
            date: None,
            bangla: None,
            clock: None,
            weekday: None,
            weekdays_differ: false,
            day: None,
            back: None,
            now: None,
            alone: true,
            empty: true,
        }
    }
}

/// The groups of a sequence of parts.
pub(super) fn groups(items: &[Item]) -> Vec<Group> {
    let mut out = Vec::with_capacity(2);
    let mut group = Group::new(Label::None);
    let mut reach = 0;
    for (at, item) in items.iter().enumerate() {
        let behind = items.get(at + 1);
        if let Part::Label { label, colon } = item.part {
            let closes = !colon
                && !group.empty
                && group.label == Label::None
                && item.gap == Gap::Light
                && item.words == 0
                && behind.is_none_or(|behind| matches!(behind.part, Part::Label { .. }));
            if closes {
                group.label = label;
                continue;
            }
            if !group.empty {
                out.push(group);
            }
            group = Group::new(label);
            reach = if colon { LABEL_REACH.0 } else { LABEL_REACH.1 };
            continue;
        }
        if group.empty {
            if item.words > reach || (item.gap == Gap::Sentence && item.words > 0) {
                group.label = Label::None;
            }
        } else if begins_anew(&group, item, items, at) {
            out.push(group);
            group = Group::new(Label::None);
        }
        group.add(item);
    }
    if !group.empty {
        out.push(group);
    }
    out
}

fn gregorian(item: Option<&Item>) -> bool {
    matches!(item.map(|item| item.part), Some(Part::Date(Date { style: Style::Gregorian, .. })))
}

/// Whether a part cannot belong to the group before it.
fn begins_anew(group: &Group, item: &Item, items: &[Item], at: usize) -> bool {
    let behind = items.get(at + 1);
    let sentence = item.gap == Gap::Sentence;
    match item.part {
        Part::Label { .. } => true,
        Part::Date(Date { style: Style::Hijri, .. }) => false,
        Part::Date(Date { style: Style::Bangla, .. }) => group.bangla.is_some() || sentence,
        Part::Date(date) => {
            let clock_far = group.date.is_none()
                && group.clock.as_ref().is_some_and(|clock| far(&clock.value, item.words));
            group.date.is_some() || (date.clock.is_some() && group.clock.is_some()) || sentence || clock_far
        }
        Part::Clock(clock) => {
            let dated = group.date.is_some() || group.day.is_some() || group.weekday.is_some();
            let closer_behind = group.date.is_some()
                && gregorian(behind)
                && behind.is_some_and(|behind| behind.gap < item.gap);
            group.clock.is_some()
                || closer_behind
                || (sentence && item.words > 0)
                || (dated && far(&clock, item.words))
        }
        Part::Weekday { .. } => {
            let announces = gregorian(behind)
                || (matches!(behind.map(|behind| behind.part), Some(Part::Clock(_)))
                    && group.clock.is_some()
                    && gregorian(items.get(at + 2)));
            sentence || (group.date.is_some() && announces)
        }
        Part::Day { .. } | Part::Span(_) | Part::Now => sentence,
    }
}

/// Whether too much stands between a clock and its date.
fn far(clock: &Clock, words: u16) -> bool {
    words > if clock.trust == Trust::Said { CLOCK_REACH } else { 0 }
}

impl Group {
    fn add(&mut self, item: &Item) {
        let span = item.start..item.end;
        if self.empty && item.words_near > 0 {
            self.alone = false;
        }
        // Words between two parts of the group count too: what is beside such
        // a part is prose.
        if item.words_after > 0 {
            self.alone = false;
        }
        self.empty = false;
        match item.part {
            Part::Label { .. } | Part::Date(Date { style: Style::Hijri, .. }) => {}
            Part::Date(date) if date.style == Style::Bangla => {
                self.bangla = Some(Used { value: date, span });
            }
            Part::Date(date) => {
                if let Some(day) = date.weekday {
                    self.name(Named { day, way: None, full: true }, span.clone());
                }
                if let Some(clock) = date.clock {
                    self.clock = Some(Used { value: clock, span: span.clone() });
                }
                self.date = Some(Used { value: date, span });
            }
            Part::Clock(clock) => self.clock = Some(Used { value: clock, span }),
            Part::Weekday { day, way, full } => self.name(Named { day, way, full }, span),
            Part::Day { offset, night } => {
                self.day.get_or_insert(Used { value: (offset, night), span });
            }
            Part::Span(back) => {
                self.back.get_or_insert(Used { value: back, span });
            }
            Part::Now => {
                self.now.get_or_insert(span);
            }
        }
    }

    fn name(&mut self, named: Named, span: Range<usize>) {
        match &self.weekday {
            Some(first) => self.weekdays_differ |= first.value.day != named.day,
            None => self.weekday = Some(Used { value: named, span }),
        }
    }
}
