//! Errors of the database file, in the user's words.
//!
//! The command line turns [`StoreErrorKind`] into an exit code; nothing here prints. Neither personal values nor SQL
//! ever stand in a message. What SQLite itself reports is translated in `sqlite_error`.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::Instant;

/// The kind of a storage error; the command line maps each kind to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreErrorKind {
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
pub(crate) enum Error {
    /// There is no database at this path.
    Missing(PathBuf),
    /// The path is a folder or something else that is not a file.
    NotAFile(PathBuf),
    /// The folder in which a database would be made does not exist.
    NoFolder(PathBuf),
    /// The file has no bytes.
    Empty(PathBuf),
    /// The file has several names (hard links), each of which would have a lock and a journal of its own.
    SeveralNames(PathBuf),
    /// A file stands where a new one would be made.
    Exists(PathBuf),
    /// The file is not one of ours.
    Foreign(PathBuf),
    /// A newer program made the file.
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
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
    /// The database is not as bugle leaves it: it was edited by hand, it is damaged, or the program has a fault.
    Unexpected {
        /// The file.
        path: PathBuf,
        /// What was found; no SQL and no values.
        what: String,
    },
    /// A file was deleted, moved or replaced while a command used it.
    Displaced {
        /// The file.
        path: PathBuf,
        /// Which file it is.
        which: Displaced,
    },
    /// The file system does not lock files, or refuses to now.
    NoLocks(PathBuf),
    /// What stands in the place of the lock file is a link, a folder or a file of several names.
    NotALock(PathBuf),
    /// The system has no memory left.
    NoMemory,
    /// A journal is left of a database that is no longer there; a new database would take it for its own.
    Orphan {
        /// The journal.
        journal: PathBuf,
        /// The database.
        database: PathBuf,
    },
    /// A journal holds changes, and cannot be read since nothing may be written beside it.
    UnreadableJournal(PathBuf),
    /// A restore was killed between its last two steps: the old database is set aside, the new one has no name yet.
    RestoreInterrupted(PathBuf),
    /// The file that was to be restored is the database itself.
    Itself(PathBuf),
    /// Another program has the database open, so that it cannot be replaced.
    InUse(PathBuf),
    /// A file that was to be restored is not a sound database.
    NoBackup(Box<Error>),
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
    /// Another command is writing.
    Busy(Holder),
    /// Another program holds the file.
    Taken(PathBuf),
    /// What was asked for does not exist or is not allowed now.
    State {
        /// What is wrong.
        message: String,
        /// How to put it right.
        help: Option<String>,
    },
    /// A fault of the program: it uses SQLite in a way that SQLite does not allow.
    Sqlite(rusqlite::Error),
    /// The database holds what it never should; it was edited by hand or is damaged.
    Inconsistent(String),
}

/// A file that a writing command needs to stay where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Displaced {
    /// The database.
    Database,
    /// A file that SQLite keeps beside it.
    Journal,
    /// The lock file.
    Lock,
}

/// Who holds the writer's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    /// The number of the process.
    pub(crate) pid: u32,
    /// The command, without arguments: `campaign run`.
    pub(crate) command: String,
    /// When it took the lock.
    pub(crate) since: Instant,
}

