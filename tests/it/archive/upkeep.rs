//! What is done with an archive: rebuilt, purged, verified, exported.

use std::fs;
use std::io::Read;

use khobor::page::warc::WarcReader;
use rusqlite::Connection;

use super::newsroom::{BHATI, Newsroom, Story, UJAN, Weather};
use super::{Place, walk};

const FIRST: &str = "2026-11-01T06:00:00+06:00";
const SECOND: &str = "2026-11-02T06:00:00+06:00";

/// An archive of two days: five stories a site, one changed, one gone.
fn two_days() -> Place {
    let place = Place::new(Newsroom::open());
    for n in 0..5 {
        place.newsroom.publish(UJAN, n, Story::new(n, 1));
        place.newsroom.publish(BHATI, n, Story::new(n + 50, 1));
    }
    let (status, stderr) = place.run_at(FIRST, &["-q"]);
    assert_eq!(status, Some(0), "{stderr}");
    place.newsroom.change(UJAN, 1, |story| story.headline.push_str(", সংশোধিত"));
    place.newsroom.change(BHATI, 2, |story| story.gone = true);
    let (status, stderr) = place.run_at(SECOND, &["-q"]);
    assert_eq!(status, Some(0), "{stderr}");
    place
}

fn store(place: &Place) -> Connection {
    Connection::open(place.path("archive").join("archive.sqlite")).unwrap()
}

