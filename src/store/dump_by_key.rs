//! Writes the canonical logical content with people named and ordered by their keys: what a database and the shards of the
//! same commands have in common.
//!
//! Left out besides what [`super::dump`] leaves out: the numbers of people, whatever follows from the order in which they
//! came, and where files lay. What is left of erased people, who have no name, is counted.

use std::io::Write;

use super::attributes::write_text;
use super::database::Store;
use super::dump;
use super::error::Result;
use super::fields::stored_fields;
use super::keys::BY_KEY;
use super::log_key::{ORDINAL_MASK, range_of};
use super::row::text;
use super::sql::{instant, quote};
use super::views;

/// Everyone by key, in a table of this connection that is written to a scratch file where it is large.
const NAMED: &str = "CREATE TEMP TABLE by_key (place INTEGER PRIMARY KEY, name TEXT NOT NULL, person_id INTEGER NOT NULL)";

impl Store {
    /// Writes the logical content by key.
    pub(crate) fn dump_by_key(&self, out: &mut dyn Write) -> Result<()> {
        self.connection.execute_batch(NAMED)?;
        let sql = format!(
            "INSERT INTO temp.by_key (name, person_id) SELECT name, person_id FROM ({BY_KEY})"
        );
        self.connection.execute(&sql, [])?;
        for sql in dump::definitions() {
            if sql.contains(" AS campaign, mode") {
                // Where the files lay is another folder for each shard.
                self.dump_rows(
                    &sql.replace("version, file, missing", "version, missing"),
                    out,
                )?;
            } else {
                self.dump_rows(&sql, out)?;
            }
        }
        self.dump_named_people(out)?;
        for sql in happenings() {
            self.dump_rows(&sql, out)?;
        }
        Ok(())
    }

    fn dump_named_people(&self, out: &mut dyn Write) -> Result<()> {
        let mut fields = stored_fields(&self.connection)?;
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        let columns: Vec<String> = fields.iter().map(|field| quote(&field.name)).collect();
        let sql = format!(
            "SELECT b.name, {} FROM temp.by_key b CROSS JOIN person p ON p.person_id = b.person_id ORDER BY b.place",
            columns
                .iter()
                .map(|column| format!("p.{column}"))
                .collect::<Vec<_>>()
                .join(", ")
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut line = String::new();
        while let Some(row) = rows.next()? {
            line.clear();
            line.push_str("{\"person\":");
            write_text(&mut line, text(row, 0)?);
            self.emit_fields(out, &mut line, row, &fields)?;
        }
        Ok(())
    }
}

/// Returns the SQL that goes through a table by key: its rows `t`, and the name of the person.
fn of(table: &str) -> String {
    format!("FROM temp.by_key b CROSS JOIN {table} t ON t.person_id = b.person_id")
}

/// The queries for what happened to people.
fn happenings() -> Vec<String> {
    let at = instant("t.at");
    let log = range_of("b.person_id");
    vec![
        format!("SELECT count(*) AS erased, {at} AS at FROM tombstone t GROUP BY t.at ORDER BY t.at"),
        format!(
            "SELECT b.name AS past, {at} AS at, old, new, lists, programs, t.place {} ORDER BY b.place, past_id",
            of("past")
        ),
        format!("SELECT b.name AS first_key, key {} ORDER BY b.place", of("first_key")),
        format!(
            "SELECT l.name AS list_member, b.name AS person, {} AS added_at {} JOIN list l USING (list_id)
             ORDER BY b.place, l.name",
            instant("added_at"),
            of("list_member")
        ),
        format!(
            "SELECT g.name AS program_member, b.name AS person, status, {} AS success_at, {} AS since, acquired_by, fields
             {} JOIN program g USING (program_id) ORDER BY b.place, g.name",
            instant("success_at"),
            instant("since"),
            of("program_member")
        ),
        format!(
            "SELECT run_id AS run, full_name AS campaign, t.version, {at} AS at, seed, state,
                CASE WHEN only_person IS NULL THEN NULL ELSE (SELECT json_group_array(name) FROM (SELECT b.name
                    FROM json_each(t.only_person) j JOIN temp.by_key b ON b.person_id = j.value ORDER BY b.place)) END
                AS only_person, occurrence, counts
             FROM run t JOIN campaign USING (campaign_id) ORDER BY run_id"
        ),
        format!(
            "SELECT full_name AS entry, b.name AS person, nth, {at} AS at, run_id AS run, t.version, t.place, cause
             {} JOIN campaign c USING (campaign_id) ORDER BY b.place, c.key, nth",
            of("entry")
        ),
        format!(
            "SELECT full_name AS erased_entry, nth, {at} AS at, run_id AS run, t.version, count(*) AS people
             FROM entry t JOIN campaign c USING (campaign_id) WHERE person_id IN (SELECT person_id FROM tombstone)
             GROUP BY c.key, nth, t.at, run_id, t.version ORDER BY c.key, nth, t.at, run_id, t.version"
        ),
        format!(
            "SELECT full_name AS wait, b.name AS person, t.version, finishes, nth, step, wait_ordinal, step_id,
                {} AS since, {} AS until, run_id AS run, cause
             {} JOIN campaign c USING (campaign_id) ORDER BY b.place, wait_id",
            instant("since"),
            instant("until"),
            of("wait")
        ),
        format!(
            "SELECT v.activity_id & {ORDINAL_MASK} AS activity_row, b.name AS person, v.at, email, v.type, v.primary_value,
                v.attributes, v.campaign, v.run_id AS run, v.step, v.choice, v.outcome, v.reason, v.event_id,
                v.happening & {ORDINAL_MASK} AS happening, a.activation, v.marketo_campaign
             FROM temp.by_key b CROSS JOIN activity a ON a.activity_id BETWEEN {log}
                CROSS JOIN ({}) v ON v.activity_id = a.activity_id ORDER BY b.place, a.activity_id",
            views::activity_rows()
        ),
        format!(
            "SELECT t.activity_id & {ORDINAL_MASK} AS message_of_row, b.name AS person, {at} AS at, email, recipient, sender,
                subject, body
             FROM temp.by_key b CROSS JOIN outbox t ON t.activity_id BETWEEN {log} ORDER BY b.place, t.activity_id"
        ),
        format!("SELECT {at} AS event, hash, ordinal, content, set_aside FROM event t ORDER BY t.at, t.hash, t.ordinal"),
    ]
}
