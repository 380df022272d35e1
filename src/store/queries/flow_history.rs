//! What the log says of the flows of some campaigns: who reached which step, and what happened on which day.
//!
//! One pass over the log, however many campaigns. Counted here and not by the database, which would sort the log first.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{CachedStatement, Row};
use rustc_hash::FxHashMap;

use super::log::reason;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{Instant, Outcome, Reason, Text, Zone};
use crate::store::database::Store;
use crate::store::error::Result;
use crate::store::log_key::ORDINAL_BITS;
use crate::store::names::find_campaign;
use crate::store::row::{number, optional_text};

/// A campaign whose flow is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlowQuery {
    /// Its full name.
    pub(crate) campaign: Text,
    /// The versions whose flow is the present one, where older versions have another flow; else none.
    pub(crate) versions: Option<BTreeSet<u32>>,
}

/// What a row of the log says about a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StepResult {
    /// The step, from 1.
    pub(crate) step: u32,
    /// Whether it is the end of a wait, the second row of that step.
    pub(crate) ends_wait: bool,
    /// The choice, from 1; 0 is the default, and none where the step has no choices.
    pub(crate) choice: Option<u32>,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// Why it was skipped or failed.
    pub(crate) reason: Option<Reason>,
}

/// What happened on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HistoryDay {
    /// Entries into the campaign, of all versions.
    pub(crate) entries: u64,
    /// Emails that its steps sent.
    pub(crate) mails: u64,
}

/// What has happened in a campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FlowHistory {
    /// Entries that began in the versions asked about.
    pub(crate) entries: u64,
    /// Entries that began in other versions; they are in no count of steps.
    pub(crate) other_entries: u64,
    /// How often each result stands in the log.
    pub(crate) results: BTreeMap<StepResult, u64>,
    /// Waits that have not ended, by step; of the versions asked about.
    pub(crate) waiting: BTreeMap<u32, u64>,
    /// By day, in the zone asked about.
    pub(crate) days: BTreeMap<NaiveDate, HistoryDay>,
    /// People whose wait ends, by day; of other versions as well.
    pub(crate) wakes: BTreeMap<NaiveDate, u64>,
}

impl Store {
    /// Returns the histories of campaigns in the order asked for; days are those of a zone.
    pub(crate) fn flow_histories(
        &self,
        asked: &[FlowQuery],
        zone: &Zone,
    ) -> Result<Vec<FlowHistory>> {
        let mut all = Histories::of(self, asked, zone)?;
        all.read_entries(self)?;
        all.read_log(self)?;
        all.read_waits(self)?;
        Ok(all.found)
    }
}

struct Histories<'a> {
    asked: &'a [FlowQuery],
    /// The place of each campaign's row among those asked about.
    places: BTreeMap<i64, usize>,
    found: Vec<FlowHistory>,
    days: Days<'a>,
}

impl<'a> Histories<'a> {
    fn of(store: &Store, asked: &'a [FlowQuery], zone: &'a Zone) -> Result<Self> {
        let mut places = BTreeMap::new();
        for (place, one) in asked.iter().enumerate() {
            if let Some(row) = find_campaign(&store.connection, &one.campaign)? {
                places.insert(row, place);
            }
        }
        Ok(Self {
            asked,
            places,
            found: vec![FlowHistory::default(); asked.len()],
            days: Days {
                zone,
                known: FxHashMap::default(),
            },
        })
    }

    /// Returns whether entries that began in a version are counted.
    fn counts(&self, place: usize, version: u32) -> bool {
        let versions = self.asked[place].versions.as_ref();
        versions.is_none_or(|versions| versions.contains(&version))
    }

