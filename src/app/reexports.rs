//! Re-exports the types of lower modules that appear in the use cases' signatures, so that `cli` depends on `app` alone.

pub use crate::campaign::{Campaign, Workspace};
pub use crate::files::error::reason;
pub use crate::files::{Error as FileError, OutputFile, Place, streams};
pub use crate::intake::data_error::{Error as InputError, Faults};
pub use crate::intake::input::Input;
pub use crate::intake::renames::Renames;
pub use crate::intake::{events, people as person_lists};
pub use crate::store::{
    Access, Error as StoreError, LogOrder, MissingPolicy, Restored, Store, Watch,
};
