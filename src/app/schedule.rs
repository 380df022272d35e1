//! `campaign schedule`: the coming occurrences of scheduled batch campaigns, and what each does until people wait.
//!
//! What comes after a wait is left out, since it happens at other times; trigger campaigns have no times at all.
//! Source: the program schedule view of the reference. Recurring campaigns, which Marketo leaves out, are shown.

use crate::campaign::{Campaign, StartedCampaign, Step, StepKind, Workspace};
use crate::domain::hash::stable_hash;
use crate::domain::text::fold;
use crate::domain::{CampaignId, Instant};
use crate::filter::operator::WeekStart;
use crate::results::{OccurrenceRow, ScheduleView, WeekBegins};
use crate::store::Store;

use super::scheduled::schedules;
use super::stored_workspace::StoredWorkspace;
use super::{Error, ErrorKind, UserError, show};

/// Returns what is coming between two instants, both included.
///
/// Nothing that `advance` has gone past is still to come.
pub(crate) fn schedule(
    store: &Store,
    opened: &StoredWorkspace,
    from: Instant,
    until: Instant,
) -> Result<ScheduleView, Error> {
    if until < from {
        let message = format!("{until} is before {from}: nothing lies between");
        return Err(UserError::new(ErrorKind::Usage, message)
            .help("give `--until` a later time than `--from`")
            .into());
    }
    let workspace = &opened.workspace;
    let watermark = store.watermark()?;
    let mut occurrences = Vec::new();
    for (campaign, schedule, brought) in schedules(opened) {
        let after = watermark.map_or(brought, |watermark| watermark.max(brought));
        let first = row(campaign, workspace, brought);
        let coming = schedule
            .after(after, workspace.week_start)
            .skip_while(|occurrence| occurrence.at < from)
            .take_while(|occurrence| occurrence.at <= until);
        occurrences.extend(coming.map(|occurrence| {
            let local = occurrence.local.format("%Y-%m-%dT%H:%M:%S").to_string();
            OccurrenceRow {
                at: occurrence.at,
                uid: uid(&campaign.full_name, &local),
                local,
                time_zone: schedule.zone.name().to_owned(),
                ..first.clone()
            }
        }));
    }
    occurrences
        .sort_by(|a, b| (&a.program, a.at, &a.campaign).cmp(&(&b.program, b.at, &b.campaign)));
    Ok(ScheduleView {
        from: workspace.zone.date(from),
        until: workspace.zone.date(until),
        week: match workspace.week_start {
            WeekStart::Sunday => WeekBegins::Sunday,
            WeekStart::Monday => WeekBegins::Monday,
        },
        occurrences,
    })
}

/// Makes what all occurrences of a campaign have in common.
fn row(campaign: &Campaign, workspace: &Workspace, scheduled_from: Instant) -> OccurrenceRow {
    let program = campaign.program.and_then(|id| workspace.program(id));
    let before_wait = campaign
        .flow
        .iter()
        .take_while(|step| step.kind != StepKind::Wait);
    OccurrenceRow {
        at: scheduled_from,
        campaign: campaign.full_name.to_string(),
        program: program.map(|program| program.name.clone()),
        local: String::new(),
        time_zone: String::new(),
        sends_email: sends_email(workspace, campaign.id, 0),
        steps: before_wait
            .enumerate()
            .map(|(place, step)| show::step_in_short(place, step, workspace))
            .collect(),
        scheduled_from,
        uid: String::new(),
    }
}

/// How deep campaigns may execute each other.
const EXECUTES: u32 = 3;

/// Returns whether a step up to the first wait sends an email, or executes a campaign that does.
fn sends_email(workspace: &Workspace, campaign: CampaignId, depth: u32) -> bool {
    workspace
        .campaign(campaign)
        .flow
        .iter()
        .take_while(|step| step.kind != StepKind::Wait)
        .flat_map(Step::actions)
        .any(|action| {
            let effects = action.effects();
            let executed = match effects.starts {
                Some(StartedCampaign::Executed(campaign)) if depth < EXECUTES => Some(campaign),
                Some(StartedCampaign::Executed(_) | StartedCampaign::Requested(_)) | None => None,
            };
            effects.email.is_some()
                || executed.is_some_and(|campaign| sends_email(workspace, campaign, depth + 1))
        })
}

/// Names an occurrence; two campaigns whose names look alike stay two.
fn uid(full_name: &str, local: &str) -> String {
    let name = stable_hash(&[fold(full_name).as_bytes()]);
    let local: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{local}-{name:016x}@bugle")
}
