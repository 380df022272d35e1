//! Commands from end to end, on five people with names.

use super::tool::Tool;

pub(crate) const WORKSPACE: &str = "
    time_zone: America/New_York
    lists: [Readers]
";

pub(crate) const LETTER: &str = "
    name: Letter
    smart_list:
      filters:
        - state: NY
    flow:
      - add_to_list: Readers
      - change_score: +5
      - wait: 2 days
      - send_email:
          choices:
            - if: { unsubscribed: true }
              do_nothing: true
          default: { email: letter }
";

pub(crate) const PRICING: &str = "
    name: Pricing
    smart_list:
      triggers:
        - visits_web_page: { web_page: { starts_with: /pricing } }
    flow:
      - change_data_value: { field: lead_status, value: Engaged }
    qualification: every_time
    active: true
";

const PEOPLE: &str = "
    email,firstName,state,leadScore
    ann@example.com,Ann,NY,1
    bob@example.com,Bob,CA,
    cid@example.com,Cid,NY,3
    dot@example.com,Dot,TX,4
    eve@example.com,Eve,,5
";

const EVENTS: &str = r#"
    {"id":"e1","at":"2026-11-01T15:00:00Z","person":"bob@example.com","type":"visits_web_page","web_page":"/pricing"}
    {"id":"e2","at":"2026-11-01T16:00:00Z","person":"zoe@example.com","type":"visits_web_page","web_page":"/"}
"#;

/// Campaigns, people and a database, on 2 November at 10:00 in New York.
fn loaded() -> Tool {
    Tool::new()
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file("campaigns/letter.yaml", LETTER)
        .file("campaigns/pricing.yaml", PRICING)
        .file("people.csv", PEOPLE)
        .file("events.jsonl", EVENTS)
        .now("2026-11-02T15:00:00Z")
        .loaded()
}

#[test]
fn a_run_reports_its_funnel() {
    let mut tool = loaded();
    tool.run("campaign run Letter --dry-run")
        .stdout(
            "
            Letter  dry run
            matched                  2  by the smart list
            excluded                 0
            qualified                2
            blocked                  0
            waiting                  2
            finished                 0

            step  name          succeeded  skipped  failed
            ──────────────────────────────────────────────
               1  add_to_list           2        0       0
               2  change_score          2        0       0
               3  wait                  2        0       0
               4  send_email            0        0       0
            ",
        )
        .code(0);
    tool.run("campaign run letter -f json")
        .stdout(
            r#"
            {
              "campaign": "Letter",
              "run_id": 1,
              "matched": 2,
              "excluded": 0,
              "qualified": 2,
              "blocked": 0,
              "waiting": 2,
              "finished": 0,
              "steps": [
                {
                  "step": 1,
                  "name": "add_to_list",
                  "succeeded": 2,
                  "skipped": 0,
                  "failed": 0
                },
                {
                  "step": 2,
                  "name": "change_score",
                  "succeeded": 2,
                  "skipped": 0,
                  "failed": 0
                },
                {
                  "step": 3,
                  "name": "wait",
                  "succeeded": 2,
                  "skipped": 0,
                  "failed": 0
                },
                {
                  "step": 4,
                  "name": "send_email",
                  "succeeded": 0,
                  "skipped": 0,
                  "failed": 0
                }
              ],
              "blocked_by": [],
              "cut": 0,
              "dry_run": false,
              "until": null,
              "campaigns": null,
              "guards": [],
              "allowed": []
            }
            "#,
        )
        .code(0);
    tool.run("campaign members Letter -f csv")
        .stdout(
            "
            campaign,person_id,email,id,person,first_qualified_at,last_qualified_at,times
            Letter,1,ann@example.com,,ann@example.com,2026-11-02T15:00:00Z,2026-11-02T15:00:00Z,1
            Letter,3,cid@example.com,,cid@example.com,2026-11-02T15:00:00Z,2026-11-02T15:00:00Z,1
            ",
        )
        .code(0);
    tool.run("campaign members Letter --waiting")
        .stdout(
            "
            person_id  person           step  since                until                version
            ───────────────────────────────────────────────────────────────────────────────────
                    1  ann@example.com     3  2026-11-02 10:00:00  2026-11-04 10:00:00        1
                    3  cid@example.com     3  2026-11-02 10:00:00  2026-11-04 10:00:00        1
            ",
        )
        .code(0);
}

