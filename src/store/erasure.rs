//! Erasing a person, and what is known about people who were erased: tombstones with hashes of their keys.

use rusqlite::{Connection, OptionalExtension as _};

use super::database::Store;
use super::error::Result;
use super::siphash::SipHasher;
use super::{log_key, matches, meta};
use crate::domain::text::email_key;
use crate::domain::{Instant, PersonId, PersonKey, Value};

impl Store {
    /// Returns which erased person a key once meant, so that their events can be distinguished from those of strangers.
    pub(crate) fn erased(&self, key: &PersonKey) -> Result<Option<PersonId>> {
        let salted = Salted::of(&self.connection)?;
        let (column, value) = match key {
            PersonKey::Email(email) => ("email_hash", salted.email(email)),
            PersonKey::Id(id) => ("id_hash", salted.id(id)),
            PersonKey::Number(person) => ("person_id", person.0),
        };
        let sql = format!("SELECT min(person_id) FROM tombstone WHERE {column} = ?1");
        let erased: Option<i64> = self
            .connection
            .prepare_cached(&sql)?
            .query_row([value], |row| row.get(0))?;
        Ok(erased.map(PersonId))
    }
}

/// Hashes of keys under the database's own salt.
struct Salted(SipHasher);

impl Salted {
    fn of(connection: &Connection) -> Result<Self> {
        Ok(Self(SipHasher::keyed(&meta::salt(connection)?)))
    }

    fn email(&self, email: &str) -> i64 {
        self.0.hash(email_key(email).as_bytes())
    }

    fn id(&self, id: &str) -> i64 {
        self.0.hash(id.as_bytes())
    }
}

/// Tables that keep nothing of an erased person. Entries stay: they say that someone once qualified, not who.
const TABLES: [&str; 7] = [
    "log_sum",
    "list_member",
    "program_member",
    "wait",
    "past",
    "first_key",
    "person",
];
/// Tables of the same kind whose rows go by the key of the log.
const LOGS: [&str; 2] = ["activity", "outbox"];

/// When a person is erased, and the keys that the same journal gave them before: these are never written, yet the tombstone
/// has them, or it would depend on where chunks end.
#[derive(Debug, Clone, Copy)]
pub(super) struct ErasedPerson<'j> {
    at: Instant,
    /// The last email.
    pub(super) email: LastKey<'j>,
    /// The last id.
    pub(super) id: LastKey<'j>,
}

/// The key that a person had last.
#[derive(Debug, Clone, Copy)]
pub(super) enum LastKey<'j> {
    /// The one in the database.
    Stored,
    /// The one of a journal, or none.
    Changed(Option<&'j Value>),
}

impl LastKey<'_> {
    fn or_stored(self, stored: Option<String>) -> Option<String> {
        match self {
            Self::Stored => stored,
            Self::Changed(value) => value.map(|value| value.to_text().to_string()),
        }
    }
}

impl ErasedPerson<'_> {
    /// Makes one whose keys are those of the database.
    pub(super) fn at(at: Instant) -> Self {
        Self {
            at,
            email: LastKey::Stored,
            id: LastKey::Stored,
        }
    }
}

/// Erases a person and leaves a tombstone. The caller's transaction has `secure_delete`, so the pages are overwritten.
pub(super) fn erase(
    connection: &Connection,
    person: PersonId,
    erased: &ErasedPerson<'_>,
) -> Result<()> {
    let keys: Option<(Option<String>, Option<String>)> = connection
        .prepare_cached("SELECT email, id FROM person WHERE person_id = ?1")?
        .query_row([person.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (email, id) = keys.unwrap_or_default();
    let (email, id) = (erased.email.or_stored(email), erased.id.or_stored(id));
    let salted = Salted::of(connection)?;
    let sql = "INSERT INTO tombstone (person_id, at, email_hash, id_hash) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute((
        person.0,
        erased.at.micros(),
        email.map(|email| salted.email(&email)),
        id.map(|id| salted.id(&id)),
    ))?;
    for table in LOGS {
        let log = log_key::range_of("?1");
        let sql = format!("DELETE FROM {table} WHERE activity_id BETWEEN {log}");
        connection.prepare_cached(&sql)?.execute([person.0])?;
    }
    for table in TABLES {
        let sql = format!("DELETE FROM {table} WHERE person_id = ?1");
        connection.prepare_cached(&sql)?.execute([person.0])?;
    }
    matches::erase(connection, person)
}
