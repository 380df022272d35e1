//! What can go wrong in a use case, in people's words; `cli` gives each kind its exit code.

use std::path::Path;

use crate::diagnostic::{Diagnostics, Sources};
use crate::intake::data_error::{self, Faults};
use crate::store;

use super::unreadable_path::unreadable;

/// Why a use case did not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    /// One thing is wrong.
    User(UserError),
    /// The database is at fault, or cannot be used now. Its path may still be to be put in.
    Store(store::Error),
    /// Several things of one kind are wrong.
    Problems(Vec<UserError>),
    /// Campaign files have errors; nothing changed.
    Campaigns(Box<FaultyCampaigns>),
    /// Data files have bad rows; nothing changed.
    Faults(Faults),
}

/// The faults of campaign files, with the texts they lie in.
#[derive(Debug)]
pub(crate) struct FaultyCampaigns {
    /// What is wrong.
    pub(crate) diagnostics: Diagnostics,
    /// The files in which the faults are.
    pub(crate) sources: Sources,
}

/// One thing that is wrong, and how to put it right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserError {
    /// What kind of thing.
    pub(crate) kind: ErrorKind,
    /// What is wrong: lower case, no final stop, user text in backticks.
    pub(crate) message: String,
    /// How to put it right.
    pub(crate) help: Option<String>,
}

/// What kind of thing is wrong; each has one exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ErrorKind {
    /// The user's files are at fault and nothing changed.
    Files,
    /// What was asked for cannot be asked for so.
    Usage,
    /// Input or database cannot be read or written.
    Storage,
    /// Not found, or not allowed in this state.
    State,
    /// Another command is writing.
    Busy,
    /// Refused by a guard such as `max_people`.
    Guard,
    /// A fault of the program itself.
    Program,
    /// Stopped by a signal; what was committed stays.
    Interrupted,
}

impl UserError {
    /// Makes a problem without advice.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            help: None,
        }
    }

    /// Adds how to put it right.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<store::Error> for UserError {
    fn from(error: store::Error) -> Self {
        Self {
            kind: match error.kind() {
                store::StoreErrorKind::Database => ErrorKind::Storage,
                store::StoreErrorKind::State => ErrorKind::State,
                store::StoreErrorKind::Busy => ErrorKind::Busy,
                store::StoreErrorKind::Program => ErrorKind::Program,
            },
            message: error.to_string(),
            help: error.help(),
        }
    }
}

impl From<data_error::Error> for Error {
    fn from(error: data_error::Error) -> Self {
        match error {
            data_error::Error::Unreadable { file, cause } => {
                Self::User(unreadable(Path::new(&file), &cause))
            }
            data_error::Error::Unwritable(error) => error.into(),
            data_error::Error::Faulty(faults) => Self::Faults(faults),
        }
    }
}

impl From<UserError> for Error {
    fn from(error: UserError) -> Self {
        Self::User(error)
    }
}

impl std::fmt::Display for UserError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
