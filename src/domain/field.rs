//! The catalogue of person fields: the standard ones built in, custom ones beside them.

use std::collections::HashMap;

use super::text::name_key;
use super::{FieldType, Value};

/// A field's place in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FieldId(pub(crate) u16);

/// Returns whether a field holds a name of the person, in which nothing may be hidden.
pub(crate) fn is_name_of_person(field: &str) -> bool {
    ["first_name", "middle_name", "last_name", "full_name"].contains(&field)
}

/// Where a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FieldOrigin {
    /// Built in, one of Marketo's standard fields.
    Standard,
    /// Declared under `fields:` of the workspace.
    Custom,
    /// Named by a column of a person list, its type inferred.
    Inferred,
}

/// One person field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// The name in campaign files and the column in the database, in snake case.
    pub(crate) name: String,
    /// Marketo's REST name, `firstName`; the name itself for other fields.
    pub(crate) api_name: String,
    /// The display name, `First Name`.
    pub(crate) label: String,
    /// What it holds.
    pub(crate) field_type: FieldType,
    /// Where it comes from.
    pub(crate) origin: FieldOrigin,
}

impl Field {
    /// Returns what the field holds where nothing is stored: false for the flags the program owns, else nothing.
    pub(crate) fn when_absent(&self) -> Option<Value> {
        is_flag(&self.name).then_some(Value::Boolean(false))
    }
}

/// The booleans that the program itself owns; they default to false and are never empty.
pub(crate) const FLAGS: [&str; 4] = [
    "unsubscribed",
    "marketing_suspended",
    "email_invalid",
    "black_listed",
];

/// Returns whether a field is one of the program's own flags.
pub(crate) fn is_flag(name: &str) -> bool {
    FLAGS.contains(&name)
}

/// Every field, found by any of its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldCatalogue {
    fields: Vec<Field>,
    /// By snake case and API name, exactly as they are spelled.
    by_name: HashMap<String, FieldId>,
    /// By any name, however it is spelled.
    by_key: HashMap<String, FieldId>,
}

/// The field `email`, the person's address and usual key.
pub(crate) const EMAIL: FieldId = FieldId(0);
/// The field `id`, the person's key where there is no email.
pub(crate) const ID: FieldId = FieldId(1);
/// The field `created_at` in every catalogue: since when the person is known. bugle keeps it where no file brings it.
pub(crate) const CREATED_AT: FieldId = FieldId(2);
/// The field `updated_at` in every catalogue: when a field of the person last changed. Kept in the same way.
pub(crate) const UPDATED_AT: FieldId = FieldId(3);
/// The fields that bugle keeps: a change of them is not a change of the person.
pub(crate) const KEPT: [FieldId; 2] = [CREATED_AT, UPDATED_AT];
/// The person field that names the program by which the person was acquired.
pub(crate) const ACQUISITION_PROGRAM: &str = "acquisition_program";
/// The same under Marketo's other name.
pub(crate) const ACQUISITION_PROGRAM_NAME: &str = "acquisition_program_name";
/// The person field of the instant at which that happened.
pub(crate) const ACQUISITION_DATE: &str = "acquisition_date";

impl Default for FieldCatalogue {
    fn default() -> Self {
        Self::standard()
    }
}

impl FieldCatalogue {
    /// Makes the catalogue of the standard fields alone.
    pub(crate) fn standard() -> Self {
        let mut catalogue = Self {
            fields: Vec::new(),
            by_name: HashMap::new(),
            by_key: HashMap::new(),
        };
        for row in super::standard_fields::STANDARD {
            catalogue.add(Field {
                name: row.name.to_owned(),
                api_name: row.api_name.to_owned(),
                label: row.label.to_owned(),
                field_type: row.field_type,
                origin: FieldOrigin::Standard,
            });
            for alias in row.aliases {
                let id = catalogue.find(row.name).unwrap_or(EMAIL);
                catalogue.by_key.entry(name_key(alias)).or_insert(id);
            }
        }
        catalogue
    }

    /// Adds a field, or returns the one that already has one of its names.
    pub(crate) fn add(&mut self, field: Field) -> FieldId {
        if let Some(id) = self.find(&field.name) {
            return id;
        }
        let id = FieldId(u16::try_from(self.fields.len()).unwrap_or(u16::MAX));
        for name in [&field.name, &field.api_name] {
            self.by_name.entry(name.clone()).or_insert(id);
            self.by_key.entry(name_key(name)).or_insert(id);
        }
        let (label, origin) = (field.label.clone(), field.origin);
        self.fields.push(field);
        self.name_by_label(id, &label, origin);
        id
    }

    /// Lets a label name a field. One that a workspace gives wins over another spelling of a standard field's name, as
    /// `Number of Employees` is one of `number_of_employees`.
    fn name_by_label(&mut self, id: FieldId, label: &str, origin: FieldOrigin) {
        let key = name_key(label);
        let taken = self.by_key.get(&key).map(|id| self.field(*id).origin);
        match (taken, origin) {
            (None, _) | (Some(FieldOrigin::Standard), FieldOrigin::Custom) => {
                self.by_key.insert(key, id);
            }
            (Some(_), _) => {}
        }
    }

    /// Finds a field by API name, display name or snake case, without regard to case.
    pub(crate) fn find(&self, name: &str) -> Option<FieldId> {
        self.by_name
            .get(name)
            .or_else(|| self.by_key.get(&name_key(name)))
            .copied()
    }

    /// Returns a field.
    pub(crate) fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.0 as usize]
    }

    /// Returns a field's type.
    pub(crate) fn type_of(&self, id: FieldId) -> FieldType {
        self.field(id).field_type
    }

    /// Returns all fields with their ids, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (FieldId, &Field)> {
        self.fields
            .iter()
            .enumerate()
            .map(|(index, field)| (FieldId(u16::try_from(index).unwrap_or(u16::MAX)), field))
    }

    /// Returns how many fields there are.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }
}
