//! Batch runs: begun, resumed, finished, aborted. A run's row holds all that the same command needs to continue it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::bindings::Bindings;
use super::commands::{self, CommandId, RunCommand};
use super::database::Store;
use super::error::{Error, Result};
use super::log_key;
use super::row::number;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::fold;
use crate::domain::{CampaignId, Instant, PersonId, RunCounts, RunId, Text};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunState {
    /// Begun, not everyone entered; the same command continues it.
    Running,
    /// Everyone entered.
    Finished,
    /// Ended by `campaign abort`.
    Aborted,
    /// A scheduled occurrence that a guard refused: nobody entered.
    Refused,
}

impl RunState {
    /// Returns the word in the database.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Aborted => "aborted",
            Self::Refused => "refused",
        }
    }

    fn named(name: &str) -> Result<Self> {
        [Self::Running, Self::Finished, Self::Aborted, Self::Refused]
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| Error::Inconsistent("the state of a run is unknown".to_owned()))
    }
}

/// A run about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewRun {
    /// The campaign's full name.
    pub(crate) campaign: Text,
    /// The version of the campaign that runs.
    pub(crate) version: u32,
    /// The run's instant.
    pub(crate) at: Instant,
    /// The seed of its samples.
    pub(crate) seed: u64,
    /// Test people, where it is limited to them.
    pub(crate) only: Option<Vec<PersonId>>,
    /// The civil time of the schedule that it stands for: `2026-12-01T09:00:00`.
    pub(crate) occurrence: Option<String>,
    /// The command that it belongs to; none where a schedule begins it.
    pub(crate) command: Option<CommandPlace>,
}

/// Which of the campaigns of a command a run is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CommandPlace {
    /// The command.
    pub(crate) command: CommandId,
    /// The place of the campaign in it, from 0.
    pub(crate) place: usize,
}

/// How much of the file of `--people` a command has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// The number of bytes.
    pub(crate) bytes: u64,
    /// Their hash.
    pub(crate) hash: u64,
}

/// The run that comes after another one of the same command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NextRun {
    /// The campaign's full name.
    pub(crate) campaign: Text,
    /// Its version.
    pub(crate) version: u32,
    /// Its place in the command.
    pub(crate) place: usize,
}

/// How far a run has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunProgress {
    /// The run's number.
    pub(crate) run: RunId,
    /// The last person who was dealt with.
    pub(crate) last_person: PersonId,
    /// Where it stands.
    pub(crate) state: RunState,
    /// What it has counted so far.
    pub(crate) counts: RunCounts,
    /// What it has written of the verdicts, where they are wanted.
    pub(crate) written: Option<Written>,
    /// The run that begins where this one is finished, in the same transaction: a command stands unfinished until its last
    /// campaign has run.
    pub(crate) next: Option<NextRun>,
}

/// The people whom a run took in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LastAudience {
    /// The run.
    pub(crate) run: RunId,
    /// How many they were.
    pub(crate) people: u64,
}

/// A run as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredRun {
    /// The run's number.
    pub(crate) id: RunId,
    /// What it was begun with.
    pub(crate) begun: NewRun,
    /// The last person who was dealt with; 0 before the first.
    pub(crate) last_person: PersonId,
    /// Where it stands.
    pub(crate) state: RunState,
    /// What it has counted so far.
    pub(crate) counts: RunCounts,
    /// People of it whom a wait holds now.
    pub(crate) waiting: u64,
    /// What its command has written of the verdicts.
    pub(crate) written: Option<Written>,
}

const SELECT: &str =
    "SELECT r.run_id, c.full_name, r.version, r.at, r.seed, r.only_person, r.occurrence,
        r.last_person, r.state, r.counts, (SELECT count(*) FROM wait w WHERE w.run_id = r.run_id),
        r.command_id, r.place, r.verdict_bytes, r.verdict_hash
    FROM run r JOIN campaign c USING (campaign_id)";

