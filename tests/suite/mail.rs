//! The truth table of mail: every row of `tests/mail.csv`, each a person to whom a step sends, played by the real program.
//!
//! Rows that share a zone and limits are one workspace, one list and one file of events.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::tool::{Tool, table};

/// A row of the table, with its line for messages.
struct Row {
    line: u64,
    person: String,
    email: String,
    campaign: String,
    limits: String,
    before: String,
    at: String,
    zone: String,
    outcome: String,
    rule: String,
}

/// The fields that a row may say something of.
const FIELDS: [&str; 6] = [
    "email_invalid",
    "black_listed",
    "unsubscribed",
    "marketing_suspended",
    "email_suspended",
    "email_suspended_at",
];

fn table() -> Vec<Row> {
    table::rows("mail.csv", 50, |row| {
        assert_ne!(row.cell("source"), "", "every row names its source");
        Row {
            line: row.line,
            person: row.text("person"),
            email: row.text("email"),
            campaign: row.text("campaign"),
            limits: row.text("limits"),
            before: row.text("sent before"),
            at: row.text("at"),
            zone: row.text("zone"),
            outcome: row.text("outcome"),
            rule: row.text("rule"),
        }
    })
}

impl Row {
    /// The person's cell of a field; `email` is made up unless the row says that there is none.
    fn cell(&self, field: &str) -> &str {
        self.person
            .split(", ")
            .find_map(|part| part.strip_prefix(field)?.strip_prefix(": "))
            .unwrap_or_default()
    }

    /// The row of the person list.
    fn list_row(&self) -> String {
        let email = match self.cell("email") {
            "(none)" => String::new(),
            _ => format!("p{}@example.com", self.line),
        };
        let cells = FIELDS.map(|field| self.cell(field));
        format!("{},{email},{}\n", self.line, cells.join(","))
    }

    /// The campaign that is asked for the email, and the form that asks it.
    fn asked(&self) -> String {
        format!("asked {} {}", self.email, self.campaign)
    }

