//! Numbers of this process against numbers of the database: campaigns, lists, programs, activity types.
//!
//! A workspace counts its campaigns, lists and programs from 0 in its own order; the database numbers them in order
//! of happening. Bindings translate. They are cheap to clone: a reading and a writing thread have one each.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _};

use super::database::Store;
use super::error::{Error, Result};
use super::names::ensure_name;
use crate::domain::text::fold;
use crate::domain::{
    ActivityCatalogue, ActivityTypeId, CampaignId, FieldCatalogue, ListId, ProgramId, Text,
};
use crate::world::Names;

/// The translation between a workspace and a database.
#[derive(Debug, Clone)]
pub(crate) struct Bindings {
    /// Person fields of the workspace.
    pub(super) fields: FieldCatalogue,
    /// Activity types of the workspace.
    pub(super) activities: ActivityCatalogue,
    names: Vec<Text>,
    rows: Vec<Option<i64>>,
    campaigns: BTreeMap<i64, CampaignId>,
    pub(super) lists: NumberMap,
    pub(super) programs: NumberMap,
}

/// Lists or programs: our number against the database's, learned as they are met.
#[derive(Debug, Clone)]
pub(super) struct NumberMap {
    table: &'static str,
    rows: BTreeMap<u32, i64>,
    numbers: BTreeMap<i64, u32>,
}

impl Store {
    /// Binds a workspace, given the full names of its campaigns in order and its catalogues.
    ///
    /// Campaigns that the database does not know may be read about, and found without any past; writing about them
    /// is a fault.
    pub(crate) fn bind(
        &self,
        campaigns: &[Text],
        fields: &FieldCatalogue,
        activities: &ActivityCatalogue,
    ) -> Result<Bindings> {
        let mut find = self
            .connection
            .prepare_cached("SELECT campaign_id FROM campaign WHERE key = ?1")?;
        let mut bindings = Bindings {
            fields: fields.clone(),
            activities: activities.clone(),
            names: campaigns.to_vec(),
            rows: Vec::with_capacity(campaigns.len()),
            campaigns: BTreeMap::new(),
            lists: NumberMap::new("list"),
            programs: NumberMap::new("program"),
        };
        for (number, name) in (0..).zip(campaigns) {
            let row: Option<i64> = find.query_row([fold(name)], |row| row.get(0)).optional()?;
            bindings.rows.push(row);
            if let Some(row) = row {
                bindings.campaigns.insert(row, CampaignId(number));
            }
        }
        Ok(bindings)
    }
}

impl Bindings {
    /// Forgets the numbers of lists and programs, after a transaction that may have given some was undone.
    pub(super) fn clear(&mut self) {
        self.lists = NumberMap::new("list");
        self.programs = NumberMap::new("program");
    }

    /// Returns a campaign of the database as this workspace numbers it.
    pub(super) fn campaign(&self, row: i64) -> Option<CampaignId> {
        self.campaigns.get(&row).copied()
    }

    /// Returns the database's number of a campaign.
    pub(super) fn campaign_row(&self, campaign: CampaignId) -> Result<i64> {
        let place = campaign.0 as usize;
        self.rows.get(place).copied().flatten().ok_or_else(|| {
            let name = self.names.get(place).map_or("?", |name| name.as_ref());
            Error::state(
                format!("campaign `{name}` is not in the database"),
                Some("`bugle campaign load` brings it there"),
            )
        })
    }

    /// Returns the number in the log of an activity type.
    pub(super) fn code(&self, activity: ActivityTypeId) -> i64 {
        i64::from(self.activities.get(activity).code)
    }

    /// Returns the activity type of a number in the log.
    pub(super) fn activity(&self, code: i64) -> Option<ActivityTypeId> {
        i32::try_from(code)
            .ok()
            .and_then(|code| self.activities.by_code(code))
    }

    /// Returns a list of the database, interned among the caller's names where they do not have it.
    pub(super) fn list(
        &mut self,
        connection: &Connection,
        row: i64,
        names: &mut Names,
    ) -> Result<ListId> {
        self.lists.number(connection, row, names).map(ListId)
    }

    /// Returns a program of the database, interned among the caller's names where they do not have it.
    pub(super) fn program(
        &mut self,
        connection: &Connection,
        row: i64,
        names: &mut Names,
    ) -> Result<ProgramId> {
        self.programs.number(connection, row, names).map(ProgramId)
    }
}

impl NumberMap {
    fn new(table: &'static str) -> Self {
        Self {
            table,
            rows: BTreeMap::new(),
            numbers: BTreeMap::new(),
        }
    }

    fn number(&mut self, connection: &Connection, row: i64, names: &mut Names) -> Result<u32> {
        if let Some(number) = self.numbers.get(&row) {
            return Ok(*number);
        }
        let table = self.table;
        let sql = format!("SELECT name FROM {table} WHERE {table}_id = ?1");
        let name: String = connection
            .prepare_cached(&sql)?
            .query_row([row], |row| row.get(0))?;
        // A row may have its program's name before it, where the caller's name has none.
        let known = names.find_asset(&name);
        let number = known.unwrap_or_else(|| names.intern(&name));
        self.link(number, row);
        Ok(number)
    }

    /// Returns the database's number of a name, giving it the next one if it is new there.
    pub(super) fn row(
        &mut self,
        connection: &Connection,
        number: u32,
        names: &Names,
    ) -> Result<i64> {
        if let Some(row) = self.rows.get(&number) {
            return Ok(*row);
        }
        let row = ensure_name(connection, self.table, names.name(number))?.row;
        self.link(number, row);
        Ok(row)
    }

    fn link(&mut self, number: u32, row: i64) {
        self.rows.entry(number).or_insert(row);
        self.numbers.insert(row, number);
    }
}
