//! Copies of a database for dry runs whose later parts build on their earlier ones.
//!
//! A copy lies beside the database, for its owner alone, under a name that no other file has (`bugle.db.bugle-dry-run-1`)
//! and with a lock of its own. It is removed when it is closed. A command that is killed leaves it behind, without
//! the lock: the next command that writes, or makes such a copy, removes it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::access::Access;
use super::database::Store;
use super::ending::Files;
use super::error::{Error, Result};
use super::lock::{self, Lock};
use super::paths::{self, sibling};
use super::{backup, connection};
use crate::domain::Instant;
use crate::files::private;

/// How many copies of one database there may be at a time.
const MOST: usize = 32;

impl Store {
    /// Copies the database to a private file beside it, which is removed when the copy is closed.
    pub(crate) fn scratch(&self) -> Result<Self> {
        let Some((path, lock)) = free_name(&self.path)? else {
            return Err(Error::state(
                format!("{MOST} dry runs work on copies of the database"),
                Some("wait until some of them are done"),
            ));
        };
        self.copy_to(&path).map_err(|error| error.at(&path))?;
        let copy = Self::open_locked(path, lock, Duration::ZERO, Files::Go)?;
        // Nothing of it has to outlive the command.
        copy.connection.pragma_update(None, "synchronous", "OFF")?;
        Ok(copy)
    }

    fn copy_to(&self, path: &Path) -> Result<()> {
        let copy = || -> Result<()> {
            private::options()
                .write(true)
                .create_new(true)
                .open(path)
                .map_err(|error| Error::file(path, error))?;
            let mut target = connection::connect_write(path)?;
            target.pragma_update(None, "synchronous", "OFF")?;
            backup::copy_pages(&self.connection, &mut target)?;
            target.close().map_err(|(_, error)| error)?;
            Ok(())
        };
        copy().inspect_err(|_| {
            // What cannot be removed now is removed by the next command.
            let _ = paths::remove_database(path);
        })
    }
}

/// Removes the copies that killed commands have left. Those that are still in use stay.
pub(super) fn remove_leftovers(database: &Path) -> Result<()> {
    for path in names(database) {
        // The lock file is made first and removed last.
        if paths::exists(&sibling(&path, lock::SUFFIX))?
            && let Some(_lock) = take(&path)?
        {
            paths::remove_database(&path)?;
        }
    }
    Ok(())
}

/// Takes the first name that nobody uses.
fn free_name(database: &Path) -> Result<Option<(PathBuf, Lock)>> {
    remove_leftovers(database)?;
    for path in names(database) {
        if let Some(lock) = take(&path)? {
            paths::remove_database(&path)?;
            return Ok(Some((path, lock)));
        }
    }
    Ok(None)
}

fn names(database: &Path) -> impl Iterator<Item = PathBuf> {
    (1..=MOST).map(move |number| sibling(database, &format!(".bugle-dry-run-{number}")))
}

/// Takes the lock of a copy, unless somebody has it.
fn take(path: &Path) -> Result<Option<Lock>> {
    let access = Access {
        command: "dry run".to_owned(),
        now: Instant::MIN,
        wait: Duration::ZERO,
    };
    match Lock::take(path, &access) {
        Ok(lock) => Ok(Some(lock)),
        Err(Error::Busy(_) | Error::Taken(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
