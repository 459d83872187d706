//! Folders and renames that a power cut does not undo: what a folder holds is
//! on the disk only when the folder itself was brought there (fsync).

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::ArchiveError;

/// Brings what a folder holds to the disk, where the system can.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), ArchiveError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(ArchiveError::io(folder))?;
    }
    Ok(())
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(folder: &Path) -> Result<(), ArchiveError> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent();
    if let Some(parent) = parent {
        make_folder(parent)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(ArchiveError::io(folder)(error));
        }
        _ => {}
    }
    parent.map_or(Ok(()), sync_folder)
}

/// Puts a file or a folder in another's place, for good.
pub(crate) fn replace(new: &Path, old: &Path) -> Result<(), ArchiveError> {
    fs::rename(new, old).map_err(ArchiveError::io(old))?;
    old.parent().map_or(Ok(()), sync_folder)
}

/// All files below a folder, in no order; none where it is not there.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(ArchiveError::io(&folder)(error)),
        };
        for entry in entries {
            let path = entry.map_err(ArchiveError::io(&folder))?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
}

/// Where a file is written that is to take another's place.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}
