//! What stands around the headline: the kicker over it and the deck under it,
//! and the lead that a template sets apart from the text it belongs to.

use super::body::{self, Body};
use super::context::Cx;
use super::credit;
use super::hints::Mark;
use super::key;
use super::layout::Line;
use super::story::{self, Story};
use super::timestamp::{self, Places};
use super::tokens::any_token;
use crate::article::{Block, BlockKind};
use crate::page::Attr;

/// Class words of a deck.
const DECKS: &[&str] = &[
    "deck",
    "subtitle",
    "subheadline",
    "subheading",
    "subhead",
    "hanger",
    "standfirst",
    "strapline",
    "synopsis",
    "shortdesc",
    "dek",
    "lede",
    "bajada",
    "entradilla",
    "vorspann",
    "chapo",
];

/// Class words of a deck where it stands apart from the text.
const SUMMARIES: &[&str] = &["summary", "excerpt", "intro", "teaser", "highlights"];

/// Class words of a box that holds a deck over the picture, and under it the
/// text's first paragraph.
const LEADS: &[&str] = &["lead"];

/// Class words of a kicker.
const KICKERS: &[&str] = &["kicker", "shoulder", "overline"];

/// The deck under the headline, where it is set apart from the text.
pub fn subheadline(
    cx: &Cx<'_>,
    places: &Places,
    headline: &str,
    captions: &[(usize, String)],
    text: &mut Body,
) -> Option<String> {
    if let Some(node) = cx.proven(|e| &e.fields.subheadline).first() {
        let found = node.text();
        if !found.is_empty() && key(&found) != headline {
            remove_block(text, &key(&found));
            return Some(found);
        }
    }
    let lines = &cx.layout.lines;
    let container = text.lines.first().map(|i| lines[*i].block);
    let mut picture_or_credit = false;
    let opening: Vec<usize> = text.lines.iter().take(2).copied().collect();
    for index in places.head.iter().chain(opening.iter().filter(|i| !places.head.contains(i))) {
        let line = &lines[*index];
        if captions.iter().any(|(i, _)| i == index) || timestamp::is_date_line(&line.text) {
            picture_or_credit = true;
            continue;
        }
        if !may_be_deck(cx, line) {
            continue;
        }
        let apart = container.is_some_and(|c| c.parent() != line.block.parent());
        // A heading over credit and date heads the article, not its first part.
        let over_credit = places.head.first() == Some(index)
            && line.chars >= 25
            && lines.get(index + 1).is_some_and(|next| !story::is_prose(next));
        let heading = line.heading_level().is_some_and(|l| l >= 2) && (apart || over_credit);
        let named = is_called(line, DECKS)
            || apart && is_called(line, SUMMARIES)
            || apart && !picture_or_credit && is_called(line, LEADS);
        if (heading || named) && line.chars >= 15 && line.text.key() != headline {
            remove_block(text, line.text.key());
            return Some(line.text.to_string());
        }
    }
    None
}

/// Whether the markup around a line calls it by one of several words, also by
/// two in a row (`sub-title`).
fn is_called(line: &Line<'_>, words: &[&str]) -> bool {
    let inner = line.block.document().node(line.nodes.start);
    inner
        .ancestors()
        .take(6)
        .take_while(|n| line.block.contains(*n) || line.block.parent() == Some(*n))
        .filter(|n| n.range().len() <= 40 || *n == line.block)
        .filter_map(|n| n.get(Attr::Class))
        .any(|class| {
            let mut before = String::new();
            any_token(class, |token| {
                let called = words.iter().any(|w| {
                    *w == token || !before.is_empty() && w.strip_prefix(before.as_str()) == Some(token)
                });
                before.clear();
                before.push_str(token);
                called
            })
        })
}

fn remove_block(text: &mut Body, k: &str) {
    if let Some(at) = text.blocks.iter().take(2).position(|b| key(&b.text) == k) {
        text.blocks.remove(at);
        text.lines.remove(at);
    }
}

fn may_be_deck(cx: &Cx<'_>, line: &Line<'_>) -> bool {
    let of_the_page = line.marks.any(&[
        Mark::Hidden,
        Mark::Caption,
        Mark::Share,
        Mark::Ad,
        Mark::Breadcrumb,
        Mark::Navigation,
        Mark::Related,
        Mark::Tags,
    ]);
    let is_label = body::is_caption(&line.text)
        || body::is_furniture(&line.text)
        || body::is_read_more(&line.text)
        || cx.is_site_name(&line.text);
    let is_credit = line.chars < 60 && credit::names_an_office(&line.text);
    let linked = line.link_density() >= 0.3;
    !(of_the_page || is_label || is_credit || linked)
}

/// Puts the lead that stands in a box of its own, directly before the text,
/// back at the text's head.
pub fn take_lead(cx: &Cx<'_>, story: &Story, headline: &str, captions: &[(usize, String)], text: &mut Body) {
    let lines = &cx.layout.lines;
    let Some(first) = text.lines.first().copied() else { return };
    let at = (story.head.start..first.min(story.head.end)).rev().take(3).find(|i| {
        let line = &lines[*i];
        story::is_prose(line)
            && line.chars >= 60
            && line.block.tag().is_none_or(|t| t.heading_level().is_none())
            && !captions.iter().any(|(c, _)| c == i)
            && may_be_deck(cx, line)
            && story::ends_sentence(&line.text)
            && !timestamp::holds_a_date(&line.text)
    });
    let Some(at) = at else { return };
    let found = lines[at].text.as_str();
    let k = lines[at].text.key();
    // Some templates print the first words of the text as a summary.
    let start: String = k.chars().take(40).collect();
    if k == headline || (0..text.blocks.len()).any(|b| text.key_starts_with(cx, b, &start)) {
        return;
    }
    text.blocks.insert(0, Block { kind: BlockKind::Paragraph, text: found.to_owned() });
    text.lines.insert(0, at);
}

/// The line over the headline.
pub fn kicker(cx: &Cx<'_>, places: &Places) -> Option<String> {
    if let Some(node) = cx.proven(|e| &e.fields.kicker).first() {
        return Some(node.text()).filter(|t| !t.is_empty());
    }
    let called = |index: &usize, words: &[&str]| {
        let line = &cx.layout.lines[*index];
        (is_called(line, words) && line.chars < 120 && line.link_density() < 0.5)
            .then(|| line.text.to_string())
    };
    let above =
        places.before.iter().find_map(|i| called(i, KICKERS).or_else(|| called(i, &["hanger", "strapline"])));
    above
        .or_else(|| places.head.iter().take(1).find_map(|i| called(i, KICKERS)))
        .or_else(|| cx.unproven(|e| &e.fields.kicker).first().map(|n| n.text()).filter(|t| !t.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::layout::Layout;
    use crate::page::Document;

    #[test]
    fn class_words_apart_and_together() {
        let doc = Document::parse(
            "<p class='post-sub-title'>ক</p><div><b class='sub-heading'>খ</b></div><p class='title'>গ</p>",
        );
        let layout = Layout::new(&doc);
        let found: Vec<bool> = layout.lines.iter().map(|l| is_called(l, DECKS)).collect();
        assert_eq!(found, [true, true, false]);
    }
}
