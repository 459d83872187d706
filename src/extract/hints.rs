//! What class names, ids and tags say about an element.
//!
//! Only the vocabulary that many unrelated sites share is used, and only as a
//! hint: a theme may call its list of latest news `tag-item` or its body
//! `more`. So each use of a mark says what else must hold.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use super::marks::Marks;
use super::phrases::Phrases;
use super::tokens::any_token_or_whole;
use crate::page::{Attr, Node, Tag};

/// What an element is there for, as its markup suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Mark {
    /// Not displayed at all.
    Hidden,
    /// A menu or a list of pages.
    Navigation,
    /// The page's head: logo, date, menus.
    Masthead,
    /// The page's foot: imprint, copyright.
    Footer,
    /// Moving headlines.
    Ticker,
    /// The trail from the home page to the article.
    Breadcrumb,
    /// Share buttons, follow and subscribe prompts.
    Share,
    /// An advertisement.
    Ad,
    /// Readers' comments and the form for them.
    Comments,
    /// Polls, newsletters, cookie notices, prayer times, log-in boxes.
    Widget,
    /// A picture's caption or credit.
    Caption,
    /// A list of other articles.
    Related,
    /// Tags and topics.
    Tags,
    /// Links to the previous and the next article.
    Pagination,
}

impl Mark {
    /// All marks.
    pub const ALL: [Self; 14] = [
        Self::Hidden,
        Self::Navigation,
        Self::Masthead,
        Self::Footer,
        Self::Ticker,
        Self::Breadcrumb,
        Self::Share,
        Self::Ad,
        Self::Comments,
        Self::Widget,
        Self::Caption,
        Self::Related,
        Self::Tags,
        Self::Pagination,
    ];
}

const TOKENS: &[(Mark, &[&str])] = &[
    (
        Mark::Comments,
        &["comment", "comments", "commentlist", "disqus", "respond", "comentario", "opinionform"],
    ),
    (
        Mark::Share,
        &[
            "share",
            "sharing",
            "sharethis",
            "shareaholic",
            "addthis",
            "addtoany",
            "a2a",
            "sharedaddy",
            "social",
            "socials",
            "socialicon",
            "followus",
            "follow",
            "jeg_share",
        ],
    ),
    (
        Mark::Ad,
        &[
            "ad",
            "ads",
            "advert",
            "adverts",
            "advertisement",
            "adsbygoogle",
            "adsense",
            "adslot",
            "adbox",
            "adwrap",
            "adspot",
            "adlabel",
            "gpt",
            "dfp",
            "sponsor",
            "sponsored",
            "taboola",
            "outbrain",
            "mgid",
        ],
    ),
    (Mark::Breadcrumb, &["breadcrumb", "breadcrumbs", "crumb", "crumbs", "breadcum"]),
    (
        Mark::Ticker,
        &["ticker", "webticker", "newsticker", "marquee", "breaking", "scroller", "scrollnews", "slide_news"],
    ),
    (Mark::Pagination, &["pagination", "pager", "nextprev", "prevnext", "page-numbers"]),
    (
        Mark::Navigation,
        &[
            "nav",
            "navbar",
            "navigation",
            "menu",
            "megamenu",
            "submenu",
            "mainmenu",
            "navmenu",
            "sidenav",
            "offcanvas",
        ],
    ),
    (Mark::Footer, &["footer", "copyright", "colophon", "sitefooter"]),
    (
        Mark::Masthead,
        &["masthead", "header", "topbar", "sitehead", "siteheader", "logo", "topheader", "headertop"],
    ),
    (
        Mark::Widget,
        &[
            "newsletter",
            "subscribe",
            "poll",
            "jorip",
            "vote",
            "cookie",
            "cookies",
            "consent",
            "gdpr",
            "popup",
            "modal",
            "login",
            "signup",
            "prayer",
            "namaz",
            "weather",
            "paywall",
        ],
    ),
    (
        Mark::Caption,
        &["caption", "figcaption", "imgcaption", "cutline", "photocredit", "imagecredit", "capt"],
    ),
    (Mark::Tags, &["tags", "tag", "taglist", "topics", "topic", "keywords", "tagarea"]),
    (
        Mark::Related,
        &[
            "related",
            "alsoread",
            "readalso",
            "readmore",
            "recommended",
            "mostread",
            "trending",
            "latest",
            "popular",
        ],
    ),
];

/// What the words in an element's class names tell beside its [`Mark`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words(u16);

