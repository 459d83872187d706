//! What is taken off the edges of a body: the article's head before it, and
//! behind it a list of other articles that stands in the same box.

use super::body::{self, Body};
use super::context::Cx;
use super::layout::Line;
use super::links;
use super::story::{self, Story};
use super::{byline, credit, timestamp};
use crate::article::BlockKind;
use crate::page::Attr;

/// Takes off what is none of the text at its start and its end.
pub fn trim(cx: &Cx<'_>, story: &Story, body: &mut Body) {
    trim_start(cx, body);
    drop_listed(cx, story, body);
    trim_end(cx, body);
}

/// Teasers below one heading, each a linked title with an excerpt, up to the
/// end of the story: the titles are no text as it is, and the excerpts belong
/// to them. Where links stand between the paragraphs each has its own label.
fn drop_listed(cx: &Cx<'_>, story: &Story, body: &mut Body) {
    let lines = &cx.layout.lines;
    let label = |i: &usize| body::is_read_more(&lines[*i].text) || body::is_list_heading(&lines[*i].text);
    let Some(heading) = story.lines.clone().rev().find(|i| lines[*i].links.is_empty() && label(i)) else {
        return;
    };
    let (mut titles, mut excerpts, mut after_title) = (0, 0, false);
    for (index, line) in lines.iter().enumerate().take(story.lines.end).skip(heading + 1) {
        if links::is_link_line(cx, line) && links::is_title(&line.text) {
            (titles, after_title) = (titles + 1, true);
        } else if body.lines.binary_search(&index).is_ok() {
            if !after_title || line.chars > MAX_EXCERPT {
                return;
            }
            (excerpts, after_title) = (excerpts + 1, false);
        }
    }
    if titles >= 2 && excerpts >= 2 {
        let keep = body.lines.partition_point(|i| *i < heading);
        if keep > 0 {
            body.lines.truncate(keep);
            body.blocks.truncate(keep);
        }
    }
}

/// A teaser's excerpt is no longer.
const MAX_EXCERPT: usize = 300;

/// Short lines ahead of the first paragraph belong to the article's head
/// (section, credit, counters), unless they stand among the paragraphs.
fn trim_start(cx: &Cx<'_>, body: &mut Body) {
    let lines = &cx.layout.lines;
    let Some(first) = body.lines.iter().position(|i| story::is_prose(&lines[*i])) else { return };
    let parent = lines[body.lines[first]].block.parent();
    let keep: Vec<bool> = body
        .lines
        .iter()
        .enumerate()
        .map(|(at, i)| {
            at >= first
                || (lines[*i].block.parent() == parent && !is_matter_of_the_head(&lines[*i]))
                || (at + 1 == first && heads_the_text(cx, body, at))
        })
        .collect();
    let keeps = |at: usize| keep[at];
    let mut at = 0;
    body.blocks.retain(|_| {
        at += 1;
        keeps(at - 1)
    });
    at = 0;
    body.lines.retain(|_| {
        at += 1;
        keeps(at - 1)
    });
}

/// Whether a line ahead of the first paragraph is a credit or a date, though it
/// stands beside the paragraphs: many templates give all of them one parent.
fn is_matter_of_the_head(line: &Line<'_>) -> bool {
    if line.heading_level().is_some() || credit::opening(&line.text).is_some() {
        return false;
    }
    let sentence = story::ends_sentence(&line.text);
    line.credits
        || byline::labelled(&line.text)
        || (timestamp::holds_a_date(&line.text) && !sentence)
        || (line.chars < 60 && !sentence && credit::names_an_office(&line.text))
        || (line.chars < 40 && !sentence && credit::sounds_like_a_person(&line.text))
}

/// A heading that nothing follows is no subheading: it headed something that
/// was left out.
fn trim_end(cx: &Cx<'_>, body: &mut Body) {
    while let (Some(last), Some(line)) = (body.blocks.last(), body.lines.last()) {
        let line = &cx.layout.lines[*line];
        let headed = last.kind == BlockKind::Heading || (line.is_bold() && body::is_list_heading(&last.text));
        if !headed || body.blocks.len() == 1 {
            break;
        }
        body.blocks.pop();
        body.lines.pop();
    }
}

/// Whether the line before the first paragraph is a subheading in a wrapper of
/// its own, as later ones in the text are.
fn heads_the_text(cx: &Cx<'_>, body: &Body, at: usize) -> bool {
    let line = |at: usize| &cx.layout.lines[body.lines[at]];
    let own = line(at);
    let shape = |l: &Line<'_>| {
        (l.heading_level(), l.block.parent().and_then(|p| p.get(Attr::Class).map(str::to_owned)))
    };
    own.heading_level().is_some()
        && (at + 2..body.lines.len()).any(|later| {
            shape(line(later)) == shape(own)
                && own.block.ancestors().nth(1) == line(later).block.ancestors().nth(1)
        })
}
