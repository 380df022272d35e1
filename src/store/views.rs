//! The promised views, made anew from the present tables: readable text over compact columns.
//!
//! Their columns are a promise to everyone who opens the file with another tool: added, never renamed. No function of
//! ours stands in them.

use std::fmt::Write as _;

use rusqlite::Connection;

use super::error::Result;
use super::fields::stored_fields;
use super::log_key::{self, ORDINAL_BITS};
use super::sql::{instant, quote};
use super::texts;
use crate::domain::FieldType;
use crate::domain::field::is_flag;

/// Makes every view.
pub(super) fn create(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "DROP VIEW IF EXISTS v_activity; DROP VIEW IF EXISTS v_campaign; DROP VIEW IF EXISTS v_member;
         DROP VIEW IF EXISTS v_list_member; DROP VIEW IF EXISTS v_program_member;
         DROP VIEW IF EXISTS v_activation; DROP VIEW IF EXISTS v_wait;",
    )?;
    for sql in [
        activity(),
        campaign(),
        member(),
        list_member(),
        program_member(),
        activation(),
        wait(),
    ] {
        connection.execute_batch(&sql)?;
    }
    create_person(connection)
}

/// Makes `v_person`, which has a column for every field.
pub(super) fn create_person(connection: &Connection) -> Result<()> {
    let mut columns = String::from("person_id, id, email");
    for field in stored_fields(connection)?.iter().skip(2) {
        let column = quote(&field.name);
        let shown = match field.field_type {
            FieldType::Date => format!("date({column} * 86400, 'unixepoch')"),
            FieldType::Datetime => instant(&column),
            FieldType::Boolean if is_flag(&field.name) => format!("coalesce({column}, 0)"),
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url
            | FieldType::Integer
            | FieldType::Score
            | FieldType::Percent
            | FieldType::Currency
            | FieldType::Float
            | FieldType::Boolean => column.clone(),
        };
        let _ = write!(columns, ",\n    {shown} AS {column}");
    }
    let sql = format!(
        "DROP VIEW IF EXISTS v_person;\nCREATE VIEW v_person AS SELECT {columns}\nFROM person;"
    );
    connection.execute_batch(&sql)?;
    Ok(())
}

/// Returns the SQL for the best key of a person `p`, who may be erased: the email, else the id, else the number, which
/// `person_id` names.
fn best_key(person_id: &str) -> String {
    format!("coalesce(p.email, p.id, '#' || {person_id})")
}

/// A row belongs to the person in the upper bits of its key. The join says so twice: as a range, by which a person's
/// rows are found, and as an equation, by which a row's person is.
fn activity() -> String {
    format!("CREATE VIEW v_activity AS\n{};", activity_rows())
}

/// Returns the rows of `v_activity`, for us: a view may have been replaced.
pub(super) fn activity_rows() -> String {
    format!(
        "SELECT a.activity_id, {at} AS at, p.person_id, p.email, t.name AS type, {primary} AS primary_value,
    coalesce({attributes}, '{{}}') AS attributes, c.full_name AS campaign, a.run_id, a.step, a.choice,
    CASE a.outcome WHEN 1 THEN 'succeeded' WHEN 2 THEN 'skipped' WHEN 3 THEN 'failed' END AS outcome,
    a.reason, a.event_id, a.activity_id - a.happening AS happening, a.marketo_campaign, p.id, {person} AS person
FROM person p
JOIN activity a ON a.activity_id BETWEEN {log}
    AND p.person_id = a.activity_id >> {ORDINAL_BITS}
LEFT JOIN activity_type t ON t.code = a.type
LEFT JOIN campaign c ON c.campaign_id = a.campaign_id",
        at = instant("a.at"),
        log = log_key::range_of("p.person_id"),
        primary = texts::behind("a.primary_value"),
        attributes = texts::behind("a.attributes"),
        person = best_key("p.person_id")
    )
}

