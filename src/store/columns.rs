//! Person fields as columns: the one function that quotes a name, adding a column.

use rusqlite::Connection;

use super::error::{Error, Result};
use super::views;
use crate::domain::field::FieldOrigin;
use crate::domain::{Field, FieldCatalogue, FieldType};

/// Columns a person may have besides the fields.
const RESERVED: [&str; 1] = ["person_id"];

/// Quotes a name for SQL; every name that does not stand in our own text goes through here.
pub(super) fn quote(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for c in name.chars() {
        if c == '"' {
            quoted.push('"');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

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
pub(super) fn origin_name(origin: FieldOrigin) -> &'static str {
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

/// Returns the fields that have a column in `person`, in the order in which they came; `email` and `id` first.
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
            return Err(Error::Inconsistent(format!(
                "field `{name}` has type `{type_name}`"
            )));
        };
        fields.push(Field {
            name,
            api_name: row.get(1)?,
            label: row.get(2)?,
            field_type,
            origin,
        });
    }
    Ok(fields)
}

/// Gives every one of these fields a column, where it has none yet, and makes `v_person` anew if it must.
///
/// Runs inside the caller's transaction.
pub(super) fn ensure_columns<'a>(
    connection: &Connection,
    fields: impl IntoIterator<Item = &'a Field>,
) -> Result<()> {
    let mut known: std::collections::BTreeSet<String> = stored_fields(connection)?
        .into_iter()
        .map(|field| field.name)
        .collect();
    let mut added = false;
    for field in fields {
        if known.contains(&field.name) {
            continue;
        }
        add_column(connection, field)?;
        known.insert(field.name.clone());
        added = true;
    }
    if added {
        views::create_person(connection)?;
    }
    Ok(())
}

fn add_column(connection: &Connection, field: &Field) -> Result<()> {
    if field.name.is_empty() || RESERVED.contains(&field.name.as_str()) {
        return Err(Error::state(
            format!("no person field may be called `{}`", field.name),
            Some("rename the column, or `--map \"Column=other_name\"`"),
        ));
    }
    connection.execute(
        "INSERT INTO field (name, api_name, label, type, origin) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            &field.name,
            &field.api_name,
            &field.label,
            field.field_type.name(),
            origin_name(field.origin),
        ),
    )?;
    let sql = format!(
        "ALTER TABLE person ADD COLUMN {} {}",
        quote(&field.name),
        column_type(field.field_type)
    );
    connection.execute_batch(&sql)?;
    Ok(())
}

/// Adds the stored fields to a catalogue, so that fields of earlier loads are known; types stored win for inferred ones.
pub(super) fn merge_fields(connection: &Connection, catalogue: &mut FieldCatalogue) -> Result<()> {
    for field in stored_fields(connection)? {
        catalogue.add(field);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_so_that_none_can_leave_its_quotes() {
        assert_eq!(quote("first_name"), "\"first_name\"");
        assert_eq!(quote("a\"; drop"), "\"a\"\"; drop\"");
    }
}
