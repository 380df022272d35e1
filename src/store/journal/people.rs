//! Writes a journal's changes of people: new rows, cells, lists and memberships.
//!
//! Of several changes to one thing the last counts; who was erased has nothing written. The names and columns that their
//! changes bring stay all the same, as they would if the changes had been written before.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::context::ErasedPeople;
use crate::domain::field::EMAIL;
use crate::domain::text::stored_email;
use crate::domain::{FieldId, Instant, ListId, PersonId, ProgramId, Value};
use crate::store::attributes::write_object;
use crate::store::bindings::Bindings;
use crate::store::columns::ensure_columns;
use crate::store::error::Result;
use crate::store::first_keys;
use crate::store::insert::Into;
use crate::store::sql::quote;
use crate::store::values::parameter;
use crate::world::{ListChange, Membership, PersonChange};

const JOINED: Into = Into {
    head: "INSERT INTO list_member (person_id, list_id, added_at)",
    columns: 3,
    tail: "ON CONFLICT DO UPDATE SET added_at = excluded.added_at",
};

const MEMBERS: Into = Into {
    head: "INSERT INTO program_member (person_id, program_id, status, success_at, since, acquired_by, fields)",
    columns: 7,
    tail: "ON CONFLICT DO UPDATE SET status = excluded.status, success_at = excluded.success_at,
        since = excluded.since, acquired_by = excluded.acquired_by, fields = excluded.fields",
};

/// A cell's change; the place in the journal decides which of several is the last.
struct CellChange<'j> {
    person: PersonId,
    field: FieldId,
    place: usize,
    value: Option<&'j Value>,
}

/// The changes by kind.
#[derive(Default)]
struct SortedChanges<'j> {
    created: BTreeSet<PersonId>,
    cells: Vec<CellChange<'j>>,
    /// Every field that was changed, also of people who were erased.
    fields: BTreeSet<FieldId>,
    lists: BTreeMap<(PersonId, ListId), (ListChange, Instant)>,
    /// Nothing where the membership ended.
    programs: BTreeMap<(PersonId, ProgramId), Option<&'j Membership>>,
}

impl SortedChanges<'_> {
    /// Makes the list or program that a change names, in order of happening, so that their numbers are, and notes the field.
    fn name(
        &mut self,
        connection: &Connection,
        change: &PersonChange,
        bindings: &Bindings,
    ) -> Result<()> {
        match change {
            PersonChange::Field(field, _) => {
                self.fields.insert(*field);
            }
            PersonChange::List { list, .. } => {
                bindings.lists.row(connection, list.0)?;
            }
            PersonChange::Program(program, _) | PersonChange::ProgramLeft(program) => {
                bindings.programs.row(connection, program.0)?;
            }
            PersonChange::Created | PersonChange::FirstKey(_) | PersonChange::Deleted { .. } => {}
        }
        Ok(())
    }
}

pub(super) fn write(
    connection: &Connection,
    changes: &[(PersonId, PersonChange)],
    gone: &ErasedPeople<'_>,
    bindings: &Bindings,
) -> Result<()> {
    let mut sorted = SortedChanges::default();
    for (place, (person, change)) in changes.iter().enumerate() {
        sorted.name(connection, change, bindings)?;
        if gone.contains_key(person) {
            continue;
        }
        match change {
            PersonChange::Created => {
                sorted.created.insert(*person);
            }
            PersonChange::FirstKey(key) => first_keys::keep(connection, *person, key)?,
            PersonChange::Field(field, value) => sorted.cells.push(CellChange {
                person: *person,
                field: *field,
                place,
                value: value.as_ref(),
            }),
            PersonChange::List { list, change, at } => {
                sorted.lists.insert((*person, *list), (*change, *at));
            }
            PersonChange::Program(program, membership) => {
                sorted
                    .programs
                    .insert((*person, *program), Some(membership));
            }
            PersonChange::ProgramLeft(program) => {
                sorted.programs.insert((*person, *program), None);
            }
            PersonChange::Deleted { .. } => {}
        }
    }
    write_cells(connection, &mut sorted, bindings)?;
    write_lists(connection, sorted.lists, bindings)?;
    write_programs(connection, sorted.programs, bindings)
}

