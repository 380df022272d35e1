//! The table of waits: each row's end was worked out by hand as a clock time of its zone, and turned into an instant by
//! the zone rules of another program.
//!
//! Columns: what the row shows; the workspace's zone; the instant at which the person comes to the wait; the wait as
//! written in a campaign; what the person's fields, the program's `{{my.…}}` tokens and the campaign's mode are; the
//! instant of the wake-up, or why there is none; whose rule it is.
//!
//! A row is a campaign and a person of its own. Those of one zone share a workspace: one load, one replay, and the
//! clock passes until everyone has woken.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::tool::{Tool, table};

/// A row; its line in the table names its campaign and its person.
struct Row {
    line: u64,
    rule: String,
    zone: String,
    entered: String,
    wait: String,
    with: BTreeMap<String, String>,
    wakes: String,
}

impl Row {
    fn name(&self) -> String {
        format!("Row {}", self.line)
    }

    fn person(&self) -> String {
        format!("row-{}@example.com", self.line)
    }

    fn mode(&self) -> &str {
        self.with.get("mode").map_or("triggered", String::as_str)
    }

    fn campaign(&self) -> String {
        let smart_list = match self.mode() {
            "batch" => format!("smart_list: {{ filters: [ email: {} ] }}", self.person()),
            "executable" => "executable: true".to_owned(),
            _ => format!(
                "active: true\nsmart_list: {{ triggers: [ fills_out_form: form-{} ] }}",
                self.line
            ),
        };
        format!(
            "name: {name}\nprogram: {name}\n{smart_list}\nflow:\n  - wait: {wait}\n  - change_score: +1\n",
            name = self.name(),
            wait = self.wait,
        )
    }

    fn tokens(&self) -> String {
        let mut tokens = String::new();
        for (key, value) in &self.with {
            if let Some(token) = key.strip_prefix("my.") {
                let _ = write!(tokens, "{token}: \"{value}\", ");
            }
        }
        format!("  {}: {{ tokens: {{ {tokens}}} }}\n", self.name())
    }
}

fn table() -> Vec<Row> {
    table::rows("waits.csv", 130, |row| Row {
        line: row.line,
        rule: row.text("rule"),
        zone: row.text("zone"),
        entered: row.text("entered"),
        wait: row.text("wait"),
        with: row
            .cell("with")
            .split_whitespace()
            .map(|pair| pair.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        wakes: row.text("wakes"),
    })
}

/// A workspace with a campaign a row; rows that are refused are none of those that run.
fn workspace(rows: &[&Row], zone: &str) -> Tool {
    let programs: String = rows.iter().map(|row| row.tokens()).collect();
    let mut tool = Tool::new().now("2040-01-01T00:00:00Z").file(
        "campaigns/workspace.yaml",
        &format!(
            "time_zone: {zone}\n\
             fields:\n  due_date: {{ type: date }}\n  due_at: {{ type: datetime }}\n  lead_days: {{ type: integer }}\n\
             programs:\n{programs}"
        ),
    );
    for row in rows {
        let file = format!("campaigns/{:03}.yaml", row.line);
        tool = tool.file(&file, &row.campaign());
    }
    tool
}

fn people(rows: &[&Row]) -> String {
    let fields = ["due_date", "due_at", "lead_days"];
    let mut people = format!("email,{}\n", fields.join(","));
    for row in rows {
        let cells = fields.map(|field| row.with.get(field).map_or("", String::as_str));
        let _ = writeln!(people, "{},{}", row.person(), cells.join(","));
    }
    people
}

fn events(rows: &[&Row]) -> String {
    let mut events = String::new();
    for row in rows.iter().filter(|row| row.mode() == "triggered") {
        let _ = writeln!(
            events,
            r#"{{"at":"{}","person":"{}","type":"fill_out_form","form":"form-{}"}}"#,
            row.entered,
            row.person(),
            row.line
        );
    }
    events
}

/// Lets everyone of a zone come to their wait, and the clock pass; returns the log.
fn play(rows: &[&Row], zone: &str) -> Vec<Json> {
    let mut tool = workspace(rows, zone)
        .file("people.csv", &people(rows))
        .file("events.jsonl", &events(rows));
    tool.done("campaign load --now 2020-01-01T00:00:00Z");
    tool.done("person load people.csv");
    for row in rows.iter().filter(|row| row.mode() == "batch") {
        tool.done(["campaign", "run", &row.name(), "--now", &row.entered]);
    }
    tool.done("campaign replay-events events.jsonl");
    tool.done("campaign advance");
    let rows = tool.dumped("activity");
    rows.iter()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect()
}

/// Returns when a row's person woke, by the log, or why there was no wait.
fn woke(row: &Row, log: &[Json]) -> String {
    let of = |kind: &str| {
        let mine =
            |logged: &&Json| logged["email"] == row.person().as_str() && logged["type"] == kind;
        log.iter().find(mine)
    };
    let Some(started) = of("wait_started") else {
        return "never came to it".to_owned();
    };
    if started["at"] != row.entered.as_str() {
        return format!("came to it at {}", started["at"]);
    }
    let score = of("change_score").map(|row| &row["at"]);
    if started["outcome"] == "skipped" {
        assert_eq!(score, Some(&started["at"]), "{} goes on at once", row.rule);
        return format!("skipped: {}", started["reason"].as_str().unwrap());
    }
    let Some(ended) = of("wait_ended") else {
        return "never woke".to_owned();
    };
    assert_eq!(ended["at"], started["attributes"]["until"], "{}", row.rule);
    assert_eq!(score, Some(&ended["at"]), "{} goes on then", row.rule);
    ended["at"].as_str().unwrap().to_owned()
}

/// Returns the codes of the errors in each row's file.
fn refused(rows: &[&Row]) -> BTreeMap<String, String> {
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    for campaign in workspace(rows, "UTC").validated("campaigns") {
        for diagnostic in campaign["diagnostics"].as_array().unwrap() {
            if diagnostic["severity"] == "error" {
                let name = campaign["campaign"].as_str().unwrap().to_owned();
                let code = diagnostic["code"].as_str().unwrap();
                let codes = codes.entry(name).or_default();
                codes.push_str(if codes.is_empty() { "refused: " } else { ", " });
                codes.push_str(code);
            }
        }
    }
    codes
}

#[test]
fn every_row_of_the_table_of_waits_holds() {
    let table = table();
    let (refusals, played): (Vec<&Row>, Vec<&Row>) = table
        .iter()
        .partition(|row| row.wakes.starts_with("refused: "));
    let mut found: BTreeMap<u64, String> = BTreeMap::new();
    let mut zones: Vec<&str> = played.iter().map(|row| row.zone.as_str()).collect();
    zones.sort_unstable();
    zones.dedup();
    for zone in zones {
        let of_zone: Vec<&Row> = played
            .iter()
            .copied()
            .filter(|row| row.zone == zone)
            .collect();
        let log = play(&of_zone, zone);
        found.extend(of_zone.iter().map(|row| (row.line, woke(row, &log))));
    }
    let codes = refused(&refusals);
    for row in &refusals {
        let code = codes.get(&format!("{0}.{0}", row.name()));
        found.insert(row.line, code.cloned().unwrap_or_default());
    }
    assert_eq!(found.len(), table.len(), "every row was played");
    let wrong: Vec<String> = table
        .iter()
        .filter(|row| found[&row.line] != row.wakes)
        .map(|row| {
            let (rule, zone, wakes) = (&row.rule, &row.zone, &row.wakes);
            let (line, found) = (row.line, &found[&row.line]);
            format!("waits.csv:{line}: {rule} ({zone}): {found}, not {wakes}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
