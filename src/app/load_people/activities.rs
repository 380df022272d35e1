//! Loads people as activities (`--as-activities`): each row is logged as a list import would log it, and campaigns react.
//!
//! All of it is one transaction, whose journals are written piece by piece through the one connection, so that memory
//! is bounded and a bad row at the end still undoes everything. Like `campaign run` it happens at its own instant, moves
//! no watermark and lets no wait elapse. That it is done is known by a hash of what it brought, as long as nothing else
//! has been written: the same command, started again after a kill, does nothing twice.

use std::collections::BTreeSet;

use chrono::Datelike as _;

use super::lists::{ListHead, ListResult, Lists, Sink};
use super::{AsActivities, LoadOutcome, Options, publish};
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::{Cutting, Error, Session, Stop};
use crate::domain::hash::StableHasher;
use crate::domain::{Field, FieldId, Instant, ListId, PersonId, PersonKey, Text, ValueRef};
use crate::engine::{Imported, ListRow, Tally};
use crate::intake::people::PeopleReader;
use crate::store::people::{Applied, Keys};
use crate::store::{ImportTransaction, Store};
use crate::world::person_rows::{Cell, KeyField, PersonRows};
use crate::world::{PersonSet, World};

/// Loads the lists. All of them are opened first, since campaigns react to the first row with all fields known.
pub(super) fn load(
    store: &mut Store,
    mut lists: Lists<'_, '_>,
    options: &Options,
    how: &AsActivities,
    now: Instant,
) -> Result<LoadOutcome, Error> {
    let stop = lists.stop();
    let due_since = store.next_due()?.filter(|due| *due <= now);
    let mut together = store.begin_import()?;
    let mut readers = Vec::new();
    while let Some(reader) = lists.open_next()? {
        readers.push(reader);
    }
    let fields: BTreeSet<FieldId> = readers.iter().flat_map(PeopleReader::fields).collect();
    let fields: Vec<&Field> = fields
        .iter()
        .map(|field| lists.catalogue().field(*field))
        .collect();
    together.add_fields(fields.iter().copied())?;
    let list = match &options.list {
        Some(name) => Some(together.add_list(name)?),
        None => None,
    };
    let opened = StoredWorkspace::of(together.store())?;
    let session = Session::new(&opened, how.seed, how.bounds);
    let mut import = Import::new(together, &session, fields.into_iter(), list, now)?;
    for reader in readers {
        lists.load(reader, &mut import)?;
    }
    let (loaded, rejects) = lists.finish()?;
    let mut loaded = LoadOutcome {
        due_since,
        ..loaded
    };
    if options.replace {
        let entries = import.drop_others(stop)?;
        if let Some(last) = loaded.files.last_mut() {
            last.entries = last.entries.map(|own| own + entries);
        }
    }
    import.finish(options, &mut loaded)?;
    publish(rejects)?;
    Ok(loaded)
}

/// A load on its way.
struct Import<'s, 'w> {
    together: ImportTransaction<'s>,
    session: &'w Session<'w>,
    world: World,
    tally: Tally,
    list: Option<ListId>,
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
    applied: Applied,
    entries_before: u64,
}