#[test]
fn a_trigger_campaign_is_not_run_but_replayed() {
    let mut tool = loaded();
    tool.run("campaign run Pricing").any_stderr().code(4);
    tool.run("campaign replay-events events.jsonl -f jsonl")
        .stdout(
            r#"
            {"read":2,"taken":1,"already_taken":0,"late":0,"unknown_person":1,"unknown_type":0,"skipped_effects":0,"rejected":0,"entries":1,"waits":0,"runs":0,"cut":0,"campaigns":[{"campaign":"Pricing","triggered":1,"filters":0,"excluded":0,"entered":1,"waiting":0,"finished":1,"removed":0,"cut":0,"refused":0}]}
            "#,
        )
        .code(6);
    tool.run("person log BOB@example.com")
        .stdout(
            "
            when                 activity           detail                campaign  step  outcome
            ───────────────────────────────────────────────────────────────────────────────────────
            2026-11-01 10:00:00  visit_webpage      /pricing
            2026-11-01 10:00:00  change_data_value  lead_status: Engaged  Pricing   1     succeeded
            ",
        )
        .code(0);
}

#[test]
fn unknown_people_and_campaigns_end_with_four() {
    let mut tool = loaded();
    tool.run("person log nobody@example.com")
        .stderr(
            "
            error: there is no person `nobody@example.com`
            help: `bugle person list` shows who is there
            ",
        )
        .code(4);
    tool.run("campaign show Leter")
        .stderr(
            "
            error: no campaign `Leter`
            help: did you mean `Letter`?
            ",
        )
        .code(4);
}

#[test]
fn people_are_listed_by_any_filter() {
    let mut tool = loaded();
    tool.run("person list --filter 'state: [NY, TX]'")
        .stdout(
            "
            person_id  email            first_name  state  lead_score
            ─────────────────────────────────────────────────────────
                    1  ann@example.com  Ann         NY              1
                    3  cid@example.com  Cid         NY              3
                    4  dot@example.com  Dot         TX              4
            ",
        )
        .code(0);
    tool.run("person list --smart-list 'all people' --count -f jsonl")
        .stdout("{\"count\":5}\n")
        .code(0);
    tool.run("person list --filter 'stat: NY'")
        .stderr(
            "
            error[unknown-field]: no field `stat`
             --> --filter:1:1
              |
            1 | stat: NY
              | ^^^^
              |
              = help: did you mean `state`?
            ",
        )
        .code(1);
}

#[test]
fn an_erased_person_is_gone() {
    let mut tool = loaded();
    tool.run("person delete ann@example.com")
        .stderr(
            "
            error: erasing a person cannot be undone
            help: add `--yes` if that is what you want
            ",
        )
        .code(2);
    tool.run("person delete ann@example.com --yes")
        .stderr("note: erased person #1\n")
        .code(0);
    tool.run("person show ann@example.com")
        .stderr(
            "
            error: there is no person `ann@example.com`
            help: someone of this key was erased
            ",
        )
        .code(4);
    tool.run("db check").stderr("note: all is well\n").code(0);
}

