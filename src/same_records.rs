//! The fast way from source to tree gives the records that html5ever's tree
//! gives: on the pages of the case folders, on what cutting and repeating makes
//! of them, and on the shared pages where these are.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use crate::page::Document;
use crate::{Options, extract_with};

/// The pages below a folder.
pub(crate) fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "html") {
                out.push(path);
            }
        }
    }
    out.sort();
    out
}

fn compare(bytes: &[u8], name: &str) {
    let options = Options::new().with_url("https://ujan.example/news/2024/03/05/17");
    let record = |document: fn(Cow<'_, str>) -> Document<'_>| match extract_with(bytes, &options, document) {
        Ok(article) => serde_json::to_value(article).unwrap(),
        Err(failure) => serde_json::to_value(failure).unwrap(),
    };
    let by_html5ever = record(|source| Document::parse_by_html5ever(&source));
    assert_eq!(record(|source| Document::parse(source)), by_html5ever, "{name}");
}

#[test]
fn records_are_the_same_by_either_tree() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let found = pages(&cases);
    assert!(found.len() > 40, "{}", found.len());
    for page in &found {
        let bytes = fs::read(page).unwrap();
        let name = page.display().to_string();
        compare(&bytes, &name);
        // A page that ends early, and one with a stretch of it twice.
        let (third, half) = (bytes.len() / 3, bytes.len() / 2);
        compare(&bytes[..half], &format!("{name}, half"));
        compare(&[&bytes[..half], &bytes[third..]].concat(), &format!("{name}, a part twice"));
    }
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    // Some of each folder: an unoptimised build takes its time.
    for page in pages(&shared).iter().step_by(6) {
        compare(&fs::read(page).unwrap(), &page.display().to_string());
    }
}
