//! Whole copies of a database: SQLite's online backup into a private file that gets its name at the end.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::database::Store;
use super::error::{Error, Result};
use super::meta;
use super::new_file::NewFile;
use super::paths;

/// Pages copied before a writer elsewhere gets a turn.
const PAGES_AT_ONCE: i32 = 4096;

impl Store {
    /// Copies the whole database into a new file, also while a command writes. An existing file is not replaced.
    ///
    /// When it returns, the disk has the file and its name.
    pub(crate) fn backup(&self, to: &Path) -> Result<()> {
        copy(&self.connection, to, |_| Ok(()))
    }

    /// Copies the whole database like a backup, and marks the new file as a copy for trying things out.
    pub(crate) fn copy_as_scratch(&self, to: &Path) -> Result<()> {
        copy(&self.connection, to, meta::mark_as_scratch)
    }

    /// Returns whether this is a copy for trying things out.
    pub(crate) fn is_scratch(&self) -> Result<bool> {
        meta::is_scratch(&self.connection)
    }
}

/// Copies the database of a connection into a new file of its own, which has no journal beside it; `change` is made to
/// the copy before it gets its name.
pub(super) fn copy(
    connection: &Connection,
    to: &Path,
    change: impl FnOnce(&Connection) -> Result<()>,
) -> Result<()> {
    if paths::exists(to)? {
        return Err(Error::Exists(to.to_owned()));
    }
    let new = NewFile::alone(to).map_err(|e| e.at(to))?;
    let fill = || -> Result<()> {
        let mut target = new.connect()?;
        copy_pages(connection, &mut target)?;
        change(&target)?;
        // One file is easier to keep than three.
        target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        new.complete(target)
    };
    fill().map_err(|e| e.at(to))?;
    new.move_to(to)
}

/// Makes a database what another one is.
pub(super) fn copy_pages(from: &Connection, to: &mut Connection) -> Result<()> {
    let backup = Backup::new(from, to)?;
    backup.run_to_completion(PAGES_AT_ONCE, std::time::Duration::ZERO, None)?;
    Ok(())
}
