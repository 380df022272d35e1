//! The table `meta`: single values of a database, such as the watermark.

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension as _, ToSql};

use super::error::{Error, Result};
use crate::domain::Instant;

/// Returns the greatest instant that an event, an `advance` or an `--until` has reached.
pub(super) fn watermark(connection: &Connection) -> Result<Option<Instant>> {
    let micros: Option<i64> = get(connection, "watermark")?;
    Ok(micros.map(Instant::from_micros))
}

/// Moves the watermark.
pub(super) fn set_watermark(connection: &Connection, at: Instant) -> Result<()> {
    set(connection, "watermark", at.micros())
}

/// Returns the random bytes under which this database hashes the keys of erased people.
pub(super) fn salt(connection: &Connection) -> Result<Vec<u8>> {
    get(connection, "salt")?
        .ok_or_else(|| Error::Inconsistent("the database has no salt".to_owned()))
}

/// Sets the random bytes of a new database, so that several have the same.
pub(super) fn set_salt(connection: &Connection, salt: &[u8]) -> Result<()> {
    set(connection, "salt", salt)
}

/// Returns which shard of what the database is; none of one that belongs to no split.
pub(super) fn shard(connection: &Connection) -> Result<Option<String>> {
    get(connection, "shard")
}

/// Notes which shard of what the database is.
pub(super) fn set_shard(connection: &Connection, shard: &str) -> Result<()> {
    set(connection, "shard", shard)
}

/// Returns the hash of the work that was done last, if nothing else has been written since.
pub(super) fn last_done(connection: &Connection) -> Result<Option<i64>> {
    get(connection, "last_done")
}

/// Notes the hash of the work that was done last.
pub(super) fn set_last_done(connection: &Connection, hash: i64) -> Result<()> {
    set(connection, "last_done", hash)
}

/// Removes the hash of the work that was done last, since something else is being written.
pub(super) fn clear_last_done(connection: &Connection) -> Result<()> {
    let sql = "DELETE FROM meta WHERE name = 'last_done'";
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Returns whether the database is a copy for trying things out.
pub(super) fn is_scratch(connection: &Connection) -> Result<bool> {
    Ok(get::<bool>(connection, "scratch")?.is_some())
}

/// Marks the database as a copy for trying things out.
pub(super) fn mark_as_scratch(connection: &Connection) -> Result<()> {
    set(connection, "scratch", true)
}

/// Makes a copy for trying things out a database like others.
pub(super) fn unmark_as_scratch(connection: &Connection) -> Result<()> {
    connection.execute("DELETE FROM meta WHERE name = 'scratch'", [])?;
    Ok(())
}

/// Counts how often a command with many small transactions has waited for the disk: the smallest change that there is.
pub(super) fn count_sync(connection: &Connection) -> Result<()> {
    let syncs: i64 = get(connection, "syncs")?.unwrap_or(0);
    set(connection, "syncs", syncs + 1)
}

fn get<T: FromSql>(connection: &Connection, name: &str) -> Result<Option<T>> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

fn set(connection: &Connection, name: &str, value: impl ToSql) -> Result<()> {
    let sql = "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2";
    connection.prepare_cached(sql)?.execute((name, value))?;
    Ok(())
}
