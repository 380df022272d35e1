//! A checksum of what is written about each person: of the rows of their log and of their messages.
//!
//! SQLite notices a page that is torn or out of order; a bit that flips within a value it does not. Here each row has a
//! hash of its content, with the texts that it names by number, and a person's sum is the exclusive or of the hashes of all
//! of their rows, whatever the order in which they were written. Writing a journal adds the new rows to the sums in
//! the same transaction, erasing a person removes the sum, and `db check` computes all of them anew.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::error::Result;
use super::insert::{Binder, Into};
use super::log_key::ORDINAL_BITS;

/// The tables that are summed, with their columns in the order in which the journal writes them.
const TABLES: [(&str, &str); 2] = [
    (
        "activity",
        "activity_id, at, type, primary_value, attributes, campaign_id, run_id, step, choice, outcome, reason, event_id,
            happening, activation, marketo_campaign",
    ),
    (
        "outbox",
        "activity_id, at, email, recipient, sender, subject, body",
    ),
];

/// The columns of `activity` that may hold the number of a text.
const NUMBERED: [usize; 2] = [3, 4];

const SUMS: Into = Into {
    head: "INSERT OR ROLLBACK INTO log_sum (person_id, sum)",
    columns: 2,
    // SQLite has no exclusive or; this is one, and never overflows.
    tail: "ON CONFLICT (person_id) DO UPDATE SET sum = (sum | excluded.sum) - (sum & excluded.sum)",
};

/// An odd number without a pattern.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// What stands for an empty cell, and what makes a text differ from a number of the same bits.
const EMPTY: u64 = 0xa076_1d64_78bd_642f;
const TEXT: u64 = 0xe703_7ed1_a0b4_28db;

/// Returns the hash of a text. Databases hold what is made of it, therefore it never changes.
pub(super) fn text_hash(text: &[u8]) -> u64 {
    let mut hash = TEXT ^ text.len() as u64;
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        hash = mixed(hash, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mixed(hash, u64::from_le_bytes(last))
}

/// Each word changes all that follows, and no two words of one place have the same effect: one flipped bit is always seen.
fn mixed(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(29) ^ word).wrapping_mul(FACTOR)
}

/// The hash of a row in the making; the cells are fed in order.
#[derive(Debug, Clone, Copy, Default)]
struct RowHash(u64);

impl RowHash {
    fn empty(&mut self) {
        self.0 = mixed(self.0, EMPTY);
    }

    fn number(&mut self, number: i64) {
        self.0 = mixed(self.0, number.cast_unsigned());
    }

    fn text(&mut self, hash: u64) {
        self.0 = mixed(self.0, hash ^ TEXT);
    }

    fn finish(self) -> i64 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        (hash ^ (hash >> 33)).cast_signed()
    }
}

/// Gives a statement the cells of a row, and hashes them on the way.
pub(super) struct SummedRow<'b, 's, 'c> {
    binder: &'b mut Binder<'s, 'c>,
    hash: RowHash,
}

impl<'b, 's, 'c> SummedRow<'b, 's, 'c> {
    /// Begins a row.
    pub(super) fn of(binder: &'b mut Binder<'s, 'c>) -> Self {
        Self {
            binder,
            hash: RowHash::default(),
        }
    }

    /// Binds a number or nothing.
    pub(super) fn number(&mut self, number: impl std::convert::Into<Option<i64>>) -> Result<()> {
        let number = number.into();
        match number {
            Some(number) => self.hash.number(number),
            None => self.hash.empty(),
        }
        self.binder.bind(number)
    }

    /// Binds a text or nothing.
    pub(super) fn text(&mut self, text: Option<&str>) -> Result<()> {
        match text {
            Some(text) => self.hash.text(text_hash(text.as_bytes())),
            None => self.hash.empty(),
        }
        self.binder.bind(text)
    }

    /// Binds the number of a text that is kept once; its hash is that of the text.
    pub(super) fn numbered(&mut self, number: i64, hash: u64) -> Result<()> {
        self.hash.text(hash);
        self.binder.bind(number)
    }

    /// Adds the row to the sums.
    pub(super) fn add_to(self, sums: &mut LogSums, id: i64) {
        sums.add(id, self.hash);
    }
}

/// Sums of people, or what is to be added to them: in the order in which their rows came.
#[derive(Debug, Default)]
pub(super) struct LogSums(Vec<(i64, i64)>);

impl LogSums {
    fn add(&mut self, id: i64, hash: RowHash) {
        let person = id >> ORDINAL_BITS;
        match self.0.last_mut() {
            Some((last, sum)) if *last == person => *sum ^= hash.finish(),
            Some(_) | None => self.0.push((person, hash.finish())),
        }
    }

