//! A load as the state from which the story begins: it logs nothing and starts nothing.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::{IN_FLIGHT, LoadOutcome, Options, conclude, keep_faults, open, open_rejects};
use crate::app::{Error, Stop};
use crate::domain::person_rows::PersonRows;
use crate::domain::{Field, FieldCatalogue, Instant};
use crate::intake::data_error::{self, Faults};
use crate::intake::input::Input;
use crate::intake::people::{self, PeopleReader};
use crate::intake::rejects::Rejects;
use crate::results::LoadPeopleSummary;
use crate::store::Store;
use crate::store::people::{Applied, Keys, LoadSpec, PeopleLoad};

/// Bytes in a usual row, to guess how many rows will come; nothing but speed depends on it.
const BYTES_A_ROW: u64 = 100;
/// Rows guessed of an input of unknown size.
const ROWS_OF_A_PIPE: u64 = 100_000;

/// Loads the lists.
pub(super) fn load(
    store: &mut Store,
    inputs: &[Input],
    options: &Options,
    now: Instant,
    catalogue: &FieldCatalogue,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadOutcome, Error> {
    let mut rejects = open_rejects(options, inputs, store)?;
    let mut work = StateLoad {
        load: store.begin_people_load(LoadSpec {
            at: now,
            expected_rows: inputs.iter().map(expected_rows).sum(),
            list: options.list.clone(),
        })?,
        catalogue: catalogue.clone(),
        loaded: LoadOutcome::default(),
        faults: Faults::default(),
        rows: 0,
        progress,
    };
    for input in inputs {
        work.file(input, options, rejects.as_mut())?;
    }
    conclude(rejects.as_mut(), work.faults)?;
    if options.replace {
        work.load.replace_list()?;
    }
    if !options.dry_run {
        work.load.commit()?;
    }
    Ok(work.loaded)
}

/// Guesses how many rows an input has, from its size as stored; packed ones have more.
fn expected_rows(input: &Input) -> u64 {
    input
        .size()
        .map_or(ROWS_OF_A_PIPE, |bytes| bytes / BYTES_A_ROW + 1)
}

/// A load in progress.
struct StateLoad<'a> {
    load: PeopleLoad<'a>,
    catalogue: FieldCatalogue,
    loaded: LoadOutcome,
    /// What refuses the load.
    faults: Faults,
    rows: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl StateLoad<'_> {
    /// Loads one list.
    fn file(
        &mut self,
        input: &Input,
        options: &Options,
        rejects: Option<&mut Rejects>,
    ) -> Result<(), Error> {
        let (catalogue, loaded) = (&mut self.catalogue, &mut self.loaded);
        let opened = open(input, options, catalogue, loaded, &mut self.faults)?;
        let Some(reader) = opened else {
            return Ok(());
        };
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
            entries: None,
        });
        keep_faults(read, may_reject, &mut self.loaded, &mut self.faults);
        Ok(())
    }

    /// Reads on one thread and writes on this one, until the list is at its end.
    fn rows_of(
        &mut self,
        reader: PeopleReader,
        rejects: Option<&mut Rejects>,
        stop: &Stop,
    ) -> Result<(people::ReadOutcome, Applied), Error> {
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
) -> Result<(people::ReadOutcome, Keys), data_error::Error> {
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
