//! The rows of the views, one after the other, with the types that their text and numbers stand for.

use rusqlite::types::ValueRef as Stored;
use rusqlite::{Connection, Row};

use super::database::Store;
use super::error::{Error, Result};
use super::fields::stored_fields;
use super::row::utf8;
use crate::domain::view_column::{CellType, ViewColumn};
use crate::domain::{Field, FieldType, Instant, ValueRef};

/// The views, in the order in which they are exported, and the order of their rows where it is not that of the tables.
const VIEWS: [(&str, &str); 8] = [
    ("v_person", ""),
    ("v_activity", ""),
    ("v_campaign", " ORDER BY campaign"),
    ("v_member", ""),
    ("v_list_member", ""),
    ("v_program_member", ""),
    ("v_activation", " ORDER BY activation_id"),
    ("v_wait", ""),
];

/// Columns that hold something else than text, by name. Those of people have the types of their fields.
const TYPES: [(&str, CellType); 28] = [
    ("activity_id", CellType::Integer),
    ("person_id", CellType::Integer),
    ("run_id", CellType::Integer),
    ("step", CellType::Integer),
    ("choice", CellType::Integer),
    ("happening", CellType::Integer),
    ("marketo_campaign", CellType::Integer),
    ("version", CellType::Integer),
    ("members", CellType::Integer),
    ("waiting", CellType::Integer),
    ("times", CellType::Integer),
    ("activation_id", CellType::Integer),
    ("at", CellType::Datetime),
    ("next_run_at", CellType::Datetime),
    ("first_until", CellType::Datetime),
    ("last_until", CellType::Datetime),
    ("first_qualified_at", CellType::Datetime),
    ("last_qualified_at", CellType::Datetime),
    ("added_at", CellType::Datetime),
    ("since", CellType::Datetime),
    ("until", CellType::Datetime),
    ("success_at", CellType::Datetime),
    ("active", CellType::Boolean),
    ("success", CellType::Boolean),
    ("acquired_by", CellType::Boolean),
    ("attributes", CellType::Json),
    ("fields", CellType::Json),
    ("primary_value", CellType::Text),
];

/// What takes the rows of the views.
pub(crate) trait ViewSink<E> {
    /// Begins a view.
    fn begin(&mut self, view: &'static str, columns: &[ViewColumn]) -> std::result::Result<(), E>;

    /// Takes a row of it; what is empty is nothing.
    fn row(&mut self, cells: &[Option<ValueRef<'_>>]) -> std::result::Result<(), E>;

    /// Ends the view.
    fn end(&mut self) -> std::result::Result<(), E>;
}

impl Store {
    /// Gives all rows of all views to a sink.
    pub(crate) fn export<E: From<Error>>(
        &self,
        sink: &mut dyn ViewSink<E>,
    ) -> std::result::Result<(), E> {
        let fields = stored_fields(&self.connection)?;
        for (view, order) in VIEWS {
            export_view(&self.connection, view, order, &fields, sink)?;
        }
        Ok(())
    }

    /// Returns the names of the views.
    pub(crate) fn views() -> impl Iterator<Item = &'static str> {
        VIEWS.into_iter().map(|(view, _)| view)
    }
}

fn export_view<E: From<Error>>(
    connection: &Connection,
    view: &'static str,
    order: &str,
    fields: &[Field],
    sink: &mut dyn ViewSink<E>,
) -> std::result::Result<(), E> {
    let sql = format!("SELECT * FROM {view}{order}");
    let mut statement = connection.prepare(&sql).map_err(Error::from)?;
    let columns: Vec<ViewColumn> = statement
        .column_names()
        .map(|name| ViewColumn {
            name: name.to_owned(),
            cell_type: cell_type(view, name, fields),
        })
        .collect();
    sink.begin(view, &columns)?;
    let mut rows = statement.query([]).map_err(Error::from)?;
    while let Some(row) = rows.next().map_err(Error::from)? {
        sink.row(&cells(row, &columns)?)?;
    }
    sink.end()
}

fn cell_type(view: &str, name: &str, fields: &[Field]) -> CellType {
    if view == "v_person"
        && let Some(field) = fields.iter().find(|field| field.name == name)
    {
        return match field.field_type {
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => CellType::Text,
            FieldType::Integer | FieldType::Score | FieldType::Percent => CellType::Integer,
            FieldType::Currency | FieldType::Float => CellType::Float,
            FieldType::Boolean => CellType::Boolean,
            FieldType::Date => CellType::Date,
            FieldType::Datetime => CellType::Datetime,
        };
    }
    let known = TYPES.iter().find(|(known, _)| *known == name);
    known.map_or(CellType::Text, |(_, cell_type)| *cell_type)
}

fn cells<'r>(row: &'r Row<'_>, columns: &[ViewColumn]) -> Result<Vec<Option<ValueRef<'r>>>> {
    let cells = columns.iter().enumerate();
    cells
        .map(|(index, column)| cell(row.get_ref(index)?, column))
        .collect()
}

fn cell<'r>(stored: Stored<'r>, column: &ViewColumn) -> Result<Option<ValueRef<'r>>> {
    let unread = || {
        let name = &column.name;
        Error::Inconsistent(format!("a value of the column `{name}` cannot be read"))
    };
    let value = match (column.cell_type, stored) {
        (_, Stored::Null) => return Ok(None),
        (CellType::Text | CellType::Json, Stored::Text(text)) => ValueRef::Text(utf8(text)?),
        (CellType::Integer, Stored::Integer(number)) => ValueRef::Integer(number),
        (CellType::Float, Stored::Real(number)) => ValueRef::Float(number),
        (CellType::Boolean, Stored::Integer(number)) => ValueRef::Boolean(number != 0),
        (CellType::Date, Stored::Text(text)) => {
            ValueRef::Date(utf8(text)?.parse().map_err(|_| unread())?)
        }
        (CellType::Datetime, Stored::Text(text)) => {
            let at = chrono::DateTime::parse_from_rfc3339(utf8(text)?).map_err(|_| unread())?;
            ValueRef::Datetime(Instant::from_micros(at.timestamp_micros()))
        }
        _ => return Err(unread()),
    };
    Ok(Some(value))
}
