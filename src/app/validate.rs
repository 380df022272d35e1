//! Checks campaign files without touching a database, unless one is asked what fields and lists it has.

use std::path::PathBuf;

use crate::campaign::{Mode, Workspace, compile};
use crate::diagnostic::{Code, Diagnostics, Severity, Sources};
use crate::domain::Field;
use crate::results::ValidateRow;
use crate::source::{self, Loaded};

use super::{Error, Kind, Problem};

/// What checking some files has shown.
#[derive(Debug)]
pub struct Validation {
    /// The compiled workspace, where nothing stops it from being used.
    pub workspace: Option<Workspace>,
    /// One row a campaign, in path order.
    pub rows: Vec<ValidateRow>,
    /// Every fault.
    pub diagnostics: Diagnostics,
    /// The files, for excerpts.
    pub sources: Sources,
}

/// Reads and checks every campaign file that the paths stand for.
pub fn validate(paths: &[PathBuf]) -> Result<Validation, Error> {
    validate_against(paths, &[])
}

/// As [`validate`], with the fields that a database has beside those the files declare.
pub fn validate_against(paths: &[PathBuf], known_fields: &[Field]) -> Result<Validation, Error> {
    let loaded = source::load(paths)
        .map_err(|fault| Error::Problem(Problem::new(Kind::Storage, fault.to_string())))?;
    let (workspace, diagnostics) = compile::compile(&loaded, known_fields);
    let rows = rows(&loaded, &workspace, &diagnostics);
    Ok(Validation {
        workspace: (diagnostics.errors() == 0).then_some(workspace),
        rows,
        diagnostics,
        sources: loaded.sources,
    })
}

fn rows(loaded: &Loaded, workspace: &Workspace, diagnostics: &Diagnostics) -> Vec<ValidateRow> {
    let told = diagnostics.sorted();
    let rows = loaded.campaigns.iter().zip(&workspace.campaigns);
    rows.map(|(source, campaign)| {
        let within = |severity| {
            let here = told.iter().filter(|fault| source.contains(fault.span));
            here.filter(|fault| fault.severity() == severity).count()
        };
        let untold = source.smart_list_unread
            || told
                .iter()
                .any(|fault| fault.code == Code::NoSmartList && source.contains(fault.span));
        let list = source.smart_list.as_ref();
        ValidateRow {
            campaign: source.name.value.clone(),
            program: source.in_program().map(|program| program.value.clone()),
            file: source.file.clone(),
            mode: (!untold).then(|| Mode::name(campaign.mode).to_owned()),
            triggers: list.map_or(0, |list| list.triggers.len()),
            filters: list.map_or(0, |list| list.filters.len()),
            steps: source.flow.as_ref().map_or(0, |flow| flow.entries),
            errors: within(Severity::Error),
            warnings: within(Severity::Warning),
        }
    })
    .collect()
}
