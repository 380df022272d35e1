//! `campaign test`: the tests of campaign files, run in memory.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::tool::Tool;

const LETTER: &str = "
    name: Letter
    smart_list:
      filters:
        - state: NY
    flow:
      - add_to_list: Readers
      - wait: 2 days
      - send_email:
          choices:
            - if: { opened_email: welcome }
              do_nothing: true
          default: { email: letter }
    schedule: { first_run: 2026-11-02 09:00, repeat: weekly }
";

/// Returns a folder with the letter and one test of it.
fn letter(test: &str) -> Tool {
    let campaign = super::tool::dedent(LETTER);
    let test = super::tool::dedent(test);
    Tool::new().bytes(
        "campaigns/letter.yaml",
        // Written, so that nobody is warned of a campaign that recurs and takes each person once.
        format!("{campaign}tests:\n{test}qualification: only_once\n").as_bytes(),
    )
}

#[test]
fn the_tests_of_all_samples_pass() {
    let mut tool = Tool::new().copy("campaigns").copy("fixtures/deals");
    tool.run("campaign test campaigns/")
        .any_stdout()
        .stderr("note: 25 tests passed\n")
        .code(0);
    tool.run("campaign test fixtures/deals/")
        .any_stdout()
        .stderr("note: 2 tests passed\n")
        .code(0);
    assert!(!tool.path("bugle.db").exists(), "no database is made");
}

/// Returns every YAML file of a folder.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
    let files = files.into_iter();
    let mut found: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    found.extend(folders.iter().flat_map(|folder| yaml_files(folder)));
    found
}

#[test]
fn every_sample_campaign_has_a_test_that_expects_something_of_someone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for path in ["campaigns", "fixtures/deals"]
        .map(|folder| yaml_files(&root.join(folder)))
        .concat()
    {
        let text = std::fs::read_to_string(&path).unwrap();
        for document in serde_yaml::Deserializer::from_str(&text) {
            let campaign: Value = serde::Deserialize::deserialize(document).unwrap();
            if campaign["flow"].is_null() {
                continue;
            }
            let of_someone = |expected: &Value| !expected["person"].is_null();
            let expects = |test: &Value| {
                test["expect"]
                    .as_array()
                    .is_some_and(|all| all.iter().any(of_someone))
            };
            let tests = campaign["tests"].as_array();
            assert!(
                tests.is_some_and(|all| all.iter().any(expects)),
                "{}: {}",
                path.display(),
                campaign["name"]
            );
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

#[test]
fn other_campaigns_take_part_where_a_test_says_so() {
    let campaigns = "
        name: Contact
        smart_list: { triggers: [ fills_out_form: Contact ] }
        flow: [ request_campaign: Score ]
        active: true
        tests:
          - name: alone nobody takes the request
            now: 2026-11-02T09:00:00Z
            people: [ { email: ann@example.com, lead_score: 5 } ]
            events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Contact } ]
            expect:
              - { person: ann@example.com, activities: [], fields: { lead_score: 5 } }
          - name: together the form is worth ten points
            with: Score
            now: 2026-11-02T09:00:00Z
            people: [ { email: ann@example.com, lead_score: 5 } ]
            events: [ { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Contact } ]
            expect:
              - { qualified: 1 }
              - { person: ann@example.com, activities: [request_campaign], not_activities: [change_score] }
              - { person: ann@example.com, fields: { lead_score: 15 } }
        ---
        name: Score
        smart_list: { triggers: [ campaign_is_requested: any ] }
        flow: [ change_score: +10 ]
        active: true
    ";
    Tool::new()
        .file("campaigns/contact.yaml", campaigns)
        .run("campaign test --format csv")
        .stdout(
            "
            campaign,test,file,line,passed,failures
            Contact,alone nobody takes the request,campaigns/contact.yaml,6,true,[]
            Contact,together the form is worth ten points,campaigns/contact.yaml,12,true,[]
            ",
        )
        .stderr("note: 2 tests passed\n")
        .code(0);
}

