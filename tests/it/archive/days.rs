//! Nine days of two newsrooms, with everything that happens to a site.

use super::newsroom::{BHATI, Newsroom, Story, UJAN, Weather};
use super::{Place, lines};

const A_DAY: usize = 6;

fn time(day: u32) -> String {
    format!("2026-11-{day:02}T06:00:00+06:00")
}

/// Both sites publish their stories of a day; 100 × day + n is a story's
/// number.
fn publish(newsroom: &Newsroom, day: u32) {
    for n in 0..A_DAY {
        let number = day as usize * 100 + n;
        newsroom.publish(UJAN, number, Story::new(number, day));
        newsroom.publish(BHATI, number, Story::new(number + 50, day));
    }
}

#[test]
fn each_article_stands_in_the_archive_with_its_revisions() {
    let place = Place::new(Newsroom::open());
    let newsroom = &place.newsroom;
    for day in 1..=9 {
        publish(newsroom, day);
        match day {
            // One text on both sites, as an agency gives it out.
            2 => newsroom.publish(BHATI, 205, Story::new(203, 2)),
            3 => newsroom.change(UJAN, 201, |story| {
                story.headline.push_str(", সংশোধিত");
                story.paragraphs.push("সন্ধ্যায় আয়োজকেরা জানান, অনুষ্ঠানের সময় এক দিন বাড়ানো হয়েছে।".to_owned());
            }),
            4 => newsroom.change(BHATI, 302, |story| story.gone = true),
            5 => newsroom.weather(UJAN, Weather::BrokenFeed),
            6 => newsroom.weather(UJAN, Weather::NewMarkup),
            7 => {
                newsroom.weather(UJAN, Weather::Fine);
                newsroom.weather(BHATI, Weather::Down);
            }
            8 => newsroom.weather(BHATI, Weather::Fine),
            _ => {}
        }
        let (status, stderr) = place.run_at(&time(day), &["-q"]);
        let checked = place.archive("status", "archive", &["--check", "--now", &time(day)]);
        if day == 6 {
            assert_eq!((status, checked.status), (Some(1), Some(1)), "day {day}: {stderr}");
            assert!(stderr.contains(UJAN) && stderr.contains("did the markup change?"), "{stderr}");
            assert!(!stderr.contains(BHATI), "{stderr}");
            assert!(checked.stderr.contains(&newsroom.server.url(UJAN, "/news/60")), "{}", checked.stderr);
        } else {
            assert_eq!((status, checked.status), (Some(0), Some(0)), "day {day}: {stderr}");
            assert_eq!(stderr, "", "a good day is a quiet one (day {day})");
        }
        place.assert_whole("archive");
    }

    let latest = place.export("archive", &[]);
    let by_url = |url: &str| latest.iter().find(|record| record["url"] == url);
    // The feed's addresses are kept without what only counts visits.
    for day in [1, 2, 3, 4, 5, 7, 8, 9] {
        for n in 0..A_DAY {
            for host in [UJAN, BHATI] {
                let number = day * 100 + n;
                let url = newsroom.url(host, number);
                let found = by_url(&url);
                assert_eq!(found.is_none(), (host, number) == (BHATI, 302), "{url}");
                let Some(record) = found else { continue };
                assert!(record["body"].as_str().unwrap().len() > 200, "{url}");
                assert!(
                    record["published_at"].as_str().unwrap().starts_with(&format!("2026-11-{day:02}T05:"))
                );
                assert_eq!(record["archive"]["revision"], if number == 201 && host == UJAN { 2 } else { 1 });
            }
        }
    }
    let all = place.export("archive", &["--all-revisions"]);
    let of = |url: &str| all.iter().filter(|record| record["url"] == url).collect::<Vec<_>>();
    let changed = of(&newsroom.url(UJAN, 201));
    assert_eq!(changed.len(), 2);
    assert!(changed[1]["headline"].as_str().unwrap().ends_with("সংশোধিত"));
    assert_eq!(changed[0]["archive"]["first_fetched_at"], changed[1]["archive"]["first_fetched_at"]);
    let gone = of(&newsroom.url(BHATI, 302));
    assert_eq!(gone.len(), 2);
    assert_eq!(
        (gone[1]["schema"].as_str(), gone[1]["status"].as_u64()),
        (Some("khobor.tombstone/1"), Some(410))
    );
    // Whichever of the two came later names the other.
    let pair = [newsroom.url(UJAN, 203), newsroom.url(BHATI, 205)];
    let same: Vec<_> = pair.iter().map(|url| &of(url)[0]["archive"]["same_as"]).collect();
    let later = usize::from(same[0].is_null());
    assert!(same[later]["url"] == pair[1 - later].as_str() && same[later]["distance"].is_null(), "{same:?}");
    assert!(same[1 - later].is_null(), "{same:?}");

    // The day files hold the same, each revision by the article's first day.
    let files = place.day_files("archive");
    assert_eq!(lines(&files).len(), all.len());
    assert_eq!(files.keys().next().map(String::as_str), Some("2026/11/01.jsonl"));
    assert!(files["2026/11/02.jsonl"].contains("সংশোধিত"), "a revision stands beside the first form");
}

