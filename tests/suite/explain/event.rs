//! What is reported of one event: the state that decided, and nothing of other people or campaigns.

use crate::tool::Tool;

/// Ann, who unsubscribed, looks at prices twice at one instant and once a day later; each visit raises her score after
/// Pricing was asked. She then gives her city in a form, and again by an event that changes nothing. The last event is late.
fn visited() -> Tool {
    let mut tool = Tool::new()
        .file(
            "campaigns/campaigns.yaml",
            "
            name: Pricing
            smart_list:
              triggers:
                - visits_web_page: { web_page: { starts_with: /pricing } }
                - fills_out_form: Demo
              filters:
                - lead_score: { at_least: 3 }
                - any:
                    - city: Rome
                    - not_opened_email: any
            flow:
              - send_email: prices
              - wait: 2 days
              - interesting_moment: { type: Web, description: prices }
            qualification: { once_every: 7 days }
            active: true
            ---
            name: Scoring
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ change_score: +2 ]
            qualification: every_time
            active: true
            priority: low
            ---
            name: Moving
            smart_list: { triggers: [ fills_out_form: any, data_value_changes: city ] }
            flow: [ add_to_list: Movers ]
            qualification: every_time
            active: true
            ",
        )
        .file(
            "people.csv",
            "
            email,lead_score,unsubscribed
            ann@example.com,1,true
            bob@example.com,,
            ",
        )
        .file(
            "events.jsonl",
            r#"
            {"id":"e-1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/pricing"}
            {"id":"e-2","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/pricing/all"}
            {"id":"e-3","at":"2026-11-03T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/pricing"}
            {"id":"e-4","at":"2026-11-03T11:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Contact","city":"Rome"}
            {"id":"e-5","at":"2026-11-03T12:00:00Z","person":"ann@example.com","type":"change_data_value","field":"city","new_value":"Rome"}
            {"id":"e-5","at":"2026-11-03T13:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/"}
            "#,
        )
        .file(
            "late.jsonl",
            r#"
            {"id":"e-6","at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/pricing"}
            "#,
        )
        .now("2026-11-10T00:00:00Z")
        .loaded();
    tool.done("campaign replay-events events.jsonl");
    tool.done("campaign replay-events late.jsonl");
    tool
}

/// Returns the line that explains a campaign by an event of Ann's log.
fn by_event<'a>(campaign: &'a str, event: &'a str) -> [&'a str; 7] {
    [
        "campaign",
        "explain",
        campaign,
        "--person",
        "ann@example.com",
        "--event",
        event,
    ]
}

/// Returns the whole explanation of Pricing: how it begins, and what differs from event to event. Each part is written as
/// it is shown, its lines indented as in the test.
fn pricing(head: &str, triggers: &str, filters: &str, qualification: &str) -> String {
    let part = |text: &str| {
        let lines = text.trim_matches([' ', '\n']).lines();
        let lines = lines.map(|line| line.strip_prefix("            ").unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    };
    format!(
        "{}\n\ntriggers, any of them\n  {}\n\nfilters\n  {}\n\nqualification rule\n  {}\n\n\
         campaign\n  yes is active → active\n\n\
         emails held back, by step\n  no  1    send email prices → unsubscribed\n",
        part(head),
        part(triggers),
        part(filters),
        part(qualification)
    )
}

#[test]
fn an_event_is_explained_on_the_state_before_what_followed_from_it() {
    visited()
        .run(by_event("Pricing", "e-1"))
        .stdout(&pricing(
            "
            Pricing  ann@example.com at 2026-11-02 10:00:00
            event e-1: visit_webpage /pricing (activity 16777216)
            does not qualify: the filters do not hold, email would be held back
            ",
            "
              yes 1    visits web page: web page starts with /pricing → matches
              yes 1.1    web page starts with /pricing → /pricing
              no  2    fills out form: Demo → is another activity
            ",
            "
              no  1    lead score at least 3 → 1
              yes 2    any of these → 1 of 2
              no  2.1    city is Rome → (empty)
              yes 2.2    not opened email none → none
            ",
            "
              yes may enter once every 7 days → never entered
            ",
        ))
        .code(0);
}

#[test]
fn an_event_that_entered_says_so_though_another_of_its_instant_did_not() {
    visited()
        .run(by_event("Pricing", "e-2"))
        .stdout(&pricing(
            "
            Pricing  ann@example.com at 2026-11-02 10:00:00
            event e-2: visit_webpage /pricing/all (activity 16777218)
            entered; email would be held back
            ",
            "
              yes 1    visits web page: web page starts with /pricing → matches
              yes 1.1    web page starts with /pricing → /pricing/all
              no  2    fills out form: Demo → is another activity
            ",
            "
              yes 1    lead score at least 3 → 3
              yes 2    any of these → 1 of 2
              no  2.1    city is Rome → (empty)
              yes 2.2    not opened email none → none
            ",
            "
              yes may enter once every 7 days → never entered
            ",
        ))
        .code(0);
}

#[test]
fn an_event_shows_the_wait_and_every_layer_that_blocks() {
    visited()
        .run(by_event("Pricing", "e-4"))
        .stdout(&pricing(
            "
            Pricing  ann@example.com at 2026-11-03 11:00:00
            event e-4: fill_out_form Contact (activity 16777224)
            does not qualify:
              no trigger fires
              the qualification rule says no
              email would be held back
            waits in step 2 of this flow from 2026-11-02 10:00:00 to 2026-11-04 10:00:00
            ",
            "
              no  1    visits web page: web page starts with /pricing → is another activity
              no  2    fills out form: Demo → does not match
              no  2.1    form is Demo → Contact
            ",
            "
              yes 1    lead score at least 3 → 7
              yes 2    any of these → 2 of 2
              yes 2.1    city is Rome → Rome
              yes 2.2    not opened email none → none
            ",
            "
              no  may enter once every 7 days
                    → entered once, at 2026-11-02 10:00:00; again from 2026-11-09 10:00:00
            ",
        ))
        .code(0);
}

/// Returns the explanation of a campaign by an event, as JSON.
fn output(tool: &mut Tool, campaign: &str, event: &str) -> serde_json::Value {
    let mut line = by_event(campaign, event).to_vec();
    line.extend(["-f", "json"]);
    serde_json::from_str(&tool.text(line)).unwrap()
}

/// What stands in one rule of an explanation.
fn actual<'a>(output: &'a serde_json::Value, rule: &str) -> &'a str {
    let rules = output["rules"].as_array().unwrap();
    let found = rules.iter().find(|output| output["rule"] == rule);
    found.and_then(|rule| rule["actual"].as_str()).unwrap()
}

