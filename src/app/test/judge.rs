//! What a test expected against what happened.

use std::collections::BTreeSet;

use crate::campaign::Campaign;
use crate::campaign::case::{Case, Expectation, Expected};
use crate::diagnostic::Sources;
use crate::domain::{ActivityTypeId, Outcome, PersonId, PersonKey};
use crate::results::TestFailure;
use crate::world::{Activity, LogRow};

use super::difference::{Difference, rows};
use super::mails;
use super::play::Played;
use super::states::AtEnd;

/// Returns everything that was not as expected.
pub(super) fn failures(
    mut played: Played<'_>,
    campaign: &Campaign,
    case: &Case,
    sources: &Sources,
) -> Vec<TestFailure> {
    let nobody = played.unknown.iter().map(|key| TestFailure {
        line: sources.position(case.span).0,
        what: "events".to_owned(),
        expected: format!("someone with the key {key}"),
        got: "nobody".to_owned(),
        explain: None,
    });
    let mut failures: Vec<TestFailure> = nobody.collect();
    for expectation in &case.expect {
        let line = sources.position(expectation.span).0;
        failures.extend(failure(&mut played, campaign, expectation, line));
    }
    failures
}

/// What was looked at, what was expected, what was found.
struct Mismatch {
    what: String,
    expected: String,
    got: String,
    /// The person, and the row of their log that is in question.
    about: Option<(PersonId, Option<u32>)>,
}

fn failure(
    played: &mut Played<'_>,
    campaign: &Campaign,
    expectation: &Expectation,
    line: usize,
) -> Option<TestFailure> {
    let end = |person| AtEnd {
        played,
        campaign,
        person,
    };
    let unlike = match &expectation.what {
        Expected::Qualified(count) => qualified(played, campaign, *count),
        Expected::Activities(key, types) => of_person(played, key, "activities", |person| {
            activities(played, campaign, person, types)
        }),
        Expected::NotActivities(key, types) => of_person(played, key, "activities", |person| {
            not_activities(played, campaign, person, types)
        }),
        Expected::Field(key, field, value) => {
            let name = &played.engine.workspace().fields.field(*field).name;
            of_person(played, key, name, |person| {
                end(person).field(*field, value.as_ref())
            })
        }
        Expected::Lists(key, lists) => {
            of_person(played, key, "lists", |person| end(person).lists(lists))
        }
        Expected::NotLists(key, lists) => {
            of_person(played, key, "lists", |person| end(person).not_lists(lists))
        }
        Expected::Status(key, program, status) => {
            let name = played.world.programs.name(program.0);
            of_person(played, key, &format!("status in {name}"), |person| {
                end(person).status(*program, status.as_ref())
            })
        }
        Expected::Mails(key, mails) => of_person(played, key, "mails", |person| {
            mails::mails(played, campaign, person, mails)
        }),
    }?;
    let explain = unlike
        .about
        .and_then(|(person, row)| played.explain(campaign, person, row));
    Some(TestFailure {
        line,
        what: unlike.what,
        expected: unlike.expected,
        got: unlike.got,
        explain,
    })
}

/// Asks about one person; nobody at all is unlike what was expected, too.
fn of_person(
    played: &Played<'_>,
    key: &PersonKey,
    what: &str,
    ask: impl FnOnce(PersonId) -> Option<Difference>,
) -> Option<Mismatch> {
    let what = format!("{key}: {what}");
    let Some(person) = played.find(key) else {
        return Some(Mismatch {
            what,
            expected: format!("someone with the key {key}"),
            got: "nobody".to_owned(),
            about: None,
        });
    };
    ask(person).map(|difference| Mismatch {
        what,
        expected: difference.expected,
        got: difference.got,
        about: Some((person, difference.row)),
    })
}

/// Counts the people who entered the campaign.
fn qualified(played: &Played<'_>, campaign: &Campaign, count: u64) -> Option<Mismatch> {
    let entries = played.journal.entries.iter();
    let people: BTreeSet<PersonId> = entries
        .filter(|entry| entry.campaign == campaign.id)
        .map(|entry| entry.person)
        .collect();
    if people.len() as u64 == count {
        return None;
    }
    let names: Vec<String> = people.iter().map(|id| name(played, *id)).collect();
    let who = if names.is_empty() {
        String::new()
    } else {
        format!(": {}", names.join(", "))
    };
    // One person alone can be the one in question.
    let about = if (people.len() as u64) < count {
        let missing: Vec<PersonId> = played.everyone().collect();
        let mut missing = missing
            .into_iter()
            .filter(|person| !people.contains(person));
        missing.next().filter(|_| missing.next().is_none())
    } else {
        people.first().copied().filter(|_| people.len() == 1)
    };
    Some(Mismatch {
        what: "qualified".to_owned(),
        expected: count.to_string(),
        got: format!("{}{who}", people.len()),
        about: about.map(|person| (person, None)),
    })
}

/// Names a person as an answer does.
fn name(played: &Played<'_>, id: PersonId) -> String {
    let world = &played.world;
    match world.person(id) {
        Some(person) => person.names(world.layout()).best(),
        None => PersonKey::Number(id).to_string(),
    }
}

/// Returns whether a row says that a step succeeded.
fn succeeded(row: &LogRow) -> bool {
    row.activity.outcome == Some(Outcome::Succeeded)
}

fn activities(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    wanted: &[ActivityTypeId],
) -> Option<Difference> {
    let done: Vec<&LogRow> = rows(played, campaign, person)
        .filter(|row| succeeded(row))
        .collect();
    let got: Vec<ActivityTypeId> = done.iter().map(|row| row.activity.activity).collect();
    if got == wanted {
        return None;
    }
    let other = || rows(played, campaign, person).filter(|row| !succeeded(row));
    let others: Vec<String> = other().map(|row| ending(played, &row.activity)).collect();
    let mut shown = names(played, &got);
    if !others.is_empty() {
        shown = format!("{shown} ({})", others.join(", "));
    }
    let first = (0..=got.len()).find(|place| got.get(*place) != wanted.get(*place))?;
    let missing = wanted.get(first);
    let unfinished = other().find(|row| Some(&row.activity.activity) == missing);
    let row = unfinished.or_else(|| done.get(first).copied());
    Some(Difference {
        expected: names(played, wanted),
        got: shown,
        row: row.map(|row| row.ordinal),
    })
}

fn not_activities(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    unwanted: &[ActivityTypeId],
) -> Option<Difference> {
    let got: Vec<&LogRow> = rows(played, campaign, person)
        .filter(|row| succeeded(row) && unwanted.contains(&row.activity.activity))
        .collect();
    let types: Vec<ActivityTypeId> = got.iter().map(|row| row.activity.activity).collect();
    got.first().map(|first| Difference {
        expected: format!("none of {}", names(played, unwanted)),
        got: names(played, &types),
        row: Some(first.ordinal),
    })
}

/// Reports a step that did not succeed: `send_email skipped: unsubscribed`.
fn ending(played: &Played<'_>, activity: &Activity) -> String {
    let name = &played
        .engine
        .workspace()
        .activities
        .get(activity.activity)
        .name;
    let outcome = activity.outcome.map_or("", Outcome::name);
    match &activity.reason {
        Some(reason) => format!("{name} {outcome}: {reason}"),
        None => format!("{name} {outcome}"),
    }
}

fn names(played: &Played<'_>, types: &[ActivityTypeId]) -> String {
    let catalogue = &played.engine.workspace().activities;
    let names: Vec<&str> = types
        .iter()
        .map(|id| catalogue.get(*id).name.as_ref())
        .collect();
    format!("[{}]", names.join(", "))
}
