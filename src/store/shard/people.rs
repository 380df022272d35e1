//! Everyone of all shards, in order of key, with what is theirs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use rusqlite::{Connection, Rows, Statement};

use super::super::commands::{people_as_json, people_of_json};
use super::super::error::{Error, Result};
use super::super::fields::stored_fields;
use super::super::keys::BY_KEY;
use super::super::sql::quote;
use super::rows::{Codes, Copier, bind_cell};
use super::source::{Merged, Source};
use super::texts;
use crate::domain::PersonId;

/// How often progress is reported, in people.
const REPORTED: u64 = 1_000;

/// Where a person stands among all: the key, the id, the shard, the number there.
type Queued = (String, String, usize, i64);

/// Writes everyone.
pub(super) fn write<E: From<Error>>(
    sources: &[Source],
    to: &Connection,
    reached: &mut dyn FnMut(u64) -> std::result::Result<(), E>,
) -> std::result::Result<Merged, E> {
    let mut writing = Writing::new(sources, to)?;
    let statements = sources
        .iter()
        .map(|source| source.connection().prepare(BY_KEY));
    let statements = statements.collect::<rusqlite::Result<Vec<_>>>();
    let mut statements = statements.map_err(Error::from)?;
    let rows = statements.iter_mut().map(|statement| statement.query([]));
    let mut rows = rows
        .collect::<rusqlite::Result<Vec<_>>>()
        .map_err(Error::from)?;
    let mut heap = BinaryHeap::new();
    for (source, rows) in rows.iter_mut().enumerate() {
        heap.extend(next(rows, source)?.map(Reverse));
    }
    let mut before: Option<(String, usize)> = None;
    while let Some(Reverse((key, _, source, person))) = heap.pop() {
        if let Some((other, first)) = &before
            && *other == key
            && *first != source
        {
            return Err(in_two_shards(&sources[*first], &sources[source]).into());
        }
        writing.person(source, person)?;
        before = Some((key, source));
        heap.extend(next(&mut rows[source], source)?.map(Reverse));
        if writing.merged.people.is_multiple_of(REPORTED) {
            reached(writing.merged.people)?;
        }
    }
    Ok(writing.finish()?)
}

fn next(rows: &mut Rows<'_>, source: usize) -> Result<Option<Queued>> {
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some((row.get(1)?, row.get(2)?, source, row.get(0)?)))
}

fn in_two_shards(first: &Source, other: &Source) -> Error {
    Error::state(
        format!(
            "a person of the same key is in `{}` and in `{}`",
            first.name, other.name
        ),
        Some(
            "load in each shard its own part of the lists, which `bugle shard split` has made: it puts all keys of a person \
             into one shard",
        ),
    )
}

/// Refuses an id that people of two shards have: an event may mean either of them.
pub(super) fn refuse_ids_of_two_shards(sources: &[Source], to: &Connection) -> Result<()> {
    let sql = "SELECT id FROM person WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1";
    let mut statement = to.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let mut holders = Vec::new();
        for source in sources {
            let sql = "SELECT EXISTS (SELECT 1 FROM person WHERE id = ?1)";
            let mut held = source.connection().prepare_cached(sql)?;
            if held.query_row([&id], |row| row.get(0))? {
                holders.push(source);
            }
        }
        if let [first, other, ..] = holders[..] {
            return Err(in_two_shards(first, other));
        }
    }
    Ok(())
}

/// The writing of everyone.
struct Writing<'s> {
    to: &'s Connection,
    people: Vec<Statement<'s>>,
    insert: Statement<'s>,
    columns: usize,
    copiers: Vec<Copier<'s>>,
    sources: &'s [Source],
    merged: Merged,
    last: i64,
    /// The people of each shard to whom runs were limited, and their new numbers.
    limited: Vec<BTreeMap<i64, i64>>,
    is_limited: Vec<BTreeSet<i64>>,
}

