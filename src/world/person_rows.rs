//! Rows of a person list, checked and typed, packed so that a million of them pass through in small pieces.
//!
//! The reader of person lists fills a batch, the store or the engine applies it; neither knows the other. All text of a
//! batch lies in one buffer, so a batch costs a few allocations however many rows it has, and can be used again.

use chrono::NaiveDate;

use crate::domain::{Instant, PersonId, ValueRef};

/// What one cell asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Blank: leave the stored value as it is.
    Keep,
    /// `NULL`: no value from now on.
    Clear,
    /// This value from now on.
    Set(ValueRef<'a>),
}

impl<'a> Cell<'a> {
    /// Returns the value that the cell gives to someone who has none; neither blank nor `NULL` gives one.
    pub(crate) fn value(self) -> Option<ValueRef<'a>> {
        match self {
            Self::Keep | Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// A cell as a batch holds it: text as a place in the batch's buffer.
#[derive(Debug, Clone, Copy)]
enum PackedCell {
    Keep,
    Clear,
    Text { start: u32, len: u32 },
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Date(NaiveDate),
    Datetime(Instant),
}

/// Which field says who a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyField {
    /// The email address, in any case.
    Email,
    /// The text field `id`.
    Id,
}

impl KeyField {
    /// Returns the field's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Id => "id",
        }
    }
}

/// Who a row is about, as far as is known before the database is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKey {
    /// Nobody has looked yet.
    Unasked,
    /// Someone not seen before, who gets this number.
    New(PersonId),
    /// Someone known.
    Known(PersonId),
}

/// A batch of rows of one file.
#[derive(Debug, Clone, Default)]
pub(crate) struct PersonRows {
    /// Cells in a row: those of the person, then those of a membership.
    width: usize,
    /// How many of them are the person's.
    own: usize,
    key: usize,
    text: String,
    cells: Vec<PackedCell>,
    who: Vec<RowKey>,
    lines: Vec<u64>,
    /// How much of the text belongs to whole rows.
    complete: usize,
}

impl PersonRows {
    /// Makes an empty batch of rows so many cells wide, the key at a place among them.
    pub(crate) fn new(width: usize, key: usize) -> Self {
        Self {
            width,
            own: width,
            key,
            ..Self::default()
        }
    }

    /// Makes room in each row for cells of a membership, which follow those of the person.
    pub(crate) fn with_membership(self, cells: usize) -> Self {
        Self {
            width: self.own + cells,
            ..self
        }
    }

    /// Empties the batch and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.who.clear();
        self.lines.clear();
        self.complete = 0;
    }

    /// Adds a cell to the row being built.
    pub(crate) fn push(&mut self, cell: Cell<'_>) {
        let packed = match cell {
            Cell::Keep => PackedCell::Keep,
            Cell::Clear => PackedCell::Clear,
            Cell::Set(ValueRef::Text(text)) => self.pack(text),
            Cell::Set(ValueRef::Integer(n)) => PackedCell::Integer(n),
            Cell::Set(ValueRef::Float(n)) => PackedCell::Float(n),
            Cell::Set(ValueRef::Boolean(b)) => PackedCell::Boolean(b),
            Cell::Set(ValueRef::Date(date)) => PackedCell::Date(date),
            Cell::Set(ValueRef::Datetime(at)) => PackedCell::Datetime(at),
        };
        self.cells.push(packed);
    }

    fn pack(&mut self, text: &str) -> PackedCell {
        // A batch holds a few megabytes at most; see the reader's limits.
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        PackedCell::Text { start, len }
    }

    /// Ends the row being built, which has all its cells; it begins on this line of the file.
    pub(crate) fn end_row(&mut self, line: u64) {
        self.who.push(RowKey::Unasked);
        self.lines.push(line);
        self.complete = self.text.len();
    }

    /// Drops the row being built.
    pub(crate) fn drop_row(&mut self) {
        self.cells.truncate(self.who.len() * self.width);
        self.text.truncate(self.complete);
    }

    /// Returns how many whole rows there are.
    pub(crate) fn len(&self) -> usize {
        self.who.len()
    }

    /// Returns how many bytes of text the batch holds.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Returns the last cell of the row being built.
    pub(crate) fn last(&self) -> Option<Cell<'_>> {
        self.cells.last().map(|cell| self.unpack(*cell))
    }

    /// Returns a row's cells of the person, in the order of the file's columns.
    pub(crate) fn row(&self, row: usize) -> impl ExactSizeIterator<Item = Cell<'_>> {
        let start = row * self.width;
        self.unpacked(start..start + self.own)
    }

    /// Returns a row's cells of the membership, in the order of the file's columns.
    pub(crate) fn membership(&self, row: usize) -> impl ExactSizeIterator<Item = Cell<'_>> {
        let start = row * self.width;
        self.unpacked(start + self.own..start + self.width)
    }

    fn unpacked(&self, range: std::ops::Range<usize>) -> impl ExactSizeIterator<Item = Cell<'_>> {
        self.cells[range].iter().map(|cell| self.unpack(*cell))
    }

    /// Returns one cell of a row.
    pub(crate) fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        self.unpack(self.cells[row * self.width + column])
    }

    fn unpack(&self, cell: PackedCell) -> Cell<'_> {
        Cell::Set(match cell {
            PackedCell::Keep => return Cell::Keep,
            PackedCell::Clear => return Cell::Clear,
            PackedCell::Text { start, len } => {
                ValueRef::Text(&self.text[start as usize..(start + len) as usize])
            }
            PackedCell::Integer(n) => ValueRef::Integer(n),
            PackedCell::Float(n) => ValueRef::Float(n),
            PackedCell::Boolean(b) => ValueRef::Boolean(b),
            PackedCell::Date(date) => ValueRef::Date(date),
            PackedCell::Datetime(at) => ValueRef::Datetime(at),
        })
    }

    /// Returns a row's key as it would be stored.
    pub(crate) fn key(&self, row: usize) -> &str {
        match self.cell(row, self.key) {
            Cell::Set(ValueRef::Text(text)) => text,
            Cell::Keep
            | Cell::Clear
            | Cell::Set(
                ValueRef::Integer(_)
                | ValueRef::Float(_)
                | ValueRef::Boolean(_)
                | ValueRef::Date(_)
                | ValueRef::Datetime(_),
            ) => "",
        }
    }

    /// Returns the line of the file on which a row begins.
    pub(crate) fn line(&self, row: usize) -> u64 {
        self.lines[row]
    }

    /// Returns who a row is about.
    pub(crate) fn who(&self, row: usize) -> RowKey {
        self.who[row]
    }

    /// Sets who a row is about.
    pub(crate) fn set_who(&mut self, row: usize, who: RowKey) {
        self.who[row] = who;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_row_leaves_no_trace() {
        let text = |text| Cell::Set(ValueRef::Text(text));
        let mut rows = PersonRows::new(2, 0);
        rows.push(text("ann@example.com"));
        rows.push(Cell::Set(ValueRef::Integer(3)));
        rows.end_row(2);
        rows.push(text("bob@example.com"));
        rows.drop_row();
        rows.push(text("cy@example.com"));
        rows.push(Cell::Keep);
        rows.end_row(4);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows.key(0), "ann@example.com");
        assert_eq!(rows.key(1), "cy@example.com");
        assert_eq!(rows.line(1), 4);
        assert_eq!(rows.cell(1, 1), Cell::Keep);
        assert_eq!(rows.bytes(), "ann@example.comcy@example.com".len());
    }
}
