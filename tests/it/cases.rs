//! The case folders under fixtures/cases: each page against its gold record.
//!
//! `expected.json` holds the keys to be compared. What is known to miss stands
//! in `fixtures/known_misses.txt`, one `case field` a line; the test fails for
//! a miss that is not listed and for a listed one that was mended.

use std::collections::BTreeSet;
use std::fs;

use chrono::DateTime;
use khobor::{Format, Options};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::program::fixture;

#[test]
fn every_case_gives_its_gold_record() {
    let known: BTreeSet<String> = fs::read_to_string(fixture("known_misses.txt"))
        .expect("the list of known misses")
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let mut names: Vec<String> = fs::read_dir(fixture("cases"))
        .expect("case folders")
        .map(|e| e.expect("a folder").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(names.len() >= 59, "only {} cases", names.len());
    let mut report = String::new();
    let mut missed = BTreeSet::new();
    for name in &names {
        for (field, difference) in differences(name) {
            let miss = format!("{name} {field}");
            if !known.contains(&miss) {
                report.push_str(&miss);
                report.push_str(": ");
                report.push_str(&difference);
                report.push('\n');
            }
            missed.insert(miss);
        }
    }
    let mended: Vec<&String> = known.difference(&missed).collect();
    assert!(report.is_empty(), "new misses:\n{report}");
    assert!(mended.is_empty(), "mended, take them off fixtures/known_misses.txt: {mended:?}");
}

fn read_json(path: &str) -> Value {
    let text = fs::read_to_string(fixture(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The fields in which a case's record differs from its gold.
fn differences(name: &str) -> Vec<(String, String)> {
    let case = read_json(&format!("cases/{name}/case.json"));
    let expected = read_json(&format!("cases/{name}/expected.json"));
    let text = fixture(&format!("cases/{name}/page.txt"));
    let is_text = text.exists();
    let page = if is_text { text } else { fixture(&format!("cases/{name}/page.html")) };
    let mut options = Options::new();
    options.url = case["url"].as_str().map(str::to_owned);
    options.charset = case["charset"].as_str().map(str::to_owned);
    if is_text {
        options = options.with_format(Format::Text);
    }
    let bytes = fs::read(page).expect("the page");
    let got = khobor::extract(&bytes, &options);
    if let Some(failure) = expected.get("failure") {
        return match got {
            Err(f) if f.kind.as_str() == failure["kind"] => Vec::new(),
            Err(f) => vec![("failure".to_owned(), format!("{f}"))],
            Ok(a) => vec![("failure".to_owned(), format!("a record: {:?}", a.headline))],
        };
    }
    let article = match got {
        Ok(article) => serde_json::to_value(article).expect("a record"),
        Err(failure) => return vec![("record".to_owned(), failure.to_string())],
    };
    let expected = expected.as_object().expect("an object");
    expected
        .iter()
        .filter(|(field, value)| !same(field, value, &article))
        .map(|(field, value)| (field.clone(), format!("expected {value}, got {}", article[field.as_str()])))
        .collect()
}

fn same(field: &str, expected: &Value, article: &Value) -> bool {
    let got = &article[field];
    match field {
        "warnings" => expected
            .as_array()
            .into_iter()
            .flatten()
            .all(|code| got.as_array().into_iter().flatten().any(|w| w["code"] == *code)),
        // The gold is precise to the minute.
        "published_at" | "modified_at" => minute(expected) == minute(got),
        _ => nfc(expected) == nfc(got),
    }
}

fn minute(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    Some(
        DateTime::parse_from_rfc3339(text)
            .map_or_else(|_| text.to_owned(), |t| t.timestamp().div_euclid(60).to_string()),
    )
}

fn nfc(value: &Value) -> Value {
    match value {
        Value::String(s) => Value::String(s.nfc().collect()),
        Value::Array(list) => list.iter().map(nfc).collect(),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), nfc(v))).collect(),
        other => other.clone(),
    }
}
