//! `khobor extract` and the commands that read lines, as a user runs them.

use std::fs;

use serde_json::{Value, json};

use super::program::{fixture, records, run, run_with};

fn page() -> String {
    fixture("cases/seed-shape/page.html").display().to_string()
}

#[test]
fn a_file_a_folder_and_standard_input_give_the_same_record() {
    let url = "https://www.example.com/news/1";
    let from_file = run(["extract", "--url", url, &page()]);
    assert_eq!(from_file.status, Some(0), "{}", from_file.stderr);
    let from_stdin = run_with(["extract", "--url", url, "-"], &fs::read(page()).unwrap());
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("deep")).unwrap();
    fs::copy(page(), folder.path().join("deep/a.html")).unwrap();
    fs::write(folder.path().join("deep/notes.md"), "no page").unwrap();
    let map = folder.path().join("map.tsv");
    fs::write(&map, format!("a.html\t{url}\t\n")).unwrap();
    let from_folder = run(["extract", "--urls", map.to_str().unwrap(), folder.path().to_str().unwrap()]);
    let mut all: Vec<Value> =
        [&from_file, &from_stdin, &from_folder].iter().flat_map(|r| r.records()).collect();
    assert_eq!(all.len(), 3, "{}", from_folder.stderr);
    assert_eq!(all[1]["source"], "-");
    assert!(all[2]["source"].as_str().unwrap().ends_with("deep/a.html"));
    for record in &mut all {
        record["source"] = Value::Null;
    }
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
    assert!(all[0]["headline"].is_string());
}

#[test]
fn output_is_in_input_order_whatever_the_number_of_jobs() {
    let cases = fixture("cases").display().to_string();
    let one = run(["extract", "--jobs", "1", "--failures", "/dev/null", &cases]);
    let many = run(["extract", "--jobs", "7", "--failures", "/dev/null", &cases]);
    assert!(one.records().len() > 40);
    assert_eq!(one.stdout, many.stdout);
    let sources: Vec<String> =
        one.records().iter().map(|r| r["source"].as_str().unwrap().to_owned()).collect();
    let mut sorted = sources.clone();
    sorted.sort();
    assert_eq!(sources, sorted);
}

#[test]
fn jsonl_hands_id_url_and_time_through() {
    let html = fs::read_to_string(page()).unwrap();
    let text = fs::read_to_string(fixture("cases/seed-shape-text/page.txt")).unwrap();
    let lines = [
        json!({"id": "ক-1", "url": "https://www.example.com/news/1", "html": html, "fetched_at": "2024-01-02T03:04:05Z"}).to_string(),
        json!({"id": 7, "text": text}).to_string(),
        "no json".to_owned(),
        json!({"id": "x"}).to_string(),
    ]
    .join("\n");
    let done = run_with(["extract", "--input-format", "jsonl", "-"], lines.as_bytes());
    let records = done.records();
    assert_eq!(done.status, Some(1));
    assert_eq!(records.len(), 2, "{}", done.stderr);
    assert_eq!(records[0]["id"], "ক-1");
    assert_eq!(records[0]["url"], "https://www.example.com/news/1");
    assert_eq!(records[0]["fetched_at"], "2024-01-02T03:04:05Z");
    assert_eq!(records[1]["id"], "7");
    assert!(
        done.stderr.contains("line 3") && done.stderr.contains("neither html nor text"),
        "{}",
        done.stderr
    );
}

#[test]
fn an_input_that_fails_does_not_end_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("a-empty.html", b"");
    write("b-deep.html", "<div>".repeat(200_000).as_bytes());
    write("c-bytes.html", &[0xff, 0xfe, 0x00, 0xd8, 0x41]);
    write("d-surrogate.html", b"<h1>&#xD800; &#x110000; x</h1><p>y</p>");
    let bomb = format!("<script type='application/ld+json'>{}</script><h1>x</h1>", "[".repeat(10_000));
    write("e-bomb.html", bomb.as_bytes());
    fs::copy(page(), folder.path().join("f-good.html")).unwrap();
    let failures = folder.path().join("failures.jsonl");
    let done = run([
        "extract",
        "--failures",
        failures.to_str().unwrap(),
        folder.path().to_str().unwrap(),
        folder.path().join("not-there.html").to_str().unwrap(),
    ]);
    assert_eq!(done.status, Some(1), "{}", done.stderr);
    assert_eq!(done.records().len(), 1, "{}", done.stdout);
    let failed = records(&fs::read_to_string(&failures).unwrap());
    assert_eq!(failed.len(), 6, "{failed:?}");
    assert!(failed.iter().all(|f| f["schema"] == "khobor.failure/1" && f["source"].is_string()));
    let missing = failed.iter().find(|f| f["source"].as_str().unwrap().contains("not-there")).unwrap();
    assert_eq!(missing["kind"], "io");
    assert!(missing["hint"].is_string());
    assert!(done.stderr.contains("1 articles, 6 failed"), "{}", done.stderr);
}

