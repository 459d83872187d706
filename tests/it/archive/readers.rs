//! Other programs read what the archive writes: warcio and fastwarc the WARC
//! files, pyarrow the Parquet export. They are Python's; `KHOBOR_PYTHON` names an
//! interpreter that has them, else `python3` is asked.

use std::process::Command;

use super::Place;
use super::newsroom::{BHATI, Newsroom, Story, UJAN};

/// An interpreter that has a module.
fn python(module: &str) -> Option<Command> {
    let name = std::env::var_os("KHOBOR_PYTHON").unwrap_or_else(|| "python3".into());
    let has = Command::new(&name).args(["-c", &format!("import {module}")]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(Command::new(name));
    }
    println!("skipped: no Python with {module}");
    None
}

fn archive() -> Place {
    let place = Place::new(Newsroom::open());
    for n in 0..8 {
        place.newsroom.publish(UJAN, n, Story::new(n, 1));
        place.newsroom.publish(BHATI, n, Story::new(n + 50, 1));
    }
    assert_eq!(place.run_at("2026-11-01T06:00:00+06:00", &["-q"]).0, Some(0));
    place.newsroom.change(BHATI, 2, |story| story.gone = true);
    assert_eq!(place.run_at("2026-11-02T06:00:00+06:00", &["-q"]).0, Some(0));
    place
}

fn printed(mut python: Command, code: &str, arguments: &[&std::path::Path]) -> String {
    let output = python.args(["-c", code]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn warcio_reads_the_warc_files_and_their_digests() {
    let Some(python) = python("warcio") else { return };
    let place = archive();
    let folder = place.path("archive").join("warc/2026/11");
    let code = "
import sys, glob
from warcio.archiveiterator import ArchiveIterator
counts = {}
for name in sorted(glob.glob(sys.argv[1] + '/*.warc.gz')):
    with open(name, 'rb') as file:
        for record in ArchiveIterator(file, check_digests='raise'):
            record.content_stream().read()
            counts[record.rec_type] = counts.get(record.rec_type, 0) + 1
print(counts['warcinfo'], counts['response'], counts['request'])
";
    assert_eq!(printed(python, code, &[&folder]), "2 17 17");
}

#[test]
#[cfg(feature = "parquet")]
fn pyarrow_reads_the_parquet_export() {
    let Some(python) = python("pyarrow.parquet") else { return };
    let place = archive();
    let out = place.path("out.parquet");
    let export = |extra: &[&str]| {
        let mut all = vec!["--format", "parquet", "--overwrite", "-o", out.to_str().unwrap()];
        all.extend(extra);
        let done = place.archive("export", "archive", &all);
        assert_eq!(done.status, Some(0), "{}", done.stderr);
        std::fs::read(&out).unwrap()
    };
    assert_eq!(export(&["--all-revisions"]), export(&["--all-revisions"]), "the same each time");
    let code = "
import sys
import pyarrow.parquet as parquet
table = parquet.read_table(sys.argv[1])
rows = table.to_pylist()
print(table.num_rows, sum(r['gone'] for r in rows), sum(r['body'] is not None for r in rows),
      sum(r['word_count'] or 0 for r in rows) > 0, min(r['published_at'] or 'x' for r in rows)[:10])
";
    assert_eq!(printed(python, code, &[&out]), "17 1 16 True 2026-11-01");
}
