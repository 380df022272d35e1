//! The first pass of a stretch: finds, in order of time, whom each event means.
//!
//! Keys move: people are made, renamed and erased by events. So this is the engine itself, with nothing of each person but
//! email and id and without reactions, run for the events that can do any of that; for all others the person is looked up.
//! In memory stay the keys that were made, moved or erased, and one chunk of answers from the store.

use rustc_hash::FxHashSet;

use crate::app::Session;
use crate::app::seen_events::scratch_failed;
use crate::app::writer::WriterError;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{Instant, PersonId};
use crate::engine::{Engine, Reaction, Tally};
use crate::intake::events::resolved::{Resolution, ResolvedEvents};
use crate::store::Store;
use crate::world::directory::KeySlot;
use crate::world::{Event, EventStanding, Journal, Needs, PersonChange, World};

/// What the first pass knows of the people.
pub(in crate::app) struct Resolver<'s> {
    session: &'s Session<'s>,
    reader: &'s Store,
    /// People with email and id alone.
    world: World,
    /// What the events need to be known of their people.
    pub(in crate::app) needs: Needs,
    /// The greatest instant that has been reached.
    pub(in crate::app) clock: Option<Instant>,
    /// Whether an event has moved the clock.
    pub(in crate::app) moved: bool,
    /// People who were made or got another key: the store does not know them as they are.
    changed: FxHashSet<PersonId>,
    erased: FxHashSet<PersonId>,
    /// The events whose people are known.
    pub(in crate::app) resolved: ResolvedEvents,
}

/// Whom an event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Meant {
    /// Somebody.
    Person {
        /// Whether the event comes after its time.
        late: bool,
    },
    /// Nobody has its key, and its type makes nobody.
    Nobody,
}

/// Some events, as they are and as they are packed.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct PackedEvents<'c> {
    pub(in crate::app) events: &'c [Event],
    /// Where each begins in the packed ones; one place more than there are events.
    pub(in crate::app) starts: &'c [usize],
    pub(in crate::app) packed: &'c [u8],
}

impl<'s> Resolver<'s> {
    /// Begins a stretch at an instant; `needs` are those of the campaigns, and new people get numbers from one on.
    pub(in crate::app) fn new(
        session: &'s Session<'s>,
        reader: &'s Store,
        clock: Option<Instant>,
        needs: Needs,
        next_person: PersonId,
    ) -> Self {
        let keys = Needs {
            fields: [EMAIL, ID].into(),
            ..Needs::default()
        };
        Self {
            session,
            reader,
            world: session.world_from(keys, next_person),
            needs,
            clock,
            moved: false,
            changed: FxHashSet::default(),
            erased: FxHashSet::default(),
            resolved: ResolvedEvents::default(),
        }
    }

    /// Takes the next events; `report` gets each with the person whom it means. Returns the identities of those that are noted.
    pub(in crate::app) fn take(
        &mut self,
        chunk: PackedEvents<'_>,
        mut report: impl FnMut(&Event, Meant) -> Result<(), WriterError>,
    ) -> Result<Journal, WriterError> {
        let places = self.find(chunk.events)?;
        let mut noted = Journal::default();
        for (number, (event, place)) in chunk.events.iter().zip(places).enumerate() {
            if event.standing == EventStanding::SetAside {
                // What it leads to must not depend on who has become known since: the same files have the same outcome.
                report(event, Meant::Nobody)?;
                continue;
            }
            if event.standing == EventStanding::Retried {
                noted.retried.push(event.identity);
            }
            let late = self.clock.is_some_and(|clock| event.at < clock);
            self.clock = self.clock.max(Some(event.at));
            self.moved = true;
            let Some(resolution) = self.resolve(event, place) else {
                noted.set_aside.push(event.identity);
                report(event, Meant::Nobody)?;
                continue;
            };
            noted.events.push(event.identity);
            self.session.engine.event_needs(event, &mut self.needs);
            let packed = &chunk.packed[chunk.starts[number]..chunk.starts[number + 1]];
            let added = self
                .resolved
                .add(&resolution, event.identity.ordinal, packed);
            added.map_err(|cause| scratch_failed(&cause))?;
            report(event, Meant::Person { late })?;
        }
        self.forget();
        Ok(noted)
    }

    /// Finds who has the keys of some events, and reads those whose keys an event may move.
    fn find(&mut self, events: &[Event]) -> Result<Vec<KeySlot>, WriterError> {
        let (reader, session) = (self.reader, self.session);
        let directory = &mut self.world.directory;
        let (places, unknown) = directory.places(events.iter().map(|event| &event.person));
        reader.find_many(unknown, |place, people| directory.learn(place, people))?;
        let movers = events.iter().zip(&places);
        let movers = movers.filter(|(event, _)| session.engine.may_move_keys(event));
        let people: Vec<PersonId> = movers
            .flat_map(|(_, place)| self.world.directory.all(*place))
            .filter(|person| !self.changed.contains(person) && !self.erased.contains(person))
            .collect();
        session.load_missing(&mut self.world, reader, people)?;
        Ok(places)
    }

    /// Finds out whom an event means, and does to keys what it does; nothing where it means nobody.
    fn resolve(&mut self, event: &Event, place: KeySlot) -> Option<Resolution> {
        let engine = &self.session.engine;
        let known = self.world.directory.at(place);
        // Numbers are not given again: who is erased is not found by theirs either.
        let known = known.filter(|person| !self.erased.contains(person));
        let resolution = match known {
            Some(person) => Resolution {
                person,
                makes: false,
                asset: Engine::asset_of(&self.world, event),
            },
            None if Engine::makes_person(event) => Resolution {
                person: self.world.next_person(),
                makes: true,
                asset: Engine::asset_of(&self.world, event),
            },
            None => return None,
        };
        if resolution.makes || engine.may_move_keys(event) {
            let mut tally = Tally::default();
            engine.event(&mut self.world, event, known, Reaction::Quiet, &mut tally);
            self.note_changes();
        }
        Some(resolution)
    }

    /// Notes who was made, renamed or erased.
    fn note_changes(&mut self) {
        for (person, change) in self.world.take_journal().people {
            match change {
                PersonChange::Created | PersonChange::Field(EMAIL | ID, _) => {
                    self.changed.insert(person);
                }
                PersonChange::Deleted { .. } => {
                    self.changed.remove(&person);
                    self.erased.insert(person);
                }
                PersonChange::Field(..)
                | PersonChange::FirstKey(_)
                | PersonChange::List { .. }
                | PersonChange::Program(..)
                | PersonChange::ProgramLeft(_) => {}
            }
        }
    }

    /// Forgets what the store can be asked again.
    fn forget(&mut self) {
        self.world.directory.forget_unchanged();
        let changed = &self.changed;
        self.world.retain(|person| changed.contains(&person));
    }
}
