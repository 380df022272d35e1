//! Counts per campaign, summed over the parts of a command and named.

use std::collections::BTreeMap;

use crate::campaign::Workspace;
use crate::domain::CampaignId;
use crate::engine::CampaignTally;
use crate::results::CampaignCounts;

/// Adds the counts of one part of a command to those of the parts before it.
pub(super) fn add(
    sum: &mut BTreeMap<CampaignId, CampaignTally>,
    part: &BTreeMap<CampaignId, CampaignTally>,
) {
    for (campaign, counts) in part {
        sum.entry(*campaign).or_default().add(counts);
    }
}

/// Returns the rows of the result, by name of campaign.
pub(super) fn rows(
    workspace: &Workspace,
    counts: &BTreeMap<CampaignId, CampaignTally>,
) -> Vec<CampaignCounts> {
    let row = |(id, counts): (&CampaignId, &CampaignTally)| CampaignCounts {
        campaign: workspace.campaign(*id).full_name.to_string(),
        triggered: counts.triggered,
        filters: counts.filters,
        excluded: counts.excluded,
        entered: counts.entered,
        waiting: u64::try_from(counts.waiting).unwrap_or(0),
        finished: counts.finished,
        removed: counts.removed,
        cut: counts.cut,
        refused: counts.refused,
    };
    let mut rows: Vec<CampaignCounts> = counts.iter().map(row).collect();
    rows.sort_by(|a, b| a.campaign.cmp(&b.campaign));
    rows
}
