//! The page as lines of text, the way a reader sees it, with what the markup
//! around each line suggests.
//!
//! All visible fields are sought in these lines. One walk makes them, in
//! document order, so a field's file asks "what stands between the headline
//! and the first paragraph" instead of walking the tree again.

use std::borrow::Cow;
use std::ops::Range;

use super::glyphs;
use super::hints::Words;
use super::key;
use super::keyed::Said;
use super::marks::{Marks, inherit_marks, running_prose};
use super::words::visible_chars;
use crate::bangla::chars::is_letter;
use crate::bangla::normalize_parsed;
use crate::page::{Document, Node, Tag};

/// A link within a line.
#[derive(Clone, Debug)]
pub struct LineLink<'a> {
    /// The `<a>`.
    pub node: Node<'a>,
    /// Its text within the line; none where that is the line's, as in most.
    text: Option<Said>,
}

/// One line: the text between two block boundaries.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// The nearest block element around the text.
    pub block: Node<'a>,
    /// From the first to one past the last text node of the line.
    pub nodes: Range<usize>,
    /// The text, white space collapsed.
    pub text: Said,
    /// How many characters of the text are no white space.
    pub chars: usize,
    /// How many of them stand in links.
    pub link_chars: usize,
    /// How many of them stand in bold elements.
    pub bold_chars: usize,
    /// The links in the line.
    pub links: Vec<LineLink<'a>>,
    /// The text in the pieces that touch without a space where one inline
    /// element ends and another begins: a name and a site glued by a template.
    pub pieces: Vec<String>,
    /// What the markup around the line suggests.
    pub marks: Marks,
    /// Whether the markup around the line calls it a credit.
    pub credits: bool,
    /// Whether it reads like running text, see [`story::is_prose`](super::story).
    pub prose: bool,
    /// Whether the text was typed in Bijoy.
    bijoy: bool,
}

impl Line<'_> {
    /// The text of one of the line's links within it, white space collapsed.
    pub fn text_of<'l>(&'l self, link: &'l LineLink<'_>) -> &'l Said {
        link.text.as_ref().unwrap_or(&self.text)
    }

    /// The share of the text that stands in links, 0 to 1.
    pub fn link_density(&self) -> f64 {
        if self.chars == 0 { 0.0 } else { self.link_chars as f64 / self.chars as f64 }
    }

    /// The text with a space wherever pieces touch: `6:42 PMShare` is a time
    /// and a button.
    pub fn spaced(&self) -> Cow<'_, str> {
        if self.pieces.len() > 1 { self.pieces.join(" ").into() } else { self.text.as_str().into() }
    }

    /// The heading level of the line's block, 1 to 6.
    pub fn heading_level(&self) -> Option<u8> {
        self.block.tag().and_then(Tag::heading_level)
    }

    /// Whether the whole line is bold.
    pub fn is_bold(&self) -> bool {
        self.chars > 0 && self.bold_chars == self.chars
    }
}

/// A page's lines and marks.
#[derive(Debug)]
pub struct Layout<'a> {
    /// The document.
    pub doc: &'a Document<'a>,
    /// The lines in document order, hidden ones included (see their marks).
    pub lines: Vec<Line<'a>>,
    /// For each node the marks of itself and its ancestors.
    marks: Vec<Marks>,
    /// For each node what the words of its class names tell.
    words: Vec<Words>,
    /// What had to be repaired in the text.
    pub repairs: Repairs,
    /// Whether the page is typed in Bijoy.
    bijoy: bool,
    /// For each line how many characters of running text stand before it.
    prose: Vec<usize>,
    /// For each node how many lines begin before it, and for the end of the page.
    lines_before: Vec<u32>,
}

/// What had to be repaired in a page's text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repairs {
    /// Text in a Bijoy font encoding was converted.
    pub bijoy: bool,
    /// Text read with the wrong charset was repaired.
    pub mojibake: bool,
    /// Such text is there and cannot be repaired.
    pub lossy: bool,
}

