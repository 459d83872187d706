//! Bot walls: pages that stand in an article's place until a visitor has shown
//! that it is a browser or a person.
//!
//! They come with any status, so the page itself is judged: its title and its
//! few words, or the marks that the walls' makers leave in their markup. Sites
//! behind such a service carry its scripts on their ordinary pages as well; a
//! mark counts only where there is hardly any text.

use std::sync::LazyLock;

use super::context::Cx;
use super::hints::Mark;
use super::key;
use super::phrases::Phrases;
use crate::page::{Attr, Node, Tag};

/// A wall has no more visible text than this, in characters.
const MAX_TEXT: usize = 1_500;

/// Phrases that a wall shows, with the wall's maker where it is known.
const PHRASES: &[(&str, &str)] = &[
    ("just a moment", "Cloudflare"),
    ("attention required cloudflare", "Cloudflare"),
    ("checking if the site connection is secure", "Cloudflare"),
    ("needs to review the security of your connection before proceeding", "Cloudflare"),
    ("enable javascript and cookies to continue", "Cloudflare"),
    ("sorry you have been blocked", "Cloudflare"),
    ("sucuri website firewall", "Sucuri"),
    ("request unsuccessful incapsula incident", "Incapsula"),
    ("ddos guard", "DDoS-Guard"),
    ("ddos protection by", "a bot wall"),
    ("checking your browser before accessing", "a bot wall"),
    ("checking your browser", "a bot wall"),
    ("verify you are human", "a bot wall"),
    ("verifying you are human", "a bot wall"),
    ("please verify you are a human", "a bot wall"),
    ("confirm you are human", "a bot wall"),
    ("are you a robot", "a bot wall"),
    ("i am not a robot", "a bot wall"),
    ("making sure you re not a bot", "Anubis"),
    ("making sure you are not a bot", "Anubis"),
    ("one moment please", "Imunify360"),
    ("this site requires javascript to work please enable javascript in your browser", "a bot wall"),
    ("you are being redirected", "a bot wall"),
    ("please enable cookies and reload the page", "a bot wall"),
    ("pardon our interruption", "Imperva"),
    ("access to this page has been denied", "PerimeterX"),
    ("press hold to confirm", "PerimeterX"),
    ("please complete the security check", "a bot wall"),
    ("unusual traffic from your", "a bot wall"),
    ("আপনি রোবট নন", "a bot wall"),
    ("আপনি মানুষ কি না", "a bot wall"),
    ("মানুষ কিনা যাচাই", "a bot wall"),
    ("নিরাপত্তা যাচাই করা হচ্ছে", "a bot wall"),
    ("আপনার ব্রাউজার যাচাই", "a bot wall"),
];

/// What the walls' makers write into scripts and attributes.
const MARKUP: &[(&str, &str)] = &[
    ("_cf_chl_opt", "Cloudflare"),
    ("/orchestrate/chl_page", "Cloudflare"),
    ("/orchestrate/jsch", "Cloudflare"),
    ("/orchestrate/managed", "Cloudflare"),
    ("__cf_chl_", "Cloudflare"),
    ("cf-browser-verification", "Cloudflare"),
    ("sucuri_cloudproxy_js", "Sucuri"),
    ("sucuri_cloudproxy", "Sucuri"),
    ("_incapsula_resource", "Incapsula"),
    ("ddos-guard", "DDoS-Guard"),
    ("captcha-delivery.com", "DataDome"),
    ("px-captcha", "PerimeterX"),
    ("awswafintegration", "AWS WAF"),
    ("awswafcaptcha", "AWS WAF"),
    ("/.within.website/x/cmd/anubis", "Anubis"),
    ("slowaes.decrypt", "a bot wall"),
    ("imunify360", "Imunify360"),
    ("__ddg", "DDoS-Guard"),
    ("/_sec/cp_challenge", "Akamai"),
    ("g-recaptcha", "a captcha"),
    ("h-captcha", "a captcha"),
    ("cf-turnstile", "Cloudflare"),
];

/// How much of a script is searched for marks, in bytes.
const SCRIPT_HEAD: usize = 20_000;

