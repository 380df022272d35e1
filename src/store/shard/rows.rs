//! The rows of one person, copied from the database of a shard into the merged one: numbers that a database gives become
//! those of the new one, and the sum of the log is computed from what is written.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, Statement};
use rustc_hash::FxHashMap;

use super::super::error::{Error, Result};
use super::super::insert::{Into, SingleRow};
use super::super::log_key::{ORDINAL_BITS, ORDINAL_MASK, range_of};
use super::super::log_sum::{LogSums, SummedRow};
use super::super::names::find_name;
use super::super::sql::quote;
use super::source::Source;
use super::texts::{self, MergedText, Numbers};
use crate::domain::activity_type::BuiltinActivity;

/// What becomes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// It stays.
    None,
    /// It is the number of the person.
    Person,
    /// It is the number of a row of the person's log.
    LogRow,
    /// It is the number of a list.
    List,
    /// It is the number of a program.
    Program,
}

/// A table with rows of people that are copied cell by cell.
struct CopiedTable {
    name: &'static str,
    columns: &'static [(&'static str, Change)],
    order: &'static str,
    /// Whether rows of erased people stay.
    of_erased: bool,
}

use Change::{List, LogRow, None as Same, Person, Program};

static TABLES: [CopiedTable; 6] = [
    CopiedTable {
        name: "first_key",
        columns: &[("person_id", Person), ("key", Same)],
        order: "person_id",
        of_erased: false,
    },
    CopiedTable {
        name: "list_member",
        columns: &[("person_id", Person), ("list_id", List), ("added_at", Same)],
        order: "list_id",
        of_erased: false,
    },
    CopiedTable {
        name: "program_member",
        columns: &[
            ("person_id", Person),
            ("program_id", Program),
            ("status", Same),
            ("success_at", Same),
            ("since", Same),
            ("fields", Same),
            ("acquired_by", Same),
        ],
        order: "program_id",
        of_erased: false,
    },
    CopiedTable {
        name: "past",
        columns: &[
            ("person_id", Person),
            ("at", Same),
            ("old", Same),
            ("new", Same),
            ("lists", Same),
            ("place", Same),
            ("programs", Same),
        ],
        order: "past_id",
        of_erased: false,
    },
    CopiedTable {
        name: "entry",
        columns: &[
            ("person_id", Person),
            ("campaign_id", Same),
            ("nth", Same),
            ("at", Same),
            ("run_id", Same),
            ("version", Same),
            ("place", Same),
            ("cause", Same),
        ],
        order: "campaign_id, nth",
        of_erased: true,
    },
    CopiedTable {
        name: "wait",
        columns: &[
            ("wait_id", LogRow),
            ("person_id", Person),
            ("campaign_id", Same),
            ("version", Same),
            ("nth", Same),
            ("step", Same),
            ("wait_ordinal", Same),
            ("step_id", Same),
            ("since", Same),
            ("until", Same),
            ("run_id", Same),
            ("cause", Same),
            ("finishes", Same),
        ],
        order: "wait_id",
        of_erased: false,
    },
];

const ACTIVITY: Into = Into {
    head: "INSERT OR ROLLBACK INTO activity (activity_id, at, type, primary_value, attributes, campaign_id, run_id, step,
        choice, outcome, reason, event_id, happening, activation, marketo_campaign)",
    columns: 15,
    tail: "",
};
const OUTBOX: Into = Into {
    head: "INSERT OR ROLLBACK INTO outbox (activity_id, at, email, recipient, sender, subject, body)",
    columns: 7,
    tail: "",
};
const TOMBSTONE: &str =
    "INSERT INTO tombstone (person_id, at, email_hash, id_hash) VALUES (?1, ?2, ?3, ?4)";

/// The columns of `activity`, in the order in which they are summed, and the places of some.
const ACTIVITY_COLUMNS: &str =
    "activity_id, at, type, primary_value, attributes, campaign_id, run_id, step, choice, outcome,
    reason, event_id, happening, activation, marketo_campaign";
