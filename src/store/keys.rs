//! People by their keys: email in any case, `id`, or number; and what is known of people who were erased.

use rusqlite::{Connection, OptionalExtension as _};

use super::Store;
use super::error::Result;
use super::sip::Sip;
use crate::domain::text::{email_key, stored_email};
use crate::domain::{Instant, PersonId, PersonKey};

/// Who a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The person; of several, the one with the lowest number.
    pub person: PersonId,
    /// How many people have the key, this one included.
    pub people: u64,
}

impl Store {
    /// Finds who a key means.
    pub fn find(&self, key: &PersonKey) -> Result<Option<Found>> {
        let (first, people): (Option<i64>, i64) = match key {
            PersonKey::Email(email) => self
                .connection
                .prepare_cached("SELECT min(person_id), count(*) FROM person WHERE email = ?1")?
                .query_row([stored_email(email)], |row| Ok((row.get(0)?, row.get(1)?)))?,
            PersonKey::Id(id) => self
                .connection
                .prepare_cached("SELECT min(person_id), count(*) FROM person WHERE id = ?1")?
                .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?,
            PersonKey::Number(person) => self
                .connection
                .prepare_cached("SELECT min(person_id), count(*) FROM person WHERE person_id = ?1")?
                .query_row([person.0], |row| Ok((row.get(0)?, row.get(1)?)))?,
        };
        Ok(first.map(|first| Found {
            person: PersonId(first),
            people: people.unsigned_abs(),
        }))
    }

    /// Finds whom each of many keys means, in the order of the keys.
    pub fn find_many(&self, keys: &[PersonKey]) -> Result<Vec<Option<PersonId>>> {
        // Asked in the order of the index, neighbours share its pages.
        let mut order: Vec<(String, usize)> = keys
            .iter()
            .enumerate()
            .map(|(place, key)| {
                let sorted = match key {
                    PersonKey::Email(email) => email_key(email),
                    PersonKey::Id(id) => id.clone(),
                    PersonKey::Number(_) => String::new(),
                };
                (sorted, place)
            })
            .collect();
        order.sort_unstable();
        let mut found = vec![None; keys.len()];
        for (_, place) in order {
            found[place] = self.find_first(&keys[place])?;
        }
        Ok(found)
    }

    fn find_first(&self, key: &PersonKey) -> Result<Option<PersonId>> {
        // The index holds equal keys in order of person, so the first is the lowest.
        let first: Option<i64> = match key {
            PersonKey::Email(email) => self
                .connection
                .prepare_cached(
                    "SELECT person_id FROM person WHERE email = ?1 ORDER BY person_id LIMIT 1",
                )?
                .query_row([stored_email(email)], |row| row.get(0))
                .optional()?,
            PersonKey::Id(id) => self
                .connection
                .prepare_cached(
                    "SELECT person_id FROM person WHERE id = ?1 ORDER BY person_id LIMIT 1",
                )?
                .query_row([id], |row| row.get(0))
                .optional()?,
            PersonKey::Number(_) => return Ok(self.find(key)?.map(|found| found.person)),
        };
        Ok(first.map(PersonId))
    }

    /// Returns the number that the next new person gets; numbers of erased people are not given again.
    pub fn next_person(&self) -> Result<PersonId> {
        let sql = "SELECT max(coalesce((SELECT max(person_id) FROM person), 0),
                              coalesce((SELECT max(person_id) FROM tombstone), 0)) + 1";
        let next: i64 = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        Ok(PersonId(next))
    }

    /// Returns how many people there are.
    pub fn count_people(&self) -> Result<u64> {
        let count: i64 = self
            .connection
            .query_row("SELECT count(*) FROM person", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Returns which erased person a key once meant, so that their events can be told from those of strangers.
    pub fn erased(&self, key: &PersonKey) -> Result<Option<PersonId>> {
        let salted = Salted::of(&self.connection)?;
        let erased: Option<i64> = match key {
            PersonKey::Email(email) => self
                .connection
                .prepare_cached("SELECT min(person_id) FROM tombstone WHERE email_hash = ?1")?
                .query_row([salted.email(email)], |row| row.get(0))?,
            PersonKey::Id(id) => self
                .connection
                .prepare_cached("SELECT min(person_id) FROM tombstone WHERE id_hash = ?1")?
                .query_row([salted.id(id)], |row| row.get(0))?,
            PersonKey::Number(person) => self
                .connection
                .prepare_cached("SELECT min(person_id) FROM tombstone WHERE person_id = ?1")?
                .query_row([person.0], |row| row.get(0))?,
        };
        Ok(erased.map(PersonId))
    }
}

/// Hashes of keys under the database's own salt.
struct Salted(Sip);

impl Salted {
    fn of(connection: &Connection) -> Result<Self> {
        let salt: Vec<u8> =
            connection.query_row("SELECT value FROM meta WHERE name = 'salt'", [], |row| {
                row.get(0)
            })?;
        Ok(Self(Sip::keyed(&salt)))
    }

    fn email(&self, email: &str) -> i64 {
        self.0.hash(email_key(email).as_bytes())
    }

    fn id(&self, id: &str) -> i64 {
        self.0.hash(id.as_bytes())
    }
}

/// What an erased person leaves nothing in. Entries stay: they say that someone once qualified, not who.
const ERASED: [&str; 7] = [
    "DELETE FROM activity WHERE activity_id BETWEEN ?1 << 24 AND ?1 << 24 | 16777215",
    "DELETE FROM outbox WHERE activity_id BETWEEN ?1 << 24 AND ?1 << 24 | 16777215",
    "DELETE FROM list_member WHERE person_id = ?1",
    "DELETE FROM program_member WHERE person_id = ?1",
    "DELETE FROM wait WHERE person_id = ?1",
    "DELETE FROM past WHERE person_id = ?1",
    "DELETE FROM person WHERE person_id = ?1",
];

/// Erases a person and leaves a tombstone. The caller's transaction has `secure_delete`, so the pages are overwritten.
pub(super) fn erase(connection: &Connection, person: PersonId, at: Instant) -> Result<()> {
    let keys: Option<(Option<String>, Option<String>)> = connection
        .prepare_cached("SELECT email, id FROM person WHERE person_id = ?1")?
        .query_row([person.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (email, id) = keys.unwrap_or_default();
    let salted = Salted::of(connection)?;
    let sql = "INSERT INTO tombstone (person_id, at, email_hash, id_hash) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute((
        person.0,
        at.micros(),
        email.map(|email| salted.email(&email)),
        id.map(|id| salted.id(&id)),
    ))?;
    for sql in ERASED {
        connection.prepare_cached(sql)?.execute([person.0])?;
    }
    Ok(())
}
