//! The database: connection, lock, schema, views, and all SQL.
//!
//! It fills worlds with people and takes the journals that come back, each in one transaction. It decides nothing
//! about campaigns: no query asks who matches. `app` calls it; only this room knows SQLite.

mod backup;
mod columns;
mod error;
mod lock;
mod migrations;
mod open;
pub mod people;
mod values;
mod views;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use error::{Error, Holder, Kind, Result};
pub use open::Access;

use crate::domain::{Field, FieldCatalogue};

/// An open database: one connection, and the writer's lock where it may write.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    _lock: Option<lock::Lock>,
}

impl Store {
    /// Returns where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the person fields that have a column, in the order in which they came; `email` and `id` first.
    pub fn stored_fields(&self) -> Result<Vec<Field>> {
        columns::stored_fields(&self.connection)
    }

    /// Gives every one of these fields a column, where it has none yet.
    pub fn add_fields<'a>(&mut self, fields: impl IntoIterator<Item = &'a Field>) -> Result<()> {
        let transaction = self.begin()?;
        columns::ensure_columns(&transaction, fields)?;
        transaction.commit()?;
        Ok(())
    }

    /// Begins a transaction that may write; dropping it undoes everything.
    fn begin(&mut self) -> Result<Transaction<'_>> {
        Ok(self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Adds to a catalogue the fields that earlier loads brought.
    pub fn merge_fields(&self, catalogue: &mut FieldCatalogue) -> Result<()> {
        columns::merge_fields(&self.connection, catalogue)
    }
}