/// The status of a campaign `c`, given what holds where people wait in it.
pub(super) fn status(waits: &str) -> String {
    format!(
        "CASE WHEN c.invalid THEN 'invalid'
        WHEN c.mode = 'triggered' AND c.active THEN 'active'
        WHEN c.mode = 'triggered' THEN 'inactive'
        WHEN c.next_run_at IS NOT NULL THEN 'scheduled'
        WHEN {waits} THEN 'running in wait step'
        WHEN c.members > 0 OR EXISTS (SELECT 1 FROM run r WHERE r.campaign_id = c.campaign_id) THEN 'has run'
        ELSE 'never run' END"
    )
}

fn campaign() -> String {
    format!(
        "CREATE VIEW v_campaign AS
SELECT c.full_name AS campaign, c.program, c.mode, {status} AS status,
    c.active, c.version, c.members, coalesce(w.waiting, 0) AS waiting, {next} AS next_run_at,
    {first} AS first_until, {last} AS last_until
FROM campaign c
LEFT JOIN (SELECT campaign_id, count(DISTINCT person_id) AS waiting, min(until) AS first_until,
        max(until) AS last_until FROM wait GROUP BY campaign_id) w
    ON w.campaign_id = c.campaign_id;",
        status = status("w.waiting > 0"),
        next = instant("c.next_run_at"),
        first = instant("w.first_until"),
        last = instant("w.last_until")
    )
}

/// One row a first entry, whose person can be found by email; an aggregate over the join could not be.
fn member() -> String {
    let of = |aggregate: &str| {
        format!(
            "(SELECT {aggregate} FROM entry n WHERE n.person_id = e.person_id AND n.campaign_id = e.campaign_id)"
        )
    };
    format!(
        "CREATE VIEW v_member AS
SELECT c.full_name AS campaign, e.person_id, p.email, p.id, {person} AS person,
    {first} AS first_qualified_at, {last} AS last_qualified_at, {times} AS times
FROM entry e
JOIN campaign c ON c.campaign_id = e.campaign_id
LEFT JOIN person p ON p.person_id = e.person_id
WHERE e.nth = 1;",
        person = best_key("e.person_id"),
        first = of(&instant("min(n.at)")),
        last = of(&instant("max(n.at)")),
        times = of("count(*)")
    )
}

fn list_member() -> String {
    format!(
        "CREATE VIEW v_list_member AS
SELECT l.name AS list, m.person_id, p.email, p.id, {person} AS person, {added} AS added_at
FROM list_member m
JOIN list l ON l.list_id = m.list_id
JOIN person p ON p.person_id = m.person_id;",
        person = best_key("p.person_id"),
        added = instant("m.added_at")
    )
}

fn program_member() -> String {
    format!(
        "CREATE VIEW v_program_member AS
SELECT r.name AS program, m.person_id, p.email, p.id, {person} AS person, m.status, {since} AS since,
    m.success_at IS NOT NULL AS success, {success} AS success_at, m.acquired_by, coalesce(m.fields, '{{}}') AS fields
FROM program_member m
JOIN program r ON r.program_id = m.program_id
JOIN person p ON p.person_id = m.person_id;",
        person = best_key("p.person_id"),
        since = instant("m.since"),
        success = instant("m.success_at")
    )
}

/// The changes in the order of commands, which is that of their numbers.
fn activation() -> String {
    format!(
        "CREATE VIEW v_activation AS
SELECT c.full_name AS campaign, {at} AS at, a.active, a.by, a.activation_id
FROM activation a
JOIN campaign c ON c.campaign_id = a.campaign_id;",
        at = instant("a.at")
    )
}

fn wait() -> String {
    format!(
        "CREATE VIEW v_wait AS
SELECT c.full_name AS campaign, w.person_id, p.email, p.id, {person} AS person, w.step, {since} AS since,
    {until} AS until,
    coalesce(w.finishes, c.version) AS version
FROM wait w
JOIN campaign c ON c.campaign_id = w.campaign_id
LEFT JOIN person p ON p.person_id = w.person_id;",
        person = best_key("w.person_id"),
        since = instant("w.since"),
        until = instant("w.until")
    )
}
