//! `campaign test`: the `tests:` of campaign files, run in memory on the engine that runs everything.
//!
//! [`events`] reads what happens, [`play`] lets it happen to people who exist nowhere else, [`judge`] compares with the help
//! of [`states`] and [`mails`], [`moments`] keeps what explains a failure, and [`coverage`] counts what was seen. No
//! database is touched and nothing is written.

mod coverage;
mod difference;
pub(super) mod events;
mod judge;
mod mails;
mod moments;
mod play;
mod side_by_side;
mod states;

use std::path::PathBuf;

use crate::campaign::case::Case;
use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::Zone;
use crate::domain::text::fold;
use crate::engine::Reached;
use crate::results::{CampaignCoverage, TestRow};

use super::Error;
use super::error::FaultyCampaigns;
use super::validate::validate;
use coverage::TestsByPoint;
use side_by_side::side_by_side;

/// What the tests have shown.
#[derive(Debug)]
pub(crate) struct Tested {
    /// One row a test, in the order of files.
    pub(crate) rows: Vec<TestRow>,
    /// What they have seen of each campaign, in the order of files.
    pub(crate) coverage: Vec<CampaignCoverage>,
    /// The zone of the workspace.
    pub(crate) zone: Zone,
    /// Warnings about the files, which stop nothing.
    pub(crate) warnings: Diagnostics,
    /// The files they lie in.
    pub(crate) sources: Sources,
}

/// Which tests are run, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TestOptions<'a> {
    /// For random samples.
    pub(crate) seed: u64,
    /// On how many threads; results do not depend on it.
    pub(crate) threads: usize,
    /// Only tests whose name, or whose campaign's name, has this text in it, without regard to case.
    pub(crate) name: Option<&'a str>,
}

/// Runs the tests of the campaigns that the paths stand for.
pub(crate) fn test(paths: &[PathBuf], options: TestOptions<'_>) -> Result<Tested, Error> {
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
    let cases: Vec<(&Campaign, &Case)> = cases
        .filter(|(campaign, case)| options.takes(campaign, case))
        .collect();
    let done = side_by_side(&cases, options.threads, |(campaign, case)| {
        row(&workspace, campaign, case, options.seed, &sources)
    })?;
    let mut seen = TestsByPoint::default();
    let mut rows = Vec::new();
    for (row, reached) in done {
        rows.push(row);
        seen.add(reached);
    }
    Ok(Tested {
        rows,
        coverage: seen.rows(&workspace, &checked.written, &sources),
        zone: workspace.zone.clone(),
        warnings: diagnostics,
        sources,
    })
}

impl TestOptions<'_> {
    /// Returns whether a test is run.
    fn takes(&self, campaign: &Campaign, case: &Case) -> bool {
        self.name.is_none_or(|pattern| {
            let pattern = fold(pattern);
            [campaign.full_name.as_ref(), &case.name]
                .iter()
                .any(|name| fold(name).contains(&pattern))
        })
    }
}

fn row(
    workspace: &Workspace,
    campaign: &Campaign,
    case: &Case,
    seed: u64,
    sources: &Sources,
) -> (TestRow, Reached) {
    // The events have been checked with the files they stand in.
    let events = events::read(case, workspace).unwrap_or_default();
    let mut played = play::play(workspace, campaign, case, events, seed);
    let reached = std::mem::take(&mut played.reached);
    let failures = judge::failures(played, campaign, case, sources);
    let row = TestRow {
        campaign: campaign.full_name.to_string(),
        test: case.name.clone(),
        file: campaign.file.clone(),
        line: sources.position(case.span).0,
        passed: failures.is_empty(),
        failures,
    };
    (row, reached)
}
