//! What the merged database has once: fields, workspaces, campaigns, runs, the names of lists and programs.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::super::columns::ensure_columns;
use super::super::error::{Error, Result};
use super::super::fields::stored_fields;
use super::super::names::ensure_name;
use super::super::sql::quote;
use super::source::Source;
use crate::domain::{Field, RunCounts};

/// Tables that are the same in every shard, and are taken from the first one.
const COPIED: [&str; 5] = [
    "workspace_version",
    "campaign",
    "campaign_version",
    "activation",
    "run_command",
];

/// What a run has counted that has not begun to count.
const NOTHING: &str = "{}";

/// Writes them.
pub(super) fn write(sources: &[Source], to: &Connection) -> Result<()> {
    ensure_columns(to, &fields(sources)?)?;
    let Some(first) = sources.first() else {
        return Ok(());
    };
    for table in COPIED {
        copy(first.connection(), to, table)?;
    }
    copy(first.connection(), to, "run")?;
    // What a command wrote into a file of its shard belongs to that shard.
    to.execute_batch(
        "UPDATE run SET verdict_bytes = NULL, verdict_hash = NULL; UPDATE run_command SET people_file = NULL;",
    )?;
    sum_members(sources, to)?;
    sum_counts(sources, to)?;
    for source in sources {
        for (table, sql) in [
            ("list", "SELECT name FROM list ORDER BY list_id"),
            ("program", "SELECT name FROM program ORDER BY program_id"),
        ] {
            for name in texts(source.connection(), sql)? {
                ensure_name(to, table, &name)?;
            }
        }
        let mut statement = source
            .connection()
            .prepare("SELECT hash FROM unknown_file")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let hash: i64 = row.get(0)?;
            to.execute(
                "INSERT OR IGNORE INTO unknown_file (hash) VALUES (?1)",
                [hash],
            )?;
        }
    }
    Ok(())
}

fn copy(from: &Connection, to: &Connection, table: &str) -> Result<()> {
    let mut select = from.prepare(&format!("SELECT * FROM {table} ORDER BY 1"))?;
    let columns: Vec<String> = select.column_names().map(quote).collect();
    let places = vec!["?"; columns.len()].join(", ");
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES ({places})",
        columns.join(", ")
    );
    let mut insert = to.prepare(&sql)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns.len() {
            insert.raw_bind_parameter(column + 1, row.get::<_, Value>(column)?)?;
        }
        insert.raw_execute()?;
    }
    Ok(())
}

/// Returns the fields of all shards. A list whose part has no value in a new column has a field of texts there, which says
/// nothing; where two shards have values, the types must be one.
fn fields(sources: &[Source]) -> Result<Vec<Field>> {
    let mut order: Vec<String> = Vec::new();
    let mut found: BTreeMap<String, (Field, &Source, bool)> = BTreeMap::new();
    for source in sources {
        for field in stored_fields(source.connection())? {
            let Some((known, other, known_used)) = found.get(&field.name) else {
                order.push(field.name.clone());
                let used = is_used(source, &field)?;
                found.insert(field.name.clone(), (field, source, used));
                continue;
            };
            let used = is_used(source, &field)?;
            if known.field_type == field.field_type {
                if used && !known_used {
                    found.insert(field.name.clone(), (field, source, true));
                }
                continue;
            }
            if used && *known_used {
                return Err(Error::state(
                    format!(
                        "the field `{}` is {} in `{}` and {} in `{}`",
                        field.name,
                        known.field_type.name(),
                        other.name,
                        field.field_type.name(),
                        source.name
                    ),
                    Some("declare it in `workspace.yaml`, and begin again with the lists"),
                ));
            }
            if used {
                found.insert(field.name.clone(), (field, source, true));
            }
        }
    }
    let fields = order.into_iter().filter_map(|name| found.remove(&name));
    Ok(fields.map(|(field, ..)| field).collect())
}

fn is_used(source: &Source, field: &Field) -> Result<bool> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM person WHERE {} IS NOT NULL)",
        quote(&field.name)
    );
    Ok(source.connection().query_row(&sql, [], |row| row.get(0))?)
}

fn sum_members(sources: &[Source], to: &Connection) -> Result<()> {
    to.execute("UPDATE campaign SET members = 0", [])?;
    for source in sources {
        let mut statement = source
            .connection()
            .prepare("SELECT campaign_id, members FROM campaign")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (campaign, members): (i64, i64) = (row.get(0)?, row.get(1)?);
            let sql = "UPDATE campaign SET members = members + ?2 WHERE campaign_id = ?1";
            to.execute(sql, (campaign, members))?;
        }
    }
    Ok(())
}

fn sum_counts(sources: &[Source], to: &Connection) -> Result<()> {
    let mut sums: BTreeMap<i64, RunCounts> = BTreeMap::new();
    for source in sources {
        let mut statement = source
            .connection()
            .prepare("SELECT run_id, counts FROM run")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (run, counts): (i64, String) = (row.get(0)?, row.get(1)?);
            if counts == NOTHING {
                continue;
            }
            let counts: RunCounts = serde_json::from_str(&counts)
                .map_err(|_| Error::Inconsistent("a run cannot be read".to_owned()))?;
            sums.entry(run).or_default().add(&counts);
        }
    }
    for (run, counts) in sums {
        let counts = serde_json::to_string(&counts)
            .map_err(|e| Error::Inconsistent(format!("counts cannot be written: {e}")))?;
        to.execute(
            "UPDATE run SET counts = ?2 WHERE run_id = ?1",
            (run, counts),
        )?;
    }
    Ok(())
}

fn texts(connection: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
