//! What surprises people who come to smart campaigns, each surprise a test; `docs/engine.md` lists them.

use super::tool::Tool;

/// Three people, and campaigns that are active; every file is `campaigns/N.yaml`.
fn three<const N: usize>(campaigns: [&str; N]) -> Tool {
    let mut tool = Tool::new().now("2026-11-30T00:00:00Z").file(
        "people.csv",
        "
        email,first_name,lead_score,unsubscribed
        ann@example.com,Ann,50,true
        ben@example.com,Ben,5,
        cleo@example.com,Cleo,,
        ",
    );
    tool = tool.file("campaigns/workspace.yaml", "time_zone: UTC\n");
    for (number, campaign) in campaigns.iter().enumerate() {
        tool = tool.file(&format!("campaigns/{number}.yaml"), campaign);
    }
    tool.load();
    tool.done("person load people.csv");
    tool
}

/// Replays events, a line each without braces: `"at":…` and the rest.
fn replay(tool: Tool, events: &[&str]) -> Tool {
    let lines: Vec<String> = events
        .iter()
        .map(|event| format!("{{{event}}}\n"))
        .collect();
    let mut tool = tool.bytes("events.jsonl", lines.concat().as_bytes());
    tool.done("campaign replay-events events.jsonl");
    tool
}

/// Who entered a campaign, how often: `ann 1, ben 2`.
fn entered(tool: &mut Tool, campaign: &str) -> String {
    let rows = tool.text(["campaign", "members", campaign, "-f", "csv"]);
    let people: Vec<String> = rows
        .lines()
        .skip(1)
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            format!("{} {}", cells[2].split_once('@').unwrap().0, cells[7])
        })
        .collect();
    people.join(", ")
}

