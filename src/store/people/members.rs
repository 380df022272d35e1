//! The memberships in one program that a load makes or changes, beside the people themselves.

use rusqlite::{Connection, OptionalExtension as _};

use super::past::PersonChange;
use crate::domain::field::{ACQUISITION_DATE, ACQUISITION_PROGRAM, ACQUISITION_PROGRAM_NAME};
use crate::domain::text::same;
use crate::domain::{FieldCatalogue, Instant, MemberField, PersonId, Text, ValueRef};
use crate::store::attributes::{read_plain, write_object};
use crate::store::columns::ensure_columns;
use crate::store::error::Result;
use crate::store::names::{NamedRow, ensure_name};
use crate::store::row::{optional_text, text};
use crate::world::Membership;
use crate::world::members::{GivenMembership, MemberColumn, MemberProgram};
use crate::world::person_rows::{Cell, PersonRows};

/// A program of which everyone in a load becomes a member.
#[derive(Debug)]
pub(super) struct MemberTarget {
    program_id: i64,
    /// The name as first written.
    name: Text,
    program: MemberProgram,
    /// What the cells of the present list say of memberships.
    columns: Vec<MemberColumn>,
    /// Whether a change of the person is the last one that `updated_at` knows of.
    keeps_updated: bool,
}

/// The person's own fields about acquisition, as stored.
struct Acquisition {
    program: Option<String>,
    program_name: Option<String>,
    date: Option<Instant>,
}

impl MemberTarget {
    /// Finds the program by name in any case, or makes it; people get the columns of their acquisition.
    pub(super) fn find_or_make(connection: &Connection, program: &MemberProgram) -> Result<Self> {
        let catalogue = FieldCatalogue::standard();
        let names = [
            ACQUISITION_PROGRAM,
            ACQUISITION_PROGRAM_NAME,
            ACQUISITION_DATE,
        ];
        let fields = names.iter().filter_map(|name| catalogue.find(name));
        ensure_columns(connection, fields.map(|field| catalogue.field(field)))?;
        let NamedRow { row, name } = ensure_name(connection, "program", &program.name)?;
        Ok(Self {
            program_id: row,
            name,
            program: program.clone(),
            columns: Vec::new(),
            keeps_updated: false,
        })
    }

    /// Begins a list with these columns.
    pub(super) fn begin_file(&mut self, columns: &[MemberColumn], keeps_updated: bool) {
        self.columns = columns.to_vec();
        self.keeps_updated = keeps_updated;
    }

    /// Makes a person a member as a row says, and returns what that changes.
    pub(super) fn put(
        &self,
        connection: &Connection,
        person: PersonId,
        rows: &PersonRows,
        row: usize,
        at: Instant,
    ) -> Result<PersonChange> {
        let mut change = PersonChange::default();
        let present = self.present(connection, person)?;
        let given = self.given(rows, row);
        // The reader refuses rows that leave a new member without a status.
        let Some(mut after) = self.program.applied(present.as_ref(), &given, at) else {
            return Ok(change);
        };
        let acquired = self.acquisition(connection, person)?;
        let takes = self.program.acquires(present.as_ref(), &given, &after);
        if let Some(program) = &acquired.program {
            after.acquired_by |= same(program, &self.name);
        } else if takes {
            after.acquired_by = true;
            self.acquire(connection, person, &acquired, after.since, at)?;
            let mut empty = |field, was_empty: bool, value| {
                if was_empty {
                    change.field(field, None, Some(value));
                }
            };
            empty(ACQUISITION_PROGRAM, true, ValueRef::Text(&self.name));
            let no_name = acquired.program_name.is_none();
            empty(
                ACQUISITION_PROGRAM_NAME,
                no_name,
                ValueRef::Text(&self.name),
            );
            let no_date = acquired.date.is_none();
            empty(ACQUISITION_DATE, no_date, ValueRef::Datetime(after.since));
        }
        if present.as_ref() != Some(&after) {
            self.write(connection, person, &after)?;
            change.membership(&self.name, present.as_ref(), Some(&after))?;
        }
        Ok(change)
    }

    fn present(&self, connection: &Connection, person: PersonId) -> Result<Option<Membership>> {
        let mut statement = connection.prepare_cached(
            "SELECT status, success_at, since, acquired_by, fields FROM program_member
             WHERE person_id = ?1 AND program_id = ?2",
        )?;
        let mut found = statement.query((person.0, self.program_id))?;
        let Some(row) = found.next()? else {
            return Ok(None);
        };
        Ok(Some(Membership {
            status: Text::from(text(row, 0)?),
            success_at: row.get::<_, Option<i64>>(1)?.map(Instant::from_micros),
            since: Instant::from_micros(row.get(2)?),
            acquired_by: row.get(3)?,
            fields: read_plain(optional_text(row, 4)?)?,
        }))
    }

