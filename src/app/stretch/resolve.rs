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

use super::lookups::{KeyPrint, Lookups};

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
    /// Whether a key has been moved since the present chunk was looked up.
    moving: bool,
    lookups: Lookups,
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

/// Who has the key of an event, as it was looked up for a chunk.
#[derive(Debug, Clone, Copy)]
enum Holder {
    /// The answer stands in the directory.
    Asked(KeySlot),
    /// This person alone, in the store.
    Remembered(PersonId),
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
            moving: false,
            lookups: Lookups::default(),
            resolved: ResolvedEvents::default(),
        }
    }

    /// Takes the next events; `report` gets each with the person whom it means. Returns the identities of those that are noted.
    pub(in crate::app) fn take(
        &mut self,
        chunk: PackedEvents<'_>,
        mut report: impl FnMut(&Event, Meant) -> Result<(), WriterError>,
    ) -> Result<Journal, WriterError> {
        let holders = self.find(chunk.events)?;
        let mut noted = Journal::default();
        for (number, (event, holder)) in chunk.events.iter().zip(holders).enumerate() {
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
            let Some(resolution) = self.resolve(event, holder) else {
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
    fn find(&mut self, events: &[Event]) -> Result<Vec<Holder>, WriterError> {
        let (reader, session) = (self.reader, self.session);
        let directory = &mut self.world.directory;
        let mut holders = Vec::with_capacity(events.len());
        let mut asked: Vec<(usize, KeyPrint)> = Vec::new();
        for (number, event) in events.iter().enumerate() {
            // A key that an event may move is followed in the directory.
            let follow =
                session.engine.may_move_keys(event) || directory.has_changed(&event.person);
            let print = self.lookups.print(&event.person);
            let known = self.lookups.find(print).filter(|_| !follow);
            if known.is_none() {
                asked.push((number, print));
            }
            holders.push(known.map_or(Holder::Asked(KeySlot::default()), Holder::Remembered));
        }
        let keys = asked.iter().map(|(number, _)| &events[*number].person);
        let (places, unknown) = directory.places(keys);
        reader.find_many(unknown, |place, people| directory.learn(place, people))?;
        let mut people = Vec::new();
        for ((number, print), place) in asked.into_iter().zip(places) {
            holders[number] = Holder::Asked(place);
            let mut all = directory.all(place);
            if session.engine.may_move_keys(&events[number]) {
                people.extend(all);
            } else if let (Some(only), None) = (all.next(), all.next())
                && !directory.has_changed(&events[number].person)
            {
                self.lookups.remember(print, only);
            }
        }
        people.retain(|person| !self.changed.contains(person) && !self.erased.contains(person));
        session.load_missing(&mut self.world, reader, people)?;
        Ok(holders)
    }

    /// Returns who has the key of an event at this moment.
    fn holder(&mut self, event: &Event, holder: Holder) -> Option<PersonId> {
        let person = match holder {
            Holder::Asked(place) => return self.world.directory.at(place),
            Holder::Remembered(person) => person,
        };
        if !self.moving {
            return Some(person);
        }
        // A key has been moved since, maybe this one: what the store says is what is remembered.
        let directory = &mut self.world.directory;
        let (places, unknown) = directory.places([&event.person]);
        for (_, place) in unknown {
            directory.learn(place, &[person]);
        }
        directory.at(*places.first()?)
    }

    /// Finds out whom an event means, and does to keys what it does; nothing where it means nobody.
    fn resolve(&mut self, event: &Event, holder: Holder) -> Option<Resolution> {
        let known = self.holder(event, holder);
        let engine = &self.session.engine;
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
        self.moving = true;
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
        self.moving = false;
        let changed = &self.changed;
        self.world.retain(|person| changed.contains(&person));
    }
}
