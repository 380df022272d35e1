//! What `campaign run` did, or would do.

use serde::ser::{SerializeStruct as _, Serializer};
use serde::{Deserialize, Serialize};

use super::CampaignCounts;
use crate::domain::{GuardName, Instant, Reason, RunCounts, StepCount};

/// The funnel of one batch run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RunSummary {
    /// The full name of the campaign.
    pub(crate) campaign: String,
    /// The run's number; none in a dry run.
    pub(crate) run_id: Option<i64>,
    /// What it counted.
    pub(crate) counts: RunCounts,
    /// Whether nothing of it was done.
    pub(crate) is_dry: bool,
    /// Its guards, each with what it found; none where the counts of a finished run are shown again.
    pub(crate) guards: Vec<GuardRow>,
    /// What follows from it, in a dry run that goes on through the waits.
    pub(crate) rehearsed: Option<Rehearsed>,
}

/// What follows from a run after its waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rehearsed {
    /// The instant up to which time has passed.
    pub(crate) until: Instant,
    /// Whom each step of the flow has held, in order; waits alone hold somebody.
    pub(crate) waits: Vec<Option<WaitCount>>,
    /// What happened on the way in each campaign, this one included.
    pub(crate) campaigns: Vec<CampaignCounts>,
}

/// Whom a wait has held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WaitCount {
    /// How many people.
    pub(crate) waited: u64,
    /// When the first of them wakes.
    pub(crate) first_wake: Option<Instant>,
    /// When the last of them wakes.
    pub(crate) last_wake: Option<Instant>,
}

/// One guard of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GuardRow {
    /// The guard.
    pub(crate) guard: GuardName,
    /// What it allows.
    pub(crate) limit: String,
    /// What is.
    pub(crate) actual: String,
    /// Whether it holds.
    pub(crate) holds: bool,
}

impl GuardRow {
    /// What `must_include` finds of a person who is not there.
    pub(crate) const NO_SUCH_PERSON: &str = "there is no such person";
}

/// How many people one reason applies to.
#[derive(Serialize)]
struct ReasonCount {
    reason: Reason,
    count: u64,
}

/// A step of a run that goes on through the waits: what does not wait has nothing in the last three keys.
#[derive(Serialize)]
struct RehearsedStep<'a> {
    #[serde(flatten)]
    counts: &'a StepCount,
    waited: Option<u64>,
    first_wake: Option<Instant>,
    last_wake: Option<Instant>,
}

/// The keys of the result: `blocked` counts people, and `blocked_by` has the emails of each reason in a list.
impl Serialize for RunSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counts = &self.counts;
        let blocked_by = counts.blocked.iter();
        let blocked_by = blocked_by.map(|(reason, count)| ReasonCount {
            reason: *reason,
            count: *count,
        });
        let rehearsed = self.rehearsed.as_ref();
        let mut keys = serializer.serialize_struct("RunSummary", 16)?;
        keys.serialize_field("campaign", &self.campaign)?;
        keys.serialize_field("run_id", &self.run_id)?;
        keys.serialize_field("matched", &counts.matched)?;
        keys.serialize_field("excluded", &counts.excluded)?;
        keys.serialize_field("qualified", &counts.qualified)?;
        keys.serialize_field("blocked", &counts.blocked_people)?;
        keys.serialize_field("waiting", &counts.waiting)?;
        keys.serialize_field("finished", &counts.finished)?;
        match rehearsed {
            None => keys.serialize_field("steps", &counts.steps)?,
            Some(rehearsed) => keys.serialize_field("steps", &steps(counts, rehearsed))?,
        }
        keys.serialize_field("blocked_by", &blocked_by.collect::<Vec<_>>())?;
        keys.serialize_field("cut", &counts.cut)?;
        keys.serialize_field("dry_run", &self.is_dry)?;
        keys.serialize_field("until", &rehearsed.map(|rehearsed| rehearsed.until))?;
        let campaigns = rehearsed.map(|rehearsed| &rehearsed.campaigns);
        keys.serialize_field("campaigns", &campaigns)?;
        keys.serialize_field("guards", &self.guards)?;
        keys.serialize_field("allowed", &counts.allowed)?;
        keys.end()
    }
}

fn steps<'a>(counts: &'a RunCounts, rehearsed: &Rehearsed) -> Vec<RehearsedStep<'a>> {
    let steps = counts.steps.iter().zip(&rehearsed.waits);
    let steps = steps.map(|(counts, wait)| RehearsedStep {
        counts,
        waited: wait.map(|wait| wait.waited),
        first_wake: wait.and_then(|wait| wait.first_wake),
        last_wake: wait.and_then(|wait| wait.last_wake),
    });
    steps.collect()
}
