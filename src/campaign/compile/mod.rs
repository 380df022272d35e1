//! From campaigns as written to a checked [`Workspace`], with every fault of every file in one pass.
//!
//! First what campaigns share, then all names, then each campaign, then what only shows across campaigns.
//! A workspace is returned even if there are errors; then the caller must not run it. Called by
//! `app` for files and for definitions that come back out of the database alike.

mod activities;
mod assets;
mod call;
mod calls;
mod campaign;
mod case_values;
mod cases;
mod contradictions;
mod dead_ends;
mod draft;
mod expectations;
mod fields;
mod flow;
mod flow_draft;
mod guards;
mod lent_tokens;
mod lists;
mod min_delay;
mod mode;
mod names;
mod parameters;
mod priority;
mod programs;
mod races;
mod reentry;
mod retired;
mod schedule;
pub(crate) mod schema;
mod score;
mod settings;
mod smart_lists;
mod steps;
#[cfg(test)]
mod tests;
mod times;
mod too_soon;
mod unsupported;
mod wait;

use crate::diagnostic::Diagnostics;
use crate::domain::{CampaignId, Field, Text};
use crate::source::LoadedFiles;

use super::Workspace;
use draft::Draft;

/// What a database has that files need not declare.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DatabaseNames<'a> {
    /// Person fields, such as the columns of person lists.
    pub(crate) fields: &'a [Field],
    /// Static lists.
    pub(crate) lists: &'a [Text],
}

/// Compiles everything that was read. `known_fields` are person fields that the database has and no file declares.
///
/// The faults include those found while reading. A campaign's place in the workspace is its place in `loaded`.
pub(crate) fn compile(loaded: &LoadedFiles, known_fields: &[Field]) -> (Workspace, Diagnostics) {
    let known = DatabaseNames {
        fields: known_fields,
        lists: &[],
    };
    compile_with(loaded, known)
}

/// As [`compile`], where the last campaign asks about what is there: a list that it names with or without its program is one
/// that the others name, if there is one.
pub(crate) fn compile_question(
    loaded: &LoadedFiles,
    known_fields: &[Field],
) -> (Workspace, Diagnostics) {
    let known = DatabaseNames {
        fields: known_fields,
        lists: &[],
    };
    compile_all(loaded, known, loaded.campaigns.len().saturating_sub(1))
}

/// As [`compile`], with all that a database knows.
pub(crate) fn compile_with(
    loaded: &LoadedFiles,
    known: DatabaseNames<'_>,
) -> (Workspace, Diagnostics) {
    compile_all(loaded, known, loaded.campaigns.len())
}

/// The campaigns from `questions` on are questions.
fn compile_all(
    loaded: &LoadedFiles,
    known: DatabaseNames<'_>,
    questions: usize,
) -> (Workspace, Diagnostics) {
    let mut draft = Draft::new(loaded.diagnostics.clone());
    let sections = settings::read(loaded.workspace.as_ref(), &mut draft);
    fields::add(sections.fields, known.fields, &mut draft);
    activities::add(sections.activities, &mut draft);
    lists::add(sections.lists, &mut draft);
    assets::tokens(sections.tokens, &mut draft);
    programs::add(sections.channels, sections.programs, loaded, &mut draft);
    names::add(loaded, &mut draft);
    lists::join(
        &loaded.campaigns[..questions],
        sections.smart_lists,
        &mut draft,
    );
    assets::emails(sections.emails, &mut draft);
    assets::webhooks(sections.webhooks, &mut draft);
    smart_lists::add(sections.smart_lists, &mut draft);
    let most = sections.max_people;
    draft.workspace.guards = guards::compile(sections.guard, most, None, "workspace", &mut draft);
    for (place, source) in loaded.campaigns.iter().enumerate() {
        draft.asks = place >= questions;
        let id = CampaignId(u32::try_from(draft.workspace.campaigns.len()).unwrap_or(u32::MAX));
        let mut campaign = campaign::compile(source, id, &mut draft);
        campaign.tests = cases::compile(source, &campaign, &mut draft);
        draft.workspace.campaigns.push(campaign);
    }
    draft.asks = false;
    calls::check(&mut draft);
    if draft.diagnostics.errors() == 0 {
        lent_tokens::check(loaded, &mut draft);
        races::check(loaded, &mut draft);
        too_soon::check(loaded, &mut draft);
    }
    lists::never_filled(loaded, known.lists, &mut draft);
    retired::compile(loaded, &mut draft);
    (draft.workspace, draft.diagnostics)
}