const TYPE: usize = 2;
const PRIMARY: usize = 3;
const ATTRIBUTES: usize = 4;
const CAMPAIGN: usize = 5;
const OUTCOME: usize = 9;

/// After how many people sums are written.
const SUMMED: usize = 1_000;

/// What the codes of a shard become: activity types, lists and programs.
#[derive(Debug, Default)]
pub(super) struct Codes {
    types: FxHashMap<i64, i64>,
    lists: FxHashMap<i64, i64>,
    programs: FxHashMap<i64, i64>,
}

impl Codes {
    /// Writes the activity types of all shards, and returns the codes of each. Lists and programs are written already.
    pub(super) fn write(sources: &[Source], to: &Connection) -> Result<Vec<Self>> {
        to.execute("DELETE FROM activity_type", [])?;
        let mut all = Vec::with_capacity(sources.len());
        for source in sources {
            let mut codes = Self::default();
            let sql = "SELECT code, name, label FROM activity_type ORDER BY code";
            let mut statement = source.connection().prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (code, name, label): (i64, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                codes
                    .types
                    .insert(code, type_code(to, code, &name, &label)?);
            }
            codes.lists = named(source, to, "list")?;
            codes.programs = named(source, to, "program")?;
            all.push(codes);
        }
        Ok(all)
    }

    fn find(codes: &FxHashMap<i64, i64>, code: i64) -> Result<i64> {
        let missing = || Error::Inconsistent("a number has no name".to_owned());
        codes.get(&code).copied().ok_or_else(missing)
    }
}

/// Returns the code of an activity type, which is that of the shard unless another type has it.
fn type_code(to: &Connection, code: i64, name: &str, label: &str) -> Result<i64> {
    let known: Option<i64> = to
        .prepare_cached("SELECT max(code) FROM activity_type WHERE name = ?1")?
        .query_row([name], |row| row.get(0))?;
    if let Some(known) = known {
        return Ok(known);
    }
    let free: i64 = to
        .prepare_cached(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM activity_type WHERE code = ?1)
                THEN (SELECT max(code) + 1 FROM activity_type) ELSE ?1 END",
        )?
        .query_row([code], |row| row.get(0))?;
    let sql = "INSERT INTO activity_type (code, name, label) VALUES (?1, ?2, ?3)";
    to.execute(sql, (free, name, label))?;
    Ok(free)
}

fn named(source: &Source, to: &Connection, table: &'static str) -> Result<FxHashMap<i64, i64>> {
    let sql = format!("SELECT {table}_id, name FROM {table}");
    let mut statement = source.connection().prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut codes = FxHashMap::default();
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        if let Some(found) = find_name(to, table, &name)? {
            codes.insert(row.get(0)?, found.row);
        }
    }
    Ok(codes)
}

/// Copies the people of one shard.
pub(super) struct Copier<'s> {
    name: &'s str,
    texts: Numbers,
    codes: Codes,
    tables: Vec<Copying<'s>>,
    activities: Option<Log<'s>>,
    messages: Option<Log<'s>>,
    tombstone: Statement<'s>,
    erased: Statement<'s>,
    sums: LogSums,
    unwritten: usize,
    to: &'s Connection,
    /// Whether flows may have given people keys of other shards.
    refuses_new_keys: bool,
}

/// A table being copied: where rows of a person come from, and where they go to.
struct Copying<'s> {
    table: &'static CopiedTable,
    select: Statement<'s>,
    insert: Statement<'s>,
}

/// A table of the log being copied.
struct Log<'s> {
    select: Statement<'s>,
    insert: SingleRow<'s>,
}

