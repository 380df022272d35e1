//! What became of each match of a trigger, for those who want to see every one of them.
//!
//! A match is noted when its campaign is evaluated. What the steps of the flow do is noted as it happens, also after
//! waits and by other parts of the work; [`Watched::rows`] brings both together.

use rustc_hash::FxHashMap;

use crate::domain::{CampaignId, Instant, Outcome, PersonId, PersonNames, Reason, Text};

/// What a trigger that matched has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MatchVerdict {
    /// The person entered.
    Entered,
    /// The filters do not hold.
    Filters,
    /// They hold, but the qualification rule says no.
    Excluded,
    /// The campaign is not active.
    Inactive,
    /// The cascade limit cut the entry.
    Cut,
}

/// One trigger that matched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Match {
    /// The instant.
    pub(crate) at: Instant,
    /// The person, as they were called then.
    pub(crate) person: PersonNames,
    /// The place in the person's log of the activity that it matched.
    pub(crate) place: u32,
    /// The id of the event that the activity came from, where it has one.
    pub(crate) event: Option<Text>,
    /// The trigger: its place in the campaign.
    pub(crate) trigger: usize,
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// What became of it.
    pub(crate) verdict: MatchVerdict,
    /// The first filter that does not hold, as it was written.
    pub(crate) failing: Option<String>,
    /// The campaign whose step the activity came from.
    pub(crate) parent: Option<CampaignId>,
    /// Which entry of the person into the campaign it made.
    pub(crate) nth: Option<u32>,
    /// What each step of the flow did.
    pub(crate) steps: Vec<Option<StepOutcome>>,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StepOutcome {
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// Why it was skipped or failed.
    pub(crate) reason: Option<Reason>,
    /// The choice that was taken, from 1; 0 is the default.
    pub(crate) choice: Option<u32>,
}

/// One entry of a person into a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct EntryKey {
    pub(super) person: PersonId,
    pub(super) campaign: CampaignId,
    pub(super) nth: u32,
}

/// All matches of a piece of work, and what the steps of flows did.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Watched {
    matches: Vec<Match>,
    steps: Vec<(EntryKey, u32, StepOutcome)>,
}

impl Watched {
    /// Notes a match.
    pub(super) fn note(&mut self, matched: Match) {
        self.matches.push(matched);
    }

    /// Notes that a match made an entry, which is the first for its campaign or was cut.
    pub(super) fn settle(&mut self, campaign: CampaignId, place: u32, nth: Option<u32>) {
        let mut latest = self.matches.iter_mut().rev();
        let matched = latest.find(|one| one.campaign == campaign && one.place == place);
        if let Some(matched) = matched {
            matched.nth = nth;
            if nth.is_none() {
                matched.verdict = MatchVerdict::Cut;
            }
        }
    }

    /// Notes what a step of a flow did, from 1.
    pub(super) fn step(&mut self, entry: EntryKey, step: u32, outcome: StepOutcome) {
        self.steps.push((entry, step, outcome));
    }

    /// Adds those of another part of the work.
    pub(crate) fn add(&mut self, other: Self) {
        self.matches.extend(other.matches);
        self.steps.extend(other.steps);
    }

    /// Returns all matches with their steps: by instant, person and place in the log.
    pub(crate) fn rows(self) -> Vec<Match> {
        let Self { mut matches, steps } = self;
        matches.sort_by_key(|one| (one.at, one.person.person, one.place));
        let mut places = FxHashMap::default();
        for (place, matched) in matches.iter().enumerate() {
            if let Some(nth) = matched.nth {
                let entry = EntryKey {
                    person: matched.person.person,
                    campaign: matched.campaign,
                    nth,
                };
                places.insert(entry, place);
            }
        }
        for (entry, step, outcome) in steps {
            let Some(place) = places.get(&entry) else {
                continue;
            };
            let cells = &mut matches[*place].steps;
            let cell = step.saturating_sub(1) as usize;
            if cells.len() <= cell {
                cells.resize(cell + 1, None);
            }
            // The first row of a step is its own; the end of a wait leaves another.
            cells[cell].get_or_insert(outcome);
        }
        matches
    }
}
