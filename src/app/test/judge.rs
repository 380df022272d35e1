//! What a test expected against what happened.

use std::collections::BTreeSet;

use crate::campaign::Campaign;
use crate::campaign::case::{Case, Expectation, Expected};
use crate::diagnostic::Sources;
use crate::domain::{ActivityTypeId, Outcome, PersonId, PersonKey, Value};
use crate::results::TestFailure;
use crate::world::Activity;

use super::play::Played;

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
    person: Option<PersonId>,
}

fn failure(
    played: &mut Played<'_>,
    campaign: &Campaign,
    expectation: &Expectation,
    line: usize,
) -> Option<TestFailure> {
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
                let known = played.world.person(person)?;
                let got = known.field(played.world.layout(), *field);
                (got != value.as_ref()).then(|| (text(value.as_ref()), text(got)))
            })
        }
    }?;
    let explain = unlike
        .person
        .and_then(|person| played.explain(campaign, person));
    Some(TestFailure {
        line,
        what: unlike.what,
        expected: unlike.expected,
        got: unlike.got,
        explain,
    })
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(
        || "no value".to_owned(),
        |value| value.to_text().to_string(),
    )
}

/// Asks about one person; nobody at all is unlike what was expected, too.
fn of_person(
    played: &Played<'_>,
    key: &PersonKey,
    what: &str,
    ask: impl FnOnce(PersonId) -> Option<(String, String)>,
) -> Option<Mismatch> {
    let what = format!("{key}: {what}");
    let Some(person) = played.find(key) else {
        return Some(Mismatch {
            what,
            expected: format!("someone with the key {key}"),
            got: "nobody".to_owned(),
            person: None,
        });
    };
    ask(person).map(|(expected, got)| Mismatch {
        what,
        expected,
        got,
        person: Some(person),
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
    Some(Mismatch {
        what: "qualified".to_owned(),
        expected: count.to_string(),
        got: format!("{}{who}", people.len()),
        person: None,
    })
}

fn name(played: &Played<'_>, id: PersonId) -> String {
    let world = &played.world;
    match world.person(id) {
        Some(person) => person.names(world.layout()).best(),
        None => PersonKey::Number(id).to_string(),
    }
}

/// Returns the rows that the campaign's steps left for a person.
fn rows<'a>(
    played: &'a Played<'_>,
    campaign: &Campaign,
    person: PersonId,
) -> impl Iterator<Item = &'a Activity> {
    let campaign = campaign.id;
    played
        .journal
        .activities
        .iter()
        .filter(move |row| row.person == person)
        .map(|row| &row.activity)
        .filter(move |activity| activity.origin.is_some_and(|o| o.campaign == campaign))
}

fn activities(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    wanted: &[ActivityTypeId],
) -> Option<(String, String)> {
    let succeeded = |activity: &&Activity| activity.outcome == Some(Outcome::Succeeded);
    let got: Vec<ActivityTypeId> = rows(played, campaign, person)
        .filter(succeeded)
        .map(|activity| activity.activity)
        .collect();
    if got == wanted {
        return None;
    }
    let others: Vec<String> = rows(played, campaign, person)
        .filter(|activity| !succeeded(activity))
        .map(|activity| ending(played, activity))
        .collect();
    let mut told = names(played, &got);
    if !others.is_empty() {
        told = format!("{told} ({})", others.join(", "));
    }
    Some((names(played, wanted), told))
}

fn not_activities(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    unwanted: &[ActivityTypeId],
) -> Option<(String, String)> {
    let got: Vec<ActivityTypeId> = rows(played, campaign, person)
        .filter(|activity| activity.outcome == Some(Outcome::Succeeded))
        .map(|activity| activity.activity)
        .filter(|activity| unwanted.contains(activity))
        .collect();
    (!got.is_empty()).then(|| {
        let expected = format!("none of {}", names(played, unwanted));
        (expected, names(played, &got))
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
