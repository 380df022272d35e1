//! The truth table of qualification rules: every row of `tests/qualification.csv`, through the real program.
//!
//! Each row is a campaign of its own and a person of their own, all in one workspace in New York. What is to be entered
//! is tried at the instants of `happens`, in that order; between them stands what is done in the meantime.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::tool::{Tool, table};

/// Something that happens to a row.
#[derive(Debug, Clone, PartialEq)]
enum Happens {
    /// The campaign is tried.
    At(String),
    Reload,
    NewVersion,
    StopAndStart,
    /// What follows is reported later, though it is of an earlier instant.
    Late,
}

/// A row of the table, with its place for messages.
struct Row {
    line: u64,
    rule: String,
    kind: String,
    happens: Vec<Happens>,
    enters: Vec<String>,
    because: String,
}

impl Row {
    fn name(&self) -> String {
        format!("Row {}", self.line)
    }

    fn person(&self) -> String {
        format!("row{}@example.com", self.line)
    }

    /// What happens before and after the one thing that is done in the meantime.
    fn parts(&self) -> [Vec<&str>; 2] {
        let mut parts = [Vec::new(), Vec::new()];
        let mut part = 0;
        for happens in &self.happens {
            match happens {
                Happens::At(at) => parts[part].push(at.as_str()),
                Happens::Reload | Happens::NewVersion | Happens::StopAndStart | Happens::Late => {
                    assert_eq!(part, 0, "line {}: one thing in the meantime", self.line);
                    part = 1;
                }
            }
        }
        parts
    }

    fn does(&self, what: &Happens) -> bool {
        self.happens.contains(what)
    }

    /// The row's campaigns as written; a second version has one step more.
    fn campaigns(&self, second_version: bool) -> String {
        let (name, line) = (self.name(), self.line);
        let visits = format!("visits_web_page: /{line}");
        let moment = "interesting_moment: { type: Web, description: in }";
        let caller = |step: &str| {
            format!(
                "---\nname: Caller {line}\nsmart_list: {{ triggers: [ {visits} ] }}\nflow: [ {step}: {name} ]\n\
                 qualification: every_time\nactive: true\n"
            )
        };
        let (smart_list, flow, rest) = match self.kind.as_str() {
            "trigger" => (
                format!("triggers: [ {visits} ]"),
                moment,
                "active: true".to_owned(),
            ),
            "two triggers" => (
                format!(
                    "triggers: [ {visits}, visits_web_page: {{ web_page: {{ contains: '{line}' }} }} ]"
                ),
                moment,
                "active: true".to_owned(),
            ),
            "nothing" => (
                format!("triggers: [ {visits} ]"),
                "change_data_value: { field: city, choices: [ { if: { city: Rome }, value: Oslo } ], default: do_nothing }",
                "active: true".to_owned(),
            ),
            "removed" => (
                format!("triggers: [ {visits} ]"),
                "remove_from_flow: this",
                "active: true".to_owned(),
            ),
            "waiting" => (
                format!("triggers: [ {visits} ]"),
                "wait: 30 days",
                "active: true".to_owned(),
            ),
            "batch" => (
                format!("filters: [ email: {} ]", self.person()),
                moment,
                String::new(),
            ),
            "requested" => (
                "triggers: [ campaign_is_requested: any ]".to_owned(),
                moment,
                format!("active: true\n{}", caller("request_campaign")),
            ),
            "executed" => (
                "filters: [ member_of_smart_list: All People ]".to_owned(),
                moment,
                format!("executable: true\n{}", caller("execute_campaign")),
            ),
            other => panic!("line {line}: no kind `{other}`"),
        };
        let more = if second_version {
            format!(", {moment}")
        } else {
            String::new()
        };
        let rule = match self.rule.as_str() {
            "(none)" => String::new(),
            rule if rule.contains(':') => format!("qualification: {{ {rule} }}\n"),
            rule => format!("qualification: {rule}\n"),
        };
        format!(
            "name: {name}\nsmart_list: {{ {smart_list} }}\nflow: [ {flow}{more} ]\n{rule}{rest}\n"
        )
    }
}

