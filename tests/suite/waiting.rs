//! People who wait while their campaign is loaded anew, deactivated, pruned: what becomes of them, as the log shows it.

use super::tool::Tool;

/// Two waits and what follows each.
const TRIAL: &str = "
    name: Trial
    smart_list: { triggers: [ fills_out_form: trial ] }
    flow:
      - send_email: welcome
      - wait: 3 days
      - send_email: tips
      - wait: 1 week
      - send_email: offer
    active: true
    ";

/// The second wait is gone.
const SHORT: &str = "
    name: Trial
    smart_list: { triggers: [ fills_out_form: trial ] }
    flow:
      - send_email: welcome
      - wait: 5 days
      - send_email: survey
    active: true
    ";

const PEOPLE: &str = "
    email
    ann@example.com
    ben@example.com
    cleo@example.com
    ";

/// Ann has come to the second wait, Ben and Cleo to the first.
const EVENTS: &str = r#"
    {"at":"2026-11-02T09:00:00Z","person":"ann@example.com","type":"fill_out_form","form":"trial"}
    {"at":"2026-11-04T09:00:00Z","person":"ben@example.com","type":"fill_out_form","form":"trial"}
    {"at":"2026-11-05T12:00:00Z","person":"cleo@example.com","type":"fill_out_form","form":"trial"}
    "#;

fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file("campaigns/trial.yaml", TRIAL)
        .file("people.csv", PEOPLE)
        .file("events.jsonl", EVENTS);
    done(&mut tool, &["campaign", "load"]);
    done(&mut tool, &["person", "load", "people.csv"]);
    let mut tool = tool.now("2026-11-06T00:00:00Z");
    done(&mut tool, &["campaign", "replay-events", "events.jsonl"]);
    tool
}

/// Runs a command that leads to what is tested.
fn done(tool: &mut Tool, arguments: &[&str]) {
    tool.run(arguments).any_stdout().any_stderr().code(0);
}

/// The log of a campaign as lines of when, who, what, step, why.
fn log(tool: &mut Tool, campaign: &str, since: &str) -> String {
    let arguments = ["campaign", "log", campaign, "--since", since, "-f", "jsonl"];
    let log = tool.run(arguments).into_stdout();
    let rows = log.lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| match &row[key] {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => format!(" {text}"),
            serde_json::Value::Number(number) => format!(" {number}"),
            serde_json::Value::Bool(_)
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_) => panic!("no such cell"),
        };
        let who = row["email"].as_str().unwrap().split('@').next().unwrap();
        let version = &row["attributes"]["version"];
        let version = version
            .as_i64()
            .map(|version| format!(" (version {version})"));
        format!(
            "{} {who}{}{}{}{}{}\n",
            row["at"].as_str().unwrap(),
            text("type"),
            text("primary_value"),
            text("step"),
            version.unwrap_or_default(),
            text("reason"),
        )
    });
    rows.collect()
}

#[track_caller]
fn logged(tool: &mut Tool, since: &str, expected: &str) {
    let log = log(tool, "Trial", since);
    assert_eq!(log, super::tool::dedent(expected));
}

#[test]
fn a_load_that_leaves_people_without_their_wait_is_refused_and_tells_of_all() {
    let mut tool = tool().file(
        "campaigns/trial.yaml",
        &SHORT.replace("      - wait: 5 days\n", ""),
    );
    let before = tool.run(["db", "dump"]).into_stdout();
    tool.run(["campaign", "load"])
        .stderr(
            "
            error: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest, and version 2 has no such wait
            error: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00, and version 2 has no such wait
            help: `bugle campaign load --waiting keep` lets them finish the version they are in, `--waiting drop` ends their waits; or leave the wait in the flow: one that has an `id` is found wherever it then stands
            ",
        )
        .code(4);
    assert_eq!(tool.run(["db", "dump"]).into_stdout(), before);
}

