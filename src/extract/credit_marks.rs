//! What markup says of credits: class names, `rel`, addresses of authors.

use super::hints;
use super::layout::Line;
use crate::page::Node;

/// Parts of class names that mark a credit.
const CREDIT_CLASSES: &[&str] = &["byline", "byeline", "author", "reporter", "writer", "contributor"];

/// Whether the markup around a line calls it a credit.
pub fn named_as_credit(line: &Line<'_>) -> bool {
    let inner = line.block.document().node(line.nodes.start);
    inner
        .ancestors()
        .take(6)
        .take_while(|n| line.block.contains(*n) || n.contains(line.block))
        .take(5)
        .any(is_named_credit)
}

fn is_named_credit(node: Node<'_>) -> bool {
    node.attr("rel") == Some("author")
        || node.attr("itemprop").is_some_and(|p| p.contains("author"))
        || node.attr("data-component").is_some_and(|p| p.contains("byline"))
        || ["class", "id"].iter().filter_map(|a| node.attr(a)).any(|value| {
            hints::any_token(value, |t| {
                matches!(t, "writter" | "rpt" | "rep" | "credit" | "editor" | "fn")
                    || CREDIT_CLASSES.iter().any(|c| t.contains(c))
            })
        })
}

pub fn is_category(link: Node<'_>) -> bool {
    link.attr("rel").is_some_and(|r| r.split_ascii_whitespace().any(|r| r == "category" || r == "tag"))
}

/// The inline elements of a line that the markup calls credits.
pub fn credit_elements<'a>(line: &Line<'a>) -> Vec<Node<'a>> {
    let mut out: Vec<Node<'a>> = Vec::new();
    let doc = line.block.document();
    for index in line.nodes.clone().take(60) {
        let element = doc
            .node(index)
            .ancestors()
            .take_while(|n| *n != line.block && line.block.contains(*n))
            .find(|n| is_named_credit(*n));
        if let Some(element) = element
            && !out.contains(&element)
        {
            out.push(element);
        }
    }
    out
}

pub fn credits_someone(link: Node<'_>) -> bool {
    link.attr("rel").is_some_and(|r| r.contains("author"))
        || link.attr("href").is_some_and(|h| {
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
    line.block.ancestors_or_self().take(3).filter_map(|n| n.attr("class")).any(|class| {
        let has = |word: &str| hints::any_token(class, |t| t == word);
        (has("post") || has("entry")) && (has("footer") || has("meta"))
    })
}
