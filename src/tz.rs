//! The zones of the IANA time zone database, for chrono.
//!
//! The tables are those of `tzdb_data`. chrono-tz has the same, but as tables
//! full of pointers, which the loader has to patch at every start of the
//! program; it serves as the oracle of the tests.

use std::fmt;
use std::str::FromStr;

use ::tz::timezone::Transition;
use ::tz::{LocalTimeType, TimeZoneRef};
use chrono::{FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use tzdb_data::time_zone::{self, america, asia, europe};

/// Seconds of a day. All offsets are smaller.
const DAY: i64 = 24 * 60 * 60;

/// A zone of the IANA time zone database.
///
/// ```
/// use chrono::TimeZone;
/// use khobor::tz::Tz;
///
/// let zone: Tz = "Asia/Dhaka".parse().unwrap();
/// assert_eq!(zone, Tz::DHAKA);
/// // Dhaka had summer time once, in 2009.
/// let noon = zone.with_ymd_and_hms(2009, 7, 1, 12, 0, 0).unwrap();
/// assert_eq!(noon.to_rfc3339(), "2009-07-01T12:00:00+07:00");
/// ```
#[derive(Clone, Copy)]
pub struct Tz {
    name: &'static str,
    table: &'static TimeZoneRef<'static>,
}

impl Tz {
    /// `UTC`
    pub const UTC: Self = Self { name: "UTC", table: &time_zone::UTC };
    /// `Asia/Dhaka`
    pub const DHAKA: Self = Self { name: "Asia/Dhaka", table: &asia::DHAKA };
    /// `Asia/Kolkata`
    pub const KOLKATA: Self = Self { name: "Asia/Kolkata", table: &asia::KOLKATA };
    /// `Europe/London`
    pub const LONDON: Self = Self { name: "Europe/London", table: &europe::LONDON };
    /// `America/New_York`
    pub const NEW_YORK: Self = Self { name: "America/New_York", table: &america::NEW_YORK };
    /// `America/Chicago`
    pub const CHICAGO: Self = Self { name: "America/Chicago", table: &america::CHICAGO };
    /// `America/Los_Angeles`
    pub const LOS_ANGELES: Self = Self { name: "America/Los_Angeles", table: &america::LOS_ANGELES };

    /// The zone's name in the database.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The offset in force at an instant, and what it is called.
    fn kind_at(self, unix: i64) -> &'static LocalTimeType {
        // No table ends without a rule for the time after it, and no date of
        // chrono is too far away for a rule. Should one be, what held last holds.
        self.table.find_local_time_type(unix).unwrap_or_else(|_| {
            let last = self.table.transitions().last().map_or(0, Transition::local_time_type_index);
            &self.table.local_time_types()[last]
        })
    }

    fn offset(self, kind: &'static LocalTimeType) -> TzOffset {
        let offset = FixedOffset::east_opt(kind.ut_offset()).unwrap_or_else(|| Utc.fix());
        TzOffset { zone: self, offset, abbreviation: kind.time_zone_designation() }
    }
}

/// Two zones are one where their names are: Asia/Calcutta is another than
/// Asia/Kolkata, although their clocks agree.
impl PartialEq for Tz {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Tz {}

impl fmt::Display for Tz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The name alone: the table is long.
impl fmt::Debug for Tz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Reads the zone's exact name, letter case included.
impl FromStr for Tz {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        // The tables of sites name these two some hundred times.
        if let Some(zone) = [Self::DHAKA, Self::KOLKATA].into_iter().find(|zone| zone.name == name) {
            return Ok(zone);
        }
        let name = tzdb_data::TZ_NAMES.iter().find(|known| **known == name).ok_or(UnknownZone)?;
        let table = tzdb_data::find_tz(name.as_bytes()).ok_or(UnknownZone)?;
        Ok(Self { name, table })
    }
}

/// A name that is none of the IANA time zone database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no IANA time zone name")]
pub struct UnknownZone;

/// The offset from UTC in force in a zone at some time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TzOffset {
    zone: Tz,
    offset: FixedOffset,
    abbreviation: &'static str,
}

impl Offset for TzOffset {
    fn fix(&self) -> FixedOffset {
        self.offset
    }
}

/// The abbreviation, such as BST; `+06` where there is none.
impl fmt::Display for TzOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.abbreviation)
    }
}

impl fmt::Debug for TzOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TimeZone for Tz {
    type Offset = TzOffset;

    fn from_offset(offset: &TzOffset) -> Self {
        offset.zone
    }

