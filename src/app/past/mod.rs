//! Reconstructs a person's state at an earlier instant, for `person show --at` and `campaign explain`.
//!
//! Nothing of a person changes without a row that holds old and new: in the log, or among what loads noted. A value
//! then is the new one of the last change up to then; without one, the old one of the first change to happen after it;
//! and where nothing ever changed, the present value. A loaded person has always existed.
//!
//! Up to an instant, changes count in the order of their instants. Up to the moment at which the engine asked triggers
//! about a row of the log, they count in the order in which they happened, which late events and several happenings of
//! one instant make another one.

mod changes;
mod judged;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::campaign::Workspace;
use crate::domain::text::fold;
use crate::domain::{
    FieldCatalogue, FieldType, Instant, Outcome, PersonId, PersonNames, Text, Value, Zone,
};
use crate::results::{
    ListMembership, PassedCampaign, PersonDetail, PersonRow, ProgramMembership, WaitingRow,
};
use crate::store::{EnteredCampaign, LogEntry, LogQuery, LogScope, Store, place_of};
use crate::world::NOT_IN_PROGRAM;

use super::settings::settings;
use super::show_person::show_with;
use super::{Error, ErrorKind, UserError};
use changes::{Changes, Target, When, first_of, object};
pub(super) use judged::History;
pub use judged::Judged;

/// Up to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// After all that is of an instant or an earlier one.
    At(Instant),
    /// When triggers were asked about a row of the log.
    Judged(Judged),
}

impl AsOf {
    /// Returns whether something had happened.
    fn sees(self, when: When) -> bool {
        match self {
            Self::At(at) => when.at <= at,
            Self::Judged(judged) => when.place < judged.rows,
        }
    }

    /// Returns whether an entry had happened.
    fn sees_entry(self, entry: &EnteredCampaign, log: &[LogEntry]) -> bool {
        match self {
            Self::At(at) => entry.at <= at,
            Self::Judged(judged) => judged.sees_entry(place_of_entry(entry, log), entry.cause),
        }
    }
}

/// Returns how many rows the log had when an entry was made. Where nobody noted it, it was before the first row that the
/// walk left at that instant.
fn place_of_entry(entry: &EnteredCampaign, log: &[LogEntry]) -> u32 {
    let walked = |row: &&LogEntry| {
        row.at == entry.at
            && row
                .campaign
                .as_deref()
                .is_some_and(|name| name == &*entry.campaign)
    };
    let first = log
        .iter()
        .filter(walked)
        .map(|row| place_of(row.activity_id))
        .min();
    When::beside(entry.at, entry.place.or(first), log).place
}

/// Returns what was known about a person at an instant.
pub fn show_at(store: &Store, person: PersonId, at: Instant) -> Result<PersonDetail, Error> {
    show_at_with(store, person, at, &settings(store)?)
}

/// Returns what was known about a person at an instant, with the workspace at hand.
pub(super) fn show_at_with(
    store: &Store,
    person: PersonId,
    at: Instant,
    workspace: &Workspace,
) -> Result<PersonDetail, Error> {
    let log = store.log_rows(&LogQuery::of(LogScope::Person(person)))?;
    let first = log.iter().min_by_key(|row| row.activity_id);
    // Of someone who was there already, it is skipped.
    let made = |row: &&LogEntry| &*row.activity == "new_person" && row.outcome.is_none();
    if let Some(made) = first.filter(made).filter(|row| row.at > at) {
        return Err(UserError::new(
            ErrorKind::State,
            format!("at {at} there was no such person yet"),
        )
        .help(format!("the person was made at {}", made.at))
        .into());
    }
    show_then(store, person, &log, AsOf::At(at), workspace)
}

/// Returns what was known about a person then, from their log, which is in order.
pub(super) fn show_then(
    store: &Store,
    person: PersonId,
    log: &[LogEntry],
    then: AsOf,
    workspace: &Workspace,
) -> Result<PersonDetail, Error> {
    let present = show_with(store, person, workspace)?;
    let changes = Changes::of(store, person, log, then)?;
    let entries = store.entries_of(person)?;
    let entries = entries.iter().filter(|entry| then.sees_entry(entry, log));
    Ok(PersonDetail {
        person: fields_then(&present.person, &changes, &workspace.fields),
        lists: lists_then(&present.lists, &changes),
        programs: programs_then(&present.programs, &changes),
        campaigns: passed(entries),
        waits: waits_then(person, &present, log, then),
    })
}

/// Finds the value of each field; one of the program's own flags is false where there is none.
fn fields_then(present: &PersonRow, changes: &Changes, catalogue: &FieldCatalogue) -> PersonRow {
    let fields = present.0.iter().map(|(field, now)| {
        let then = changes.value(&Target::field(field));
        let then = then.unwrap_or_else(|| now.clone());
        let is_flag = |id| catalogue.field(id).when_absent() == Some(Value::Boolean(false));
        let then = if then.is_null() && catalogue.find(field).is_some_and(is_flag) {
            Json::Bool(false)
        } else {
            then
        };
        (field.clone(), then)
    });
    PersonRow(fields.collect())
}

/// Finds the lists that a person was on, by name.
fn lists_then(present: &[ListMembership], changes: &Changes) -> Vec<ListMembership> {
    let mut lists: BTreeMap<String, ListMembership> = BTreeMap::new();
    for list in present {
        lists.insert(fold(&list.list), list.clone());
    }
    for (target, of) in changes.iter() {
        let (Target::List(key), [.., newest]) = (target, of) else {
            continue;
        };
        if changes.value(target) == Some(Json::Bool(true)) {
            let membership = ListMembership {
                list: newest.name.clone(),
                added_at: changes.last(target).map(|joined| joined.when.at),
            };
            lists.insert(key.clone(), membership);
        } else {
            lists.remove(key);
        }
    }
    let mut lists: Vec<ListMembership> = lists.into_values().collect();
    lists.sort_by(|a, b| a.list.cmp(&b.list));
    lists
}