#[test]
fn outputs_are_not_overwritten_by_accident() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("records.jsonl");
    let out = out.to_str().unwrap();
    assert_eq!(run(["extract", "-o", out, &page()]).status, Some(0));
    let refused = run(["extract", "-o", out, &page()]);
    assert_eq!(refused.status, Some(2));
    assert!(refused.stderr.contains("--append"), "{}", refused.stderr);
    assert_eq!(run(["extract", "-o", out, "--append", &page()]).status, Some(0));
    assert_eq!(records(&fs::read_to_string(out).unwrap()).len(), 2);
    assert_eq!(run(["extract", "-o", out, "--overwrite", &page()]).status, Some(0));
    assert_eq!(records(&fs::read_to_string(out).unwrap()).len(), 1);
}

#[test]
fn compressed_outputs_hold_the_records() {
    use std::io::Read;
    let folder = tempfile::tempdir().unwrap();
    let plain = run(["extract", &page()]).stdout;
    let gz = folder.path().join("r.jsonl.gz");
    for extra in [&[][..], &["--append"][..]] {
        let mut arguments = vec!["extract", "-o", gz.to_str().unwrap()];
        arguments.extend(extra);
        let source = page();
        arguments.push(&source);
        assert_eq!(run(arguments).status, Some(0));
    }
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(&gz).unwrap()).read_to_string(&mut text).unwrap();
    assert_eq!(text, format!("{plain}{plain}"));
    let zst = folder.path().join("r.jsonl.zst");
    assert_eq!(run(["extract", "-o", zst.to_str().unwrap(), &page()]).status, Some(0));
    assert_eq!(zstd::decode_all(fs::File::open(&zst).unwrap()).unwrap(), plain.as_bytes());
}

#[test]
fn fields_and_candidates_shape_the_record() {
    let done = run(["extract", "--fields", "headline,published_at", &page()]);
    let record = &done.records()[0];
    assert_eq!(record.as_object().unwrap().keys().collect::<Vec<_>>(), ["headline", "published_at"]);
    assert_eq!(run(["extract", "--fields", "title", &page()]).status, Some(2));
    let explained = run(["extract", "--explain", &page()]).records().remove(0);
    assert!(explained["candidates"]["headline"].as_array().unwrap().len() >= 2);
    assert!(run(["extract", &page()]).records()[0].get("candidates").is_none());
}

