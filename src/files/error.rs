//! Why a file could not be written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file could not be written.
#[derive(Debug)]
pub(crate) enum Error {
    /// The system says so.
    Unwritable {
        /// The file, as it was named.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// Another command is writing a file of this name.
    Busy(PathBuf),
}

impl Error {
    /// Returns what makes the error of a path out of that of a system call.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Unwritable { path, cause }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unwritable { path, cause } => {
                write!(f, "cannot write `{}`: {}", path.display(), reason(cause))
            }
            Self::Busy(path) => {
                write!(f, "another command is writing to `{}`", path.display())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unwritable { cause, .. } => Some(cause),
            Self::Busy(_) => None,
        }
    }
}

/// Returns what the system says of a failed call, in the manner of our own messages.
pub(crate) fn reason(error: &io::Error) -> String {
    let known = [
        (io::ErrorKind::StorageFull, "no space is left on the device"),
        (
            io::ErrorKind::QuotaExceeded,
            "the quota of the disk is used up",
        ),
        (
            io::ErrorKind::FileTooLarge,
            "the file is larger than files may be here",
        ),
        (io::ErrorKind::PermissionDenied, "permission denied"),
        (
            io::ErrorKind::ReadOnlyFilesystem,
            "the file system is read-only",
        ),
        (io::ErrorKind::NotFound, "there is no such file or folder"),
        (
            io::ErrorKind::NotADirectory,
            "a part of the path is a file, not a folder",
        ),
        (io::ErrorKind::IsADirectory, "it is a folder"),
        (
            io::ErrorKind::AlreadyExists,
            "something of this name is there already",
        ),
        (io::ErrorKind::InvalidFilename, "the name is too long"),
    ];
    known
        .iter()
        .find(|(kind, _)| *kind == error.kind())
        .map_or_else(|| error.to_string(), |(_, text)| (*text).to_owned())
}
