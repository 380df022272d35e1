//! The truth table of tokens: every row of `tests/tokens.csv`, played by the real program.
//!
//! A row says where a template stands: as the `moment` that a trigger campaign of a program notes, `outside` programs, in
//! a `batch` campaign, or as the subject of an `email`. Its text is what is found in the log or the outbox; one in
//! brackets is the code of the fault that is reported instead. Every row has a person and an event of its own; the rows of one
//! zone share a workspace, whose campaigns have a step for each of them. [`WORKSPACE`] is what tokens refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::tool::{Tool, table};

/// What the rows have in common.
const WORKSPACE: &str = "
fields:
  employees: { type: integer, label: Number of Employees }
  vip: { type: boolean, label: VIP }
  paid_at: { type: datetime, label: Paid At }
tokens:
  Site: example.com
  Sender: Example Ltd
  Blank: ''
  Nested: 'Dear {{lead.First Name}}'
channels:
  Webinar: { statuses: [ { name: Invited, step: 10 } ] }
programs:
  Autumn webinar: { channel: Webinar, tokens: { Sender: The webinar team, Event Date: 2026-12-01 } }
emails:
  other: { subject: Hello, body: Hello }
";

/// The head of the campaign of a program, up to its steps.
const LETTER: &str = "name: Letter
program: Autumn webinar
description: A letter
marketo_id: 1042
active: true
smart_list:
  triggers:
    - fills_out_form: any
    - clicks_link_in_email: any
    - visits_web_page: any
    - data_value_changes: { field: lead_status }
flow:
  - change_program_status: Invited
  - change_program_member_data: { field: seat, value: 4A }
";

/// The head of the campaign of no program.
const REMINDER: &str = "name: Reminder
active: true
smart_list: { triggers: [ fills_out_form: any ] }
flow:
  - change_score: +0
";

/// The head of the batch campaign.
const BROADCAST: &str = "name: Broadcast
program: Autumn webinar
smart_list: { filters: [ member_of_smart_list: All People ] }
flow:
  - change_score: +0
";

/// A row of the table, with its line for messages.
#[derive(Clone)]
struct Row {
    line: u64,
    place: String,
    template: String,
    person: String,
    event: String,
    text: String,
    rule: String,
    at: String,
    zone: String,
}

fn table() -> Vec<Row> {
    table::rows("tokens.csv", 100, |row| {
        assert_ne!(row.cell("source"), "", "every row names its source");
        Row {
            line: row.line,
            place: row.text("where"),
            template: row.text("template"),
            person: row.text("person"),
            event: row.text_or("event", "fills_out_form: form=Contact"),
            text: row.text("text"),
            rule: row.text("rule"),
            at: row.text_or("at", "2026-11-02 16:36:13"),
            zone: row.text_or("zone", "America/New_York"),
        }
    })
}

impl Row {
    fn is_fault(&self) -> bool {
        self.text.starts_with('(') && self.text.ends_with(')')
    }

