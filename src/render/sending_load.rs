//! The mails of the coming days as a table.

use crate::results::SendingLoadRow;

use super::{CellStyle, Look, TableCell, TableColumn, TableRow, Tone};

impl TableRow for SendingLoadRow {
    const KEYS: &'static [&'static str] = &[
        "day",
        "mails",
        "people",
        "most_for_one",
        "over_limit",
        "collisions",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("day", CellStyle::Word),
        TableColumn::new("mails", CellStyle::Number),
        TableColumn::new("people", CellStyle::Number),
        TableColumn::new("most for one", CellStyle::Number),
        TableColumn::new("over a limit", CellStyle::Number),
        TableColumn::new("collisions", CellStyle::Number),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        let doubtful = |count: u64| {
            let cell = TableCell::new(count);
            if count > 0 {
                cell.tone(Tone::Doubtful)
            } else {
                cell
            }
        };
        vec![
            TableCell::new(self.day.format("%a %Y-%m-%d")),
            TableCell::new(self.mails),
            TableCell::new(self.people),
            TableCell::new(self.most_for_one),
            doubtful(self.over_limit),
            doubtful(self.collisions),
        ]
    }
}
