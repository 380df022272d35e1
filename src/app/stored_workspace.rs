//! The stored workspace: compiles the campaigns of a database. Nearly every use case starts with it.

use std::collections::BTreeSet;

use crate::campaign::compile::{DatabaseNames, compile_with};
use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::domain::text::{same, slug};
use crate::domain::{CampaignId, Instant, Mode, Text};
use crate::filter::Filter;
use crate::source::{self, StoredCampaign, StoredVersion};
use crate::store::{self, Bindings, Store, StoredDefinition};
use crate::world::{Numbering, WaitRow};

use super::{Error, ErrorKind, UserError};

/// A database's campaigns, compiled.
pub(crate) struct StoredWorkspace {
    /// The workspace with its campaigns.
    pub(crate) workspace: Workspace,
    /// The translation between it and the database.
    pub(crate) bindings: Bindings,
    /// What the database says of each campaign, in the workspace's order.
    pub(crate) stored: Vec<StoredDefinition>,
    invalid: BTreeSet<CampaignId>,
    /// The names of all campaigns that no longer compile, if the database marks others.
    to_mark: Option<Vec<Text>>,
}

impl StoredWorkspace {
    /// Compiles what a database holds.
    pub(crate) fn of(store: &Store) -> Result<Self, Error> {
        let mut stored = store.definitions()?;
        let loaded = source::from_stored(&source::StoredTexts {
            retired: retired(store)?,
            ..texts(store, &stored)?
        });
        let (mut workspace, diagnostics) = compile_with(
            &loaded,
            DatabaseNames {
                fields: &store.stored_fields()?,
                lists: &store.list_names()?,
            },
        );
        let mut invalid = BTreeSet::new();
        let marked: BTreeSet<Text> = stored
            .iter()
            .filter(|row| row.invalid)
            .map(|row| row.full_name.clone())
            .collect();
        // A definition that cannot even be read any more leaves no campaign; its row stays in the database.
        let is_read = |row: &StoredDefinition| {
            let mut campaigns = workspace.campaigns.iter();
            campaigns.any(|c| same(&c.full_name, &row.full_name))
        };
        let unread = stored.iter().filter(|row| !is_read(row));
        let mut invalid_names: BTreeSet<Text> = unread.map(|row| row.full_name.clone()).collect();
        stored.sort_by_key(|row| {
            workspace
                .campaigns
                .iter()
                .position(|c| same(&c.full_name, &row.full_name))
        });
        stored.retain(|row| {
            workspace
                .campaigns
                .iter()
                .any(|c| same(&c.full_name, &row.full_name))
        });
        refuse_other_rows(&workspace, &stored)?;
        for ((campaign, written), row) in workspace
            .campaigns
            .iter_mut()
            .zip(&loaded.campaigns)
            .zip(&stored)
        {
            campaign.version = row.version;
            if fault_in(written, &diagnostics).is_some() {
                invalid.insert(campaign.id);
                invalid_names.insert(row.full_name.clone());
                // Of a smart list that cannot be read whole the rest may mean anything: it takes nobody.
                campaign.filter = Filter::Any(Vec::new());
            }
        }
        retain_valid(&mut workspace, &loaded, &diagnostics);
        let names: Vec<_> = workspace
            .campaigns
            .iter()
            .map(|campaign| campaign.full_name.clone())
            .collect();
        let numbering = Numbering::of(&workspace.lists, &workspace.program_names);
        let bindings = store.bind(&names, &workspace.fields, &workspace.activities, numbering)?;
        Ok(Self {
            workspace,
            bindings,
            stored,
            invalid,
            to_mark: (marked != invalid_names).then(|| invalid_names.into_iter().collect()),
        })
    }

    /// Marks in the database which campaigns no longer compile, so that its views say so; commands that write do it.
    pub(crate) fn mark_invalid(&self, store: &mut Store) -> Result<(), Error> {
        if let Some(names) = &self.to_mark {
            store.set_invalid(names)?;
        }
        Ok(())
    }

    /// Returns the definitions as they are stored.
    pub(crate) fn as_stored(&self, store: &Store) -> Result<source::StoredTexts, Error> {
        texts(store, &self.stored)
    }

    /// Returns whether triggers reach a campaign.
    pub(crate) fn is_active(&self, campaign: CampaignId) -> bool {
        self.stored[campaign.0 as usize].active && !self.is_invalid(campaign)
    }

    /// Returns whether the stored version no longer compiles.
    pub(crate) fn is_invalid(&self, campaign: CampaignId) -> bool {
        self.invalid.contains(&campaign)
    }

    /// Returns whether any campaign no longer compiles.
    pub(crate) fn has_invalid_campaigns(&self) -> bool {
        !self.invalid.is_empty()
    }

    /// Returns whether a campaign has this full name and no longer compiles.
    pub(crate) fn has_invalid(&self, full_name: &str) -> bool {
        let mut invalid = self.invalid.iter();
        invalid.any(|id| same(&self.workspace.campaign(*id).full_name, full_name))
    }

    /// Returns what the database says of a campaign.
    pub(crate) fn row(&self, campaign: CampaignId) -> &StoredDefinition {
        &self.stored[campaign.0 as usize]
    }

