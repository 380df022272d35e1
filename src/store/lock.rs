//! The writer's lock: one writing command at a time, from its first moment to its last.
//!
//! The lock is the system's, on a file beside the database, so death releases it and nobody ever has to
//! remove anything by hand. The file says who holds it: process, start and command, never its arguments.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::access::Access;
use super::error::{Error, Holder, Result};
use super::paths::{self, sibling};
use crate::domain::Instant;
use crate::files::identity::{FileIdentity, is_still_at, names_of};
use crate::files::private;

/// How often a waiting command asks again.
pub(super) const POLL: Duration = Duration::from_millis(25);

/// How a lock file's name ends.
pub(super) const SUFFIX: &str = ".lock";

/// The held lock; dropping it lets the next command in.
///
/// A command that made the lock file and could not open the database removes it again, and so does every command at
/// whose end there is no database: nothing is left beside a wrong path.
#[derive(Debug)]
pub(super) struct Lock {
    /// Held for the lock on it, which closing releases.
    file: File,
    path: PathBuf,
    database: PathBuf,
    /// Whether the lock file stays, since it was there before or the database is in use.
    stays: bool,
}

impl Lock {
    /// Takes the lock of a database, waiting for another command as long as asked.
    pub(super) fn take(database: &Path, access: &Access) -> Result<Self> {
        let path = sibling(database, SUFFIX);
        let mut left = access.wait;
        let (file, stays) = loop {
            let stays = paths::exists(&path)?;
            let mut file = open(&path)?;
            match file.try_lock() {
                // The command that had it may have removed it since it was opened.
                Ok(()) if is_still_at(&file, &path) => break (file, stays),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if left.is_zero() => {
                    let taken = || Error::Taken(database.to_owned());
                    return Err(holder(&mut file).map_or_else(taken, Error::Busy));
                }
                Err(TryLockError::WouldBlock) => {
                    let nap = left.min(POLL);
                    std::thread::sleep(nap);
                    left -= nap;
                }
                Err(TryLockError::Error(source)) => return Err(not_lockable(&path, source)),
            }
        };
        let mut lock = Self {
            file,
            path,
            database: database.to_owned(),
            stays,
        };
        let note = format!(
            "{}\n{}\n{}\n",
            std::process::id(),
            access.now.micros(),
            access.command
        );
        lock.file
            .set_len(0)
            .and_then(|()| lock.file.write_all(note.as_bytes()))
            .map_err(|e| Error::file(&lock.path, e))?;
        Ok(lock)
    }

    /// Keeps the lock file at the end: the database is ours and in use.
    pub(super) fn keep(&mut self) {
        self.stays = true;
    }

    /// Returns where the lock file is, and which file it is.
    pub(super) fn place(&self) -> Result<(&Path, FileIdentity)> {
        let identity = FileIdentity::of_open(&self.file, &self.path);
        let identity = identity.map_err(|e| Error::file(&self.path, e))?;
        Ok((&self.path, identity))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let gone = matches!(paths::exists(&self.database), Ok(false));
        if (gone || !self.stays) && is_still_at(&self.file, &self.path) {
            // An empty lock file that cannot be removed harms nobody.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Opens a lock file, making it where there is none. What is not a plain file of one name is somebody else's.
fn open(path: &Path) -> Result<File> {
    let mut options = private::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path).map_err(|source| {
        if is_link(path) {
            Error::NotALock(path.to_owned())
        } else {
            Error::file(path, source)
        }
    })?;
    let metadata = file.metadata().map_err(|e| Error::file(path, e))?;
    if metadata.len() == 0 {
        // It is new: the `umask` may have taken more from it than the others' part.
        private::restrict(&file).map_err(|e| Error::file(path, e))?;
    }
    // Of no name: the command that had it has just removed it, and this one will see that.
    if metadata.is_file() && names_of(&metadata) <= 1 {
        Ok(file)
    } else {
        Err(Error::NotALock(path.to_owned()))
    }
}

fn is_link(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

fn not_lockable(path: &Path, source: io::Error) -> Error {
    if source.kind() == io::ErrorKind::Unsupported {
        Error::NoLocks(path.to_owned())
    } else {
        Error::file(path, source)
    }
}

/// Reads who holds the lock; nothing while they are writing it down.
fn holder(file: &mut File) -> Option<Holder> {
    let mut note = String::new();
    file.read_to_string(&mut note).ok()?;
    let mut lines = note.lines();
    Some(Holder {
        pid: lines.next()?.parse().ok()?,
        since: Instant::from_micros(lines.next()?.parse().ok()?),
        command: lines.next()?.to_owned(),
    })
}
