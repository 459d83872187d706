//! Word lists as keys, computed once: texts are compared by their keys, and a
//! list is asked thousands of times on a page.

/// The keys of a list of words that never changes.
macro_rules! keys {
    ($list:expr) => {{
        static KEYS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
        KEYS.get_or_init(|| $list.iter().map(|w| $crate::extract::key(w)).collect()).as_slice()
    }};
}

pub(super) use keys;
