//! What the flows of one batch run did: counted while they walk, also after their waits.

use std::collections::BTreeMap;

use crate::domain::{CampaignId, Instant, Outcome, PersonId, Reason};
use crate::world::PersonSet;

/// What the flows of one batch run did.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RunTally {
    /// The steps: by campaign and number from 1.
    pub(crate) steps: BTreeMap<(CampaignId, u32), StepTally>,
    /// Emails that were held back, by reason.
    pub(crate) blocked: BTreeMap<Reason, u64>,
    /// People to whom some email was not sent.
    pub(crate) blocked_people: PersonSet,
}

impl RunTally {
    /// Adds the counts of another part of the run.
    pub(crate) fn add(&mut self, other: Self) {
        for (step, counts) in other.steps {
            self.steps.entry(step).or_default().add(&counts);
        }
        for (reason, count) in other.blocked {
            *self.blocked.entry(reason).or_default() += count;
        }
        for person in other.blocked_people.after(PersonId(0)) {
            self.blocked_people.insert(person);
        }
    }

    /// Counts an email that is held back.
    pub(super) fn block(&mut self, person: PersonId, reason: Reason) {
        *self.blocked.entry(reason).or_default() += 1;
        self.blocked_people.insert(person);
    }

    /// Counts the row that a step left.
    pub(super) fn step(&mut self, campaign: CampaignId, step: u32, outcome: Outcome) {
        let counts = self.steps.entry((campaign, step)).or_default();
        match outcome {
            Outcome::Succeeded => counts.succeeded += 1,
            Outcome::Skipped => counts.skipped += 1,
            Outcome::Failed => counts.failed += 1,
        }
    }

    /// Counts a wait that begins.
    pub(super) fn wait(&mut self, campaign: CampaignId, step: u32, until: Instant) {
        let waits = &mut self.steps.entry((campaign, step)).or_default().waits;
        waits.add(&WaitTally {
            waited: 1,
            span: Some((until, until)),
        });
    }
}

/// What one step of a batch run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct StepTally {
    /// How often it did what it says.
    pub(crate) succeeded: u64,
    /// How often it had nothing to do, or was not allowed to.
    pub(crate) skipped: u64,
    /// How often it could not.
    pub(crate) failed: u64,
    /// Those whom it held, where it is a wait.
    pub(crate) waits: WaitTally,
}

impl StepTally {
    fn add(&mut self, other: &Self) {
        self.succeeded += other.succeeded;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.waits.add(&other.waits);
    }
}

/// Those whom a wait has held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WaitTally {
    /// How many there were.
    pub(crate) waited: u64,
    /// When the first and the last of them wake.
    pub(crate) span: Option<(Instant, Instant)>,
}

impl WaitTally {
    /// Adds others whom it has held.
    pub(crate) fn add(&mut self, other: &Self) {
        self.waited += other.waited;
        self.span = match (self.span, other.span) {
            (Some((first, last)), Some((from, to))) => Some((first.min(from), last.max(to))),
            (one, None) | (None, one) => one,
        };
    }
}
