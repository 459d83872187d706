//! When the article was published and updated.
//!
//! A page shows many dates: today's in the masthead, other articles', comments',
//! the time of printing. The article's stands between headline and text, or
//! carries a label. Metadata is precise but often mislabels its offset, so the
//! two are checked against each other before one is believed.

use chrono::{DateTime, Duration, FixedOffset, NaiveDateTime, Offset, TimeZone};

use super::context::Cx;
use super::hints::Mark;
use super::keyed::{Question, Say};
use super::layout::Line;
use super::links;
use super::notes::Notes;
use super::time_labels::{is_capture_time, lone_label, warning_code};
use super::time_meta::{MODIFIED, PUBLISHED, metadata};
use crate::article::{Source, WarningCode};
use crate::bangla::chars::is_letter_or_number;
use crate::bangla::timestamp::{self, Context, Label, Moment, Reading};
use crate::tz::Tz;

/// A time with the literal that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// The time.
    pub moment: Moment,
    /// The literal.
    pub text: String,
    /// Where it was found.
    pub source: Source,
}

/// The article's times.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// When it was published.
    pub published: Option<Stamp>,
    /// When it was last updated.
    pub modified: Option<Stamp>,
}

/// How clocks on the page are to be read.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The zone of displayed clocks; `None` where it is not known.
    pub zone: Option<Tz>,
    /// Whether the zone is the site's own, from its rule or host, rather than
    /// that of the language.
    pub sure: bool,
    /// What relative times count from.
    pub reference: Option<DateTime<FixedOffset>>,
}

impl Clock {
    /// What the grammar of timestamps needs to know.
    pub fn context(self) -> Context {
        let cx = Context::new(self.zone.unwrap_or(Tz::UTC));
        match self.reference {
            Some(reference) => cx.with_reference(reference),
            None => cx,
        }
    }
}

/// A time as read, before it is believed.
#[derive(Clone, Debug)]
pub struct Found {
    /// The reading.
    pub reading: Reading,
    /// The literal.
    pub text: String,
    /// Where it was found.
    pub source: Source,
}

impl Found {
    fn wall(&self) -> Option<NaiveDateTime> {
        self.reading.wall
    }

    fn instant(&self) -> Option<DateTime<FixedOffset>> {
        match self.reading.moment {
            Moment::Instant(t) => Some(t),
            Moment::Day(_) => None,
        }
    }
}

/// Offsets of the zones in which Bengali newspapers are edited outside Bengal,
/// in minutes: a displayed clock may differ from UTC metadata by one of them.
const DIASPORA_OFFSETS: &[i64] =
    &[0, 60, 120, 180, 240, 330, 360, 420, 480, 600, 660, -240, -300, -360, -420, -480];

/// Finds the article's times. `head` are the lines between headline and text,
/// `before` those shortly above the headline, `after` those behind the text.
pub fn find(cx: &Cx<'_>, clock: Clock, places: &Places, notes: &mut Notes) -> Times {
    let shown = displayed(cx, clock, places, notes);
    let meta_published = metadata(cx, clock, PUBLISHED, notes, "published_at");
    let meta_modified = metadata(cx, clock, MODIFIED, notes, "modified_at");
    let mut times = Times::default();

    let update = shown.iter().find(|f| f.reading.label == Label::Update);
    let mut publish = shown.iter().find(|f| f.reading.label == Label::Publish);
    if publish.is_none() {
        publish = shown.iter().find(|f| f.reading.label == Label::None);
        // A bare date that metadata knows as the update is one.
        if let Some(found) = publish
            && update.is_none()
            && !meta_published.is_empty()
            && !meta_published.iter().any(|p| same_time(found, p, clock))
            && meta_modified.iter().any(|m| same_time(found, m, clock))
        {
            times.modified = settle(clock, Some(found), &meta_modified, "modified_at", notes);
            publish = None;
        }
    }
    times.published = settle(clock, publish, &meta_published, "published_at", notes);
    if times.published.is_none() {
        times.published = super::url_date::last_resort(cx, clock, notes);
    }
    if times.modified.is_none() {
        // What repeats the publication tells least, and nothing at all where
        // the clock that both name was found to be labelled wrongly.
        let repeats = |m: &Found| meta_published.iter().any(|p| same_time(p, m, clock));
        let distrusted = |m: &Found| repeats(m) && !agrees(m, times.published.as_ref());
        let differs = meta_modified.iter().any(|m| !repeats(m));
        let plausible: Vec<Found> = meta_modified
            .iter()
            .filter(|m| update.is_some() || not_before(m, times.published.as_ref()))
            .filter(|m| update.is_some() || !(distrusted(m) || differs && repeats(m)))
            .cloned()
            .collect();
        for m in meta_modified.iter().filter(|m| update.is_none() && !not_before(m, times.published.as_ref()))
        {
            notes.reject("modified_at", &m.text, m.source, "is before the publication");
        }
        times.modified = settle(clock, update, &plausible, "modified_at", notes);
    }
    times
}

