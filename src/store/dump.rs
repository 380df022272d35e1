//! Writes the canonical logical content of a database, by which two databases are compared.
//!
//! A JSON object a line, its first key the kind. Names stand for codes, and everything is ordered, so equal content gives
//! equal bytes on any machine. Left out: cursors, salts, instants of the wall clock, versions of the software.

use std::collections::BTreeMap;
use std::io::Write;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::attributes::{write_text, write_value};
use super::database::Store;
use super::error::{Error, Result};
use super::fields::stored_fields;
use super::log_key::ORDINAL_BITS;
use super::row::utf8;
use super::sql::{instant, quote};
use super::values::from_sql;
use super::views;
use crate::diagnostic::visible::visible_json;
use crate::domain::Field;

/// Columns that hold JSON and stand in a line as they are.
const JSON: [&str; 7] = [
    "attributes",
    "fields",
    "cause",
    "old",
    "new",
    "lists",
    "counts",
];

/// Kinds whose first column is a key: rows come by it, each once.
const ASCENDING: [&str; 3] = ["activity", "message", "run"];

/// Refuses a row that does not follow the one before: a damaged tree may lead to the same rows again and again.
fn ascending(before: i64, key: i64) -> Result<i64> {
    if key > before {
        return Ok(key);
    }
    Err(Error::Inconsistent("rows are not in order".to_owned()))
}

impl Store {
    /// Writes the logical content.
    pub(crate) fn dump(&self, out: &mut dyn Write) -> Result<()> {
        for sql in definitions() {
            self.dump_rows(&sql, out)?;
        }
        self.dump_people(out)?;
        for sql in happenings() {
            self.dump_rows(&sql, out)?;
        }
        Ok(())
    }

    /// Writes a line a row: the columns' names are the keys.
    pub(super) fn dump_rows(&self, sql: &str, out: &mut dyn Write) -> Result<()> {
        let mut statement = self.connection.prepare(sql)?;
        let keys: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        let mut line = String::new();
        let ascends = keys
            .first()
            .is_some_and(|kind| ASCENDING.contains(&kind.as_str()));
        let mut before = i64::MIN;
        while let Some(row) = rows.next()? {
            if ascends {
                before = ascending(before, row.get(0)?)?;
            }
            line.clear();
            for (column, key) in keys.iter().enumerate() {
                line.push(if column == 0 { '{' } else { ',' });
                write_text(&mut line, key);
                line.push(':');
                write_cell(
                    &mut line,
                    row.get_ref(column)?,
                    JSON.contains(&key.as_str()),
                )?;
            }
            line.push_str("}\n");
            self.emit(out, &line)?;
        }
        Ok(())
    }

    /// Writes people with the fields they have, by name: columns that are empty, and the order in which they came, are
    /// no content.
    fn dump_people(&self, out: &mut dyn Write) -> Result<()> {
        let fields: BTreeMap<String, Field> = stored_fields(&self.connection)?
            .into_iter()
            .map(|field| (field.name.clone(), field))
            .collect();
        let columns: Vec<String> = fields.keys().map(|name| quote(name)).collect();
        let sql = format!(
            "SELECT person_id, {} FROM person ORDER BY person_id",
            columns.join(", ")
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut line = String::new();
        let mut before = i64::MIN;
        while let Some(row) = rows.next()? {
            before = ascending(before, row.get(0)?)?;
            line.clear();
            line.push_str("{\"person\":");
            write_cell(&mut line, row.get_ref(0)?, false)?;
            self.emit_fields(out, &mut line, row, fields.values())?;
        }
        Ok(())
    }

    /// Ends the line of a person with the fields that they have, which stand in a row from its second column on.
    pub(super) fn emit_fields<'f>(
        &self,
        out: &mut dyn Write,
        line: &mut String,
        row: &Row<'_>,
        fields: impl IntoIterator<Item = &'f Field>,
    ) -> Result<()> {
        for (column, field) in (1..).zip(fields) {
            let Some(value) = from_sql(row.get_ref(column)?, field.field_type)? else {
                continue;
            };
            line.push(',');
            write_text(line, &field.name);
            line.push(':');
            write_value(line, &value);
        }
        line.push_str("}\n");
        self.emit(out, line)
    }

    pub(super) fn emit(&self, out: &mut dyn Write, line: &str) -> Result<()> {
        out.write_all(visible_json(line).as_bytes())
            .map_err(|source| Error::Io {
                path: self.path.clone(),
                source,
            })
    }
}

