//! The truth table of program statuses: every row of `tests/statuses.csv`, through the real program; and what filters
//! and choices then ask of them.
//!
//! Each row is a program and a person of their own. What happens to them happens on one day after another; the outcome,
//! the reason and the status before are those of the last.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::tool::{Tool, table};

/// A row of the table, with its place for messages.
struct Row {
    line: u64,
    channel: String,
    happens: Vec<String>,
    /// Status, success, outcome, reason, status before.
    expected: [String; 5],
    because: String,
}

impl Row {
    fn program(&self) -> String {
        format!("Row {}", self.line)
    }

    fn person(&self) -> String {
        format!("row{}@example.com", self.line)
    }

    /// The campaigns that do the row's steps, one a day.
    fn campaigns(&self) -> String {
        let (line, program) = (self.line, self.program());
        let mut text = String::new();
        for (day, happens) in (1..).zip(&self.happens) {
            let step = match happens.split_once(' ').unwrap() {
                ("event", _) => continue,
                ("step", status) => {
                    format!("change_program_status: {{ program: {program}, status: {status} }}")
                }
                ("success", success) => {
                    format!("change_program_success: {{ program: {program}, success: {success} }}")
                }
                ("data", data) => {
                    let (field, value) = data.split_once(' ').unwrap();
                    format!(
                        "change_program_member_data: {{ program: {program}, field: {field}, value: {value} }}"
                    )
                }
                (other, _) => panic!("line {line}: nobody does `{other}`"),
            };
            writeln!(
                text,
                "---\nname: Row {line} day {day}\nsmart_list: {{ triggers: [ visits_web_page: /{line}/{day} ] }}\n\
                 flow: [ {step} ]\nactive: true"
            )
            .unwrap();
        }
        text
    }

