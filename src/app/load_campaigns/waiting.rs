//! People who wait in flows that a load changes: where each continues, who finishes the old version, whose wait ends.
//!
//! A wait is found again in the new version by its `id`, else by its place among the waits. The load brings the rows of
//! waits up to that version, so that they always refer to the version whose steps follow.

use crate::app::abandon::abandon;
use crate::app::error::{Error, ErrorKind, UserError};
use crate::app::show::wait_in_short;
use crate::app::stored_workspace::{StoredWorkspace, fault_in, stored_version};
use crate::app::{ChunkBounds, Session};
use crate::campaign::compile::{DatabaseNames, compile_with};
use crate::campaign::{Campaign, Workspace};
use crate::domain::text::same;
use crate::domain::{CampaignId, Instant, PersonId, Text};
use crate::engine::Abandoned;
use crate::results::LoadedWait;
use crate::source::{LoadedFiles, StoredVersion};
use crate::store::{Definition, Loading, Store, Version, WaitPlace};
use crate::world::WaitRow;

use super::wait_migration::{Following, NextStep, WaitMigration};

/// What happens to people who wait at a step that the new version of their campaign does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LostWaits {
    /// The load is refused.
    Refuse,
    /// They finish the version they are in.
    Keep,
    /// Their waits end with the load, and nothing follows.
    Drop,
}

/// Waits looked at together.
const AT_ONCE: usize = 50_000;

/// What happens to everyone who waits.
pub(super) struct WaitMigrations(Vec<WaitMigration>);

/// What a load brings, and what was there before.
pub(super) struct LoadContext<'a> {
    pub(super) store: &'a Store,
    pub(super) before: &'a StoredWorkspace,
    pub(super) loaded: &'a LoadedFiles,
    pub(super) workspace: &'a Workspace,
    pub(super) definitions: &'a [Definition],
    /// Campaigns whose file is gone and that do not compile in the new workspace.
    pub(super) invalid: &'a [Text],
    pub(super) known: DatabaseNames<'a>,
}

impl WaitMigrations {
    /// Decides what happens to everyone who waits, or refuses the load.
    pub(super) fn of(setting: &LoadContext<'_>, lost: LostWaits) -> Result<Self, Error> {
        let places = setting.store.wait_places(&setting.before.bindings)?;
        let migrations = places
            .into_iter()
            .map(|place| setting.migration(place, lost));
        let mut migrations: Vec<WaitMigration> = migrations.collect();
        if lost == LostWaits::Refuse {
            refuse_lost(&migrations)?;
        }
        let faulty = setting.faulty_versions(&migrations)?;
        let mut problems = Vec::new();
        for migration in &mut migrations {
            let given_up = |name: &Text| same(name, &migration.campaign);
            if setting.invalid.iter().any(given_up) {
                match lost {
                    LostWaits::Drop => migration.then = setting.dropped(&migration.place),
                    LostWaits::Refuse | LostWaits::Keep => problems.push(stranded(migration)),
                }
                continue;
            }
            let Some(fault) = faulty.iter().find(|faulty| faulty.is_of(migration)) else {
                continue;
            };
            match lost {
                LostWaits::Drop => migration.then = setting.dropped(&migration.place),
                // One that did not compile before is not a fault of this load.
                LostWaits::Refuse | LostWaits::Keep
                    if setting.version(&migration.place).is_none() => {}
                LostWaits::Refuse | LostWaits::Keep => problems.push(fault.error(migration)),
            }
        }
        if problems.is_empty() {
            Ok(Self(migrations))
        } else {
            Err(Error::Problems(problems))
        }
    }

    /// Returns whether the wait of someone ends without its step.
    pub(super) fn end_waits(&self) -> bool {
        let drops = |migration: &WaitMigration| matches!(migration.then, NextStep::Dropped { .. });
        self.0.iter().any(drops)
    }

