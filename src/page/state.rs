//! Embedded state: the data from which a script would draw the page.
//!
//! Sites built with Next, Nuxt, Fusion, Quintype or their own scripts may send
//! an empty body and their article as JSON beside it. This module finds such
//! blocks and gives them as plain JSON values; what in them is an article is
//! not its business. No script is run: only literals are read.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::attr::Attr;
use super::document::{Document, Node};
use super::tag::Tag;

/// Blocks shorter than this hold no article, in bytes.
const MIN_BLOCK: usize = 150;

/// How many literals of inline scripts are tried on one page.
const MAX_LITERALS: usize = 24;

/// How many values a devalued array may unfold into.
const MAX_UNFOLDED: usize = 200_000;

/// How deep a devalued array may nest.
const MAX_DEPTH: usize = 60;

/// The state blocks of a page, in page order.
pub fn blocks(doc: &Document<'_>) -> Vec<Value> {
    let mut out = Vec::new();
    let mut tries = 0;
    for script in doc.by_tag(Tag::Script) {
        if script.get(Attr::Src).is_some() {
            continue;
        }
        let text = script.raw_text();
        if text.len() < MIN_BLOCK {
            continue;
        }
        if is_json(script) {
            if let Ok(value) = serde_json::from_str::<Value>(text.trim()) {
                out.push(match value {
                    Value::Array(list) if is_devalued(&list) => unfold(&list),
                    other => other,
                });
            }
        } else if is_script(script) {
            literals(&text, &mut tries, &mut out);
        }
    }
    out
}

fn is_json(script: Node<'_>) -> bool {
    let kind = script.get(Attr::Type).unwrap_or("").trim().to_ascii_lowercase();
    kind.contains("json") && !kind.contains("ld+json")
}

fn is_script(script: Node<'_>) -> bool {
    let kind = script.get(Attr::Type).unwrap_or("").trim().to_ascii_lowercase();
    kind.is_empty() || kind.ends_with("javascript") || kind == "module"
}

/// Reads what is assigned in a script: `window.__X__ = {…}`, `Fusion.y=[…]`,
/// `var x = JSON.parse("…")`.
fn literals(text: &str, tries: &mut usize, out: &mut Vec<Value>) {
    let mut at = 0;
    while let Some(found) = text[at..].find('=') {
        let start = at + found + 1;
        at = start;
        if *tries >= MAX_LITERALS || text.len() - start < MIN_BLOCK {
            return;
        }
        let rest = text[start..].trim_start();
        let (rest, quoted) = match rest.strip_prefix("JSON.parse(") {
            Some(inner) => (inner.trim_start(), true),
            None => (rest, false),
        };
        let opens = if quoted { rest.starts_with('"') } else { rest.starts_with(['{', '[']) };
        if !opens {
            continue;
        }
        *tries += 1;
        let Some((value, used)) = prefix(rest) else { continue };
        let value = match value {
            Value::String(inner) if quoted => serde_json::from_str(&inner).unwrap_or(Value::Null),
            other => other,
        };
        if used >= MIN_BLOCK && !value.is_null() {
            out.push(value);
            at = text.len() - rest.len() + used;
        }
    }
}

/// The JSON value that a text begins with, and how many bytes it takes.
/// `undefined`, which scripts write where JSON has `null`, is read as that.
fn prefix(text: &str) -> Option<(Value, usize)> {
    let read = |text: &str| {
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        let value = stream.next()?.ok()?;
        Some((value, stream.byte_offset()))
    };
    read(text).or_else(|| {
        // Of the same length, so that the offset holds.
        text.contains("undefined").then(|| read(&text.replace("undefined", "     null")))?
    })
}

/// Whether an array is Nuxt's flat form: objects whose values are indices into
/// it.
fn is_devalued(list: &[Value]) -> bool {
    list.len() > 4
        && match list.first() {
            Some(Value::Array(head)) => {
                head.first().and_then(Value::as_str).is_some_and(is_wrapper) && head.len() == 2
            }
            Some(Value::Object(head)) => {
                !head.is_empty()
                    && head.values().all(|v| v.as_u64().is_some_and(|i| (i as usize) < list.len()))
            }
            _ => false,
        }
}

