//! One person as they were, right across loads, events, flows and waits.

use super::tool::Tool;

/// Ann is loaded in Oslo, moved to Bonn and onto a list by a second load, to Rome by a flow, which then holds her for
/// three days.
fn moving() -> Tool {
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
    tool.load();
    tool.done("person load first.csv");
    tool.done("person load second.csv --list Newsletter --now 2026-11-01T12:00:00Z");
    tool.done("campaign replay-events events.jsonl --until 2026-11-10");
    tool
}

#[test]
fn a_person_is_shown_as_they_were_at_each_instant() {
    let mut tool = moving();
    let newsletter = r#"{"list":"Newsletter","added_at":"2026-11-01T12:00:00Z"}"#;
    let guests = r#"{"list":"Guests","added_at":"2026-11-02T10:00:00Z"}"#;
    let passed = r#"{"campaign":"Fair.Visit","first_qualified_at":"2026-11-02T10:00:00Z","last_qualified_at":"2026-11-02T10:00:00Z","times":1}"#;
    let wait = r#"{"campaign":"Fair.Visit","person_id":1,"email":"ann@example.com","id":null,"person":"ann@example.com","step":5,"since":"2026-11-02T10:00:00Z","until":"2026-11-05T10:00:00Z","version":null}"#;
    let fair = |status: &str| {
        format!(
            r#"{{"program":"Fair","status":"{status}","success":false,"success_at":null,"since":"2026-11-02T10:00:00Z","acquired_by":true,"fields":{{}}}}"#
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
        // When the person last changed before is not recorded.
        let kept = |known: &str| {
            if at >= known {
                format!("\"{known}\"")
            } else {
                "null".to_owned()
            }
        };
        let acquired = if programs.is_empty() {
            r#""acquisition_date":null,"acquisition_program":null,"acquisition_program_name":null"#
        } else {
            r#""acquisition_date":"2026-11-02T10:00:00Z","acquisition_program":"Fair","acquisition_program_name":"Fair""#
        };
        let person = format!(
            r#"{{"person_id":1,"id":null,"email":"ann@example.com","created_at":{},"updated_at":{},"city":"{city}","lead_score":{score},{acquired}}}"#,
            kept("2026-11-01T00:00:00Z"),
            kept("2026-11-02T10:00:00Z"),
        );
        tool.run(["person", "show", "ann@example.com", "--at", at, "-f", "jsonl"])
            .stdout(&format!(
                "{{\"person\":{person},\"lists\":[{lists}],\"programs\":[{programs}],\"campaigns\":[{campaigns}],\"waits\":[{waits}]}}\n"
            ))
            .code(0);
    }
    let now = tool.text("person show ann@example.com -f jsonl");
    let end = [
        "person",
        "show",
        "ann@example.com",
        "--at",
        "2026-11-10",
        "-f",
        "jsonl",
    ];
    assert_eq!(tool.text(end), now, "at the end all is as it is now");
}

#[test]
fn someone_whom_an_event_made_was_not_there_before() {
    moving()
        .run("person show zoe@example.com --at 2026-11-03T09:59:59Z")
        .stderr(
            "
            error: at 2026-11-03T09:59:59Z there was no such person yet
            help: the person was made at 2026-11-03T10:00:00Z
            ",
        )
        .code(4);
}

/// Ann is loaded in Oslo. Replayed are a visit and a move to Rome, then a late move to Bonn, then one to Kyiv at the very
/// instant of two loads that follow; and a New Person of Ann, who is there already.
fn moved() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-05T00:00:00Z")
        .file("campaigns/workspace.yaml", "time_zone: UTC")
        .file("first.csv", "email,city\nann@example.com,Oslo\n")
        .file(
            "events.jsonl",
            r#"
            {"at":"2026-11-03T00:00:00Z","person":"ann@example.com","type":"new_person"}
            {"at":"2026-11-03T00:00:00Z","person":"ann@example.com","type":"change_data_value","field":"city","new_value":"Rome"}
            "#,
        )
        .file(
            "late.jsonl",
            r#"
            {"at":"2026-11-02T00:00:00Z","person":"ann@example.com","type":"change_data_value","field":"city","new_value":"Bonn"}
            {"at":"2026-11-02T00:00:00Z","person":"ann@example.com","type":"added_to_list","list":"Movers"}
            {"at":"2026-11-05T00:00:00Z","person":"ann@example.com","type":"change_data_value","field":"city","new_value":"Kyiv"}
            "#,
        )
        .file("second.csv", "email,city,unsubscribed\nann@example.com,Paris,true\n")
        .file("third.csv", "email,city\nann@example.com,Lima\n")
        .file("fourth.csv", "email,city\nann@example.com,Cairo\n");
    tool.load();
    tool.done("person load first.csv --now 2026-11-01");
    tool.done("campaign replay-events events.jsonl");
    tool.done("campaign replay-events late.jsonl");
    tool.done("person load second.csv");
    tool.done("person load third.csv");
    tool.done("person load fourth.csv --now 2026-11-07");
    tool
}

