//! Restores a backup: another database takes the place of the present one, which is kept beside it.
//!
//! Copying a file over a database by hand leaves the old journal beside the new database, where SQLite applies it. Here
//! a copy of the backup is complete and on the disk, as `bugle.db.bugle-restore`, before the old database moves. What is
//! done then is finished by the next writing command if this one is killed, since each state says what it is:
//!
//! | the database | `bugle.db.bugle-restore` | what happened | what is done |
//! |---|---|---|---|
//! | is there | is there | the old one has not moved | the copy is removed |
//! | is missing | is there | the old one is set aside | the copy gets its name |
//! | is there | is missing | nothing, or everything | |

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::access::Access;
use super::check::{self, Depth};
use super::database::Store;
use super::error::{Error, Result};
use super::lock::{Lock, POLL};
use super::new_file::NewFile;
use super::paths::{self, sibling};
use super::reading::{Fallback, connect_read_any};
use super::{backup, connection, meta, migrations, scratch};
use crate::files::identity::FileIdentity;
use crate::files::private;

/// How the name of a complete copy ends that is to take the place of the database.
const SUFFIX: &str = ".bugle-restore";

/// How the name of a database ends that a restore has replaced; a number follows.
const SET_ASIDE: &str = ".before-restore-";

/// How long a reading command waits for a restore that is between its last two steps.
const READERS_WAIT: Duration = Duration::from_secs(2);

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Restored {
    /// The database.
    pub(crate) path: PathBuf,
    /// Where the database before is kept, if there was one.
    pub(crate) kept: Option<PathBuf>,
}

impl Store {
    /// Replaces a database by a sound one, and keeps the one before beside it.
    ///
    /// The present one may be missing or damaged. Of a backup with a journal beside it, the journal counts.
    pub(crate) fn restore(path: &Path, from: &Path, access: &Access) -> Result<Restored> {
        let path = paths::resolve(path)?;
        let lock = Lock::take(&path, access)?;
        tidy_up(&path)?;
        refuse_others(&path)?;
        let ready = copy_checked(&path, from)?;
        let kept = replace(&path, &ready, access.wait).inspect_err(|_| {
            // While the old database is in its place, the copy is of no use; else the next command needs it.
            if matches!(paths::exists(&path), Ok(true)) {
                let _ = paths::remove(&ready);
            }
        })?;
        drop(lock);
        Ok(Restored { path, kept })
    }
}

