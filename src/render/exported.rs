//! Exported views as rows.

use crate::results::ExportedView;

use super::table::CellStyle::{Number, Text};
use super::{Look, TableCell, TableColumn, TableRow};

impl TableRow for ExportedView {
    const KEYS: &'static [&'static str] = &["view", "file", "columns", "rows"];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("view", Text),
        TableColumn::new("file", Text),
        TableColumn::new("columns", Number),
        TableColumn::new("rows", Number),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(&self.view),
            TableCell::new(&self.file),
            TableCell::new(self.columns),
            TableCell::new(self.rows),
        ]
    }
}
