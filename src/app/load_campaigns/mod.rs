//! `campaign load`: campaign files into the database, all or nothing.

mod wait_migration;
mod waiting;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::campaign::compile::{DatabaseNames, compile_with};
use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::text::same;
use crate::domain::{Field, Instant, Text};
use crate::results::{CampaignChange, CampaignLoadRow};
use crate::source;
use crate::store::{self, Definition, Load, MissingPolicy, ScheduleState, Store, WaitingCount};

use super::error::FaultyCampaigns;
use super::stored_workspace::{StoredWorkspace, fault_in};
use super::unreadable_path::unread;
use super::{Error, ErrorKind, UserError};
use waiting::{LoadContext, WaitMigrations};

pub(crate) use waiting::LostWaits;

/// What a load did.
pub(crate) struct LoadedCampaigns {
    /// A row a campaign.
    pub(crate) rows: Vec<CampaignLoadRow>,
    /// Who waits where in changed flows, and what happens to them: a sentence a wait.
    pub(crate) waiting: Vec<String>,
    /// Campaigns whose file is gone and that no longer compile in the new workspace.
    pub(crate) invalid: Vec<Text>,
    /// Warnings, which stop nothing.
    pub(crate) warnings: Diagnostics,
    /// The files they lie in.
    pub(crate) sources: Sources,
}

/// A folder or file that lies elsewhere, and what it stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moved<'a> {
    /// Where it lies.
    pub(crate) from: &'a Path,
    /// What it stands for.
    pub(crate) to: &'a Path,
}

impl Moved<'_> {
    /// Returns the name of a file as it would be in its place.
    fn name(self, file: &str) -> String {
        let below = Path::new(file).strip_prefix(strip_current(self.from));
        match below {
            Ok(below) if below.as_os_str().is_empty() => self.to.display().to_string(),
            Ok(below) => strip_current(self.to).join(below).display().to_string(),
            Err(_) => file.to_owned(),
        }
    }
}

/// Loads campaign files.
pub(crate) fn load_campaigns(
    store: &mut Store,
    paths: &[PathBuf],
    gone: MissingPolicy,
    lost: LostWaits,
    now: Instant,
) -> Result<LoadedCampaigns, Error> {
    load_moved(store, paths, None, gone, lost, now)
}

/// Loads campaign files, as if those that lie elsewhere were in their place.
pub(super) fn load_moved(
    store: &mut Store,
    paths: &[PathBuf],
    moved: Option<Moved<'_>>,
    gone: MissingPolicy,
    lost: LostWaits,
    now: Instant,
) -> Result<LoadedCampaigns, Error> {
    super::refuse_unfinished(store)?;
    if paths.iter().any(|path| path.as_os_str() == "-") {
        let message = "a campaign is loaded from a file, not from standard input";
        let help = "save it as a file; `bugle campaign validate -` checks standard input";
        return Err(UserError::new(ErrorKind::Usage, message).help(help).into());
    }
    let names = StoredNames::of(store)?;
    let mut files = CompiledFiles::of(store, paths, moved, &names)?;
    let missing = missing(
        &files.before,
        paths,
        &files.workspace.campaigns[..files.own],
    )?;
    let invalid = match gone {
        MissingPolicy::Prune => files.give_up(&missing, &names),
        MissingPolicy::Keep => {
            files.propose_pruning(&missing);
            Vec::new()
        }
    };
    let CompiledFiles {
        before,
        loaded,
        own,
        workspace,
        diagnostics,
    } = files;
    if diagnostics.errors() > 0 {
        let sources = loaded.sources;
        return Err(Error::Campaigns(Box::new(FaultyCampaigns {
            diagnostics,
            sources,
        })));
    }
    // Occurrences before the watermark do not come again, also with an earlier `--now`.
    let reached = store.watermark()?.map_or(now, |at| at.max(now));
    let definitions: Vec<Definition> = loaded.campaigns[..own]
        .iter()
        .zip(&workspace.campaigns)
        .map(|(written, campaign)| definition(&before, &workspace, campaign, written, reached))
        .collect();
    let migrations = WaitMigrations::of(
        &LoadContext {
            store,
            before: &before,
            loaded: &loaded,
            workspace: &workspace,
            definitions: &definitions,
            invalid: &invalid,
            known: names.known(),
        },
        lost,
    )?;
    let canonical = loaded.canonical_workspace().unwrap_or_default();
    // A database that exists in memory alone has nobody in a wait, and cannot be read twice.
    let reader = migrations.end_waits().then(|| store.reader());
    let reader = reader.transpose()?;
    let mut loading = store.begin_load(Load {
        workspace: &canonical,
        fields: &workspace.fields,
        zone: &workspace.zone,
        lists: &workspace.lists,
        campaigns: &definitions,
        missing: &missing,
        gone,
        now,
    })?;
    migrations.write(&mut loading, reader.as_ref(), &before, reached)?;
    let changes = loading.commit()?;
    if !invalid.is_empty() || before.has_invalid_campaigns() {
        StoredWorkspace::of(store)?.mark_invalid(store)?;
    }
    let rows = Report {
        definitions: &definitions,
        before: &before,
        missing: &missing,
        gone,
        migrations: &migrations,
        held: store.waiting_counts()?,
    }
    .rows(changes);
    let new_versions = rows
        .iter()
        .filter(|row| row.change == CampaignChange::Changed);
    let waiting = new_versions
        .flat_map(|row| migrations.sentences(&row.campaign))
        .collect();
    Ok(LoadedCampaigns {
        rows,
        waiting,
        invalid,
        warnings: diagnostics,
        sources: loaded.sources,
    })
}