impl<'a> Layout<'a> {
    /// Lays out a document.
    pub fn new(doc: &'a Document<'a>) -> Self {
        let (mut lines, repairs) = Walk { doc, lines: Vec::new(), repairs: Repairs::default() }.run();
        let bijoy =
            repairs.bijoy && glyphs::is_bijoy_page(lines.iter().filter(|l| l.chars >= 25).map(|l| l.bijoy));
        if bijoy {
            for line in &mut lines {
                for link in &mut line.links {
                    let text = link.text.take().unwrap_or_else(|| line.text.clone());
                    link.text = Some(if line.bijoy { text } else { Said::unsettled(glyphs::convert(&text)) });
                }
                if line.bijoy {
                    if let Some(marked) = glyphs::with_credit_mark(&line.text) {
                        line.text = Said::unsettled(marked);
                    }
                } else {
                    line.text = Said::unsettled(glyphs::convert(&line.text));
                }
            }
        }
        let lines_before = lines_before(doc, &lines);
        let (marks, words) = inherit_marks(doc, &running_prose(doc, &lines), &lines_before);
        for line in &mut lines {
            line.marks = marks[line.nodes.start];
            line.credits = doc
                .node(line.nodes.start)
                .ancestors()
                .take(6)
                .take_while(|n| line.block.contains(*n) || n.contains(line.block))
                .take(5)
                .any(|n| words[n.index()].has(Words::CREDIT));
        }
        let mut prose = Vec::with_capacity(lines.len() + 1);
        prose.push(0);
        for line in &mut lines {
            line.prose = super::story::reads_as_prose(line);
            let before = prose.last().copied().unwrap_or(0);
            prose.push(before + if line.prose { line.chars } else { 0 });
        }
        Self { doc, lines, marks, words, repairs, bijoy, prose, lines_before }
    }

    /// How many characters of running text stand in a range of lines.
    pub fn prose_in(&self, lines: Range<usize>) -> usize {
        self.prose[lines.end] - self.prose[lines.start.min(lines.end)]
    }

    /// A text of the page in the record's form.
    pub fn tidy(&self, text: &str) -> String {
        if self.bijoy { glyphs::convert(text) } else { normalize_parsed(text).text.into_owned() }
    }

    /// A text in the record's form as one of which questions are asked.
    pub fn settled(&self, tidy: String) -> Said {
        if self.bijoy { Said::unsettled(tidy) } else { Said::new(tidy) }
    }

    /// The marks of a node and its ancestors.
    pub fn marks(&self, node: Node<'_>) -> Marks {
        self.marks[node.index()]
    }

    /// What the words of a node's own class names tell.
    pub fn words(&self, node: Node<'_>) -> Words {
        self.words[node.index()]
    }

    /// The line that is all that a node displays, its only text.
    pub fn said(&self, node: Node<'_>) -> Option<&Said> {
        let line = &self.lines[self.line_of(node)?];
        let only = line.nodes.len() == 1 && node.range().contains(&line.nodes.start);
        (only && !self.bijoy && has_one_text(node)).then_some(&line.text)
    }

    /// The key of a node's text.
    pub fn key_of(&self, node: Node<'_>) -> Cow<'_, str> {
        self.said(node).map_or_else(|| key(&node.text()).into(), |said| said.key().into())
    }

    /// Whether a text, of a link within its line, is all that the link displays
    /// and in the record's form: the link has no other text, and this is no
    /// number of its place in a list.
    pub fn is_all_of(&self, link: Node<'_>, text: &str) -> bool {
        let is_title = || text.chars().any(|c| is_letter(c) && !c.is_numeric());
        !self.bijoy && is_title() && has_one_text(link)
    }

    /// The lines whose text begins inside a node.
    pub fn lines_in(&self, node: Node<'_>) -> Range<usize> {
        self.lines_between(node.range())
    }

    /// The line in which a node's first text stands; `None` where the node has
    /// no text.
    pub fn line_of(&self, node: Node<'_>) -> Option<usize> {
        let nodes = node.range();
        let first = self.lines_before[nodes.start] as usize;
        // The line before may go on inside of the node.
        let before = first.checked_sub(1).filter(|at| self.lines[*at].nodes.end > nodes.start);
        let at = before.unwrap_or(first);
        self.lines.get(at).filter(|l| l.nodes.start < nodes.end).map(|_| at)
    }

    /// The lines whose text begins in a range of nodes.
    pub fn lines_between(&self, nodes: Range<usize>) -> Range<usize> {
        let start = self.lines_before[nodes.start] as usize;
        let end = self.lines_before[nodes.end] as usize;
        start..end.max(start)
    }
}

/// For each node how many lines begin before it, and for the end of the page.
fn lines_before(doc: &Document<'_>, lines: &[Line<'_>]) -> Vec<u32> {
    let mut out = Vec::with_capacity(doc.len() + 1);
    for (before, line) in lines.iter().enumerate() {
        out.resize(line.nodes.start + 1, before as u32);
    }
    out.resize(doc.len() + 1, lines.len() as u32);
    out
}

struct Walk<'a> {
    doc: &'a Document<'a>,
    lines: Vec<Line<'a>>,
    repairs: Repairs,
}

/// The text of a link in the line that is being gathered.
enum LinkText {
    /// A stretch of the line's.
    Whole(Range<usize>),
    /// Pieces, something else between them.
    Pieces(String),
}

