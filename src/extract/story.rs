//! Which stretch of the page is the article: from its headline to where the
//! page turns to something else.
//!
//! The prose of a page is summed up below each element; the story's container
//! is where that sum stops being held by a single child. Before that, the
//! stretch is bounded by headings: a page may hold its article twice (for two
//! kinds of screen) or go on with the next story.

use std::ops::Range;

use super::context::Cx;
use super::headline::Headline;
use super::hints::{Mark, Words};
use super::layout::{Layout, Line};
use super::{links, timestamp, words};
use crate::article::Source;
use crate::page::{Attr, Node, Tag};

/// Marks under which a line is no running text of the article.
pub const NOT_PROSE: &[Mark] = &[
    Mark::Hidden,
    Mark::Navigation,
    Mark::Footer,
    Mark::Ticker,
    Mark::Breadcrumb,
    Mark::Comments,
    Mark::Widget,
    Mark::Caption,
    Mark::Share,
    Mark::Ad,
    Mark::Tags,
    Mark::Pagination,
    Mark::Related,
];

/// Where the article stands.
#[derive(Clone, Debug)]
pub struct Story {
    /// The lines of the text, with what has to be left out of them.
    pub lines: Range<usize>,
    /// The lines from the headline to the first line of the text.
    pub head: Range<usize>,
    /// How the container was found.
    pub source: Source,
}

/// Whether a line reads like running text.
pub fn is_prose(line: &Line<'_>) -> bool {
    line.prose
}

/// [`is_prose`] of a line whose marks are known, found out.
pub fn reads_as_prose(line: &Line<'_>) -> bool {
    if line.marks.any(NOT_PROSE) || line.link_density() > 0.35 {
        return false;
    }
    if line.chars < 160 && !ends_sentence(&line.text) && is_line_of_credits(line) {
        return false;
    }
    line.chars >= 60 || (line.chars >= 22 && ends_sentence(&line.text))
}

/// `মিতা সেন | প্রকাশ: ৩ মার্চ ২০২৪, ৯:০৫ এএম | আপডেট: …`: long enough for a
/// sentence and none.
fn is_line_of_credits(line: &Line<'_>) -> bool {
    line.chars >= 60 && (line.text.contains('|') || line.credits) && timestamp::holds_a_date(&line.text)
}

/// How many characters of running text the page displays.
pub fn prose(cx: &Cx<'_>) -> usize {
    cx.layout.prose_in(0..cx.layout.lines.len())
}

/// Whether a text ends as a sentence does.
pub fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['’', '”', '\'', '"', ')', '»']);
    text.ends_with(['।', '॥', '?', '!', '.', '…', '|'])
}

/// Finds the story.
pub fn find<'a>(cx: &Cx<'a>, headline: Option<&Headline<'a>>) -> Option<Story> {
    let layout = &cx.layout;
    let cards = card_lines(cx, headline.and_then(|h| h.node));
    // Running sums over the lines, so that no element is summed up twice.
    let mut sums: Vec<usize> = Vec::with_capacity(layout.lines.len() + 1);
    sums.push(0);
    for (line, card) in layout.lines.iter().zip(&cards) {
        let before = sums.last().copied().unwrap_or(0);
        sums.push(before + if is_prose(line) && !card { line.chars } else { 0 });
    }

    let by_rule = cx.proven(|e| &e.fields.body);
    if !by_rule.is_empty() {
        let size = |n: &Node<'_>| {
            let lines = layout.lines_in(*n);
            sums[lines.end] - sums[lines.start]
        };
        let most = by_rule.iter().map(size).max().unwrap_or(0);
        let all: usize = by_rule.iter().map(size).sum();
        // One element for each paragraph, or one for each story and screen:
        // then the first that holds a text.
        let whole = by_rule.iter().find(|n| size(n) * 2 >= most).filter(|_| most * 5 >= all * 2);
        let container = whole.copied().unwrap_or_else(|| common_ancestor(&by_rule));
        return Some(finish(cx, headline, container, container.range(), Source::SiteRule));
    }

    let stretches = stretches(layout, headline);
    let sum = |r: &Range<usize>| {
        let lines = layout.lines_between(r.clone());
        sums[lines.end] - sums[lines.start]
    };
    // The first of stretches with about as much text: twins come in pairs, and
    // a page that goes on puts its own story first.
    let most = stretches.iter().map(sum).max()?;
    let stretch =
        stretches.into_iter().find(|s| sum(s) * 10 >= most * 9 || (sum(s) >= 400 && sum(s) * 4 >= most))?;

    if let Some(property) = cx
        .microdata
        .all("articleBody")
        .map(|p| p.node)
        .filter(|n| n.tag() != Some(Tag::Meta))
        .find(|n| sum(&n.range()) * 2 >= sum(&stretch).max(1))
    {
        return Some(finish(cx, headline, property, property.range(), Source::Microdata));
    }
    let total = sum(&stretch);
    if total == 0 {
        return None;
    }
    let container = descend(layout, headline.and_then(|h| h.node), &stretch, &sum);
    Some(finish(cx, headline, container, stretch, Source::Visible))
}

