//! Person lists: a CSV file with a header row, read into checked, typed rows.
//!
//! [`header`] matches the columns with fields, [`key`] makes the key of a row, [`infer`] finds the types of new columns by
//! reading the whole file, [`cell`] reads one cell as its field's type, [`formats`] knows other forms of dates and numbers, [`members`] reads what a
//! row says of a membership. [`PeopleReader`] puts them together and gives batches of good rows; every bad row is a fault with
//! its place. Who a row is about is for the store to find.

mod cell;
mod divided;
pub(crate) mod formats;
mod header;
mod infer;
pub(crate) mod key;
mod likely_keys;
mod matched;
pub(crate) mod members;

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::data_error::{DataError, Error, Faults};
use super::input::{Input, InputStream};
use super::rejects::Rejects;
use super::renames::Renames;
use super::rows::{Next, RowError, Rows, Unsplittable};
use super::spool::spool;
use crate::domain::field::{EMAIL, ID, is_name_of_person};
use crate::domain::{FieldCatalogue, FieldId, FieldType, ValueRef, Zone};
use crate::world::members::{MemberColumn, MemberProgram};
use crate::world::person_rows::{Cell, KeyField, PersonRows};
use formats::Formats;
use key::{EmailsByKey, KeyChoice, KeySource};
use members::MemberCells;

pub(crate) use divided::{NewColumns, headers};
pub(crate) use matched::ListColumn;

/// How to go on after a file whose rows repeat a key too often.
pub(crate) const REPEATS_HELP: &str = "is it the right key? `--key` names other columns, and `--key row` numbers the rows; \
    `--allow-repeats` loads the file as it is";

/// Rows in a batch: enough to share the cost of handing it over, few enough to stay in the processor's cache.
const BATCH_ROWS: usize = 1024;
/// Text in a batch.
const BATCH_BYTES: usize = 1 << 20;

/// How person lists are to be read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// The delimiter, where it is not to be seen from the header.
    pub(crate) delimiter: Option<u8>,
    /// What says who a row is about.
    pub(crate) key: KeyChoice,
    /// Whether rows may repeat a key however often, with other emails.
    pub(crate) allow_repeats: bool,
    /// How dates, numbers and booleans are written, where options say so.
    pub(crate) formats: Formats,
    /// Other names for columns.
    pub(crate) renames: Renames,
    /// The zone of datetimes without offset.
    pub(crate) zone: Zone,
    /// The program of which the rows make members.
    pub(crate) members: Option<MemberProgram>,
    /// Counts the bytes that are read, as they are stored.
    pub(crate) read: Arc<AtomicU64>,
    /// Names that no new field may take, such as those of built-in filters.
    pub(crate) reserved: BTreeSet<String>,
    /// Whether faults may quote the cell.
    pub(crate) show_values: bool,
}

/// What came of reading a file.
#[derive(Debug, Default)]
pub(crate) struct ReadOutcome {
    /// Rows read, good and bad.
    pub(crate) rows: u64,
    /// Bad rows.
    pub(crate) rejected: u64,
    /// What is wrong with them.
    pub(crate) faults: Faults,
    /// Whether the file cannot be used even without its bad rows.
    pub(crate) unusable: bool,
}

/// A person list being read.
pub(crate) struct PeopleReader {
    file: String,
    rows: Rows<InputStream>,
    /// All headers, in the order of the file.
    headers: Vec<String>,
    /// The columns of people, and the one that the key is made into.
    columns: Vec<ListColumn>,
    /// The place of each of them in the file, but for the one that is made.
    places: Vec<usize>,
    types: Vec<FieldType>,
    /// The columns of memberships.
    members: Option<MemberCells>,
    /// Which columns hold names of people.
    is_name: Vec<bool>,
    key: KeySource,
    /// The column of the email, where it is not the key.
    email_column: Option<usize>,
    emails: EmailsByKey,
    allow_repeats: bool,
    formats: Formats,
    zone: Zone,
    show_values: bool,
    header: Vec<u8>,
    read: ReadOutcome,
}

