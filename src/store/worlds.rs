//! Loads people from the database into a world: fields, lists, memberships, entries, waits and the history that is needed.
//!
//! Every table that is read is clustered by person, so each is one ordered scan, merged into the people by their
//! number: never a query a person. Which rows count is decided here for history alone (events, and steps that
//! succeeded); who matches is not decided here at all.

use std::collections::BTreeSet;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params_from_iter};

use super::attributes::AttributeReader;
use super::bindings::Bindings;
use super::database::Store;
use super::error::{Error, Result};
use super::fields::stored_fields;
use super::history::History;
use super::insert::Into;
use super::people_scope::{self, PeopleScope};
use super::row::{number, text, utf8};
use super::sql::quote;
use super::values::from_sql;
use super::waits;
use crate::domain::{FieldType, Instant, PersonId, Text, TextCache, Value};
use crate::world::{EntryStats, Layout, Membership, Needs, Person};

/// What one loading of people is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoadRequest<'a> {
    /// The fields, in the order in which the people have them.
    pub(crate) layout: &'a Layout,
    /// What else is read.
    pub(crate) needs: &'a Needs,
    /// The translation between workspace and database.
    pub(crate) bindings: &'a Bindings,
}

impl Store {
    /// Returns the next people in order, after one or from the first, at most so many.
    pub(crate) fn people_after(
        &self,
        after: Option<PersonId>,
        limit: usize,
        wanted: LoadRequest<'_>,
    ) -> Result<Vec<Person>> {
        let columns = Columns::of(&self.connection, wanted)?;
        let sql = format!(
            "SELECT person_id{} FROM person WHERE person_id > ?1 ORDER BY person_id LIMIT ?2",
            columns.sql
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query([after.map_or(0, |person| person.0), limit])?;
        let mut people = columns.people(rows, wanted.layout)?;
        // A damaged tree may lead back to people of before: the caller would go round for ever.
        let mut before = after;
        for person in &people {
            if before.is_some_and(|before| person.id <= before) {
                return Err(Error::Inconsistent("people are not in order".to_owned()));
            }
            before = Some(person.id);
        }
        if let (Some(first), Some(last)) = (people.first(), people.last()) {
            let which = PeopleScope::Range(first.id.0, last.id.0);
            self.fill(&mut people, which, wanted)?;
        }
        Ok(people)
    }

    /// Returns these people, in order; those who do not exist are left out. `ids` must be in order, each once.
    pub(crate) fn people(&self, ids: &[PersonId], wanted: LoadRequest<'_>) -> Result<Vec<Person>> {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
            return Ok(Vec::new());
        };
        self.want(ids)?;
        let columns = Columns::of(&self.connection, wanted)?;
        let sql = people_scope::people(&columns.sql);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut people = columns.people(statement.query([])?, wanted.layout)?;
        // Where most of a stretch is wanted, reading it all is faster than seeking.
        let stretch = last.0.saturating_sub(first.0) / 3;
        let dense = stretch < i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let which = if dense {
            PeopleScope::Range(first.0, last.0)
        } else {
            PeopleScope::Listed
        };
        self.fill(&mut people, which, wanted)?;
        Ok(people)
    }

    /// Puts the wanted people where queries can join them: a table of this connection, in memory.
    fn want(&self, ids: &[PersonId]) -> Result<()> {
        self.connection.execute_batch(people_scope::WANTED)?;
        self.connection.execute_batch("DELETE FROM temp.wanted")?;
        let into = Into {
            head: "INSERT OR ROLLBACK INTO temp.wanted (person_id)",
            columns: 1,
            tail: "",
        };
        into.rows(&self.connection, ids, |row, id| row.bind(id.0))
    }

    fn fill(
        &self,
        people: &mut [Person],
        which: PeopleScope,
        wanted: LoadRequest<'_>,
    ) -> Result<()> {
        self.fill_history(people, which, wanted)?;
        self.fill_ordinals(people, which)?;
        self.fill_passed(people, which, wanted.bindings)?;
        if wanted.needs.lists {
            self.fill_lists(people, which, wanted)?;
        }
        if wanted.needs.programs {
            self.fill_programs(people, which, wanted)?;
        }
        if wanted.needs.waits {
            self.fill_waits(people, which, wanted.bindings)?;
        }
        if wanted.needs.first_key {
            self.merge(&which.first_keys(), which, people, |person, row| {
                person.first_key = Some(Text::from(text(row, 1)?));
                Ok(())
            })?;
        }
        Ok(())
    }

    fn fill_history(
        &self,
        people: &mut [Person],
        which: PeopleScope,
        wanted: LoadRequest<'_>,
    ) -> Result<()> {
        let types = &wanted.needs.history;
        if types.is_empty() {
            return Ok(());
        }
        let bindings = wanted.bindings;
        let codes: Vec<String> = types
            .iter()
            .map(|activity| bindings.code(*activity).to_string())
            .collect();
        let sql = which.history(&codes.join(","));
        let mut history = History::new(&self.connection, bindings);
        self.merge(&sql, which, people, |person, row| {
            person.history.extend(history.record(row)?);
            Ok(())
        })?;
        for person in people {
            // Nearly always in order already: only late events come before what is written.
            person
                .history
                .sort_by_key(|record| (record.at, record.ordinal));
        }
        Ok(())
    }