    fn read_entries(&mut self, store: &Store) -> Result<()> {
        let sql = "SELECT campaign_id, at, version FROM entry";
        let mut statement = store.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(&place) = self.places.get(&row.get(0)?) else {
                continue;
            };
            let day = self.days.day(Instant::from_micros(row.get(1)?));
            let counts = self.counts(place, number(row.get(2)?)?);
            let history = &mut self.found[place];
            history.days.entry(day).or_default().entries += 1;
            if counts {
                history.entries += 1;
            } else {
                history.other_entries += 1;
            }
        }
        Ok(())
    }

    fn read_log(&mut self, store: &Store) -> Result<()> {
        let sql =
            "SELECT campaign_id, step, type, choice, outcome, reason, at, activity_id FROM activity
            WHERE step IS NOT NULL";
        let mut entry = EntryVersion(store.connection.prepare_cached(EntryVersion::SQL)?);
        let mut statement = store.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let campaign: Option<i64> = row.get(0)?;
            let Some((campaign, &place)) = campaign.and_then(|row| self.places.get_key_value(&row))
            else {
                continue;
            };
            let Some(result) = result(row)? else {
                continue;
            };
            let at = Instant::from_micros(row.get(6)?);
            let sent = row.get::<_, i32>(2)? == BuiltinActivity::SendEmail.code()
                && result.outcome == Outcome::Succeeded;
            if sent {
                let day = self.days.day(at);
                self.found[place].days.entry(day).or_default().mails += 1;
            }
            let is_asked = self.asked[place].versions.is_none() || {
                let version = entry.of(row.get(7)?, *campaign, at)?;
                version.is_some_and(|version| self.counts(place, version))
            };
            if is_asked {
                *self.found[place].results.entry(result).or_default() += 1;
            }
        }
        Ok(())
    }

    fn read_waits(&mut self, store: &Store) -> Result<()> {
        let sql = "SELECT w.campaign_id, w.step, w.until, e.version FROM wait w
            LEFT JOIN entry e USING (person_id, campaign_id, nth)";
        let mut statement = store.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(&place) = self.places.get(&row.get(0)?) else {
                continue;
            };
            let day = self.days.day(Instant::from_micros(row.get(2)?));
            let version = row.get::<_, Option<i64>>(3)?.map(number).transpose()?;
            let counts = version.is_some_and(|version| self.counts(place, version));
            let history = &mut self.found[place];
            *history.wakes.entry(day).or_default() += 1;
            if counts {
                *history.waiting.entry(number(row.get(1)?)?).or_default() += 1;
            }
        }
        Ok(())
    }
}

/// Reads a row of the log; nothing where it has no outcome.
fn result(row: &Row<'_>) -> Result<Option<StepResult>> {
    let Some(outcome) = row.get::<_, Option<i64>>(4)?.and_then(Outcome::of_code) else {
        return Ok(None);
    };
    Ok(Some(StepResult {
        step: number(row.get(1)?)?,
        ends_wait: row.get::<_, i32>(2)? == BuiltinActivity::WaitEnded.code(),
        choice: row.get(3)?,
        outcome,
        reason: optional_text(row, 5)?.map(reason).transpose()?,
    }))
}

/// Finds the version in which the entry began that a row of the log belongs to.
struct EntryVersion<'c>(CachedStatement<'c>);

impl EntryVersion<'_> {
    const SQL: &'static str =
        "SELECT version FROM entry WHERE person_id = ?1 AND campaign_id = ?2 AND at <= ?3
        ORDER BY nth DESC LIMIT 1";

    fn of(&mut self, activity_id: i64, campaign: i64, at: Instant) -> Result<Option<u32>> {
        let person = activity_id >> ORDINAL_BITS;
        let mut rows = self.0.query((person, campaign, at.micros()))?;
        let version = rows.next()?.map(|row| row.get(0)).transpose()?;
        version.map(number).transpose()
    }
}

/// The days of instants. Offsets of zones change at quarters of an hour, so a quarter lies in one day.
struct Days<'a> {
    zone: &'a Zone,
    known: FxHashMap<i64, NaiveDate>,
}

impl Days<'_> {
    const QUARTER: i64 = 15 * 60 * 1_000_000;

    fn day(&mut self, at: Instant) -> NaiveDate {
        let quarter = at.micros().div_euclid(Self::QUARTER);
        let day = self.known.entry(quarter);
        *day.or_insert_with(|| self.zone.date(at))
    }
}