    /// One that is in force at some time of the day, which is all that chrono
    /// asks for.
    fn offset_from_local_date(&self, local: &NaiveDate) -> MappedLocalTime<TzOffset> {
        let ends = [local.and_hms_opt(0, 0, 0), local.and_hms_opt(23, 59, 59)];
        let ends =
            ends.map(|time| time.map_or(MappedLocalTime::None, |t| self.offset_from_local_datetime(&t)));
        let sure = ends.iter().find_map(|end| end.single());
        match sure.or_else(|| ends.iter().find_map(|end| end.earliest())) {
            Some(offset) => MappedLocalTime::Single(offset),
            None => MappedLocalTime::None,
        }
    }

    fn offset_from_local_datetime(&self, local: &NaiveDateTime) -> MappedLocalTime<TzOffset> {
        let wall = local.and_utc().timestamp();
        // The instant lies less than a day from the wall time read as UTC, and
        // clocks do not change twice in two days.
        let (before, after) = (self.kind_at(wall - DAY), self.kind_at(wall + DAY));
        if before == after {
            return MappedLocalTime::Single(self.offset(before));
        }
        // So the offset is the one or the other, if it leads to an instant at
        // which it is in force.
        let held = |kind: &LocalTimeType| {
            let found = self.kind_at(wall - i64::from(kind.ut_offset()));
            (found.ut_offset() == kind.ut_offset()).then(|| self.offset(found))
        };
        match (held(before), held(after)) {
            (Some(before), Some(after)) if before.offset != after.offset => {
                MappedLocalTime::Ambiguous(before, after)
            }
            (Some(offset), _) | (None, Some(offset)) => MappedLocalTime::Single(offset),
            (None, None) => MappedLocalTime::None,
        }
    }

    fn offset_from_utc_date(&self, utc: &NaiveDate) -> TzOffset {
        self.offset_from_utc_datetime(&utc.and_time(NaiveTime::MIN))
    }

    fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> TzOffset {
        self.offset(self.kind_at(utc.and_utc().timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Datelike};
    use chrono_tz::TZ_VARIANTS;
    use std::collections::BTreeSet;

    // tzdb_data has release 2026b of the database, chrono-tz 2025b. Besides,
    // tzdb_data is built with the database's file `backzone`, chrono-tz without.

    /// Zones whose clocks have gone as a neighbour's since 1970. `backzone`
    /// tells how they went before; chrono-tz has the neighbour's history.
    const OWN_HISTORY: &str = "\
        Africa/Accra Africa/Addis_Ababa Africa/Asmara Africa/Bamako Africa/Bangui \
        Africa/Banjul Africa/Blantyre Africa/Brazzaville Africa/Bujumbura Africa/Conakry \
        Africa/Dakar Africa/Dar_es_Salaam Africa/Djibouti Africa/Douala Africa/Freetown \
        Africa/Gaborone Africa/Harare Africa/Kampala Africa/Kigali Africa/Kinshasa \
        Africa/Libreville Africa/Lome Africa/Luanda Africa/Lubumbashi Africa/Lusaka \
        Africa/Malabo Africa/Maseru Africa/Mbabane Africa/Mogadishu Africa/Niamey \
        Africa/Nouakchott Africa/Ouagadougou Africa/Porto-Novo America/Anguilla \
        America/Antigua America/Aruba America/Atikokan America/Blanc-Sablon America/Cayman \
        America/Creston America/Curacao America/Dominica America/Grenada America/Guadeloupe \
        America/Montserrat America/Nassau America/Port_of_Spain America/St_Kitts \
        America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola \
        Antarctica/DumontDUrville Antarctica/McMurdo Antarctica/Syowa Asia/Aden Asia/Bahrain \
        Asia/Brunei Asia/Kuala_Lumpur Asia/Kuwait Asia/Muscat Asia/Phnom_Penh Asia/Vientiane \
        Atlantic/Reykjavik Atlantic/St_Helena Europe/Amsterdam Europe/Copenhagen \
        Europe/Guernsey Europe/Jersey Europe/Ljubljana Europe/Luxembourg Europe/Monaco \
        Europe/Oslo Europe/Sarajevo Europe/Skopje Europe/Stockholm Europe/Zagreb \
        Indian/Antananarivo Indian/Christmas Indian/Cocos Indian/Comoro Indian/Kerguelen \
        Indian/Mahe Indian/Mayotte Indian/Reunion Pacific/Chuuk Pacific/Funafuti \
        Pacific/Majuro Pacific/Midway Pacific/Pohnpei Pacific/Saipan Pacific/Wake \
        Pacific/Wallis";
    /// Release 2025c tells the years to 1976 anew.
    const BAJA_CALIFORNIA: &str = "America/Ensenada America/Santa_Isabel America/Tijuana Mexico/BajaNorte";
    /// Summer time the year round from November 2026 on, by release 2026b.
    const BRITISH_COLUMBIA: &str = "America/Vancouver Canada/Pacific";

    /// Whether the two databases may differ there, and must somewhere.
    fn is_known_to_differ(zone: &str, day: NaiveDate) -> bool {
        let among = |zones: &str| zones.split(' ').any(|name| name == zone);
        (among(OWN_HISTORY) && day.year() < 1970)
            || (among(BAJA_CALIFORNIA) && day.year() <= 1976)
            || (among(BRITISH_COLUMBIA) && (day.year(), day.month()) >= (2026, 11))
    }

    fn date(unix: i64) -> NaiveDateTime {
        DateTime::from_timestamp(unix, 0).unwrap().naive_utc()
    }

    fn unix(year: i32) -> i64 {
        NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_time(NaiveTime::MIN).and_utc().timestamp()
    }

    #[test]
    fn offsets_are_those_of_chrono_tz() {
        let mut different = BTreeSet::new();
        for oracle in TZ_VARIANTS {
            let zone: Tz = oracle.name().parse().unwrap();
            for at in (unix(1900)..unix(2040)).step_by(13 * 24 * 60 * 60 + 4567).map(date) {
                let (own, its) = (zone.offset_from_utc_datetime(&at), oracle.offset_from_utc_datetime(&at));
                if own.fix() != its.fix() || own.to_string() != its.to_string() {
                    assert!(is_known_to_differ(zone.name, at.date()), "{zone} {at}: {own}, not {its}");
                    different.insert(zone.name);
                }
            }
        }
        let lists = [OWN_HISTORY, BAJA_CALIFORNIA, BRITISH_COLUMBIA];
        assert_eq!(different, lists.iter().flat_map(|list| list.split(' ')).collect());
    }

    #[test]
    fn local_times_are_those_of_chrono_tz() {
        let mut changes = 0;
        for oracle in [
            chrono_tz::Africa::Casablanca,
            chrono_tz::America::Caracas,
            chrono_tz::America::Chicago,
            chrono_tz::America::Los_Angeles,
            chrono_tz::America::New_York,
            chrono_tz::America::St_Johns,
            chrono_tz::Asia::Dhaka,
            chrono_tz::Asia::Karachi,
            chrono_tz::Asia::Kathmandu,
            chrono_tz::Asia::Kolkata,
            chrono_tz::Asia::Tehran,
            chrono_tz::Australia::Lord_Howe,
            chrono_tz::Europe::Dublin,
            chrono_tz::Europe::London,
            chrono_tz::Pacific::Apia,
            chrono_tz::Pacific::Kwajalein,
        ] {
            let zone: Tz = oracle.name().parse().unwrap();
            let offset =
                |at: i64| i64::from(oracle.offset_from_utc_datetime(&date(at)).fix().local_minus_utc());
            for day in (unix(1940)..unix(2038)).step_by(24 * 60 * 60) {
                let mut change = day..day + DAY;
                if offset(change.start) == offset(change.end) {
                    continue;
                }
                while change.end - change.start > 1 {
                    let middle = i64::midpoint(change.start, change.end);
                    if offset(middle) == offset(change.start) {
                        change.start = middle;
                    } else {
                        change.end = middle;
                    }
                }
                changes += 1;
                for edge in [change.end + offset(change.start), change.end + offset(change.end)] {
                    for quarter in -120..=120 {
                        for second in -1..=1 {
                            let local = date(edge + quarter * 15 * 60 + second);
                            let own = zone.offset_from_local_datetime(&local).map(|o| o.fix());
                            let its = oracle.offset_from_local_datetime(&local).map(|o| o.fix());
                            assert_eq!(own, its, "{zone} {local}");
                        }
                    }
                }
            }
        }
        assert!(changes > 1000, "{changes}");
    }

    /// The search for the offsets of a wall time rests on this.
    #[test]
    fn clocks_do_not_change_twice_in_two_days() {
        for name in tzdb_data::TZ_NAMES {
            let zone: Tz = name.parse().unwrap();
            let changes = zone.table.transitions().iter().map(Transition::unix_leap_time);
            assert!(changes.clone().zip(changes.skip(1)).all(|(one, next)| next - one > 2 * DAY), "{zone}");
            assert!(zone.table.local_time_types().iter().all(|kind| i64::from(kind.ut_offset()).abs() < DAY));
            assert!(zone.table.leap_seconds().is_empty());
        }
    }

    #[test]
    fn dhaka_and_kolkata() {
        let local = |zone: Tz, text: &str| {
            let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
            match zone.offset_from_local_datetime(&local) {
                MappedLocalTime::None => "none".to_owned(),
                MappedLocalTime::Single(offset) => offset.fix().to_string(),
                MappedLocalTime::Ambiguous(first, second) => format!("{} {}", first.fix(), second.fix()),
            }
        };
        for (text, offset) in [
            ("1889-12-31 12:00", "+06:01:40"),
            ("1941-09-30 12:00", "+05:53:20"),
            ("1942-05-14 12:00", "+06:30"),
            ("1942-05-16 12:00", "+05:30"),
            ("1951-09-29 12:00", "+06:30"),
            ("1951-10-01 12:00", "+06:00"),
            ("2009-06-19 22:59", "+06:00"),
            ("2009-06-19 23:00", "none"),
            ("2009-06-19 23:59", "none"),
            ("2009-06-20 00:00", "+07:00"),
            ("2009-12-31 22:59", "+07:00"),
            ("2009-12-31 23:00", "+07:00 +06:00"),
            ("2009-12-31 23:59", "+07:00 +06:00"),
            ("2010-01-01 00:00", "+06:00"),
            ("2026-07-01 12:00", "+06:00"),
            ("2400-07-01 12:00", "+06:00"),
        ] {
            assert_eq!(local(Tz::DHAKA, text), offset, "{text} in Dhaka");
        }
        for (text, offset) in [
            ("1854-06-27 12:00", "+05:53:28"),
            ("1869-12-31 12:00", "+05:53:20"),
            ("1905-12-31 12:00", "+05:21:10"),
            ("1906-01-02 12:00", "+05:30"),
            ("1941-10-02 12:00", "+06:30"),
            ("1942-05-16 12:00", "+05:30"),
            ("1942-09-02 12:00", "+06:30"),
            ("1945-10-14 12:00", "+06:30"),
            ("1945-10-16 12:00", "+05:30"),
            ("2026-07-01 12:00", "+05:30"),
            ("2400-07-01 12:00", "+05:30"),
        ] {
            assert_eq!(local(Tz::KOLKATA, text), offset, "{text} in Kolkata");
        }
    }

    #[test]
    fn rules_hold_beyond_the_tables() {
        // chrono-tz goes on with the offset of 2099.
        let july = NaiveDate::from_ymd_opt(2150, 7, 1).unwrap().and_time(NaiveTime::MIN);
        assert_eq!(Tz::LONDON.offset_from_utc_datetime(&july).to_string(), "BST");
        for oracle in TZ_VARIANTS {
            let zone: Tz = oracle.name().parse().unwrap();
            for far in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
                zone.offset_from_utc_datetime(&far);
                assert!(zone.offset_from_local_datetime(&far).single().is_some(), "{zone} {far}");
            }
        }
        for far in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            let its = chrono_tz::Asia::Dhaka.offset_from_utc_datetime(&far).fix();
            assert_eq!(Tz::DHAKA.offset_from_utc_datetime(&far).fix(), its);
            assert_eq!(
                Tz::DHAKA.from_local_datetime(&far).single().map(|t| t.timestamp()),
                chrono_tz::Asia::Dhaka.from_local_datetime(&far).single().map(|t| t.timestamp()),
            );
        }
    }

