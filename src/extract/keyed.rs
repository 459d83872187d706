//! Texts and word lists as keys. Texts are compared by their keys, and one line
//! of a page is asked many questions by many fields, so a list's keys are made
//! once a run, and a line's key and the answers about it once a page.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::HashSet;
use std::ops::Deref;
use std::sync::{LazyLock, OnceLock};

use foldhash::fast::RandomState;

use super::initials::{Initial, Initials};
use super::key;
use super::phrases::Phrases;
use crate::bangla::{newsroom, word_key_of_normal};

/// The keys of a list of words that never changes.
macro_rules! keys {
    ($list:expr) => {{
        static KEYS: std::sync::LazyLock<$crate::extract::keyed::Keys> =
            std::sync::LazyLock::new(|| $crate::extract::keyed::Keys::new($list.iter()));
        &*KEYS
    }};
}

pub(super) use keys;

/// So few keys are compared one by one.
const FEW: usize = 8;

/// The keys of a list of words.
pub struct Keys {
    list: Vec<String>,
    /// What a list needs that is asked for words of it; made when first asked.
    set: OnceLock<HashSet<String, RandomState>>,
    /// Finds all keys of the list in one pass over a text.
    phrases: OnceLock<Phrases>,
    /// The bytes of the longest key.
    longest: usize,
    initials: Initials,
}

impl Keys {
    pub fn new<'w>(words: impl Iterator<Item = &'w &'w str>) -> Self {
        let list: Vec<String> = words.map(|w| key(w)).collect();
        let longest = list.iter().map(String::len).max().unwrap_or(0);
        let initials = Initials::new(list.iter().map(String::as_str));
        Self { list, set: OnceLock::new(), phrases: OnceLock::new(), longest, initials }
    }

    /// The keys in the list's order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// Whether a key with this first letter may be in the list, or a key of the
    /// list open it.
    pub fn may_have(&self, initial: Option<Initial>) -> bool {
        self.initials.may_have(initial)
    }

    /// Whether a key is in the list.
    pub fn contains(&self, key: &str) -> bool {
        if key.len() > self.longest {
            return false;
        }
        if self.list.len() <= FEW {
            return self.iter().any(|k| k == key);
        }
        self.set.get_or_init(|| self.list.iter().cloned().collect()).contains(key)
    }

    /// Whether a key of the list opens a text.
    pub fn open(&self, key: &str) -> bool {
        self.phrases().open(key)
    }

    /// Whether a key of the list stands anywhere in a text.
    pub fn stand_in(&self, key: &str) -> bool {
        self.phrases().stand_in(key)
    }

    /// How many keys of the list stand anywhere in a text.
    pub fn count_in(&self, key: &str) -> usize {
        self.phrases().count_in(key)
    }

    fn phrases(&self) -> &Phrases {
        self.phrases.get_or_init(|| Phrases::new(self.iter()))
    }
}

/// What a text says of the site rather than of the news.
#[derive(Clone, Copy, Debug)]
pub struct Spoken {
    /// How many phrases of prompts to follow, share, subscribe or install.
    pub prompts: u8,
    /// Whether it has a phrase of a prompt to pay for the rest.
    pub wall: bool,
}

impl Spoken {
    fn of(key: &str) -> Self {
        static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
            Phrases::new(keys!(newsroom::PROMPTS).iter().chain(keys!(newsroom::WALLS).iter()))
        });
        let mut spoken = Self { prompts: 0, wall: false };
        for phrase in PHRASES.found_in(key) {
            if keys!(newsroom::WALLS).contains(phrase) {
                spoken.wall = true;
            } else {
                spoken.prompts = spoken.prompts.saturating_add(1);
            }
        }
        spoken
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

    /// The first letter of its key, where that is known without the key.
    fn initial(&self) -> Option<Initial> {
        None
    }

    /// Whether a key of a list opens its key.
    fn opens_with(&self, list: &Keys) -> bool {
        list.open(&self.key())
    }

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

    fn initial(&self) -> Option<Initial> {
        (**self).initial()
    }

    fn opens_with(&self, list: &Keys) -> bool {
        (**self).opens_with(list)
    }

    fn answered(&self, question: Question, answer: impl FnOnce() -> bool) -> bool {
        (**self).answered(question, answer)
    }
}

/// A text of more bytes is long: its whole key is made only where its start
/// does not answer a question.
const LONG: usize = 150;

/// So many bytes of it are its start, or a few less: words are not cut.
const START: usize = 100;

/// A normalised text that keeps its key and what was found out about it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    text: String,
    key: OnceCell<String>,
    /// The key of a long text's first words.
    opening: OnceCell<Option<String>>,
    /// For each question whether it was answered, and how.
    answers: Cell<(u8, u8)>,
    /// The first letter of the key, where it is told by the text.
    initial: Option<Initial>,
    spoken: OnceCell<Spoken>,
}

impl Said {
    /// A text that is normalised.
    pub fn new(text: String) -> Self {
        Self { initial: Initial::of(&text), text, ..Self::default() }
    }

    /// A text that may still hold what normalising changes.
    pub fn unsettled(text: String) -> Self {
        Self { key: OnceCell::from(key(&text)), text, ..Self::default() }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the text's key is another; of a long text its start says so.
    pub fn has_key(&self, other: &str) -> bool {
        let other_initial = Initial::of(other);
        let may_be = self.initial.is_none_or(|own| other_initial.map_or(!other.is_empty(), |o| o == own));
        may_be && self.opening().is_none_or(|start| other.starts_with(start)) && self.key() == other
    }

    /// Whether the text's key begins with another; of a long text its start says so.
    pub fn key_starts_with(&self, start: &str) -> bool {
        match self.opening() {
            Some(opening) if opening.len() >= start.len() => opening.starts_with(start),
            Some(opening) if !start.starts_with(opening) => false,
            _ => self.key().starts_with(start),
        }
    }

    /// Whether a key of a list opens the text; of a long one its start says so.
    pub fn opens_with(&self, list: &Keys) -> bool {
        if !list.may_have(self.initial) {
            return false;
        }
        match self.opening() {
            Some(start) if list.longest <= start.len() => list.open(start),
            _ => list.open(self.key()),
        }
    }

    /// The key of a long text's first words, where the whole is not known yet.
    fn opening(&self) -> Option<&str> {
        if self.text.len() <= LONG || self.key.get().is_some() {
            return None;
        }
        let first_words = || {
            let mut end = START;
            while self.text.as_bytes()[end] != b' ' {
                end = end.checked_sub(1).filter(|e| *e > 0)?;
            }
            Some(word_key_of_normal(&self.text[..end])).filter(|k| !k.is_empty())
        };
        self.opening.get_or_init(first_words).as_deref()
    }

    /// What the text says of the site.
    pub fn spoken(&self) -> Spoken {
        *self.spoken.get_or_init(|| Spoken::of(self.key()))
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

    fn initial(&self) -> Option<Initial> {
        self.initial
    }

    fn opens_with(&self, list: &Keys) -> bool {
        Said::opens_with(self, list)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_prompt_is_a_wall() {
        assert!(!keys!(newsroom::PROMPTS).iter().any(|k| keys!(newsroom::WALLS).contains(k)));
        let said = Said::new("আমাদের ফলো করুন google news পাতায়".to_owned());
        assert_eq!((said.spoken().prompts, said.spoken().wall), (2, false));
    }
}
