//! `person load`: person lists into the database, all of them or nothing.
//!
//! One thread reads and checks, this one writes. Everything happens in one transaction; a bad row in any list undoes it,
//! unless bad rows have a file to go to.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::{Error, Kind, Problem, Stop};
use crate::domain::person_rows::PersonRows;
use crate::domain::{Field, FieldCatalogue, FieldType, Instant};
use crate::intake::fault::{self, Faults};
use crate::intake::input::Input;
use crate::intake::people::{self, PeopleReader};
use crate::intake::rejects::Rejects;
use crate::results::LoadPeopleSummary;
use crate::store::Store;
use crate::store::people::{Applied, Keys, LoadSpec, PeopleLoad};

/// Batches on their way from the reading thread to the writing one.
const IN_FLIGHT: usize = 8;
/// Bytes in a usual row, to guess how many rows will come; nothing but speed depends on it.
const BYTES_A_ROW: u64 = 100;
/// Rows guessed of an input of unknown size.
const ROWS_OF_A_PIPE: u64 = 100_000;

/// What a load is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How the lists are to be read.
    pub reading: people::Options,
    /// The static list that everyone is put on.
    pub list: Option<String>,
    /// Whether the lists become that static list: everyone else leaves it.
    pub replace: bool,
    /// Where bad rows go; without it one of them refuses everything.
    pub rejects: Option<PathBuf>,
    /// Whether everything is undone at the end.
    pub dry_run: bool,
    /// The wish to stop, which undoes everything.
    pub stop: Stop,
}

/// What a load did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// One summary a list, in order.
    pub files: Vec<LoadPeopleSummary>,
    /// Fields that came into being, and their types.
    pub new_fields: Vec<(String, FieldType)>,
    /// Rows whose email several people have; the first of them was meant.
    pub shared: u64,
    /// The first bad rows that were set aside, and the number of all.
    pub rejected: Faults,
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
) -> Result<Loaded, Error> {
    if options.replace && options.list.is_none() {
        let problem = Problem::new(Kind::Usage, "`--replace` needs a list to replace");
        return Err(problem.help("add `--list NAME`").into());
    }
    let mut rejects = open_rejects(options, inputs, store)?;
    let mut work = Work {
        load: store.begin_people_load(LoadSpec {
            at: now,
            expected_rows: inputs.iter().map(expected_rows).sum(),
            list: options.list.clone(),
        })?,
        catalogue: catalogue.clone(),
        loaded: Loaded::default(),
        faults: Faults::default(),
        rows: 0,
        progress,
    };
    for input in inputs {
        work.file(input, options, rejects.as_mut())?;
    }
    if let Some(rejects) = &mut rejects {
        rejects
            .finish()
            .map_err(|cause| fault::Error::unwritable(rejects.path(), cause))?;
    }
    if !work.faults.is_empty() {
        return Err(Error::Faults(work.faults));
    }
    if options.replace {
        work.load.replace_list()?;
    }
    if !options.dry_run {
        work.load.commit()?;
    }
    Ok(work.loaded)
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
    let database = Input::from_argument(store.path());
    let mut in_use = inputs.iter().chain([&database]);
    if in_use.any(|input| input.is_at(path)) {
        let message = format!(
            "bad rows cannot go to `{}`, which is in use",
            path.display()
        );
        let problem = Problem::new(Kind::Usage, message);
        return Err(problem.help("name another file with `--rejects`").into());
    }
    let rejects = Rejects::create(path).map_err(|cause| fault::Error::unwritable(path, cause))?;
    Ok(Some(rejects))
}

/// Guesses how many rows an input has, from its size as stored; packed ones have more.
fn expected_rows(input: &Input) -> u64 {
    input
        .size()
        .map_or(ROWS_OF_A_PIPE, |bytes| bytes / BYTES_A_ROW + 1)
}

/// A load in progress.
struct Work<'a> {
    load: PeopleLoad<'a>,
    catalogue: FieldCatalogue,
    loaded: Loaded,
    /// What refuses the load.
    faults: Faults,
    rows: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl Work<'_> {
    /// Loads one list. Its faults are kept, so that those of the next one can be told as well.
    fn file(
        &mut self,
        input: &Input,
        options: &Options,
        rejects: Option<&mut Rejects>,
    ) -> Result<(), Error> {
        let reader = match PeopleReader::open(input, &options.reading, &mut self.catalogue) {
            Ok(reader) => reader,
            Err(fault::Error::Faulty(faults)) => {
                self.faults.append(faults);
                return Ok(());
            }
            Err(error @ (fault::Error::Unreadable { .. } | fault::Error::Unwritable { .. })) => {
                return Err(error.into());
            }
        };
        let columns = reader.columns().iter();
        let new = columns.filter(|column| column.is_new).map(|column| {
            let field = self.catalogue.field(column.field);
            (field.name.clone(), field.field_type)
        });
        self.loaded.new_fields.extend(new);
        let file = reader.file().to_owned();
        let may_reject = rejects.is_some();
        let (read, applied) = self.rows_of(reader, rejects, &options.stop)?;
        self.loaded.shared += applied.shared;
        self.loaded.files.push(LoadPeopleSummary {
            file,
            read: read.rows,
            added: applied.added,
            updated: applied.updated,
            unchanged: applied.unchanged,
            repeated: applied.repeated,
            rejected: read.rejected,
        });
        if may_reject && !read.unusable {
            self.loaded.rejected.append(read.faults);
        } else {
            self.faults.append(read.faults);
        }
        Ok(())
    }

    /// Reads on one thread and writes on this one, until the list is at its end.
    fn rows_of(
        &mut self,
        reader: PeopleReader,
        rejects: Option<&mut Rejects>,
        stop: &Stop,
    ) -> Result<(people::Read, Applied), Error> {
        let fields: Vec<&Field> = reader.fields().map(|id| self.catalogue.field(id)).collect();
        let keys = self.load.begin_file(&fields, reader.key())?;
        let (full, batches) = sync_channel(IN_FLIGHT);
        let (used, empty) = channel();
        thread::scope(|scope| {
            let reading = scope.spawn(move || read(reader, rejects, keys, &full, &empty));
            let written = self.write(batches, &used, stop);
            let (read, keys) = reading
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            written?;
            Ok((read, self.load.end_file(keys)))
        })
    }

    /// Applies batches as they come. The channel goes down with it, which ends the reading.
    fn write(
        &mut self,
        batches: Receiver<PersonRows>,
        used: &Sender<PersonRows>,
        stop: &Stop,
    ) -> Result<(), Error> {
        for batch in batches {
            stop.check()?;
            if self.faults.is_empty() {
                self.load.apply(&batch)?;
            }
            self.rows += batch.len() as u64;
            (self.progress)(self.rows);
            // The reader has ended if this fails, and needs no batch.
            used.send(batch).ok();
        }
        Ok(())
    }
}

/// Reads a list to its end, or until nobody takes its batches any more.
fn read(
    mut reader: PeopleReader,
    mut rejects: Option<&mut Rejects>,
    mut keys: Keys,
    full: &SyncSender<PersonRows>,
    empty: &Receiver<PersonRows>,
) -> Result<(people::Read, Keys), fault::Error> {
    loop {
        let mut batch = empty.try_recv().unwrap_or_else(|_| reader.batch());
        let more = reader.fill(&mut batch, rejects.as_deref_mut())?;
        keys.mark(&mut batch);
        if full.send(batch).is_err() || !more {
            break;
        }
    }
    Ok((reader.finish(), keys))
}
