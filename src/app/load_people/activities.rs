//! A load as a part of the story (`--as-activities`): each row is logged as a list import would be, and campaigns react.
//!
//! All of it is one transaction, whose journals are written piece by piece through the one connection, so that memory
//! is bounded and a bad row at the end still undoes everything. Like `campaign run` it happens at its own instant, moves
//! no watermark and lets no wait elapse. That it is done is known by a hash of what it brought, as long as nothing else
//! has been written: the same command, started again after a kill, does nothing twice.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::cells::{feed, value};
use super::{
    AsActivities, IN_FLIGHT, LoadOutcome, Options, conclude, keep_faults, open, open_rejects,
};
use crate::app::run_batch::check_clock;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::world_loading::load_missing;
use crate::app::{Cutting, Error, Stop};
use crate::domain::hash::StableHasher;
use crate::domain::person_rows::{Cell, KeyField, PersonRows};
use crate::domain::{
    Field, FieldCatalogue, FieldId, Instant, ListId, PersonId, PersonKey, PersonSet, Text,
};
use crate::engine::{Engine, Imported, ListRow, Tally};
use crate::intake::data_error::{self, Faults};
use crate::intake::input::Input;
use crate::intake::people::{self, PeopleReader};
use crate::intake::rejects::Rejects;
use crate::results::LoadPeopleSummary;
use crate::store::{Bindings, ImportTransaction, JournalNames, Store};
use crate::world::{Layout, NextNumbers, World};

/// Loads the lists.
pub(super) fn load(
    store: &mut Store,
    inputs: &[Input],
    options: &Options,
    how: &AsActivities,
    now: Instant,
    catalogue: &FieldCatalogue,
    progress: &mut dyn FnMut(u64),
) -> Result<LoadOutcome, Error> {
    check_clock(store, now)?;
    let mut rejects = open_rejects(options, inputs, store)?;
    let mut loaded = LoadOutcome {
        due_since: store.next_due()?.filter(|due| *due <= now),
        ..LoadOutcome::default()
    };
    let mut faults = Faults::default();
    let mut together = store.begin_import()?;
    let mut catalogue = catalogue.clone();
    let mut readers = Vec::with_capacity(inputs.len());
    for input in inputs {
        readers.extend(open(
            input,
            options,
            &mut catalogue,
            &mut loaded,
            &mut faults,
        )?);
    }
    let fields: BTreeSet<FieldId> = readers.iter().flat_map(PeopleReader::fields).collect();
    together.add_fields(fields.iter().map(|field| catalogue.field(*field)))?;
    let list = match &options.list {
        Some(name) => Some(together.add_list(name)?),
        None => None,
    };
    let opened = StoredWorkspace::of(together.store())?;
    let named = fields.iter().map(|field| catalogue.field(*field));
    let mut import = Import::new(together, &opened, named, list, how, now)?;
    let mut rows = 0;
    for reader in readers {
        let columns = reader.fields().map(|field| catalogue.field(field));
        import.begin_list(columns, reader.key());
        let file = reader.file().to_owned();
        let stopping = Stopping {
            stop: &options.stop,
            // Bad rows without a file to go to refuse everything: what is left is read for its faults alone.
            idle: !faults.is_empty(),
        };
        let read = import.list(reader, rejects.as_mut(), &stopping, &mut |more| {
            rows += more;
            progress(rows);
        })?;
        loaded.files.push(import.end_list(file, &read));
        keep_faults(read, rejects.is_some(), &mut loaded, &mut faults);
    }
    conclude(rejects.as_mut(), faults)?;
    if options.replace {
        let entries = import.drop_others(&options.stop)?;
        if let Some(last) = loaded.files.last_mut() {
            last.entries = last.entries.map(|own| own + entries);
        }
    }
    import.finish(options, &mut loaded)?;
    Ok(loaded)
}

/// When the writing side stops or stands by.
struct Stopping<'a> {
    stop: &'a Stop,
    idle: bool,
}

/// A load on its way.
struct Import<'s, 'w> {
    together: ImportTransaction<'s>,
    workspace: &'w crate::campaign::Workspace,
    bindings: Bindings,
    engine: Engine<'w>,
    world: World,
    tally: Tally,
    list: Option<ListId>,
    how: AsActivities,
    now: Instant,
    /// What the load brings.
    hash: StableHasher,
    /// Everyone whom a row was about.
    listed: PersonSet,
    /// The columns of the present list, and which one says who is meant.
    columns: Vec<FieldId>,
    key: KeyField,
    /// Whom the present list was about so far.
    seen: PersonSet,
    counts: LoadPeopleSummary,
    entries_before: u64,
    shared: u64,
}

