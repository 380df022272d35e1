//! What the writers of a journal's parts share: the people whom it erases.

use std::collections::BTreeMap;

use crate::domain::PersonId;
use crate::domain::field::{EMAIL, ID};
use crate::store::erasure::{ErasedPerson, LastKey};
use crate::world::{Journal, PersonChange};

/// People erased in this journal.
pub(super) type ErasedPeople<'j> = BTreeMap<PersonId, ErasedPerson<'j>>;

/// Finds who is erased in a journal.
pub(super) fn erased(journal: &Journal) -> ErasedPeople<'_> {
    let mut gone: ErasedPeople<'_> = journal
        .people
        .iter()
        .filter_map(|(person, change)| match change {
            PersonChange::Deleted { at } => Some((*person, ErasedPerson::at(*at))),
            PersonChange::Created
            | PersonChange::Field(..)
            | PersonChange::FirstKey(_)
            | PersonChange::List { .. }
            | PersonChange::Program(..)
            | PersonChange::ProgramLeft(_) => None,
        })
        .collect();
    if gone.is_empty() {
        return gone;
    }
    for (person, change) in &journal.people {
        let Some(erased) = gone.get_mut(person) else {
            continue;
        };
        match change {
            PersonChange::Field(EMAIL, value) => erased.email = LastKey::Changed(value.as_ref()),
            PersonChange::Field(ID, value) => erased.id = LastKey::Changed(value.as_ref()),
            PersonChange::Created
            | PersonChange::Field(..)
            | PersonChange::FirstKey(_)
            | PersonChange::List { .. }
            | PersonChange::Program(..)
            | PersonChange::ProgramLeft(_)
            | PersonChange::Deleted { .. } => {}
        }
    }
    gone
}
