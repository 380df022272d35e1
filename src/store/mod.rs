//! The database: connection, lock, schema, views, and all SQL.
//!
//! It fills worlds with people and takes the journals that come back, each in one transaction. It decides nothing
//! about campaigns: no query asks who matches. `app` calls it; only this room knows SQLite.

mod access;
mod activation;
mod attributes;
mod backup;
mod bindings;
mod check;
mod columns;
mod commands;
mod connection;
mod convert;
mod create;
mod database;
mod definitions;
mod dump;
mod dump_by_key;
mod ending;
mod erasure;
mod error;
mod events;
mod export;
mod fields;
mod first_keys;
mod group_sync;
mod history;
mod import_transaction;
mod insert;
mod journal;
mod keys;
mod loading;
mod lock;
mod log_key;
mod log_sum;
mod matches;
mod memberships;
mod meta;
mod migrations;
mod names;
mod new_file;
mod new_rows;
mod open;
mod own_files;
mod paths;
pub(crate) mod people;
mod people_scope;
mod planted;
mod queries;
mod reading;
mod restore;
mod row;
mod runs;
mod scratch;
mod shard;
mod siphash;
mod sql;
mod sqlite_error;
mod stretch_transaction;
#[cfg(test)]
pub(crate) mod tests;
mod texts;
mod values;
mod views;
mod waiting_count;
mod waits;
mod watch;
mod worlds;

pub(crate) use access::Access;
pub(crate) use bindings::Bindings;
pub(crate) use commands::{CommandId, RunCommand, StoredCommand};
pub(crate) use database::Store;
pub(crate) use definitions::{
    Definition, DefinitionChange, Load, MissingPolicy, ScheduleState, StoredDefinition, Version,
};
pub(crate) use error::{Error, Result, StoreErrorKind};
pub(crate) use events::Seen;
pub(crate) use export::ViewSink;
pub(crate) use import_transaction::ImportTransaction;
pub(crate) use journal::CommitProgress;
pub(crate) use loading::Loading;
pub(crate) use log_key::{activity_id, place_of};
pub(crate) use matches::MatchRow;
pub(crate) use new_rows::{LogsOfPerson, NewEntry, NewRow, NewRows};
pub(crate) use own_files::files_of;
pub(crate) use queries::{
    CampaignMember, FlowHistory, FlowQuery, LogEntry, LogOrder, LogQuery, LogScope, MessageQuery,
    MessageRow, PersonWaiting, StepResult, VersionText,
};
pub(crate) use restore::Restored;
pub(crate) use runs::{
    CommandPlace, LastAudience, NewRun, NextRun, RunProgress, RunState, StoredRun, Written,
};
pub(crate) use shard::{MergedShard, begin as begin_shards, merge as merge_shards};
pub(crate) use waiting_count::{WaitPlace, WaitingCount};
pub(crate) use waits::Moved;
pub(crate) use watch::Watch;
pub(crate) use worlds::LoadRequest;
