//! Columns of a person list that say something about the memberships in one program, where a load makes members of its
//! people: those of Marketo's program member extract, those of `v_program_member`, and the fields of the memberships.

use super::cell::{CellError, is_null};
use super::formats::Formats;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::text::{name_key, same};
use crate::domain::{FieldType, MemberField, ValueRef, Zone};
use crate::world::NOT_IN_PROGRAM;
use crate::world::members::{MemberColumn, MemberProgram, UsualStatus};
use crate::world::person_rows::{Cell, PersonRows};

/// What `--map` writes before the name of a field of the membership: `--map "Meal=member.diet"`.
const PREFIX: &str = "member.";

/// What a column says about memberships.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MemberPlace {
    /// Something of the membership in the program.
    Of(MemberColumn),
    /// The name of the program, which has to be the one of the load.
    Program,
    /// Marketo's number of the program, which has to be the same in all rows.
    ProgramId,
}

/// Other columns of Marketo's extract that say something about the membership, with their types.
const OF_MARKETO: [(&str, FieldType); 7] = [
    ("status_reason", FieldType::String),
    ("track_name", FieldType::String),
    ("nurture_cadence", FieldType::String),
    ("is_exhausted", FieldType::Boolean),
    ("attendance_likelihood", FieldType::Integer),
    ("registration_likelihood", FieldType::Integer),
    ("waitlist_priority", FieldType::Integer),
];

/// Returns what a column of a name says about memberships; nothing for a column of the person.
pub(super) fn place_of(name: &str, program: &MemberProgram) -> Result<Option<MemberPlace>, String> {
    if let Some(field) = name.strip_prefix(PREFIX) {
        return named_field(field, program).map(Some);
    }
    let column = match name_key(name).as_str() {
        "program" | "programname" => return Ok(Some(MemberPlace::Program)),
        "programid" => return Ok(Some(MemberPlace::ProgramId)),
        "statusname" | "status" | "programstatus" => MemberColumn::Status,
        "membershipdate" | "since" => MemberColumn::Since,
        "reachedsuccess" | "success" => MemberColumn::Success,
        "reachedsuccessdate" | "successdate" | "successat" => MemberColumn::SuccessAt,
        "acquiredby" => MemberColumn::AcquiredBy,
        key => {
            let marketo = || OF_MARKETO.iter().find(|(field, _)| name_key(field) == key);
            let of_marketo = || {
                marketo().map(|(field, field_type)| MemberField {
                    key: (*field).into(),
                    field_type: *field_type,
                })
            };
            let field = MemberField::find(&program.fields, name).or_else(of_marketo);
            return Ok(field.map(MemberColumn::Field).map(MemberPlace::Of));
        }
    };
    Ok(Some(MemberPlace::Of(column)))
}

fn named_field(field: &str, program: &MemberProgram) -> Result<MemberPlace, String> {
    let found = MemberField::find(&program.fields, field);
    let found = match found {
        Some(found) => found,
        None if program.fields.is_empty() => MemberField::undeclared(field),
        None => {
            let names = program.fields.iter().map(|field| field.key.as_ref());
            let all: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
            let help = did_you_mean(field, names);
            return Err(help.unwrap_or_else(|| format!("its member fields are {}", all.join(", "))));
        }
    };
    Ok(MemberPlace::Of(MemberColumn::Field(found)))
}

impl MemberPlace {
    /// Returns what two columns of a list must not have both.
    pub(super) fn identity(&self) -> String {
        match self {
            Self::Of(MemberColumn::Field(field)) => format!("member.{}", field.key),
            Self::Of(MemberColumn::Status) => "member status".to_owned(),
            Self::Of(MemberColumn::Since) => "member since".to_owned(),
            Self::Of(MemberColumn::Success) => "member success".to_owned(),
            Self::Of(MemberColumn::SuccessAt) => "member success at".to_owned(),
            Self::Of(MemberColumn::AcquiredBy) => "member acquired by".to_owned(),
            Self::Program => "member program".to_owned(),
            Self::ProgramId => "member program id".to_owned(),
        }
    }
}

/// The columns of a list that say something about memberships, and what its rows have said so far.
#[derive(Debug)]
pub(super) struct MemberCells {
    program: MemberProgram,
    /// The place of each column in the file, and what it says.
    columns: Vec<(usize, MemberPlace)>,
    /// Marketo's number of the program in the first row that has one.
    program_id: Option<String>,
}

/// What is wrong with a cell, and the place of its column in the file.
pub(super) type Wrong = (usize, CellError);

impl MemberCells {
    pub(super) fn new(program: MemberProgram, columns: Vec<(usize, MemberPlace)>) -> Self {
        Self {
            program,
            columns,
            program_id: None,
        }
    }

