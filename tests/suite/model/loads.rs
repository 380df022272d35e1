//! A load of other flows while people wait.

use super::calendar::Micros;
use super::definition::{Step, StepKind, Workspace};
use super::happening::{Load, Model};
use super::scenario::Lost;
use super::value::Val;
use super::world::{Origin, Outcome, Row, Waiting};
use super::yaml;

impl Waiting {
    /// The row of the log for its end: as it should, or skipped for a reason.
    pub(crate) fn ended(&self, at: Micros, version: Option<u32>, skipped: Option<&str>) -> Row {
        let version = version.map(|version| ("version".to_owned(), Val::Int(version.into())));
        Row {
            at,
            kind: "wait_ended",
            primary: None,
            attributes: version.into_iter().collect(),
            origin: Some(Origin {
                campaign: self.campaign,
                run: self.run,
                step: self.step + 1,
                choice: None,
            }),
            outcome: Some(skipped.map_or(Outcome::Succeeded, |_| Outcome::Skipped)),
            reason: skipped.map(str::to_owned),
            event: None,
        }
    }
}

impl<'a> Model<'a> {
    /// Activates the campaigns whose files say so, in the order of the files, which are named by their numbers.
    pub(crate) fn activate_as_written(&mut self, now: Micros) {
        let campaigns = self.workspace.campaigns.iter().enumerate();
        let active = campaigns.filter(|(_, campaign)| campaign.active);
        let mut active: Vec<usize> = active.map(|(index, _)| index).collect();
        active.sort_by_key(|index| format!("{index}-"));
        for campaign in active {
            self.world.set_active(campaign, true, now, "load");
        }
    }

    /// Loads the same campaigns with other flows.
    pub(crate) fn load_again(&mut self, new: &'a Workspace, lost: Lost, now: Micros) {
        let old = self.workspace;
        let before = self.loads.len() - 1;
        let is_changed = |campaign: usize| {
            yaml::campaign(old, &old.campaigns[campaign])
                != yaml::campaign(new, &new.campaigns[campaign])
        };
        let versions = self.loads[before].versions.iter().enumerate();
        let versions = versions
            .map(|(campaign, version)| version + u32::from(is_changed(campaign)))
            .collect();
        self.loads.push(Load {
            workspace: new,
            versions,
        });
        self.workspace = new;
        self.activate_as_written(now);
        for mut wait in std::mem::take(&mut self.world.waits) {
            let campaign = wait.campaign;
            if wait.finishes.is_some() || !is_changed(campaign) {
                self.world.waits.push(wait);
                continue;
            }
            let (flow, new_flow) = (&old.campaigns[campaign].flow, &new.campaigns[campaign].flow);
            match (found_again(flow, wait.step, new_flow), lost) {
                (Some(step), _) => wait.step = step,
                (None, Lost::Keep) => wait.finishes = Some(before),
                (None, Lost::Drop) => {
                    let at = self.world.watermark.unwrap_or(now).max(now).max(wait.since);
                    let version = self.version(campaign, None);
                    let row = wait.ended(at, Some(version), Some("dropped by a new version"));
                    self.world.begin(wait.person);
                    self.world.people[wait.person].log.push(row);
                    continue;
                }
            }
            self.world.waits.push(wait);
        }
    }
}

/// The index of a wait in another version of its flow: by its id, else by its place among the waits.
fn found_again(flow: &[Step], step: usize, new: &[Step]) -> Option<usize> {
    let is_wait = |step: &Step| step.kind == StepKind::Wait;
    let waits = new.iter().enumerate().filter(|(_, step)| is_wait(step));
    let mut waits = waits.map(|(index, step)| (index, &step.id));
    let found = match &flow[step].id {
        Some(id) => waits.find(|(_, other)| other.as_ref() == Some(id)),
        None => waits.nth(flow[..step].iter().filter(|s| is_wait(s)).count()),
    };
    found.map(|(index, _)| index)
}
