//! The schema's versions, append only: each is one file of `schema/` and is never changed once released.
//!
//! A migration is one transaction with the new `user_version` in it, after a backup beside the file. Views are no
//! part of it: they are made anew from the present tables.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Error, Result};
use super::paths::sibling;
use super::{backup, log_sum, views};

/// Each version's statements, from 1.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
    include_str!("schema/9.sql"),
];

/// The newest version, which this program reads and writes.
pub(super) const LATEST: i64 = 9;

/// The version that brought checksums of logs, which no statement can compute.
const LOG_SUMS: i64 = 8;

/// Makes the tables of a new database.
pub(super) fn create(connection: &mut Connection) -> Result<()> {
    apply_after(connection, 0)
}

/// Brings a database from its version to the newest one, and keeps it as it was in a file beside it.
pub(super) fn migrate(connection: &mut Connection, path: &Path, version: i64) -> Result<()> {
    if version == LATEST {
        return Ok(());
    }
    keep(connection, path, version)?;
    apply_after(connection, version)
}

/// Copies the database to a file beside it. One that an earlier command has kept stays as well.
fn keep(connection: &Connection, path: &Path, version: i64) -> Result<()> {
    let mut copy = sibling(path, &format!(".version-{version}.backup"));
    for number in 2.. {
        match backup::copy(connection, &copy, |_| Ok(())) {
            Err(Error::Exists(_)) => {
                copy = sibling(path, &format!(".version-{version}.backup-{number}"));
            }
            done => return done,
        }
    }
    Ok(())
}

fn apply_after(connection: &mut Connection, version: i64) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = usize::try_from(version).unwrap_or(MIGRATIONS.len());
    for statements in &MIGRATIONS[done..] {
        transaction.execute_batch(statements)?;
    }
    if version < LOG_SUMS {
        log_sum::fill(&transaction)?;
    }
    views::create(&transaction)?;
    transaction.pragma_update(None, "user_version", LATEST)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_statements() {
        assert_eq!(usize::try_from(LATEST).unwrap(), MIGRATIONS.len());
    }
}
