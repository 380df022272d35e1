//! Gives person fields their columns in the table `person`.

use rusqlite::Connection;

use super::error::{Error, Result};
use super::fields::{column_type, insert_field, stored_fields};
use super::sql::quote;
use super::views;
use crate::domain::Field;

/// Columns a person may have besides the fields.
const RESERVED: [&str; 1] = ["person_id"];

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
    insert_field(connection, field)?;
    let sql = format!(
        "ALTER TABLE person ADD COLUMN {} {}",
        quote(&field.name),
        column_type(field.field_type)
    );
    connection.execute_batch(&sql)?;
    Ok(())
}
