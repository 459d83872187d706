//! What a run of the archive costs, with few articles stored and with many.
//!
//! ```text
//! cargo run --release --example archive_growth -- 1000 100000 2000000
//! ```
//!
//! For each number an archive of 50 sites is made in a temporary folder, that
//! many synthetic articles are put into its database, and three runs follow
//! over a server on loopback: one that finds 1,000 new articles, one that
//! finds none, and one that looks at all 1,000 again. A run's time depends on
//! what is new, not on what is stored.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use khobor::archive::{Archive, DATABASE_FILE, RunOptions, RunReport, alarms, run};
use khobor::fetch::{Control, FetchOptions, ProxyChoice};
use rusqlite::{Connection, params};

const SITES: u32 = 50;
/// New articles of a site.
const NEW: u32 = 20;

/// How many articles each feed names.
static NAMED: AtomicU32 = AtomicU32::new(0);

fn main() -> Result<(), Box<dyn Error>> {
    let counts: Vec<u32> = std::env::args().skip(1).map(|n| n.parse()).collect::<Result<_, _>>()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(&stream));
        }
    });
    println!("| stored | database MB | 1,000 new, s | articles/s | none new, s | 1,000 looked at again, s |");
    println!("|---|---|---|---|---|---|");
    for count in counts {
        measure(count, port)?;
    }
    Ok(())
}

fn measure(count: u32, port: u16) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let dir = folder.path();
    let sites: Vec<String> = (0..SITES).map(|n| format!("http://site{n}.example:{port}/")).collect();
    Archive::init(dir, &sites)?;
    let now = Utc::now();
    NAMED.store(1, Ordering::Relaxed);
    // Brings the sites' rows and their feeds.
    day(dir, port, now - TimeDelta::days(2))?;
    fill(&dir.join(DATABASE_FILE), count, now)?;
    let megabytes = std::fs::metadata(dir.join(DATABASE_FILE))?.len() as f64 / 1e6;
    NAMED.store(1 + NEW, Ordering::Relaxed);
    let (new, report) = day(dir, port, now)?;
    assert_eq!(report.total.new, u64::from(SITES * NEW), "{:?}", report.total);
    let (idle, report) = day(dir, port, now + TimeDelta::minutes(10))?;
    assert_eq!(report.total.unchanged + report.total.new, 0, "{:?}", report.total);
    let (again, report) = day(dir, port, now + TimeDelta::hours(2))?;
    assert_eq!(report.total.unchanged, u64::from(SITES * NEW), "{:?}", report.total);
    println!(
        "| {count} | {megabytes:.0} | {:.2} | {:.0} | {:.2} | {:.2} |",
        new.as_secs_f64(),
        f64::from(SITES * NEW) / new.as_secs_f64(),
        idle.as_secs_f64(),
        again.as_secs_f64()
    );
    Ok(())
}

fn day(dir: &Path, port: u16, now: DateTime<Utc>) -> Result<(Duration, RunReport), Box<dyn Error>> {
    let begun = Instant::now();
    let mut archive = Archive::write(dir)?;
    let fetch = FetchOptions {
        per_host_delay: Duration::ZERO,
        proxy: ProxyChoice::Direct,
        resolve: (0..SITES)
            .map(|n| format!("site{n}.example:{port}:127.0.0.1").parse())
            .collect::<Result<_, _>>()?,
        ..FetchOptions::default()
    };
    let options = RunOptions { fetch, now: Some(now), ..RunOptions::default() };
    let report = run(&mut archive, options, &Control::new(), |_| {})?;
    // As the program's own run ends.
    alarms(&archive, Some(now))?;
    Ok((begun.elapsed(), report))
}

