//! Finding damage: SQLite's own checks, the schema, then what must always hold between our tables, the checksums of logs,
//! and whether everything can be read.

mod schema;

use rusqlite::Connection;

use super::database::Store;
use super::error::{Error, Result};
use super::log_sum;

/// Faults that one check reports at most.
const MOST: usize = 20;

/// What must never be found: what it means, and the query that counts such rows.
const INVARIANTS: [(&str, &str); 26] = [
    (
        "rows of the log belong to nobody",
        "SELECT count(*) FROM activity WHERE activity_id >> 24 NOT IN (SELECT person_id FROM person)",
    ),
    (
        "logs have gaps",
        "SELECT count(*) FROM (SELECT 1 FROM activity GROUP BY activity_id >> 24
            HAVING count(*) <> (max(activity_id) & 16777215) + 1)",
    ),
    (
        "rows of the log have a type without a name",
        "SELECT count(*) FROM activity WHERE type NOT IN (SELECT code FROM activity_type)",
    ),
    (
        "rows of the log come from a campaign that is not there",
        "SELECT count(*) FROM activity WHERE campaign_id IS NOT NULL AND campaign_id NOT IN (SELECT campaign_id FROM campaign)",
    ),
    (
        "rows of the log have attributes that cannot be read",
        "SELECT count(*) FROM activity WHERE typeof(attributes) = 'text' AND NOT json_valid(attributes)",
    ),
    (
        "rows of the log have texts that are not there",
        "SELECT count(*) FROM activity WHERE (typeof(attributes) = 'integer' AND attributes NOT IN (SELECT text_id FROM text))
            OR (typeof(primary_value) = 'integer' AND primary_value NOT IN (SELECT text_id FROM text))",
    ),
    (
        "rows of the log belong to a happening that does not begin with a first row",
        "SELECT count(*) FROM activity a WHERE happening <> 0 AND NOT EXISTS (SELECT 1 FROM activity b
            WHERE b.activity_id = a.activity_id - 1 AND b.happening = a.happening - 1)",
    ),
    (
        "happenings do not say which campaigns were active",
        "SELECT count(*) FROM activity WHERE happening = 0 AND (activation IS NULL
            OR activation > (SELECT coalesce(max(activation_id), 0) FROM activation))",
    ),
    (
        "campaigns are active or not against their history",
        "SELECT count(*) FROM campaign c WHERE active <> coalesce((SELECT a.active FROM activation a
            WHERE a.campaign_id = c.campaign_id ORDER BY activation_id DESC LIMIT 1), 0)",
    ),
    (
        "messages have no row in the log",
        "SELECT count(*) FROM outbox WHERE activity_id NOT IN (SELECT activity_id FROM activity)",
    ),
    (
        "members of lists are not there, or their lists",
        "SELECT count(*) FROM list_member WHERE person_id NOT IN (SELECT person_id FROM person)
            OR list_id NOT IN (SELECT list_id FROM list)",
    ),
    (
        "members of programs are not there, or their programs",
        "SELECT count(*) FROM program_member WHERE person_id NOT IN (SELECT person_id FROM person)
            OR program_id NOT IN (SELECT program_id FROM program)",
    ),
    (
        "first keys are of nobody",
        "SELECT count(*) FROM first_key WHERE person_id NOT IN (SELECT person_id FROM person)",
    ),
    (
        "waits hold nobody, or in no campaign",
        "SELECT count(*) FROM wait WHERE person_id NOT IN (SELECT person_id FROM person)
            OR campaign_id NOT IN (SELECT campaign_id FROM campaign)",
    ),
    (
        "entries are of nobody who ever was, or into no campaign",
        "SELECT count(*) FROM entry WHERE campaign_id NOT IN (SELECT campaign_id FROM campaign)
            OR (person_id NOT IN (SELECT person_id FROM person)
                AND person_id NOT IN (SELECT person_id FROM tombstone))",
    ),
    (
        "entries are not numbered from 1",
        "SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY person_id, campaign_id HAVING count(*) <> max(nth))",
    ),
    (
        "campaigns count other members than they have",
        "SELECT count(*) FROM campaign c WHERE members <>
            (SELECT count(*) FROM entry e WHERE e.campaign_id = c.campaign_id AND nth = 1)",
    ),
    (
        "events were taken after the watermark",
        "SELECT count(*) FROM event WHERE at > coalesce((SELECT value FROM meta WHERE name = 'watermark'), -1 << 62)",
    ),
    (
        "runs count other people than entered",
        "SELECT count(*) FROM run r WHERE json_valid(counts) AND coalesce(json_extract(counts, '$.qualified'), 0) <>
            (SELECT count(*) FROM entry e WHERE e.run_id = r.run_id AND e.campaign_id = r.campaign_id)",
    ),
    (
        "steps were taken by people who did not enter their campaign",
        "SELECT count(*) FROM (SELECT DISTINCT activity_id >> 24 AS person_id, campaign_id FROM activity
                WHERE campaign_id IS NOT NULL AND step IS NOT NULL) a
            WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.person_id = a.person_id AND e.campaign_id = a.campaign_id)",
    ),
    (
        "runs belong to no command",
        "SELECT count(*) FROM run WHERE (command_id IS NULL) <> (occurrence IS NOT NULL)
            OR (command_id IS NOT NULL AND command_id NOT IN (SELECT command_id FROM run_command))",
    ),
    (
        "words are not among those that bugle writes",
        "SELECT (SELECT count(*) FROM run WHERE state NOT IN ('running', 'finished', 'aborted', 'refused'))
            + (SELECT count(*) FROM campaign WHERE mode NOT IN ('batch', 'triggered', 'executable')
                OR active NOT IN (0, 1) OR missing NOT IN (0, 1) OR invalid NOT IN (0, 1))
            + (SELECT count(*) FROM activity WHERE outcome NOT IN (1, 2, 3))
            + (SELECT count(*) FROM activation WHERE by NOT IN ('load', 'activate', 'deactivate', 'prune'))
            + (SELECT count(*) FROM event WHERE set_aside <> 1)",
    ),
    (
        "values that hold JSON cannot be read",
        "SELECT (SELECT count(*) FROM past WHERE NOT json_valid(old) OR NOT json_valid(new)
                OR NOT json_valid(coalesce(lists, '{}')) OR NOT json_valid(coalesce(programs, '{}')))
            + (SELECT count(*) FROM wait WHERE NOT json_valid(coalesce(cause, '{}')))
            + (SELECT count(*) FROM run WHERE NOT json_valid(counts) OR NOT json_valid(coalesce(only_person, '[]')))
            + (SELECT count(*) FROM run_command WHERE NOT json_valid(campaigns) OR NOT json_valid(coalesce(only_person, '[]')))
            + (SELECT count(*) FROM program_member WHERE NOT json_valid(coalesce(fields, '{}')))",
    ),
    (
        "more than one run stands unfinished",
        "SELECT max(count(*) - 1, 0) FROM run WHERE state = 'running'",
    ),
    (
        "people are there and erased",
        "SELECT count(*) FROM tombstone WHERE person_id IN (SELECT person_id FROM person)",
    ),
    (
        "fields have no column, or columns no field",
        "SELECT (SELECT count(*) FROM (SELECT name FROM pragma_table_info('person') WHERE name <> 'person_id'
                EXCEPT SELECT name FROM field))
            + (SELECT count(*) FROM (SELECT name FROM field EXCEPT SELECT name FROM pragma_table_info('person')))",
    ),
];

