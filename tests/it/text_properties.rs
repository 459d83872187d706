//! What must hold for any text at all.

use khobor::bangla::bijoy::{convert, convert_runs};
use khobor::bangla::fold::{content_hash, fingerprint, fold_v1};
use khobor::bangla::language::identify;
use khobor::bangla::text::{normalize, normalize_bijoy, normalize_parsed, search_key, word_count};
use proptest::prelude::*;

/// Pieces whose neighbourhood matters to one stage or another.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[\u{980}-\u{9ff}]{1,4}",
        2 => "[কতডঢবযরঅআইএে া-ৌ্\u{9bc}\u{9d7}ৎঁংঃ]{1,6}",
        2 => "[\u{200b}-\u{200f}\u{ad}\u{feff}\u{2060}\u{a0} \t\n\u{85}]{1,3}",
        1 => "[\u{80}-\u{9f}]{1,3}",
        2 => "[à][¦§][\u{80}-\u{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ ]",
        1 => "Ã[\u{80}-\u{bf}]Â[\u{80}-\u{bf}]",
        1 => "&(amp;){0,3}(nbsp|lt|gt|zwj|zwnj|amp|#2437|#x9be|#141)?;?",
        3 => "[A-Za-z†‡ˆ‰Š©¨ª«¯®¤š›œŸ~^_`°-ÿ|0-9‘’“”—…]{1,7}",
        1 => "[|৷।॥ ]{1,3}",
        1 => "\u{fffd}",
        1 => "(K‡i|b`xi|†gjv|e‡m‡Q|Avwg|evsjvq|Ges|the|and)",
        2 => Just(" ".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ]
}

fn mixture() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    for (name, once, twice) in [
        ("normalize", normalize(text).text.into_owned(), normalize(&normalize(text).text).text.into_owned()),
        (
            "normalize_parsed",
            normalize_parsed(text).text.into_owned(),
            normalize_parsed(&normalize_parsed(text).text).text.into_owned(),
        ),
        ("search_key", search_key(text), search_key(&normalize_parsed(text).text)),
        ("fold", fold_v1(text), fold_v1(&fold_v1(text))),
    ] {
        prop_assert_eq!(&once, &twice, "{} of {:?}", name, text);
    }
    let done = normalize(text).text.into_owned();
    prop_assert!(!done.starts_with(' ') && !done.ends_with(' ') && !done.contains("  "));
    let unsettled =
        done.contains(['\u{9df}', '\u{9dc}', '\u{9dd}', '\u{9f7}', '\u{feff}', '\u{200b}', '\u{a0}']);
    prop_assert!(!unsettled);
    if let Some(converted) = convert_runs(text) {
        prop_assert_eq!(convert_runs(&converted), None);
    }
    // the rest only has to return
    let _ = (convert(text), normalize_bijoy(text), identify(text), fingerprint(text), word_count(text));
    prop_assert_eq!(content_hash(Some(text), Some(text)).len(), 35);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_settles(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn mixtures_settle(text in mixture()) {
        check(&text)?;
    }
}