    /// Returns the columns whose cells are handed on, in the order of the file.
    pub(super) fn columns(&self) -> impl Iterator<Item = &MemberColumn> {
        self.columns.iter().filter_map(|(_, place)| match place {
            MemberPlace::Of(column) => Some(column),
            MemberPlace::Program | MemberPlace::ProgramId => None,
        })
    }

    /// Adds the cells of a row to the batch, after those of the person.
    pub(super) fn push<'c>(
        &mut self,
        batch: &mut PersonRows,
        cell: impl Fn(usize) -> &'c str,
        formats: &Formats,
        zone: &Zone,
    ) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let (mut refuses_success, mut dated, mut has_status) = (false, None, false);
        for (index, place) in &self.columns {
            let text = cell(*index);
            let blank = text.trim().is_empty() || is_null(text.trim());
            let checked = match place {
                MemberPlace::Program => self.check_program(text, blank),
                MemberPlace::ProgramId => {
                    let first = self.program_id.get_or_insert_with(|| text.to_owned());
                    check_number(first, text)
                }
                MemberPlace::Of(MemberColumn::Status) => {
                    has_status = !blank;
                    push_status(batch, text.trim(), blank, &self.program)
                }
                MemberPlace::Of(column) => {
                    super::cell::push(batch, text, column.field_type(), formats, zone).inspect(
                        |()| {
                            let last = batch.last();
                            match column {
                                MemberColumn::Success => {
                                    refuses_success =
                                        last == Some(Cell::Set(ValueRef::Boolean(false)));
                                }
                                MemberColumn::SuccessAt if !blank => dated = Some(*index),
                                MemberColumn::SuccessAt
                                | MemberColumn::Status
                                | MemberColumn::Since
                                | MemberColumn::AcquiredBy
                                | MemberColumn::Field(_) => {}
                            }
                        },
                    )
                }
            };
            if let Err(error) = checked {
                wrong.push((*index, error));
            }
        }
        if let (Some(index), true) = (dated, refuses_success) {
            let message = "is the date of a success, and the row says that there was none";
            wrong.push((index, CellError::new(message)));
        }
        if wrong.is_empty() && !has_status && self.program.usual == UsualStatus::Missing {
            wrong.push((self.status_index(), no_status()));
        }
        wrong
    }

    fn status_index(&self) -> usize {
        let mut columns = self.columns.iter();
        let status = columns.find(|(_, place)| *place == MemberPlace::Of(MemberColumn::Status));
        status.map_or(0, |(index, _)| *index)
    }

    fn check_program(&self, text: &str, blank: bool) -> Result<(), CellError> {
        if blank || same(text.trim(), &self.program.name) {
            return Ok(());
        }
        let help = "one load makes members of one program: load the rows of another program with its name, and take these \
            rows with `--rejects FILE`";
        Err(CellError {
            message: format!("is not `{}`", self.program.name),
            help: Some(help.to_owned()),
        })
    }
}

fn check_number(first: &str, text: &str) -> Result<(), CellError> {
    if first == text {
        return Ok(());
    }
    let help = "one load makes members of one program: load each program's extract with its own `--as-members`";
    Err(CellError {
        message: "is another program's than in the first row".to_owned(),
        help: Some(help.to_owned()),
    })
}

/// Says that a row has no status where nothing else gives one.
fn no_status() -> CellError {
    CellError {
        message: "is blank, and the program has no first status".to_owned(),
        help: Some("`--status S` is the status of rows that name none".to_owned()),
    }
}

fn push_status(
    batch: &mut PersonRows,
    text: &str,
    blank: bool,
    program: &MemberProgram,
) -> Result<(), CellError> {
    if blank {
        batch.push(Cell::Keep);
        return Ok(());
    }
    let status = known_status(program, text).map_err(|(message, help)| CellError {
        message,
        help: Some(help),
    })?;
    batch.push(Cell::Set(ValueRef::Text(status)));
    Ok(())
}

/// Finds the status that a text names; the error says what is wrong with the text, and how to put it right.
pub(crate) fn known_status<'a>(
    program: &'a MemberProgram,
    text: &'a str,
) -> Result<&'a str, (String, String)> {
    if same(text, NOT_IN_PROGRAM) {
        let message = format!("is `{NOT_IN_PROGRAM}`, which no member has");
        let help = "a flow step or an event ends memberships: `change_program_status`".to_owned();
        return Err((message, help));
    }
    if program.statuses.is_empty() {
        return Ok(text);
    }
    if let Some(status) = program.status(text) {
        return Ok(&status.name);
    }
    let names = program.statuses.iter().map(|status| status.name.as_ref());
    let all: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
    let help =
        did_you_mean(text, names).unwrap_or_else(|| format!("its statuses are {}", all.join(", ")));
    Err((format!("is not a status of `{}`", program.name), help))
}
