//! Finds the person of a row in memory: a table from the hash of each key to the person's number.
//!
//! A load into a large part of the people asks a million times; an answer from the table costs microseconds, one from
//! here a tenth of that, on the thread that reads the file. A key is 96 bits of two keyed hashes: among ten million
//! people two keys coincide with a chance below 10⁻¹⁵. Sixteen bytes a person, in many small tables, so that none
//! of them is ever moved as a whole.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};

use rusqlite::Connection;

use crate::domain::PersonId;
use crate::domain::text::fold_value;
use crate::store::error::Result;
use crate::world::person_rows::{KeyField, PersonRows, RowKey};

/// How many tables the keys are spread over; a power of two.
const SHARDS: usize = 256;
/// The most people that room is made for in advance; a guess may be wrong.
const MOST_RESERVED: usize = 12_000_000;

/// The keys of people, as far as a load needs them; it is handed to the thread that reads, and back.
#[derive(Debug)]
pub(crate) enum Keys {
    /// The database is asked about each row: the list is small, or there are more people than fit.
    InDatabase,
    /// Every key is here.
    InMemory(Box<KeyTable>),
}

impl Keys {
    /// Says of each row who it is about, where that is known here; new people get the next numbers.
    pub(crate) fn mark(&mut self, rows: &mut PersonRows) {
        match self {
            Self::InDatabase => {}
            Self::InMemory(table) => table.mark(rows),
        }
    }
}

/// Every key of one kind, and whose it is.
#[derive(Debug)]
pub(crate) struct KeyTable<S = RandomState> {
    key: KeyField,
    hashers: [S; 2],
    shards: Vec<HashMap<Print, u32, BuildHasherDefault<IdentityHasher>>>,
    next: u32,
    /// People who are not alone with their key; they were first.
    sharing: BTreeSet<u32>,
    /// Rows that meant one of them.
    shared: u64,
    folded: String,
}

impl KeyTable {
    /// Reads the keys of everyone in the database; about so many people are expected in the end.
    pub(super) fn read(
        connection: &Connection,
        key: KeyField,
        next: u32,
        expected: u64,
    ) -> Result<Self> {
        let mut table = Self::empty(key, next, [RandomState::new(), RandomState::new()]);
        table.reserve(expected);
        let column = key.name();
        let mut statement = connection.prepare(&format!(
            "SELECT person_id, {column} FROM person WHERE {column} IS NOT NULL ORDER BY person_id"
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            table.known(row.get(0)?, row.get_ref(1)?.as_str().unwrap_or_default());
        }
        Ok(table)
    }
}

impl<S: BuildHasher> KeyTable<S> {
    fn empty(key: KeyField, next: u32, hashers: [S; 2]) -> Self {
        Self {
            key,
            hashers,
            shards: (0..SHARDS).map(|_| HashMap::default()).collect(),
            next,
            sharing: BTreeSet::new(),
            shared: 0,
            folded: String::new(),
        }
    }

    /// Makes room, so that the tables need not grow on the way.
    fn reserve(&mut self, people: u64) {
        let each = usize::try_from(people).unwrap_or(0).min(MOST_RESERVED) / SHARDS;
        for shard in &mut self.shards {
            // People are not spread quite evenly.
            shard.reserve(each + each / 16);
        }
    }

    /// Returns which kind of key is kept.
    pub(super) fn key(&self) -> KeyField {
        self.key
    }

    /// Returns the number the next new person gets.
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    /// Returns how many rows meant someone who shares the key with others, and starts to count anew.
    pub(super) fn take_shared(&mut self) -> u64 {
        std::mem::take(&mut self.shared)
    }

    fn known(&mut self, person: u32, key: &str) {
        let (shard, print) = self.print(key);
        match self.shards[shard].entry(print) {
            Entry::Vacant(place) => {
                place.insert(person);
            }
            Entry::Occupied(first) => {
                self.sharing.insert(*first.get());
            }
        }
    }

    fn mark(&mut self, rows: &mut PersonRows) {
        for row in 0..rows.len() {
            let (shard, print) = self.print(rows.key(row));
            let who = match self.shards[shard].entry(print) {
                Entry::Vacant(place) => {
                    let person = *place.insert(self.next);
                    self.next += 1;
                    RowKey::New(PersonId(i64::from(person)))
                }
                Entry::Occupied(person) => {
                    let person = *person.get();
                    if !self.sharing.is_empty() && self.sharing.contains(&person) {
                        self.shared += 1;
                    }
                    RowKey::Known(PersonId(i64::from(person)))
                }
            };
            rows.set_who(row, who);
        }
    }

    /// Returns the table and the print of a key; emails are the same in any case.
    fn print(&mut self, key: &str) -> (usize, Print) {
        let key = match self.key {
            KeyField::Id => key,
            KeyField::Email => {
                if key.is_ascii() {
                    self.folded.clear();
                    self.folded.push_str(key);
                    self.folded.make_ascii_lowercase();
                } else {
                    self.folded = fold_value(key);
                }
                &self.folded
            }
        };
        let [a, b] = &self.hashers;
        let (a, b) = (a.hash_one(key), b.hash_one(key));
        let shard = usize::try_from(b >> 32).unwrap_or(0) % SHARDS;
        (shard, Print([low(a), low(a >> 32), low(b)]))
    }
}

/// The lower half of a hash.
fn low(hash: u64) -> u32 {
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// What is kept of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Print([u32; 3]);

impl Hash for Print {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.0[0]) << 32 | u64::from(self.0[1]));
    }
}

/// Takes a print for its own hash, since it is one.
#[derive(Debug, Default)]
struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ValueRef;
    use crate::world::person_rows::Cell;

    fn rows(keys: &[&str]) -> PersonRows {
        let mut rows = PersonRows::new(1, 0);
        for key in keys {
            rows.push(Cell::Set(ValueRef::Text(key)));
            rows.end_row(1);
        }
        rows
    }

    fn marked(table: &mut KeyTable, keys: &[&str]) -> Vec<RowKey> {
        let mut rows = rows(keys);
        table.mark(&mut rows);
        (0..rows.len()).map(|row| rows.who(row)).collect()
    }

    fn table(key: KeyField) -> KeyTable {
        KeyTable::empty(key, 3, [RandomState::new(), RandomState::new()])
    }

    #[test]
    fn people_are_numbered_in_order_of_first_appearance() {
        let mut table = table(KeyField::Email);
        table.known(1, "Ann@Example.com");
        let (new, known) = (|n| RowKey::New(PersonId(n)), |n| RowKey::Known(PersonId(n)));
        assert_eq!(
            marked(
                &mut table,
                &["bob@x.test", "ann@example.COM", "BOB@x.test", "jöRG@x.test"]
            ),
            [new(3), known(1), known(3), new(4)]
        );
        assert_eq!(table.next(), 5);
    }

    #[test]
    fn ids_keep_their_case() {
        let mut table = table(KeyField::Id);
        assert_eq!(
            marked(&mut table, &["a1", "A1"]),
            [RowKey::New(PersonId(3)), RowKey::New(PersonId(4))]
        );
    }

    #[test]
    fn an_email_of_several_people_means_the_first_and_is_counted() {
        let mut table = table(KeyField::Email);
        table.known(1, "ann@x.test");
        table.known(2, "ANN@x.test");
        assert_eq!(
            marked(&mut table, &["Ann@x.test"]),
            [RowKey::Known(PersonId(1))]
        );
        assert_eq!((table.take_shared(), table.take_shared()), (1, 0));
    }
}
