//! Whether events started a campaign, at any time: the history of its activation.
//!
//! Activation takes effect in the order of commands, not of instants. So each happening notes in its first row which
//! change of activation was the last one before it, and only that says whether a campaign was active when an event was
//! taken. The instants of the changes serve people who look back.

use rusqlite::{Connection, OptionalExtension as _};

use super::database::Store;
use super::error::{Error, Result};
use super::log_key::activity_id;
use super::names::find_campaign;
use crate::domain::{ActivatedBy, Instant, PersonId};

/// One change of a campaign's activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Activation {
    /// The instant of the command; none where the campaign was active before its history was kept.
    pub(crate) at: Option<Instant>,
    /// Whether events start the campaign from then on.
    pub(crate) active: bool,
    /// The kind of command, where the instant is known.
    pub(crate) by: Option<ActivatedBy>,
}

impl Store {
    /// Returns the changes of a campaign's activation, in the order of commands; the campaign is named in full.
    pub(crate) fn activations(&self, full_name: &str) -> Result<Vec<Activation>> {
        let Some(campaign) = find_campaign(&self.connection, full_name)? else {
            return Ok(Vec::new());
        };
        let sql =
            "SELECT at, active, by FROM activation WHERE campaign_id = ?1 ORDER BY activation_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([campaign])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            let by: Option<String> = row.get(2)?;
            changes.push(Activation {
                at: row.get::<_, Option<i64>>(0)?.map(Instant::from_micros),
                active: row.get(1)?,
                by: by.as_deref().map(named).transpose()?,
            });
        }
        Ok(changes)
    }

    /// Returns whether a campaign was active at an instant: by its last change up to then.
    pub(crate) fn was_active_at(&self, full_name: &str, at: Instant) -> Result<bool> {
        let sql =
            "SELECT active FROM activation WHERE campaign_id = ?1 AND (at IS NULL OR at <= ?2)
            ORDER BY activation_id DESC LIMIT 1";
        self.was_active(full_name, sql, at.micros())
    }

    /// Returns whether a campaign was active when a happening came, given the place of its first row in a person's log.
    pub(crate) fn was_active_for(
        &self,
        full_name: &str,
        person: PersonId,
        first: u32,
    ) -> Result<bool> {
        let sql = "SELECT active FROM activation WHERE campaign_id = ?1
            AND activation_id <= (SELECT activation FROM activity WHERE activity_id = ?2)
            ORDER BY activation_id DESC LIMIT 1";
        self.was_active(full_name, sql, activity_id(person, first)?)
    }

    fn was_active(&self, full_name: &str, sql: &'static str, when: i64) -> Result<bool> {
        let Some(campaign) = find_campaign(&self.connection, full_name)? else {
            return Ok(false);
        };
        let active: Option<bool> = self
            .connection
            .prepare_cached(sql)?
            .query_row([campaign, when], |row| row.get(0))
            .optional()?;
        // Nothing is noted of a campaign that never was active.
        Ok(active.unwrap_or(false))
    }
}

/// Activates or deactivates a campaign and notes it; returns whether that changed anything.
pub(super) fn set(
    connection: &Connection,
    campaign: i64,
    active: bool,
    at: Instant,
    by: ActivatedBy,
) -> Result<bool> {
    let sql = "UPDATE campaign SET active = ?2 WHERE campaign_id = ?1 AND active <> ?2";
    if connection
        .prepare_cached(sql)?
        .execute((campaign, active))?
        == 0
    {
        return Ok(false);
    }
    let sql = "INSERT INTO activation (campaign_id, at, active, by) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = connection.prepare_cached(sql)?;
    insert.execute((campaign, at.micros(), active, by.name()))?;
    Ok(true)
}

/// Returns the number of the last change of any campaign's activation, 0 before the first.
pub(super) fn last(connection: &Connection) -> Result<i64> {
    let sql = "SELECT coalesce(max(activation_id), 0) FROM activation";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?)
}

fn named(by: &str) -> Result<ActivatedBy> {
    ActivatedBy::named(by).ok_or_else(|| {
        Error::Inconsistent("a campaign was activated by something unknown".to_owned())
    })
}
