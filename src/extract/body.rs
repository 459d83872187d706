//! The body: which lines of the story are the article's own text.
//!
//! Newsrooms put much between the paragraphs: links to other articles,
//! captions, share prompts, advertisements, tags, counters. Each such line is
//! told by what it says and how it is marked up, never by its place alone.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::context::Cx;
use super::edges;
use super::headline::Headline;
use super::hints::{Mark, Words};
use super::key;
use super::keyed::{Question, Said, Say, keys};
use super::layout::Line;
use super::links;
use super::sentence;
use super::story::{self, Story};
use super::timestamp;
use crate::article::{Block, BlockKind};
use crate::bangla::chars::is_letter_or_number;
use crate::bangla::{lower, newsroom};
use crate::page::{Attr, Node, Tag};

/// What a line of the story turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A part of the text.
    Text(BlockKind),
    /// A picture's caption or credit.
    Caption,
    /// None of the article's text.
    Other,
}

/// The article's text.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The blocks in order.
    pub blocks: Vec<Block>,
    /// For each block the index of its line.
    pub lines: Vec<usize>,
    /// Whether the text ends at a prompt to pay for the rest.
    pub walled: bool,
}

impl Body {
    /// The line that a block is; `None` where it is made of several.
    pub fn said<'c>(&self, cx: &'c Cx<'_>, block: usize) -> Option<&'c Said> {
        let said = &cx.layout.lines[*self.lines.get(block)?].text;
        (said.as_str() == self.blocks[block].text).then_some(said)
    }

    /// Whether the key of a block begins with another.
    pub fn key_starts_with(&self, cx: &Cx<'_>, block: usize, start: &str) -> bool {
        match self.said(cx, block) {
            Some(said) => said.key_starts_with(start),
            None => key(&self.blocks[block].text).starts_with(start),
        }
    }

    /// Whether the key of a block is another.
    pub fn has_key(&self, cx: &Cx<'_>, block: usize, other: &str) -> bool {
        match self.said(cx, block) {
            Some(said) => said.has_key(other),
            None => key(&self.blocks[block].text) == other,
        }
    }
}

/// Sorts the lines of a story.
pub fn sort<'a>(cx: &Cx<'a>, story: &Story, headline: Option<&Headline<'a>>) -> Body {
    let layout = &cx.layout;
    let dropped = dropped_by_rule(cx);
    let headline_key = headline.map(|h| h.key.clone()).unwrap_or_default();
    let mut seen: HashSet<&str, RandomState> = HashSet::default();
    let mut body = Body::default();
    let mut after_read_more = false;
    let mut in_tags = false;
    for index in story.lines.clone() {
        let line = &layout.lines[index];
        if dropped.iter().any(|d| d.contains(&line.nodes.start)) {
            continue;
        }
        if body.blocks.len() >= 2 && (is_correction(&line.text) || is_wall(line)) {
            // What follows is no longer the article: a notice about another
            // one, or the way to pay for this one.
            body.walled = is_wall(line);
            break;
        }
        if is_read_more(&line.text) {
            after_read_more = line.links.is_empty();
            in_tags = false;
            continue;
        }
        if after_read_more && line.link_density() > 0.7 {
            continue;
        }
        if is_tag_label(&line.text) {
            in_tags = true;
        }
        if in_tags && (line.link_density() > 0.5 || line.chars < 30) {
            continue;
        }
        in_tags = false;
        let kind = kind_of(cx, line, &headline_key);
        let LineKind::Text(kind) = kind else { continue };
        after_read_more = false;
        // A text that stands twice (two kinds of screen) counts once.
        if line.chars >= 40 && !seen.insert(line.text.as_str()) {
            continue;
        }
        body.blocks.push(Block { kind, text: line.text.to_string() });
        body.lines.push(index);
    }
    edges::trim(cx, story, &mut body);
    join_table_rows(cx, &mut body);
    body
}

