//! Reads the header of a person list: which column is which field, and which one is the key.

use std::collections::BTreeMap;
use std::io::Read;

use super::super::data_error::{DataError, Error, Faults};
use super::super::rows::Rows;
use super::Options;
use super::infer::Candidate;
use super::key::{KeyChoice, KeySource};
use super::likely_keys::LikelyKeys;
use super::matched::{Matched, Meaning};
use super::members::{self, MemberPlace};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::visible::hidden_in;
use crate::domain::field::{EMAIL, ID};
use crate::domain::mailbox::is_address;
use crate::domain::text::{name_key, snake_case};
use crate::domain::{FieldCatalogue, FieldId};
use crate::world::members::{MemberColumn, UsualStatus};
use crate::world::person_rows::KeyField;

/// The most columns a list may have, and the most fields people may have; SQLite ends at 2,000.
const MOST: usize = 1_900;

/// Matches the header row that `rows` stands on; every fault of it is reported.
///
/// Where no column can be the key, the rows below are read for the columns that could be.
pub(super) fn matched<R: Read>(
    rows: &mut Rows<R>,
    file: &str,
    options: &Options,
    catalogue: &FieldCatalogue,
) -> Result<Matched, Error> {
    let headers = Headers::of(rows, options, catalogue);
    let width = headers.texts.len();
    if width > MOST {
        let message = format!("{width} columns, and {MOST} is the most");
        return Err(Faults::from(rows.error(MOST, message, None).of(file)).into());
    }
    if let Some(index) = headers.texts.iter().position(|header| is_address(header)) {
        let message = "the first row holds an email address, so it is not a header row";
        let help = "name the columns in a first row: `email,first_name`".to_owned();
        return Err(Faults::from(rows.error(index, message, Some(help)).of(file)).into());
    }
    let mut faults = Faults::default();
    let mut fault = |index, message: String, help: Option<String>| {
        faults.push(rows.error(index, message, help).of(file));
    };
    for source in options.renames.sources() {
        if !headers.texts.iter().any(|header| header == source) {
            let help = headers.did_you_mean(source);
            fault(0, format!("no column `{source}`, which is mapped"), help);
        }
    }
    let columns = meanings(&headers, options, catalogue, &mut fault);
    if let Some(program) = &options.members
        && program.usual == UsualStatus::Missing
        && !columns.iter().any(|(_, meaning)| is_status(meaning))
    {
        let message = format!(
            "no column says which status the members of `{}` have",
            program.name
        );
        let help = "add `--status S`, or name the statuses of the program in the workspace";
        fault(0, message, Some(help.to_owned()));
    }
    let new = columns
        .iter()
        .filter(|(_, meaning)| matches!(meaning, Meaning::New { .. }));
    let total = catalogue.len() + new.count();
    if total > MOST {
        let message = format!("people would have {total} fields, and {MOST} is the most");
        fault(0, message, None);
    }
    match key_of(&columns, &options.key, options, catalogue) {
        Ok(key) => {
            if faults.is_empty() {
                return Ok(Matched { columns, key });
            }
        }
        Err(KeyError::IdBesides(index)) => {
            let header = headers.shown(index);
            let message = format!("{header} is `id`, which `--key` makes of other columns");
            let help = "give the column another name: `--map \"id=other_id\"`".to_owned();
            fault(index, message, Some(help));
        }
        Err(KeyError::NoColumn(name)) if let Some(help) = headers.did_you_mean(&name) => {
            fault(0, format!("no column `{name}`"), Some(help));
        }
        Err(missing @ (KeyError::NoColumn(_) | KeyError::None)) => {
            let message = match missing {
                KeyError::NoColumn(name) => format!("no column `{name}`"),
                KeyError::None | KeyError::IdBesides(_) => {
                    "no column says who is meant: `email` or `id`".to_owned()
                }
            };
            let (line, column) = rows.place(0);
            let likely =
                LikelyKeys::read(rows, width).map_err(|error| Error::unreadable(file, error))?;
            let headers = Headers {
                quoted: headers.quoted || headers.are_above(&likely.measured),
                ..headers
            };
            faults.push(DataError {
                file: file.to_owned(),
                line,
                column,
                message,
                help: Some(headers.propose_key(&likely)),
            });
        }
    }
    Err(faults.into())
}

