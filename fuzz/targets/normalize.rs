//! Text normalisation on any text: no panic, a second pass changes nothing,
//! the result is NFC, and the promises of the functions around it hold.

#![no_main]

use std::borrow::Cow;

use khobor::bangla::{bijoy, fold, language, text};
use libfuzzer_sys::fuzz_target;
use unicode_normalization::is_nfc;

fuzz_target!(|input: &str| {
    type Entry = fn(&str) -> text::Normalized<'_>;
    for (name, entry) in
        [("normalize", text::normalize as Entry), ("normalize_parsed", text::normalize_parsed as Entry)]
    {
        let once = entry(input);
        assert!(is_nfc(&once.text), "{name} gives no NFC: {:?}", once.text);
        assert!(matches!(once.text, Cow::Borrowed(_)) || once.text != input, "{name} copies for nothing");
        let twice = entry(&once.text);
        assert_eq!(once.text, twice.text, "{name} twice");
        assert!(!twice.bijoy_converted && !twice.mojibake_repaired, "{name} repairs its own result");
    }

    let parsed = text::normalize_parsed(input).text;
    let key = text::search_key(input);
    assert_eq!(key, text::search_key(&parsed), "the key depends on what normalising mends");

    if let Some(converted) = bijoy::convert_runs(input) {
        assert_eq!(bijoy::convert_runs(&converted), None, "a second call finds Bijoy");
    }
    assert!(is_nfc(&text::normalize_bijoy(input).text), "normalize_bijoy gives no NFC");
    let _ = bijoy::convert(input);

    let _ = (fold::fold_v1(input), language::identify(input));
    assert_eq!(text::words(input).count(), text::word_count(input));
    assert_eq!(fold::content_hash(Some(input), None).len(), 35);
    assert_eq!(fold::fingerprint(input).len(), 16);
});
