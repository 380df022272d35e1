//! People by their keys: email in any case, `id`, or number.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use rusqlite::Connection;

use super::database::Store;
use super::error::Result;
use crate::domain::text::{email_key, stored_email};
use crate::domain::{PersonId, PersonKey};

/// Everyone with an email.
pub(super) const BY_EMAIL: &str =
    "SELECT person_id FROM person WHERE email = ?1 ORDER BY person_id";
/// Everyone with an `id`.
pub(super) const BY_ID: &str = "SELECT person_id FROM person WHERE id = ?1 ORDER BY person_id";
/// The person of a number.
pub(super) const BY_NUMBER: &str = "SELECT person_id FROM person WHERE person_id = ?1";

/// Everyone by key: the email in lower case, else the id, else the key by which the person was first given.
///
/// Letters beyond ASCII are stored in lower case, so SQLite's own `lower` does what is left.
pub(super) const BY_KEY: &str = "SELECT p.person_id, coalesce(lower(p.email), p.id, f.key, '') AS name, coalesce(p.id, '') AS id
    FROM person p LEFT JOIN first_key f USING (person_id) ORDER BY name, id, p.person_id";

/// Who a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyMatch {
    /// The person; of several, the one with the lowest number.
    pub(crate) person: PersonId,
    /// How many people have the key, this one included.
    pub(crate) people: u64,
}

impl Store {
    /// Finds who a key means.
    pub(crate) fn find(&self, key: &PersonKey) -> Result<Option<KeyMatch>> {
        let people = self.find_all(key)?;
        Ok(people.first().map(|first| KeyMatch {
            person: *first,
            people: people.len() as u64,
        }))
    }

    /// Finds everyone who has each of many keys, given in lower case, and passes them on with the key's companion; the
    /// lowest number comes first.
    pub(crate) fn find_many<K: Borrow<PersonKey>, T>(
        &self,
        mut keys: Vec<(K, T)>,
        mut found: impl FnMut(T, &[PersonId]),
    ) -> Result<()> {
        // Asked in the order of the index, neighbours share its pages.
        keys.sort_unstable_by(|(a, _), (b, _)| a.borrow().cmp(b.borrow()));
        for (key, what) in keys {
            found(what, &self.find_all(key.borrow())?);
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
    pub(crate) fn shared_addresses(&self) -> Result<BTreeMap<PersonId, String>> {
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

    /// Returns the number that the next new person gets; numbers of erased people are not given again.
    pub(crate) fn next_person(&self) -> Result<PersonId> {
        next_person(&self.connection)
    }

    /// Returns how many people there are.
    pub(crate) fn count_people(&self) -> Result<u64> {
        let count: i64 = self
            .connection
            .query_row("SELECT count(*) FROM person", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }
}

/// Returns the number that the next new person gets; numbers of erased people are not given again.
pub(super) fn next_person(connection: &Connection) -> Result<PersonId> {
    let sql = "SELECT max(coalesce((SELECT max(person_id) FROM person), 0),
                          coalesce((SELECT max(person_id) FROM tombstone), 0)) + 1";
    let next: i64 = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?;
    Ok(PersonId(next))
}