    fn events(&self) -> String {
        let (line, person, program) = (self.line, self.person(), self.program());
        let mut text = String::new();
        for (day, happens) in (1..).zip(&self.happens) {
            let what = match happens.strip_prefix("event ") {
                None => format!(r#""type":"visits_web_page","web_page":"/{line}/{day}""#),
                Some(shown) => {
                    let (status, success) = match shown.split_once(' ') {
                        Some((status, success)) => (status, format!(r#","success":{success}"#)),
                        None => (shown, String::new()),
                    };
                    format!(
                        r#""type":"change_program_status","program":"{program}","new_status":"{status}"{success}"#
                    )
                }
            };
            writeln!(
                text,
                r#"{{"at":"2026-11-{day:02}T10:00:00Z","person":"{person}",{what}}}"#
            )
            .unwrap();
        }
        text
    }
}

fn table() -> Vec<Row> {
    let expected = ["status", "success", "outcome", "reason", "from"];
    table::rows("statuses.csv", 35, |row| Row {
        line: row.line,
        channel: row.text("channel"),
        happens: row.list("happens"),
        expected: expected.map(|column| row.text(column)),
        because: row.text("because"),
    })
}

/// The workspace: the channels of the table's head, and a program a row.
fn workspace(rows: &[Row]) -> String {
    let table = std::fs::read_to_string("tests/statuses.csv").unwrap();
    let mut text = "channels:\n".to_owned();
    for line in table.lines().filter_map(|line| line.strip_prefix("# ")) {
        let (channel, statuses) = line.split_once(": ").unwrap();
        writeln!(text, "  {channel}:\n    statuses:").unwrap();
        for status in statuses.split(", ") {
            let mut words = status.split(' ');
            let (name, step) = (words.next().unwrap(), words.next().unwrap());
            let success = words.next().is_some();
            writeln!(
                text,
                "      - {{ name: {name}, step: {step}, success: {success} }}"
            )
            .unwrap();
        }
    }
    text.push_str("programs:\n");
    for row in rows {
        let channel = match row.channel.as_str() {
            "(none)" => String::new(),
            channel => format!(" channel: {channel} "),
        };
        writeln!(text, "  {}: {{{channel}}}", row.program()).unwrap();
    }
    text
}

/// The outcome of each row: as the table has it.
fn outcomes(tool: &mut Tool, rows: &[Row]) -> BTreeMap<u64, [String; 5]> {
    let dump = tool.dump();
    let mut members: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut last: BTreeMap<String, [String; 3]> = BTreeMap::new();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    for line in dump.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        if row.get("program_member").is_some() {
            let success = row["success_at"].as_str();
            let success = success.map_or("no".to_owned(), |at| {
                format!("day {}", at[8..10].trim_start_matches('0'))
            });
            members.insert(
                text(&row["program_member"]),
                (text(&row["status"]), success),
            );
        } else if row.get("activity").is_some() && row["type"] != "visit_webpage" {
            let from = text(&row["attributes"]["previous_status"]);
            let shown = [text(&row["outcome"]), text(&row["reason"]), from];
            last.insert(text(&row["primary_value"]), shown);
        }
    }
    let outcome = |row: &Row| {
        let (status, success) = members
            .get(&row.program())
            .cloned()
            .unwrap_or(("(none)".to_owned(), "no".to_owned()));
        let [outcome, reason, from] = last[&row.program()].clone();
        (row.line, [status, success, outcome, reason, from])
    };
    rows.iter().map(outcome).collect()
}

#[test]
fn every_row_of_the_table_ends_in_its_status() {
    let rows = table();
    let mut people = "email\n".to_owned();
    let (mut campaigns, mut events) = (String::new(), String::new());
    for row in &rows {
        writeln!(people, "{}", row.person()).unwrap();
        campaigns.push_str(&row.campaigns());
        events.push_str(&row.events());
    }
    let mut tool = Tool::new()
        .bytes("campaigns/workspace.yaml", workspace(&rows).as_bytes())
        .bytes("campaigns/rows.yaml", campaigns)
        .bytes("people.csv", people)
        .bytes("events.jsonl", events)
        .now("2026-12-01T00:00:00Z")
        .loaded();
    tool.done("campaign replay-events events.jsonl");
    let outcomes = outcomes(&mut tool, &rows);
    let mut wrong = Vec::new();
    for row in &rows {
        let actual = &outcomes[&row.line];
        if row.expected != *actual {
            wrong.push(format!(
                "statuses.csv:{}: {} {}: expected {:?}, is {actual:?} ({})",
                row.line,
                row.channel,
                row.happens.join(", "),
                row.expected,
                row.because
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ann attended, Bob is invited, Cleo is on another program's list of the attended, Dan is in none.
fn webinar(campaigns: &str) -> Tool {
    let mut tool = Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "
            channels:
              Webinar:
                statuses:
                  - { name: Invited, step: 10 }
                  - { name: Attended, step: 30, success: true }
            programs:
              Autumn: { channel: Webinar }
              Spring: { channel: Webinar }
            ",
        )
        .file("campaigns/campaigns.yaml", campaigns)
        .file(
            "people.csv",
            "
            email
            ann@example.com
            bob@example.com
            cleo@example.com
            dan@example.com
            ",
        )
        .file(
            "events.jsonl",
            r#"
            {"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"change_program_status","program":"Autumn","new_status":"Attended"}
            {"at":"2026-11-02T10:00:00Z","person":"bob@example.com","type":"change_program_status","program":"Autumn","new_status":"Invited"}
            {"at":"2026-11-02T10:00:00Z","person":"cleo@example.com","type":"change_program_status","program":"Autumn","new_status":"Invited"}
            {"at":"2026-11-02T10:00:00Z","person":"cleo@example.com","type":"change_program_status","program":"Spring","new_status":"Attended"}
            "#,
        )
        .now("2026-11-03T00:00:00Z")
        .loaded();
    tool.done("campaign replay-events events.jsonl");
    tool
}

#[test]
fn member_of_program_asks_all_of_one_membership() {
    let mut tool = webinar(
        "
        name: Idle
        smart_list: { filters: [ member_of_smart_list: All People ] }
        flow: [ interesting_moment: { type: Web, description: in } ]
        ",
    );
    for (filter, people) in [
        ("member_of_program: Autumn", "ann bob cleo"),
        ("member_of_program: { is_not: Autumn }", "dan"),
        ("member_of_program: [Autumn, Spring]", "ann bob cleo"),
        ("member_of_program: { is: Autumn, status: Attended }", "ann"),
        ("member_of_program: { is: Autumn, success: true }", "ann"),
        (
            "member_of_program: { is: Autumn, success: false }",
            "bob cleo",
        ),
        (
            "member_of_program: { is: [Autumn, Spring], status: Attended }",
            "ann cleo",
        ),
        (
            "member_of_program: { is: [Autumn, Spring], status: Invited, success: true }",
            "",
        ),
        (
            "member_of_program: { is_not: Autumn, status: Attended }",
            "bob cleo dan",
        ),
        (
            "member_of_program: { is_not: Autumn, success: true }",
            "bob cleo dan",
        ),
    ] {
        let shown = tool.text(["person", "list", "--filter", filter, "-f", "jsonl"]);
        let found: Vec<String> = shown
            .lines()
            .map(|line| {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                let email = row["email"].as_str().unwrap();
                email.split('@').next().unwrap().to_owned()
            })
            .collect();
        assert_eq!(found.join(" "), people, "{filter}");
    }
}

#[test]
fn program_status_and_the_step_mean_the_campaigns_own_program() {
    let mut tool = webinar(
        "
        name: Follow up
        program: Autumn
        smart_list: { filters: [ member_of_smart_list: All People ] }
        flow:
          - interesting_moment:
              choices:
                - if: { program_status: Attended }
                  type: Web
                  description: was there
                - if: { program_status: [Invited] }
                  type: Web
                  description: is asked again
              default: do_nothing
          - change_program_status: Invited
          - change_program_status: { program: Spring, status: Invited }
        ",
    );
    tool.done("campaign run 'Follow up'");
    let log = tool.text("campaign log 'Follow up' -f jsonl");
    let shown: Vec<String> = log
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |cell: &serde_json::Value| cell.as_str().unwrap_or("-").to_owned();
            let person = text(&row["email"]).replace("@example.com", "");
            let what = match row["step"].as_i64() {
                Some(1) => text(&row["attributes"]["description"]),
                _ => text(&row["primary_value"]),
            };
            format!(
                "{person}: {what}: {} {}",
                text(&row["outcome"]),
                text(&row["reason"])
            )
        })
        .collect();
    let expected = [
        "ann: was there: succeeded -",
        "ann: Autumn: skipped lower status",
        "ann: Spring: succeeded -",
        "bob: is asked again: succeeded -",
        "bob: Autumn: skipped no change",
        "bob: Spring: succeeded -",
        "cleo: is asked again: succeeded -",
        "cleo: Autumn: skipped no change",
        "cleo: Spring: skipped lower status",
        "dan: -: skipped do nothing",
        "dan: Autumn: succeeded -",
        "dan: Spring: succeeded -",
    ];
    assert_eq!(shown, expected);
}
