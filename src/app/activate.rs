//! `campaign activate` and `deactivate`: whether triggers reach a campaign.

use crate::campaign::Campaign;
use crate::domain::{Instant, Mode, Text};
use crate::store::Store;

use super::stored_workspace::StoredWorkspace;
use super::{Error, ErrorKind, UserError};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    /// From now on events are honoured; earlier ones are never asked again.
    Activate,
    /// New entries stop; people in the flow continue.
    Deactivate,
}

impl Activation {
    fn is_active(self) -> bool {
        self == Self::Activate
    }

    fn word(self) -> &'static str {
        match self {
            Self::Activate => "activated",
            Self::Deactivate => "deactivated",
        }
    }
}

/// The outcome of one campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activated {
    /// The full name.
    pub(crate) campaign: String,
    /// Whether it was not so before.
    pub(crate) changed: bool,
    /// The file that will set it back at the next load, if it says otherwise.
    pub(crate) set_back_by: Option<String>,
}

/// Activates or deactivates campaigns, all or none.
pub(crate) fn activate(
    store: &mut Store,
    names: &[String],
    activation: Activation,
    now: Instant,
) -> Result<Vec<Activated>, Error> {
    let opened = StoredWorkspace::of(store)?;
    super::refuse_unfinished(store)?;
    let mut campaigns: Vec<&Campaign> = Vec::new();
    for name in names {
        let campaign = opened.find_valid(name)?;
        check(campaign, activation)?;
        campaigns.push(campaign);
    }
    let full_names: Vec<Text> = campaigns
        .iter()
        .map(|campaign| campaign.full_name.clone())
        .collect();
    let changed = store.set_active(&full_names, activation.is_active(), now)?;
    Ok(campaigns
        .into_iter()
        .map(|campaign| Activated {
            campaign: campaign.full_name.to_string(),
            changed: changed.contains(&campaign.full_name),
            set_back_by: campaign
                .active
                .is_some_and(|written| written != activation.is_active())
                .then(|| campaign.file.clone()),
        })
        .collect())
}

fn check(campaign: &Campaign, activation: Activation) -> Result<(), UserError> {
    let name = &campaign.full_name;
    let help = match campaign.mode {
        Mode::Triggered if campaign.flow.is_empty() && activation.is_active() => {
            return Err(UserError::new(
                ErrorKind::State,
                format!("`{name}` has no flow step, so there is nothing to activate"),
            ));
        }
        Mode::Triggered => return Ok(()),
        Mode::Batch => {
            format!("run it with `bugle campaign run \"{name}\"`, or give it a schedule")
        }
        Mode::Executable => "it takes people when another campaign executes it".to_owned(),
    };
    let message = format!(
        "`{name}` is not a trigger campaign, so it cannot be {}",
        activation.word()
    );
    Err(UserError::new(ErrorKind::State, message).help(help))
}
