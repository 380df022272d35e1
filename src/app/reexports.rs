//! Re-exports the types of lower modules that appear in the use cases' signatures, so that `cli` depends on `app` alone.

pub(crate) use crate::campaign::{Campaign, Workspace};
pub(crate) use crate::files::error::reason;
pub(crate) use crate::files::{Error as FileError, OutputFile, Place, streams};
pub(crate) use crate::intake::data_error::{Error as InputError, Faults};
pub(crate) use crate::intake::input::Input;
pub(crate) use crate::intake::renames::Renames;
pub(crate) use crate::intake::{events, people as person_lists};
pub(crate) use crate::source::{FileRole, Overlay, Stamps};
pub(crate) use crate::store::{
    Access, Error as StoreError, LogOrder, MatchRow, MissingPolicy, Restored, Store, Watch, Written,
};
