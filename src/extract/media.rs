//! The lead picture.

use std::sync::LazyLock;

use serde_json::Value;

use super::context::Cx;
use super::hints::Mark;
use super::phrases::Phrases;
use super::story::Story;
use crate::article::LeadImage;
use crate::page::{Attr, Node, Tag};

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
/// their lines, `first` the first line of the text.
pub fn lead_image(
    cx: &Cx<'_>,
    story: Option<&Story>,
    captions: &[(usize, String)],
    first: Option<usize>,
) -> Option<LeadImage> {
    let shown = || story.and_then(|s| displayed(cx, s));
    let declared = cx
        .meta
        .first(&["og:image", "og:image:secure_url", "twitter:image", "twitter:image:src"])
        .map(str::to_owned)
        .or_else(|| cx.article.and_then(|a| a.get("image")).and_then(image_url))
        .filter(|u| !is_placeholder(u));
    let url = declared
        .or_else(shown)
        .and_then(|u| cx.resolve(&u).map(String::from).or((!u.is_empty()).then_some(u)))?;
    // The caption of a picture further down is not the lead picture's.
    let before = first.unwrap_or(usize::MAX);
    let mut near = captions.iter().filter(|(line, _)| *line <= before).map(|(_, text)| text.as_str());
    let (caption, mut credit) = near.next().map_or((None, None), split_credit);
    if credit.is_none()
        && let Some((None, Some(apart))) = near.next().map(split_credit)
    {
        credit = Some(apart);
    }
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
    static WORDS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PLACEHOLDERS.iter().copied()));
    let name = memchr::memrchr(b'/', url.as_bytes()).map_or(url, |at| &url[at + 1..]);
    WORDS.stand_in(&name.to_ascii_lowercase())
        || url.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"))
}

/// The first picture between the headline and a little way into the text.
fn displayed(cx: &Cx<'_>, story: &Story) -> Option<String> {
    let lines = &cx.layout.lines;
    // From the end of the headline: the picture stands between lines.
    let start = story.head.start.checked_sub(1).and_then(|i| lines.get(i)).map_or(0, |l| l.nodes.end);
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
    if is_icon(img) {
        return None;
    }
    [Attr::DataSrc, Attr::DataOriginal, Attr::DataLazySrc, Attr::Src]
        .into_iter()
        .filter_map(|a| img.get(a))
        .map(str::trim)
        .find(|u| !u.is_empty() && !u.starts_with("data:"))
        .map(str::to_owned)
}

/// How a picture's credit is labelled.
const CREDIT_LABELS: &[&str] = &[
    "ছবি:",
    "ছবি :",
    "ছবিঃ",
    "চিত্র:",
    "ফটো:",
    "Photo:",
    "Photo :",
    "Photograph:",
    "Image:",
    "Picture:",
    "Photo courtesy:",
];

/// A credit behind its label has at most this many words.
const MAX_CREDIT_WORDS: usize = 6;

/// `নদীর পাড়ে মানুষ। ছবি: সংগৃহীত` is a caption and a credit: the credit is
/// short, ends the text and stands behind its label.
pub fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    let some = |t: &str| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
    for label in CREDIT_LABELS.iter().filter(|label| text.contains(**label)) {
        if let Some(at) = text.rfind(label) {
            let credit = text[at + label.len()..].trim();
            if credit.split_whitespace().count() <= MAX_CREDIT_WORDS && !credit.is_empty() {
                let caption = text[..at].trim().trim_end_matches(['/', '|', '-', '–', '—', '(', ';']);
                let credit =
                    if text[..at].trim_end().ends_with('(') { credit.trim_end_matches(')') } else { credit };
                return (some(caption), some(credit));
            }
        }
    }
    (some(text), None)
}

/// Whether a picture is an icon beside a text rather than a picture with one.
pub fn is_icon(img: Node<'_>) -> bool {
    let small = [Attr::Width, Attr::Height]
        .into_iter()
        .filter_map(|a| img.get(a))
        .any(|v| v.trim_end_matches("px").parse::<u32>().is_ok_and(|n| n < 100));
    let source =
        [Attr::Src, Attr::DataSrc].into_iter().find_map(|a| img.get(a)).unwrap_or("").to_ascii_lowercase();
    let name = source.rsplit('/').next().unwrap_or("");
    let stem = name.split(['.', '?']).next().unwrap_or("");
    let parts = || stem.split(['-', '_', ' ']);
    small
        || name.contains(".svg")
        || name.contains(".gif")
        || [
            "icon", "icons", "user", "pen", "author", "avatar", "ava", "clock", "calendar", "logo", "date",
            "profile", "time", "writer", "reporter",
        ]
        .iter()
        .any(|w| parts().any(|p| p == *w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Document;

    #[test]
    fn only_a_short_credit_at_the_end_is_parted() {
        let split = |t: &str| split_credit(t);
        assert_eq!(split("ঘাটে মানুষের ভিড়। ছবি: উজান"), (Some("ঘাটে মানুষের ভিড়।".into()), Some("উজান".into())));
        assert_eq!(split("ঘাটে ভিড় / ছবি : মিতা সেন"), (Some("ঘাটে ভিড়".into()), Some("মিতা সেন".into())));
        assert_eq!(split("ছবি: সংগৃহীত"), (None, Some("সংগৃহীত".into())));
        assert_eq!(split("ঘাটে মানুষের ভিড়"), (Some("ঘাটে মানুষের ভিড়".into()), None));
        let long = "ছবি: ঘাটের কাছে দাঁড়িয়ে আছেন গ্রামের অনেক মানুষ আজ সকালে";
        assert_eq!(split(long), (Some(long.into()), None));
    }

    #[test]
    fn icons_are_told_from_pictures() {
        let doc =
            Document::parse("<img src='/a/pen.png'><img src='/m/boat.jpg'><img src='/m/x.jpg' width=40>");
        let icons: Vec<bool> = doc.by_tag(Tag::Img).map(is_icon).collect();
        assert_eq!(icons, [true, false, true]);
    }
}