#[test]
fn those_whose_wait_is_there_go_on_in_the_new_version_and_keep_their_end() {
    let mut tool = tool().file(
        "campaigns/trial.yaml",
        &TRIAL
            .replace("wait: 3 days", "wait: 5 days")
            .replace("tips", "news"),
    );
    tool.run(["campaign", "load"])
        .stdout(
            "
            campaign  change   version  mode       waiting  file
            ────────────────────────────────────────────────────────────────────
            Trial     changed        2  Triggered        3  campaigns/trial.yaml
            ",
        )
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 3 of version 2
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: goes on at step 5 of version 2
            ",
        )
        .code(0);
    done(&mut tool, &["campaign", "advance", "--until", "2026-12-01"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2 (version 2)
        2026-11-07T09:00:00Z ben send_email news 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2 (version 2)
        2026-11-08T12:00:00Z cleo send_email news 3
        2026-11-08T12:00:00Z cleo wait_started 4
        2026-11-12T09:00:00Z ann wait_ended 4 (version 2)
        2026-11-12T09:00:00Z ann send_email offer 5
        2026-11-14T09:00:00Z ben wait_ended 4
        2026-11-14T09:00:00Z ben send_email offer 5
        2026-11-15T12:00:00Z cleo wait_ended 4
        2026-11-15T12:00:00Z cleo send_email offer 5
        ",
    );
}

#[test]
fn keep_lets_those_without_their_wait_finish_the_old_version_and_no_others() {
    let mut tool = tool().file("campaigns/trial.yaml", SHORT);
    tool.run(["campaign", "load", "--waiting", "keep", "-f", "jsonl"])
        .stdout(
            r#"
            {"campaign":"Trial","file":"campaigns/trial.yaml","change":"changed","version":2,"mode":"triggered","waiting":3,"waits":[{"step":2,"id":null,"wait":"wait 3 days","people":2,"first_until":"2026-11-07T09:00:00Z","last_until":"2026-11-08T12:00:00Z","then":"goes_on","version":2,"next_step":3},{"step":4,"id":null,"wait":"wait 1 week","people":1,"first_until":"2026-11-12T09:00:00Z","last_until":"2026-11-12T09:00:00Z","then":"finishes","version":1,"next_step":5}]}
            "#,
        )
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 3 of version 2
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: finishes version 1
            ",
        )
        .code(0);
    done(&mut tool, &["campaign", "advance", "--until", "2026-12-01"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2 (version 2)
        2026-11-07T09:00:00Z ben send_email survey 3
        2026-11-08T12:00:00Z cleo wait_ended 2 (version 2)
        2026-11-08T12:00:00Z cleo send_email survey 3
        2026-11-12T09:00:00Z ann wait_ended 4 (version 1)
        2026-11-12T09:00:00Z ann send_email offer 5
        ",
    );
}

/// The flow without any wait, so that everyone who waits loses theirs.
fn no_wait() -> String {
    SHORT.replace("      - wait: 5 days\n", "")
}