/// What one line of a story is.
pub fn kind_of<'a>(cx: &Cx<'a>, line: &Line<'a>, headline_key: &str) -> LineKind {
    let text = &line.text;
    if line.marks.has(Mark::Hidden) {
        return LineKind::Other;
    }
    let in_figure = line.chars < 200 && is_in_figure(line);
    if line.marks.has(Mark::Caption) || in_figure || is_caption(text) {
        return LineKind::Caption;
    }
    let long = line.chars >= 120 && line.link_density() < 0.3;
    if line.marks.any(&[Mark::Navigation, Mark::Footer, Mark::Comments, Mark::Pagination, Mark::Breadcrumb]) {
        return LineKind::Other;
    }
    if line.marks.any(&[Mark::Share, Mark::Ad, Mark::Widget, Mark::Related, Mark::Ticker]) && !long {
        return LineKind::Other;
    }
    if line.marks.has(Mark::Tags) && line.link_density() > 0.5 {
        return LineKind::Other;
    }
    if is_furniture(text) || is_imprint(text) || is_counter(text) || is_prompt(line) {
        return LineKind::Other;
    }
    if links::is_link_line(cx, line) {
        return LineKind::Other;
    }
    if text.has_key("") || (!headline_key.is_empty() && text.has_key(headline_key)) || cx.is_site_name(text) {
        return LineKind::Other;
    }
    // The time of publication that signs a text off stays in it.
    let signs_off = text.starts_with("বাংলাদেশ সময়");
    if line.chars < 90 && !signs_off && timestamp::is_date_line(text) {
        return LineKind::Other;
    }
    LineKind::Text(block_kind(line))
}

/// Whether a line stands in a figure for itself: quotes, tables and lists that
/// editors wrap in one are text.
fn is_in_figure(line: &Line<'_>) -> bool {
    let near = line.block.ancestors_or_self().take(5);
    let holder = near
        .filter_map(Node::tag)
        .find(|t| matches!(t, Tag::Figure | Tag::Blockquote | Tag::Table | Tag::Pre | Tag::Ul | Tag::Ol));
    holder == Some(Tag::Figure)
}

fn block_kind(line: &Line<'_>) -> BlockKind {
    for node in line.block.ancestors_or_self().take(4) {
        match node.tag() {
            Some(t) if t.heading_level().is_some() => return BlockKind::Heading,
            Some(Tag::Li | Tag::Dd | Tag::Dt) => return BlockKind::ListItem,
            Some(Tag::Blockquote) => return BlockKind::Quote,
            // A cell of a layout made of tables is a box like any other.
            Some(Tag::Td | Tag::Th) if is_data_table(node) => return BlockKind::TableRow,
            Some(Tag::Td | Tag::Th | Tag::Article | Tag::Section | Tag::Main | Tag::Body) => break,
            _ => {}
        }
    }
    BlockKind::Paragraph
}

/// Whether a cell belongs to a table of data rather than to a layout made of
/// tables: short cells, several in a row.
fn is_data_table(cell: Node<'_>) -> bool {
    let Some(row) = cell.ancestors().find(|n| n.tag() == Some(Tag::Tr)) else { return false };
    let cells: Vec<Node<'_>> =
        row.children().filter(|c| matches!(c.tag(), Some(Tag::Td | Tag::Th))).take(MAX_CELLS).collect();
    cells.len() >= 2 && cells.iter().all(|c| c.range().len() < 30 && c.text().chars().count() < 200)
}

/// How many cells of a row are looked at.
const MAX_CELLS: usize = 24;

/// The cells of a row become one block.
fn join_table_rows(cx: &Cx<'_>, body: &mut Body) {
    let row_of = |line: usize| {
        cx.layout.lines[line].block.ancestors_or_self().find(|n| n.tag() == Some(Tag::Tr)).map(Node::index)
    };
    let mut rows: Vec<(Block, usize)> = Vec::with_capacity(body.blocks.len());
    let mut last_row = None;
    for (block, line) in std::mem::take(&mut body.blocks).into_iter().zip(std::mem::take(&mut body.lines)) {
        let row = if block.kind == BlockKind::TableRow { row_of(line) } else { None };
        match rows.last_mut() {
            Some((open, _)) if row.is_some() && row == last_row => {
                open.text.push(' ');
                open.text.push_str(&block.text);
            }
            _ => rows.push((block, line)),
        }
        last_row = row;
    }
    (body.blocks, body.lines) = rows.into_iter().unzip();
}

