//! The table `event`: events that were taken, known by instant, hash and ordinal.

use rusqlite::Connection;

use super::database::Store;
use super::error::Result;
use super::insert::Into;
use crate::world::EventIdentity;

/// What the database knows of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: it is new.
    New,
    /// It was taken.
    Taken,
    /// One with the same instant and id was taken, and its content was another.
    Different,
}

const EVENTS: Into = Into {
    head: "INSERT OR ROLLBACK INTO event (at, hash, ordinal, content)",
    columns: 4,
    tail: "",
};

/// The identities from one on.
pub(super) const FROM: &str =
    "SELECT at, hash, ordinal, content FROM event WHERE (at, hash, ordinal) >= (?1, ?2, ?3)
    ORDER BY at, hash, ordinal";

/// Rows passed over before seeking the next identity.
const STRIDE: u32 = 32;

impl Store {
    /// Says of each event whether it was taken before. Events in order of their instants are looked up fastest.
    pub fn events_known(&self, events: &[EventIdentity]) -> Result<Vec<Seen>> {
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
                while let Some(place) = wanted.next_if(|place| key(&events[*place]) == stored) {
                    known[place] = if events[place].content == content {
                        Seen::Taken
                    } else {
                        Seen::Different
                    };
                    passed = 0;
                }
                passed += 1;
            }
        }
        Ok(known)
    }
}

/// Notes that events were taken.
pub(super) fn insert(connection: &Connection, events: &[EventIdentity]) -> Result<()> {
    let mut sorted = events.to_vec();
    sorted.sort_unstable_by_key(|event| (event.at, event.hash, event.ordinal));
    EVENTS.rows(connection, &sorted, |row, event| {
        row.bind(event.at.micros())?;
        row.bind(event.hash)?;
        row.bind(event.ordinal)?;
        row.bind(event.content)
    })
}