/// The result of everything in the store.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Returns the kind of the error.
    pub(crate) fn kind(&self) -> StoreErrorKind {
        match self {
            Self::Missing(_)
            | Self::NotAFile(_)
            | Self::NoFolder(_)
            | Self::Empty(_)
            | Self::SeveralNames(_)
            | Self::Exists(_)
            | Self::Foreign(_)
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::Unexpected { .. }
            | Self::Displaced { .. }
            | Self::NoLocks(_)
            | Self::NotALock(_)
            | Self::NoMemory
            | Self::Orphan { .. }
            | Self::UnreadableJournal(_)
            | Self::RestoreInterrupted(_)
            | Self::Itself(_)
            | Self::NoBackup(_)
            | Self::ReadOnly(_)
            | Self::Full(_)
            | Self::Inconsistent(_)
            | Self::Io { .. } => StoreErrorKind::Database,
            Self::State { .. } => StoreErrorKind::State,
            Self::Busy(_) | Self::Taken(_) | Self::InUse(_) => StoreErrorKind::Busy,
            Self::Sqlite(_) => StoreErrorKind::Program,
        }
    }

    /// Returns how to put it right, where we know.
    pub(crate) fn help(&self) -> Option<String> {
        let help = match self {
            Self::Missing(_) => {
                "`bugle campaign load` or `bugle person load` makes it; `--db PATH` names another"
            }
            Self::NotAFile(_) => "`--db PATH` names a file",
            Self::NoFolder(_) => "make the folder, or name another file with `--db PATH`",
            Self::Empty(path) => {
                return Some(format!(
                    "delete `{}` to start anew, or name another file with `--db PATH`",
                    path.display()
                ));
            }
            Self::SeveralNames(path) => {
                return Some(format!(
                    "each name would have a lock and a journal of its own; delete the other names, which \
                     `find DIR -samefile \"{}\"` lists, or make them symbolic links",
                    path.display()
                ));
            }
            Self::Exists(_) => "name a new file",
            Self::Foreign(_) => {
                "name another file with `--db PATH`; if it was a database of bugle, it is damaged: \
                 `bugle db restore FILE` goes back to a backup"
            }
            Self::Newer { .. } => "use the newer bugle that wrote it",
            Self::Damaged { .. } | Self::Unexpected { .. } | Self::Inconsistent(_) => {
                "`bugle db check` looks for damage, `bugle db restore FILE` goes back to a backup; if the check finds \
                 nothing, this is a fault of the program: please report it"
            }
            Self::Displaced {
                which: Displaced::Database | Displaced::Journal,
                ..
            } => {
                "what this command has written is lost unless the file is put back where it was; \
                 `bugle db restore FILE` goes back to a backup; then give the command again"
            }
            Self::Displaced {
                which: Displaced::Lock,
                ..
            } => {
                "what was committed before stands; give the command again, and leave the lock file alone: \
                 it never has to be deleted"
            }
            Self::NoLocks(_) => {
                "give the command again; if that does not help, the file system has no working locks, as many \
                 network file systems: keep the database on a local disk"
            }
            Self::NotALock(_) => "move it away: bugle makes a lock file of its own there",
            Self::NoMemory => {
                "nothing half done was kept; free some memory and run the command again"
            }
            Self::Orphan { journal, database } => {
                return Some(format!(
                    "put the database back as `{}`, or restore a backup with `bugle db restore FILE`; to start anew, \
                     delete `{}`",
                    database.display(),
                    journal.display()
                ));
            }
            Self::UnreadableJournal(_) => {
                "copy the database and this file to a folder that may be written, and name that copy with `--db PATH`"
            }
            Self::RestoreInterrupted(_) => {
                "give the same `bugle db restore FILE` again; the database before is kept beside it"
            }
            Self::Itself(_) => "name a backup",
            Self::InUse(_) => {
                "close the program, or wait for the command that reads it, for example with `--wait 1 minute`"
            }
            Self::NoBackup(_) => {
                "nothing was changed; name a file that `bugle db backup` has written"
            }
            Self::ReadOnly(_) => "check the owner and mode of the file and its folder",
            Self::Full(_) => "free some space and run the command again",
            Self::Busy(_) | Self::Taken(_) => "wait for it, or wait longer with `--wait 1 minute`",
            Self::State { help, .. } => return help.clone(),
            Self::Io { .. } => return None,
            Self::Sqlite(_) => {
                "this is a fault of the program: please report it with this line and the command"
            }
        };
        Some(help.to_owned())
    }

    /// Says what a failed system call on the database means.
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::NotFound {
            Self::Missing(path.to_owned())
        } else {
            Self::file(path, source)
        }
    }

    /// Says what a failed system call on a file other than the database means.
    pub(super) fn file(path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let path = path.to_owned();
        let kind = source.kind();
        if matches!(kind, Io::PermissionDenied | Io::ReadOnlyFilesystem) {
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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "there is no database `{}`", path.display()),
            Self::NotAFile(path) => write!(f, "`{}` is not a file", path.display()),
            Self::NoFolder(path) => {
                write!(
                    f,
                    "there is no folder `{}` for the database",
                    path.display()
                )
            }
            Self::Empty(path) => write!(f, "`{}` is empty, not a database", path.display()),
            Self::SeveralNames(path) => {
                write!(f, "`{}` has a second name (a hard link)", path.display())
            }
            Self::Exists(path) => write!(f, "`{}` exists already", path.display()),
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
            Self::Unexpected { path, what } => {
                write!(f, "`{}` is not as bugle leaves it: {what}", path.display())
            }
            Self::Displaced { path, which } => {
                let which = match which {
                    Displaced::Database | Displaced::Journal => "",
                    Displaced::Lock => "the lock file ",
                };
                write!(
                    f,
                    "{which}`{}` was deleted, moved or replaced while this command was writing",
                    path.display()
                )
            }
            Self::NoLocks(path) => write!(f, "cannot lock `{}`", path.display()),
            Self::NotALock(path) => write!(
                f,
                "`{}` is not a plain file, so it cannot be the lock of the database",
                path.display()
            ),
            Self::NoMemory => f.write_str("there is not enough memory"),
            Self::Orphan { journal, .. } => write!(
                f,
                "`{}` is left of a database that is no longer there",
                journal.display()
            ),
            Self::UnreadableJournal(path) => write!(
                f,
                "`{}` holds changes that cannot be read without writing",
                path.display()
            ),
            Self::RestoreInterrupted(path) => write!(
                f,
                "`bugle db restore` was interrupted before `{}` was in its place",
                path.display()
            ),
            Self::Itself(path) => write!(f, "`{}` is the database itself", path.display()),
            Self::InUse(path) => {
                write!(f, "another program has `{}` open", path.display())
            }
            Self::NoBackup(why) => write!(f, "cannot restore: {why}"),
            Self::ReadOnly(path) => write!(f, "`{}` may not be written", path.display()),
            Self::Full(path) => write!(f, "no space is left for `{}`", path.display()),
            Self::Io { path, source } => {
                write!(f, "cannot read or write `{}`: {source}", path.display())
            }
            Self::Busy(holder) => write!(
                f,
                "another command is writing: `{}`, process {}, since {}",
                holder.command, holder.pid, holder.since
            ),
            Self::Taken(path) => write!(f, "another program is writing to `{}`", path.display()),
            Self::State { message, .. } => f.write_str(message),
            // What SQLite says of it may quote a statement.
            Self::Sqlite(_) => f.write_str("a fault of the program in its use of the database"),
            Self::Inconsistent(what) => {
                write!(f, "the database is not as bugle leaves it: {what}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Sqlite(error) = self {
            Some(error)
        } else {
            None
        }
    }
}
