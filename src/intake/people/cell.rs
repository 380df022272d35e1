//! One cell of a person list, read as its field's type.
//!
//! Blank leaves the stored value as it is, `NULL` clears it. Text is kept as written, blanks and all; other types are
//! read by [`ValueRef::parse`]. The two keys are trimmed, and an email must be one address, since the mail would go there.

use super::formats::Formats;
use crate::domain::text::stored_email;
use crate::domain::{FieldType, ValueRef, Zone, person_address};
use crate::world::person_rows::{Cell, KeyField, PersonRows};

/// Why a cell is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellError {
    /// What is wrong, to follow the column's name.
    pub(super) message: String,
    /// How to put it right.
    pub(super) help: Option<String>,
}

impl CellError {
    pub(super) fn new(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            help: None,
        }
    }
}

/// Returns whether a cell stands for "no value", as written by hand or by Marketo's extracts.
pub(super) fn is_null(text: &str) -> bool {
    text == "NULL" || text == "null"
}

/// Adds a cell of any field to the row being built.
pub(super) fn push(
    batch: &mut PersonRows,
    text: &str,
    field_type: FieldType,
    formats: &Formats,
    zone: &Zone,
) -> Result<(), CellError> {
    batch.push(if text.is_empty() {
        Cell::Keep
    } else if is_null(text) {
        Cell::Clear
    } else if !field_type.is_text() && text.trim().is_empty() {
        Cell::Keep
    } else {
        Cell::Set(read(text, field_type, formats, zone)?)
    });
    Ok(())
}

/// Reads a cell in the form that an option names for its type, else as files of programs write it.
fn read<'a>(
    text: &'a str,
    field_type: FieldType,
    formats: &Formats,
    zone: &Zone,
) -> Result<ValueRef<'a>, CellError> {
    if let Some(value) = formats.read(text, field_type, zone) {
        return Ok(value);
    }
    let plain = ValueRef::parse(text, field_type, zone);
    match plain {
        Ok(value) if formats.allows_plain(field_type) => Ok(value),
        Ok(_) => Err(CellError::new(
            "is not written as the option for its type says",
        )),
        Err(wanted) => Err(CellError {
            message: format!("wants {wanted}"),
            help: option_for(text, field_type).map(str::to_owned),
        }),
    }
}

/// Returns the option that reads what screens show, where a cell looks like that. The form itself is not guessed.
fn option_for(text: &str, field_type: FieldType) -> Option<&'static str> {
    let has = |what: &[char]| text.contains(what);
    match field_type {
        FieldType::Date | FieldType::Datetime if text.contains(|c: char| c.is_ascii_digit()) => {
            Some(
                "`--date-format` reads other forms: `%m/%d/%Y` for 3/25/2026, `%d.%m.%Y` for 25.3.2026",
            )
        }
        FieldType::Boolean => Some("`--booleans Yes/No` names the words for true and false"),
        FieldType::Integer
        | FieldType::Score
        | FieldType::Percent
        | FieldType::Currency
        | FieldType::Float
            if has(&[',', '.', '$', '€', '£', '%', ' '])
                && text.contains(|c: char| c.is_ascii_digit()) =>
        {
            Some(
                "`--number-format` reads other forms, given by how 1000.5 is written: `$1,000.50`, `1.000,5`",
            )
        }
        FieldType::Date
        | FieldType::Datetime
        | FieldType::Integer
        | FieldType::Score
        | FieldType::Percent
        | FieldType::Currency
        | FieldType::Float
        | FieldType::String
        | FieldType::Text
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url => None,
    }
}

/// Adds a cell of a name of a person: text in which nothing is hidden.
pub(super) fn push_name(batch: &mut PersonRows, text: &str) -> Result<(), CellError> {
    person_address::check_name(text).map_err(|message| CellError::new(&message))?;
    batch.push(if text.is_empty() {
        Cell::Keep
    } else if is_null(text) {
        Cell::Clear
    } else {
        Cell::Set(ValueRef::Text(text))
    });
    Ok(())
}

/// Adds the cell that says who the row is about.
pub(super) fn push_key(batch: &mut PersonRows, text: &str, key: KeyField) -> Result<(), CellError> {
    let trimmed = text.trim();
    if trimmed.is_empty() || is_null(trimmed) {
        return Err(CellError {
            message: "is blank, so the row has no key".to_owned(),
            help: (key == KeyField::Email)
                .then(|| "where people have no email, `--key id` takes the column `id`".to_owned()),
        });
    }
    match key {
        KeyField::Email => push_address(batch, trimmed),
        KeyField::Id => {
            batch.push(Cell::Set(ValueRef::Text(trimmed)));
            Ok(())
        }
    }
}

/// Adds the cell of an email that is not the key.
pub(super) fn push_email(batch: &mut PersonRows, text: &str) -> Result<(), CellError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        batch.push(Cell::Keep);
        Ok(())
    } else if is_null(trimmed) {
        batch.push(Cell::Clear);
        Ok(())
    } else {
        push_address(batch, trimmed)
    }
}

fn push_address(batch: &mut PersonRows, trimmed: &str) -> Result<(), CellError> {
    person_address::check(trimmed).map_err(|message| CellError::new(&message))?;
    if trimmed.is_ascii() {
        batch.push(Cell::Set(ValueRef::Text(trimmed)));
    } else {
        batch.push(Cell::Set(ValueRef::Text(&stored_email(trimmed))));
    }
    Ok(())
}