impl<'s, 'w> Import<'s, 'w> {
    fn new<'f>(
        together: ImportTransaction<'s>,
        opened: &'w StoredWorkspace,
        fields: impl Iterator<Item = &'f Field>,
        list: Option<Text>,
        how: &AsActivities,
        now: Instant,
    ) -> Result<Self, Error> {
        let workspace = &opened.workspace;
        let engine = Engine::new(workspace, |campaign| opened.is_active(campaign), how.seed);
        let fields = fields.filter_map(|field| workspace.fields.find(&field.name));
        let needs = engine.import_needs(fields, list.is_some());
        let store = together.store();
        let next = NextNumbers {
            person: store.next_person()?,
            wait: store.next_wait()?,
        };
        let layout = Layout::of(needs.fields.iter().copied(), &workspace.fields);
        let mut lists = workspace.lists.clone();
        let mut hash = StableHasher::default();
        hash.part(b"person load --as-activities");
        hash.part(&now.micros().to_le_bytes());
        hash.part(&how.seed.to_le_bytes());
        hash.part(list.as_deref().unwrap_or_default().as_bytes());
        let list = list.map(|name| ListId(lists.intern(&name)));
        Ok(Self {
            bindings: opened.bindings.clone(),
            world: World::new(layout, needs, lists, workspace.program_names.clone(), next),
            tally: Tally::default(),
            listed: PersonSet::default(),
            columns: Vec::new(),
            key: KeyField::Email,
            seen: PersonSet::default(),
            counts: LoadPeopleSummary::default(),
            entries_before: 0,
            shared: 0,
            how: *how,
            together,
            workspace,
            engine,
            list,
            now,
            hash,
        })
    }

    /// Begins a list with these columns.
    fn begin_list<'f>(&mut self, columns: impl Iterator<Item = &'f Field>, key: KeyField) {
        self.columns.clear();
        self.hash.part(key.name().as_bytes());
        for field in columns {
            self.hash.part(field.name.as_bytes());
            // Every field of a list was given a column, and so is in the workspace.
            self.columns.extend(self.workspace.fields.find(&field.name));
        }
        self.key = key;
        self.seen = PersonSet::default();
        self.counts = LoadPeopleSummary::default();
        self.entries_before = self.tally.entries;
    }

    /// Reads on one thread and imports on this one, until the list is at its end.
    fn list(
        &mut self,
        reader: PeopleReader,
        rejects: Option<&mut Rejects>,
        stopping: &Stopping<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<people::ReadOutcome, Error> {
        let (full, batches) = sync_channel(IN_FLIGHT);
        thread::scope(|scope| {
            let reading = scope.spawn(move || read(reader, rejects, &full));
            let imported = self.batches(batches, stopping, progress);
            let read = reading
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            imported?;
            Ok(read)
        })
    }

    /// Imports batches as they come. The channel goes down with it, which ends the reading.
    fn batches(
        &mut self,
        batches: Receiver<PersonRows>,
        stopping: &Stopping<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), Error> {
        for batch in batches {
            stopping.stop.check()?;
            if stopping.idle {
                continue;
            }
            let mut from = 0;
            while from < batch.len() {
                let until = batch.len().min(from + self.how.bounds.people);
                self.rows(&batch, from..until)?;
                from = until;
            }
            progress(batch.len() as u64);
        }
        Ok(())
    }

    /// Imports some rows of a batch, and writes what came of them where it has become much.
    fn rows(&mut self, batch: &PersonRows, rows: std::ops::Range<usize>) -> Result<(), Error> {
        let keys: Vec<PersonKey> = rows.clone().map(|row| self.key_of(batch, row)).collect();
        self.look_up(&keys)?;
        for (row, key) in rows.zip(keys) {
            self.row(batch, row, key);
            if self.world.journal().activities.len() >= self.how.bounds.rows {
                self.write()?;
            }
        }
        if self.world.len() > self.how.bounds.kept {
            self.write()?;
            self.world.clear();
        }
        Ok(())
    }

    fn key_of(&self, batch: &PersonRows, row: usize) -> PersonKey {
        let key = batch.key(row).to_owned();
        match self.key {
            KeyField::Email => PersonKey::Email(key),
            KeyField::Id => PersonKey::Id(key),
        }
    }

    /// Brings in everyone who has one of some keys.
    fn look_up(&mut self, keys: &[PersonKey]) -> Result<(), Error> {
        // Whoever has changed a key in this load is known to the directory, whether that is written or not.
        let directory = &mut self.world.directory;
        let (places, unknown) = directory.places(keys);
        self.together
            .store()
            .find_many(unknown, |place, people| directory.learn(place, people))?;
        let people: BTreeSet<PersonId> = places
            .iter()
            .flat_map(|place| self.world.directory.all(*place))
            .collect();
        self.load_missing(people)
    }

    fn load_missing(&mut self, people: impl IntoIterator<Item = PersonId>) -> Result<(), Error> {
        let (world, bindings) = (&mut self.world, &mut self.bindings);
        load_missing(world, self.together.store(), bindings, people)?;
        Ok(())
    }

    /// Imports one row.
    fn row(&mut self, batch: &PersonRows, row: usize, key: PersonKey) {
        self.shared += u64::from(self.world.directory.is_shared(&key));
        let is_key = |field: &FieldId| self.workspace.fields.field(*field).name == self.key.name();
        let cells = self.columns.iter().zip(batch.row(row));
        let mut values = Vec::with_capacity(self.columns.len());
        for (field, cell) in cells {
            feed(&mut self.hash, batch, *cell);
            if !is_key(field) && *cell != Cell::Keep {
                values.push((*field, value(batch, *cell)));
            }
        }
        let row = ListRow {
            at: self.now,
            key,
            values,
            list: self.list,
        };
        let (person, imported) = self.engine.import(&mut self.world, row, &mut self.tally);
        self.listed.insert(person);
        let first_time = self.seen.insert(person);
        let count = match (first_time, imported) {
            (false, _) => &mut self.counts.repeated,
            (true, Imported::Added) => &mut self.counts.added,
            (true, Imported::Updated) => &mut self.counts.updated,
            (true, Imported::Unchanged) => &mut self.counts.unchanged,
        };
        *count += 1;
    }

    /// Writes what has been changed since the last time.
    fn write(&mut self) -> Result<(), Error> {
        let journal = self.world.take_journal();
        let names = JournalNames {
            lists: &self.world.lists,
            programs: &self.world.programs,
        };
        self.together.write(&journal, &mut self.bindings, names)?;
        Ok(())
    }

    fn end_list(&mut self, file: String, read: &people::ReadOutcome) -> LoadPeopleSummary {
        LoadPeopleSummary {
            file,
            read: read.rows,
            rejected: read.rejected,
            entries: Some(self.tally.entries - self.entries_before),
            ..std::mem::take(&mut self.counts)
        }
    }

    /// Takes everyone off the list whom no row was about, in order of person; returns the entries that followed.
    fn drop_others(&mut self, stop: &Stop) -> Result<u64, Error> {
        let Some(list) = self.list else {
            return Ok(0);
        };
        self.hash.part(b"replace");
        self.write()?;
        let before = self.tally.entries;
        let name = Text::clone(self.world.lists.name(list.0));
        let mut others = self.together.store().list_members(&name)?;
        others.retain(|person| !self.listed.contains(*person));
        for some in others.chunks(self.how.bounds.people) {
            stop.check()?;
            self.load_missing(some.iter().copied())?;
            for person in some {
                let (world, tally) = (&mut self.world, &mut self.tally);
                self.engine
                    .drop_from_list(world, *person, list, self.now, tally);
            }
            self.write()?;
            if self.world.len() > self.how.bounds.kept {
                self.world.clear();
            }
        }
        Ok(self.tally.entries - before)
    }

    /// Makes it so, unless it is to be undone or was done already.
    fn finish(mut self, options: &Options, loaded: &mut LoadOutcome) -> Result<(), Error> {
        self.write()?;
        loaded.shared = self.shared;
        loaded.cut = self.tally.cut;
        loaded.cuts = Cutting::all(self.workspace, &self.tally.cuts);
        let hash = self.hash.finish().cast_signed();
        if self.together.repeats(hash)? {
            loaded.repeats = true;
            (loaded.cut, loaded.cuts) = (0, Vec::new());
            for file in &mut loaded.files {
                file.unchanged += file.added + file.updated;
                (file.added, file.updated, file.entries) = (0, 0, Some(0));
            }
        } else if !options.dry_run {
            self.together.commit(hash)?;
        }
        Ok(())
    }
}

/// Reads a list to its end, or until nobody takes its batches any more.
fn read(
    mut reader: PeopleReader,
    mut rejects: Option<&mut Rejects>,
    full: &SyncSender<PersonRows>,
) -> Result<people::ReadOutcome, data_error::Error> {
    loop {
        let mut batch = reader.batch();
        let more = reader.fill(&mut batch, rejects.as_deref_mut())?;
        if full.send(batch).is_err() || !more {
            break;
        }
    }
    Ok(reader.finish())
}
