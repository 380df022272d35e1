//! Finding the people that commands name.

use crate::domain::{PersonId, PersonKey};
use crate::store::Store;

use super::{Error, ErrorKind, UserError};

/// A person that was found by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FoundPerson {
    /// The person who is found.
    pub(crate) person: PersonId,
    /// How many people have the key; the one with the lowest number is meant.
    pub(crate) people: u64,
}

/// Finds the person a key means.
pub(crate) fn find(store: &Store, key: &str) -> Result<FoundPerson, Error> {
    let parsed = PersonKey::parse(key).ok_or_else(|| {
        UserError::new(ErrorKind::Usage, "a person's key is empty")
            .help("write an email, an `id`, or `#17` for a person_id")
    })?;
    if let Some(found) = store.find(&parsed)? {
        return Ok(FoundPerson {
            person: found.person,
            people: found.people,
        });
    }
    let error = UserError::new(
        ErrorKind::State,
        format!("there is no person `{}`", key.trim()),
    );
    Err(match store.erased(&parsed)? {
        Some(_) => error.help("someone of this key was erased"),
        None => error.help("`bugle person list` shows who is there"),
    }
    .into())
}
