//! Event files of other systems: paths, type maps, envelopes and presets.

use crate::tool::Tool;

const PEOPLE: &str = "id,email,first_name\nu1,ann@example.com,Ann\nu2,ben@example.com,Ben\n";

/// A database with two people, who have an id and an email.
fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-12-01T00:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            time_zone: America/New_York
            activities:
              won_deal:
                id: 100010
                primary: segment
                attributes: { amount: float, won: boolean }
            ",
        )
        .file(
            "campaigns/deal.yaml",
            "
            name: Deal
            smart_list: { triggers: [ won_deal: any ] }
            flow: [ add_to_list: Won ]
            active: true
            ",
        )
        .bytes("people.csv", PEOPLE.as_bytes());
    tool.run(["campaign", "load", "-q"])
        .any_stdout()
        .any_stderr()
        .code(0);
    tool.run(["person", "load", "people.csv", "--key", "email", "-q"])
        .any_stdout()
        .any_stderr()
        .code(0);
    tool
}

/// Replays a file and returns the logged events as `person type primary attributes`.
#[track_caller]
fn logged(tool: &mut Tool, options: &[&str]) -> Vec<String> {
    let mut command = vec!["campaign", "replay-events", "-q"];
    command.extend(options);
    tool.run(command).any_stdout().code(0);
    log(tool)
}

fn log(tool: &mut Tool) -> Vec<String> {
    let mut rows = Vec::new();
    for person in ["ann@example.com", "ben@example.com"] {
        for row in tool.rows(["person", "log", person]) {
            if row["campaign"].is_null() {
                rows.push(format!(
                    "{} {} {} {} {}",
                    row["email"].as_str().unwrap(),
                    row["at"].as_str().unwrap(),
                    row["type"].as_str().unwrap(),
                    row["primary_value"].as_str().unwrap_or("-"),
                    row["attributes"]
                ));
            }
        }
    }
    rows
}

#[test]
fn a_path_reaches_into_nested_objects_and_spreads_them() {
    let mut tool = tool().bytes(
        "deals.jsonl",
        br#"{"when":"2026-11-02T10:00:00Z","who":{"contact":{"mail":"ann@example.com"}},"kind":"won_deal","type":"ignored","data":{"segment":"pet","amount":12.5,"won":true,"id":"d-1"}}"#,
    );
    assert_eq!(
        logged(
            &mut tool,
            &[
                "deals.jsonl",
                "--map",
                "when=at,who.contact.mail=person,kind=type",
                "--map",
                "data.*=*",
            ],
        ),
        [
            r#"ann@example.com 2026-11-02T10:00:00Z won_deal pet {"amount":12.5,"won":true,"id":"d-1","who":{"contact":{"mail":"ann@example.com"}}}"#
        ]
    );
}

#[test]
fn a_path_that_no_line_has_is_an_error_with_the_nearest_path() {
    let mut tool = tool().bytes(
        "e.jsonl",
        br#"{"at":"2026-11-02T10:00:00Z","type":"won_deal","context":{"traits":{"email":"ann@example.com"}}}"#,
    );
    tool.run([
        "campaign",
        "replay-events",
        "e.jsonl",
        "--map",
        "context.trait.email=person",
    ])
    .stderr(
        "
        error: e.jsonl:1:1: no `person`
        help: every event needs `person`, an email or an id; `--map \"name=person\"` takes it from another name
        error: e.jsonl:1:1: no column or key `context.trait.email`, which `--map` renames
        help: did you mean `context.traits.email` or `context`?
        ",
    )
    .code(1);
}

#[test]
fn a_value_that_only_some_lines_lack_is_no_error() {
    let mut tool = tool().bytes(
        "e.jsonl",
        br#"{"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"won_deal","x":{"segment":"pet"}}
{"at":"2026-11-02T11:00:00Z","person":"ann@example.com","type":"won_deal"}
"#,
    );
    let rows = logged(&mut tool, &["e.jsonl", "--map", "x.segment=segment"]);
    assert_eq!(rows.len(), 2);
    assert!(rows[1].ends_with("won_deal - {}"), "{}", rows[1]);
}

