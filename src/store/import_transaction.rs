//! A transaction over several journals: a person list loaded as activities commits as a whole or not at all.
//!
//! Everything goes through the one writing connection, so that people read in the midst of it are as the journals before
//! have left them.
//!
//! What was done last is remembered by a hash of it, until anything else is written. A command that is killed after its
//! last commit and started again is known by that, and does nothing a second time.

use super::bindings::Bindings;
use super::columns;
use super::database::Store;
use super::error::Result;
use super::journal::CommitProgress;
use super::meta;
use super::names::ensure_name;
use crate::domain::{Field, Text};
use crate::world::Journal;

/// The page cache meanwhile, in KiB: what is changed again and again stays in memory.
const CACHE_KIB: i64 = 64 << 10;

/// A transaction of several journals; dropping it undoes everything.
pub(crate) struct ImportTransaction<'s> {
    store: &'s mut Store,
    erased: bool,
}

impl Store {
    /// Begins a transaction of several journals.
    pub(crate) fn begin_import(&mut self) -> Result<ImportTransaction<'_>> {
        self.connection
            .pragma_update(None, "cache_size", -CACHE_KIB)?;
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(ImportTransaction {
            store: self,
            erased: false,
        })
    }
}

impl ImportTransaction<'_> {
    /// Returns the database as the journals so far have left it.
    pub(crate) fn store(&self) -> &Store {
        self.store
    }

    /// Gives every one of these fields a column, where it has none yet.
    pub(crate) fn add_fields<'a>(
        &mut self,
        fields: impl IntoIterator<Item = &'a Field>,
    ) -> Result<()> {
        columns::ensure_columns(&self.store.connection, fields)
    }

    /// Makes a static list, if there is none of the name in any case; returns its name as first written.
    pub(crate) fn add_list(&mut self, name: &str) -> Result<Text> {
        Ok(ensure_name(&self.store.connection, "list", name)?.name)
    }

    /// Writes a journal.
    pub(crate) fn write(&mut self, journal: &Journal, bindings: &Bindings) -> Result<()> {
        self.erased |= journal.erases();
        self.store
            .put(journal, bindings, CommitProgress::default())
            .map_err(|error| error.at(&self.store.path))
    }

    /// Returns whether what was done last, before this, has the hash.
    pub(crate) fn repeats(&self, hash: i64) -> Result<bool> {
        Ok(meta::last_done(&self.store.connection)? == Some(hash))
    }

    /// Makes it so, and remembers what was done.
    pub(crate) fn commit(self, hash: i64) -> Result<()> {
        let connection = &self.store.connection;
        meta::set_last_done(connection, hash)?;
        connection.execute_batch("COMMIT")?;
        if self.erased {
            self.store.truncate_wal()?;
        }
        Ok(())
    }
}

impl Drop for ImportTransaction<'_> {
    fn drop(&mut self) {
        if !self.store.connection.is_autocommit() {
            // Where even that fails, closing the connection undoes it.
            let _ = self.store.connection.execute_batch("ROLLBACK");
            self.store.texts.clear();
        }
    }
}
