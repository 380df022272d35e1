//! Giving a stored field another type: done when every stored value fits, else refused.

use rusqlite::Connection;

use super::super::columns::{column_type, quote};
use super::super::error::{Error, Result};
use super::super::values::{from_sql, to_sql};
use super::super::views;
use crate::domain::{Field, FieldType, Value, Zone};

/// Gives a field's column the type, label and origin that a workspace declares; a field without a column is left alone.
///
/// Values are read from their text, local datetimes as of `zone`. Runs inside the caller's transaction.
pub fn convert_column(
    connection: &Connection,
    from: FieldType,
    field: &Field,
    zone: &Zone,
) -> Result<()> {
    if from != field.field_type {
        let unfit = move_values(connection, from, field, zone)?;
        if unfit > 0 {
            let values = if unfit == 1 { "value" } else { "values" };
            return Err(Error::State {
                message: format!(
                    "field `{}` cannot become {}: {unfit} stored {values} would not fit",
                    field.name,
                    field.field_type.name()
                ),
                help: Some(format!(
                    "leave it {}, or clear those values with a person list first",
                    from.name()
                )),
            });
        }
    }
    connection.execute(
        "UPDATE field SET type = ?2, origin = ?3, label = ?4 WHERE name = ?1",
        (
            &field.name,
            field.field_type.name(),
            super::super::columns::origin_name(field.origin),
            &field.label,
        ),
    )?;
    views::create_person(connection)
}

/// Rewrites a column as another type, and returns how many values do not fit; then nothing of it may be kept.
fn move_values(
    connection: &Connection,
    from: FieldType,
    field: &Field,
    zone: &Zone,
) -> Result<u64> {
    let column = quote(&field.name);
    let moved = quote(&format!("{} as {}", field.name, field.field_type.name()));
    connection.execute_batch(&format!(
        "DROP VIEW IF EXISTS v_person;
         ALTER TABLE person ADD COLUMN {moved} {}",
        column_type(field.field_type)
    ))?;
    let unfit = {
        let mut read = connection.prepare(&format!(
            "SELECT person_id, {column} FROM person WHERE {column} IS NOT NULL"
        ))?;
        let mut write = connection.prepare(&format!(
            "UPDATE person SET {moved} = ?2 WHERE person_id = ?1"
        ))?;
        let mut rows = read.query([])?;
        let mut unfit = 0;
        while let Some(row) = rows.next()? {
            let old = from_sql(row.get_ref(1)?, from)?;
            match old.map(|old| Value::parse(&old.to_text(), field.field_type, zone)) {
                None => {}
                Some(Err(_)) => unfit += 1,
                Some(Ok(new)) => {
                    let person: i64 = row.get(0)?;
                    write.execute((person, to_sql(Some(&new))))?;
                }
            }
        }
        unfit
    };
    connection.execute_batch(&format!(
        "ALTER TABLE person DROP COLUMN {column};
         ALTER TABLE person RENAME COLUMN {moved} TO {column}"
    ))?;
    Ok(unfit)
}
