//! Text in the form a record keeps: one paragraph or line, repaired where it
//! was damaged on its way (entities, mojibake, Bijoy), in NFC, with one space
//! between words, without invisible characters, and otherwise as its author
//! typed it: quotes and dashes stay.
//!
//! What two texts must share to count as the same is another question; that
//! is [`search_key`], which folds what [`normalize`] keeps.

mod danda;
mod entities;
mod key;
mod light;
mod mojibake;
mod neighbours;
mod signs;

pub(crate) use key::{lower, word_key_of_normal};
pub use key::{search_key, word_count, word_key, words};

use std::borrow::Cow;

use super::bijoy;
use light::Tidied;

/// Text as a record keeps it, and which repairs it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normalized<'a> {
    /// The text; borrowed where nothing had to change.
    pub text: Cow<'a, str>,
    /// UTF-8 that had been read as windows-1252 was turned back.
    pub mojibake_repaired: bool,
    /// Such text is there, but a part of it is lost for good (U+FFFD in it,
    /// or cut inside a character) and stays as it was.
    pub mojibake_lossy: bool,
    /// Stretches of Bijoy (`SutonnyMJ`) were turned into Unicode.
    pub bijoy_converted: bool,
}

/// Which stages run before those that every text gets.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stages {
    entities: bool,
    bijoy_runs: bool,
}

/// Brings one line or paragraph into the form of a record: HTML entities
/// (at most two levels; text nested deeper is talk about markup and stays),
/// mojibake, stretches of Bijoy, NFC, misplaced nukta and doubled signs,
/// invisible characters, white space, look-alikes of the danda.
///
/// Normalising a second time changes nothing.
///
/// ```
/// use khobor::bangla::text::normalize;
/// let line = normalize("\u{feff}নদীর&nbsp;জল  বাড়ছে৷");
/// assert_eq!(line.text, "নদীর জল বাড\u{9bc}ছে।");
/// assert!(!line.mojibake_repaired);
/// ```
pub fn normalize(text: &str) -> Normalized<'_> {
    run(text, Stages { entities: true, bijoy_runs: true })
}

/// [`normalize`] without the entities, for text that an HTML parser gave: it
/// has decoded them already, and `&lt;` in its text is what the author wrote.
///
/// ```
/// use khobor::bangla::text::normalize_parsed;
/// assert_eq!(normalize_parsed("লেখা হয় &lt; এভাবে ").text, "লেখা হয\u{9bc} &lt; এভাবে");
/// ```
pub fn normalize_parsed(text: &str) -> Normalized<'_> {
    run(text, Stages { entities: false, bijoy_runs: true })
}

/// [`normalize`] for text that is known to be Bijoy from end to end.
///
/// ```
/// use khobor::bangla::text::normalize_bijoy;
/// let line = normalize_bijoy("AvR e„wó n‡e|");
/// assert_eq!(line.text, "আজ বৃষ্টি হবে।");
/// assert!(line.bijoy_converted);
/// ```
pub fn normalize_bijoy(text: &str) -> Normalized<'_> {
    let decoded = entities::decode(text);
    let unicode = bijoy::convert(decoded.as_deref().unwrap_or(text));
    let bijoy_converted = unicode != text;
    let tidied = run(&unicode, Stages { entities: false, bijoy_runs: false });
    Normalized {
        text: Cow::Owned(tidied.text.into_owned()),
        mojibake_repaired: tidied.mojibake_repaired,
        mojibake_lossy: tidied.mojibake_lossy,
        bijoy_converted,
    }
}

/// Real text settles within six steps. The bound only keeps text that was
/// built to unfold for ever from holding up a run.
const STEPS: usize = 48;

/// Takes one repair after the other until none changes anything. One pass
/// would not be idempotent: dropping an invisible character may join the two
/// halves of what an earlier stage acts on.
fn run(text: &str, stages: Stages) -> Normalized<'_> {
    let mut done = Normalized {
        text: Cow::Borrowed(text),
        mojibake_repaired: false,
        mojibake_lossy: false,
        bijoy_converted: false,
    };
    for _ in 0..STEPS {
        match step(&mut done, stages) {
            Some(Step { text, settled }) => {
                done.text = Cow::Owned(text);
                if settled {
                    break;
                }
            }
            None => break,
        }
    }
    done
}

/// What a stage made of a text.
struct Step {
    text: String,
    /// Whether no stage will find anything more to do.
    settled: bool,
}

impl Step {
    fn more_may_follow(text: String) -> Self {
        Self { text, settled: false }
    }
}

/// The first stage, in the order of the module's text, that changes something.
fn step(done: &mut Normalized<'_>, stages: Stages) -> Option<Step> {
    let text = &*done.text;
    let (tidied, found) = light::tidy(text);
    if stages.entities
        && found.ampersand()
        && let Some(next) = entities::decode(text)
    {
        return Some(Step::more_may_follow(next));
    }
    if found.mojibake() {
        let repair = mojibake::repair(text);
        done.mojibake_lossy |= repair.lossy;
        if repair.text.is_some() {
            done.mojibake_repaired = true;
            return repair.text.map(Step::more_may_follow);
        }
    }
    if stages.bijoy_runs
        && found.bijoy()
        && let Some(next) = bijoy::convert_runs(text)
    {
        done.bijoy_converted = true;
        return Some(Step::more_may_follow(next));
    }
    // What the light way tidied is tidy; of the other stages each acts on
    // what was found only.
    let settled = !(found.ampersand() || found.mojibake() || found.bijoy());
    let dandas = |text: &str| if found.bar() { danda::convert(text) } else { None };
    match tidied {
        Tidied::Already => dandas(text).map(|text| Step { text, settled }),
        Tidied::Anew(tidied) => {
            let tidied = dandas(&tidied).unwrap_or(tidied);
            // A joiner may have been taken off and put back.
            (tidied != text).then_some(Step { text: tidied, settled })
        }
        Tidied::Declined => {
            let tidied = signs::tidy(text);
            let tidied = dandas(&tidied).unwrap_or(tidied);
            (tidied != text).then(|| Step::more_may_follow(tidied))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_normal_is_not_copied() {
        for text in ["", "নদীর জল", "ক\u{9cd}\u{200c}ধ", "The\u{9cd}\u{200c}ধঀ", "a | b", "বাড\u{9bc}ি"]
        {
            assert!(matches!(normalize(text).text, Cow::Borrowed(_)), "{text:?}");
        }
        assert!(matches!(normalize("বাড়ি ").text, Cow::Owned(_)));
    }
}
