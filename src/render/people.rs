//! People as rows: their columns are the database's, so they come with the data.

use std::io::{self, Write};

use serde_json::Value;

use crate::results::PersonRow;

use super::table::Block;
use super::{Cell, Column, Format, Look, Shape, csv, json};

/// Writes people; `keys` are those of every row, for a header above no rows.
///
/// A table leaves out the fields that are empty for all of them.
pub fn people(
    out: &mut impl Write,
    format: Format,
    look: &Look,
    keys: &[String],
    rows: &[PersonRow],
) -> io::Result<()> {
    match format {
        Format::Table => table(out, look, keys, rows),
        Format::Json => json::array(out, rows),
        Format::Jsonl => rows.iter().try_for_each(|row| json::line(out, row)),
        Format::Csv => {
            csv::header(out, keys)?;
            rows.iter().try_for_each(|row| csv::row(out, look, row))
        }
    }
}

fn table(out: &mut impl Write, look: &Look, keys: &[String], rows: &[PersonRow]) -> io::Result<()> {
    let always = ["person_id", "email"];
    let filled = |key: &str| rows.iter().any(|row| row.0.get(key).is_some_and(is_told));
    let shown: Vec<&String> = keys
        .iter()
        .filter(|key| always.contains(&key.as_str()) || filled(key))
        .collect();
    let columns = shown
        .iter()
        .map(|key| Column {
            title: (*key).clone().into(),
            shape: if rows
                .iter()
                .any(|row| row.0.get(*key).is_some_and(Value::is_number))
            {
                Shape::Number
            } else {
                Shape::Text
            },
        })
        .collect();
    let mut block = Block::new(columns);
    for row in rows {
        let cells = shown
            .iter()
            .map(|key| Cell::new(text(row.0.get(*key))))
            .collect();
        block.push(out, look, cells)?;
    }
    block.finish(out, look)
}

/// Tells whether a table has something to say: false flags are every person's beginning.
pub(super) fn is_told(value: &Value) -> bool {
    !value.is_null() && *value != Value::Bool(false)
}

/// Returns a value as a table shows it.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