/// The queries for what was loaded.
pub(super) fn definitions() -> Vec<String> {
    let scheduled = instant("scheduled_from");
    let next = instant("next_run_at");
    vec![
        format!(
            "SELECT {} AS watermark FROM meta WHERE name = 'watermark'",
            instant("value")
        ),
        "SELECT version AS workspace, definition FROM workspace_version ORDER BY version".to_owned(),
        format!(
            "SELECT full_name AS campaign, mode, active, version, file, missing, invalid, marketo_id,
                {scheduled} AS scheduled_from, {next} AS next_run_at, members FROM campaign ORDER BY key"
        ),
        "SELECT full_name AS definition, v.version, workspace, v.definition AS text, description
            FROM campaign_version v JOIN campaign c USING (campaign_id) ORDER BY key, v.version"
            .to_owned(),
        format!(
            "SELECT full_name AS activation, activation_id AS number, {} AS at, a.active, by
             FROM activation a JOIN campaign USING (campaign_id) ORDER BY activation_id",
            instant("a.at")
        ),
        "SELECT name AS field, type, origin, label FROM field ORDER BY name".to_owned(),
        "SELECT name AS list FROM list ORDER BY name".to_owned(),
        "SELECT name AS program FROM program ORDER BY name".to_owned(),
    ]
}

/// The queries for what happened to people.
fn happenings() -> Vec<String> {
    let at = instant("at");
    vec![
        format!("SELECT person_id AS tombstone, {at} AS at FROM tombstone ORDER BY person_id"),
        format!(
            "SELECT person_id AS past, {at} AS at, old, new, lists, programs, place FROM past ORDER BY person_id, past_id"
        ),
        "SELECT person_id AS first_key, key FROM first_key ORDER BY person_id".to_owned(),
        format!(
            "SELECT name AS list_member, person_id AS person, {} AS added_at
             FROM list_member JOIN list USING (list_id) ORDER BY person_id, name",
            instant("added_at")
        ),
        format!(
            "SELECT name AS program_member, person_id AS person, status, {} AS success_at, {} AS since, acquired_by, fields
             FROM program_member JOIN program USING (program_id) ORDER BY person_id, name",
            instant("success_at"),
            instant("since")
        ),
        format!(
            "SELECT run_id AS run, full_name AS campaign, r.version, {at} AS at, seed, state, only_person, occurrence,
                counts FROM run r JOIN campaign USING (campaign_id) ORDER BY run_id"
        ),
        format!(
            "SELECT full_name AS entry, person_id AS person, nth, {at} AS at, run_id AS run, e.version, place, cause
             FROM entry e JOIN campaign USING (campaign_id) ORDER BY person_id, key, nth"
        ),
        format!(
            "SELECT full_name AS wait, person_id AS person, w.version, finishes, nth, step, wait_ordinal, step_id,
                {} AS since, {} AS until, run_id AS run, cause
             FROM wait w JOIN campaign USING (campaign_id) ORDER BY person_id, wait_id",
            instant("since"),
            instant("until")
        ),
        format!(
            "SELECT v.activity_id AS activity, v.at, person_id AS person, email, v.type, v.primary_value, v.attributes,
            campaign, v.run_id AS run, v.step, v.choice, v.outcome, v.reason, v.event_id, v.happening, a.activation,
            v.marketo_campaign
         FROM ({}) v JOIN activity a ON a.activity_id = v.activity_id ORDER BY v.activity_id",
            views::activity_rows()
        ),
        format!(
            "SELECT activity_id AS message, activity_id >> {ORDINAL_BITS} AS person, {at} AS at, email, recipient,
                sender, subject, body FROM outbox ORDER BY activity_id"
        ),
        // Ordered by the columns, not by the text shown under their name.
        format!(
            "SELECT {} AS event, hash, ordinal, content, set_aside FROM event e ORDER BY e.at, e.hash, e.ordinal",
            instant("e.at")
        ),
        "SELECT hash AS unknown_file FROM unknown_file ORDER BY hash".to_owned(),
    ]
}

fn write_cell(out: &mut String, cell: ValueRef<'_>, json: bool) -> Result<()> {
    use std::fmt::Write as _;
    match cell {
        ValueRef::Null => out.push_str("null"),
        ValueRef::Integer(n) => {
            let _ = write!(out, "{n}");
        }
        ValueRef::Real(n) => {
            let _ = write!(out, "{n:?}");
        }
        ValueRef::Text(bytes) => {
            let text = utf8(bytes)?;
            if json {
                out.push_str(text);
            } else {
                write_text(out, text);
            }
        }
        ValueRef::Blob(_) => {
            return Err(Error::Inconsistent("a column holds a blob".to_owned()));
        }
    }
    Ok(())
}