#[test]
fn later_waits_of_an_old_version_belong_to_it_also_through_further_loads() {
    let mut tool = tool().file("campaigns/trial.yaml", &no_wait());
    done(&mut tool, &["campaign", "load", "--waiting", "keep"]);
    // Ben and Cleo come to the second wait, which version 2 has not either.
    done(&mut tool, &["campaign", "advance", "--until", "2026-11-09"]);
    let mut tool = tool
        .now("2026-11-09T00:00:00Z")
        .file("campaigns/trial.yaml", SHORT);
    tool.run(["campaign", "load"])
        .any_stdout()
        .stderr(
            "
            note: `Trial`: 3 people at step 4 (wait 1 week) until 2026-11-12 09:00:00 at the earliest, 2026-11-15 12:00:00 at the latest: finish version 1
            ",
        )
        .code(0);
    done(&mut tool, &["campaign", "advance", "--until", "2026-12-01"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2 (version 1)
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2 (version 1)
        2026-11-08T12:00:00Z cleo send_email tips 3
        2026-11-08T12:00:00Z cleo wait_started 4
        2026-11-12T09:00:00Z ann wait_ended 4 (version 1)
        2026-11-12T09:00:00Z ann send_email offer 5
        2026-11-14T09:00:00Z ben wait_ended 4 (version 1)
        2026-11-14T09:00:00Z ben send_email offer 5
        2026-11-15T12:00:00Z cleo wait_ended 4 (version 1)
        2026-11-15T12:00:00Z cleo send_email offer 5
        ",
    );
}

#[test]
fn drop_ends_the_waits_that_are_lost_and_the_log_of_each_person_says_so() {
    let mut tool = tool().file("campaigns/trial.yaml", SHORT);
    tool.run(["campaign", "load", "--waiting", "drop"])
        .stdout(
            "
            campaign  change   version  mode       waiting  file
            ────────────────────────────────────────────────────────────────────
            Trial     changed        2  Triggered        2  campaigns/trial.yaml
            ",
        )
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 3 of version 2
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: was dropped from the flow
            ",
        )
        .code(0);
    tool.run(["person", "log", "ann@example.com", "--type", "wait_ended"])
        .stdout(
            "
            when                 activity    detail     campaign  step  outcome
            ─────────────────────────────────────────────────────────────────────────────────────────────
            2026-11-05 09:00:00  wait_ended             Trial     2     succeeded
            2026-11-06 00:00:00  wait_ended  version 2  Trial     4     skipped: dropped by a new version
            ",
        )
        .code(0);
    done(&mut tool, &["campaign", "advance", "--until", "2026-12-01"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-06T00:00:00Z ann wait_ended 4 (version 2) dropped by a new version
        2026-11-07T09:00:00Z ben wait_ended 2 (version 2)
        2026-11-07T09:00:00Z ben send_email survey 3
        2026-11-08T12:00:00Z cleo wait_ended 2 (version 2)
        2026-11-08T12:00:00Z cleo send_email survey 3
        ",
    );
}

#[test]
fn a_wait_with_an_id_is_found_wherever_it_stands_also_where_a_later_load_gave_the_id() {
    let mut tool = tool();
    let named = TRIAL.replace("- wait: 1 week", "- id: pause\n        wait: 1 week");
    let mut tool = {
        tool = tool.file("campaigns/trial.yaml", &named);
        done(&mut tool, &["campaign", "load"]);
        tool.file(
            "campaigns/trial.yaml",
            "
            name: Trial
            smart_list: { triggers: [ fills_out_form: trial ] }
            flow:
              - id: pause
                wait: 2 weeks
              - send_email: last offer
              - wait: 1 day
            active: true
            ",
        )
    };
    tool.run(["campaign", "load", "--waiting", "drop"])
        .any_stdout()
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 2 of version 3
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: goes on at step 2 of version 3
            ",
        )
        .code(0);
    tool.run(["campaign", "members", "Trial", "--waiting", "-f", "csv"])
        .stdout(
            "
            campaign,person_id,email,step,since,until,version
            Trial,2,ben@example.com,1,2026-11-04T09:00:00Z,2026-11-07T09:00:00Z,3
            Trial,3,cleo@example.com,1,2026-11-05T12:00:00Z,2026-11-08T12:00:00Z,3
            Trial,1,ann@example.com,1,2026-11-05T09:00:00Z,2026-11-12T09:00:00Z,3
            ",
        )
        .code(0);
}

