//! Finding the people that commands name.

use crate::domain::{PersonId, PersonKey};
use crate::store::Store;

use super::{Error, Kind, Problem};

/// A person that was found by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Who.
    pub person: PersonId,
    /// How many people have the key; the one with the lowest number is meant.
    pub people: u64,
}

/// Finds the person a key means.
pub fn find(store: &Store, key: &str) -> Result<Found, Error> {
    let parsed = PersonKey::parse(key).ok_or_else(|| {
        Problem::new(Kind::Usage, "a person's key is empty")
            .help("write an email, an `id`, or `#17` for a person_id")
    })?;
    if let Some(found) = store.find(&parsed)? {
        return Ok(Found {
            person: found.person,
            people: found.people,
        });
    }
    let problem = Problem::new(Kind::State, format!("there is no person `{}`", key.trim()));
    Err(match store.erased(&parsed)? {
        Some(_) => problem.help("someone of this key was erased"),
        None => problem.help("`bugle person list` shows who is there"),
    }
    .into())
}
