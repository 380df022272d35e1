//! Errors of commands, and how they are printed.

use std::io;
use std::path::Path;

use crate::app::reexports::{InputError, StoreError, reason};
use crate::app::{self, ErrorKind, UserError};
use crate::diagnostic::{Diagnostics, Severity, Sources, text};
use crate::render::Colour;

use super::exit::Exit;
use super::out::{Notices, Verbosity};
use super::warnings;

/// Why a command fails.
#[derive(Debug)]
pub(crate) enum Error {
    /// One thing is wrong.
    Message {
        /// How the command ends.
        exit: Exit,
        /// What is wrong.
        message: String,
        /// How to put it right.
        help: Option<String>,
    },
    /// A use case failed.
    App(app::Error),
    /// Standard output cannot be written; a closed pipe is not a fault.
    Output(io::Error),
}

impl Error {
    /// Makes a fault of the command line.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Message {
            exit: Exit::Usage,
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// Makes an error without advice.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self::Message {
            exit,
            message: message.into(),
            help: None,
        }
    }

    /// Prints the error on standard error, and returns the exit code; `database` is the one that the command works on.
    pub(crate) fn report(self, notices: Notices, signal: Option<usize>, database: &Path) -> Exit {
        match self {
            Self::Message {
                exit,
                message,
                help,
            } => {
                notices.error(&message, help.as_deref());
                exit
            }
            Self::App(app::Error::User(error)) => {
                notices.error(&error.message, error.help.as_deref());
                Exit::of(error.kind, signal)
            }
            Self::App(app::Error::Store(error)) => {
                let error = UserError::from(error.in_database(database));
                notices.error(&error.message, error.help.as_deref());
                Exit::of(error.kind, signal)
            }
            Self::App(app::Error::Problems(problems)) => {
                for error in &problems {
                    notices.error(&error.message, error.help.as_deref());
                }
                let first = problems
                    .first()
                    .map_or(ErrorKind::Program, |first| first.kind);
                Exit::of(first, signal)
            }
            Self::App(app::Error::Campaigns(faulty)) => {
                diagnostics(notices, &faulty.diagnostics, &faulty.sources);
                Exit::Files
            }
            Self::App(app::Error::Faults(faults)) => {
                warnings::data_faults(notices, &faults);
                Exit::Files
            }
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Self::Output(error) => {
                let message = format!("cannot write the result: {}", reason(&error));
                notices.error(&message, None);
                Exit::Storage
            }
        }
    }
}

/// Reports the faults of campaign files, each with the lines it lies in; warnings only to those who want to hear them.
pub(crate) fn diagnostics(notices: Notices, diagnostics: &Diagnostics, sources: &Sources) {
    let colour = notices.colour == Colour::Always;
    if notices.verbosity > Verbosity::Quiet {
        return Notices::text(&text::render(diagnostics, sources, colour));
    }
    let mut errors = Diagnostics::default();
    for fault in diagnostics.sorted() {
        if fault.severity() == Severity::Error {
            errors.push(fault.clone());
        }
    }
    Notices::text(&text::render(&errors, sources, colour));
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<app::Error> for Error {
    fn from(error: app::Error) -> Self {
        Self::App(error)
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        Self::App(error.into())
    }
}

impl From<UserError> for Error {
    fn from(error: UserError) -> Self {
        Self::App(app::Error::User(error))
    }
}
