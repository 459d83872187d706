//! Reading a credit: who is named, as what, and where.
//!
//! A byline such as `নিজস্ব প্রতিবেদক, ঢাকা` or `মাহিন রহমান ও রুবি দাস` is
//! taken apart into names with their kinds. Place, post and a site name that
//! stands apart are no part of a name; a site name inside a desk's name is.

use super::key;
use super::keyed::{Keys, Question, Say, keys};
use super::site_names::SiteNames;
use crate::article::{Author, AuthorKind};
use crate::bangla::{gazetteer, lower, newsroom};

/// What separates a dateline or credit from the sentence that it opens.
const CREDIT_MARKS: &[&str] = &["॥", "।।", "||", " \\ ", " :", ":", ";", "ঃ", "–", "—", " -", "-"];

/// The longest credit, in characters.
const MAX_CREDIT: usize = 120;

/// Labels that are words of one language and begin names in others.
const LANGUAGE_LABELS: &[(&str, &[&str])] = &[("von", &["de"]), ("por", &["es", "pt"]), ("par", &["fr"])];

/// Takes labels (`লেখক:`, `By`), site names and loose marks off a credit.
pub fn clean(names: &SiteNames, text: &str) -> String {
    // The alternative text of the picture beside the name.
    let text = text.trim();
    let lower = lower(text);
    let alt = ["author-image", "author image"].iter().find(|a| lower.starts_with(**a));
    let mut text = alt.and_then(|a| text.get(a.len()..)).unwrap_or(text).trim();
    loop {
        let before = text;
        text = text.trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '|' | ':' | ';' | '•' | ',' | '/' | '-' | '–' | '—' | '॥' | '»' | '>' | '*' | '●' | '('
                )
        });
        text = without_label(names, text);
        if text == before {
            break;
        }
    }
    let parts: Vec<&str> = split_keep(text, &['|', '•', '/', '॥', ';', '●']);
    let kept: Vec<&str> =
        parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty() && !names.contains(p)).collect();
    let text = if kept.len() == parts.len() { text.to_owned() } else { kept.join(" | ") };
    // A site name behind the last comma stands apart.
    let mut text = text.as_str();
    while let Some((head, tail)) = text.rsplit_once(',') {
        if names.contains(tail) || tail.trim().is_empty() {
            text = head.trim();
        } else {
            break;
        }
    }
    if let Some((head, tail)) = text.split_once(',')
        && names.contains(head)
    {
        text = tail.trim();
    }
    if names.contains(text) { String::new() } else { undouble(text).to_owned() }
}

fn split_keep<'t>(text: &'t str, marks: &[char]) -> Vec<&'t str> {
    text.split(marks).collect()
}

fn without_label<'t>(names: &SiteNames, text: &'t str) -> &'t str {
    let lower = lower(text);
    for label in newsroom::CREDIT_LABELS {
        if let Some(rest) = lower.strip_prefix(label) {
            let at = text.len() - rest.len();
            let Some(rest) = text.get(at..) else { continue };
            let marked = rest.trim_start().starts_with([':', '-', 'ঃ']);
            let spoken = rest.starts_with(' ')
                && LANGUAGE_LABELS.iter().all(|(l, languages)| l != label || names.may_be_in(languages))
                && (label.is_ascii() && *label != "author" || newsroom::SPOKEN_LABELS.contains(label));
            if marked {
                return rest.trim_start().trim_start_matches([':', '-', 'ঃ']).trim_start();
            }
            if spoken {
                return rest.trim_start();
            }
        }
    }
    text
}

/// `সারাদিন ডেস্কসারাদিন ডেস্ক`: a picture's alternative text glued to the
/// name it repeats.
fn undouble(text: &str) -> &str {
    let half = text.len() / 2;
    match (text.get(..half), text.get(half..)) {
        (Some(a), Some(b)) if a == b && !a.is_empty() => a,
        _ => match (text.get(..half), text.get(half + 1..)) {
            (Some(a), Some(b)) if a == b && text.as_bytes()[half] == b' ' => a,
            _ => text,
        },
    }
}

/// Whether a text is nothing but words of labels and buttons.
pub fn is_label(text: &str) -> bool {
    let keys = keys!(newsroom::LABEL_WORDS);
    let k = key(text);
    k.split(' ').all(|w| w.is_empty() || keys.contains(w) || w.chars().all(char::is_numeric))
}

/// Whether a text sounds like the name of a person: two to five words, one of
/// them common in names, none of an office.
pub fn sounds_like_a_person(text: &str) -> bool {
    let keys = keys!(newsroom::NAME_WORDS);
    let k = key(text);
    let words: Vec<&str> = k.split(' ').collect();
    (2..=5).contains(&words.len())
        && may_be_a_name(text)
        && !names_an_office(text)
        && [words.first(), words.last()].into_iter().flatten().any(|w| keys.contains(w))
}