    #[test]
    fn days_have_an_offset_of_theirs() {
        let day = |m, d| NaiveDate::from_ymd_opt(2009, m, d).unwrap();
        let offset = |day: NaiveDate| Tz::DHAKA.offset_from_local_date(&day).single().unwrap().to_string();
        assert_eq!(offset(day(6, 19)), "+06");
        assert_eq!(offset(day(6, 20)), "+07");
        assert_eq!(Tz::DHAKA.offset_from_utc_date(&day(6, 20)).to_string(), "+07");
        // Samoa left a day out.
        let apia: Tz = "Pacific/Apia".parse().unwrap();
        let left_out = NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
        assert_eq!(apia.offset_from_local_date(&left_out), MappedLocalTime::None);
    }

    #[test]
    fn names_are_read_letter_by_letter() {
        for zone in [Tz::UTC, Tz::DHAKA, Tz::KOLKATA, Tz::LONDON, Tz::NEW_YORK, Tz::CHICAGO, Tz::LOS_ANGELES]
        {
            let read: Tz = zone.to_string().parse().unwrap();
            assert_eq!(read, zone);
            assert_eq!(read.table, zone.table);
            assert_eq!(Tz::from_offset(&zone.offset(zone.kind_at(0))), zone);
        }
        for name in ["asia/dhaka", "Asia/Dacca ", "Asia/Daka", ""] {
            assert_eq!(name.parse::<Tz>(), Err(UnknownZone));
        }
        assert_ne!("Asia/Calcutta".parse(), Ok(Tz::KOLKATA));
    }
}
