//! The words of dates: months of four calendars, weekdays, parts of the day,
//! labels, units, numbers in words and era names, in Bengali and English.
//!
//! One spelling of each word is enough for most variants, because the lexicon
//! compares folded forms (see `lexicon`): long and short vowels, ণ and ন, ষ
//! and স, both encodings of the dotted letters, joiners and letter case do not
//! count. Listed apart are variants beyond that.

mod foreign;
mod words;

use super::timestamp::Label;
pub(crate) use foreign::lookup as foreign;
pub(crate) use words::WORDS;

/// What a known word means to the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Gregorian month, 1 to 12, written out.
    Month(u8),
    /// Gregorian month, 1 to 12, shortened.
    ShortMonth(u8),
    /// Bangla month, 1 to 12.
    BanglaMonth(u8),
    /// Islamic month; which one does not matter, as it is never converted.
    HijriMonth,
    /// The second word of a two-word Islamic month.
    HijriSecond,
    /// Day of the week, 0 for Monday.
    Weekday(u8),
    /// Shortened day of the week.
    ShortWeekday(u8),
    /// বার, written apart from the name of the day.
    DayWord,
    /// A word that ends in a label but is none.
    Ordinary,
    /// Announces a time of publication or update.
    Label(Label),
    /// A label only where a colon or dash follows.
    MaybeLabel(Label),
    /// A word that may stand between the parts of a timestamp: time, date, at.
    Filler,
    /// `true` for the afternoon.
    AmPm(bool),
    /// First letter of a spelled-out marker: `true` for P.
    MarkerLetter(bool),
    /// Last letter of a spelled-out marker.
    MarkerM,
    /// A part of the day.
    Part(Part),
    /// দিবাগত: the night that follows the named day.
    NightAfter,
    /// A number in words.
    Number(u8),
    /// A day of the month in words that needs no ending: পহেলা.
    DayName(u8),
    /// An ending that makes a number a day of the month.
    Ordinal,
    /// A fraction before the hour: half past, quarter past, quarter to.
    Fraction(Fraction),
    /// দেড় and আড়াই, in halves: 3 and 5; আধা: 1.
    Halves(u8),
    /// A unit of time.
    Unit(Unit),
    /// টা after the hour.
    OClock,
    /// ঘটিকা and the abbreviation of hour in clock times.
    Ghatika,
    /// Abbreviated minutes.
    ShortMinute,
    /// ago.
    Ago,
    /// The day before, as in গত শুক্রবার.
    Past,
    /// The day to come, as in আগামী শুক্রবার.
    Coming,
    /// A day counted from the reference: today is 0.
    Day(i8),
    /// পরশু, two days off, before or after as the word before it says.
    OtherDay,
    /// The night before.
    LastNight,
    /// This moment.
    Now,
    /// এই or just, which with [`Key::Only`] or [`Key::Now`] means this moment.
    This,
    /// মাত্র.
    Only,
    /// A few.
    Few,
    /// About.
    About,
    /// সাল, সন and the genitive এর, which stand behind a year.
    Year,
    /// The name of an era.
    Era(Era),
    /// A named zone.
    Zone(ZoneName),
    /// A place whose time is meant where "time" follows.
    Place(ZoneName),
    /// The letter between date and time of ISO 8601.
    IsoT,
    /// The letter for UTC of ISO 8601.
    IsoZ,
    /// until, from: makes two clocks a range.
    Range,
    /// মাস in "of the month".
    MonthWord,
}

/// Parts of the day, each with its own way to read the hours 1 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// ভোর, before sunrise.
    Dawn,
    /// সকাল, until noon.
    Morning,
    /// বেলা, daylight: late morning to afternoon.
    Daytime,
    /// দুপুর, around noon.
    Noon,
    /// বিকেল.
    Afternoon,
    /// সন্ধ্যা.
    Evening,
    /// রাত.
    Night,
    /// মধ্যরাত and গভীর রাত.
    Midnight,
}

/// Fractions before an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fraction {
    /// সাড়ে: half an hour after.
    Half,
    /// সোয়া: a quarter after.
    Quarter,
    /// পৌনে: a quarter before.
    QuarterTo,
}

/// Units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Eras that are printed after a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Era {
    Common,
    Bangla,
    Hijri,
    Shaka,
}

/// Zones that pages name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZoneName {
    Utc,
    India,
    Bangladesh,
    /// BST: Bangladesh's or British summer time, by the page's own zone.
    Bst,
    /// Minutes east of UTC, whatever the season.
    Fixed(i16),
    /// A place's, whose abbreviation holds for summer and winter: ET, CT, PT.
    NewYork,
    Chicago,
    LosAngeles,
}

/// Case endings and clitics that may follow a Bengali keyword.
pub(crate) const ENDINGS: &[&str] =
    &["ে", "ের", "র", "তে", "য়", "ও", "ই", "কে", "টি", "টির", "বেলা", "ভর", "্"];
