//! Related: the lists of other articles that the page offers its reader.
//!
//! A list is told by its links, not by its class names: several words in each,
//! addresses of the same site, outside of menus, mastheads and footers. A link
//! inside a sentence is none; a line between paragraphs that is a link, or is
//! announced as one, is.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::address::Address;
use super::body;
use super::context::Cx;
use super::headline::Headline;
use super::hints::{Mark, Words};
use super::key;
use super::keyed::{Said, keys};
use super::layout::{Layout, Line, LineLink};
use super::links;
use super::notes::Notes;
use super::words;
use crate::article::{RelatedLink, Source};
use crate::bangla::newsroom;
use crate::page::{Attr, Node, Tag};

struct Offer<'c, 'a> {
    node: Node<'a>,
    /// The line that the link's text stands in.
    line: usize,
    /// The title, the page's own text where it is all of one.
    title: Cow<'c, Said>,
    /// Whether the title is displayed rather than an attribute's.
    shown: bool,
    address: Address<'c>,
    /// What tells the address's page from others.
    key: String,
}

/// Finds the links to other articles.
pub fn find<'a>(cx: &Cx<'a>, headline: Option<&Headline<'a>>, notes: &mut Notes) -> Vec<RelatedLink> {
    let offers = offers(cx, headline);
    let groups = Groups::new(cx, &offers);
    let mut out: Vec<RelatedLink> = Vec::new();
    // For each address where it stands in the list, and whether its title is
    // one that a reader sees.
    let mut seen: HashMap<&str, (usize, bool), RandomState> =
        HashMap::with_capacity_and_hasher(offers.len(), RandomState::default());
    for offer in &offers {
        if let Some((at, shown)) = seen.get_mut(offer.key.as_str()) {
            if offer.shown && !*shown {
                out[*at].title = offer.title.to_string();
                *shown = true;
            }
            continue;
        }
        seen.insert(&offer.key, (out.len(), offer.shown));
        let group = groups.of(offer);
        let url = Some(offer.address.parts().whole());
        out.push(RelatedLink { title: offer.title.to_string(), url, group });
    }
    if !out.is_empty() {
        notes.take("related", format!("{} links", out.len()), Source::Visible);
    }
    out
}

fn offers<'c, 'a>(cx: &'c Cx<'a>, headline: Option<&Headline<'a>>) -> Vec<Offer<'c, 'a>> {
    let start = headline.and_then(|h| h.node).map_or(0, Node::index);
    let boxes = cx.proven(|e| &e.fields.related);
    let links = cx.layout.doc.by_tag(Tag::A);
    links.filter_map(|link| offer(cx, link, start, &boxes)).collect()
}

