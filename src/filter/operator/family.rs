//! Families of types: those that have the same operators.

use crate::domain::FieldType;

/// Types that have the same operators: a line of the table in the language reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Texts, addresses among them.
    Text,
    /// Whole numbers, and amounts of money with them.
    Whole,
    /// Numbers with a fraction.
    Decimal,
    /// Days and instants.
    Moment,
    /// True or false.
    Boolean,
}

impl Family {
    /// Returns the family of a type.
    pub(crate) fn of(field_type: FieldType) -> Self {
        match field_type {
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => Self::Text,
            FieldType::Integer | FieldType::Score | FieldType::Percent | FieldType::Currency => {
                Self::Whole
            }
            FieldType::Float => Self::Decimal,
            FieldType::Date | FieldType::Datetime => Self::Moment,
            FieldType::Boolean => Self::Boolean,
        }
    }
}
