//! Writes a journal into the database: all changes and the progress, in one transaction.
//!
//! Rows are sorted by person before they are written, so that one person's rows lie together and each page is
//! touched once; numbers given here (lists, programs) are given in order of happening.

mod context;
mod logs;
mod people;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, TransactionBehavior};

use super::bindings::Bindings;
use super::database::Store;
use super::error::Result;
use super::insert::Into;
use super::runs::{self, RunProgress};
use super::texts::{self, Texts};
use super::{erasure, events, matches, meta, planted, waits};
use crate::domain::{Instant, WaitId};
use crate::world::{EntryRow, Journal, WaitChange, WaitRow};
use context::ErasedPeople;

/// How far the work has got with this journal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CommitProgress<'a> {
    /// The watermark as it now is.
    pub(crate) watermark: Option<Instant>,
    /// The batch run the journal belongs to.
    pub(crate) run: Option<&'a RunProgress>,
}

const ENTRIES: Into = Into {
    head: "INSERT OR ROLLBACK INTO entry (person_id, campaign_id, nth, at, run_id, version, place, cause)",
    columns: 8,
    tail: "",
};

impl Store {
    /// Writes a journal and the progress made, or nothing.
    pub(crate) fn write(
        &mut self,
        journal: &Journal,
        bindings: &Bindings,
        progress: CommitProgress<'_>,
    ) -> Result<()> {
        let mut all = || -> Result<()> {
            let transaction = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            meta::clear_last_done(&transaction)?;
            let mut pen = JournalWriter {
                connection: &transaction,
                bindings,
                texts: &mut self.texts,
            };
            pen.write(journal, progress)?;
            transaction.commit()?;
            Ok(())
        };
        if let Err(error) = all() {
            // Numbers given in what was undone mean nothing.
            self.texts.clear();
            bindings.clear();
            return Err(error.at(&self.path));
        }
        if journal.erases() {
            self.truncate_wal()?;
        }
        Ok(())
    }

    /// Writes a journal within the caller's transaction.
    pub(super) fn put(
        &mut self,
        journal: &Journal,
        bindings: &Bindings,
        progress: CommitProgress<'_>,
    ) -> Result<()> {
        let mut pen = JournalWriter {
            connection: &self.connection,
            bindings,
            texts: &mut self.texts,
        };
        pen.write(journal, progress)
    }

    /// Returns the greatest instant that an event, an `advance` or an `--until` has reached.
    pub(crate) fn watermark(&self) -> Result<Option<Instant>> {
        meta::watermark(&self.connection)
    }
}

/// What writing a journal takes.
pub(super) struct JournalWriter<'w> {
    pub(super) connection: &'w Connection,
    pub(super) bindings: &'w Bindings,
    pub(super) texts: &'w mut Texts,
}

impl JournalWriter<'_> {
    pub(super) fn write(&mut self, journal: &Journal, progress: CommitProgress<'_>) -> Result<()> {
        let connection = self.connection;
        let gone = context::erased(journal);
        people::write(connection, &journal.people, &gone, self.bindings)?;
        logs::write(connection, journal, &gone, self.bindings, self.texts)?;
        write_entries(connection, &journal.entries, self.bindings)?;
        write_waits(connection, &journal.waits, &gone, self.bindings)?;
        planted::commit_before("identities", connection)?;
        events::insert(connection, journal)?;
        planted::commit_before("matches", connection)?;
        matches::write(connection, journal, self.bindings)?;
        let mut left = BTreeSet::new();
        for (person, erased) in &gone {
            left.append(&mut texts::of_person(connection, *person)?);
            erasure::erase(connection, *person, erased)?;
        }
        self.texts.drop_unused(connection, left)?;
        if let Some(watermark) = progress.watermark {
            planted::commit_before("watermark", connection)?;
            meta::set_watermark(connection, watermark)?;
        }
        if let Some(run) = progress.run {
            planted::commit_before("progress", connection)?;
            runs::record(connection, run)?;
        }
        Ok(())
    }
}

/// Writes entries, and counts each campaign's new members.
fn write_entries(connection: &Connection, entries: &[EntryRow], bindings: &Bindings) -> Result<()> {
    let mut sorted: Vec<(i64, &EntryRow)> = Vec::with_capacity(entries.len());
    let mut joined: BTreeMap<i64, i64> = BTreeMap::new();
    for entry in entries {
        let campaign = bindings.campaign_row(entry.campaign)?;
        if entry.nth == 1 {
            *joined.entry(campaign).or_default() += 1;
        }
        sorted.push((campaign, entry));
    }
    sorted.sort_unstable_by_key(|(campaign, entry)| (entry.person, *campaign, entry.nth));
    ENTRIES.rows(connection, &sorted, |row, (campaign, entry)| {
        row.bind(entry.person.0)?;
        row.bind(campaign)?;
        row.bind(entry.nth)?;
        row.bind(entry.at.micros())?;
        row.bind(entry.run.map(|run| run.0))?;
        row.bind(entry.version)?;
        row.bind(entry.place)?;
        row.bind(entry.cause)
    })?;
    let sql = "UPDATE campaign SET members = members + ?2 WHERE campaign_id = ?1";
    for (campaign, people) in joined {
        connection
            .prepare_cached(sql)?
            .execute([campaign, people])?;
    }
    Ok(())
}

/// Writes the waits that are still on at the end, and removes those of before that have ended.
fn write_waits(
    connection: &Connection,
    changes: &[WaitChange],
    gone: &ErasedPeople<'_>,
    bindings: &Bindings,
) -> Result<()> {
    let mut begun: BTreeMap<WaitId, &WaitRow> = BTreeMap::new();
    let mut ended = Vec::new();
    for change in changes {
        match change {
            WaitChange::Begun(wait) => {
                begun.insert(wait.id, wait);
            }
            WaitChange::Ended { wait, .. } => {
                if begun.remove(wait).is_none() {
                    ended.push(wait.0);
                }
            }
        }
    }
    ended.sort_unstable();
    waits::remove(connection, &ended)?;
    let begun: Vec<&WaitRow> = begun
        .into_values()
        .filter(|wait| !gone.contains_key(&wait.person))
        .collect();
    waits::insert(connection, &begun, bindings)
}
