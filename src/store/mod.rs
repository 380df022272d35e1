//! The database: connection, lock, schema, views, and all SQL.
//!
//! It fills worlds with people and takes the journals that come back, each in one transaction. It decides nothing
//! about campaigns: no query asks who matches. `app` calls it; only this room knows SQLite.

mod attributes;
mod backup;
mod bindings;
mod check;
mod columns;
mod definitions;
mod dump;
mod error;
mod events;
mod history;
mod import_transaction;
mod insert;
mod journal;
mod keys;
mod loading;
mod lock;
mod migrations;
mod open;
pub mod people;
mod people_scope;
mod queries;
mod runs;
mod siphash;
mod texts;
mod values;
mod views;
mod waiting_count;
mod waits;
mod worlds;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use backup::Scratch;
pub use bindings::Bindings;
pub use definitions::{
    Definition, DefinitionChange, Load, MissingPolicy, ScheduleState, StoredDefinition, Version,
};
pub use error::{Error, Holder, Result, StoreErrorKind};
pub use events::Seen;
pub use import_transaction::ImportTransaction;
pub use journal::{CommitProgress, JournalNames};
pub use keys::KeyMatch;
pub use loading::{Loading, Moved};
pub use open::Access;
pub use queries::{
    CampaignMember, EnteredCampaign, ListMembership, ListedCampaign, LogEntry, LogOrder, LogQuery,
    LogScope, MessageQuery, MessageRow, PastRow, PersonWaiting, ProgramRow,
};
pub use runs::{NewRun, RunCounts, RunProgress, RunState, StepCounts, StoredRun};
pub use waiting_count::{WaitPlace, WaitingCount};
pub use worlds::LoadRequest;

use crate::domain::{Field, FieldCatalogue, PersonId};

/// The lower bits of an `activity_id`, which hold the place in the person's log.
const ORDINAL_BITS: u32 = 24;
/// The greatest place in a person's log.
const ORDINAL_MASK: i64 = (1 << ORDINAL_BITS) - 1;

/// Returns the key of a row in the log: the person above, the place in that person's log below.
pub fn activity_id(person: PersonId, ordinal: u32) -> Result<i64> {
    let ordinal = i64::from(ordinal);
    if ordinal > ORDINAL_MASK {
        return Err(Error::state(
            format!("the log of person #{person} is full: it has {ordinal} rows"),
            None,
        ));
    }
    Ok(person.0 << ORDINAL_BITS | ordinal)
}

/// Returns the place of a row in its person's log.
pub fn place_of(activity_id: i64) -> u32 {
    u32::try_from(activity_id & ORDINAL_MASK).unwrap_or(u32::MAX)
}

/// An open database: one connection, and the writer's lock where it may write.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    texts: texts::Texts,
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
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        import_transaction::move_on(&transaction)?;
        Ok(transaction)
    }

    /// Adds to a catalogue the fields that earlier loads brought.
    pub fn merge_fields(&self, catalogue: &mut FieldCatalogue) -> Result<()> {
        columns::merge_fields(&self.connection, catalogue)
    }
}