impl PeopleReader {
    /// Opens a list and matches its header; new columns become fields of the catalogue, of a type that fits all their cells.
    pub(crate) fn open(
        input: &Input,
        options: &Options,
        catalogue: &mut FieldCatalogue,
    ) -> Result<Self, Error> {
        let file = input.name();
        let unreadable = |error| Error::unreadable(&file, error);
        let before = options.read.load(Ordering::Relaxed);
        let open = || input.open(&options.read).map_err(unreadable);
        let stream = open()?;
        let mut rows = split(stream, options.delimiter, &file)?;
        read_header(&mut rows, &file)?;
        let mut matched = header::matched(&mut rows, &file, options, catalogue)?;
        if matched.has_new() {
            let delimiter = Some(rows.delimiter());
            rows = if input.is_repeatable() {
                matched
                    .infer_types(&mut rows, &options.formats, &options.zone)
                    .map_err(unreadable)?;
                // The file is read once more from its beginning.
                options.read.store(before, Ordering::Relaxed);
                split(open()?, delimiter, &file)?
            } else {
                let scratch = spool(&mut rows.into_stream()).map_err(unreadable)?;
                let again = || {
                    let copy = scratch.try_clone().map_err(unreadable)?;
                    let stream = InputStream::of_scratch(copy).map_err(unreadable)?;
                    split(stream, delimiter, &file)
                };
                let mut first = again()?;
                read_header(&mut first, &file)?;
                matched
                    .infer_types(&mut first, &options.formats, &options.zone)
                    .map_err(unreadable)?;
                again()?
            };
            read_header(&mut rows, &file)?;
        }
        let key = matched.key.clone();
        let sorted = matched.into_columns(catalogue);
        let mut columns = sorted.people;
        let types = columns.iter().map(|c| catalogue.type_of(c.field)).collect();
        let email_column = columns.iter().position(|column| column.field == EMAIL);
        if key.is_made() {
            columns.push(ListColumn {
                header: "--key".to_owned(),
                field: ID,
                is_new: false,
            });
        }
        let is_name = columns
            .iter()
            .map(|column| is_name_of_person(&catalogue.field(column.field).name));
        Ok(Self {
            headers: sorted.headers,
            places: sorted.places,
            types,
            members: options
                .members
                .clone()
                .map(|program| MemberCells::new(program, sorted.members)),
            is_name: is_name.collect(),
            email_column: email_column.filter(|_| key.field() == KeyField::Id),
            key,
            emails: EmailsByKey::default(),
            allow_repeats: options.allow_repeats,
            formats: options.formats.clone(),
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
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Returns the columns of people, in the order of the file.
    pub(crate) fn columns(&self) -> &[ListColumn] {
        &self.columns
    }

    /// Returns the columns of memberships, in the order of the file.
    pub(crate) fn member_columns(&self) -> Vec<MemberColumn> {
        let members = self.members.iter();
        members.flat_map(MemberCells::columns).cloned().collect()
    }

    /// Returns the fields of the columns of people, in the order of the file.
    pub(crate) fn fields(&self) -> impl Iterator<Item = FieldId> {
        self.columns.iter().map(|column| column.field)
    }

    /// Returns which field says who a row is about.
    pub(crate) fn key(&self) -> KeyField {
        self.key.field()
    }

    /// Makes an empty batch for this file.
    pub(crate) fn batch(&self) -> PersonRows {
        let made = self.types.len();
        let key = match self.key {
            KeySource::Column(_, place) => self.places.iter().position(|of| *of == place),
            KeySource::Joined(_) | KeySource::Row => None,
        };
        let members = self
            .members
            .as_ref()
            .map_or(0, |members| members.columns().count());
        PersonRows::new(self.columns.len(), key.unwrap_or(made)).with_membership(members)
    }

    /// Fills a batch with the next good rows; bad ones become faults and go to `rejects` if there is such a file.
    ///
    /// Returns false when the file is at its end. Once a row is bad and there is nowhere to put it, the list is refused:
    /// reading goes on for the sake of further faults, and batches stay empty.
    pub(crate) fn fill(
        &mut self,
        batch: &mut PersonRows,
        mut rejects: Option<&mut Rejects>,
    ) -> Result<bool, Error> {
        batch.clear();
        let mut bad = Vec::new();
        for _ in 0..BATCH_ROWS {
            match self.rows.advance().map_err(|e| self.unreadable(e))? {
                Next::End => {
                    self.spare(batch, rejects.is_some());
                    return Ok(false);
                }
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
        self.spare(batch, rejects.is_some());
        Ok(true)
    }

    /// Empties a batch of a list that is refused since a row is bad.
    fn spare(&self, batch: &mut PersonRows, has_rejects: bool) {
        if !has_rejects && self.read.rejected > 0 {
            batch.clear();
        }
    }

    /// Returns what came of reading, once the file is at its end.
    pub(crate) fn finish(mut self) -> ReadOutcome {
        if let Some((line, first)) = self.emails.examples.first().copied() {
            let rows = self.emails.rows;
            let lines: Vec<String> = self
                .emails
                .examples
                .iter()
                .map(|(line, _)| line.to_string())
                .collect();
            let rows = match rows {
                1 => format!(
                    "1 row has the key of an earlier row and another email: the one of line {first}"
                ),
                _ => format!(
                    "{rows} rows have the key of an earlier row and another email, first on lines {}",
                    lines.join(", ")
                ),
            };
            self.read.unusable = true;
            self.read.faults.push(DataError {
                file: self.file.clone(),
                line,
                column: 1,
                message: rows,
                help: Some(REPEATS_HELP.to_owned()),
            });
        }
        self.read
    }

    fn unreadable(&self, error: io::Error) -> Error {
        Error::unreadable(&self.file, error)
    }

    /// Adds the present row to the batch, or says what is wrong with its cells.
    fn check(&mut self, batch: &mut PersonRows, bad: &mut Vec<RowError>) {
        let (have, wanted) = (self.rows.width(), self.headers.len());
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
            let place = self.places[index];
            let text = self.rows.cell(place);
            let field = self.columns[index].field;
            let pushed = match self.key {
                KeySource::Column(key, column) if column == place => {
                    cell::push_key(batch, text, key)
                }
                KeySource::Column(..) | KeySource::Joined(_) | KeySource::Row => {
                    if field == EMAIL {
                        cell::push_email(batch, text)
                    } else if self.is_name[index] {
                        cell::push_name(batch, text)
                    } else {
                        cell::push(batch, text, *field_type, &self.formats, &self.zone)
                    }
                }
            };
            if let Err(wrong) = pushed {
                bad.push(self.cell_error(place, text, wrong));
            }
        }
        bad.extend(self.push_made_key(batch));
        self.push_membership(batch, bad);
        if !bad.is_empty() {
            batch.drop_row();
            return;
        }
        batch.end_row(self.rows.line());
        if let Some(column) = self.email_column.filter(|_| !self.allow_repeats)
            && let Cell::Set(ValueRef::Text(email)) = batch.cell(batch.len() - 1, column)
        {
            let key = batch.key(batch.len() - 1);
            self.emails.see(key, email, self.rows.line());
        }
    }

    /// Adds the cells of the row being built that say something about a membership.
    fn push_membership(&mut self, batch: &mut PersonRows, bad: &mut Vec<RowError>) {
        let Some(mut members) = self.members.take() else {
            return;
        };
        let cell = |index| self.rows.cell(index);
        for (index, wrong) in members.push(batch, cell, &self.formats, &self.zone) {
            bad.push(self.cell_error(index, self.rows.cell(index), wrong));
        }
        self.members = Some(members);
    }

    /// Adds the key of the row being built, where it is made of several columns or of the row's number.
    fn push_made_key(&self, batch: &mut PersonRows) -> Option<RowError> {
        let key = match &self.key {
            KeySource::Column(..) => return None,
            KeySource::Row => Some(format!("{}:{}", self.file, self.read.rows + 1)),
            KeySource::Joined(columns) => {
                key::joined(columns.iter().map(|index| self.rows.cell(*index)))
            }
        };
        if let Some(key) = key {
            batch.push(Cell::Set(ValueRef::Text(&key)));
            return None;
        }
        let first = match &self.key {
            KeySource::Joined(columns) => columns.first().copied().unwrap_or_default(),
            KeySource::Column(..) | KeySource::Row => 0,
        };
        let message = "the columns of the key are blank, so nobody is meant";
        Some(self.rows.error(first, message, None))
    }

    /// Says what is wrong with a cell; `index` is the place of its column in the file.
    fn cell_error(&self, index: usize, text: &str, wrong: cell::CellError) -> RowError {
        let header = &self.headers[index];
        let shown = if self.show_values && !text.is_empty() {
            let short: String = text.chars().take(60).collect();
            format!(", not `{short}`")
        } else {
            String::new()
        };
        self.rows.error(
            index,
            format!("`{header}` {}{shown}", wrong.message),
            wrong.help,
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
