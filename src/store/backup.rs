//! Whole copies of a live database: SQLite's online backup into a private file that gets its name at the end.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::Store;
use super::error::{Error, Result};
use super::lock::beside;

/// Pages copied before a writer elsewhere gets a turn.
const PAGES_AT_ONCE: i32 = 4096;

impl Store {
    /// Copies the whole database into a new file, also while a command writes. An existing file is not replaced.
    pub fn backup(&self, to: &Path) -> Result<()> {
        if to.try_exists().map_err(|e| Error::io(to, e))? {
            return Err(Error::state(
                format!("`{}` exists already", to.display()),
                Some("name a new file"),
            ));
        }
        copy(&self.connection, to)
    }
}

/// Copies the database of a connection into a file, replacing one of that name.
pub(super) fn copy(connection: &Connection, to: &Path) -> Result<()> {
    let passing = beside(to, ".new");
    match std::fs::remove_file(&passing) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io(&passing, e)),
        Ok(()) | Err(_) => {}
    }
    super::open::private()
        .write(true)
        .create_new(true)
        .open(&passing)
        .map_err(|e| Error::io(&passing, e))?;
    let fill = || -> Result<()> {
        let mut target = Connection::open(&passing)?;
        let backup = Backup::new(connection, &mut target)?;
        backup.run_to_completion(PAGES_AT_ONCE, std::time::Duration::ZERO, None)?;
        drop(backup);
        // One file is easier to keep than three: the copy has no journal beside it.
        target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        target.close().map_err(|(_, error)| error)?;
        Ok(())
    };
    fill().map_err(|e| e.at(to))?;
    std::fs::File::open(&passing)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&passing, to))
        .map_err(|e| Error::io(to, e))
}
