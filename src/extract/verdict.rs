//! Whether the page is an article at all.
//!
//! Home pages, sections, searches and policies carry `og:type=article` as
//! often as not, so it is what the page holds that decides.

use super::body::Body;
use super::context::Cx;
use super::headline::Headline;
use super::hints::Mark;
use super::key;
use super::keyed::keys;
use super::timestamp::{self, Times};
use super::{links, story, words};
use crate::page::Tag;

/// What is known when the verdict is passed.
pub struct Evidence<'e> {
    /// The headline.
    pub headline: Option<&'e Headline<'e>>,
    /// The text.
    pub body: &'e Body,
    /// The times.
    pub times: &'e Times,
    /// How many other articles the page offers.
    pub related: usize,
}

/// Phrases of pages that say that there is nothing.
const NOT_FOUND: &[&str] = &[
    "৪০৪",
    "404",
    "not found",
    "page not found",
    "পাতাটি পাওয়া যায়নি",
    "পাওয়া যায়নি",
    "খুঁজে পাওয়া যায়নি",
    "কোনো খবর পাওয়া যায়নি",
    "কোন সংবাদ পাওয়া যায়নি",
    "এই পাতাটি নেই",
    "দুঃখিত",
    "can't find",
    "cannot find",
    "couldn't find",
    "could not find",
    "no longer exists",
    "no longer available",
    "doesn't exist",
    "does not exist",
    "नहीं मिला",
    "नहीं मिली",
    "nicht gefunden",
    "existiert nicht",
    "no encontrada",
    "no existe",
    "introuvable",
    "não encontrada",
];

/// How pages speak of themselves where they say that there is nothing.
const OF_THE_PAGE: &[&str] = &[
    "the page you",
    "this page",
    "that page",
    "পাতাটি",
    "পেজটি",
    "পৃষ্ঠাটি",
    "लिंक",
    "जिस पेज",
    "diese seite",
    "gewünschte seite",
    "la página que",
    "esta página",
    "la page que",
    "cette page",
];

/// Headlines of pages about the site itself.
const POLICIES: &[&str] = &[
    "privacy policy",
    "গোপনীয়তা নীতি",
    "গোপনীয়তার নীতি",
    "terms and conditions",
    "terms of use",
    "ব্যবহারের শর্তাবলি",
    "ব্যবহারের শর্তাবলী",
    "শর্তাবলি",
    "শর্তাবলী",
    "about us",
    "আমাদের সম্পর্কে",
    "contact us",
    "যোগাযোগ",
    "cookie policy",
    "কুকি নীতি",
    "disclaimer",
    "নীতিমালা",
    "মন্তব্যের নীতিমালা",
    "comment policy",
    "advertise",
    "বিজ্ঞাপন মূল্য তালিকা",
    "privacy",
    "গোপনীয়তা",
    "নীতি ও শর্ত",
    "terms & conditions",
    "সার্কুলেশন",
    "বিজ্ঞাপন",
    "impressum",
    "datenschutz",
    "datenschutzerklärung",
    "nutzungsbedingungen",
    "aviso legal",
    "política de privacidad",
    "mentions légales",
    "politique de confidentialité",
    "गोपनीयता नीति",
    "हमारे बारे में",
    "संपर्क करें",
];

/// The reason why the page is no article; `None` where it is one.
pub fn not_article(cx: &Cx<'_>, e: &Evidence<'_>) -> Option<String> {
    let Some(Headline { text: headline, key: k, node, .. }) = e.headline else {
        return Some(if e.body.blocks.is_empty() {
            "the page has neither headline nor text".to_owned()
        } else {
            "the page has no headline".to_owned()
        });
    };
    let displayed = node.is_some();
    let sizes = || e.body.blocks.iter().map(|b| b.text.chars().count());
    let (text_chars, longest) = sizes().fold((0, 0), |(sum, most), size| (sum + size, most.max(size)));
    let path = cx.url.as_ref().map(|u| u.path().trim_matches('/').to_ascii_lowercase()).unwrap_or_default();
    let has_query = cx.url.as_ref().is_some_and(|u| u.query().is_some());

    let dated = e.times.published.as_ref().is_some_and(|p| p.source != crate::article::Source::Url);
    let described =
        cx.article.is_some_and(|a| a.contains_key("datePublished") || a.contains_key("articleBody"));
    // An article of its own right, whatever its words and address remind of.
    let stands = described || (displayed && dated && text_chars >= 200);

    // `যোগাযোগ` is a policy's headline, `যোগাযোগ বন্ধ তিন জেলার` is news.
    let is_policy = |p: &str| {
        let begins = || k.strip_prefix(p).is_some_and(|rest| rest.starts_with(' '));
        k == p || (p.contains(' ') && begins() && k.split(' ').count() <= 5)
    };
    let policies = keys!(POLICIES);
    if policies.open(k) && policies.iter().any(is_policy) || is_policy_path(&path) {
        return Some("the page is about the site itself, not news".to_owned());
    }
    let gone = || keys!(NOT_FOUND).stand_in(k) || says_not_found(cx);
    if text_chars < 400 && !(dated && text_chars >= 100) && !described && gone() {
        return Some("the page says that there is no such article".to_owned());
    }
    if cx.url.is_some() && path.is_empty() && !has_query {
        return Some("the address is the site's home page".to_owned());
    }
    let folder = path.split('/').next().unwrap_or("");
    if ["tag", "tags", "topic", "topics", "category", "author", "search", "archive", "label", "latest"]
        .contains(&folder)
        && cx.article.is_none()
        && !stands
    {
        return Some("the address is that of a list: tag, topic, category, author or search".to_owned());
    }
    if cx.names.contains_keyed(headline, k) || is_front(cx) {
        return Some("the headline is the site's name".to_owned());
    }
    let teasers = teaser_count(cx);
    let paragraphs = e.body.blocks.len();

    let section_named = !words::at_least(headline, 4);
    if !described && teasers >= 5 && section_named && longest < 600 && text_chars < 800 && !stands {
        return Some("the page lists articles under the name of a section".to_owned());
    }

    if paragraphs == 0 {
        if !described && teasers >= 4 && dates_a_teaser(cx, k) {
            return Some("the page lists dated articles below its heading".to_owned());
        }
        // A video or photo story has a headline and a date of its own.
        if described || dated && displayed {
            return None;
        }
        return Some("the page has no text and no date of its own".to_owned());
    }
    if !displayed && !described && (teasers >= 8 || e.related >= 12) {
        return Some("the page lists articles and displays no headline of its own".to_owned());
    }
    if !dated && !described && teasers >= 8 && text_chars < 1500 {
        return Some("the page lists articles and has no date of its own".to_owned());
    }
    let brief = || displayed && teasers < 5 && is_brief(cx, e, headline);
    if !dated && !described && text_chars < 250 && !brief() {
        return Some("the page has little text and no date of its own".to_owned());
    }
    if !dated && !described && longest < 60 {
        return Some("the page has no paragraph and no date of its own".to_owned());
    }
    None
}

