//! `khobor archive`: days of two newsrooms, kills, full disks, takedowns.

mod days;
mod kills;
mod newsroom;
mod readers;
mod upkeep;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::{Run, khobor, records, run};
use newsroom::{BHATI, Newsroom, UJAN};

/// An archive of both sites in a folder of its own.
pub struct Place {
    pub newsroom: Newsroom,
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new(newsroom: Newsroom) -> Self {
        let place = Self { newsroom, folder: tempfile::tempdir().unwrap() };
        place.init("archive");
        place
    }

    pub fn init(&self, name: &str) {
        let sites = [UJAN, BHATI].map(|host| self.newsroom.server.url(host, "/"));
        let done = run([
            "archive".into(),
            "init".into(),
            self.path(name).into_os_string(),
            sites[0].clone().into(),
            sites[1].clone().into(),
        ]);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `archive run` at a time.
    pub fn command(&self, name: &str, now: &str, extra: &[&str]) -> Command {
        let mut command = khobor(["archive", "run", "--retries", "0"]);
        if !extra.contains(&"--per-host-delay") {
            command.args(["--per-host-delay", "0"]);
        }
        for host in [UJAN, BHATI] {
            command.arg("--resolve").arg(format!("{host}:{}:127.0.0.1", self.newsroom.server.address.port()));
        }
        command.args(["--now", now]).args(extra).arg(self.path(name));
        command
    }

    pub fn run_at(&self, now: &str, extra: &[&str]) -> (Option<i32>, String) {
        let output = self.command("archive", now, extra).output().unwrap();
        assert!(output.stdout.is_empty(), "standard output carries records only");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Another command of `archive`.
    pub fn archive(&self, command: &str, name: &str, extra: &[&str]) -> Run {
        let path = self.path(name);
        let mut all = vec!["archive", command, path.to_str().unwrap()];
        all.extend(extra);
        run(all)
    }

    pub fn export(&self, name: &str, extra: &[&str]) -> Vec<Value> {
        let done = self.archive("export", name, extra);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
        done.records()
    }

    pub fn assert_whole(&self, name: &str) {
        let done = self.archive("verify", name, &[]);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
    }

    /// What makes two archives equal: each article's revisions by address.
    pub fn contents(&self, name: &str) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for record in self.export(name, &["--all-revisions"]) {
            let url = record["url"].as_str().unwrap().to_owned();
            let what = match record["content_hash"].as_str() {
                Some(hash) => format!("{hash} {}", record["headline"]),
                None => format!("gone {}", record["status"]),
            };
            all.entry(url).or_default().push(what);
        }
        all
    }

    /// The day files, by name.
    pub fn day_files(&self, name: &str) -> BTreeMap<String, String> {
        let root = self.path(name).join("articles");
        let mut all = BTreeMap::new();
        walk(&root, &mut |path| {
            let shown = path.strip_prefix(&root).unwrap().display().to_string();
            all.insert(shown, fs::read_to_string(path).unwrap());
        });
        all
    }
}

/// Calls for each file below a folder.
pub fn walk(folder: &Path, take: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, take) } else { take(&path) }
    }
}

/// The records of all day files.
pub fn lines(files: &BTreeMap<String, String>) -> Vec<Value> {
    files.values().flat_map(|text| records(text)).collect()
}
