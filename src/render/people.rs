//! People as rows: their columns are the database's, so they come with the data.

use std::io::{self, Write};

use serde_json::Value;

use crate::results::PersonRow;

use super::table::TableBlock;
use super::{CellStyle, Format, Look, TableCell, TableColumn, csv, detail, json};

/// Rows that decide which columns a table has.
const DECIDING: usize = 1000;

/// Takes people one by one and writes them in a format.
///
/// A table leaves out the fields that are empty for all of its first thousand people.
pub(crate) struct PeopleTable<'a, W: Write> {
    out: &'a mut W,
    look: &'a Look,
    keys: Vec<String>,
    keeps_columns: bool,
    state: PeopleStreamState,
}

enum PeopleStreamState {
    Undecided(Vec<PersonRow>),
    Table {
        shown: Vec<String>,
        block: TableBlock,
    },
    Json {
        first: bool,
    },
    Jsonl,
    Csv,
}

impl<'a, W: Write> PeopleTable<'a, W> {
    /// Begins; `keys` are those of every row.
    pub(crate) fn new(
        out: &'a mut W,
        format: Format,
        look: &'a Look,
        keys: Vec<String>,
    ) -> io::Result<Self> {
        let state = match format {
            Format::Table => PeopleStreamState::Undecided(Vec::new()),
            Format::Json => {
                out.write_all(b"[")?;
                PeopleStreamState::Json { first: true }
            }
            Format::Jsonl => PeopleStreamState::Jsonl,
            Format::Csv => {
                csv::header(out, &keys)?;
                PeopleStreamState::Csv
            }
        };
        Ok(Self {
            out,
            look,
            keys,
            keeps_columns: false,
            state,
        })
    }

    /// Shows every column, also in a table where nobody has a value in it.
    pub(crate) fn keep_columns(&mut self, keeps: bool) {
        self.keeps_columns = keeps;
    }

    /// Writes one person; a table holds them back until its block is full.
    pub(crate) fn push(&mut self, row: &PersonRow) -> io::Result<()> {
        match &mut self.state {
            PeopleStreamState::Undecided(rows) => {
                rows.push(row.clone());
                if rows.len() == DECIDING {
                    self.decide()?;
                }
                Ok(())
            }
            PeopleStreamState::Table { shown, block } => {
                block.push(self.out, self.look, cells(row, shown, self.look))
            }
            PeopleStreamState::Json { first } => {
                self.out
                    .write_all(if *first { b"\n  " } else { b",\n  " })?;
                *first = false;
                json::value(self.out, row)
            }
            PeopleStreamState::Jsonl => json::line(self.out, row),
            PeopleStreamState::Csv => csv::row(self.out, self.look, row),
        }
    }

    /// Writes what was held back, and the end.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.decide()?;
        match self.state {
            PeopleStreamState::Undecided(_) | PeopleStreamState::Jsonl | PeopleStreamState::Csv => {
                Ok(())
            }
            PeopleStreamState::Table { block, .. } => block.finish(self.out, self.look),
            PeopleStreamState::Json { first: true } => self.out.write_all(b"]\n"),
            PeopleStreamState::Json { first: false } => self.out.write_all(b"\n]\n"),
        }
    }

    /// Chooses the columns of a table by the rows held back.
    fn decide(&mut self) -> io::Result<()> {
        let PeopleStreamState::Undecided(rows) = &mut self.state else {
            return Ok(());
        };
        let rows = std::mem::take(rows);
        let filled = |key: &str| rows.iter().any(|row| row.0.get(key).is_some_and(is_shown));
        let numeric = |key: &str| {
            let is_number = |row: &PersonRow| row.0.get(key).is_some_and(Value::is_number);
            rows.iter().any(is_number)
        };
        let shown: Vec<String> = self
            .keys
            .iter()
            .filter(|key| {
                self.keeps_columns || ["person_id", "email"].contains(&key.as_str()) || filled(key)
            })
            .cloned()
            .collect();
        let columns = shown.iter().map(|key| TableColumn {
            title: key.clone().into(),
            shape: if numeric(key) {
                CellStyle::Number
            } else {
                CellStyle::Text
            },
        });
        let mut block = TableBlock::new(columns.collect());
        for row in &rows {
            block.push(self.out, self.look, cells(row, &shown, self.look))?;
        }
        self.state = PeopleStreamState::Table { shown, block };
        Ok(())
    }
}

fn cells(row: &PersonRow, shown: &[String], look: &Look) -> Vec<TableCell> {
    shown
        .iter()
        .map(|key| TableCell::new(text(row.0.get(key), look)))
        .collect()
}

/// Returns whether a table has something to say: false flags are every person's beginning.
pub(super) fn is_shown(value: &Value) -> bool {
    !value.is_null() && *value != Value::Bool(false)
}

/// Returns a value as a table shows it: an instant in the zone, as logs show it.
pub(super) fn text(value: Option<&Value>, look: &Look) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => detail::instant(text, look).unwrap_or_else(|| text.clone()),
        Some(other) => other.to_string(),
    }
}