/// What a link offers, if it offers another article; `boxes` are those that the
/// site's rule knows to hold such links.
#[allow(clippy::similar_names)] // a line and a link are called just that here
fn offer<'c, 'a>(
    cx: &'c Cx<'a>,
    link: Node<'a>,
    headline: usize,
    boxes: &[Node<'a>],
) -> Option<Offer<'c, 'a>> {
    let layout = &cx.layout;
    let ruled = || boxes.iter().any(|b| b.contains(link));
    // Most links are the page's furniture; their addresses are not looked at.
    if is_furniture(layout, link, headline) && !ruled() {
        return None;
    }
    let line_of_text = layout.line_of(link);
    let in_line = line_of_text.and_then(|index| {
        let line = &layout.lines[index];
        let at = line.links.binary_search_by_key(&link.index(), |l| l.node.index()).ok()?;
        Some((line, &line.links[at]))
    });
    let short = |said: &Said| memchr::memchr_iter(b' ', said.as_bytes()).nth(1).is_none();
    let said = in_line.map(|(line, l)| line.text_of(l));
    let said = said.filter(|said| layout.is_all_of(link, said));
    // Too short for a title, as what menus hold.
    if said.is_some_and(short) {
        return None;
    }
    let target = links::target(cx, link).filter(|t| t.same_site && t.article)?;
    // A link laid over a card has no text of its own.
    let index = line_of_text
        .or_else(|| line_of_title(cx, link))
        .unwrap_or_else(|| layout.lines_between(link.index()..layout.doc.len()).start);
    let line = layout.lines.get(index)?;
    if layout.marks(link).has(Mark::Navigation) && !words::at_least(&line.text, 4) && !ruled()
        || in_line.is_some_and(|(line, l)| in_sentence(line, l))
        || is_previous_or_next(cx, link, said)
    {
        return None;
    }
    let title = title(cx, link, said);
    if !links::is_title(&title) || in_masthead_ticker(cx, link, index, headline) {
        return None;
    }
    let repeats = |a: Attr| link.get(a).is_some_and(|text| title.has_key(&key(text)));
    let shown =
        in_line.is_some() || !(repeats(Attr::Title) || repeats(Attr::AriaLabel)) || !link.text().is_empty();
    let key = target.address.parts().page_key();
    Some(Offer { node: link, line: index, title, shown, address: target.address, key })
}

/// Whether a link belongs to the page's furniture, wherever it leads.
fn is_furniture(layout: &Layout<'_>, link: Node<'_>, headline: usize) -> bool {
    let marks = layout.marks(link);
    marks.any(&[Mark::Footer, Mark::Breadcrumb, Mark::Comments, Mark::Ticker, Mark::Pagination])
        || (marks.has(Mark::Masthead) && link.index() < headline)
        || (marks.has(Mark::Hidden) && !in_tab(layout, link))
}

/// The title that a link offers; `said` is its text where that is all it has.
fn title<'c>(cx: &'c Cx<'_>, link: Node<'_>, said: Option<&'c Said>) -> Cow<'c, Said> {
    let layout = &cx.layout;
    let own = || layout.settled(layout.tidy(&links::title_of(link)));
    let whole = said.map_or_else(|| Cow::Owned(own()), Cow::Borrowed);
    let text = tidy_title(body::without_read_more(whole.as_ref()));
    if text.len() == whole.len() {
        return whole;
    }
    Cow::Owned(layout.settled(text.to_owned()))
}

/// The line of the title that a link without text of its own offers.
fn line_of_title(cx: &Cx<'_>, link: Node<'_>) -> Option<usize> {
    let title = key(&links::title_of(link));
    let card = link.ancestors().take(3).find(|a| cx.layout.line_of(*a).is_some())?;
    let range = cx.layout.lines_in(card);
    let near = range.start..range.end.min(range.start + 12);
    near.clone().find(|i| cx.layout.lines[*i].text.has_key(&title)).or(Some(near.start))
}

/// Takes bullets and numbers of a list off a title.
fn tidy_title(title: &str) -> &str {
    title.trim_start_matches(['❖', '●', '•', '»', '■', '▶', '►', '➤', '*', '-', '–', '>', ' ', '|']).trim()
}

/// A panel that a click on its tab shows is offered all the same.
fn in_tab(layout: &Layout<'_>, node: Node<'_>) -> bool {
    let is_panel = |n: Node<'_>| layout.words(n).has(Words::TAB) || n.get(Attr::Role) == Some("tabpanel");
    node.ancestors().take(8).any(is_panel)
}

/// Whether the link stands in running text rather than on a line of its own.
fn in_sentence(line: &Line<'_>, own_link: &LineLink<'_>) -> bool {
    let rest = line.chars.saturating_sub(line.link_chars);
    // Nothing that could be a sentence.
    if rest <= 12 {
        return false;
    }
    let own_text = line.text_of(own_link).as_str();
    // A title on its own line above a teaser, a break between them.
    let opens =
        line.links.first().is_some_and(|l| l.node == own_link.node) && line.text.starts_with(own_text);
    let next = std::iter::successors(own_link.node.next_sibling(), |n| n.next_sibling())
        .find(|n| n.as_text().is_none_or(|t| !t.trim().is_empty()));
    if opens && next.is_some_and(|n| n.tag() == Some(Tag::Br)) || body::is_read_more(&line.text) {
        return false;
    }
    // A list printed as one line: its links outweigh what stands between.
    rest * 2 > words::visible_chars(own_text) + line.link_chars
}

/// How links to the previous and the next article are labelled, also before its
/// title.
const NEIGHBOUR_LABELS: &[&str] = &[
    "আগের সংবাদ",
    "পরের সংবাদ",
    "আগের খবর",
    "পরের খবর",
    "পূর্ববর্তী সংবাদ",
    "পরবর্তী সংবাদ",
    "previous article",
    "next article",
    "previous post",
    "next post",
];

/// The same in one word, with which a title may begin.
const NEIGHBOUR_WORDS: &[&str] = &["আগে", "পরে", "পূর্ববর্তী", "পরবর্তী", "previous", "next", "prev"];

/// Links to the previous and the next article are pagination; `said` is the
/// link's text where that is all it has.
fn is_previous_or_next(cx: &Cx<'_>, node: Node<'_>, said: Option<&Said>) -> bool {
    if links::has_rel(node, &["prev", "next"]) {
        return true;
    }
    let (labels, words) = (keys!(NEIGHBOUR_LABELS), keys!(NEIGHBOUR_WORDS));
    if said.map_or_else(|| labels.open(&key(&node.text())), |said| said.opens_with(labels)) {
        return true;
    }
    let is_label = |line: &Line<'_>| {
        line.chars <= 40 && [labels, words].iter().any(|list| list.contains(line.text.key()))
    };
    // A label in the same small box.
    for ancestor in node.ancestors().take(3) {
        let range = cx.layout.lines_in(ancestor);
        if range.len() > 4 {
            return false;
        }
        if cx.layout.lines[range].iter().any(is_label) || cx.layout.words(ancestor).has(Words::NEIGHBOURS) {
            return true;
        }
    }
    false
}

