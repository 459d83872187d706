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
fn another_rule_makes_no_revisions_and_a_rebuild_takes_it_up() {
    let place = Place::new(Newsroom::open());
    for n in 0..3 {
        place.newsroom.publish(UJAN, n, Story::new(n, 1));
    }
    place.run_at(FIRST, &["-q"]);
    let paragraphs = |place: &Place| -> Vec<usize> {
        let records = place.export("archive", &["--all-revisions"]);
        records.iter().map(|record| record["blocks"].as_array().unwrap().len()).collect()
    };
    assert_eq!(paragraphs(&place), [4, 4, 4]);
    let rules = place.path("archive").join("rules");
    fs::create_dir(&rules).unwrap();
    let rule = "rule = \"khobor.site/1\"\nhosts = [\"ujan.example\"]\nzone = \"Asia/Dhaka\"\n\n\
                [[era]]\nname = \"2026\"\nbody = [\"div.story\"]\ndrop = [\"div.story p:first-of-type\"]\n";
    fs::write(rules.join("ujan.toml"), rule).unwrap();
    let config = place.path("archive").join("khobor.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("# rules =", "rules =")).unwrap();
    let (_, stderr) = place.run_at("2026-11-01T08:00:00+06:00", &[]);
    assert!(stderr.contains("0 new, 0 updated, 3 unchanged"), "{stderr}");
    assert_eq!(paragraphs(&place), [4, 4, 4]);
    assert_eq!(place.archive("rebuild", "archive", &["-q"]).status, Some(0));
    assert_eq!(paragraphs(&place), [3, 3, 3]);
    place.assert_whole("archive");
}

#[test]
fn an_article_that_loses_its_text_to_new_markup_keeps_its_last_form() {
    let place = Place::new(Newsroom::open());
    place.newsroom.publish(UJAN, 7, Story::new(7, 1));
    place.run_at(FIRST, &["-q"]);
    place.newsroom.weather(UJAN, Weather::NewMarkup);
    place.run_at("2026-11-01T08:00:00+06:00", &["-q"]);
    let kept = place.export("archive", &["--all-revisions"]);
    assert_eq!(kept.len(), 1);
    assert!(kept[0]["body"].is_string());
    let captures = place.archive("verify", "archive", &[]).stderr;
    assert!(captures.contains("2 answers and 1 revisions"), "the answer is kept: {captures}");
}

#[test]
fn a_page_that_was_gone_may_come_back() {
    let place = two_days();
    let url = place.newsroom.url(BHATI, 2);
    let latest = |place: &Place| {
        let all = place.export("archive", &["--all-revisions"]);
        let mine: Vec<_> = all.into_iter().filter(|record| record["url"] == url.as_str()).collect();
        (mine.len(), mine.last().unwrap()["headline"].is_string())
    };
    assert_eq!(latest(&place), (2, false));
    place.newsroom.change(BHATI, 2, |story| story.gone = false);
    place.run_at("2026-11-03T06:00:00+06:00", &["-q"]);
    assert_eq!(latest(&place), (3, true));
    place.assert_whole("archive");
}

#[test]
fn copies_name_the_earlier_one_however_they_change() {
    let place = Place::new(Newsroom::open());
    place.newsroom.publish(UJAN, 1, Story::new(1, 1));
    place.run_at(FIRST, &["-q"]);
    place.newsroom.publish(BHATI, 1, Story::new(1, 1));
    place.run_at("2026-11-01T06:30:00+06:00", &["-q"]);
    // Both are corrected in turn, the first one by a word.
    place.newsroom.change(UJAN, 1, |story| story.headline.push_str(", সংশোধিত"));
    place.run_at("2026-11-01T08:00:00+06:00", &["-q"]);
    place.newsroom.change(BHATI, 1, |story| story.headline.push_str(", সংশোধিত"));
    place.run_at("2026-11-02T08:00:00+06:00", &["-q"]);
    let all = place.export("archive", &["--all-revisions"]);
    assert_eq!(all.len(), 4);
    for record in &all {
        let same = &record["archive"]["same_as"]["url"];
        if record["url"] == place.newsroom.url(UJAN, 1).as_str() {
            assert!(same.is_null(), "the first one names nobody: {same}");
        } else {
            assert_eq!(same, place.newsroom.url(UJAN, 1).as_str());
        }
    }
}

#[test]
fn what_a_run_could_not_take_is_taken_by_the_next_ones() {
    let place = Place::new(Newsroom::open());
    for n in 0..10 {
        place.newsroom.publish(UJAN, n, Story::new(n, 1));
    }
    let config = place.path("archive").join("khobor.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("max_urls = 500", "max_urls = 4")).unwrap();
    for (round, expected) in [4, 8, 10].into_iter().enumerate() {
        place.run_at(&format!("2026-11-01T06:{:02}:00+06:00", round * 10), &["-q"]);
        assert_eq!(place.contents("archive").len(), expected, "round {round}");
    }
}

#[test]
fn a_look_that_fails_for_the_moment_is_made_up_for() {
    let place = Place::new(Newsroom::open());
    place.newsroom.publish(UJAN, 1, Story::new(1, 1));
    place.run_at(FIRST, &["-q"]);
    place.newsroom.change(UJAN, 1, |story| story.headline.push_str(", সংশোধিত"));
    place.newsroom.weather(UJAN, Weather::Down);
    // The last planned look falls on a bad day.
    place.run_at("2026-11-02T06:00:00+06:00", &["-q"]);
    place.newsroom.weather(UJAN, Weather::Fine);
    let (_, stderr) = place.run_at("2026-11-02T08:00:00+06:00", &[]);
    assert!(stderr.contains("1 updated"), "{stderr}");
}

#[test]
fn a_rebuild_without_its_answers_is_refused() {
    let place = two_days();
    let before = place.day_files("archive");
    let warc = place.path("archive").join("warc/2026/11/khobor-20261101.warc.gz");
    let away = place.path("away.warc.gz");
    fs::rename(&warc, &away).unwrap();
    let done = place.archive("rebuild", "archive", &[]);
    assert_eq!(done.status, Some(3), "{}", done.stderr);
    assert!(done.stderr.contains("the old generation stays"), "{}", done.stderr);
    assert_eq!(place.day_files("archive"), before);
    fs::rename(&away, &warc).unwrap();
    place.assert_whole("archive");
    // A file that is gone on its own day is not begun anew in its place.
    fs::rename(place.path("archive").join("warc/2026/11/khobor-20261102.warc.gz"), &away).unwrap();
    place.newsroom.publish(UJAN, 50, Story::new(70, 2));
    place.run_at("2026-11-02T06:30:00+06:00", &["-q"]);
    assert!(place.path("archive").join("warc/2026/11/khobor-20261102-2.warc.gz").exists());
    fs::rename(&away, place.path("archive").join("warc/2026/11/khobor-20261102.warc.gz")).unwrap();
    place.assert_whole("archive");
    assert_eq!(place.archive("rebuild", "archive", &["-q", "--force"]).status, Some(0));
}

#[test]
fn lost_day_files_are_made_anew() {
    let place = two_days();
    let before = place.day_files("archive");
    let day = place.path("archive").join("articles/2026/11/01.jsonl");
    fs::remove_file(&day).unwrap();
    place.archive("forget", "archive", &["http://nowhere.example/"]);
    assert_eq!(place.day_files("archive"), before);
    fs::write(&day, before["2026/11/01.jsonl"].clone() + "{\"torn\":").unwrap();
    place.archive("forget", "archive", &["http://nowhere.example/"]);
    assert_eq!(place.day_files("archive"), before);
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
            // Records stand compressed in the database, wherever in it.
            let mut unpacked = Vec::new();
            for (at, _) in bytes.windows(4).enumerate().filter(|(_, four)| *four == [0x28, 0xb5, 0x2f, 0xfd])
            {
                let mut frame = Vec::new();
                let decoder = zstd::stream::read::Decoder::new(&bytes[at..])
                    .map(zstd::stream::read::Decoder::single_frame);
                let _ = decoder.and_then(|mut decoder| decoder.read_to_end(&mut frame));
                unpacked.extend(frame);
            }
            bytes.extend(unpacked);
            if bytes.windows(what.len()).any(|window| window == what.as_bytes()) {
                files.push(path.to_owned());
            }
        });
        files
    };
    assert_eq!(place.archive("rebuild", "archive", &["-q"]).status, Some(0), "an old generation was deleted");
    let everywhere = holding(&secret);
    assert_eq!(everywhere.len(), 4, "in two WARC files, a day file and the database: {everywhere:?}");
    let twin = format!("{url}?utm_source=mail");
    let done = place.archive("forget", "archive", &[&twin]);
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert!(done.stderr.contains("2 revisions and 2 answers removed, 2 WARC files"), "{}", done.stderr);
    assert_eq!(holding(&secret), Vec::<std::path::PathBuf>::new());
    // Other addresses of the server begin otherwise.
    assert_eq!(holding(&url), Vec::<std::path::PathBuf>::new());
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
