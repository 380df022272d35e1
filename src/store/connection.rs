//! The connection to a database file: how it is opened for writing, and the settings of every connection.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::Result;

/// Marks the file as ours: `bugl` in ASCII.
pub(super) const APPLICATION_ID: i64 = 0x6275_676c;

/// Opens a file for writing, which must exist.
pub(super) fn connect_write(path: &Path) -> Result<Connection> {
    Ok(Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?)
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
pub(super) fn write_safely(connection: &Connection) -> Result<()> {
    keep_journal(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(())
}

/// Makes SQLite keep a write-ahead log for a database, so that readers never wait.
pub(super) fn keep_journal(connection: &Connection) -> Result<()> {
    // Where the file system cannot do that, SQLite keeps what it has.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    Ok(())
}
