//! Waits that hold people: which are due, and how a row of them is written and read.

use std::sync::Arc;

use rusqlite::{Connection, Row};

use super::attributes::{AttributeReader, write_object, write_text};
use super::bindings::Bindings;
use super::database::Store;
use super::error::{Error, Result};
use super::insert::Into;
use super::row::{number, optional_text};
use super::waiting_count::WaitPlace;
use crate::domain::{CampaignId, Instant, PersonId, RunId, Text, WaitId};
use crate::world::Cause;
use crate::world::WaitRow;

/// The columns in the order in which [`read`] wants them.
pub(super) const COLUMNS: &str = "person_id, wait_id, campaign_id, version, nth, step, wait_ordinal, step_id, since, until, run_id, cause, finishes";

const INTO: Into = Into {
    head: "INSERT INTO wait (person_id, wait_id, campaign_id, version, nth, step, wait_ordinal, step_id, since, until, run_id, cause, finishes)",
    columns: 13,
    tail: "",
};

/// What a load makes of the waits at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moved {
    /// Their walks go on after this wait of the newest version.
    To {
        /// Its step, from 1.
        step: u32,
        /// Its place among the flow's waits, from 1.
        wait_ordinal: u32,
        /// The step's `id:`.
        step_id: Option<String>,
    },
    /// Those who wait there finish this version.
    Finish {
        /// The version that these people finish.
        version: u32,
    },
}

/// Returns the query for waits that end up to an instant, after a place in their order.
pub(super) fn due() -> String {
    format!(
        "SELECT {COLUMNS} FROM wait WHERE (until, wait_id) > (?1, ?2) AND until <= ?3 ORDER BY until, wait_id"
    )
}

/// Refuses waits that come in another order than they should: a damaged tree may lead back to those of before, and the
/// caller would go round for ever.
fn in_order(is_so: bool) -> Result<()> {
    if is_so {
        return Ok(());
    }
    Err(Error::Inconsistent("waits are not in order".to_owned()))
}

impl Store {
    /// Returns the waits that end at or before an instant: by that instant, then by person, then in the order in which they began.
    ///
    /// With `after`, those that come after that place in the order. Waits in campaigns that the workspace does
    /// not have stay where they are.
    pub(crate) fn due_waits(
        &self,
        after: Option<(Instant, WaitId)>,
        until: Instant,
        limit: usize,
        bindings: &Bindings,
    ) -> Result<Vec<WaitRow>> {
        let sql = due();
        let (instant, wait) = after.map_or((i64::MIN, 0), |(at, wait)| (at.micros(), wait.0));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((instant, wait, until.micros()))?;
        let reader = AttributeReader::new(&bindings.activities, &bindings.fields);
        let mut due = Vec::new();
        let mut before = after;
        while due.len() < limit
            && let Some(row) = rows.next()?
        {
            if let Some(wait) = read(row, bindings, &reader)? {
                let place = (wait.until, wait.id);
                in_order(before.is_none_or(|before| before < place))?;
                before = Some(place);
                due.push(wait);
            }
        }
        Ok(due)
    }

