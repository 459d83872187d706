//! Timestamps in the languages of the neighbours, and zones by their names.

use khobor::bangla::timestamp::{Context, Label, read, read_all};
use khobor::tz::Tz;

fn moment(text: &str) -> String {
    read(text, &Context::new(Tz::DHAKA)).map_or_else(|| "NONE".to_owned(), |r| r.moment.to_string())
}

#[test]
fn months_of_other_languages() {
    for (text, expected) in [
        ("5 मार्च 2024, शाम 6:30 बजे", "2024-03-05T18:30:00+06:00"),
        ("प्रकाशित: १२ फ़रवरी २०२४, ०९:१५ पीएम", "2024-02-12T21:15:00+06:00"),
        ("12 दिसम्बर 2023", "2023-12-12"),
        ("৩ জানুৱাৰী ২০২৪, ৪:৩০ বিয়লি", "2024-01-03T16:30:00+06:00"),
        ("১৫ ডিচেম্বৰ, ২০২৩", "2023-12-15"),
        ("Dienstag, 5. März 2024, 14:30 Uhr", "2024-03-05T14:30:00+06:00"),
        ("Stand: 12. Dezember 2023 um 8.05 Uhr", "2023-12-12T08:05:00+06:00"),
        ("Martes 5 de marzo de 2024 a las 14:30", "2024-03-05T14:30:00+06:00"),
        ("21 de septiembre del 2023", "2023-09-21"),
        ("Publié le 5 mars 2024 à 14h30", "2024-03-05T14:30:00+06:00"),
        ("1er août 2023", "2023-08-01"),
        ("10 de março de 2024 às 9h05", "2024-03-10T09:05:00+06:00"),
    ] {
        assert_eq!(moment(text), expected, "{text}");
    }
}

#[test]
fn labels_of_other_languages() {
    let cx = Context::new(Tz::DHAKA);
    for (text, label) in [
        ("अपडेटेड: 5 मार्च 2024", Label::Update),
        ("Veröffentlicht am 5. März 2024", Label::Publish),
        ("Aktualisiert: 05.03.2024, 14:30", Label::Update),
        ("Mis à jour le 5 mars 2024", Label::Update),
        ("Publicado el 5 de marzo de 2024", Label::Publish),
    ] {
        assert_eq!(read_all(text, &cx)[0].label, label, "{text}");
    }
}

#[test]
fn zones_by_their_names() {
    for (text, expected) in [
        ("Mar 5, 2024 3:30 PM ET", "2024-03-05T15:30:00-05:00"),
        ("July 5, 2024 3:30 PM ET", "2024-07-05T15:30:00-04:00"),
        ("March 5, 2024 3:30 PM PT", "2024-03-05T15:30:00-08:00"),
        ("Mar 5, 2024 3:30 PM SGT", "2024-03-05T15:30:00+08:00"),
        ("5 March 2024 18:30 GST", "2024-03-05T18:30:00+04:00"),
        ("05.03.2024 14:30 MEZ", "2024-03-05T14:30:00+01:00"),
        ("05.07.2024 14:30 Uhr MESZ", "2024-07-05T14:30:00+02:00"),
        ("05 Mar 2024 18:30 NPT", "2024-03-05T18:30:00+05:45"),
        // The French word for "and" is no zone.
        ("5 mars 2024 14:30 et 15:10", "2024-03-05T14:30:00+06:00"),
    ] {
        assert_eq!(moment(text), expected, "{text}");
    }
}

#[test]
fn words_of_other_languages_make_no_dates_by_chance() {
    for text in ["Mars bars 15", "रात के 5 लोग", "15 মে-দিবসের গান", "le 14h30", "Uhr 14", "um 3 Prozent"]
    {
        assert_eq!(moment(text), "NONE", "{text}");
    }
}
