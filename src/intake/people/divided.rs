//! A person list read row by row, each with its bytes and the keys that it gives: what cutting a list needs.

use std::sync::Arc;

use super::formats::Formats;
use super::infer::Candidate;
use super::{Options, PeopleReader, read_header, split};
use crate::domain::field::{EMAIL, ID};
use crate::domain::{FieldId, FieldType, ValueRef, Zone};
use crate::intake::data_error::{DataError, Error};
use crate::intake::input::Input;
use crate::intake::rejects::Rejects;
use crate::intake::rows::Next;
use crate::intake::shards::key::KeyHash;
use crate::world::person_rows::{Cell, PersonRows};

/// The keys that a row gives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowKeys {
    /// The key of the person.
    pub(crate) person: KeyHash,
    /// The other one, where both email and id are there.
    pub(crate) also: Option<KeyHash>,
}

/// Returns the headers of a list, as they stand in it.
pub(crate) fn headers(input: &Input, options: &Options) -> Result<Vec<String>, Error> {
    let file = input.name();
    let opened = input.open(&Arc::default());
    let stream = opened.map_err(|cause| Error::unreadable(&file, cause))?;
    let mut rows = split(stream, options.delimiter, &file)?;
    read_header(&mut rows, &file)?;
    let cells = (0..rows.width()).map(|index| rows.cell(index).trim().to_owned());
    Ok(cells.collect())
}

impl PeopleReader {
    /// Returns the header as it stands in the file, with the end of the line.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// Returns the row that [`Self::next_row`] has gone to, without the end of the line.
    pub(crate) fn raw_row(&self) -> &[u8] {
        let raw = self.rows.raw();
        let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
        raw.strip_suffix(b"\r").unwrap_or(raw)
    }

    /// Goes to the next good row, and returns whom it is about; bad ones become faults and go to `rejects` if there is such
    /// a file. Nothing at the end.
    pub(crate) fn next_row(
        &mut self,
        batch: &mut PersonRows,
        mut rejects: Option<&mut Rejects>,
    ) -> Result<Option<RowKeys>, Error> {
        let mut bad = Vec::new();
        loop {
            batch.clear();
            match self.rows.advance().map_err(|e| self.unreadable(e))? {
                Next::End => return Ok(None),
                Next::Cut(error) => {
                    self.read.rows += 1;
                    self.read.rejected += 1;
                    self.read.unusable = true;
                    self.read.faults.push(error.of(&self.file));
                    return Ok(None);
                }
                Next::Flawed(error) => bad.push(error),
                Next::Row => self.check(batch, &mut bad),
            }
            self.read.rows += 1;
            if !bad.is_empty() {
                self.refuse(&mut bad, rejects.as_deref_mut())?;
                continue;
            }
            if let Some(keys) = self.keys(batch) {
                return Ok(Some(keys));
            }
        }
    }

    /// Returns the keys of the one row of a batch.
    fn keys(&self, batch: &PersonRows) -> Option<RowKeys> {
        let text = |field: FieldId| {
            let column = self
                .columns
                .iter()
                .position(|column| column.field == field)?;
            match batch.cell(0, column) {
                Cell::Set(ValueRef::Text(text)) => Some(text),
                Cell::Keep
                | Cell::Clear
                | Cell::Set(
                    ValueRef::Integer(_)
                    | ValueRef::Float(_)
                    | ValueRef::Boolean(_)
                    | ValueRef::Date(_)
                    | ValueRef::Datetime(_),
                ) => None,
            }
        };
        let (email, id) = (text(EMAIL).map(KeyHash::email), text(ID).map(KeyHash::id));
        Some(RowKeys {
            person: email.or(id)?,
            also: email.and(id),
        })
    }
}

/// What the parts of a list would take its new columns for: a part has no other columns' cells to look at.
pub(crate) struct NewColumns {
    /// The place of each new column in the file, its header and its type.
    columns: Vec<(usize, String, FieldType)>,
    /// What each part has in them.
    seen: Vec<Vec<Candidate>>,
    formats: Formats,
    zone: Zone,
}

impl NewColumns {
    /// Looks at the columns of a list that are new, which is cut into so many parts.
    pub(crate) fn of(list: &PeopleReader, parts: usize) -> Self {
        let new = list.columns.iter().zip(&list.places).zip(&list.types);
        let new = new.filter(|((column, _), _)| column.is_new);
        let columns: Vec<_> = new
            .map(|((column, place), field_type)| (*place, column.header.clone(), *field_type))
            .collect();
        Self {
            seen: vec![vec![Candidate::default(); columns.len()]; parts],
            columns,
            formats: list.formats.clone(),
            zone: list.zone.clone(),
        }
    }

    /// Takes the row that the list stands at into account.
    pub(crate) fn see(&mut self, list: &PeopleReader, part: usize) {
        for ((place, ..), seen) in self.columns.iter().zip(&mut self.seen[part]) {
            seen.see(list.rows.cell(*place), &self.formats, &self.zone);
        }
    }

    /// Returns the columns that some part would take for another type than the whole list.
    pub(crate) fn differing(&self, file: &str) -> Vec<DataError> {
        let mut faults = Vec::new();
        for (index, (place, header, whole)) in self.columns.iter().enumerate() {
            let other = |part: &Vec<Candidate>| part[index].found().filter(|found| found != whole);
            let Some((part, found)) = self
                .seen
                .iter()
                .enumerate()
                .find_map(|(number, part)| Some((number + 1, other(part)?)))
            else {
                continue;
            };
            let (whole, found) = (whole.name(), found.name());
            faults.push(DataError {
                file: file.to_owned(),
                line: 1,
                column: *place as u64 + 1,
                message: format!(
                    "`{header}` is new and {whole} by all rows, but {found} by those of shard {part}"
                ),
                help: Some(format!(
                    "declare the field in `workspace.yaml`, and load that before the lists: `{header}: {{type: {whole}}}`"
                )),
            });
        }
        faults
    }
}
