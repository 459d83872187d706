//! The names that a site goes by, so that they can be told from headlines and
//! credits.

use super::initials::{Initial, Initials};
use super::key;
use super::keyed::Say;
use super::words;

/// Names of a site, compared without spaces, case and the words that sites add
/// or leave off (`দৈনিক`, `অনলাইন`, `.com`).
#[derive(Clone, Debug, Default)]
pub struct SiteNames {
    keys: Vec<String>,
    /// How keys of texts begin that may be names.
    initials: Option<Initials>,
    /// The language that the page says it is in.
    language: Option<String>,
}

impl SiteNames {
    /// A set of names.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        // A page gives its name in several places.
        let mut names: Vec<&str> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        let mut keys: Vec<String> = names.into_iter().map(squeezed_key).collect();
        keys.retain(|n| words::has_chars(n, 2));
        keys.sort();
        keys.dedup();
        Self { initials: Some(initials(&keys)), keys, language: None }
    }

    /// The same with the language that the page says it is in.
    #[must_use]
    pub fn in_language(mut self, tag: Option<&str>) -> Self {
        self.language = tag
            .and_then(|t| t.split(['-', '_']).next())
            .map(str::to_ascii_lowercase)
            .filter(|l| !l.is_empty());
        self
    }

    /// Whether the page may be in one of several languages: where it says
    /// nothing, it may.
    pub fn may_be_in(&self, languages: &[&str]) -> bool {
        self.language.as_deref().is_none_or(|own| languages.contains(&own))
    }

    /// Adds a name.
    pub fn add(&mut self, name: &str) {
        let k = squeezed_key(name);
        if words::has_chars(&k, 2) && !self.keys.contains(&k) {
            self.keys.push(k);
            self.initials = Some(initials(&self.keys));
        }
    }

    /// Whether a text is one of the names and nothing else.
    pub fn contains(&self, text: &(impl Say + ?Sized)) -> bool {
        is_short(text.said())
            && self.initials.is_some_and(|i| i.may_have(text.initial()))
            && self.contains_key(&text.key())
    }

    /// The same for a text of which the key is known.
    pub fn contains_keyed(&self, text: &str, key: &str) -> bool {
        is_short(text) && self.contains_key(key)
    }

    /// The same for the key of a short text.
    pub fn contains_key(&self, key: &str) -> bool {
        // Squeezing takes off no more than it may.
        let letters = key.len() - memchr::memchr_iter(b' ', key.as_bytes()).count();
        let may_be = |name: &String| (name.len()..=name.len() + SQUEEZED).contains(&letters);
        if !self.initials.is_some_and(|i| i.may_have(Initial::of(key))) || !self.keys.iter().any(may_be) {
            return false;
        }
        let joined = joined(key);
        let name = squeeze(&joined);
        self.keys.iter().any(|k| k == name)
    }

    /// Whether a part of a title is a name, perhaps with a few words beside it
    /// (`Bengali News`).
    pub fn named_in(&self, part: &str) -> bool {
        let (short, few_words) = (is_short(part), !words::at_least(part, 6));
        if !short && !few_words {
            return false;
        }
        let k = key(part);
        if short && self.contains_key(&k) {
            return true;
        }
        few_words && {
            let k = joined(&k);
            self.keys.iter().any(|n| k.contains(n.as_str()) && words::has_chars(n, 4))
        }
    }
}

/// How a key begins that [`squeeze`] makes one of these.
fn initials(keys: &[String]) -> Initials {
    Initials::new(keys.iter().map(String::as_str).chain(ARTICLES.iter().copied()))
}

/// A name has no more characters than this.
fn is_short(text: &str) -> bool {
    text.len() <= 60 || text.len() <= 240 && text.chars().count() <= 60
}

/// The bytes of all words that [`squeeze`] may take off one key.
const SQUEEZED: usize = 96;

/// What sites put before their name or leave off.
const ARTICLES: &[&str] = &["দৈনিক", "thedaily", "daily", "দ্য", "the"];

/// What sites put behind their name or leave off.
const SUFFIXES: &[&str] = &["ডটকম", "কম", "com", "অনলাইন", "online", "বাংলা", "bangla"];

/// A name's key as it is compared.
fn squeezed_key(name: &str) -> String {
    squeeze(&joined(&key(name))).to_owned()
}

/// A key without its spaces.
fn joined(key: &str) -> String {
    key.replace(' ', "")
}

/// A key without its spaces and without the words that sites add to their name
/// or leave off.
fn squeeze<'k>(joined: &'k str) -> &'k str {
    let long = |rest: &&str| words::has_chars(rest, 4);
    let without = |key: &'k str, suffix: &&str| key.strip_suffix(suffix).filter(long).unwrap_or(key);
    let key = SUFFIXES.iter().fold(joined, without);
    ARTICLES.iter().find_map(|prefix| key.strip_prefix(prefix).filter(long)).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_name_are_one() {
        let names = SiteNames::new(["দৈনিক উজান", "Ujan News"]);
        assert!(names.contains("উজান") && names.contains("দৈনিক উজান।") && names.contains("ujannews.com"));
        assert!(!names.contains("উজান প্রতিবেদন") && !names.contains(""));
        assert!(names.named_in("Ujan News Bengali"));
    }
}
