//! Tables for people: aligned columns, wrapped to the terminal's width and never cut in a pipe.

use std::io::{self, Write};

use comfy_table::{
    Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, ContentLineStyle,
    LineStyle, Table, TableStyle, Width,
};

use unicode_width::UnicodeWidthStr as _;

use crate::diagnostic::visible::visible;

use super::{Colour, Look};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: std::borrow::Cow<'static, str>,
    /// How its cells are set.
    pub shape: Shape,
}

impl Column {
    /// Makes a column.
    pub const fn new(title: &'static str, shape: Shape) -> Self {
        Self {
            title: std::borrow::Cow::Borrowed(title),
            shape,
        }
    }
}

/// How cells are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text that may be wrapped.
    Text,
    /// Short text that is kept on one line: an instant, a word.
    Word,
    /// A number, to the right.
    Number,
}

/// What a cell says of itself by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
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
pub struct Cell {
    /// Its text, as data has it.
    pub text: String,
    /// What stands under it, in the same cell.
    pub below: Option<String>,
    /// Its colour.
    pub tone: Tone,
}

impl Cell {
    /// Makes a cell without colour.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and references are passed alike"
    )]
    pub fn new(text: impl ToString) -> Self {
        Self {
            text: text.to_string(),
            below: None,
            tone: Tone::Plain,
        }
    }

    /// Makes a cell of something that may be absent.
    pub fn maybe(text: Option<impl ToString>) -> Self {
        text.map_or_else(Self::default, Self::new)
    }

    /// Puts something under it, in the same cell.
    #[must_use]
    pub fn below(mut self, text: String) -> Self {
        self.below = Some(text).filter(|text| !text.is_empty());
        self
    }

    /// Gives it a colour.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// Returns the width of the terminal that standard output is, if it is one.
pub fn terminal_width() -> Option<u16> {
    Table::new().width()
}

/// Rows laid out together before they are written: the first so many decide the widths for the rest.
const ROWS_IN_A_BLOCK: usize = 1000;

/// Blanks after a column, besides the one that stands between any two.
const GAP: u16 = 1;

/// A table that is written block by block.
pub struct Block {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    widths: Option<Vec<u16>>,
}

impl Block {
    /// Begins a table.
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            widths: None,
        }
    }

    /// Takes a row, and writes the block when it is full.
    pub fn push(&mut self, out: &mut impl Write, look: &Look, cells: Vec<Cell>) -> io::Result<()> {
        self.rows.push(cells);
        if self.rows.len() >= ROWS_IN_A_BLOCK {
            self.write(out, look)?;
        }
        Ok(())
    }

    /// Writes the rest; a table without rows is its header alone.
    pub fn finish(mut self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        if self.rows.is_empty() && self.widths.is_some() {
            return Ok(());
        }
        self.write(out, look)
    }

    /// Returns how wide each column must be: what has something under it is not cut in two.
    fn least_widths(&self) -> Vec<u16> {
        let mut least = vec![0; self.columns.len()];
        for cells in &self.rows {
            for (width, cell) in least.iter_mut().zip(cells) {
                if cell.below.is_some() {
                    *width = (*width).max(u16::try_from(cell.text.width()).unwrap_or(u16::MAX));
                }
            }
        }
        least
    }

    fn write(&mut self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let mut table = blank(look);
        if self.widths.is_none() {
            table.set_header(self.columns.iter().map(|column| {
                let cell = comfy_table::Cell::new(visible(&column.title));
                match look.colour {
                    Colour::Always => cell.add_attribute(Attribute::Bold),
                    Colour::Never => cell,
                }
            }));
        }
        let least = self.least_widths();
        for cells in self.rows.drain(..) {
            table.add_row(cells.iter().map(|cell| dressed(cell, look)));
        }
        for (index, column) in self.columns.iter().enumerate() {
            let least = self
                .widths
                .as_ref()
                .map_or(least[index], |widths| widths[index]);
            if let Some(set) = table.column_mut(index) {
                let gap = if index + 1 == self.columns.len() {
                    0
                } else {
                    GAP
                };
                set.set_padding((0, gap));
                shape(set, column.shape, Some(least).filter(|width| *width > 0));
            }
        }
        if self.widths.is_none() {
            self.widths = Some(table.column_max_content_widths());
        }
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
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
    match look.width {
        Some(width) => table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table
}

fn dressed(cell: &Cell, look: &Look) -> comfy_table::Cell {
    let plain = match &cell.below {
        None => comfy_table::Cell::new(visible(&cell.text)),
        Some(below) => {
            comfy_table::Cell::new(format!("{}\n{}", visible(&cell.text), visible(below)))
        }
    };
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

fn shape(column: &mut comfy_table::Column, shape: Shape, least: Option<u16>) {
    let lower = least.map(|width| ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    match shape {
        Shape::Text => {}
        Shape::Word => {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        Shape::Number => {
            column.set_constraint(ColumnConstraint::ContentWidth);
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if let Some(lower) = lower {
        column.set_constraint(lower);
    }
}
