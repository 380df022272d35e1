//! `person show --at`: one person as they were, told from what has changed since.
//!
//! Nothing of a person changes without a row that holds old and new: in the log, or among what loads noted. A value
//! at an instant is the new one of the last change up to then; without one, the old one of the first change after
//! it; and where nothing ever changed, the present value. A loaded person has always existed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::domain::text::fold;
use crate::domain::{FieldType, Instant, PersonId, Value, Zone};
use crate::results::{
    ListMembership, PassedCampaign, PersonDetail, PersonRow, ProgramMembership, WaitingRow,
};
use crate::store::{ActivityRow, LogQuery, Store, Subject};

use super::show_person::show;
use super::{Error, Kind, Problem};

/// The status of someone who is no member.
const NO_MEMBER: &str = "Not in Program";

/// Returns what was known of a person at an instant.
pub fn show_at(store: &Store, person: PersonId, at: Instant) -> Result<PersonDetail, Error> {
    let present = show(store, person)?;
    let log = store.log_rows(&LogQuery::of(Subject::Person(person)))?;
    let first = log.iter().min_by_key(|row| row.activity_id);
    if let Some(made) = first.filter(|row| &*row.activity == "new_person" && row.at > at) {
        return Err(
            Problem::new(Kind::State, format!("at {at} there was no such person yet"))
                .help(format!("the person was made at {}", made.at))
                .into(),
        );
    }
    let changes = changes(store, person, &log)?;
    Ok(PersonDetail {
        person: fields_at(&present.person, &changes, at),
        lists: lists_at(&present.lists, &changes, at),
        programs: programs_at(&present.programs, &changes, at),
        campaigns: campaigns_at(store, person, at)?,
        waits: waits_at(person, &present, &log, at),
    })
}

/// What may change of a person; names without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Field(String),
    List(String),
    Status(String),
    Member(String, String),
}

impl Target {
    fn field(name: &str) -> Self {
        Self::Field(fold(name))
    }
}

/// One change. Of a list, the values are whether the person is on it.
#[derive(Debug, Clone)]
struct Change {
    at: Instant,
    target: Target,
    /// The name as it was written.
    name: String,
    old: Json,
    new: Json,
    /// Whether a program's success was reached.
    success: bool,
}

/// Collects all changes of a person in order; at one instant those of loads come first.
fn changes(store: &Store, person: PersonId, log: &[ActivityRow]) -> Result<Vec<Change>, Error> {
    let mut all = Vec::new();
    for past in store.past_of(person)? {
        let (old, new) = (object(&past.old), object(&past.new));
        for (field, new) in new {
            let old = old.get(&field).cloned().unwrap_or(Json::Null);
            all.push(change(past.at, Target::field(&field), &field, old, new));
        }
        let lists = object(past.lists.as_deref().unwrap_or("{}"));
        for (how, on) in [("joined", true), ("left", false)] {
            let names = lists.get(how).and_then(Json::as_array);
            for list in names.into_iter().flatten().filter_map(Json::as_str) {
                all.push(list_change(past.at, list, on));
            }
        }
    }
    let counts = |row: &&ActivityRow| matches!(row.outcome, None | Some("succeeded"));
    all.extend(log.iter().filter(counts).filter_map(of_row));
    all.sort_by_key(|change| change.at);
    Ok(all)
}

/// Returns the change that a row of the log tells of, if any.
fn of_row(row: &ActivityRow) -> Option<Change> {
    let primary = row.primary.as_deref()?;
    let mut attributes = object(&row.attributes);
    let mut take = |key: &str| attributes.remove(key).unwrap_or(Json::Null);
    let at = row.at;
    match &*row.activity {
        "change_data_value" | "change_score" => {
            let (old, new) = (take("previous_value"), take("new_value"));
            Some(change(at, Target::field(primary), primary, old, new))
        }
        "add_to_list" => Some(list_change(at, primary, true)),
        "remove_from_list" => Some(list_change(at, primary, false)),
        "change_program_status" => {
            let (old, new) = (take("previous_status"), take("new_status"));
            let success = take("success") == Json::Bool(true);
            let target = Target::Status(fold(primary));
            Some(Change {
                success,
                ..change(at, target, primary, old, new)
            })
        }
        "change_program_member_data" => {
            let field = take("field").as_str()?.to_owned();
            let (old, new) = (take("previous_value"), take("new_value"));
            let target = Target::Member(fold(primary), fold(&field));
            Some(change(at, target, &field, old, new))
        }
        _ => None,
    }
}

fn change(at: Instant, target: Target, name: &str, old: Json, new: Json) -> Change {
    Change {
        at,
        target,
        name: name.to_owned(),
        old,
        new,
        success: false,
    }
}

fn list_change(at: Instant, list: &str, on: bool) -> Change {
    let target = Target::List(fold(list));
    change(at, target, list, Json::Bool(!on), Json::Bool(on))
}

fn object(json: &str) -> Map<String, Json> {
    serde_json::from_str(json).unwrap_or_default()
}

/// Returns the changes of one thing.
fn of<'a>(
    changes: &'a [Change],
    target: &'a Target,
) -> impl DoubleEndedIterator<Item = &'a Change> {
    changes
        .iter()
        .filter(move |change| change.target == *target)
}

