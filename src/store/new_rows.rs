//! What a copy of a database has that the original has not: the logs that differ, and their rows from a place on.
//!
//! People are compared by the checksums of their logs, so that of those to whom nothing has happened no row is read.

use std::iter::Peekable;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Statement};

use super::bindings::Bindings;
use super::database::Store;
use super::error::{Error, Result};
use super::history::{self, History};
use super::log_key::{ORDINAL_BITS, place_of, range_of};
use super::log_sum::text_hash;
use super::queries::log_row;
use crate::domain::{CampaignId, PersonId};
use crate::world::LogRow;

/// A row of a copy that the original does not have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewRow {
    /// The row.
    pub(crate) row: LogRow,
    /// The hash of the message that it sent.
    pub(crate) message: Option<u64>,
}

/// An entry into a campaign that the original does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewEntry {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// The place in the log of the row that began it; none where a batch run did.
    pub(crate) cause: Option<u32>,
}

/// The logs of one person in an original and two copies of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogsOfPerson {
    /// The person.
    pub(crate) person: PersonId,
    /// Whether the copies have the same log.
    pub(crate) are_same: bool,
}

/// How many checksums are read at a time.
const AT_ONCE: i64 = 10_000;

impl Store {
    /// Returns the number of rows in a person's log.
    pub(crate) fn log_length(&self, person: PersonId) -> Result<u32> {
        let sql = format!(
            "SELECT activity_id FROM activity WHERE activity_id BETWEEN {}
            ORDER BY activity_id DESC LIMIT 1",
            range_of("?1")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let last: Option<i64> = statement
            .query_row([person.0], |row| row.get(0))
            .optional()?;
        Ok(last.map_or(0, |last| place_of(last) + 1))
    }

    /// Begins to read rows of logs, and entries.
    pub(crate) fn new_rows<'s>(&'s self, bindings: &'s Bindings) -> Result<NewRows<'s>> {
        let rows = format!(
            "SELECT NULL, {}, campaign_id, run_id, step, choice, outcome, reason, event_id, happening, marketo_campaign,
                (SELECT recipient || char(0) || subject || char(0) || body FROM outbox o WHERE o.activity_id = a.activity_id)
            FROM activity a WHERE activity_id BETWEEN (?1 << {ORDINAL_BITS} | ?2) AND ((?1 + 1) << {ORDINAL_BITS}) - 1
            ORDER BY activity_id",
            history::COLUMNS
        );
        let entries = "SELECT campaign_id, cause FROM entry WHERE person_id = ?1 AND place >= ?2
            ORDER BY place, campaign_id, nth";
        Ok(NewRows {
            connection: &self.connection,
            bindings,
            history: History::new(&self.connection, bindings),
            read: 0,
            rows: self.connection.prepare(&rows)?,
            entries: self.connection.prepare(entries)?,
        })
    }

    /// Calls `see` with everyone whose log is another one in a copy than here, in order of person.
    pub(crate) fn each_changed<E: From<Error>>(
        &self,
        copies: [&Self; 2],
        see: &mut dyn FnMut(LogsOfPerson) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut original = LogSumStream::of(self);
        let [mut before, mut after] = copies.map(LogSumStream::of);
        loop {
            let firsts = [&mut original, &mut before, &mut after].map(LogSumStream::peek);
            let [one, two, three] = firsts;
            let firsts = [one?, two?, three?];
            let Some(person) = firsts.into_iter().flatten().min() else {
                return Ok(());
            };
            let was = original.sum_of(person);
            let sums = [before.sum_of(person), after.sum_of(person)];
            if sums != [was; 2] {
                see(LogsOfPerson {
                    person: PersonId(person),
                    are_same: sums[0] == sums[1],
                })?;
            }
        }
    }

    fn log_sums_after(&self, after: i64) -> Result<Vec<(i64, i64)>> {
        let sql =
            "SELECT person_id, sum FROM log_sum WHERE person_id > ?1 ORDER BY person_id LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((after, AT_ONCE))?;
        let mut sums = Vec::new();
        while let Some(row) = rows.next()? {
            sums.push((row.get(0)?, row.get(1)?));
        }
        Ok(sums)
    }
}

/// Reads rows of logs, person by person.
pub(crate) struct NewRows<'s> {
    connection: &'s Connection,
    bindings: &'s Bindings,
    /// The texts that rows share.
    history: History<'s>,
    read: usize,
    rows: Statement<'s>,
    entries: Statement<'s>,
}

/// After so many people, the texts that rows share are forgotten: there may be many.
const SHARED: usize = 10_000;

impl NewRows<'_> {
    /// Returns the rows of a person's log from a place on.
    pub(crate) fn log_from(&mut self, person: PersonId, from: u32) -> Result<Vec<NewRow>> {
        self.read += 1;
        if self.read.is_multiple_of(SHARED) {
            self.history = History::new(self.connection, self.bindings);
        }
        let mut rows = self.rows.query((person.0, from))?;
        let mut log = Vec::new();
        while let Some(row) = rows.next()? {
            let message = match row.get_ref(15)? {
                ValueRef::Text(text) => Some(text_hash(text)),
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                    None
                }
            };
            let read = log_row(row, person, &mut self.history, self.bindings)?;
            log.extend(read.map(|row| NewRow { row, message }));
        }
        Ok(log)
    }

    /// Returns the entries of a person that were made when the log had so many rows or more.
    pub(crate) fn entries_from(&mut self, person: PersonId, from: u32) -> Result<Vec<NewEntry>> {
        let mut rows = self.entries.query((person.0, from))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            if let Some(campaign) = self.bindings.campaign(row.get(0)?) {
                let cause = row.get(1)?;
                entries.push(NewEntry { campaign, cause });
            }
        }
        Ok(entries)
    }
}

/// The checksums of a database, in order of person.
struct LogSumStream<'s> {
    store: &'s Store,
    last: i64,
    sums: Peekable<std::vec::IntoIter<(i64, i64)>>,
    is_read: bool,
}

impl<'s> LogSumStream<'s> {
    fn of(store: &'s Store) -> Self {
        Self {
            store,
            last: i64::MIN,
            sums: Vec::new().into_iter().peekable(),
            is_read: false,
        }
    }

    /// Returns the next person.
    fn peek(&mut self) -> Result<Option<i64>> {
        if self.sums.peek().is_none() && !self.is_read {
            let sums = self.store.log_sums_after(self.last)?;
            match sums.last() {
                Some((person, _)) => self.last = *person,
                None => self.is_read = true,
            }
            self.sums = sums.into_iter().peekable();
        }
        Ok(self.sums.peek().map(|(person, _)| *person))
    }

    /// Takes the checksum of a person, who is not before the next one.
    fn sum_of(&mut self, person: i64) -> Option<i64> {
        let next = self.sums.next_if(|(next, _)| *next == person);
        next.map(|(_, sum)| sum)
    }
}
