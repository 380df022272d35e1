//! What is expected of a person's fields, lists and program statuses against what they are at the end of a test.
//!
//! The row in question is the last one in which the campaign changed that, or meant to.

use crate::campaign::Campaign;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::same;
use crate::domain::{FieldId, ListId, PersonId, ProgramId, Text, Value};
use crate::world::{Activity, LogRow, NOT_IN_PROGRAM, Person};

use super::difference::{Difference, rows};
use super::play::Played;

/// A person at the end of a test of a campaign.
#[derive(Clone, Copy)]
pub(super) struct AtEnd<'a, 'p> {
    pub(super) played: &'a Played<'p>,
    pub(super) campaign: &'a Campaign,
    pub(super) person: PersonId,
}

impl AtEnd<'_, '_> {
    /// Compares a field.
    pub(super) fn field(&self, field: FieldId, expected: Option<&Value>) -> Option<Difference> {
        let known = self.played.world.person(self.person)?;
        let got = known.field(self.played.world.layout(), field);
        let name = &self.played.engine.workspace().fields.field(field).name;
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
            row: self.last(names_it),
        })
    }

    /// Expects a person to be on all of some lists.
    pub(super) fn lists(&self, lists: &[ListId]) -> Option<Difference> {
        let known = self.played.world.person(self.person)?;
        let missing: Vec<ListId> = lists.iter().copied().filter(|l| !known.is_on(*l)).collect();
        let first = missing.first()?;
        Some(Difference {
            expected: format!("on {}", names(self.played, lists)),
            got: membership(self.played, known),
            row: self.last_of_list(*first),
        })
    }

    /// Expects a person to be on none of some lists.
    pub(super) fn not_lists(&self, lists: &[ListId]) -> Option<Difference> {
        let known = self.played.world.person(self.person)?;
        let first = lists.iter().find(|list| known.is_on(**list))?;
        Some(Difference {
            expected: format!("on none of {}", names(self.played, lists)),
            got: membership(self.played, known),
            row: self.last_of_list(*first),
        })
    }

    /// Compares the status in a program; none means no membership.
    pub(super) fn status(&self, program: ProgramId, expected: Option<&Text>) -> Option<Difference> {
        let known = self.played.world.person(self.person)?;
        let got = known.membership(program).map(|member| &member.status);
        let got = got.filter(|status| !same(status, NOT_IN_PROGRAM));
        let alike = match (expected, got) {
            (Some(expected), Some(got)) => same(expected, got),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let text = |status: Option<&Text>| status.map_or(NOT_IN_PROGRAM, |s| s.as_ref()).to_owned();
        let name = self.played.world.programs.name(program.0);
        (!alike).then(|| Difference {
            expected: text(expected),
            got: text(got),
            row: self.last(|activity| {
                activity.activity == BuiltinActivity::ChangeProgramStatus.id()
                    && activity.primary.as_deref().is_some_and(|p| same(p, &name))
            }),
        })
    }

    fn last_of_list(&self, list: ListId) -> Option<u32> {
        let types = [BuiltinActivity::AddToList, BuiltinActivity::RemoveFromList];
        let name = self.played.world.lists.name(list.0);
        self.last(|activity| {
            types.iter().any(|known| known.id() == activity.activity)
                && activity.primary.as_deref().is_some_and(|p| same(p, &name))
        })
    }

    /// Returns the last row of the campaign for a person that is of a kind.
    fn last(&self, of_kind: impl Fn(&Activity) -> bool) -> Option<u32> {
        let mut rows = rows(self.played, self.campaign, self.person);
        let row: Option<&LogRow> = rows.rfind(|row| of_kind(&row.activity));
        row.map(|row| row.ordinal)
    }
}

fn text(value: Option<&Value>) -> String {
    value.map_or_else(
        || "no value".to_owned(),
        |value| value.to_text().to_string(),
    )
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
