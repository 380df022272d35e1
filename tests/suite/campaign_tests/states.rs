//! Expected lists, program statuses and emails, and the explanation of what is otherwise.

use crate::tool::Tool;

/// Returns a folder with a workspace of emails and a program, and one trigger campaign with a test.
fn trial(test: &str) -> Tool {
    let campaign = crate::tool::dedent(
        "
        name: Trial
        program: Course
        smart_list:
          triggers: [ fills_out_form: Trial ]
          filters: [ lead_score: { at_least: 20 } ]
        flow:
          - send_email: welcome
          - add_to_list: Readers
          - change_program_status: Joined
          - wait: 2 days
          - send_email: reminder
        ",
    );
    let test = crate::tool::dedent(test);
    Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "
            lists: [Readers, Others]
            channels: { Course: { statuses: [ { name: Asked, step: 1 }, { name: Joined, step: 2 } ] } }
            programs: { Course: { channel: Course }, Fair: {} }
            emails:
              welcome: { subject: 'Welcome, {{lead.First Name}}', from: a@example.com, body: 'Your trial has begun.' }
              reminder: { subject: 'One more day', from: a@example.com, body: 'It ends soon, {{lead.First Name}}.' }
            ",
        )
        .bytes(
            "campaigns/trial.yaml",
            format!("{campaign}tests:\n{test}").as_bytes(),
        )
}

#[test]
fn a_test_can_ask_for_lists_statuses_and_mails() {
    trial(
        "
        - name: everything is as it should be
          now: 2026-11-02T09:00:00Z
          people: [ { email: ann@example.com, first_name: Ann, lead_score: 30, lists: Others }, { id: x7 } ]
          events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Trial } ]
          advance_to: 2026-11-05T00:00:00Z
          expect:
            - person: ann@example.com
              lists: [Readers, others]
              statuses: { Course: joined, Fair: Not in Program }
              mails:
                - { email: welcome, subject: 'Welcome, Ann', body: { contains: begun } }
                - reminder
            - { person: x7, not_lists: Readers, lists: [], statuses: { Course: NULL }, mails: [] }
        ",
    )
    .run("campaign test -f csv")
    .stdout(
        "
        campaign,test,file,line,passed,failures
        Course.Trial,everything is as it should be,campaigns/trial.yaml,13,true,[]
        ",
    )
    .stderr("note: 1 test passed\n")
    .code(0);
}

#[test]
fn a_failure_names_the_lists_statuses_and_mails_that_were_found() {
    let output = trial(
        "
        - name: nothing is as it should be
          now: 2026-11-02T09:00:00Z
          people: [ { email: ann@example.com, first_name: Ann, lead_score: 30 } ]
          events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Trial } ]
          advance_to: 2026-11-05T00:00:00Z
          expect:
            - { person: ann@example.com, lists: Others }
            - { person: ann@example.com, not_lists: [Others, Readers] }
            - { person: ann@example.com, statuses: { Course: Asked, Fair: Visited } }
            - { person: ann@example.com, mails: [ { email: welcome, subject: { contains: Bob } }, { body: { starts_with: 'It ends', contains: Ann } } ] }
            - { person: ann@example.com, mails: [ welcome, { email: { starts_with: rem }, body: { not_contains: soon } } ] }
            - { person: ann@example.com, mails: [] }
        ",
    )
    .run("campaign test -f jsonl")
    .into_stdout();
    let row: serde_json::Value = serde_json::from_str(&output).unwrap();
    let failures = row["failures"].as_array().unwrap();
    let reported = failures.iter().map(|failure| {
        let text = |key: &str| failure[key].as_str().unwrap();
        let at = failure["explain"]["at"].as_str().unwrap();
        let (expected, got) = (text("expected"), text("got"));
        format!("{} | {expected} | {got} | {at}", text("what"))
    });
    assert_eq!(
        reported.collect::<Vec<String>>(),
        [
            "ann@example.com: lists | on [Others] | on [Readers] | 2026-11-04T10:00:00Z",
            "ann@example.com: lists | on none of [Others, Readers] | on [Readers] | 2026-11-02T10:00:00Z",
            "ann@example.com: status in Course | Asked | Joined | 2026-11-02T10:00:00Z",
            "ann@example.com: status in Fair | Visited | Not in Program | 2026-11-04T10:00:00Z",
            "ann@example.com: mails | welcome, subject contains Bob; body starts with It ends and contains Ann | welcome, subject Welcome, Ann; reminder, body It ends soon, Ann. | 2026-11-02T10:00:00Z",
            "ann@example.com: mails | welcome; email starts with rem, body not contains soon | welcome; reminder, body It ends soon, Ann. | 2026-11-04T10:00:00Z",
            "ann@example.com: mails | none | welcome, subject Welcome, Ann; reminder, subject One more day | 2026-11-02T10:00:00Z",
        ]
    );
}

