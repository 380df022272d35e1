//! What has become of campaigns: the counts of their flows, for diagrams and reports.

mod counts;
mod versions;

use crate::domain::Text;
use crate::results::{CampaignDetail, FlowCounts};
use crate::store::{FlowQuery, Store};

use super::Error;
use super::stored_workspace::StoredWorkspace;

/// Counts from the log how many went which way through the flow of a campaign.
pub(crate) fn flow_counts(
    store: &Store,
    opened: &StoredWorkspace,
    campaign: &CampaignDetail,
) -> Result<FlowCounts, Error> {
    let asked = [query(store, &campaign.campaign)?];
    let histories = store.flow_histories(&asked, &opened.workspace.zone)?;
    let history = histories.into_iter().next().unwrap_or_default();
    Ok(counts::flow_counts(&history, &campaign.steps))
}

/// Asks about the present flow of a campaign.
fn query(store: &Store, full_name: &str) -> Result<FlowQuery, Error> {
    Ok(FlowQuery {
        campaign: Text::from(full_name),
        versions: versions::of_present_flow(&store.versions(full_name)?),
    })
}