fn dropped_by_rule(cx: &Cx<'_>) -> Vec<std::ops::Range<usize>> {
    let Some(era) = cx.era else { return Vec::new() };
    era.fields.drop.iter().flat_map(|s| cx.layout.doc.select(s)).map(Node::range).collect()
}

/// The heading of a notice that corrects another article.
fn is_correction(text: &Said) -> bool {
    keys!(["ভ্রম সংশোধন", "সংশোধনী", "correction", "erratum"]).iter().any(|k| text.has_key(k))
}

/// Whether a line tells the reader that the rest has to be paid for.
fn is_wall(line: &Line<'_>) -> bool {
    line.chars <= 220 && line.text.chars().count() <= 220 && line.text.spoken().wall
}

/// Whether a text announces a link to another article.
pub fn is_read_more(text: &(impl Say + ?Sized)) -> bool {
    // The key of its start begins as its own does.
    text.answered(Question::IsReadMore, || {
        text.opens_with(keys!(newsroom::READ_MORE)) && announces(text.said())
    })
}

fn announces(text: &str) -> bool {
    let text = text.trim_start_matches(['[', '(', '»', '>', '•', '-', '*', ' ', '❏', '#']);
    // The announcement stands at the start, however long the line.
    let head = text.char_indices().nth(MAX_ANNOUNCEMENT).map_or(text, |(i, _)| &text[..i]);
    let k = key(head);
    keys!(newsroom::READ_MORE).iter().any(|label| {
        // Alone, or followed by a mark and the link's title.
        k == label
            || (k.starts_with(label)
                && (label.contains(' ') || !sentence::is_told(text))
                && after_words(head, label.split(' ').count())
                    .starts_with([':', '-', '–', '—', '>', '<', '»', '|', '।', 'ঃ', '«', '<']))
    })
}

/// How far into a line an announcement is looked for, in characters.
const MAX_ANNOUNCEMENT: usize = 100;

/// A title without the announcement that stands before it in the same link:
/// `[আরও পড়ুন: …]`.
pub fn without_read_more<T: Say + ?Sized>(text: &T) -> &str {
    let announces = is_read_more(text);
    let text = text.said();
    if !announces {
        return text;
    }
    let Some((_, rest)) = text.split_once([':', '-', '–', '—', '>', '<', '»', '|', 'ঃ', '«']) else {
        return text;
    };
    let rest = rest.trim_matches([':', '-', '–', '—', '>', '<', '»', '|', 'ঃ', '«', ' ']);
    let rest = if text.starts_with(['[', '(']) { rest.trim_end_matches([']', ')']) } else { rest };
    if rest.is_empty() { text } else { rest }
}

/// What follows the first words of a text, white space trimmed.
fn after_words(text: &str, words: usize) -> &str {
    let mut rest = text.trim_start();
    for _ in 0..words {
        let end = rest
            .find(|c: char| {
                c.is_whitespace()
                    || (c.is_ascii_punctuation() && c != '\'')
                    || matches!(c, '–' | '—' | '«' | '»' | '।')
            })
            .unwrap_or(rest.len());
        rest = rest[end..].trim_start();
    }
    rest
}

/// Whether a text is the heading of a list of articles.
pub fn is_list_heading(text: &(impl Say + ?Sized)) -> bool {
    text.answered(Question::IsListHeading, || {
        text.opens_with(keys!(newsroom::LIST_HEADINGS)) && text.key().split(' ').count() <= 6
    })
}

