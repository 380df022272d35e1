//! The table `run_command`: `campaign run` as it was given, by which the same command is known again.
//!
//! Two commands are the same where campaigns and versions, in order, people, clock and seed are. The file of `--people` is
//! kept beside that, and so is no path of a command that reads.

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::database::Store;
use super::error::{Error, Result};
use crate::domain::text::fold;
use crate::domain::{Instant, PersonId, Text};

/// The number of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CommandId(pub(crate) i64);

/// `campaign run` as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunCommand {
    /// The full name of each campaign and its version, in order.
    pub(crate) campaigns: Vec<(Text, u32)>,
    /// The instant taken as now.
    pub(crate) at: Instant,
    /// The seed of samples.
    pub(crate) seed: u64,
    /// Test people, where it is limited to them.
    pub(crate) only: Option<Vec<PersonId>>,
    /// The whole path of `--people`.
    pub(crate) people_file: Option<String>,
}

/// A command as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredCommand {
    /// Its number.
    pub(crate) id: CommandId,
    /// What was given.
    pub(crate) given: RunCommand,
}

const SELECT: &str =
    "SELECT command_id, campaigns, at, seed, only_person, people_file FROM run_command";

impl Store {
    /// Returns a command by its number.
    pub(crate) fn command(&self, id: CommandId) -> Result<StoredCommand> {
        let sql = format!("{SELECT} WHERE command_id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        match rows.next()? {
            Some(row) => self.read_command(row),
            None => Err(Error::Inconsistent("a run has no command".to_owned())),
        }
    }

    /// Returns the newest command that is the same as one that is given now.
    pub(crate) fn same_command(&self, given: &RunCommand) -> Result<Option<StoredCommand>> {
        let sql = format!(
            "{SELECT} WHERE at = ?1 AND campaigns = ?2 AND seed = ?3 AND only_person IS ?4
             ORDER BY command_id DESC LIMIT 1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((
            given.at.micros(),
            campaigns_as_json(&self.connection, &given.campaigns)?,
            given.seed.cast_signed(),
            given.only.as_deref().map(people_as_json),
        ))?;
        rows.next()?.map(|row| self.read_command(row)).transpose()
    }

    fn read_command(&self, row: &Row<'_>) -> Result<StoredCommand> {
        let campaigns: String = row.get(1)?;
        let only: Option<String> = row.get(4)?;
        Ok(StoredCommand {
            id: CommandId(row.get(0)?),
            given: RunCommand {
                campaigns: campaigns_of_json(&self.connection, &campaigns)?,
                at: Instant::from_micros(row.get(2)?),
                seed: row.get::<_, i64>(3)?.cast_unsigned(),
                only: only.as_deref().map(people_of_json).transpose()?,
                people_file: row.get(5)?,
            },
        })
    }
}

/// Adds a command.
pub(super) fn add(connection: &Connection, command: &RunCommand) -> Result<CommandId> {
    let sql = "INSERT INTO run_command (campaigns, at, seed, only_person, people_file) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute((
        campaigns_as_json(connection, &command.campaigns)?,
        command.at.micros(),
        command.seed.cast_signed(),
        command.only.as_deref().map(people_as_json),
        &command.people_file,
    ))?;
    Ok(CommandId(connection.last_insert_rowid()))
}

/// Returns people as the text that stands in a row.
pub(super) fn people_as_json(people: &[PersonId]) -> String {
    let numbers: Vec<i64> = people.iter().map(|person| person.0).collect();
    serde_json::json!(numbers).to_string()
}

/// Returns the people of such a text.
pub(super) fn people_of_json(json: &str) -> Result<Vec<PersonId>> {
    let numbers: Vec<i64> = serde_json::from_str(json).map_err(unreadable)?;
    Ok(numbers.into_iter().map(PersonId).collect())
}

fn campaigns_as_json(connection: &Connection, campaigns: &[(Text, u32)]) -> Result<String> {
    let sql = "SELECT campaign_id FROM campaign WHERE key = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut pairs: Vec<(i64, u32)> = Vec::with_capacity(campaigns.len());
    for (name, version) in campaigns {
        pairs.push((
            statement.query_row([fold(name)], |row| row.get(0))?,
            *version,
        ));
    }
    Ok(serde_json::json!(pairs).to_string())
}

fn campaigns_of_json(connection: &Connection, json: &str) -> Result<Vec<(Text, u32)>> {
    let pairs: Vec<(i64, u32)> = serde_json::from_str(json).map_err(unreadable)?;
    let sql = "SELECT full_name FROM campaign WHERE campaign_id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut campaigns = Vec::with_capacity(pairs.len());
    for (id, version) in pairs {
        let name: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
        let missing =
            || Error::Inconsistent("a command runs a campaign that is not there".to_owned());
        campaigns.push((Text::from(name.ok_or_else(missing)?), version));
    }
    Ok(campaigns)
}

fn unreadable(_: serde_json::Error) -> Error {
    Error::Inconsistent("a command cannot be read".to_owned())
}
