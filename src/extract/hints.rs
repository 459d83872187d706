//! What class names, ids and tags say about an element.
//!
//! Only the vocabulary that many unrelated sites share is used, and only as a
//! hint: a theme may call its list of latest news `tag-item` or its body
//! `more`. So each use of a mark says what else must hold.

use crate::page::{Node, Tag};

/// What an element is there for, as its markup suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// Splits class names and ids into lower-case tokens: `DDetailsTitle` gives
/// `d`, `details`, `title`; the whole name with its separators off is a token
/// too.
pub fn tokens(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in name.split_ascii_whitespace() {
        let mut token = String::new();
        let mut whole = String::new();
        let mut before_lower = false;
        for c in word.chars() {
            if !c.is_alphanumeric() {
                if !token.is_empty() {
                    out.push(std::mem::take(&mut token));
                }
                before_lower = false;
                continue;
            }
            if c.is_uppercase() && before_lower && !token.is_empty() {
                out.push(std::mem::take(&mut token));
            }
            before_lower = c.is_lowercase() || c.is_ascii_digit();
            for l in c.to_lowercase() {
                token.push(l);
                whole.push(l);
            }
        }
        if !token.is_empty() && token != whole {
            out.push(token);
        }
        if !whole.is_empty() {
            out.push(whole);
        }
    }
    out
}

/// What an element's own markup says; what its ancestors say is not looked at.
pub fn marks(node: Node<'_>) -> Vec<Mark> {
    let mut out = Vec::new();
    if is_hidden(node) {
        out.push(Mark::Hidden);
    }
    match node.tag() {
        Some(Tag::Nav | Tag::AmpSidebar) => out.push(Mark::Navigation),
        Some(Tag::Footer) => out.push(Mark::Footer),
        Some(Tag::Header) => out.push(Mark::Masthead),
        Some(Tag::Marquee) => out.push(Mark::Ticker),
        Some(Tag::Figcaption) => out.push(Mark::Caption),
        Some(Tag::Ins | Tag::AmpAd) if node.attr("class").is_some_and(|c| c.contains("adsbygoogle")) => {
            out.push(Mark::Ad);
        }
        Some(Tag::AmpAd) => out.push(Mark::Ad),
        Some(Tag::Form | Tag::Button | Tag::Fieldset | Tag::Dialog) => out.push(Mark::Widget),
        _ => {}
    }
    match node.attr("role") {
        Some("navigation") => out.push(Mark::Navigation),
        Some("contentinfo") => out.push(Mark::Footer),
        Some("banner") => out.push(Mark::Masthead),
        Some("dialog" | "alertdialog" | "search") => out.push(Mark::Widget),
        _ => {}
    }
    for attribute in ["class", "id"] {
        let Some(value) = node.attr(attribute) else { continue };
        if value.is_empty() {
            continue;
        }
        let found = tokens(value);
        // `entry-footer`, `post-header`: of the article, not of the page.
        let of_article = found.iter().any(|t| {
            matches!(
                t.as_str(),
                "post" | "entry" | "article" | "story" | "single" | "news" | "content" | "card" | "block"
            )
        });
        for (mark, names) in TOKENS {
            if of_article && matches!(mark, Mark::Footer | Mark::Masthead) {
                continue;
            }
            if found.iter().any(|t| names.contains(&t.as_str())) {
                out.push(*mark);
            }
        }
    }
    out
}

/// Whether the element says of itself that it is not displayed. Classes that
/// hide on some screens only do not count.
pub fn is_hidden(node: Node<'_>) -> bool {
    if node.attr("hidden").is_some() {
        return true;
    }
    if let Some(style) = node.attr("style") {
        let style: String =
            style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        if style.contains("display:none") || style.contains("visibility:hidden") {
            return true;
        }
    }
    let mut hides = false;
    for class in node.classes() {
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
