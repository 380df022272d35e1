//! Activities: a row of a person's log, being written and as history.

use std::sync::Arc;

use crate::domain::{
    ActivityTypeId, CampaignId, Instant, Key, Outcome, PersonId, Reason, RunId, Text, Value,
};

/// The attributes of an activity besides the primary one, in order; shared between log, history and triggers.
pub(crate) type Attributes = Arc<[(Key, Value)]>;

/// Which step of which campaign wrote an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// The batch run, if one began the walk.
    pub(crate) run: Option<RunId>,
    /// The step, from 1.
    pub(crate) step: u32,
    /// The choice that was taken, from 1; 0 is the default; none where the step has no choices.
    pub(crate) choice: Option<u32>,
}

/// One row of a person's log, as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Activity {
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The type of the activity.
    pub(crate) activity: ActivityTypeId,
    /// The primary attribute.
    pub(crate) primary: Option<Text>,
    /// The others.
    pub(crate) attributes: Attributes,
    /// The step that wrote it; none for events.
    pub(crate) origin: Option<Origin>,
    /// How the step ended; none for events, save a change that changes nothing (`skipped`).
    pub(crate) outcome: Option<Outcome>,
    /// Why it was skipped or failed: `no change`, `unsubscribed`.
    pub(crate) reason: Option<Reason>,
    /// The id of the event it came from, where that has one.
    pub(crate) event: Option<Text>,
    /// The id of the campaign in Marketo that caused the event, in a Marketo extract.
    pub(crate) marketo_campaign: Option<i64>,
}

impl Activity {
    /// Returns whether filters and triggers see it: an event, or a step that succeeded.
    pub(crate) fn counts(&self) -> bool {
        matches!(self.outcome, None | Some(Outcome::Succeeded))
    }
}

/// A row of a person's log in its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogRow {
    /// The person whose log it is.
    pub(crate) person: PersonId,
    /// Its place in that log, from 0, in the order in which rows were written.
    pub(crate) ordinal: u32,
    /// The place of the first row of its happening: of everything that one event, one line of a list, one wake-up or one
    /// entry of a batch run led to. None in rows written before happenings were noted.
    pub(crate) happening: Option<u32>,
    /// What it says.
    pub(crate) activity: Activity,
}

/// An activity of the past as filters see it. Only those that count are ever loaded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PastActivity {
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The type of the activity.
    pub(crate) activity: ActivityTypeId,
    /// Its place in the person's log.
    pub(crate) ordinal: u32,
    /// The primary attribute.
    pub(crate) primary: Option<Text>,
    /// The others.
    pub(crate) attributes: Attributes,
}

#[cfg(test)]
impl PastActivity {
    /// Returns an attribute besides the primary one.
    pub(crate) fn attribute(&self, key: &str) -> Option<&Value> {
        self.attributes
            .iter()
            .find(|(k, _)| k.as_ref() == key)
            .map(|(_, value)| value)
    }
}
