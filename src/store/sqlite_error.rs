//! Translates SQLite's errors into ours, without SQL text and without values.
//!
//! SQLite names no file in its errors; [`Error::at`] puts the path in where it is known.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode as Code;

use super::error::{Displaced, Error};

/// What stands for the path until it is known.
const UNKNOWN: &str = "the database";

impl From<rusqlite::Error> for Error {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "SQLite may get new errors; each is a fault of the program until it is known better"
    )]
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as Sqlite;
        let unexpected = |what: &str| Self::Unexpected {
            path: PathBuf::from(UNKNOWN),
            what: what.to_owned(),
        };
        match &error {
            Sqlite::SqliteFailure(failure, _) | Sqlite::SqlInputError { error: failure, .. } => {
                of_code(failure.code, failure.extended_code).unwrap_or(Self::Sqlite(error))
            }
            Sqlite::FromSqlConversionFailure(..)
            | Sqlite::IntegralValueOutOfRange(..)
            | Sqlite::InvalidColumnType(..)
            | Sqlite::Utf8Error(..) => {
                unexpected("a value is of another type than its column should have")
            }
            Sqlite::QueryReturnedNoRows => unexpected("a row is missing"),
            Sqlite::InvalidColumnName(_) | Sqlite::InvalidColumnIndex(_) => {
                unexpected("a column is missing")
            }
            _ => Self::Sqlite(error),
        }
    }
}

/// Returns what a code of SQLite means; nothing where the program is at fault.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "SQLite may get new codes; each is a fault of the program until it is known better"
)]
fn of_code(code: Code, extended: i32) -> Option<Error> {
    let path = || PathBuf::from(UNKNOWN);
    let unexpected = |what: &str| Error::Unexpected {
        path: path(),
        what: what.to_owned(),
    };
    let io = |what: &str| Error::Io {
        path: path(),
        source: std::io::Error::other(what.to_owned()),
    };
    Some(match code {
        Code::DatabaseBusy | Code::DatabaseLocked => Error::Taken(path()),
        Code::DiskFull => Error::Full(path()),
        Code::ReadOnly | Code::PermissionDenied => Error::ReadOnly(path()),
        Code::DatabaseCorrupt => Error::Damaged {
            path: path(),
            what: "its pages contradict each other".to_owned(),
        },
        Code::NotADatabase => Error::Foreign(path()),
        Code::SystemIoFailure => match extended {
            rusqlite::ffi::SQLITE_IOERR_NOMEM => Error::NoMemory,
            rusqlite::ffi::SQLITE_IOERR_LOCK
            | rusqlite::ffi::SQLITE_IOERR_UNLOCK
            | rusqlite::ffi::SQLITE_IOERR_RDLOCK
            | rusqlite::ffi::SQLITE_IOERR_CHECKRESERVEDLOCK
            | rusqlite::ffi::SQLITE_IOERR_SHMLOCK => Error::NoLocks(path()),
            _ => io("the disk or its file system reports an error"),
        },
        Code::CannotOpen => io("it cannot be opened"),
        Code::OutOfMemory => Error::NoMemory,
        Code::FileLockingProtocolFailed | Code::NoLargeFileSupport => Error::NoLocks(path()),
        Code::ConstraintViolation if extended == rusqlite::ffi::SQLITE_CONSTRAINT_COMMITHOOK => {
            Error::Displaced {
                path: path(),
                which: Displaced::Database,
            }
        }
        Code::ConstraintViolation => unexpected("its rows contradict what is to be written"),
        Code::TypeMismatch => unexpected("a value is of another type than its column should have"),
        Code::TooBig => unexpected("a value is longer than any that bugle writes"),
        // A table or column that a statement names does not exist, or the schema cannot be read.
        Code::Unknown | Code::SchemaChanged => unexpected("its tables are other ones"),
        _ => return None,
    })
}

impl Error {
    /// Puts the path of the database into an error that names none yet.
    pub(crate) fn in_database(mut self, path: &Path) -> Self {
        let is_known = |named: &mut PathBuf| named.as_path() != Path::new(UNKNOWN);
        if self.place().is_some_and(is_known) {
            return self;
        }
        self.at(path)
    }

    /// Puts the real path where an error of SQLite could not know it.
    pub(super) fn at(mut self, path: &Path) -> Self {
        if let Self::Inconsistent(what) = self {
            let path = path.to_owned();
            return Self::Unexpected { path, what };
        }
        if let Some(place) = self.place() {
            path.clone_into(place);
        }
        self
    }

    /// Returns the path in an error that says something about the database.
    fn place(&mut self) -> Option<&mut PathBuf> {
        match self {
            Self::Full(path)
            | Self::ReadOnly(path)
            | Self::Foreign(path)
            | Self::NoLocks(path)
            | Self::Taken(path)
            | Self::Damaged { path, .. }
            | Self::Unexpected { path, .. }
            | Self::Displaced {
                path,
                which: Displaced::Database,
            }
            | Self::Io { path, .. } => Some(path),
            Self::Displaced { .. }
            | Self::Inconsistent(_)
            | Self::Missing(_)
            | Self::NotAFile(_)
            | Self::NoFolder(_)
            | Self::Empty(_)
            | Self::SeveralNames(_)
            | Self::Exists(_)
            | Self::Newer { .. }
            | Self::NotALock(_)
            | Self::NoMemory
            | Self::Orphan { .. }
            | Self::UnreadableJournal(_)
            | Self::RestoreInterrupted(_)
            | Self::Itself(_)
            | Self::InUse(_)
            | Self::NoBackup(_)
            | Self::Busy(_)
            | Self::State { .. }
            | Self::Sqlite(_) => None,
        }
    }
}
