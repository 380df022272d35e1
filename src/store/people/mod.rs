//! Person lists into the database: one transaction for any number of lists.
//!
//! The reader of lists gives batches of checked rows; here each row becomes a new person or a change of a known one.
//! [`key_table`] finds who is meant, [`mod@file`] writes, [`past`] keeps what was, [`lists`] fills a static list,
//! [`members`] makes members of a program. A load that brings many new people takes the two indexes of `person` away and builds them anew
//! at the end, sorted, which costs half of keeping them.

mod file;
mod key_table;
mod lists;
mod members;
mod past;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub(crate) use key_table::Keys;

use super::database::Store;
use super::error::Result;
use super::sql::quote;
use super::{columns, keys, meta};
use crate::domain::field::{KEPT, UPDATED_AT};
use crate::domain::{Field, FieldCatalogue, Instant, PersonId};
use crate::world::PersonSet;
use crate::world::members::{MemberColumn, MemberProgram};
use crate::world::person_rows::{KeyField, PersonRows, RowKey};
use file::{FileStatements, KeptColumns};
use key_table::KeyTable;
use lists::ListTarget;
use members::MemberTarget;
use past::PersonChange;

/// Keys are kept in memory unless there are so many times more people than rows to come.
const FEW: u64 = 3;
/// More people than this are not kept in memory.
const MOST_IN_MEMORY: i64 = 50_000_000;
/// The indexes are taken away when the new people are more than one in so many of those known.
const MANY: u64 = 4;
/// The page cache during a load, in KiB: a small list finds its way through the upper pages of a large index here.
const CACHE_KIB: i64 = 16 << 10;
/// The page cache while an index is built, in KiB. It bounds the pieces that are sorted before they are merged, and pieces
/// that fit the processor's cache take half the time of one large sort.
const SORTING_CACHE_KIB: i64 = 1 << 10;

/// What a load is asked to do.
#[derive(Debug, Clone)]
pub(crate) struct LoadSpec {
    /// The instant of what it changes.
    pub(crate) at: Instant,
    /// About how many rows will come; it decides how people are found, never who is.
    pub(crate) expected_rows: u64,
    /// The static list that everyone is put on.
    pub(crate) list: Option<String>,
    /// The program of which everyone becomes a member.
    pub(crate) members: Option<MemberProgram>,
}

/// The outcome of the rows of one list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    /// People who were not known.
    pub(crate) added: u64,
    /// Known people of whom something changed.
    pub(crate) updated: u64,
    /// Known people of whom nothing changed.
    pub(crate) unchanged: u64,
    /// Rows about someone whom an earlier row of the list was about.
    pub(crate) repeated: u64,
    /// The lines of the first few of those.
    pub(crate) repeated_on: [Option<u64>; REPEATS_NOTED],
    /// Rows whose email several people have; the first of them was meant.
    pub(crate) shared: u64,
}

/// How many lines of repeated rows are noted.
pub(crate) const REPEATS_NOTED: usize = 3;

impl Applied {
    /// Counts a row about someone whom an earlier row of the list was about.
    pub(crate) fn repeat(&mut self, line: u64) {
        self.repeated += 1;
        if let Some(free) = self.repeated_on.iter_mut().find(|noted| noted.is_none()) {
            *free = Some(line);
        }
    }
}

/// A load in progress; dropping it undoes everything.
pub(crate) struct PeopleLoad<'c> {
    transaction: Transaction<'c>,
    connection: &'c Connection,
    spec: LoadSpec,
    statements: Option<FileStatements<'c>>,
    keys: Option<Keys>,
    /// Whether the present list needs no index to find people.
    in_memory: bool,
    list: Option<ListTarget>,
    members: Option<MemberTarget>,
    applied: Applied,
    /// Whom the present list was about so far.
    seen: PersonSet,
    /// The first number that this load gave, and the next one.
    first: i64,
    next: i64,
    past_since: i64,
    /// What makes the indexes again, once they are taken away.
    indexes: Vec<String>,
}

