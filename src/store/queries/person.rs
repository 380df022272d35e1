//! One person: lists and memberships. Fields, campaigns, waits and the past have their own queries.

use crate::domain::{Instant, PersonId, PersonNames, Text};
use crate::store::database::Store;
use crate::store::error::Result;
use crate::store::names::find_name;
use crate::store::row::{optional_text, person_names, text};

/// A static list that a person is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListMembership {
    /// The list.
    pub(crate) list: Text,
    /// Since when.
    pub(crate) added_at: Instant,
}

/// A program that a person is a member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProgramRow {
    /// The program.
    pub(crate) program: Text,
    /// The status.
    pub(crate) status: Text,
    /// When a success status was reached.
    pub(crate) success_at: Option<Instant>,
    /// Since when.
    pub(crate) since: Instant,
    /// Whether the program acquired the person.
    pub(crate) acquired_by: bool,
    /// The membership's own fields, as a JSON object.
    pub(crate) fields: String,
}

impl Store {
    /// Returns what a person is called by; of one who was erased, only the number.
    pub(crate) fn person_names(&self, person: PersonId) -> Result<PersonNames> {
        let sql = "SELECT person_id, email, id FROM person WHERE person_id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        Ok(match rows.next()? {
            Some(row) => person_names(row, 0)?,
            None => PersonNames {
                person,
                email: None,
                id: None,
            },
        })
    }

    /// Returns the static lists that a person is on, by name.
    pub(crate) fn lists_of(&self, person: PersonId) -> Result<Vec<ListMembership>> {
        let sql = "SELECT name, added_at FROM list_member JOIN list USING (list_id)
            WHERE person_id = ?1 ORDER BY name";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        let mut lists = Vec::new();
        while let Some(row) = rows.next()? {
            lists.push(ListMembership {
                list: Text::from(text(row, 0)?),
                added_at: Instant::from_micros(row.get(1)?),
            });
        }
        Ok(lists)
    }

    /// Returns the programs that a person is a member of, by name.
    pub(crate) fn programs_of(&self, person: PersonId) -> Result<Vec<ProgramRow>> {
        let sql = "SELECT name, status, success_at, since, fields, acquired_by FROM program_member JOIN program USING (program_id)
            WHERE person_id = ?1 ORDER BY name";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        let mut programs = Vec::new();
        while let Some(row) = rows.next()? {
            programs.push(ProgramRow {
                program: Text::from(text(row, 0)?),
                status: Text::from(text(row, 1)?),
                success_at: row.get::<_, Option<i64>>(2)?.map(Instant::from_micros),
                since: Instant::from_micros(row.get(3)?),
                fields: optional_text(row, 4)?.unwrap_or("{}").to_owned(),
                acquired_by: row.get(5)?,
            });
        }
        Ok(programs)
    }

    /// Returns who is on a static list, in order of person.
    pub(crate) fn list_members(&self, list: &str) -> Result<Vec<PersonId>> {
        let Some(list) = find_name(&self.connection, "list", list)? else {
            return Ok(Vec::new());
        };
        let sql = "SELECT person_id FROM list_member WHERE list_id = ?1 ORDER BY person_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let members = statement.query_map([list.row], |row| row.get(0).map(PersonId))?;
        Ok(members.collect::<rusqlite::Result<_>>()?)
    }
}
