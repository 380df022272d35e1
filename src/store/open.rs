//! Creates and opens the database file: checks its kind and version, and configures every connection.
//!
//! A file that is not ours, empty, newer or damaged is refused with its own message and never written. A new
//! database is made under another name and moved into place whole, so a command killed at any instant leaves
//! a database or none.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::access::Access;
use super::database::Store;
use super::error::{Error, Result};
use super::lock::Lock;
use super::migrations;
use super::paths::{absolute, private, sibling};

/// Marks the file as ours: `bugl` in ASCII.
pub(super) const APPLICATION_ID: i64 = 0x6275_676c;

impl Store {
    /// Opens a database for writing, making it where there is none.
    pub fn create_or_open(path: &Path, access: &Access) -> Result<Self> {
        let path = absolute(path)?;
        let exists = || path.try_exists().map_err(|e| Error::io(&path, e));
        if exists()? {
            inspect(&path)?;
        }
        let lock = Lock::take(&path, access)?;
        if !exists()? {
            create(&path)?;
        }
        Self::open_locked(path, lock, access)
    }

    /// Opens a database for writing; where there is none, that is a fault.
    pub fn open_existing(path: &Path, access: &Access) -> Result<Self> {
        let path = absolute(path)?;
        inspect(&path)?;
        let lock = Lock::take(&path, access)?;
        Self::open_locked(path, lock, access)
    }

    /// Opens a database for reading. Readers wait for nobody and see whole chunks.
    pub fn open_read(path: &Path) -> Result<Self> {
        let path = absolute(path)?;
        inspect(&path)?;
        let connection = connect_read(&path).map_err(|e| e.at(&path))?;
        Ok(Self::new(connection, path, None))
    }

    /// Makes an empty database in memory alone: what a dry run works on where there is no file at `path`.
    ///
    /// It has one connection, and no reader beside it.
    pub fn imagine(path: &Path) -> Result<Self> {
        let path = absolute(path)?;
        let make = || -> Result<Connection> {
            let mut connection = Connection::open_in_memory()?;
            configure(&connection)?;
            migrations::migrate(&mut connection, &path, 0)?;
            Ok(connection)
        };
        let connection = make().map_err(|e| e.at(&path))?;
        Ok(Self::new(connection, path, None))
    }

    /// Opens a second connection, which reads while this one writes.
    pub fn reader(&self) -> Result<Self> {
        Self::open_read(&self.path)
    }

    fn open_locked(path: PathBuf, lock: Lock, access: &Access) -> Result<Self> {
        inspect(&path)?;
        let open = || -> Result<Connection> {
            let mut connection = Connection::open_with_flags(
                &path,
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?;
            configure(&connection)?;
            connection.busy_timeout(access.wait)?;
            let version = identify(&connection, &path)?;
            write_safely(&connection)?;
            migrations::migrate(&mut connection, &path, version)?;
            Ok(connection)
        };
        let connection = open().map_err(|e| e.at(&path))?;
        Ok(Self::new(connection, path, Some(lock)))
    }
}

/// Reports a missing, empty or odd file by its metadata.
///
/// The bytes are left to SQLite: closing a second descriptor on the file would drop the locks of every
/// connection this process has on it.
fn inspect(path: &Path) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|e| Error::io(path, e))?;
    if !metadata.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    if metadata.len() == 0 {
        return Err(Error::Empty(path.to_owned()));
    }
    Ok(())
}

/// Makes a new database under a passing name and moves it into place. The caller holds the lock.
fn create(path: &Path) -> Result<()> {
    let passing = sibling(path, ".new");
    for leftover in [
        &passing,
        &sibling(&passing, "-wal"),
        &sibling(&passing, "-shm"),
    ] {
        match std::fs::remove_file(leftover) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(Error::io(leftover, e)),
        }
    }
    // Private before SQLite touches it: its journal files take over the mode.
    private()
        .write(true)
        .create_new(true)
        .open(&passing)
        .map_err(|e| Error::io(&passing, e))?;
    let fill = || -> Result<()> {
        let mut connection = Connection::open_with_flags(
            &passing,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        configure(&connection)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        write_safely(&connection)?;
        migrations::migrate(&mut connection, &passing, 0)?;
        connection.close().map_err(|(_, error)| error)?;
        Ok(())
    };
    fill().map_err(|e| e.at(path))?;
    move_into_place(&passing, path)
}

/// Gives a finished file its name without ever replacing another.
fn move_into_place(passing: &Path, path: &Path) -> Result<()> {
    match std::fs::hard_link(passing, path) {
        Ok(()) => std::fs::remove_file(passing).map_err(|e| Error::io(passing, e)),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Err(Error::io(path, e)),
        // Some file systems know no second names.
        Err(_) => std::fs::rename(passing, path).map_err(|e| Error::io(path, e)),
    }
}

fn connect_read(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let ready = |connection: Connection| -> Result<Connection> {
        configure(&connection)?;
        let version = identify(&connection, path)?;
        if version < migrations::LATEST {
            return Err(Error::state(
                format!("`{}` was written by an older bugle", path.display()),
                Some("any writing command brings it up to date, with a backup beside it"),
            ));
        }
        Ok(connection)
    };
    let opened = Connection::open_with_flags(path, flags)
        .map_err(Error::from)
        .and_then(ready);
    let unreachable = matches!(&opened, Err(Error::Io { .. } | Error::ReadOnly(_)));
    let wal = sibling(path, "-wal");
    let pending = std::fs::metadata(&wal).is_ok_and(|m| m.len() > 0);
    if !unreachable || pending {
        return opened;
    }
    // A folder that cannot be written holds no journal: nobody is writing, and the file stands as it is.
    let uri = format!("file:{}?immutable=1", percent(path));
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
        .map_err(Error::from)
        .and_then(ready)
}

fn percent(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(byte) {
            out.push(char::from(*byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Applies what every connection wants, reading or writing.
pub(super) fn configure(connection: &Connection) -> Result<()> {
    // A database from elsewhere may carry triggers and odd views; they run nothing here.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    // Without this promise SQLite plans a cached statement anew for each value that is bound to it, in case another
    // plan suits that value better: half of what it costs to find a person by email.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// The pages that a writing connection keeps in memory, in KiB.
///
/// A chunk of a replay touches most pages of the log: those that find no room are written before their time, read
/// again and written again.
const CACHE_KIB: i64 = 64 << 10;

/// Applies what a writing connection wants; only called once the file is known to be ours.
fn write_safely(connection: &Connection) -> Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(())
}

/// Returns the file's version, or why we do not touch it.
fn identify(connection: &Connection, path: &Path) -> Result<i64> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get(0));
    let application: i64 = number("application_id")?;
    let found: i64 = number("user_version")?;
    if application != APPLICATION_ID || found < 1 {
        return Err(Error::Foreign(path.to_owned()));
    }
    if found > migrations::LATEST {
        return Err(Error::Newer {
            path: path.to_owned(),
            found,
            known: migrations::LATEST,
        });
    }
    Ok(found)
}