#[test]
fn a_rebuild_by_the_same_program_changes_nothing() {
    let place = two_days();
    let before = place.day_files("archive");
    assert_eq!(before.values().map(|text| text.lines().count()).sum::<usize>(), 12);
    let done = place.archive("rebuild", "archive", &[]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert!(done.stderr.contains("12 answers read again: 12 revisions, 12 before"), "{}", done.stderr);
    assert_eq!(place.day_files("archive"), before);
    place.assert_whole("archive");
    assert!(!place.path("archive").join("articles.old").exists());
}

#[test]
fn an_archive_improves_with_its_extractor_and_an_upgrade_makes_no_revisions() {
    let place = two_days();
    // As an earlier program would have left it: without headlines.
    let db = store(&place);
    db.execute_batch("UPDATE revision SET extractor = '0.0.1', essence = zeroblob(16), filled = filled & ~1")
        .unwrap();
    drop(db);
    // The articles of the first day are due once more.
    let db = store(&place);
    db.execute_batch("UPDATE page SET due_at = looked_at WHERE failure IS NULL").unwrap();
    drop(db);
    let (status, stderr) = place.run_at("2026-11-02T07:00:00+06:00", &[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.contains("0 new, 0 updated, 9 unchanged"), "{stderr}");
    assert_eq!(place.archive("rebuild", "archive", &["-q"]).status, Some(0));
    let old: i64 = store(&place)
        .query_row("SELECT count(*) FROM revision WHERE extractor = '0.0.1'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(old, 0);
    place.assert_whole("archive");
}

#[test]
fn pages_that_no_extractor_could_read_wait_for_a_better_one() {
    let place = Place::new(Newsroom::open());
    for n in 0..3 {
        place.newsroom.publish(UJAN, n, Story::new(n, 1));
    }
    place.newsroom.weather(UJAN, Weather::NewMarkup);
    place.run_at(FIRST, &["-q"]);
    let rules = place.path("archive").join("rules");
    fs::create_dir(&rules).unwrap();
    let before = place.export("archive", &[]);
    assert!(before.iter().all(|record| record["body"].is_null()), "nothing can be read");
    let captures: i64 =
        store(&place).query_row("SELECT count(*) FROM capture", [], |row| row.get(0)).unwrap();
    assert_eq!(captures, 3, "the answers are kept");
    // An article that loses its text to new markup keeps its last form.
    place.newsroom.weather(UJAN, Weather::Fine);
    place.newsroom.publish(UJAN, 7, Story::new(7, 1));
    place.run_at("2026-11-01T06:30:00+06:00", &["-q"]);
    place.newsroom.weather(UJAN, Weather::NewMarkup);
    place.run_at("2026-11-01T08:00:00+06:00", &["-q"]);
    let kept = place.export("archive", &["--all-revisions"]);
    let kept: Vec<_> = kept.iter().filter(|r| r["url"] == place.newsroom.url(UJAN, 7)).collect();
    assert_eq!(kept.len(), 1);
    assert!(kept[0]["body"].is_string());
    place.assert_whole("archive");
}

#[test]
fn what_is_forgotten_is_nowhere_and_does_not_come_back() {
    let place = two_days();
    let url = place.newsroom.url(UJAN, 1);
    let secret = Story::new(1, 1).headline;
    let holding = |what: &str| {
        let mut files = Vec::new();
        walk(&place.path("archive"), &mut |path| {
            let mut bytes = fs::read(path).unwrap();
            if path.extension().is_some_and(|e| e == "gz") {
                bytes.clear();
                flate2::read::MultiGzDecoder::new(fs::File::open(path).unwrap())
                    .read_to_end(&mut bytes)
                    .unwrap();
            }
            if bytes.windows(what.len()).any(|window| window == what.as_bytes()) {
                files.push(path.to_owned());
            }
        });
        files
    };
    assert!(holding(&secret).len() >= 2, "in a WARC file and a day file");
    let twin = format!("{url}?utm_source=mail");
    let done = place.archive("forget", "archive", &[&twin]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert!(done.stderr.contains("2 revisions and 2 answers removed, 2 WARC files"), "{}", done.stderr);
    assert_eq!(holding(&secret), Vec::<std::path::PathBuf>::new());
    assert_eq!(holding(&format!("{url}\"")), Vec::<std::path::PathBuf>::new());
    place.assert_whole("archive");
    let rest = place.contents("archive");
    assert_eq!(rest.len(), 9);
    place.run_at("2026-11-03T06:00:00+06:00", &["-q"]);
    assert_eq!(place.contents("archive"), rest, "it is named by the feed still");
    assert_eq!(place.archive("rebuild", "archive", &["-q"]).status, Some(0));
    assert_eq!(place.contents("archive"), rest);
    place.assert_whole("archive");
}

#[test]
fn damage_is_found() {
    let place = two_days();
    let archive = place.path("archive");
    let problem = |what: &str| {
        let done = place.archive("verify", "archive", &["-q"]);
        assert_eq!(done.status, Some(1), "{what}");
        assert!(done.stderr.contains(what), "{what}: {}", done.stderr);
    };
    let day = archive.join("articles/2026/11/01.jsonl");
    let text = fs::read_to_string(&day).unwrap();
    fs::write(&day, text.replacen("উজান", "ভাটি", 1).replacen("নিজস্ব", "নিজসব", 1)).unwrap();
    problem("01.jsonl");
    fs::write(&day, &text).unwrap();
    fs::write(archive.join("articles/2026/11/09.jsonl"), "{}\n").unwrap();
    problem("09.jsonl is no file that the store knows");
    fs::remove_file(archive.join("articles/2026/11/09.jsonl")).unwrap();
    place.assert_whole("archive");

    let warc = archive.join("warc/2026/11/khobor-20261101.warc.gz");
    let whole = fs::read(&warc).unwrap();
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 0x55;
    fs::write(&warc, &bent).unwrap();
    problem("khobor-20261101.warc.gz at byte");
    fs::write(&warc, &whole[..whole.len() - 5]).unwrap();
    problem("khobor-20261101.warc.gz has");
    fs::write(&warc, &whole).unwrap();
    store(&place).execute_batch("DELETE FROM capture WHERE id = 3").unwrap();
    problem("1 revisions whose answer is missing");
}

#[test]
fn exports_are_chosen_and_the_same_each_time() {
    let place = two_days();
    let text = |extra: &[&str]| {
        let done = place.archive("export", "archive", extra);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
        done.stdout
    };
    assert_eq!(text(&[]).lines().count(), 9, "the latest form of each, and nothing that is gone");
    assert_eq!(text(&["--all-revisions"]).lines().count(), 12);
    assert_eq!(text(&["--site", UJAN]).lines().count(), 5);
    assert_eq!(text(&["--since", "2026-11-02"]).lines().count(), 0);
    assert_eq!(text(&["--until", "2026-11-01", "--language", "bn"]).lines().count(), 9);
    assert_eq!(text(&["--language", "en"]).lines().count(), 0);
    assert_eq!(text(&["--all-revisions"]), text(&["--all-revisions"]));
    let unknown = place.archive("export", "archive", &["--site", "nowhere.example"]);
    assert_eq!(unknown.status, Some(2), "{}", unknown.stderr);

    let csv = text(&["--format", "csv", "--all-revisions"]);
    let mut lines = csv.split("\r\n");
    assert!(lines.next().unwrap().starts_with("url,canonical_url,site,publisher,headline,"));
    assert_eq!(csv.matches("\r\n").count(), 13);
    assert_eq!(csv, text(&["--format", "csv", "--all-revisions"]));
    let out = place.path("out.csv");
    let out = out.to_str().unwrap();
    assert_eq!(place.archive("export", "archive", &["--format", "csv", "-o", out]).status, Some(0));
    assert_eq!(
        place.archive("export", "archive", &["--format", "csv", "-o", out]).status,
        Some(2),
        "not overwritten"
    );
}

#[test]
fn the_warc_files_are_read_by_extract() {
    let place = two_days();
    let warc = place.path("archive").join("warc/2026/11/khobor-20261101.warc.gz");
    let file = std::io::BufReader::new(fs::File::open(&warc).unwrap());
    assert!(WarcReader::new(file).all(|record| record.is_ok()));
    let done = crate::program::run(["extract", "-q", "--no-site-rules", warc.to_str().unwrap()]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    let mut found: Vec<_> = done.records().iter().map(|record| record["content_hash"].to_string()).collect();
    let day = &place.day_files("archive")["2026/11/01.jsonl"];
    let mut kept: Vec<_> = crate::program::records(day)
        .iter()
        .filter(|record| record["archive"]["revision"] == 1)
        .map(|record| record["content_hash"].to_string())
        .collect();
    found.sort();
    kept.sort();
    assert_eq!(found, kept);
}

#[test]
fn mistakes_are_told() {
    let place = Place::new(Newsroom::open());
    let done = crate::program::run(["archive", "run", "/nowhere/at/all"]);
    assert_eq!(done.status, Some(2));
    assert!(done.stderr.contains("archive init"), "{}", done.stderr);
    let done = place.archive("init", "archive", &[UJAN]);
    assert_eq!(done.status, Some(2));
    assert!(done.stderr.contains("holds an archive already"), "{}", done.stderr);
    assert_eq!(place.archive("init", "other", &["not a site"]).status, Some(2));
    let config = place.path("archive").join("khobor.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("zone =", "zoen =")).unwrap();
    let done = place.archive("status", "archive", &[]);
    assert_eq!(done.status, Some(2));
    assert!(done.stderr.contains("khobor.toml") && done.stderr.contains("zoen"), "{}", done.stderr);
}
