//! Time passing: waits that end and events that happen, in the engine's one order.
//!
//! A timeline holds the people at work as a cache. A person who is not in it has not been changed by
//! work that is still on its way to the database, so people can be loaded while journals are being
//! written. `replay` and `advance` drive it.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::domain::{CampaignId, Instant, PersonId, PersonKey, WaitId};
use crate::engine::{Engine, Reaction, Taken, Tally};
use crate::store::{Bindings, Store, Wanted};
use crate::world::directory::lookup_key;
use crate::world::{Event, Layout, Needs, NextNumbers, WaitChange, World};

use super::writer::{Failure, Work, Writer};
use super::{Bounds, Error};

/// A wait by its end: the order in which waits end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    until: Instant,
    wait: WaitId,
    person: PersonId,
}

/// Whether journals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// They are.
    Written,
    /// They are dropped: a dry run, which keeps everyone it has touched in memory.
    Dropped,
}

/// Time passing over the people of a database.
pub(super) struct Timeline<'w> {
    pub(super) engine: Engine<'w>,
    pub(super) tally: Tally,
    pub(super) watermark: Option<Instant>,
    world: World,
    reader: Store,
    bindings: Bindings,
    keep: Keep,
    bounds: Bounds,
    due: BinaryHeap<Reverse<Due>>,
    /// How many wait changes of the journal have been looked at.
    seen_waits: usize,
    /// Waits of the database have been looked up to here.
    looked_up: Option<(Instant, WaitId)>,
}

impl<'w> Timeline<'w> {
    /// Makes the timeline of a database as it stands.
    pub(super) fn new(
        store: &Store,
        engine: Engine<'w>,
        bindings: Bindings,
        keep: Keep,
        bounds: Bounds,
    ) -> Result<Self, Error> {
        let waited_in: BTreeSet<CampaignId> = store.waited_in(&bindings)?.into_iter().collect();
        let mut needs = engine.needs(waited_in);
        needs.waits = true;
        if keep == Keep::Dropped {
            // What is dropped cannot be loaded again with more of it, so everything that events may touch is there at once.
            needs.fields = engine
                .workspace()
                .fields
                .iter()
                .map(|(field, _)| field)
                .collect();
            (needs.lists, needs.programs) = (true, true);
        }
        let next = NextNumbers {
            person: store.next_person()?,
            wait: store.next_wait()?,
        };
        Ok(Self {
            world: world_of(&engine, needs, next),
            tally: Tally::default(),
            watermark: store.watermark()?,
            reader: store.reader()?,
            engine,
            bindings,
            keep,
            bounds,
            due: BinaryHeap::new(),
            seen_waits: 0,
            looked_up: None,
        })
    }

    /// Loads everyone that some events and the waits ending up to the last of them are about.
    pub(super) fn prepare(&mut self, events: &[Event], writer: &Writer) -> Result<(), Failure> {
        let Some(last) = events.last() else {
            return Ok(());
        };
        self.look_up_waits(last.at, writer)?;
        let mut needs = self.world.needs().clone();
        for event in events {
            self.engine.event_needs(event, &mut needs);
        }
        if needs != *self.world.needs() {
            self.start_over(needs, writer)?;
        }
        let unknown: BTreeSet<PersonKey> = events
            .iter()
            .map(|event| lookup_key(&event.person))
            .filter(|key| !self.world.directory.knows(key))
            .collect();
        let unknown: Vec<PersonKey> = unknown.into_iter().collect();
        for (key, people) in unknown.iter().zip(self.reader.find_many(&unknown)?) {
            self.world.directory.learn(key.clone(), people);
        }
        let people: BTreeSet<PersonId> = events
            .iter()
            .flat_map(|event| self.world.directory.all(&lookup_key(&event.person)))
            .chain(self.due_people(last.at))
            .collect();
        self.load(people)
    }

    /// Takes one event, after the waits that end before it or with it.
    pub(super) fn take(&mut self, event: &Event, reaction: Reaction) -> Taken {
        let now = self
            .watermark
            .map_or(event.at, |watermark| watermark.max(event.at));
        self.end_waits(now, WaitId(i64::MAX));
        // The clock has come this far even where nobody is found to log the event for.
        self.watermark = Some(now);
        let taken = self
            .engine
            .event(&mut self.world, event, reaction, &mut self.tally);
        self.watch_waits();
        taken
    }

    /// Lets the clock pass: every wait that ends up to an instant ends, each at its own.
    pub(super) fn elapse(&mut self, until: Instant, writer: &Writer) -> Result<(), Failure> {
        self.look_up_waits(until, writer)?;
        let people = self.due_people(until).collect();
        self.load(people)?;
        self.end_waits(until, WaitId(i64::MAX));
        self.watermark = self.watermark.max(Some(until));
        Ok(())
    }

