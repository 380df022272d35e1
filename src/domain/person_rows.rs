//! Rows of a person list, checked and typed, packed so that a million of them pass through in small pieces.
//!
//! The reader of person lists fills a batch, the store applies it; neither knows the other. All text of a batch lies
//! in one buffer, so a batch costs a few allocations however many rows it has, and can be used again.

use super::PersonId;

/// What one cell asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// Blank: leave the stored value as it is.
    Keep,
    /// `NULL`: no value from now on.
    Clear,
    /// Text, as a place in the batch.
    Text {
        /// The first byte.
        start: u32,
        /// How many bytes.
        len: u32,
    },
    /// A whole number.
    Integer(i64),
    /// A decimal number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A day, from 1970-01-01.
    Date(i32),
    /// An instant in microseconds.
    Datetime(i64),
}

/// Which column says who a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyField {
    /// The email address, in any case.
    Email,
    /// The text field `id`.
    Id,
}

impl KeyField {
    /// Returns the field's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Id => "id",
        }
    }
}

/// Who a row is about, as far as is known before the database is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKey {
    /// Nobody has looked yet.
    Unasked,
    /// Someone not seen before, who gets this number.
    New(PersonId),
    /// Someone known.
    Known(PersonId),
}

/// A batch of rows of one file.
#[derive(Debug, Clone, Default)]
pub struct PersonRows {
    width: usize,
    key: usize,
    text: String,
    cells: Vec<Cell>,
    who: Vec<RowKey>,
    complete: usize,
}

impl PersonRows {
    /// Makes an empty batch of rows so many cells wide, the key at a place among them.
    pub fn new(width: usize, key: usize) -> Self {
        Self {
            width,
            key,
            ..Self::default()
        }
    }

    /// Empties the batch and keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.who.clear();
        self.complete = 0;
    }

    /// Adds a cell of text to the row being built.
    pub fn push_text(&mut self, text: &str) {
        // A batch holds a few megabytes at most; see the reader's limits.
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.cells.push(Cell::Text { start, len });
    }

    /// Adds a cell to the row being built.
    pub fn push(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    /// Ends the row being built, which has all its cells.
    pub fn end_row(&mut self) {
        self.who.push(RowKey::Unasked);
        self.complete = self.text.len();
    }

    /// Forgets the row being built.
    pub fn drop_row(&mut self) {
        self.cells.truncate(self.who.len() * self.width);
        self.text.truncate(self.complete);
    }

    /// Returns how many whole rows there are.
    pub fn len(&self) -> usize {
        self.who.len()
    }

    /// Returns whether there is no whole row.
    pub fn is_empty(&self) -> bool {
        self.who.is_empty()
    }

    /// Returns how many bytes of text the batch holds.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Returns a row's cells, in the order of the file's columns.
    pub fn row(&self, row: usize) -> &[Cell] {
        &self.cells[row * self.width..(row + 1) * self.width]
    }

    /// Returns the text of a cell; nothing if it holds none.
    pub fn text(&self, cell: Cell) -> &str {
        match cell {
            Cell::Text { start, len } => &self.text[start as usize..(start + len) as usize],
            Cell::Keep
            | Cell::Clear
            | Cell::Integer(_)
            | Cell::Float(_)
            | Cell::Boolean(_)
            | Cell::Date(_)
            | Cell::Datetime(_) => "",
        }
    }

    /// Returns a row's key as it would be stored.
    pub fn key(&self, row: usize) -> &str {
        self.text(self.row(row)[self.key])
    }

    /// Returns who a row is about.
    pub fn who(&self, row: usize) -> RowKey {
        self.who[row]
    }

    /// Says who a row is about.
    pub fn set_who(&mut self, row: usize, who: RowKey) {
        self.who[row] = who;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_row_leaves_no_trace() {
        let mut rows = PersonRows::new(2, 0);
        rows.push_text("ann@example.com");
        rows.push(Cell::Integer(3));
        rows.end_row();
        rows.push_text("bob@example.com");
        rows.drop_row();
        rows.push_text("cy@example.com");
        rows.push(Cell::Keep);
        rows.end_row();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows.key(0), "ann@example.com");
        assert_eq!(rows.key(1), "cy@example.com");
        assert_eq!(rows.row(1)[1], Cell::Keep);
        assert_eq!(rows.bytes(), "ann@example.comcy@example.com".len());
    }
}
