//! Reads the rows of a CSV file strictly: RFC 4180, or an error with its exact place.
//!
//! The csv crate splits cells. What it lets pass is caught here on the bytes themselves: unclosed and stray quotes, lone
//! carriage returns, NUL, text that is not UTF-8. Lines are counted from the bytes too, since the crate's own count is
//! wrong after blank lines and CRLF. Whether a row makes sense is for the readers of people and events.

mod head;
mod recording_reader;
mod strict;

use std::io::{self, Read};

use csv::{ByteRecord, StringRecord};

use super::data_error::DataError;
use recording_reader::{RecordingReader, TooLong};
use strict::{cell_start, check_quotes, newlines, place, without_line_end};

/// The longest row; what is longer has lost its closing quote.
const LONGEST: usize = 16 << 20;
/// How much is read at once.
const BUFFER: usize = 256 << 10;
/// How much of the beginning is looked at before anything is split.
const HEAD: usize = 64 << 10;

/// What is wrong with a row, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowError {
    /// The physical line, from 1.
    pub(crate) line: u64,
    /// The character in that line, from 1.
    pub(crate) column: u64,
    /// What is wrong.
    pub(crate) message: String,
    /// How to put it right.
    pub(crate) help: Option<String>,
}

impl RowError {
    /// Names the file in which it stands.
    pub(crate) fn of(self, file: &str) -> DataError {
        DataError {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            message: self.message,
            help: self.help,
        }
    }

    fn at_start(message: &str, help: &str) -> Self {
        Self {
            line: 1,
            column: 1,
            message: message.to_owned(),
            help: Some(help.to_owned()),
        }
    }
}

/// What comes next in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// A well-formed row; its cells can be asked for.
    Row,
    /// A malformed row; only its bytes can be asked for.
    Flawed(RowError),
    /// A row without end: what follows cannot be split any more.
    Cut(RowError),
    /// Nothing.
    End,
}

/// Why a file cannot be split at all.
#[derive(Debug)]
pub(crate) enum Unsplittable {
    /// Reading failed.
    Io(io::Error),
    /// It is no CSV file of ours.
    Flawed(RowError),
}

impl From<io::Error> for Unsplittable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A CSV file being read row by row.
pub(crate) struct Rows<R: Read> {
    reader: csv::Reader<RecordingReader<io::Chain<io::Cursor<Vec<u8>>, R>>>,
    delimiter: u8,
    record: StringRecord,
    /// Whether the row ends in CRLF; the carriage return is then still in its last cell.
    carriage: bool,
    raw: std::ops::Range<u64>,
    line: u64,
    next_line: u64,
}

impl<R: Read> Rows<R> {
    /// Looks at the beginning of a file and gets ready to split it; the delimiter is seen from the first line.
    pub(crate) fn open(mut stream: R, delimiter: Option<u8>) -> Result<Self, Unsplittable> {
        let mut head = Vec::new();
        stream.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        head::recognise(&head).map_err(Unsplittable::Flawed)?;
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        let delimiter = delimiter.unwrap_or_else(|| head::sniff(&head));
        let tape = RecordingReader::new(io::Cursor::new(head).chain(stream));
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .terminator(csv::Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER)
            .from_reader(tape);
        Ok(Self {
            reader,
            delimiter,
            record: StringRecord::new(),
            carriage: false,
            raw: 0..0,
            line: 1,
            next_line: 1,
        })
    }

    /// Goes to the next row. Blank lines are not rows.
    pub(crate) fn advance(&mut self) -> io::Result<Next> {
        loop {
            let start = self.raw.end;
            self.reader.get_mut().release(start);
            let mut record = std::mem::take(&mut self.record).into_byte_record();
            let more = match self.reader.read_byte_record(&mut record) {
                Ok(more) => more,
                Err(error) => {
                    let csv::ErrorKind::Io(error) = error.into_kind() else {
                        return Err(io::Error::other("the csv reader failed"));
                    };
                    return self.cut_short(error);
                }
            };
            if !more {
                return Ok(Next::End);
            }
            self.raw = start..self.reader.position().byte();
            self.line = self.next_line;
            self.skip_blank_lines();
            let raw = self.reader.get_ref().between(&self.raw);
            if raw == b"\r\n" || raw == b"\r" {
                self.next_line = self.line + 1;
                self.record = StringRecord::from_byte_record_lossy(record);
                continue;
            }
            self.carriage = raw.ends_with(b"\r\n") || raw.ends_with(b"\r");
            let quoted = raw.contains(&b'"');
            self.next_line = self.line
                + if quoted {
                    newlines(raw)
                } else {
                    u64::from(raw.ends_with(b"\n"))
                };
            return Ok(match self.check(quoted, record) {
                Ok(record) => {
                    self.record = record;
                    Next::Row
                }
                Err(error) => Next::Flawed(error),
            });
        }
    }

