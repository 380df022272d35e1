//! Asks a database as another program would: plain SQLite, without a setting of ours.
//!
//! Unit tests of the library use this file as well, so that all tests write rows in one way.

use std::path::Path;

use rusqlite::types::ValueRef;

/// Returns the rows of a query, each with its cells separated by `|`; `-` stands for no value.
#[track_caller]
pub(crate) fn query(database: &Path, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..width).map(|index| match row.get_ref(index).unwrap() {
            ValueRef::Null => "-".to_owned(),
            ValueRef::Integer(n) => n.to_string(),
            ValueRef::Real(n) => format!("{n:?}"),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Blob(_) => "blob".to_owned(),
        });
        Ok(cells.collect::<Vec<_>>().join("|"))
    });
    rows.unwrap().map(Result::unwrap).collect()
}
