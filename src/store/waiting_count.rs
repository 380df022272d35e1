//! Counts the people in waits, per step, with the first and last wake-up.
//!
//! Counted here and not by the database, which would sort all waits to count each person once.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rustc_hash::FxHashSet;

use super::bindings::Bindings;
use super::database::Store;
use super::error::Result;
use super::row::{number, optional_text};
use crate::domain::{CampaignId, Instant};
use crate::world::WaitRow;

/// A wait of a flow where people are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitPlace {
    /// Of which campaign.
    pub(crate) campaign: CampaignId,
    /// The version that the people who wait there finish, where that is not the newest.
    pub(crate) finishes: Option<u32>,
    /// Its step, from 1.
    pub(crate) step: u32,
    /// The step's `id`.
    pub(crate) step_id: Option<String>,
    /// Its place among the flow's waits, from 1.
    pub(crate) wait_ordinal: u32,
    /// Who waits there.
    pub(crate) held: WaitingCount,
    /// The campaign's row.
    pub(super) row: i64,
}

/// How many people are held, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitingCount {
    /// How many people.
    pub(crate) people: u64,
    /// When the first of them wakes.
    pub(crate) first: Instant,
    /// When the last of them does.
    pub(crate) last: Instant,
}

impl WaitingCount {
    fn until(at: Instant) -> Self {
        Self {
            people: 0,
            first: at,
            last: at,
        }
    }

    fn add(&mut self, until: Instant, is_new: bool) {
        self.people += u64::from(is_new);
        self.first = self.first.min(until);
        self.last = self.last.max(until);
    }
}

impl WaitPlace {
    /// Returns whether a wait holds somebody here.
    pub(crate) fn holds(&self, wait: &WaitRow) -> bool {
        (self.campaign, self.finishes, self.step, self.wait_ordinal)
            == (wait.campaign, wait.finishes, wait.step, wait.wait_ordinal)
            && self.step_id.as_deref() == wait.step_id.as_deref()
    }
}

impl Store {
    /// Returns at which waits people are held: by campaign, those of the newest version first, then by step.
    pub(crate) fn wait_places(&self, bindings: &Bindings) -> Result<Vec<WaitPlace>> {
        let sql =
            "SELECT campaign_id, finishes, step, wait_ordinal, step_id, person_id, until FROM wait";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut places: Vec<WaitPlace> = Vec::new();
        let mut seen: FxHashSet<(usize, i64)> = FxHashSet::default();
        while let Some(row) = rows.next()? {
            let campaign_row: i64 = row.get(0)?;
            let finishes = row.get::<_, Option<i64>>(1)?.map(number).transpose()?;
            let (step, wait_ordinal) = (number(row.get(2)?)?, number(row.get(3)?)?);
            let step_id = optional_text(row, 4)?;
            let until = Instant::from_micros(row.get(6)?);
            // There are a few places, however many people.
            let known = places.iter().position(|place| {
                (place.row, place.finishes, place.step, place.wait_ordinal)
                    == (campaign_row, finishes, step, wait_ordinal)
                    && place.step_id.as_deref() == step_id
            });
            let place = match (known, bindings.campaign(campaign_row)) {
                (Some(place), _) => place,
                (None, None) => continue,
                (None, Some(campaign)) => {
                    places.push(WaitPlace {
                        campaign,
                        finishes,
                        step,
                        step_id: step_id.map(str::to_owned),
                        wait_ordinal,
                        held: WaitingCount::until(until),
                        row: campaign_row,
                    });
                    places.len() - 1
                }
            };
            let is_new = seen.insert((place, row.get(5)?));
            places[place].held.add(until, is_new);
        }
        places.sort_by(|a, b| {
            let key =
                |place: &WaitPlace| (place.row, place.finishes, place.step, place.wait_ordinal);
            (key(a), &a.step_id).cmp(&(key(b), &b.step_id))
        });
        Ok(places)
    }

    /// Returns who is held in each campaign that holds anyone, by full name.
    pub(crate) fn waiting_counts(&self) -> Result<BTreeMap<String, WaitingCount>> {
        let by_campaign = by_campaign(&self.connection)?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT campaign_id, full_name FROM campaign")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let names: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(names
            .into_iter()
            .filter_map(|(row, name)| Some((name, *by_campaign.get(&row)?)))
            .collect())
    }
}

fn by_campaign(connection: &Connection) -> Result<BTreeMap<i64, WaitingCount>> {
    let mut statement =
        connection.prepare_cached("SELECT campaign_id, person_id, until FROM wait")?;
    let mut rows = statement.query([])?;
    let mut held: BTreeMap<i64, WaitingCount> = BTreeMap::new();
    let mut seen: FxHashSet<(i64, i64)> = FxHashSet::default();
    while let Some(row) = rows.next()? {
        let (campaign, person) = (row.get(0)?, row.get(1)?);
        let until = Instant::from_micros(row.get(2)?);
        let of_campaign = held
            .entry(campaign)
            .or_insert_with(|| WaitingCount::until(until));
        of_campaign.add(until, seen.insert((campaign, person)));
    }
    Ok(held)
}