impl Words {
    /// Of a headline; in ids as well.
    pub const HEADLINE: Self = Self(1);
    /// Of a credit; in ids as well.
    pub const CREDIT: Self = Self(1 << 1);
    /// Of the heading of a list.
    pub const LIST_HEADING: Self = Self(1 << 2);
    /// Of a picture.
    pub const PICTURE: Self = Self(1 << 3);
    /// Of a title.
    pub const TITLE: Self = Self(1 << 4);
    /// Of links to the previous and the next article; in ids as well.
    pub const NEIGHBOURS: Self = Self(1 << 5);
    /// Of a panel that a click on its tab shows.
    pub const TAB: Self = Self(1 << 6);
    /// Not displayed.
    const HIDDEN: Self = Self(1 << 7);
    /// Those that are read in ids.
    const IN_IDS: Self = Self(Self::HEADLINE.0 | Self::CREDIT.0 | Self::NEIGHBOURS.0);

    /// Whether words of a kind are there.
    pub fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    fn add(&mut self, kind: Self, there: bool) {
        self.0 |= if there { kind.0 } else { 0 };
    }
}

/// Class names that tell of more than marks.
const WORDS: &[(Words, &[&str])] = &[
    (Words::TITLE, &["title"]),
    (Words::HEADLINE, &["title", "headline", "heading", "hl2", "hl"]),
    (Words::CREDIT, &["writter", "rpt", "rep", "credit", "editor", "fn"]),
    (Words::LIST_HEADING, &["title", "heading", "head", "header", "hl", "caption", "tablink"]),
    (Words::PICTURE, &["img", "image", "photo", "figure", "picture", "media", "thumb", "thumbnail"]),
];

/// `entry-footer`, `post-header`: of the article, not of the page.
const OF_THE_ARTICLE: &[&str] =
    &["post", "entry", "article", "story", "single", "news", "content", "card", "block"];

/// Parts of class names that mark a credit.
const CREDIT_CLASSES: &[&str] = &["byline", "byeline", "author", "reporter", "writer", "contributor"];

/// Parts of class names of links to the previous and the next article.
const NEIGHBOUR_CLASSES: &[&str] =
    &["next-prev", "prev-next", "prev-post", "next-post", "nav-previous", "nav-next", "blog-pager"];

/// Parts of class names of a panel that a click on its tab shows.
const TAB_CLASSES: &[&str] = &["tab-pane", "tabcontent", "tab_content", "city"];

/// How many values of `class` and `id` are kept.
const KEPT: usize = 2048;

/// A value and what it says.
type Kept = (Box<str>, Marks, Words);

thread_local! {
    /// What values of `class` and `id` say, by a number made of the value; a
    /// newer one takes an older one's place. Pages of one site repeat them.
    static KNOWN: RefCell<Vec<Option<Kept>>> = RefCell::new(vec![None; KEPT]);
}

/// [`named`], from what is kept.
fn known(name: &str) -> (Marks, Words) {
    static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::default);
    let sum = HASHER.hash_one(name);
    KNOWN.with_borrow_mut(|known| {
        let place = &mut known[sum as usize % KEPT];
        match place {
            Some((known, marks, words)) if **known == *name => (*marks, *words),
            _ => {
                let (marks, words) = named(name);
                // What is endless is said once.
                if name.len() <= 256 {
                    *place = Some((name.into(), marks, words));
                }
                (marks, words)
            }
        }
    })
}

/// What a token says.
#[derive(Clone, Copy, Default)]
struct Told {
    marks: Marks,
    words: Words,
    /// Whether it names a part of the article, see [`OF_THE_ARTICLE`].
    of_article: bool,
}

/// What each token of the lists above says.
static TOLD: LazyLock<HashMap<&str, Told, RandomState>> = LazyLock::new(|| {
    let mut told: HashMap<&str, Told, RandomState> = HashMap::default();
    for (mark, list) in TOKENS {
        for token in *list {
            let told = told.entry(token).or_default();
            told.marks = told.marks.with(*mark);
        }
    }
    for (words, list) in WORDS {
        for token in *list {
            told.entry(token).or_default().words.add(*words, true);
        }
    }
    for token in OF_THE_ARTICLE {
        told.entry(token).or_default().of_article = true;
    }
    told
});

static PARTS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(NEIGHBOUR_CLASSES.iter().chain(TAB_CLASSES).copied()));

static CREDIT_PARTS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(CREDIT_CLASSES.iter().copied()));

/// None of the tokens of the lists has more bytes.
const LONGEST_TOKEN: usize = 16;

/// What one value of `class` or `id` says.
fn named(name: &str) -> (Marks, Words) {
    let mut found = Told::default();
    any_token_or_whole(name, |token, whole| {
        if token.len() <= LONGEST_TOKEN
            && let Some(told) = TOLD.get(token)
        {
            found.marks = found.marks.and(told.marks);
            found.words.add(told.words, true);
            found.of_article |= told.of_article;
        }
        // What stands in a token stands in the whole name.
        found.words.add(Words::CREDIT, whole && CREDIT_PARTS.stand_in(token));
        false
    });
    found.words.add(Words::HIDDEN, hides_by_class(name));
    PARTS.each_in(&name.to_ascii_lowercase(), |part| {
        found.words.add(Words::NEIGHBOURS, NEIGHBOUR_CLASSES.contains(&part));
        found.words.add(Words::TAB, TAB_CLASSES.contains(&part));
    });
    if found.of_article {
        found.marks = found.marks.without(Mark::Footer).without(Mark::Masthead);
    }
    (found.marks, found.words)
}