/// Version 1 asks and changes what version 2 does not touch.
const RENEWAL: &str = "
    name: Renewal
    smart_list: { filters: [ state: CA ] }
    flow:
      - wait: 3 days
      - add_to_list:
          choices:
            - if: { company: Acme }
              list: Acme renewals
          default: { list: Renewals }
      - change_data_value: { field: lead_status, value: \"Renewing {{lead.Industry}}\" }
      - wait: 1 week
      - send_email: renewed
    qualification: every_time
    ";

const NO_RENEWAL: &str = "
    name: Renewal
    smart_list: { filters: [ state: CA ] }
    flow:
      - change_score: +1
    qualification: every_time
    ";

/// Ann and Ben wait in a batch run of version 1; version 2 has no wait.
fn renewal() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T09:00:00Z")
        .file("campaigns/renewal.yaml", RENEWAL)
        .file(
            "campaigns/leave.yaml",
            "
            name: Leave
            smart_list: { triggers: [ unsubscribes_from_email: any ] }
            flow:
              - remove_from_flow: Renewal
            active: true
            ",
        )
        .file(
            "people.csv",
            "
            email,state,company,industry
            ann@example.com,CA,Acme,Steel
            ben@example.com,CA,Beta,Glass
            ",
        );
    done(&mut tool, &["campaign", "load"]);
    done(&mut tool, &["person", "load", "people.csv"]);
    done(&mut tool, &["campaign", "run", "Renewal"]);
    let mut tool = tool.file("campaigns/renewal.yaml", NO_RENEWAL);
    done(&mut tool, &["campaign", "load", "--waiting", "keep"]);
    tool
}

const FINISHED: &str = "
    2026-11-05T09:00:00Z ann wait_ended 1 (version 1)
    2026-11-05T09:00:00Z ann add_to_list Acme renewals 2
    2026-11-05T09:00:00Z ann change_data_value lead_status 3
    2026-11-05T09:00:00Z ann wait_started 4
    2026-11-05T09:00:00Z ben wait_ended 1 (version 1)
    2026-11-05T09:00:00Z ben add_to_list Renewals 2
    2026-11-05T09:00:00Z ben change_data_value lead_status 3
    2026-11-05T09:00:00Z ben wait_started 4
    2026-11-12T09:00:00Z ann wait_ended 4 (version 1)
    2026-11-12T09:00:00Z ann send_email renewed 5
    2026-11-12T09:00:00Z ben wait_ended 4 (version 1)
    2026-11-12T09:00:00Z ben send_email renewed 5
    ";