/// Returns a value at an instant; nothing where it never changed.
fn value_at(changes: &[Change], target: &Target, at: Instant) -> Option<Json> {
    let last = of(changes, target).rev().find(|change| change.at <= at);
    match last {
        Some(last) => Some(last.new.clone()),
        None => of(changes, target).next().map(|first| first.old.clone()),
    }
}

fn fields_at(present: &PersonRow, changes: &[Change], at: Instant) -> PersonRow {
    let fields = present.0.iter().map(|(field, now)| {
        let then = value_at(changes, &Target::field(field), at);
        (field.clone(), then.unwrap_or_else(|| now.clone()))
    });
    PersonRow(fields.collect())
}

/// Finds the lists that a person was on, by name.
fn lists_at(present: &[ListMembership], changes: &[Change], at: Instant) -> Vec<ListMembership> {
    let mut lists: BTreeMap<String, ListMembership> = BTreeMap::new();
    for list in present {
        lists.insert(fold(&list.list), list.clone());
    }
    for change in changes {
        let Target::List(key) = &change.target else {
            continue;
        };
        let joined = of(changes, &change.target)
            .rev()
            .find(|change| change.at <= at)
            .map(|last| last.at);
        match value_at(changes, &change.target, at) {
            Some(Json::Bool(true)) => {
                let list = change.name.clone();
                let added_at = joined;
                lists.insert(key.clone(), ListMembership { list, added_at });
            }
            _ => {
                lists.remove(key);
            }
        }
    }
    let mut lists: Vec<ListMembership> = lists.into_values().collect();
    lists.sort_by(|a, b| a.list.cmp(&b.list));
    lists
}

/// Finds the programs that a person was a member of, in the order of those of today.
fn programs_at(
    present: &[ProgramMembership],
    changes: &[Change],
    at: Instant,
) -> Vec<ProgramMembership> {
    present
        .iter()
        .filter_map(|program| program_at(program, changes, at))
        .collect()
}

fn program_at(
    present: &ProgramMembership,
    changes: &[Change],
    at: Instant,
) -> Option<ProgramMembership> {
    let key = fold(&present.program);
    let target = Target::Status(key.clone());
    let status = match value_at(changes, &target, at) {
        Some(Json::String(status)) if fold(&status) == fold(NO_MEMBER) => return None,
        Some(Json::String(status)) => status,
        Some(_) => return None,
        None => present.status.clone(),
    };
    let mut reached = of(changes, &target).filter(|change| change.success);
    let fields: BTreeSet<(&Target, &str)> = changes
        .iter()
        .filter(|change| matches!(&change.target, Target::Member(program, _) if *program == key))
        .map(|change| (&change.target, change.name.as_str()))
        .collect();
    let mut member = present.fields.clone();
    for (target, name) in fields {
        match value_at(changes, target, at) {
            None | Some(Json::Null) => member.remove(name),
            Some(value) => member.insert(name.to_owned(), value),
        };
    }
    Some(ProgramMembership {
        program: present.program.clone(),
        status,
        success_at: reached
            .next()
            .map_or(present.success_at, |first| Some(first.at))
            .filter(|success| *success <= at),
        since: present.since,
        fields: member,
    })
}

/// Counts the entries into campaigns up to an instant.
fn campaigns_at(
    store: &Store,
    person: PersonId,
    at: Instant,
) -> Result<Vec<PassedCampaign>, Error> {
    let mut passed: Vec<PassedCampaign> = Vec::new();
    for (campaign, entered) in store.entries_of(person)? {
        if entered > at {
            continue;
        }
        match passed.last_mut().filter(|last| last.campaign == *campaign) {
            Some(last) => {
                last.first_qualified_at = last.first_qualified_at.min(entered);
                last.last_qualified_at = last.last_qualified_at.max(entered);
                last.times += 1;
            }
            None => passed.push(PassedCampaign {
                campaign: campaign.to_string(),
                first_qualified_at: entered,
                last_qualified_at: entered,
                times: 1,
            }),
        }
    }
    Ok(passed)
}

/// Finds the waits that held a person: begun and not yet ended, by themselves or by leaving the flow.
fn waits_at(
    person: PersonId,
    present: &PersonDetail,
    log: &[ActivityRow],
    at: Instant,
) -> Vec<WaitingRow> {
    let email = present.person.0.get("email").and_then(Json::as_str);
    let mut open: Vec<WaitingRow> = Vec::new();
    for row in log.iter().filter(|row| row.at <= at) {
        let campaign = row.campaign.as_deref().unwrap_or_default();
        match (&*row.activity, row.outcome) {
            ("wait_started", Some("succeeded")) => open.extend(begun(row, person, email)),
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
            ("remove_from_flow", Some("succeeded")) => {
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
fn begun(row: &ActivityRow, person: PersonId, email: Option<&str>) -> Option<WaitingRow> {
    let until = object(&row.attributes);
    let until = until.get("until")?.as_str()?;
    let Ok(Value::Datetime(until)) = Value::parse(until, FieldType::Datetime, &Zone::utc()) else {
        return None;
    };
    Some(WaitingRow {
        campaign: row.campaign.as_deref()?.to_owned(),
        person_id: person.0,
        email: email.map(str::to_owned),
        step: row.step?,
        since: row.at,
        until,
        version: None,
    })
}
