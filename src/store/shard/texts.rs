//! Texts that are kept once, and their numbers in each shard and in the merged database.

use std::collections::hash_map::Entry;

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::super::error::{Error, Result};
use super::super::log_sum::text_hash;
use super::super::texts::MOST;
use super::source::Source;
use crate::domain::Text;

/// What stands for a text in the merged database.
#[derive(Debug, Clone)]
pub(super) enum MergedText {
    /// Its number, and the hash of the text.
    Number(i64, u64),
    /// The text itself, since enough others are kept once.
    Itself(Text),
}

/// The numbers of one shard's texts.
pub(super) type Numbers = FxHashMap<i64, MergedText>;

/// Writes the texts of all shards, each once, and returns what the numbers of each shard become.
pub(super) fn write(sources: &[Source], to: &Connection) -> Result<Vec<Numbers>> {
    let mut known: FxHashMap<Text, i64> = FxHashMap::default();
    let mut all = Vec::with_capacity(sources.len());
    let mut insert = to.prepare("INSERT INTO text (text) VALUES (?1)")?;
    for source in sources {
        let mut numbers = Numbers::default();
        let sql = "SELECT text_id, text FROM text ORDER BY text_id";
        let mut statement = source.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (number, text): (i64, String) = (row.get(0)?, row.get(1)?);
            let text = Text::from(text);
            let hash = text_hash(text.as_bytes());
            let is_full = known.len() >= MOST;
            let merged = match known.entry(Text::clone(&text)) {
                Entry::Occupied(known) => MergedText::Number(*known.get(), hash),
                Entry::Vacant(_) if is_full => MergedText::Itself(text),
                Entry::Vacant(free) => {
                    insert.execute([&*text])?;
                    MergedText::Number(*free.insert(to.last_insert_rowid()), hash)
                }
            };
            numbers.insert(number, merged);
        }
        all.push(numbers);
    }
    Ok(all)
}

/// Finds what a number of a shard has become.
pub(super) fn find(numbers: &Numbers, number: i64) -> Result<&MergedText> {
    let missing = || Error::Inconsistent(format!("text {number} is missing"));
    numbers.get(&number).ok_or_else(missing)
}
