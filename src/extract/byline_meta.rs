//! The credits in metadata. Many templates put the headline, the site or a
//! log-in name there; those are told apart here.

use serde_json::Value;

use super::context::Cx;
use super::credit;
use super::hints::Mark;
use super::key;
use super::notes::Notes;
use crate::article::Source;
use crate::page::{Attr, Node};

/// Whether a microdata credit is displayed as the article's.
pub fn visible(cx: &Cx<'_>, node: Node<'_>) -> bool {
    node.get(Attr::Content).is_none()
        && !cx.layout.marks(node).any(&[Mark::Hidden, Mark::Comments, Mark::Footer, Mark::Related])
}

/// The names that microdata credits, with their elements.
pub fn microdata_names<'a>(cx: &Cx<'a>) -> Vec<(String, Node<'a>)> {
    cx.microdata.names("author").into_iter().map(|(node, name)| (name, node)).collect()
}

/// The names that metadata credits, without those that templates put there.
pub fn metadata_names(cx: &Cx<'_>, headline: &str, notes: &mut Notes) -> Vec<(String, Source)> {
    let mut raw: Vec<(String, Source)> = Vec::new();
    if let Some(author) = cx.article.and_then(|a| a.get("author").or_else(|| a.get("creator"))) {
        raw.extend(names_of_people(cx, author).into_iter().map(|n| (n, Source::JsonLd)));
    }
    if raw.is_empty() {
        raw.extend(
            microdata_names(cx)
                .into_iter()
                .filter(|(_, n)| visible(cx, *n))
                .map(|(n, _)| (n, Source::Microdata)),
        );
    }
    if raw.is_empty() {
        for meta in ["author", "article:author", "dc.creator", "sailthru.author", "byl"] {
            raw.extend(cx.meta.all(meta).map(|v| (v.to_owned(), Source::Meta)));
        }
    }
    let mut out = Vec::new();
    for (name, source) in raw {
        let name = crate::bangla::normalize(&name).text.into_owned();
        let cleaned = credit::clean(&cx.names, &name);
        let k = key(&cleaned);
        let why = if k.is_empty() || cx.is_site_name(&name) {
            "is the site's name"
        } else if !headline.is_empty() && k == headline {
            "repeats the headline"
        } else if name.contains("://") || name.contains('@') {
            "is an address"
        } else if is_login(&cleaned) {
            "is a log-in name"
        } else if matches!(k.as_str(), "undefined" | "null" | "admin" | "none") {
            "is a placeholder"
        } else {
            out.push((cleaned, source));
            continue;
        };
        notes.reject("byline", name, source, why);
    }
    out
}

/// The names in an `author`; an organisation counts where its name is that of
/// a desk, else it is the site.
fn names_of_people(cx: &Cx<'_>, author: &Value) -> Vec<String> {
    let is_organisation =
        |v: &Value| v.get("@type").and_then(Value::as_str).is_some_and(|t| t.ends_with("Organization"));
    let list: Vec<&Value> = match author {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    };
    let mut out = Vec::new();
    for value in list {
        let organisation = is_organisation(value);
        out.extend(
            cx.json_ld.names(value).into_iter().filter(|n| !organisation || credit::names_an_office(n)),
        );
    }
    out
}

/// `satter`, `sumaiya_2001`: one word of ASCII letters and digits.
fn is_login(name: &str) -> bool {
    !name.contains(' ') && name.is_ascii() && !name.contains('.')
}