#[test]
fn time_passes_as_it_does_everywhere() {
    letter(
        "
        - name: whoever opened the welcome gets no letter; the next week brings new people
          now: 2026-11-02T09:00:00Z
          people:
            - { email: ann@example.com, state: NY }
            - { email: bob@example.com, state: ny }
            - { email: cid@example.com, state: CA }
            - { id: x7, state: NY, lists: [Readers] }
          events:
            - { at: 2026-11-03T09:00:00Z, person: bob@example.com, type: opens_email, email: welcome }
            - { at: 2026-11-05T09:00:00Z, person: cid@example.com, type: change_data_value, field: state, new_value: NY }
          run: true
          advance_to: 2026-11-10T00:00:00Z
          expect:
            - { qualified: 4 }
            - { person: ann@example.com, activities: [add_to_list, wait_started, wait_ended, send_email] }
            - { person: bob@example.com, activities: [add_to_list, wait_started, wait_ended], fields: { unsubscribed: false } }
            - { person: cid@example.com, activities: [add_to_list, wait_started] }
            - { person: x7, activities: [wait_started, wait_ended], fields: { first_name: NULL } }
        ",
    )
    .run("campaign test")
    .stdout(
        "
        campaign  test                                                                        result
        ────────────────────────────────────────────────────────────────────────────────────────────
        Letter    whoever opened the welcome gets no letter; the next week brings new people  passed
        ",
    )
    .stderr("note: 1 test passed\n")
    .code(0);
}

