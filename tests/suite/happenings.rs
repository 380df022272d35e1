//! Which rows of a log belong together, who caused them, and which campaigns were active then.

use super::tool::Tool;

/// Returns a person's log in the order in which it was written, a line a row: its place, the place of the first row of
/// its happening, and what it says.
fn happenings(tool: &mut Tool, key: &str) -> Vec<String> {
    let mut rows = tool.rows(format!("person log {key}"));
    rows.sort_by_key(|row| row["activity_id"].as_i64());
    let place = |id: &serde_json::Value| id.as_i64().unwrap() & 0x00ff_ffff;
    rows.iter()
        .map(|row| {
            format!(
                "{} {} {} {}",
                place(&row["activity_id"]),
                place(&row["happening"]),
                row["type"].as_str().unwrap(),
                row["primary_value"].as_str().unwrap_or("-")
            )
        })
        .collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A visit scores and is followed up two days later; a form moves people; Weekly is a batch campaign; Follow-up executes
/// Child.
fn tool() -> Tool {
    Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file(
            "campaigns/campaigns.yaml",
            "
            name: Visit
            smart_list: { triggers: [ visits_web_page: any ] }
            flow:
              - change_score: +5
              - wait: 2 days
              - execute_campaign: Child
            qualification: every_time
            active: true
            ---
            name: Child
            executable: true
            flow: [ add_to_list: Guests ]
            qualification: every_time
            ---
            name: Scored
            smart_list: { triggers: [ score_is_changed: any ] }
            flow: [ interesting_moment: { type: Web, description: x } ]
            qualification: every_time
            active: true
            ---
            name: Weekly
            smart_list: { filters: [ not_visited_web_page: /none ] }
            flow: [ change_score: +1, remove_from_list: Others ]
            qualification: every_time
            ",
        )
        .file("people.csv", "email,city\nann@example.com,Oslo\n")
        .file(
            "events.jsonl",
            r#"
            {"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/a"}
            {"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/b"}
            {"at":"2026-11-03T10:00:00Z","person":"zoe@example.com","type":"fills_out_form","form":"Contact"}
            {"at":"2026-11-03T11:00:00Z","person":"zoe@example.com","type":"fills_out_form","form":"Contact","city":"Rome"}
            "#,
        )
        .file("list.csv", "email,city\nzoe@example.com,Bonn\nann@example.com,Oslo\nbob@example.com,Kyiv\n")
}

#[test]
fn everything_that_one_event_wake_up_entry_or_line_of_a_list_led_to_is_one_happening() {
    let mut tool = tool();
    for line in [
        "campaign load campaigns",
        "person load people.csv",
        "campaign replay-events events.jsonl --until 2026-11-05",
        "campaign run Weekly --now 2026-11-06",
        "person load list.csv --as-activities --list Guests --now 2026-11-07",
    ] {
        tool.done(line);
    }
    assert_eq!(
        happenings(&mut tool, "ann@example.com"),
        lines(
            "
            0 0 visit_webpage /a
            1 0 change_score lead_score
            2 0 wait_started -
            3 0 interesting_moment Web
            4 4 visit_webpage /b
            5 4 change_score lead_score
            6 4 wait_started -
            7 4 interesting_moment Web
            8 8 wait_ended -
            9 8 execute_campaign Child
            10 8 add_to_list Guests
            11 11 wait_ended -
            12 11 execute_campaign Child
            13 11 add_to_list Guests
            14 14 change_score lead_score
            15 14 remove_from_list Others
            16 14 interesting_moment Web
            "
        ),
        "two events of one instant, two wake-ups, a batch run; the list says nothing new of her"
    );
    assert_eq!(
        happenings(&mut tool, "zoe@example.com"),
        lines(
            "
            0 0 new_person -
            1 0 fill_out_form Contact
            2 2 fill_out_form Contact
            3 2 change_data_value city
            4 4 change_score lead_score
            5 4 remove_from_list Others
            6 4 interesting_moment Web
            7 7 change_data_value city
            8 7 add_to_list Guests
            "
        ),
        "forms with what they made, a batch run, a line of a list"
    );
    assert_eq!(
        happenings(&mut tool, "bob@example.com"),
        ["0 0 new_person -", "1 0 add_to_list Guests"]
    );
}

#[test]
fn happenings_are_the_same_however_the_work_is_cut() {
    let dump = |chunk: &str| {
        let mut tool = tool().variable("BUGLE_CHUNK", chunk);
        for line in [
            "campaign load campaigns",
            "person load people.csv",
            "campaign replay-events events.jsonl --until 2026-11-05",
            "campaign run Weekly --now 2026-11-06",
            "person load list.csv --as-activities --list Guests --now 2026-11-07",
        ] {
            tool.done(line);
        }
        tool.dump()
    };
    let whole = dump("1000");
    assert!(whole.contains(r#""happening":16777220,"activation":2,"#));
    assert_eq!(dump("1"), whole);
}

#[test]
fn the_campaign_in_marketo_that_caused_an_event_is_kept() {
    let mut tool = tool().bytes(
        "extract.csv",
        b"marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes\n\
          1,a1,2026-11-02T10:00:00Z,10,null,5,spring,{}\n\
          2,a1,2026-11-02T11:00:00Z,10,7,5,spring,{}\n",
    );
    tool = tool.file("people.csv", "id\na1\n");
    for line in [
        "campaign load campaigns",
        "person load people.csv",
        "campaign replay-events extract.csv --until 2026-11-03",
    ] {
        tool.done(line);
    }
    let rows = tool.rows("person log a1");
    let kept: Vec<_> = rows
        .iter()
        .map(|row| (row["event_id"].as_str().unwrap(), &row["marketo_campaign"]))
        .collect();
    assert_eq!(
        kept,
        [
            ("1", &serde_json::Value::Null),
            ("2", &serde_json::Value::from(7))
        ]
    );
}

#[test]
fn activation_has_a_history_in_the_order_of_commands() {
    let mut tool = tool();
    for line in [
        "campaign load campaigns",
        "campaign deactivate Visit --now 2026-11-05",
        "campaign deactivate Visit --now 2026-11-06",
        "campaign activate Visit --now 2026-11-07",
        "campaign load campaigns --now 2026-11-08",
        "campaign deactivate Visit --now 2026-11-09",
        "campaign load campaigns --now 2026-11-10",
    ] {
        tool.done(line);
    }
    std::fs::remove_file(tool.path("campaigns/campaigns.yaml")).unwrap();
    let mut tool = tool.file("campaigns/workspace.yaml", "time_zone: UTC\n");
    tool.done("campaign load campaigns --prune --now 2026-11-11");
    let shown = tool.rows("campaign show Visit");
    assert_eq!(
        shown[0]["activation"].to_string(),
        r#"[{"at":"2026-11-01T00:00:00Z","active":true,"by":"load"},{"at":"2026-11-05T00:00:00Z","active":false,"by":"deactivate"},{"at":"2026-11-07T00:00:00Z","active":true,"by":"activate"},{"at":"2026-11-09T00:00:00Z","active":false,"by":"deactivate"},{"at":"2026-11-10T00:00:00Z","active":true,"by":"load"},{"at":"2026-11-11T00:00:00Z","active":false,"by":"prune"}]"#
    );
    let output = tool.dumped("activation");
    assert_eq!(
        output,
        [
            r#"{"activation":"Visit","number":1,"at":"2026-11-01T00:00:00Z","active":1,"by":"load"}"#,
            r#"{"activation":"Scored","number":2,"at":"2026-11-01T00:00:00Z","active":1,"by":"load"}"#,
            r#"{"activation":"Visit","number":3,"at":"2026-11-05T00:00:00Z","active":0,"by":"deactivate"}"#,
            r#"{"activation":"Visit","number":4,"at":"2026-11-07T00:00:00Z","active":1,"by":"activate"}"#,
            r#"{"activation":"Visit","number":5,"at":"2026-11-09T00:00:00Z","active":0,"by":"deactivate"}"#,
            r#"{"activation":"Visit","number":6,"at":"2026-11-10T00:00:00Z","active":1,"by":"load"}"#,
            r#"{"activation":"Visit","number":7,"at":"2026-11-11T00:00:00Z","active":0,"by":"prune"}"#,
            r#"{"activation":"Scored","number":8,"at":"2026-11-11T00:00:00Z","active":0,"by":"prune"}"#,
        ]
    );
}

#[test]
fn people_without_email_are_named_by_their_id_everywhere() {
    let mut tool = tool().file("people.csv", "id\nx7\n").file(
        "events.jsonl",
        r#"{"at":"2026-11-02T10:00:00Z","person":"x7","type":"visits_web_page","web_page":"/a"}"#,
    );
    for line in [
        "campaign load campaigns",
        "person load people.csv",
        "campaign replay-events events.jsonl --until 2026-11-03",
    ] {
        tool.done(line);
    }
    let best = |rows: Vec<serde_json::Value>| {
        let names = rows
            .iter()
            .map(|row| format!("{} {} {}", row["email"], row["id"], row["person"]));
        let mut names: Vec<String> = names.collect();
        names.dedup();
        names
    };
    for command in [
        "person log x7",
        "campaign log Visit",
        "campaign members Visit",
        "campaign members Visit --waiting",
        "campaign advance --until 2026-11-05 --dry-run",
        "campaign explain Visit --person x7",
    ] {
        assert_eq!(
            best(tool.rows(command)),
            [r#"null "x7" "x7""#],
            "{command:?}"
        );
    }
    tool.run("campaign members Visit")
        .stdout(
            "
            person_id  person  first qualified      last qualified       times
            ──────────────────────────────────────────────────────────────────
                    1  x7      2026-11-02 10:00:00  2026-11-02 10:00:00      1
            ",
        )
        .code(0);
}

#[test]
fn the_queries_of_the_data_reference_answer() {
    let mut tool = tool().file(
        "events.jsonl",
        r#"
        {"id":"w-16","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/a"}
        {"id":"w-17","at":"2026-11-02T11:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/b"}
        "#,
    );
    for line in [
        "campaign load campaigns",
        "person load people.csv",
        "campaign replay-events events.jsonl --until 2026-11-03",
        "campaign deactivate Visit",
    ] {
        tool.done(line);
    }
    let ask = |sql: &str| tool.query(&sql.replace("Pricing page follow-up", "Visit"));
    let reference = include_str!("../../docs/data.md");
    let mut queries = reference
        .split("```sql\n")
        .skip(1)
        .map(|rest| ask(rest.split("```").next().unwrap()));
    assert_eq!(
        queries.next().unwrap(),
        "change_score|lead_score|2\nwait_started|-|2\n"
    );
    assert_eq!(
        queries.next().unwrap(),
        "visit_webpage|/b|-|-|-\n\
         change_score|lead_score|Visit|1|succeeded\n\
         wait_started|-|Visit|2|succeeded\n\
         interesting_moment|Web|Scored|1|succeeded\n"
    );
    assert_eq!(queries.next().unwrap(), "1\n", "active when it was taken");
    assert!(queries.next().is_none());
}
