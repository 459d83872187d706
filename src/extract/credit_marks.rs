//! What markup says of credits: class names, `rel`, addresses of authors.

use super::context::Cx;
use super::hints::Words;
use super::layout::Line;
use super::tokens::any_token;
use crate::page::{Attr, Node};

pub fn is_category(link: Node<'_>) -> bool {
    link.get(Attr::Rel).is_some_and(|r| r.split_ascii_whitespace().any(|r| r == "category" || r == "tag"))
}

/// The inline elements of a line that the markup calls credits.
pub fn credit_elements<'a>(cx: &Cx<'a>, line: &Line<'a>) -> Vec<Node<'a>> {
    let mut out: Vec<Node<'a>> = Vec::new();
    let doc = line.block.document();
    for index in line.nodes.clone().take(60) {
        let element = doc
            .node(index)
            .ancestors()
            .take_while(|n| *n != line.block && line.block.contains(*n))
            .find(|n| cx.layout.words(*n).has(Words::CREDIT));
        if let Some(element) = element
            && !out.contains(&element)
        {
            out.push(element);
        }
    }
    out
}

pub fn credits_someone(link: Node<'_>) -> bool {
    link.get(Attr::Rel).is_some_and(|r| r.contains("author"))
        || link.get(Attr::Href).is_some_and(|h| {
            let h = h.to_ascii_lowercase();
            [
                "author",
                "writer",
                "reporter",
                "byline",
                "profile",
                "contributor",
                "/user",
                "/autor",
                "/auteur",
                "/redakt",
            ]
            .iter()
            .any(|w| h.contains(w))
        })
}

/// Whether a line stands in the footer of a post, as blogs call it.
pub fn closes_a_post(line: &Line<'_>) -> bool {
    line.block.ancestors_or_self().take(3).filter_map(|n| n.get(Attr::Class)).any(|class| {
        let has = |word: &str| any_token(class, |t| t == word);
        (has("post") || has("entry")) && (has("footer") || has("meta"))
    })
}
