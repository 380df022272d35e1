//! Whom a line is about, and the keys that it gives the person: what cutting event files into shards needs.

use super::check::{Checker, RawAttribute};
use super::line_error::LineError;
use super::names::{AttributeTarget, FORM_FIELDS, NEW_VALUE};
use super::raw_event::RawEvent;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{ActivityTypeId, FieldId, PersonKey, form_fields};
use crate::intake::shards::key::KeyHash;
use crate::world::event::CLEARS;

impl Checker<'_> {
    /// Notes whom an event is about. A number of one database is no key: each shard gives its own.
    pub(super) fn note_person(
        &mut self,
        raw: &RawEvent<'_>,
        person: &PersonKey,
    ) -> Result<(), LineError> {
        let Some(key) = KeyHash::of_key(person) else {
            let message =
                "`person` is the number that one database has given, and each shard gives its own";
            let help = "name the person by email or id";
            return Err(LineError::new(raw.person_at(), message).help(help));
        };
        self.keys.person = Some(key);
        Ok(())
    }

    /// Notes the keys that an event gives its person: by a change of the field, a form, or as a new person.
    pub(super) fn note_given_keys(&mut self, activity: ActivityTypeId, given: &[RawAttribute<'_>]) {
        let by_form = [BuiltinActivity::FillOutForm, BuiltinActivity::NewPerson];
        let keys: Vec<KeyHash> = if activity == BuiltinActivity::ChangeDataValue.id() {
            self.changed(given).into_iter().collect()
        } else if by_form.iter().any(|form| form.id() == activity) {
            given.iter().flat_map(|one| self.filled_in(one)).collect()
        } else {
            return;
        };
        self.keys.given.extend(keys);
    }

    fn changed(&self, given: &[RawAttribute<'_>]) -> Option<KeyHash> {
        let attribute =
            |is_it: &dyn Fn(&RawAttribute<'_>) -> bool| given.iter().find(|one| is_it(one));
        let field = attribute(&|one| {
            let slot = self.names.slot(one.slot);
            slot.which == AttributeTarget::Primary && slot.key == "field"
        })?;
        let value = attribute(&|one| self.names.slot(one.slot).key == NEW_VALUE)?;
        Self::key(self.rules.fields.find(&field.text)?, &value.text)
    }

    fn filled_in(&self, attribute: &RawAttribute<'_>) -> Vec<KeyHash> {
        let fields = self.rules.fields;
        let slot = self.names.slot(attribute.slot);
        if slot.key != FORM_FIELDS {
            let field = fields.find(&slot.key);
            return field
                .and_then(|field| Self::key(field, &attribute.text))
                .into_iter()
                .collect();
        }
        let filled = form_fields::read(&attribute.text).into_iter().flatten();
        let keys = filled.filter_map(|(name, value)| {
            let field = fields.find(&name).filter(|field| *field == EMAIL)?;
            Self::key(field, &value?)
        });
        keys.collect()
    }

    fn key(field: FieldId, text: &str) -> Option<KeyHash> {
        let text = text.trim();
        if text.is_empty() || text == CLEARS {
            None
        } else if field == EMAIL {
            Some(KeyHash::email(text))
        } else if field == ID {
            Some(KeyHash::id(text))
        } else {
            None
        }
    }
}
