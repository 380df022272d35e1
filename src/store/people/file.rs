//! The rows of one list, applied to the table of people.
//!
//! New people go in many to a statement. Of known ones the stored cells are read first: only what differs is written,
//! and kept as the past.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OptionalExtension as _, Statement};

use super::past::PersonChange;
use crate::domain::{FieldType, Instant, PersonId, Value};
use crate::store::error::Result;
use crate::store::first_keys;
use crate::store::sql::quote;
use crate::store::values::{from_sql, parameter, to_sql};
use crate::world::person_rows::{Cell, KeyField, PersonRows};

/// New people in a statement; more gain nothing.
const AT_ONCE: usize = 32;
/// How many values SQLite lets one statement have.
const MOST_VALUES: usize = 32_766;

/// One column of a list in the table of people.
#[derive(Debug)]
struct StoredColumn {
    name: String,
    field_type: FieldType,
    /// Whether it says who the row is about; then it never changes.
    is_key: bool,
}

/// The columns that bugle keeps, as far as a list has none of the name: `created_at` and `updated_at`.
#[derive(Debug)]
pub(super) struct KeptColumns {
    /// Their names.
    pub(super) names: Vec<String>,
    /// Whether `updated_at` is one of them.
    pub(super) updated: bool,
    /// What they hold: the instant of the load.
    pub(super) at: Instant,
}

/// The statements for lists with certain columns.
pub(super) struct FileStatements<'c> {
    connection: &'c Connection,
    columns: Vec<StoredColumn>,
    kept: KeptColumns,
    at_once: usize,
    insert_many: Statement<'c>,
    insert_one: Statement<'c>,
    find: Statement<'c>,
    stored: Statement<'c>,
}

/// Someone found in the database by their key.
pub(super) struct ExistingPerson {
    /// The one who is meant: the first.
    pub(super) person: PersonId,
    /// Whether others have the same key.
    pub(super) shared: bool,
}

impl<'c> FileStatements<'c> {
    /// Prepares for lists with these columns.
    pub(super) fn prepare<'f>(
        connection: &'c Connection,
        fields: impl IntoIterator<Item = (&'f str, FieldType)>,
        kept: KeptColumns,
        key: KeyField,
    ) -> Result<Self> {
        let columns: Vec<StoredColumn> = fields
            .into_iter()
            .map(|(name, field_type)| StoredColumn {
                name: name.to_owned(),
                field_type,
                is_key: name == key.name(),
            })
            .collect();
        let names: Vec<String> = columns.iter().map(|column| quote(&column.name)).collect();
        let names = names.join(", ");
        let width = columns.len() + kept.names.len();
        let at_once = (MOST_VALUES / (width + 1)).clamp(1, AT_ONCE);
        let all: String = kept
            .names
            .iter()
            .fold(names.clone(), |all, name| format!("{all}, {}", quote(name)));
        let insert = |rows: usize| {
            let row = format!("(?{})", ", ?".repeat(width));
            let rows = vec![row; rows].join(", ");
            format!("INSERT INTO person (person_id, {all}) VALUES {rows}")
        };
        let find = format!(
            "SELECT person_id FROM person WHERE {} = ?1 ORDER BY person_id LIMIT 2",
            key.name()
        );
        let stored = format!("SELECT {names} FROM person WHERE person_id = ?1");
        Ok(Self {
            insert_many: connection.prepare(&insert(at_once))?,
            insert_one: connection.prepare(&insert(1))?,
            find: connection.prepare(&find)?,
            stored: connection.prepare(&stored)?,
            connection,
            columns,
            kept,
            at_once,
        })
    }

    /// Adds new people: adjacent rows, numbered on from a person.
    pub(super) fn insert(
        &mut self,
        rows: &PersonRows,
        range: std::ops::Range<usize>,
        first: PersonId,
    ) -> Result<()> {
        let mut person = first.0;
        let mut row = range.start;
        while row < range.end {
            let (statement, count) = if range.end - row >= self.at_once {
                (&mut self.insert_many, self.at_once)
            } else {
                (&mut self.insert_one, 1)
            };
            let mut place = 0;
            let mut bind = |statement: &mut Statement<'_>, value: ToSqlOutput<'_>| {
                place += 1;
                statement.raw_bind_parameter(place, value)
            };
            for row in row..row + count {
                bind(statement, ToSqlOutput::from(person))?;
                for cell in rows.row(row) {
                    bind(statement, parameter(cell.value()))?;
                }
                for _ in &self.kept.names {
                    bind(statement, ToSqlOutput::from(self.kept.at.micros()))?;
                }
                person += 1;
            }
            statement.raw_execute()?;
            row += count;
        }
        Ok(())
    }

    /// Finds whom a key means.
    pub(super) fn find(&mut self, key: &str) -> Result<Option<ExistingPerson>> {
        let mut found = self.find.query([key])?;
        let Some(row) = found.next()? else {
            return Ok(None);
        };
        let person = PersonId(row.get(0)?);
        let shared = found.next()?.is_some();
        Ok(Some(ExistingPerson { person, shared }))
    }

    /// Writes what a row changes of someone known, and returns it.
    pub(super) fn update(
        &mut self,
        rows: &PersonRows,
        row: usize,
        person: PersonId,
    ) -> Result<PersonChange> {
        let mut change = PersonChange::default();
        let mut differing = Vec::new();
        let columns = &self.columns;
        self.stored
            .query_row([person.0], |stored_row| {
                for (index, (column, cell)) in columns.iter().zip(rows.row(row)).enumerate() {
                    if column.is_key || cell == Cell::Keep {
                        continue;
                    }
                    let old = stored_row.get_ref(index)?;
                    let new = cell.value();
                    if old != to_sql(new) {
                        differing.push(index);
                        let old = from_sql(old, column.field_type).ok().flatten();
                        change.field(&column.name, old.as_ref().map(Value::borrowed), new);
                    }
                }
                Ok(())
            })
            .optional()?;
        if !differing.is_empty() {
            self.keep_first_key(rows, row, person, &differing)?;
            self.write(rows, row, person, &differing)?;
        }
        Ok(change)
    }

    /// Keeps the key by which the person was first given, if the row changes it.
    fn keep_first_key(
        &self,
        rows: &PersonRows,
        row: usize,
        person: PersonId,
        differing: &[usize],
    ) -> Result<()> {
        let changing = |key: KeyField| {
            let mut places = differing.iter();
            places.find(|index| self.columns[**index].name == key.name())
        };
        if let Some(index) = changing(KeyField::Email) {
            let email = parameter(rows.cell(row, *index).value());
            return first_keys::keep_before_email(self.connection, person, email);
        }
        if changing(KeyField::Id).is_some() {
            return first_keys::keep_before_id(self.connection, person);
        }
        Ok(())
    }

    fn write(
        &self,
        rows: &PersonRows,
        row: usize,
        person: PersonId,
        differing: &[usize],
    ) -> Result<()> {
        let mut set: Vec<String> = differing
            .iter()
            .map(|index| format!("{} = ?", quote(&self.columns[*index].name)))
            .collect();
        if self.kept.updated {
            set.push(format!("updated_at = {}", self.kept.at.micros()));
        }
        let sql = format!("UPDATE person SET {} WHERE person_id = ?", set.join(", "));
        let mut statement = self.connection.prepare_cached(&sql)?;
        for (place, index) in differing.iter().enumerate() {
            let value = parameter(rows.cell(row, *index).value());
            statement.raw_bind_parameter(place + 1, value)?;
        }
        statement.raw_bind_parameter(differing.len() + 1, person.0)?;
        statement.raw_execute()?;
        Ok(())
    }
}
