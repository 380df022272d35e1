//! Reads the files that come in, person lists and events, into checked rows.
//!
//! [`input`] opens what people name on the command line, [`data_error`] says
//! what is wrong with a file and where. Nothing here touches the database.

pub(crate) mod data_error;
pub(crate) mod events;
pub(crate) mod input;
pub(crate) mod people;
pub(crate) mod rejects;
pub(crate) mod renames;
pub(crate) mod rows;
pub(crate) mod shards;
pub(crate) mod spool;
