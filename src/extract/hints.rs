//! What class names, ids and tags say about an element.
//!
//! Only the vocabulary that many unrelated sites share is used, and only as a
//! hint: a theme may call its list of latest news `tag-item` or its body
//! `more`. So each use of a mark says what else must hold.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::marks::Marks;
use crate::page::{Node, Tag};

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

/// Whether one of the lower-case tokens of class names and ids fits:
/// `DDetailsTitle` has `d`, `details`, `title`; the whole name with its
/// separators off is a token too.
pub fn any_token(name: &str, mut fits: impl FnMut(&str) -> bool) -> bool {
    // The name so far; its last token begins at `start`.
    let mut whole = String::new();
    for word in name.split_ascii_whitespace() {
        whole.clear();
        let mut start = 0;
        let mut before_lower = false;
        for c in word.chars() {
            if !c.is_alphanumeric() {
                if start < whole.len() && fits(&whole[start..]) {
                    return true;
                }
                start = whole.len();
                before_lower = false;
                continue;
            }
            if c.is_uppercase() && before_lower && start < whole.len() {
                if fits(&whole[start..]) {
                    return true;
                }
                start = whole.len();
            }
            before_lower = c.is_lowercase() || c.is_ascii_digit();
            if c.is_ascii() {
                whole.push(c.to_ascii_lowercase());
            } else {
                whole.extend(c.to_lowercase());
            }
        }
        if start > 0 && start < whole.len() && fits(&whole[start..]) {
            return true;
        }
        if !whole.is_empty() && fits(&whole) {
            return true;
        }
    }
    false
}

/// The tokens of class names and ids, see [`any_token`].
pub fn tokens(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    any_token(name, |token| {
        out.push(token.to_owned());
        false
    });
    out
}

/// What the words in an element's class names tell beside its [`Mark`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words(u8);

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
    /// Not displayed.
    const HIDDEN: Self = Self(1 << 5);

    /// Whether words of a kind are there.
    pub fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    fn add(&mut self, kind: Self, there: bool) {
        self.0 |= if there { kind.0 } else { 0 };
    }

    fn read(&mut self, token: &str) {
        self.add(Self::TITLE, token == "title");
        self.add(Self::HEADLINE, matches!(token, "title" | "headline" | "heading" | "hl2" | "hl"));
        let credit = matches!(token, "writter" | "rpt" | "rep" | "credit" | "editor" | "fn")
            || CREDIT_CLASSES.iter().any(|c| token.contains(c));
        self.add(Self::CREDIT, credit);
        self.add(
            Self::LIST_HEADING,
            matches!(token, "title" | "heading" | "head" | "header" | "hl" | "caption" | "tablink"),
        );
        self.add(
            Self::PICTURE,
            matches!(
                token,
                "img" | "image" | "photo" | "figure" | "picture" | "media" | "thumb" | "thumbnail"
            ),
        );
    }
}

/// Parts of class names that mark a credit.
const CREDIT_CLASSES: &[&str] = &["byline", "byeline", "author", "reporter", "writer", "contributor"];

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
    let sum = name.bytes().fold(name.len(), |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b)));
    KNOWN.with_borrow_mut(|known| {
        let place = &mut known[(sum ^ sum >> 11) % KEPT];
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

/// What one value of `class` or `id` says.
fn named(name: &str) -> (Marks, Words) {
    static NAMES: LazyLock<HashMap<&str, Marks>> = LazyLock::new(|| {
        let mut names: HashMap<&str, Marks> = HashMap::new();
        for (mark, list) in TOKENS {
            for name in *list {
                let marks = names.entry(name).or_default();
                *marks = marks.with(*mark);
            }
        }
        names
    });
    let mut found = Marks::default();
    let mut words = Words::default();
    // `entry-footer`, `post-header`: of the article, not of the page.
    let mut of_article = false;
    any_token(name, |token| {
        of_article |= matches!(
            token,
            "post" | "entry" | "article" | "story" | "single" | "news" | "content" | "card" | "block"
        );
        if let Some(marks) = NAMES.get(token) {
            found = found.and(*marks);
        }
        words.read(token);
        false
    });
    words.add(Words::HIDDEN, hides_by_class(name));
    if of_article {
        found = found.without(Mark::Footer).without(Mark::Masthead);
    }
    (found, words)
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
        Some(Tag::Ins | Tag::AmpAd) if node.attr("class").is_some_and(|c| c.contains("adsbygoogle")) => {
            add(Mark::Ad);
        }
        Some(Tag::AmpAd) => add(Mark::Ad),
        Some(Tag::Form | Tag::Button | Tag::Fieldset | Tag::Dialog) => add(Mark::Widget),
        _ => {}
    }
    for (name, value) in node.attrs() {
        match name {
            "role" => match value {
                "navigation" => out = out.with(Mark::Navigation),
                "contentinfo" => out = out.with(Mark::Footer),
                "banner" => out = out.with(Mark::Masthead),
                "dialog" | "alertdialog" | "search" => out = out.with(Mark::Widget),
                _ => {}
            },
            "hidden" => out = out.with(Mark::Hidden),
            "style" if hides_by_style(value) => out = out.with(Mark::Hidden),
            "class" => {
                let (marks, found) = known(value);
                out = out.and(marks);
                if found.has(Words::HIDDEN) {
                    out = out.with(Mark::Hidden);
                }
                words.0 |= found.0;
            }
            "id" => {
                let (marks, found) = known(value);
                out = out.and(marks);
                words.0 |= found.0 & (Words::HEADLINE.0 | Words::CREDIT.0);
            }
            "rel" => words.add(Words::CREDIT, value == "author"),
            "itemprop" => words.add(Words::CREDIT, value.contains("author")),
            "data-component" => words.add(Words::CREDIT, value.contains("byline")),
            _ => {}
        }
    }
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
            c if c.contains(":block")
                || c.contains(":flex")
                || c.contains(":inline")
                || c.contains(":grid") =>
            {
                return false;
            }
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
    fn names_fall_into_tokens() {
        assert_eq!(tokens("DDetailsTitle"), ["ddetails", "title", "ddetailstitle"]);
        assert_eq!(tokens("dtl_img_caption"), ["dtl", "img", "caption", "dtlimgcaption"]);
        assert_eq!(tokens("share"), ["share"]);
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