/// Whether a text speaks of a desk, a role or an agency.
pub fn names_an_office(text: &(impl Say + ?Sized)) -> bool {
    text.answered(Question::NamesAnOffice, || kind_of(text).is_some_and(|k| k != AuthorKind::Person))
}

fn kind_of(text: &(impl Say + ?Sized)) -> Option<AuthorKind> {
    if text.said().chars().nth(MAX_CREDIT * 2).is_some() {
        return Some(AuthorKind::Person);
    }
    let k = text.key();
    if k.is_empty() {
        return None;
    }
    let words: Vec<&str> = k.split(' ').collect();
    let has = |list: &Keys| {
        list.stand_in(&k)
            && list.iter().any(|w| if w.contains(' ') { k.contains(w) } else { words.contains(&w) })
    };
    if words.len() <= 6 && words.iter().any(|w| w.ends_with("ডেস্ক")) || has(keys!(newsroom::DESK_WORDS))
    {
        return Some(AuthorKind::Desk);
    }
    if has(keys!(newsroom::ROLE_WORDS)) {
        return Some(AuthorKind::Role);
    }
    if keys!(newsroom::AGENCIES).contains(&k) {
        return Some(AuthorKind::Agency);
    }
    Some(AuthorKind::Person)
}

/// The kind of a name, as the site's own names allow: `যুগান্তর প্রতিবেদন` is
/// a desk, `বিশেষ প্রতিবেদন` a role.
fn kind_among(names: &SiteNames, text: &str) -> Option<AuthorKind> {
    let kind = kind_of(text)?;
    let desk = kind == AuthorKind::Role
        && text.trim().rsplit_once(' ').is_some_and(|(site, word)| {
            let word = key(word);
            (word == key("প্রতিবেদন") || word == key("রিপোর্ট")) && names.contains(site)
        });
    Some(if desk { AuthorKind::Desk } else { kind })
}

/// The names in a cleaned credit.
pub fn authors(names: &SiteNames, credit: &str) -> Vec<Author> {
    let mut out: Vec<Author> = Vec::new();
    for group in credit.split(['|', ';', '/', '•', '॥']) {
        for (piece, behind_comma) in split_names(group) {
            let name = piece.trim().trim_end_matches(['।', '.', ':', 'ঃ']).trim().to_owned();
            if name.is_empty() || names.contains(&name) {
                continue;
            }
            if let Some(place) = place_of_others(&out, &name, behind_comma) {
                // A place behind a comma belongs to the names before it.
                for author in out.iter_mut().rev().take_while(|a| a.place.is_none()) {
                    author.place = Some(place.clone());
                }
                continue;
            }
            if let Some(last) = out.last()
                && last.kind == AuthorKind::Person
                && is_post(&name)
            {
                continue;
            }
            let (name, mut place) = without_place(name);
            let Some(kind) = kind_among(names, &name) else { continue };
            let name = if kind == AuthorKind::Person { without_post(&name) } else { name };
            if kind == AuthorKind::Role && place.is_none() {
                place = place_in(&name);
            }
            if !out.iter().any(|a| a.name == name) {
                out.push(Author { name, kind, place });
            }
        }
    }
    out
}

/// The place that a part of a credit names for those named before it: a known
/// place, one that a known place in brackets explains, one with `থেকে` behind
/// it, or any single word behind a comma and an office, or a person of two Latin
/// names.
fn place_of_others(before: &[Author], text: &str, behind_comma: bool) -> Option<String> {
    if gazetteer::is_place(text) {
        return Some(text.to_owned());
    }
    let last = before.last().filter(|_| behind_comma)?;
    let words = text.split_whitespace().count();
    if let Some(place) = text.strip_suffix(" থেকে").filter(|_| words <= 4) {
        return Some(place.trim().to_owned());
    }
    if let Some((outer, inner)) = parenthesis(text)
        && words <= 4
        && !names_an_office(text)
        && (gazetteer::is_place(&inner) || gazetteer::is_place(&outer))
    {
        return Some(text.to_owned());
    }
    let office = matches!(last.kind, AuthorKind::Role | AuthorKind::Desk) && last.place.is_none();
    let bare = words == 1
        || words <= 3 && text.split([' ', '-']).any(gazetteer::is_place) && !sounds_like_a_person(text);
    // In Latin letters a person has two names: `Martha Winter, Barisal`.
    let latin = |t: &str| t.chars().all(|c| c.is_alphabetic() && c < '\u{250}');
    let person = last.kind == AuthorKind::Person
        && last.name.split_whitespace().count() >= 2
        && last.name.split_whitespace().next().is_some_and(latin);
    let lone = person && words == 1 && latin(text) && text.starts_with(char::is_uppercase);
    let fits = office && bare || lone;
    (fits && !names_an_office(text) && !text.contains(char::is_numeric)).then(|| text.to_owned())
}