    /// Hands over what has been changed, with the watermark.
    pub(super) fn hand_over(&mut self, writer: &Writer) -> Result<(), Failure> {
        self.seen_waits = 0;
        let journal = self.world.take_journal();
        match self.keep {
            Keep::Dropped => Ok(()),
            Keep::Written => Ok(writer.send(Work {
                journal,
                lists: self.world.lists.clone(),
                programs: self.world.programs.clone(),
                watermark: self.watermark,
                run: None,
            })?),
        }
    }

    /// Ends a chunk: hands it over, and lets people go where there are too many to keep.
    pub(super) fn flush(&mut self, writer: &Writer) -> Result<(), Failure> {
        self.hand_over(writer)?;
        if self.keep == Keep::Written && self.world.len() > self.bounds.kept {
            writer.drain()?;
            self.world.dismiss_all();
        }
        Ok(())
    }

    /// Returns how many rows the journal has, by which a chunk is bounded.
    pub(super) fn pending_rows(&mut self) -> usize {
        self.world.journal().activities.len()
    }

    /// Begins anew with more of each person, once all is written.
    fn start_over(&mut self, needs: Needs, writer: &Writer) -> Result<(), Failure> {
        self.hand_over(writer)?;
        writer.drain()?;
        let mut world = world_of(&self.engine, needs, self.world.next_numbers());
        std::mem::swap(&mut world.lists, &mut self.world.lists);
        std::mem::swap(&mut world.programs, &mut self.world.programs);
        self.world = world;
        Ok(())
    }

    /// Finds the waits of the database that end up to an instant, chunk by chunk.
    ///
    /// Where there are more than fit, the first of them end here, in order, before the others are looked up.
    fn look_up_waits(&mut self, until: Instant, writer: &Writer) -> Result<(), Failure> {
        loop {
            let found =
                self.reader
                    .due_waits(self.looked_up, until, self.bounds.waits, &self.bindings)?;
            self.due.extend(found.iter().map(|wait| {
                Reverse(Due {
                    until: wait.until,
                    wait: wait.id,
                    person: wait.person,
                })
            }));
            let Some(last) = found.last().filter(|_| found.len() == self.bounds.waits) else {
                self.looked_up = self.looked_up.max(Some((until, WaitId(i64::MAX))));
                return Ok(());
            };
            self.looked_up = Some((last.until, last.id));
            let people = self.due_people(last.until).collect();
            self.load(people)?;
            self.end_waits(last.until, last.id);
            self.watermark = self.watermark.max(Some(last.until));
            self.flush(writer)?;
        }
    }

    fn due_people(&self, until: Instant) -> impl Iterator<Item = PersonId> + '_ {
        self.due
            .iter()
            .filter(move |due| due.0.until <= until)
            .map(|due| due.0.person)
    }

    fn load(&mut self, people: BTreeSet<PersonId>) -> Result<(), Failure> {
        let missing: Vec<PersonId> = people
            .into_iter()
            .filter(|person| !self.world.has(*person))
            .collect();
        let (mut lists, mut programs) = (self.world.lists.clone(), self.world.programs.clone());
        let loaded = self.reader.people(
            &missing,
            &mut Wanted {
                layout: self.world.layout(),
                needs: self.world.needs(),
                bindings: &mut self.bindings,
                lists: &mut lists,
                programs: &mut programs,
            },
        )?;
        self.world.lists = lists;
        self.world.programs = programs;
        for person in loaded {
            self.world.admit(person);
        }
        Ok(())
    }

    /// Ends the waits up to an instant, and at that instant up to a wait, in order, with those that begin meanwhile.
    fn end_waits(&mut self, until: Instant, last: WaitId) {
        while let Some(Reverse(due)) = self.due.peek().copied()
            && (due.until, due.wait) <= (until, last)
        {
            self.due.pop();
            let wait = self
                .world
                .person(due.person)
                .and_then(|p| p.waits.iter().find(|wait| wait.id == due.wait))
                .cloned();
            // A wait that has been ended by something else is not there any more.
            if let Some(wait) = wait {
                self.engine.wake(&mut self.world, &wait, &mut self.tally);
                self.watch_waits();
            }
        }
    }

    /// Notes the waits that have just begun.
    fn watch_waits(&mut self) {
        let changes = &self.world.journal().waits;
        for change in &changes[self.seen_waits..] {
            match change {
                WaitChange::Begun(wait) => {
                    self.due.push(Reverse(Due {
                        until: wait.until,
                        wait: wait.id,
                        person: wait.person,
                    }));
                }
                WaitChange::Ended { .. } => {}
            }
        }
        self.seen_waits = changes.len();
    }
}

fn world_of(engine: &Engine<'_>, needs: Needs, next: NextNumbers) -> World {
    let workspace = engine.workspace();
    let layout = Layout::of(needs.fields.iter().copied(), &workspace.fields);
    World::new(
        layout,
        needs,
        workspace.lists.clone(),
        workspace.program_names.clone(),
        next,
    )
}