/// Whether the line belongs to moving headlines above the article: a list that
/// a ticker's heading opens.
fn in_masthead_ticker(cx: &Cx<'_>, link: Node<'_>, at: usize, headline: usize) -> bool {
    let layout = &cx.layout;
    if link.index() >= headline {
        return false;
    }
    for before in layout.lines[..at].iter().rev().take(12) {
        if before.chars <= 40 && keys!(newsroom::TICKER_HEADINGS).contains(before.text.key()) {
            // Of this list only where both stand in one small box.
            return link
                .ancestors()
                .take(5)
                .any(|a| a.contains(before.block) && layout.lines_in(a).len() <= 16);
        }
        if before.links.is_empty() && before.chars > 0 {
            return false;
        }
    }
    false
}

/// Where lists are headed, found for the lines before links on offer.
struct Groups<'g, 'c, 'a> {
    cx: &'c Cx<'a>,
    offers: &'g [Offer<'c, 'a>],
    /// For each line whether a link on offer stands in it.
    offered: Vec<bool>,
    /// For each line what heads a list that begins after it, where that is known.
    heads: RefCell<Vec<Option<Head>>>,
    /// The keys of titles on offer that a heading may have too.
    titles: OnceCell<HashSet<&'g str, RandomState>>,
}

/// What stands nearest before a list.
#[derive(Clone, Copy, Debug)]
enum Head {
    /// The line that heads it.
    Heading(usize),
    /// Running text, at which a list before it ends; or the start of the page.
    Wall,
}

impl<'g, 'c, 'a> Groups<'g, 'c, 'a> {
    fn new(cx: &'c Cx<'a>, offers: &'g [Offer<'c, 'a>]) -> Self {
        let mut offered = vec![false; cx.layout.lines.len()];
        for offer in offers {
            offered[offer.line] = true;
        }
        let heads = RefCell::new(vec![None; offered.len()]);
        Self { cx, offers, offered, heads, titles: OnceCell::new() }
    }

    /// What stands nearest before a line.
    fn nearest(&self, line: usize) -> Head {
        let mut heads = self.heads.borrow_mut();
        let mut start = line;
        let mut found = Head::Wall;
        while start > 0 {
            start -= 1;
            if let Some(head) = heads[start].or_else(|| self.head(start)) {
                found = head;
                break;
            }
        }
        heads[start..line].fill(Some(found));
        found
    }

