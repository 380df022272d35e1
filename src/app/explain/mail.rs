//! `person explain --email`: what happened to one email for one person, or why it was not sent.
//!
//! One decisive sentence, then the rows of the log that prove it: those of steps that were to send the email, and of what
//! came back from it.

use std::ops::ControlFlow;

use crate::app::log::{self, Selection};
use crate::app::{Error, ErrorKind, Session, UserError};
use crate::campaign::{Action, Campaign, Step, Workspace};
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::{fold, same};
use crate::domain::{Instant, PersonId};
use crate::results::{ActivityRow, EmailExplanation, Explanation, Obstacle};
use crate::store::Store;
use crate::world::LogRow;
use crate::world::past::Past;

use super::story::Story;
use super::{ExplainAt, explain, waits_now};

/// Explains an email, named with or without its program, for a person at an instant taken as now.
pub(crate) fn explain_email(
    store: &Store,
    session: &Session<'_>,
    person: PersonId,
    email: &str,
    now: Instant,
) -> Result<EmailExplanation, Error> {
    let campaigns = senders(session.workspace(), email);
    let past = store.past(person, session.bindings())?;
    let rows = rows(store, person, email)?;
    if campaigns.is_empty() && rows.is_empty() {
        return Err(unknown(session.workspace(), email).into());
    }
    let names = store.person_names(person)?;
    let history = Story {
        session,
        past: &past,
        until: now,
    };
    let sentence = match last_send(&past, email) {
        Some(row) => sent(&history, row, &rows, email),
        None => not_sent(store, session, person, &campaigns, &history)?,
    };
    Ok(EmailExplanation {
        person: names.best(),
        person_id: person.0,
        email: names.email.map(|email| email.to_string()),
        id: names.id.map(|id| id.to_string()),
        mail: email.to_owned(),
        sentence,
        rows,
    })
}

/// Returns the campaigns with a step that sends an email, and the first such step, from 1.
fn senders<'w>(workspace: &'w Workspace, email: &str) -> Vec<(&'w Campaign, u32)> {
    let sends = |action: &Action| {
        let sent = action.effects().email;
        sent.is_some_and(|sent| is_email(sent, email))
    };
    let campaigns = workspace.campaigns.iter();
    let first = campaigns.filter_map(|campaign| {
        let mut steps = (1..).zip(&campaign.flow);
        let found = steps.find(|(_, step)| step.actions().any(sends));
        found.map(|(step, _)| (campaign, step))
    });
    first.collect()
}

/// Returns whether a name means an email, with or without the name of its program.
fn is_email(name: &str, meant: &str) -> bool {
    let prefixed = |long: &str, short: &str| fold(long).ends_with(&format!(".{}", fold(short)));
    same(name, meant) || prefixed(name, meant) || prefixed(meant, name)
}

fn unknown(workspace: &Workspace, email: &str) -> UserError {
    let steps = workspace
        .campaigns
        .iter()
        .flat_map(|campaign| &campaign.flow);
    let sent = steps
        .flat_map(Step::actions)
        .filter_map(|action| action.effects().email);
    let names: Vec<&str> = sent.map(AsRef::as_ref).collect();
    let error = UserError::new(
        ErrorKind::State,
        format!("no campaign sends an email `{email}`"),
    );
    match did_you_mean(email, names.iter().copied()) {
        Some(help) => error.help(help),
        None => error.help("`bugle campaign show NAME` shows what a campaign sends"),
    }
}

/// Returns the rows of a log that are about an email, oldest first.
fn rows(store: &Store, person: PersonId, email: &str) -> Result<Vec<ActivityRow>, Error> {
    let types = [
        BuiltinActivity::SendEmail,
        BuiltinActivity::EmailDelivered,
        BuiltinActivity::EmailBounced,
        BuiltinActivity::OpenEmail,
        BuiltinActivity::ClickEmail,
        BuiltinActivity::UnsubscribeEmail,
    ];
    let selection = Selection {
        types: types.map(BuiltinActivity::code).to_vec(),
        ..Selection::default()
    };
    let mut rows = Vec::new();
    log::of_person(store, person, None, &selection, |row| {
        let about = row.primary_value.as_deref();
        if about.is_some_and(|name| is_email(name, email)) {
            rows.push(row);
        }
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

/// Returns the newest row of a step that was to send an email.
fn last_send<'p>(past: &'p Past, email: &str) -> Option<&'p LogRow> {
    let send = BuiltinActivity::SendEmail.id();
    past.log.iter().rev().find(|row| {
        let primary = row.activity.primary.as_deref();
        row.activity.activity == send && primary.is_some_and(|name| is_email(name, email))
    })
}

/// Says what became of an email that a step was to send.
fn sent(history: &Story<'_>, row: &LogRow, rows: &[ActivityRow], email: &str) -> String {
    let at = row.activity.at;
    let by = match row.activity.origin {
        None => "by an event".to_owned(),
        Some(origin) => {
            let campaign = history.session.workspace().campaign(origin.campaign);
            let run = origin
                .run
                .map_or_else(String::new, |run| format!(" in run {run}"));
            format!("by step {} of {}{run}", origin.step, campaign.full_name)
        }
    };
    if let Some(why) = history.why(row) {
        return format!("{email} was not sent {by} at {at}: {why}");
    }
    let mut newest_first = rows.iter().rev();
    let came = newest_first.find(|later| later.at >= at && later.activity_type != "send_email");
    let came = came.map_or_else(String::new, |last| {
        format!("; last: {} at {}", last.activity_type, last.at)
    });
    format!("{email} was sent {by} at {at}{came}")
}

/// Says why no step was to send an email yet.
fn not_sent(
    store: &Store,
    session: &Session<'_>,
    person: PersonId,
    campaigns: &[(&Campaign, u32)],
    history: &Story<'_>,
) -> Result<String, Error> {
    if campaigns.is_empty() {
        return Ok(
            "not sent: no campaign sends this email; what the log has of it came as events"
                .to_owned(),
        );
    }
    let mut parts = Vec::new();
    for (campaign, step) in campaigns {
        let name = &campaign.full_name;
        let waits = waits_now(store, campaign, person)?;
        let part = match (history.last_entry(campaign), waits.first()) {
            (Some(_), Some(wait)) if wait.step < *step => {
                let waits = history.waits(campaign, wait);
                format!("the person is in {name}, whose step {step} sends it: {waits}")
            }
            (Some(entry), _) => {
                let at = entry.at;
                format!(
                    "the person entered {name} at {at}, and step {step} did not send it to them"
                )
            }
            (None, _) if session.opened.is_invalid(campaign.id) => {
                format!("{name} no longer compiles")
            }
            (None, _) => {
                let now = ExplainAt::Now(history.until);
                let explained = explain(store, session, name, person, now)?;
                format!("the person has not entered {name}: {}", barred(&explained))
            }
        };
        parts.push(part);
    }
    Ok(format!("not sent: {}", parts.join("; ")))
}

/// Says what keeps someone out of a campaign.
fn barred(explained: &Explanation) -> String {
    let obstacles = explained.blocked_by.iter().filter_map(|by| match by {
        Obstacle::Email => None,
        Obstacle::Trigger
        | Obstacle::Filters
        | Obstacle::Qualification
        | Obstacle::Event
        | Obstacle::Inactive
        | Obstacle::MaxPeople
        | Obstacle::Guard
        | Obstacle::CascadeLimit => Some(by.words()),
    });
    let obstacles: Vec<&str> = obstacles.collect();
    if obstacles.is_empty() {
        "they would qualify now".to_owned()
    } else {
        obstacles.join(", ")
    }
}