/// Parts a place from a name that carries it without a comma: in brackets, or
/// as the last word behind a role (`জেলা প্রতিনিধি নেত্রকোনা`).
fn without_place(name: String) -> (String, Option<String>) {
    if let Some((before, inside)) = parenthesis(&name)
        && gazetteer::is_place(&inside)
        && !before.is_empty()
        && !names_an_office(&name)
    {
        return (before, Some(inside));
    }
    if let Some((role, place)) = name.rsplit_once(' ') {
        let bare = place.trim_matches(['(', ')']);
        if gazetteer::is_place(bare) && names_an_office(role) {
            return (role.trim().to_owned(), Some(bare.to_owned()));
        }
    }
    (name, None)
}

/// Splits at `,`, ` ও `, ` এবং `, ` and `, ` & `; with each part whether a
/// comma stands before it.
fn split_names(text: &str) -> Vec<(String, bool)> {
    let mut text = text.replace(" এবং ", "\u{1}").replace(" ও ", "\u{1}").replace(" & ", "\u{1}");
    for joiner in [" and ", " And ", " AND ", " আৰু ", " और ", " und ", " et ", " y "] {
        text = text.replace(joiner, "\u{1}");
    }
    let mut out = Vec::new();
    for (i, part) in text.split([',', '،']).enumerate() {
        for (j, name) in part.split('\u{1}').enumerate() {
            out.push((name.to_owned(), i > 0 && j == 0));
        }
    }
    out
}

fn parenthesis(text: &str) -> Option<(String, String)> {
    let open = text.find('(')?;
    let close = text[open..].find(')').map(|n| open + n)?;
    let before = format!("{} {}", text[..open].trim(), text[close + 1..].trim());
    Some((before.trim().to_owned(), text[open + 1..close].trim().to_owned()))
}

/// The place that opens a role: `গাজীপুর প্রতিনিধি`.
fn place_in(role: &str) -> Option<String> {
    let first = role.split_whitespace().next()?;
    gazetteer::is_place(first).then(|| first.to_owned())
}

/// Whether a text is a post (`ভারতের পররাষ্ট্র সচিব`), not a second person.
fn is_post(text: &str) -> bool {
    let k = key(text);
    let begins = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let ends = |rest: &str| rest.is_empty() || rest.ends_with(' ');
    keys!(newsroom::POST_WORDS)
        .iter()
        .any(|w| k.strip_prefix(w).is_some_and(begins) || k.strip_suffix(w).is_some_and(ends))
}

/// Cuts a post off the end of a person's name: `আনিস খান সিনিয়র রিপোর্টার`
/// is an office; `আনিস খান, সম্পাদক` was split before. Only a trailing dash or
/// bracket is taken here, so that no name is cut short.
fn without_post(name: &str) -> String {
    for mark in [" - ", " – ", " — ", "("] {
        if let Some((head, tail)) = name.split_once(mark)
            && is_post(tail.trim_end_matches(')'))
            && !head.trim().is_empty()
        {
            return head.trim().to_owned();
        }
    }
    name.to_owned()
}

/// The credit that opens a paragraph: `স্টাফ রিপোর্টার ॥ …`, `নিজস্ব প্রতিবেদক,
/// ঢাকা: …`. It must speak of a desk, role or agency, or be one person and a
/// place or post before an unmistakable mark.
pub fn opening(text: &str) -> Option<&str> {
    let head_end = text.char_indices().nth(MAX_CREDIT).map_or(text.len(), |(i, _)| i);
    let head = &text[..head_end];
    // The first mark; one that opens the text is none, wherever else it stands.
    let marks = |c: char| matches!(c, '॥' | '।' | '|' | ' ' | ':' | ';' | 'ঃ' | '–' | '—' | '-');
    let mark_at = |at: usize| {
        let here = CREDIT_MARKS.iter().filter(|m| head[at..].starts_with(**m) && !head.starts_with(**m));
        here.max_by_key(|m| m.len()).map(|mark| (at, *mark))
    };
    let (at, mark) = head.char_indices().filter(|(_, c)| marks(*c)).find_map(|(at, _)| mark_at(at))?;
    let credit = head[..at].trim();
    let words = credit.split_whitespace().count();
    if credit.is_empty() || words > 12 || credit.contains(['।', '?', '!', '‘', '“', '"']) {
        return None;
    }
    let rest = text[at + mark.len()..].trim();
    if rest.is_empty() {
        return None;
    }
    let office = split_names(credit).iter().any(|(p, _)| names_an_office(p));
    // Before these marks stands a credit and nothing else; Bijoy types ॥ as \.
    let unmistakable = matches!(mark, "॥" | "।।" | "||" | " \\ ");
    (office && words <= 10 || unmistakable && may_be_a_name(credit)).then_some(credit)
}

