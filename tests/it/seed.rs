//! The document that the project began from, and the figures over the shared
//! pages.

use super::program::run;
use super::shared::shared;
use serde_json::Value;

#[test]
fn the_seed_gives_its_gold_record() {
    let (Some(seed), Some(gold)) = (shared("corpus/seed/seed.txt"), shared("corpus/seed/gold.jsonl")) else {
        return;
    };
    let done = run(["extract".as_ref(), "--input-format".as_ref(), "text".as_ref(), seed.as_os_str()]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let record = &done.records()[0];
    let gold: Value = serde_json::from_str(std::fs::read_to_string(gold).unwrap().trim()).unwrap();
    let normal = |v: &Value| khobor::bangla::normalize(v.as_str().unwrap()).text.into_owned();
    for field in ["headline", "byline", "publisher"] {
        assert_eq!(normal(&record[field]), normal(&gold[field]), "{field}");
    }
    assert_eq!(record["published_at"], gold["published_at"]);
    let list = |v: &Value, key: Option<&str>| -> Vec<String> {
        v.as_array().unwrap().iter().map(|x| normal(key.map_or(x, |k| &x[k]))).collect()
    };
    assert_eq!(list(&record["authors"], Some("name")), list(&gold["authors"], None));
    assert_eq!(list(&record["blocks"], Some("text")), list(&gold["paragraphs"], None));
    assert_eq!(list(&record["captions"], None), list(&gold["captions"], None));
    assert_eq!(list(&record["related"], Some("title")), list(&gold["related"], Some("title")));
}

#[test]
fn pages_that_are_no_articles_give_no_records() {
    let Some(folder) = shared("corpus/negative/pages") else { return };
    let done = run(["extract".as_ref(), folder.as_os_str()]);
    assert_eq!(done.stdout, "");
    assert_eq!(done.status, Some(1), "{}", done.stderr);
}

#[test]
fn real_pages_reach_the_stated_figures() {
    let (Some(pages), Some(urls), Some(gold), Some(score)) = (
        shared("corpus/real/pages"),
        shared("corpus/real/urls.tsv"),
        shared("corpus/real/gold.jsonl"),
        shared("eval/score.py"),
    ) else {
        return;
    };
    let out = std::env::temp_dir().join(format!("khobor-real-{}.jsonl", std::process::id()));
    let arguments = [
        "extract".as_ref(),
        "--overwrite".as_ref(),
        "-o".as_ref(),
        out.as_os_str(),
        "--urls".as_ref(),
        urls.as_os_str(),
        pages.as_os_str(),
    ];
    let done = run(arguments);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let scored = std::process::Command::new("python3").arg(score).arg(gold).arg(&out).arg("--json").output();
    std::fs::remove_file(&out).unwrap();
    let Ok(scored) = scored else {
        println!("skipped: no python3 to score with");
        return;
    };
    let figures: Value = serde_json::from_slice(&scored.stdout).expect("figures");
    for (figure, least) in
        [("headline", 1.0), ("body", 0.985), ("published", 1.0), ("related", 0.95), ("authors", 0.9)]
    {
        assert!(figures[figure].as_f64().unwrap() >= least, "{figure} below {least}: {figures}");
    }
}
