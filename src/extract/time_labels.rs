//! What stands beside displayed times: labels on lines of their own, and what
//! tells a time that is not the article's.

use super::keyed::{Say, keys};
use crate::article::WarningCode;
use crate::bangla::timestamp::{self, Label};

/// The record's code for a warning of the grammar.
pub fn warning_code(warning: timestamp::Warning) -> Option<WarningCode> {
    Some(match warning.code() {
        "weekday_contradicts_date" => WarningCode::WeekdayContradictsDate,
        "impossible_clock" => WarningCode::ImpossibleClock,
        "calendar_conflict" => WarningCode::CalendarConflict,
        "calendar_only" => WarningCode::CalendarOnly,
        _ => return None,
    })
}

/// A label on a line of its own, its time on the next.
pub fn lone_label(text: &(impl Say + ?Sized)) -> Option<Label> {
    let k = text.key();
    if k.split(' ').count() > 3 {
        return None;
    }
    if keys!(["প্রকাশ", "প্রকাশিত", "published", "প্রকাশের সময়", "posted"]).contains(&k)
    {
        return Some(Label::Publish);
    }
    if keys!(["আপডেট", "হালনাগাদ", "updated", "last updated", "সর্বশেষ আপডেট", "শেষ আপডেট"]).contains(&k)
    {
        return Some(Label::Update);
    }
    None
}

/// `প্রিন্ট: …`: when the page was printed or saved.
pub fn is_capture_time(text: &(impl Say + ?Sized)) -> bool {
    let k = text.key();
    ["প্রিন্ট", "print", "আজ ", "printed", "ডাউনলোড", "downloaded", "অ্যাক্সেস"].iter().any(|w| k.starts_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_times_of_printing() {
        assert_eq!(lone_label("প্রকাশিত:"), Some(Label::Publish));
        assert_eq!(lone_label("Last Updated"), Some(Label::Update));
        assert_eq!(lone_label("নদীর ধারে মেলা"), None);
        assert!(is_capture_time("প্রিন্টের সময়: ৩ মার্চ ২০২৪") && !is_capture_time("প্রকাশ: ৩ মার্চ ২০২৪"));
    }
}