#[test]
fn a_campaign_is_shown_in_plain_words() {
    let mut tool = loaded();
    tool.run("campaign show letter")
        .stdout(
            "
            campaign    Letter
            mode        Batch
            status      never run
            definition  version 1 of campaigns/letter.yaml
            people      0 entered, 0 waiting

            smart list
              people for whom
                state is NY

            flow
              1. add to list Readers
              2. change lead_score by +5
              3. wait 2 days
              4. send email
                 1: if unsubscribed is true, do nothing
                 else send email letter

            qualification and schedule
            each person   may enter only once
            email limits  not obeyed
            ",
        )
        .code(0);
    tool.run("campaign show letter --diagram mermaid")
        .stdout(
            "
            flowchart TD
                start([\"state is NY\"])
                s1[\"1. add to list Readers\"]
                start --> s1
                s2[\"2. change lead_score by +5\"]
                s1 --> s2
                s3[\"3. wait 2 days\"]
                s2 --> s3
                s4{\"4. send email\"}
                s3 --> s4
                s4c1[\"do nothing\"]
                s4 -->|\"unsubscribed is true\"| s4c1
                s4c0[\"send email letter\"]
                s4 -->|\"else\"| s4c0
                finish([\"end\"])
                s4c1 --> finish
                s4c0 --> finish
            ",
        )
        .code(0);
}

#[test]
fn people_come_from_a_pipe_as_well() {
    Tool::new()
        .now("2026-11-02T15:00:00Z")
        .stdin("id,state\n31,NY\n32,TX\n31,CA\n")
        .run("person load - -f jsonl")
        .stdout(
            r#"
            {"file":"-","read":3,"added":2,"updated":0,"unchanged":0,"repeated":1,"rejected":0,"entries":null}
            "#,
        )
        .code(0)
        .run("person list --format csv --filter 'state: CA'")
        .stdout(
            "
            person_id,id,email,state
            1,31,,CA
            ",
        )
        .code(0);
}

#[test]
fn control_characters_of_data_never_reach_a_table() {
    let mut tool = Tool::new().now("2026-11-02T15:00:00Z").bytes(
        "p.csv",
        "email,company\na@example.com,\u{1b}[2JBad\u{202e}\n".as_bytes(),
    );
    tool.done("person load p.csv -q");
    tool.run("person list")
        .stdout(
            "
            person_id  email          company
            ──────────────────────────────────────────────
                    1  a@example.com  \\u{1b}[2JBad\\u{202e}
            ",
        )
        .code(0);
    let json = tool.text("person list -f jsonl");
    assert!(json.contains(r"\u001b[2JBad\u202e"), "{json}");
}

#[test]
fn a_row_a_person_names_the_address_though_the_campaign_does_not_read_it() {
    let mut tool = Tool::new()
        .file(
            "campaigns/tall.yaml",
            "
            name: High scores
            smart_list:
              filters:
                - lead_score: { at_least: 50 }
            flow:
              - add_to_list: Best
            ",
        )
        .file(
            "people.csv",
            "email,lead_score\nann@example.com,60\nbob@example.com,10\n",
        )
        .now("2026-11-02T10:00:00Z")
        .loaded();
    tool.done("campaign run high-scores --dry-run --people verdicts.csv");
    let verdicts = std::fs::read_to_string(tool.path("verdicts.csv")).unwrap();
    let addresses: Vec<&str> = verdicts
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').nth(2))
        .collect();
    assert_eq!(
        addresses,
        ["ann@example.com", "bob@example.com"],
        "{verdicts}"
    );
}

#[test]
fn a_path_that_is_not_there_is_reported_with_the_one_that_may_be_meant() {
    let mut tool = Tool::new()
        .now("2026-11-30T00:00:00Z")
        .file("campaigns/sales/alert.yaml", "name: Alert\n")
        .file("lists/people.csv", "email\nann@example.com\n");
    for (command, wrong, meant) in [
        (
            "campaign validate",
            "campaing/",
            "did you mean `campaigns`?",
        ),
        (
            "campaign load",
            "campaigns/sale/alert.yaml",
            "did you mean `campaigns/sales/alert.yaml`?",
        ),
        (
            "person load",
            "lists/peopel.csv",
            "did you mean `lists/people.csv`?",
        ),
        (
            "person load",
            "elsewhere.csv",
            "paths are counted from the folder that the command is started in",
        ),
    ] {
        tool.run(format!("{command} {wrong}"))
            .stderr(&format!(
                "error: there is no file or folder `{wrong}`\nhelp: {meant}\n"
            ))
            .code(3);
    }
}
