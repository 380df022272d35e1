//! What commands on shards made.

use serde::{Deserialize, Serialize};

/// What a file of a shard holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ShardKind {
    /// A person list.
    People,
    /// Events.
    Events,
}

/// One shard that was cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ShardRow {
    /// Its number, from 1.
    pub(crate) shard: u64,
    /// Its folder.
    pub(crate) folder: String,
    /// Rows of person lists in it.
    pub(crate) people: u64,
    /// Events in it.
    pub(crate) events: u64,
    /// The bytes of its files, as they are stored.
    pub(crate) bytes: u64,
}

/// What a merge made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MergeSummary {
    /// The shards that were merged.
    pub(crate) shards: u64,
    /// People.
    pub(crate) people: u64,
    /// Rows of their logs.
    pub(crate) activities: u64,
    /// Events that will be known again.
    pub(crate) events: u64,
}
