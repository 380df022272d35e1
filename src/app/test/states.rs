//! What is expected of a person's fields, lists and program statuses against what they are at the end of a test.
//!
//! The row in question is the last one in which the campaign changed that, or meant to.

use crate::campaign::Campaign;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::same;
use crate::domain::{FieldId, ListId, PersonId, ProgramId, Text, Value};
use crate::world::{Activity, LogRow, NOT_IN_PROGRAM, Person};

use super::judge::{Difference, rows};
use super::play::Played;

/// Compares a field.
pub(super) fn field(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    field: FieldId,
    expected: Option<&Value>,
) -> Option<Difference> {
    let known = played.world.person(person)?;
    let got = known.field(played.world.layout(), field);
    let name = &played.engine.workspace().fields.field(field).name;
    let names_it = |activity: &Activity| {
        let written = activity.attributes.iter();
        let mut written = written.filter(|(key, _)| key.as_ref() == "field");
        let field = |text: &str| same(text, name);
        activity.primary.as_deref().is_some_and(field)
            || written.any(|(_, value)| field(&value.to_text()))
    };
    (got != expected).then(|| Difference {
        expected: text(expected),
        got: text(got),
        row: last(played, campaign, person, names_it),
    })
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(
        || "no value".to_owned(),
        |value| value.to_text().to_string(),
    )
}

/// Expects a person to be on all of some lists.
pub(super) fn lists(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    lists: &[ListId],
) -> Option<Difference> {
    let known = played.world.person(person)?;
    let missing: Vec<ListId> = lists.iter().copied().filter(|l| !known.is_on(*l)).collect();
    let first = missing.first()?;
    Some(Difference {
        expected: format!("on {}", names(played, lists)),
        got: membership(played, known),
        row: last_of_list(played, campaign, person, *first),
    })
}

/// Expects a person to be on none of some lists.
pub(super) fn not_lists(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    lists: &[ListId],
) -> Option<Difference> {
    let known = played.world.person(person)?;
    let first = lists.iter().find(|list| known.is_on(**list))?;
    Some(Difference {
        expected: format!("on none of {}", names(played, lists)),
        got: membership(played, known),
        row: last_of_list(played, campaign, person, *first),
    })
}

fn names(played: &Played<'_>, lists: &[ListId]) -> String {
    let names = lists.iter().map(|list| played.world.lists.name(list.0));
    let names: Vec<Text> = names.collect();
    format!("[{}]", names.join(", "))
}

/// Says which lists a person is on.
fn membership(played: &Played<'_>, person: &Person) -> String {
    if person.lists.is_empty() {
        "on no list".to_owned()
    } else {
        format!("on {}", names(played, &person.lists))
    }
}

fn last_of_list(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    list: ListId,
) -> Option<u32> {
    let types = [BuiltinActivity::AddToList, BuiltinActivity::RemoveFromList];
    let name = played.world.lists.name(list.0);
    last(played, campaign, person, |activity| {
        types.iter().any(|known| known.id() == activity.activity)
            && activity.primary.as_deref().is_some_and(|p| same(p, &name))
    })
}

/// Compares the status in a program; nothing is no membership.
pub(super) fn status(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    program: ProgramId,
    expected: Option<&Text>,
) -> Option<Difference> {
    let known = played.world.person(person)?;
    let got = known.membership(program).map(|member| &member.status);
    let got = got.filter(|status| !same(status, NOT_IN_PROGRAM));
    let alike = match (expected, got) {
        (Some(expected), Some(got)) => same(expected, got),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    let text = |status: Option<&Text>| status.map_or(NOT_IN_PROGRAM, |s| s.as_ref()).to_owned();
    let name = played.world.programs.name(program.0);
    (!alike).then(|| Difference {
        expected: text(expected),
        got: text(got),
        row: last(played, campaign, person, |activity| {
            activity.activity == BuiltinActivity::ChangeProgramStatus.id()
                && activity.primary.as_deref().is_some_and(|p| same(p, &name))
        }),
    })
}

/// Returns the last row of the campaign for a person that is of a kind.
fn last(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    of_kind: impl Fn(&Activity) -> bool,
) -> Option<u32> {
    let mut rows = rows(played, campaign, person);
    let row: Option<&LogRow> = rows.rfind(|row| of_kind(&row.activity));
    row.map(|row| row.ordinal)
}
