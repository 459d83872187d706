//! The README keeps its word: its usage text is the program's, its examples
//! run as written and print what it shows.

use std::path::Path;
use std::process::Command;

use super::program::run;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md")
}

/// The fenced blocks of a language, as info string and text.
fn blocks(language: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut open: Option<String> = None;
    for line in readme().lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) if info.trim() == language => open = Some(String::new()),
            (None, Some(_)) => open = Some("\u{0}".to_owned()),
            (Some(_), Some(_)) => {
                out.extend(open.take().filter(|b| !b.starts_with('\u{0}')));
            }
            (Some(text), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    out
}

#[test]
fn the_usage_is_the_programs() {
    let shown = blocks("text");
    let help = run(["--help"]);
    let usage: String =
        help.stdout.lines().skip_while(|l| !l.starts_with("Usage:")).collect::<Vec<_>>().join("\n");
    assert!(
        shown.iter().any(|b| b.trim() == usage.trim()),
        "the README shows another usage than `khobor --help`:\n{usage}"
    );
}

#[test]
fn every_example_prints_what_is_shown() {
    let examples = blocks("console");
    assert!(examples.len() >= 6, "only {} examples", examples.len());
    let has_jq = Command::new("jq").arg("--version").output().is_ok();
    let bin = Path::new(env!("CARGO_BIN_EXE_khobor")).parent().expect("a folder");
    let path = std::env::join_paths(
        [bin.to_path_buf()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .expect("a path");
    let scratch = tempfile::tempdir().unwrap();
    // Examples name fixtures; what they write goes to a folder of its own.
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    std::os::unix::fs::symlink(fixtures, scratch.path().join("fixtures")).unwrap();
    for example in examples {
        let mut commands: Vec<(String, String)> = Vec::new();
        for line in example.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                commands.push((command.to_owned(), String::new()));
            } else if let Some((command, expected)) = commands.last_mut() {
                if command.ends_with('\\') {
                    command.pop();
                    command.push_str(line.trim_start());
                } else {
                    expected.push_str(line);
                    expected.push('\n');
                }
            }
        }
        assert!(!commands.is_empty(), "an example without a command:\n{example}");
        for (command, expected) in commands {
            if command.contains("jq") && !has_jq {
                println!("skipped: no jq for {command}");
                continue;
            }
            let output = Command::new("sh")
                .args(["-c", &command])
                .env("PATH", &path)
                .current_dir(scratch.path())
                .output()
                .expect("a shell");
            let printed = String::from_utf8_lossy(&output.stdout);
            assert_eq!(printed, expected, "{command}\n{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
