//! What the crate pulls in without its default features.

use std::process::Command;

fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn names(tree: &str) -> Vec<&str> {
    tree.lines().filter_map(|l| l.split(' ').next()).collect()
}

#[test]
fn extraction_alone_needs_no_runtime_and_no_network() {
    let bare = tree(&["--no-default-features"]);
    let bare = names(&bare);
    assert!(bare.contains(&"scraper"));
    for heavy in ["tokio", "reqwest", "hyper", "rustls", "clap", "rusqlite"] {
        assert!(!bare.contains(&heavy), "{heavy} is in the tree without default features");
    }
    let fetch = tree(&["--no-default-features", "--features", "fetch"]);
    assert!(names(&fetch).contains(&"reqwest") && !names(&fetch).contains(&"clap"));
}

#[test]
fn the_crate_builds_without_default_features() {
    // Beside the tests' own target folder, which is locked while they run.
    let target = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("bare");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--lib", "--no-default-features", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
