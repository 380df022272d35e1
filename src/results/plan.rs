//! What a change of campaigns does to people, for `campaign plan`.

use serde::Serialize;

use crate::domain::{GuardName, Instant};

/// A change, and what differs by it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Plan {
    /// What is compared: the files of the change.
    pub(crate) change: String,
    /// With what they are compared.
    pub(crate) against: String,
    /// The instant taken as now.
    pub(crate) at: Instant,
    /// Up to when waits continue; none where they do not.
    pub(crate) until: Option<Instant>,
    /// Campaigns whose definition is another one.
    pub(crate) definitions: Vec<PlannedDefinition>,
    /// Campaigns that are defined anew, or that take in other people, or take them elsewhere.
    pub(crate) campaigns: Vec<PlannedCampaign>,
    /// What steps do, where they do it more or less often.
    pub(crate) effects: Vec<PlannedEffect>,
    /// People who are in a wait of a campaign that changes.
    pub(crate) waiting: Vec<PlannedWait>,
    /// How much mail one person gets.
    pub(crate) mail: PlannedMail,
    /// The guards of the batch campaigns after the change.
    pub(crate) guards: Vec<PlannedGuard>,
    /// Trigger campaigns, where no events are given by which they could be evaluated.
    pub(crate) not_evaluated: Vec<String>,
}

impl Plan {
    /// Returns whether people are affected: whether they enter or not, where they go, what is done, or a wait.
    pub(crate) fn changes_people(&self) -> bool {
        let moves = |row: &PlannedCampaign| row.entering > 0 || row.leaving > 0 || row.path > 0;
        self.campaigns.iter().any(moves)
            || !self.effects.is_empty()
            || self.waiting.iter().any(PlannedWait::is_change)
            || self.mail.is_change()
    }

    /// Returns whether a guard is broken after the change.
    pub(crate) fn breaks_a_guard(&self) -> bool {
        self.guards.iter().any(|guard| !guard.holds)
    }
}

/// How one definition differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PlannedDefinition {
    /// The campaign's full name; none of the workspace.
    pub(crate) campaign: Option<String>,
    /// What becomes of it.
    pub(crate) change: DefinitionChange,
    /// The parts that differ, by their keys.
    pub(crate) parts: Vec<String>,
}

/// What becomes of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DefinitionChange {
    /// It is new.
    Added,
    /// It means something else.
    Changed,
    /// Its file is gone; it stays as it is.
    Missing,
    /// Its file is gone, and it is deactivated and unscheduled.
    Pruned,
}

impl DefinitionChange {
    /// Returns the word people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Pruned => "pruned",
        }
    }
}

/// The people of one campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PlannedCampaign {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// How many people enter without the change.
    pub(crate) before: u64,
    /// How many enter with it.
    pub(crate) after: u64,
    /// How many enter with it alone.
    #[serde(rename = "in")]
    pub(crate) entering: u64,
    /// How many enter without it alone.
    #[serde(rename = "out")]
    pub(crate) leaving: u64,
    /// How many take another path.
    pub(crate) path: u64,
    /// Where the two sides first differ for them.
    pub(crate) causes: Vec<PlannedCause>,
}

/// What differs first for some people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PlannedCause {
    /// What it is: `filter`, `trigger`, `rule`, `choice`, `step`, `email`, `smart_list`, …
    pub(crate) part: &'static str,
    /// Its number: as in `logic`, or of the step.
    pub(crate) number: Option<String>,
    /// What it was; none where it was not there.
    pub(crate) was: Option<String>,
    /// What it is after the change; none where it is gone.
    pub(crate) now: Option<String>,
    /// What both are about, where that is the same.
    #[serde(skip)]
    pub(crate) subject: Option<String>,
    /// How many enter because of it.
    #[serde(rename = "in")]
    pub(crate) entering: u64,
    /// How many do not enter because of it.
    #[serde(rename = "out")]
    pub(crate) leaving: u64,
    /// How many take another path because of it.
    pub(crate) path: u64,
    /// The first of these people, as many as were asked for.
    pub(crate) people: Vec<String>,
}

/// How often something is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PlannedEffect {
    /// What: `field`, `score`, `list`, `status`, `mail`, …
    pub(crate) effect: &'static str,
    /// Which one.
    pub(crate) name: String,
    /// How often without the change.
    pub(crate) before: u64,
    /// How often with it.
    pub(crate) after: u64,
}

/// The people at one wait of a campaign that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PlannedWait {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// How many people.
    pub(crate) people: u64,
    /// The step at which they wait, from 1.
    pub(crate) step: u32,
    /// What becomes of them.
    pub(crate) becomes: WaitBecomes,
    /// The step that follows, from 1; none at the end.
    pub(crate) to: Option<u32>,
}

impl PlannedWait {
    fn is_change(&self) -> bool {
        self.becomes != WaitBecomes::GoesOn || self.to.is_some_and(|to| to != self.step + 1)
    }
}

/// What becomes of people in a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WaitBecomes {
    /// They go on with the steps of the new version.
    GoesOn,
    /// They finish the version they are in.
    Finishes,
    /// Their wait ends.
    Dropped,
    /// Their wait is not in the new version: a load is refused, unless it is said what becomes of them.
    Lost,
}

impl WaitBecomes {
    /// Returns the words people see.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::GoesOn => "go on",
            Self::Finishes => "finish the old version",
            Self::Dropped => "lose their wait",
            Self::Lost => "have no wait in the new version",
        }
    }
}

/// How much mail the steps send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct PlannedMail {
    /// The largest number of mails to one person on one day.
    pub(crate) most_per_day: BeforeAfter,
    /// The largest number of mails to one person within seven days.
    pub(crate) most_per_7_days: BeforeAfter,
    /// How many people had a mail held back by a communication limit.
    pub(crate) over_limit: BeforeAfter,
}

impl PlannedMail {
    fn is_change(&self) -> bool {
        let all = [self.most_per_day, self.most_per_7_days, self.over_limit];
        all.iter().any(|count| count.before != count.after)
    }
}

/// A number without and with the change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct BeforeAfter {
    /// Without it.
    pub(crate) before: u64,
    /// With it.
    pub(crate) after: u64,
}

/// One guard of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PlannedGuard {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// The guard.
    pub(crate) guard: GuardName,
    /// What it allows.
    pub(crate) limit: String,
    /// What is.
    pub(crate) actual: String,
    /// Whether it holds.
    pub(crate) holds: bool,
}
