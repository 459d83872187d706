//! The fast builder's tree against html5ever's: where it does not decline, no
//! field may see a difference. Says now and then how many pages it took.

#![no_main]

use std::sync::atomic::{AtomicU64, Ordering};

use khobor::page::Document;
use libfuzzer_sys::fuzz_target;

static ACCEPTED: AtomicU64 = AtomicU64::new(0);
static DECLINED: AtomicU64 = AtomicU64::new(0);

/// So many inputs stand between two counts that are printed.
const EVERY: u64 = 1 << 14;

fuzz_target!(|page: &str| {
    if let Some(fast) = Document::parse_fast(page) {
        ACCEPTED.fetch_add(1, Ordering::Relaxed);
        let whole = Document::parse_by_html5ever(page);
        assert_eq!(fast.difference(&whole), None, "{page:?}");
    } else {
        DECLINED.fetch_add(1, Ordering::Relaxed);
    }
    let (accepted, declined) = (ACCEPTED.load(Ordering::Relaxed), DECLINED.load(Ordering::Relaxed));
    if (accepted + declined) % EVERY == 0 {
        eprintln!("accepted {accepted}, declined {declined}");
    }
});
