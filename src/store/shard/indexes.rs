//! Indexes are made at once, when all rows are there: that is several times faster than row by row.

use rusqlite::Connection;

use super::super::error::Result;
use super::super::sql::quote;

/// Drops every index, and returns the statements that make them again.
pub(super) fn drop_all(connection: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let indexes: Vec<(String, String)> = rows.collect::<rusqlite::Result<_>>()?;
    drop(statement);
    for (name, _) in &indexes {
        connection.execute_batch(&format!("DROP INDEX {}", quote(name)))?;
    }
    Ok(indexes.into_iter().map(|(_, sql)| sql).collect())
}

/// Makes them again.
pub(super) fn make_again(connection: &Connection, indexes: &[String]) -> Result<()> {
    for sql in indexes {
        connection.execute_batch(sql)?;
    }
    Ok(())
}
