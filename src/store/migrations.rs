//! The schema's versions, append only: each is one file of `schema/` and is never changed once released.
//!
//! A migration is one transaction with the new `user_version` in it, after a backup beside the file. Views are no
//! part of it: they are made anew from the present tables.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::Result;
use super::paths::sibling;
use super::{backup, views};

/// Each version's statements, from 1.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];

/// The newest version, which this program reads and writes.
pub(super) const LATEST: i64 = 4;

/// Brings a database from a version to the newest one; version 0 is a new file.
pub(super) fn migrate(connection: &mut Connection, path: &Path, version: i64) -> Result<()> {
    if version == LATEST {
        return Ok(());
    }
    if version > 0 {
        let copy = sibling(path, &format!(".version-{version}.backup"));
        backup::copy(connection, &copy)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = usize::try_from(version).unwrap_or(MIGRATIONS.len());
    for statements in &MIGRATIONS[done..] {
        transaction.execute_batch(statements)?;
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
