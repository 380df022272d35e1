//! A load of campaigns in progress: definitions, and what happens to the people who wait in changed flows, in one transaction.

use rusqlite::Transaction;

use super::bindings::Bindings;
use super::database::Store;
use super::definitions::{DefinitionChange, Load, save};
use super::error::Result;
use super::journal::{CommitProgress, JournalWriter};
use super::texts::Texts;
use super::waiting_count::WaitPlace;
use super::waits::{self, Moved};
use crate::world::Journal;

/// A load whose definitions are written; dropping it undoes everything.
#[derive(Debug)]
pub(crate) struct Loading<'s> {
    transaction: Transaction<'s>,
    /// Of its own, so that what is undone leaves nothing behind.
    texts: Texts,
    changes: Vec<(DefinitionChange, u32)>,
}

impl Store {
    /// Begins to store a load: the definitions are written, and nothing counts before the commit.
    pub(crate) fn begin_load(&mut self, load: Load<'_>) -> Result<Loading<'_>> {
        let transaction = self.begin()?;
        let changes = save(&transaction, load)?;
        Ok(Loading {
            transaction,
            texts: Texts::default(),
            changes,
        })
    }
}

impl Loading<'_> {
    /// Brings the waits at one place up to the new version.
    pub(crate) fn move_waits(&self, place: &WaitPlace, to: &Moved) -> Result<()> {
        waits::move_all(&self.transaction, place, to)
    }

    /// Writes a journal: waits that end with the load.
    pub(crate) fn write(&mut self, journal: &Journal, bindings: &Bindings) -> Result<()> {
        let mut pen = JournalWriter {
            connection: &self.transaction,
            bindings,
            texts: &mut self.texts,
        };
        pen.write(journal, CommitProgress::default())
    }

    /// Makes all of it count.
    pub(crate) fn commit(self) -> Result<Vec<(DefinitionChange, u32)>> {
        self.transaction.commit()?;
        Ok(self.changes)
    }
}
