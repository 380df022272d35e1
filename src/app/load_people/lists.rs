//! The one way in for person lists: each is opened, then read and checked on a thread of its own, and handed in batches
//! to a sink, which says the outcome of its rows.
//!
//! Bad rows, rows read, and the fields that lists bring are counted here; the sink gets the good rows.

use std::slice;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use super::{LoadOutcome, Options};
use crate::app::threads::spawn;
use crate::app::{Control, Error, Stop};
use crate::domain::{Field, FieldCatalogue};
use crate::intake::data_error::{self, DataError, Faults};
use crate::intake::input::Input;
use crate::intake::people::{self, PeopleReader, REPEATS_HELP};
use crate::intake::rejects::Rejects;
use crate::results::LoadPeopleSummary;
use crate::store::people::{Applied, Keys};
use crate::world::members::MemberColumn;
use crate::world::person_rows::{KeyField, PersonRows};

/// Batches on their way from the reading thread to the sink.
const IN_FLIGHT: usize = 8;

/// What takes the rows of person lists: the state from which the story begins, or the story itself.
pub(super) trait Sink {
    /// Begins a list. The keys say on the reading thread who each row is about, as far as that is known there.
    fn begin_list(&mut self, list: &ListHead<'_>) -> Result<Keys, Error>;

    /// Takes the next good rows of the list, in order.
    fn apply(&mut self, batch: &PersonRows) -> Result<(), Error>;

    /// Ends the list, and returns the outcome of its rows.
    fn end_list(&mut self, keys: Keys) -> Result<ListResult, Error>;
}

/// The columns of a list.
pub(super) struct ListHead<'a> {
    /// Their fields, in the order of the file.
    pub(super) fields: Vec<&'a Field>,
    /// What the cells after those of the person say of a membership.
    pub(super) members: Vec<MemberColumn>,
    /// The field that says who a row is about.
    pub(super) key: KeyField,
}

/// The outcome of the rows of a list.
pub(super) struct ListResult {
    /// Rows by what they changed.
    pub(super) applied: Applied,
    /// Entries into campaigns that followed, where campaigns react.
    pub(super) entries: Option<u64>,
}

/// The lists of one command on their way in.
pub(super) struct Lists<'a, 'c> {
    inputs: slice::Iter<'a, Input>,
    options: &'a Options,
    catalogue: FieldCatalogue,
    rejects: Option<Rejects>,
    loaded: LoadOutcome,
    /// What refuses the load.
    faults: Faults,
    rows: u64,
    control: Control<'c>,
}

impl<'a, 'c> Lists<'a, 'c> {
    /// Takes the lists of a command; `catalogue` holds the standard fields and the stored ones.
    pub(super) fn new(
        inputs: &'a [Input],
        options: &'a Options,
        catalogue: &FieldCatalogue,
        rejects: Option<Rejects>,
        control: Control<'c>,
    ) -> Self {
        Self {
            inputs: inputs.iter(),
            options,
            catalogue: catalogue.clone(),
            rejects,
            loaded: LoadOutcome::default(),
            faults: Faults::default(),
            rows: 0,
            control,
        }
    }

