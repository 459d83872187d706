//! Real output against the printed schema, with an independent validator.

use serde_json::Value;

use super::program::{fixture, records, run};

#[test]
fn records_and_failures_fit_the_schema() {
    let printed = run(["schema"]);
    assert_eq!(printed.status, Some(0));
    let schema: Value = serde_json::from_str(&printed.stdout).unwrap();
    let article = jsonschema::validator_for(&schema["article"]).expect("a schema");
    let failure = jsonschema::validator_for(&schema["failure"]).expect("a schema");
    let folder = tempfile::tempdir().unwrap();
    let failed = folder.path().join("failures.jsonl");
    let cases = fixture("cases");
    let done = run([
        "extract".as_ref(),
        "--explain".as_ref(),
        "--failures".as_ref(),
        failed.as_os_str(),
        cases.as_os_str(),
        fixture("cases/seed-shape-text/page.txt").as_os_str(),
    ]);
    let articles = done.records();
    assert!(articles.len() > 40, "{}", done.stderr);
    for record in &articles {
        let errors: Vec<String> =
            article.iter_errors(record).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", record["source"]);
        let empty = |v: &Value| v.as_str() == Some("");
        assert!(
            record.as_object().unwrap().values().all(|v| !empty(v)),
            "an empty string in {}",
            record["source"]
        );
    }
    let failures = records(&std::fs::read_to_string(&failed).unwrap());
    assert!(failures.len() >= 5);
    for record in &failures {
        assert!(failure.is_valid(record), "{record}");
    }
    // The validator must be able to say no.
    let mut wrong = articles[0].clone();
    wrong["word_count"] = Value::from("many");
    assert!(!article.is_valid(&wrong));
}

#[test]
fn keys_stand_in_the_order_of_the_contract() {
    let done = run(["extract".as_ref(), fixture("cases/seed-shape/page.html").as_os_str()]);
    let record: Value = serde_json::from_str(done.stdout.lines().next().unwrap()).unwrap();
    let keys: Vec<&String> = record.as_object().unwrap().keys().collect();
    let expected = "schema id url final_url canonical_url source site publisher headline kicker subheadline byline \
        authors published_at modified_at published_text modified_text section tags lead_image body blocks captions \
        related language word_count content_hash fingerprint fetched_at http extractor evidence warnings";
    assert_eq!(keys, expected.split_whitespace().collect::<Vec<_>>());
}
