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
mod connection;
mod convert;
mod create;
mod database;
mod definitions;
mod dump;
mod ending;
mod erasure;
mod error;
mod events;
mod fields;
mod history;
mod import_transaction;
mod insert;
mod journal;
mod keys;
mod loading;
mod lock;
mod log_key;
mod meta;
mod migrations;
mod names;
mod new_file;
mod open;
mod own_files;
mod paths;
pub mod people;
mod people_scope;
mod queries;
mod reading;
mod restore;
mod row;
mod runs;
mod scratch;
mod siphash;
mod sql;
mod sqlite_error;
#[cfg(test)]
mod tests;
mod texts;
mod values;
mod views;
mod waiting_count;
mod waits;
mod watch;
mod worlds;

pub use access::Access;
pub use activation::Activation;
pub use bindings::Bindings;
pub use database::Store;
pub use definitions::{
    Definition, DefinitionChange, Load, MissingPolicy, ScheduleState, StoredDefinition, Version,
};
pub use error::{Displaced, Error, Holder, Result, StoreErrorKind};
pub use events::Seen;
pub use import_transaction::ImportTransaction;
pub use journal::{CommitProgress, JournalNames};
pub use keys::KeyMatch;
pub use loading::Loading;
pub use log_key::{activity_id, place_of};
pub use own_files::files_of;
pub use queries::{
    CampaignMember, ListMembership, ListedCampaign, LogEntry, LogOrder, LogQuery, LogScope,
    MessageQuery, MessageRow, PersonWaiting, ProgramRow,
};
pub use restore::Restored;
pub use runs::{NewRun, RunCounts, RunProgress, RunState, StepCounts, StoredRun};
pub use waiting_count::{WaitPlace, WaitingCount};
pub use waits::Moved;
pub use watch::Watch;
pub use worlds::LoadRequest;
