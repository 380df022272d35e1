//! `campaign test`: the `tests:` of campaign files, run in memory on the engine that runs everything.
//!
//! [`events`] reads what happens, [`play`] lets it happen to people who exist nowhere else, [`judge`] compares with the help
//! of [`states`] and [`mails`], and
//! [`moments`] keeps what explains a failure. No
//! database is touched and nothing is written.

mod difference;
pub(super) mod events;
mod judge;
mod mails;
mod moments;
mod play;
mod states;

use std::path::PathBuf;

use crate::campaign::case::Case;
use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::Zone;
use crate::results::TestRow;

use super::Error;
use super::error::FaultyCampaigns;
use super::validate::validate;

/// What the tests have shown.
#[derive(Debug)]
pub(crate) struct Tested {
    /// One row a test, in the order of files.
    pub(crate) rows: Vec<TestRow>,
    /// The zone of the workspace.
    pub(crate) zone: Zone,
    /// Warnings about the files, which stop nothing.
    pub(crate) warnings: Diagnostics,
    /// The files they lie in.
    pub(crate) sources: Sources,
}

/// Runs every test of the campaigns that the paths stand for.
pub(crate) fn test(paths: &[PathBuf], seed: u64) -> Result<Tested, Error> {
    let checked = validate(paths)?;
    let (diagnostics, sources) = (checked.diagnostics, checked.sources);
    let Some(workspace) = checked.workspace else {
        return Err(Error::Campaigns(Box::new(FaultyCampaigns {
            diagnostics,
            sources,
        })));
    };
    let cases = workspace
        .campaigns
        .iter()
        .flat_map(|campaign| campaign.tests.iter().map(move |case| (campaign, case)));
    let rows = cases
        .map(|(campaign, case)| row(&workspace, campaign, case, seed, &sources))
        .collect();
    Ok(Tested {
        rows,
        zone: workspace.zone.clone(),
        warnings: diagnostics,
        sources,
    })
}

fn row(
    workspace: &Workspace,
    campaign: &Campaign,
    case: &Case,
    seed: u64,
    sources: &Sources,
) -> TestRow {
    // The events have been checked with the files they stand in.
    let events = events::read(case, workspace).unwrap_or_default();
    let played = play::play(workspace, campaign, case, events, seed);
    let failures = judge::failures(played, campaign, case, sources);
    TestRow {
        campaign: campaign.full_name.to_string(),
        test: case.name.clone(),
        file: campaign.file.clone(),
        line: sources.position(case.span).0,
        passed: failures.is_empty(),
        failures,
    }
}
