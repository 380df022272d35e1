//! The timeline: processes waits and events in the engine's order of time.
//!
//! A timeline holds the people at work as a cache. A person who is not in it has not been changed by
//! work that is still on its way to the database, so people can be loaded while journals are being
//! written. `replay` and `advance` drive it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::domain::{CampaignId, Instant, PersonId, WaitId};
use crate::engine::{EventOutcome, Reaction, Tally};
use crate::results::{DueKind, DueRow};
use crate::store::Store;
use crate::world::directory::KeySlot;
use crate::world::{Event, EventStanding, Needs, WaitChange, WaitRow, World};

use super::address_dedup::ServedRuns;
use super::writer::{JournalBatch, Keep, Writer, WriterError};
use super::{Control, Error, Session};

/// How an instant ends a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// All that is due at it has happened.
    With(Instant),
    /// The waits that end at it have ended, and more is to come at it.
    Before(Instant),
}

impl End {
    /// Returns the instant.
    pub(super) fn at(self) -> Instant {
        match self {
            Self::With(at) | Self::Before(at) => at,
        }
    }
}

/// A wait by its end: the order in which waits end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    until: Instant,
    wait: WaitId,
    person: PersonId,
}

/// Time passing over the people of a database.
pub(super) struct Timeline<'w> {
    pub(super) tally: Tally,
    pub(super) watermark: Option<Instant>,
    session: &'w Session<'w>,
    /// The campaigns that somebody waited in at the beginning.
    pub(super) waited_in: Vec<CampaignId>,
    world: World,
    reader: Store,
    keep: Keep,
    due: BinaryHeap<Reverse<Due>>,
    /// How many wait changes of the journal have been looked at.
    seen_waits: usize,
    /// Waits of the database have been looked up to here.
    looked_up: Option<(Instant, WaitId)>,
    /// What the batch runs have served whose people wake.
    served: ServedRuns,
    /// How many waits had ended before the present stretch.
    waits_before: u64,
    /// The waits that ended, where they are to be listed.
    listed: Option<Vec<DueRow>>,
}

impl<'w> Timeline<'w> {
    /// Makes the timeline of a database, from its present state.
    pub(super) fn new(store: &Store, session: &'w Session<'w>, keep: Keep) -> Result<Self, Error> {
        let waited_in = store.waited_in(session.bindings())?;
        let mut needs = session.engine.needs(waited_in.iter().copied());
        needs.waits = true;
        if keep == Keep::Dropped {
            // What is dropped cannot be loaded again with more of it, so everything that events may touch is there at once.
            let fields = session.workspace().fields.iter();
            needs.fields = fields.map(|(field, _)| field).collect();
            (needs.lists, needs.programs) = (true, true);
        }
        let world = session.world(store, needs)?;
        // Events name assets with or without their program, so all that there are must be known, and not those alone
        // that some person at hand has to do with.
        for name in store.list_names()? {
            world.lists.intern(&name);
        }
        for name in store.program_names()? {
            world.programs.intern(&name);
        }
        Ok(Self {
            tally: Tally::with_waits(),
            watermark: store.watermark()?,
            session,
            waited_in,
            world,
            reader: store.reader()?,
            keep,
            due: BinaryHeap::new(),
            seen_waits: 0,
            looked_up: None,
            served: ServedRuns::default(),
            waits_before: 0,
            listed: None,
        })
    }

    /// Begins anew after others have written up to an instant: what was counted stays, all else is read again.
    pub(super) fn renew(&mut self, store: &Store, reached: Instant) -> Result<(), Error> {
        let mut renewed = Self::new(store, self.session, self.keep)?;
        renewed.waits_before = self.tally.waits;
        renewed.tally = std::mem::take(&mut self.tally);
        renewed.listed = self.listed.take();
        renewed.watermark = renewed.watermark.max(self.watermark).max(Some(reached));
        *self = renewed;
        Ok(())
    }

    /// Keeps a row of every wait that ends from now on.
    pub(super) fn list_due(&mut self) {
        self.listed = Some(Vec::new());
    }

    /// Returns whether a row of every wait that ends is kept.
    pub(super) fn lists_due(&self) -> bool {
        self.listed.is_some()
    }

    /// Adds rows of waits that have ended.
    pub(super) fn add_due_rows(&mut self, rows: Vec<DueRow>) {
        if let Some(listed) = &mut self.listed {
            listed.extend(rows);
        }
    }