/// Finds the programs that a person was a member of, in the order of those of today.
fn programs_then(present: &[ProgramMembership], changes: &Changes) -> Vec<ProgramMembership> {
    present
        .iter()
        .filter_map(|program| program_then(program, changes))
        .collect()
}

fn program_then(present: &ProgramMembership, changes: &Changes) -> Option<ProgramMembership> {
    let key = fold(&present.program);
    let target = Target::Status(key.clone());
    let status = match changes.value(&target) {
        Some(Json::String(status)) if fold(&status) == fold(NOT_IN_PROGRAM) => return None,
        Some(Json::String(status)) => status,
        Some(_) => return None,
        None => present.status.clone(),
    };
    let of = changes.of_target(&target);
    let reached = || of.iter().filter(|change| change.success);
    let success = first_of(reached().filter(|change| changes.had(change)));
    let mut member = present.fields.clone();
    for (target, of) in changes.iter() {
        let (Target::Member(program, _), [.., newest]) = (target, of) else {
            continue;
        };
        if *program == key {
            match changes.value(target) {
                None | Some(Json::Null) => member.remove(&newest.name),
                Some(value) => member.insert(newest.name.clone(), value),
            };
        }
    }
    Some(ProgramMembership {
        program: present.program.clone(),
        status,
        success_at: match success {
            Some(first) => Some(first.when.at),
            None => present.success_at.filter(|_| reached().next().is_none()),
        },
        since: present.since,
        fields: member,
    })
}

/// Counts entries into campaigns, which are in order of campaign.
fn passed<'a>(entries: impl Iterator<Item = &'a EnteredCampaign>) -> Vec<PassedCampaign> {
    let mut passed: Vec<PassedCampaign> = Vec::new();
    for entry in entries {
        match passed
            .last_mut()
            .filter(|last| last.campaign == *entry.campaign)
        {
            Some(last) => {
                last.first_qualified_at = last.first_qualified_at.min(entry.at);
                last.last_qualified_at = last.last_qualified_at.max(entry.at);
                last.times += 1;
            }
            None => passed.push(PassedCampaign {
                campaign: entry.campaign.to_string(),
                first_qualified_at: entry.at,
                last_qualified_at: entry.at,
                times: 1,
            }),
        }
    }
    passed
}

/// Finds the waits that held a person: begun and not yet ended, by themselves or by leaving the flow.
fn waits_then(
    person: PersonId,
    present: &PersonDetail,
    log: &[LogEntry],
    then: AsOf,
) -> Vec<WaitingRow> {
    let named = |key| present.person.0.get(key).and_then(Json::as_str);
    let who = PersonNames {
        person,
        email: named("email").map(Text::from),
        id: named("id").map(Text::from),
    };
    let mut open: Vec<WaitingRow> = Vec::new();
    let mut rows: Vec<&LogEntry> = log
        .iter()
        .filter(|row| then.sees(When::of_row(row)))
        .collect();
    if matches!(then, AsOf::Judged(_)) {
        rows.sort_by_key(|row| place_of(row.activity_id));
    }
    for row in rows {
        let campaign = row.campaign.as_deref().unwrap_or_default();
        match (&*row.activity, row.outcome) {
            ("wait_started", Some(Outcome::Succeeded)) => open.extend(begun(row, &who)),
            ("wait_ended", _) => {
                let of_campaign = |wait: &&WaitingRow| wait.campaign == campaign;
                let first = open.iter().filter(of_campaign).min_by_key(|wait| {
                    // A new version may have moved the wait to another step.
                    (Some(wait.step) != row.step, wait.until)
                });
                if let Some(ended) = first.cloned() {
                    let place = open.iter().position(|wait| *wait == ended);
                    place.map(|place| open.remove(place));
                }
            }
            ("remove_from_flow", Some(Outcome::Succeeded)) => {
                let left = row.primary.as_deref().map(fold);
                open.retain(|wait| Some(fold(&wait.campaign)) != left);
            }
            _ => {}
        }
    }
    open.sort_by_key(|wait| wait.until);
    // One that still holds is known better: a load may have moved it since.
    let holds = |wait: &WaitingRow| {
        let same = |now: &&WaitingRow| {
            (&now.campaign, now.since, now.until) == (&wait.campaign, wait.since, wait.until)
        };
        present.waits.iter().find(same).cloned()
    };
    open.into_iter()
        .map(|wait| holds(&wait).unwrap_or(wait))
        .collect()
}

/// Reads the wait that a row tells to have begun.
fn begun(row: &LogEntry, who: &PersonNames) -> Option<WaitingRow> {
    let until = object(&row.attributes);
    let until = until.get("until")?.as_str()?;
    let Ok(Value::Datetime(until)) = Value::parse(until, FieldType::Datetime, &Zone::utc()) else {
        return None;
    };
    Some(WaitingRow {
        campaign: row.campaign.as_deref()?.to_owned(),
        person_id: who.person.0,
        email: who.email.as_deref().map(str::to_owned),
        id: who.id.as_deref().map(str::to_owned),
        person: who.best(),
        step: row.step?,
        since: row.at,
        until,
        version: None,
    })
}
