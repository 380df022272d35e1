//! What has become of campaigns: the counts of their flows, for diagrams and reports.
//!
//! Everything that a report says comes from the definitions, the log, the waits and the schedule; nothing is run but the tests
//! of the campaigns' files, which happens in memory.

mod counts;
mod private;
mod tests_of_files;
mod versions;

use crate::campaign::Campaign;
use crate::domain::duration::Unit;
use crate::domain::text::{same, slug};
use crate::domain::{CampaignId, Duration, Instant, Text};
use crate::results::{CampaignDetail, CampaignReport, ComingRun, FlowCounts, ReportDay, WakeDay};
use crate::store::{FlowHistory, FlowQuery, Store};

use super::schedule::schedule;
use super::show::Shown;
use super::stored_workspace::StoredWorkspace;
use super::{Error, UserError};
use tests_of_files::FileTests;

/// How far a report looks ahead.
const AHEAD: Duration = Duration {
    count: 4,
    unit: Unit::Week,
};

/// What reports are made with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReportRequest {
    /// The instant taken as now.
    pub(crate) now: Instant,
    /// The seed of tests.
    pub(crate) seed: u64,
    /// On how many threads tests run.
    pub(crate) threads: usize,
    /// Whether addresses that definitions name are shown.
    pub(crate) show_values: bool,
}

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

/// Returns the campaigns that names stand for, in the order of names: campaigns, or all of a program. Without names, all.
pub(crate) fn named(
    opened: &StoredWorkspace,
    names: &[String],
) -> Result<Vec<CampaignId>, UserError> {
    let mut found: Vec<CampaignId> = Vec::new();
    if names.is_empty() {
        found = sorted(opened, &|_| true);
    }
    for name in names {
        let of_name = match opened.find(name) {
            Ok(campaign) => vec![campaign.id],
            Err(unknown) => {
                let of_program = sorted(opened, &|campaign| is_in(opened, campaign, name));
                if of_program.is_empty() {
                    return Err(unknown);
                }
                of_program
            }
        };
        found.extend(of_name);
    }
    let mut seen = Vec::new();
    found.retain(|id| {
        let is_new = !seen.contains(id);
        seen.push(*id);
        is_new
    });
    Ok(found)
}

/// Returns the campaigns that are wanted, by name.
fn sorted(opened: &StoredWorkspace, wanted: &dyn Fn(&Campaign) -> bool) -> Vec<CampaignId> {
    let campaigns = opened.workspace.campaigns.iter();
    let mut campaigns: Vec<&Campaign> = campaigns.filter(|one| wanted(one)).collect();
    campaigns.sort_by(|a, b| a.full_name.cmp(&b.full_name));
    campaigns.into_iter().map(|campaign| campaign.id).collect()
}

fn is_in(opened: &StoredWorkspace, campaign: &Campaign, program: &str) -> bool {
    let known = &opened.row(campaign.id).program;
    let known = known.as_ref();
    known.is_some_and(|known| same(known, program) || slug(known) == program)
}

/// Reports campaigns, in the order given.
pub(crate) fn report(
    store: &Store,
    opened: &StoredWorkspace,
    campaigns: &[CampaignId],
    request: ReportRequest,
) -> Result<Vec<CampaignReport>, Error> {
    let workspace = &opened.workspace;
    let names = campaigns
        .iter()
        .map(|id| &workspace.campaign(*id).full_name);
    let asked: Result<Vec<FlowQuery>, Error> = names.map(|name| query(store, name)).collect();
    let histories = store.flow_histories(&asked?, &workspace.zone)?;
    let tests = FileTests::run(opened, request.seed, request.threads)?;
    let shown = Shown::of(store, opened, request.now)?;
    let mut reports = Vec::with_capacity(campaigns.len());
    for (id, history) in campaigns.iter().zip(histories) {
        let campaign = workspace.campaign(*id);
        let detail = shown.campaign(store, campaign)?;
        let mut report = CampaignReport {
            flow: counts::flow_counts(&history, &detail.steps),
            days: days(&history),
            wakes: wakes(&history),
            coming: coming(store, opened, *id, request.now)?,
            versions: versions::changes(&store.versions(&campaign.full_name)?),
            tests: tests.of(&campaign.file, &campaign.full_name),
            coverage: tests.coverage_of(&campaign.full_name),
            detail,
        };
        if !request.show_values {
            private::hide_addresses(&mut report);
        }
        reports.push(report);
    }
    Ok(reports)
}

fn days(history: &FlowHistory) -> Vec<ReportDay> {
    let days = history.days.iter();
    days.map(|(day, counts)| ReportDay {
        day: *day,
        entries: counts.entries,
        mails: counts.mails,
    })
    .collect()
}

fn wakes(history: &FlowHistory) -> Vec<WakeDay> {
    let wakes = history.wakes.iter();
    wakes
        .map(|(day, people)| WakeDay {
            day: *day,
            people: *people,
        })
        .collect()
}

fn coming(
    store: &Store,
    opened: &StoredWorkspace,
    campaign: CampaignId,
    now: Instant,
) -> Result<Vec<ComingRun>, Error> {
    let until = AHEAD.after(now, &opened.workspace.zone);
    let view = schedule(store, opened, Some(campaign), now, until)?;
    let runs = view.occurrences.into_iter();
    Ok(runs
        .map(|run| ComingRun {
            at: run.at,
            sends_email: run.sends_email,
        })
        .collect())
}

/// Asks about the present flow of a campaign.
fn query(store: &Store, full_name: &str) -> Result<FlowQuery, Error> {
    Ok(FlowQuery {
        campaign: Text::from(full_name),
        versions: versions::of_present_flow(&store.versions(full_name)?),
    })
}
