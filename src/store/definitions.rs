//! Workspace and campaigns as loaded: versions, activation, schedule, and files that are gone.
//!
//! A definition is canonical text, made and read by others; here two are the same when their texts are.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::activation;
use super::convert::convert_column;
use super::database::Store;
use super::error::{Error, Result};
use super::fields::stored_fields;
use super::names::{adopt_lists, find_campaign};
use super::row::{number, text};
use crate::domain::text::{fold, slug};
use crate::domain::{ActivatedBy, FieldCatalogue, Instant, Mode, Text, Zone};
use crate::world::Names;

/// A campaign to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    /// `Program.Campaign`, or the bare name outside programs.
    pub(crate) full_name: Text,
    /// The bare name.
    pub(crate) name: String,
    /// Its program's name.
    pub(crate) program: Option<String>,
    /// The mode: batch, triggered or executable.
    pub(crate) mode: Mode,
    /// The file, as people wrote the path.
    pub(crate) file: String,
    /// What it means, in canonical form.
    pub(crate) definition: String,
    /// What it is for; a change of it alone makes no new version.
    pub(crate) description: Option<String>,
    /// `active:` as written.
    pub(crate) active: Option<bool>,
    /// Its id in Marketo's own exports.
    pub(crate) marketo_id: Option<i64>,
    /// Whether it has a schedule, and the first occurrence.
    pub(crate) schedule: ScheduleState,
}

/// Whether a campaign runs at times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScheduleState {
    /// It has no schedule.
    No,
    /// It has one, whose next occurrence is this, where there is one left.
    Next(Option<Instant>),
    /// It has the one that the version before had; occurrences count from the load that brought that.
    Same(Option<Instant>),
}

/// What a load is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load<'a> {
    /// The workspace in canonical form.
    pub(crate) workspace: &'a str,
    /// The workspace's person fields: columns of another type are converted, where every stored value fits.
    pub(crate) fields: &'a FieldCatalogue,
    /// The zone of local datetimes among those values.
    pub(crate) zone: &'a Zone,
    /// The static lists that the workspace and the campaigns name.
    pub(crate) lists: &'a Names,
    /// The campaigns of the files.
    pub(crate) campaigns: &'a [Definition],
    /// Campaigns of the database whose file is gone, by full name.
    pub(crate) missing: &'a [Text],
    /// What a load does with campaigns whose file is gone.
    pub(crate) gone: MissingPolicy,
    /// The load's instant.
    pub(crate) now: Instant,
}

/// What happens to campaigns whose file is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingPolicy {
    /// They stay as they are, and are marked.
    Keep,
    /// They are deactivated and unscheduled as well.
    Prune,
}

/// What a load did to one campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefinitionChange {
    /// It is new.
    Added,
    /// It has a new version.
    Changed,
    /// It means what it meant.
    Unchanged,
}

/// A campaign as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredDefinition {
    /// `Program.Campaign`, or the bare name outside programs.
    pub(crate) full_name: Text,
    /// The bare name.
    pub(crate) name: String,
    /// Its program's name.
    pub(crate) program: Option<String>,
    /// The mode: batch, triggered or executable.
    pub(crate) mode: Mode,
    /// The file it was loaded from.
    pub(crate) file: String,
    /// The newest version.
    pub(crate) version: u32,
    /// That version in canonical form.
    pub(crate) definition: String,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// Whether triggers reach it.
    pub(crate) active: bool,
    /// Whether its file is gone.
    pub(crate) missing: bool,
    /// Whether it was found not to compile any more.
    pub(crate) invalid: bool,
    /// Its id in Marketo's own exports.
    pub(crate) marketo_id: Option<i64>,
    /// The load that brought its schedule.
    pub(crate) scheduled_from: Option<Instant>,
    /// When it runs next.
    pub(crate) next_run_at: Option<Instant>,
}