#[test]
fn a_late_event_is_judged_on_values_as_they_were_when_it_came() {
    let mut tool = visited();
    let output = output(&mut tool, "Pricing", "e-6");
    assert_eq!(output["at"], "2026-11-01T10:00:00Z");
    assert_eq!(actual(&output, "lead score"), "9");
    assert_eq!(
        actual(&output, "qualification rule"),
        "entered once, at 2026-11-02T10:00:00Z; again from 2026-11-09T10:00:00Z"
    );
}

#[test]
fn an_event_and_the_changes_it_made_enter_a_campaign_once() {
    let mut tool = visited();
    let form = output(&mut tool, "Moving", "e-4");
    assert_eq!(form["qualifies"], true);
    assert_eq!(
        form["entered"].to_string(),
        r#"{"at":"2026-11-03T11:00:00Z","version":1,"newest":1}"#
    );
    let change = output(&mut tool, "Moving", "16777225");
    assert_eq!(change["event"]["activity"], "change_data_value");
    assert_eq!(change["qualifies"], false);
    assert_eq!(change["entered"], serde_json::Value::Null);
    assert_eq!(change["blocked_by"].to_string(), r#"["event"]"#);
}

#[test]
fn a_change_that_changed_nothing_is_seen_by_no_trigger() {
    let mut tool = visited();
    let output = output(&mut tool, "Moving", "16777227");
    assert_eq!(output["blocked_by"].to_string(), r#"["trigger"]"#);
    assert_eq!(
        actual(&output, "data value changes: city"),
        "not seen by triggers: no change"
    );
}

#[test]
fn who_entered_an_earlier_version_of_a_campaign_since_stopped_did_enter() {
    let mut tool = visited();
    let path = tool.path("campaigns/campaigns.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text
        .replace("[ add_to_list: Movers ]", "[ add_to_list: Moved ]")
        .replace("data_value_changes: city ]", "data_value_changes: state ]");
    tool = tool.bytes("campaigns/campaigns.yaml", text);
    tool.load();
    tool.done("campaign deactivate Moving");
    tool.run(by_event("Moving", "e-4"))
        .stdout(
            "
            Moving  ann@example.com at 2026-11-03 11:00:00
            event e-4: fill_out_form Contact (activity 16777224)
            entered version 1 (version 2 is explained)

            triggers, any of them
              yes 1  fills out form → matches
              no  2  data value changes: state → is another activity

            qualification rule
              yes may enter every time → never entered

            campaign
              yes is active → active
            ",
        )
        .code(0);
}

#[test]
fn a_row_that_an_older_program_wrote_says_that_its_happening_is_not_recorded() {
    let mut tool = visited();
    let database = rusqlite::Connection::open(tool.path("bugle.db")).unwrap();
    database
        .execute_batch(
            "UPDATE activity SET happening = NULL, activation = NULL;
            UPDATE activation SET at = NULL, by = NULL;
            UPDATE entry SET place = NULL, cause = NULL; UPDATE past SET place = NULL",
        )
        .unwrap();
    drop(database);
    tool.run(by_event("Pricing", "e-3"))
        .stdout(&pricing(
            "
            Pricing  ann@example.com at 2026-11-03 10:00:00
            event e-3: visit_webpage /pricing (activity 16777222)
            its happening is not recorded: explained is the state right after this row
            does not qualify: the qualification rule says no, email would be held back
            waits in step 2 of this flow from 2026-11-02 10:00:00 to 2026-11-04 10:00:00
            ",
            "
              yes 1    visits web page: web page starts with /pricing → matches
              yes 1.1    web page starts with /pricing → /pricing
              no  2    fills out form: Demo → is another activity
            ",
            "
              yes 1    lead score at least 3 → 5
              yes 2    any of these → 1 of 2
              no  2.1    city is Rome → (empty)
              yes 2.2    not opened email none → none
            ",
            "
              no  may enter once every 7 days
                    → entered once, at 2026-11-02 10:00:00; again from 2026-11-09 10:00:00
            ",
        ))
        .code(0);
    assert_eq!(
        output(&mut tool, "Pricing", "e-3")["event"]["happening"],
        serde_json::Value::Null
    );
}

#[test]
fn an_event_is_explained_with_the_activation_that_the_campaign_had_when_it_came() {
    let mut tool = visited().file(
        "more.jsonl",
        r#"
        {"id":"e-7","at":"2026-11-12T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Contact"}
        {"id":"e-8","at":"2026-11-13T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Contact"}
        "#,
    );
    tool.done("campaign deactivate Moving --now 2026-11-11");
    tool.done("campaign replay-events more.jsonl --now 2026-11-14");
    tool.done("campaign activate Moving --now 2026-11-15");
    let inactive = output(&mut tool, "Moving", "e-7");
    assert_eq!(inactive["blocked_by"].to_string(), r#"["inactive"]"#);
    assert_eq!(actual(&inactive, "campaign"), "inactive");
    assert_eq!(
        inactive["event"]["happening"],
        inactive["event"]["activity_id"]
    );
    let active = output(&mut tool, "Moving", "e-4");
    assert_eq!(active["blocked_by"].to_string(), "[]");
    assert_eq!(actual(&active, "campaign"), "active");
    let mut at = |at: &str| {
        let line = format!("campaign explain Moving --person ann@example.com -f json --at {at}");
        let output: serde_json::Value = serde_json::from_str(&tool.text(line)).unwrap();
        actual(&output, "campaign").to_owned()
    };
    assert_eq!(at("2026-11-10T12:00:00Z"), "active");
    assert_eq!(at("2026-11-13"), "inactive");
    assert_eq!(at("2026-11-16"), "active");
}

#[test]
fn an_event_that_is_not_there_is_reported_with_those_that_are() {
    let mut tool = visited();
    let mut error = |event: &str, person: &str, stderr: &str| {
        let mut line = by_event("Pricing", event);
        line[4] = person;
        tool.run(line).stderr(stderr).code(4);
    };
    error(
        "e-5",
        "ann@example.com",
        "
        error: 2 events of this person have the id `e-5`
        help: name one by its `activity_id`: `16777227` at 2026-11-03T12:00:00Z or `16777228` at 2026-11-03T13:00:00Z
        ",
    );
    error(
        "e-22",
        "ann@example.com",
        "
        error: this person has no event `e-22`
        help: did you mean `e-2` (visit_webpage at 2026-11-02T10:00:00Z)?
        ",
    );
    error(
        "nowhere",
        "ann@example.com",
        "
        error: this person has no event `nowhere`
        help: the newest are `16777229` (change_score at 2026-11-03T13:00:00Z), `e-5` (visit_webpage at 2026-11-03T13:00:00Z), `e-5` (change_data_value at 2026-11-03T12:00:00Z); `bugle person log KEY --format json` shows them all
        ",
    );
    error(
        "e-1",
        "bob@example.com",
        "
        error: this person has no event `e-1`
        help: the person's log is empty
        ",
    );
    tool.run("campaign explain Pricing --person ann@example.com --event e-1 --at 2026-11-02")
        .any_stderr()
        .code(2);
}

#[test]
fn a_line_of_a_list_taken_as_activities_is_one_event() {
    let mut tool = visited().file(
        "list.csv",
        "
        email,city,state
        ann@example.com,Oslo,NY
        ",
    );
    tool.done("person load list.csv --as-activities --list Guests");
    let log = tool.text("person log ann@example.com -f jsonl --since 2026-11-10");
    let ids: Vec<String> = log
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {}", row["activity_id"], row["type"].as_str().unwrap())
        })
        .collect();
    let city = ids
        .iter()
        .find(|row| row.ends_with("change_data_value"))
        .unwrap();
    let city = output(&mut tool, "Moving", city.split(' ').next().unwrap());
    assert_eq!(city["event"]["detail"], "city");
    assert_eq!(city["entered"]["at"], "2026-11-10T00:00:00Z");
    let guests = ids.iter().find(|row| row.ends_with("add_to_list")).unwrap();
    let guests = output(&mut tool, "Moving", guests.split(' ').next().unwrap());
    assert_eq!(guests["blocked_by"].to_string(), r#"["trigger","event"]"#);
}