/// Where displayed times are looked for, as indices of lines.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Between headline and text.
    pub head: Vec<usize>,
    /// Shortly above the headline, nearest first.
    pub before: Vec<usize>,
    /// Behind the text: only labelled times count.
    pub after: Vec<usize>,
}

/// Dates in all calendars with their labels take no more bytes than this.
const LONGEST_DATE_LINE: usize = 600;

/// Whether a text is a date line and nothing more: date, labels, marks.
pub fn is_date_line(text: &(impl Say + ?Sized)) -> bool {
    text.said().len() <= LONGEST_DATE_LINE
        && text.answered(Question::IsDateLine, || tells_a_date(text.said()))
}

fn tells_a_date(text: &str) -> bool {
    let cx = Context::new(Tz::DHAKA);
    let readings = timestamp::read_all(text, &cx);
    if readings.is_empty() {
        return false;
    }
    rest_of(text, &readings).chars().filter(|c| is_letter_or_number(*c)).nth(14).is_none()
}

/// Whether a date stands anywhere in a text.
pub fn holds_a_date(text: &(impl Say + ?Sized)) -> bool {
    text.answered(Question::HoldsADate, || {
        let readings = timestamp::read_all(text.said(), &Context::new(Tz::DHAKA));
        readings.iter().any(|r| !r.relative)
    })
}

/// What a text holds beside its readings.
pub fn rest_of(text: &str, readings: &[Reading]) -> String {
    let mut rest = String::new();
    let mut at = 0;
    for reading in readings {
        let span = reading.span.clone();
        if span.start >= at {
            rest.push_str(&text[at..span.start]);
            rest.push('\u{1}');
        }
        at = at.max(span.end);
    }
    rest.push_str(&text[at..]);
    rest
}

/// All readings of a text, for other fields that share a line with a date.
pub fn readings(text: &str, clock: Clock) -> Vec<Reading> {
    timestamp::read_all(text, &clock.context())
}

