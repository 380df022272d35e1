//! Fields that memberships in programs have: those that a program declares, and those that every program has.

use super::text::{name_key, snake_case};
use super::{FieldType, Key, Text, Value};

/// One field of the memberships in a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberField {
    /// Snake case: `diet`.
    pub(crate) key: Key,
    /// What it holds.
    pub(crate) field_type: FieldType,
}

/// What a service that holds webinars knows of a registration; memberships in every program may have it.
const STANDARD: [(&str, FieldType); 2] = [
    ("webinar_url", FieldType::Url),
    ("registration_code", FieldType::String),
];

impl MemberField {
    /// Returns the fields that memberships in every program may have.
    pub(crate) fn standard() -> impl Iterator<Item = Self> {
        STANDARD.into_iter().map(|(key, field_type)| Self {
            key: Text::from(key),
            field_type,
        })
    }

    /// Finds a field by its name in any spelling: one that the program declares, or one that every program has.
    pub(crate) fn find(declared: &[Self], name: &str) -> Option<Self> {
        let key = name_key(name);
        let found = declared.iter().find(|field| name_key(&field.key) == key);
        found
            .cloned()
            .or_else(|| Self::standard().find(|field| name_key(&field.key) == key))
    }

    /// Returns a value as the database keeps those of memberships: days and instants as text.
    pub(crate) fn kept(value: Value) -> Value {
        match value {
            Value::Date(_) | Value::Datetime(_) => Value::Text(value.to_text()),
            Value::Text(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Json(_) => value,
        }
    }

    /// Returns a field that nothing declares, which holds text.
    pub(crate) fn undeclared(name: &str) -> Self {
        Self {
            key: Text::from(snake_case(name)),
            field_type: FieldType::Text,
        }
    }
}
