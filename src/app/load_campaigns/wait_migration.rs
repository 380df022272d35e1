//! What happens to the people at one wait when their campaign is loaded anew, and how that is reported.

use crate::app::error::{ErrorKind, UserError};
use crate::app::show;
use crate::campaign::Campaign;
use crate::domain::text::counted;
use crate::results::{LoadedWait, WaitFate};
use crate::store::{Moved, WaitPlace};

/// What happens to the people who wait at one place.
pub(super) struct WaitMigration {
    pub(super) place: WaitPlace,
    /// The campaign's full name.
    pub(super) campaign: String,
    /// The wait in a few words.
    pub(super) wait: String,
    /// When the first and the last of them wake, in the zone that campaigns are written in.
    pub(super) until: [String; 2],
    pub(super) then: NextStep,
}

/// What follows the wait.
pub(super) enum NextStep {
    /// The steps of the newest version after this wait, and where that has moved to.
    GoesOn(Following, Option<Moved>),
    /// The remaining steps of the version that was the newest.
    Kept(Following),
    /// The remaining steps of an older version, as before.
    Finishes(Following),
    /// Nothing.
    Dropped {
        /// The version that drops them.
        by: u32,
    },
}

/// A step that follows a wait.
#[derive(Clone, Copy)]
pub(super) struct Following {
    pub(super) version: u32,
    /// From 1; none at the end of the flow.
    pub(super) step: Option<u32>,
}

impl Following {
    /// Finds what follows a step, which is counted from 0.
    pub(super) fn after(step: usize, campaign: &Campaign, version: u32) -> Self {
        let next = step + 1;
        let is_there = next < campaign.flow.len();
        Self {
            version,
            step: u32::try_from(next + 1).ok().filter(|_| is_there),
        }
    }
}

impl NextStep {
    /// Finds a wait in a new version of its campaign: by its `id`, else by its place among the waits.
    pub(super) fn found(place: &WaitPlace, new: &Campaign, version: u32) -> Option<Self> {
        let step = new.wait_step(place.step_id.as_deref(), place.wait_ordinal)?;
        let to = Moved::To {
            step: u32::try_from(step + 1).ok()?,
            wait_ordinal: new.wait_ordinal(step),
            step_id: new.flow[step].id.clone(),
        };
        let there = Moved::To {
            step: place.step,
            wait_ordinal: place.wait_ordinal,
            step_id: place.step_id.clone(),
        };
        let moved = (to != there).then_some(to);
        Some(Self::GoesOn(Following::after(step, new, version), moved))
    }
}

impl WaitMigration {
    /// Returns what the rows of these waits must be reported; nothing where they say it already.
    pub(super) fn moved(&self) -> Option<Moved> {
        match &self.then {
            NextStep::GoesOn(_, moved) => moved.clone(),
            NextStep::Kept(Following { version, .. }) => Some(Moved::Finish { version: *version }),
            NextStep::Finishes(_) | NextStep::Dropped { .. } => None,
        }
    }

    /// Returns the problem of a load that has no place for these people, where it has none.
    pub(super) fn lost(&self) -> Option<UserError> {
        match &self.then {
            NextStep::Kept(Following { version, .. }) => {
                let (campaign, new) = (&self.campaign, version + 1);
                let who = self.who();
                let message = format!("`{campaign}`: {who}, and version {new} has no such wait");
                Some(UserError::new(ErrorKind::State, message))
            }
            NextStep::GoesOn(..) | NextStep::Finishes(_) | NextStep::Dropped { .. } => None,
        }
    }

    /// Returns the version that these people finish, if they do.
    pub(super) fn finished(&self) -> Option<u32> {
        match &self.then {
            NextStep::Kept(Following { version, .. })
            | NextStep::Finishes(Following { version, .. }) => Some(*version),
            NextStep::GoesOn(..) | NextStep::Dropped { .. } => None,
        }
    }

    /// Describes who waits where, and until when: `2 people at step 2 (wait 3 days) until 2026-11-05 09:00:00`.
    pub(super) fn who(&self) -> String {
        let step = self.place.step;
        let people = counted(self.place.held.people, "person", "people");
        let [first, last] = &self.until;
        let until = if first == last {
            first.clone()
        } else {
            format!("{first} at the earliest, {last} at the latest")
        };
        format!("{people} at step {step} ({}) until {until}", self.wait)
    }

    /// Reports what happens to them.
    pub(super) fn sentence(&self) -> String {
        let one = self.place.held.people == 1;
        let verb = |singular: &'static str, plural| if one { singular } else { plural };
        let then = match &self.then {
            NextStep::GoesOn(Following { version, step }, _) => match step {
                Some(step) => {
                    let go = verb("goes", "go");
                    format!("{go} on at step {step} of version {version}")
                }
                None => format!("{} at the end of version {version} then", verb("is", "are")),
            },
            NextStep::Kept(Following { version, .. })
            | NextStep::Finishes(Following { version, .. }) => {
                format!("{} version {version}", verb("finishes", "finish"))
            }
            NextStep::Dropped { .. } => format!("{} dropped from the flow", verb("was", "were")),
        };
        format!("`{}`: {}: {then}", self.campaign, self.who())
    }

    /// Returns it as a result.
    pub(super) fn result(&self) -> LoadedWait {
        let (then, following) = match &self.then {
            NextStep::GoesOn(following, _) => (WaitFate::GoesOn, Some(following)),
            NextStep::Kept(following) | NextStep::Finishes(following) => {
                (WaitFate::Finishes, Some(following))
            }
            NextStep::Dropped { .. } => (WaitFate::Dropped, None),
        };
        LoadedWait {
            waiting: show::waiting(&self.place, self.wait.clone()),
            then,
            version: following.map(|following| following.version),
            next_step: following.and_then(|following| following.step),
        }
    }
}
