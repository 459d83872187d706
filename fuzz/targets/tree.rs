//! The fast builder's tree against html5ever's: where it does not decline, no
//! field may see a difference.

#![no_main]

use khobor::page::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|page: &str| {
    if let Some(fast) = Document::parse_fast(page) {
        let whole = Document::parse_by_html5ever(page);
        assert_eq!(fast.difference(&whole), None, "{page:?}");
    }
});
