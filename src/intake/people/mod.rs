//! Person lists: a CSV file with a header row, read into checked, typed rows.
//!
//! [`header`] matches the columns with fields, [`infer`] finds the types of new ones by reading the whole file,
//! [`cell`] reads one cell as its field's type. [`PeopleReader`] puts them together and gives batches of good
//! rows; every bad row is a fault with its place. Who a row is about is for the store to find.

mod cell;
mod header;
mod infer;

use std::collections::BTreeSet;
use std::io;

use super::data_error::{DataError, Error, Faults};
use super::input::{Input, InputStream};
use super::rejects::Rejects;
use super::renames::Renames;
use super::rows::{Next, RowError, Rows, Unsplittable};
use super::spool::spool;
use crate::domain::{FieldCatalogue, FieldId, FieldType, Zone};
use crate::world::person_rows::{KeyField, PersonRows};

pub use header::ListColumn;

/// Rows in a batch: enough to share the cost of handing it over, few enough to stay in the processor's cache.
const BATCH_ROWS: usize = 1024;
/// Text in a batch.
const BATCH_BYTES: usize = 1 << 20;

/// How person lists are to be read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The delimiter, where it is not to be seen from the header.
    pub delimiter: Option<u8>,
    /// The key column, where it is not `email`, or `id` for want of it.
    pub key: Option<KeyField>,
    /// Other names for columns.
    pub renames: Renames,
    /// The zone of datetimes without offset.
    pub zone: Zone,
    /// Names that no new field may take, such as those of built-in filters.
    pub reserved: BTreeSet<String>,
    /// Whether faults may quote the cell.
    pub show_values: bool,
}

/// What came of reading a file.
#[derive(Debug, Default)]
pub struct ReadOutcome {
    /// Rows read, good and bad.
    pub rows: u64,
    /// Bad rows.
    pub rejected: u64,
    /// What is wrong with them.
    pub faults: Faults,
    /// Whether the file cannot be used even without its bad rows.
    pub unusable: bool,
}

/// A person list being read.
pub struct PeopleReader {
    file: String,
    rows: Rows<InputStream>,
    columns: Vec<ListColumn>,
    types: Vec<FieldType>,
    key: KeyField,
    key_column: usize,
    zone: Zone,
    show_values: bool,
    header: Vec<u8>,
    read: ReadOutcome,
}

impl PeopleReader {
    /// Opens a list and matches its header; new columns become fields of the catalogue, of a type that fits all their cells.
    pub fn open(
        input: &Input,
        options: &Options,
        catalogue: &mut FieldCatalogue,
    ) -> Result<Self, Error> {
        let file = input.name();
        let unreadable = |error| Error::unreadable(&file, error);
        let stream = input.open().map_err(unreadable)?;
        let mut rows = split(stream, options.delimiter, &file)?;
        read_header(&mut rows, &file)?;
        let mut matched = header::matched(&rows, &file, options, catalogue)?;
        if matched.has_new() {
            let delimiter = Some(rows.delimiter());
            rows = if input.is_repeatable() {
                infer::types(&mut rows, &mut matched, &options.zone).map_err(unreadable)?;
                split(input.open().map_err(unreadable)?, delimiter, &file)?
            } else {
                let scratch = spool(&mut rows.into_stream()).map_err(unreadable)?;
                let again = || {
                    let copy = scratch.try_clone().map_err(unreadable)?;
                    let stream = InputStream::of_scratch(copy).map_err(unreadable)?;
                    split(stream, delimiter, &file)
                };
                let mut first = again()?;
                read_header(&mut first, &file)?;
                infer::types(&mut first, &mut matched, &options.zone).map_err(unreadable)?;
                again()?
            };
            read_header(&mut rows, &file)?;
        }
        let (key, key_column) = matched.key;
        let columns = matched.into_columns(catalogue);
        Ok(Self {
            types: columns.iter().map(|c| catalogue.type_of(c.field)).collect(),
            key,
            key_column,
            zone: options.zone.clone(),
            show_values: options.show_values,
            header: rows.raw().to_vec(),
            read: ReadOutcome::default(),
            file,
            rows,
            columns,
        })
    }

    /// Returns what the file is called.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the columns, in the order of the file.
    pub fn columns(&self) -> &[ListColumn] {
        &self.columns
    }

    /// Returns the fields of the columns, in the order of the file.
    pub fn fields(&self) -> impl Iterator<Item = FieldId> {
        self.columns.iter().map(|column| column.field)
    }

    /// Returns which field says who a row is about.
    pub fn key(&self) -> KeyField {
        self.key
    }

    /// Makes an empty batch for this file.
    pub fn batch(&self) -> PersonRows {
        PersonRows::new(self.columns.len(), self.key_column)
    }

