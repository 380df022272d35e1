//! Translates numbers of this process into numbers of the database and back: campaigns, lists, programs, activity types.
//!
//! A workspace counts its campaigns, lists and programs from 0 in its own order; the database numbers them in order
//! of happening. Bindings translate. There is one translation for a piece of work: all copies are the same, so that the
//! threads that read and write learn from each other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension as _};

use super::database::Store;
use super::error::{Error, Result};
use super::names::ensure_name;
use crate::domain::text::fold;
use crate::domain::{
    ActivityCatalogue, ActivityTypeId, CampaignId, FieldCatalogue, ListId, ProgramId, Text,
};
use crate::world::{Numbering, SharedNames};

/// The translation between a workspace and a database; a copy is the same translation.
#[derive(Debug, Clone)]
pub(crate) struct Bindings {
    /// Person fields of the workspace.
    pub(super) fields: Arc<FieldCatalogue>,
    /// Activity types of the workspace.
    pub(super) activities: Arc<ActivityCatalogue>,
    campaigns: Arc<CampaignRows>,
    numbering: Numbering,
    pub(super) lists: NumberMap,
    pub(super) programs: NumberMap,
}

/// The campaigns of the workspace and their rows.
#[derive(Debug, Default)]
struct CampaignRows {
    names: Vec<Text>,
    rows: Vec<Option<i64>>,
    numbers: BTreeMap<i64, CampaignId>,
}

/// Lists or programs: our number against the database's, learned as they are met.
#[derive(Debug, Clone)]
pub(super) struct NumberMap {
    table: &'static str,
    names: SharedNames,
    known: Arc<Mutex<KnownRows>>,
}

#[derive(Debug, Default)]
struct KnownRows {
    rows: BTreeMap<u32, i64>,
    numbers: BTreeMap<i64, u32>,
}

impl Store {
    /// Binds a workspace, given the full names of its campaigns in order, its catalogues, and the numbers of its lists and
    /// programs.
    ///
    /// Campaigns that the database does not know may be read about, and found without any past; writing about them
    /// is a fault.
    pub(crate) fn bind(
        &self,
        campaigns: &[Text],
        fields: &FieldCatalogue,
        activities: &ActivityCatalogue,
        numbering: Numbering,
    ) -> Result<Bindings> {
        let mut find = self
            .connection
            .prepare_cached("SELECT campaign_id FROM campaign WHERE key = ?1")?;
        let mut found = CampaignRows {
            names: campaigns.to_vec(),
            ..CampaignRows::default()
        };
        for (number, name) in (0..).zip(campaigns) {
            let row: Option<i64> = find.query_row([fold(name)], |row| row.get(0)).optional()?;
            found.rows.push(row);
            if let Some(row) = row {
                found.numbers.insert(row, CampaignId(number));
            }
        }
        Ok(Bindings {
            fields: Arc::new(fields.clone()),
            activities: Arc::new(activities.clone()),
            campaigns: Arc::new(found),
            lists: NumberMap::new("list", &numbering.lists),
            programs: NumberMap::new("program", &numbering.programs),
            numbering,
        })
    }
}

impl Bindings {
    /// Returns what the numbers of lists and programs mean.
    pub(crate) fn numbering(&self) -> Numbering {
        self.numbering.clone()
    }

    /// Forgets the rows of lists and programs, after a transaction that may have made some was undone.
    pub(super) fn clear(&self) {
        for map in [&self.lists, &self.programs] {
            *map.known() = KnownRows::default();
        }
    }

    /// Returns a campaign of the database as this workspace numbers it.
    pub(super) fn campaign(&self, row: i64) -> Option<CampaignId> {
        self.campaigns.numbers.get(&row).copied()
    }

    /// Returns the database's number of a campaign.
    pub(super) fn campaign_row(&self, campaign: CampaignId) -> Result<i64> {
        let place = campaign.0 as usize;
        let CampaignRows { names, rows, .. } = &*self.campaigns;
        rows.get(place).copied().flatten().ok_or_else(|| {
            let name = names.get(place).map_or("?", |name| name.as_ref());
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

    /// Returns a list of the database.
    pub(super) fn list(&self, connection: &Connection, row: i64) -> Result<ListId> {
        self.lists.number(connection, row).map(ListId)
    }

    /// Returns a program of the database.
    pub(super) fn program(&self, connection: &Connection, row: i64) -> Result<ProgramId> {
        self.programs.number(connection, row).map(ProgramId)
    }
}

impl NumberMap {
    fn new(table: &'static str, names: &SharedNames) -> Self {
        Self {
            table,
            names: names.clone(),
            known: Arc::default(),
        }
    }

    fn number(&self, connection: &Connection, row: i64) -> Result<u32> {
        let mut known = self.known();
        if let Some(number) = known.numbers.get(&row) {
            return Ok(*number);
        }
        let table = self.table;
        let sql = format!("SELECT name FROM {table} WHERE {table}_id = ?1");
        let name: String = connection
            .prepare_cached(&sql)?
            .query_row([row], |row| row.get(0))?;
        // A row may have its program's name before it, where the caller's name has none.
        let number = self.names.intern_asset(&name);
        known.link(number, row);
        Ok(number)
    }

    /// Returns the database's number of a name, giving it the next one if it is new there.
    pub(super) fn row(&self, connection: &Connection, number: u32) -> Result<i64> {
        let mut known = self.known();
        if let Some(row) = known.rows.get(&number) {
            return Ok(*row);
        }
        let row = ensure_name(connection, self.table, &self.names.name(number))?.row;
        known.link(number, row);
        Ok(row)
    }

    fn known(&self) -> MutexGuard<'_, KnownRows> {
        // Rows are linked in one step, so what a thread died of has left none half known.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KnownRows {
    fn link(&mut self, number: u32, row: i64) {
        self.rows.entry(number).or_insert(row);
        self.numbers.insert(row, number);
    }
}
