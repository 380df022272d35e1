//! Where the people of a run come from: the database, in order of person, chunk by chunk.

use crate::app::Session;
use crate::domain::PersonId;
use crate::store::{LoadRequest, Result, Store};
use crate::world::{Person, PersonSet};

/// Where the people of a run come from.
pub(super) struct PeopleSource {
    reader: Store,
    only: Option<PersonSet>,
    people_at_once: usize,
}

impl PeopleSource {
    /// Makes a source of everyone, or of some people alone.
    pub(super) fn of(
        store: &Store,
        session: &Session<'_>,
        only: Option<PersonSet>,
    ) -> Result<Self> {
        Ok(Self {
            reader: store.reader()?,
            only,
            people_at_once: session.bounds.people,
        })
    }

    /// Reads the next people in order; none means there are no more.
    pub(super) fn read(&mut self, after: PersonId, wanted: LoadRequest<'_>) -> Result<Vec<Person>> {
        let most = self.people_at_once;
        match &self.only {
            None => self.reader.people_after(Some(after), most, wanted),
            Some(only) => {
                let next: Vec<PersonId> = only.after(after).take(most).collect();
                self.reader.people(&next, wanted)
            }
        }
    }
}
