//! What a copy of a database has that the original has not: the logs that differ, and their rows from a place on.
//!
//! People are compared by the checksums of their logs, so that of those to whom nothing has happened no row is read.

use std::iter::Peekable;

use super::bindings::Bindings;
use super::database::Store;
use super::error::{Error, Result};
use super::history::{self, History};
use super::log_key::{ORDINAL_BITS, place_of, range_of};
use super::log_sum::text_hash;
use super::queries::log_row;
use crate::domain::{CampaignId, Instant, PersonId};
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
    /// The instant.
    pub(crate) at: Instant,
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
            "SELECT max(activity_id) FROM activity WHERE activity_id BETWEEN {}",
            range_of("?1")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let last: Option<i64> = statement.query_row([person.0], |row| row.get(0))?;
        Ok(last.map_or(0, |last| place_of(last) + 1))
    }

    /// Returns the rows of a person's log from a place on.
    pub(crate) fn log_from(
        &self,
        person: PersonId,
        from: u32,
        bindings: &Bindings,
    ) -> Result<Vec<NewRow>> {
        let sql = format!(
            "SELECT NULL, {}, campaign_id, run_id, step, choice, outcome, reason, event_id, happening, marketo_campaign,
                (SELECT recipient || char(0) || subject || char(0) || body FROM outbox o WHERE o.activity_id = a.activity_id)
            FROM activity a WHERE activity_id BETWEEN (?1 << {ORDINAL_BITS} | ?2) AND ((?1 + 1) << {ORDINAL_BITS}) - 1
            ORDER BY activity_id",
            history::COLUMNS
        );
        let mut history = History::new(&self.connection, bindings);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((person.0, from))?;
        let mut log = Vec::new();
        while let Some(row) = rows.next()? {
            let message: Option<String> = row.get(15)?;
            let message = message.map(|text| text_hash(text.as_bytes()));
            let read = log_row(row, person, &mut history, bindings)?;
            log.extend(read.map(|row| NewRow { row, message }));
        }
        Ok(log)
    }

    /// Returns the entries of a person that were made when the log had so many rows or more.
    pub(crate) fn entries_from(
        &self,
        person: PersonId,
        from: u32,
        bindings: &Bindings,
    ) -> Result<Vec<NewEntry>> {
        let sql = "SELECT campaign_id, at, cause FROM entry WHERE person_id = ?1 AND place >= ?2
            ORDER BY place, campaign_id, nth";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query((person.0, from))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            if let Some(campaign) = bindings.campaign(row.get(0)?) {
                entries.push(NewEntry {
                    campaign,
                    at: Instant::from_micros(row.get(1)?),
                    cause: row.get(2)?,
                });
            }
        }
        Ok(entries)
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
