//! The shared folder with pages and tables that are kept outside the project.
//! Tests over it run where it exists and say when they are skipped.

use std::io::Write;
use std::path::PathBuf;

/// A file or folder in the shared folder; `None`, with a message, where it is
/// not there. `KHOBOR_SHARED` names another place for it.
pub fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("KHOBOR_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let found = folder.join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(
        std::env::var_os("KHOBOR_SHARED").is_none(),
        "KHOBOR_SHARED is set, and there is no {path} in it"
    );
    // Past the capture of a passing test's output.
    let _ = writeln!(std::io::stderr(), "skipped: no {path} in the shared folder");
    None
}
