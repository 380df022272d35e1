//! A wait that holds a person, and what began the walk before it.

use std::sync::Arc;

use crate::domain::{ActivityTypeId, CampaignId, Instant, PersonId, RunId, Text, WaitId};

use super::activity::Attributes;

/// What began a walk: the activity that `{{trigger.*}}` refers to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cause {
    /// The activity's type.
    pub(crate) activity: ActivityTypeId,
    /// Its primary attribute.
    pub(crate) primary: Option<Text>,
    /// The others.
    pub(crate) attributes: Attributes,
}

/// A wait that holds a person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WaitRow {
    /// Which; in the order in which waits began.
    pub(crate) id: WaitId,
    /// The person who waits.
    pub(crate) person: PersonId,
    /// In which campaign.
    pub(crate) campaign: CampaignId,
    /// The version in which it began.
    pub(crate) version: u32,
    /// The entry it belongs to.
    pub(crate) nth: u32,
    /// The version whose steps follow, where that is an older one than the newest: the person finishes it.
    pub(crate) finishes: Option<u32>,
    /// The wait's step, from 1, in the version whose steps follow.
    pub(crate) step: u32,
    /// Its place among the flow's waits, from 1.
    pub(crate) wait_ordinal: u32,
    /// The step's `id:`.
    pub(crate) step_id: Option<Text>,
    /// When it began.
    pub(crate) since: Instant,
    /// When it ends.
    pub(crate) until: Instant,
    /// The batch run that began the walk.
    pub(crate) run: Option<RunId>,
    /// What began the walk, for tokens after the wait.
    pub(crate) cause: Option<Arc<Cause>>,
}
