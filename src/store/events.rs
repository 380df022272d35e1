//! The tables `event` and `unknown_file`: events that were taken or set aside, known by instant, hash and ordinal, and the
//! files in which those come for a second try.

use rusqlite::{Connection, TransactionBehavior};

use super::database::Store;
use super::error::Result;
use super::insert::Into;
use crate::domain::Instant;
use crate::world::{EventIdentity, Journal};

/// What the database knows of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nothing: it is new.
    New,
    /// It was taken.
    Taken,
    /// One with the same instant and id was taken, and its content was another.
    Different,
    /// It was set aside.
    SetAside,
    /// One with the same instant and id was set aside, and its content was another: it was put right since.
    Mended,
}

/// The column `set_aside` of an event that was set aside.
const SET_ASIDE: i64 = 1;

const EVENTS: Into = Into {
    head: "INSERT OR ROLLBACK INTO event (at, hash, ordinal, content, set_aside)",
    columns: 5,
    tail: "",
};

/// The identities from one on.
pub(super) const FROM: &str =
    "SELECT at, hash, ordinal, content, set_aside FROM event WHERE (at, hash, ordinal) >= (?1, ?2, ?3)
    ORDER BY at, hash, ordinal";

/// Rows passed over before seeking the next identity.
const STRIDE: u32 = 32;

impl Store {
    /// Returns the events of an instant.
    pub(crate) fn events_at(&self, at: Instant) -> Result<Vec<EventIdentity>> {
        let sql = "SELECT hash, ordinal, content FROM event WHERE at = ?1 AND set_aside IS NULL ORDER BY hash, ordinal";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([at.micros()], |row| {
            Ok(EventIdentity {
                at,
                hash: row.get(0)?,
                ordinal: row.get(1)?,
                content: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Says of each event whether it was taken before. Events in order of their instants are looked up fastest.
    pub(crate) fn events_known(&self, events: &[EventIdentity]) -> Result<Vec<Seen>> {
        let mut order: Vec<usize> = (0..events.len()).collect();
        let key = |event: &EventIdentity| (event.at.micros(), event.hash, i64::from(event.ordinal));
        order.sort_unstable_by_key(|place| key(&events[*place]));
        let mut known = vec![Seen::New; events.len()];
        let mut statement = self.connection.prepare_cached(FROM)?;
        let mut wanted = order.into_iter().peekable();
        // One scan goes along the table with the events, and is begun anew where a gap is wide.
        while let Some(first) = wanted.peek() {
            let mut rows = statement.query(key(&events[*first]))?;
            let mut passed = 0;
            while passed < STRIDE {
                let Some(row) = rows.next()? else {
                    return Ok(known);
                };
                let stored = (row.get(0)?, row.get(1)?, row.get(2)?);
                while wanted
                    .next_if(|place| key(&events[*place]) < stored)
                    .is_some()
                {
                    passed = 0;
                }
                let content: i64 = row.get(3)?;
                let aside: Option<i64> = row.get(4)?;
                while let Some(place) = wanted.next_if(|place| key(&events[*place]) == stored) {
                    known[place] = match (aside, events[place].content == content) {
                        (None, true) => Seen::Taken,
                        (None, false) => Seen::Different,
                        (Some(_), true) => Seen::SetAside,
                        (Some(_), false) => Seen::Mended,
                    };
                    passed = 0;
                }
                passed += 1;
            }
        }
        Ok(known)
    }
}

impl Store {
    /// Returns whether `--unknown` ever wrote a file.
    pub(crate) fn has_unknown_files(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM unknown_file)";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Returns whether a file was written by `--unknown`; its hash is that of its bytes.
    pub(crate) fn is_unknown_file(&self, hash: u64) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM unknown_file WHERE hash = ?1)";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([hash.cast_signed()], |row| row.get(0))?)
    }

    /// Notes that `--unknown` writes a file, before the file has its name.
    pub(crate) fn note_unknown_file(&mut self, hash: u64) -> Result<()> {
        let mut note = || -> Result<()> {
            let transaction = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let sql = "INSERT OR IGNORE INTO unknown_file (hash) VALUES (?1)";
            transaction.execute(sql, [hash.cast_signed()])?;
            transaction.commit()?;
            Ok(())
        };
        note().map_err(|error| error.at(&self.path))
    }
}

/// Notes that events were taken or set aside; of those that were set aside before, the earlier note goes.
pub(super) fn insert(connection: &Connection, journal: &Journal) -> Result<()> {
    let key = |event: &EventIdentity| (event.at.micros(), event.hash, event.ordinal);
    let sql =
        "DELETE FROM event WHERE (at, hash, ordinal) = (?1, ?2, ?3) AND set_aside IS NOT NULL";
    for event in &journal.retried {
        connection.prepare_cached(sql)?.execute(key(event))?;
    }
    let noted = |aside| move |event: &EventIdentity| (*event, aside);
    let mut sorted: Vec<(EventIdentity, Option<i64>)> =
        journal.events.iter().map(noted(None)).collect();
    sorted.extend(journal.set_aside.iter().map(noted(Some(SET_ASIDE))));
    sorted.sort_unstable_by_key(|(event, _)| key(event));
    EVENTS.rows(connection, &sorted, |row, (event, aside)| {
        row.bind(event.at.micros())?;
        row.bind(event.hash)?;
        row.bind(event.ordinal)?;
        row.bind(event.content)?;
        row.bind(*aside)
    })
}
