//! An index from activity types to the campaigns that react, in the order of evaluation.

use crate::campaign::Workspace;
use crate::domain::{ActivityTypeId, CampaignId, Mode};

/// Active trigger campaigns by activity type.
#[derive(Debug)]
pub(super) struct TriggerIndex {
    by_type: Vec<Vec<CampaignId>>,
}

impl TriggerIndex {
    /// Indexes the active trigger campaigns: by priority, then by name.
    pub(super) fn of(workspace: &Workspace, active: impl Fn(CampaignId) -> bool) -> Self {
        let mut ordered: Vec<_> = workspace
            .campaigns
            .iter()
            .filter(|c| c.mode == Mode::Triggered && active(c.id))
            .collect();
        ordered.sort_by(|a, b| (a.priority, &a.full_name).cmp(&(b.priority, &b.full_name)));
        let mut by_type = vec![Vec::new(); workspace.activities.len()];
        for campaign in ordered {
            for trigger in &campaign.triggers {
                let campaigns: &mut Vec<CampaignId> = &mut by_type[trigger.activity.0 as usize];
                if campaigns.last() != Some(&campaign.id) {
                    campaigns.push(campaign.id);
                }
            }
        }
        Self { by_type }
    }

    /// Returns the campaigns that have a trigger of a type.
    pub(super) fn of_type(&self, activity: ActivityTypeId) -> &[CampaignId] {
        self.by_type
            .get(activity.0 as usize)
            .map_or(&[], Vec::as_slice)
    }
}