#[test]
fn an_old_version_has_all_that_its_steps_need_whoever_lets_the_time_pass() {
    let mut advanced = renewal();
    advanced
        .run([
            "campaign",
            "advance",
            "--until",
            "2026-11-13",
            "--dry-run",
            "-f",
            "csv",
        ])
        .stdout(
            "
            at,kind,campaign,person_id,email,step
            2026-11-05T09:00:00Z,wait,Renewal,1,ann@example.com,1
            2026-11-05T09:00:00Z,wait,Renewal,2,ben@example.com,1
            2026-11-12T09:00:00Z,wait,Renewal,1,ann@example.com,4
            2026-11-12T09:00:00Z,wait,Renewal,2,ben@example.com,4
            ",
        )
        .code(0);
    done(
        &mut advanced,
        &["campaign", "advance", "--until", "2026-11-13"],
    );
    assert_eq!(
        log(&mut advanced, "Renewal", "2026-11-03"),
        super::tool::dedent(FINISHED)
    );
    let fields = advanced
        .run(["person", "show", "ann@example.com", "-f", "jsonl"])
        .into_stdout();
    assert!(
        fields.contains("\"lead_status\":\"Renewing Steel\""),
        "{fields}"
    );

    let visits = r#"
        {"at":"2026-11-05T10:00:00Z","person":"ben@example.com","type":"visit_web_page","web_page":"/a"}
        {"at":"2026-11-12T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
        "#;
    let mut replayed = renewal().now("2026-11-13").file("visits.jsonl", visits);
    done(
        &mut replayed,
        &["campaign", "replay-events", "visits.jsonl"],
    );
    let finished = log(&mut replayed, "Renewal", "2026-11-03");
    assert_eq!(finished, super::tool::dedent(FINISHED));
}

#[test]
fn who_finishes_an_old_version_shows_wherever_waits_are_shown() {
    let mut tool = renewal();
    done(&mut tool, &["campaign", "advance", "--until", "2026-11-06"]);
    tool.run(["campaign", "show", "Renewal"])
        .stdout(
            "
            campaign    Renewal
            mode        Batch
            status      running in wait step
            definition  version 2 of campaigns/renewal.yaml
            people      2 entered, 2 waiting

            smart list
              people for whom
                state is CA

            flow
              1. change lead_score by +1

            people in waits
            step  wait         people  first until          last until           finish
            ──────────────────────────────────────────────────────────────────────────────
            4     wait 1 week  2       2026-11-12 09:00:00  2026-11-12 09:00:00  version 1

            qualification and schedule
            each person   may enter every time
            email limits  not obeyed
            ",
        )
        .code(0);
    tool.run(["campaign", "members", "Renewal", "--waiting"])
        .stdout(
            "
            person_id  email            step  since                until                version
            ───────────────────────────────────────────────────────────────────────────────────
                    1  ann@example.com     4  2026-11-05 09:00:00  2026-11-12 09:00:00        1
                    2  ben@example.com     4  2026-11-05 09:00:00  2026-11-12 09:00:00        1
            ",
        )
        .code(0);
    let shown = tool
        .run(["person", "show", "ann@example.com", "-f", "jsonl"])
        .into_stdout();
    let wait = r#""waits":[{"campaign":"Renewal","person_id":1,"email":"ann@example.com","step":4,"since":"2026-11-05T09:00:00Z","until":"2026-11-12T09:00:00Z","version":1}]"#;
    assert!(shown.contains(wait), "{shown}");
    let dump = tool.run(["db", "dump"]).into_stdout();
    let waits: Vec<&str> = dump
        .lines()
        .filter(|line| line.starts_with("{\"wait\""))
        .collect();
    assert_eq!(
        waits,
        [1, 2].map(|person| format!(r#"{{"wait":"Renewal","person":{person},"version":1,"finishes":1,"nth":1,"step":4,"wait_ordinal":2,"step_id":null,"since":"2026-11-05T09:00:00Z","until":"2026-11-12T09:00:00Z","run":1,"cause":null}}"#))
    );
}

#[test]
fn who_finishes_an_old_version_can_be_taken_out_of_the_flow_and_qualifies_as_ever() {
    let mut tool = renewal().now("2026-11-04T00:00:00Z").file(
        "leaves.jsonl",
        r#"
        {"at":"2026-11-03T10:00:00Z","person":"ben@example.com","type":"unsubscribe_email","email":"letter"}
        "#,
    );
    done(&mut tool, &["campaign", "replay-events", "leaves.jsonl"]);
    tool.run(["campaign", "run", "Renewal", "-f", "jsonl"])
        .stdout(
            "
            {\"campaign\":\"Renewal\",\"run_id\":2,\"matched\":2,\"excluded\":0,\"qualified\":2,\"blocked\":0,\"waiting\":0,\"finished\":2,\"steps\":[{\"step\":1,\"name\":\"change_score\",\"succeeded\":2,\"skipped\":0,\"failed\":0}],\"blocked_by\":[],\"cut\":0}
            ",
        )
        .code(0);
    done(&mut tool, &["campaign", "abort", "1"]);
    assert_eq!(
        log(&mut tool, "Renewal", "2026-11-03"),
        super::tool::dedent(
            "
            2026-11-04T00:00:00Z ann change_score lead_score 1
            2026-11-04T00:00:00Z ann wait_ended 1 aborted
            2026-11-04T00:00:00Z ben change_score lead_score 1
            "
        )
    );
    tool.run(["campaign", "members", "Renewal", "-f", "csv"])
        .stdout(
            "
            campaign,person_id,email,first_qualified_at,last_qualified_at,times
            Renewal,1,ann@example.com,2026-11-02T09:00:00Z,2026-11-04T00:00:00Z,2
            Renewal,2,ben@example.com,2026-11-02T09:00:00Z,2026-11-04T00:00:00Z,2
            ",
        )
        .code(0);
}

/// A workspace that defines emails, without some of them.
fn emails(names: &[&str]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: {{ subject: A }}"))
        .collect();
    format!("emails: {{ {} }}\n", names.join(", "))
}

#[test]
fn an_old_version_must_still_compile_or_its_waits_are_dropped() {
    let mut tool = tool()
        .file("campaigns/workspace.yaml", &emails(&["welcome", "survey"]))
        .file("campaigns/trial.yaml", SHORT);
    let help = "help: leave what it names in place until they are through, or `bugle campaign load --waiting drop` ends their waits";
    tool.run(["campaign", "load", "--waiting", "keep"])
        .stderr(&format!(
            "error: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00, to finish version 1, which would no longer compile: the workspace defines no email `tips`\n{help}\n"
        ))
        .code(4);
    let mut tool = tool.file(
        "campaigns/workspace.yaml",
        &emails(&["welcome", "survey", "tips", "offer"]),
    );
    done(&mut tool, &["campaign", "load", "--waiting", "keep"]);
    let mut tool = tool.file(
        "campaigns/workspace.yaml",
        &emails(&["welcome", "survey", "tips"]),
    );
    tool.run(["campaign", "load"])
        .stderr(&format!(
            "error: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00, to finish version 1, which would no longer compile: the workspace defines no email `offer`\n{help}\n"
        ))
        .code(4);
    done(&mut tool, &["campaign", "load", "--waiting", "drop"]);
    logged(
        &mut tool,
        "2026-11-06",
        "2026-11-06T00:00:00Z ann wait_ended 4 (version 2) dropped by a new version\n",
    );
}

#[test]
fn one_load_drops_all_lost_waits_of_one_person() {
    let mut tool = tool().file(
        "campaigns/trial.yaml",
        &TRIAL.replace("active", "qualification: every_time\n    active"),
    );
    done(&mut tool, &["campaign", "load"]);
    let mut tool = tool.file(
        "again.jsonl",
        r#"
        {"at":"2026-11-05T20:00:00Z","person":"ann@example.com","type":"fill_out_form","form":"trial"}
        "#,
    );
    done(&mut tool, &["campaign", "replay-events", "again.jsonl"]);
    let mut tool = tool.file("campaigns/trial.yaml", &no_wait());
    done(&mut tool, &["campaign", "load", "--waiting", "drop"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-06T00:00:00Z ann wait_ended 4 (version 3) dropped by a new version
        2026-11-06T00:00:00Z ann wait_ended 2 (version 3) dropped by a new version
        2026-11-06T00:00:00Z ben wait_ended 2 (version 3) dropped by a new version
        2026-11-06T00:00:00Z cleo wait_ended 2 (version 3) dropped by a new version
        ",
    );
    done(&mut tool, &["db", "check"]);
}

#[test]
fn deactivation_stops_entries_and_no_one_who_waits() {
    let mut tool = tool();
    done(&mut tool, &["campaign", "deactivate", "Trial"]);
    let mut tool = tool.now("2026-12-01T00:00:00Z").file(
        "late.jsonl",
        r#"
        {"at":"2026-11-07T08:00:00Z","person":"new@example.com","type":"fill_out_form","form":"trial"}
        {"at":"2026-11-12T12:00:00Z","person":"new@example.com","type":"visit_web_page","web_page":"/a"}
        "#,
    );
    done(&mut tool, &["campaign", "replay-events", "late.jsonl"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2
        2026-11-08T12:00:00Z cleo send_email tips 3
        2026-11-08T12:00:00Z cleo wait_started 4
        2026-11-12T09:00:00Z ann wait_ended 4
        2026-11-12T09:00:00Z ann send_email offer 5
        ",
    );
}

#[test]
fn a_missing_file_changes_nothing_and_prune_deactivates_while_waits_go_on() {
    let mut tool = tool().file("campaigns/other.yaml", &no_wait().replace("Trial", "Other"));
    std::fs::remove_file(tool.path("campaigns/trial.yaml")).unwrap();
    tool.run(["campaign", "load"])
        .any_stdout()
        .stderr("warning: `Trial` has no file any more (it was `campaigns/trial.yaml`) and stays as it is; `--prune` deactivates it\n")
        .code(0);
    tool.run(["campaign", "list"])
        .stdout(
            "
            campaign  mode       status  next run  members  waiting  until
            ────────────────────────────────────────────────────────────────────────────
            Other     Triggered  active                  0        0
            Trial     Triggered  active                  3        3  2026-11-12 09:00:00
            ",
        )
        .code(0);
    tool.run(["campaign", "load", "--prune", "-f", "csv"])
        .stdout(
            r#"
            campaign,file,change,version,mode,waiting,waits
            Other,campaigns/other.yaml,unchanged,1,triggered,0,[]
            Trial,campaigns/trial.yaml,pruned,1,triggered,3,"[{""step"":2,""id"":null,""wait"":""wait 3 days"",""people"":2,""first_until"":""2026-11-07T09:00:00Z"",""last_until"":""2026-11-08T12:00:00Z"",""then"":""goes_on"",""version"":1,""next_step"":3},{""step"":4,""id"":null,""wait"":""wait 1 week"",""people"":1,""first_until"":""2026-11-12T09:00:00Z"",""last_until"":""2026-11-12T09:00:00Z"",""then"":""goes_on"",""version"":1,""next_step"":5}]"
            "#,
        )
        .code(0);
    tool.run(["campaign", "list", "-f", "csv"])
        .stdout(
            "
            campaign,program,mode,status,active,version,members,waiting,next_run_at,first_until,last_until
            Other,,triggered,active,true,1,0,0,,,
            Trial,,triggered,inactive,false,1,3,3,,2026-11-07T09:00:00Z,2026-11-12T09:00:00Z
            ",
        )
        .code(0);
    done(&mut tool, &["campaign", "advance", "--until", "2026-11-08"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        ",
    );
}

#[test]
fn show_tells_the_next_three_runs_after_what_the_clock_has_gone_past() {
    let mut tool = Tool::new().now("2026-11-01T00:00:00Z").file(
        "campaigns/letter.yaml",
        "
        name: Letter
        smart_list: { filters: [ member_of_smart_list: All People ] }
        flow:
          - wait: 10 days
        schedule: { first_run: 2026-11-02 09:00, repeat: weekly }
        qualification: every_time
        ",
    );
    done(&mut tool, &["campaign", "load"]);
    let next = |tool: &mut Tool| {
        let shown = tool.run(["campaign", "show", "Letter"]).into_stdout();
        let line = shown.lines().find(|line| line.starts_with("next runs"));
        line.unwrap_or_default().to_owned()
    };
    assert_eq!(
        next(&mut tool),
        "next runs     2026-11-02 09:00:00, 2026-11-09 09:00:00, 2026-11-16 09:00:00"
    );
    done(&mut tool, &["campaign", "advance", "--until", "2026-11-10"]);
    assert_eq!(
        next(&mut tool),
        "next runs     2026-11-16 09:00:00, 2026-11-23 09:00:00, 2026-11-30 09:00:00"
    );
}

#[test]
fn a_wait_in_a_version_that_no_longer_compiles_stays_until_that_is_mended() {
    let mut tool = tool();
    let broken = |tool: &Tool, with: &str| {
        let database = rusqlite::Connection::open(tool.path("bugle.db")).unwrap();
        let sql = "UPDATE campaign_version SET definition = replace(definition, ?1, ?2)";
        let words = ["send_email", "send_telegram"];
        let [from, to] = if with == "broken" {
            words
        } else {
            [words[1], words[0]]
        };
        database.execute(sql, [from, to]).unwrap();
    };
    broken(&tool, "broken");
    done(&mut tool, &["campaign", "advance", "--until", "2026-11-08"]);
    tool.run(["campaign", "list", "-f", "csv"])
        .stdout(
            "
            campaign,program,mode,status,active,version,members,waiting,next_run_at,first_until,last_until
            Trial,,triggered,invalid,true,1,3,3,,2026-11-07T09:00:00Z,2026-11-12T09:00:00Z
            ",
        )
        .code(0);
    logged(&mut tool, "2026-11-06", "");
    broken(&tool, "mended");
    done(&mut tool, &["campaign", "advance", "--until", "2026-11-09"]);
    logged(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2
        2026-11-08T12:00:00Z cleo send_email tips 3
        2026-11-08T12:00:00Z cleo wait_started 4
        ",
    );
}
