//! JSON-LD blocks: what the page says of itself in schema.org's terms.
//!
//! Newsrooms print these blocks from templates, and many are broken in the
//! same few ways: raw newlines in strings, trailing commas, comments, quotes
//! that are not escaped. Such blocks are mended where there is only one thing
//! they can mean; a block that cannot be mended is counted as invalid.

use serde_json::{Map, Value};

use super::attr::Attr;
use super::document::Document;
use super::tag::Tag;

/// The types that name an article (schema.org, `NewsArticle` and its kin).
const ARTICLE_TYPES: &[&str] = &[
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "AskPublicNewsArticle",
    "ReviewNewsArticle",
    "LiveBlogPosting",
    "Article",
    "BlogPosting",
    "Report",
];

/// The type of the scripts that hold such blocks; parameters may follow.
const LD_JSON: &str = "application/ld+json";

/// How deep lists and graphs are followed for objects with a type.
const MAX_WALK: usize = 8;

/// All JSON-LD objects of a page.
#[derive(Clone, Debug, Default)]
pub struct JsonLd {
    objects: Vec<Map<String, Value>>,
    /// Why blocks could not be read, one message a block.
    pub invalid: Vec<String>,
}

impl JsonLd {
    /// Reads all blocks of a page.
    pub fn read(doc: &Document<'_>) -> Self {
        let mut found = Self::default();
        for script in doc.by_tag(Tag::Script) {
            let kind = script.get(Attr::Type).unwrap_or("").trim();
            if !kind.get(..LD_JSON.len()).is_some_and(|k| k.eq_ignore_ascii_case(LD_JSON)) {
                continue;
            }
            let text = script.raw_text();
            if text.trim().is_empty() {
                continue;
            }
            match parse_lenient(&text) {
                Ok(values) => values.into_iter().for_each(|v| collect(v, &mut found.objects, 0)),
                Err(message) => found.invalid.push(message),
            }
        }
        found
    }

    /// The objects of an article type, in page order.
    pub fn articles(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.objects.iter().filter(|o| is_type(o, ARTICLE_TYPES))
    }

    /// The objects of a type.
    pub fn of_type<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Map<String, Value>> {
        self.objects.iter().filter(move |o| is_type(o, &[name]))
    }

    /// The object with an `@id`.
    pub fn by_id(&self, id: &str) -> Option<&Map<String, Value>> {
        self.objects.iter().find(|o| o.len() > 1 && o.get("@id").and_then(Value::as_str) == Some(id))
    }

    /// The names that a value such as `author` or `publisher` holds: a string,
    /// an object with a name, a reference to one, or a list of these.
    pub fn names(&self, value: &Value) -> Vec<String> {
        let mut out = Vec::new();
        self.names_into(value, &mut out, 0);
        out
    }

    fn names_into(&self, value: &Value, out: &mut Vec<String>, depth: usize) {
        if depth > 3 {
            return;
        }
        match value {
            Value::String(s) => out.push(s.clone()),
            Value::Array(list) => list.iter().for_each(|v| self.names_into(v, out, depth + 1)),
            Value::Object(object) => match object.get("name") {
                Some(name) => self.names_into(name, out, depth + 1),
                None => {
                    if let Some(target) =
                        object.get("@id").and_then(Value::as_str).and_then(|id| self.by_id(id))
                        && let Some(name) = target.get("name")
                    {
                        self.names_into(name, out, depth + 1);
                    }
                }
            },
            _ => {}
        }
    }
}

/// The trail of a `BreadcrumbList`, from the home page down.
pub fn breadcrumb(object: &Map<String, Value>) -> Vec<String> {
    let Some(Value::Array(items)) = object.get("itemListElement") else { return Vec::new() };
    items
        .iter()
        .filter_map(|item| {
            item.get("name")
                .or_else(|| item.get("item").and_then(|i| i.get("name")))
                .and_then(Value::as_str)
                .map(str::to_owned)
        })
        .collect()
}

fn is_type(object: &Map<String, Value>, names: &[&str]) -> bool {
    let matches = |v: &Value| {
        v.as_str().is_some_and(|t| {
            let short = t.rsplit(['/', ':']).next().unwrap_or(t);
            names.contains(&short)
        })
    };
    match object.get("@type") {
        Some(Value::Array(types)) => types.iter().any(matches),
        Some(one) => matches(one),
        None => false,
    }
}

/// Gathers objects that have a type, out of arrays, `@graph` and the properties
/// that commonly wrap an article.
fn collect(value: Value, out: &mut Vec<Map<String, Value>>, depth: usize) {
    if depth > MAX_WALK {
        return;
    }
    match value {
        Value::Array(list) => list.into_iter().for_each(|v| collect(v, out, depth + 1)),
        Value::Object(mut object) => {
            for key in ["@graph", "mainEntity"] {
                if object.contains_key("headline") {
                    break;
                }
                if let Some(inner) = object.remove(key) {
                    collect(inner, out, depth + 1);
                }
            }
            if object.contains_key("@type") {
                out.push(object);
            }
        }
        _ => {}
    }
}

/// Reads JSON as newsrooms write it: one or several values one after another.
///
/// # Errors
///
/// What the strict parser says of the mended text, as a lower-case fragment.
pub fn parse_lenient(text: &str) -> Result<Vec<Value>, String> {
    let text = unwrap(text);
    if let Ok(values) = parse_all(text) {
        return Ok(values);
    }
    let mended = mend(text, false);
    if let Ok(values) = parse_all(&mended) {
        return Ok(values);
    }
    parse_all(&mend(text, true)).map_err(|e| e.to_string())
}

fn parse_all(text: &str) -> Result<Vec<Value>, serde_json::Error> {
    serde_json::Deserializer::from_str(text).into_iter::<Value>().collect()
}

