//! People by their keys: email in any case, `id`, or number; and what is known of people who were erased.

use rusqlite::{Connection, OptionalExtension as _};

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use super::bindings::Bindings;
use super::error::Result;
use super::siphash::SipHasher;
use super::{ORDINAL_BITS, ORDINAL_MASK, Store, activity_id};
use crate::domain::activity_type::BuiltinActivity as Sent;
use crate::domain::text::{email_key, stored_email};
use crate::domain::{CampaignId, Instant, PersonId, PersonKey, RunId};

/// Everyone with an email.
pub(super) const BY_EMAIL: &str =
    "SELECT person_id FROM person WHERE email = ?1 ORDER BY person_id";
/// Everyone with an `id`.
pub(super) const BY_ID: &str = "SELECT person_id FROM person WHERE id = ?1 ORDER BY person_id";
/// The person of a number.
pub(super) const BY_NUMBER: &str = "SELECT person_id FROM person WHERE person_id = ?1";

/// Who a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyMatch {
    /// The person; of several, the one with the lowest number.
    pub person: PersonId,
    /// How many people have the key, this one included.
    pub people: u64,
}

impl Store {
    /// Finds who a key means.
    pub fn find(&self, key: &PersonKey) -> Result<Option<KeyMatch>> {
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
        Ok(first.map(|first| KeyMatch {
            person: PersonId(first),
            people: people.unsigned_abs(),
        }))
    }

    /// Finds everyone who has each of many keys, given in lower case, and tells with what came along with the key; the
    /// lowest number comes first.
    pub fn find_many<K: Borrow<PersonKey>, T>(
        &self,
        mut keys: Vec<(K, T)>,
        mut tell: impl FnMut(T, &[PersonId]),
    ) -> Result<()> {
        // Asked in the order of the index, neighbours share its pages.
        keys.sort_unstable_by(|(a, _), (b, _)| a.borrow().cmp(b.borrow()));
        for (key, what) in keys {
            tell(what, &self.find_all(key.borrow())?);
        }
        Ok(())
    }

    fn find_all(&self, key: &PersonKey) -> Result<Vec<PersonId>> {
        let (sql, bound): (&str, &dyn rusqlite::ToSql) = match key {
            PersonKey::Email(email) => {
                return self.people_with(BY_EMAIL, &stored_email(email));
            }
            PersonKey::Id(id) => (BY_ID, id),
            PersonKey::Number(person) => (BY_NUMBER, &person.0),
        };
        self.people_with(sql, bound)
    }

    fn people_with(&self, sql: &str, bound: &dyn rusqlite::ToSql) -> Result<Vec<PersonId>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let people = statement.query_map([bound], |row| row.get(0).map(PersonId))?;
        Ok(people.collect::<std::result::Result<_, _>>()?)
    }

    /// Returns the people who share an address with somebody else, each with the address' key.
    pub fn shared_addresses(&self) -> Result<BTreeMap<PersonId, String>> {
        let sql =
            "SELECT email FROM person WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut shared = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let email: String = row.get(0)?;
            for person in self.find_all(&PersonKey::Email(email.clone()))? {
                shared.insert(person, email_key(&email));
            }
        }
        Ok(shared)
    }

    /// Returns which of some people the steps of a run have sent email: person, campaign, step from 1.
    pub fn served_by(
        &self,
        run: RunId,
        people: &BTreeSet<PersonId>,
        bindings: &Bindings,
    ) -> Result<Vec<(PersonId, CampaignId, u32)>> {
        let sql = "SELECT campaign_id, step FROM activity WHERE activity_id BETWEEN ?1 AND ?2
            AND run_id = ?3 AND type = ?4 AND outcome = 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut served = Vec::new();
        for person in people {
            let (first, last) = (
                activity_id(*person, 0)?,
                person.0 << ORDINAL_BITS | ORDINAL_MASK,
            );
            let mut rows = statement.query((first, last, run.0, Sent::SendEmail.code()))?;
            while let Some(row) = rows.next()? {
                if let Some(campaign) = bindings.campaign(row.get(0)?) {
                    served.push((*person, campaign, row.get(1)?));
                }
            }
        }
        Ok(served)
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
struct Salted(SipHasher);

impl Salted {
    fn of(connection: &Connection) -> Result<Self> {
        let salt: Vec<u8> =
            connection.query_row("SELECT value FROM meta WHERE name = 'salt'", [], |row| {
                row.get(0)
            })?;
        Ok(Self(SipHasher::keyed(&salt)))
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