fn finish<'a>(
    cx: &Cx<'a>,
    headline: Option<&Headline<'a>>,
    container: Node<'a>,
    stretch: Range<usize>,
    source: Source,
) -> Story {
    let nodes = container.range();
    let from_head = headline.and_then(|h| h.node).map(|n| n.range().end);
    let start = nodes.start.max(stretch.start).max(from_head.filter(|h| nodes.contains(h)).unwrap_or(0));
    let end = nodes.end.min(stretch.end);
    let lines = cx.layout.lines_between(start..end);
    let head_start = from_head.unwrap_or(start).min(start);
    let head = cx.layout.lines_between(head_start..start.max(head_start));
    Story { head: head.start..lines.start.max(head.start), lines, source }
}

/// The stretches of nodes that may be the article: from each place where the
/// headline stands to the next heading of its kind. Without a headline in the
/// page, all of it.
fn stretches<'a>(layout: &Layout<'a>, headline: Option<&Headline<'a>>) -> Vec<Range<usize>> {
    let len = layout.doc.len();
    let Some((headline, node)) = headline.and_then(|h| h.node.map(|n| (h, n))) else {
        return std::iter::once(0..len).collect();
    };
    let is_heading = |tag: Tag| matches!(tag, Tag::H1 | Tag::H2 | Tag::H3);
    let wanted = headline.key.as_str();
    let class = node.get(Attr::Class);
    let mut own: Vec<usize> = Vec::new();
    let mut bounds: Vec<usize> = Vec::new();
    let tags = [Some(Tag::H1), Some(Tag::H2), Some(Tag::H3), node.tag().filter(|t| !is_heading(*t))];
    let mut others: Vec<Node<'a>> = tags.into_iter().flatten().flat_map(|t| layout.doc.by_tag(t)).collect();
    others.sort_by_key(|other| other.index());
    for other in others {
        let heading = other.tag().is_some_and(is_heading);
        let same_kind = other.tag() == node.tag() && other.get(Attr::Class) == class;
        if !same_kind && !heading {
            continue;
        }
        if layout.marks(other).any(&[Mark::Hidden, Mark::Related, Mark::Footer]) && other != node {
            continue;
        }
        if other == node || (heading && !wanted.is_empty() && layout.key_of(other).ends_with(wanted)) {
            own.push(other.index());
        } else if other.index() > node.index()
            && (other.tag() == Some(Tag::H1) || (same_kind && other.get(Attr::Class).is_some()))
            && words::at_least(&other.text(), 4)
            && !is_in_text(layout, node, other)
        {
            bounds.push(other.index());
        }
    }
    own.iter()
        .enumerate()
        .map(|(i, start)| {
            let next_own = own.get(i + 1).copied().unwrap_or(len);
            let bound = bounds.get(bounds.partition_point(|b| b <= start)).copied().unwrap_or(len);
            *start..next_own.min(bound)
        })
        .collect()
}

/// Whether a heading like the headline's is a subheading of the text: running
/// text stands beside it on both sides, and neither date nor credit follows it,
/// as they would in the next story of an endless page.
fn is_in_text(layout: &Layout<'_>, headline: Node<'_>, heading: Node<'_>) -> bool {
    // A subheading may have a wrapper of its own.
    let opens =
        |n: &Node<'_>| n.parent().is_some_and(|p| layout.lines_in(p).start == layout.lines_in(*n).start);
    let wrapped = heading.parent().filter(|p| opens(&heading) && !p.contains(headline));
    [Some(heading), wrapped].into_iter().flatten().any(|part| {
        let Some(parent) = part.parent() else { return false };
        let start = parent.range().start.max(headline.range().end);
        let holds_prose = |nodes: Range<usize>| layout.prose_in(layout.lines_between(nodes)) > 0;
        let before = start < part.index() && holds_prose(start..part.index());
        before && holds_prose(part.range().end..parent.range().end) && !is_dated(layout, heading)
    })
}

/// Whether a date or a credit stands between a heading and the text below it.
fn is_dated(layout: &Layout<'_>, heading: Node<'_>) -> bool {
    let start = layout.lines_in(heading).end;
    layout.lines[start..(start + 4).min(layout.lines.len())]
        .iter()
        .take_while(|l| !is_prose(l))
        .any(|l| timestamp::holds_a_date(&l.text) || l.credits)
}

/// A teaser takes no more lines than this.
const MAX_CARD_LINES: usize = 40;