    /// Takes the rows of waits that have ended, by instant and person.
    pub(super) fn take_due(&mut self) -> Vec<DueRow> {
        let mut rows = self.listed.as_mut().map(std::mem::take).unwrap_or_default();
        rows.sort_by_key(|row| (row.at, row.person_id));
        rows
    }

    /// Returns whether journals are written.
    pub(super) fn keep(&self) -> Keep {
        self.keep
    }

    /// Returns what is loaded of each person.
    pub(super) fn needs(&self) -> &Needs {
        self.world.needs()
    }

    /// Loads everyone that some events and the waits ending before them are about.
    ///
    /// Returns of each event that is ready to be taken where its person is found, until the chunk ends: of fewer than
    /// all where more waits end before the last of them than are looked up at a time.
    pub(super) fn prepare(
        &mut self,
        events: &[Event],
        writer: &Writer,
    ) -> Result<Vec<KeySlot>, WriterError> {
        let Some(last) = events.last() else {
            return Ok(Vec::new());
        };
        // Where all of them are late, the clock stands later: what is due by then ends before the first of them.
        let until = self.watermark.map_or(last.at, |at| at.max(last.at));
        let reached = self.look_up_waits(until)?;
        let ready = if reached == end_of(until) {
            events.len()
        } else {
            events.partition_point(|event| self.watermark.max(Some(event.at)) < Some(reached.0))
        };
        let Some(last) = events[..ready].last() else {
            self.end_portion(reached, writer)?;
            return Ok(Vec::new());
        };
        let events = &events[..ready];
        let mut needs = self.world.needs().clone();
        for event in events {
            self.session.engine.event_needs(event, &mut needs);
        }
        if needs != *self.world.needs() {
            self.start_over(needs, writer)?;
        }
        let places = self.find(events)?;
        let until = self.watermark.map_or(last.at, |at| at.max(last.at));
        let mut people: Vec<PersonId> = self.due_people(until).collect();
        people.extend(
            places
                .iter()
                .flat_map(|place| self.world.directory.all(*place)),
        );
        self.load(people)?;
        Ok(places)
    }

    /// Finds out who the people of some events are.
    fn find(&mut self, events: &[Event]) -> Result<Vec<KeySlot>, WriterError> {
        let directory = &mut self.world.directory;
        let (places, unknown) = directory.places(events.iter().map(|event| &event.person));
        let reader = &self.reader;
        reader.find_many(unknown, |place, people| directory.learn(place, people))?;
        Ok(places)
    }

    /// Takes one event, after the waits that end before it or with it.
    pub(super) fn take(
        &mut self,
        event: &Event,
        place: KeySlot,
        reaction: Reaction,
    ) -> EventOutcome {
        let now = self
            .watermark
            .map_or(event.at, |watermark| watermark.max(event.at));
        self.end_waits(now, WaitId(i64::MAX));
        // The clock has come this far even where nobody is found to log the event for.
        self.watermark = Some(now);
        let known = self.world.directory.at(place);
        let engine = &self.session.engine;
        let taken = engine.event(&mut self.world, event, known, reaction, &mut self.tally);
        let journal = self.world.journal();
        if event.standing == EventStanding::Retried {
            journal.retried.push(event.identity);
        }
        match taken {
            EventOutcome::Done => {}
            EventOutcome::UnknownPerson => journal.set_aside.push(event.identity),
        }
        self.watch_waits();
        if event.at < now {
            // What a late event has begun may be over already.
            self.end_waits(now, WaitId(i64::MAX));
        }
        taken
    }

    /// Ends every wait up to an instant, each at its own; what else is due at that instant is still to come.
    pub(super) fn elapse(
        &mut self,
        until: Instant,
        writer: &Writer,
        control: &Control<'_>,
    ) -> Result<(), WriterError> {
        loop {
            let reached = self.look_up_waits(until)?;
            self.end_portion(reached, writer)?;
            control.passed(reached.0.min(until));
            if reached == end_of(until) {
                return Ok(());
            }
            control.check()?;
        }
    }

    /// Notes that all that was due up to an instant has happened.
    pub(super) fn reach(&mut self, at: Instant) {
        self.watermark = self.watermark.max(Some(at));
    }

    /// Notes that a stretch has ended in which people were processed in ranges.
    pub(super) fn reach_end(&mut self, end: End) {
        match end {
            End::With(at) => self.reach(at),
            // More is due at the very instant. Without waits that ended, nothing shows that the clock has come so far.
            End::Before(at) if self.tally.waits > self.waits_before => {
                self.reach(at.plus_micros(-1));
            }
            End::Before(_) => {}
        }
        self.waits_before = self.tally.waits;
    }