    /// Fills a batch with the next good rows; bad ones become faults and go to `rejects` if there is such a file.
    ///
    /// Returns false when the file is at its end. Once a row is bad and there is nowhere to put it, the list is refused:
    /// reading goes on for the sake of further faults, and batches stay empty.
    pub fn fill(
        &mut self,
        batch: &mut PersonRows,
        mut rejects: Option<&mut Rejects>,
    ) -> Result<bool, Error> {
        batch.clear();
        let mut bad = Vec::new();
        for _ in 0..BATCH_ROWS {
            match self.rows.advance().map_err(|e| self.unreadable(e))? {
                Next::End => return Ok(false),
                Next::Cut(error) => {
                    self.read.rows += 1;
                    self.read.rejected += 1;
                    self.read.unusable = true;
                    self.read.faults.push(error.of(&self.file));
                    batch.clear();
                    return Ok(false);
                }
                Next::Flawed(error) => bad.push(error),
                Next::Row => self.check(batch, &mut bad),
            }
            self.read.rows += 1;
            if !bad.is_empty() {
                self.refuse(&mut bad, rejects.as_deref_mut())?;
            }
            if batch.bytes() > BATCH_BYTES {
                break;
            }
        }
        if rejects.is_none() && self.read.rejected > 0 {
            batch.clear();
        }
        Ok(true)
    }

    /// Returns what came of reading, once the file is at its end.
    pub fn finish(self) -> ReadOutcome {
        self.read
    }

    fn unreadable(&self, error: io::Error) -> Error {
        Error::unreadable(&self.file, error)
    }

    /// Adds the present row to the batch, or says what is wrong with its cells.
    fn check(&self, batch: &mut PersonRows, bad: &mut Vec<RowError>) {
        let (have, wanted) = (self.rows.width(), self.columns.len());
        if have != wanted {
            let cells = if have == 1 { "cell" } else { "cells" };
            bad.push(self.rows.error(
                have.min(wanted),
                format!("{have} {cells}, and the header has {wanted}"),
                None,
            ));
            return;
        }
        for (index, field_type) in self.types.iter().enumerate() {
            let text = self.rows.cell(index);
            let pushed = if index == self.key_column {
                cell::push_key(batch, text, self.key)
            } else if self.columns[index].field == crate::domain::field::EMAIL {
                cell::push_email(batch, text)
            } else {
                cell::push(batch, text, *field_type, &self.zone)
            };
            if let Err(wrong) = pushed {
                bad.push(self.cell_error(index, text, &wrong));
            }
        }
        if bad.is_empty() {
            batch.end_row();
        } else {
            batch.drop_row();
        }
    }

    fn cell_error(&self, index: usize, text: &str, wrong: &cell::CellError) -> RowError {
        let header = &self.columns[index].header;
        let shown = if self.show_values && !text.is_empty() {
            let short: String = text.chars().take(60).collect();
            format!(", not `{short}`")
        } else {
            String::new()
        };
        self.rows.error(
            index,
            format!("`{header}` {}{shown}", wrong.message),
            wrong.help.map(str::to_owned),
        )
    }

    fn refuse(
        &mut self,
        bad: &mut Vec<RowError>,
        rejects: Option<&mut Rejects>,
    ) -> Result<(), Error> {
        let first = self.read.rejected == 0;
        self.read.rejected += 1;
        let faults: Vec<DataError> = bad.drain(..).map(|error| error.of(&self.file)).collect();
        if let Some(rejects) = rejects {
            if first {
                rejects.copy(&self.header)?;
            }
            rejects.put(&faults, self.rows.raw())?;
        }
        for fault in faults {
            self.read.faults.push(fault);
        }
        Ok(())
    }
}

fn split(
    stream: InputStream,
    delimiter: Option<u8>,
    file: &str,
) -> Result<Rows<InputStream>, Error> {
    Rows::open(stream, delimiter).map_err(|error| match error {
        Unsplittable::Io(error) => Error::unreadable(file, error),
        Unsplittable::Flawed(error) => Error::Faulty(error.of(file).into()),
    })
}

fn read_header(rows: &mut Rows<InputStream>, file: &str) -> Result<(), Error> {
    match rows
        .advance()
        .map_err(|error| Error::unreadable(file, error))?
    {
        Next::Row => Ok(()),
        Next::Flawed(error) | Next::Cut(error) => Err(Error::Faulty(error.of(file).into())),
        Next::End => Err(Error::Faulty(
            DataError {
                file: file.to_owned(),
                line: 1,
                column: 1,
                message: "the file is empty".to_owned(),
                help: Some("its first row names the columns: `email,first_name`".to_owned()),
            }
            .into(),
        )),
    }
}
