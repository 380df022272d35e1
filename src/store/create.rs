//! Making a new database: complete and synced under another name, then renamed.

use std::path::Path;

use rusqlite::Connection;

use super::error::{Error, Result};
use super::new_file::NewFile;
use super::{connection, migrations, paths};

/// Makes a new database. The caller holds the lock.
pub(super) fn create(path: &Path) -> Result<()> {
    create_with(path, |_| Ok(()))
}

/// Makes a new database with more in it than any new one has. The caller holds the lock.
pub(super) fn create_with(
    path: &Path,
    fill_in: impl FnOnce(&Connection) -> Result<()>,
) -> Result<()> {
    if let Some(journal) = paths::pending_journal(path) {
        return Err(Error::Orphan {
            journal,
            database: path.to_owned(),
        });
    }
    paths::remove_journals(path)?;
    let new = NewFile::under_lock(path)?;
    let fill = || -> Result<()> {
        let mut made = new.connect()?;
        connection::configure(&made)?;
        made.pragma_update(None, "application_id", connection::APPLICATION_ID)?;
        migrations::create(&mut made)?;
        fill_in(&made)?;
        connection::keep_journal(&made)?;
        new.complete(made)
    };
    fill().map_err(|e| e.at(path))?;
    new.move_to(path)
}
