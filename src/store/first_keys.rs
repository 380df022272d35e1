//! The keys by which people were first given, where the present ones are others: random samples draw by them.

use rusqlite::Connection;
use rusqlite::types::ToSqlOutput;

use super::error::Result;
use crate::domain::PersonId;

/// Keeps a person's first key; one that is kept already is the first.
pub(super) fn keep(connection: &Connection, person: PersonId, key: &str) -> Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO first_key (person_id, key) VALUES (?1, ?2)")?
        .execute((person.0, key))?;
    Ok(())
}

/// Keeps the key that a person has, before a list gives them another email. Letters beyond ASCII are stored in lower
/// case, so SQLite's own `lower` does what is left.
pub(super) fn keep_before_email(
    connection: &Connection,
    person: PersonId,
    email: ToSqlOutput<'_>,
) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO first_key (person_id, key) SELECT person_id, coalesce(lower(email), id)
        FROM person WHERE person_id = ?1 AND coalesce(email, id) IS NOT NULL AND lower(email) IS NOT lower(?2)";
    connection.prepare_cached(sql)?.execute((person.0, email))?;
    Ok(())
}

/// Keeps the key that a person has, before a list gives them another id: while there is an email, the id is not the key.
pub(super) fn keep_before_id(connection: &Connection, person: PersonId) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO first_key (person_id, key) SELECT person_id, id
        FROM person WHERE person_id = ?1 AND id IS NOT NULL AND email IS NULL";
    connection.prepare_cached(sql)?.execute([person.0])?;
    Ok(())
}
