//! A batch campaign on both sides: everyone is judged, those who differ are asked why, and both sides run.
//!
//! The state on which each side judges is that of its copy before the run. So nothing is kept of a person but a few bits,
//! and of those who differ the number of a cause.

use rustc_hash::FxHashMap;

use crate::app::run_batch::{Judged, ask_guards};
use crate::app::show;
use crate::app::{Control, Error};
use crate::campaign::Campaign;
use crate::domain::{Instant, Mode, PersonId};
use crate::results::PlannedGuard;
use crate::world::PersonSet;

use super::align::Pair;
use super::cause::{Answer, Asker, Cause, Causes};
use super::side::Side;

/// Whom the runs of a campaign take in on the two sides.
#[derive(Debug, Default)]
pub(super) struct BatchPeople {
    /// Those who enter.
    pub(super) entered: [PersonSet; 2],
    /// The causes of those who differed in some run.
    pub(super) found: FxHashMap<PersonId, u32>,
    /// The cause of those whom only one side could take in, because only one side runs.
    pub(super) alone: Option<u32>,
}

/// Whether and for what a side runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum SideRun {
    /// It does not.
    #[default]
    No,
    /// It does, without a schedule.
    Now,
    /// For the occurrence at this local time.
    Occurrence(String),
}

/// The run of one pair at one instant.
pub(super) struct BatchStop<'a, 'w> {
    pub(super) number: u16,
    pub(super) pair: &'a Pair<'w>,
    pub(super) at: Instant,
    /// Whether each side runs.
    pub(super) runs: [SideRun; 2],
    /// Whether the campaign is out of use after the change.
    pub(super) is_pruned: bool,
}

impl BatchStop<'_, '_> {
    /// Runs both sides.
    pub(super) fn go(
        self,
        sides: &mut [Side<'_>; 2],
        people: &mut BatchPeople,
        causes: &mut Causes,
        guards: &mut Vec<PlannedGuard>,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let running =
            [0, 1].map(|side| self.pair.sides[side].filter(|_| self.runs[side] != SideRun::No));
        let mut judged = [None, None];
        for side in 0..2 {
            if let Some(campaign) = running[side] {
                judged[side] = Some(sides[side].judge(campaign, self.at, control)?);
            }
        }
        if let (Some(campaign), Some(judged)) = (running[1], &judged[1]) {
            note_guards(&sides[1], campaign, judged, guards)?;
        }
        match &judged {
            [Some(before), Some(after)] => {
                let sets = [&before.qualified, &after.qualified];
                self.ask(sides, sets, people, causes)?;
            }
            [Some(_), None] | [None, Some(_)] => {
                let cause = self.alone();
                people.alone.get_or_insert_with(|| causes.number(cause));
            }
            [None, None] => {}
        }
        for (side, (judged, run)) in judged.into_iter().zip(self.runs).enumerate() {
            if let (Some(campaign), Some(judged)) = (running[side], judged) {
                people.entered[side].add(&judged.qualified);
                let occurrence = match run {
                    SideRun::No | SideRun::Now => None,
                    SideRun::Occurrence(local) => Some(local),
                };
                sides[side].run(campaign, self.at, occurrence, judged, control)?;
            }
        }
        Ok(())
    }

    /// Asks about those whom one side takes in and the other does not.
    fn ask(
        &self,
        sides: &[Side<'_>; 2],
        sets: [&PersonSet; 2],
        people: &mut BatchPeople,
        causes: &mut Causes,
    ) -> Result<(), Error> {
        let mut differing = sets[0].without(sets[1]);
        differing.add(&sets[1].without(sets[0]));
        let [Some(before), Some(after)] = self.pair.sides else {
            return Ok(());
        };
        let campaigns = [before, after];
        let asker = |side: usize| {
            let Side { store, session, .. } = &sides[side];
            Asker::of(store, session, campaigns[side])
        };
        let askers = [asker(0)?, asker(1)?];
        let most = sides[0].session.bounds.people;
        let mut last = PersonId(0);
        loop {
            let chunk: Vec<PersonId> = differing.after(last).take(most).collect();
            let Some(end) = chunk.last() else {
                return Ok(());
            };
            last = *end;
            let answers = |side: usize| askers[side].ask_all(&sides[side].store, &chunk, self.at);
            let [before, after] = [answers(0)?, answers(1)?];
            let mut after = after.into_iter().peekable();
            for (person, was) in before {
                while after.next_if(|(other, _)| *other < person).is_some() {}
                if let Some((_, is)) = after.next_if(|(other, _)| *other == person) {
                    let cause = self.decided(&was, &is);
                    people.found.entry(person).or_insert(causes.number(cause));
                }
            }
        }
    }

    fn decided(&self, was: &Answer, is: &Answer) -> Cause {
        let cause = self.pair.of_decision(self.number, [was, is]);
        cause.unwrap_or_else(|| Cause::of_whole(self.number, "rule", [None, None]))
    }

    /// Says why only one side runs.
    fn alone(&self) -> Cause {
        let text = |text: &str| Some(text.to_owned());
        let (part, words) = match self.pair.sides {
            [None, _] => ("definition", [None, text("added")]),
            [_, None] => ("definition", [text("there"), None]),
            [Some(_), Some(_)] if self.is_pruned => {
                ("definition", [text("in use"), text("pruned")])
            }
            [Some(before), Some(after)] if before.mode != after.mode => {
                let mode = |mode: Mode| Some(mode.name().to_owned());
                ("mode", [mode(before.mode), mode(after.mode)])
            }
            [Some(before), Some(after)] => {
                let schedule = |campaign: &Campaign| campaign.schedule.as_ref().map(show::schedule);
                ("schedule", [schedule(before), schedule(after)])
            }
        };
        Cause::of_whole(self.number, part, words)
    }
}

/// Asks the guards about those whom a run after the change takes in. Of several runs, one that breaks a guard counts.
fn note_guards(
    side: &Side<'_>,
    campaign: &Campaign,
    judged: &Judged,
    guards: &mut Vec<PlannedGuard>,
) -> Result<(), Error> {
    if !campaign.guards.are_set() {
        return Ok(());
    }
    for outcome in ask_guards(&side.store, campaign, judged, false)? {
        let row = outcome.row;
        let found = PlannedGuard {
            campaign: campaign.full_name.to_string(),
            guard: row.guard,
            limit: row.limit,
            actual: row.actual,
            holds: row.holds,
        };
        let mut known = guards.iter_mut();
        let known = known.find(|known| {
            (&known.campaign, known.guard, &known.limit)
                == (&found.campaign, found.guard, &found.limit)
        });
        match known {
            Some(known) if known.holds => *known = found,
            Some(_) => {}
            None => guards.push(found),
        }
    }
    Ok(())
}
