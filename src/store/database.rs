//! An open database: its one connection, and the writer's lock where it may write.
//!
//! Every other file of this room adds the queries of its own subject to [`Store`].

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::columns;
use super::error::Result;
use super::fields::stored_fields;
use super::lock::Lock;
use super::meta;
use super::texts::Texts;
use crate::domain::{Field, FieldCatalogue};

/// An open database: one connection, and the writer's lock where it may write.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) texts: Texts,
    _lock: Option<Lock>,
}

impl Store {
    /// Makes the handle of an opened database; a connection that writes brings the lock.
    pub(super) fn new(connection: Connection, path: PathBuf, lock: Option<Lock>) -> Self {
        Self {
            connection,
            path,
            texts: Texts::default(),
            _lock: lock,
        }
    }

    /// Returns where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the person fields that have a column, in the order in which they came; `email` and `id` first.
    pub fn stored_fields(&self) -> Result<Vec<Field>> {
        stored_fields(&self.connection)
    }

    /// Adds to a catalogue the fields that earlier loads brought.
    pub fn merge_fields(&self, catalogue: &mut FieldCatalogue) -> Result<()> {
        for field in self.stored_fields()? {
            catalogue.add(field);
        }
        Ok(())
    }

    /// Gives every one of these fields a column, where it has none yet.
    pub fn add_fields<'a>(&mut self, fields: impl IntoIterator<Item = &'a Field>) -> Result<()> {
        let transaction = self.begin()?;
        columns::ensure_columns(&transaction, fields)?;
        transaction.commit()?;
        Ok(())
    }

    /// Begins a transaction that may write; dropping it undoes everything.
    pub(super) fn begin(&mut self) -> Result<Transaction<'_>> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        meta::clear_last_done(&transaction)?;
        Ok(transaction)
    }

    /// Empties the write-ahead log, where pages of an erased person may still stand.
    pub(super) fn truncate_wal(&self) -> Result<()> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        // A reader in the way is not a fault: the last command to close the file does the same.
        Ok(self.connection.query_row(sql, [], |_| Ok(()))?)
    }
}