#[test]
fn a_failure_tells_what_was_expected_what_was_found_and_why() {
    let mut tool = letter(
        "
        - name: Texas gets letters
          now: 2026-11-02T09:00:00Z
          people:
            - { email: ann@example.com, state: NY, unsubscribed: true }
            - { email: bob@example.com, state: TX }
          events:
            - { at: 2026-11-03T09:00:00Z, person: eve@example.com, type: opens_email, email: welcome }
          run: true
          advance_to: 2026-11-05T00:00:00Z
          expect:
            - { qualified: 2 }
            - { person: ann@example.com, activities: [add_to_list, wait_started, wait_ended, send_email] }
            - { person: bob@example.com, fields: { state: Texas } }
            - { person: ann@example.com, not_activities: [add_to_list] }
            - { person: zoe@example.com, activities: [] }
        ",
    );
    tool.run("campaign test")
        .stdout(
            "
            campaign  test                result
            ────────────────────────────────────
            Letter    Texas gets letters  failed

            campaigns/letter.yaml:15  Texas gets letters
            events
              expected  someone with the key eve@example.com
              got       nobody

            campaigns/letter.yaml:25  Texas gets letters
            qualified
              expected  2
              got       1: ann@example.com

            Letter  bob@example.com at 2026-11-02 09:00:00
            does not qualify: the filters do not hold

            filters
              no  1  state is NY → TX

            qualification rule
              yes may enter only once → never entered

            campaigns/letter.yaml:26  Texas gets letters
            ann@example.com: activities
              expected  [add_to_list, wait_started, wait_ended, send_email]
              got       [add_to_list, wait_started, wait_ended] (send_email skipped: unsubscribed)

            Letter  ann@example.com at 2026-11-04 09:00:00
            entered; email would be held back

            filters
              yes 1  state is NY → NY

            qualification rule
              yes may enter only once → never entered

            emails held back, by step
              no  3  send email letter → unsubscribed

            campaigns/letter.yaml:27  Texas gets letters
            bob@example.com: state
              expected  Texas
              got       TX

            Letter  bob@example.com at 2026-11-02 09:00:00
            does not qualify: the filters do not hold

            filters
              no  1  state is NY → TX

            qualification rule
              yes may enter only once → never entered

            campaigns/letter.yaml:28  Texas gets letters
            ann@example.com: activities
              expected  none of [add_to_list]
              got       [add_to_list]

            Letter  ann@example.com at 2026-11-02 09:00:00
            entered; email would be held back

            filters
              yes 1  state is NY → NY

            qualification rule
              yes may enter only once → never entered

            emails held back, by step
              no  3  send email letter → unsubscribed

            campaigns/letter.yaml:29  Texas gets letters
            zoe@example.com: activities
              expected  someone with the key zoe@example.com
              got       nobody
            ",
        )
        .stderr("error: 1 of 1 test failed\n")
        .code(1);
    tool.run("campaign test -f jsonl")
        .stdout(r#"
            {"campaign":"Letter","test":"Texas gets letters","file":"campaigns/letter.yaml","line":15,"passed":false,"failures":[{"line":15,"what":"events","expected":"someone with the key eve@example.com","got":"nobody","explain":null},{"line":25,"what":"qualified","expected":"2","got":"1: ann@example.com","explain":{"campaign":"Letter","person":"bob@example.com","person_id":2,"email":"bob@example.com","id":null,"at":"2026-11-02T09:00:00Z","event":null,"qualifies":false,"entered":null,"sentence":null,"blocked_by":["filters"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"TX","holds":false,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null}]}},{"line":26,"what":"ann@example.com: activities","expected":"[add_to_list, wait_started, wait_ended, send_email]","got":"[add_to_list, wait_started, wait_ended] (send_email skipped: unsubscribed)","explain":{"campaign":"Letter","person":"ann@example.com","person_id":1,"email":"ann@example.com","id":null,"at":"2026-11-04T09:00:00Z","event":null,"qualifies":true,"entered":{"at":"2026-11-02T09:00:00Z","version":1,"newest":1},"sentence":null,"blocked_by":["email"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"NY","holds":true,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null},{"part":"email","number":"3","rule":"send email letter","wanted":"nothing holds it back","actual":"unsubscribed","holds":false,"activity":null}]}},{"line":27,"what":"bob@example.com: state","expected":"Texas","got":"TX","explain":{"campaign":"Letter","person":"bob@example.com","person_id":2,"email":"bob@example.com","id":null,"at":"2026-11-02T09:00:00Z","event":null,"qualifies":false,"entered":null,"sentence":null,"blocked_by":["filters"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"TX","holds":false,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null}]}},{"line":28,"what":"ann@example.com: activities","expected":"none of [add_to_list]","got":"[add_to_list]","explain":{"campaign":"Letter","person":"ann@example.com","person_id":1,"email":"ann@example.com","id":null,"at":"2026-11-02T09:00:00Z","event":null,"qualifies":true,"entered":{"at":"2026-11-02T09:00:00Z","version":1,"newest":1},"sentence":null,"blocked_by":["email"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"NY","holds":true,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null},{"part":"email","number":"3","rule":"send email letter","wanted":"nothing holds it back","actual":"unsubscribed","holds":false,"activity":null}]}},{"line":29,"what":"zoe@example.com: activities","expected":"someone with the key zoe@example.com","got":"nobody","explain":null}]}
            "#)
        .stderr("error: 1 of 1 test failed\n")
        .code(1);
}