    /// Hands over what has been changed, with the watermark.
    pub(super) fn hand_over(&mut self, writer: &Writer) -> Result<(), WriterError> {
        self.seen_waits = 0;
        let journal = self.world.exchange_journal(writer.spare());
        Ok(writer.send(JournalBatch {
            journal,
            keep: self.keep,
            watermark: self.watermark,
            run: None,
        })?)
    }

    /// Ends a chunk: hands it over, and lets people go where there are too many to keep.
    pub(super) fn flush(&mut self, writer: &Writer) -> Result<(), WriterError> {
        self.hand_over(writer)?;
        if self.keep == Keep::Written && self.world.len() > self.session.bounds.kept {
            writer.drain()?;
            self.world.clear();
        }
        Ok(())
    }

    /// Returns how many rows the journal has, by which a chunk is bounded.
    pub(super) fn pending_rows(&mut self) -> usize {
        self.world.journal().activities.len()
    }

    /// Begins anew with more of each person, once all is written.
    fn start_over(&mut self, needs: Needs, writer: &Writer) -> Result<(), WriterError> {
        self.hand_over(writer)?;
        writer.drain()?;
        self.world = self.session.world_from(needs, self.world.next_person());
        Ok(())
    }

    /// Finds the waits of the database that end up to an instant, as many as are looked up at a time.
    ///
    /// Returns the place in the order of waits up to which all are known now.
    fn look_up_waits(&mut self, until: Instant) -> Result<(Instant, WaitId), WriterError> {
        let (session, reader) = (self.session, &self.reader);
        let most = session.bounds.waits;
        let found = reader.due_waits(self.looked_up, until, most, session.bindings())?;
        self.served.learn(&found, session, reader)?;
        let wakes = found.iter().filter(|wait| session.opened.may_wake(wait));
        self.due.extend(wakes.map(|wait| {
            Reverse(Due {
                until: wait.until,
                wait: wait.id,
                person: wait.person,
            })
        }));
        let reached = match found.last() {
            Some(last) if found.len() == most => (last.until, last.id),
            Some(_) | None => end_of(until),
        };
        self.looked_up = self.looked_up.max(Some(reached));
        Ok(reached)
    }

    /// Ends the waits up to a place in their order, and the chunk with them.
    ///
    /// The watermark stays before the last instant, at which more may be due.
    fn end_portion(&mut self, last: (Instant, WaitId), writer: &Writer) -> Result<(), WriterError> {
        let people = self.due_people(last.0).collect();
        self.load(people)?;
        let waits = self.tally.waits;
        self.end_waits(last.0, last.1);
        if self.tally.waits > waits {
            self.reach(last.0.plus_micros(-1));
        }
        self.flush(writer)
    }

    fn due_people(&self, until: Instant) -> impl Iterator<Item = PersonId> + '_ {
        self.due
            .iter()
            .filter(move |due| due.0.until <= until)
            .map(|due| due.0.person)
    }

    /// Loads those of some people who are not here yet.
    fn load(&mut self, people: Vec<PersonId>) -> Result<(), WriterError> {
        let (session, reader) = (self.session, &self.reader);
        Ok(session.load_missing(&mut self.world, reader, people)?)
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
                self.note_end(&wait);
                let served = self.served.of(wait.run);
                let engine = &self.session.engine;
                engine.wake(&mut self.world, &wait, &mut self.tally, served);
                self.watch_waits();
            }
        }
    }

    /// Keeps a row of a wait that is about to end, where they are to be listed.
    fn note_end(&mut self, wait: &WaitRow) {
        if let Some(listed) = &mut self.listed {
            listed.extend(due_row(self.session, &self.world, wait));
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

/// Returns the row of a wait that is about to end; nothing where its person is not there.
pub(super) fn due_row(session: &Session<'_>, world: &World, wait: &WaitRow) -> Option<DueRow> {
    let who = world.person(wait.person)?.names(world.layout());
    let campaign = session.workspace().campaign(wait.campaign);
    Some(DueRow {
        at: wait.until,
        kind: DueKind::Wait,
        campaign: campaign.full_name.to_string(),
        person_id: Some(wait.person.0),
        person: Some(who.best()),
        email: who.email.map(|email| email.to_string()),
        id: who.id.map(|id| id.to_string()),
        step: Some(wait.step),
    })
}

/// Returns the place in the order of waits after all that end at or before an instant.
fn end_of(at: Instant) -> (Instant, WaitId) {
    (at, WaitId(i64::MAX))
}
