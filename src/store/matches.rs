//! The tables `trigger_match`, `match_step` and `match_command`: what `campaign replay-events --people` reports.
//!
//! The rows of matches are committed together with what they are about, so that the same command, given again after it was
//! killed, has all of them. They go once the file is complete. A dry run keeps them in temporary tables of the same
//! names.

use rusqlite::{Connection, OptionalExtension as _, Row, Statement};

use super::bindings::Bindings;
use super::database::Store;
use super::error::{Error, Result};
use super::insert::Into;
use super::log_key::activity_id;
use super::row::{number, optional_text};
use super::runs::Written;
use crate::domain::{Instant, PersonId};
use crate::world::{Journal, Match};

const MATCHES: Into = Into {
    head: "INSERT OR ROLLBACK INTO trigger_match (person_id, place, number, at, email, event_id, campaign_id, trigger, verdict, failing, parent_id, nth)",
    columns: 12,
    tail: "",
};

const STEPS: Into = Into {
    head: "INSERT INTO match_step (person_id, campaign_id, nth, step, outcome)",
    columns: 5,
    // The first row of a step is its own; the end of a wait leaves another.
    tail: "ON CONFLICT DO NOTHING",
};

/// One match with what its flow did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatchRow {
    /// The instant.
    pub(crate) at: Instant,
    /// The person.
    pub(crate) person: PersonId,
    /// Their email then; none of a person who was erased.
    pub(crate) email: Option<String>,
    /// The event's id, or the key of the row in the log.
    pub(crate) event: String,
    /// The trigger, as it was written.
    pub(crate) trigger: String,
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// The name of the verdict.
    pub(crate) verdict: String,
    /// The first filter that does not hold, as it was written.
    pub(crate) failing: Option<String>,
    /// The full name of the campaign whose step caused it.
    pub(crate) parent: Option<String>,
    /// What each step did, as far as the flow has come.
    pub(crate) steps: Vec<Option<String>>,
}

impl Store {
    /// Begins keeping the matches of a replay. Those that the same replay has left stay, and others go.
    ///
    /// Returns the size of the file and its hash, where the same replay has come as far as that.
    pub(crate) fn begin_matches(&mut self, identity: u64) -> Result<Option<Written>> {
        if let Some(kept) = self.kept_matches()?
            && kept.identity == identity
        {
            return Ok(kept.written);
        }
        let transaction = self.begin()?;
        clear(&transaction)?;
        let sql = "INSERT INTO match_command (identity) VALUES (?1)";
        transaction.execute(sql, [identity.cast_signed()])?;
        transaction.commit()?;
        Ok(None)
    }

    /// Returns the replay whose matches are kept, or whose file was the last to be written.
    fn kept_matches(&self) -> Result<Option<KeptMatches>> {
        let sql = "SELECT identity, bytes, hash FROM match_command";
        let read = |row: &Row<'_>| {
            let (bytes, hash): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
            Ok(KeptMatches {
                identity: row.get::<_, i64>(0)?.cast_unsigned(),
                written: bytes.zip(hash).map(|(bytes, hash)| Written {
                    bytes: bytes.cast_unsigned(),
                    hash: hash.cast_unsigned(),
                }),
            })
        };
        Ok(self.connection.query_row(sql, [], read).optional()?)
    }

    /// Returns what the replay is known by whose matches are kept, since its file is not written yet.
    pub(crate) fn unfinished_matches(&self) -> Result<Option<u64>> {
        let kept = self.kept_matches()?;
        let unfinished = kept.filter(|kept| kept.written.is_none());
        Ok(unfinished.map(|kept| kept.identity))
    }

    /// Forgets the matches that are kept, and of which replay they are.
    pub(crate) fn forget_matches(&mut self) -> Result<()> {
        let transaction = self.begin()?;
        clear(&transaction)?;
        Ok(transaction.commit()?)
    }

    /// Keeps the matches of a dry run, for as long as the database is open.
    pub(crate) fn keep_matches_for_now(&mut self) -> Result<()> {
        let tables = include_str!("schema/9.sql").replace("CREATE TABLE", "CREATE TEMP TABLE");
        // There may be more of them than there is memory.
        self.connection.pragma_update(None, "temp_store", "FILE")?;
        self.connection.execute_batch(&tables)?;
        self.keeps_matches_for_now = true;
        Ok(())
    }

    /// Notes that the file is written, and lets the matches go.
    pub(crate) fn finish_matches(&mut self, written: Written) -> Result<()> {
        let transaction = self.begin()?;
        transaction.execute("DELETE FROM trigger_match", [])?;
        transaction.execute("DELETE FROM match_step", [])?;
        let sql = "UPDATE match_command SET bytes = ?1, hash = ?2";
        let Written { bytes, hash } = written;
        transaction.execute(sql, (bytes.cast_signed(), hash.cast_signed()))?;
        Ok(transaction.commit()?)
    }

    /// Writes the matches of a dry run's journal, where they are kept.
    pub(crate) fn put_matches(&mut self, journal: &Journal, bindings: &Bindings) -> Result<()> {
        if !self.keeps_matches_for_now {
            return Ok(());
        }
        let mut all = || -> Result<()> {
            let transaction = self.connection.transaction()?;
            write(&transaction, journal, bindings)?;
            for person in journal.erased() {
                erase(&transaction, person)?;
            }
            Ok(transaction.commit()?)
        };
        all().map_err(|error| error.at(&self.path))
    }

    /// Gives out the matches by instant, person and place in the log.
    pub(crate) fn matches<E: From<Error>>(
        &self,
        mut each: impl FnMut(MatchRow) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql = "SELECT m.person_id, m.place, m.at, m.email, m.event_id, m.trigger, c.full_name, m.verdict, m.failing,
                p.full_name, m.nth, m.campaign_id
            FROM trigger_match m JOIN campaign c USING (campaign_id) LEFT JOIN campaign p ON p.campaign_id = m.parent_id
            ORDER BY m.at, m.person_id, m.place, m.number";
        let connection = &self.connection;
        let prepare = || -> Result<Statement<'_>> {
            // There may be more to be sorted than there is memory.
            connection.pragma_update(None, "temp_store", "FILE")?;
            Ok(connection.prepare(sql)?)
        };
        let mut statement = prepare()?;
        let mut rows = statement.query([]).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            each(match_row(connection, row)?)?;
        }
        Ok(())
    }
}

