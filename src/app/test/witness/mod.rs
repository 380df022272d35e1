//! `campaign test --witness`: for points that no test has reached, tests that do, each run before it is shown.
//!
//! [`seeds`] inverts filters into people and events, [`search`] goes on from there at random, [`mod@bench`] plays what they make,
//! with what [`pool`] finds in the campaigns. What is found is written as text, and that text is compiled and run: what is
//! shown has reached its points in the very form in which it is shown.

mod bench;
mod dice;
mod pool;
mod search;
mod seeds;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::json;

use crate::app::UserError;
use crate::campaign::compile::{DatabaseNames, compile_with};
use crate::campaign::coverage::Point;
use crate::campaign::{Campaign, StartedCampaign, Step, Workspace};
use crate::diagnostic::Diagnostics;
use crate::domain::{CampaignId, Mode};
use crate::results::{CampaignCoverage, Witness};
use crate::source::LoadedFiles;
use crate::yaml;

use super::coverage::name;
use super::scene::Scene;
use super::side_by_side::side_by_side;
use super::{events, passes, play, record};
use bench::Bench;
use search::Search;

/// The points of a campaign that no test has reached, though they may be reached.
pub(super) type Missing = (CampaignId, Vec<Point>);

/// How many scenes are played at random for one campaign.
const TRIES: usize = 2_000;

/// Looks for a test for each missing point; one may do for several.
pub(super) fn witnesses(
    workspace: &Workspace,
    loaded: &LoadedFiles,
    missing: &[Missing],
    seed: u64,
    threads: usize,
) -> Result<Vec<Witness>, UserError> {
    let found = side_by_side(missing, threads, |(campaign, points)| {
        let target = workspace.campaign(*campaign);
        of_campaign(workspace, loaded, target, points, seed)
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// Names in each missing point the test that reaches it.
pub(super) fn name_in(coverage: &mut [CampaignCoverage], witnesses: &[Witness]) {
    for row in coverage {
        let own = witnesses
            .iter()
            .filter(|witness| witness.campaign == row.campaign);
        for witness in own {
            for point in &mut row.missing {
                if witness.points.contains(&point.point) {
                    point.witness = Some(witness.test.clone());
                }
            }
        }
    }
}

fn of_campaign(
    workspace: &Workspace,
    loaded: &LoadedFiles,
    target: &Campaign,
    points: &[Point],
    seed: u64,
) -> Vec<Witness> {
    let mut left: BTreeSet<Point> = points.iter().copied().collect();
    let mut witnesses = Vec::new();
    for host in hosts(workspace, target) {
        let place = loaded.campaigns[host.id.0 as usize].name.span;
        let bench = Bench::new(workspace, host, target, place, seed);
        let mut search = Search::new(&bench, seed);
        search.run(&left, TRIES);
        // The deepest first: a scene that gets there often does for others on its way.
        for point in points.iter().rev() {
            if !left.contains(point) {
                continue;
            }
            let Some(scene) = search.found.get(point) else {
                continue;
            };
            let scene = search.smallest(*point, scene.clone());
            let shown = bench
                .play(&scene)
                .map_or_else(BTreeSet::new, |shown| shown.points);
            let reached: Vec<Point> = points
                .iter()
                .copied()
                .filter(|point| left.contains(point) && shown.contains(point))
                .collect();
            if let Some(witness) = proven(&bench, loaded, &scene, &reached, seed) {
                left.retain(|point| !reached.contains(point));
                witnesses.push(witness);
            }
        }
        if left.is_empty() {
            break;
        }
    }
    let first = |witness: &Witness| {
        let mut names = points.iter().map(|point| name(target, *point));
        names.position(|name| witness.points.first() == Some(&name))
    };
    witnesses.sort_by_key(first);
    witnesses
}

/// Returns the campaigns in whose tests a campaign may be seen: its own, unless others must execute it.
fn hosts<'w>(workspace: &'w Workspace, target: &'w Campaign) -> Vec<&'w Campaign> {
    if target.mode != Mode::Executable {
        return vec![target];
    }
    let mut hosts = Vec::new();
    let mut looked_at = BTreeSet::from([target.id]);
    let mut left = vec![target.id];
    while let Some(executed) = left.pop() {
        for campaign in &workspace.campaigns {
            let mut actions = campaign.flow.iter().flat_map(Step::actions);
            let starts = actions
                .any(|action| action.effects().starts == Some(StartedCampaign::Executed(executed)));
            if starts && looked_at.insert(campaign.id) {
                match campaign.mode {
                    Mode::Executable => left.push(campaign.id),
                    Mode::Batch | Mode::Triggered => hosts.push(campaign),
                }
            }
        }
    }
    hosts
}

/// Writes a scene as a test, compiles and runs that text, and returns it if all of its points are reached.
fn proven(
    bench: &Bench<'_>,
    loaded: &LoadedFiles,
    scene: &Scene,
    points: &[Point],
    seed: u64,
) -> Option<Witness> {
    let names: Vec<String> = points
        .iter()
        .map(|point| name(bench.target, *point))
        .collect();
    let mut title = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 3 {
        title = format!("{title}, …");
    }
    if bench.host.id != bench.target.id {
        title = format!("{}: {title}", bench.target.full_name);
    }
    let case = scene.case(
        bench.workspace,
        loaded.campaigns[bench.host.id.0 as usize].name.span,
    );
    let happens = events::read(&case, bench.workspace).ok()?;
    let played = play::play(bench.workspace, bench.host, &case, happens, seed);
    let expect = record::found(&played, bench.host);
    let written = scene.written(&title, bench.workspace, json!(expect));
    let text = yaml::written(&[written]).ok()?;
    let reached = run(bench, loaded, &text, seed)?;
    points
        .iter()
        .all(|point| reached.contains(point))
        .then(|| Witness {
            campaign: bench.target.full_name.to_string(),
            test: title,
            file: bench.host.file.clone(),
            tests_of: bench.host.full_name.to_string(),
            points: names,
            yaml: text,
        })
}

/// Compiles and runs the text of a test, and returns the points that it reached, if it passed.
fn run(bench: &Bench<'_>, loaded: &LoadedFiles, text: &str, seed: u64) -> Option<BTreeSet<Point>> {
    let mut with = loaded.clone();
    let host = bench.host.id.0 as usize;
    let mut faults = Diagnostics::default();
    let file = with.sources.add("witness.yaml", text);
    let node = yaml::parse(file, text, &mut faults).into_iter().next()?;
    with.campaigns.get_mut(host)?.tests = Some(node);
    let (workspace, faults) = compile_with(&with, DatabaseNames::default());
    if faults.errors() > 0 {
        return None;
    }
    let campaign = workspace.campaigns.get(host)?;
    let case = campaign.tests.first()?;
    let reached = passes(&workspace, campaign, case, seed, &with.sources)?;
    let mut reached = reached.into_points();
    Some(reached.remove(&bench.target.id).unwrap_or_default())
}