impl Store {
    /// Begins a run, in a transaction of its own, and returns its number.
    pub(crate) fn begin_run(&mut self, run: &NewRun) -> Result<RunId> {
        let transaction = self.begin()?;
        let id = add(&transaction, run, RunState::Running)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Begins the first run of a command, in one transaction with the command, and returns the numbers of both.
    pub(crate) fn begin_command(
        &mut self,
        command: &RunCommand,
        place: usize,
        run: &NewRun,
    ) -> Result<(RunId, CommandId)> {
        let transaction = self.begin()?;
        let id = commands::add(&transaction, command)?;
        let run = NewRun {
            command: Some(CommandPlace { command: id, place }),
            ..run.clone()
        };
        let run = add(&transaction, &run, RunState::Running)?;
        transaction.commit()?;
        Ok((run, id))
    }

    /// Notes a scheduled occurrence that was refused: it has had its turn, though nobody entered.
    pub(crate) fn refuse_run(&mut self, run: &NewRun) -> Result<RunId> {
        let transaction = self.begin()?;
        let id = add(&transaction, run, RunState::Refused)?;
        transaction.commit()?;
        Ok(id)
    }

    /// Removes a run in which nobody was dealt with yet.
    pub(crate) fn forget_run(&mut self, id: RunId) -> Result<()> {
        let transaction = self.begin()?;
        let sql = "DELETE FROM run WHERE run_id = ?1 AND last_person = 0";
        transaction.execute(sql, [id.0])?;
        transaction.commit()?;
        Ok(())
    }
    /// Returns the run that was begun and is neither finished nor aborted; there is at most one.
    pub(crate) fn unfinished_run(&self) -> Result<Option<StoredRun>> {
        let sql = format!("{SELECT} WHERE r.state = 'running' ORDER BY r.run_id LIMIT 1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        rows.next()?.map(read).transpose()
    }

    /// Returns a run by its number.
    pub(crate) fn run(&self, id: RunId) -> Result<Option<StoredRun>> {
        let sql = format!("{SELECT} WHERE r.run_id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        rows.next()?.map(read).transpose()
    }

    /// Returns the runs of a command, in the order in which they began.
    pub(crate) fn runs_of(&self, command: CommandId) -> Result<Vec<StoredRun>> {
        let sql = format!("{SELECT} WHERE r.command_id = ?1 ORDER BY r.run_id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([command.0])?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next()? {
            runs.push(read(row)?);
        }
        Ok(runs)
    }

    /// Returns all runs, or those of one campaign, in the order in which they began.
    pub(crate) fn runs(&self, campaign: Option<&str>) -> Result<Vec<StoredRun>> {
        let sql = format!("{SELECT} WHERE ?1 IS NULL OR c.key = ?1 ORDER BY r.run_id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([campaign.map(fold)])?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next()? {
            runs.push(read(row)?);
        }
        Ok(runs)
    }

    /// Returns how many people the last finished run of a campaign took in, of those that were for everyone.
    pub(crate) fn last_audience(&self, campaign: &str) -> Result<Option<LastAudience>> {
        let sql = format!(
            "{SELECT} WHERE c.key = ?1 AND r.state = 'finished' AND r.only_person IS NULL
             ORDER BY r.run_id DESC LIMIT 1"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([fold(campaign)])?;
        let run = rows.next()?.map(read).transpose()?;
        Ok(run.map(|run| LastAudience {
            run: run.id,
            people: run.counts.qualified,
        }))
    }

    /// Returns whether a scheduled occurrence of a campaign has had its run.
    pub(crate) fn has_run(&self, campaign: &str, occurrence: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM run WHERE campaign_id = (SELECT campaign_id FROM campaign WHERE key = ?1)
            AND occurrence = ?2";
        let found: Option<i64> = self
            .connection
            .prepare_cached(sql)?
            .query_row([&fold(campaign), occurrence], |row| row.get(0))
            .optional()?;
        Ok(found.is_some())
    }

    /// Returns which of some people the steps of a run have sent email: person, campaign, step from 1.
    pub(crate) fn served_by(
        &self,
        run: RunId,
        people: &BTreeSet<PersonId>,
        bindings: &Bindings,
    ) -> Result<Vec<(PersonId, CampaignId, u32)>> {
        let sql = format!(
            "SELECT campaign_id, step FROM activity WHERE activity_id BETWEEN {}
             AND run_id = ?2 AND type = ?3 AND outcome = 1",
            log_key::range_of("?1")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut served = Vec::new();
        for person in people {
            let mut rows = statement.query((person.0, run.0, BuiltinActivity::SendEmail.code()))?;
            while let Some(row) = rows.next()? {
                if let Some(campaign) = bindings.campaign(row.get(0)?) {
                    served.push((*person, campaign, row.get(1)?));
                }
            }
        }
        Ok(served)
    }
}

/// Adds the row of a run.
fn add(connection: &Connection, run: &NewRun, state: RunState) -> Result<RunId> {
    let sql = "INSERT INTO run
            (campaign_id, version, at, seed, state, last_person, only_person, occurrence, counts, command_id, place)
        VALUES ((SELECT campaign_id FROM campaign WHERE key = ?1), ?2, ?3, ?4, ?5, 0, ?6, ?7, '{}', ?8, ?9)";
    connection.prepare_cached(sql)?.execute((
        fold(&run.campaign),
        run.version,
        run.at.micros(),
        run.seed.cast_signed(),
        state.name(),
        run.only.as_deref().map(commands::people_as_json),
        &run.occurrence,
        run.command.map(|at| at.command.0),
        run.command.map(|at| at.place.cast_signed()),
    ))?;
    Ok(RunId(connection.last_insert_rowid()))
}

/// Adds the run that follows one of the same command, with what the command has written so far.
fn add_next(connection: &Connection, run: RunId, next: &NextRun) -> Result<()> {
    let sql = "INSERT INTO run (campaign_id, version, at, seed, state, last_person, only_person, counts, command_id, place,
            verdict_bytes, verdict_hash)
        SELECT (SELECT campaign_id FROM campaign WHERE key = ?2), ?3, at, seed, ?5, 0, only_person, '{}', command_id, ?4,
            verdict_bytes, verdict_hash
        FROM run WHERE run_id = ?1";
    connection.prepare_cached(sql)?.execute((
        run.0,
        fold(&next.campaign),
        next.version,
        next.place.cast_signed(),
        RunState::Running.name(),
    ))?;
    Ok(())
}

/// Notes how far a run has got.
pub(super) fn record(connection: &Connection, progress: &RunProgress) -> Result<()> {
    let counts = serde_json::to_string(&progress.counts)
        .map_err(|e| Error::Inconsistent(format!("counts cannot be written: {e}")))?;
    let sql = "UPDATE run SET last_person = ?2, state = ?3, counts = ?4,
            verdict_bytes = coalesce(?5, verdict_bytes), verdict_hash = coalesce(?6, verdict_hash)
        WHERE run_id = ?1";
    connection.prepare_cached(sql)?.execute((
        progress.run.0,
        progress.last_person.0,
        progress.state.name(),
        counts,
        progress.written.map(|written| written.bytes.cast_signed()),
        progress.written.map(|written| written.hash.cast_signed()),
    ))?;
    match &progress.next {
        Some(next) if progress.state == RunState::Finished => {
            add_next(connection, progress.run, next)
        }
        Some(_) | None => Ok(()),
    }
}

fn read(row: &Row<'_>) -> Result<StoredRun> {
    let unreadable = |_| Error::Inconsistent("a run cannot be read".to_owned());
    let only: Option<String> = row.get(5)?;
    let command: Option<i64> = row.get(11)?;
    let place: Option<i64> = row.get(12)?;
    let bytes: Option<i64> = row.get(13)?;
    let hash: Option<i64> = row.get(14)?;
    let state: String = row.get(8)?;
    let counts: String = row.get(9)?;
    Ok(StoredRun {
        id: RunId(row.get(0)?),
        begun: NewRun {
            campaign: Text::from(row.get::<_, String>(1)?),
            version: number(row.get(2)?)?,
            at: Instant::from_micros(row.get(3)?),
            seed: row.get::<_, i64>(4)?.cast_unsigned(),
            only: only.as_deref().map(commands::people_of_json).transpose()?,
            occurrence: row.get(6)?,
            command: command.zip(place).map(|(command, place)| CommandPlace {
                command: CommandId(command),
                place: usize::try_from(place).unwrap_or_default(),
            }),
        },
        last_person: PersonId(row.get(7)?),
        state: RunState::named(&state)?,
        counts: serde_json::from_str(&counts).map_err(unreadable)?,
        waiting: row.get::<_, i64>(10)?.unsigned_abs(),
        written: bytes.zip(hash).map(|(bytes, hash)| Written {
            bytes: bytes.unsigned_abs(),
            hash: hash.cast_unsigned(),
        }),
    })
}