fn is_wrapper(name: &str) -> bool {
    matches!(name, "Reactive" | "ShallowReactive" | "Ref" | "ShallowRef" | "EmptyRef" | "EmptyShallowRef")
}

/// Unfolds Nuxt's flat form (the format of the devalue library).
fn unfold(list: &[Value]) -> Value {
    let mut unfolder = Unfolder { list, left: MAX_UNFOLDED, open: HashSet::new() };
    unfolder.value(0, 0)
}

struct Unfolder<'v> {
    list: &'v [Value],
    left: usize,
    /// The indices that are being unfolded: a cycle ends there.
    open: HashSet<usize>,
}

impl Unfolder<'_> {
    fn value(&mut self, index: usize, depth: usize) -> Value {
        let list = self.list;
        let Some(flat) = list.get(index) else { return Value::Null };
        if self.left == 0 || depth > MAX_DEPTH || self.open.contains(&index) {
            return Value::Null;
        }
        // A long text that many places name is unfolded into each of them.
        let cost = 1 + flat.as_str().map_or(0, |s| s.len() / 64);
        self.left = self.left.saturating_sub(cost);
        match flat {
            Value::Object(object) => {
                self.open.insert(index);
                let mut out = Map::new();
                for (name, at) in object {
                    let value = self.at(at, depth);
                    out.insert(name.clone(), value);
                }
                self.open.remove(&index);
                Value::Object(out)
            }
            Value::Array(items) => {
                self.open.insert(index);
                let out = match items.first().and_then(Value::as_str) {
                    // A typed value: its name, then what it wraps.
                    Some("Date" | "BigInt" | "RegExp") => items.get(1).cloned().unwrap_or(Value::Null),
                    Some(name) if is_wrapper(name) => {
                        items.get(1).map_or(Value::Null, |at| self.at(at, depth))
                    }
                    Some("Set") => Value::Array(items[1..].iter().map(|at| self.at(at, depth)).collect()),
                    Some(_) => Value::Null,
                    None => Value::Array(items.iter().map(|at| self.at(at, depth)).collect()),
                };
                self.open.remove(&index);
                out
            }
            plain => plain.clone(),
        }
    }

    fn at(&mut self, index: &Value, depth: usize) -> Value {
        match index.as_u64() {
            Some(i) => self.value(i as usize, depth + 1),
            None => Value::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<Value> {
        blocks(&Document::parse(html))
    }

    fn pad() -> String {
        "নদী ".repeat(60)
    }

    #[test]
    fn json_scripts_and_assignments() {
        let pad = pad();
        let html = format!(
            "<script id=__NEXT_DATA__ type=application/json>{{\"a\":{{\"title\":\"ক\",\"t\":\"{pad}\"}}}}</script>\
             <script>var q=1;window.__X__ = {{\"b\":undefined,\"t\":\"{pad}\"}};</script>\
             <script>window.y=JSON.parse(\"{{\\\"c\\\":3,\\\"t\\\":\\\"{pad}\\\"}}\")</script>\
             <script type=application/ld+json>{{\"d\":\"{pad}\"}}</script><script>if(a=={{)</script>"
        );
        let found = read(&html);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[0]["a"]["title"], "ক");
        assert!(found[1]["b"].is_null() && found[1]["t"].is_string());
        assert_eq!(found[2]["c"], 3);
    }

    #[test]
    fn devalued_arrays_unfold_and_cycles_end() {
        let html = format!(
            "<script type=application/json id=__NUXT_DATA__>[[\"ShallowReactive\",1],{{\"data\":2,\"self\":1}},\
             {{\"title\":3,\"body\":4,\"when\":5,\"tags\":6}},\"হাট\",\"{}\",[\"Date\",\"2024-01-02T00:00:00Z\"],[3]]</script>",
            pad()
        );
        let found = read(&html);
        assert_eq!(found[0]["data"]["title"], "হাট");
        assert_eq!(found[0]["data"]["when"], "2024-01-02T00:00:00Z");
        assert_eq!(found[0]["data"]["tags"][0], "হাট");
        assert!(found[0]["self"].is_null());
    }
}
