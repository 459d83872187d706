//! The words of dates in the languages of the neighbours and of publishers with
//! a Bengali service, as far as the lexicon's letters cannot spell them: Hindi,
//! and the accented words of German, Spanish, French and Portuguese. Words in
//! plain letters stand in the table of `words`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Key, Part, Unit};
use crate::bangla::timestamp::Label;

/// The longest word, in bytes of its folded form.
const LONGEST: usize = 48;

/// The meaning of a word in any case, in NFC.
pub(crate) fn lookup(word: &str) -> Option<Key> {
    if word.len() > LONGEST {
        return None;
    }
    // The dot below is as often left out as typed.
    let folded: String =
        word.chars().filter(|c| *c != '\u{93C}' && *c != '.').flat_map(char::to_lowercase).collect();
    TABLE.get(folded.as_str()).copied()
}

static TABLE: LazyLock<HashMap<&str, Key>> = LazyLock::new(|| WORDS.iter().copied().collect());

const WORDS: &[(&str, Key)] = &[
    // Hindi.
    ("जनवरी", Key::Month(1)),
    ("फरवरी", Key::Month(2)),
    ("मार्च", Key::Month(3)),
    ("अप्रैल", Key::Month(4)),
    ("मई", Key::Month(5)),
    ("जून", Key::Month(6)),
    ("जुलाई", Key::Month(7)),
    ("अगस्त", Key::Month(8)),
    ("सितंबर", Key::Month(9)),
    ("सितम्बर", Key::Month(9)),
    ("अक्टूबर", Key::Month(10)),
    ("अक्तूबर", Key::Month(10)),
    ("नवंबर", Key::Month(11)),
    ("नवम्बर", Key::Month(11)),
    ("दिसंबर", Key::Month(12)),
    ("दिसम्बर", Key::Month(12)),
    ("जन", Key::ShortMonth(1)),
    ("फर", Key::ShortMonth(2)),
    ("सित", Key::ShortMonth(9)),
    ("अक्टू", Key::ShortMonth(10)),
    ("नव", Key::ShortMonth(11)),
    ("दिस", Key::ShortMonth(12)),
    ("सोमवार", Key::Weekday(0)),
    ("मंगलवार", Key::Weekday(1)),
    ("बुधवार", Key::Weekday(2)),
    ("गुरुवार", Key::Weekday(3)),
    ("गुरूवार", Key::Weekday(3)),
    ("बृहस्पतिवार", Key::Weekday(3)),
    ("शुक्रवार", Key::Weekday(4)),
    ("शनिवार", Key::Weekday(5)),
    ("रविवार", Key::Weekday(6)),
    ("तडके", Key::Part(Part::Dawn)),
    ("सुबह", Key::Part(Part::Morning)),
    ("दोपहर", Key::Part(Part::Noon)),
    ("शाम", Key::Part(Part::Evening)),
    ("रात", Key::Part(Part::Night)),
    ("बजे", Key::OClock),
    ("एएम", Key::AmPm(false)),
    ("पीएम", Key::AmPm(true)),
    ("प्रकाशित", Key::Label(Label::Publish)),
    ("पब्लिश", Key::Label(Label::Publish)),
    ("पब्लिश्ड", Key::Label(Label::Publish)),
    ("अपडेट", Key::Label(Label::Update)),
    ("अपडेटेड", Key::Label(Label::Update)),
    ("संशोधित", Key::MaybeLabel(Label::Update)),
    ("को", Key::Filler),
    ("की", Key::Filler),
    ("समय", Key::Filler),
    ("दिनांक", Key::Filler),
    ("तारीख", Key::Filler),
    ("सेकंड", Key::Unit(Unit::Second)),
    ("मिनट", Key::Unit(Unit::Minute)),
    ("घंटा", Key::Unit(Unit::Hour)),
    ("घंटे", Key::Unit(Unit::Hour)),
    ("दिन", Key::Unit(Unit::Day)),
    ("पहले", Key::Ago),
    ("आज", Key::Day(0)),
    // German.
    ("märz", Key::Month(3)),
    ("mär", Key::ShortMonth(3)),
    ("jänner", Key::Month(1)),
    ("veröffentlicht", Key::Label(Label::Publish)),
    // Spanish.
    ("miércoles", Key::Weekday(2)),
    ("sábado", Key::Weekday(5)),
    // French.
    ("février", Key::Month(2)),
    ("févr", Key::ShortMonth(2)),
    ("août", Key::Month(8)),
    ("décembre", Key::Month(12)),
    ("déc", Key::ShortMonth(12)),
    ("publié", Key::Label(Label::Publish)),
    ("publiée", Key::Label(Label::Publish)),
    ("actualisé", Key::Label(Label::Update)),
    ("modifié", Key::Label(Label::Update)),
    ("geändert", Key::Label(Label::Update)),
    ("à", Key::Filler),
    // Portuguese.
    ("março", Key::Month(3)),
    ("às", Key::Filler),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_with_or_without_the_dot() {
        assert_eq!(lookup("MÄRZ"), Some(Key::Month(3)));
        assert_eq!(lookup("फ़रवरी"), lookup("फरवरी"));
        assert_eq!(lookup("तड़के"), Some(Key::Part(Part::Dawn)));
        assert!(lookup("मार्च").is_some() && lookup("मार्चिंग").is_none() && lookup("").is_none());
    }

    #[test]
    fn the_table_holds_what_lookups_ask_for() {
        for (word, key) in WORDS {
            assert_eq!(lookup(word), Some(*key), "{word}");
            assert!(word.len() <= LONGEST && !word.is_ascii(), "{word}");
        }
    }
}
