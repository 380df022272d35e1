//! Files in: person lists and events, read into checked rows.
//!
//! [`input`] opens what people name on the command line, [`data_error`] says
//! what is wrong with a file and where. Nothing here touches the database.

pub mod data_error;
pub mod events;
pub mod input;
pub mod people;
pub mod rejects;
pub mod renames;
pub mod rows;
pub mod spool;