    /// Writes it all into a load that is in progress; `reader` sees what was before, and is needed where waits end.
    pub(super) fn write(
        &self,
        loading: &mut Loading<'_>,
        reader: Option<&Store>,
        before: &StoredWorkspace,
        at: Instant,
    ) -> Result<(), Error> {
        for migration in &self.0 {
            if let Some(moved) = migration.moved() {
                loading.move_waits(&migration.place, &moved)?;
            }
        }
        if let Some(reader) = reader {
            self.drop_all(loading, reader, before, at)?;
        }
        Ok(())
    }

    /// Ends the waits that are dropped, in portions of whole people.
    fn drop_all(
        &self,
        loading: &mut Loading<'_>,
        reader: &Store,
        before: &StoredWorkspace,
        at: Instant,
    ) -> Result<(), Error> {
        let session = Session::new(before, 0, ChunkBounds::default());
        let mut after = PersonId(0);
        loop {
            let waits = reader.waits_of_people_after(after, AT_ONCE, session.bindings())?;
            let Some(last) = waits.last() else {
                return Ok(());
            };
            after = last.person;
            let dropped: Vec<(WaitRow, Abandoned)> = waits
                .into_iter()
                .filter_map(|wait| self.dropped_by(&wait).map(|why| (wait, why)))
                .collect();
            let journal = abandon(reader, &session, &dropped, at)?;
            loading.write(&journal, session.bindings())?;
        }
    }

    fn dropped_by(&self, wait: &WaitRow) -> Option<Abandoned> {
        let migration = self
            .0
            .iter()
            .find(|migration| migration.place.holds(wait))?;
        match migration.then {
            NextStep::Dropped { by } => Some(Abandoned::Dropped { by }),
            NextStep::GoesOn(..) | NextStep::Kept(_) | NextStep::Finishes(_) => None,
        }
    }

    /// Returns what happens to the people who wait in one campaign.
    pub(super) fn in_campaign(&self, full_name: &str) -> Vec<LoadedWait> {
        self.of_campaign(full_name)
            .map(WaitMigration::result)
            .collect()
    }

    /// Reports what happens to the people who wait in one campaign, in a sentence a place.
    pub(super) fn sentences(&self, full_name: &str) -> Vec<String> {
        self.of_campaign(full_name)
            .map(WaitMigration::sentence)
            .collect()
    }

    fn of_campaign<'a>(&'a self, full_name: &'a str) -> impl Iterator<Item = &'a WaitMigration> {
        let mine = |migration: &&WaitMigration| same(&migration.campaign, full_name);
        self.0.iter().filter(mine)
    }
}

/// Refuses a load that has no place for some who wait.
fn refuse_lost(migrations: &[WaitMigration]) -> Result<(), Error> {
    let mut problems: Vec<UserError> = migrations.iter().filter_map(WaitMigration::lost).collect();
    let Some(error) = problems.last_mut() else {
        return Ok(());
    };
    let help = "`bugle campaign load --waiting keep` lets them finish the version they are in, `--waiting drop` ends their waits; or leave the wait in the flow: one that has an `id` is found wherever it then stands";
    error.help = Some(help.to_owned());
    Err(Error::Problems(problems))
}

/// Refuses a load after which people would wait in a flow for ever.
fn stranded(migration: &WaitMigration) -> UserError {
    let message = format!(
        "`{}`: {}, in a flow that would no longer compile",
        migration.campaign,
        migration.who()
    );
    UserError::new(ErrorKind::State, message).help(LEAVE)
}

/// What helps where a flow would no longer compile.
const LEAVE: &str = "leave what it names in place until they are through, or `bugle campaign load --waiting drop` ends their waits";