/// The line that is being gathered.
struct Open<'a> {
    text: String,
    nodes: Option<Range<usize>>,
    link_chars: usize,
    bold_chars: usize,
    links: Vec<(Node<'a>, LinkText)>,
    /// Offsets into the text at which pieces touch.
    seams: Vec<usize>,
    /// The parent of the last text node.
    parent: Option<Node<'a>>,
}

impl<'a> Walk<'a> {
    fn run(mut self) -> (Vec<Line<'a>>, Repairs) {
        let root = self.doc.root();
        // Open elements that matter: where each ends, and what it is.
        let mut blocks: Vec<Node<'a>> = vec![root];
        let mut link: Option<Node<'a>> = None;
        let mut bold_until = 0_usize;
        let mut open = Open::new();
        let mut breaks = 0_usize;
        let mut index = 1;
        while index < self.doc.len() {
            while blocks.len() > 1 && blocks.last().is_some_and(|b| index >= b.range().end) {
                self.close(&mut open, &blocks);
                blocks.pop();
                breaks = 0;
            }
            if link.is_some_and(|l| index >= l.range().end) {
                link = None;
            }
            let node = self.doc.node(index);
            if node.is_element() && !is_displayed(node) {
                index = node.range().end;
                continue;
            }
            let Some(tag) = node.tag() else {
                let text = node.as_text().unwrap_or("");
                let is_blank = text.trim_start().is_empty();
                if !is_blank {
                    breaks = 0;
                }
                open.push(text, is_blank, node, link, index < bold_until);
                index += 1;
                continue;
            };
            if tag.is_unread() {
                index = node.range().end;
                continue;
            }
            match tag {
                Tag::Br => {
                    breaks += 1;
                    if breaks >= 2 || open.ends_paragraph(blocks.last().copied()) {
                        self.close(&mut open, &blocks);
                    } else {
                        open.text.push(' ');
                    }
                }
                Tag::Img | Tag::AmpImg | Tag::Picture | Tag::Video => open.text.push(' '),
                Tag::A => link = Some(node),
                Tag::B | Tag::Strong => bold_until = bold_until.max(node.range().end),
                t if t.is_block() => {
                    self.close(&mut open, &blocks);
                    breaks = 0;
                    blocks.push(node);
                }
                _ => {}
            }
            index += 1;
        }
        self.close(&mut open, &blocks);
        (self.lines, self.repairs)
    }

    /// A text in the record's form, its repairs noted.
    fn tidy(&mut self, text: &str) -> String {
        let done = normalize_parsed(text);
        self.repairs.bijoy |= done.bijoy_converted;
        self.repairs.mojibake |= done.mojibake_repaired;
        self.repairs.lossy |= done.mojibake_lossy;
        done.text.into_owned()
    }

    fn close(&mut self, open: &mut Open<'a>, blocks: &[Node<'a>]) {
        if let Some(nodes) = open.nodes.take() {
            self.add(open, nodes, blocks);
        }
        open.clear();
    }

    fn add(&mut self, done: &Open<'a>, nodes: Range<usize>, blocks: &[Node<'a>]) {
        let before = std::mem::take(&mut self.repairs.bijoy);
        let text = self.tidy(&done.text);
        let bijoy = self.repairs.bijoy;
        self.repairs.bijoy |= before;
        if text.is_empty() {
            return;
        }
        let whole = done.text.trim();
        let links = done.links.iter().map(|(node, text)| {
            let text = match text {
                LinkText::Whole(range) => &done.text[range.clone()],
                LinkText::Pieces(pieces) => pieces,
            };
            let text = (text.trim() != whole).then(|| Said::new(self.tidy(text)));
            LineLink { node: *node, text }
        });
        let links = links.collect();
        let block = blocks.last().copied().unwrap_or(self.doc.root());
        let chars = visible_chars(&text);
        let mut pieces = Vec::new();
        if chars <= MAX_PIECED && !done.seams.is_empty() {
            let ends = done.seams.iter().copied().chain([done.text.len()]);
            let mut start = 0;
            for end in ends {
                pieces.push(self.tidy(&done.text[start..end]));
                start = end;
            }
            pieces.retain(|p| !p.is_empty());
        }
        self.lines.push(Line {
            block,
            chars,
            link_chars: done.link_chars.min(chars),
            bold_chars: done.bold_chars.min(chars),
            links,
            marks: Marks::default(),
            credits: false,
            prose: false,
            bijoy,
            pieces,
            nodes,
            text: Said::new(text),
        });
    }
}

/// Loose text of at least this many bytes is a paragraph by itself.
const MIN_LOOSE_PARAGRAPH: usize = 240;

/// Lines up to this many characters are kept in pieces as well.
const MAX_PIECED: usize = 250;

