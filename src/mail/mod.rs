//! Mail as files: what flows have sent as MIME messages, in a Maildir or an mbox.
//!
//! [`mime`] builds one message of plain data, or says why its headers would not hold it; [`maildir`] and [`mbox`] write
//! messages so that a reader never sees half of one. Nothing is sent. `app::export_outbox` reads the database and calls it.
//!
//! The same data gives the same bytes: no clock, no random boundary and no name of a machine goes into a message.

pub(crate) mod maildir;
pub(crate) mod mbox;
pub(crate) mod mime;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::{Instant, Text};
use crate::files;

pub(crate) use maildir::Maildir;
pub(crate) use mbox::Mbox;

/// One rendered email, as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The activity that sent it, by which it is named.
    pub(crate) activity_id: i64,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The sender, an address with or without a name.
    pub(crate) from: Option<Text>,
    /// To whom.
    pub(crate) to: Recipients,
    /// The subject.
    pub(crate) subject: Text,
    /// The text.
    pub(crate) body: Text,
    /// The email's name.
    pub(crate) email: Text,
    /// The full name of the campaign that sent it.
    pub(crate) campaign: Option<Text>,
}

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Recipients {
    /// The person themselves.
    Person {
        /// First and last name, as far as they are known.
        name: String,
        /// The address.
        address: Text,
    },
    /// Others, who are reported of the person: addresses between commas or semicolons.
    Others(Text),
}

/// Why mail cannot be written.
#[derive(Debug)]
pub(crate) enum Error {
    /// A file or folder cannot be written.
    File(files::Error),
    /// What is there already is not ours to change.
    Foreign(PathBuf, &'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Foreign(path, what) => write!(f, "`{}` {what}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

impl From<files::Error> for Error {
    fn from(error: files::Error) -> Self {
        Self::File(error)
    }
}

/// Makes the fault of a path that cannot be written.
fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let unwritable = files::Error::at(path);
    move |cause| Error::File(unwritable(cause))
}