impl<'s> Copier<'s> {
    /// Prepares everything for a shard. Tables without rows are left out.
    pub(super) fn new(
        source: &'s Source,
        to: &'s Connection,
        texts: Numbers,
        codes: Codes,
        refuses_new_keys: bool,
    ) -> Result<Self> {
        let from = source.connection();
        let mut tables = Vec::new();
        for table in &TABLES {
            if has_rows(from, table.name)? {
                tables.push(Copying::new(from, to, table)?);
            }
        }
        let log = |table: &str, columns: &str, into: Into| -> Result<Option<Log<'s>>> {
            if !has_rows(from, table)? {
                return Ok(None);
            }
            let range = range_of("?1");
            let sql = format!(
                "SELECT {columns} FROM {table} WHERE activity_id BETWEEN {range} ORDER BY activity_id"
            );
            Ok(Some(Log {
                select: from.prepare(&sql)?,
                insert: into.single(to)?,
            }))
        };
        let messages = "activity_id, at, email, recipient, sender, subject, body";
        Ok(Self {
            name: &source.name,
            texts,
            codes,
            tables,
            activities: log("activity", ACTIVITY_COLUMNS, ACTIVITY)?,
            messages: log("outbox", messages, OUTBOX)?,
            tombstone: to.prepare(TOMBSTONE)?,
            erased: from
                .prepare("SELECT at, email_hash, id_hash FROM tombstone WHERE person_id = ?1")?,
            sums: LogSums::default(),
            unwritten: 0,
            to,
            refuses_new_keys,
        })
    }

    /// Copies all that is a person's under the new number, and returns how many rows their log has.
    pub(super) fn person(&mut self, person: i64, new: i64) -> Result<u64> {
        for copying in &mut self.tables {
            copying.rows(person, new, &self.codes)?;
        }
        let activities = self.log(person, new)?;
        self.outbox(person, new)?;
        self.unwritten += 1;
        if self.unwritten >= SUMMED {
            self.unwritten = 0;
            std::mem::take(&mut self.sums).write(self.to)?;
        }
        Ok(activities)
    }

    /// Copies what is left of an erased person.
    pub(super) fn erased(&mut self, person: i64, new: i64) -> Result<()> {
        let (at, email, id): (i64, Option<i64>, Option<i64>) = self
            .erased
            .query_row([person], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        self.tombstone.execute((new, at, email, id))?;
        for copying in self
            .tables
            .iter_mut()
            .filter(|copying| copying.table.of_erased)
        {
            copying.rows(person, new, &self.codes)?;
        }
        Ok(())
    }

    /// Writes the last sums.
    pub(super) fn finish(self, to: &Connection) -> Result<()> {
        self.sums.write(to)
    }

    fn log(&mut self, person: i64, new: i64) -> Result<u64> {
        let Some(log) = &mut self.activities else {
            return Ok(0);
        };
        let mut rows = log.select.query([person])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += 1;
            if self.refuses_new_keys && gives_key(row, &self.texts)? {
                return Err(given_key(self.name));
            }
            let id = in_log_of(new, row.get(0)?);
            let (texts, codes, sums) = (&self.texts, &self.codes, &mut self.sums);
            log.insert.insert(|binder| {
                let mut summed = SummedRow::of(binder);
                summed.number(id)?;
                for column in 1..ACTIVITY.columns {
                    match (column, row.get_ref(column)?) {
                        (TYPE, ValueRef::Integer(code)) => {
                            summed.number(Codes::find(&codes.types, code)?)?;
                        }
                        (PRIMARY | ATTRIBUTES, ValueRef::Integer(number)) => {
                            match texts::find(texts, number)? {
                                MergedText::Number(number, hash) => {
                                    summed.numbered(*number, *hash)?;
                                }
                                MergedText::Itself(text) => summed.text(Some(text))?,
                            }
                        }
                        (_, cell) => feed(&mut summed, cell)?,
                    }
                }
                summed.add_to(sums, id);
                Ok(())
            })?;
        }
        Ok(count)
    }

    fn outbox(&mut self, person: i64, new: i64) -> Result<()> {
        let Some(log) = &mut self.messages else {
            return Ok(());
        };
        let mut rows = log.select.query([person])?;
        while let Some(row) = rows.next()? {
            let id = in_log_of(new, row.get(0)?);
            let sums = &mut self.sums;
            log.insert.insert(|binder| {
                let mut summed = SummedRow::of(binder);
                summed.number(id)?;
                for column in 1..OUTBOX.columns {
                    feed(&mut summed, row.get_ref(column)?)?;
                }
                summed.add_to(sums, id);
                Ok(())
            })?;
        }
        Ok(())
    }
}

