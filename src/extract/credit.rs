//! Reading a credit: who is named, as what, and where.
//!
//! A byline such as `নিজস্ব প্রতিবেদক, ঢাকা` or `মাহিন রহমান ও রুবি দাস` is
//! taken apart into names with their kinds. Place, post and a site name that
//! stands apart are no part of a name; a site name inside a desk's name is.

use super::key;
use super::site_names::SiteNames;
use crate::article::{Author, AuthorKind};
use crate::bangla::{gazetteer, newsroom};

/// What separates a dateline or credit from the sentence that it opens.
const CREDIT_MARKS: &[&str] = &["॥", "।।", "||", " \\ ", " :", ":", ";", "ঃ", "–", "—", " -", "-"];

/// The longest credit, in characters.
const MAX_CREDIT: usize = 120;

/// Takes labels (`লেখক:`, `By`), site names and loose marks off a credit.
pub fn clean(names: &SiteNames, text: &str) -> String {
    let mut text = text.trim();
    loop {
        let before = text;
        text = text.trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '|' | ':' | ';' | '•' | ',' | '/' | '-' | '–' | '—' | '॥' | '»' | '>' | '*' | '●' | '('
                )
        });
        text = without_label(text);
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

fn without_label(text: &str) -> &str {
    let lower = text.to_lowercase();
    for label in newsroom::CREDIT_LABELS {
        if let Some(rest) = lower.strip_prefix(label) {
            let at = text.len() - rest.len();
            let Some(rest) = text.get(at..) else { continue };
            let marked = rest.trim_start().starts_with([':', '-', 'ঃ']);
            let spoken = label.is_ascii() && rest.starts_with(' ') && *label != "author";
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

/// Whether a text speaks of a desk, a role or an agency.
pub fn names_an_office(text: &str) -> bool {
    kind_of(text).is_some_and(|k| k != AuthorKind::Person)
}

fn kind_of(text: &str) -> Option<AuthorKind> {
    let k = key(text);
    if k.is_empty() {
        return None;
    }
    let words: Vec<&str> = k.split(' ').collect();
    let has = |list: &[&str]| {
        list.iter().any(|w| {
            let w = key(w);
            if w.contains(' ') { k.contains(w.as_str()) } else { words.iter().any(|x| *x == w) }
        })
    };
    if words.len() <= 6 && words.iter().any(|w| w.ends_with("ডেস্ক")) || has(newsroom::DESK_WORDS) {
        return Some(AuthorKind::Desk);
    }
    if has(newsroom::ROLE_WORDS) {
        return Some(AuthorKind::Role);
    }
    if newsroom::AGENCIES.iter().any(|a| key(a) == k) {
        return Some(AuthorKind::Agency);
    }
    Some(AuthorKind::Person)
}

/// The names in a cleaned credit.
pub fn authors(names: &SiteNames, credit: &str) -> Vec<Author> {
    let mut out: Vec<Author> = Vec::new();
    for group in credit.split(['|', ';', '/', '•', '॥']) {
        for piece in split_names(group) {
            let mut name = piece.trim().trim_end_matches(['।', '.', ':', 'ঃ']).trim().to_owned();
            if name.is_empty() || names.contains(&name) {
                continue;
            }
            let mut place = None;
            if let Some((before, inside)) = parenthesis(&name) {
                if gazetteer::is_place(&inside) && !before.is_empty() && !names_an_office(&name) {
                    place = Some(inside);
                    name = before;
                }
            }
            if gazetteer::is_place(&name) {
                // A place behind a comma belongs to the names before it.
                for author in out.iter_mut().rev().take_while(|a| a.place.is_none()) {
                    author.place = Some(name.clone());
                }
                continue;
            }
            if let Some(last) = out.last()
                && last.kind == AuthorKind::Person
                && is_post(&name)
            {
                continue;
            }
            let Some(kind) = kind_of(&name) else { continue };
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

/// Splits at `,`, ` ও `, ` এবং `, ` and `, ` & `.
fn split_names(text: &str) -> Vec<String> {
    let mut text = text.replace(" এবং ", ",").replace(" ও ", ",").replace(" & ", ",");
    for joiner in [" and ", " And ", " AND "] {
        text = text.replace(joiner, ",");
    }
    text.split([',', '،']).map(str::to_owned).collect()
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
    newsroom::POST_WORDS.iter().any(|w| {
        let w = key(w);
        k == w || k.ends_with(&format!(" {w}")) || k.starts_with(&format!("{w} "))
    })
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
    let mut best: Option<(usize, &str)> = None;
    for mark in CREDIT_MARKS {
        if let Some(at) = head.find(mark)
            && best.is_none_or(|(b, m)| at < b || (at == b && mark.len() > m.len()))
            && at > 0
        {
            best = Some((at, mark));
        }
    }
    let (at, mark) = best?;
    let credit = head[..at].trim();
    let words = credit.split_whitespace().count();
    if credit.is_empty() || words > 12 || credit.contains(['।', '?', '!', '‘', '“', '"']) {
        return None;
    }
    let rest = text[at + mark.len()..].trim();
    if rest.is_empty() {
        return None;
    }
    let office = split_names(credit).iter().any(|p| names_an_office(p));
    // Before these marks stands a credit and nothing else; Bijoy types ॥ as \.
    let unmistakable = matches!(mark, "॥" | "।।" | "||" | " \\ ");
    (office && words <= 10 || unmistakable && may_be_a_name(credit)).then_some(credit)
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
