//! `khobor scrape --state`: runs that are killed and go on, and outputs that
//! cannot be written.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use khobor::page::warc::{RecordKind, WarcReader};

use super::program::{khobor, records};
use super::support::{Reply, Request, Server};

const HOSTS: usize = 8;

/// A short page: what is tested here is not extraction. The comment is text
/// that does not compress, so that a WARC file of few pages is long.
fn page() -> String {
    let filler: Vec<String> =
        (0..400_u32).map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761))).collect();
    let filler = filler.concat();
    format!(
        "<html><head><title>ঘাটে নতুন নৌকা নামল</title></head><body><h1>ঘাটে নতুন নৌকা নামল</h1>\
         <p class='date'>প্রকাশ: ৫ জানুয়ারি ২০২৪, সকাল ৯টা ১০ মিনিট</p><div>\
         <p>সকালে নদীর ঘাটে নতুন তিনটি নৌকা নামানো হয়েছে, দেখতে এসেছিলেন আশপাশের গ্রামের মানুষ।</p>\
         <p>মাঝিরা বলছেন, বর্ষার আগেই আরও দুটি নৌকার কাজ শেষ হবে। কাঠ এসেছে পাশের হাট থেকে।</p></div>\
         <!-- {filler} --></body></html>"
    )
}

fn site(request: &Request, latency: Duration) -> Reply {
    match request.path.as_str() {
        "/robots.txt" => Reply::text("User-agent: *\nDisallow: /private\n"),
        path if path.starts_with("/news/") && path.ends_with('7') => Reply::status(404),
        path if path.starts_with("/news/") => Reply::html(page()).after(latency),
        _ => Reply::status(500),
    }
}

/// A run's files in a folder of their own.
struct Place {
    folder: tempfile::TempDir,
    server: Server,
}

impl Place {
    fn new(pages: usize) -> Self {
        Self::slow(pages, Duration::from_millis(3))
    }