fn is_tag_label(text: &str) -> bool {
    let text = text.trim();
    if text.chars().count() >= 200 {
        return false;
    }
    let lower = lower(text);
    newsroom::TAG_LABELS
        .iter()
        .any(|l| if l.ends_with(':') || l.ends_with('ঃ') { lower.starts_with(l) } else { lower == *l })
}

/// Whether a text is a picture's caption or credit.
pub fn is_caption(text: &(impl Say + ?Sized)) -> bool {
    text.answered(Question::IsCaption, || captions_a_picture(text.said()))
}

fn captions_a_picture(text: &str) -> bool {
    let chars = text.chars().count();
    if chars > 160 {
        return false;
    }
    let lower = lower(text);
    let told = || sentence::is_told(text);
    let starts = || {
        newsroom::CAPTION_STARTS
            .iter()
            .any(|s| lower.starts_with(s) && !(s.ends_with(char::is_alphabetic) && told()))
    };
    let ends = newsroom::CAPTION_ENDS
        .iter()
        .any(|s| lower.strip_suffix(s).is_some_and(|rest| !(sentence::goes_on(rest) && told())));
    // `… উপাচার্য। ছবি: সংগৃহীত`
    let inside = || ["। ছবি:", "। ছবি :", " photograph: ("].iter().any(|s| lower.contains(s));
    (chars < 70 && starts()) || ends || (chars < 140 && inside())
}

/// Whether a text is nothing but a label of the page.
pub fn is_furniture(text: &(impl Say + ?Sized)) -> bool {
    text.answered(Question::IsFurniture, || labels_the_page(text))
}

/// Words that a text may have that offers to share the page, and no others.
const SHARES: &[&str] = &[
    "facebook",
    "twitter",
    "whatsapp",
    "x",
    "linkedin",
    "messenger",
    "telegram",
    "email",
    "print",
    "copy",
    "link",
    "pinterest",
    "share",
    "instagram",
    "youtube",
    "on",
    "via",
    "this",
    "threads",
    "tiktok",
    "ফেসবুক",
    "টুইটার",
];

fn labels_the_page(text: &(impl Say + ?Sized)) -> bool {
    if text.said().chars().nth(60).is_some() {
        return false;
    }
    let (labels, shares) = (keys!(newsroom::FURNITURE), keys!(SHARES));
    let initial = text.initial();
    let may_skip = keys!(["skip", "end"]).may_have(initial);
    if !labels.may_have(initial) && !shares.may_have(initial) && !may_skip {
        // It begins with a letter, and no label does so.
        return false;
    }
    let k = text.key();
    let text = text.said();
    let skips = (k.starts_with("skip ") && k.ends_with("continue reading")) || k.starts_with("end of ");
    skips
        || labels.contains(&k)
        || (!k.is_empty() && k.split(' ').all(|word| shares.contains(word)))
        || !text.chars().any(is_letter_or_number)
}

/// Whether a text begins as an imprint does, or names rights beside a ©.
pub fn is_imprint(text: &str) -> bool {
    if text.chars().nth(249).is_some() {
        return false;
    }
    let lower = lower(text);
    let named = lower.contains('©');
    newsroom::IMPRINT.iter().any(|w| {
        lower.starts_with(w) && !sentence::tells_of_rights(text)
            || (named && w.len() > 3 && lower.contains(w))
    })
}

/// `৮৬জন দেখেছেন`, `১৩ Views`, `পঠিত : ১২৩ বার`.
fn is_counter(text: &Said) -> bool {
    if text.chars().nth(80).is_some() {
        return false;
    }
    let k = text.key();
    k.chars().any(char::is_numeric)
        && k.split(' ').count() <= 6
        && (keys!(["জন দেখেছেন", "বার পঠিত", "বার দেখা", "views", "পঠিত", "বার পড়া"]).stand_in(k)
            || keys!(newsroom::READING_TIMES).stand_in(k))
}

