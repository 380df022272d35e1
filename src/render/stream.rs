//! Rows written as they come, so that a log of millions needs no memory.

use std::io::{self, Write};
use std::marker::PhantomData;

use super::table::TableBlock;
use super::{Format, Look, TableRow, csv, json};

/// Takes rows one by one and writes them in a format.
pub(crate) struct RowStream<'a, W: Write, R: TableRow> {
    out: &'a mut W,
    look: &'a Look,
    state: State,
    rows: PhantomData<R>,
}

enum State {
    Table(TableBlock),
    Json { first: bool },
    Jsonl,
    Csv,
}

impl<'a, W: Write, R: TableRow> RowStream<'a, W, R> {
    /// Begins, with the header where the format has one.
    pub(crate) fn new(out: &'a mut W, format: Format, look: &'a Look) -> io::Result<Self> {
        let state = match format {
            Format::Table => State::Table(TableBlock::new(R::columns(look))),
            Format::Json => {
                out.write_all(b"[")?;
                State::Json { first: true }
            }
            Format::Jsonl => State::Jsonl,
            Format::Csv => {
                csv::header(out, R::KEYS)?;
                State::Csv
            }
        };
        Ok(Self {
            out,
            look,
            state,
            rows: PhantomData,
        })
    }

    /// Writes one row; a table holds it back until its block is full.
    pub(crate) fn push(&mut self, row: &R) -> io::Result<()> {
        match &mut self.state {
            State::Table(block) => block.push(self.out, self.look, row.cells(self.look)),
            State::Json { first } => {
                self.out
                    .write_all(if *first { b"\n  " } else { b",\n  " })?;
                *first = false;
                json::value(self.out, row)
            }
            State::Jsonl => json::line(self.out, row),
            State::Csv => csv::row(self.out, self.look, row),
        }
    }

    /// Writes what was held back, and the end.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self.state {
            State::Table(block) => block.finish(self.out, self.look),
            State::Json { first: true } => self.out.write_all(b"]\n"),
            State::Json { first: false } => self.out.write_all(b"\n]\n"),
            State::Jsonl | State::Csv => Ok(()),
        }
    }
}