    /// Returns how many cells the row has.
    pub(crate) fn width(&self) -> usize {
        self.record.len()
    }

    /// Returns a cell of the row, unquoted.
    pub(crate) fn cell(&self, index: usize) -> &str {
        let cell = &self.record[index];
        if self.carriage && index + 1 == self.record.len() {
            cell.strip_suffix('\r').unwrap_or(cell)
        } else {
            cell
        }
    }

    /// Returns the row's bytes as they stand in the file, with the end of the line.
    pub(crate) fn raw(&self) -> &[u8] {
        self.reader.get_ref().between(&self.raw)
    }

    /// Returns the line on which the row begins.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Returns the delimiter, given or seen.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns line and column of a cell, or of the end of the row if it has no such cell.
    pub(crate) fn place(&self, index: usize) -> (u64, u64) {
        place(
            self.raw(),
            self.line,
            cell_start(self.raw(), self.delimiter, index),
        )
    }

    /// Makes a flaw of the row at a cell.
    pub(crate) fn error(
        &self,
        cell: usize,
        message: impl Into<String>,
        help: Option<String>,
    ) -> RowError {
        let (line, column) = self.place(cell);
        RowError {
            line,
            column,
            message: message.into(),
            help,
        }
    }

    /// Returns the bytes from the current row on, including blank lines before it, so that they can be read again.
    pub(crate) fn into_stream(self) -> impl Read {
        let (kept, rest) = self.reader.into_inner().into_rest();
        io::Cursor::new(kept).chain(rest)
    }

    /// The csv crate steps over empty lines before a row; they are not a part of it.
    fn skip_blank_lines(&mut self) {
        let raw = self.reader.get_ref().between(&self.raw);
        let blank = raw.iter().take_while(|b| **b == b'\n').count() as u64;
        self.raw.start += blank;
        self.line += blank;
    }

    fn check(&self, quoted: bool, record: ByteRecord) -> Result<StringRecord, RowError> {
        let raw = self.raw();
        let body = without_line_end(raw);
        let error = |offset: usize, message: &str, help: Option<&str>| {
            let (line, column) = place(raw, self.line, offset);
            RowError {
                line,
                column,
                message: message.to_owned(),
                help: help.map(str::to_owned),
            }
        };
        if let Some(offset) = raw
            .iter()
            .position(|b| *b == 0)
            .filter(|_| raw.contains(&0))
        {
            return Err(error(
                offset,
                "NUL byte",
                Some("remove it; text holds none"),
            ));
        }
        if quoted || body.contains(&b'\r') {
            check_quotes(body, self.delimiter)
                .map_err(|broken| error(broken.offset(), broken.message(), broken.help()))?;
        }
        StringRecord::from_byte_record(record).map_err(|_| {
            let offset = std::str::from_utf8(raw).map_or_else(|e| e.valid_up_to(), |_| 0);
            error(
                offset,
                "not UTF-8",
                Some("save the file as UTF-8, in a spreadsheet as `CSV UTF-8`"),
            )
        })
    }

    /// Says why reading ended inside a row: the row is too long, or the file cannot be read further.
    fn cut_short(&mut self, error: io::Error) -> io::Result<Next> {
        if !error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooLong>)
        {
            return Err(error);
        }
        let kept = self.reader.get_ref().kept();
        let offset = kept.iter().position(|b| *b == b'"').unwrap_or(0);
        let (line, column) = place(kept, self.next_line, offset);
        Ok(Next::Cut(RowError {
            line,
            column,
            message: format!("row is longer than {} MiB", LONGEST >> 20),
            help: Some("a quote in it is probably never closed".to_owned()),
        }))
    }
}

#[cfg(test)]
mod tests;