    /// Returns whether more waits end at or before an instant than so many.
    pub(crate) fn more_are_due(&self, until: Instant, than: usize) -> Result<bool> {
        let sql = "SELECT 1 FROM wait WHERE until <= ?1 LIMIT 1 OFFSET ?2";
        let than = i64::try_from(than).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.exists((until.micros(), than))?)
    }

    /// Returns the people of whom a wait ends at or before an instant, in order, each once.
    pub(crate) fn due_people(&self, until: Instant) -> Result<Vec<PersonId>> {
        // Sorted here: SQLite would rather go through all waits in order of person, however few are due.
        let sql = "SELECT person_id FROM wait INDEXED BY wait_due WHERE until <= ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([until.micros()], |row| row.get(0).map(PersonId))?;
        let mut people = rows.collect::<rusqlite::Result<Vec<PersonId>>>()?;
        people.sort_unstable();
        people.dedup();
        Ok(people)
    }

    /// Returns the campaigns and versions that people of batch runs wait in.
    pub(crate) fn run_waits(&self, bindings: &Bindings) -> Result<Vec<(CampaignId, Option<u32>)>> {
        let sql = "SELECT DISTINCT campaign_id, finishes FROM wait WHERE run_id IS NOT NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let finishes: Option<i64> = row.get(1)?;
            if let Some(campaign) = bindings.campaign(row.get(0)?) {
                places.push((campaign, finishes.map(number).transpose()?));
            }
        }
        Ok(places)
    }

    /// Returns the waits of the people after a person, in order of person: about so many, and no person's in part.
    ///
    /// Waits in campaigns that the workspace does not have are left out.
    pub(crate) fn waits_of_people_after(
        &self,
        after: PersonId,
        about: usize,
        bindings: &Bindings,
    ) -> Result<Vec<WaitRow>> {
        let sql =
            format!("SELECT {COLUMNS} FROM wait WHERE person_id > ?1 ORDER BY person_id, wait_id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([after.0])?;
        let reader = AttributeReader::new(&bindings.activities, &bindings.fields);
        let mut waits: Vec<WaitRow> = Vec::new();
        let mut before = after;
        while let Some(row) = rows.next()? {
            let Some(wait) = read(row, bindings, &reader)? else {
                continue;
            };
            in_order(before <= wait.person && wait.person > after)?;
            before = wait.person;
            let full = waits.len() >= about;
            if full && waits.last().is_some_and(|last| last.person != wait.person) {
                break;
            }
            waits.push(wait);
        }
        Ok(waits)
    }

    /// Returns the campaigns that somebody waits in.
    pub(crate) fn waited_in(&self, bindings: &Bindings) -> Result<Vec<CampaignId>> {
        let sql = "SELECT DISTINCT campaign_id FROM wait ORDER BY campaign_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        let rows: Vec<i64> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(rows
            .into_iter()
            .filter_map(|row| bindings.campaign(row))
            .collect())
    }

    /// Returns when the last wait of a run ends.
    pub(crate) fn last_due_of(&self, run: RunId) -> Result<Option<Instant>> {
        let sql = "SELECT max(until) FROM wait WHERE run_id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let last: Option<i64> = statement.query_row([run.0], |row| row.get(0))?;
        Ok(last.map(Instant::from_micros))
    }

    /// Returns when the next wait ends.
    pub(crate) fn next_due(&self) -> Result<Option<Instant>> {
        let sql = "SELECT min(until) FROM wait";
        let next: Option<i64> = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        Ok(next.map(Instant::from_micros))
    }
}

/// Brings the waits at one place up to a new version.
///
/// Places are moved one after another. No place that one move reaches is left by a later one of the same load: before it,
/// each wait of the newest version is one place, and only a wait with an `id` gets another ordinal.
pub(super) fn move_all(connection: &Connection, place: &WaitPlace, to: &Moved) -> Result<()> {
    let from = "WHERE campaign_id = ?1 AND finishes IS ?2 AND step = ?3 AND wait_ordinal = ?4 AND step_id IS ?5";
    let (row, finishes, step, ordinal) =
        (place.row, place.finishes, place.step, place.wait_ordinal);
    match to {
        Moved::To {
            step: new_step,
            wait_ordinal,
            step_id,
        } => {
            let sql = format!("UPDATE wait SET step = ?6, wait_ordinal = ?7, step_id = ?8 {from}");
            connection.prepare_cached(&sql)?.execute((
                row,
                finishes,
                step,
                ordinal,
                &place.step_id,
                new_step,
                wait_ordinal,
                step_id,
            ))?;
        }
        Moved::Finish { version } => {
            let sql = format!("UPDATE wait SET finishes = ?6 {from}");
            connection.prepare_cached(&sql)?.execute((
                row,
                finishes,
                step,
                ordinal,
                &place.step_id,
                version,
            ))?;
        }
    }
    Ok(())
}

/// Writes waits that began, in order of their numbers.
pub(super) fn insert(
    connection: &Connection,
    begun: &[&WaitRow],
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
        }))?;
        row.bind(wait.finishes)
    })
}

/// Removes waits that have ended, given in order.
pub(super) fn remove(connection: &Connection, ended: &[i64]) -> Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM wait WHERE wait_id = ?1")?;
    for wait in ended {
        statement.execute([wait])?;
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

fn read_cause(
    json: &str,
    bindings: &Bindings,
    reader: &AttributeReader<'_>,
) -> Result<Option<Cause>> {
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
    reader: &AttributeReader<'_>,
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
        finishes: row.get::<_, Option<i64>>(12)?.map(number).transpose()?,
    }))
}