fn displayed(cx: &Cx<'_>, clock: Clock, places: &Places, notes: &mut Notes) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    let mut ruled: Vec<Found> = Vec::new();
    let context = clock.context();
    let labels = |mut reading: Reading, line: &str| {
        if reading.label == Label::None
            && let Some(rule) = cx.rule
        {
            let before = &line[..reading.span.start];
            if rule.publish_labels.iter().any(|l| before.contains(l.as_str())) {
                reading.label = Label::Publish;
            } else if rule.update_labels.iter().any(|l| before.contains(l.as_str())) {
                reading.label = Label::Update;
            }
        }
        reading
    };
    for (field, label) in [("published", Label::Publish), ("modified", Label::Update)] {
        let marked = if field == "published" {
            cx.all_by_rule(|e| &e.fields.published)
        } else {
            cx.all_by_rule(|e| &e.fields.modified)
        };
        for node in marked.into_iter().take(3) {
            let text = crate::bangla::normalize_parsed(&node.text()).text.into_owned();
            for reading in timestamp::read_all(&text, &context) {
                let mut reading = labels(reading, &text);
                if reading.label == Label::None {
                    reading.label = label;
                }
                push(&mut ruled, reading, &text, Source::SiteRule);
            }
        }
    }
    if cx.trusted_era() && !ruled.is_empty() {
        return ruled;
    }
    let mut pending: Option<Label> = None;
    for (i, place) in [&places.head, &places.before, &places.after].into_iter().enumerate() {
        for index in place {
            let line = &cx.layout.lines[*index];
            if line.marks.any(&[Mark::Hidden, Mark::Ticker, Mark::Comments, Mark::Footer])
                || line.marks.has(Mark::Navigation) && (i != 0 || !line.links.is_empty())
                || line.chars > 220
                || is_capture_time(&line.text)
            {
                pending = None;
                continue;
            }
            let text = line.spaced();
            let found = timestamp::read_all(&text, &context);
            if found.is_empty() {
                pending = lone_label(&line.text);
                continue;
            }
            for reading in found {
                let mut reading = labels(reading, &text);
                if reading.label == Label::None
                    && let Some(label) = pending.take()
                {
                    reading.label = label;
                }
                if i == 2 && reading.label == Label::None {
                    continue;
                }
                // The date of the article that the line leads to.
                if reading.label == Label::None && (leads_on(cx, line) || line.marks.has(Mark::Navigation)) {
                    continue;
                }
                // A relative time without a clock dates nothing here.
                if i != 0 && reading.relative {
                    continue;
                }
                push(&mut out, reading, &text, Source::Visible);
            }
            pending = None;
        }
        // Farther places count only for what the nearer ones lack.
        if i != 1 && !out.is_empty() && i == 0 {
            break;
        }
        if i == 1 && !out.is_empty() {
            break;
        }
    }
    if out.is_empty() {
        out = ruled;
    }
    for found in &out {
        for warning in &found.reading.warnings {
            if let Some(code) = warning_code(*warning) {
                notes.warn(code, found.text.clone());
            }
        }
    }
    out
}

/// Whether a line holds the title of another article as a link.
fn leads_on<'a>(cx: &Cx<'a>, line: &Line<'a>) -> bool {
    line.links.iter().any(|l| links::is_title(line.text_of(l)) && links::offers_article(cx, l.node))
}

fn push(out: &mut Vec<Found>, reading: Reading, line: &str, source: Source) {
    let text = line.get(reading.span.clone()).unwrap_or(line).trim().to_owned();
    out.push(Found { reading, text, source });
}

fn same_time(one: &Found, other: &Found, clock: Clock) -> bool {
    let minute = |t: DateTime<FixedOffset>| t.timestamp().div_euclid(60);
    if let (Some(a), Some(b)) = (one.instant(), other.instant()) {
        if minute(a) == minute(b) {
            return true;
        }
        if let (Some(a), Some(b)) = (one.wall(), other.wall()) {
            let same_wall = a.and_utc().timestamp().div_euclid(60) == b.and_utc().timestamp().div_euclid(60);
            return same_wall || (clock.zone.is_none() && a == b);
        }
    }
    false
}

/// Whether a metadata time names the instant, or the day, that was accepted.
fn agrees(found: &Found, published: Option<&Stamp>) -> bool {
    match (found.reading.moment, published.map(|p| p.moment)) {
        (Moment::Instant(m), Some(Moment::Instant(p))) => {
            m.timestamp().div_euclid(60) == p.timestamp().div_euclid(60)
        }
        (_, Some(Moment::Day(_)) | None) | (Moment::Day(_), _) => true,
    }
}