/// What a load reports of each campaign.
struct Report<'a> {
    definitions: &'a [Definition],
    before: &'a StoredWorkspace,
    /// The stored campaigns whose file is gone.
    missing: &'a [Text],
    gone: MissingPolicy,
    migrations: &'a WaitMigrations,
    /// How many people wait in each campaign.
    held: BTreeMap<String, WaitingCount>,
}

impl Report<'_> {
    /// Returns a row for each campaign of the files, in their order, and then for each one that is missing.
    fn rows(&self, changes: Vec<(store::DefinitionChange, u32)>) -> Vec<CampaignLoadRow> {
        let loaded = self.definitions.iter().zip(changes);
        let loaded = loaded.map(|(definition, (change, version))| CampaignLoadRow {
            campaign: definition.full_name.to_string(),
            file: definition.file.clone(),
            change: match change {
                store::DefinitionChange::Added => CampaignChange::Added,
                store::DefinitionChange::Changed => CampaignChange::Changed,
                store::DefinitionChange::Unchanged => CampaignChange::Unchanged,
            },
            version,
            mode: definition.mode,
            waiting: self.waiting(&definition.full_name),
            waits: self.migrations.in_campaign(&definition.full_name),
        });
        let stored = self.before.stored.iter();
        let missing = stored.filter(|row| self.missing.contains(&row.full_name));
        let missing = missing.map(|row| CampaignLoadRow {
            campaign: row.full_name.to_string(),
            file: row.file.clone(),
            change: match self.gone {
                MissingPolicy::Keep => CampaignChange::Missing,
                MissingPolicy::Prune => CampaignChange::Pruned,
            },
            version: row.version,
            mode: row.mode,
            waiting: self.waiting(&row.full_name),
            waits: self.migrations.in_campaign(&row.full_name),
        });
        loaded.chain(missing).collect()
    }

    fn waiting(&self, campaign: &str) -> u64 {
        let held = self.held.iter().find(|(full, _)| same(full, campaign));
        held.map_or(0, |(_, held)| held.people)
    }
}

/// Returns the campaigns of a file by name, where the database has the same versions of them, and the same workspace.
pub(crate) fn stored_as(store: &Store, path: &Path) -> Result<Option<Vec<String>>, Error> {
    let CompiledFiles {
        before,
        loaded,
        own,
        workspace,
        diagnostics,
    } = CompiledFiles::of(store, &[path.to_owned()], None, &StoredNames::of(store)?)?;
    let canonical = loaded.canonical_workspace().unwrap_or_default();
    if diagnostics.errors() > 0 || store.workspace()?.as_deref() != Some(canonical.as_str()) {
        return Ok(None);
    }
    let mut names = Vec::new();
    for (written, campaign) in loaded.campaigns[..own].iter().zip(&workspace.campaigns) {
        let is_stored = before.stored.iter().any(|row| {
            same(&row.full_name, &campaign.full_name) && row.definition == written.canonical()
        });
        if !is_stored {
            return Ok(None);
        }
        names.push(campaign.full_name.to_string());
    }
    Ok(Some(names))
}

/// The names of fields and lists that the database has.
struct StoredNames {
    fields: Vec<Field>,
    lists: Vec<Text>,
}

impl StoredNames {
    fn of(store: &Store) -> Result<Self, Error> {
        Ok(Self {
            fields: store.stored_fields()?,
            lists: store.list_names()?,
        })
    }

    fn known(&self) -> DatabaseNames<'_> {
        DatabaseNames {
            fields: &self.fields,
            lists: &self.lists,
        }
    }
}

/// Campaign files, compiled together with what is stored.
struct CompiledFiles {
    /// What is stored.
    before: StoredWorkspace,
    /// The files, and after them the stored campaigns that they do not have.
    loaded: source::LoadedFiles,
    /// How many campaigns are those of the files; they come first.
    own: usize,
    workspace: Workspace,
    diagnostics: Diagnostics,
}

