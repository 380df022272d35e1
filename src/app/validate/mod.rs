//! Checks campaign files. A database is opened only to look up its fields and lists, and only if one is named.

#[cfg(test)]
mod tests;
mod values;

use std::path::PathBuf;

use crate::campaign::Workspace;
pub(crate) use crate::campaign::compile::DatabaseNames;
use crate::campaign::compile::compile_with;
use crate::diagnostic::{Code, Diagnostics, Severity, Sources, Span, json};
use crate::results::{ValidateReport, ValidateRow};
use crate::source::{self, LoadedFiles};
use crate::store::Store;

use super::Error;
use super::unreadable_path::unread;

/// What checking some files has shown.
#[derive(Debug)]
pub(crate) struct Validation {
    /// The compiled workspace, where nothing stops it from being used.
    pub(crate) workspace: Option<Workspace>,
    /// One row a campaign, in path order.
    pub(crate) rows: Vec<ValidateRow>,
    /// Every fault.
    pub(crate) diagnostics: Diagnostics,
    /// The files, for excerpts.
    pub(crate) sources: Sources,
    /// What was read, without the texts of the files; its campaigns stand in the order of the rows.
    pub(crate) loaded: LoadedFiles,
}

impl Validation {
    /// Returns the rows with the faults that lie in each, then a row for each file with faults outside campaigns.
    pub(crate) fn reports(&self) -> Vec<ValidateReport> {
        let mut reports: Vec<ValidateReport> = self.rows.iter().map(without_faults).collect();
        for fault in self.diagnostics.sorted() {
            let within = |document: &Span| {
                document.file == fault.span.file
                    && (document.start..=document.end).contains(&fault.span.start)
            };
            let mut documents = self.loaded.campaigns.iter().map(|written| &written.span);
            let index = documents.position(within);
            let row = json::row(fault, &self.sources);
            let file = self.sources.path(fault.span.file).display().to_string();
            let report = match index {
                Some(index) => &mut reports[index],
                None => outside(&mut reports, file, fault.severity()),
            };
            report.diagnostics.push(row);
        }
        reports
    }
}

fn without_faults(row: &ValidateRow) -> ValidateReport {
    ValidateReport {
        campaign: Some(row.campaign.clone()),
        program: row.program.clone(),
        file: row.file.clone(),
        mode: row.mode,
        triggers: row.triggers,
        filters: row.filters,
        steps: row.steps,
        errors: row.errors,
        warnings: row.warnings,
        diagnostics: Vec::new(),
    }
}

/// Returns the row of a file's faults outside campaigns, and counts one more there.
fn outside(
    reports: &mut Vec<ValidateReport>,
    file: String,
    severity: Severity,
) -> &mut ValidateReport {
    let known = reports
        .iter()
        .position(|report| report.campaign.is_none() && report.file == file);
    let index = known.unwrap_or_else(|| {
        reports.push(ValidateReport {
            campaign: None,
            program: None,
            file,
            mode: None,
            triggers: 0,
            filters: 0,
            steps: 0,
            errors: 0,
            warnings: 0,
            diagnostics: Vec::new(),
        });
        reports.len() - 1
    });
    let report = &mut reports[index];
    match severity {
        Severity::Error => report.errors += 1,
        Severity::Warning => report.warnings += 1,
    }
    report
}

/// Reads and checks every campaign file that the paths stand for.
pub(crate) fn validate(paths: &[PathBuf]) -> Result<Validation, Error> {
    validate_against(paths, DatabaseNames::default(), None)
}

/// As [`validate`], with the fields and lists that a database has beside those the files declare; and against the people
/// of a database, where one is given.
pub(crate) fn validate_against(
    paths: &[PathBuf],
    known: DatabaseNames<'_>,
    people: Option<&Store>,
) -> Result<Validation, Error> {
    let mut loaded = source::load(paths).map_err(|faults| unread(&faults))?;
    let (workspace, mut diagnostics) = compile_with(&loaded, known);
    super::test::events::check(&workspace, &mut diagnostics);
    if let Some(store) = people
        && diagnostics.errors() == 0
    {
        values::check(store, &loaded, &workspace, &mut diagnostics)?;
    }
    let rows = rows(&loaded, &workspace, &diagnostics);
    Ok(Validation {
        workspace: (diagnostics.errors() == 0).then_some(workspace),
        rows,
        diagnostics,
        sources: std::mem::take(&mut loaded.sources),
        loaded,
    })
}

fn rows(
    loaded: &LoadedFiles,
    workspace: &Workspace,
    diagnostics: &Diagnostics,
) -> Vec<ValidateRow> {
    let sorted = diagnostics.sorted();
    let rows = loaded.campaigns.iter().zip(&workspace.campaigns);
    rows.map(|(source, campaign)| {
        let within = |severity| {
            let here = sorted.iter().filter(|fault| source.contains(fault.span));
            here.filter(|fault| fault.severity() == severity).count()
        };
        let unclear = source.smart_list_unread
            || sorted
                .iter()
                .any(|fault| fault.code == Code::NoSmartList && source.contains(fault.span));
        let list = source.smart_list.as_ref();
        ValidateRow {
            campaign: source.full_name(),
            program: source.in_program().map(|program| program.value.clone()),
            file: source.file.clone(),
            mode: (!unclear).then_some(campaign.mode),
            triggers: list.map_or(0, |list| list.triggers.len()),
            filters: list.map_or(0, |list| list.filters.len()),
            steps: source.flow.as_ref().map_or(0, |flow| flow.entries),
            errors: within(Severity::Error),
            warnings: within(Severity::Warning),
        }
    })
    .collect()
}
