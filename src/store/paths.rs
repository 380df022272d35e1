//! The database file and the files beside it: their names, and safe ways to move and remove them.
//!
//! Everything beside a database is named after the file that its path leads to, so that a link to the database means
//! the same lock and the same journal. Names that begin with `.bugle-` after the database's own belong to bugle alone:
//! a command that finds one under the lock may remove it.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use crate::files::identity::{folder_of, names_of};
use crate::files::{private, rename};

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

/// Refuses a missing, empty, odd or hard-linked file by its metadata.
///
/// The bytes are left to SQLite: closing a second descriptor on the file would drop the locks of every
/// connection this process has on it.
pub(super) fn inspect(path: &Path) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|e| Error::io(path, e))?;
    if !metadata.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    if names_of(&metadata) > 1 {
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
    rename::to_free_name(from, to).map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            Error::Exists(to.to_owned())
        } else {
            Error::file(to, error)
        }
    })?;
    let folder = folder_of(to);
    private::sync_folder(folder).map_err(|error| Error::file(folder, error))
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
