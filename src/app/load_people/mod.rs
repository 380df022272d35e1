//! `person load`: person lists into the database, all of them or nothing.
//!
//! [`lists`] reads and checks them, and hands their rows to a sink: the state from which the story begins ([`state`]), or,
//! where that is asked for, a part of the story ([`activities`]). Everything happens in one transaction; a bad row in any
//! list undoes it, unless bad rows have a file to go to.

mod activities;
mod lists;
mod members;
mod state;
#[cfg(test)]
mod tests;

use lists::Lists;

use super::run_batch::check_clock;
use super::stored_workspace::StoredWorkspace;
use super::{ChunkBounds, Control, Cutting, Error, ErrorKind, UserError};
use crate::domain::{FieldCatalogue, FieldType, Instant};
use crate::files::Place;
use crate::intake::data_error::Faults;
use crate::intake::input::Input;
use crate::intake::people;
use crate::intake::rejects::Rejects;
use crate::results::LoadPeopleSummary;
use crate::store::Store;

/// What a load is asked to do.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// How the lists are to be read.
    pub(crate) reading: people::Options,
    /// The static list that everyone is put on.
    pub(crate) list: Option<String>,
    /// Whether the lists become that static list: everyone else leaves it.
    pub(crate) replace: bool,
    /// The program of which everyone becomes a member.
    pub(crate) members: Option<AsMembers>,
    /// How campaigns react, where the lists are a part of the story and not its beginning.
    pub(crate) as_activities: Option<AsActivities>,
    /// Where bad rows go; without it one of them refuses everything.
    pub(crate) rejects: Option<Place>,
    /// Whether everything is undone at the end.
    pub(crate) dry_run: bool,
}

/// Of what a load makes its people members.
#[derive(Debug, Clone)]
pub(crate) struct AsMembers {
    /// The program.
    pub(crate) program: String,
    /// The status of rows that name none, where it is not the first one of the program.
    pub(crate) status: Option<String>,
}

/// How campaigns react to a load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsActivities {
    /// The seed of samples.
    pub(crate) seed: u64,
    /// How much is kept in memory.
    pub(crate) bounds: ChunkBounds,
}

/// What a load did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LoadOutcome {
    /// One summary a list, in order.
    pub(crate) files: Vec<LoadPeopleSummary>,
    /// Fields that came into being, and their types.
    pub(crate) new_fields: Vec<(String, FieldType)>,
    /// Rows whose email several people have; the first of them was meant.
    pub(crate) shared: u64,
    /// The first bad rows that were set aside, and the number of all.
    pub(crate) rejected: Faults,
    /// Whether the load was known to be done already, and nothing happened.
    pub(crate) repeats: bool,
    /// A wait that was due before the load and still holds somebody ends then.
    pub(crate) due_since: Option<Instant>,
    /// How many entries the cascade limit cut.
    pub(crate) cut: u64,
    /// The first of them.
    pub(crate) cuts: Vec<Cutting>,
}

/// Loads person lists; `catalogue` holds the standard fields and the stored ones.
///
/// Stopping undoes everything; the progress is the number of rows applied so far.
pub(crate) fn load_people(
    store: &mut Store,
    inputs: &[Input],
    options: &Options,
    now: Instant,
    catalogue: &FieldCatalogue,
    control: Control<'_>,
) -> Result<LoadOutcome, Error> {
    if options.replace && options.list.is_none() {
        let error = UserError::new(ErrorKind::Usage, "`--replace` needs a list to replace");
        return Err(error.help("add `--list NAME`").into());
    }
    if options.as_activities.is_some() && options.members.is_some() {
        let error = UserError::new(
            ErrorKind::Usage,
            "`--as-members` sets memberships, and `--as-activities` logs what happens: one load does one of them",
        );
        let help = "to log changes of status, replay them: `bugle campaign replay-events FILE --type change_program_status`";
        return Err(error.help(help).into());
    }
    super::refuse_unfinished(store)?;
    if options.as_activities.is_some() {
        check_clock(store, now)?;
    }
    let mut options = Options {
        list: list_name(store, options)?,
        ..options.clone()
    };
    if let Some(wanted) = &options.members {
        options.reading.members = Some(members::program(store, wanted)?);
    }
    let options = &options;
    let rejects = open_rejects(options)?;
    let lists = Lists::new(inputs, options, catalogue, rejects, control);
    match &options.as_activities {
        None => state::load(store, lists, inputs, options, now),
        Some(how) => activities::load(store, lists, options, how, now),
    }
}

/// Returns the name that the list has, which campaigns and earlier events may give with or without its program.
fn list_name(store: &Store, options: &Options) -> Result<Option<String>, Error> {
    let Some(name) = &options.list else {
        return Ok(None);
    };
    let mut known = StoredWorkspace::of(store)?.workspace.lists;
    for stored in store.list_names()? {
        known.intern(&stored);
    }
    let found = known.find_asset(name);
    Ok(Some(found.map_or_else(
        || name.clone(),
        |number| known.name(number).to_string(),
    )))
}

/// Gives the file of bad rows its name, once the others are loaded.
fn publish(rejects: Option<Rejects>) -> Result<(), Error> {
    Ok(rejects.map_or(Ok(()), Rejects::publish)?)
}

/// Begins the file for bad rows, where one is asked for.
fn open_rejects(options: &Options) -> Result<Option<Rejects>, Error> {
    Ok(options.rejects.as_ref().map(Rejects::create).transpose()?)
}