/// Whether an element's own markup keeps it from being displayed.
pub fn is_hidden(node: Node<'_>) -> bool {
    marks(node).0.has(Mark::Hidden)
}

/// What an element's own markup says; what its ancestors say is not looked at.
pub fn marks(node: Node<'_>) -> (Marks, Words) {
    let mut out = Marks::default();
    let mut words = Words::default();
    let mut add = |mark| out = out.with(mark);
    match node.tag() {
        Some(Tag::Nav | Tag::AmpSidebar) => add(Mark::Navigation),
        Some(Tag::Footer) => add(Mark::Footer),
        Some(Tag::Header) => add(Mark::Masthead),
        Some(Tag::Marquee) => add(Mark::Ticker),
        Some(Tag::Figcaption) => add(Mark::Caption),
        Some(Tag::Ins | Tag::AmpAd) if node.get(Attr::Class).is_some_and(|c| c.contains("adsbygoogle")) => {
            add(Mark::Ad);
        }
        Some(Tag::AmpAd) => add(Mark::Ad),
        Some(Tag::Form | Tag::Button | Tag::Fieldset | Tag::Dialog) => add(Mark::Widget),
        _ => {}
    }
    match node.get(Attr::Role) {
        Some("navigation") => out = out.with(Mark::Navigation),
        Some("contentinfo") => out = out.with(Mark::Footer),
        Some("banner") => out = out.with(Mark::Masthead),
        Some("dialog" | "alertdialog" | "search") => out = out.with(Mark::Widget),
        _ => {}
    }
    if node.get(Attr::Hidden).is_some() || node.get(Attr::Style).is_some_and(hides_by_style) {
        out = out.with(Mark::Hidden);
    }
    if let Some(class) = node.get(Attr::Class) {
        let (marks, found) = known(class);
        out = out.and(marks);
        if found.has(Words::HIDDEN) {
            out = out.with(Mark::Hidden);
        }
        words.0 |= found.0;
    }
    if let Some(id) = node.get(Attr::Id) {
        let (marks, found) = known(id);
        out = out.and(marks);
        words.0 |= found.0 & Words::IN_IDS.0;
    }
    words.add(Words::CREDIT, node.get(Attr::Rel).is_some_and(|v| v == "author"));
    words.add(Words::CREDIT, node.get(Attr::Itemprop).is_some_and(|v| v.contains("author")));
    words.add(Words::CREDIT, node.get(Attr::DataComponent).is_some_and(|v| v.contains("byline")));
    (out, words)
}

/// Whether the element's own style says that it is not displayed.
fn hides_by_style(style: &str) -> bool {
    // Both declarations hold a `y`, which few others do.
    if !style.contains(['y', 'Y']) {
        return false;
    }
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn shows_on_a_screen(class: &str) -> bool {
    let ways = ["block", "flex", "inline", "grid"];
    class.split(':').skip(1).any(|way| ways.iter().any(|w| way.starts_with(w)))
}

/// Whether class names say that the element is not displayed. Those that hide
/// on some screens only do not count.
fn hides_by_class(classes: &str) -> bool {
    let mut hides = false;
    for class in classes.split_ascii_whitespace() {
        match class {
            "hidden" | "hide" | "d-none" | "w3-hide" | "visually-hidden" | "sr-only"
            | "screen-reader-text" => {
                hides = true;
            }
            // `hidden md:block`, `d-none d-lg-block`: shown on larger screens.
            c if shows_on_a_screen(c) => return false,
            c if c.starts_with("d-") && c.len() > 6 && !c.contains("none") => return false,
            _ => {}
        }
    }
    hides
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Document;

    #[test]
    fn no_listed_token_is_too_long() {
        assert!(TOLD.keys().all(|token| token.len() <= LONGEST_TOKEN));
    }

    #[test]
    fn responsive_classes_do_not_hide() {
        let doc = Document::parse(
            "<p id=a class='d-none'></p><p id=b class='d-none d-md-block'></p><p id=c style='display : none'></p>\
             <p id=d class='hidden-xs'></p><p id=e class='hidden lg:block'></p><p id=f hidden></p>",
        );
        let hidden: Vec<&str> =
            doc.by_tag(Tag::P).filter(|n| is_hidden(*n)).filter_map(|n| n.attr("id")).collect();
        assert_eq!(hidden, ["a", "c", "f"]);
    }
}