impl<'s> Writing<'s> {
    fn new(sources: &'s [Source], to: &'s Connection) -> Result<Self> {
        let fields = stored_fields(to)?;
        let names: Vec<String> = fields.iter().map(|field| quote(&field.name)).collect();
        let places = vec!["?"; names.len() + 1].join(", ");
        let sql = format!(
            "INSERT OR ROLLBACK INTO person (person_id, {}) VALUES ({places})",
            names.join(", ")
        );
        let insert = to.prepare(&sql)?;
        let texts = texts::write(sources, to)?;
        let codes = Codes::write(sources, to)?;
        let mut people = Vec::with_capacity(sources.len());
        let mut copiers = Vec::with_capacity(sources.len());
        let mut is_limited = Vec::with_capacity(sources.len());
        for ((source, texts), codes) in sources.iter().zip(texts).zip(codes) {
            let own = stored_fields(source.connection())?;
            let columns: Vec<String> = fields
                .iter()
                .map(|field| {
                    if own.iter().any(|own| own.name == field.name) {
                        quote(&field.name)
                    } else {
                        "NULL".to_owned()
                    }
                })
                .collect();
            let sql = format!(
                "SELECT {} FROM person WHERE person_id = ?1",
                columns.join(", ")
            );
            people.push(source.connection().prepare(&sql)?);
            is_limited.push(limited(source)?);
            copiers.push(Copier::new(source, to, texts, codes, sources.len() > 1)?);
        }
        Ok(Self {
            to,
            people,
            insert,
            columns: fields.len(),
            copiers,
            sources,
            merged: Merged::default(),
            last: 0,
            limited: vec![BTreeMap::new(); sources.len()],
            is_limited,
        })
    }

    /// Writes one person.
    fn person(&mut self, source: usize, person: i64) -> Result<()> {
        self.last += 1;
        let new = self.last;
        let mut rows = self.people[source].query([person])?;
        let Some(row) = rows.next()? else {
            return Err(Error::Inconsistent("a person is missing".to_owned()));
        };
        self.insert.raw_bind_parameter(1, new)?;
        for column in 0..self.columns {
            bind_cell(&mut self.insert, column + 2, row.get_ref(column)?)?;
        }
        self.insert.raw_execute()?;
        drop(rows);
        self.merged.people += 1;
        self.merged.activities += self.copiers[source].person(person, new)?;
        if self.is_limited[source].contains(&person) {
            self.limited[source].insert(person, new);
        }
        Ok(())
    }

    /// Writes what is left of erased people, and what is known once everyone has a number.
    fn finish(mut self) -> Result<Merged> {
        let mut erased: Vec<(i64, usize, i64)> = Vec::new();
        for (source, shard) in self.sources.iter().enumerate() {
            let mut statement = shard
                .connection()
                .prepare("SELECT at, person_id FROM tombstone")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                erased.push((row.get(0)?, source, row.get(1)?));
            }
        }
        erased.sort_unstable();
        for (_, source, person) in erased {
            self.last += 1;
            self.copiers[source].erased(person, self.last)?;
        }
        for copier in self.copiers {
            copier.finish(self.to)?;
        }
        let sql = "UPDATE run SET last_person = ?1 WHERE state = 'finished'";
        self.to.execute(sql, [self.merged.people.cast_signed()])?;
        for table in ["run", "run_command"] {
            rename_limits(self.sources, &self.limited, self.to, table)?;
        }
        Ok(self.merged)
    }
}

/// Returns the people of a shard to whom runs were limited.
fn limited(source: &Source) -> Result<BTreeSet<i64>> {
    let sql = "SELECT only_person FROM run_command WHERE only_person IS NOT NULL
        UNION SELECT only_person FROM run WHERE only_person IS NOT NULL";
    let mut statement = source.connection().prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut people = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let json: String = row.get(0)?;
        people.extend(people_of_json(&json)?.into_iter().map(|person| person.0));
    }
    Ok(people)
}

/// Gives the people of limited runs their new numbers.
fn rename_limits(
    sources: &[Source],
    limited: &[BTreeMap<i64, i64>],
    to: &Connection,
    table: &str,
) -> Result<()> {
    let key = if table == "run" {
        "run_id"
    } else {
        "command_id"
    };
    let mut all: BTreeMap<i64, Vec<PersonId>> = BTreeMap::new();
    for (source, numbers) in sources.iter().zip(limited) {
        let sql = format!("SELECT {key}, only_person FROM {table} WHERE only_person IS NOT NULL");
        let mut statement = source.connection().prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (row, json): (i64, String) = (row.get(0)?, row.get(1)?);
            let people = people_of_json(&json)?.into_iter();
            let new = people.filter_map(|person| numbers.get(&person.0).copied().map(PersonId));
            all.entry(row).or_default().extend(new);
        }
    }
    let sql = format!("UPDATE {table} SET only_person = ?2 WHERE {key} = ?1");
    for (row, mut people) in all {
        people.sort_unstable();
        to.execute(&sql, (row, people_as_json(&people)))?;
    }
    Ok(())
}
