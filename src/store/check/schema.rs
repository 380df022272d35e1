//! Whether the tables, indexes and views of a database are those that bugle makes.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::store::columns::ensure_columns;
use crate::store::error::Result;
use crate::store::fields::stored_fields;
use crate::store::migrations;

/// The table whose columns come as fields do; its text depends on the order in which they came.
const PERSON: &str = "person";

/// Type and name of everything in a schema, each with the text that makes it.
type Objects = BTreeMap<(String, String), String>;

/// Returns what differs from the schema that bugle makes for the same person fields.
pub(super) fn compare(connection: &Connection) -> Result<Vec<String>> {
    let found = objects(connection)?;
    if !found.contains_key(&("table".to_owned(), "field".to_owned())) {
        return Ok(vec!["the table `field` is missing".to_owned()]);
    }
    let mut own = Connection::open_in_memory()?;
    migrations::create(&mut own)?;
    let fields = stored_fields(connection)?;
    ensure_columns(&own, &fields)?;
    let expected = objects(&own)?;
    let mut faults = Vec::new();
    for ((kind, name), text) in &expected {
        match found.get(&(kind.clone(), name.clone())) {
            None => faults.push(format!("the {kind} `{name}` is missing")),
            Some(_) if name == PERSON && kind == "table" => {
                if columns(connection)? != columns(&own)? {
                    faults.push(format!(
                        "the {kind} `{name}` has other columns than its fields need"
                    ));
                }
            }
            Some(other) if other != text => {
                faults.push(format!(
                    "the {kind} `{name}` is not the one that bugle makes"
                ));
            }
            Some(_) => {}
        }
    }
    let foreign = found
        .keys()
        .filter(|object| !expected.contains_key(*object));
    faults.extend(foreign.map(|(kind, name)| format!("bugle makes no {kind} `{name}`")));
    Ok(faults)
}

fn objects(connection: &Connection) -> Result<Objects> {
    let sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let text: String = row.get(2)?;
        Ok(((row.get(0)?, row.get(1)?), without_comments(&text)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the text of a statement as SQLite reads it: comments and line ends are no part of what it makes.
fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or(line));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

/// Returns the columns of `person`, each with its type.
fn columns(connection: &Connection) -> Result<BTreeMap<String, String>> {
    let sql = format!(
        "SELECT name, type || ' ' || \"notnull\" || ' ' || pk || ' ' || coalesce(dflt_value, '') FROM pragma_table_info('{PERSON}')"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
