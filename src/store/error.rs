//! Errors of the database file, in the user's words.
//!
//! The command line turns [`StoreErrorKind`] into an exit code; nothing here prints. Personal values never stand in a message.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::Instant;

/// The kind of a storage error; the command line maps each kind to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// The database cannot be read or written.
    Database,
    /// Not found, or not allowed in this state.
    State,
    /// Another command is writing.
    Busy,
    /// A fault of the program.
    Program,
}

/// A fault of the store.
#[derive(Debug)]
pub enum Error {
    /// There is no database at this path.
    Missing(PathBuf),
    /// The path is a folder or something else that is not a file.
    NotAFile(PathBuf),
    /// The file has no bytes.
    Empty(PathBuf),
    /// The file is not one of ours.
    Foreign(PathBuf),
    /// A newer program made the file.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// The file is ours, and damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The file or its folder may not be written.
    ReadOnly(PathBuf),
    /// The disk is full.
    Full(PathBuf),
    /// Reading or writing a file failed.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another command is writing, or another program holds the file.
    Busy(Option<Holder>),
    /// What was asked for does not exist or is not allowed now.
    State {
        /// What is wrong.
        message: String,
        /// How to put it right.
        help: Option<String>,
    },
    /// A fault of the program: a query that should work does not.
    Sqlite(rusqlite::Error),
    /// A fault of the program: the database holds what it never should.
    Inconsistent(String),
}

/// Who holds the writer's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// The command, without arguments: `campaign run`.
    pub command: String,
    /// When it took the lock.
    pub since: Instant,
}

/// The result of everything in the store.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Returns the kind of the error.
    pub fn kind(&self) -> StoreErrorKind {
        match self {
            Self::Missing(_)
            | Self::NotAFile(_)
            | Self::Empty(_)
            | Self::Foreign(_)
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::ReadOnly(_)
            | Self::Full(_)
            | Self::Io { .. } => StoreErrorKind::Database,
            Self::State { .. } => StoreErrorKind::State,
            Self::Busy(_) => StoreErrorKind::Busy,
            Self::Sqlite(_) | Self::Inconsistent(_) => StoreErrorKind::Program,
        }
    }

    /// Returns how to put it right, where we know.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Missing(_) => Some(
                "`bugle campaign load` or `bugle person load` makes it; `--db PATH` names another"
                    .to_owned(),
            ),
            Self::NotAFile(_) => Some("`--db PATH` names a file".to_owned()),
            Self::Empty(path) => Some(format!(
                "delete `{}` to start anew, or name another file with `--db PATH`",
                path.display()
            )),
            Self::Foreign(_) => Some("name another file with `--db PATH`".to_owned()),
            Self::Newer { .. } => Some("use the newer bugle that wrote it".to_owned()),
            Self::Damaged { .. } => {
                Some("`bugle db check` says more; restore a backup of the file".to_owned())
            }
            Self::ReadOnly(_) => {
                Some("check the owner and mode of the file and its folder".to_owned())
            }
            Self::Full(_) => Some(
                "free some space and run the command again; what was committed stays".to_owned(),
            ),
            Self::Busy(_) => Some("wait for it, or wait longer with `--wait 1 minute`".to_owned()),
            Self::State { help, .. } => help.clone(),
            Self::Io { .. } => None,
            Self::Sqlite(_) | Self::Inconsistent(_) => {
                Some("this is a bug in bugle; `bugle db check` may tell more".to_owned())
            }
        }
    }

    /// Says what a failed system call on a file means.
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let path = path.to_owned();
        let kind = source.kind();
        if kind == Io::NotFound {
            Self::Missing(path)
        } else if matches!(kind, Io::PermissionDenied | Io::ReadOnlyFilesystem) {
            Self::ReadOnly(path)
        } else if matches!(kind, Io::StorageFull | Io::QuotaExceeded) {
            Self::Full(path)
        } else {
            Self::Io { path, source }
        }
    }

    /// Makes a fault that the state of the database gives.
    pub(super) fn state(message: impl Into<String>, help: Option<&str>) -> Self {
        Self::State {
            message: message.into(),
            help: help.map(str::to_owned),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = || PathBuf::from("the database");
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy(None),
            Some(Code::DiskFull) => Self::Full(path()),
            Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly(path()),
            Some(Code::DatabaseCorrupt) => Self::Damaged {
                path: path(),
                what: error.to_string(),
            },
            Some(Code::NotADatabase) => Self::Foreign(path()),
            Some(Code::SystemIoFailure | Code::CannotOpen) => Self::Io {
                path: path(),
                source: std::io::Error::other(error.to_string()),
            },
            _ => Self::Sqlite(error),
        }
    }
}

impl Error {
    /// Puts the real path where a fault of SQLite could not know it.
    pub(super) fn at(self, path: &Path) -> Self {
        let path = path.to_owned();
        match self {
            Self::Full(_) => Self::Full(path),
            Self::ReadOnly(_) => Self::ReadOnly(path),
            Self::Foreign(_) => Self::Foreign(path),
            Self::Damaged { what, .. } => Self::Damaged { path, what },
            Self::Io { source, .. } => Self::Io { path, source },
            Self::Missing(_)
            | Self::NotAFile(_)
            | Self::Empty(_)
            | Self::Newer { .. }
            | Self::Busy(_)
            | Self::State { .. }
            | Self::Sqlite(_)
            | Self::Inconsistent(_) => self,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "there is no database `{}`", path.display()),
            Self::NotAFile(path) => write!(f, "`{}` is not a file", path.display()),
            Self::Empty(path) => write!(f, "`{}` is empty, not a database", path.display()),
            Self::Foreign(path) => {
                write!(f, "`{}` is not a database of bugle", path.display())
            }
            Self::Newer { path, found, known } => write!(
                f,
                "`{}` was written by a newer bugle (its version is {found}, this one knows {known})",
                path.display()
            ),
            Self::Damaged { path, what } => {
                write!(f, "`{}` is damaged: {what}", path.display())
            }
            Self::ReadOnly(path) => write!(f, "`{}` may not be written", path.display()),
            Self::Full(path) => write!(f, "no space is left for `{}`", path.display()),
            Self::Io { path, source } => {
                write!(f, "cannot read or write `{}`: {source}", path.display())
            }
            Self::Busy(Some(holder)) => write!(
                f,
                "another command is writing: `{}`, process {}, since {}",
                holder.command, holder.pid, holder.since
            ),
            Self::Busy(None) => write!(f, "another program is writing to the database"),
            Self::State { message, .. } => f.write_str(message),
            Self::Sqlite(error) => write!(f, "the database refused a query: {error}"),
            Self::Inconsistent(what) => write!(f, "the database is inconsistent: {what}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Sqlite(error) => Some(error),
            Self::Missing(_)
            | Self::NotAFile(_)
            | Self::Empty(_)
            | Self::Foreign(_)
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::ReadOnly(_)
            | Self::Full(_)
            | Self::Busy(_)
            | Self::State { .. }
            | Self::Inconsistent(_) => None,
        }
    }
}