    /// What a line is to a list after it.
    fn head(&self, index: usize) -> Option<Head> {
        let line = &self.cx.layout.lines[index];
        if self.offered[index] || line.marks.has(Mark::Hidden) {
            return None;
        }
        if line.chars > 150 && super::story::is_prose(line) {
            return Some(Head::Wall);
        }
        let heads = line.chars <= MAX_HEADING
            && looks_like_heading(&self.cx.layout, line)
            && !super::timestamp::is_date_line(&line.text)
            && !self.is_title(&line.text);
        heads.then_some(Head::Heading(index))
    }

    /// Whether a text is the title of a link on offer.
    fn is_title(&self, text: &Said) -> bool {
        let titles = || self.offers.iter().map(|o| o.title.as_ref()).filter(|t| may_be_short(t));
        self.titles.get_or_init(|| titles().map(Said::key).collect()).contains(text.key())
    }

    /// The heading of the list that a link stands in: the nearest line before
    /// it that heads one, within the list's own box.
    fn of(&self, offer: &Offer<'_, '_>) -> Option<String> {
        let layout = &self.cx.layout;
        let line = &layout.lines[offer.line];
        if body::is_read_more(&line.text) && line.links.len() <= 1 {
            let label: String = line
                .text
                .trim_start_matches(['[', '(', '»', '>', '•', '-', '*', ' '])
                .chars()
                .take_while(|c| !matches!(c, ':' | '<' | '>' | '»' | '«' | '|' | '-' | '–' | 'ঃ'))
                .collect();
            let label = label.trim();
            if !words::at_least(label, 5) && !label.is_empty() && label != line.text.as_str() {
                return Some(label.to_owned());
            }
        }
        let Head::Heading(at) = self.nearest(offer.line) else { return None };
        let around =
            || offer.node.ancestors().take(9).take_while(|a| !matches!(a.tag(), Some(Tag::Body | Tag::Html)));
        // In a box with the list, or directly before the list itself.
        let inside = around().any(|a| layout.lines_in(a).start <= at)
            || around().last().is_some_and(|list| layout.lines_in(list).start == at + 1);
        let top = &layout.lines[at];
        // Tabs stand in one line: the one that names the list's panel, else
        // the first, heads it.
        if top.links.len() >= 2 && top.pieces.len() >= 2 {
            let shows = |tab: &LineLink<'_>| {
                let panel = tab.node.get(Attr::Href).and_then(|h| h.strip_prefix('#'));
                panel.is_some_and(|id| offer.node.ancestors().take(9).any(|a| a.get(Attr::Id) == Some(id)))
            };
            let tab = top.links.iter().find(|l| shows(l)).or(top.links.first())?;
            return inside.then(|| top.text_of(tab).to_string());
        }
        let text = &top.text;
        inside.then(|| {
            text.trim_end_matches([':', '-', '–', 'ঃ', ' ', '|']).trim_end_matches('<').trim_end().to_owned()
        })
    }
}

/// The heading of a list has no more characters, spaces left out.
const MAX_HEADING: usize = 45;

/// Whether a title's key may be that of a list's heading: beyond, it has more
/// letters of Bengali than that may have characters, however words end.
fn may_be_short(title: &str) -> bool {
    memchr::memchr_iter(0xe0, title.as_bytes()).count() <= 2 * MAX_HEADING
}

fn looks_like_heading(layout: &Layout<'_>, line: &Line<'_>) -> bool {
    if line.chars == 0 || body::is_furniture(&line.text) {
        return false;
    }
    line.heading_level().is_some()
        || line.block.tag() == Some(Tag::Th)
        || line.is_bold()
        || body::is_list_heading(&line.text)
        || body::is_read_more(&line.text)
        || line.block.ancestors_or_self().take(3).any(|n| layout.words(n).has(Words::LIST_HEADING))
}