    /// Returns them by person, each once.
    fn by_person(mut self) -> Vec<(i64, i64)> {
        self.0.sort_by_key(|(person, _)| *person);
        self.0.dedup_by(|again, first| {
            let same = again.0 == first.0;
            if same {
                first.1 ^= again.1;
            }
            same
        });
        self.0
    }

    /// Writes what is to be added.
    pub(super) fn write(self, connection: &Connection) -> Result<()> {
        SUMS.rows(connection, &self.by_person(), |row, (person, sum)| {
            row.bind(person)?;
            row.bind(sum)
        })
    }
}

/// Computes all sums of a database that has none yet.
pub(super) fn fill(connection: &Connection) -> Result<()> {
    computed(connection)?.write(connection)
}

/// Returns the people whose log or messages are not as they were written.
pub(super) fn differing(connection: &Connection) -> Result<Vec<i64>> {
    let computed = computed(connection)?.by_person();
    let mut computed = computed.into_iter().peekable();
    let mut different = Vec::new();
    let sql = "SELECT person_id, sum FROM log_sum ORDER BY person_id";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (person, sum): (i64, i64) = (row.get(0)?, row.get(1)?);
        while let Some((unsummed, _)) = computed.next_if(|(other, _)| *other < person) {
            different.push(unsummed);
        }
        let found = computed.next_if(|(other, _)| *other == person);
        if found.is_none_or(|(_, computed)| computed != sum) {
            different.push(person);
        }
    }
    different.extend(computed.map(|(person, _)| person));
    Ok(different)
}

fn computed(connection: &Connection) -> Result<LogSums> {
    let texts = texts(connection)?;
    let mut sums = LogSums::default();
    for (table, columns) in TABLES {
        let numbered = if table == "activity" {
            NUMBERED.as_slice()
        } else {
            &[]
        };
        let sql = format!("SELECT {columns} FROM {table} ORDER BY activity_id");
        let mut statement = connection.prepare(&sql)?;
        let width = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut hash = RowHash::default();
            for column in 0..width {
                feed(&mut hash, row, column, numbered, &texts)?;
            }
            sums.add(row.get(0)?, hash);
        }
    }
    Ok(sums)
}

fn feed(
    hash: &mut RowHash,
    row: &Row<'_>,
    column: usize,
    numbered: &[usize],
    texts: &FxHashMap<i64, u64>,
) -> Result<()> {
    match row.get_ref(column)? {
        ValueRef::Null => hash.empty(),
        ValueRef::Integer(number) if numbered.contains(&column) => match texts.get(&number) {
            Some(text) => hash.text(*text),
            None => hash.number(number),
        },
        ValueRef::Integer(number) => hash.number(number),
        // No column holds such a number; one that does is damaged.
        ValueRef::Real(number) => hash.number(number.to_bits().cast_signed()),
        ValueRef::Text(text) | ValueRef::Blob(text) => hash.text(text_hash(text)),
    }
    Ok(())
}

fn texts(connection: &Connection) -> Result<FxHashMap<i64, u64>> {
    let mut statement = connection.prepare("SELECT text_id, text FROM text")?;
    let mut rows = statement.query([])?;
    let mut texts = FxHashMap::default();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?;
        let text = text.as_bytes_or_null().ok().flatten().unwrap_or_default();
        texts.insert(row.get(0)?, text_hash(text));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_never_change() {
        assert_eq!(text_hash(b""), 0x321c_8aa5_6f9a_c4e2);
        assert_eq!(text_hash(b"country"), 0xa981_86ce_0f0c_ab2d);
    }

    #[test]
    fn each_bit_of_a_text_counts() {
        let text = b"{\"link\":\"https://x.example/pricing\"}".to_vec();
        let hash = text_hash(&text);
        for place in 0..text.len() * 8 {
            let mut other = text.clone();
            other[place / 8] ^= 1 << (place % 8);
            assert_ne!(text_hash(&other), hash);
        }
        assert_ne!(text_hash(b"a"), text_hash(b"a\0"));
    }

    #[test]
    fn cells_differ_by_kind_and_place() {
        let row = |feed: &dyn Fn(&mut RowHash)| {
            let mut hash = RowHash::default();
            feed(&mut hash);
            hash.finish()
        };
        let all = [
            row(&|hash| hash.empty()),
            row(&|hash| hash.number(0)),
            row(&|hash| hash.text(text_hash(b"0"))),
            row(&|hash| {
                hash.number(1);
                hash.number(2);
            }),
            row(&|hash| {
                hash.number(2);
                hash.number(1);
            }),
        ];
        for (place, one) in all.iter().enumerate() {
            assert!(!all[place + 1..].contains(one));
        }
    }
}
