//! Events as rows of a CSV file: its header says what each cell is.

use std::borrow::Cow;
use std::io::Read;

use crate::intake::data_error::{DataError, Error};
use crate::intake::rows::{Next, Rows, Unsplittable};

use super::check::LineSource;
use super::divider::FileForm;
use super::json::{Member, Scalar};
use super::line_error::LineError;
use super::names::{EventVocabulary, FieldRole};
use super::read_state::{ParsedLines, ReadState};

/// After how many bytes of records or rejected rows they are stored.
const BATCH: usize = 1 << 20;

/// Reads a CSV file of events.
pub(super) fn read(
    reading: &mut ReadState<'_>,
    name: &str,
    file: u32,
    stream: impl Read,
) -> Result<(), Error> {
    let unreadable = |cause| Error::unreadable(name, cause);
    let mut rows = match Rows::open(stream, None) {
        Ok(rows) => rows,
        Err(Unsplittable::Io(cause)) => return Err(unreadable(cause)),
        Err(Unsplittable::Flawed(error)) => {
            reading.refuse(error.of(name));
            return Ok(());
        }
    };
    let header = match rows.advance().map_err(unreadable)? {
        Next::Row => header(reading, name, &rows),
        Next::Flawed(error) | Next::Cut(error) => Err(vec![error.of(name)]),
        Next::End => return reading.begin_file(FileForm::EMPTY),
    };
    let header = match header {
        Ok(header) => header,
        Err(faults) => {
            for fault in faults {
                reading.refuse(fault);
            }
            return Ok(());
        }
    };
    reading.begin_file(FileForm::Csv(&header.raw))?;
    let mut sorted = ParsedLines::default();
    let mut rejects_have_header = false;
    loop {
        let fault = match rows.advance().map_err(unreadable)? {
            Next::End => break,
            Next::Cut(error) => {
                reading.take(sorted)?;
                reading.refuse(error.of(name));
                return Ok(());
            }
            Next::Flawed(error) => Some(error.of(name)),
            Next::Row => None,
        };
        if !rejects_have_header && sorted.rejects.is_empty() {
            sorted.rejects.extend_from_slice(&header.raw);
        }
        row(reading, name, file, &rows, &header, fault, &mut sorted);
        if sorted.malformed == 0 && !rejects_have_header {
            sorted.rejects.clear();
        } else {
            rejects_have_header = true;
        }
        if sorted.records.len() + sorted.rejects.len() + sorted.divided.bytes() > BATCH {
            reading.take(std::mem::take(&mut sorted))?;
        }
    }
    reading.take(sorted)
}

/// The columns of a file.
struct Header {
    names: Vec<String>,
    /// The columns whose name `--map` gives to another one; they are left out.
    shadowed: Vec<bool>,
    shape: EventVocabulary,
    /// The row itself with its line end, for the file of rejected rows.
    raw: Vec<u8>,
}