/// The maker of the wall that the page is, where it is one.
pub fn wall(cx: &Cx<'_>) -> Option<&'static str> {
    static SPOKEN: LazyLock<Phrases> =
        LazyLock::new(|| Phrases::new(PHRASES.iter().map(|(phrase, _)| *phrase)));
    let lines = &cx.layout.lines;
    // A form that asks for a click is the wall itself, so widgets count.
    let displayed = || lines.iter().filter(|line| !line.marks.has(Mark::Hidden));
    let mut chars = 0;
    for line in displayed() {
        chars += line.chars;
        if chars > MAX_TEXT {
            return None;
        }
    }
    // A story that merely speaks of walls has a text and a date of its own.
    let described = cx.article.is_some() || cx.meta.get("og:type").is_some_and(|t| t == "article");
    if described {
        return None;
    }
    let mut said = key(cx.meta.title.as_deref().unwrap_or(""));
    for shown in displayed().map(|line| line.text.key()).filter(|k| !k.is_empty()) {
        said.push(' ');
        said.push_str(shown);
    }
    let spoken = maker_of(PHRASES, &SPOKEN, &said);
    let marked = marked(cx);
    match (spoken, marked) {
        // A captcha by itself may guard a comment form.
        (None, Some("a captcha")) if chars > 400 => None,
        (_, Some(maker)) if maker != "a captcha" => Some(maker),
        (Some(maker), _) => Some(maker),
        (None, other) => other,
    }
}

/// The maker behind the first text of a list that stands in another; nearly
/// always there is none, which all of them at once tell.
fn maker_of(list: &[(&str, &'static str)], all: &Phrases, text: &str) -> Option<&'static str> {
    if !all.stand_in(text) {
        return None;
    }
    list.iter().find(|(said, _)| text.contains(said)).map(|(_, maker)| *maker)
}

fn marked(cx: &Cx<'_>) -> Option<&'static str> {
    static MARKS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(MARKUP.iter().map(|(mark, _)| *mark)));
    let carries = |text: &str| {
        let mut end = text.len().min(SCRIPT_HEAD);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let lower = text[..end].to_ascii_lowercase();
        maker_of(MARKUP, &MARKS, &lower)
    };
    cx.layout.doc.elements().find_map(|node: Node<'_>| {
        if node.tag() == Some(Tag::Script)
            && let Some(maker) = carries(&node.raw_text())
        {
            return Some(maker);
        }
        let told = [Attr::Src, Attr::Id, Attr::Class].into_iter().filter_map(|a| node.get(a));
        told.chain(node.attr("action")).find_map(carries)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    fn judge(html: &str) -> Option<&'static str> {
        let page = Page::parse(html).unwrap();
        wall(&Cx::new(&page, None, None))
    }

    #[test]
    fn walls_by_phrase_and_by_markup() {
        assert_eq!(judge("<title>Just a moment...</title><body><p>x</p>"), Some("Cloudflare"));
        assert_eq!(
            judge("<title>ok</title><script>window._cf_chl_opt={}</script><h1>site.example</h1>"),
            Some("Cloudflare")
        );
        assert_eq!(
            judge("<iframe src='/_Incapsula_Resource?x=1'>Request unsuccessful.</iframe>"),
            Some("Incapsula")
        );
        assert_eq!(judge("<title>DDOS-GUARD</title><h1>Checking your browser</h1>"), Some("DDoS-Guard"));
        assert_eq!(judge("<p>আপনি রোবট নন, তা জানাতে নিচের ঘরে টিক দিন।</p>"), Some("a bot wall"));
    }

    #[test]
    fn ordinary_pages_behind_a_wall_are_none() {
        let text = "নদীর ধারে মেলা বসেছে, দূর থেকে মানুষ আসছে। ".repeat(60);
        assert_eq!(
            judge(&format!(
                "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script><p>{text}</p>"
            )),
            None
        );
        assert_eq!(judge("<title>মেলা</title><p>নদীর ধারে মেলা</p>"), None);
        assert_eq!(judge(""), None);
    }
}