    /// Returns the flag that ends the work.
    pub(super) fn stop(&self) -> &'c Stop {
        self.control.stop()
    }

    /// Returns the fields known so far, those of opened lists included.
    pub(super) fn catalogue(&self) -> &FieldCatalogue {
        &self.catalogue
    }

    /// Opens the next list whose header is in order. Faults of the others are kept, so that all can be reported.
    pub(super) fn open_next(&mut self) -> Result<Option<PeopleReader>, Error> {
        for input in self.inputs.by_ref() {
            match PeopleReader::open(input, &self.options.reading, &mut self.catalogue) {
                Ok(reader) => {
                    let columns = reader.columns().iter();
                    let new = columns.filter(|column| column.is_new).map(|column| {
                        let field = self.catalogue.field(column.field);
                        (field.name.clone(), field.field_type)
                    });
                    self.loaded.new_fields.extend(new);
                    return Ok(Some(reader));
                }
                Err(data_error::Error::Faulty(found)) => self.faults.append(found),
                Err(
                    error @ (data_error::Error::Unreadable { .. }
                    | data_error::Error::Unwritable { .. }),
                ) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Reads a list to its end, and hands its good rows to the sink.
    pub(super) fn load(&mut self, reader: PeopleReader, sink: &mut dyn Sink) -> Result<(), Error> {
        let fields = reader.fields();
        let keys = sink.begin_list(&ListHead {
            fields: fields.map(|field| self.catalogue.field(field)).collect(),
            members: reader.member_columns(),
            key: reader.key(),
        })?;
        let file = reader.file().to_owned();
        let (read, keys) = self.rows_of(reader, keys, sink)?;
        let ListResult { applied, entries } = sink.end_list(keys)?;
        if !self.options.reading.allow_repeats {
            self.faults.append(repeats(&file, &applied));
        }
        self.loaded.shared += applied.shared;
        self.loaded.files.push(LoadPeopleSummary {
            file,
            read: read.rows,
            added: applied.added,
            updated: applied.updated,
            unchanged: applied.unchanged,
            repeated: applied.repeated,
            rejected: read.rejected,
            entries,
        });
        if self.rejects.is_some() && !read.unusable {
            self.loaded.rejected.append(read.faults);
        } else {
            self.faults.append(read.faults);
        }
        Ok(())
    }

    /// Reads on one thread and applies on this one, until the list is at its end.
    fn rows_of(
        &mut self,
        reader: PeopleReader,
        keys: Keys,
        sink: &mut dyn Sink,
    ) -> Result<(people::ReadOutcome, Keys), Error> {
        let (full, batches) = sync_channel(IN_FLIGHT);
        let (used, empty) = channel();
        let mut rejects = self.rejects.take();
        let into = rejects.as_mut();
        let read = thread::scope(|scope| {
            let reading = spawn(scope, move || read(reader, into, keys, &full, &empty))?;
            let applied = self.apply(batches, &used, sink);
            let read = reading
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            applied?;
            Ok(read)
        });
        self.rejects = rejects;
        read
    }

    /// Applies batches as they come. The channel goes down with it, which ends the reading.
    fn apply(
        &mut self,
        batches: Receiver<PersonRows>,
        used: &Sender<PersonRows>,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        for batch in batches {
            self.control.check()?;
            // Bad rows without a file to go to refuse everything: what is left is read for its faults alone.
            if self.faults.is_empty() {
                sink.apply(&batch)?;
            }
            self.rows += batch.len() as u64;
            self.control.reached(self.rows);
            // The reader has ended if this fails, and needs no batch.
            used.send(batch).ok();
        }
        Ok(())
    }

    /// Refuses the load where bad rows had nowhere to go, and else waits until the disk has them: a full disk is found
    /// before the load is committed. The file of bad rows is to be published afterwards.
    pub(super) fn finish(mut self) -> Result<(LoadOutcome, Option<Rejects>), Error> {
        if !self.faults.is_empty() {
            return Err(Error::Faults(self.faults));
        }
        if let Some(rejects) = &mut self.rejects {
            rejects.sync()?;
        }
        Ok((self.loaded, self.rejects))
    }
}

/// So many rows with the key of an earlier row are not accident.
const MANY: u64 = 20;
/// A list is refused where more than one row in so many repeats a key.
const ONE_IN: u64 = 10;

/// Refuses a list in which so many rows repeat a key that it is hardly one.
fn repeats(file: &str, applied: &Applied) -> Faults {
    let repeated = applied.repeated;
    let rows = repeated + applied.added + applied.updated + applied.unchanged;
    let noted: Vec<u64> = applied.repeated_on.iter().flatten().copied().collect();
    match noted.first() {
        Some(line) if repeated >= MANY && repeated * ONE_IN > rows => {
            let lines: Vec<String> = noted.iter().map(u64::to_string).collect();
            Faults::from(DataError {
                file: file.to_owned(),
                line: *line,
                column: 1,
                message: format!(
                    "{repeated} of {rows} rows repeat the key of an earlier row, first on lines {}",
                    lines.join(", ")
                ),
                help: Some(REPEATS_HELP.to_owned()),
            })
        }
        Some(_) | None => Faults::default(),
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