impl<'s> Copying<'s> {
    fn new(from: &'s Connection, to: &'s Connection, table: &'static CopiedTable) -> Result<Self> {
        let names: Vec<String> = table.columns.iter().map(|(name, _)| quote(name)).collect();
        let (columns, name, order) = (names.join(", "), table.name, table.order);
        let places = vec!["?"; names.len()].join(", ");
        Ok(Self {
            table,
            select: from.prepare(&format!(
                "SELECT {columns} FROM {name} WHERE person_id = ?1 ORDER BY {order}"
            ))?,
            insert: to.prepare(&format!(
                "INSERT OR ROLLBACK INTO {name} ({columns}) VALUES ({places})"
            ))?,
        })
    }

    fn rows(&mut self, person: i64, new: i64, codes: &Codes) -> Result<()> {
        let mut rows = self.select.query([person])?;
        while let Some(row) = rows.next()? {
            for (column, (_, change)) in self.table.columns.iter().enumerate() {
                let number = |row: &Row<'_>| row.get::<_, i64>(column);
                let place = column + 1;
                let changed = match change {
                    Same => {
                        bind_cell(&mut self.insert, place, row.get_ref(column)?)?;
                        continue;
                    }
                    Person => new,
                    LogRow => in_log_of(new, number(row)?),
                    List => Codes::find(&codes.lists, number(row)?)?,
                    Program => Codes::find(&codes.programs, number(row)?)?,
                };
                self.insert.raw_bind_parameter(place, changed)?;
            }
            self.insert.raw_execute()?;
        }
        Ok(())
    }
}

/// Binds a cell of another statement as it is.
pub(super) fn bind_cell(
    statement: &mut Statement<'_>,
    place: usize,
    cell: ValueRef<'_>,
) -> Result<()> {
    Ok(statement.raw_bind_parameter(place, ToSqlOutput::Borrowed(cell))?)
}

fn feed(summed: &mut SummedRow<'_, '_, '_>, cell: ValueRef<'_>) -> Result<()> {
    match cell {
        ValueRef::Null => summed.number(None),
        ValueRef::Integer(number) => summed.number(number),
        ValueRef::Text(text) => summed.text(Some(super::super::row::utf8(text)?)),
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(Error::Inconsistent(
            "a row of the log holds something else than text".to_owned(),
        )),
    }
}

/// Returns the number of a row of a log in the log of the person's new number.
fn in_log_of(new: i64, row: i64) -> i64 {
    new << ORDINAL_BITS | (row & ORDINAL_MASK)
}

fn has_rows(connection: &Connection, table: &str) -> Result<bool> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {table})");
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

/// Returns whether a step of a flow has given a person another email or id.
fn gives_key(row: &Row<'_>, texts: &Numbers) -> Result<bool> {
    let change = i64::from(BuiltinActivity::ChangeDataValue.code());
    if row.get::<_, i64>(TYPE)? != change
        || row.get::<_, Option<i64>>(CAMPAIGN)?.is_none()
        || row.get::<_, Option<i64>>(OUTCOME)? != Some(1)
    {
        return Ok(false);
    }
    let is_key = |text: &[u8]| text == b"email" || text == b"id";
    Ok(match row.get_ref(PRIMARY)? {
        ValueRef::Text(text) => is_key(text),
        ValueRef::Integer(number) => match texts::find(texts, number)? {
            MergedText::Itself(text) => is_key(text.as_bytes()),
            // Texts as short as these are never kept apart.
            MergedText::Number(..) => false,
        },
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => false,
    })
}

fn given_key(shard: &str) -> Error {
    Error::state(
        format!("in `{shard}` a flow has given a person another email or id"),
        Some(
            "events of the new key may be in another shard, where nobody had it: a workspace whose flows change `email` or \
             `id` does not divide",
        ),
    )
}