    /// The events that make what was sent before, and the one whose email is in question.
    fn events(&self) -> String {
        let mut events = String::new();
        let before = self.before.split(", ").filter(|sent| !sent.is_empty());
        for sent in before {
            let (what, at) = sent.split_once(' ').unwrap();
            let line = match what {
                "event" => format!(r#""type":"send_email","email":"plain","at":"{at}""#),
                email => format!(r#""type":"fills_out_form","form":"{email} ignores","at":"{at}""#),
            };
            writeln!(events, r#"{{"person":"{}",{line}}}"#, self.line).unwrap();
        }
        writeln!(
            events,
            r#"{{"person":"{}","type":"fills_out_form","form":"{}","at":"{}"}}"#,
            self.line,
            self.asked(),
            self.at
        )
        .unwrap();
        events
    }
}

/// The workspace of some rows: a campaign for each email, that obeys limits or not, before and when it is asked.
fn workspace(limits: &str, zone: &str) -> (String, String) {
    let mut settings = format!("time_zone: {zone}\n");
    if let Some((day, week)) = limits.split_once('/') {
        let part = |name, number: &str| match number {
            "" => String::new(),
            number => format!("{name}: {number}, "),
        };
        let limits = part("per_day", day) + &part("per_7_days", week);
        writeln!(
            settings,
            "communication_limits: {{ {} }}",
            limits.trim_end_matches(", ")
        )
        .unwrap();
    }
    settings.push_str(
        "emails:
  plain: { subject: Hello, from: news@example.com, body: Hello }
  other: { subject: Hello, from: news@example.com, body: Hello }
  operational: { subject: Hello, from: news@example.com, body: Hello, operational: true }
  alert: { subject: Hello, from: news@example.com, body: Hello }
",
    );
    let mut campaigns = String::new();
    for email in ["plain", "other", "operational", "alert"] {
        for obeys in ["obeys", "ignores"] {
            for when in ["", "asked "] {
                let name = format!("{when}{email} {obeys}");
                let flag = obeys == "obeys";
                let step = match email {
                    "alert" => "send_alert: { email: alert, to: sales@example.com }".to_owned(),
                    email => format!("send_email: {email}"),
                };
                write!(
                    campaigns,
                    "---
name: {name}
active: true
smart_list: {{ triggers: [ fills_out_form: {name} ] }}
flow: [ {step} ]
qualification: every_time
block_non_operational_emails: {flag}
"
                )
                .unwrap();
            }
        }
    }
    (settings, campaigns)
}

/// The outcome of the emails in question, by person.
fn outcomes(rows: &[Row], limits: &str, zone: &str) -> BTreeMap<u64, String> {
    let mut people = format!("id,email,{}\n", FIELDS.join(","));
    people.extend(rows.iter().map(Row::list_row));
    let events: String = rows.iter().map(Row::events).collect();
    let (settings, campaigns) = workspace(limits, zone);
    let mut tool = Tool::new()
        .now("2027-06-01T00:00:00Z")
        .file("workspace.yaml", &settings)
        .file("campaigns.yaml", &campaigns)
        .file("people.csv", &people)
        .file("events.jsonl", &events);
    tool.done("campaign load campaigns.yaml");
    tool.done("person load people.csv --key id");
    tool.done("campaign replay-events events.jsonl");
    let asked: BTreeSet<String> = rows.iter().map(Row::asked).collect();
    let sent = tool.rows("outbox list");
    let mut outcomes = BTreeMap::new();
    for campaign in &asked {
        for log in tool.rows(["campaign", "log", campaign]) {
            let outcome = match (log["outcome"].as_str(), log["reason"].as_str()) {
                (Some("succeeded"), None) => "sent".to_owned(),
                (Some("skipped"), Some(reason)) => reason.to_owned(),
                other => format!("{other:?}"),
            };
            let in_outbox = sent
                .iter()
                .any(|message| message["activity_id"] == log["activity_id"]);
            assert_eq!(
                in_outbox,
                outcome == "sent",
                "the outbox holds what was sent: {log}"
            );
            // People are numbered in the order of their list.
            let person = usize::try_from(log["person_id"].as_u64().unwrap()).unwrap();
            let again = outcomes.insert(rows[person - 1].line, outcome);
            assert_eq!(again, None, "one email was asked for: {log}");
        }
    }
    outcomes
}

#[test]
fn every_row_of_the_table_of_mail_is_true() {
    let rows = table();
    let mut groups: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
    for row in rows {
        let group = (row.limits.clone(), row.zone.clone());
        groups.entry(group).or_default().push(row);
    }
    let mut wrong = String::new();
    for ((limits, zone), rows) in &groups {
        let outcomes = outcomes(rows, limits, zone);
        for row in rows {
            let outcome = &outcomes[&row.line];
            if *outcome != row.outcome {
                writeln!(
                    wrong,
                    "mail.csv:{}: expected {}, is {outcome} ({})",
                    row.line, row.outcome, row.rule
                )
                .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_table_of_mail_shows_every_reason() {
    let rows = table();
    for reason in [
        "sent",
        "no address",
        "email invalid",
        "black listed",
        "unsubscribed",
        "marketing suspended",
        "email suspended",
        "communication limit",
    ] {
        assert!(rows.iter().any(|row| row.outcome == reason), "{reason}");
    }
}

/// Two people of one address and one of another, in a campaign of two emails with a wait between them.
fn shared() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file("workspace.yaml", "emails:\n  first: { subject: One, body: One }\n  second: { subject: Two, body: Two }\n")
        .file(
            "letters.yaml",
            "
            name: Letters
            smart_list: { filters: [ email: { is_not_empty: true } ] }
            flow:
              - send_email: first
              - wait: 1 day
              - send_email: second
            qualification: every_time
            ---
            name: Thanks
            active: true
            smart_list: { triggers: [ fills_out_form: any ] }
            flow: [ send_email: first ]
            ",
        )
        .file(
            "people.csv",
            "
            id,email
            ann,shop@example.com
            ben,SHOP@example.com
            cat,cat@example.com
            ",
        )
        .file(
            "events.jsonl",
            r#"
            {"at":"2026-11-02T11:00:00Z","person":"ann","type":"fills_out_form","form":"x"}
            {"at":"2026-11-02T11:00:00Z","person":"ben","type":"fills_out_form","form":"x"}
            "#,
        );
    tool.done("campaign load letters.yaml");
    tool.done("person load people.csv --key id");
    tool
}

/// What the log says of emails: whose, which, and the outcome of them.
fn letters(tool: &mut Tool, campaign: &str) -> Vec<String> {
    let line = |row: &serde_json::Value| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let outcome = [text("outcome"), text("reason")].join(" ");
        format!(
            "#{} {} {}",
            row["person_id"],
            text("primary_value"),
            outcome.trim()
        )
    };
    let log = tool.rows(["campaign", "log", campaign, "--type", "send_email"]);
    log.iter().map(line).collect()
}

// Source: Marketo's community, on batch campaigns that send to records which share an address; docs/engine.md, Decisions.
#[test]
fn a_step_of_a_batch_run_mails_an_address_once_also_after_a_wait() {
    let mut tool = shared();
    tool.done("campaign run Letters");
    tool.done("campaign advance --now 2026-11-04T10:00:00Z");
    assert_eq!(
        letters(&mut tool, "Letters"),
        [
            "#1 first succeeded",
            "#2 first skipped address already served",
            "#3 first succeeded",
            "#1 second succeeded",
            "#2 second skipped address already served",
            "#3 second succeeded",
        ]
    );
}

#[test]
fn the_next_run_mails_the_address_again() {
    let mut tool = shared();
    for now in ["2026-11-02T10:00:00Z", "2026-11-02T12:00:00Z"] {
        tool.done(["campaign", "run", "Letters", "--now", now]);
    }
    let firsts: Vec<String> = letters(&mut tool, "Letters");
    assert_eq!(
        firsts
            .iter()
            .filter(|line| *line == "#1 first succeeded")
            .count(),
        2,
        "{firsts:?}"
    );
    assert_eq!(
        firsts
            .iter()
            .filter(|line| line.starts_with("#2 first skipped"))
            .count(),
        2,
        "{firsts:?}"
    );
}

#[test]
fn a_trigger_campaign_mails_everyone_whatever_address_they_share() {
    let mut tool = shared();
    tool.done("campaign replay-events events.jsonl --now 2026-11-03T00:00:00Z");
    assert_eq!(
        letters(&mut tool, "Thanks"),
        ["#1 first succeeded", "#2 first succeeded"]
    );
}

#[test]
fn people_whose_mail_is_blocked_go_on_through_the_flow() {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file(
            "workspace.yaml",
            "emails: { letter: { subject: One, body: One } }\n",
        )
        .file(
            "letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow:
              - send_email: letter
              - change_score: +1
            ",
        )
        .file(
            "people.csv",
            "email,unsubscribed\nann@example.com,true\nben@example.com,false\n",
        );
    tool.done("campaign load letter.yaml");
    tool.done("person load people.csv");
    tool.run("campaign run Letter")
        .stdout(
            "
            Letter  run 1
            matched                  2  by the smart list
            excluded                 0
            qualified                2
            blocked                  1  1 unsubscribed
            waiting                  0
            finished                 2

            step  name          succeeded  skipped  failed
            ──────────────────────────────────────────────
               1  send_email            1        1       0
               2  change_score          2        0       0
            ",
        )
        .code(0);
}