    /// Puts together what the cells of a row say.
    fn given(&self, rows: &PersonRows, row: usize) -> GivenMembership {
        let mut given = GivenMembership::default();
        for (column, cell) in self.columns.iter().zip(rows.membership(row)) {
            match (column, cell) {
                (MemberColumn::Status, Cell::Set(ValueRef::Text(status))) => {
                    given.status = Some(Text::from(status));
                }
                (MemberColumn::Since, Cell::Set(ValueRef::Datetime(at))) => given.since = Some(at),
                (MemberColumn::Success, Cell::Set(ValueRef::Boolean(success))) => {
                    given.success = Some(success);
                }
                (MemberColumn::SuccessAt, Cell::Set(ValueRef::Datetime(at))) => {
                    given.success_at = Some(at);
                }
                (MemberColumn::AcquiredBy, Cell::Set(ValueRef::Boolean(acquired))) => {
                    given.acquired_by = Some(acquired);
                }
                (MemberColumn::Field(field), Cell::Clear) => {
                    given.fields.push((Text::clone(&field.key), None));
                }
                (MemberColumn::Field(field), Cell::Set(value)) => {
                    let value = MemberField::kept(value.to_value());
                    given.fields.push((Text::clone(&field.key), Some(value)));
                }
                (
                    MemberColumn::Status
                    | MemberColumn::Since
                    | MemberColumn::Success
                    | MemberColumn::SuccessAt
                    | MemberColumn::AcquiredBy
                    | MemberColumn::Field(_),
                    Cell::Keep | Cell::Clear | Cell::Set(_),
                ) => {}
            }
        }
        given
    }

    fn acquisition(&self, connection: &Connection, person: PersonId) -> Result<Acquisition> {
        let sql = format!(
            "SELECT {ACQUISITION_PROGRAM}, {ACQUISITION_PROGRAM_NAME}, {ACQUISITION_DATE}
             FROM person WHERE person_id = ?1"
        );
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Acquisition {
                program: row.get(0)?,
                program_name: row.get(1)?,
                date: row.get::<_, Option<i64>>(2)?.map(Instant::from_micros),
            })
        };
        let mut statement = connection.prepare_cached(&sql)?;
        let found = statement.query_row([person.0], read).optional()?;
        Ok(found.unwrap_or(Acquisition {
            program: Some(self.name.to_string()),
            program_name: None,
            date: None,
        }))
    }

    /// Makes the program the one that acquired a person; a name or a date that is there already stays.
    fn acquire(
        &self,
        connection: &Connection,
        person: PersonId,
        acquired: &Acquisition,
        since: Instant,
        at: Instant,
    ) -> Result<()> {
        let date = acquired.date.unwrap_or(since).micros();
        let name = acquired.program_name.as_deref().unwrap_or(&self.name);
        let updated = if self.keeps_updated {
            ", updated_at = ?5"
        } else {
            ""
        };
        let sql = format!(
            "UPDATE person SET {ACQUISITION_PROGRAM} = ?2, {ACQUISITION_PROGRAM_NAME} = ?3, {ACQUISITION_DATE} = ?4{updated}
             WHERE person_id = ?1"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        if self.keeps_updated {
            statement.execute((person.0, &*self.name, name, date, at.micros()))?;
        } else {
            statement.execute((person.0, &*self.name, name, date))?;
        }
        Ok(())
    }

    fn write(
        &self,
        connection: &Connection,
        person: PersonId,
        membership: &Membership,
    ) -> Result<()> {
        let fields = (!membership.fields.is_empty()).then(|| {
            let mut json = String::new();
            write_object(&mut json, &membership.fields);
            json
        });
        connection
            .prepare_cached(
                "INSERT INTO program_member (person_id, program_id, status, success_at, since, acquired_by, fields)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO UPDATE SET status = excluded.status, success_at = excluded.success_at,
                    since = excluded.since, acquired_by = excluded.acquired_by, fields = excluded.fields",
            )?
            .execute((
                person.0,
                self.program_id,
                membership.status.as_ref(),
                membership.success_at.map(Instant::micros),
                membership.since.micros(),
                membership.acquired_by,
                fields,
            ))?;
        Ok(())
    }
}
