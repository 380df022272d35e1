//! Stores texts that occur in many logs once; log rows hold their number.
//!
//! A log repeats itself: names of emails, links, the same change of the same score. Kept once, rows are a quarter of
//! the size, and a replay, which touches most pages of the log in every chunk, writes that much less. A text is kept
//! once only when several people have it, so nothing that distinguishes one of them from another stands outside their rows;
//! and it is gone when the last person who has it is erased.

use std::collections::BTreeSet;
use std::hash::{Hash as _, Hasher as _};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};
use rustc_hash::{FxHashMap, FxHasher};

use super::error::{Error, Result};
use super::log_key;
use crate::domain::{PersonId, Text};

/// So many people must have a text before it is kept once.
const PEOPLE: u8 = 4;
/// Texts kept once at most, so that all of them fit into memory.
pub(super) const MOST: usize = 1 << 16;
/// Texts watched at a time.
const WATCHED: usize = 1 << 18;
/// Shorter texts cost no more than their number.
const SHORTEST: usize = 8;

/// The writer's knowledge of the table `text`.
#[derive(Debug, Default)]
pub(super) struct Texts {
    numbers: Option<FxHashMap<Text, i64>>,
    watched: FxHashMap<u64, Sighting>,
}

/// How many people have had a text so far, and who was the last.
#[derive(Debug)]
struct Sighting {
    person: i64,
    people: u8,
}

impl Texts {
    /// Returns the number that stands for a text in a person's row; none where the text itself does.
    pub(super) fn number(
        &mut self,
        connection: &Connection,
        text: &str,
        person: i64,
    ) -> Result<Option<i64>> {
        if text.len() < SHORTEST {
            return Ok(None);
        }
        if self.numbers.is_none() {
            self.numbers = Some(load(connection)?);
        }
        let numbers = self.numbers.get_or_insert_default();
        if let Some(number) = numbers.get(text) {
            return Ok(Some(*number));
        }
        if numbers.len() >= MOST || !watch(&mut self.watched, text, person) {
            return Ok(None);
        }
        let sql = "INSERT INTO text (text) VALUES (?1)";
        connection.prepare_cached(sql)?.execute([text])?;
        let number = connection.last_insert_rowid();
        numbers.insert(Text::from(text), number);
        Ok(Some(number))
    }

    /// Deletes those of some texts that stand in nobody's log any more; their people have been erased.
    pub(super) fn drop_unused(
        &mut self,
        connection: &Connection,
        mut left: BTreeSet<i64>,
    ) -> Result<()> {
        if left.is_empty() {
            return Ok(());
        }
        // One pass over the log for all of them: it ends where the last one is met, which for most is soon.
        let sql = "SELECT primary_value, attributes FROM activity
            WHERE typeof(primary_value) = 'integer' OR typeof(attributes) = 'integer'";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while !left.is_empty()
            && let Some(row) = rows.next()?
        {
            for column in 0..2 {
                if let ValueRef::Integer(number) = row.get_ref(column)? {
                    left.remove(&number);
                }
            }
        }
        let mut delete = connection.prepare_cached("DELETE FROM text WHERE text_id = ?1")?;
        for number in &left {
            delete.execute([number])?;
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.retain(|_, number| !left.contains(number));
        }
        Ok(())
    }

    /// Forgets everything, after a transaction was undone.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Notes that a person has a text; returns whether enough people have.
fn watch(watched: &mut FxHashMap<u64, Sighting>, text: &str, person: i64) -> bool {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    if watched.len() >= WATCHED {
        // What repeats is soon seen again.
        watched.clear();
    }
    let sighting = watched
        .entry(hasher.finish())
        .or_insert(Sighting { person, people: 1 });
    if sighting.person != person {
        sighting.person = person;
        sighting.people += 1;
    }
    sighting.people >= PEOPLE
}

/// Returns the texts in a person's log that are kept once.
pub(super) fn of_person(connection: &Connection, person: PersonId) -> Result<BTreeSet<i64>> {
    let sql = format!(
        "SELECT primary_value, attributes FROM activity WHERE activity_id BETWEEN {}",
        log_key::range_of("?1")
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([person.0])?;
    let mut numbers = BTreeSet::new();
    while let Some(row) = rows.next()? {
        for column in 0..2 {
            if let ValueRef::Integer(number) = row.get_ref(column)? {
                numbers.insert(number);
            }
        }
    }
    Ok(numbers)
}

fn load(connection: &Connection) -> Result<FxHashMap<Text, i64>> {
    let mut statement = connection.prepare_cached("SELECT text, text_id FROM text")?;
    let mut rows = statement.query([])?;
    let mut numbers = FxHashMap::default();
    while let Some(row) = rows.next()? {
        numbers.insert(
            Text::from(row.get_ref(0)?.as_str().unwrap_or_default()),
            row.get(1)?,
        );
    }
    Ok(numbers)
}

/// Texts kept once, each read when it is first met.
pub(super) struct TextReader<'c> {
    connection: &'c Connection,
    texts: FxHashMap<i64, Text>,
}

impl<'c> TextReader<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self {
            connection,
            texts: FxHashMap::default(),
        }
    }

    /// Returns the text that a cell holds, itself or by its number.
    pub(super) fn text(&mut self, cell: ValueRef<'_>) -> Result<Option<Text>> {
        let ValueRef::Integer(number) = cell else {
            return Ok(inline(cell)?.map(Text::from));
        };
        if let Some(text) = self.texts.get(&number) {
            return Ok(Some(Text::clone(text)));
        }
        let text = read(self.connection, number)?;
        self.texts.insert(number, Text::clone(&text));
        Ok(Some(text))
    }
}

/// Returns the text that stands in a cell itself.
pub(super) fn inline(cell: ValueRef<'_>) -> Result<Option<&str>> {
    cell.as_str_or_null().map_err(|_| {
        Error::Inconsistent("a row of the log holds something else than text".to_owned())
    })
}

/// Reads one text by its number.
pub(super) fn read(connection: &Connection, number: i64) -> Result<Text> {
    let sql = "SELECT text FROM text WHERE text_id = ?1";
    let text: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([number], |row| row.get(0))
        .optional()?;
    text.map(Text::from)
        .ok_or_else(|| Error::Inconsistent(format!("text {number} is missing")))
}

/// Returns the SQL for the text behind a column that holds it or its number.
pub(super) fn behind(column: &str) -> String {
    format!(
        "CASE typeof({column}) WHEN 'integer' THEN (SELECT text FROM text WHERE text_id = {column}) ELSE {column} END"
    )
}