impl Store {
    /// Begins to load people.
    pub(crate) fn begin_people_load(&mut self, spec: LoadSpec) -> Result<PeopleLoad<'_>> {
        let connection = &self.connection;
        // Sorted pieces of an index go to a private file without a name, so that ten million people fit.
        connection.pragma_update(None, "temp_store", "FILE")?;
        // The borrow of the whole store, not of the connection, is exclusive; statements live beside the transaction.
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        meta::clear_last_done(connection)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        let list = spec
            .list
            .as_deref()
            .map(|name| ListTarget::find_or_make(connection, name))
            .transpose()?;
        let members = spec
            .members
            .as_ref()
            .map(|program| MemberTarget::find_or_make(connection, program))
            .transpose()?;
        let next = keys::next_person(connection)?.0;
        Ok(PeopleLoad {
            past_since: past::next(connection)?,
            transaction,
            connection,
            spec,
            statements: None,
            keys: None,
            in_memory: false,
            list,
            members,
            applied: Applied::default(),
            seen: PersonSet::default(),
            first: next,
            next,
            indexes: Vec::new(),
        })
    }
}

impl PeopleLoad<'_> {
    /// Begins a list with these columns; fields without a column get one.
    ///
    /// The keys returned mark the list's batches, on any thread, and come back with [`Self::end_file`].
    pub(crate) fn begin_file(
        &mut self,
        fields: &[&Field],
        members: &[MemberColumn],
        key: KeyField,
    ) -> Result<Keys> {
        let standard = FieldCatalogue::standard();
        let kept: Vec<&Field> = KEPT
            .iter()
            .map(|field| standard.field(*field))
            .filter(|kept| fields.iter().all(|field| field.name != kept.name))
            .collect();
        columns::ensure_columns(self.connection, fields.iter().chain(&kept).copied())?;
        let named = fields.iter().map(|f| (f.name.as_str(), f.field_type));
        let kept = KeptColumns {
            names: kept.iter().map(|field| field.name.clone()).collect(),
            updated: kept
                .iter()
                .any(|field| field.name == standard.field(UPDATED_AT).name),
            at: self.spec.at,
        };
        if let Some(target) = &mut self.members {
            target.begin_file(members, kept.updated);
        }
        self.statements = Some(FileStatements::prepare(self.connection, named, kept, key)?);
        self.applied = Applied::default();
        self.seen = PersonSet::default();
        let keys = match self.keys.take() {
            Some(Keys::InMemory(table)) if table.key() == key => Keys::InMemory(table),
            Some(Keys::InMemory(_) | Keys::InDatabase) | None => self.read_keys(key)?,
        };
        self.in_memory = matches!(keys, Keys::InMemory(_));
        Ok(keys)
    }

    fn read_keys(&self, key: KeyField) -> Result<Keys> {
        let people = u64::try_from(self.next - 1).unwrap_or(0);
        let few = people > self.spec.expected_rows.saturating_mul(FEW);
        let indexed = self.indexes.is_empty();
        match u32::try_from(self.next) {
            Ok(next) if !indexed || (!few && self.next < MOST_IN_MEMORY) => {
                Ok(Keys::InMemory(Box::new(KeyTable::read(
                    self.connection,
                    key,
                    next,
                    people.max(self.spec.expected_rows),
                )?)))
            }
            Ok(_) | Err(_) => Ok(Keys::InDatabase),
        }
    }

    /// Applies a batch of the present list, in order.
    pub(crate) fn apply(&mut self, rows: &PersonRows) -> Result<()> {
        let mut row = 0;
        while row < rows.len() {
            match rows.who(row) {
                RowKey::New(first) => {
                    let end = (row + 1..rows.len())
                        .find(|next| !matches!(rows.who(*next), RowKey::New(_)))
                        .unwrap_or(rows.len());
                    self.add(rows, row..end, first)?;
                    row = end;
                }
                RowKey::Known(person) => {
                    self.change(rows, row, person)?;
                    row += 1;
                }
                RowKey::Unasked => {
                    self.ask(rows, row)?;
                    row += 1;
                }
            }
        }
        Ok(())
    }

    /// Finds in the database whom a row is about, and applies it.
    fn ask(&mut self, rows: &PersonRows, row: usize) -> Result<()> {
        let Some(statements) = &mut self.statements else {
            return Ok(());
        };
        match statements.find(rows.key(row))? {
            Some(found) => {
                self.applied.shared += u64::from(found.shared);
                self.change(rows, row, found.person)
            }
            None => self.add(rows, row..row + 1, PersonId(self.next)),
        }
    }

    /// Adds adjacent rows about new people, numbered on from `first`.
    fn add(
        &mut self,
        rows: &PersonRows,
        range: std::ops::Range<usize>,
        first: PersonId,
    ) -> Result<()> {
        let count = range.len() as u64;
        self.applied.added += count;
        self.next = first.0 + i64::try_from(count).unwrap_or(0);
        self.drop_indexes_before_many()?;
        if let Some(statements) = &mut self.statements {
            statements.insert(rows, range.clone(), first)?;
        }
        for (row, person) in range.zip((first.0..self.next).map(PersonId)) {
            self.seen.insert(person);
            if let Some(list) = &mut self.list {
                list.put(self.connection, person, self.spec.at)?;
            }
            if let Some(members) = &self.members {
                members.put(self.connection, person, rows, row, self.spec.at)?;
            }
        }
        Ok(())
    }

    /// Applies a row about someone known, from before or from an earlier row.
    fn change(&mut self, rows: &PersonRows, row: usize, person: PersonId) -> Result<()> {
        let mut change = match &mut self.statements {
            Some(statements) => statements.update(rows, row, person)?,
            None => PersonChange::default(),
        };
        if let Some(list) = &mut self.list
            && list.put(self.connection, person, self.spec.at)?
        {
            change.lists = PersonChange::of_list("joined", list.name()).lists;
        }
        if let Some(members) = &self.members {
            change.and(members.put(self.connection, person, rows, row, self.spec.at)?);
        }
        let first_time = self.seen.insert(person);
        match (first_time, change.is_empty()) {
            (false, _) => self.applied.repeat(rows.line(row)),
            (true, true) => self.applied.unchanged += 1,
            (true, false) => self.applied.updated += 1,
        }
        // A person who is new with this load has no past before it.
        if person.0 < self.first && !change.is_empty() {
            past::write(
                self.connection,
                person,
                self.spec.at,
                self.past_since,
                change,
            )?;
        }
        Ok(())
    }

    fn drop_indexes_before_many(&mut self) -> Result<()> {
        let known = u64::try_from(self.first - 1).unwrap_or(0);
        let new = u64::try_from(self.next - self.first).unwrap_or(0);
        if !self.in_memory || !self.indexes.is_empty() || new * MANY < known {
            return Ok(());
        }
        let mut statement = self.connection.prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'person'",
        )?;
        let indexes = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        drop(statement);
        for (name, sql) in indexes {
            let name = quote(&name);
            self.connection
                .execute_batch(&format!("DROP INDEX {name}"))?;
            self.indexes.push(sql);
        }
        Ok(())
    }

    /// Ends the present list and takes its keys back.
    pub(crate) fn end_file(&mut self, mut keys: Keys) -> Applied {
        self.statements = None;
        if let Keys::InMemory(table) = &mut keys {
            self.applied.shared += table.take_shared();
            self.next = i64::from(table.next());
        }
        self.keys = Some(keys);
        self.applied
    }

    /// Takes everyone off the load's list whom no row put there.
    pub(crate) fn replace_list(&mut self) -> Result<()> {
        match &self.list {
            Some(list) => list.drop_others(self.connection, self.spec.at, self.past_since),
            None => Ok(()),
        }
    }

    /// Commits.
    pub(crate) fn commit(mut self) -> Result<()> {
        self.statements = None;
        if !self.indexes.is_empty() {
            self.connection
                .pragma_update(None, "cache_size", -SORTING_CACHE_KIB)?;
        }
        for sql in &self.indexes {
            self.connection.execute_batch(sql)?;
        }
        self.transaction.commit()?;
        Ok(())
    }
}