fn table() -> Vec<Row> {
    table::rows("qualification.csv", 40, |row| Row {
        line: row.line,
        rule: row.text("rule"),
        kind: row.text("kind"),
        happens: row
            .list("happens")
            .into_iter()
            .map(|text| match text.as_str() {
                "reload" => Happens::Reload,
                "new version" => Happens::NewVersion,
                "stop and start" => Happens::StopAndStart,
                "late" => Happens::Late,
                _ => Happens::At(text),
            })
            .collect(),
        enters: row.list("enters"),
        because: row.text("because"),
    })
}

/// Runs batch rows: the first time of each, then the second, whatever their clocks; those of one clock together.
fn run_batches(tool: &mut Tool, rows: &[Row]) {
    let batch = || rows.iter().filter(|row| row.kind == "batch");
    for turn in 0.. {
        let mut at: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for row in batch() {
            if let Some(instant) = row.parts()[0].get(turn) {
                at.entry(instant).or_default().push(row.name());
            }
        }
        if at.is_empty() {
            return;
        }
        for (instant, names) in at {
            let mut line = vec!["campaign".to_owned(), "run".to_owned()];
            line.extend(names);
            line.extend(["--now".to_owned(), instant.to_owned()]);
            tool.done(line);
        }
    }
}

fn visit(tool: &mut Tool, rows: &[Row], part: usize) {
    let mut lines = String::new();
    for row in rows.iter().filter(|row| row.kind != "batch") {
        for (number, at) in row.parts()[part].iter().enumerate() {
            let (line, person) = (row.line, row.person());
            writeln!(
                lines,
                r#"{{"id":"{line}-{part}-{number}","at":"{at}","person":"{person}","type":"visits_web_page","web_page":"/{line}"}}"#
            )
            .unwrap();
        }
    }
    tool.replay(&lines);
}

/// Writes the campaigns; those of rows with a new version in it, if it is time for that.
fn load_version(tool: &mut Tool, rows: &[Row], second: bool) {
    for row in rows {
        let text = row.campaigns(second && row.does(&Happens::NewVersion));
        tool.write_bytes(&format!("campaigns/{}.yaml", row.line), text);
    }
    tool.load();
}

/// The instants at which each campaign was entered, in the order of entry.
fn entries(tool: &mut Tool) -> BTreeMap<String, Vec<Timestamp>> {
    let mut entries: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
    for line in tool.dumped("entry") {
        let row: serde_json::Value = serde_json::from_str(&line).unwrap();
        let campaign = row["entry"].as_str().unwrap().to_owned();
        let at = row["at"].as_str().unwrap().parse().unwrap();
        entries.entry(campaign).or_default().push(at);
    }
    entries
}

/// Returns the instant of a time as the table writes it: a clock time in New York.
fn instant(text: &str) -> Timestamp {
    let local: DateTime = text.parse().unwrap();
    local.in_tz("America/New_York").unwrap().timestamp()
}

#[test]
fn every_row_of_the_table_enters_when_it_says() {
    let rows = table();
    let mut people = "email\n".to_owned();
    for row in &rows {
        writeln!(people, "{}", row.person()).unwrap();
    }
    let mut tool = Tool::new()
        .file("campaigns/workspace.yaml", "time_zone: America/New_York")
        .bytes("people.csv", people)
        .now("2028-01-01T00:00:00Z");
    load_version(&mut tool, &rows, false);
    tool.done("person load people.csv");
    run_batches(&mut tool, &rows);
    visit(&mut tool, &rows, 0);
    load_version(&mut tool, &rows, true);
    let stopped: Vec<String> = rows
        .iter()
        .filter(|row| row.does(&Happens::StopAndStart))
        .map(Row::name)
        .collect();
    for verb in ["deactivate", "activate"] {
        let mut line = vec!["campaign".to_owned(), verb.to_owned()];
        line.extend(stopped.clone());
        tool.done(line);
    }
    visit(&mut tool, &rows, 1);
    let entries = entries(&mut tool);
    let mut wrong = Vec::new();
    for row in &rows {
        let expected: Vec<Timestamp> = row.enters.iter().map(|at| instant(at)).collect();
        let actual = entries.get(&row.name()).cloned().unwrap_or_default();
        if expected != actual {
            let actual: Vec<String> = actual.iter().map(ToString::to_string).collect();
            wrong.push(format!(
                "qualification.csv:{}: {} {}: expected {}, entered at {} ({})",
                row.line,
                row.rule,
                row.kind,
                row.enters.join(", "),
                actual.join(", "),
                row.because
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
