//! `campaign shrink`: the smallest test that still shows what a person of the database shows.

use super::tool::Tool;

const WORKSPACE: &str = "
    time_zone: UTC
    lists: [ Readers, Buyers ]
    fields: { plan: { type: text } }
";

const CAMPAIGNS: &str = "
    name: Welcome
    smart_list:
      triggers: [ fills_out_form: { form: [Demo, Contact] } ]
      filters:
        - unsubscribed: false
        - any:
            - plan: { contains: gold }
            - lead_score: { at_least: 50 }
    flow:
      - change_score: 10
      - add_to_list: Readers
      - request_campaign: Alert
    qualification: every_time
    active: true
    ---
    name: Alert
    smart_list: { triggers: [ campaign_is_requested: any ] }
    flow: [ send_alert: { email: notice, to: [ sales@example.com ] } ]
    active: true
    ---
    name: Other
    smart_list: { triggers: [ visits_web_page: any ] }
    flow: [ change_score: 1 ]
    qualification: every_time
    active: true
";

const EVENTS: &str = r#"
{"at":"2026-11-02T08:00:00Z","person":"berta.braun@acme.example","type":"visits_web_page","web_page":"/secret"}
{"at":"2026-11-02T09:00:00Z","person":"berta.braun@acme.example","type":"fills_out_form","form":"Demo","web_page":"/demo"}
{"at":"2026-11-02T10:00:00Z","person":"berta.braun@acme.example","type":"visits_web_page","web_page":"/other"}
"#;

/// Returns a database in which something has happened to Berta.
fn happened() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-03T00:00:00Z")
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file("campaigns/all.yaml", CAMPAIGNS)
        .file(
            "people.csv",
            "
            email,first_name,plan,lead_score
            berta.braun@acme.example,Berta,Gold Plus 7,3
            ",
        )
        .bytes("events.jsonl", EVENTS.trim_start());
    tool.done("campaign load campaigns/")
        .done("person load people.csv")
        .done("campaign replay-events events.jsonl");
    tool
}

const SMALLEST: &str = "
    name: Welcome
    smart_list:
      triggers:
        - fills_out_form: {}
    flow:
      - add_to_list: Readers
    tests:
      - name: shrunk
        now: 2026-11-02T07:59:00Z
        events:
          - at: 2026-11-02T09:00:00Z
            person: ann@example.com
            type: fill_out_form
        expect:
          - person: ann@example.com
            lists: Readers
";

#[test]
fn everything_goes_that_is_not_needed_and_what_remains_passes() {
    let mut tool = happened();
    let before = tool.dump();
    tool.run([
        "campaign",
        "shrink",
        "--person",
        "berta.braun@acme.example",
        "--keep",
        "lists: Readers",
    ])
    .stdout(SMALLEST)
    .code(0);
    assert_eq!(tool.dump(), before, "the database stays as it is");
    let keep = [
        "campaign",
        "shrink",
        "--person",
        "#1",
        "--keep",
        "lists: Readers",
        "-o",
        "trial",
    ];
    tool.run(keep)
        .stderr("note: the test is in `trial`\n")
        .code(0);
    tool.run("campaign test trial")
        .any_stdout()
        .stderr("note: 1 test passed\n")
        .code(0);
    assert!(!tool.path("trial/workspace.yaml").exists());
    tool.run(keep).any_stderr().code(3);
}

#[test]
fn what_other_campaigns_do_is_kept_where_it_is_needed() {
    let mut tool = happened();
    let line = [
        "campaign",
        "shrink",
        "alert",
        "--person",
        "#1",
        "--keep",
        "activities: [send_alert]",
        "-o",
        "trial",
    ];
    tool.run(line).any_stderr().code(0);
    let text = std::fs::read_to_string(tool.path("trial/shrunk.yaml")).unwrap();
    assert!(
        text.contains("name: Alert") && text.contains("name: Welcome"),
        "{text}"
    );
    assert!(!text.contains("name: Other"), "{text}");
    tool.run("campaign test trial")
        .any_stdout()
        .stderr("note: 1 test passed\n")
        .code(0);
}

#[test]
fn personal_values_have_stand_ins_unless_they_are_asked_for() {
    let mut tool = happened();
    // The name is needed as it is, since it is expected; nothing else of the person is.
    let keep = "fields: { first_name: Berta }";
    let line = ["campaign", "shrink", "--person", "#1", "--keep", keep];
    let shown = tool.run(line).into_stdout();
    assert!(
        shown.contains("first_name: Berta") && shown.contains("email: ann@example.com"),
        "{shown}"
    );
    let shown = tool
        .run([
            "campaign",
            "shrink",
            "--person",
            "#1",
            "--keep",
            keep,
            "--show-values",
        ])
        .into_stdout();
    assert!(shown.contains("berta.braun@acme.example"), "{shown}");
    let not = [
        "campaign",
        "shrink",
        "--person",
        "#1",
        "--keep",
        "qualified: 2",
    ];
    tool.run(not)
        .stderr(
            "error: the log of this person does not show that, when it happens again\n\
             help: `activities` are exactly the steps of one campaign that succeeded, in order, as `bugle person log` shows them; what was loaded or changed by hand does not happen again\n",
        )
        .code(4);
}

#[test]
fn a_wrong_expectation_or_person_is_an_error() {
    let mut tool = happened();
    for (keep, expected) in [
        (
            "activites: []",
            "error: `--keep` is no entry of `expect`: nothing is expected here; an expectation has no key `activites`\n",
        ),
        ("[a]", "error: `--keep` takes an entry of `expect`\n"),
        (
            "activities: [jump]",
            "error: `--keep` is no entry of `expect`: there is no activity type `jump`\n",
        ),
    ] {
        let help = "help: write `--keep 'activities: [send_email]'`, or `--keep 'fields: { lead_score: 70 }'`\n";
        tool.run(["campaign", "shrink", "--person", "#1", "--keep", keep])
            .stderr(&format!("{expected}{help}"))
            .code(2);
    }
    tool.run([
        "campaign",
        "shrink",
        "--person",
        "nobody@x.example",
        "--keep",
        "lists: Readers",
    ])
    .any_stderr()
    .code(4);
    tool.run([
        "campaign",
        "shrink",
        "Nothing",
        "--person",
        "#1",
        "--keep",
        "lists: Readers",
    ])
    .any_stderr()
    .code(4);
}
