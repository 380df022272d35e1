//! Counts of what happenings did, for summaries.

use std::collections::BTreeMap;

use crate::domain::{CampaignId, Instant, Outcome, PersonId, Reason};
use crate::world::Activity;

/// An entry that the cascade limit cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Whose.
    pub person: PersonId,
    /// When.
    pub at: Instant,
    /// The campaigns that led to it, the one that was cut last.
    pub chain: Vec<CampaignId>,
}

/// Counts of what happenings did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries into campaigns.
    pub entries: u64,
    /// Waits that ended.
    pub waits: u64,
    /// Batch walks that stopped at a wait.
    pub waiting: u64,
    /// Batch walks that came to their end.
    pub finished: u64,
    /// Entries cut by the cascade limit.
    pub cut: u64,
    /// The first few of them.
    pub cuts: Vec<Cut>,
    /// Steps of batch runs: by campaign and step from 1, how many succeeded, were skipped, failed.
    pub steps: BTreeMap<(CampaignId, u32), [u64; 3]>,
    /// Emails of batch runs that were held back, by reason.
    pub blocked: BTreeMap<Reason, u64>,
    /// People of batch runs to whom some email was not sent.
    pub blocked_people: u64,
}

/// How many cuts are kept to be told.
const CUTS_TOLD: usize = 20;

impl Tally {
    /// Counts a row that a step wrote.
    pub(super) fn step(&mut self, activity: &Activity) {
        let (Some(origin), Some(outcome)) = (activity.origin, activity.outcome) else {
            return;
        };
        if origin.run.is_none() {
            return;
        }
        let counts = self
            .steps
            .entry((origin.campaign, origin.step))
            .or_default();
        match outcome {
            Outcome::Succeeded => counts[0] += 1,
            Outcome::Skipped => counts[1] += 1,
            Outcome::Failed => counts[2] += 1,
        }
    }

    /// Counts an entry that was cut.
    pub(super) fn cut(&mut self, cut: impl FnOnce() -> Cut) {
        self.cut += 1;
        if self.cuts.len() < CUTS_TOLD {
            self.cuts.push(cut());
        }
    }
}