/// Whether an element's text is read with the line that it stands in: text for
/// screen readers alone (`sr-only`) is not displayed.
fn is_displayed(node: Node<'_>) -> bool {
    !(node.tag().is_some_and(|t| !t.is_block())
        && node.range().len() <= 4
        && node.classes().any(|c| matches!(c, "visually-hidden" | "sr-only" | "screen-reader-text")))
}

impl<'a> Open<'a> {
    fn new() -> Self {
        Self {
            text: String::new(),
            nodes: None,
            link_chars: 0,
            bold_chars: 0,
            links: Vec::new(),
            seams: Vec::new(),
            parent: None,
        }
    }

    /// Makes room for the next line.
    fn clear(&mut self) {
        self.text.clear();
        self.links.clear();
        self.seams.clear();
        (self.nodes, self.parent) = (None, None);
        (self.link_chars, self.bold_chars) = (0, 0);
    }

    /// Whether a single break behind this text parts paragraphs: the text
    /// stands loose in a box, is long and ends a sentence. In a paragraph
    /// element a single break only starts a new line.
    fn ends_paragraph(&self, block: Option<Node<'_>>) -> bool {
        let loose = block.and_then(Node::tag).is_some_and(|t| {
            matches!(t, Tag::Div | Tag::Td | Tag::Article | Tag::Section | Tag::Main | Tag::Body)
        });
        loose
            && self.text.len() >= MIN_LOOSE_PARAGRAPH
            && super::story::ends_sentence(self.text.trim_end_matches([' ', '\n', '\t', '\r', '\u{a0}']))
    }

    fn push(&mut self, text: &str, is_blank: bool, node: Node<'a>, link: Option<Node<'a>>, bold: bool) {
        let index = node.index();
        let parent = node.parent();
        if parent != self.parent
            && self.text.chars().next_back().is_some_and(is_part_of_word)
            && text.chars().next().is_some_and(is_part_of_word)
        {
            self.seams.push(self.text.len());
        }
        self.parent = parent;
        let start = self.text.len();
        self.text.push_str(text);
        if is_blank {
            return;
        }
        match &mut self.nodes {
            Some(nodes) => nodes.end = index + 1,
            None => self.nodes = Some(index..index + 1),
        }
        if !bold && link.is_none() {
            return;
        }
        let chars = visible_chars(text);
        if bold {
            self.bold_chars += chars;
        }
        let Some(node) = link else { return };
        self.link_chars += chars;
        let end = self.text.len();
        match self.links.last_mut() {
            Some((last, LinkText::Whole(range))) if *last == node && range.end == start => range.end = end,
            Some((last, said)) if *last == node => {
                if let LinkText::Whole(range) = said {
                    *said = LinkText::Pieces(self.text[range.clone()].to_owned());
                }
                if let LinkText::Pieces(pieces) = said {
                    pieces.push_str(text);
                }
            }
            _ => self.links.push((node, LinkText::Whole(start..end))),
        }
    }
}

/// Whether one piece of text stands below a node that is not blank, and no more.
fn has_one_text(node: Node<'_>) -> bool {
    let is_text = |n: &Node<'_>| n.as_text().is_some_and(|t| !t.trim_start().is_empty());
    node.descendants().filter(is_text).take(2).count() == 1
}

fn is_part_of_word(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, ',' | ';' | '/' | '-' | '–' | '—')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::hints::Mark;

    fn texts(html: &str) -> Vec<String> {
        let doc = Document::parse(html);
        Layout::new(&doc).lines.into_iter().map(|l| l.text.to_string()).collect()
    }

    #[test]
    fn one_break_joins_and_two_part() {
        assert_eq!(texts("<div>ক<br>খ<br><br>গ<p>ঘ<br/>ঙ</p>চ</div>"), ["ক খ", "গ", "ঘ ঙ", "চ"]);
    }

    #[test]
    fn inline_pieces_stay_together() {
        assert_eq!(texts("<p>নি<b>জস্ব</b> <a href=x>প্রতি<i>বেদক</i></a></p>"), ["নিজস্ব প্রতিবেদক"]);
    }

    #[test]
    fn links_and_marks_are_kept() {
        let doc = Document::parse(
            "<div class='share'><p>ক</p></div><ul><li><a href=/1>খবর <b>এক</b></a> আজ</li></ul><p hidden>x</p>",
        );
        let layout = Layout::new(&doc);
        assert!(layout.lines[0].marks.has(Mark::Share));
        let line = &layout.lines[1];
        assert_eq!(line.links.len(), 1);
        assert_eq!(line.text_of(&line.links[0]).as_str(), "খবর এক");
        assert!(line.link_density() > 0.6);
        assert!(layout.lines[2].marks.has(Mark::Hidden));
        assert_eq!(layout.lines_in(doc.by_tag(Tag::Ul).next().unwrap()), 1..2);
    }
}
