//! Files that are written: each output of a command is opened here, by the rules that keep other files whole.
//!
//! 1. [`Guard`] knows the files that a command reads or works on. It admits a path as an output, or says why not.
//! 2. [`Place::create`] opens an [`OutputFile`] for an admitted path: a private file beside it, under another name.
//! 3. The command writes, [`OutputFile::sync`] waits until the disk has what was written, and [`OutputFile::publish`]
//!    gives the file its name. A command that fails before leaves the file of that name as it was.
//!
//! [`replace()`] rewrites a file in its place in the same way, for `campaign fmt`. [`identity`], [`private`] and [`rename`]
//! are for rooms that keep files of their own: the files of a database, the messages of a Maildir. Nothing here knows what
//! the files hold. `app` asks the guard for places, and the rooms that write get a place.

pub(crate) mod checkout;
pub(crate) mod error;
pub(crate) mod guard;
pub(crate) mod identity;
pub(crate) mod new_files;
pub(crate) mod new_folder;
pub(crate) mod output;
pub(crate) mod private;
pub(crate) mod rename;
pub(crate) mod replace;
pub(crate) mod streams;

pub(crate) use error::Error;
pub(crate) use guard::{Guard, Place, Refusal, Use};
pub(crate) use new_files::{NewFiles, Permission};
pub(crate) use new_folder::NewFolder;
pub(crate) use output::{OutputFile, discard};
pub(crate) use replace::replace;
