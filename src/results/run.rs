//! What `campaign run` did, or would do.

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use crate::domain::{Reason, RunCounts};

/// The funnel of one batch run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RunSummary {
    /// The full name of the campaign.
    pub(crate) campaign: String,
    /// The run's number; none in a dry run.
    pub(crate) run_id: Option<i64>,
    /// What it counted.
    pub(crate) counts: RunCounts,
}

/// How many people one reason applies to.
#[derive(Serialize)]
struct ReasonCount {
    reason: Reason,
    count: u64,
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
        let mut keys = serializer.serialize_struct("RunSummary", 11)?;
        keys.serialize_field("campaign", &self.campaign)?;
        keys.serialize_field("run_id", &self.run_id)?;
        keys.serialize_field("matched", &counts.matched)?;
        keys.serialize_field("excluded", &counts.excluded)?;
        keys.serialize_field("qualified", &counts.qualified)?;
        keys.serialize_field("blocked", &counts.blocked_people)?;
        keys.serialize_field("waiting", &counts.waiting)?;
        keys.serialize_field("finished", &counts.finished)?;
        keys.serialize_field("steps", &counts.steps)?;
        keys.serialize_field("blocked_by", &blocked_by.collect::<Vec<_>>())?;
        keys.serialize_field("cut", &counts.cut)?;
        keys.end()
    }
}