fn write_cells(
    connection: &Connection,
    sorted: &mut SortedChanges<'_>,
    bindings: &Bindings,
) -> Result<()> {
    let catalogue = &bindings.fields;
    ensure_columns(
        connection,
        sorted.fields.iter().map(|field| catalogue.field(*field)),
    )?;
    let cells = &mut sorted.cells;
    cells.sort_unstable_by_key(|cell| (cell.person, cell.field, std::cmp::Reverse(cell.place)));
    cells.dedup_by_key(|cell| (cell.person, cell.field));
    let created = &mut sorted.created;
    let mut statements = Statements::default();
    for row in cells.chunk_by(|a, b| a.person == b.person) {
        let make = created.remove(&row[0].person);
        let sql = statements.of(make, row, bindings);
        let mut statement = connection.prepare_cached(sql)?;
        for (place, cell) in (1..).zip(row) {
            match (cell.field, cell.value) {
                (EMAIL, Some(Value::Text(email))) => {
                    statement.raw_bind_parameter(place, stored_email(email))?;
                }
                (_, value) => {
                    let value = value.map(Value::borrowed);
                    statement.raw_bind_parameter(place, parameter(value))?;
                }
            }
        }
        statement.raw_bind_parameter(row.len() + 1, row[0].person.0)?;
        statement.raw_execute()?;
    }
    for person in created.iter() {
        let sql = "INSERT INTO person (person_id) VALUES (?1)";
        connection.prepare_cached(sql)?.execute([person.0])?;
    }
    Ok(())
}

/// The statement for one set of columns, kept while the next person has the same.
#[derive(Default)]
struct Statements {
    shape: Option<(bool, Vec<FieldId>)>,
    sql: String,
}

impl Statements {
    fn of(&mut self, make: bool, row: &[CellChange<'_>], bindings: &Bindings) -> &str {
        let same = self.shape.as_ref().is_some_and(|(made, fields)| {
            *made == make && fields.iter().eq(row.iter().map(|cell| &cell.field))
        });
        if !same {
            let fields: Vec<FieldId> = row.iter().map(|cell| cell.field).collect();
            let columns: Vec<String> = fields
                .iter()
                .map(|field| quote(&bindings.fields.field(*field).name))
                .collect();
            self.sql = if make {
                let marks = "?, ".repeat(columns.len());
                format!(
                    "INSERT INTO person ({}, person_id) VALUES ({marks}?)",
                    columns.join(", ")
                )
            } else {
                format!(
                    "UPDATE person SET {} = ? WHERE person_id = ?",
                    columns.join(" = ?, ")
                )
            };
            self.shape = Some((make, fields));
        }
        &self.sql
    }
}

fn write_lists(
    connection: &Connection,
    lists: BTreeMap<(PersonId, ListId), (ListChange, Instant)>,
    bindings: &Bindings,
) -> Result<()> {
    let mut joined = Vec::with_capacity(lists.len());
    let mut left = Vec::new();
    for ((person, list), (change, at)) in lists {
        let row = bindings.lists.row(connection, list.0)?;
        match change {
            ListChange::Joined => joined.push((person, row, at)),
            ListChange::Left => left.push((person, row)),
        }
    }
    joined.sort_unstable();
    JOINED.rows(connection, &joined, |row, (person, list, at)| {
        row.bind(person.0)?;
        row.bind(list)?;
        row.bind(at.micros())
    })?;
    let sql = "DELETE FROM list_member WHERE person_id = ?1 AND list_id = ?2";
    let mut leave = connection.prepare_cached(sql)?;
    for (person, list) in left {
        leave.execute([person.0, list])?;
    }
    Ok(())
}

fn write_programs(
    connection: &Connection,
    programs: BTreeMap<(PersonId, ProgramId), Option<&Membership>>,
    bindings: &Bindings,
) -> Result<()> {
    let mut rows = Vec::with_capacity(programs.len());
    let mut left = Vec::new();
    for ((person, program), membership) in programs {
        let program = bindings.programs.row(connection, program.0)?;
        match membership {
            Some(membership) => rows.push((person, program, membership)),
            None => left.push((person, program)),
        }
    }
    let sql = "DELETE FROM program_member WHERE person_id = ?1 AND program_id = ?2";
    let mut leave = connection.prepare_cached(sql)?;
    for (person, program) in left {
        leave.execute([person.0, program])?;
    }
    rows.sort_unstable_by_key(|(person, program, _)| (*person, *program));
    MEMBERS.rows(connection, &rows, |row, (person, program, membership)| {
        row.bind(person.0)?;
        row.bind(program)?;
        row.bind(membership.status.as_ref())?;
        row.bind(membership.success_at.map(Instant::micros))?;
        row.bind(membership.since.micros())?;
        row.bind(i64::from(membership.acquired_by))?;
        row.bind((!membership.fields.is_empty()).then(|| {
            let mut json = String::new();
            write_object(&mut json, &membership.fields);
            json
        }))
    })
}