    /// What the person has besides an address.
    fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let parts = self.person.split(", ").filter(|part| !part.is_empty());
        parts.map(|part| part.split_once(": ").unwrap())
    }

    /// The line of the step, or of the email, that holds the template.
    fn step(&self) -> String {
        let (line, template) = (self.line, quoted(&self.template));
        match self.place.as_str() {
            "email" => format!("  - send_email: e{line}\n"),
            _ => format!("  - interesting_moment: {{ type: '{line}', description: {template} }}\n"),
        }
    }

    fn event(&self) -> String {
        let (kind, attributes) = self.event.split_once(": ").unwrap();
        let mut event =
            serde_json::json!({ "person": self.line.to_string(), "type": kind, "at": self.at });
        for attribute in attributes.split(", ") {
            let (name, value) = attribute.split_once('=').unwrap();
            event[name] = value.into();
        }
        format!("{event}\n")
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The campaigns of some rows, a line a step.
fn campaigns(rows: &[Row]) -> String {
    let mut all = Vec::new();
    for (head, places) in [
        (LETTER, &["moment", "email"][..]),
        (REMINDER, &["outside"]),
        (BROADCAST, &["batch"]),
    ] {
        let mut campaign = head.to_owned();
        let mine = rows
            .iter()
            .filter(|row| places.contains(&row.place.as_str()));
        campaign.extend(mine.map(Row::step));
        all.push(campaign);
    }
    all.join("---\n")
}

fn workspace(rows: &[Row], zone: &str) -> String {
    let mut workspace = format!("time_zone: {zone}{WORKSPACE}");
    for row in rows.iter().filter(|row| row.place == "email") {
        let subject = quoted(&row.template);
        writeln!(
            workspace,
            "  e{}: {{ subject: {subject}, body: Hello }}",
            row.line
        )
        .unwrap();
    }
    workspace
}

/// Plays the rows of one zone, and returns the outcome of each template.
fn play(rows: &[Row], zone: &str) -> BTreeMap<u64, String> {
    let fields: BTreeSet<&str> = rows
        .iter()
        .flat_map(Row::fields)
        .map(|(name, _)| name)
        .collect();
    let mut people = csv::Writer::from_writer(Vec::new());
    people
        .write_record(["id", "email"].iter().chain(&fields))
        .unwrap();
    for row in rows {
        let cells: BTreeMap<&str, &str> = row.fields().collect();
        let id = row.line.to_string();
        let known = fields
            .iter()
            .map(|field| cells.get(field).copied().unwrap_or_default());
        people
            .write_record([id.as_str(), "p@example.com"].into_iter().chain(known))
            .unwrap();
    }
    let events: String = rows.iter().map(Row::event).collect();
    let mut tool = Tool::new()
        .now("2027-06-01T00:00:00Z")
        .bytes("workspace.yaml", workspace(rows, zone).as_bytes())
        .bytes("campaigns.yaml", campaigns(rows).as_bytes())
        .bytes("people.csv", people.into_inner().unwrap())
        .bytes("events.jsonl", events);
    tool.done("campaign load campaigns.yaml");
    tool.done("person load people.csv --key id");
    tool.done("campaign replay-events events.jsonl");
    let line_of = |log: &serde_json::Value| {
        let person = usize::try_from(log["person_id"].as_u64().unwrap()).unwrap();
        rows[person - 1].line
    };
    let mut texts = BTreeMap::new();
    for campaign in ["Letter", "Reminder"] {
        for log in tool.rows(["campaign", "log", campaign, "--type", "interesting_moment"]) {
            let line = line_of(&log);
            // Everyone walks past every step; the one of their own row counts.
            if log["primary_value"].as_str() == Some(&line.to_string()) {
                let text = log["attributes"]["description"]
                    .as_str()
                    .unwrap_or_default();
                texts.insert(line, text.to_owned());
            }
        }
    }
    for message in tool.rows("outbox list --type send_email") {
        let line = line_of(&message);
        if message["email"] == format!("e{line}") {
            texts.insert(line, message["subject"].as_str().unwrap().to_owned());
        }
    }
    texts
}

#[test]
fn every_row_of_the_table_of_tokens_is_true() {
    let rows = table();
    let mut zones: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| !row.is_fault()) {
        zones.entry(row.zone.clone()).or_default().push(row);
    }
    let mut wrong = String::new();
    for (zone, rows) in &zones {
        let texts = play(rows, zone);
        for row in rows {
            let text = texts
                .get(&row.line)
                .map_or("(nothing at all)", String::as_str);
            if text != row.text {
                writeln!(
                    wrong,
                    "tokens.csv:{}: {} gives `{text}`, not `{}` ({})",
                    row.line, row.template, row.text, row.rule
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_fault_of_the_table_of_tokens_is_reported_at_its_step() {
    let rows: Vec<Row> = table().into_iter().filter(Row::is_fault).collect();
    assert!(rows.len() >= 15, "the table is cut: {} faults", rows.len());
    let campaigns = campaigns(&rows);
    let validated = Tool::new()
        .bytes("workspace.yaml", workspace(&rows, "UTC").as_bytes())
        .bytes("campaigns.yaml", &campaigns)
        .validated("campaigns.yaml");
    let mut codes: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for campaign in validated {
        for fault in campaign["diagnostics"].as_array().unwrap() {
            if fault["severity"] == "error" {
                let code = format!("({})", fault["code"].as_str().unwrap());
                codes
                    .entry(fault["line"].as_u64().unwrap())
                    .or_default()
                    .push(code);
            }
        }
    }
    let mut wrong = String::new();
    for row in &rows {
        let step = row.step();
        let place = campaigns
            .lines()
            .position(|line| line == step.trim_end())
            .unwrap() as u64
            + 1;
        let code = codes.remove(&place).unwrap_or_default();
        if code != [row.text.as_str()] {
            writeln!(
                wrong,
                "tokens.csv:{}: {} gives {code:?}, not {} ({})",
                row.line, row.template, row.text, row.rule
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert_eq!(codes, BTreeMap::new(), "a fault that no row expects");
}