#[test]
fn faults_of_tests_are_told_with_all_others() {
    let mut tool = letter(
        "
        - name: everything is wrong
          now: soon
          peeple: []
          people:
            - { first_name: Ann }
            - { email: bob@example.com, stat: NY, lead_score: many }
          events:
            - { at: 2026-11-03T09:00:00Z, person: bob@example.com, type: opens_mail }
          with: [Leter]
          expect:
            - { person: bob@example.com }
            - { activities: [] }
        - name: an event that cannot be one
          now: 2026-11-02T09:00:00Z
          events:
            - { at: yesterday, person: bob@example.com, type: opens_email, email: welcome }
            - { at: 2026-11-03T09:00:00Z, person: bob@example.com, type: change_data_value, field: state }
          expect: []
        ",
    );
    tool.run("campaign validate -q")
        .any_stdout()
        .stderr(
            "
            error[wrong-type]: `now` is a time, not `soon`
              --> campaigns/letter.yaml:16:8
               |
            16 |   now: soon
               |        ^^^^
               |
               = help: write `2026-11-02T10:00:00Z`, or `2026-11-02 10:00` in the workspace's zone

            error[unknown-key]: a test has no key `peeple`
              --> campaigns/letter.yaml:17:3
               |
            17 |   peeple: []
               |   ^^^^^^
               |
               = help: did you mean `people`?

            error[missing-key]: the row does not say who the person is
              --> campaigns/letter.yaml:19:7
               |
            19 |     - { first_name: Ann }
               |       ^^^^^^^^^^^^^^^^^^^
               |
               = help: give the person an `email` or an `id`

            error[unknown-field]: no field `stat`
              --> campaigns/letter.yaml:20:33
               |
            20 |     - { email: bob@example.com, stat: NY, lead_score: many }
               |                                 ^^^^
               |
               = help: did you mean `state`?

            error[wrong-type]: `many` does not fit `lead_score`, whose type is score
              --> campaigns/letter.yaml:20:55
               |
            20 |     - { email: bob@example.com, stat: NY, lead_score: many }
               |                                                       ^^^^
               |
               = help: write a whole number of at most 32 bits, such as 42

            error[unknown-trigger]: there is no activity type `opens_mail`
              --> campaigns/letter.yaml:22:66
               |
            22 |     - { at: 2026-11-03T09:00:00Z, person: bob@example.com, type: opens_mail }
               |                                                                  ^^^^^^^^^^
               |
               = help: did you mean `open_email`?

            error[unknown-campaign]: no campaign is named `Leter`
              --> campaigns/letter.yaml:23:10
               |
            23 |   with: [Leter]
               |          ^^^^^
               |
               = help: did you mean `Letter`?

            error[missing-key]: nothing is expected here
              --> campaigns/letter.yaml:25:7
               |
            25 |     - { person: bob@example.com }
               |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: write `qualified`, or a `person` with `activities`, `not_activities`, `fields`, `lists`, `not_lists`, `statuses` or `mails`

            error[missing-key]: the expectation needs the key `person`
              --> campaigns/letter.yaml:26:7
               |
            26 |     - { activities: [] }
               |       ^^^^^^^^^^^^^^^^^^
               |
               = help: which person is meant? write `person: ann@example.com`

            error[wrong-type]: `at` is not an instant
              --> campaigns/letter.yaml:30:7
               |
            30 |     - { at: yesterday, person: bob@example.com, type: opens_email, email: welcome }
               |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: write 2026-11-02T10:00:00Z (an offset is at most 14 hours), a local time as 2026-11-02 10:00, or seconds or milliseconds since 1970

            error[wrong-type]: `change_data_value` needs `new_value`
              --> campaigns/letter.yaml:31:7
               |
            31 |     - { at: 2026-11-03T09:00:00Z, person: bob@example.com, type: change_data_value, field: state }
               |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
               |
               = help: `null` or `NULL` takes the value away
            ",
        )
        .code(1);
    tool.run("campaign test").any_stderr().code(1);
}

#[test]
fn run_belongs_to_batch_campaigns() {
    Tool::new()
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ change_score: +1 ]
            tests:
              - { name: it runs, now: 2026-11-02T09:00:00Z, run: true, expect: [ qualified: 0 ] }
            ",
        )
        .run("campaign test")
        .stderr(
            "
            error[batch-only]: `run` belongs to the tests of batch campaigns
             --> campaigns/visit.yaml:5:54
              |
            5 |   - { name: it runs, now: 2026-11-02T09:00:00Z, run: true, expect: [ qualified: 0 ] }
              |                                                      ^^^^
              |
              = help: write `events` that its triggers react to, or test the campaign that calls it
            ",
        )
        .code(1);
}

#[test]
fn campaigns_without_tests_are_told_of() {
    Tool::new()
        .file("campaigns/letter.yaml", LETTER)
        .run("campaign test -q")
        .stdout(
            "
            campaign  test  result
            ──────────────────────
            ",
        )
        .code(0);
}

/// Returns a folder with a workspace of emails and a program, and one trigger campaign with a test.
fn trial(test: &str) -> Tool {
    let campaign = super::tool::dedent(
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
    let test = super::tool::dedent(test);
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