/// One version of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    /// The campaign's full name.
    pub(crate) full_name: Text,
    /// The file of its newest version.
    pub(crate) file: String,
    /// The number of the version, from 1.
    pub(crate) version: u32,
    /// What it means, in canonical form.
    pub(crate) definition: String,
    /// What it is for.
    pub(crate) description: Option<String>,
}

impl Store {
    /// Returns the newest workspace in canonical form; nothing before the first load.
    pub(crate) fn workspace(&self) -> Result<Option<String>> {
        let sql = "SELECT definition FROM workspace_version ORDER BY version DESC LIMIT 1";
        Ok(self
            .connection
            .query_row(sql, [], |row| row.get(0))
            .optional()?)
    }

    /// Returns every campaign with its newest version, in the order in which they were first loaded.
    pub(crate) fn definitions(&self) -> Result<Vec<StoredDefinition>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.full_name, c.name, c.program, c.mode, c.file, c.version, v.definition, v.description,
                c.active, c.missing, c.invalid, c.marketo_id, c.scheduled_from, c.next_run_at
             FROM campaign c JOIN campaign_version v USING (campaign_id, version) ORDER BY campaign_id",
        )?;
        let mut rows = statement.query([])?;
        let mut stored = Vec::new();
        while let Some(row) = rows.next()? {
            stored.push(read(row)?);
        }
        Ok(stored)
    }

    /// Returns the older versions that people finish, by campaign and number.
    pub(crate) fn finished_versions(&self) -> Result<Vec<Version>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT c.full_name, c.file, v.version, v.definition, v.description
             FROM (SELECT DISTINCT campaign_id, finishes FROM wait WHERE finishes IS NOT NULL) w
             JOIN campaign c USING (campaign_id)
             JOIN campaign_version v ON v.campaign_id = w.campaign_id AND v.version = w.finishes
             ORDER BY c.key, v.version",
        )?;
        let mut rows = statement.query([])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            versions.push(Version {
                full_name: Text::from(row.get::<_, String>(0)?),
                file: row.get(1)?,
                version: number(row.get(2)?)?,
                definition: row.get(3)?,
                description: row.get(4)?,
            });
        }
        Ok(versions)
    }

    /// Returns one version of a campaign, and the workspace it was loaded with, in canonical form.
    #[cfg(test)]
    pub(crate) fn definition(
        &self,
        full_name: &str,
        version: u32,
    ) -> Result<Option<(String, String)>> {
        let sql = "SELECT v.definition, w.definition FROM campaign c JOIN campaign_version v USING (campaign_id)
            JOIN workspace_version w ON w.version = v.workspace WHERE c.key = ?1 AND v.version = ?2";
        Ok(self
            .connection
            .prepare_cached(sql)?
            .query_row((fold(full_name), version), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?)
    }

    /// Activates or deactivates campaigns, by full name; all or none. Returns those that it changed.
    pub(crate) fn set_active(
        &mut self,
        full_names: &[Text],
        active: bool,
        at: Instant,
    ) -> Result<BTreeSet<Text>> {
        let by = if active {
            ActivatedBy::Activate
        } else {
            ActivatedBy::Deactivate
        };
        let transaction = self.begin()?;
        let mut changed = BTreeSet::new();
        for name in full_names {
            if let Some(campaign) = find_campaign(&transaction, name)?
                && activation::set(&transaction, campaign, active, at, by)?
            {
                changed.insert(Text::clone(name));
            }
        }
        transaction.commit()?;
        Ok(changed)
    }

    /// Marks which campaigns no longer compile, by full name; all others do.
    pub(crate) fn set_invalid(&mut self, full_names: &[Text]) -> Result<()> {
        let transaction = self.begin()?;
        transaction.execute("UPDATE campaign SET invalid = 0 WHERE invalid <> 0", [])?;
        for name in full_names {
            transaction.execute(
                "UPDATE campaign SET invalid = 1 WHERE key = ?1",
                [fold(name)],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Notes when campaigns run next, by full name; `None` where there is no occurrence left.
    pub(crate) fn set_next_runs(&mut self, next: &[(Text, Option<Instant>)]) -> Result<()> {
        let transaction = self.begin()?;
        for (name, at) in next {
            transaction
                .prepare_cached("UPDATE campaign SET next_run_at = ?2 WHERE key = ?1")?
                .execute((fold(name), at.map(Instant::micros)))?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// Writes a load; returns what it did to each campaign, and its version.
pub(super) fn save(
    connection: &Connection,
    load: Load<'_>,
) -> Result<Vec<(DefinitionChange, u32)>> {
    convert_fields(connection, load.fields, load.zone)?;
    adopt_lists(connection, load.lists)?;
    let workspace = save_workspace(connection, load.workspace, load.now)?;
    let changes = load
        .campaigns
        .iter()
        .map(|campaign| save_campaign(connection, campaign, workspace, load.now))
        .collect::<Result<Vec<_>>>()?;
    for name in load.missing {
        if let Some(campaign) = find_campaign(connection, name)? {
            set_missing(connection, campaign, load.gone, load.now)?;
        }
    }
    Ok(changes)
}

/// Marks a campaign whose file is gone.
fn set_missing(
    connection: &Connection,
    campaign: i64,
    gone: MissingPolicy,
    now: Instant,
) -> Result<()> {
    let sql = match gone {
        MissingPolicy::Keep => "UPDATE campaign SET missing = 1 WHERE campaign_id = ?1",
        MissingPolicy::Prune => {
            activation::set(connection, campaign, false, now, ActivatedBy::Prune)?;
            "UPDATE campaign SET missing = 1, scheduled_from = NULL, next_run_at = NULL WHERE campaign_id = ?1"
        }
    };
    connection.prepare_cached(sql)?.execute([campaign])?;
    Ok(())
}

/// Gives the columns of declared fields their declared type.
fn convert_fields(connection: &Connection, fields: &FieldCatalogue, zone: &Zone) -> Result<()> {
    for stored in stored_fields(connection)? {
        let declared = fields.find(&stored.name).map(|id| fields.field(id));
        if let Some(declared) = declared.filter(|declared| **declared != stored) {
            convert_column(connection, stored.field_type, declared, zone)?;
        }
    }
    Ok(())
}

/// Stores a workspace that differs from the newest one; returns its version.
fn save_workspace(connection: &Connection, definition: &str, now: Instant) -> Result<i64> {
    let sql = "SELECT version, definition FROM workspace_version ORDER BY version DESC LIMIT 1";
    let newest: Option<(i64, String)> = connection
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((version, stored)) = newest
        && stored == definition
    {
        return Ok(version);
    }
    connection.execute(
        "INSERT INTO workspace_version (definition, loaded_at) VALUES (?1, ?2)",
        (definition, now.micros()),
    )?;
    Ok(connection.last_insert_rowid())
}

fn save_campaign(
    connection: &Connection,
    campaign: &Definition,
    workspace: i64,
    now: Instant,
) -> Result<(DefinitionChange, u32)> {
    let key = fold(&campaign.full_name);
    let stored: Option<(i64, i64, String, bool)> = connection
        .prepare_cached(
            "SELECT campaign_id, version, definition, scheduled_from IS NOT NULL
             FROM campaign JOIN campaign_version USING (campaign_id, version) WHERE key = ?1",
        )?
        .query_row([&key], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let (id, change, version, had_schedule) = match stored {
        None => (
            add(connection, campaign, &key)?,
            DefinitionChange::Added,
            1,
            false,
        ),
        Some((id, version, definition, scheduled)) if definition == campaign.definition => {
            (id, DefinitionChange::Unchanged, version, scheduled)
        }
        Some((id, version, _, scheduled)) => {
            let same = matches!(campaign.schedule, ScheduleState::Same(_));
            (
                id,
                DefinitionChange::Changed,
                version + 1,
                scheduled && same,
            )
        }
    };
    if change == DefinitionChange::Unchanged {
        connection
            .prepare_cached("UPDATE campaign_version SET description = ?3 WHERE campaign_id = ?1 AND version = ?2")?
            .execute((id, version, &campaign.description))?;
    } else {
        connection
            .prepare_cached(
                "INSERT INTO campaign_version (campaign_id, version, workspace, definition, description, loaded_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((id, version, workspace, &campaign.definition, &campaign.description, now.micros()))?;
    }
    set_newest(connection, campaign, id, version)?;
    if let Some(active) = campaign.active {
        activation::set(connection, id, active, now, ActivatedBy::Load)?;
    }
    set_schedule(connection, campaign, id, had_schedule, now)?;
    Ok((change, number(version)?))
}

fn add(connection: &Connection, campaign: &Definition, key: &str) -> Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO campaign (key, full_name, name, program, slug, mode, active, version, file, missing,
                invalid, members) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 1, ?7, 0, 0, 0)",
        )?
        .execute((
            key,
            campaign.full_name.as_ref(),
            &campaign.name,
            &campaign.program,
            slug(&campaign.name),
            campaign.mode.name(),
            &campaign.file,
        ))?;
    Ok(connection.last_insert_rowid())
}

/// Brings a campaign's row up to its file.
fn set_newest(connection: &Connection, campaign: &Definition, id: i64, version: i64) -> Result<()> {
    connection
        .prepare_cached(
            "UPDATE campaign SET full_name = ?2, name = ?3, program = ?4, slug = ?5, mode = ?6,
                version = ?7, file = ?8, missing = 0, invalid = 0, marketo_id = ?9
             WHERE campaign_id = ?1",
        )?
        .execute((
            id,
            campaign.full_name.as_ref(),
            &campaign.name,
            &campaign.program,
            slug(&campaign.name),
            campaign.mode.name(),
            version,
            &campaign.file,
            campaign.marketo_id,
        ))?;
    Ok(())
}

/// Notes the schedule. Occurrences count from the load that brought this version's, not from a later, equal one.
fn set_schedule(
    connection: &Connection,
    campaign: &Definition,
    id: i64,
    had_schedule: bool,
    now: Instant,
) -> Result<()> {
    match campaign.schedule {
        ScheduleState::No => {
            connection.execute(
                "UPDATE campaign SET scheduled_from = NULL, next_run_at = NULL WHERE campaign_id = ?1",
                [id],
            )?;
        }
        ScheduleState::Next(next) | ScheduleState::Same(next) => {
            let sql = "UPDATE campaign SET scheduled_from = coalesce(?2, scheduled_from), next_run_at = ?3
                WHERE campaign_id = ?1";
            let from = (!had_schedule).then_some(now.micros());
            connection.execute(sql, (id, from, next.map(Instant::micros)))?;
        }
    }
    Ok(())
}

/// Reads what a campaign is.
pub(super) fn mode(name: &str) -> Result<Mode> {
    Mode::named(name)
        .ok_or_else(|| Error::Inconsistent("a campaign has an unknown mode".to_owned()))
}

fn read(row: &Row<'_>) -> Result<StoredDefinition> {
    let instant = |column: usize| -> Result<Option<Instant>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Instant::from_micros))
    };
    Ok(StoredDefinition {
        full_name: Text::from(row.get::<_, String>(0)?),
        name: row.get(1)?,
        program: row.get(2)?,
        mode: mode(text(row, 3)?)?,
        file: row.get(4)?,
        version: number(row.get(5)?)?,
        definition: row.get(6)?,
        description: row.get(7)?,
        active: row.get(8)?,
        missing: row.get(9)?,
        invalid: row.get(10)?,
        marketo_id: row.get(11)?,
        scheduled_from: instant(12)?,
        next_run_at: instant(13)?,
    })
}
