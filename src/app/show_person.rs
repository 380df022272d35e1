//! `person show`: everything known about one person besides the log.

use serde_json::{Map, Value as Json};

use crate::campaign::Workspace;
use crate::domain::field::KEPT;
use crate::domain::{Instant, PersonId, Value};
use crate::results::{ListMembership, PassedCampaign, PersonDetail, PersonRow, ProgramMembership};
use crate::store::{LoadRequest, Store};
use crate::world::{Layout, Needs, Numbering, Person};

use super::list_campaigns;
use super::settings::settings;
use super::{Error, ErrorKind, UserError};

/// Returns what is known about a person.
pub(crate) fn show(store: &Store, person: PersonId) -> Result<PersonDetail, Error> {
    show_with(store, person, &settings(store)?)
}

/// Returns what is known about a person, with the workspace at hand.
pub(super) fn show_with(
    store: &Store,
    person: PersonId,
    workspace: &Workspace,
) -> Result<PersonDetail, Error> {
    Ok(PersonDetail {
        person: fields(store, person, workspace)?,
        lists: store
            .lists_of(person)?
            .into_iter()
            .map(|row| ListMembership {
                list: row.list.to_string(),
                added_at: Some(row.added_at),
            })
            .collect(),
        programs: store
            .programs_of(person)?
            .into_iter()
            .map(|row| ProgramMembership {
                program: row.program.to_string(),
                status: row.status.to_string(),
                success: row.success_at.is_some(),
                success_at: row.success_at,
                since: row.since,
                acquired_by: row.acquired_by,
                fields: serde_json::from_str(&row.fields).unwrap_or_default(),
            })
            .collect(),
        campaigns: store
            .campaigns_of(person)?
            .into_iter()
            .map(list_campaigns::member)
            .map(|row| PassedCampaign {
                campaign: row.campaign,
                first_qualified_at: row.first_qualified_at,
                last_qualified_at: row.last_qualified_at,
                times: row.times,
            })
            .collect(),
        waits: store
            .waits_of(person)?
            .into_iter()
            .map(list_campaigns::wait)
            .collect(),
    })
}

/// Returns the fields of one person.
fn fields(store: &Store, person: PersonId, workspace: &Workspace) -> Result<PersonRow, Error> {
    let shown = Shown::of(store, &workspace.fields)?;
    let numbering = Numbering::default();
    let bindings = store.bind(&[], &workspace.fields, &workspace.activities, numbering)?;
    let needs = Needs {
        fields: shown.layout.fields().iter().copied().collect(),
        ..Needs::default()
    };
    let wanted = LoadRequest {
        layout: &shown.layout,
        needs: &needs,
        bindings: &bindings,
    };
    let people = store.people(&[person], wanted)?;
    let found = people.first().ok_or_else(|| no_person(person))?;
    Ok(shown.row(found))
}

/// Reports that a person who was found by their key has no row.
pub(super) fn no_person(person: PersonId) -> UserError {
    UserError::new(ErrorKind::State, format!("there is no person `#{person}`"))
}

/// The fields that are shown of people: those that have a column.
pub(super) struct Shown {
    pub(super) layout: Layout,
    names: Vec<String>,
}

impl Shown {
    pub(super) fn of(
        store: &Store,
        catalogue: &crate::domain::FieldCatalogue,
    ) -> Result<Self, Error> {
        let stored = store.stored_fields()?;
        let mut ids: Vec<_> = stored
            .iter()
            .filter_map(|field| catalogue.find(&field.name))
            .collect();
        // The view has `id` before `email`.
        if ids.len() >= 2 {
            ids.swap(0, 1);
        }
        Ok(Self {
            names: ids
                .iter()
                .map(|id| catalogue.field(*id).name.clone())
                .collect(),
            layout: Layout::of(ids, catalogue),
        })
    }

    /// Returns the keys of every row.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut keys = vec!["person_id".to_owned()];
        keys.extend(self.names.iter().cloned());
        keys
    }

    pub(super) fn row(&self, person: &Person) -> PersonRow {
        self.row_of(person, &self.layout)
    }

    /// Returns the row of a person as they were at an instant. Of the fields that bugle keeps nothing records the past: what
    /// they are since then is not known.
    pub(super) fn row_then(&self, person: &Person, layout: &Layout, at: Instant) -> PersonRow {
        let PersonRow(mut row) = self.row_of(person, layout);
        for (name, field) in self.names.iter().zip(self.layout.fields()) {
            let later = match person.field(layout, *field) {
                Some(Value::Datetime(value)) => *value > at,
                Some(_) | None => false,
            };
            if KEPT.contains(field) && later {
                row.insert(name.clone(), Json::Null);
            }
        }
        PersonRow(row)
    }

    /// Returns a person's row, from a layout that has the shown fields among others.
    pub(super) fn row_of(&self, person: &Person, layout: &Layout) -> PersonRow {
        let mut row = Map::with_capacity(self.names.len() + 1);
        row.insert("person_id".to_owned(), Json::from(person.id.0));
        for (name, field) in self.names.iter().zip(self.layout.fields()) {
            let value = person.field(layout, *field).map(Value::borrowed);
            // None of our values is one that JSON does not have.
            row.insert(
                name.clone(),
                serde_json::to_value(value).unwrap_or_default(),
            );
        }
        PersonRow(row)
    }
}