impl Store {
    /// Returns what is wrong with the database, a line each; nothing where all is well.
    pub(crate) fn check(&self) -> Result<Vec<String>> {
        let faults = check(&self.connection, Depth::Rows).map_err(|error| error.at(&self.path))?;
        if !faults.is_empty() {
            return Ok(faults.into_iter().map(|what| self.finding(what)).collect());
        }
        // A dump reads every value, and is what is left where a database cannot be mended.
        match self.dump(&mut std::io::sink()) {
            Ok(()) => Ok(Vec::new()),
            Err(
                error @ (Error::Inconsistent(_) | Error::Unexpected { .. } | Error::Damaged { .. }),
            ) => Ok(vec![error.in_database(&self.path).to_string()]),
            Err(error) => Err(error),
        }
    }

    /// Returns a finding with the path of the database.
    pub(crate) fn finding(&self, what: String) -> String {
        let path = self.path.clone();
        Error::Unexpected { path, what }.to_string()
    }
}

/// How much of a database is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Its pages and references: what SQLite knows of any database.
    Pages,
    /// Also what the rows of this version of the schema say of each other.
    Rows,
}

/// Returns what is wrong with a database, a line each.
pub(super) fn check(connection: &Connection, depth: Depth) -> Result<Vec<String>> {
    let damage = integrity(connection)?;
    if !damage.is_empty() {
        // What the tables say is worth nothing while their pages are broken.
        return Ok(damage);
    }
    let mut faults = foreign_keys(connection)?;
    if depth == Depth::Rows {
        let others = schema::compare(connection)?;
        if !others.is_empty() {
            // What is asked below of other tables would mean nothing.
            return Ok(others);
        }
        for (meaning, sql) in INVARIANTS {
            let count: i64 = connection.query_row(sql, [], |row| row.get(0))?;
            if count > 0 {
                faults.push(format!("{meaning} ({count})"));
            }
        }
        let people = log_sum::differing(connection)?;
        if let Some(first) = people.first() {
            let count = people.len();
            faults.push(format!(
                "logs or messages are not as they were written ({count}, first of the person `#{first}`)"
            ));
        }
    }
    Ok(faults)
}

fn integrity(connection: &Connection) -> Result<Vec<String>> {
    let sql = format!("PRAGMA integrity_check({MOST})");
    let found = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare(&sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect()
    };
    match found().map_err(Error::from) {
        Ok(lines) if lines == ["ok"] => Ok(Vec::new()),
        Ok(lines) => Ok(lines),
        Err(Error::Damaged { what, .. }) => Ok(vec![what]),
        Err(error) => Err(error),
    }
}

fn foreign_keys(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    let mut faults = Vec::new();
    while faults.len() < MOST
        && let Some(row) = rows.next()?
    {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        faults.push(format!("a row of `{table}` has no row in `{parent}`"));
    }
    Ok(faults)
}
