//! What can go wrong with an archive as a whole. What goes wrong with a page
//! is a [`Failure`](crate::Failure) of that page and ends no run.

use std::io;
use std::path::{Path, PathBuf};

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The folder holds no archive.
    #[error("{} holds no archive", .0.display())]
    NoArchive(PathBuf),
    /// The folder holds one already.
    #[error("{} holds an archive already", .0.display())]
    Exists(PathBuf),
    /// `khobor.toml` cannot be read or says something that cannot be done.
    #[error("{}: {message}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line where that is known.
        message: String,
    },
    /// The database is gone, but not what it tells of.
    #[error("{} is gone, but the archive's WARC or day files are there", .0.display())]
    NoDatabase(PathBuf),
    /// Answers cannot be read back, so a new generation would lose articles.
    #[error("{damaged} of {captures} stored answers cannot be read back; the old generation stays")]
    Damaged {
        /// Answers that cannot be read.
        damaged: u64,
        /// All answers.
        captures: u64,
    },
    /// Programs that read the database keep what was deleted in it.
    #[error("what was deleted still stands in the database: another program is reading it")]
    Read,
    /// Another program writes to the archive.
    #[error("{} is in use by another run", .0.display())]
    Locked(PathBuf),
    /// The store is of a later version of the program.
    #[error("the store has version {found}, this program reads up to {known}")]
    Newer {
        /// The store's version.
        found: i64,
        /// The latest that is known here.
        known: i64,
    },
    /// The database is another program's.
    #[error("{} is no store of khobor", .0.display())]
    Foreign(PathBuf),
    /// A file of the archive cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The database cannot be read or written.
    #[error("the store cannot be used: {0}")]
    Database(#[from] rusqlite::Error),
    /// A stored answer cannot be read back.
    #[error("{} cannot be read at byte {offset}: {message}", path.display())]
    Stored {
        /// The WARC file.
        path: PathBuf,
        /// Where the answer stands.
        offset: u64,
        /// What is wrong.
        message: String,
    },
    /// A record of the store is damaged.
    #[error("a record of the store is damaged: {0}")]
    Broken(String),
    /// The run cannot begin.
    #[error("{0}")]
    Setup(String),
    /// The output of an export cannot be written.
    #[error("the export cannot be written: {0}")]
    Export(io::Error),
}

impl ArchiveError {
    /// An error of the system with the file that it is about.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path, error }
    }

    /// How to mend it, where something general can be said.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoArchive(_) => "begin one with khobor archive init DIR SITE...",
            Self::Exists(_) => "edit its khobor.toml to add sites",
            Self::Locked(_) => "wait for its end; a run that was killed holds nothing",
            Self::NoDatabase(_) => {
                "restore the database from a backup; without it the files cannot be added to"
            }
            Self::Damaged { .. } => {
                "khobor archive verify names them; restore the files, or give --force to do without them"
            }
            Self::Read => "end it and give the same command again",
            Self::Newer { .. } => "use the newer program",
            Self::Foreign(_) => "move the file away, it is not khobor's",
            Self::Io { error, .. } if error.kind() == io::ErrorKind::StorageFull => {
                "make room and run again: nothing that was stored is lost"
            }
            Self::Database(error) if is_busy(error) => {
                "another program holds the database; end it and run again"
            }
            Self::Stored { .. } => "khobor archive verify tells what else is damaged; restore the file",
            _ => return None,
        })
    }

    /// Whether the archive could not be written or read, as against wrong use
    /// or configuration.
    pub fn is_storage(&self) -> bool {
        matches!(
            self,
            Self::Locked(_)
                | Self::NoDatabase(_)
                | Self::Damaged { .. }
                | Self::Read
                | Self::Io { .. }
                | Self::Database(_)
                | Self::Stored { .. }
                | Self::Broken(_)
                | Self::Export(_)
        )
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}
