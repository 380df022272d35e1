//! The identity of a file: the same for every path that leads to it.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// What two names of one file have in common: hard links, symbolic links, `..`, another case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileIdentity {
    /// Where the system numbers its files.
    Number {
        /// The device that it lies on.
        device: u64,
        /// Its number there.
        inode: u64,
    },
    /// Elsewhere the path from the root, links followed.
    Path(PathBuf),
}

impl FileIdentity {
    /// Returns the identity of the file or folder that a path leads to; links are followed.
    ///
    /// The file itself is not opened: closing a second handle on a live database would drop the locks on it.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        match Self::of_metadata(&metadata) {
            Some(identity) => Ok(identity),
            None => Ok(Self::Path(path.canonicalize()?)),
        }
    }

    /// Returns the identity of the file, folder or link at a path; links are not followed.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::symlink_metadata(path)?;
        match Self::of_metadata(&metadata) {
            Some(identity) => Ok(identity),
            None => Self::by_path(path),
        }
    }

    /// Returns the identity of an open file, which was opened at a path.
    pub(crate) fn of_open(file: &File, path: &Path) -> io::Result<Self> {
        match Self::of_metadata(&file.metadata()?) {
            Some(identity) => Ok(identity),
            None => Self::by_path(path),
        }
    }

    /// Returns the identity that a path has by itself: the path of its folder without links, and its name there.
    fn by_path(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        Ok(Self::Path(folder_of(path).canonicalize()?.join(name)))
    }

    /// Returns the identity of a file by what the system says of it, where the system says enough.
    #[cfg(unix)]
    #[expect(
        clippy::unnecessary_wraps,
        reason = "elsewhere the system does not say enough"
    )]
    pub(crate) fn of_metadata(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        Some(Self::Number {
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }

    /// Returns the identity of a file by what the system says of it, where the system says enough.
    #[cfg(not(unix))]
    pub(crate) fn of_metadata(_: &Metadata) -> Option<Self> {
        None
    }
}

/// Returns whether an open file still has its name: nobody has removed, moved or replaced it.
pub(crate) fn is_still_at(file: &File, path: &Path) -> bool {
    match (FileIdentity::of_open(file, path), FileIdentity::at(path)) {
        (Ok(own), Ok(there)) => own == there,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// Returns how many names (hard links) a file has.
#[cfg(unix)]
pub(crate) fn names_of(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

/// Returns how many names a file has; this system does not say.
#[cfg(not(unix))]
pub(crate) fn names_of(_: &Metadata) -> u64 {
    1
}

/// A name in a folder: where a file would be that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    folder: FileIdentity,
    name: std::ffi::OsString,
}

impl Slot {
    /// Returns the slot of a path, whose folder must be there.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        Ok(Self {
            folder: FileIdentity::of(folder_of(path))?,
            name: name.to_owned(),
        })
    }
}

/// Returns the folder of a file; a bare name lies in the current one.
pub(crate) fn folder_of(path: &Path) -> &Path {
    named(path.parent().unwrap_or(Path::new("")))
}

/// Returns a folder by a path that the system takes: the empty one is the current folder.
pub(super) fn named(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}
