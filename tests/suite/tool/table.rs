//! The truth tables: `tests/*.csv`, whose cells are separated by semicolons, read by the names of their columns.

use std::path::Path;

/// A row of a truth table.
pub(crate) struct Row {
    /// The line of the file.
    pub(crate) line: u64,
    cells: Vec<(String, String)>,
}

impl Row {
    /// Returns a cell; a row may end before its last columns, whose cells are then blank.
    #[track_caller]
    pub(crate) fn cell(&self, column: &str) -> &str {
        let mut cells = self.cells.iter();
        let Some((_, cell)) = cells.find(|(name, _)| name == column) else {
            panic!("no column `{column}`");
        };
        cell
    }

    /// Returns a cell as a text of its own.
    #[track_caller]
    pub(crate) fn text(&self, column: &str) -> String {
        self.cell(column).to_owned()
    }

    /// Returns a cell, or what a blank one stands for.
    #[track_caller]
    pub(crate) fn text_or(&self, column: &str, default: &str) -> String {
        let cell = Some(self.cell(column)).filter(|cell| !cell.is_empty());
        cell.unwrap_or(default).to_owned()
    }

    /// Returns the parts of a cell, which are separated by `, `.
    #[track_caller]
    pub(crate) fn list(&self, column: &str) -> Vec<String> {
        let parts = self.cell(column).split(", ");
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

/// Reads a table, whose lines with `#` are comments, and makes sure that it still has `at_least` rows.
#[track_caller]
pub(crate) fn rows<T>(name: &str, at_least: usize, make: impl Fn(&Row) -> T) -> Vec<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .comment(Some(b'#'))
        .flexible(true)
        .from_path(folder.join(name))
        .unwrap();
    let columns = reader.headers().unwrap().clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let line = record.position().unwrap().line();
        assert!(record.len() <= columns.len(), "{name}:{line} is too long");
        let cell = |place| record.get(place).unwrap_or_default().to_owned();
        rows.push(make(&Row {
            line,
            cells: columns
                .iter()
                .enumerate()
                .map(|(place, column)| (column.to_owned(), cell(place)))
                .collect(),
        }));
    }
    assert!(rows.len() >= at_least, "{name} is cut: {} rows", rows.len());
    rows
}
