//! `campaign test`: the `tests:` of campaign files, run in memory on the engine that runs everything.
//!
//! [`events`] reads what happens, [`play`] lets it happen to people who exist nowhere else, [`judge`] compares with the help
//! of [`states`] and [`mails`], [`moments`] keeps what explains a failure, [`coverage`] counts what was seen, [`record`] writes what was found where a file asks
//! for it, and [`witness`] looks for tests that are missing. No database is touched.

mod coverage;
mod difference;
pub(super) mod events;
mod judge;
mod mails;
mod moments;
mod play;
mod record;
pub(super) mod scene;
mod side_by_side;
mod states;
mod witness;

use std::path::PathBuf;

use crate::campaign::case::Case;
use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::Zone;
use crate::domain::text::fold;
use crate::engine::Reached;
use crate::results::{CampaignCoverage, TestRow, Witness};

use super::Error;
use super::error::FaultyCampaigns;
use super::validate::validate;
use coverage::TestsByPoint;
use record::Record;
use side_by_side::side_by_side;

/// What the tests have shown.
#[derive(Debug)]
pub(crate) struct Tested {
    /// One row a test, in the order of files.
    pub(crate) rows: Vec<TestRow>,
    /// How many tests had their expectations recorded, and in how many files.
    pub(crate) recorded: (usize, usize),
    /// What they have seen of each campaign, in the order of files.
    pub(crate) coverage: Vec<CampaignCoverage>,
    /// Tests that would reach what is missing, where they were asked for.
    pub(crate) witnesses: Vec<Witness>,
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
    /// Whether expectations that are to be recorded are written into the files.
    pub(crate) update: bool,
    /// Whether tests are looked for that reach what no test has reached.
    pub(crate) witness: bool,
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
        done(&workspace, campaign, case, options, &sources)
    })?;
    let mut seen = TestsByPoint::default();
    let (mut rows, mut records) = (Vec::new(), Vec::new());
    for done in done {
        rows.push(done.row);
        records.extend(done.record);
        seen.add(done.reached);
    }
    let files = record::write(&records, &sources)?;
    let (mut coverage, missing) = seen.rows(&workspace, &checked.loaded.campaigns, &sources);
    let witnesses = if options.witness {
        let TestOptions { seed, threads, .. } = options;
        witness::witnesses(&workspace, &checked.loaded, &missing, seed, threads)?
    } else {
        Vec::new()
    };
    witness::name_in(&mut coverage, &witnesses);
    Ok(Tested {
        rows,
        recorded: (records.len(), files),
        coverage,
        witnesses,
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

/// Runs some of the tests of campaigns that were checked already.
pub(super) fn some_tests(
    workspace: &Workspace,
    sources: &Sources,
    seed: u64,
    wanted: impl Fn(&Campaign, &Case) -> bool,
) -> Vec<TestRow> {
    let options = TestOptions {
        seed,
        threads: 1,
        name: None,
        update: false,
        witness: false,
    };
    let mut rows = Vec::new();
    for campaign in &workspace.campaigns {
        for case in campaign.tests.iter().filter(|case| wanted(campaign, case)) {
            rows.push(done(workspace, campaign, case, options, sources).row);
        }
    }
    rows
}

/// Runs one test; returns what it has reached, if its events can be and it passes.
pub(super) fn passes(
    workspace: &Workspace,
    campaign: &Campaign,
    case: &Case,
    seed: u64,
    sources: &Sources,
) -> Option<Reached> {
    let events = events::read(case, workspace).ok()?;
    let mut played = play::play(workspace, campaign, case, events, seed);
    let reached = std::mem::take(&mut played.reached);
    let failures = judge::failures(played, campaign, case, sources);
    failures.is_empty().then_some(reached)
}

/// One test that was run.
struct Done {
    row: TestRow,
    /// What is to be written in the place of `expect: record`.
    record: Option<Record>,
    reached: Reached,
}

fn done(
    workspace: &Workspace,
    campaign: &Campaign,
    case: &Case,
    options: TestOptions<'_>,
    sources: &Sources,
) -> Done {
    // The events have been checked with the files they stand in.
    let events = events::read(case, workspace).unwrap_or_default();
    let mut played = play::play(workspace, campaign, case, events, options.seed);
    let reached = std::mem::take(&mut played.reached);
    let found = case.record.map(|place| Record {
        place,
        found: record::found(&played, campaign),
    });
    let mut failures = judge::failures(played, campaign, case, sources);
    let record = found.filter(|_| options.update && failures.is_empty());
    if let (Some(place), None) = (case.record, &record) {
        failures.push(record::missing(place, sources));
    }
    let row = TestRow {
        campaign: campaign.full_name.to_string(),
        test: case.name.clone(),
        file: campaign.file.clone(),
        line: sources.position(case.span).0,
        passed: failures.is_empty(),
        failures,
    };
    Done {
        row,
        record,
        reached,
    }
}