/// The replay whose matches are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct KeptMatches {
    /// What it is known by.
    identity: u64,
    /// The size of its file and its hash, once that is written.
    written: Option<Written>,
}

/// Writes the matches of a journal.
pub(super) fn write(connection: &Connection, journal: &Journal, bindings: &Bindings) -> Result<()> {
    // The matches of one row of a log are noted one after the other.
    let mut numbered: Vec<(u32, &Match)> = Vec::with_capacity(journal.matches.len());
    for matched in &journal.matches {
        let last = numbered.last().filter(|(_, last)| {
            (last.person.person, last.place) == (matched.person.person, matched.place)
        });
        numbered.push((last.map_or(0, |(number, _)| number + 1), matched));
    }
    MATCHES.rows(connection, &numbered, |row, (number, matched)| {
        let parent = matched.parent.map(|parent| bindings.campaign_row(parent));
        row.bind(matched.person.person.0)?;
        row.bind(matched.place)?;
        row.bind(number)?;
        row.bind(matched.at.micros())?;
        row.bind(matched.person.email.as_deref())?;
        row.bind(matched.event.as_deref())?;
        row.bind(bindings.campaign_row(matched.campaign)?)?;
        row.bind(&matched.trigger)?;
        row.bind(matched.verdict.name())?;
        row.bind(&matched.failing)?;
        row.bind(parent.transpose()?)?;
        row.bind(matched.nth)
    })?;
    STEPS.rows(connection, &journal.match_steps, |row, step| {
        row.bind(step.person.0)?;
        row.bind(bindings.campaign_row(step.campaign)?)?;
        row.bind(step.nth)?;
        row.bind(step.step)?;
        row.bind(step.outcome.text())
    })
}

/// Takes what is personal out of the matches of a person.
pub(super) fn erase(connection: &Connection, person: PersonId) -> Result<()> {
    let sql = "UPDATE trigger_match SET email = NULL, event_id = NULL WHERE person_id = ?1";
    connection.prepare_cached(sql)?.execute([person.0])?;
    Ok(())
}

fn clear(connection: &Connection) -> Result<()> {
    for table in ["trigger_match", "match_step", "match_command"] {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

fn match_row(connection: &Connection, row: &Row<'_>) -> Result<MatchRow> {
    let person = PersonId(row.get(0)?);
    let event = match optional_text(row, 4)? {
        Some(event) => event.to_owned(),
        None => activity_id(person, row.get(1)?)?.to_string(),
    };
    let nth: Option<u32> = row.get(10)?;
    Ok(MatchRow {
        at: Instant::from_micros(row.get(2)?),
        person,
        email: row.get(3)?,
        event,
        trigger: row.get(5)?,
        campaign: row.get(6)?,
        verdict: row.get(7)?,
        failing: row.get(8)?,
        parent: row.get(9)?,
        steps: match nth {
            Some(nth) => steps(connection, person, row.get(11)?, nth)?,
            None => Vec::new(),
        },
    })
}

/// Returns what each step of an entry did.
fn steps(
    connection: &Connection,
    person: PersonId,
    campaign: i64,
    nth: u32,
) -> Result<Vec<Option<String>>> {
    let sql = "SELECT step, outcome FROM match_step WHERE person_id = ?1 AND campaign_id = ?2 AND nth = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((person.0, campaign, nth))?;
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        let place = number(row.get(0)?)?.saturating_sub(1) as usize;
        if steps.len() <= place {
            steps.resize(place + 1, None);
        }
        steps[place] = Some(row.get(1)?);
    }
    Ok(steps)
}