#[test]
fn the_past_is_right_across_loads_and_late_events() {
    let mut tool = moved();
    let mut then = |at: &str| {
        let line = format!("person show ann@example.com -f json --at {at}");
        let output = tool.text(line);
        let output: serde_json::Value = serde_json::from_str(&output).unwrap();
        let lists = output["lists"].as_array().unwrap().len();
        let (city, out) = (&output["person"]["city"], &output["person"]["unsubscribed"]);
        format!("{} {out} {lists}", city.as_str().unwrap())
    };
    for (at, expected, because) in [
        (
            "2020-01-01",
            "Oslo false 0",
            "who was loaded has always existed",
        ),
        (
            "2026-11-01",
            "Oslo false 0",
            "a New Person of someone known makes nobody; a late event's old value is not the first",
        ),
        (
            "2026-11-02",
            "Bonn false 1",
            "a late event counts from its own instant",
        ),
        (
            "2026-11-03",
            "Rome false 1",
            "and up to the next change in the order of the log",
        ),
        (
            "2026-11-04T23:59:59.999999Z",
            "Rome false 1",
            "one microsecond before",
        ),
        (
            "2026-11-05",
            "Lima true 1",
            "the last of an event and two loads of one instant, as they happened",
        ),
        ("2026-11-06", "Lima true 1", "between two loads"),
        ("2026-11-07", "Cairo true 1", "at a load"),
        ("2030-01-01", "Cairo true 1", "nothing has changed since"),
    ] {
        assert_eq!(then(at), expected, "{at}: {because}");
    }
}

#[test]
fn explain_and_the_log_show_the_same_past() {
    let mut tool = moved().file(
        "campaigns/rome.yaml",
        "
        name: Rome
        smart_list: { filters: [ city: Rome, not_was_added_to_list: Movers ], logic: any }
        flow: [ interesting_moment: { type: Web, description: x } ]
        ",
    );
    tool.load();
    let mut then = |at: &str| {
        let line = format!("campaign explain Rome --person ann@example.com -f json --at {at}");
        let output = tool.text(line);
        let output: serde_json::Value = serde_json::from_str(&output).unwrap();
        let rules = output["rules"].as_array().unwrap();
        let leaves = rules.iter().filter(|rule| rule["rule"] != "group");
        let held: Vec<String> = leaves
            .take(2)
            .map(|rule| rule["holds"].to_string())
            .collect();
        let line = format!("person log ann@example.com -f jsonl --until {at}");
        let rows = tool.text(line).lines().count();
        format!("{} {rows}", held.join(" "))
    };
    for (at, expected) in [
        ("2026-11-01", "false true 0"),
        ("2026-11-02", "false false 2"),
        ("2026-11-03", "true false 4"),
        ("2026-11-05", "false false 5"),
    ] {
        assert_eq!(then(at), expected, "{at}");
    }
}

#[test]
fn a_list_is_one_with_and_without_its_program_before_it() {
    let mut tool = Tool::new()
        .now("2026-12-01T00:00:00Z")
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            smart_list:
              triggers: [ visits_web_page: any ]
              filters: [ member_of_list: Spring.VIP ]
            flow: [ remove_from_list: Spring.VIP ]
            active: true
            ",
        )
        .file("people.csv", "email\nann@example.com\n")
        .loaded();
    tool.replay(
        r#"{"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"add_to_list","list":"vip"}
{"at":"2026-11-03T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
{"at":"2026-11-04T10:00:00Z","person":"ann@example.com","type":"add_to_list","list":"Spring.VIP"}
{"at":"2026-11-05T10:00:00Z","person":"ann@example.com","type":"remove_from_list","list":"VIP"}
"#,
    );
    let since = |at: &str| format!(r#"[{{"list":"Spring.VIP","added_at":"{at}T10:00:00Z"}}]"#);
    for (at, expected) in [
        ("2026-11-02", "[]".to_owned()),
        ("2026-11-02T12:00:00Z", since("2026-11-02")),
        ("2026-11-03T12:00:00Z", "[]".to_owned()),
        ("2026-11-04T12:00:00Z", since("2026-11-04")),
        ("2026-11-05T12:00:00Z", "[]".to_owned()),
    ] {
        let shown = tool.row(["person", "show", "ann@example.com", "--at", at]);
        assert_eq!(shown["lists"].to_string(), expected, "{at}");
    }
    for (at, expected) in [
        ("2026-11-02T12:00:00Z", true),
        ("2026-11-03T12:00:00Z", false),
    ] {
        let explained = tool.text([
            "campaign",
            "explain",
            "Visit",
            "--person",
            "ann@example.com",
            "--at",
            at,
            "-f",
            "json",
        ]);
        let explained: serde_json::Value = serde_json::from_str(&explained).unwrap();
        let mut rules = explained["rules"].as_array().unwrap().iter();
        let filter = rules.find(|rule| rule["part"] == "filter").unwrap();
        assert_eq!(filter["holds"], expected, "{at}");
    }
}
