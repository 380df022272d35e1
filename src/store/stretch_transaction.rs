//! A transaction over the journals of a stretch of time: all of them are committed together with the progress, or none.

use super::bindings::Bindings;
use super::database::Store;
use super::error::Result;
use super::journal::CommitProgress;
use super::{meta, planted};
use crate::domain::Instant;
use crate::world::Journal;

/// The journals of a stretch; dropping it undoes all of them.
pub(crate) struct StretchTransaction<'s> {
    store: &'s mut Store,
    bindings: &'s Bindings,
    erased: bool,
}

impl Store {
    /// Begins the transaction of a stretch.
    pub(crate) fn begin_stretch<'s>(
        &'s mut self,
        bindings: &'s Bindings,
    ) -> Result<StretchTransaction<'s>> {
        let begun = self
            .connection
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(super::error::Error::from)
            .and_then(|()| meta::clear_last_done(&self.connection));
        begun.map_err(|error| error.at(&self.path))?;
        Ok(StretchTransaction {
            store: self,
            bindings,
            erased: false,
        })
    }
}

impl StretchTransaction<'_> {
    /// Writes a journal.
    pub(crate) fn put(&mut self, journal: &Journal) -> Result<()> {
        self.erased |= journal.erases();
        self.store
            .put(journal, self.bindings, CommitProgress::default())
            .map_err(|error| error.at(&self.store.path))
    }

    /// Makes it so, with the watermark as it now is.
    pub(crate) fn commit(self, watermark: Option<Instant>) -> Result<()> {
        let connection = &self.store.connection;
        let all = || -> Result<()> {
            if let Some(watermark) = watermark {
                planted::commit_before("watermark", connection)?;
                meta::set_watermark(connection, watermark)?;
            }
            connection.execute_batch("COMMIT")?;
            Ok(())
        };
        all().map_err(|error| error.at(&self.store.path))?;
        if self.erased {
            self.store.truncate_wal()?;
        }
        Ok(())
    }
}

impl Drop for StretchTransaction<'_> {
    fn drop(&mut self) {
        if !self.store.connection.is_autocommit() {
            // Where even that fails, closing the connection undoes it.
            let _ = self.store.connection.execute_batch("ROLLBACK");
            // Numbers given in what was undone mean nothing.
            self.store.texts.clear();
            self.bindings.clear();
        }
    }
}