    /// Finds a campaign by full name, by a bare name or slug that is unique, or by its file.
    pub(crate) fn find(&self, name: &str) -> Result<&Campaign, UserError> {
        let campaigns = &self.workspace.campaigns;
        if let Some(campaign) = campaigns
            .iter()
            .find(|campaign| same(&campaign.full_name, name))
        {
            return Ok(campaign);
        }
        let by: [fn(&Campaign, &str) -> bool; 4] = [
            |campaign, name| same(&campaign.name, name),
            |campaign, name| slug(&campaign.full_name) == name,
            |campaign, name| slug(&campaign.name) == name,
            |campaign, name| std::path::Path::new(&campaign.file) == std::path::Path::new(name),
        ];
        for matches in by {
            let found: Vec<&Campaign> = campaigns
                .iter()
                .filter(|campaign| matches(campaign, name))
                .collect();
            match found.as_slice() {
                [] => {}
                [campaign] => return Ok(campaign),
                several => {
                    let names: Vec<String> = several
                        .iter()
                        .map(|c| format!("`{}`", c.full_name))
                        .collect();
                    return Err(UserError::new(
                        ErrorKind::State,
                        format!("several campaigns are called `{name}`"),
                    )
                    .help(format!("write the full name: {}", names.join(" or "))));
                }
            }
        }
        let known = campaigns
            .iter()
            .flat_map(|campaign| [campaign.full_name.as_ref(), campaign.name.as_str()]);
        let help = did_you_mean(name, known)
            .unwrap_or_else(|| "`bugle campaign list` shows them".to_owned());
        Err(UserError::new(ErrorKind::State, format!("no campaign `{name}`")).help(help))
    }

    /// Finds a campaign that is to work: one that no longer compiles does not.
    pub(crate) fn find_valid(&self, name: &str) -> Result<&Campaign, UserError> {
        let campaign = self.find(name)?;
        if self.is_invalid(campaign.id) {
            return Err(UserError::new(
                ErrorKind::State,
                format!(
                    "the stored version of `{}` no longer compiles",
                    campaign.full_name
                ),
            )
            .help("`bugle campaign validate` shows what is wrong; mend it and load it again"));
        }
        Ok(campaign)
    }

    /// Returns whether a wait may end now: one in a version that no longer compiles stays until that is mended.
    pub(crate) fn may_wake(&self, wait: &WaitRow) -> bool {
        match wait.finishes {
            None => !self.is_invalid(wait.campaign),
            Some(_) => self
                .workspace
                .version(wait.campaign, wait.finishes)
                .is_some(),
        }
    }

    /// Returns the next occurrences of a scheduled batch campaign after an instant.
    pub(crate) fn next_runs(&self, campaign: &Campaign, after: Instant) -> Vec<Instant> {
        let row = self.row(campaign.id);
        match (&campaign.schedule, row.scheduled_from) {
            (Some(schedule), Some(from))
                if campaign.mode == Mode::Batch && !self.is_invalid(campaign.id) =>
            {
                let after = after.max(from);
                schedule
                    .after(after, self.workspace.week_start)
                    .take(3)
                    .map(|occurrence| occurrence.at)
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Refuses a database whose rows of campaigns are not those of its definitions, one by one: somebody has edited it.
fn refuse_other_rows(workspace: &Workspace, stored: &[StoredDefinition]) -> Result<(), Error> {
    let mut rows = stored.iter().map(Some).chain(std::iter::repeat(None));
    let campaigns = workspace.campaigns.iter();
    let other = campaigns
        .zip(&mut rows)
        .find(|(campaign, row)| row.is_none_or(|row| !same(&campaign.full_name, &row.full_name)));
    match other {
        None if stored.len() == workspace.campaigns.len() => Ok(()),
        None => Err(store::Error::Inconsistent("two campaigns have one name".to_owned()).into()),
        Some((campaign, _)) => Err(store::Error::Inconsistent(format!(
            "the definition of the campaign `{}` stands in the row of another one",
            campaign.full_name
        ))
        .into()),
    }
}

fn texts(store: &Store, campaigns: &[StoredDefinition]) -> Result<source::StoredTexts, Error> {
    let campaigns = campaigns.iter().map(|campaign| StoredCampaign {
        file: campaign.file.clone(),
        definition: campaign.definition.clone(),
        description: campaign.description.clone(),
    });
    Ok(source::StoredTexts {
        workspace: store.workspace()?,
        campaigns: campaigns.collect(),
        retired: Vec::new(),
    })
}

/// Returns the older versions that people finish.
fn retired(store: &Store) -> Result<Vec<StoredVersion>, Error> {
    let versions = store.finished_versions()?.into_iter();
    Ok(versions.map(stored_version).collect())
}

/// Returns a version of a campaign as `source` reads it.
pub(super) fn stored_version(version: store::Version) -> StoredVersion {
    StoredVersion {
        version: version.version,
        campaign: StoredCampaign {
            file: version.file,
            definition: version.definition,
            description: version.description,
        },
    }
}

/// Takes the older versions that no longer compile out of a workspace.
fn retain_valid(
    workspace: &mut Workspace,
    loaded: &source::LoadedFiles,
    diagnostics: &Diagnostics,
) {
    workspace.retired.retain(|old| {
        let written = loaded.retired.iter().find(|written| {
            written.version == old.version && same(&written.campaign.full_name(), &old.full_name)
        });
        written.is_some_and(|written| fault_in(&written.campaign, diagnostics).is_none())
    });
}

/// Returns the first error in a campaign's document.
pub(super) fn fault_in<'d>(
    written: &source::Campaign,
    diagnostics: &'d Diagnostics,
) -> Option<&'d Diagnostic> {
    let broken =
        |fault: &&Diagnostic| fault.severity() == Severity::Error && written.contains(fault.span);
    diagnostics.sorted().into_iter().find(broken)
}
