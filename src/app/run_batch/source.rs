//! Where the people of a run come from: the database, in order of person, chunk by chunk.

use crate::app::stored_workspace::StoredWorkspace;
use crate::domain::PersonId;
use crate::store::{Bindings, LoadRequest, Store};
use crate::world::{Layout, Names, Needs, Person, World};

use super::Options;

/// Where the people of a run come from.
pub(super) struct PeopleSource {
    reader: Store,
    bindings: Bindings,
    only: Option<Vec<PersonId>>,
    people_at_once: usize,
}

impl PeopleSource {
    /// Makes the source of a run: everyone, or the people it is limited to.
    pub(super) fn of(
        store: &Store,
        opened: &StoredWorkspace,
        options: &Options<'_>,
    ) -> Result<Self, crate::store::Error> {
        Ok(Self {
            reader: store.reader()?,
            bindings: opened.bindings.clone(),
            only: options.only.clone(),
            people_at_once: options.bounds.people,
        })
    }

    /// Reads the next people in order; none means there are no more.
    pub(super) fn read(
        &mut self,
        after: PersonId,
        world: &World,
    ) -> Result<Vec<Person>, crate::store::Error> {
        let (mut lists, mut programs) = (world.lists.clone(), world.programs.clone());
        self.read_into(
            after,
            world.layout(),
            world.needs(),
            &mut lists,
            &mut programs,
        )
    }

    /// As [`PeopleSource::read`], for a thread that has no world.
    pub(super) fn read_into(
        &mut self,
        after: PersonId,
        layout: &Layout,
        needs: &Needs,
        lists: &mut Names,
        programs: &mut Names,
    ) -> Result<Vec<Person>, crate::store::Error> {
        let mut wanted = LoadRequest {
            layout,
            needs,
            bindings: &mut self.bindings,
            lists,
            programs,
        };
        match &self.only {
            None => self
                .reader
                .people_after(Some(after), self.people_at_once, &mut wanted),
            Some(only) => {
                let rest: Vec<PersonId> = only
                    .iter()
                    .copied()
                    .filter(|person| *person > after)
                    .take(self.people_at_once)
                    .collect();
                self.reader.people(&rest, &mut wanted)
            }
        }
    }
}
