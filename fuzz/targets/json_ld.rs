//! JSON-LD as it stands in a page: the lenient parser and the reader over it.

#![no_main]

use khobor::page::{Document, JsonLd, json_ld};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = json_ld::parse_lenient(text);
    let page = format!("<script type=\"application/ld+json\">{text}</script>");
    let read = JsonLd::read(&Document::parse(&page));
    for article in read.articles() {
        for value in article.values() {
            let _ = read.names(value);
        }
        let _ = json_ld::breadcrumb(article);
    }
});
