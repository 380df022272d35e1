//! `person load`: person lists into the database, all of them or nothing.
//!
//! A load is the state from which the story begins ([`state`]), or, where that is asked for, a part of the story
//! ([`activities`]). One thread reads and checks, another one writes. Everything happens in one transaction; a bad row in
//! any list undoes it, unless bad rows have a file to go to.

mod activities;
mod cells;
mod state;

use std::path::PathBuf;

use super::outputs::{Output, check_free};
use super::{ChunkBounds, Cutting, Error, ErrorKind, Stop, UserError};
use crate::domain::{FieldCatalogue, FieldType, Instant};
use crate::intake::data_error::{self, Faults};
use crate::intake::input::Input;
use crate::intake::people::{self, PeopleReader};
use crate::intake::rejects::Rejects;
use crate::results::LoadPeopleSummary;
use crate::store::Store;

/// Batches on their way from the reading thread to the writing one.
const IN_FLIGHT: usize = 8;

/// What a load is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How the lists are to be read.
    pub reading: people::Options,
    /// The static list that everyone is put on.
    pub list: Option<String>,
    /// Whether the lists become that static list: everyone else leaves it.
    pub replace: bool,
    /// How campaigns react, where the lists are a part of the story and not its beginning.
    pub as_activities: Option<AsActivities>,
    /// Where bad rows go; without it one of them refuses everything.
    pub rejects: Option<PathBuf>,
    /// Whether everything is undone at the end.
    pub dry_run: bool,
    /// The wish to stop, which undoes everything.
    pub stop: Stop,
}

/// How campaigns react to a load.
#[derive(Debug, Clone, Copy)]
pub struct AsActivities {
    /// The seed of samples.
    pub seed: u64,
    /// How much is kept in memory.
    pub bounds: ChunkBounds,
}

/// What a load did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadOutcome {
    /// One summary a list, in order.
    pub files: Vec<LoadPeopleSummary>,
    /// Fields that came into being, and their types.
    pub new_fields: Vec<(String, FieldType)>,
    /// Rows whose email several people have; the first of them was meant.
    pub shared: u64,
    /// The first bad rows that were set aside, and the number of all.
    pub rejected: Faults,
    /// Whether the load was known to be done already, and nothing happened.
    pub repeats: bool,
    /// A wait that was due before the load and still holds somebody ends then.
    pub due_since: Option<Instant>,
    /// How many entries the cascade limit cut.
    pub cut: u64,
    /// The first of them.
    pub cuts: Vec<Cutting>,
}

/// Loads person lists; `catalogue` holds the standard fields and the stored ones.
///
/// `progress` is told the number of rows applied so far.
pub fn load_people(
    store: &mut Store,
    inputs: &[Input],
    options: &Options,
    now: Instant,
    catalogue: &FieldCatalogue,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadOutcome, Error> {
    if options.replace && options.list.is_none() {
        let error = UserError::new(ErrorKind::Usage, "`--replace` needs a list to replace");
        return Err(error.help("add `--list NAME`").into());
    }
    super::refuse_unfinished(store)?;
    match &options.as_activities {
        None => state::load(store, inputs, options, now, catalogue, progress),
        Some(how) => activities::load(store, inputs, options, how, now, catalogue, progress),
    }
}

/// Makes the file for bad rows; it may be neither a list nor the database, which it would destroy.
fn open_rejects(
    options: &Options,
    inputs: &[Input],
    store: &Store,
) -> Result<Option<Rejects>, Error> {
    let Some(path) = &options.rejects else {
        return Ok(None);
    };
    let output = Output {
        what: "bad rows",
        option: "--rejects",
        path,
    };
    check_free(&[output], inputs, store.path())?;
    let rejects =
        Rejects::create(path).map_err(|cause| data_error::Error::unwritable(path, cause))?;
    Ok(Some(rejects))
}

/// Opens a list. Its faults are kept, so that those of the next one can be told as well.
fn open(
    input: &Input,
    options: &Options,
    catalogue: &mut FieldCatalogue,
    loaded: &mut LoadOutcome,
    faults: &mut Faults,
) -> Result<Option<PeopleReader>, Error> {
    let reader = match PeopleReader::open(input, &options.reading, catalogue) {
        Ok(reader) => reader,
        Err(data_error::Error::Faulty(found)) => {
            faults.append(found);
            return Ok(None);
        }
        Err(
            error @ (data_error::Error::Unreadable { .. } | data_error::Error::Unwritable { .. }),
        ) => {
            return Err(error.into());
        }
    };
    let columns = reader.columns().iter();
    let new = columns.filter(|column| column.is_new).map(|column| {
        let field = catalogue.field(column.field);
        (field.name.clone(), field.field_type)
    });
    loaded.new_fields.extend(new);
    Ok(Some(reader))
}

/// Keeps what was wrong with a list: set aside where that may be, else it refuses the load.
fn keep_faults(
    read: people::ReadOutcome,
    may_reject: bool,
    loaded: &mut LoadOutcome,
    faults: &mut Faults,
) {
    if may_reject && !read.unusable {
        loaded.rejected.append(read.faults);
    } else {
        faults.append(read.faults);
    }
}

/// Writes out the bad rows, and refuses the load where some had nowhere to go.
fn conclude(rejects: Option<&mut Rejects>, faults: Faults) -> Result<(), Error> {
    if let Some(rejects) = rejects {
        rejects
            .finish()
            .map_err(|cause| data_error::Error::unwritable(rejects.path(), cause))?;
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Faults(faults))
    }
}
