//! Giving a stored field another type: done when every stored value fits, else refused.

use rusqlite::Connection;

use super::error::{Error, Result};
use super::fields::{column_type, update_field};
use super::sql::quote;
use super::values::{from_sql, parameter};
use super::views;
use crate::domain::{Field, FieldType, Value, Zone};

/// Gives a column the type, label and origin that a workspace declares for its field; it had the type `from`.
///
/// A stored value that does not fit is an error, and the caller's transaction, in which this runs, must not be committed.
/// Values are read from their text, local datetimes as of `zone`.
pub(super) fn convert_column(
    connection: &Connection,
    from: FieldType,
    field: &Field,
    zone: &Zone,
) -> Result<()> {
    if from != field.field_type {
        let unfit = move_values(connection, from, field, zone)?;
        if unfit > 0 {
            return Err(refusal(from, field, unfit));
        }
    }
    update_field(connection, field)?;
    views::create_person(connection)
}

fn refusal(from: FieldType, wanted: &Field, unfit: u64) -> Error {
    let values = if unfit == 1 {
        "value does"
    } else {
        "values do"
    };
    Error::State {
        message: format!(
            "field `{}` cannot become {}: {unfit} stored {values} not fit",
            wanted.name,
            wanted.field_type.name()
        ),
        help: Some(format!(
            "declare it as {}, or clear those values with a person list first",
            from.name()
        )),
    }
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
                    write.execute((person, parameter(Some(new.borrowed()))))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;
    use crate::domain::field::FieldOrigin;
    use crate::store::{Access, Store};

    fn size(field_type: FieldType) -> Field {
        Field {
            name: "size".to_owned(),
            api_name: "size".to_owned(),
            label: "Size".to_owned(),
            field_type,
            origin: FieldOrigin::Custom,
        }
    }

    fn store(folder: &tempfile::TempDir, values: &[&str]) -> Store {
        let access = Access {
            command: "campaign load".to_owned(),
            now: Instant::from_micros(0),
            wait: std::time::Duration::ZERO,
        };
        let mut store = Store::create_or_open(&folder.path().join("bugle.db"), &access).unwrap();
        store.add_fields([&size(FieldType::String)]).unwrap();
        for value in values {
            store
                .connection
                .execute("INSERT INTO person (size) VALUES (?1)", [value])
                .unwrap();
        }
        store
    }

    fn shown(store: &Store) -> Vec<String> {
        let sql =
            "SELECT coalesce(typeof(size) || ' ' || size, '-') FROM v_person ORDER BY person_id";
        let mut statement = store.connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    fn converted(store: &mut Store, from: FieldType, to: FieldType) -> Result<()> {
        let transaction = store.begin()?;
        convert_column(&transaction, from, &size(to), &Zone::utc())?;
        transaction.commit()?;
        Ok(())
    }

    #[test]
    fn a_field_takes_another_type_when_every_value_fits() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(&folder, &["44", "007"]);
        converted(&mut store, FieldType::String, FieldType::Integer).unwrap();
        assert_eq!(shown(&store), ["integer 44", "integer 7"]);
        assert_eq!(
            store.stored_fields().unwrap().last(),
            Some(&size(FieldType::Integer))
        );
    }

    #[test]
    fn a_value_that_does_not_fit_refuses_and_leaves_all_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(&folder, &["2026-01-31", "44"]);
        let error = converted(&mut store, FieldType::String, FieldType::Date);
        assert_eq!(
            error.unwrap_err().to_string(),
            "field `size` cannot become date: 1 stored value does not fit"
        );
        assert_eq!(shown(&store), ["text 2026-01-31", "text 44"]);
    }

    #[test]
    fn numbers_become_text_again() {
        use FieldType::{Currency, String, Text, Url};
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(&folder, &["44"]);
        for (from, to) in [(String, Currency), (Currency, Text), (Text, Url)] {
            converted(&mut store, from, to).unwrap();
        }
        assert_eq!(shown(&store), ["text 44"]);
    }
}