/// Refuses to replace another program's database. What SQLite cannot read may be one of ours that is damaged.
fn refuse_others(path: &Path) -> Result<()> {
    match paths::inspect(path) {
        Err(Error::Missing(_) | Error::Empty(_)) => return Ok(()),
        inspected => inspected?,
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let application = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.pragma_query_value(None, "application_id", |row| row.get::<_, i64>(0))
    });
    match application {
        Ok(application) if application != connection::APPLICATION_ID => {
            Err(Error::Foreign(path.to_owned()))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Makes a checked copy of a backup, which lies beside the database under its passing name.
fn copy_checked(path: &Path, from: &Path) -> Result<PathBuf> {
    let no_backup = |error: Error| Error::NoBackup(Box::new(error));
    let source = paths::resolve(from).map_err(no_backup)?;
    let (backup, version) = open_backup(path, &source).map_err(|e| no_backup(e.at(&source)))?;
    let new = NewFile::under_lock(path)?;
    let fill = || -> Result<Vec<String>> {
        let mut target = new.connect()?;
        backup::copy_pages(&backup, &mut target)?;
        connection::configure(&target)?;
        // In the place of a database it is one.
        meta::unmark_as_scratch(&target)?;
        let depth = if version == migrations::LATEST {
            Depth::Rows
        } else {
            Depth::Pages
        };
        let faults = check::check(&target, depth)?;
        connection::keep_journal(&target)?;
        new.complete(target)?;
        Ok(faults)
    };
    let faults = fill().map_err(|error| {
        let is_damage = matches!(
            error,
            Error::Damaged { .. } | Error::Unexpected { .. } | Error::Foreign(_)
        );
        // The copy has what the backup had.
        if is_damage {
            no_backup(error.at(&source))
        } else {
            error.at(path)
        }
    })?;
    if let Some(what) = faults.into_iter().next() {
        return Err(no_backup(Error::Damaged { path: source, what }));
    }
    let ready = sibling(path, SUFFIX);
    new.move_to(&ready)?;
    Ok(ready)
}

/// Opens a backup for reading, together with its own journal.
fn open_backup(path: &Path, source: &Path) -> Result<(Connection, i64)> {
    let metadata = std::fs::metadata(source).map_err(|e| Error::io(source, e))?;
    if !metadata.is_file() {
        return Err(Error::NotAFile(source.to_owned()));
    }
    let is_it = matches!(
        (FileIdentity::at(source), FileIdentity::at(path)),
        (Ok(backup), Ok(present)) if backup == present
    );
    if source == path || is_it {
        return Err(Error::Itself(source.to_owned()));
    }
    if metadata.len() == 0 {
        return Err(Error::Empty(source.to_owned()));
    }
    connect_read_any(source, Fallback::Immutable)
}

/// Puts the complete copy in the place of the database; returns where the one before is kept.
fn replace(path: &Path, ready: &Path, wait: Duration) -> Result<Option<PathBuf>> {
    let is_there = paths::exists(path)?;
    if is_there {
        close_journal(path, wait)?;
    }
    let journal = paths::pending_journal(path).is_some();
    if !is_there && !journal {
        install(path, ready)?;
        return Ok(None);
    }
    let aside = set_aside_name(path)?;
    copy_journals(path, &aside)?;
    let set_aside = if is_there {
        paths::rename_new(path, &aside)
    } else {
        Ok(())
    };
    set_aside
        .and_then(|()| install(path, ready))
        .inspect_err(|_| put_back(path, ready, &aside))?;
    Ok(Some(aside))
}

/// Undoes what could not be done to its end: a command that fails changes nothing.
///
/// Where that fails too, the next command finishes the restore.
fn put_back(path: &Path, ready: &Path, aside: &Path) {
    if matches!(paths::exists(aside), Ok(true)) {
        if matches!(paths::exists(path), Ok(true)) {
            let _ = std::fs::rename(path, ready);
        }
        let _ = std::fs::rename(aside, path);
    }
}

/// Gives the complete copy its name. The old database has moved, and what its journals held has been copied.
fn install(path: &Path, ready: &Path) -> Result<()> {
    paths::remove_journals(path)?;
    paths::rename_new(ready, path)
}

/// Writes the journal of a database back into it, so that it is one file, where the database is not too damaged for it.
///
/// That needs the database for itself alone: what another program would still write to it would be lost.
fn close_journal(path: &Path, wait: Duration) -> Result<()> {
    let mut left = wait;
    loop {
        match try_close_journal(path) {
            Err(Error::Taken(_)) if left.is_zero() => return Err(Error::InUse(path.to_owned())),
            Err(Error::Taken(_)) => {
                let nap = left.min(POLL);
                std::thread::sleep(nap);
                left -= nap;
            }
            Err(error @ (Error::Full(_) | Error::NoMemory | Error::NoLocks(_))) => {
                return Err(error.at(path));
            }
            // Where it is too damaged for that, it is set aside together with its journal.
            Ok(()) | Err(_) => return Ok(()),
        }
    }
}

fn try_close_journal(path: &Path) -> Result<()> {
    let connection = connection::connect_write(path)?;
    connection::configure(&connection)?;
    let sql = "PRAGMA journal_mode = DELETE";
    let mode: String = connection.query_row(sql, [], |row| row.get(0))?;
    if mode != "delete" {
        return Err(Error::Taken(path.to_owned()));
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Copies the journals that hold something, so that none is lost with the names that they have.
fn copy_journals(path: &Path, aside: &Path) -> Result<()> {
    ["-wal", "-journal"]
        .iter()
        .try_for_each(|suffix| copy_journal(&sibling(path, suffix), &sibling(aside, suffix)))
}

/// Copies a journal that holds something, down to the disk.
fn copy_journal(from: &Path, to: &Path) -> Result<()> {
    let copy = || -> std::io::Result<()> {
        let mut source = match std::fs::File::open(from) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        if source.metadata()?.len() == 0 {
            return Ok(());
        }
        let mut target = private::create_new(to)?;
        std::io::copy(&mut source, &mut target)?;
        target.sync_all()
    };
    copy().map_err(|error| {
        let _ = std::fs::remove_file(to);
        Error::file(to, error)
    })
}

/// Returns the first free name for a database that is set aside, and for its journals.
fn set_aside_name(path: &Path) -> Result<PathBuf> {
    let mut number = 1;
    loop {
        let name = sibling(path, &format!("{SET_ASIDE}{number}"));
        let mut is_free = !paths::exists(&name)?;
        for suffix in paths::JOURNALS {
            is_free &= !paths::exists(&sibling(&name, suffix))?;
        }
        if is_free {
            return Ok(name);
        }
        number += 1;
    }
}

/// Returns whether a restore was killed between its last two steps.
pub(super) fn is_pending(path: &Path) -> Result<bool> {
    Ok(!paths::exists(path)? && paths::exists(&sibling(path, SUFFIX))?)
}

/// Waits a moment for a restore that is between its last two steps.
pub(super) fn await_pending(path: &Path) -> Result<()> {
    let mut left = READERS_WAIT;
    while is_pending(path)? {
        if left.is_zero() {
            return Err(Error::RestoreInterrupted(path.to_owned()));
        }
        std::thread::sleep(POLL);
        left = left.saturating_sub(POLL);
    }
    Ok(())
}

/// Finishes or undoes a restore that was killed. The caller holds the lock.
pub(super) fn finish_pending(path: &Path) -> Result<()> {
    let ready = sibling(path, SUFFIX);
    if !paths::exists(&ready)? {
        return Ok(());
    }
    if paths::exists(path)? {
        return paths::remove(&ready);
    }
    if paths::pending_journal(path).is_some() {
        // It has been copied already, unless somebody has deleted the database by hand since.
        copy_journals(path, &set_aside_name(path)?)?;
    }
    install(path, &ready)
}

/// Removes and finishes what killed commands have left beside a database. The caller holds the lock.
pub(super) fn tidy_up(path: &Path) -> Result<()> {
    finish_pending(path)?;
    paths::remove_database(&sibling(path, super::new_file::SUFFIX))?;
    scratch::remove_leftovers(path)
}
