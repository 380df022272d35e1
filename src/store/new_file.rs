//! A database file in the making: filled under another name, complete and on the disk before it gets its own.
//!
//! So after a kill, a full disk or a power cut, under its own name there is a whole database or
//! none.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::connection;
use super::error::{Error, Result};
use super::paths::{self, sibling};
use crate::files::identity::is_still_at;
use crate::files::private;

/// How the name of a file in the making ends.
pub(super) const SUFFIX: &str = ".bugle-new";

/// A database file that does not have its name yet; dropped before that, it is removed.
#[derive(Debug)]
pub(super) struct NewFile {
    path: PathBuf,
    /// Open for as long as SQLite uses the file: closing it would drop SQLite's locks.
    file: File,
    stays: bool,
}

impl NewFile {
    /// Makes an empty file that will be called `name`. The caller holds the lock of that name, so what is left of an
    /// earlier command is removed.
    pub(super) fn under_lock(name: &Path) -> Result<Self> {
        let path = sibling(name, SUFFIX);
        paths::remove_database(&path)?;
        Self::make(path)
    }

    /// Makes an empty file that will be called `name`, which several commands may try to make at once.
    pub(super) fn alone(name: &Path) -> Result<Self> {
        let other = || {
            Error::state(
                format!("another command is making `{}`", name.display()),
                Some("wait for it, or name another file"),
            )
        };
        let path = sibling(name, SUFFIX);
        if let Ok(left) = private::options().write(true).open(&path) {
            match left.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(other()),
                // Where there are no locks, the other one cannot be seen.
                Ok(()) | Err(TryLockError::Error(_)) => paths::remove_database(&path)?,
            }
        }
        let new = Self::make(path)?;
        let is_taken = matches!(new.file.try_lock(), Err(TryLockError::WouldBlock));
        if is_taken || !is_still_at(&new.file, &new.path) {
            // The file of that name is the other one's.
            new.keep();
            return Err(other());
        }
        Ok(new)
    }

    fn make(path: PathBuf) -> Result<Self> {
        // Private before SQLite touches it: its journals take over the mode.
        let file = private::create_new(&path).map_err(|error| Error::file(&path, error))?;
        Ok(Self {
            path,
            file,
            stays: false,
        })
    }

    /// Opens the file for writing.
    pub(super) fn connect(&self) -> Result<Connection> {
        connection::connect_write(&self.path)
    }

    /// Closes the last connection, and waits until the disk has all of it.
    pub(super) fn complete(&self, connection: Connection) -> Result<()> {
        connection.close().map_err(|(_, error)| error)?;
        // SQLite does not say so when it cannot write its journal back at the end.
        if let Some(journal) = paths::pending_journal(&self.path) {
            let why = std::io::Error::other("it could not be written back");
            return Err(Error::file(&journal, why));
        }
        paths::remove_journals(&self.path)?;
        self.file
            .sync_all()
            .map_err(|error| Error::file(&self.path, error))
    }

    /// Gives the complete file its name, which must be free, and waits until the disk has that.
    pub(super) fn move_to(self, name: &Path) -> Result<()> {
        paths::rename_new(&self.path, name)?;
        self.keep();
        Ok(())
    }

    /// Leaves what now has the passing name alone.
    fn keep(mut self) {
        self.stays = true;
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.stays {
            // What cannot be removed now is removed by the next command.
            let _ = paths::remove_database(&self.path);
        }
    }
}
