//! `campaign list`, `members` and `runs`: what the database counts about campaigns.

use std::ops::ControlFlow;

use crate::campaign::Campaign;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{CampaignStatus, Instant, Mode};
use crate::results::{CampaignRow, MemberRow, RunRow, RunStatus, WaitingRow};
use crate::store::{self, RunState, Store};
use crate::world::Needs;
use crate::world::past::Then;

use super::stored_workspace::StoredWorkspace;
use super::{Error, Session, UserError};

/// Returns every campaign, by name; one whose stored version no longer compiles is `invalid`.
pub(crate) fn campaigns(
    store: &Store,
    opened: &StoredWorkspace,
) -> Result<Vec<CampaignRow>, Error> {
    Ok(rows(store, opened)?)
}

/// Returns the trigger campaigns that nobody has entered since an instant.
pub(crate) fn idle(
    store: &Store,
    opened: &StoredWorkspace,
    since: Instant,
) -> Result<Vec<CampaignRow>, Error> {
    let last = store.last_entries()?;
    let mut rows = rows(store, opened)?;
    rows.retain(|row| {
        row.mode == Mode::Triggered && last.get(row.campaign.as_str()).is_none_or(|at| *at < since)
    });
    Ok(rows)
}

/// Returns what the database counts about one campaign.
pub(super) fn row(rows: &[CampaignRow], full_name: &str) -> Result<CampaignRow, Error> {
    let mut rows = rows.iter();
    rows.find(|row| row.campaign == full_name)
        .cloned()
        .ok_or_else(|| {
            let message = format!("`{full_name}` has no row in the database");
            Error::User(UserError::new(super::ErrorKind::Program, message))
        })
}

/// Returns the rows of all campaigns, by name.
pub(super) fn rows(
    store: &Store,
    opened: &StoredWorkspace,
) -> Result<Vec<CampaignRow>, store::Error> {
    let rows = store.campaigns()?.into_iter().map(|row| {
        let invalid = opened
            .workspace
            .campaigns
            .iter()
            .find(|campaign| campaign.full_name == row.campaign)
            .is_none_or(|campaign| opened.is_invalid(campaign.id));
        CampaignRow {
            campaign: row.campaign.to_string(),
            program: row.program.map(|program| program.to_string()),
            mode: row.mode,
            status: if invalid {
                CampaignStatus::Invalid
            } else {
                row.status
            },
            active: row.active,
            version: row.version,
            members: row.members,
            waiting: row.held.map_or(0, |held| held.people),
            next_run_at: row.next_run_at,
            first_until: row.held.map(|held| held.first),
            last_until: row.held.map(|held| held.last),
        }
    });
    Ok(rows.collect())
}

/// Gives everyone who entered a campaign, up to an instant if one is given, to `each`, in order of person.
pub(crate) fn members(
    store: &Store,
    full_name: &str,
    at: Option<Instant>,
    mut each: impl FnMut(&MemberRow) -> ControlFlow<()>,
) -> Result<(), Error> {
    let until = at.unwrap_or(Instant::from_micros(i64::MAX));
    store.members(full_name, until, &mut |row| each(&member(row)))?;
    Ok(())
}

pub(super) fn member(row: store::CampaignMember) -> MemberRow {
    MemberRow {
        campaign: row.campaign.to_string(),
        person_id: Some(row.who.person.0),
        person: row.who.best(),
        email: row.who.email.map(|email| email.to_string()),
        id: row.who.id.map(|id| id.to_string()),
        first_qualified_at: row.first_qualified_at,
        last_qualified_at: row.last_qualified_at,
        times: u64::from(row.times),
    }
}

/// Returns who waits in a campaign, in the order in which they will go on.
pub(crate) fn waiting(store: &Store, full_name: &str) -> Result<Vec<WaitingRow>, Error> {
    Ok(store.waiting(full_name)?.into_iter().map(wait).collect())
}

/// Returns who waited in a campaign at an instant, in the order in which they were to go on.
pub(crate) fn waiting_at(
    store: &Store,
    session: &Session<'_>,
    campaign: &Campaign,
    at: Instant,
) -> Result<Vec<WaitingRow>, Error> {
    let mut entered = Vec::new();
    store.members(&campaign.full_name, at, &mut |row| {
        entered.push(row.who.person);
        ControlFlow::Continue(())
    })?;
    let needs = Needs {
        fields: [EMAIL, ID].into(),
        ..Needs::default()
    };
    let (world, known) = (session.world(store, needs)?, session.known());
    let mut rows = Vec::new();
    for some in entered.chunks(session.bounds.people) {
        for person in store.people(some, session.request(&world))? {
            let past = known.past(store, person.id)?;
            let who = person.names(world.layout());
            let was = known.as_of(&past, person, world.layout(), Then::At(at));
            let ours = was.waits.iter().filter(|wait| wait.campaign == campaign.id);
            rows.extend(ours.map(|wait| WaitingRow {
                campaign: campaign.full_name.to_string(),
                person_id: who.person.0,
                email: who.email.as_ref().map(ToString::to_string),
                id: who.id.as_ref().map(ToString::to_string),
                person: who.best(),
                step: wait.step,
                since: wait.since,
                until: wait.until,
                version: None,
            }));
        }
    }
    rows.sort_by_key(|row| (row.until, row.person_id, row.since));
    Ok(rows)
}

pub(super) fn wait(row: store::PersonWaiting) -> WaitingRow {
    WaitingRow {
        campaign: row.campaign.to_string(),
        person_id: row.who.person.0,
        person: row.who.best(),
        email: row.who.email.map(|email| email.to_string()),
        id: row.who.id.map(|id| id.to_string()),
        step: row.step,
        since: row.since,
        until: row.until,
        version: Some(row.version),
    }
}

/// Returns batch runs in order, those of one campaign where it is named in full.
pub(crate) fn runs(store: &Store, full_name: Option<&str>) -> Result<Vec<RunRow>, Error> {
    let rows = store.runs(full_name)?.into_iter().map(|run| RunRow {
        run_id: run.id.0,
        campaign: run.begun.campaign.to_string(),
        version: run.begun.version,
        at: run.begun.at,
        state: status(run.state, run.waiting),
        matched: run.counts.matched,
        excluded: run.counts.excluded,
        qualified: run.counts.qualified,
        blocked: run.counts.blocked_people,
        waiting: run.waiting,
        allowed: run.counts.allowed,
    });
    Ok(rows.collect())
}

fn status(state: RunState, waiting: u64) -> RunStatus {
    match state {
        RunState::Running => RunStatus::Unfinished,
        RunState::Finished if waiting > 0 => RunStatus::Waiting,
        RunState::Finished => RunStatus::Finished,
        RunState::Aborted => RunStatus::Aborted,
        RunState::Refused => RunStatus::Refused,
    }
}
