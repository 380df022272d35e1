//! People as they were when the tested campaign was evaluated for them, and when their waits ended.
//!
//! A test that fails is explained by what held at the entry or step in question, not by what holds at its end.

use std::collections::BTreeMap;

use crate::app::explain::{Question, explanation};
use crate::campaign::Campaign;
use crate::domain::{Instant, PersonId};
use crate::engine::{Engine, JudgedPerson};
use crate::results::{Entered, Explanation};
use crate::world::{EntryRow, EntryStats, Person, WaitRow, World};

/// One person at one instant.
#[derive(Debug, Clone, PartialEq)]
struct Moment {
    /// The person then.
    person: Person,
    at: Instant,
    /// The place in the log of the activity that triggers were asked about.
    row: Option<u32>,
    /// The instant of the entry, if the person was let in or was in the flow already.
    entered: Option<Instant>,
}

/// All moments of a test that can explain why it failed.
#[derive(Debug, Default)]
pub(super) struct Moments {
    /// Entries and ends of waits, in the order in which they happened.
    flows: BTreeMap<PersonId, Vec<Moment>>,
    /// The evaluation that best explains why a person did not enter: of a batch the first, else the last.
    rejected: BTreeMap<PersonId, Moment>,
    /// The last event that the campaign was not evaluated for.
    passed_over: BTreeMap<PersonId, Moment>,
}

impl Moments {
    /// Keeps those for whom the campaign was evaluated by a trigger or a step.
    pub(super) fn judged(&mut self, judged: Vec<JudgedPerson>) {
        for JudgedPerson {
            person,
            at,
            row,
            entered,
        } in judged
        {
            let id = person.id;
            let moment = Moment {
                person,
                at,
                row,
                entered: entered.then_some(at),
            };
            if entered {
                self.flows.entry(id).or_default().push(moment);
            } else {
                self.rejected.insert(id, moment);
            }
        }
    }

    /// Keeps a person before a run of the batch campaign.
    pub(super) fn run(&mut self, person: &Person, at: Instant, entered: bool) {
        let moment = || Moment {
            person: person.clone(),
            at,
            row: None,
            entered: entered.then_some(at),
        };
        if entered {
            self.flows.entry(person.id).or_default().push(moment());
        } else {
            self.rejected.entry(person.id).or_insert_with(moment);
        }
    }

    /// Keeps a person after an event.
    pub(super) fn event(&mut self, person: &Person, at: Instant) {
        let moment = Moment {
            person: person.clone(),
            at,
            row: None,
            entered: None,
        };
        self.passed_over.insert(person.id, moment);
    }

    /// Keeps a person whose wait ends. The rule that let them in is shown as it stood before that entry.
    pub(super) fn wake(&mut self, person: &Person, wait: &WaitRow, entries: &[EntryRow]) {
        let entry = |nth: u32| {
            entries.iter().find(|row| {
                (row.person, row.campaign, row.nth) == (wait.person, wait.campaign, nth)
            })
        };
        let mut person = person.clone();
        let earlier = wait.nth.checked_sub(1).and_then(entry);
        for passed in &mut person.passed {
            if passed.campaign == wait.campaign
                && let Some(earlier) = earlier
            {
                *passed = EntryStats {
                    times: earlier.nth,
                    last_at: earlier.at,
                    ..*passed
                };
            }
        }
        if earlier.is_none() {
            person.passed.retain(|p| p.campaign != wait.campaign);
        }
        let begun = entry(wait.nth);
        let moment = Moment {
            person,
            at: wait.until,
            row: begun.and_then(|entry| entry.cause),
            entered: begun.map(|entry| entry.at),
        };
        self.flows.entry(wait.person).or_default().push(moment);
    }

    /// Returns the moment that led to a row of the person's log; without one, the moment that explains best why there is
    /// none.
    fn of(&self, person: PersonId, row: Option<u32>) -> Option<&Moment> {
        let flows = self.flows.get(&person).map_or(&[][..], Vec::as_slice);
        if let Some(row) = row {
            return flows
                .iter()
                .rev()
                .find(|moment| moment.person.next_ordinal <= row)
                .or_else(|| flows.first());
        }
        let rejected = self.rejected.get(&person);
        let last = flows.last();
        let rejected_since = rejected.filter(|one| last.is_none_or(|last| one.at >= last.at));
        rejected_since
            .or(last)
            .or_else(|| self.passed_over.get(&person))
    }

    /// Explains the moment that led to a row of the log, or to none.
    pub(super) fn explain(
        &self,
        engine: &Engine<'_>,
        campaign: &Campaign,
        world: &mut World,
        person: PersonId,
        row: Option<u32>,
    ) -> Option<Explanation> {
        let moment = self.of(person, row)?;
        let at_end = world.person(person).cloned();
        world.insert(moment.person.clone());
        let mut question = Question::now(moment.at);
        question.row = moment.row;
        let explained = explanation(engine, campaign, world, person, &question);
        world.remove(person);
        if let Some(at_end) = at_end {
            world.insert(at_end);
        }
        let mut explained = explained?;
        // A file has no version yet; the first load gives it the first one.
        let version = campaign.version.max(1);
        explained.entered = moment.entered.map(|at| Entered {
            at,
            version,
            newest: version,
        });
        Some(explained)
    }
}
