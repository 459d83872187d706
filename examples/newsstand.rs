//! A server for benchmarks of fetching: pages under any host name, each answer
//! after the same wait, and a log of what it saw.
//!
//! ```text
//! newsstand LATENCY_MS LOG [FOLDER]
//! ```
//!
//! It prints its port, serves until its standard input ends and then writes
//! the log: a line `host TAB path TAB begun TAB ended` for each request, in
//! microseconds. Pages are the `.html` files of the folder and of the folders
//! below it; without one there is a single very short page. robots.txt is
//! there and allows everything. `scripts/bench_fetch.py` drives it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const SHORT: &str = "<html><head><title>ঘাটে নতুন নৌকা</title></head><body><h1>ঘাটে নতুন নৌকা</h1></body></html>";

struct Stand {
    latency: Duration,
    pages: Vec<Vec<u8>>,
    begun: Instant,
    log: Mutex<Vec<(String, String, u128, u128)>>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("newsstand: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [latency, log, folder @ ..] = arguments.as_slice() else {
        return Err("usage: newsstand LATENCY_MS LOG [FOLDER]".into());
    };
    let mut pages = Vec::new();
    if let Some(folder) = folder.first() {
        let mut files = Vec::new();
        html_files(Path::new(folder), &mut files)?;
        files.sort();
        for file in files {
            pages.push(answer("text/html", &std::fs::read(file)?));
        }
    }
    if pages.is_empty() {
        pages.push(answer("text/html; charset=utf-8", SHORT.as_bytes()));
    }
    let stand = Arc::new(Stand {
        latency: Duration::from_millis(latency.parse()?),
        pages,
        begun: Instant::now(),
        log: Mutex::default(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    println!("{}", listener.local_addr()?.port());
    runtime.spawn({
        let stand = Arc::clone(&stand);
        async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, Arc::clone(&stand)));
            }
        }
    });
    std::io::stdin().read_to_end(&mut Vec::new())?;
    let log_lines = stand.log.lock().map_err(|_| "a request panicked")?;
    let lines =
        log_lines.iter().map(|(host, path, begun, ended)| format!("{host}\t{path}\t{begun}\t{ended}\n"));
    std::fs::write(log, lines.collect::<String>())?;
    Ok(())
}

fn html_files(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            html_files(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "html") {
            files.push(path);
        }
    }
    Ok(())
}

fn answer(content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

async fn serve(socket: TcpStream, stand: Arc<Stand>) -> Option<()> {
    socket.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(socket);
    let robots = answer("text/plain", b"User-agent: *\nDisallow: /private/\n");
    loop {
        let (mut first, mut host) = (String::new(), String::new());
        if stream.read_line(&mut first).await.ok()? == 0 {
            return None;
        }
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("host") {
                host = value.trim().to_owned();
            }
        }
        let begun = stand.begun.elapsed();
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        tokio::time::sleep(stand.latency).await;
        let number: usize = path.rsplit('/').next().and_then(|n| n.parse().ok()).unwrap_or_default();
        let reply = if path == "/robots.txt" { &robots } else { &stand.pages[number % stand.pages.len()] };
        // Noted before the client can see the end of it.
        let ended = stand.begun.elapsed();
        if let Ok(mut log) = stand.log.lock() {
            log.push((host, path, begun.as_micros(), ended.as_micros()));
        }
        stream.get_mut().write_all(reply).await.ok()?;
    }
}
