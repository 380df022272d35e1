//! Tables for people: aligned columns, wrapped to the terminal's width and never cut in a pipe.
//!
//! Where so many columns do not fit a terminal side by side, each row is written as a record, a line a cell.

use std::io::{self, Write};

use comfy_table::{
    Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, ContentLineStyle,
    LineStyle, Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr as _;

use crate::diagnostic::visible::visible;

use super::facts::facts;
use super::layout::{Wish, fit, longest_word, wrap};
use super::{Colour, Look};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableColumn {
    /// What stands above it.
    pub(crate) title: std::borrow::Cow<'static, str>,
    /// How its cells are set.
    pub(crate) shape: CellStyle,
}

impl TableColumn {
    /// Makes a column.
    pub(crate) const fn new(title: &'static str, shape: CellStyle) -> Self {
        Self {
            title: std::borrow::Cow::Borrowed(title),
            shape,
        }
    }
}

/// How cells are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellStyle {
    /// Text that may be wrapped.
    Text,
    /// Short text that is kept on one line: an instant, a word.
    Word,
    /// A number, to the right.
    Number,
}

/// What a cell says of itself by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    /// Nothing.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Worth a look.
    Doubtful,
    /// Wrong.
    Bad,
    /// Of lesser weight.
    Faint,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TableCell {
    /// Its text, as data has it.
    pub(crate) text: String,
    /// What stands under it, in the same cell.
    pub(crate) below: Option<String>,
    /// The colour of the text, where colours are shown.
    pub(crate) tone: Tone,
}

impl TableCell {
    /// Makes a cell without colour.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and references are passed alike"
    )]
    pub(crate) fn new(text: impl ToString) -> Self {
        Self {
            text: text.to_string(),
            below: None,
            tone: Tone::Plain,
        }
    }

    /// Makes a cell of something that may be absent.
    pub(crate) fn maybe(text: Option<impl ToString>) -> Self {
        text.map_or_else(Self::default, Self::new)
    }

    /// Puts something under it, in the same cell.
    #[must_use]
    pub(crate) fn below(mut self, text: String) -> Self {
        self.below = Some(text).filter(|text| !text.is_empty());
        self
    }

    /// Gives it a colour.
    #[must_use]
    pub(crate) fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// Returns the width of the terminal that standard output is, if it is one.
pub(crate) fn terminal_width() -> Option<u16> {
    Table::new().width()
}

/// Rows laid out together before they are written: the first so many decide the widths for the rest.
const ROWS_IN_A_BLOCK: usize = 1000;

/// Blanks after a column, besides the one that stands between any two.
const GAP: u16 = 1;

/// No column is wider, also where nothing is cut: longer texts are broken. `comfy_table` counts in 16 bits.
const WIDEST: usize = 10_000;

/// A table that is written block by block.
pub(crate) struct TableBlock {
    columns: Vec<TableColumn>,
    rows: Vec<Vec<TableCell>>,
    form: Option<TableLayout>,
}

/// How a table is laid out; its first block decides.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TableLayout {
    /// Columns of these widths.
    Columns(Vec<usize>),
    /// A record a row.
    Records,
}

