//! What an element's markup, and that of all around it, suggests: one set of
//! marks for each node, made in one pass.

use super::hints::{self, Mark, Words};
use super::layout::Line;
use super::tokens::any_token;
use crate::page::{Attr, Document, Node, Tag};

/// A set of [`Mark`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u32);

impl Marks {
    /// The set with one more mark.
    #[must_use]
    pub fn with(self, mark: Mark) -> Self {
        Self(self.0 | 1 << mark as u32)
    }

    /// The set with those of another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set without a mark.
    #[must_use]
    pub fn without(self, mark: Mark) -> Self {
        Self(self.0 & !(1 << mark as u32))
    }

    /// Whether there is no mark in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The marks in the set.
    pub fn iter(self) -> impl Iterator<Item = Mark> {
        Mark::ALL.into_iter().filter(move |m| self.has(*m))
    }

    /// Whether a mark is in the set.
    pub fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u32) != 0
    }

    /// Whether any of several marks is in the set.
    pub fn any(self, marks: &[Mark]) -> bool {
        marks.iter().any(|m| self.has(*m))
    }
}

/// Of a page's prose, the share below an element from which its own marks are
/// not believed: a body may call itself `innerAdDiv` or `share-content`.
const TOO_MUCH_FOR_A_MARK: f64 = 0.35;

/// The same for an element that says it is hidden: a script may show it, but
/// a page may also hold its text twice, for two kinds of screen.
const TOO_MUCH_TO_BE_HIDDEN: f64 = 0.7;

/// The same for comments: a text does not call itself that, and a debate may
/// be longer than the article.
const TOO_MUCH_FOR_COMMENTS: f64 = 0.95;

/// For each node how many characters of prose begin before it.
pub fn running_prose(doc: &Document<'_>, lines: &[Line<'_>]) -> Vec<usize> {
    let mut sums = vec![0_usize; doc.len() + 1];
    for line in lines {
        if line.chars >= 60 && line.link_density() < 0.3 {
            sums[line.nodes.start + 1] += line.chars;
        }
    }
    for i in 1..sums.len() {
        sums[i] += sums[i - 1];
    }
    sums
}

/// Pagination takes a few lines at most.
const PAGINATION_LINES: u32 = 6;

/// For each node the marks of itself and its ancestors, and what the words of
/// its own class names tell; `lines` says of each node how many lines begin before
/// it.
pub fn inherit_marks(doc: &Document<'_>, prose: &[usize], lines: &[u32]) -> (Vec<Marks>, Vec<Words>) {
    let mut judge = Judge { prose, lines, heading: main_heading(doc), unfolded: 0 };
    let mut out: Vec<Marks> = Vec::with_capacity(doc.len());
    let mut words = Vec::with_capacity(doc.len());
    for index in 0..doc.len() {
        let node = doc.node(index);
        let inherited = node.parent().map_or_else(Marks::default, |p| out[p.index()]);
        let Some(tag) = node.tag() else {
            out.push(inherited);
            words.push(Words::default());
            continue;
        };
        let (found, said) = hints::marks(node);
        words.push(said);
        // What html and body call themselves holds for the whole page.
        let own = if found.is_empty() || matches!(tag, Tag::Html | Tag::Body) {
            Marks::default()
        } else {
            judge.believed(node, found)
        };
        out.push(inherited.and(own));
    }
    (out, words)
}

/// Tells which of an element's own marks are believed.
struct Judge<'p> {
    /// For each node how many characters of prose begin before it.
    prose: &'p [usize],
    /// For each node how many lines begin before it.
    lines: &'p [u32],
    /// The page's headline, where that is plain.
    heading: Option<usize>,
    /// How many hidden parts of the text were found.
    unfolded: usize,
}

