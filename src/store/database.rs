//! An open database: its one connection, and the writer's lock where it may write.
//!
//! Every other file of this room adds the queries of its own subject to [`Store`].

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::ending::Ending;
use super::error::Result;
use super::fields::stored_fields;
use super::lock::Lock;
use super::meta;
use super::texts::Texts;
use super::watch::Watch;
use crate::domain::{Field, FieldCatalogue};

/// An open database: one connection, and the writer's lock where it may write.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) texts: Texts,
    /// Over the files of a writing command.
    pub(super) watch: Option<Watch>,
    /// Whether there are temporary tables for the matches of a dry run.
    pub(super) keeps_matches_for_now: bool,
    // In this order: the connection is closed, the files are looked at once more, the lock is given back.
    _ending: Option<Ending>,
    _lock: Option<Lock>,
}

impl Store {
    /// Makes the handle of a database that is opened for reading, or that has no file.
    pub(super) fn reading(connection: Connection, path: PathBuf) -> Self {
        Self {
            connection,
            path,
            texts: Texts::default(),
            watch: None,
            keeps_matches_for_now: false,
            _ending: None,
            _lock: None,
        }
    }

    /// Makes the handle of a writing command, which holds the lock and watches over the files.
    pub(super) fn writing(
        connection: Connection,
        path: PathBuf,
        watch: Watch,
        ending: Ending,
        lock: Lock,
    ) -> Self {
        Self {
            connection,
            path,
            texts: Texts::default(),
            watch: Some(watch),
            keeps_matches_for_now: false,
            _ending: Some(ending),
            _lock: Some(lock),
        }
    }

    /// Returns where the database is, as it was named.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the person fields that have a column, in the order of the catalogue; `email` and `id` first.
    pub(crate) fn stored_fields(&self) -> Result<Vec<Field>> {
        stored_fields(&self.connection)
    }

    /// Adds to a catalogue the fields that earlier loads brought.
    pub(crate) fn merge_fields(&self, catalogue: &mut FieldCatalogue) -> Result<()> {
        for field in self.stored_fields()? {
            catalogue.add(field);
        }
        Ok(())
    }

    /// Gives every one of these fields a column, where it has none yet.
    #[cfg(test)]
    pub(crate) fn add_fields<'a>(
        &mut self,
        fields: impl IntoIterator<Item = &'a Field>,
    ) -> Result<()> {
        let transaction = self.begin()?;
        super::columns::ensure_columns(&transaction, fields)?;
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
