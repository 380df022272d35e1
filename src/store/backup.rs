//! Whole copies of a live database: SQLite's online backup into a private file that gets its name at the end.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::access::Access;
use super::database::Store;
use super::error::{Error, Result};
use super::paths::{private, sibling};
use crate::domain::Instant;

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
    let passing = sibling(to, ".new");
    match std::fs::remove_file(&passing) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io(&passing, e)),
        Ok(()) | Err(_) => {}
    }
    private()
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

/// A copy of a database to try things on.
#[derive(Debug)]
pub struct Scratch {
    /// The copy, open for writing.
    pub store: Store,
    /// Dropped after the store has closed it.
    _files: Files,
}

/// The files of a copy, removed at its end.
#[derive(Debug)]
struct Files(PathBuf);

impl Store {
    /// Copies the database into a private file beside it, which is gone when the copy is dropped.
    pub fn scratch(&self) -> Result<Scratch> {
        let path = sibling(&self.path, &format!(".dry-run-{}", std::process::id()));
        let files = Files(path);
        copy(&self.connection, &files.0)?;
        let access = Access {
            command: "dry run".to_owned(),
            now: Instant::MIN,
            wait: std::time::Duration::ZERO,
        };
        Ok(Scratch {
            store: Self::open_existing(&files.0, &access)?,
            _files: files,
        })
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm", ".lock", ".new"] {
            // What was never made need not be removed.
            let _ = std::fs::remove_file(sibling(&self.0, ending));
        }
    }
}
