//! One person: lists, memberships, and what loads changed of them. Fields, campaigns and waits have their own queries.

use crate::domain::{Instant, PersonId, Text};
use crate::store::database::Store;
use crate::store::error::Result;
use crate::store::names::find_name;
use crate::store::row::{optional_text, text};

/// A static list that a person is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListMembership {
    /// The list.
    pub list: Text,
    /// Since when.
    pub added_at: Instant,
}

/// A program that a person is a member of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramRow {
    /// The program.
    pub program: Text,
    /// The status.
    pub status: Text,
    /// When a success status was reached.
    pub success_at: Option<Instant>,
    /// Since when.
    pub since: Instant,
    /// The membership's own fields, as a JSON object.
    pub fields: String,
}

/// What one load changed of a person who was known already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRow {
    /// The instant at which it happened.
    pub at: Instant,
    /// The changed cells as they were: a JSON object by field.
    pub old: String,
    /// The changed cells as they became.
    pub new: String,
    /// The lists joined: a JSON array of names.
    pub lists: Option<String>,
    /// How many rows the person's log had; none in what an older program wrote.
    pub place: Option<u32>,
}

/// One entry of a person into a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredCampaign {
    /// The campaign's full name.
    pub campaign: Text,
    /// The instant at which it happened.
    pub at: Instant,
    /// The campaign's version.
    pub version: u32,
    /// How many rows the person's log had; none in what an older program wrote.
    pub place: Option<u32>,
    /// The place in the log of the row that began it.
    pub cause: Option<u32>,
    /// Whether a batch run began it, or the flow that executes the campaign is of one.
    pub by_run: bool,
}

impl Store {
    /// Returns the static lists that a person is on, by name.
    pub fn lists_of(&self, person: PersonId) -> Result<Vec<ListMembership>> {
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
    pub fn programs_of(&self, person: PersonId) -> Result<Vec<ProgramRow>> {
        let sql = "SELECT name, status, success_at, since, fields FROM program_member JOIN program USING (program_id)
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
            });
        }
        Ok(programs)
    }

    /// Returns a person's entries into campaigns, by campaign, then in order.
    pub fn entries_of(&self, person: PersonId) -> Result<Vec<EnteredCampaign>> {
        let sql = "SELECT full_name, at, e.version, place, cause, run_id IS NOT NULL FROM entry e JOIN campaign USING (campaign_id)
            WHERE person_id = ?1 ORDER BY campaign_id, nth";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(EnteredCampaign {
                campaign: Text::from(text(row, 0)?),
                at: Instant::from_micros(row.get(1)?),
                version: row.get(2)?,
                place: row.get(3)?,
                cause: row.get(4)?,
                by_run: row.get(5)?,
            });
        }
        Ok(entries)
    }

    /// Returns what loads changed of a person, in order.
    pub fn past_of(&self, person: PersonId) -> Result<Vec<PastRow>> {
        let sql =
            "SELECT at, old, new, lists, place FROM past WHERE person_id = ?1 ORDER BY past_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        let mut past = Vec::new();
        while let Some(row) = rows.next()? {
            past.push(PastRow {
                at: Instant::from_micros(row.get(0)?),
                old: row.get(1)?,
                new: row.get(2)?,
                lists: row.get(3)?,
                place: row.get(4)?,
            });
        }
        Ok(past)
    }

    /// Returns who is on a static list, in order of person.
    pub fn list_members(&self, list: &str) -> Result<Vec<PersonId>> {
        let Some(list) = find_name(&self.connection, "list", list)? else {
            return Ok(Vec::new());
        };
        let sql = "SELECT person_id FROM list_member WHERE list_id = ?1 ORDER BY person_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let members = statement.query_map([list.row], |row| row.get(0).map(PersonId))?;
        Ok(members.collect::<rusqlite::Result<_>>()?)
    }
}