impl Judge<'_> {
    fn believed(&mut self, node: Node<'_>, found: Marks) -> Marks {
        let range = node.range();
        let total = self.prose.last().copied().unwrap_or(0) as f64;
        let share = (self.prose[range.end] - self.prose[range.start]) as f64 / total.max(1.0);
        let around_heading = self.heading.is_some_and(|h| range.contains(&h));
        let mut believed = Marks::default();
        for mark in found.iter() {
            // The box around the page's headline is no furniture.
            if around_heading && !matches!(mark, Mark::Hidden | Mark::Masthead) {
                continue;
            }
            // The header of an article is no page's head, nor is its
            // footer the page's foot.
            if mark == Mark::Masthead && heads_an_article(node) {
                continue;
            }
            if mark == Mark::Footer && node.tag() == Some(Tag::Footer) && is_in_article(node) {
                continue;
            }
            // A list may call itself one that has pages.
            if mark == Mark::Pagination && (found.has(Mark::Related) || self.holds_many_lines(node)) {
                continue;
            }
            if mark == Mark::Hidden && self.unfolded < MAX_UNFOLDED && may_unfold(node, self.prose) {
                self.unfolded += 1;
                if !is_twin(node) {
                    continue;
                }
            }
            let limit = match mark {
                Mark::Hidden => TOO_MUCH_TO_BE_HIDDEN,
                Mark::Comments => TOO_MUCH_FOR_COMMENTS,
                _ => TOO_MUCH_FOR_A_MARK,
            };
            if share <= limit {
                believed = believed.with(mark);
            }
        }
        believed
    }

    fn holds_many_lines(&self, node: Node<'_>) -> bool {
        let nodes = node.range();
        self.lines[nodes.end] - self.lines[nodes.start] > PAGINATION_LINES
    }
}

/// Whether a hidden element is the rest of the text that stands before it, which
/// a button shows: running text beside running text, and something to press
/// between the two.
fn may_unfold(node: Node<'_>, prose: &[usize]) -> bool {
    let sum = |from: usize, to: usize| prose[to] - prose[from];
    let range = node.range();
    let Some(parent) = node.parent() else { return false };
    if sum(range.start, range.end) < MIN_REST || sum(parent.range().start, range.start) < MIN_REST {
        return false;
    }
    let named = |n: Node<'_>| {
        [Attr::Class, Attr::Id].into_iter().filter_map(|a| n.get(a)).any(|value| {
            any_token(value, |t| {
                matches!(t, "more" | "readmore" | "showmore" | "seemore" | "loadmore" | "toggle" | "expand")
            })
        })
    };
    let is_button = |n: Node<'_>| {
        n.range().len() <= 12
            && (n.tag() == Some(Tag::Button) || n.get(Attr::Onclick).is_some() || named(n))
            && n.text().split_whitespace().count() <= 6
    };
    let siblings = || parent.children().filter(|c| c.is_element() && *c != node).take(MAX_SIBLINGS);
    siblings().any(|s| is_button(s) || s.range().len() <= 12 && s.descendants().any(is_button))
}

/// Whether a hidden text repeats what is displayed beside it: it is the same
/// for another kind of screen.
fn is_twin(node: Node<'_>) -> bool {
    let start: String = node.text().chars().take(60).collect();
    node.parent().is_some_and(|parent| parent.text().matches(start.as_str()).count() != 1)
}

/// An article has few hidden parts; beyond, they are not compared.
const MAX_UNFOLDED: usize = 8;

/// So many characters of running text make a part of an article.
const MIN_REST: usize = 60;

/// How many neighbours of a hidden element are looked at.
const MAX_SIBLINGS: usize = 40;

/// The index of the only h1 of several words, where there is just one.
fn main_heading(doc: &Document<'_>) -> Option<usize> {
    let mut headings =
        doc.by_tag(Tag::H1).filter(|h| h.range().len() < 40 && h.text().split_whitespace().count() >= 3);
    let first = headings.next()?;
    headings.next().is_none().then_some(first.index())
}

fn is_in_article(node: Node<'_>) -> bool {
    node.ancestors().take(6).any(|a| a.tag() == Some(Tag::Article))
}

fn heads_an_article(node: Node<'_>) -> bool {
    node.ancestors().take(6).any(|a| matches!(a.tag(), Some(Tag::Article | Tag::Main)))
        || node
            .descendants()
            .take(400)
            .any(|d| d.tag() == Some(Tag::H1) && d.text().split_whitespace().count() >= 3)
}