/// Reads the header, or says everything that is wrong with it.
fn header<R: Read>(
    reading: &mut ReadState<'_>,
    name: &str,
    rows: &Rows<R>,
) -> Result<Header, Vec<DataError>> {
    let rules = reading.rules();
    let names: Vec<String> = (0..rows.width())
        .map(|index| rows.cell(index).trim().to_owned())
        .collect();
    let renamed: Vec<&str> = names.iter().map(|n| rules.renames.apply(n)).collect();
    let shape = EventVocabulary::of(renamed.iter().copied());
    let mapped = |index: usize| names[index] != renamed[index];
    let columns = 0..names.len();
    let shadowed: Vec<bool> = columns
        .clone()
        .map(|one| {
            let wins = |other: usize| mapped(other) && renamed[other] == renamed[one];
            !mapped(one) && columns.clone().any(wins)
        })
        .collect();
    let mut faults = Vec::new();
    for (index, column) in renamed.iter().enumerate() {
        if shadowed[index] {
            continue;
        }
        let message = if column.is_empty() {
            "a column without a name".to_owned()
        } else if (0..index).any(|other| renamed[other] == *column && !shadowed[other]) {
            format!("column `{column}` is given twice")
        } else {
            continue;
        };
        faults.push(rows.error(index, message, None).of(name));
    }
    let meanings: Vec<FieldRole> = renamed
        .iter()
        .map(|column| shape.role(column, rules.activity.is_some()))
        .collect();
    for (needed, column) in [
        (FieldRole::At, "at"),
        (FieldRole::Person, "person"),
        (FieldRole::Type, "type"),
    ] {
        let given = meanings.iter().any(|role| {
            *role == needed || (needed == FieldRole::Person && *role == FieldRole::Lead)
        });
        let elsewhere = needed == FieldRole::Type && rules.activity.is_some();
        if !given && !elsewhere {
            let help = format!(
                "event files are JSON, one object a line, or CSV with the columns `at`, `person` and `type`; \
                 `--map \"name={column}\"` takes `{column}` from another column"
            );
            let message = format!("no column `{column}`");
            faults.push(rows.error(0, message, Some(help)).of(name));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    for column in &names {
        if rules.renames.apply(column) != column {
            reading.checker().renames(column);
        }
    }
    let mut raw = rows.raw().to_vec();
    if !raw.ends_with(b"\n") {
        raw.push(b'\n');
    }
    Ok(Header {
        names,
        shadowed,
        shape,
        raw,
    })
}

/// Checks one row.
fn row<R: Read>(
    reading: &mut ReadState<'_>,
    name: &str,
    file: u32,
    rows: &Rows<R>,
    header: &Header,
    error: Option<DataError>,
    sorted: &mut ParsedLines,
) {
    let raw = rows.raw();
    let raw = raw.strip_suffix(b"\n").unwrap_or(raw);
    let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
    let (width, columns) = (rows.width(), header.names.len());
    let error = error.or_else(|| {
        (width != columns).then(|| {
            let message = format!("{width} cells where the header has {columns}");
            rows.error(width.min(columns), message, None).of(name)
        })
    });
    if let Some(fault) = error {
        sorted.line(Err(fault), raw, None);
        return;
    }
    let members = members(rows, header);
    let checker = reading.checker();
    let again = checker.keeps_lines().then(|| as_json(&members));
    let source = LineSource {
        place: (file, rows.line()),
        shape: header.shape,
        verbatim: again.as_deref().unwrap_or_default(),
    };
    // The place of a trouble is a cell here, since that is what a member's place is.
    let outcome = checker
        .members(members, source, &mut sorted.records)
        .map_err(|LineError { at, message, help }| rows.error(at, message, help).of(name));
    if checker.rules.notes_keys {
        sorted.divided.note(&mut checker.keys, outcome.is_ok(), raw);
    }
    sorted.line(outcome, raw, again.as_deref());
}

/// Returns the cells that have a value.
fn members<'a, R: Read>(rows: &'a Rows<R>, header: &'a Header) -> Vec<Member<'a>> {
    let mut members = Vec::with_capacity(header.names.len());
    for (index, name) in header.names.iter().enumerate() {
        let cell = rows.cell(index);
        if header.shadowed[index]
            || cell.is_empty()
            || (header.shape == EventVocabulary::Extract && cell == "null")
        {
            continue;
        }
        members.push(Member {
            name: Cow::Borrowed(name),
            name_at: index,
            value: Scalar::Text(Cow::Borrowed(cell)),
            value_at: index,
        });
    }
    members
}

/// Writes a row as a line of JSON, which can be fed in again beside those of other files.
fn as_json(members: &[Member<'_>]) -> String {
    let object: serde_json::Map<String, serde_json::Value> = members
        .iter()
        .filter_map(|member| match &member.value {
            Scalar::Text(text) => Some((member.name.to_string(), text.to_string().into())),
            Scalar::Null | Scalar::Boolean(_) | Scalar::Number(_) | Scalar::Nested(_) => None,
        })
        .collect();
    serde_json::Value::Object(object).to_string()
}