impl LoadContext<'_> {
    /// Decides what happens to the people who wait at a place; nobody looks yet whether an old version still compiles.
    fn migration(&self, place: WaitPlace, lost: LostWaits) -> WaitMigration {
        let old = self.before.workspace.campaign(place.campaign);
        let zone = &self.workspace.zone;
        WaitMigration {
            campaign: old.full_name.to_string(),
            wait: wait_in_short(&place, &self.before.workspace),
            until: [place.held.first, place.held.last].map(|at| {
                let civil = zone.civil(at);
                civil.format("%Y-%m-%d %H:%M:%S").to_string()
            }),
            then: self.then(&place, old, lost),
            place,
        }
    }

    fn then(&self, place: &WaitPlace, old: &Campaign, lost: LostWaits) -> NextStep {
        let step = place.step.saturating_sub(1) as usize;
        if let Some(version) = place.finishes {
            let walked = self.version(place).unwrap_or(old);
            return NextStep::Finishes(Following::after(step, walked, version));
        }
        let Some(new) = self.successor(old) else {
            return NextStep::GoesOn(Following::after(step, old, old.version), None);
        };
        match (NextStep::found(place, new, old.version + 1), lost) {
            (Some(then), _) => then,
            (None, LostWaits::Drop) => self.dropped(place),
            (None, LostWaits::Refuse | LostWaits::Keep) => {
                NextStep::Kept(Following::after(step, old, old.version))
            }
        }
    }

    fn version(&self, place: &WaitPlace) -> Option<&Campaign> {
        let before = &self.before.workspace;
        before.version(place.campaign, place.finishes)
    }

    /// Returns the new version of a campaign, where the load brings one.
    fn successor(&self, old: &Campaign) -> Option<&Campaign> {
        let brought = |definition: &&Definition| same(&definition.full_name, &old.full_name);
        let definition = self.definitions.iter().find(brought)?;
        let is_new = definition.definition != self.before.row(old.id).definition;
        let mut campaigns = self.workspace.campaigns.iter().filter(|_| is_new);
        campaigns.find(|campaign| same(&campaign.full_name, &old.full_name))
    }

    fn dropped(&self, place: &WaitPlace) -> NextStep {
        let old = self.before.workspace.campaign(place.campaign);
        let is_new = self.successor(old).is_some();
        NextStep::Dropped {
            by: old.version + u32::from(is_new),
        }
    }

    /// Finds the old versions that somebody is to finish and that do not compile in the new workspace.
    fn faulty_versions(&self, migrations: &[WaitMigration]) -> Result<Vec<Faulty>, Error> {
        let mut versions = self.store.finished_versions()?;
        let kept = migrations
            .iter()
            .filter(|migration| matches!(migration.then, NextStep::Kept(_)));
        let mut kept: Vec<CampaignId> = kept.map(|migration| migration.place.campaign).collect();
        kept.dedup();
        versions.extend(kept.into_iter().map(|campaign| self.present(campaign)));
        if versions.is_empty() {
            return Ok(Vec::new());
        }
        let retired: Vec<StoredVersion> = versions.into_iter().map(stored_version).collect();
        let mut loaded = self.loaded.clone();
        loaded.add_retired(&retired);
        let (_, diagnostics) = compile_with(&loaded, self.known);
        let faulty = loaded.retired.iter().filter_map(|old| {
            fault_in(&old.campaign, &diagnostics).map(|fault| Faulty {
                full_name: old.campaign.full_name(),
                version: old.version,
                fault: fault.message.clone(),
            })
        });
        Ok(faulty.collect())
    }

    /// Returns the version of a campaign that was the newest before the load.
    fn present(&self, campaign: CampaignId) -> Version {
        let row = self.before.row(campaign);
        Version {
            full_name: row.full_name.clone(),
            file: row.file.clone(),
            version: row.version,
            definition: row.definition.clone(),
            description: row.description.clone(),
        }
    }
}

/// An old version that does not compile in the new workspace.
struct Faulty {
    full_name: String,
    version: u32,
    /// The first fault.
    fault: String,
}

impl Faulty {
    fn is_of(&self, migration: &WaitMigration) -> bool {
        migration.finished() == Some(self.version) && same(&self.full_name, &migration.campaign)
    }

    fn error(&self, migration: &WaitMigration) -> UserError {
        let message = format!(
            "`{}`: {}, to finish version {}, which would no longer compile: {}",
            migration.campaign,
            migration.who(),
            self.version,
            self.fault
        );
        UserError::new(ErrorKind::State, message).help(LEAVE)
    }
}
