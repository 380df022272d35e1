//! Older versions of campaigns, which the people who were kept at their waits still finish.
//!
//! Their flow is old; all that it names (emails, lists, programs, other campaigns) is that of the workspace now. A
//! version that names what is gone is faulty like any campaign, and nobody walks it.

use crate::domain::CampaignId;
use crate::domain::text::same;
use crate::source::LoadedFiles;

use super::draft::Draft;
use super::{calls, campaign};

/// Compiles every older version of a campaign that the workspace has.
pub(super) fn compile(loaded: &LoadedFiles, draft: &mut Draft) {
    for old in &loaded.retired {
        let full_name = old.campaign.full_name();
        let campaigns = &draft.workspace.campaigns;
        let place = campaigns
            .iter()
            .position(|campaign| same(&campaign.full_name, &full_name));
        let Some(id) = place.and_then(|place| u32::try_from(place).ok()) else {
            continue;
        };
        let mut campaign = campaign::compile(&old.campaign, CampaignId(id), draft);
        campaign.version = old.version;
        calls::check_targets(draft);
        draft.workspace.retired.push(campaign);
    }
}