#[test]
fn an_idle_run_asks_for_the_sources_alone() {
    let place = Place::new(Newsroom::open());
    publish(&place.newsroom, 1);
    let (status, stderr) = place.run_at(&time(1), &[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.contains("12 new, 0 updated"), "{stderr}");
    let (articles, all) = (place.newsroom.asked(), place.newsroom.server.log().len());
    let (status, stderr) = place.run_at("2026-11-01T06:10:00+06:00", &[]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.contains("0 new, 0 updated, 0 unchanged"), "{stderr}");
    assert_eq!(place.newsroom.asked(), articles, "nothing is due yet");
    let log = place.newsroom.server.log();
    assert_eq!(log.len() - all, 2, "one request a site: {:?}", &log[all..]);
    assert!(log[all..].iter().all(|request| request.headers.contains_key("if-none-match")));
    // An hour after the first fetch each article is looked at once more.
    let (_, stderr) = place.run_at("2026-11-01T07:10:00+06:00", &[]);
    assert!(stderr.contains("0 new, 0 updated, 12 unchanged"), "{stderr}");
    assert_eq!(place.newsroom.asked(), 2 * articles);
    let captures = place.archive("verify", "archive", &[]).stderr;
    assert!(
        captures.contains("12 answers and 12 revisions"),
        "an unchanged page is not stored twice: {captures}"
    );
}

#[test]
fn a_site_that_is_silent_for_days_raises_an_alarm() {
    let place = Place::new(Newsroom::open());
    publish(&place.newsroom, 1);
    assert_eq!(place.run_at(&time(1), &[]).0, Some(0));
    place.newsroom.weather(BHATI, Weather::Down);
    for day in 2..=4 {
        publish(&place.newsroom, day);
        assert_eq!(place.run_at(&time(day), &["-q"]).0, Some(0), "day {day}");
    }
    publish(&place.newsroom, 5);
    let (status, stderr) = place.run_at(&time(5), &["-q"]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains(BHATI) && stderr.contains("nothing came since 2026-11-01T"), "{stderr}");
    // Where nothing works at all, the run as a whole has failed.
    place.newsroom.weather(UJAN, Weather::Down);
    let (status, stderr) = place.run_at("2026-11-05T06:05:00+06:00", &["-q"]);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("no site brought anything"), "{stderr}");
}

#[test]
fn a_deadline_ends_a_run_and_the_next_one_goes_on() {
    let place = Place::new(Newsroom::open());
    for day in 1..=2 {
        publish(&place.newsroom, day);
    }
    let (status, stderr) = place.run_at(&time(2), &["--max-duration", "1", "--per-host-delay", "0.3"]);
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.contains("still due; ended by --max-duration"), "{stderr}");
    place.assert_whole("archive");
    assert!(place.contents("archive").len() < 24);
    assert_eq!(place.run_at(&time(2), &[]).0, Some(0));
    assert_eq!(place.contents("archive").len(), 24);
    assert_eq!(place.newsroom.asked(), 24, "nothing was fetched twice");
}
