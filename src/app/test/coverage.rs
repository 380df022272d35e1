//! What tests have seen of campaigns, point by point, and what they have not.

use std::collections::BTreeMap;

use crate::app::show::inline;
use crate::campaign::coverage::{NumberedLeaf, Point, PointPlaces, Reachability};
use crate::campaign::{Campaign, Choice, Qualification, Workspace};
use crate::diagnostic::Sources;
use crate::domain::CampaignId;
use crate::engine::Reached;
use crate::results::{CampaignCoverage, CoveredLine, MissingPoint, UnreachablePoint};
use crate::source;

use super::witness::Missing;

/// How many tests have reached each point of each campaign.
#[derive(Debug, Default)]
pub(super) struct TestsByPoint(BTreeMap<(CampaignId, Point), u64>);

impl TestsByPoint {
    /// Counts what one test has reached.
    pub(super) fn add(&mut self, reached: Reached) {
        for (campaign, points) in reached.into_points() {
            for point in points {
                *self.0.entry((campaign, point)).or_default() += 1;
            }
        }
    }

    /// Returns how many tests have reached a point.
    pub(super) fn of(&self, campaign: CampaignId, point: Point) -> u64 {
        self.0.get(&(campaign, point)).copied().unwrap_or_default()
    }

    /// Returns a row for each campaign, in the order of files, and what is missing of each.
    pub(super) fn rows(
        &self,
        workspace: &Workspace,
        written: &[source::Campaign],
        sources: &Sources,
    ) -> (Vec<CampaignCoverage>, Vec<Missing>) {
        let campaigns = workspace.campaigns.iter().zip(written);
        let rows = campaigns.map(|(campaign, written)| {
            let places = PointPlaces::new(campaign, written);
            let line = |point| sources.position(places.of(point)).0;
            let mut missing = Vec::new();
            let row = self.row(campaign, workspace, &line, &mut missing);
            (row, (campaign.id, missing))
        });
        let (rows, missing): (_, Vec<Missing>) = rows.unzip();
        let missing = missing.into_iter().filter(|(_, points)| !points.is_empty());
        (rows, missing.collect())
    }

    fn row(
        &self,
        campaign: &Campaign,
        workspace: &Workspace,
        line: &dyn Fn(Point) -> usize,
        missing: &mut Vec<Point>,
    ) -> CampaignCoverage {
        let reachability = Reachability::of(campaign, workspace);
        let mut row = CampaignCoverage {
            campaign: campaign.full_name.to_string(),
            file: campaign.file.clone(),
            points: 0,
            covered: 0,
            missing: Vec::new(),
            unreachable: Vec::new(),
            lines: Vec::new(),
        };
        let mut lines: BTreeMap<usize, u64> = BTreeMap::new();
        for point in campaign.points() {
            let tests = self.of(campaign.id, point);
            let line = line(point);
            // What was seen can be seen, whatever the reasons say.
            let why_not = if tests == 0 {
                reachability.why_not(point)
            } else {
                None
            };
            let (name, what) = (name(campaign, point), what(campaign, point));
            if let Some(reason) = why_not {
                row.unreachable.push(UnreachablePoint {
                    point: name,
                    what,
                    line,
                    reason,
                });
                continue;
            }
            row.points += 1;
            let least = lines.entry(line).or_insert(tests);
            *least = tests.min(*least);
            if tests > 0 {
                row.covered += 1;
            } else {
                missing.push(point);
                row.missing.push(MissingPoint {
                    point: name,
                    what,
                    line,
                    witness: None,
                });
            }
        }
        let lines = lines.into_iter();
        row.lines = lines
            .map(|(line, tests)| CoveredLine { line, tests })
            .collect();
        row
    }
}

/// Names what should be seen: `filter 2 false`, `step 3 choice 1`.
pub(super) fn name(campaign: &Campaign, point: Point) -> String {
    match point {
        Point::Trigger(place) => format!("trigger {}", place + 1),
        Point::Filter { leaf, holds } => {
            let leaves = campaign.smart_list_leaves();
            format!("filter {} {holds}", number(&leaves, leaf))
        }
        Point::Rule { admits: true } => "rule admits".to_owned(),
        Point::Rule { admits: false } => "rule rejects".to_owned(),
        Point::ChoiceFilter {
            step,
            choice,
            leaf,
            holds,
        } => {
            let leaves = choice_of(campaign, step, choice).map_or_else(Vec::new, Choice::leaves);
            let filter = format!("filter {}", number(&leaves, leaf));
            let place = format!("step {} choice {}", step + 1, choice + 1);
            format!("{place} {} {holds}", filter.trim_end())
        }
        Point::Choice { step, choice } => format!("step {} choice {}", step + 1, choice + 1),
        Point::Default { step } => format!("step {} default", step + 1),
        Point::Step(step) => format!("step {} succeeds", step + 1),
        Point::WaitEnded(step) => format!("step {} wait ends", step + 1),
    }
}

/// Returns what a point is of, as it is written.
fn what(campaign: &Campaign, point: Point) -> String {
    match point {
        Point::Trigger(place) => campaign.triggers[place].written.clone(),
        Point::Filter { leaf, .. } => words(&campaign.smart_list_leaves(), leaf),
        Point::Rule { .. } => match campaign.qualification {
            Qualification::OnlyOnce => "only_once".to_owned(),
            Qualification::EveryTime => "every_time".to_owned(),
            Qualification::OnceEvery(window) => format!("once_every {window}"),
        },
        Point::ChoiceFilter {
            step, choice, leaf, ..
        } => {
            let leaves = choice_of(campaign, step, choice).map_or_else(Vec::new, Choice::leaves);
            words(&leaves, leaf)
        }
        Point::Choice { step, choice } => {
            let choice = choice_of(campaign, step, choice);
            choice.map_or_else(String::new, |choice| format!("if {}", inline(&choice.when)))
        }
        Point::Default { step } | Point::Step(step) | Point::WaitEnded(step) => {
            campaign.flow[step].kind.name().to_owned()
        }
    }
}

fn choice_of(campaign: &Campaign, step: usize, choice: usize) -> Option<&Choice> {
    campaign.flow.get(step)?.choices.get(choice)
}

fn number<'l>(leaves: &'l [NumberedLeaf<'_>], leaf: usize) -> &'l str {
    leaves.get(leaf).map_or("", |leaf| leaf.number.as_str())
}

fn words(leaves: &[NumberedLeaf<'_>], leaf: usize) -> String {
    let leaf = leaves.get(leaf);
    leaf.map_or_else(String::new, |leaf| leaf.leaf.words())
}