/// Whether the first date below the heading, told by its key, stands behind a
/// teaser's title, so that it is the teaser's.
fn dates_a_teaser(cx: &Cx<'_>, wanted: &str) -> bool {
    let lines = &cx.layout.lines;
    let Some(at) = lines.iter().position(|l| l.heading_level().is_some() && l.text.has_key(wanted)) else {
        return false;
    };
    let below = || lines[at + 1..].iter().take(60);
    let date = below().position(|l| timestamp::holds_a_date(&l.text));
    let title = below().position(|l| {
        l.heading_level().is_some()
            && l.link_density() > 0.8
            && l.links.iter().any(|a| links::offers_article(cx, a.node))
    });
    matches!((title, date), (Some(title), Some(date)) if title < date)
}

/// A news item of a sentence or two without a date: a title of several words, a
/// whole sentence below it, and an address such as articles have.
fn is_brief(cx: &Cx<'_>, e: &Evidence<'_>, headline: &str) -> bool {
    let sentence = |text: &str| story::ends_sentence(text) && text.chars().count() >= 60;
    let names_an_article = |segment: &str| {
        segment.chars().filter(char::is_ascii_digit).count() >= 3 || segment.matches('-').count() >= 3
    };
    let of_the_page = || e.body.blocks.iter().any(|b| keys!(OF_THE_PAGE).stand_in(&key(&b.text)));
    words::at_least(headline, 4)
        && e.body.blocks.first().is_some_and(|b| sentence(&b.text))
        && cx
            .url
            .as_ref()
            .and_then(|u| u.path_segments()?.rfind(|s| !s.is_empty()))
            .is_some_and(names_an_article)
        && !of_the_page()
}

fn is_policy_path(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or("");
    matches!(
        last,
        "privacy-policy"
            | "privacy"
            | "terms"
            | "terms-and-conditions"
            | "terms-of-use"
            | "about"
            | "about-us"
            | "contact"
            | "contact-us"
            | "cookie-policy"
            | "disclaimer"
            | "advertise"
            | "comment-policy"
            | "terms-conditions"
            | "impressum"
            | "datenschutz"
            | "aviso-legal"
            | "politica-de-privacidad"
            | "mentions-legales"
    )
}

/// Whether the page calls itself the site's front.
fn is_front(cx: &Cx<'_>) -> bool {
    // Some templates give every page the home page's address: then an
    // article's own date speaks against it.
    cx.article.is_none()
        && cx.url.is_none()
        && cx
            .meta
            .get("og:url")
            .into_iter()
            .chain(cx.meta.canonical.as_deref())
            .any(|u| cx.resolve(u).is_some_and(|u| u.path() == "/" && u.query().is_none()))
}

fn says_not_found(cx: &Cx<'_>) -> bool {
    cx.layout
        .lines
        .iter()
        .filter(|l| {
            l.chars < 120 && !l.marks.any(&[Mark::Hidden, Mark::Footer, Mark::Navigation, Mark::Comments])
        })
        .filter(|l| l.links.is_empty() && l.block.tag() != Some(Tag::Li))
        .any(|l| {
            let phrases = keys!([
                "404",
                "৪০৪",
                "page not found",
                "পাতাটি পাওয়া যায়নি",
                "খুঁজে পাওয়া যায়নি",
                "পাওয়া যায়নি",
                "not found"
            ]);
            let k = l.text.key();
            phrases.stand_in(k)
                && phrases.iter().any(|p| {
                    // `খোঁজ পাওয়া যায়নি` stands in many a news item.
                    k == p
                        || (p.contains(' ') && k.starts_with(p))
                        || (k.contains(p) && k.split(' ').count() <= 6)
                })
        })
}

/// How many headings are links to other articles.
fn teaser_count(cx: &Cx<'_>) -> usize {
    cx.layout
        .lines
        .iter()
        .filter(|l| l.heading_level().is_some() && l.link_density() > 0.8 && words::at_least(&l.text, 3))
        .count()
}

/// Whether the page says that its text is not free, or ends at a wall.
pub fn is_paywalled(cx: &Cx<'_>) -> bool {
    let declared = cx.article.is_some_and(|a| match a.get("isAccessibleForFree") {
        Some(serde_json::Value::Bool(free)) => !free,
        Some(serde_json::Value::String(s)) => s.eq_ignore_ascii_case("false"),
        _ => false,
    });
    declared || cx.meta.get("article:content_tier").is_some_and(|t| matches!(t, "locked" | "metered"))
}
