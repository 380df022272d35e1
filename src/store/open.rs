//! Opening the database file for reading or for writing.
//!
//! A file that is not ours, empty, newer, damaged or hard-linked is refused with its own message and never written.
//! Making a new one is in `create`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::access::Access;
use super::connection::{configure, connect_write, write_safely};
use super::create;
use super::database::Store;
use super::ending::{Ending, Files};
use super::error::{Error, Result};
use super::lock::Lock;
use super::paths;
use super::reading::{Fallback, connect_read, identify};
use super::watch::{Moment, Watch};
use super::{migrations, restore};
use crate::files::identity::FileIdentity;

/// How often a reading command opens a database anew that is replaced while it does so.
const MOST_REOPENINGS: usize = 10;

impl Store {
    /// Opens a database for writing, making it where there is none.
    ///
    /// If nothing is committed to the new database, it is removed when the store is closed.
    pub(crate) fn create_or_open(path: &Path, access: &Access) -> Result<Self> {
        let path = paths::resolve(path)?;
        if paths::exists(&path)? {
            paths::inspect(&path)?;
        }
        let lock = Lock::take(&path, access)?;
        restore::tidy_up(&path)?;
        let files = if paths::exists(&path)? {
            Files::Stay
        } else {
            create::create(&path)?;
            Files::StayIfUsed
        };
        Self::open_locked(path, lock, access.wait, files)
    }

    /// Opens a database for writing; where there is none, that is an error.
    pub(crate) fn open_existing(path: &Path, access: &Access) -> Result<Self> {
        let path = resolve_existing(path)?;
        if !restore::is_pending(&path)? {
            paths::inspect(&path)?;
        }
        let lock = Lock::take(&path, access)?;
        restore::tidy_up(&path)?;
        Self::open_locked(path, lock, access.wait, Files::Stay)
    }

    /// Opens a database for reading. Readers wait for nobody, and all that one reads is of one moment, also while a
    /// command writes.
    pub(crate) fn open_read(path: &Path) -> Result<Self> {
        let store = Self::open_to_read(resolve_existing(path)?, Fallback::Recover)?;
        // What is sorted or kept aside may be more than there is memory.
        let begun = store
            .connection
            .execute_batch("PRAGMA temp_store = FILE; BEGIN");
        begun.map_err(|error| Error::from(error).at(&store.path))?;
        Ok(store)
    }

    fn open_to_read(path: PathBuf, fallback: Fallback) -> Result<Self> {
        let mut left = MOST_REOPENINGS;
        let connection = loop {
            restore::await_pending(&path)?;
            paths::inspect(&path)?;
            let before = FileIdentity::at(&path).ok();
            let connection = connect_read(&path, fallback).map_err(|e| e.at(&path))?;
            // SQLite opens a database and its journal one after the other; both must belong together.
            if left == 0 || before == FileIdentity::at(&path).ok() {
                break connection;
            }
            left -= 1;
        };
        Ok(Self::reading(connection, path))
    }

    /// Makes an empty database in memory alone: what a dry run works on where there is no file at `path`.
    ///
    /// It has one connection, and no reader beside it.
    pub(crate) fn imagine(path: &Path) -> Result<Self> {
        let path = paths::resolve(path)?;
        let make = || -> Result<Connection> {
            let mut connection = Connection::open_in_memory()?;
            configure(&connection)?;
            migrations::create(&mut connection)?;
            Ok(connection)
        };
        let connection = make().map_err(|e| e.at(&path))?;
        Ok(Self::reading(connection, path))
    }

    /// Opens a second connection, which reads while this one writes.
    ///
    /// Beside a writing connection it always reads through the journal: what it misses there would be lost on the
    /// command.
    pub(crate) fn reader(&self) -> Result<Self> {
        let Some(watch) = &self.watch else {
            return Self::open_read(&self.path);
        };
        let reader = Self::open_to_read(self.path.clone(), Fallback::None)?;
        watch.check(Moment::Open)?;
        Ok(reader)
    }

    /// Returns the watch over the files of a writing command, which outlives it.
    pub(crate) fn watch(&self) -> Option<Watch> {
        self.watch.clone()
    }

    /// Opens a database for writing, whose lock is held.
    pub(super) fn open_locked(
        path: PathBuf,
        mut lock: Lock,
        wait: Duration,
        files: Files,
    ) -> Result<Self> {
        let open = || -> Result<(Connection, Watch)> {
            paths::inspect(&path)?;
            let mut connection = connect_write(&path)?;
            configure(&connection)?;
            connection.busy_timeout(wait)?;
            let version = identify(&connection, &path)?;
            write_safely(&connection)?;
            let watch = Watch::begin(&path, &lock)?;
            let judge = watch.clone();
            connection.commit_hook(Some(move || judge.refuses_commit()))?;
            migrations::migrate(&mut connection, &path, version)?;
            Ok((connection, watch))
        };
        let opened = open().inspect_err(|_| {
            if files != Files::Stay {
                // Nothing has been written to it yet.
                let _ = paths::remove_database(&path);
            }
        });
        let (connection, watch) = opened.map_err(|e| e.at(&path))?;
        lock.keep();
        let ending = Ending {
            path: path.clone(),
            watch: watch.clone(),
            files,
        };
        Ok(Self::writing(connection, path, watch, ending, lock))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(watch) = &self.watch {
            // What is found is kept in the watch.
            let _ = watch.check(Moment::Open);
        }
    }
}

/// Returns where an existing database is.
fn resolve_existing(path: &Path) -> Result<PathBuf> {
    paths::resolve(path).map_err(|error| {
        if matches!(error, Error::NoFolder(_)) {
            Error::Missing(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
        } else {
            error
        }
    })
}
