//! Runs that are killed, disks that are full, databases that are held.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Place;
use super::newsroom::{BHATI, Newsroom, Story, UJAN};

const DAYS: [&str; 3] =
    ["2026-11-01T06:00:00+06:00", "2026-11-02T06:00:00+06:00", "2026-11-03T06:00:00+06:00"];

/// What the sites have on a day: new stories, changed and removed ones.
fn publish(newsroom: &Newsroom, day: usize, each: usize) {
    for n in 0..each {
        let number = day * 1000 + n;
        newsroom.publish(UJAN, number, Story::new(number, day as u32));
        newsroom.publish(BHATI, number, Story::new(number + 500, day as u32));
    }
    if day > 1 {
        let before = (day - 1) * 1000;
        newsroom.change(UJAN, before + 1, |story| story.headline.push_str(", সংশোধিত"));
        newsroom.change(BHATI, before + 2, |story| story.gone = true);
    }
}

fn number(name: &str, least: usize) -> usize {
    std::env::var(name).map_or(least, |n| n.parse().expect("a number"))
}

/// `KHOBOR_KILLS` makes it longer than a test suite has time for.
#[test]
fn a_killed_archive_equals_one_that_was_not() {
    let (kills, mut killed, mut round) = (number("KHOBOR_KILLS", 8), 0, 0);
    while killed < kills {
        killed += three_days_with_kills(round);
        round += 1;
    }
    println!("{killed} kills in {round} rounds");
}

/// Keeps one archive in peace and kills the runs of another at any moment;
/// gives the number of kills.
fn three_days_with_kills(round: u64) -> usize {
    // So many that a run goes through several groups of looks.
    let each = 60;
    let place = Place::new(Newsroom::open());
    place.init("whole");
    let mut killed = 0;
    for (day, now) in DAYS.iter().enumerate() {
        publish(&place.newsroom, day + 1, each);
        let begun = std::time::Instant::now();
        let whole = place.command("whole", now, &["-q"]).output().unwrap();
        let length = begun.elapsed().as_millis() as u64;
        assert_eq!(whole.status.code(), Some(0), "{}", String::from_utf8_lossy(&whole.stderr));
        // The opening, the search, the middle, the end; the last one in peace.
        for part in 0..6_u64 {
            let mut child = place.command("archive", now, &["-q"]).stderr(Stdio::piped()).spawn().unwrap();
            if part < 5 {
                let chance = (round * 7919 + part * 104_729 + u64::from(child.id()) * 31) % 100;
                std::thread::sleep(Duration::from_millis(2 + length * chance / 100));
                // SIGKILL on Unix.
                child.kill().unwrap();
            }
            let ended = child.wait_with_output().unwrap();
            match ended.status.code() {
                None => killed += 1,
                Some(code) => assert_eq!(code, 0, "{}", String::from_utf8_lossy(&ended.stderr)),
            }
        }
        place.assert_whole("archive");
        assert_eq!(place.contents("archive"), place.contents("whole"), "day {}", day + 1);
    }
    let contents = place.contents("archive");
    assert_eq!(contents.len(), 2 * each * DAYS.len());
    assert_eq!(contents.values().filter(|revisions| revisions.len() == 2).count(), 2 * (DAYS.len() - 1));
    killed
}

#[test]
fn a_killed_rebuild_leaves_the_old_generation_or_the_new() {
    let place = Place::new(Newsroom::open());
    publish(&place.newsroom, 1, 30);
    assert_eq!(place.run_at(DAYS[0], &["-q"]).0, Some(0));
    let before = place.day_files("archive");
    let path = place.path("archive");
    for round in 0..number("KHOBOR_KILLS", 9) as u64 {
        let mut child =
            crate::program::khobor(["archive", "rebuild"]).arg(&path).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(5 + round * 37 % 250));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whoever writes next makes it whole; here a removal of nothing.
        let done = place.archive("forget", "archive", &["http://nowhere.example/"]);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
        place.assert_whole("archive");
        assert_eq!(place.day_files("archive"), before, "round {round}");
    }
}

#[test]
fn a_killed_removal_is_whole_or_has_not_begun() {
    let place = Place::new(Newsroom::open());
    publish(&place.newsroom, 1, 20);
    assert_eq!(place.run_at(DAYS[0], &["-q"]).0, Some(0));
    let mut left = place.contents("archive").len();
    for round in 0..number("KHOBOR_KILLS", 9) {
        let url = place.newsroom.url(UJAN, 1000 + round % 20);
        let mut child = crate::program::khobor(["archive", "forget", "-q"])
            .arg(place.path("archive"))
            .arg(&url)
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(3 + round as u64 * 13 % 60));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whoever writes next makes it whole.
        place.archive("forget", "archive", &["http://nowhere.example/"]);
        place.assert_whole("archive");
        let contents = place.contents("archive");
        assert!(contents.len() == left || (contents.len() + 1 == left && !contents.contains_key(&url)));
        left = contents.len();
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    if cfg!(not(unix)) {
        println!("skipped: no resource limits");
        return;
    }
    let place = Place::new(Newsroom::open());
    place.init("whole");
    publish(&place.newsroom, 1, 60);
    assert!(place.command("whole", DAYS[0], &["-q"]).status().unwrap().success());
    let biggest = fs::metadata(place.path("whole").join("archive.sqlite")).unwrap().len();
    // Shells count in blocks of 512 or 1024 bytes: somewhere on the way.
    for blocks in [biggest / 4096, biggest / 2048] {
        let command = place.command("archive", DAYS[0], &["-q"]);
        let limited = Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -f {blocks}; exec \"$0\" \"$@\""))
            .arg(command.get_program())
            .args(command.get_args())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&limited.stderr);
        assert_eq!(limited.status.code(), Some(3), "{stderr}");
    }
    let (status, stderr) = place.run_at(DAYS[0], &["-q"]);
    assert_eq!(status, Some(0), "{stderr}");
    place.assert_whole("archive");
    assert_eq!(place.contents("archive"), place.contents("whole"));
}

#[test]
fn a_held_database_or_archive_is_told_and_left_alone() {
    let place = Place::new(Newsroom::open());
    publish(&place.newsroom, 1, 5);
    assert_eq!(place.run_at(DAYS[0], &["-q"]).0, Some(0));
    let before = place.contents("archive");
    publish(&place.newsroom, 2, 5);
    let holder = rusqlite::Connection::open(place.path("archive").join("archive.sqlite")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (status, stderr) = place.run_at(DAYS[1], &["-q"]);
    assert_eq!(status, Some(3), "{stderr}");
    assert!(stderr.contains("another program holds the database"), "{stderr}");
    holder.execute_batch("ROLLBACK").unwrap();
    drop(holder);
    assert_eq!(place.contents("archive"), before);
    // Two runs of cron: the second one gives way.
    let asked = place.newsroom.server.log().len();
    let mut first = place.command("archive", DAYS[1], &["-q", "--per-host-delay", "0.3"]).spawn().unwrap();
    while place.newsroom.server.log().len() == asked {
        std::thread::sleep(Duration::from_millis(5));
    }
    let (status, stderr) = place.run_at(DAYS[1], &["-q"]);
    assert_eq!(status, Some(3), "{stderr}");
    assert!(stderr.contains("in use by another run"), "{stderr}");
    // Reading goes on meanwhile.
    assert_eq!(place.archive("status", "archive", &["--json"]).records().len(), 1);
    assert!(first.wait().unwrap().success());
    assert_eq!(place.contents("archive").len(), before.len() + 10);
    place.assert_whole("archive");
}
