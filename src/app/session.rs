//! One piece of work over a database: its campaigns, the engine that works by them, and how much is done at once.
//!
//! The drivers (a batch run, a replay, letting the clock pass, a list loaded as activities, an explanation) all work on a
//! session. It is the one place where the engine and worlds of a database are made, and its numbers of campaigns, lists and
//! programs mean the same in all of them. The connections are the caller's: each thread needs one of its own, and an import
//! reads through its own transaction.

use crate::campaign::Workspace;
use crate::domain::{CampaignId, PersonId};
use crate::engine::Engine;
use crate::store::{self, Bindings, LoadRequest, Store};
use crate::world::{Layout, Needs, Person, World};

use super::ChunkBounds;
use super::stored_workspace::StoredWorkspace;
use super::then::Known;

/// What a driver works with.
pub(crate) struct Session<'w> {
    pub(super) opened: &'w StoredWorkspace,
    pub(super) engine: Engine<'w>,
    /// The seed of samples.
    pub(super) seed: u64,
    pub(super) bounds: ChunkBounds,
}

impl<'w> Session<'w> {
    /// Begins work on the campaigns of a database; `seed` is that of samples.
    pub(crate) fn new(opened: &'w StoredWorkspace, seed: u64, bounds: ChunkBounds) -> Self {
        Self {
            opened,
            engine: Engine::new(&opened.workspace, |id| opened.is_active(id), seed),
            seed,
            bounds,
        }
    }

    /// Returns the same session with one campaign active as well.
    pub(super) fn with_active(&self, campaign: CampaignId) -> Self {
        let opened = self.opened;
        let active = |id| id == campaign || opened.is_active(id);
        Self {
            engine: Engine::new(&opened.workspace, active, self.seed),
            ..*self
        }
    }

    /// Returns the same session with the seed of a run that is continued.
    pub(super) fn with_seed(&self, seed: u64) -> Self {
        Self::new(self.opened, seed, self.bounds)
    }

    /// Returns the campaigns as they are stored.
    pub(crate) fn opened(&self) -> &'w StoredWorkspace {
        self.opened
    }

    /// Returns the campaigns and what they share.
    pub(super) fn workspace(&self) -> &'w Workspace {
        &self.opened.workspace
    }

    /// Returns what the numbers and names in the database mean.
    pub(super) fn known(&self) -> Known<'w> {
        Known {
            workspace: self.workspace(),
            bindings: self.bindings(),
        }
    }

    /// Returns the translation between workspace and database.
    pub(super) fn bindings(&self) -> &'w Bindings {
        &self.opened.bindings
    }

    /// Makes a world without people, in which new people get the next numbers of a database.
    pub(super) fn world(&self, store: &Store, needs: Needs) -> store::Result<World> {
        Ok(self.world_from(needs, store.next_person()?))
    }

    /// Makes a world without people, in which the next new person gets a number.
    pub(super) fn world_from(&self, needs: Needs, next: PersonId) -> World {
        let layout = Layout::of(needs.fields.iter().copied(), &self.workspace().fields);
        World::new(layout, needs, self.bindings().numbering(), next)
    }

    /// Returns the request for people as a world has them.
    pub(super) fn request<'a>(&'a self, world: &'a World) -> LoadRequest<'a> {
        LoadRequest {
            layout: world.layout(),
            needs: world.needs(),
            bindings: self.bindings(),
        }
    }

    /// Reads those of some people who are not in a world yet, as it has them.
    pub(super) fn fetch(
        &self,
        world: &World,
        store: &Store,
        people: impl IntoIterator<Item = PersonId>,
    ) -> store::Result<Vec<Person>> {
        let people = people.into_iter();
        let mut missing: Vec<PersonId> = people.filter(|person| !world.has(*person)).collect();
        missing.sort_unstable();
        missing.dedup();
        store.people(&missing, self.request(world))
    }

    /// Brings those of some people into a world who are not in it yet.
    pub(super) fn load_missing(
        &self,
        world: &mut World,
        store: &Store,
        people: impl IntoIterator<Item = PersonId>,
    ) -> store::Result<()> {
        for person in self.fetch(world, store, people)? {
            world.insert(person);
        }
        Ok(())
    }
}
