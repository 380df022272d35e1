//! Who came into a smart list and who left it, as rows.

use crate::results::{ListChange, ListChangeRow};

use super::table::CellStyle::{Number, Text, Word};
use super::{Look, TableCell, TableColumn, TableRow, Tone};

impl TableRow for ListChangeRow {
    const KEYS: &'static [&'static str] = &["person_id", "email", "id", "change", "at", "cause"];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("person_id", Number),
        TableColumn::new("person", Text),
        TableColumn::new("change", Word),
        TableColumn::new("at", Word),
        TableColumn::new("cause", Text),
    ];

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let person = self.email.as_ref().or(self.id.as_ref());
        let tone = match self.change {
            ListChange::Came => Tone::Good,
            ListChange::Went => Tone::Doubtful,
        };
        vec![
            TableCell::new(self.person_id),
            TableCell::maybe(person),
            TableCell::new(self.change.name()).tone(tone),
            TableCell::new(look.when(self.at)),
            TableCell::new(&self.cause),
        ]
    }
}