#[test]
fn a_type_map_renames_types_and_the_rest_is_set_aside() {
    let mut tool = tool()
        .file("types.yaml", "\"Order Completed\": won_deal\n")
        .bytes(
            "e.csv",
            b"at,person,event\n2026-11-02T10:00:00Z,ann@example.com,Order Completed\n2026-11-02T11:00:00Z,ann@example.com,Cart Viewed\n",
        );
    tool.run([
        "campaign",
        "replay-events",
        "e.csv",
        "--map",
        "event=type",
        "--type-map",
        "types.yaml",
        "-q",
    ])
    .any_stdout()
    .any_stderr()
    .code(6);
    assert_eq!(
        log(&mut tool),
        ["ann@example.com 2026-11-02T10:00:00Z won_deal - {}"]
    );
    tool.run([
        "campaign",
        "replay-events",
        "e.csv",
        "--map",
        "event=type",
        "--type-map",
        "missing.yaml",
    ])
    .any_stderr()
    .code(3);
}

#[test]
fn a_type_map_that_names_a_type_twice_is_refused() {
    let types = "Order: won_deal\nOrder: visit_webpage\n";
    let mut tool = tool()
        .file("types.yaml", types)
        .bytes("e.csv", b"at,person,type\n");
    tool.run("campaign replay-events e.csv --type-map types.yaml")
        .stderr(
            "
            error: `types.yaml` is not a map of types: `Order` is there twice
            help: write one line for each type, such as `\"Order Completed\": won_deal`
            ",
        )
        .code(1);
}

#[test]
fn a_type_map_to_an_unknown_type_is_refused() {
    let mut tool = tool()
        .file("types.yaml", "\"Order Completed\": won_deel\n")
        .bytes("e.csv", b"at,person,type\n");
    tool.run([
        "campaign",
        "replay-events",
        "e.csv",
        "--type-map",
        "types.yaml",
    ])
    .stderr(
        "
        error: there is no activity type `won_deel`
        help: did you mean `won_deal`?
        ",
    )
    .code(4);
}

#[test]
fn an_array_and_an_envelope_are_read_item_by_item() {
    let event = |hour: u32| {
        format!(
            "{{\n  \"at\": \"2026-11-02T{hour}:00:00Z\",\n  \"person\": \"ann@example.com\",\n  \"type\": \"won_deal\"\n}}"
        )
    };
    let array = format!("[\n{},\n{}\n]\n", event(10), event(11));
    let envelope = format!(
        "{{\"requestId\": \"a[b\", \"success\": true, \"result\": [{}, {}], \"moreResult\": false}}",
        event(10),
        event(11)
    );
    for text in [array, envelope] {
        let mut tool = tool().bytes("e.json", text.as_bytes());
        let rows = logged(&mut tool, &["e.json"]);
        assert_eq!(rows.len(), 2, "{text}");
    }
}

#[test]
fn an_error_inside_an_envelope_has_its_place_in_the_file() {
    let mut tool = tool().bytes(
        "e.json",
        b"{\n \"data\": [\n  {\"at\": \"2026-11-02T10:00:00Z\",\n   \"person\": \"ann@example.com\", \"type\": wrong}\n ]\n}\n",
    );
    tool.run(["campaign", "replay-events", "e.json"])
        .stderr(
            "
            error: e.json:4:41: a value is expected here
                ",
        )
        .code(1);
}

#[test]
fn one_event_over_several_lines_is_recognised() {
    let mut tool = tool().bytes(
        "e.json",
        b"{\n  \"at\": \"2026-11-02T10:00:00Z\",\n  \"person\": \"ann@example.com\",\n  \"type\": \"won_deal\"\n}\n",
    );
    tool.run(["campaign", "replay-events", "e.json"])
        .stderr(
            "
            error: e.json:1:1: one event over several lines
            help: write each event on one line, or all of them in one JSON array
                ",
        )
        .code(1);
}

