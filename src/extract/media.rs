//! The lead picture.

use serde_json::Value;

use super::context::Cx;
use super::hints::Mark;
use super::story::Story;
use crate::article::LeadImage;
use crate::page::{Node, Tag};

/// Words in addresses of pictures that stand for "no picture".
const PLACEHOLDERS: &[&str] = &[
    "logo",
    "placeholder",
    "default",
    "no-image",
    "noimage",
    "no_image",
    "blank.",
    "spacer",
    "dummy",
    "site-thumb",
    "sitethumb",
    "og-image",
    "ogimage",
    "share-image",
    "favicon",
    "icon",
    "avatar",
    "loading",
    "lazy",
];

/// Finds the lead picture; `captions` are the article's, with the index of
/// their lines.
pub fn lead_image(cx: &Cx<'_>, story: Option<&Story>, captions: &[(usize, String)]) -> Option<LeadImage> {
    let shown = story.and_then(|s| displayed(cx, s));
    let declared = cx
        .meta
        .first(&["og:image", "og:image:secure_url", "twitter:image", "twitter:image:src"])
        .map(str::to_owned)
        .or_else(|| cx.article.and_then(|a| a.get("image")).and_then(image_url))
        .filter(|u| !is_placeholder(u));
    let url =
        declared.or(shown).and_then(|u| cx.resolve(&u).map(String::from).or((!u.is_empty()).then_some(u)))?;
    let (caption, credit) = captions.first().map_or((None, None), |(_, text)| split_credit(text));
    Some(LeadImage { url, caption, credit })
}

fn image_url(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Array(list) => list.first().and_then(image_url),
        Value::Object(o) => o.get("url").or_else(|| o.get("@id")).and_then(image_url),
        _ => None,
    }
}

fn is_placeholder(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    PLACEHOLDERS.iter().any(|p| name.contains(p)) || lower.starts_with("data:")
}

/// The first picture between the headline and a little way into the text.
fn displayed(cx: &Cx<'_>, story: &Story) -> Option<String> {
    let lines = &cx.layout.lines;
    let start = lines.get(story.head.start).map_or(0, |l| l.nodes.start);
    let end = lines
        .get((story.lines.start + 2).min(story.lines.end.max(1)).saturating_sub(1))
        .map_or(start, |l| l.nodes.end);
    (start..end.min(cx.layout.doc.len()))
        .map(|i| cx.layout.doc.node(i))
        .filter(|n| matches!(n.tag(), Some(Tag::Img | Tag::AmpImg)))
        .filter(|n| {
            !cx.layout.marks(*n).any(&[Mark::Ad, Mark::Share, Mark::Related, Mark::Hidden, Mark::Widget])
        })
        .filter_map(source_of)
        .find(|u| !is_placeholder(u))
}

fn source_of(img: Node<'_>) -> Option<String> {
    let width = img.attr("width").and_then(|w| w.parse::<u32>().ok());
    if width.is_some_and(|w| w < 120) {
        return None;
    }
    ["data-src", "data-original", "data-lazy-src", "src"]
        .iter()
        .filter_map(|a| img.attr(a))
        .map(str::trim)
        .find(|u| !u.is_empty() && !u.starts_with("data:"))
        .map(str::to_owned)
}

/// `নদীর পাড়ে মানুষ। ছবি: সংগৃহীত` is a caption and a credit.
pub fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    for label in ["ছবি:", "ছবি :", "ছবিঃ", "Photo:", "Photo :", "Image:"] {
        if let Some(at) = text.find(label) {
            let credit = text[at + label.len()..].trim().to_owned();
            let caption = text[..at].trim().to_owned();
            return (Some(caption).filter(|c| !c.is_empty()), Some(credit).filter(|c| !c.is_empty()));
        }
    }
    (Some(text.to_owned()).filter(|t| !t.is_empty()), None)
}
