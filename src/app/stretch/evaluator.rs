//! The second pass of a stretch: one person after another, each through their own events and waits in order of time.
//!
//! Nothing that a person does shows in another one, so the order among people, and which thread they are evaluated in, is
//! nobody's business.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::app::timeline::due_row;
use crate::app::writer::{WriterError, WriterGone};
use crate::app::{ErrorKind, Session, UserError};
use crate::domain::{Instant, PersonId, WaitId};
use crate::engine::{EventOutcome, Reaction, Tally};
use crate::intake::events::resolved::{PersonBlock, ResolvedReader};
use crate::results::DueRow;
use crate::store::Store;
use crate::world::{Event, Journal, Needs, WaitRow, World};

/// What is done with the people of a stretch.
#[derive(Debug, Clone)]
pub(in crate::app) struct Task {
    /// What is read of each person.
    pub(in crate::app) needs: Needs,
    /// The watermark at the beginning of the stretch.
    pub(in crate::app) began: Option<Instant>,
    /// The end of the stretch: every wait up to here ends.
    pub(in crate::app) ends: Instant,
    pub(in crate::app) reaction: Reaction,
    /// Whether each wait that ends is reported.
    pub(in crate::app) list_due: bool,
    /// Whether each match of a trigger is kept.
    pub(in crate::app) watch: bool,
}

/// What the people of some ranges did, beside their journals.
pub(super) struct Outcome {
    pub(super) tally: Tally,
    pub(super) due: Vec<DueRow>,
}

/// Evaluates ranges of people.
pub(super) struct Evaluator<'s> {
    session: &'s Session<'s>,
    task: &'s Task,
    reader: &'s Store,
    unpack: ResolvedReader,
    world: World,
    /// The person whose events are being taken.
    open: Option<PersonId>,
    outcome: Outcome,
}

impl<'s> Evaluator<'s> {
    pub(super) fn new(
        session: &'s Session<'s>,
        task: &'s Task,
        reader: &'s Store,
        unpack: ResolvedReader,
        earlier: Arc<FxHashSet<WaitId>>,
    ) -> Self {
        let mut tally = Tally::of_part(earlier);
        if task.watch {
            tally.watch();
        }
        Self {
            session,
            task,
            reader,
            unpack,
            // The numbers of new people are reserved in the first pass.
            world: session.world_from(task.needs.clone(), PersonId(0)),
            open: None,
            outcome: Outcome {
                tally,
                due: Vec::new(),
            },
        }
    }

    /// Returns the counts, and the rows of what was due.
    pub(super) fn finish(self) -> Outcome {
        self.outcome
    }

    /// Takes some people through the stretch; `hand_over` gets journals that have grown large.
    pub(super) fn block(
        &mut self,
        block: &PersonBlock,
        mut hand_over: impl FnMut(Journal) -> Result<(), WriterGone>,
    ) -> Result<(), WriterError> {
        let session = self.session;
        session.load_missing(&mut self.world, self.reader, block.people())?;
        for record in block.records() {
            let person = record.person();
            if self.open != Some(person) {
                self.close();
                self.open = Some(person);
            }
            if let Some((event, makes)) = self.unpack.event(record) {
                self.take(&event, person, makes)?;
            }
            if self.world.journal().activities.len() >= session.bounds.rows {
                hand_over(self.journal(Journal::default()))?;
            }
        }
        if !block.goes_on {
            self.close();
        }
        // Everyone was found in the first pass.
        self.world.directory.clear();
        Ok(())
    }

    /// Takes the journal so far, and goes on in an empty one.
    pub(super) fn journal(&mut self, empty: Journal) -> Journal {
        let mut journal = self.world.exchange_journal(empty);
        // The first pass has noted them, in order of time.
        journal.events.clear();
        journal
    }

    /// Takes one event of a person, after the waits that end before it or with it.
    fn take(&mut self, event: &Event, person: PersonId, makes: bool) -> Result<(), UserError> {
        let now = self
            .task
            .began
            .map_or(event.at, |began| began.max(event.at));
        self.end_waits(person, now);
        let known = if makes {
            self.world.set_next_person(person);
            None
        } else {
            Some(person)
        };
        let (engine, reaction) = (&self.session.engine, self.task.reaction);
        let tally = &mut self.outcome.tally;
        match engine.event(&mut self.world, event, known, reaction, tally) {
            EventOutcome::Done => {}
            EventOutcome::UnknownPerson => {
                let message = format!("person #{person} was found and then was not there");
                return Err(UserError::new(ErrorKind::Program, message));
            }
        }
        if event.at < now {
            // What a late event has begun may be over already.
            self.end_waits(person, now);
        }
        Ok(())
    }

    /// Ends what is due of the person in the stretch, and lets them go.
    fn close(&mut self) {
        if let Some(person) = self.open.take() {
            self.end_waits(person, self.task.ends);
            self.world.remove(person);
        }
    }

    /// Ends the waits of a person up to an instant, in order, with those that begin meanwhile.
    fn end_waits(&mut self, person: PersonId, until: Instant) {
        while let Some(wait) = self.next_due(person, until) {
            if self.task.list_due {
                self.outcome
                    .due
                    .extend(due_row(self.session, &self.world, &wait));
            }
            let engine = &self.session.engine;
            engine.wake(&mut self.world, &wait, &mut self.outcome.tally, None);
        }
    }

    fn next_due(&self, person: PersonId, until: Instant) -> Option<WaitRow> {
        let waits = &self.world.person(person)?.waits;
        waits
            .iter()
            .filter(|wait| wait.until <= until && self.session.opened.may_wake(wait))
            .min_by_key(|wait| (wait.until, wait.id))
            .cloned()
    }
}