/// Lines that belong to a teaser: an element that holds a heading which is a
/// link to another page.
fn card_lines(cx: &Cx<'_>, headline: Option<Node<'_>>) -> Vec<bool> {
    let layout = &cx.layout;
    let mut out = vec![false; layout.lines.len()];
    // How many linked headings stand before each line.
    let mut titles: Vec<usize> = Vec::with_capacity(layout.lines.len() + 1);
    titles.push(0);
    for line in &layout.lines {
        let title = line.heading_level().is_some_and(|h| h >= 2) && line.link_density() >= 0.8;
        titles.push(titles.last().copied().unwrap_or(0) + usize::from(title));
    }
    for (index, line) in layout.lines.iter().enumerate() {
        if line.links.is_empty() || line.link_density() < 0.8 {
            continue;
        }
        let is_title =
            line.heading_level().is_some_and(|l| l >= 2) || layout.words(line.block).has(Words::TITLE);
        if !is_title || !line.links.iter().any(|l| links::offers_article(cx, l.node)) {
            continue;
        }
        // The card reaches up to the last ancestor that holds no other title.
        let mut card = line.block;
        for ancestor in line.block.ancestors().take(4) {
            let range = layout.lines_in(ancestor);
            if headline.is_some_and(|h| ancestor.contains(h))
                || titles[range.end] - titles[range.start] > 1
                || range.len() > MAX_CARD_LINES
                // A teaser's excerpt follows its title, and is one.
                || layout.prose_in(range.start..index) > 0
                || layout.lines[index + 1..range.end.max(index + 1)].iter().filter(|l| is_prose(l)).count() > 1
                || layout.prose_in(range) > 600
            {
                break;
            }
            card = ancestor;
        }
        for i in layout.lines_in(card) {
            out[i] = true;
        }
        out[index] = true;
    }
    out
}

/// Goes down from the root as long as one child holds nearly all of the prose.
fn descend<'a>(
    layout: &Layout<'a>,
    headline: Option<Node<'a>>,
    stretch: &Range<usize>,
    sum_of: &dyn Fn(&Range<usize>) -> usize,
) -> Node<'a> {
    let sum = |node: Node<'_>| {
        let range = node.range();
        let start = range.start.max(stretch.start);
        let end = range.end.min(stretch.end);
        if start >= end { 0 } else { sum_of(&(start..end)) }
    };
    let mut node = layout.doc.root();
    loop {
        let total = sum(node);
        let mut children: Vec<(Node<'a>, usize)> =
            node.children().filter(|c| c.is_element()).map(|c| (c, sum(c))).filter(|(_, s)| *s > 0).collect();
        children.sort_by_key(|(_, s)| std::cmp::Reverse(*s));
        let Some((child, most)) = children.first().copied() else { return node };
        if let Some(headline) = headline
            && let Some(own) = children.iter().map(|(c, _)| *c).find(|c| c.contains(headline))
            && own != child
            && holds_the_article(layout, headline, own, child)
        {
            node = own;
            continue;
        }
        if child.tag().is_some_and(|t| matches!(t, Tag::P | Tag::Li | Tag::Blockquote)) && most < total {
            return node;
        }
        // One column holds most of the text and the rest is not beside it in
        // the same list of paragraphs.
        if most * 100 >= total * 80 || (most * 100 >= total * 55 && is_other_region(&children)) {
            node = child;
        } else {
            return node;
        }
    }
}

/// Whether the column of the headline holds the article although another
/// column holds more running text: a debate, or a list of teasers. A header with
/// a deck is no text.
fn holds_the_article(layout: &Layout<'_>, headline: Node<'_>, own: Node<'_>, rival: Node<'_>) -> bool {
    let paragraphs = |n: Node<'_>| {
        layout.lines[layout.lines_in(n)]
            .iter()
            .filter(|l| l.nodes.start > headline.index() && is_prose(l))
            .count()
    };
    let lines = &layout.lines[layout.lines_in(rival)];
    let teasers = lines.iter().filter(|l| !l.links.is_empty() && l.link_density() >= 0.75).count();
    let found = paragraphs(own);
    found >= 3 || (found >= 2 && teasers * 2 >= paragraphs(rival))
}

/// Whether the children with prose are regions of a page rather than parts of
/// one text: each holds several paragraphs, and they are few.
fn is_other_region(children: &[(Node<'_>, usize)]) -> bool {
    // A part that a button shows belongs to the text beside it.
    let folded = children.iter().any(|(c, _)| super::hints::is_hidden(*c));
    children.len() <= 3
        && !folded
        && children.iter().all(|(c, _)| {
            matches!(
                c.tag(),
                Some(Tag::Div | Tag::Section | Tag::Article | Tag::Aside | Tag::Main | Tag::Td | Tag::Tr)
            )
        })
        && children[0].0.tag() != Some(Tag::Article)
}

/// The deepest element that holds all of several nodes.
fn common_ancestor<'a>(nodes: &[Node<'a>]) -> Node<'a> {
    let first = nodes[0];
    first.ancestors_or_self().find(|a| nodes.iter().all(|n| a.contains(*n))).unwrap_or(first)
}