    fn slow(pages: usize, latency: Duration) -> Self {
        let server = Server::raw(move |request| site(request, latency));
        let place = Self { folder: tempfile::tempdir().unwrap(), server };
        let urls = (0..pages).map(|n| place.server.url(&host(n), &format!("/news/{n}")));
        fs::write(place.path("list.txt"), urls.collect::<Vec<_>>().join("\n")).unwrap();
        fs::write(place.path("empty.txt"), "").unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// scrape with everything that can be kept, `prefix` before the names of
    /// the files.
    fn scrape(&self, list: &str, prefix: &str, extra: &[&str]) -> Command {
        let mut command =
            khobor(["scrape", "--per-host-delay", "0", "--retries", "0", "--fields", "url,headline"]);
        for n in 0..HOSTS {
            command.arg("--resolve").arg(format!("{}:{}:127.0.0.1", host(n), self.server.address.port()));
        }
        for (option, name) in [
            ("--input", list.to_owned()),
            ("--state", format!("{prefix}state")),
            ("--output", format!("{prefix}out.jsonl")),
            ("--failures", format!("{prefix}failed.jsonl")),
            ("--warc", format!("{prefix}run.warc.gz")),
        ] {
            command.arg(option).arg(self.path(&name));
        }
        command.args(extra);
        command
    }

    fn run(&self, list: &str, prefix: &str, extra: &[&str]) -> (Option<i32>, String) {
        let output = self.scrape(list, prefix, extra).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let mut lines: Vec<String> =
            fs::read_to_string(self.path(name)).unwrap_or_default().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    fn urls(&self, name: &str) -> Vec<String> {
        let mut urls: Vec<String> = records(&fs::read_to_string(self.path(name)).unwrap_or_default())
            .iter()
            .map(|r| r["url"].as_str().unwrap().to_owned())
            .collect();
        urls.sort();
        urls
    }
}

fn host(n: usize) -> String {
    format!("site{}.example", n % HOSTS)
}

/// How often each address is answered in a WARC file, which must be whole.
fn answers(warc: &Path) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let file = BufReader::new(fs::File::open(warc).unwrap());
    for record in WarcReader::new(file) {
        let record = record.expect("a whole record");
        if record.kind == RecordKind::Response {
            *counts.entry(record.target_uri().unwrap().to_owned()).or_default() += 1;
        }
    }
    counts
}

/// `KHOBOR_KILLS` and `KHOBOR_KILL_PAGES` make it longer than a test suite has
/// time for.
#[test]
fn a_run_that_is_killed_goes_on_and_loses_nothing() {
    let number = |name: &str, least: usize| std::env::var(name).map_or(least, |n| n.parse().unwrap());
    let (kills, pages) = (number("KHOBOR_KILLS", 5), number("KHOBOR_KILL_PAGES", 400));
    // Slow enough that the run outlasts all kills, two every 200 ms.
    let place = Place::slow(pages, Duration::from_millis((200 * kills * HOSTS / pages) as u64));
    let (status, stderr) = place.run("list.txt", "whole-", &[]);
    assert_eq!(status, Some(1), "{stderr}");
    let before = place.server.pages().len();
    assert_eq!(before, pages);

    let mut killed = 0;
    for round in 0_u64.. {
        let mut child = place.scrape("list.txt", "", &[]).stderr(Stdio::piped()).spawn().unwrap();
        // Any moment: the opening, the first pages, the middle.
        let wait = 10 + (round * 7919 + u64::from(child.id()) * 31) % 250;
        std::thread::sleep(Duration::from_millis(wait));
        if killed < kills {
            // SIGKILL on Unix.
            child.kill().unwrap();
        }
        let ended = child.wait_with_output().unwrap();
        if ended.status.code().is_some() {
            assert_eq!(ended.status.code(), Some(1), "{}", String::from_utf8_lossy(&ended.stderr));
            break;
        }
        killed += 1;
        // Taking the state up cuts the outputs to what is finished.
        let (status, stderr) = place.run("empty.txt", "", &[]);
        assert_eq!(status, Some(0), "{stderr}");
        let finished: HashSet<String> =
            place.urls("out.jsonl").into_iter().chain(place.urls("failed.jsonl")).collect();
        let asked_before = place.server.pages().len();
        let mut child = place.scrape("list.txt", "", &[]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(60));
        child.kill().unwrap();
        child.wait().unwrap();
        for request in &place.server.pages()[asked_before..] {
            let url = place.server.url(&request.host, &request.path);
            assert!(!finished.contains(&url), "{url} was finished and is fetched again");
        }
    }
    println!("{killed} kills, and as many in between");
    assert_eq!(place.lines("out.jsonl"), place.lines("whole-out.jsonl"));
    assert_eq!(place.urls("failed.jsonl"), place.urls("whole-failed.jsonl"));
    let stored = answers(&place.path("run.warc.gz"));
    assert_eq!(stored, answers(&place.path("whole-run.warc.gz")));
    assert!(stored.len() == pages && stored.values().all(|n| *n == 1));
}

#[test]
fn what_is_finished_is_not_fetched_again() {
    let place = Place::new(20);
    assert_eq!(place.run("list.txt", "", &[]).0, Some(1));
    let asked = place.server.log().len();
    let (status, stderr) = place.run("list.txt", "", &[]);
    assert_eq!(status, Some(1), "the failures of the first run still count");
    assert!(stderr.contains("0 articles, 0 failed, 20 finished before (2 failed)"), "{stderr}");
    assert_eq!(place.server.log().len(), asked);
    let more = place.server.url(&host(0), "/news/100");
    fs::write(place.path("more.txt"), &more).unwrap();
    assert_eq!(place.run("more.txt", "", &[]).0, Some(0));
    assert_eq!(place.server.log().len(), asked + 1, "robots.txt is known from the first run");
    assert_eq!(place.lines("out.jsonl").len(), 19);
    let (_, stderr) = place.run("list.txt", "", &["--retry-failed"]);
    assert!(stderr.contains("0 articles, 2 failed (http_status 2), 18 finished before"), "{stderr}");
    assert_eq!(place.server.log().len(), asked + 3);
    assert_eq!(place.lines("failed.jsonl").len(), 4);
}

#[test]
fn outputs_that_do_not_fit_the_state_are_refused() {
    let place = Place::new(20);
    place.run("list.txt", "", &[]);
    let out = place.path("out.jsonl");
    let whole = fs::read(&out).unwrap();
    let refused = |what: &str, hint: &str, extra: &[&str]| {
        let (status, stderr) = place.run("list.txt", "", extra);
        assert_eq!(status, Some(2), "{what}: {stderr}");
        assert!(stderr.contains(what) && stderr.contains(hint), "{stderr}");
    };
    fs::write(&out, &whole[..whole.len() - 1]).unwrap();
    refused("bytes, but --state says", "put the whole file back", &[]);
    let mut other = whole.clone();
    let last = other.len() - 10;
    other[last] ^= 1;
    other.extend_from_slice(b"what must not be cut off");
    fs::write(&out, &other).unwrap();
    refused("is not the file", "begin anew", &[]);
    assert_eq!(fs::read(&out).unwrap(), other);
    fs::remove_file(&out).unwrap();
    refused("is gone", "put it back", &[]);
    fs::write(&out, &whole).unwrap();
    refused("--overwrite would lose", "remove the state", &["--overwrite"]);
    fs::write(&out, [&whole[..], b"{\"url\": \"torn"].concat()).unwrap();
    assert_eq!(place.run("list.txt", "", &[]).0, Some(1));
    assert_eq!(fs::read(&out).unwrap(), whole, "a torn end is cut off");
    fs::write(place.path("new-out.jsonl"), "something\n").unwrap();
    let (status, stderr) = place.run("list.txt", "new-", &[]);
    assert_eq!(status, Some(2), "{stderr}");
    assert_eq!(fs::read(place.path("new-out.jsonl")).unwrap(), b"something\n");
}

#[test]
fn compressed_outputs_and_states_without_a_place_are_refused() {
    let place = Place::new(2);
    let run = |arguments: [&str; 4]| {
        let output = khobor(["scrape", "http://127.0.0.1:9/"]).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let state = place.path("s");
    let state = state.to_str().unwrap();
    let (status, stderr) = run(["--state", state, "--output", "x.jsonl.gz"]);
    assert_eq!(status, Some(2));
    assert!(stderr.contains("compress it afterwards"), "{stderr}");
    assert!(!Path::new(state).exists());
    let out = place.path("out.jsonl");
    assert_eq!(run(["--user-agent", "a\u{1}b", "--output", out.to_str().unwrap()]).0, Some(2));
    assert!(!out.exists(), "wrong usage leaves no file behind that would be in the way");
    let list = place.path("list.txt");
    assert_eq!(run(["--state", list.to_str().unwrap(), "--progress", "never"]).0, Some(2));
    assert_eq!(run(["--state", "/nowhere/at/all", "--progress", "never"]).0, Some(3));
}

#[test]
fn a_file_that_may_grow_no_more_ends_the_run_and_can_be_gone_on_with() {
    if cfg!(not(unix)) {
        println!("skipped: no resource limits");
        return;
    }
    let place = Place::new(120);
    let (status, stderr) = place.run("list.txt", "whole-", &[]);
    assert_eq!(status, Some(1), "{stderr}");
    let length = fs::metadata(place.path("whole-run.warc.gz")).unwrap().len();
    assert!(length > 220 * 1024, "{length}");
    let command = place.scrape("list.txt", "", &[]);
    // Shells count in blocks of 512 or 1024 bytes. The state's own file comes
    // to the limit first or the WARC does.
    let script = "ulimit -f 200; exec \"$0\" \"$@\"";
    let limited = Command::new("sh")
        .args(["-c", script])
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&limited.stderr);
    assert_eq!(limited.status.code(), Some(3), "{stderr}");
    let (status, stderr) = place.run("list.txt", "", &[]);
    assert_eq!(status, Some(1), "{stderr}");
    assert!(stderr.contains("finished before"), "{stderr}");
    assert_eq!(place.lines("out.jsonl"), place.lines("whole-out.jsonl"));
    assert_eq!(answers(&place.path("run.warc.gz")), answers(&place.path("whole-run.warc.gz")));
}

#[test]
fn a_full_disk_ends_the_run_with_status_3() {
    if !Path::new("/dev/full").exists() {
        println!("skipped: no /dev/full");
        return;
    }
    let place = Place::new(30);
    let output = khobor(["scrape", "--per-host-delay", "0", "--append", "--output", "/dev/full"])
        .arg("--state")
        .arg(place.path("state"))
        .args(["--resolve", &format!("{}:{}:127.0.0.1", host(0), place.server.address.port())])
        .arg(place.server.url(&host(0), "/news/1"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_reader_that_goes_away_leaves_a_state_to_go_on_with() {
    let place = Place::new(200);
    let scrape = || {
        let mut command = khobor(["scrape", "--per-host-delay", "0", "--fields", "url"]);
        command.arg("--state").arg(place.path("state")).arg("--input").arg(place.path("list.txt"));
        for n in 0..HOSTS {
            command.arg("--resolve").arg(format!("{}:{}:127.0.0.1", host(n), place.server.address.port()));
        }
        command
    };
    let mut child = scrape().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    drop(reader);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let second = scrape().output().unwrap();
    let stderr = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("finished before"), "{stderr}");
    assert!(!records(&String::from_utf8_lossy(&second.stdout)).iter().any(|r| r == &records(&first)[0]));
    let third = scrape().output().unwrap();
    assert!(String::from_utf8_lossy(&third.stderr).contains("200 finished before"));
}