/// Takes off what scripts were wrapped in for the sake of old browsers.
fn unwrap(text: &str) -> &str {
    let mut text = text.trim().trim_start_matches('\u{feff}');
    for (start, end) in
        [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<![CDATA[", "]]>")]
    {
        if let Some(inner) = text.strip_prefix(start) {
            text = inner.trim();
            text = text.strip_suffix(end).unwrap_or(text).trim();
        }
    }
    text.trim_end_matches(';').trim()
}

/// Escapes raw control characters in strings, mends wrong escapes, and drops
/// comments and trailing commas. With `quotes`, a quote that does not stand
/// where a string can end counts as part of the string.
fn mend(text: &str, quotes: bool) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut chars = text.char_indices().peekable();
    let mut in_string = false;
    while let Some((at, c)) = chars.next() {
        if in_string {
            match c {
                '\\' => match chars.peek().map(|(_, n)| *n) {
                    Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') => {
                        out.push('\\');
                        if let Some((_, n)) = chars.next() {
                            out.push(n);
                        }
                    }
                    // An escape that JSON does not know: the character itself.
                    Some(_) => {}
                    None => out.push_str("\\\\"),
                },
                '"' if !quotes || ends_string(&text[at + 1..]) => {
                    in_string = false;
                    out.push('"');
                }
                '"' => out.push_str("\\\""),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() => out.push(' '),
                c => out.push(c),
            }
            continue;
        }
        match c {
            '"' => {
                in_string = true;
                out.push('"');
            }
            '/' if text[at..].starts_with("//") => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '/' if text[at..].starts_with("/*") => {
                let end = text[at + 2..].find("*/").map_or(text.len(), |n| at + n + 4);
                while chars.next_if(|(i, _)| *i < end).is_some() {}
            }
            ',' if matches!(skip_blank(&text[at + 1..]).chars().next(), Some('}' | ']') | None) => {}
            c => out.push(c),
        }
    }
    out
}

/// What follows white space and comments.
fn skip_blank(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start();
        let end = if rest.starts_with("//") {
            rest.find('\n')
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|n| n + 2)
        } else {
            return rest;
        };
        rest = &rest[end.unwrap_or(rest.len())..];
    }
}

/// Whether what follows a quote is what follows a string.
fn ends_string(rest: &str) -> bool {
    let rest = rest.trim_start();
    let Some(c) = rest.chars().next() else { return true };
    match c {
        ':' | '}' | ']' => true,
        ',' => {
            let next = rest[1..].trim_start().chars().next();
            matches!(next, Some('"' | '{' | '[' | '}' | ']' | 't' | 'f' | 'n' | '-' | '0'..='9') | None)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(blocks: &[&str]) -> JsonLd {
        let blocks: Vec<String> =
            blocks.iter().map(|b| format!("<script type='application/ld+json'>{b}</script>")).collect();
        let html = blocks.concat();
        JsonLd::read(&Document::parse(&html))
    }

    #[test]
    fn graphs_arrays_and_several_blocks() {
        let ld = page(&[
            r#"{"@type":"Organization","name":"ক"}"#,
            r#"{"@graph":[{"@type":"WebPage"},{"@type":["Article","NewsArticle"],"headline":"খ","author":{"@id":"urn:a"}},
                {"@type":"Person","@id":"urn:a","name":"গ"}]}"#,
            r#"[{"@type":"http://schema.org/NewsArticle","headline":"ঘ"}]"#,
        ]);
        let headlines: Vec<&str> = ld.articles().filter_map(|a| a["headline"].as_str()).collect();
        assert_eq!(headlines, ["খ", "ঘ"]);
        let author = &ld.articles().next().unwrap()["author"];
        assert_eq!(ld.names(author), ["গ"]);
    }

    #[test]
    fn broken_blocks_are_mended() {
        for block in [
            "{\"@type\":\"NewsArticle\",\"headline\":\"এক\nদুই\",}",
            "{\"@type\":\"NewsArticle\",/* x */\"headline\":\"এক\\nদুই\", // y\n}",
            "<!-- {\"@type\":\"NewsArticle\",\"headline\":\"এক\nদুই\"} -->",
            "//<![CDATA[\n{\"@type\":\"NewsArticle\",\"headline\":\"এক\nদুই\"}\n//]]>",
            "{\"@type\":\"NewsArticle\",\"headline\":\"এক\nদুই\"};",
        ] {
            let ld = page(&[block]);
            assert!(ld.invalid.is_empty(), "{block}: {:?}", ld.invalid);
            assert_eq!(ld.articles().next().unwrap()["headline"], "এক\nদুই", "{block}");
        }
        let ld = page(&[r#"{"@type":"NewsArticle","headline":"তিনি বলেন "না", তারপর","x":1}"#]);
        assert_eq!(ld.articles().next().unwrap()["headline"], "তিনি বলেন \"না\", তারপর");
    }

    #[test]
    fn what_cannot_be_mended_is_counted() {
        let bomb = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let ld = page(&[&bomb, "{\"@type\":", "", r#"{"@type":"NewsArticle"}"#]);
        assert_eq!(ld.invalid.len(), 2);
        assert_eq!(ld.articles().count(), 1);
    }

    #[test]
    fn breadcrumb_names() {
        let ld = page(&[r#"{"@type":"BreadcrumbList","itemListElement":[
            {"@type":"ListItem","position":1,"name":"হোম"},{"position":2,"item":{"@id":"/x","name":"জাতীয়"}}]}"#]);
        assert_eq!(breadcrumb(ld.of_type("BreadcrumbList").next().unwrap()), ["হোম", "জাতীয়"]);
    }
}
