//! One person as they were, right across loads, events, flows and waits.

use super::tool::Tool;

/// Ann is loaded in Oslo, moved to Bonn and onto a list by a second load, to Rome by a flow, which then holds her for
/// three days.
fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            program: Fair
            smart_list: { triggers: [ visits_web_page: any ] }
            flow:
              - change_data_value: { field: city, value: Rome }
              - change_score: +5
              - add_to_list: Guests
              - change_program_status: { program: Fair, status: Invited }
              - wait: 3 days
              - change_program_status: { program: Fair, status: Attended }
              - remove_from_list: Guests
            active: true
            ",
        )
        .file("first.csv", "email,city,lead_score\nann@example.com,Oslo,1\n")
        .file("second.csv", "email,city\nann@example.com,Bonn\n")
        .file(
            "events.jsonl",
            r#"{"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
{"at":"2026-11-03T10:00:00Z","person":"zoe@example.com","type":"fill_out_form","form":"Contact"}
"#,
        );
    tool.run(["campaign", "load", "campaigns"])
        .any_stdout()
        .any_stderr()
        .code(0);
    tool.run(["person", "load", "first.csv"])
        .any_stdout()
        .code(0);
    tool.run([
        "person",
        "load",
        "second.csv",
        "--list",
        "Newsletter",
        "--now",
        "2026-11-01T12:00:00Z",
    ])
    .any_stdout()
    .code(0);
    tool.run([
        "campaign",
        "replay-events",
        "events.jsonl",
        "--until",
        "2026-11-10",
    ])
    .any_stdout()
    .any_stderr()
    .code(0);
    tool
}

#[test]
fn a_person_is_told_as_they_were_at_each_instant() {
    let mut tool = tool();
    let newsletter = r#"{"list":"Newsletter","added_at":"2026-11-01T12:00:00Z"}"#;
    let guests = r#"{"list":"Guests","added_at":"2026-11-02T10:00:00Z"}"#;
    let passed = r#"{"campaign":"Fair.Visit","first_qualified_at":"2026-11-02T10:00:00Z","last_qualified_at":"2026-11-02T10:00:00Z","times":1}"#;
    let wait = r#"{"campaign":"Fair.Visit","person_id":1,"email":"ann@example.com","step":5,"since":"2026-11-02T10:00:00Z","until":"2026-11-05T10:00:00Z","version":null}"#;
    let fair = |status: &str| {
        format!(
            r#"{{"program":"Fair","status":"{status}","success_at":null,"since":"2026-11-02T10:00:00Z","fields":{{}}}}"#
        )
    };
    let expected = [
        (
            "2026-10-01",
            "Oslo",
            1,
            String::new(),
            String::new(),
            "",
            "",
        ),
        (
            "2026-11-01T12:00:00Z",
            "Bonn",
            1,
            newsletter.to_owned(),
            String::new(),
            "",
            "",
        ),
        (
            "2026-11-02T09:59:59Z",
            "Bonn",
            1,
            newsletter.to_owned(),
            String::new(),
            "",
            "",
        ),
        (
            "2026-11-02T10:00:00Z",
            "Rome",
            6,
            format!("{guests},{newsletter}"),
            fair("Invited"),
            passed,
            wait,
        ),
        (
            "2026-11-05T09:59:59Z",
            "Rome",
            6,
            format!("{guests},{newsletter}"),
            fair("Invited"),
            passed,
            wait,
        ),
        (
            "2026-11-05T10:00:00Z",
            "Rome",
            6,
            newsletter.to_owned(),
            fair("Attended"),
            passed,
            "",
        ),
    ];
    for (at, city, score, lists, programs, campaigns, waits) in expected {
        let person = format!(
            r#"{{"person_id":1,"id":null,"email":"ann@example.com","city":"{city}","lead_score":{score}}}"#
        );
        tool.run(["person", "show", "ann@example.com", "--at", at, "-f", "jsonl"])
            .stdout(&format!(
                "{{\"person\":{person},\"lists\":[{lists}],\"programs\":[{programs}],\"campaigns\":[{campaigns}],\"waits\":[{waits}]}}\n"
            ))
            .code(0);
    }
    let now = tool
        .run(["person", "show", "ann@example.com", "-f", "jsonl"])
        .into_stdout();
    let end = [
        "person",
        "show",
        "ann@example.com",
        "--at",
        "2026-11-10",
        "-f",
        "jsonl",
    ];
    assert_eq!(
        tool.run(end).into_stdout(),
        now,
        "at the end all is as it is now"
    );
}

#[test]
fn someone_whom_an_event_made_was_not_there_before() {
    tool()
        .run([
            "person",
            "show",
            "zoe@example.com",
            "--at",
            "2026-11-03T09:59:59Z",
        ])
        .stderr(
            "
            error: at 2026-11-03T09:59:59Z there was no such person yet
            help: the person was made at 2026-11-03T10:00:00Z
            ",
        )
        .code(4);
}