/// Puts articles of three years into a store, a kilobyte each.
fn fill(database: &Path, count: u32, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
    let mut db = Connection::open(database)?;
    db.pragma_update(None, "synchronous", "OFF")?;
    let begun = now.timestamp() - 3 * 365 * 86_400;
    let all = db.transaction()?;
    all.execute("INSERT INTO volume (id, name, length) VALUES (1000000, 'warc/none', 0)", [])?;
    for n in 0..i64::from(count) {
        let at = begun + n * (3 * 365 - 5) * 86_400 / i64::from(count);
        let hash = n.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut key = [0; 16];
        key[..8].copy_from_slice(&hash.to_be_bytes());
        let mut noise = hash;
        let record: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (noise >> 33) as u8
        })
        .take(1000)
        .collect();
        let (page, site) = (1_000_000 + n, 1 + n % i64::from(SITES));
        all.prepare_cached(
            "INSERT INTO page (id, key, url, site, found_at, first_fetched_at, looked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)",
        )?
        .execute(params![page, key, format!("http://site{site}.example/old/{n}"), site, at])?;
        all.prepare_cached(
            "INSERT INTO capture (id, page, volume, offset, length, fetched_at, status) VALUES (?1, ?1, 1000000, 0, 0, ?2, 200)",
        )?
        .execute(params![page, at])?;
        all.prepare_cached(
            "INSERT INTO revision (generation, page, number, capture, gone, site, first_fetched_at, day, fetched_at, extractor, essence, \
             content_hash, fingerprint, words, language, filled, written, record) \
             VALUES (1, ?1, 1, ?1, 0, ?2, ?4, ?3, ?4, '0', ?5, ?6, ?7, 300, 'bn', 255, 1, ?8)",
        )?
        .execute(params![
            page,
            site,
            DateTime::from_timestamp(at, 0).map_or(0, |at| at.format("%Y%m%d").to_string().parse().unwrap_or(0)),
            at,
            key,
            format!("v1:{hash:032x}"),
            hash.cast_signed(),
            record
        ])?;
    }
    all.commit()?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn serve(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some((path, known)) = read_head(&mut reader) {
        let named = NAMED.load(Ordering::Relaxed);
        let version = format!("\"{named}\"");
        let (status, kind, body) = match path.as_str() {
            "/rss.xml" if known.as_deref() == Some(&version) => ("304 Not Modified", "application/rss+xml", String::new()),
            "/rss.xml" => {
                let items: String = (0..named)
                    .map(|n| format!("<item><title>খবর {n}</title><link>/news/{n}</link></item>"))
                    .collect::<Vec<_>>()
                    .concat();
                ("200 OK", "application/rss+xml", format!("<rss version=\"2.0\"><channel><title>ক</title>{items}</channel></rss>"))
            }
            "/" => (
                "200 OK",
                "text/html",
                "<html><head><link rel=alternate type=application/rss+xml href=/rss.xml></head><body></body></html>".to_owned(),
            ),
            path if path.starts_with("/news/") => ("200 OK", "text/html; charset=utf-8", page(path)),
            _ => ("404 Not Found", "text/plain", String::new()),
        };
        let etag = if path == "/rss.xml" { format!("etag: {version}\r\n") } else { String::new() };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n{etag}content-length: {}\r\n\r\n",
            body.len()
        );
        if writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

/// A page of about 25 KB, as small portals have it.
fn page(path: &str) -> String {
    let number = path.trim_start_matches("/news/");
    let paragraphs: String = (0..12)
        .map(|n| {
            format!(
                "<p>গ্রামের পাশে নদীর ধারে {number} নম্বর ঘাটে {n} দিনের মেলা শুরু হয়েছে গতকাল। দূর থেকে এসেছেন দোকানিরা, \
                 সঙ্গে এনেছেন মাটির পুতুল আর পাটের থলে। ছোটদের জন্য আছে নাগরদোলা।</p>"
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let script = "<script>var filler = 'abcdefghijklmnopqrstuvwxyz';</script>".repeat(200);
    format!(
        "<html lang=bn><head><title>নদীর ধারে মেলা {number}</title>{script}</head><body><h1>নদীর ধারে মেলা {number} শুরু হলো</h1>\
         <p class=date>প্রকাশ: ৩ মার্চ ২০২৬, রাত সাড়ে ১০টা</p><div class=story>{paragraphs}</div></body></html>"
    )
}

/// Reads the head of a request: path, and the version that is known.
fn read_head(reader: &mut impl BufRead) -> Option<(String, Option<String>)> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|n| *n > 0)?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut known = None;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("if-none-match") {
            known = Some(value.trim().to_owned());
        }
    }
    Some((path, known))
}