impl TableBlock {
    /// Begins a table.
    pub(crate) fn new(columns: Vec<TableColumn>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            form: None,
        }
    }

    /// Takes a row, and writes the block when it is full.
    pub(crate) fn push(
        &mut self,
        out: &mut impl Write,
        look: &Look,
        cells: Vec<TableCell>,
    ) -> io::Result<()> {
        self.rows.push(cells);
        if self.rows.len() >= ROWS_IN_A_BLOCK {
            self.write(out, look)?;
        }
        Ok(())
    }

    /// Writes the rest; a table without rows is its header alone.
    pub(crate) fn finish(mut self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        if self.rows.is_empty() && self.form.is_some() {
            return Ok(());
        }
        self.write(out, look)
    }

    fn write(&mut self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let first = self.form.is_none();
        let form = self
            .form
            .take()
            .unwrap_or_else(|| self.form_of(&rows, look));
        match &form {
            TableLayout::Columns(widths) => self.write_columns(out, look, &rows, widths, first)?,
            TableLayout::Records => self.write_records(out, look, rows, first)?,
        }
        self.form = Some(form);
        Ok(())
    }

    /// Decides the layout by the first rows. In a pipe there is room for everything.
    fn form_of(&self, rows: &[Vec<TableCell>], look: &Look) -> TableLayout {
        let wishes: Vec<Wish> = (0..self.columns.len())
            .map(|index| self.wish(index, rows))
            .collect();
        let Some(width) = look.width else {
            let widths = wishes.iter().map(|wish| wish.whole.min(WIDEST));
            return TableLayout::Columns(widths.collect());
        };
        let gaps = usize::from(GAP + 1) * self.columns.len().saturating_sub(1);
        match fit(&wishes, usize::from(width).saturating_sub(gaps)) {
            Some(widths) => TableLayout::Columns(widths),
            None => TableLayout::Records,
        }
    }

    fn wish(&self, index: usize, rows: &[Vec<TableCell>]) -> Wish {
        let column = &self.columns[index];
        let mut wish = Wish::default();
        let mut see = |text: &str, unbroken: bool| {
            let text = visible(text);
            let width = text.width();
            wish.whole = wish.whole.max(width);
            if unbroken {
                wish.least = wish.least.max(width);
            } else {
                wish.word = wish.word.max(longest_word(&text));
            }
        };
        let short = match column.shape {
            CellStyle::Text => false,
            CellStyle::Word | CellStyle::Number => true,
        };
        see(&column.title, short);
        for cell in rows.iter().filter_map(|cells| cells.get(index)) {
            see(&cell.text, short);
            if let Some(below) = &cell.below {
                see(below, false);
            }
        }
        wish
    }

    fn write_columns(
        &self,
        out: &mut impl Write,
        look: &Look,
        rows: &[Vec<TableCell>],
        widths: &[usize],
        first: bool,
    ) -> io::Result<()> {
        let mut table = blank(look);
        if first {
            table.set_header(self.columns.iter().zip(widths).map(|(column, width)| {
                let cell = comfy_table::Cell::new(wrap(&visible(&column.title), *width));
                match look.colour {
                    Colour::Always => cell.add_attribute(Attribute::Bold),
                    Colour::Never => cell,
                }
            }));
        }
        for cells in rows {
            let cells = cells.iter().zip(widths);
            table.add_row(cells.map(|(cell, width)| dressed(cell, *width, look)));
        }
        let last = self.columns.len().saturating_sub(1);
        for (index, (column, width)) in self.columns.iter().zip(widths).enumerate() {
            if let Some(set) = table.column_mut(index) {
                let gap = if index == last { 0 } else { GAP };
                set.set_padding((0, gap));
                let width = u16::try_from(*width).unwrap_or(u16::MAX);
                set.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(
                    width.saturating_add(gap),
                )));
                if column.shape == CellStyle::Number {
                    set.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// Writes each row as a record, what is empty left out.
    fn write_records(
        &self,
        out: &mut impl Write,
        look: &Look,
        rows: Vec<Vec<TableCell>>,
        first: bool,
    ) -> io::Result<()> {
        for (number, cells) in rows.into_iter().enumerate() {
            if !first || number > 0 {
                writeln!(out)?;
            }
            let mut filled = Vec::with_capacity(self.columns.len());
            for (column, cell) in self.columns.iter().zip(cells) {
                filled.extend(entries_of(&column.title, cell));
            }
            facts(out, look, &filled)?;
        }
        Ok(())
    }
}

/// Returns the entries of a record that a cell makes: two where another text stands below its own, whose names are in the
/// title of the column, as in `activity, detail`.
fn entries_of(title: &str, mut cell: TableCell) -> impl Iterator<Item = (String, TableCell)> {
    let below = cell.below.take();
    let (name, name_below) = match (&below, title.split_once(", ")) {
        (_, Some(names)) => names,
        (_, None) => (title, ""),
    };
    let own = (name.to_owned(), cell);
    let below = below.map(|text| (name_below.to_owned(), TableCell::new(text)));
    let entries = std::iter::once(own).chain(below);
    entries.filter(|(_, cell)| !cell.text.is_empty())
}

fn blank(look: &Look) -> Table {
    let mut table = Table::new();
    table.load_style(
        TableStyle::new()
            .header_lines(ContentLineStyle::none())
            .header_separator(LineStyle::none().fill('─').junction('─'))
            .content_lines(ContentLineStyle::none()),
    );
    match look.colour {
        Colour::Always => table.enforce_styling(),
        Colour::Never => table.force_no_tty(),
    };
    table.set_content_arrangement(ContentArrangement::Disabled);
    table
}

/// Returns a cell with its text broken to a width, in its colour.
fn dressed(cell: &TableCell, width: usize, look: &Look) -> comfy_table::Cell {
    let broken = |text: &str| match look.width {
        Some(_) => wrap(&visible(text), width),
        None if text.len() > WIDEST => wrap(&visible(text), WIDEST),
        None => visible(text).into_owned(),
    };
    let mut text = broken(&cell.text);
    if let Some(below) = &cell.below {
        text.push('\n');
        text.push_str(&broken(below));
    }
    let plain = comfy_table::Cell::new(text);
    if look.colour == Colour::Never {
        return plain;
    }
    match cell.tone {
        Tone::Plain => plain,
        Tone::Good => plain.fg(Color::DarkGreen),
        Tone::Doubtful => plain.fg(Color::DarkYellow),
        Tone::Bad => plain.fg(Color::DarkRed),
        Tone::Faint => plain.add_attribute(Attribute::Dim),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Zone;

    fn written(width: Option<u16>, columns: usize) -> String {
        let titles = ["email", "first_name", "lead_score", "company"];
        let shapes = [
            CellStyle::Text,
            CellStyle::Text,
            CellStyle::Number,
            CellStyle::Text,
        ];
        let columns = (0..columns).map(|at| TableColumn::new(titles[at], shapes[at]));
        let mut block = TableBlock::new(columns.clone().collect());
        let look = Look {
            width,
            ..Look::plain(Zone::utc())
        };
        let mut out = Vec::new();
        for row in [
            ["ann@example.com", "Ann", "7", "Bright Harbor Books"],
            ["ben@example.com", "", "12", "Orchard Energy"],
        ] {
            let cells = row.into_iter().take(columns.len()).map(TableCell::new);
            block.push(&mut out, &look, cells.collect()).unwrap();
        }
        block.finish(&mut out, &look).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_pipe_is_never_too_narrow() {
        let line = "ann@example.com  Ann                  7  Bright Harbor Books\n";
        assert!(written(None, 4).contains(line), "{}", written(None, 4));
    }

    #[test]
    fn a_terminal_wraps_between_words() {
        let wanted = "\
email            first_name  lead_score  company
────────────────────────────────────────────────
ann@example.com  Ann                  7  Bright
                                         Harbor
                                         Books
ben@example.com                      12  Orchard
                                         Energy
";
        assert_eq!(written(Some(48), 4), wanted);
    }

    #[test]
    fn a_record_has_the_text_below_a_cell_as_well() {
        let columns = [
            TableColumn::new("when", CellStyle::Word),
            TableColumn::new("activity, detail", CellStyle::Text),
            TableColumn::new("campaign", CellStyle::Text),
        ];
        let look = Look {
            width: Some(24),
            ..Look::plain(Zone::utc())
        };
        let mut block = TableBlock::new(columns.to_vec());
        let mut out = Vec::new();
        let cells = vec![
            TableCell::new("2026-11-02 10:00:00"),
            TableCell::new("open_email").below("spring".to_owned()),
            TableCell::new("Fair").below("3 waiting".to_owned()),
        ];
        block.push(&mut out, &look, cells).unwrap();
        block.finish(&mut out, &look).unwrap();
        let wanted = "\
when      2026-11-02 10:00:00
activity  open_email
detail    spring
campaign  Fair
          3 waiting
";
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
    }

    #[test]
    fn where_columns_do_not_fit_each_row_is_a_record() {
        let wanted = "\
email       ann@example.com
first_name  Ann
lead_score  7
company     Bright Harbor Books

email       ben@example.com
lead_score  12
company     Orchard Energy
";
        assert_eq!(written(Some(30), 4), wanted);
    }
}