#[test]
fn a_full_disk_ends_with_status_3() {
    if !std::path::Path::new("/dev/full").exists() {
        println!("skipped: no /dev/full");
        return;
    }
    let done = run(["extract", "-o", "/dev/full", "--append", &page()]);
    assert_eq!(done.status, Some(3), "{}", done.stderr);
    assert!(done.stderr.contains("cannot be written"), "{}", done.stderr);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    use std::process::Stdio;
    let cases = fixture("cases").display().to_string();
    let mut child =
        super::program::khobor(["extract", "--failures", "/dev/null", "-q", &cases, &cases, &cases])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn date_reads_lines_and_rows() {
    let lines = "প্রকাশিত : ০৩:১৫ পিএম, ৯ মে ২০২৩ মঙ্গলবার\nদাম ২৫০ টাকা\n৩ ঘণ্টা আগে\n৯ মে ২০২৩\n";
    let done = run_with(["date"], lines.as_bytes());
    assert_eq!(done.stdout, "2023-05-09T15:15:00+06:00\nNONE\nNONE\n2023-05-09\n");
    let done = run_with(["date", "--reference", "2024-01-01T12:00:00+06:00"], "৩ ঘণ্টা আগে\n".as_bytes());
    assert_eq!(done.stdout, "2024-01-01T09:00:00+06:00\n");
    let rows = "৯ মে ২০২৩, ১০:০০\t\tAsia/Kolkata\nগতকাল\t2024-01-02T10:00:00+06:00\t\n";
    assert_eq!(
        run_with(["date", "--tsv"], rows.as_bytes()).stdout,
        "2023-05-09T10:00:00+05:30\n2024-01-01\n"
    );
    // Texts of the command line stand in the place of lines.
    let done = run_with(["date", "৯ মে ২০২৩, ১০:০০", "undefined"], "১ মে ২০২৩\n".as_bytes());
    assert_eq!(done.stdout, "2023-05-09T10:00:00+06:00\nNONE\n");
}

#[test]
fn normalize_repairs_lines() {
    let done = run_with(["normalize"], "নদীর&nbsp;জল  বাড়ছে৷\nplain text\n".as_bytes());
    assert_eq!(done.stdout, "নদীর জল বাড\u{9bc}ছে।\nplain text\n");
    assert_eq!(run_with(["normalize", "--", "জল  বাড়ছে৷"], b"").stdout, "জল বাড\u{9bc}ছে।\n");
    assert_eq!(run_with(["normalize", "--bijoy"], "AvR e„wó n‡e|\n".as_bytes()).stdout, "আজ বৃষ্টি হবে।\n");
}

#[test]
fn wrong_usage_has_status_2() {
    for arguments in [
        &["nonsense"][..],
        &["extract", "--jobs", "0"],
        &["scrape", "--per-host-delay", "x"],
        &["extract", "--sites", "/nowhere", "x"],
    ] {
        let done = run(arguments);
        assert_eq!(done.status, Some(2), "{arguments:?}: {}", done.stderr);
        assert!(!done.stderr.is_empty());
    }
}

#[test]
fn explain_shows_sources_and_rejections() {
    let done = run(["explain", "--url", "https://www.example.com/news/1", &page()]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    for part in ["headline", "published_at", "visible", "not "] {
        assert!(done.stdout.contains(part), "{part} is not in\n{}", done.stdout);
    }
    assert!(!done.stdout.contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn sites_are_listed_and_rules_checked() {
    let listed = run(["sites"]);
    assert!(listed.stdout.lines().count() >= 10, "{}", listed.stdout);
    assert!(listed.stdout.lines().all(|l| l.split('\t').count() == 5));
    let folder = tempfile::tempdir().unwrap();
    let rule = folder.path().join("own.toml");
    let text = "rule = \"khobor.site/1\"\nhosts = [\"ujan.example\"]\npublisher = \"উজান\"\nzone = \"Asia/Dhaka\"\n\
                [[era]]\nname = \"2024\"\nheadline = [\"h1\"]\nbody = [\"div.text\"]\n";
    fs::write(&rule, text).unwrap();
    let html = folder.path().join("page.html");
    let body = "নদীর ধারে তিন দিনের মেলা শুরু হয়েছে গতকাল সকালে। দূরের গ্রাম থেকে এসেছেন দোকানিরা, আছে নাগরদোলা।";
    fs::write(
        &html,
        format!("<h1>নদীর ধারে শীতের মেলা শুরু</h1><p>৩ মার্চ ২০২৪, ১০:৩০</p><div class=text><p>{body}</p></div>"),
    )
    .unwrap();
    let checked = run(["sites", "check", rule.to_str().unwrap(), html.to_str().unwrap()]);
    assert_eq!(checked.status, Some(0), "{}", checked.stderr);
    assert!(
        checked.stdout.contains("taken for this page")
            && checked.stdout.contains("2024-03-03T10:30:00+06:00"),
        "{}",
        checked.stdout
    );
    let used = run([
        "extract",
        "--sites",
        folder.path().to_str().unwrap(),
        "--url",
        "https://ujan.example/n/12345",
        html.to_str().unwrap(),
    ]);
    let record = &used.records()[0];
    assert_eq!(record["extractor"]["rule"], "ujan.example");
    assert_eq!(record["evidence"]["body"], "site_rule");
    assert_eq!(record["publisher"], "উজান");
    fs::write(&rule, text.replace("publisher", "publischer")).unwrap();
    let broken = run(["sites", "check", rule.to_str().unwrap()]);
    assert_eq!(broken.status, Some(2));
    assert!(broken.stderr.contains("line 3"), "{}", broken.stderr);
}

#[test]
fn papers_print() {
    assert!(run(["completions", "bash"]).stdout.contains("khobor"));
    assert!(run(["man"]).stdout.contains(".TH"));
    assert!(run(["man", "scrape"]).stdout.contains("per\\-host\\-delay"));
    assert_eq!(run(["man", "nothing"]).status, Some(2));
}

#[test]
fn a_reader_of_standard_error_that_went_away_changes_nothing() {
    use std::process::Stdio;
    let mut child = super::program::khobor(["extract", &page(), &page()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(records(&String::from_utf8_lossy(&output.stdout)).len(), 2);
}

#[test]
fn a_filter_answers_before_its_input_ends_and_stops_at_a_signal() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let mut child = super::program::khobor(["extract", "--input-format", "jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let html = fs::read_to_string(page()).unwrap();
    writeln!(stdin, "{}", json!({"id": "1", "html": html})).unwrap();
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(records(&line)[0]["id"], "1");
    let sent = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(stdin);
}

#[test]
fn outputs_that_would_tear_each_other_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let one = folder.path().join("one.jsonl");
    let one = one.to_str().unwrap();
    let refused = run(["extract", "-o", one, "--failures", one, &page()]);
    assert_eq!(refused.status, Some(2), "{}", refused.stderr);
    fs::write(one, "{\"torn\":").unwrap();
    assert_eq!(run(["extract", "-o", one, "--append", &page()]).status, Some(0));
    let text = fs::read_to_string(one).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(serde_json::from_str::<Value>(text.lines().nth(1).unwrap()).is_ok());
}

#[test]
fn folders_are_read_once_and_empty_ones_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let empty = run(["extract", folder.path().to_str().unwrap()]);
    assert_eq!(empty.status, Some(1));
    assert!(empty.stderr.contains("holds no .html"), "{}", empty.stderr);
    fs::copy(page(), folder.path().join("a.html")).unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("loop.html")).unwrap();
    assert_eq!(run(["extract", folder.path().to_str().unwrap()]).records().len(), 1);
}

#[test]
fn each_row_of_dates_gives_a_line() {
    let done = run_with(["date", "--tsv"], "৯ মে ২০২৩\tnope\t\n৯ মে ২০২৩\t\t\n".as_bytes());
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), "NONE\n2023-05-09\n"));
}

#[test]
fn packed_pages_are_unpacked() {
    use std::io::Write as _;
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let page = fs::read(fixture("cases/seed-shape/page.html")).unwrap();
    let line = serde_json::json!({"html": String::from_utf8(page.clone()).unwrap()}).to_string();
    let cut = gzip(&page);
    let files = [
        ("a.html", page.clone()),
        ("b.html.gz", gzip(&page)),
        ("c.html", gzip(&page)),
        ("d.html.zst", zstd::encode_all(&page[..], 1).unwrap()),
        ("e.html.gz", cut[..cut.len() / 2].to_vec()),
    ];
    for (name, bytes) in &files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    fs::write(folder.path().join("list.jsonl.gz"), gzip(line.as_bytes())).unwrap();
    let map = folder.path().join("map.tsv");
    fs::write(&map, "b.html\thttps://b.example/1\nd.html.zst\thttps://d.example/1\n").unwrap();
    let done = run(["extract", "--urls", map.to_str().unwrap(), folder.path().to_str().unwrap()]);
    assert_eq!(done.status, Some(1), "{}", done.stderr);
    assert!(done.stderr.contains("decode") && done.stderr.contains("e.html.gz"), "{}", done.stderr);
    let records = done.records();
    assert_eq!(records.len(), 4);
    assert!(records.iter().all(|r| r["content_hash"] == records[0]["content_hash"]));
    let urls: Vec<_> = records.iter().map(|r| r["url"].as_str().unwrap_or("-")).collect();
    assert_eq!(urls, ["-", "https://b.example/1", "-", "https://d.example/1"]);
    let lines = run(["extract", folder.path().join("list.jsonl.gz").to_str().unwrap()]);
    assert_eq!(lines.records()[0]["content_hash"], records[0]["content_hash"]);
    let piped = run_with(["extract", "-"], &gzip(&page));
    assert_eq!(piped.records()[0]["content_hash"], records[0]["content_hash"]);
    let told = run(["explain", folder.path().join("b.html.gz").to_str().unwrap()]);
    assert!(told.status == Some(0) && told.stdout.contains("headline"), "{}", told.stderr);
}