fn matching(tool: &mut Tool, filter: &str) -> String {
    let rows = tool.text(["person", "list", "--filter", filter, "-f", "csv"]);
    let names = rows
        .lines()
        .skip(1)
        .map(|row| row.split(',').nth(3).unwrap());
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn triggers_are_joined_by_or_whatever_the_logic_says() {
    let campaign = |name: &str, logic: &str| {
        format!(
            "
            name: {name}
            smart_list:
              triggers: [ visits_web_page: /a, visits_web_page: /b ]
              filters: [ first_name: Ann, lead_score: {{ at_least: 10 }}, last_name: Nobody ]
              logic: {logic}
            flow: [ add_to_list: Seen ]
            active: true
            "
        )
    };
    let all = campaign("All", "all");
    let any = campaign("Any", "any");
    let some = campaign("Some", "\"1 and (2 or 3)\"");
    let mut tool = replay(
        three([&all, &any, &some]),
        &[
            r#""at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/b""#,
            r#""at":"2026-11-01T10:00:00Z","person":"ben@example.com","type":"visits_web_page","web_page":"/a""#,
        ],
    );
    assert_eq!(entered(&mut tool, "All"), "");
    assert_eq!(entered(&mut tool, "Any"), "ann 1");
    assert_eq!(entered(&mut tool, "Some"), "ann 1");
}

#[test]
fn without_a_rule_each_person_passes_once_ever() {
    let mut tool = three(["
        name: Letter
        smart_list: { filters: [ lead_score: { at_least: 10 } ] }
        flow: [ change_score: +1 ]
        "]);
    for (line, qualified) in [
        ("campaign run Letter", 1),
        ("campaign run Letter --again", 0),
    ] {
        let summary = tool.text(format!("{line} -f jsonl"));
        assert!(
            summary.contains(&format!("\"qualified\":{qualified},")),
            "{summary}"
        );
    }
}

#[test]
fn constraints_bind_to_one_activity_and_two_filters_may_hold_for_two() {
    let mut tool = replay(
        three([]),
        &[
            r#""at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"clicks_link_in_email","email":"spring","link":"/a""#,
            r#""at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"clicks_link_in_email","email":"autumn","link":"/b""#,
            r#""at":"2026-11-03T10:00:00Z","person":"ben@example.com","type":"clicks_link_in_email","email":"spring","link":"/b""#,
        ],
    );
    let one = "clicked_link_in_email: { email: spring, link: /b }";
    assert_eq!(matching(&mut tool, one), "Ben");
    let two =
        "all: [ clicked_link_in_email: { email: spring }, clicked_link_in_email: { link: /b } ]";
    assert_eq!(matching(&mut tool, two), "Ann Ben");
}

#[test]
fn not_having_done_it_differs_from_having_done_something_else() {
    let mut tool = replay(
        three([]),
        &[
            r#""at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"opens_email","email":"spring""#,
            r#""at":"2026-11-01T10:00:00Z","person":"ben@example.com","type":"opens_email","email":"autumn""#,
            r#""at":"2026-11-02T10:00:00Z","person":"ben@example.com","type":"opens_email","email":"spring""#,
        ],
    );
    assert_eq!(
        matching(&mut tool, "opened_email: { email: { is_not: spring } }"),
        "Ben"
    );
    assert_eq!(matching(&mut tool, "not_opened_email: spring"), "Cleo");
    // Did none of them, not: did not do all of them.
    assert_eq!(
        matching(&mut tool, "not_opened_email: [autumn, winter]"),
        "Ann Cleo"
    );
    assert_eq!(
        matching(&mut tool, "not_opened_email: { min_number_of_times: 2 }"),
        "Ann Cleo"
    );
}

#[test]
fn filters_are_asked_at_the_instant_of_the_event_with_what_a_form_has_set_before() {
    let mut tool = replay(
        three([
            "
            name: Sets
            smart_list: { triggers: [ fills_out_form: Contact ] }
            flow: [ change_data_value: { field: lead_status, value: Open } ]
            active: true
            ",
            "
            name: Reads what the flow sets
            smart_list: { triggers: [ fills_out_form: Contact ], filters: [ lead_status: Open ] }
            flow: [ add_to_list: Seen ]
            active: true
            ",
            "
            name: Reads what the form sets
            smart_list: { triggers: [ fills_out_form: Contact ], filters: [ city: Paris ] }
            flow: [ add_to_list: Seen ]
            active: true
            ",
        ]),
        &[
            r#""at":"2026-11-01T10:00:00Z","person":"ben@example.com","type":"fills_out_form","form":"Contact","city":"Paris""#,
        ],
    );
    assert_eq!(entered(&mut tool, "Sets"), "ben 1");
    assert_eq!(entered(&mut tool, "Reads what the flow sets"), "");
    assert_eq!(entered(&mut tool, "Reads what the form sets"), "ben 1");
}

#[test]
fn first_values_are_no_changes_and_creation_is() {
    let mut tool = replay(
        three([
            "
            name: Changed
            smart_list: { triggers: [ data_value_changes: { field: city } ] }
            flow: [ add_to_list: Seen ]
            active: true
            ",
            "
            name: Created
            smart_list: { triggers: [ person_is_created: any ] }
            flow: [ add_to_list: Seen ]
            active: true
            ",
        ]),
        &[
            r#""at":"2026-11-01T10:00:00Z","person":"dora@example.com","type":"fills_out_form","form":"Contact","city":"Paris""#,
        ],
    );
    assert_eq!(entered(&mut tool, "Changed"), "");
    assert_eq!(entered(&mut tool, "Created"), "dora 1");
}

#[test]
fn clearing_a_boolean_is_no_change_to_false_but_one_to_not_true() {
    let campaign = |name: &str, value: &str| {
        format!(
            "
            name: {name}
            smart_list: {{ triggers: [ data_value_changes: {{ field: do_not_call, new_value: {value} }} ] }}
            flow: [ add_to_list: Seen ]
            qualification: every_time
            active: true
            "
        )
    };
    let is_false = campaign("To false", "false");
    let not_true = campaign("To not true", "{ is_not: true }");
    let change = |at: &str, value: &str| {
        format!(
            r#""at":"2026-11-0{at}T10:00:00Z","person":"ben@example.com","type":"change_data_value","field":"do_not_call","new_value":{value}"#
        )
    };
    let events = [
        change("1", "true"),
        change("2", "null"),
        change("3", "true"),
    ];
    let mut tool = replay(
        three([&is_false, &not_true]),
        &events.each_ref().map(String::as_str),
    );
    assert_eq!(entered(&mut tool, "To false"), "");
    assert_eq!(entered(&mut tool, "To not true"), "ben 1");
}

#[test]
fn people_who_cannot_be_mailed_qualify_and_walk_through_the_flow() {
    let mut tool = three(["
        name: Letter
        smart_list: { filters: [ first_name: Ann ] }
        flow: [ send_email: letter, add_to_list: Reached ]
        "]);
    tool.done("campaign run Letter -f csv");
    tool.run("person log ann@example.com")
        .stdout(
            "
            when                 activity     detail   campaign  step  outcome
            ────────────────────────────────────────────────────────────────────────────────
            2026-11-30 00:00:00  send_email   letter   Letter    1     skipped: unsubscribed
            2026-11-30 00:00:00  add_to_list  Reached  Letter    2     succeeded
            ",
        )
        .code(0);
}

#[test]
fn a_trigger_sends_to_every_record_of_an_address_and_a_batch_to_one() {
    let mut tool = Tool::new()
        .now("2026-11-30T00:00:00Z")
        .file(
            "people.csv",
            "
            id,email
            1,team@example.com
            2,team@example.com
            ",
        )
        .file(
            "campaigns/trigger.yaml",
            "
            name: Trigger
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ send_email: letter ]
            active: true
            ",
        )
        .file(
            "campaigns/batch.yaml",
            "
            name: Batch
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ send_email: letter ]
            ",
        );
    tool.load();
    tool.done("person load people.csv --key id");
    let mut tool = replay(
        tool,
        &[
            r##""at":"2026-11-01T10:00:00Z","person":"#1","type":"visits_web_page","web_page":"/""##,
            r##""at":"2026-11-01T10:00:00Z","person":"#2","type":"visits_web_page","web_page":"/""##,
        ],
    );
    tool.done("campaign run Batch");
    let sent = |tool: &mut Tool, campaign: &str| {
        let rows = tool.text([
            "campaign",
            "log",
            campaign,
            "--type",
            "send_email",
            "-f",
            "jsonl",
        ]);
        rows.matches("\"outcome\":\"succeeded\"").count()
    };
    assert_eq!(sent(&mut tool, "Trigger"), 2);
    assert_eq!(sent(&mut tool, "Batch"), 1);
}

#[test]
fn a_batch_campaign_cannot_be_requested() {
    let mut tool = Tool::new()
        .file(
            "campaigns/batch.yaml",
            "
            name: Batch
            smart_list: { filters: [ first_name: Ann ] }
            flow: [ add_to_list: Seen ]
            ",
        )
        .file(
            "campaigns/asks.yaml",
            "
            name: Asks
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ request_campaign: Batch ]
            ",
        );
    let reported = tool.error("campaign validate campaigns");
    assert!(reported.contains("error["), "{reported}");
    assert!(reported.contains("`Batch`"), "{reported}");
}