/// Prompts to follow, share, subscribe or install: several of their phrases in
/// one short text, or one that is a link.
fn is_prompt(line: &Line<'_>) -> bool {
    if line.chars > 260 {
        return false;
    }
    let count = usize::from(line.text.spoken().prompts);
    if count == 0 {
        return false;
    }
    let asks = count > keys!(newsroom::PROMPT_NOUNS).count_in(line.text.key());
    let short = line.chars < 70 && (asks || !story::ends_sentence(&line.text));
    count >= 2 || (count == 1 && (line.link_density() > 0.2 || short))
}

/// The captions of the article: of its lead picture and of those in its text.
pub fn captions(cx: &Cx<'_>, story: &Story) -> Vec<(usize, String)> {
    let layout = &cx.layout;
    let mut out: Vec<(usize, String)> = Vec::new();
    let by_rule = cx.proven(|e| &e.fields.captions);
    for index in story.head.start..story.lines.end {
        let line = &layout.lines[index];
        let ruled = by_rule.iter().any(|n| n.range().contains(&line.nodes.start));
        if line.marks.any(&[Mark::Hidden, Mark::Related, Mark::Ad, Mark::Navigation]) && !ruled {
            continue;
        }
        let captioned =
            ruled || line.marks.has(Mark::Caption) || is_caption(&line.text) || follows_picture(layout, line);
        if !captioned || is_furniture(&line.text) || line.chars > 300 {
            continue;
        }
        if line.link_density() > 0.9 && !line.marks.has(Mark::Caption) && links::is_link_line(cx, line) {
            continue;
        }
        // Caption and credit glued by a template are two.
        let texts = if line.pieces.len() > 1 { line.pieces.clone() } else { vec![line.text.to_string()] };
        for text in texts {
            if is_furniture(&text) || is_credit_line(&text) {
                continue;
            }
            if !out.iter().any(|(_, t)| *t == text) && !timestamp::is_date_line(&text) {
                out.push((index, text));
            }
        }
    }
    if out.is_empty() {
        out.extend(attribute_caption(cx, story));
    }
    out
}

/// A caption that only a picture's own attributes hold, for a page whose script
/// would display it.
fn attribute_caption(cx: &Cx<'_>, story: &Story) -> Option<(usize, String)> {
    let lines = &cx.layout.lines;
    let (start, end) = (story.lines.start, story.lines.end.min(lines.len()));
    let nodes = lines.get(start)?.nodes.start.saturating_sub(40)..lines.get(end.checked_sub(1)?)?.nodes.end;
    nodes.map(|i| cx.layout.doc.node(i)).filter(|n| n.tag() == Some(Tag::Img)).find_map(|img| {
        let text = [Attr::Title, Attr::Alt].into_iter().filter_map(|a| img.get(a)).find(is_caption)?;
        Some((start, crate::bangla::normalize(text).text.into_owned()))
    })
}

/// `by ডাকঘর ডেস্ক`: a credit beside the picture.
fn is_credit_line(text: &str) -> bool {
    let lower = lower(text);
    ["by ", "written by", "লেখক:", "প্রতিবেদক:"].iter().any(|l| lower.starts_with(l))
}

/// A box with more nodes is no figure.
const FIGURE_NODES: usize = 400;

/// Whether a short line stands directly behind a picture in the same figure or
/// block.
fn follows_picture(layout: &super::layout::Layout<'_>, line: &Line<'_>) -> bool {
    if line.chars > 150
        || line.heading_level().is_some()
        || line.credits
        || story::is_prose(line) && line.chars > 100
    {
        return false;
    }
    let block = line.block;
    let named = |n: Node<'_>| layout.words(n).has(Words::PICTURE);
    let pictured = block.ancestors_or_self().take(2).any(|n| {
        // A figure, a box called one, or a box of a picture and this line.
        n.range().len() <= FIGURE_NODES
            && (n.tag() == Some(Tag::Figure) || named(n) || layout.lines_in(n).len() == 1)
            && n.descendants()
                .take_while(|d| d.index() < line.nodes.start)
                .any(|d| matches!(d.tag(), Some(Tag::Img | Tag::AmpImg)) && !super::media::is_icon(d))
    });
    pictured && !timestamp::holds_a_date(&line.text)
}
