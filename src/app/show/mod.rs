//! A campaign in plain words: what `campaign show` says, made of the compiled campaign.

mod actions;
mod filters;
mod schedule;

use crate::campaign::{Campaign, Priority, Step, Workspace};
use crate::domain::{Instant, Mode};
use crate::results::{ActivationRow, CampaignDetail, CampaignRow, HeldDetail, WaitingPeople};
use crate::store::{Store, WaitPlace};

pub(super) use filters::inline;
pub(super) use schedule::{qualification, rule, schedule};

use super::stored_workspace::StoredWorkspace;
use super::{Error, list_campaigns};

/// Returns a campaign of the database in plain words; `now` decides which runs are next.
pub(crate) fn show(
    store: &Store,
    opened: &StoredWorkspace,
    name: &str,
    now: Instant,
) -> Result<CampaignDetail, Error> {
    let campaign = opened.find(name)?;
    Shown::of(store, opened, now)?.campaign(store, campaign)
}

/// What the database says of all campaigns, read once however many of them are shown.
pub(super) struct Shown<'a> {
    opened: &'a StoredWorkspace,
    rows: Vec<CampaignRow>,
    places: Vec<WaitPlace>,
    /// Occurrences before the watermark do not come again, also with an earlier `--now`.
    reached: Instant,
}

impl<'a> Shown<'a> {
    /// Reads it.
    pub(super) fn of(
        store: &Store,
        opened: &'a StoredWorkspace,
        now: Instant,
    ) -> Result<Self, Error> {
        Ok(Self {
            opened,
            rows: list_campaigns::rows(store, opened)?,
            places: store.wait_places(&opened.bindings)?,
            reached: store.watermark()?.map_or(now, |at| at.max(now)),
        })
    }

    /// Returns a campaign in plain words.
    pub(super) fn campaign(
        &self,
        store: &Store,
        campaign: &Campaign,
    ) -> Result<CampaignDetail, Error> {
        let history = Kept {
            activation: activation(store, campaign)?,
            next_runs: self.opened.next_runs(campaign, self.reached),
            waits: self.held(campaign),
        };
        let row = list_campaigns::row(&self.rows, &campaign.full_name)?;
        Ok(detail(campaign, &self.opened.workspace, row, history))
    }

    /// Describes where people wait in a campaign, those included who finish an older version.
    fn held(&self, campaign: &Campaign) -> Vec<HeldDetail> {
        let places = self.places.iter();
        let mine = places.filter(|place| place.campaign == campaign.id);
        mine.map(|place| HeldDetail {
            waiting: waiting(place, wait_in_short(place, &self.opened.workspace)),
            version: place.finishes.unwrap_or(campaign.version),
        })
        .collect()
    }
}

/// What the database keeps of a campaign besides its row.
struct Kept {
    activation: Vec<ActivationRow>,
    next_runs: Vec<Instant>,
    waits: Vec<HeldDetail>,
}

/// Returns the changes of a campaign's activation.
fn activation(store: &Store, campaign: &Campaign) -> Result<Vec<ActivationRow>, Error> {
    let changes = store.activations(&campaign.full_name)?.into_iter();
    Ok(changes
        .map(|change| ActivationRow {
            at: change.at,
            active: change.active,
            by: change.by,
        })
        .collect())
}

/// Reports how many people are in a wait, which is given in plain words.
pub(super) fn waiting(place: &WaitPlace, wait: String) -> WaitingPeople {
    WaitingPeople {
        step: place.step,
        id: place.step_id.clone(),
        wait,
        people: place.held.people,
        first_until: place.held.first,
        last_until: place.held.last,
    }
}

/// Reports the wait at which people are held in few words.
pub(super) fn wait_in_short(place: &WaitPlace, workspace: &Workspace) -> String {
    let walked = workspace.version(place.campaign, place.finishes);
    let step = place.step.saturating_sub(1) as usize;
    let wait = walked.and_then(|walked| walked.flow.get(step));
    wait.map_or_else(
        || "wait".to_owned(),
        |wait| step_in_short(step, wait, workspace),
    )
}

/// Reports a compiled campaign in plain words, beside what the database says of it.
fn detail(
    campaign: &Campaign,
    workspace: &Workspace,
    row: CampaignRow,
    kept: Kept,
) -> CampaignDetail {
    CampaignDetail {
        description: campaign.description.clone(),
        file: campaign.file.clone(),
        triggers: campaign
            .triggers
            .iter()
            .map(|trigger| trigger.written.clone())
            .collect(),
        filters: filters::lines(&campaign.filter),
        steps: campaign
            .flow
            .iter()
            .enumerate()
            .map(|(place, step)| actions::step(place, step, workspace))
            .collect(),
        schedule: campaign.schedule.as_ref().map(schedule::schedule),
        next_runs: kept.next_runs,
        qualification: schedule::qualification(campaign.qualification),
        max_people: campaign.guards.max_people,
        guards: guards(campaign),
        priority: (campaign.mode == Mode::Triggered)
            .then(|| priority(campaign.priority).to_owned()),
        obeys_limits: campaign.obeys_limits,
        campaign: row.campaign,
        program: row.program,
        mode: row.mode,
        status: row.status,
        active: row.active,
        version: row.version,
        members: row.members,
        waiting: row.waiting,
        waits: kept.waits,
        activation: kept.activation,
    }
}

/// Reports a step in few words; what its choices do is left to `campaign show`.
pub(super) fn step_in_short(place: usize, step: &Step, workspace: &Workspace) -> String {
    let detail = actions::step(place, step, workspace);
    if detail.choices.is_empty() {
        detail.does
    } else {
        format!("{} by choice", detail.name.replace('_', " "))
    }
}

/// Reports a step with its choices in one line.
pub(super) fn step_in_words(place: usize, step: &Step, workspace: &Workspace) -> String {
    let detail = actions::step(place, step, workspace);
    let choices = detail.choices.iter();
    let choices = choices.map(|choice| format!("if {}: {}; ", choice.when, choice.does));
    let choices: String = choices.collect();
    if choices.is_empty() {
        detail.does
    } else {
        format!("{choices}else {}", detail.does)
    }
}

/// Reports what else refuses a run, a line each.
fn guards(campaign: &Campaign) -> Vec<String> {
    let guards = &campaign.guards;
    let mut lines = Vec::new();
    lines.extend(
        guards
            .min_people
            .map(|least| format!("at least {least} people in a run")),
    );
    lines.extend(
        guards
            .max_change
            .map(|most| format!("at most {most} more or fewer than in the last finished run")),
    );
    let never = guards.never.iter();
    lines.extend(never.map(|filter| format!("nobody with {}", inline(filter))));
    let include = guards.must_include.iter();
    lines.extend(include.map(|key| format!("includes {key}")));
    lines
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "high",
        Priority::Medium => "medium",
        Priority::Low => "low",
    }
}
