//! Texts and word lists as keys. Texts are compared by their keys, and one line
//! of a page is asked many questions by many fields, so a list's keys are made
//! once a run, and a line's key and the answers about it once a page.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::HashSet;
use std::ops::Deref;

use aho_corasick::AhoCorasick;

use super::key;
use crate::bangla::word_key_of_normal;

/// The keys of a list of words that never changes.
macro_rules! keys {
    ($list:expr) => {{
        static KEYS: std::sync::LazyLock<$crate::extract::keyed::Keys> =
            std::sync::LazyLock::new(|| $crate::extract::keyed::Keys::new($list.iter()));
        &*KEYS
    }};
}

pub(super) use keys;

/// The keys of a list of words.
pub struct Keys {
    list: Vec<String>,
    set: HashSet<String>,
    /// Finds all keys of the list in one pass over a text.
    finder: Option<AhoCorasick>,
}

impl Keys {
    pub fn new<'w>(words: impl Iterator<Item = &'w &'w str>) -> Self {
        let list: Vec<String> = words.map(|w| key(w)).collect();
        let set = list.iter().cloned().collect();
        // Without a finder (a list too large for one) each key is sought.
        let finder = AhoCorasick::new(&list).ok();
        Self { list, set, finder }
    }

    /// The keys in the list's order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// Whether a key is in the list.
    pub fn contains(&self, key: &str) -> bool {
        self.set.contains(key)
    }

    /// Whether a key of the list opens a text.
    pub fn open(&self, key: &str) -> bool {
        self.iter().any(|k| key.starts_with(k))
    }

    /// Whether a key of the list stands anywhere in a text.
    pub fn stand_in(&self, key: &str) -> bool {
        match &self.finder {
            Some(finder) => finder.is_match(key),
            None => self.iter().any(|k| key.contains(k)),
        }
    }

    /// How many keys of the list stand anywhere in a text.
    pub fn count_in(&self, key: &str) -> usize {
        if !self.stand_in(key) {
            return 0;
        }
        self.iter().filter(|k| key.contains(*k)).count()
    }
}

/// A question that fields ask of a text, answered once for a [`Said`].
#[derive(Clone, Copy, Debug)]
pub enum Question {
    IsFurniture,
    IsReadMore,
    IsCaption,
    IsListHeading,
    IsDateLine,
    HoldsADate,
    NamesAnOffice,
}

/// A text of which questions are asked.
pub trait Say {
    /// The text.
    fn said(&self) -> &str;

    /// Its key.
    fn key(&self) -> Cow<'_, str>;

    /// The answer to a question, found by `answer` if it is not known yet.
    fn answered(&self, _: Question, answer: impl FnOnce() -> bool) -> bool {
        answer()
    }
}

impl Say for str {
    fn said(&self) -> &str {
        self
    }

    fn key(&self) -> Cow<'_, str> {
        key(self).into()
    }
}

impl Say for String {
    fn said(&self) -> &str {
        self
    }

    fn key(&self) -> Cow<'_, str> {
        key(self).into()
    }
}

impl<T: Say + ?Sized> Say for &T {
    fn said(&self) -> &str {
        (**self).said()
    }

    fn key(&self) -> Cow<'_, str> {
        (**self).key()
    }

    fn answered(&self, question: Question, answer: impl FnOnce() -> bool) -> bool {
        (**self).answered(question, answer)
    }
}

/// A normalised text that keeps its key and what was found out about it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    text: String,
    key: OnceCell<String>,
    /// For each question whether it was answered, and how.
    answers: Cell<(u8, u8)>,
}

impl Said {
    /// A text that is normalised.
    pub fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// A text that may still hold what normalising changes.
    pub fn unsettled(text: String) -> Self {
        Self { key: OnceCell::from(key(&text)), text, ..Self::default() }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text's key.
    pub fn key(&self) -> &str {
        self.key.get_or_init(|| word_key_of_normal(&self.text))
    }
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Say for Said {
    fn said(&self) -> &str {
        &self.text
    }

    fn key(&self) -> Cow<'_, str> {
        Said::key(self).into()
    }

    fn answered(&self, question: Question, answer: impl FnOnce() -> bool) -> bool {
        let bit = 1 << question as u8;
        let (asked, yes) = self.answers.get();
        if asked & bit != 0 {
            return yes & bit != 0;
        }
        let found = answer();
        let (asked, yes) = self.answers.get();
        self.answers.set((asked | bit, if found { yes | bit } else { yes }));
        found
    }
}