/// Returns what the explanation of each failure of the only test says: when, and which rules do not hold.
fn explained(tool: &mut Tool) -> Vec<String> {
    let output = tool.run("campaign test -f jsonl").into_stdout();
    let row: serde_json::Value = serde_json::from_str(&output).unwrap();
    let failures = row["failures"].as_array().unwrap().iter();
    let explained = failures.map(|failure| {
        let explain = &failure["explain"];
        let rules = explain["rules"].as_array().unwrap().iter();
        let rules = rules.filter(|rule| rule["holds"] == false);
        let rules: Vec<String> = rules
            .map(|rule| {
                let text = |key: &str| rule[key].as_str().unwrap();
                format!("{}: {}", text("rule"), text("actual"))
            })
            .collect();
        let entered = explain["entered"]["at"].as_str().unwrap_or("never");
        let at = explain["at"].as_str().unwrap();
        format!("{at}, entered {entered}; {}", rules.join("; "))
    });
    explained.collect()
}

#[test]
fn a_failure_explains_the_event_that_did_not_let_the_person_in() {
    let mut tool = trial(
        "
        - name: a form at 30 points
          now: 2026-11-02T09:00:00Z
          people: [ { email: ann@example.com, lead_score: 10 } ]
          events:
            - { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Trial }
            - { at: 2026-11-03T10:00:00Z, person: ann@example.com, type: change_data_value, field: lead_score, new_value: 30 }
          expect:
            - { person: ann@example.com, lists: Readers }
            - { qualified: 1 }
        ",
    );
    let at_the_form = "2026-11-02T10:00:00Z, entered never; lead score: 10";
    assert_eq!(explained(&mut tool), [at_the_form, at_the_form]);
}

#[test]
fn a_failure_explains_the_last_event_where_no_trigger_fires() {
    let mut tool = trial(
        "
        - name: another form
          now: 2026-11-02T09:00:00Z
          people: [ { email: ann@example.com, lead_score: 30 } ]
          events:
            - { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Contact }
            - { at: 2026-11-03T10:00:00Z, person: ann@example.com, type: change_data_value, field: lead_score, new_value: 5 }
          expect:
            - { person: ann@example.com, lists: Readers }
        ",
    );
    assert_eq!(
        explained(&mut tool),
        [
            "2026-11-02T10:00:00Z, entered never; fills out form: Trial: another, at 2026-11-02T10:00:00Z; form: Contact"
        ]
    );
}

#[test]
fn a_failure_explains_the_instant_of_the_step_that_was_skipped() {
    let mut tool = trial(
        "
        - name: the reminder comes
          now: 2026-11-02T09:00:00Z
          people: [ { email: ann@example.com, lead_score: 30 } ]
          events:
            - { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Trial }
            - { at: 2026-11-03T10:00:00Z, person: ann@example.com, type: unsubscribes_from_email }
          advance_to: 2026-11-10T10:00:00Z
          expect:
            - { person: ann@example.com, mails: [ welcome, reminder ] }
            - { person: ann@example.com, not_activities: send_email }
        ",
    );
    assert_eq!(
        explained(&mut tool),
        [
            "2026-11-04T10:00:00Z, entered 2026-11-02T10:00:00Z; send email welcome: unsubscribed; send email reminder: unsubscribed",
            "2026-11-02T10:00:00Z, entered 2026-11-02T10:00:00Z; ",
        ]
    );
}

#[test]
fn a_failure_explains_an_entry_in_the_middle_of_other_campaigns() {
    let mut tool = trial(
        "
        - name: the request comes after the score
          with: Ask
          now: 2026-11-02T09:00:00Z
          people: [ { email: ann@example.com, lead_score: 15 } ]
          events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: visits_web_page, web_page: /trial } ]
          expect: [ { qualified: 1 } ]
        ",
    );
    tool.write(
        "campaigns/ask.yaml",
        "
        name: Ask
        smart_list: { triggers: [ visits_web_page: any ] }
        flow: [ change_score: +10, change_data_value: { field: lead_status, value: Asked }, change_score: -20 ]
        active: true
        ",
    );
    tool.write(
        "campaigns/trial.yaml",
        &std::fs::read_to_string(tool.path("campaigns/trial.yaml"))
            .unwrap()
            .replace("fills_out_form: Trial", "score_is_changed: any"),
    );
    assert_eq!(
        explained(&mut tool),
        ["2026-11-02T10:00:00Z, entered never; lead score: 5"]
    );
}
