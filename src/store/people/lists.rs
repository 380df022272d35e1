//! The static list that a load fills, beside the people themselves.

use rusqlite::Connection;

use super::past::{self, PersonChange};
use crate::domain::{Instant, PersonId, Text};
use crate::store::error::Result;
use crate::store::names::{NamedRow, ensure_name};
use crate::world::PersonSet;

/// A list that everyone in a load is put on.
#[derive(Debug)]
pub(super) struct ListTarget {
    list_id: i64,
    name: Text,
    listed: PersonSet,
}

impl ListTarget {
    /// Finds a list by name in any case, or makes it.
    pub(super) fn find_or_make(connection: &Connection, name: &str) -> Result<Self> {
        let NamedRow { row, name } = ensure_name(connection, "list", name)?;
        Ok(Self {
            list_id: row,
            name,
            listed: PersonSet::default(),
        })
    }

    /// Returns the list's name as first written.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Puts a person on the list; returns whether that is new.
    pub(super) fn put(
        &mut self,
        connection: &Connection,
        person: PersonId,
        at: Instant,
    ) -> Result<bool> {
        if !self.listed.insert(person) {
            return Ok(false);
        }
        let joined = connection
            .prepare_cached(
                "INSERT OR IGNORE INTO list_member (person_id, list_id, added_at) VALUES (?1, ?2, ?3)",
            )?
            .execute((person.0, self.list_id, at.micros()))?;
        Ok(joined == 1)
    }

    /// Takes everyone off the list whom the load did not put there; they keep what the load did not touch.
    pub(super) fn drop_others(
        &self,
        connection: &Connection,
        at: Instant,
        past_since: i64,
    ) -> Result<()> {
        let mut statement = connection
            .prepare("SELECT person_id FROM list_member WHERE list_id = ?1 ORDER BY person_id")?;
        let members = statement.query_map([self.list_id], |row| row.get(0).map(PersonId))?;
        let others = members
            .filter(|member| {
                member
                    .as_ref()
                    .map_or(true, |id| !self.listed.contains(*id))
            })
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for person in others {
            connection
                .prepare_cached("DELETE FROM list_member WHERE person_id = ?1 AND list_id = ?2")?
                .execute((person.0, self.list_id))?;
            let change = PersonChange::of_list("left", &self.name);
            past::write(connection, person, at, past_since, change)?;
        }
        Ok(())
    }
}