#[test]
fn segment_calls_are_events_visits_and_changes_of_fields() {
    let mut tool = tool().bytes(
        "segment.jsonl",
        br#"{"type":"track","event":"won_deal","userId":"u1","messageId":"m1","timestamp":"2026-11-02T10:00:00Z","properties":{"segment":"pet","type":"inner"},"context":{"ip":"1.2.3.4"}}
{"type":"page","name":"Pricing","userId":"u1","messageId":"m2","timestamp":"2026-11-02T11:00:00Z","properties":{"path":"/pricing","title":"Prices"}}
{"type":"identify","userId":"u2","messageId":"m3","timestamp":"2026-11-02T12:00:00Z","traits":{"city":"Rome","first_name":"Benno"}}
"#,
    );
    tool.run(["campaign", "replay-events", "segment.jsonl"])
        .any_stdout()
        .stderr("note: segment.jsonl is read as events of `--from segment`\n")
        .code(0);
    assert_eq!(
        log(&mut tool),
        [
            r#"ann@example.com 2026-11-02T10:00:00Z won_deal pet {"type":"inner"}"#,
            r#"ann@example.com 2026-11-02T11:00:00Z visit_webpage /pricing {"path":"/pricing","title":"Prices"}"#,
            r#"ben@example.com 2026-11-02T12:00:00Z change_data_value city {"new_value":"Rome"}"#,
            r#"ben@example.com 2026-11-02T12:00:00Z change_data_value first_name {"new_value":"Benno","previous_value":"Ben"}"#,
        ]
    );
}

#[test]
fn every_preset_finds_person_instant_type_identity_and_attributes() {
    let cases: [(&str, &[&str], &str, &str); 5] = [
        (
            r#"[{"specversion":"1.0","id":"7","source":"/shop","type":"won_deal","time":"2026-11-02T10:00:00Z","subject":"ann@example.com","data":{"segment":"pet","amount":5}}]"#,
            &[],
            "cloudevents",
            r#"ann@example.com 2026-11-02T10:00:00Z won_deal pet {"amount":5.0}"#,
        ),
        (
            r#"{"data":[{"type":"event","id":"k1","attributes":{"timestamp":1793613600,"event_properties":{"segment":"pet"},"datetime":"2026-11-02T10:00:00+00:00","uuid":"x-1"},"relationships":{"profile":{"data":{"type":"profile","id":"u1"}},"metric":{"data":{"type":"metric","id":"M1"}}}}]}"#,
            &["--type-map", "types.yaml"],
            "klaviyo",
            "ann@example.com 2026-11-02T10:00:00Z won_deal pet {}",
        ),
        (
            r#"{"id":"b1","user_id":"x","external_user_id":{"string":"u1"},"time":1793613600,"segment":{"string":"pet"},"canvas_id":null}"#,
            &["--type", "won_deal"],
            "braze",
            "ann@example.com 2026-11-02T10:00:00Z won_deal pet {}",
        ),
        (
            r#"{"event":"won_deal","event_id":"s1","user_id":"u1","derived_tstamp":"2026-11-02 10:00:00.250","segment":"pet"}"#,
            &[],
            "snowplow",
            "ann@example.com 2026-11-02T10:00:00.250Z won_deal pet {}",
        ),
        (
            r#"{"requestId":"r","success":true,"result":[{"id":9,"marketoGUID":"9","leadId":"u1","activityDate":"2026-11-02T10:00:00Z","activityTypeId":13,"fields":[{"id":1,"name":"city","newValue":"Rome","oldValue":null}],"attributes":[{"name":"Source","value":"Web form fillout"}]}]}"#,
            &[],
            "marketo-rest",
            r#"ann@example.com 2026-11-02T10:00:00Z change_data_value city {"new_value":"Rome","source":"Web form fillout","id":9}"#,
        ),
    ];
    for (line, options, name, expected) in cases {
        let mut tool = tool()
            .file("types.yaml", "M1: won_deal\n")
            .bytes("e.json", line.as_bytes());
        let mut command = vec!["campaign", "replay-events", "e.json"];
        command.extend(options);
        tool.run(command)
            .any_stdout()
            .stderr(&format!(
                "note: e.json is read as events of `--from {name}`\n"
            ))
            .code(0);
        assert_eq!(log(&mut tool), [expected], "{name}");
        let again: Vec<&str> = ["campaign", "replay-events", "e.json", "--from", name]
            .into_iter()
            .chain(options.iter().copied())
            .collect();
        let row = tool.rows(&again).remove(0);
        assert_eq!(
            (&row["taken"], &row["already_taken"]),
            (&0.into(), &1.into()),
            "{name}: the identity is found again"
        );
    }
}

