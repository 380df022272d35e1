//! Mail as files: what flows have sent as MIME messages, in a Maildir or an mbox.
//!
//! [`mime`] builds one message of plain data, or says why its headers would not hold it; [`maildir`] and [`mbox`] write
//! messages so that a reader never sees half of one. Nothing is sent. `app::export_outbox` reads the database and calls it.
//!
//! The same data gives the same bytes: no clock, no random boundary and no name of a machine goes into a message.

pub mod maildir;
pub mod mbox;
pub mod mime;

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::{Instant, Text};

pub use maildir::Maildir;
pub use mbox::Mbox;

/// One rendered email, as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The activity that sent it, by which it is named.
    pub activity_id: i64,
    /// When.
    pub at: Instant,
    /// The sender, an address with or without a name.
    pub from: Option<Text>,
    /// To whom.
    pub to: Recipients,
    /// The subject.
    pub subject: Text,
    /// The text.
    pub body: Text,
    /// The email's name.
    pub email: Text,
    /// The full name of the campaign that sent it.
    pub campaign: Option<Text>,
}

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// The person themselves.
    Person {
        /// First and last name, as far as they are known.
        name: String,
        /// The address.
        address: Text,
    },
    /// Others, who are told of the person: addresses between commas or semicolons.
    Others(Text),
}

/// Why mail cannot be written.
#[derive(Debug)]
pub enum Error {
    /// A file or folder cannot be written.
    Unwritable(PathBuf, io::Error),
    /// What is there already is not ours to change.
    Foreign(PathBuf, &'static str),
    /// Another command is writing there.
    Busy(PathBuf),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unwritable(path, cause) => {
                write!(f, "cannot write `{}`: {cause}", path.display())
            }
            Self::Foreign(path, what) => write!(f, "`{}` {what}", path.display()),
            Self::Busy(path) => {
                write!(f, "another command is writing to `{}`", path.display())
            }
        }
    }
}

impl std::error::Error for Error {}

/// Makes the fault of a path that cannot be written.
fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |cause| Error::Unwritable(path, cause)
}

/// Locks a file or folder against another command that writes there; death releases it.
fn lock(file: &File, path: &Path) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::Busy(path.to_owned())),
        Err(TryLockError::Error(cause)) => Err(Error::Unwritable(path.to_owned(), cause)),
    }
}

/// Makes a rename last: a folder's own entries are written out like a file. Other systems than Unix have no such call.
fn sync_folder(path: &Path) -> Result<(), Error> {
    if cfg!(unix) {
        File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(unwritable(path))?;
    }
    Ok(())
}
