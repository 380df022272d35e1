//! A person list taken as activities: each row is one happening, as an import into a static list would make it.
//!
//! The order in the log is *New Person* for someone new, *Change Data Value* for each changed cell of someone known, in
//! the order of the columns, *Add to List*. First values log nothing, and neither does what is so already. Then campaigns
//! are asked; the row is one event, so no campaign enters twice by it.

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{FieldId, Instant, ListId, PersonId, PersonKey, Text, Value};
use crate::world::World;
use crate::world::directory::lookup_key;

use super::apply::{made_by, plain_row};
use super::cascade::Cascade;
use super::words::Attribution;
use super::{Engine, Tally};

/// The source of what a list brings, as Marketo's logs have it.
const LIST_SOURCE: &str = "List Import";

/// One row of a person list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListRow {
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// Who is meant.
    pub(crate) key: PersonKey,
    /// The cells that are not blank, without the key; no value clears.
    pub(crate) values: Vec<(FieldId, Option<Value>)>,
    /// The static list that is joined.
    pub(crate) list: Option<ListId>,
}

/// The outcome of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Imported {
    /// It made someone.
    Added,
    /// It changed someone known.
    Updated,
    /// All was so already.
    Unchanged,
}

impl Engine<'_> {
    /// Takes one row of a list: logs and applies what it changes, asks campaigns, walks.
    pub(crate) fn import(
        &self,
        world: &mut World,
        row: ListRow,
        tally: &mut Tally,
    ) -> (PersonId, Imported) {
        let found = world.directory.find(&lookup_key(&row.key));
        let known = found.filter(|person| world.has(*person));
        let person = known.unwrap_or_else(|| world.create(&row.key, row.at));
        let list = row.list.map(|list| (list, list_name(world, list)));
        let (mut imported, mut deleted) = (Imported::Unchanged, false);
        if let Some(mut subject) = world.subject(person) {
            let mut cascade = Cascade::new(self, &mut subject, row.at, tally, None);
            if known.is_none() {
                cascade.import_new(row.values, list.as_ref().map(|(_, name)| name));
                cascade.subject.is_made();
                imported = Imported::Added;
            } else if cascade.import_changes(row.values) {
                imported = Imported::Updated;
            }
            if let Some((list, name)) = list
                && cascade.subject.join(list, row.at).is_ok()
            {
                cascade.import_list_row(BuiltinActivity::AddToList, name);
                if imported == Imported::Unchanged {
                    imported = Imported::Updated;
                }
            }
            cascade.run_to_quiescence();
            deleted = subject.is_deleted();
        }
        if deleted {
            world.remove(person);
        }
        (person, imported)
    }

    /// Takes someone off a list that an import has replaced; returns whether they were on it.
    pub(crate) fn drop_from_list(
        &self,
        world: &mut World,
        person: PersonId,
        list: ListId,
        at: Instant,
        tally: &mut Tally,
    ) -> bool {
        let name = list_name(world, list);
        let Some(mut subject) = world.subject(person) else {
            return false;
        };
        if subject.leave(list, at).is_err() {
            return false;
        }
        let mut cascade = Cascade::new(self, &mut subject, at, tally, None);
        cascade.import_list_row(BuiltinActivity::RemoveFromList, name);
        cascade.run_to_quiescence();
        if subject.is_deleted() {
            world.remove(person);
        }
        true
    }
}

fn list_name(world: &World, list: ListId) -> Text {
    world.lists.name(list.0)
}

impl Cascade<'_, '_, '_> {
    fn import_new(&mut self, values: Vec<(FieldId, Option<Value>)>, list: Option<&Text>) {
        let given = |(field, value): (FieldId, Option<Value>)| Some((field, value?));
        self.first_values(values.into_iter().filter_map(given).collect());
        let by = &self.engine.words.list_name;
        let attributes = made_by(self, LIST_SOURCE, by, list.cloned());
        let row = plain_row(self.at, BuiltinActivity::NewPerson, None, attributes);
        self.log(row, None);
    }

    fn import_changes(&mut self, values: Vec<(FieldId, Option<Value>)>) -> bool {
        let mut changed = false;
        for (field, value) in values {
            changed |= self.change_field_by_event(field, value, LIST_SOURCE);
        }
        changed
    }

    fn import_list_row(&mut self, activity: BuiltinActivity, list: Text) {
        let source = Some(Value::text(LIST_SOURCE));
        let attributes = Attribution::default()
            .with(&self.engine.words.source, source)
            .done();
        self.log(plain_row(self.at, activity, Some(list), attributes), None);
    }
}