/// The person and place that open a paragraph before a colon: `নাম পদবি,
/// জায়গা: …`. Weaker than an office: to be asked where nothing else credits.
pub fn opening_person(text: &str) -> Option<&str> {
    let head_end = text.char_indices().nth(60).map_or(text.len(), |(i, _)| i);
    let at = text[..head_end].find([':', '॥'])?;
    let credit = text[..at].trim();
    let (name, place) = credit.split_once(',')?;
    let place = place.trim();
    let named = (2..=4).contains(&name.split_whitespace().count())
        && may_be_a_name(name)
        && !gazetteer::is_place(name)
        && !name.split_whitespace().any(gazetteer::is_place);
    let placed = gazetteer::is_place(place)
        || place.split_whitespace().count() == 1 && place.chars().count() >= 3 && may_be_a_name(place);
    (named && placed && !text[at..].trim_matches([':', '॥', ' ']).is_empty()).then_some(credit)
}

/// Whether a text can be a person's name: few words, no digits, no sentence.
pub fn may_be_a_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let chars = text.chars().count();
    (1..=7).contains(&words)
        && (3..=70).contains(&chars)
        && !text.chars().any(char::is_numeric)
        && !text.contains(['।', '?', '!', '‘', '“', '"', '…', '@', '#', '='])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(credit: &str) -> Vec<(String, AuthorKind, Option<String>)> {
        let names = SiteNames::new(["দৈনিক উজান", "উজান"]);
        authors(&names, credit).into_iter().map(|a| (a.name, a.kind, a.place)).collect()
    }

    fn one(name: &str, kind: AuthorKind, place: Option<&str>) -> Vec<(String, AuthorKind, Option<String>)> {
        vec![(name.to_owned(), kind, place.map(str::to_owned))]
    }

    #[test]
    fn places_are_parted_from_offices_and_persons() {
        let role = AuthorKind::Role;
        assert_eq!(read("নিজস্ব সংবাদদাতা, চরপাড়া"), one("নিজস্ব সংবাদদাতা", role, Some("চরপাড়া")));
        assert_eq!(read("জেলা প্রতিনিধি নেত্রকোনা"), one("জেলা প্রতিনিধি", role, Some("নেত্রকোনা")));
        assert_eq!(read("মিতা সেন, খুলনা"), one("মিতা সেন", AuthorKind::Person, Some("খুলনা")));
        assert_eq!(read("মিতা সেন, ভাঙ্গা (ফরিদপুর)"), one("মিতা সেন", AuthorKind::Person, Some("ভাঙ্গা (ফরিদপুর)")));
        // A single word behind a person's name is no place unless known.
        assert_eq!(read("মিতা সেন, রুবি").len(), 2);
    }

    #[test]
    fn a_site_and_a_report_are_a_desk() {
        assert_eq!(read("উজান প্রতিবেদন"), one("উজান প্রতিবেদন", AuthorKind::Desk, None));
        assert_eq!(read("বিশেষ প্রতিবেদন"), one("বিশেষ প্রতিবেদন", AuthorKind::Role, None));
    }

    #[test]
    fn labels_are_no_names_and_names_sound_like_some() {
        assert!(is_label("প্রকাশের সময়:") && is_label("Posted on") && is_label("লিখেছেন"));
        assert!(!is_label("মিতা সেন"));
        assert!(sounds_like_a_person("মিতা সেন") && sounds_like_a_person("মোঃ আরিফ"));
        assert!(!sounds_like_a_person("নদীর ধারে মেলা") && !sounds_like_a_person("নিজস্ব প্রতিবেদক"));
    }

    #[test]
    fn what_opens_a_paragraph() {
        assert_eq!(opening("স্টাফ রিপোর্টার ॥ মেলা বসেছে।"), Some("স্টাফ রিপোর্টার"));
        assert_eq!(opening("তিনি বলেন: মেলা বসেছে।"), None);
        assert_eq!(opening_person("মিতা সেন, চরপাড়া: মেলা বসেছে।"), Some("মিতা সেন, চরপাড়া"));
        assert_eq!(opening_person("চরপাড়া, ১৭ মার্চ: মেলা বসেছে।"), None);
        assert_eq!(opening_person("মেলার প্রধান দুটি দিক: আলো আর গান।"), None);
    }

    #[test]
    fn labels_and_alternative_texts_come_off() {
        let names = SiteNames::new(["উজান"]);
        assert_eq!(clean(&names, "লিখছেন মিতা সেন"), "মিতা সেন");
        assert_eq!(clean(&names, "author-image মিতা সেন"), "মিতা সেন");
        assert_eq!(clean(&names, "ক্রীড়া ডেস্ক, উজান"), "ক্রীড়া ডেস্ক");
    }
}
