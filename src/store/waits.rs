//! Waits that hold people: which are due, and how a row of them is written and read.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::Store;
use super::attributes::{Reader, write_object, write_text};
use super::bindings::Bindings;
use super::error::{Error, Result};
use super::insert::Into;
use super::worlds::{number, optional_text};
use crate::domain::{CampaignId, Instant, PersonId, RunId, Text, WaitId};
use crate::world::WaitRow;
use crate::world::journal::Cause;

/// The columns in the order in which [`read`] wants them.
pub(super) const COLUMNS: &str = "person_id, wait_id, campaign_id, version, nth, step, wait_ordinal, step_id, since, until, run_id, cause";

const INTO: Into = Into {
    head: "INSERT INTO wait (person_id, wait_id, campaign_id, version, nth, step, wait_ordinal, step_id, since, until, run_id, cause)",
    columns: 12,
    tail: "",
};

/// A wait of a flow where people are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitPlace {
    /// Of which campaign.
    pub campaign: CampaignId,
    /// The step's `id`.
    pub step_id: Option<String>,
    /// Its place among the flow's waits, from 1.
    pub wait_ordinal: u32,
    /// How many waits there are.
    pub people: u64,
}

impl Store {
    /// Returns the waits that end at or before an instant: by that instant, then in the order in which they began.
    ///
    /// With `after`, those that come after that place in the order. Waits in campaigns that the workspace does
    /// not have stay where they are.
    pub fn due_waits(
        &self,
        after: Option<(Instant, WaitId)>,
        until: Instant,
        limit: usize,
        bindings: &Bindings,
    ) -> Result<Vec<WaitRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM wait WHERE (until, wait_id) > (?1, ?2) AND until <= ?3 ORDER BY until, wait_id"
        );
        let (instant, wait) = after.map_or((i64::MIN, 0), |(at, wait)| (at.micros(), wait.0));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((instant, wait, until.micros()))?;
        let reader = Reader::new(&bindings.activities, &bindings.fields);
        let mut due = Vec::new();
        while due.len() < limit
            && let Some(row) = rows.next()?
        {
            due.extend(read(row, bindings, &reader)?);
        }
        Ok(due)
    }

    /// Returns the campaigns that somebody waits in.
    pub fn waited_in(&self, bindings: &Bindings) -> Result<Vec<CampaignId>> {
        let places = self.wait_places(bindings)?;
        Ok(places.into_iter().map(|place| place.campaign).collect())
    }

    /// Returns at which waits people are held, and how many.
    pub fn wait_places(&self, bindings: &Bindings) -> Result<Vec<WaitPlace>> {
        let sql = "SELECT campaign_id, step_id, wait_ordinal, count(*) FROM wait GROUP BY 1, 2, 3 ORDER BY 1, 3, 2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(campaign) = bindings.campaign(row.get(0)?) else {
                continue;
            };
            places.push(WaitPlace {
                campaign,
                step_id: row.get(1)?,
                wait_ordinal: row.get(2)?,
                people: row.get::<_, i64>(3)?.unsigned_abs(),
            });
        }
        Ok(places)
    }

    /// Returns how many people wait in each campaign that holds any, by full name.
    pub fn waiting_counts(&self) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT full_name, count(DISTINCT person_id) FROM wait JOIN campaign USING (campaign_id)
            GROUP BY campaign_id ORDER BY campaign_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns when the next wait ends.
    pub fn next_due(&self) -> Result<Option<Instant>> {
        let sql = "SELECT min(until) FROM wait";
        let next: Option<i64> = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        Ok(next.map(Instant::from_micros))
    }

    /// Returns the number that the next wait gets.
    pub fn next_wait(&self) -> Result<WaitId> {
        last(&self.connection).map(|last| WaitId(last + 1))
    }
}

/// Returns the greatest number that a wait ever had; ended waits leave no row.
fn last(connection: &Connection) -> Result<i64> {
    let sql = "SELECT value FROM meta WHERE name = 'last_wait'";
    let last: Option<i64> = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// Writes waits that began, in the order in which they did, and the numbers used up.
pub(super) fn insert(
    connection: &Connection,
    begun: &[&WaitRow],
    used: i64,
    bindings: &Bindings,
) -> Result<()> {
    let mut cause = String::new();
    INTO.rows(connection, begun, |row, wait| {
        row.bind(wait.person.0)?;
        row.bind(wait.id.0)?;
        row.bind(bindings.campaign_row(wait.campaign)?)?;
        row.bind(wait.version)?;
        row.bind(wait.nth)?;
        row.bind(wait.step)?;
        row.bind(wait.wait_ordinal)?;
        row.bind(wait.step_id.as_deref())?;
        row.bind(wait.since.micros())?;
        row.bind(wait.until.micros())?;
        row.bind(wait.run.map(|run| run.0))?;
        row.bind(wait.cause.as_deref().map(|of| {
            write_cause(&mut cause, of, bindings);
            cause.as_str()
        }))
    })?;
    if used > last(connection)? {
        let sql = "INSERT INTO meta (name, value) VALUES ('last_wait', ?1) ON CONFLICT DO UPDATE SET value = ?1";
        connection.execute(sql, [used])?;
    }
    Ok(())
}

/// Writes `{"type":…,"primary":…,"attributes":{…}}`.
fn write_cause(out: &mut String, cause: &Cause, bindings: &Bindings) {
    out.clear();
    out.push_str("{\"type\":");
    write_text(out, &bindings.activities.get(cause.activity).name);
    out.push_str(",\"primary\":");
    match &cause.primary {
        Some(primary) => write_text(out, primary),
        None => out.push_str("null"),
    }
    out.push_str(",\"attributes\":");
    write_object(out, &cause.attributes);
    out.push('}');
}

/// The stored form of a cause; the attributes stay text until their type is known.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredCause {
    r#type: String,
    primary: Option<String>,
    attributes: serde_json::Value,
}

fn read_cause(json: &str, bindings: &Bindings, reader: &Reader<'_>) -> Result<Option<Cause>> {
    let stored: StoredCause = serde_json::from_str(json)
        .map_err(|_| Error::Inconsistent("the cause of a wait cannot be read".to_owned()))?;
    let Some(activity) = bindings.activities.find(&stored.r#type) else {
        return Ok(None);
    };
    let primary = stored.primary.map(Text::from);
    let field_type = reader.field_type(activity, primary.as_ref());
    let attributes = reader.read(activity, field_type, Some(&stored.attributes.to_string()))?;
    Ok(Some(Cause {
        activity,
        primary,
        attributes,
    }))
}

/// Reads a wait; nothing for one in a campaign that the workspace does not have.
pub(super) fn read(
    row: &Row<'_>,
    bindings: &Bindings,
    reader: &Reader<'_>,
) -> Result<Option<WaitRow>> {
    let Some(campaign) = bindings.campaign(row.get(2)?) else {
        return Ok(None);
    };
    let cause = match optional_text(row, 11)? {
        Some(json) => read_cause(json, bindings, reader)?.map(Arc::new),
        None => None,
    };
    Ok(Some(WaitRow {
        person: PersonId(row.get(0)?),
        id: WaitId(row.get(1)?),
        campaign,
        version: number(row.get(3)?)?,
        nth: number(row.get(4)?)?,
        step: number(row.get(5)?)?,
        wait_ordinal: number(row.get(6)?)?,
        step_id: optional_text(row, 7)?.map(Text::from),
        since: Instant::from_micros(row.get(8)?),
        until: Instant::from_micros(row.get(9)?),
        run: row.get::<_, Option<i64>>(10)?.map(RunId),
        cause,
    }))
}
