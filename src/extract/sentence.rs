//! Sentences that begin or end as a label does. `কপিরাইট আইন নিয়ে আপত্তি
//! তুলেছেন লেখকেরা।` is no imprint, and a story may speak of `একটি প্রতীকী ছবি।`

use super::key;

/// The fewest words of a sentence that is told from a label.
const WORDS: usize = 7;

/// Whether a text is a sentence of running text: several words and a full stop.
/// Titles and labels have none.
pub fn is_told(text: &str) -> bool {
    let text = text.trim_end_matches(['’', '”', '\'', '"', ')', ' ']);
    text.ends_with(['।', '.']) && text.split_whitespace().take(WORDS).count() == WORDS
}

/// Whether what stands before a closing label leads on to it: neither empty nor
/// ended.
pub fn goes_on(before: &str) -> bool {
    before.trim_end().ends_with(|c: char| c.is_alphanumeric() || is_sign(c))
}

/// Vowel signs and other marks that end a Bengali word.
fn is_sign(c: char) -> bool {
    ('\u{981}'..='\u{9ff}').contains(&c)
}

/// Whether a sentence speaks of copyright, or of an editor, instead of being
/// the imprint that names them.
pub fn tells_of_rights(text: &str) -> bool {
    let topics = ["কপিরাইট", "Copyright", "copyright", "ভারপ্রাপ্ত সম্পাদক", "সম্পাদক ও প্রকাশক", "স্বত্বাধিকার", "সর্বস্বত্ব"];
    let head: String = text.chars().take(40).collect();
    let k = key(text);
    is_told(text)
        && topics.iter().any(|w| text.starts_with(w))
        && !head.contains([':', '©', 'ঃ', '-', '–', '|'])
        && !["সংরক্ষিত", "অনুমতি", "reserved", "permission", "20", "২০"].iter().any(|w| k.contains(*w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_told_from_labels() {
        assert!(is_told("সংগৃহীত ছবি দিয়ে তারা সাজিয়েছে একটি দেয়াল।"));
        assert!(!is_told("ছবি সংগৃহীত।") && !is_told("পড়ুন: নদীভাঙনে ঘর হারাল দুই গ্রামের তিন শ পরিবার"));
        assert!(goes_on("নদীর একটি ") && !goes_on("চরে বাদাম তোলা। ") && !goes_on(""));
    }

    #[test]
    fn an_imprint_is_no_sentence_about_rights() {
        assert!(tells_of_rights("কপিরাইট আইনের খসড়া নিয়ে লেখকেরা আপত্তি তুলেছেন সভায়।"));
        assert!(tells_of_rights("Copyright law has been delayed again by the ministry."));
        assert!(!tells_of_rights("কপিরাইট © এই পত্রিকার কোনো লেখা বা ছবি ব্যবহার করা যাবে না।"));
        assert!(!tells_of_rights("সর্বস্বত্ব সংরক্ষিত। এই পাতার কোনো লেখা অনুমতি ছাড়া ব্যবহার করা যাবে না।"));
    }
}
