//! The loop of a batch run: one thread reads people, this one evaluates and walks them, the writing thread commits.

use std::sync::mpsc::{Receiver, sync_channel};

use crate::app::threads::spawn;
use crate::app::writer::{JournalBatch, Writer, WriterError};
use crate::app::{ChunkBounds, Error, Stop};
use crate::campaign::Campaign;
use crate::domain::{Instant, PersonId, PersonNames, RunId};
use crate::engine::{BatchEntry, BatchVerdict, Engine, ServedAddresses, Tally};
use crate::store::{self, RunCounts, RunProgress, RunState};
use crate::world::{Person, World};

use super::source::PeopleSource;
use super::{JudgedPerson, Verdicts, counts};

/// A run on its way.
pub(super) struct Running<'a, 'w, 'e> {
    pub(super) engine: &'a Engine<'w>,
    pub(super) campaign: &'a Campaign,
    pub(super) run: RunId,
    pub(super) at: Instant,
    pub(super) world: World,
    pub(super) served: ServedAddresses,
    pub(super) counts: RunCounts,
    pub(super) last_person: PersonId,
    pub(super) tally: Tally,
    pub(super) dry_run: bool,
    pub(super) bounds: ChunkBounds,
    pub(super) verdicts: Option<&'e mut dyn Verdicts>,
}

impl Running<'_, '_, '_> {
    /// Reads on one thread, works on this one, writes on the writer's.
    pub(super) fn go(
        &mut self,
        mut source: PeopleSource,
        writer: &Writer,
        stop: &Stop,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), WriterError> {
        let (layout, needs) = (self.world.layout().clone(), self.world.needs().clone());
        let (mut lists, mut programs) = (self.world.lists.clone(), self.world.programs.clone());
        let mut after = self.last_person;
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(2);
            spawn(scope, move || {
                loop {
                    let people =
                        source.read_into(after, &layout, &needs, &mut lists, &mut programs);
                    let last = people
                        .as_ref()
                        .ok()
                        .and_then(|people| people.last())
                        .map(|person| person.id);
                    // The receiver is gone where the work has ended early.
                    if sender.send(people).is_err() {
                        return;
                    }
                    match last {
                        Some(last) => after = last,
                        None => return,
                    }
                }
            })?;
            self.work(&receiver, writer, stop, progress)
        })
    }

    fn work(
        &mut self,
        people: &Receiver<Result<Vec<Person>, store::Error>>,
        writer: &Writer,
        stop: &Stop,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), WriterError> {
        let (mut done, mut passed_by) = (0, 0);
        for chunk in people {
            let chunk = chunk?;
            if chunk.is_empty() {
                break;
            }
            done += chunk.len() as u64;
            passed_by += chunk.len();
            for person in chunk {
                self.take(person)?;
            }
            if self.world.journal().activities.len() >= self.bounds.rows
                || passed_by >= self.bounds.passed_by
            {
                passed_by = 0;
                self.hand_over(RunState::Running, writer)?;
                stop.check()?;
            }
            progress(done);
        }
        if let Some(verdicts) = self.verdicts.as_mut() {
            verdicts.sync()?;
        }
        self.hand_over(RunState::Finished, writer)
    }

    /// Judges one person, and walks those who qualify.
    fn take(&mut self, person: Person) -> Result<(), Error> {
        let id = person.id;
        self.last_person = id;
        let verdict = self
            .engine
            .judge(self.campaign, &self.world, &person, self.at);
        let judged = self.tally.campaign(self.campaign.id);
        judged.triggered += 1;
        judged.filters += u64::from(verdict == BatchVerdict::NotMatched);
        judged.excluded += u64::from(verdict == BatchVerdict::Excluded);
        self.counts.matched += u64::from(verdict != BatchVerdict::NotMatched);
        self.counts.excluded += u64::from(verdict == BatchVerdict::Excluded);
        self.counts.qualified += u64::from(verdict == BatchVerdict::Qualified);
        let told = self.verdicts.is_some().then(|| self.told(&person, verdict));
        let before = self.world.journal().activities.len();
        if verdict == BatchVerdict::Qualified {
            self.world.insert(person);
            self.engine.enter(
                &mut self.world,
                self.campaign,
                id,
                &mut BatchEntry {
                    run: self.run,
                    at: self.at,
                    served: &mut self.served,
                },
                &mut self.tally,
            );
            self.world.remove(id);
        }
        if let (Some(verdicts), Some((who, reason))) = (self.verdicts.as_mut(), told) {
            verdicts.put(&JudgedPerson {
                who,
                verdict,
                reason,
                activities: &self.world.journal().activities[before..],
            })?;
        }
        Ok(())
    }

    /// Returns what is reported of a person: their names, and the first filter that fails.
    fn told(&self, person: &Person, verdict: BatchVerdict) -> (PersonNames, Option<String>) {
        let who = person.names(self.world.layout());
        let reason = match verdict {
            BatchVerdict::NotMatched => {
                self.engine
                    .first_failing(self.campaign, &self.world, person, self.at)
            }
            BatchVerdict::Excluded => Some("qualification rule".to_owned()),
            BatchVerdict::Qualified => None,
        };
        (who, reason)
    }

    /// Ends a chunk: hands over the journal with the progress made.
    fn hand_over(&mut self, state: RunState, writer: &Writer) -> Result<(), WriterError> {
        counts::add(&mut self.counts, self.campaign, &mut self.tally);
        let journal = self.world.exchange_journal(writer.spare());
        if self.dry_run {
            return Ok(());
        }
        let progress = RunProgress {
            run: self.run,
            last_person: self.last_person,
            state,
            counts: self.counts.clone(),
        };
        writer.send(JournalBatch {
            journal,
            lists: self.world.lists.clone(),
            programs: self.world.programs.clone(),
            watermark: None,
            run: Some(progress),
        })?;
        Ok(())
    }
}
