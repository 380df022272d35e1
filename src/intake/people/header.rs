//! The header of a person list: which column is which field, and which says who is meant.

use std::collections::BTreeMap;
use std::io::Read;

use super::super::data_error::{Error, Faults};
use super::super::rows::Rows;
use super::Options;
use super::infer::Candidate;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::field::{EMAIL, FieldOrigin, ID};
use crate::domain::text::{name_key, snake_case};
use crate::domain::{Field, FieldCatalogue, FieldId};
use crate::world::person_rows::KeyField;

/// The most columns a list may have, and the most fields people may have; SQLite ends at 2,000.
const MOST: usize = 1_900;

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListColumn {
    /// The header as written.
    pub header: String,
    /// The field.
    pub field: FieldId,
    /// Whether this list brought the field into being.
    pub is_new: bool,
}

/// What a header was found to mean.
pub(super) enum Meaning {
    Known(FieldId),
    New { field: String, seen: Candidate },
}

/// A header whose columns are all known by name.
pub(super) struct Matched {
    pub(super) columns: Vec<(String, Meaning)>,
    pub(super) key: (KeyField, usize),
}

impl Matched {
    /// Returns whether a column is no known field.
    pub(super) fn has_new(&self) -> bool {
        self.columns
            .iter()
            .any(|(_, meaning)| matches!(meaning, Meaning::New { .. }))
    }

    /// Makes fields of the new columns.
    pub(super) fn into_columns(self, catalogue: &mut FieldCatalogue) -> Vec<ListColumn> {
        let mut column = |(header, meaning): (String, Meaning)| {
            let (field, is_new) = match meaning {
                Meaning::Known(field) => (field, false),
                Meaning::New { field, seen } => {
                    let name = snake_case(&field);
                    let new = Field {
                        api_name: name.clone(),
                        name,
                        label: field,
                        field_type: seen.field_type(),
                        origin: FieldOrigin::Inferred,
                    };
                    (catalogue.add(new), true)
                }
            };
            ListColumn {
                header,
                field,
                is_new,
            }
        };
        self.columns.into_iter().map(&mut column).collect()
    }
}

/// Matches the header row that `rows` stands on; every fault of it is told.
pub(super) fn matched<R: Read>(
    rows: &Rows<R>,
    file: &str,
    options: &Options,
    catalogue: &FieldCatalogue,
) -> Result<Matched, Error> {
    let mut faults = Faults::default();
    let headers: Vec<String> = (0..rows.width())
        .map(|index| rows.cell(index).trim().to_owned())
        .collect();
    if headers.len() > MOST {
        let message = format!("{} columns, and {MOST} is the most", headers.len());
        return Err(Faults::from(rows.error(MOST, message, None).of(file)).into());
    }
    let mut fault = |index, message: String, help: Option<String>| {
        faults.push(rows.error(index, message, help).of(file));
    };
    for source in options.renames.sources() {
        if !headers.iter().any(|header| header == source) {
            let help = did_you_mean(source, headers.iter().map(String::as_str));
            fault(0, format!("no column `{source}`, which is mapped"), help);
        }
    }
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut columns = Vec::with_capacity(headers.len());
    for (index, header) in headers.iter().enumerate() {
        let name = options.renames.apply(header);
        if name_key(name).is_empty() {
            fault(index, nameless(index, header), None);
            continue;
        }
        let known = catalogue.find(name);
        let identity = known.map_or_else(
            || name_key(name),
            |field| name_key(&catalogue.field(field).name),
        );
        if let Some(other) = taken.insert(identity, header) {
            fault(index, two_headers(other, header), None);
            continue;
        }
        if known.is_none()
            && let Some(why) = unusable(name, options)
        {
            let help =
                format!("name another field with `--map \"{header}=…\"`, or drop the column");
            fault(index, why, Some(help));
        }
        columns.push((header.clone(), meaning(known, name)));
    }
    let new = columns
        .iter()
        .filter(|(_, meaning)| matches!(meaning, Meaning::New { .. }));
    let total = catalogue.len() + new.count();
    if total > MOST {
        let message = format!("people would have {total} fields, and {MOST} is the most");
        fault(0, message, None);
    }
    let key = key_of(&columns, options.key);
    if key.is_none() {
        let (message, help) = no_key(&headers, options.key);
        fault(0, message, help);
    }
    match key {
        Some(key) if faults.is_empty() => Ok(Matched { columns, key }),
        Some(_) | None => Err(faults.into()),
    }
}

fn meaning(known: Option<FieldId>, name: &str) -> Meaning {
    known.map_or_else(
        || Meaning::New {
            field: name.to_owned(),
            seen: Candidate::default(),
        },
        Meaning::Known,
    )
}

fn nameless(index: usize, header: &str) -> String {
    if header.is_empty() {
        format!("column {} has no name", index + 1)
    } else {
        format!("`{header}` holds neither letter nor digit")
    }
}

fn two_headers(other: &str, header: &str) -> String {
    if other == header {
        format!("column `{header}` stands there twice")
    } else {
        format!("`{other}` and `{header}` are the same field")
    }
}

/// Says why no field can have a name.
fn unusable(name: &str, options: &Options) -> Option<String> {
    let snake = snake_case(name);
    if snake == "person_id" {
        Some("`person_id` is bugle's own number of a person".to_owned())
    } else if snake == "rowid" || snake == "oid" {
        Some(format!("`{snake}` is a name the database has for itself"))
    } else if options.reserved.contains(&snake) {
        Some(format!(
            "`{snake}` is the name of a built-in filter, so no field can have it"
        ))
    } else {
        None
    }
}

/// Finds the column that says who is meant: the one asked for, else `email`, else `id`.
fn key_of(columns: &[(String, Meaning)], wanted: Option<KeyField>) -> Option<(KeyField, usize)> {
    let find = |key: KeyField| {
        let wanted = match key {
            KeyField::Email => EMAIL,
            KeyField::Id => ID,
        };
        columns
            .iter()
            .position(|(_, meaning)| matches!(meaning, Meaning::Known(field) if *field == wanted))
            .map(|index| (key, index))
    };
    match wanted {
        Some(key) => find(key),
        None => find(KeyField::Email).or_else(|| find(KeyField::Id)),
    }
}

fn no_key(headers: &[String], wanted: Option<KeyField>) -> (String, Option<String>) {
    let name = wanted.unwrap_or(KeyField::Email).name();
    let likely = headers
        .iter()
        .find(|header| header.to_lowercase().contains(name));
    let message = match wanted {
        Some(key) => format!("no column `{}`", key.name()),
        None => "no column says who is meant: `email` or `id`".to_owned(),
    };
    let help = likely
        .or(headers.first())
        .map(|header| format!("if it is column `{header}`, write `--map \"{header}={name}\"`"));
    (message, help)
}