/// Replays some events, and returns the log with the ids of events.
fn replayed(lines: &str, options: &[&str]) -> (serde_json::Value, Vec<String>) {
    let mut tool = tool().bytes("e.json", lines.as_bytes());
    let command = ["campaign", "replay-events", "e.json", "--no-progress"];
    let command: Vec<&str> = command.iter().chain(options).copied().collect();
    let counts = tool.rows(&command).remove(0);
    let rows = tool.rows(["person", "log", "ann@example.com"]);
    let events = rows.iter().filter(|row| row["campaign"].is_null());
    let said = events.map(|row| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let parts = [text("event_id"), text("type"), text("primary_value")];
        format!("{} {}", parts.join(" "), row["attributes"])
    });
    (counts, said.collect())
}

#[test]
fn a_cloud_event_is_known_by_its_source_and_id() {
    let event = |source: &str, id: &str| {
        format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"{source}","type":"won_deal","time":"2026-11-02T10:00:00Z","subject":"ann@example.com","data":{{"segment":"pet"}}}}"#
        )
    };
    let lines = [
        event("/shop", "1"),
        event("/shop", "1"),
        event("/shop", "2"),
        event("/fair", "1"),
    ];
    let (counts, log) = replayed(&lines.join("\n"), &[]);
    assert_eq!(
        log,
        [
            "/shop 1 won_deal pet {}",
            "/shop 2 won_deal pet {}",
            "/fair 1 won_deal pet {}",
        ]
    );
    assert_eq!(counts["already_taken"], 1, "{counts}");
}

#[test]
fn what_a_call_says_of_a_person_keeps_its_type() {
    let (_, log) = replayed(
        r#"{"type":"identify","userId":"u1","messageId":"m1","timestamp":"2026-11-02T10:00:00Z","traits":{"city":7,"size":1.50,"fan":true,"tags":["a",{"b":null}],"gone":null}}"#,
        &[],
    );
    assert_eq!(
        log,
        [
            r#"m1 change_data_value city {"new_value":"7"}"#,
            r#"m1/size change_data_value size {"new_value":1.5}"#,
            r#"m1/fan change_data_value fan {"new_value":true}"#,
            r#"m1/tags change_data_value tags {"new_value":["a",{"b":null}]}"#,
        ]
    );
}

#[test]
fn a_call_or_lead_change_without_fields_is_not_lost() {
    let call = r#"{"type":"identify","userId":"u1","messageId":"m1","timestamp":"2026-11-02T10:00:00Z","traits":{"city":null}}"#;
    let mut set_aside = tool().bytes("e.json", call.as_bytes());
    set_aside
        .run("campaign replay-events e.json")
        .any_stdout()
        .stderr(
            "note: e.json is read as events of `--from segment`\n\
             warning: 1 event of the unknown type `identify` set aside\n",
        )
        .code(6);
    let (_, log) = replayed(
        r#"{"result":[{"id":9,"marketoGUID":"9","leadId":"u1","activityDate":"2026-11-02T10:00:00Z","activityTypeId":12,"fields":[],"attributes":[{"name":"Source Type","value":"New lead"}]}]}"#,
        &["--history"],
    );
    assert_eq!(log, [r#"9 new_person  {"source_type":"New lead","id":9}"#]);
}

#[test]
fn a_file_that_is_refused_is_said_to_have_been_read_as_events_of_a_system() {
    let event = r#"{"specversion":"1.0","id":"7","source":"/shop","type":"won_deal","time":"2026-11-02T10:00:00Z","data":{"segment":"pet"}}"#;
    let mut tool = tool().bytes("e.json", event.as_bytes());
    tool.run("campaign replay-events e.json")
        .stdout("")
        .stderr(
            "note: e.json is read as events of `--from cloudevents`\n\
             error: e.json:1:1: no `person`\n\
             help: every event needs `person`, an email or an id; `--map \"name=person\"` takes it from another name\n",
        )
        .code(1);
}

#[test]
fn an_unknown_preset_is_a_usage_error() {
    let mut tool = tool().bytes("e.jsonl", b"{}\n");
    tool.run(["campaign", "replay-events", "e.jsonl", "--from", "hubspot"])
        .any_stderr()
        .code(2);
}
