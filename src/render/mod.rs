//! Renders finished results as tables, JSON, JSON lines or CSV.
//!
//! Rendering sees plain data and asks nothing: no database, no clock, no terminal. Where it writes to, how wide
//! that is and which zone people live in is given as a [`Look`]. Results that are lists of rows implement
//! [`TableRow`]; results that are one object implement [`Sheet`]. To add a format: one file, one variant, one line
//! in each of the two matches here.

pub(crate) mod calendar;
pub(crate) mod columns;
pub(crate) mod coverage;
pub(crate) mod csv;
pub(crate) mod detail;
pub(crate) mod diagram;
pub(crate) mod everyone;
pub(crate) mod explain;
pub(crate) mod export;
mod exported;
mod facts;
pub(crate) mod flow;
mod funnel;
pub(crate) mod graph;
pub(crate) mod ics;
pub(crate) mod json;
pub(crate) mod junit;
mod layout;
pub(crate) mod list_changes;
pub(crate) mod log;
pub(crate) mod markdown;
pub(crate) mod page;
#[cfg(feature = "parquet")]
mod parquet;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod plan;
mod report;
pub(crate) mod sending_load;
mod shard;
pub(crate) mod sheets;
pub(crate) mod shrink;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod test_results;

use std::io::{self, Write};

use serde::Serialize;

use crate::domain::{Instant, Zone};

pub(crate) use stream::RowStream;
pub(crate) use table::{CellStyle, TableCell, TableColumn, Tone};

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One array of rows, or one object.
    Json,
    /// One row a line.
    Jsonl,
    /// Rows under a header of keys.
    Csv,
}

/// What the place written to looks like.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    /// Characters in a line; none where lines are not cut, as in a pipe.
    pub(crate) width: Option<u16>,
    /// The zone in which tables show instants.
    pub(crate) zone: Zone,
    /// Whether colours may be used.
    pub(crate) colour: Colour,
    /// Whether a terminal would obey control characters in what is written.
    pub(crate) screen: Screen,
}

/// Whether colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// They may.
    Always,
    /// They may not.
    Never,
}

/// What reads the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// A terminal, which obeys control characters.
    Terminal,
    /// A file or another program.
    File,
}

impl Look {
    /// Returns the look of a file or pipe in a zone: unbounded lines, no colours.
    #[cfg(test)]
    pub(crate) fn plain(zone: Zone) -> Self {
        Self {
            width: None,
            zone,
            colour: Colour::Never,
            screen: Screen::File,
        }
    }

    /// Returns whether a table of six columns, one of them long, would be hard to read.
    pub(crate) fn is_narrow(&self) -> bool {
        self.width.is_some_and(|width| width < 110)
    }

    /// Returns an instant as tables show it: civil time of the zone, to the second.
    pub(crate) fn when(&self, at: Instant) -> String {
        self.zone.civil(at).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Returns an instant as a narrow table shows it: without seconds where there are none.
    pub(crate) fn maybe_when_short(&self, at: Option<Instant>) -> String {
        let mut text = self.maybe_when(at);
        if text.ends_with(":00") {
            text.truncate(text.len() - ":00".len());
        }
        text
    }

    /// Returns an instant as tables show it, or nothing.
    pub(crate) fn maybe_when(&self, at: Option<Instant>) -> String {
        at.map_or_else(String::new, |at| self.when(at))
    }
}

/// A result that is one of many: a line of a table.
pub(crate) trait TableRow: Serialize {
    /// Every key, in order: the header of CSV.
    const KEYS: &'static [&'static str];
    /// The columns of the table.
    const COLUMNS: &'static [TableColumn];

    /// Returns the columns for a place: fewer where it is narrow.
    fn columns(_look: &Look) -> Vec<TableColumn> {
        Self::COLUMNS.to_vec()
    }

    /// Returns the cells of the table, one a column.
    fn cells(&self, look: &Look) -> Vec<TableCell>;
}

/// A result that stands alone: an object.
pub(crate) trait Sheet: Serialize {
    /// Every key, in order: the header of CSV.
    const KEYS: &'static [&'static str];

    /// Writes it for people.
    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()>;
}

/// Writes a list of rows.
pub(crate) fn rows<R: TableRow>(
    out: &mut impl Write,
    format: Format,
    look: &Look,
    rows: &[R],
) -> io::Result<()> {
    let mut stream = RowStream::new(out, format, look)?;
    for row in rows {
        stream.push(row)?;
    }
    stream.finish()
}

/// Writes summaries that are rows of one table: in JSON a single one is one object.
pub(crate) fn summaries<R: TableRow>(
    out: &mut impl Write,
    format: Format,
    look: &Look,
    all: &[R],
) -> io::Result<()> {
    match (format, all) {
        (Format::Json, [one]) => json::object(out, one),
        (Format::Json | Format::Table | Format::Jsonl | Format::Csv, _) => {
            rows(out, format, look, all)
        }
    }
}

/// Writes one object.
pub(crate) fn sheet<S: Sheet>(
    out: &mut impl Write,
    format: Format,
    look: &Look,
    sheet: &S,
) -> io::Result<()> {
    match format {
        Format::Table => sheet.write(out, look),
        Format::Json => json::object(out, sheet),
        Format::Jsonl => json::line(out, sheet),
        Format::Csv => {
            csv::header(out, S::KEYS)?;
            csv::row(out, look, sheet)
        }
    }
}

/// Writes objects of one kind: a single one as one object, several as an array.
pub(crate) fn sheets<S: Sheet>(
    out: &mut impl Write,
    format: Format,
    look: &Look,
    all: &[S],
) -> io::Result<()> {
    if let [one] = all {
        return sheet(out, format, look, one);
    }
    match format {
        Format::Table => {
            for (index, one) in all.iter().enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                one.write(out, look)?;
            }
            Ok(())
        }
        Format::Json => json::array(out, all),
        Format::Jsonl => all.iter().try_for_each(|one| json::line(out, one)),
        Format::Csv => {
            csv::header(out, S::KEYS)?;
            all.iter().try_for_each(|one| csv::row(out, look, one))
        }
    }
}
