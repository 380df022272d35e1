//! Static lists, programs and campaigns by name, in their tables.
//!
//! There are few lists and programs, and SQL does not fold letters as we do, so all names are read to find one. Campaigns
//! have their folded name in a column.

use rusqlite::{Connection, OptionalExtension as _};

use super::attributes::write_text;
use super::database::Store;
use super::error::Result;
use super::row::text;
use crate::domain::Text;
use crate::domain::text::{fold, same};
use crate::world::Names;

/// A list or program in the database.
#[derive(Debug, Clone)]
pub(super) struct NamedRow {
    /// Its number in the database.
    pub(super) row: i64,
    /// Its name as first written.
    pub(super) name: Text,
}

/// Finds the row of a list or program by its name in any case, or makes it.
pub(super) fn ensure_name(
    connection: &Connection,
    table: &'static str,
    name: &str,
) -> Result<NamedRow> {
    if let Some(found) = find_name(connection, table, name)? {
        return Ok(found);
    }
    connection.execute(&format!("INSERT INTO {table} (name) VALUES (?1)"), [name])?;
    Ok(NamedRow {
        row: connection.last_insert_rowid(),
        name: Text::from(name),
    })
}

/// Finds the row of a list or program by its name in any case.
pub(super) fn find_name(
    connection: &Connection,
    table: &'static str,
    name: &str,
) -> Result<Option<NamedRow>> {
    let sql = format!("SELECT {table}_id, name FROM {table} ORDER BY {table}_id");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let stored = text(row, 1)?;
        if same(stored, name) {
            return Ok(Some(NamedRow {
                row: row.get(0)?,
                name: Text::from(stored),
            }));
        }
    }
    Ok(None)
}

/// Gives stored lists the names that a workspace has for them, also if another name came first: one that an event named
/// `Program.List` and a campaign names `List` is one list. Where there are two rows by now, they become one.
pub(super) fn adopt_lists(connection: &Connection, lists: &Names) -> Result<()> {
    let stored = {
        let mut statement =
            connection.prepare("SELECT list_id, name FROM list ORDER BY list_id")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<Vec<(i64, String)>>>()?
    };
    for (row, name) in stored {
        let Some(wanted) = lists.find_asset(&name).map(|number| lists.name(number)) else {
            continue;
        };
        if same(wanted, &name) {
            continue;
        }
        match find_name(connection, "list", wanted)? {
            Some(target) => merge_lists(connection, row, target.row)?,
            None => {
                connection.execute(
                    "UPDATE list SET name = ?2 WHERE list_id = ?1",
                    (row, &**wanted),
                )?;
            }
        }
        rename_in_past(connection, &name, wanted)?;
    }
    Ok(())
}

/// Puts the members of one list on another, since the earlier instant, and removes it.
fn merge_lists(connection: &Connection, from: i64, to: i64) -> Result<()> {
    connection.execute(
        "INSERT INTO list_member (person_id, list_id, added_at)
         SELECT person_id, ?2, added_at FROM list_member WHERE list_id = ?1
         ON CONFLICT DO UPDATE SET added_at = min(added_at, excluded.added_at)",
        (from, to),
    )?;
    connection.execute("DELETE FROM list_member WHERE list_id = ?1", [from])?;
    connection.execute("DELETE FROM list WHERE list_id = ?1", [from])?;
    Ok(())
}

/// Renames a list in what loads have noted of people.
fn rename_in_past(connection: &Connection, from: &str, to: &str) -> Result<()> {
    let json = |name: &str| {
        let mut text = String::new();
        write_text(&mut text, name);
        text
    };
    connection.execute(
        "UPDATE past SET lists = replace(lists, ?1, ?2) WHERE instr(lists, ?1) > 0",
        (json(from), json(to)),
    )?;
    Ok(())
}

impl Store {
    /// Returns the names of all static lists, in order.
    pub(crate) fn list_names(&self) -> Result<Vec<Text>> {
        self.names("SELECT name FROM list ORDER BY name")
    }

    /// Returns the names of all programs that anyone is a member of, in order.
    pub(crate) fn program_names(&self) -> Result<Vec<Text>> {
        self.names("SELECT name FROM program ORDER BY name")
    }

    fn names(&self, sql: &'static str) -> Result<Vec<Text>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut names = Vec::new();
        while let Some(row) = rows.next()? {
            names.push(Text::from(text(row, 0)?));
        }
        Ok(names)
    }
}

/// Finds the row of a campaign by its full name in any case.
pub(super) fn find_campaign(connection: &Connection, full_name: &str) -> Result<Option<i64>> {
    let sql = "SELECT campaign_id FROM campaign WHERE key = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement
        .query_row([fold(full_name)], |row| row.get(0))
        .optional()?)
}