impl<'s, 'w> Import<'s, 'w> {
    fn new<'f>(
        together: ImportTransaction<'s>,
        session: &'w Session<'w>,
        fields: impl Iterator<Item = &'f Field>,
        list: Option<Text>,
        now: Instant,
    ) -> Result<Self, Error> {
        let workspace = session.workspace();
        let fields = fields.filter_map(|field| workspace.fields.find(&field.name));
        let needs = session.engine.import_needs(fields, list.is_some());
        let world = session.world(together.store(), needs)?;
        let mut hash = StableHasher::default();
        hash.part(b"person load --as-activities");
        hash.part(&now.micros().to_le_bytes());
        hash.part(&session.seed.to_le_bytes());
        hash.part(list.as_deref().unwrap_or_default().as_bytes());
        let list = list.map(|name| ListId(world.lists.intern(&name)));
        Ok(Self {
            session,
            world,
            tally: Tally::default(),
            listed: PersonSet::default(),
            columns: Vec::new(),
            key: KeyField::Email,
            seen: PersonSet::default(),
            applied: Applied::default(),
            entries_before: 0,
            together,
            list,
            now,
            hash,
        })
    }

    /// Imports some rows of a batch, and writes what came of them where it has become much.
    fn rows(&mut self, batch: &PersonRows, rows: std::ops::Range<usize>) -> Result<(), Error> {
        let keys: Vec<PersonKey> = rows.clone().map(|row| self.key_of(batch, row)).collect();
        self.look_up(&keys)?;
        for (row, key) in rows.zip(keys) {
            self.row(batch, row, key);
            if self.world.journal().activities.len() >= self.session.bounds.rows {
                self.write()?;
            }
        }
        if self.world.len() > self.session.bounds.kept {
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
        // The directory knows everyone who has changed a key in this load, whether that is written or not.
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
        let store = self.together.store();
        Ok(self.session.load_missing(&mut self.world, store, people)?)
    }

    /// Imports one row.
    fn row(&mut self, batch: &PersonRows, row: usize, key: PersonKey) {
        self.applied.shared += u64::from(self.world.directory.is_shared(&key));
        let workspace = self.session.workspace();
        let is_key = |field: &FieldId| workspace.fields.field(*field).name == self.key.name();
        let cells = self.columns.iter().zip(batch.row(row));
        let mut values = Vec::with_capacity(self.columns.len());
        for (field, cell) in cells {
            feed(&mut self.hash, cell);
            if !is_key(field) && cell != Cell::Keep {
                values.push((*field, cell.value().map(ValueRef::to_value)));
            }
        }
        let line = batch.line(row);
        let row = ListRow {
            at: self.now,
            key,
            values,
            list: self.list,
        };
        let engine = &self.session.engine;
        let (person, imported) = engine.import(&mut self.world, row, &mut self.tally);
        self.listed.insert(person);
        let first_time = self.seen.insert(person);
        match (first_time, imported) {
            (false, _) => self.applied.repeat(line),
            (true, Imported::Added) => self.applied.added += 1,
            (true, Imported::Updated) => self.applied.updated += 1,
            (true, Imported::Unchanged) => self.applied.unchanged += 1,
        }
    }

    /// Writes what has been changed since the last time.
    fn write(&mut self) -> Result<(), Error> {
        let journal = self.world.take_journal();
        Ok(self.together.write(&journal, self.session.bindings())?)
    }

    /// Takes everyone off the list whom no row was about, in order of person; returns the entries that followed.
    fn drop_others(&mut self, stop: &Stop) -> Result<u64, Error> {
        let Some(list) = self.list else {
            return Ok(0);
        };
        self.hash.part(b"replace");
        self.write()?;
        let before = self.tally.entries;
        let name = self.world.lists.name(list.0);
        let mut others = self.together.store().list_members(&name)?;
        others.retain(|person| !self.listed.contains(*person));
        for some in others.chunks(self.session.bounds.people) {
            stop.check()?;
            self.load_missing(some.iter().copied())?;
            for person in some {
                let (world, tally) = (&mut self.world, &mut self.tally);
                let engine = &self.session.engine;
                engine.drop_from_list(world, *person, list, self.now, tally);
            }
            self.write()?;
            if self.world.len() > self.session.bounds.kept {
                self.world.clear();
            }
        }
        Ok(self.tally.entries - before)
    }

    /// Makes it so, unless it is to be undone or was done already.
    fn finish(mut self, options: &Options, loaded: &mut LoadOutcome) -> Result<(), Error> {
        self.write()?;
        loaded.cut = self.tally.cut;
        loaded.cuts = Cutting::all(self.session.workspace(), &self.tally.cuts);
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

impl Sink for Import<'_, '_> {
    fn begin_list(&mut self, list: &ListHead<'_>) -> Result<Keys, Error> {
        self.columns.clear();
        self.hash.part(list.key.name().as_bytes());
        for field in &list.fields {
            self.hash.part(field.name.as_bytes());
            // Every field of a list was given a column, and so is in the workspace.
            let workspace = self.session.workspace();
            self.columns.extend(workspace.fields.find(&field.name));
        }
        self.key = list.key;
        self.seen = PersonSet::default();
        self.applied = Applied::default();
        self.entries_before = self.tally.entries;
        Ok(Keys::InDatabase)
    }

    fn apply(&mut self, batch: &PersonRows) -> Result<(), Error> {
        let mut from = 0;
        while from < batch.len() {
            let until = batch.len().min(from + self.session.bounds.people);
            self.rows(batch, from..until)?;
            from = until;
        }
        Ok(())
    }

    fn end_list(&mut self, _: Keys) -> Result<ListResult, Error> {
        Ok(ListResult {
            applied: self.applied,
            entries: Some(self.tally.entries - self.entries_before),
        })
    }
}

/// Feeds a cell to the hash of a load.
fn feed(hash: &mut StableHasher, cell: Cell<'_>) {
    let (kind, bits) = match cell {
        Cell::Keep => (0, 0),
        Cell::Clear => (1, 0),
        Cell::Set(ValueRef::Text(text)) => return hash.part(text.as_bytes()),
        Cell::Set(ValueRef::Integer(number)) => (2, number),
        Cell::Set(ValueRef::Datetime(at)) => (2, at.micros()),
        Cell::Set(ValueRef::Float(number)) => (3, number.to_bits().cast_signed()),
        Cell::Set(ValueRef::Boolean(truth)) => (4, i64::from(truth)),
        Cell::Set(ValueRef::Date(date)) => (5, i64::from(date.num_days_from_ce())),
    };
    hash.part(&[kind]);
    hash.part(&bits.to_le_bytes());
}