/// Finds what each column means; those that mean nothing are faults, and left out.
fn meanings(
    headers: &Headers,
    options: &Options,
    catalogue: &FieldCatalogue,
    fault: &mut impl FnMut(usize, String, Option<String>),
) -> Vec<(String, Meaning)> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut columns = Vec::with_capacity(headers.texts.len());
    for (index, header) in headers.texts.iter().enumerate() {
        let name = options.renames.apply(header);
        if let Some(why) = headers.no_name(index, name) {
            fault(index, why, None);
            continue;
        }
        let place = options
            .members
            .as_ref()
            .map(|of| members::place_of(name, of));
        let (known, place) = match place.transpose() {
            Ok(Some(Some(place))) => (None, Some(place)),
            Ok(Some(None) | None) => (known_field(name, headers, options, catalogue), None),
            Err(help) => {
                let message = format!("`{name}` is not a field of members");
                fault(index, message, Some(help));
                continue;
            }
        };
        let identity = match (&place, known) {
            (Some(place), _) => place.identity(),
            (None, Some(field)) => name_key(&catalogue.field(field).name),
            (None, None) => name_key(name),
        };
        if let Some(other) = taken.insert(identity, index) {
            fault(index, headers.twice(other, index), None);
            continue;
        }
        if let Some(place) = place {
            columns.push((header.clone(), Meaning::Member(place)));
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
    columns
}

/// The cells of the header row, and whether errors may quote them.
///
/// A list without a header row begins with a person, whose cells no error quotes: where no cell is the name of a field,
/// errors refer to columns by their number.
struct Headers {
    texts: Vec<String>,
    quoted: bool,
}

impl Headers {
    fn of<R: Read>(rows: &Rows<R>, options: &Options, catalogue: &FieldCatalogue) -> Self {
        let texts: Vec<String> = (0..rows.width())
            .map(|index| rows.cell(index).trim().to_owned())
            .collect();
        let asked = |header: &str| match &options.key {
            KeyChoice::Usual | KeyChoice::Row => false,
            KeyChoice::Columns(names) => names.iter().any(|name| name == header),
        };
        let is_name = |header: &String| {
            let name = options.renames.apply(header);
            name != header || catalogue.find(name).is_some() || asked(header)
        };
        Self {
            quoted: options.show_values || texts.iter().any(is_name),
            texts,
        }
    }

    /// Returns how errors call a column.
    fn shown(&self, index: usize) -> String {
        if self.quoted {
            format!("`{}`", self.texts[index])
        } else {
            format!("column {}", index + 1)
        }
    }

    /// Returns whether the row is one of headers although no field has one of the names: all are words, and some column has
    /// nothing but numbers or dates below.
    fn are_above(&self, measured: &[bool]) -> bool {
        let word = |text: &String| {
            text.starts_with(char::is_alphabetic)
                && text
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_- ".contains(c))
        };
        self.texts.iter().all(word) && measured.contains(&true)
    }

    fn did_you_mean(&self, name: &str) -> Option<String> {
        let texts = self.texts.iter().map(String::as_str);
        did_you_mean(name, texts.filter(|_| self.quoted))
    }

    /// Says why a header names no field at all.
    fn no_name(&self, index: usize, name: &str) -> Option<String> {
        if self.texts[index].is_empty() {
            Some(format!("column {} has no name", index + 1))
        } else if let Some(hidden) = hidden_in(name) {
            let code = u32::from(hidden);
            Some(format!(
                "{} holds the invisible character U+{code:04X}",
                self.shown(index)
            ))
        } else if name_key(name).is_empty() {
            Some(format!(
                "{} holds neither letter nor digit",
                self.shown(index)
            ))
        } else {
            None
        }
    }

    fn twice(&self, other: usize, index: usize) -> String {
        if self.texts[other] == self.texts[index] {
            format!("{} is given twice", self.named(index))
        } else {
            format!(
                "{} and {} are the same field",
                self.shown(other),
                self.shown(index)
            )
        }
    }

    fn named(&self, index: usize) -> String {
        let shown = self.shown(index);
        if self.quoted {
            format!("column {shown}")
        } else {
            shown
        }
    }

    /// Proposes a key from the columns that could be one.
    fn propose_key(&self, likely: &LikelyKeys) -> String {
        let name = |index: usize| {
            if self.quoted {
                self.texts[index].clone()
            } else {
                "NAME".to_owned()
            }
        };
        if let Some(index) = likely.addresses.first() {
            let (shown, name) = (self.named(*index), name(*index));
            format!("{shown} holds addresses: `--map \"{name}=email\"` takes them as the key")
        } else if let Some(index) = likely.others.first() {
            let (shown, name) = (self.named(*index), name(*index));
            format!(
                "{shown} has another value in every row: `--key \"{name}\"` takes it as the key"
            )
        } else {
            "no column has another value in every row: `--key first,last` joins columns, `--key row` numbers the rows"
                .to_owned()
        }
    }
}

/// Finds the field that a column of people holds. Marketo's program member extract calls the person's id `leadId`.
fn known_field(
    name: &str,
    headers: &Headers,
    options: &Options,
    catalogue: &FieldCatalogue,
) -> Option<FieldId> {
    let is_lead = options.members.is_some() && name_key(name) == "leadid";
    let mut names = headers.texts.iter().map(|text| options.renames.apply(text));
    if is_lead && !names.any(|name| catalogue.find(name) == Some(ID)) {
        return Some(ID);
    }
    catalogue.find(name)
}

fn is_status(meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Member(place) => *place == MemberPlace::Of(MemberColumn::Status),
        Meaning::Known(_) | Meaning::New { .. } => false,
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

/// Why there is no key.
enum KeyError {
    /// No column is `email` or `id`.
    None,
    /// A column that was asked for is not there.
    NoColumn(String),
    /// The key becomes the `id`, and this column is one.
    IdBesides(usize),
}

/// Finds what says who is meant: the columns asked for, else `email`, else `id`.
fn key_of(
    columns: &[(String, Meaning)],
    choice: &KeyChoice,
    options: &Options,
    catalogue: &FieldCatalogue,
) -> Result<KeySource, KeyError> {
    let find = |field: FieldId| {
        columns
            .iter()
            .position(|(_, meaning)| matches!(meaning, Meaning::Known(known) if *known == field))
    };
    let usual = |field| match field {
        KeyField::Email => find(EMAIL),
        KeyField::Id => find(ID),
    };
    let made = |source| match find(ID) {
        Some(index) => Err(KeyError::IdBesides(index)),
        None => Ok(source),
    };
    match choice {
        KeyChoice::Usual => [KeyField::Email, KeyField::Id]
            .into_iter()
            .find_map(|field| Some(KeySource::Column(field, usual(field)?)))
            .ok_or(KeyError::None),
        KeyChoice::Row => made(KeySource::Row),
        KeyChoice::Columns(names) => {
            let place_of = |name: &String| {
                let wanted = catalogue
                    .find(name)
                    .map(|field| &catalogue.field(field).name);
                let same = |header: &str| {
                    let own = options.renames.apply(header);
                    header == name
                        || name_key(own) == name_key(name)
                        || wanted.is_some_and(|wanted| {
                            catalogue
                                .find(own)
                                .is_some_and(|field| catalogue.field(field).name == *wanted)
                        })
                };
                columns
                    .iter()
                    .position(|(header, _)| same(header))
                    .ok_or_else(|| KeyError::NoColumn(name.clone()))
            };
            let places = names.iter().map(place_of).collect::<Result<Vec<_>, _>>()?;
            if let [only] = places[..] {
                for field in [KeyField::Email, KeyField::Id] {
                    if usual(field) == Some(only) {
                        return Ok(KeySource::Column(field, only));
                    }
                }
            }
            made(KeySource::Joined(places))
        }
    }
}
