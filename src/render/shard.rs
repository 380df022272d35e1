//! Shards as rows.

use crate::results::{MergeSummary, ShardRow};

use super::table::CellStyle::{Number, Text};
use super::{Look, TableCell, TableColumn, TableRow};

impl TableRow for ShardRow {
    const KEYS: &'static [&'static str] = &["shard", "folder", "people", "events", "bytes"];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("shard", Number),
        TableColumn::new("folder", Text),
        TableColumn::new("people", Number),
        TableColumn::new("events", Number),
        TableColumn::new("bytes", Number),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(self.shard),
            TableCell::new(&self.folder),
            TableCell::new(self.people),
            TableCell::new(self.events),
            TableCell::new(self.bytes),
        ]
    }
}

impl TableRow for MergeSummary {
    const KEYS: &'static [&'static str] = &["shards", "people", "activities", "events"];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("shards", Number),
        TableColumn::new("people", Number),
        TableColumn::new("activities", Number),
        TableColumn::new("events", Number),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(self.shards),
            TableCell::new(self.people),
            TableCell::new(self.activities),
            TableCell::new(self.events),
        ]
    }
}
