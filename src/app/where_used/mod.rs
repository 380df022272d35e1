//! `campaign where-used`: what defines, reads and writes a name, and which campaigns start or feed each other.

mod graph;

use std::path::PathBuf;

use crate::campaign::Workspace;
use crate::campaign::compile::compile;
use crate::campaign::references::{NameKind, Reference, references};
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::text::{same, slug};
use crate::results::{CampaignEdge, ReferenceRow};
use crate::source::{self, LoadedFiles};

use super::unreadable_path::unread;
use super::{Error, ErrorKind, UserError};

/// The names in some files.
#[derive(Debug)]
pub(crate) struct UsedNames {
    loaded: LoadedFiles,
    workspace: Workspace,
    references: Vec<Reference>,
    /// How many errors the files have; `campaign validate` lists them.
    pub(crate) errors: usize,
}

impl UsedNames {
    /// Reads every campaign file that the paths stand for. Files with errors are read as far as they can be.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, Error> {
        let loaded = source::load(paths).map_err(|faults| unread(&faults))?;
        let (workspace, diagnostics) = compile(&loaded, &[]);
        let references = references(&loaded, &workspace);
        Ok(Self {
            errors: diagnostics.errors(),
            loaded,
            workspace,
            references,
        })
    }

    /// Returns every place of a name, by file and line. A name that no file knows is an error.
    pub(crate) fn places(&self, name: &str) -> Result<Vec<ReferenceRow>, UserError> {
        let meant = self.meant(name)?;
        let mut places: Vec<&Reference> = self
            .references
            .iter()
            .filter(|reference| is_among(reference, &meant))
            .collect();
        places.sort_by_key(|reference| (self.file(reference), reference.span));
        Ok(places.into_iter().map(|place| self.row(place)).collect())
    }

    /// Returns which campaigns start and feed each other; with a name, only those that use it and their neighbours.
    pub(crate) fn edges(&self, name: Option<&str>) -> Result<Vec<CampaignEdge>, UserError> {
        let edges = graph::edges(&self.references);
        let full_name = |place: usize| self.loaded.campaigns[place].full_name();
        let users = match name {
            None => None,
            Some(name) => Some(self.users(&self.meant(name)?)),
        };
        let wanted = |place: usize| users.as_ref().is_none_or(|users| users.contains(&place));
        let edges = edges.into_iter();
        let edges = edges.filter(|edge| wanted(edge.from) || wanted(edge.to));
        Ok(edges
            .map(|edge| CampaignEdge {
                from: full_name(edge.from),
                to: full_name(edge.to),
                by: edge.by,
            })
            .collect())
    }

    /// Returns the campaigns that use one of some names, or have it.
    fn users(&self, meant: &[(NameKind, String)]) -> Vec<usize> {
        let uses = self.references.iter();
        let uses = uses.filter(|reference| is_among(reference, meant));
        // A campaign that is meant itself stands for itself alone.
        let campaigns = meant.iter().all(|(kind, _)| *kind == NameKind::Campaign);
        let own = |reference: &&Reference| {
            !campaigns || reference.access == crate::campaign::references::Access::Defines
        };
        uses.filter(own)
            .filter_map(|reference| reference.campaign)
            .collect()
    }

    /// Returns what a name may stand for: one thing, or several of different kinds.
    fn meant(&self, name: &str) -> Result<Vec<(NameKind, String)>, UserError> {
        let mut meant: Vec<(NameKind, String)> = Vec::new();
        if let Some(id) = self.workspace.fields.find(name) {
            let field = self.workspace.fields.field(id);
            meant.push((NameKind::Field, field.name.clone()));
        }
        let activity = name.strip_prefix("not_").unwrap_or(name);
        if let Some(id) = self.workspace.activities.find(activity) {
            let activity = self.workspace.activities.get(id);
            meant.push((NameKind::Activity, activity.name.to_string()));
        }
        for campaign in &self.loaded.campaigns {
            let full = campaign.full_name();
            let bare = &campaign.name.value;
            let slugs = [slug(&full), slug(bare)];
            if same(&full, name)
                || same(bare, name)
                || slugs.iter().any(|slug| slug == name)
                || campaign.file == name
            {
                meant.push((NameKind::Campaign, full));
            }
        }
        for reference in &self.references {
            let kind_of_its_own = matches!(
                reference.kind,
                NameKind::Field | NameKind::Activity | NameKind::Campaign
            );
            if !kind_of_its_own && same(&reference.name, name) {
                meant.push((reference.kind, reference.name.clone()));
            }
        }
        meant.sort();
        meant.dedup_by(|a, b| a.0 == b.0 && same(&a.1, &b.1));
        if meant.is_empty() {
            return Err(self.unknown(name));
        }
        Ok(meant)
    }

    fn unknown(&self, name: &str) -> UserError {
        let message = format!(
            "the files know no field, list, program, email, smart list, campaign, status, webhook or activity `{name}`"
        );
        let error = UserError::new(ErrorKind::State, message);
        let known = self.references.iter().map(|one| one.name.as_str());
        match did_you_mean(name, known) {
            Some(help) => error.help(help),
            None => error,
        }
    }

    fn file(&self, reference: &Reference) -> String {
        let path = self.loaded.sources.path(reference.span.file);
        path.display().to_string()
    }

    fn row(&self, reference: &Reference) -> ReferenceRow {
        let (line, column) = self.loaded.sources.position(reference.span);
        let campaign = reference
            .campaign
            .map(|place| self.loaded.campaigns[place].full_name());
        ReferenceRow {
            name: reference.name.clone(),
            kind: reference.kind.name(),
            access: reference.access.name(),
            campaign,
            part: reference.part.to_string(),
            file: self.file(reference),
            line,
            column,
        }
    }
}

fn is_among(reference: &Reference, names: &[(NameKind, String)]) -> bool {
    names
        .iter()
        .any(|(kind, name)| *kind == reference.kind && same(name, &reference.name))
}
