//! What became of each match of a trigger, for those who want to see every one of them.
//!
//! A match is noted when its campaign is evaluated. What the steps of the flow do is noted as it happens, also after
//! waits and by other parts of the work; the store brings both together.

use crate::domain::{CampaignId, Instant, Outcome, PersonId, PersonNames, Reason, Text};

/// What a trigger that matched has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl MatchVerdict {
    /// Returns the name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Filters => "filters",
            Self::Excluded => "excluded",
            Self::Inactive => "inactive",
            Self::Cut => "cut",
        }
    }
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
    /// The trigger, as it was written.
    pub(crate) trigger: String,
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
}

/// What one step did in an entry that no batch run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MatchStep {
    /// The person.
    pub(crate) person: PersonId,
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// Which entry of the person into the campaign it was.
    pub(crate) nth: u32,
    /// The step, from 1.
    pub(crate) step: u32,
    /// What it did.
    pub(crate) outcome: StepOutcome,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StepOutcome {
    /// How it ended; none where it goes on.
    pub(crate) outcome: Option<Outcome>,
    /// Why it was skipped or failed.
    pub(crate) reason: Option<Reason>,
    /// The choice that was taken, from 1; 0 is the default.
    pub(crate) choice: Option<u32>,
}

impl StepOutcome {
    /// Says it in a cell: `2: skipped (no change)`.
    pub(crate) fn text(self) -> String {
        let mut text = match self.choice {
            None => String::new(),
            Some(0) => "default: ".to_owned(),
            Some(choice) => format!("{choice}: "),
        };
        if let Some(outcome) = self.outcome {
            text.push_str(outcome.name());
        }
        if let Some(reason) = self.reason {
            text.push_str(" (");
            text.push_str(&reason.text());
            text.push(')');
        }
        text
    }
}