fn not_before(found: &Found, published: Option<&Stamp>) -> bool {
    match (found.reading.moment, published.map(|p| p.moment)) {
        (Moment::Instant(m), Some(Moment::Instant(p))) => m + Duration::minutes(1) > p,
        (Moment::Day(m), Some(Moment::Day(p))) => m >= p,
        (Moment::Instant(m), Some(Moment::Day(p))) => m.date_naive() >= p,
        (Moment::Day(m), Some(Moment::Instant(p))) => m >= p.date_naive(),
        (_, None) => true,
    }
}

/// Weighs a displayed time against what metadata says, and gives the one to be
/// believed, in the zone of the displayed clock.
fn settle(
    clock: Clock,
    shown: Option<&Found>,
    metadata: &[Found],
    field: &str,
    notes: &mut Notes,
) -> Option<Stamp> {
    let Some(shown) = shown else { return from_metadata(clock, metadata, field, notes) };
    let taken = match (shown.reading.moment, shown.wall()) {
        (Moment::Day(day), _) => {
            // The page shows the day; metadata may know the minute.
            let precise = metadata.iter().find_map(|m| {
                let local = localise(m, clock)?;
                (local.date_naive() == day).then_some((local, m))
            });
            if let Some((local, m)) = precise {
                notes.reject(field, &shown.text, shown.source, "names the day only");
                return Some(accept(Moment::Instant(local), m, field, notes));
            }
            Moment::Day(day)
        }
        (Moment::Instant(t), _) if shown.reading.offset_given => {
            Moment::Instant(localise(shown, clock).unwrap_or(t))
        }
        (Moment::Instant(t), Some(wall)) => weigh_offset(clock, t, wall, metadata, shown, notes),
        (moment, None) => moment,
    };
    for m in metadata {
        let why = match (taken, m.instant()) {
            (Moment::Instant(a), Some(b)) if (a - b).num_minutes() == 0 => "agrees with the one taken",
            _ => "differs from the time displayed",
        };
        notes.reject(field, &m.text, m.source, why);
        if why.starts_with("differs")
            && let (Moment::Instant(a), Some(b)) = (taken, m.instant())
            && (a - b).num_minutes().abs() > 2
            && field == "published_at"
        {
            let minute = |w: Option<NaiveDateTime>| w.map(|w| w.and_utc().timestamp().div_euclid(60));
            // The same clock under another offset is a label set wrongly.
            let code = if minute(m.wall()) == minute(shown.wall()) {
                WarningCode::OffsetDistrusted
            } else {
                WarningCode::SourcesDisagree
            };
            notes.warn(
                code,
                format!("published_at: displayed “{}”, {} “{}”", shown.text, m.source.as_str(), m.text),
            );
        }
    }
    let zone_unknown = clock.zone.is_none() && !shown.reading.offset_given;
    let taken = match taken {
        // What names the same clock without an offset knows no more.
        Moment::Instant(t)
            if zone_unknown && !metadata.iter().any(|m| m.reading.offset_given && same_instant(m, t)) =>
        {
            notes.warn(WarningCode::ZoneUnknown, format!("{field}: “{}” names no zone", shown.text));
            Moment::Day(shown.wall().map_or(t.date_naive(), |w| w.date()))
        }
        other => other,
    };
    Some(accept(taken, shown, field, notes))
}

fn same_instant(found: &Found, t: DateTime<FixedOffset>) -> bool {
    found.instant().is_some_and(|i| (i - t).num_minutes() == 0)
}