    /// Finds each person's next place in the log, also if not all of it was read.
    fn fill_ordinals(&self, people: &mut [Person], which: PeopleScope) -> Result<()> {
        let sql = which.last_ordinals();
        self.merge(&sql, which, people, |person, row| {
            person.next_ordinal = number(row.get(1)?)? + 1;
            Ok(())
        })
    }

    fn fill_passed(
        &self,
        people: &mut [Person],
        which: PeopleScope,
        bindings: &Bindings,
    ) -> Result<()> {
        self.merge(&which.entry_stats(), which, people, |person, row| {
            // Campaigns that are gone from the workspace can be asked about by nobody.
            if let Some(campaign) = bindings.campaign(row.get(1)?) {
                person.passed.push(EntryStats {
                    campaign,
                    times: number(row.get(2)?)?,
                    first_at: Instant::from_micros(row.get(3)?),
                    last_at: Instant::from_micros(row.get(4)?),
                });
            }
            Ok(())
        })
    }

    fn fill_lists(
        &self,
        people: &mut [Person],
        which: PeopleScope,
        wanted: LoadRequest<'_>,
    ) -> Result<()> {
        self.merge(&which.lists(), which, people, |person, row| {
            let list = wanted.bindings.list(&self.connection, row.get(1)?)?;
            person.lists.push(list);
            Ok(())
        })?;
        for person in people {
            person.lists.sort_unstable();
        }
        Ok(())
    }

    fn fill_programs(
        &self,
        people: &mut [Person],
        which: PeopleScope,
        wanted: LoadRequest<'_>,
    ) -> Result<()> {
        self.merge(&which.programs(), which, people, |person, row| {
            let program = wanted.bindings.program(&self.connection, row.get(1)?)?;
            let fields: Option<String> = row.get(6)?;
            let membership = Membership {
                status: Text::from(text(row, 2)?),
                success_at: row.get::<_, Option<i64>>(3)?.map(Instant::from_micros),
                since: Instant::from_micros(row.get(4)?),
                acquired_by: row.get(5)?,
                fields: super::attributes::read_plain(fields.as_deref())?,
            };
            person.programs.push((program, membership));
            Ok(())
        })?;
        for person in people {
            person.programs.sort_by_key(|(program, _)| *program);
        }
        Ok(())
    }

    fn fill_waits(
        &self,
        people: &mut [Person],
        which: PeopleScope,
        bindings: &Bindings,
    ) -> Result<()> {
        let reader = AttributeReader::new(&bindings.activities, &bindings.fields);
        self.merge(&which.waits(), which, people, |person, row| {
            person.waits.extend(waits::read(row, bindings, &reader)?);
            Ok(())
        })
    }

    /// Runs a query ordered by person, its first column, and gives each row to its person.
    fn merge(
        &self,
        sql: &str,
        which: PeopleScope,
        people: &mut [Person],
        mut take: impl FnMut(&mut Person, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(which.parameters()))?;
        let mut people = people.iter_mut();
        let Some(mut person) = people.next() else {
            return Ok(());
        };
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            while person.id.0 < id {
                let Some(next) = people.next() else {
                    return Ok(());
                };
                person = next;
            }
            if person.id.0 == id {
                take(person, row)?;
            }
        }
        Ok(())
    }
}

/// The columns of a layout that exist in the database, and the place of each.
struct Columns {
    /// `, "city", "lead_score"`
    sql: String,
    places: Vec<(usize, FieldType)>,
}

impl Columns {
    fn of(connection: &Connection, wanted: LoadRequest<'_>) -> Result<Self> {
        let stored: BTreeSet<String> = stored_fields(connection)?
            .into_iter()
            .map(|field| field.name)
            .collect();
        let mut columns = Self {
            sql: String::new(),
            places: Vec::new(),
        };
        for (slot, field) in wanted.layout.fields().iter().enumerate() {
            let field = wanted.bindings.fields.field(*field);
            // A field that nobody ever had has no column; it stays as the layout has it.
            if stored.contains(&field.name) {
                columns.sql.push_str(", ");
                columns.sql.push_str(&quote(&field.name));
                columns.places.push((slot, field.field_type));
            }
        }
        Ok(columns)
    }

    fn people(&self, mut rows: rusqlite::Rows<'_>, layout: &Layout) -> Result<Vec<Person>> {
        let mut people = Vec::new();
        let mut repeats = TextCache::new(REMEMBERED);
        while let Some(row) = rows.next()? {
            let mut person = Person::new(PersonId(row.get(0)?), layout);
            for (column, (slot, field_type)) in (1..).zip(&self.places) {
                let stored = row.get_ref(column)?;
                person.fields[*slot] = match stored {
                    ValueRef::Null => continue,
                    ValueRef::Text(text) if field_type.is_text() => {
                        Some(Value::Text(repeats.text(utf8(text)?)))
                    }
                    ValueRef::Text(_)
                    | ValueRef::Integer(_)
                    | ValueRef::Real(_)
                    | ValueRef::Blob(_) => from_sql(stored, *field_type)?,
                };
            }
            people.push(person);
        }
        Ok(people)
    }
}

/// How many texts that people share, such as states and sources, are remembered while a chunk is read: each is then
/// allocated once, not once a person. Few, so that they stay in the processor's cache.
const REMEMBERED: usize = 1024;
