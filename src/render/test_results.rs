//! Tests of campaigns: a row a test, and for people what went wrong beneath them.

use std::io::{self, Write};

use crate::diagnostic::visible::visible;
use crate::diagnostic::{Severity, github};
use crate::results::TestRow;

use super::facts::section;
use super::table::CellStyle::{Text, Word};
use super::{Look, Sheet as _, TableCell, TableColumn, TableRow, Tone};

impl TableRow for TestRow {
    const KEYS: &'static [&'static str] =
        &["campaign", "test", "file", "line", "passed", "failures"];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("campaign", Text),
        TableColumn::new("test", Text),
        TableColumn::new("result", Word),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        let (result, tone) = if self.passed {
            ("passed", Tone::Good)
        } else {
            ("failed", Tone::Bad)
        };
        vec![
            TableCell::new(&self.campaign),
            TableCell::new(&self.test),
            TableCell::new(result).tone(tone),
        ]
    }
}

/// Writes what was expected and found in the tests that failed, and why people qualified or did not.
pub(crate) fn failures(out: &mut impl Write, look: &Look, rows: &[TestRow]) -> io::Result<()> {
    for row in rows {
        for failure in &row.failures {
            let place = format!("{}:{}  {}", row.file, failure.line, row.test);
            section(out, look, &place)?;
            writeln!(out, "{}", visible(&failure.what))?;
            writeln!(out, "  expected  {}", visible(&failure.expected))?;
            writeln!(out, "  got       {}", visible(&failure.got))?;
            if let Some(explanation) = &failure.explain {
                writeln!(out)?;
                explanation.write(out, look)?;
            }
        }
    }
    Ok(())
}

/// Writes a line for each failure that GitHub shows beside the expectation.
pub(crate) fn github(out: &mut impl Write, rows: &[TestRow]) -> io::Result<()> {
    for row in rows {
        for failure in &row.failures {
            let (what, expected, got) = (
                visible(&failure.what),
                visible(&failure.expected),
                visible(&failure.got),
            );
            let message = format!("{what}\nexpected  {expected}\ngot       {got}");
            let place = (failure.line, 1);
            let (file, test) = (&row.file, &row.test);
            let line = github::annotation(Severity::Error, file, place, test, &message);
            out.write_all(line.as_bytes())?;
        }
    }
    Ok(())
}