impl CompiledFiles {
    fn of(
        store: &Store,
        paths: &[PathBuf],
        moved: Option<Moved<'_>>,
        names: &StoredNames,
    ) -> Result<Self, Error> {
        let before = StoredWorkspace::of(store)?;
        let mut loaded = source::load(paths).map_err(|faults| unread(&faults))?;
        let own = loaded.campaigns.len();
        if let Some(moved) = moved {
            for campaign in &mut loaded.campaigns {
                campaign.file = moved.name(&campaign.file);
            }
        }
        loaded.add_stored(&before.as_stored(store)?);
        // What did not compile before is no fault of this load.
        let mut place = 0;
        loaded.campaigns.retain(|campaign| {
            place += 1;
            place <= own || !before.has_invalid(&campaign.full_name())
        });
        let (workspace, diagnostics) = compile_with(&loaded, names.known());
        Ok(Self {
            before,
            loaded,
            own,
            workspace,
            diagnostics,
        })
    }

    /// Leaves out stored campaigns whose file is gone and that do not compile in the new workspace, and returns their names.
    fn give_up(&mut self, gone: &[Text], names: &StoredNames) -> Vec<Text> {
        let stored = &self.loaded.campaigns[self.own..];
        let broken = stored
            .iter()
            .filter(|campaign| fault_in(campaign, &self.diagnostics).is_some())
            .map(|campaign| Text::from(campaign.full_name()))
            .filter(|name| gone.iter().any(|gone| same(gone, name)));
        let broken: Vec<Text> = broken.collect();
        if !broken.is_empty() {
            let is_broken = |name: &str| broken.iter().any(|broken| same(broken, name));
            let campaigns = &mut self.loaded.campaigns;
            let mut stored = campaigns.split_off(self.own);
            stored.retain(|campaign| !is_broken(&campaign.full_name()));
            campaigns.append(&mut stored);
            (self.workspace, self.diagnostics) = compile_with(&self.loaded, names.known());
        }
        broken
    }

    /// Says of faults in stored campaigns whose file is gone what takes these out of use.
    fn propose_pruning(&mut self, gone: &[Text]) {
        let stored = &self.loaded.campaigns[self.own..];
        let gone: Vec<&source::Campaign> = stored
            .iter()
            .filter(|campaign| gone.iter().any(|gone| same(gone, &campaign.full_name())))
            .collect();
        let mut diagnostics = Diagnostics::default();
        for fault in self.diagnostics.sorted() {
            let within = gone.iter().find(|campaign| campaign.contains(fault.span));
            diagnostics.push(match within {
                Some(campaign) => fault.clone().help(format!(
                    "this is `{}` as it was loaded, whose file is gone: `bugle campaign load --prune` takes it out of use",
                    campaign.full_name()
                )),
                None => fault.clone(),
            });
        }
        self.diagnostics = diagnostics;
    }
}

fn definition(
    before: &StoredWorkspace,
    workspace: &Workspace,
    campaign: &Campaign,
    written: &source::Campaign,
    reached: Instant,
) -> Definition {
    let schedule = match &campaign.schedule {
        None => ScheduleState::No,
        Some(schedule) => {
            let next = schedule.after(reached, workspace.week_start).next();
            let next = next.map(|next| next.at);
            let had = before
                .workspace
                .campaigns
                .iter()
                .find(|had| same(&had.full_name, &campaign.full_name));
            if had.is_some_and(|had| had.schedule.as_ref() == Some(schedule)) {
                ScheduleState::Same(next)
            } else {
                ScheduleState::Next(next)
            }
        }
    };
    Definition {
        full_name: campaign.full_name.clone(),
        name: campaign.name.clone(),
        program: campaign
            .program
            .and_then(|id| workspace.program(id))
            .map(|program| program.name.clone()),
        mode: campaign.mode,
        file: campaign.file.clone(),
        definition: written.canonical(),
        description: campaign.description.clone(),
        active: campaign.active,
        marketo_id: campaign.marketo_id,
        schedule,
    }
}

/// Finds the campaigns of the database whose file lay under the given paths and is gone, or no longer has them.
///
/// A file that is there and was not read, such as one behind a link to a folder, is not gone; neither is one of which the
/// system does not say whether it is there, which is an error.
fn missing(
    before: &StoredWorkspace,
    paths: &[PathBuf],
    new: &[Campaign],
) -> Result<Vec<Text>, Error> {
    let under = |file: &str| {
        paths
            .iter()
            .any(|path| Path::new(file).starts_with(strip_current(path)))
    };
    let mut missing = Vec::new();
    for row in &before.stored {
        let is_loaded = |new: &Campaign| same(&new.full_name, &row.full_name);
        if !under(&row.file) || new.iter().any(is_loaded) {
            continue;
        }
        let file = Path::new(&row.file);
        let was_read = new.iter().any(|new| Path::new(&new.file) == file);
        if was_read || source::is_gone(file).map_err(|fault| unread(&[fault]))? {
            missing.push(row.full_name.clone());
        }
    }
    Ok(missing)
}

/// `./campaigns` and `campaigns` are one path.
fn strip_current(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