/// The instant of a displayed clock: in the site's zone, unless metadata shows
/// that the clock runs in another.
fn weigh_offset(
    clock: Clock,
    in_zone: DateTime<FixedOffset>,
    wall: NaiveDateTime,
    metadata: &[Found],
    shown: &Found,
    notes: &mut Notes,
) -> Moment {
    if clock.zone.is_some() && metadata.iter().any(|m| same_instant(m, in_zone)) {
        return Moment::Instant(in_zone);
    }
    let minute = |t: NaiveDateTime| t.and_utc().timestamp().div_euclid(60);
    for m in metadata.iter().filter(|m| m.reading.offset_given) {
        let (Some(instant), Some(meta_wall)) = (m.instant(), m.wall()) else { continue };
        if minute(meta_wall) == minute(wall) {
            // The same wall time under another offset: the zone wins.
            if clock.zone.is_some() {
                if !clock.sure
                    && let Some(other) = differing_by_offset(wall, metadata)
                {
                    notes.warn(
                        WarningCode::OffsetDistrusted,
                        format!("“{}” against “{}”", m.text, shown.text),
                    );
                    return Moment::Instant(other);
                }
                notes.warn(WarningCode::OffsetDistrusted, format!("“{}” against “{}”", m.text, shown.text));
                return Moment::Instant(in_zone);
            }
            return Moment::Instant(instant);
        }
    }
    if !clock.sure
        && let Some(other) = differing_by_offset(wall, metadata)
    {
        return Moment::Instant(other);
    }
    Moment::Instant(in_zone)
}

/// The displayed clock with the offset by which it differs from an instant in
/// metadata, where that is an offset of a zone that Bengali papers are edited
/// in: the two name one instant.
fn differing_by_offset(wall: NaiveDateTime, metadata: &[Found]) -> Option<DateTime<FixedOffset>> {
    metadata.iter().filter(|m| m.reading.offset_given).find_map(|m| {
        let utc = m.instant()?.naive_utc();
        let seconds = (wall - utc).num_seconds();
        let minutes = (seconds as f64 / 60.0).ceil() as i64;
        // The display drops the seconds.
        if !(-59..=0).contains(&(seconds - minutes * 60)) || minutes == 0 {
            return None;
        }
        DIASPORA_OFFSETS.contains(&minutes).then(|| {
            let offset = FixedOffset::east_opt(i32::try_from(minutes * 60).ok()?)?;
            offset.from_local_datetime(&wall).single()
        })?
    })
}

/// A metadata time in the page's zone; without zone and offset there is none.
fn localise(found: &Found, clock: Clock) -> Option<DateTime<FixedOffset>> {
    let instant = found.instant()?;
    match clock.zone {
        Some(zone) => Some(instant.with_timezone(&zone.offset_from_utc_datetime(&instant.naive_utc()).fix())),
        None if found.reading.offset_given => Some(instant),
        None => None,
    }
}

fn from_metadata(clock: Clock, metadata: &[Found], field: &str, notes: &mut Notes) -> Option<Stamp> {
    // An instant that two sources name beats the first one.
    let agreed = metadata.iter().enumerate().find(|(i, m)| {
        m.instant().is_some_and(|t| {
            metadata.iter().enumerate().any(|(j, o)| *i != j && o.source != m.source && same_instant(o, t))
        })
    });
    let found = agreed
        .map(|(_, m)| m)
        .or_else(|| metadata.iter().find(|m| m.instant().is_some()))
        .or(metadata.first())?;
    let moment = match found.reading.moment {
        Moment::Day(day) => Moment::Day(day),
        Moment::Instant(t) => {
            if let Some(local) = localise(found, clock) {
                Moment::Instant(local)
            } else {
                notes.warn(WarningCode::ZoneUnknown, format!("{field}: “{}” names no zone", found.text));
                Moment::Day(found.wall().map_or(t.date_naive(), |w| w.date()))
            }
        }
    };
    for other in metadata.iter().filter(|m| m.text != found.text) {
        notes.reject(field, &other.text, other.source, "another source is more precise or agrees with more");
    }
    Some(accept(moment, found, field, notes))
}

fn accept(moment: Moment, found: &Found, field: &str, notes: &mut Notes) -> Stamp {
    notes.take(field, moment.to_string(), found.source);
    Stamp { moment, text: found.text.clone(), source: found.source }
}
