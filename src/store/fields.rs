//! The table `field`: which person fields have a column, and of which type.

use rusqlite::Connection;

use super::error::{Error, Result};
use crate::domain::field::FieldOrigin;
use crate::domain::standard_fields::STANDARD;
use crate::domain::{Field, FieldType};

/// Returns the type of a field's column.
pub(super) fn column_type(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::String
        | FieldType::Text
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url => "TEXT",
        FieldType::Integer
        | FieldType::Score
        | FieldType::Percent
        | FieldType::Boolean
        | FieldType::Date
        | FieldType::Datetime => "INTEGER",
        FieldType::Currency | FieldType::Float => "REAL",
    }
}

/// Returns the word of an origin in the table `field`.
fn origin_name(origin: FieldOrigin) -> &'static str {
    match origin {
        FieldOrigin::Standard => "standard",
        FieldOrigin::Custom => "custom",
        FieldOrigin::Inferred => "inferred",
    }
}

fn origin_named(name: &str) -> Option<FieldOrigin> {
    [
        FieldOrigin::Standard,
        FieldOrigin::Custom,
        FieldOrigin::Inferred,
    ]
    .into_iter()
    .find(|origin| origin_name(*origin) == name)
}

/// Returns the fields that have a column in `person`, in the order of the catalogue, which does not depend on who first had a
/// value of them: standard ones as its table has them, those that a workspace declares by name, those that lists brought in
/// the order in which they came.
pub(super) fn stored_fields(connection: &Connection) -> Result<Vec<Field>> {
    let mut statement = connection.prepare_cached(
        "SELECT name, api_name, label, type, origin FROM field ORDER BY field_id",
    )?;
    let mut rows = statement.query([])?;
    let mut fields = Vec::new();
    while let Some(row) = rows.next()? {
        let (type_name, origin): (String, String) = (row.get(3)?, row.get(4)?);
        let name: String = row.get(0)?;
        let (Some(field_type), Some(origin)) =
            (FieldType::named(&type_name), origin_named(&origin))
        else {
            let what = "a field has an unknown type or origin";
            return Err(Error::Inconsistent(what.to_owned()));
        };
        fields.push(Field {
            name,
            api_name: row.get(1)?,
            label: row.get(2)?,
            field_type,
            origin,
        });
    }
    fields.sort_by(|a, b| place(a).cmp(&place(b)));
    Ok(fields)
}

/// Returns where a field stands among others; those of equal places stay in the order in which they came.
fn place(field: &Field) -> (u8, usize, &str) {
    match field.origin {
        FieldOrigin::Standard => {
            let place = STANDARD.iter().position(|row| row.name == field.name);
            (0, place.unwrap_or(STANDARD.len()), "")
        }
        FieldOrigin::Custom => (1, 0, &field.name),
        FieldOrigin::Inferred => (2, 0, ""),
    }
}

/// Adds a field.
pub(super) fn insert_field(connection: &Connection, field: &Field) -> Result<()> {
    let sql = "INSERT INTO field (name, api_name, label, type, origin) VALUES (?1, ?2, ?3, ?4, ?5)";
    write(connection, sql, field)
}

/// Gives a field another label, type and origin.
pub(super) fn update_field(connection: &Connection, field: &Field) -> Result<()> {
    let sql = "UPDATE field SET api_name = ?2, label = ?3, type = ?4, origin = ?5 WHERE name = ?1";
    write(connection, sql, field)
}

fn write(connection: &Connection, sql: &'static str, field: &Field) -> Result<()> {
    connection.execute(
        sql,
        (
            &field.name,
            &field.api_name,
            &field.label,
            field.field_type.name(),
            origin_name(field.origin),
        ),
    )?;
    Ok(())
}
