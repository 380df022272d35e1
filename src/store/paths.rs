//! The database file and the files beside it: their names, their identity, and safe ways to move and remove them.
//!
//! Everything beside a database is named after the file that its path leads to, so that a link to the database means
//! the same lock and the same journal. Names that begin with `.bugle-` after the database's own belong to bugle alone:
//! a command that finds one under the lock may remove it.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};

/// How many links are followed to a file that does not exist yet, before they are taken for a circle.
const MOST_LINKS: usize = 40;

/// The files that SQLite keeps beside a database; with the database itself they are one whole.
pub(super) const JOURNALS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Returns the path that a database really has: absolute, and without links.
///
/// So no name has a meaning of its own to SQLite (`:memory:`, `file:…`), and each file has one lock. The database need
/// not exist yet.
pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    let mut path = std::path::absolute(path).map_err(|e| Error::io(path, e))?;
    for _ in 0..MOST_LINKS {
        match path.canonicalize() {
            Ok(real) => return Ok(real),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(&path, error)),
        }
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Error::NotAFile(path));
        };
        let folder = match folder.canonicalize() {
            Ok(folder) => folder,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Error::NoFolder(folder.to_owned()));
            }
            Err(error) => return Err(Error::io(folder, error)),
        };
        let here = folder.join(name);
        match std::fs::read_link(&here) {
            // A link whose target does not exist yet: the database will be made there.
            Ok(target) => path = folder.join(target),
            Err(_) => return Ok(here),
        }
    }
    Err(Error::io(
        &path,
        io::Error::other("its links lead in a circle"),
    ))
}

/// Returns the path of a file beside the database: `bugle.db.lock` for the suffix `.lock`.
pub(super) fn sibling(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// What makes a file the same file under any name: its device and number there; empty where the system has no such thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(Option<(u64, u64)>);

impl FileId {
    /// Returns the identity of a file.
    pub(super) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Self(Some((metadata.dev(), metadata.ino())))
        }
        #[cfg(not(unix))]
        {
            let _ = metadata;
            Self(None)
        }
    }

    /// Returns the identity of the file at a path, links not followed.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::of(&std::fs::symlink_metadata(path)?))
    }

    /// Returns whether two files are known to be one.
    pub(super) fn is_known_as(self, other: Self) -> bool {
        self.0.is_some() && self == other
    }
}

/// Returns whether an open file still has its name.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    let own = file.metadata().map(|metadata| FileId::of(&metadata));
    match (own, FileId::at(path)) {
        (Ok(own), Ok(there)) => own == there,
        (Err(_), _) | (_, Err(_)) => false,
    }
}

/// Returns how many names a file has.
#[cfg(unix)]
pub(super) fn names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

/// Returns how many names a file has.
#[cfg(not(unix))]
pub(super) fn names(_: &Metadata) -> u64 {
    1
}

/// Refuses a missing, empty, odd or hard-linked file by its metadata.
///
/// The bytes are left to SQLite: closing a second descriptor on the file would drop the locks of every
/// connection this process has on it.
pub(super) fn inspect(path: &Path) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|e| Error::io(path, e))?;
    if !metadata.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    if names(&metadata) > 1 {
        return Err(Error::SeveralNames(path.to_owned()));
    }
    if metadata.len() == 0 {
        return Err(Error::Empty(path.to_owned()));
    }
    Ok(())
}

/// Returns whether something is at a path, be it a link that leads nowhere.
pub(super) fn exists(path: &Path) -> Result<bool> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::file(path, error)),
    }
}

/// Returns the first file beside a database that holds something of its content.
pub(super) fn pending_journal(database: &Path) -> Option<PathBuf> {
    ["-wal", "-journal"]
        .map(|suffix| sibling(database, suffix))
        .into_iter()
        .find(|path| std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.len() > 0))
}

/// Returns options that make files for their owner alone.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Removes a file, which may be gone already.
pub(super) fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file(path, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Removes a database with its journals.
///
/// The database goes first: a database without its journal would be another one, a journal without its database is
/// nothing.
pub(super) fn remove_database(path: &Path) -> Result<()> {
    remove(path)?;
    remove_journals(path)
}

/// Removes the journals of a database.
pub(super) fn remove_journals(database: &Path) -> Result<()> {
    JOURNALS
        .iter()
        .try_for_each(|suffix| remove(&sibling(database, suffix)))
}

/// Gives a file another name in its folder, which must be free, and waits until the disk has it.
pub(super) fn rename_new(from: &Path, to: &Path) -> Result<()> {
    rename_to_free(from, to).map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            Error::Exists(to.to_owned())
        } else {
            Error::file(to, error)
        }
    })?;
    sync_folder_of(to)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems cannot do it in one step.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_if_free(from, to),
        renamed => Ok(renamed?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    rename_if_free(from, to)
}

/// Looks and renames in two steps. A hard link would do it in one, and leave the file with two names in between.
fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(to) {
        Ok(_) => Err(io::Error::from(ErrorKind::AlreadyExists)),
        Err(error) if error.kind() == ErrorKind::NotFound => std::fs::rename(from, to),
        Err(error) => Err(error),
    }
}

/// Waits until the disk has the names in the folder of a file.
pub(super) fn sync_folder_of(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        let folder = folder_of(path);
        match std::fs::File::open(folder).and_then(|folder| folder.sync_all()) {
            // A folder that may not be listed, and file systems that sync no folders.
            Err(error)
                if [
                    ErrorKind::PermissionDenied,
                    ErrorKind::InvalidInput,
                    ErrorKind::Unsupported,
                ]
                .contains(&error.kind()) => {}
            Err(error) => return Err(Error::file(folder, error)),
            Ok(()) => {}
        }
    }
    Ok(())
}

/// Returns whether the folder of a file is known to be one in which this user can make no file.
pub(super) fn is_in_read_only_folder(path: &Path) -> bool {
    let folder = folder_of(path);
    #[cfg(unix)]
    {
        use rustix::fs::{Access, AtFlags, CWD, accessat};
        use rustix::io::Errno;
        matches!(
            accessat(CWD, folder, Access::WRITE_OK, AtFlags::EACCESS),
            Err(Errno::ACCESS | Errno::ROFS | Errno::PERM)
        )
    }
    #[cfg(not(unix))]
    {
        std::fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().readonly())
    }
}

/// Returns the folder of a file; a bare name lies in the present folder.
fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."))
}
