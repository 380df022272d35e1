//! Everything that has changed one person, typed: the log, what loads changed, entries into campaigns.

use rusqlite::Row;
use serde_json::Value as Json;

use crate::domain::{
    FieldId, FieldType, Instant, ListId, Outcome, PersonId, ProgramId, RunId, Text, Value, Zone,
};
use crate::store::bindings::Bindings;
use crate::store::database::Store;
use crate::store::error::{Error, Result};
use crate::store::history::{self, History};
use crate::store::log_key::range_of;
use crate::store::memberships;
use crate::store::row::{number, optional_text};
use crate::world::past::{MembershipChange, Past, PastEntry, PastLoad};
use crate::world::{Activity, ListChange, LogRow, Origin, SharedNames};

use super::log::reason;

impl Store {
    /// Returns everything that has changed a person.
    pub(crate) fn past(&self, person: PersonId, bindings: &Bindings) -> Result<Past> {
        Ok(Past {
            log: self.past_log(person, bindings)?,
            loads: self.past_loads(person, bindings)?,
            entries: self.past_entries(person, bindings)?,
        })
    }

    /// Reads a log in the order in which it was written.
    fn past_log(&self, person: PersonId, bindings: &Bindings) -> Result<Vec<LogRow>> {
        let sql = format!(
            "SELECT NULL, {}, campaign_id, run_id, step, choice, outcome, reason, event_id, happening, marketo_campaign
            FROM activity WHERE activity_id BETWEEN {} ORDER BY activity_id",
            history::COLUMNS,
            range_of("?1")
        );
        let mut history = History::new(&self.connection, bindings);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([person.0])?;
        let mut log = Vec::new();
        while let Some(row) = rows.next()? {
            log.extend(log_row(row, person, &mut history, bindings)?);
        }
        Ok(log)
    }

    fn past_loads(&self, person: PersonId, bindings: &Bindings) -> Result<Vec<PastLoad>> {
        let numbering = bindings.numbering();
        let sql = "SELECT at, old, new, lists, place, programs FROM past WHERE person_id = ?1 ORDER BY past_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        let mut loads = Vec::new();
        while let Some(row) = rows.next()? {
            loads.push(PastLoad {
                at: Instant::from_micros(row.get(0)?),
                place: row.get(4)?,
                fields: changed_fields(&object(row, 1)?, &object(row, 2)?, bindings),
                lists: changed_lists(&object(row, 3)?, &numbering.lists),
                programs: changed_programs(&object(row, 5)?, &numbering.programs)?,
            });
        }
        Ok(loads)
    }

    fn past_entries(&self, person: PersonId, bindings: &Bindings) -> Result<Vec<PastEntry>> {
        let sql = "SELECT campaign_id, at, version, place, cause, run_id FROM entry
            WHERE person_id = ?1 ORDER BY campaign_id, nth";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            // Nobody can ask about a campaign that is gone from the workspace.
            if let Some(campaign) = bindings.campaign(row.get(0)?) {
                entries.push(PastEntry {
                    campaign,
                    at: Instant::from_micros(row.get(1)?),
                    version: row.get(2)?,
                    place: row.get(3)?,
                    cause: row.get(4)?,
                    run: row.get::<_, Option<i64>>(5)?.map(RunId),
                });
            }
        }
        Ok(entries)
    }
}

/// Reads a row of the log; nothing of a type that the workspace does not have, which changes nobody.
pub(in crate::store) fn log_row(
    row: &Row<'_>,
    person: PersonId,
    history: &mut History<'_>,
    bindings: &Bindings,
) -> Result<Option<LogRow>> {
    let Some(record) = history.record(row)? else {
        return Ok(None);
    };
    let campaign: Option<i64> = row.get(6)?;
    let step: Option<i64> = row.get(8)?;
    let origin = match (campaign.and_then(|row| bindings.campaign(row)), step) {
        (Some(campaign), Some(step)) => Some(Origin {
            campaign,
            run: row.get::<_, Option<i64>>(7)?.map(RunId),
            step: number(step)?,
            choice: row.get(9)?,
        }),
        (Some(_), None) | (None, _) => None,
    };
    let outcome: Option<i64> = row.get(10)?;
    let before: Option<u32> = row.get(13)?;
    Ok(Some(LogRow {
        person,
        ordinal: record.ordinal,
        happening: before.map(|before| record.ordinal.saturating_sub(before)),
        activity: Activity {
            at: record.at,
            activity: record.activity,
            primary: record.primary,
            attributes: record.attributes,
            origin,
            outcome: outcome.and_then(Outcome::of_code),
            reason: optional_text(row, 11)?.map(reason).transpose()?,
            event: optional_text(row, 12)?.map(Text::from),
            marketo_campaign: row.get(14)?,
        },
    }))
}

/// A JSON object of a column; empty where the column is.
type Object = serde_json::Map<String, Json>;

fn object(row: &Row<'_>, column: usize) -> Result<Object> {
    let Some(text) = optional_text(row, column)? else {
        return Ok(Object::new());
    };
    serde_json::from_str(text)
        .map_err(|_| Error::Inconsistent("a past change is not JSON".to_owned()))
}

/// Types what a load changed of fields; a field that the workspace does not have is shown nowhere.
fn changed_fields(
    old: &Object,
    new: &Object,
    bindings: &Bindings,
) -> Vec<(FieldId, Option<Value>, Option<Value>)> {
    let typed = |(name, new): (&String, &Json)| {
        let field = bindings.fields.find(name)?;
        let field_type = bindings.fields.type_of(field);
        let old = old.get(name).and_then(|old| value(old, field_type));
        Some((field, old, value(new, field_type)))
    };
    new.iter().filter_map(typed).collect()
}

/// Reads a value as the type that its field has today.
fn value(json: &Json, field_type: FieldType) -> Option<Value> {
    let text = match json {
        Json::Null => return None,
        Json::String(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => json.to_string(),
    };
    Value::parse(&text, field_type, &Zone::utc()).ok()
}

fn changed_lists(changed: &Object, lists: &SharedNames) -> Vec<(ListId, ListChange)> {
    let mut all = Vec::new();
    for (key, change) in [("joined", ListChange::Joined), ("left", ListChange::Left)] {
        let names = changed.get(key).and_then(Json::as_array);
        let names = names.into_iter().flatten().filter_map(Json::as_str);
        all.extend(names.map(|name| (ListId(lists.intern_asset(name)), change)));
    }
    all
}

fn changed_programs(changed: &Object, programs: &SharedNames) -> Result<Vec<MembershipChange>> {
    let mut all = Vec::new();
    for (name, change) in changed {
        let then = |key| change.get(key).map_or(Ok(None), memberships::of_json);
        let program = ProgramId(programs.intern(name));
        all.push((program, then("old")?, then("new")?));
    }
    Ok(all)
}
