//! The shards that are merged, and what comes of it.

use rusqlite::Connection;

use super::super::database::Store;

/// What came of a merge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Merged {
    /// People.
    pub(crate) people: u64,
    /// Rows of their logs.
    pub(crate) activities: u64,
    /// Identities of events.
    pub(crate) events: u64,
}

/// An opened shard.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) store: Store,
}

impl Source {
    pub(super) fn connection(&self) -> &Connection {
        &self.store.connection
    }
}
