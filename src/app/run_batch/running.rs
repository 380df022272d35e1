//! The loop of a batch run: one thread reads people, this one evaluates and walks them, the writing thread commits.

use std::sync::mpsc::{Receiver, sync_channel};

use crate::app::threads::spawn;
use crate::app::writer::{JournalBatch, Keep, Writer, WriterError};
use crate::app::{Control, Error, Session};
use crate::campaign::Campaign;
use crate::domain::{Instant, PersonId, PersonNames, RunCounts, RunId};
use crate::engine::{BatchEntry, BatchVerdict, RunTally, ServedAddresses, Tally};
use crate::store::{self, LoadRequest, NextRun, RunProgress, RunState};
use crate::world::{Person, World};

use super::source::PeopleSource;
use super::{Audience, Judged, JudgedPerson, Verdicts, counts};

/// A run on its way.
pub(super) struct Running<'a, 'w, 'e> {
    pub(super) session: &'a Session<'w>,
    pub(super) campaign: &'a Campaign,
    /// The run; none where nothing is written.
    pub(super) run: Option<RunId>,
    pub(super) at: Instant,
    pub(super) world: World,
    pub(super) served: ServedAddresses,
    /// The verdicts, where everyone was judged before.
    pub(super) judged: Option<Judged>,
    pub(super) counts: RunCounts,
    pub(super) last_person: PersonId,
    /// The run of the same command that follows.
    pub(super) next: Option<NextRun>,
    pub(super) tally: Tally,
    /// What the flows of this run have done.
    pub(super) flows: RunTally,
    pub(super) verdicts: Option<&'e mut dyn Verdicts>,
}

impl Running<'_, '_, '_> {
    /// Reads on one thread, works on this one, writes on the writer's.
    pub(super) fn go(
        &mut self,
        mut source: PeopleSource,
        writer: &Writer,
        control: &mut Control<'_>,
    ) -> Result<(), WriterError> {
        let (layout, needs) = (self.world.layout().clone(), self.world.needs().clone());
        let bindings = self.session.bindings();
        let mut after = self.last_person;
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(2);
            spawn(scope, move || {
                let wanted = LoadRequest {
                    layout: &layout,
                    needs: &needs,
                    bindings,
                };
                loop {
                    let people = source.read(after, wanted);
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
            self.work(&receiver, writer, control)
        })
    }

    fn work(
        &mut self,
        people: &Receiver<Result<Vec<Person>, store::Error>>,
        writer: &Writer,
        control: &mut Control<'_>,
    ) -> Result<(), WriterError> {
        let bounds = self.session.bounds;
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
            if self.world.journal().activities.len() >= bounds.rows || passed_by >= bounds.passed_by
            {
                passed_by = 0;
                self.hand_over(RunState::Running, writer)?;
                control.check()?;
            }
            control.reached(done);
        }
        if let Some(last) = self.judged.as_ref().map(Judged::last) {
            self.pass_by(last);
        }
        self.hand_over(RunState::Finished, writer)
    }

    /// Counts those who were judged before and did not qualify, up to a person.
    fn pass_by(&mut self, until: PersonId) {
        let Some(judged) = &self.judged else { return };
        let others = judged.others_between(self.last_person, until);
        self.last_person = until;
        self.count(&others);
    }

    /// Adds people to the counts by their verdicts.
    fn count(&mut self, people: &Audience) {
        let Audience {
            not_matched,
            excluded,
            qualified,
        } = people;
        let judged = self.tally.campaign(self.campaign.id);
        judged.triggered += not_matched + excluded + qualified;
        judged.filters += not_matched;
        judged.excluded += excluded;
        self.counts.matched += excluded + qualified;
        self.counts.excluded += excluded;
        self.counts.qualified += qualified;
    }

    /// Takes one person: judges them where that is still to be done, and walks those who qualify.
    fn take(&mut self, person: Person) -> Result<(), Error> {
        let id = person.id;
        let verdict = if let Some(judged) = &self.judged {
            judged.verdict(id)
        } else {
            let engine = &self.session.engine;
            engine.judge(self.campaign, &self.world, &person, self.at)
        };
        // With the verdicts known, people who do not qualify are counted whether they are read or not.
        self.pass_by(id);
        self.last_person = id;
        let is = |wanted| u64::from(verdict == wanted);
        let others = u64::from(self.judged.is_none());
        self.count(&Audience {
            not_matched: others * is(BatchVerdict::NotMatched),
            excluded: others * is(BatchVerdict::Excluded),
            qualified: is(BatchVerdict::Qualified),
        });
        let report = self.verdicts.is_some();
        let report = report.then(|| self.names_and_reason(&person, verdict));
        let before = self.world.journal().activities.len();
        let run = self.number();
        if verdict == BatchVerdict::Qualified {
            self.world.insert(person);
            self.session.engine.enter(
                &mut self.world,
                self.campaign,
                id,
                &mut BatchEntry {
                    run,
                    at: self.at,
                    served: &mut self.served,
                },
                &mut self.tally,
            );
            self.world.remove(id);
        }
        if let (Some(verdicts), Some((who, reason))) = (self.verdicts.as_mut(), report) {
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
    fn names_and_reason(
        &self,
        person: &Person,
        verdict: BatchVerdict,
    ) -> (PersonNames, Option<String>) {
        let who = person.names(self.world.layout());
        let reason = match verdict {
            BatchVerdict::NotMatched => {
                let engine = &self.session.engine;
                engine.first_failing(self.campaign, &self.world, person, self.at)
            }
            BatchVerdict::Excluded => Some("qualification rule".to_owned()),
            BatchVerdict::Qualified => None,
        };
        (who, reason)
    }

    /// Returns the number of the run. A dry run gives none; nothing of what it makes is kept.
    fn number(&self) -> RunId {
        self.run.unwrap_or(RunId(0))
    }

    /// Ends a chunk: hands over the journal with the progress made.
    fn hand_over(&mut self, state: RunState, writer: &Writer) -> Result<(), WriterError> {
        let flows = self.tally.runs.remove(&self.number()).unwrap_or_default();
        counts::add(&mut self.counts, self.campaign, &mut self.tally, &flows);
        self.flows.add(flows);
        let written = match self.verdicts.as_mut() {
            Some(verdicts) => Some(verdicts.sync()?),
            None => None,
        };
        let journal = self.world.exchange_journal(writer.spare());
        let Some(run) = self.run else {
            return Ok(());
        };
        let progress = RunProgress {
            run,
            last_person: self.last_person,
            state,
            counts: self.counts.clone(),
            written,
            next: self.next.clone(),
        };
        writer.send(JournalBatch {
            journal,
            keep: Keep::Written,
            watermark: None,
            run: Some(progress),
        })?;
        Ok(())
    }
}
