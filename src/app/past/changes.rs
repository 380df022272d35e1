//! What has changed of a person, in order: rows of the log, and what loads noted.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::domain::text::fold;
use crate::domain::{Instant, Outcome, PersonId};
use crate::store::{LogEntry, PastRow, Store, place_of};

use super::{AsOf, Error};

/// What may change of a person; names without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Field(String),
    List(String),
    Status(String),
    Member(String, String),
}

impl Target {
    pub(super) fn field(name: &str) -> Self {
        Self::Field(fold(name))
    }
}

/// One change. Of a list, the values are whether the person is on it.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) when: When,
    pub(super) target: Target,
    /// The name as it was written.
    pub(super) name: String,
    pub(super) old: Json,
    pub(super) new: Json,
    /// Whether a program's success was reached.
    pub(super) success: bool,
}

/// When something happened: its instant, and where in the order in which things happened to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct When {
    pub(super) at: Instant,
    /// How many rows the log had before.
    pub(super) place: u32,
    /// Whether it is itself that next row; what a load did comes before it.
    row: bool,
}

impl When {
    pub(super) fn of_row(row: &LogEntry) -> Self {
        Self {
            at: row.at,
            place: place_of(row.activity_id),
            row: true,
        }
    }

    /// Something beside the log. Where nobody noted the place it is after every row of an earlier instant.
    pub(super) fn beside(at: Instant, place: Option<u32>, log: &[LogEntry]) -> Self {
        let after = || {
            let earlier = log.iter().filter(|row| row.at < at);
            let last = earlier.map(|row| place_of(row.activity_id)).max();
            last.map_or(0, |last| last + 1)
        };
        Self {
            at,
            place: place.unwrap_or_else(after),
            row: false,
        }
    }
}

/// All changes of a person, each thing's in order.
pub(super) struct Changes {
    all: BTreeMap<Target, Vec<Change>>,
    then: AsOf,
}

impl Changes {
    /// Collects them in the order in which `then` sees them: of instants, or of happening.
    pub(super) fn of(
        store: &Store,
        person: PersonId,
        log: &[LogEntry],
        then: AsOf,
    ) -> Result<Self, Error> {
        let mut changes = Vec::new();
        for past in store.past_of(person)? {
            of_load(&past, When::beside(past.at, past.place, log), &mut changes);
        }
        let counts = |row: &&LogEntry| matches!(row.outcome, None | Some(Outcome::Succeeded));
        changes.extend(log.iter().filter(counts).filter_map(of_row));
        match then {
            AsOf::At(_) => changes.sort_by_key(|change| change.when),
            AsOf::Judged(_) => {
                changes.sort_by_key(|change| (change.when.place, change.when.row));
            }
        }
        let mut all: BTreeMap<Target, Vec<Change>> = BTreeMap::new();
        for change in changes {
            all.entry(change.target.clone()).or_default().push(change);
        }
        Ok(Self { all, then })
    }

    /// Returns each thing that ever changed, with its changes.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Target, &[Change])> {
        self.all
            .iter()
            .map(|(target, changes)| (target, changes.as_slice()))
    }

    /// Returns the changes of one thing.
    pub(super) fn of_target(&self, target: &Target) -> &[Change] {
        self.all.get(target).map_or(&[], Vec::as_slice)
    }

    /// Returns the last change of one thing that had happened.
    pub(super) fn last(&self, target: &Target) -> Option<&Change> {
        let changes = self.of_target(target).iter();
        changes.rev().find(|change| self.then.sees(change.when))
    }

    /// Returns whether a change had happened.
    pub(super) fn had(&self, change: &Change) -> bool {
        self.then.sees(change.when)
    }

    /// Returns a thing's value then; nothing where it never changed.
    pub(super) fn value(&self, target: &Target) -> Option<Json> {
        match self.last(target) {
            Some(last) => Some(last.new.clone()),
            // The first to happen: a late event, of an earlier instant, has found what others had made.
            None => first_of(self.of_target(target).iter()).map(|first| first.old.clone()),
        }
    }
}

/// Returns the change that happened first, whatever its instant.
pub(super) fn first_of<'a>(changes: impl Iterator<Item = &'a Change>) -> Option<&'a Change> {
    changes.min_by_key(|change| (change.when.place, change.when.row))
}

/// Adds what a load changed.
fn of_load(past: &PastRow, when: When, changes: &mut Vec<Change>) {
    let (old, new) = (object(&past.old), object(&past.new));
    for (field, new) in new {
        let old = old.get(&field).cloned().unwrap_or(Json::Null);
        changes.push(change(when, Target::field(&field), &field, old, new));
    }
    let lists = object(past.lists.as_deref().unwrap_or("{}"));
    for (how, on) in [("joined", true), ("left", false)] {
        let names = lists.get(how).and_then(Json::as_array);
        for list in names.into_iter().flatten().filter_map(Json::as_str) {
            changes.push(list_change(when, list, on));
        }
    }
}

/// Returns the change that a row of the log tells of, if any.
fn of_row(row: &LogEntry) -> Option<Change> {
    let primary = row.primary.as_deref()?;
    let mut attributes = object(&row.attributes);
    let mut take = |key: &str| attributes.remove(key).unwrap_or(Json::Null);
    let when = When::of_row(row);
    match &*row.activity {
        "change_data_value" | "change_score" => {
            let (old, new) = (take("previous_value"), take("new_value"));
            Some(change(when, Target::field(primary), primary, old, new))
        }
        "add_to_list" => Some(list_change(when, primary, true)),
        "remove_from_list" => Some(list_change(when, primary, false)),
        "change_program_status" => {
            let (old, new) = (take("previous_status"), take("new_status"));
            let success = take("success") == Json::Bool(true);
            let target = Target::Status(fold(primary));
            Some(Change {
                success,
                ..change(when, target, primary, old, new)
            })
        }
        "change_program_member_data" => {
            let field = take("field").as_str()?.to_owned();
            let (old, new) = (take("previous_value"), take("new_value"));
            let target = Target::Member(fold(primary), fold(&field));
            Some(change(when, target, &field, old, new))
        }
        _ => None,
    }
}

fn change(when: When, target: Target, name: &str, old: Json, new: Json) -> Change {
    Change {
        when,
        target,
        name: name.to_owned(),
        old,
        new,
        success: false,
    }
}

fn list_change(when: When, list: &str, on: bool) -> Change {
    let target = Target::List(fold(list));
    change(when, target, list, Json::Bool(!on), Json::Bool(on))
}

/// Reads attributes.
pub(super) fn object(json: &str) -> Map<String, Json> {
    serde_json::from_str(json).unwrap_or_default()
}
