//! `campaign test`: the tests of campaign files, run in memory.

mod faults;
mod record;
mod samples;
mod services;
mod states;

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
        - name: all who opened the welcome get no letters; the next week brings new people
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
        Letter    all who opened the welcome get no letters; the next week brings new people  passed
        ",
    )
    .stderr("note: 1 test passed\n")
    .code(0);
}

#[test]
fn a_failure_says_what_was_expected_what_was_found_and_why() {
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

            smallest changes that let the person in
              state is NY (is TX)

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

            smallest changes that let the person in
              state is NY (is TX)

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
            {"campaign":"Letter","test":"Texas gets letters","file":"campaigns/letter.yaml","line":15,"passed":false,"failures":[{"line":15,"what":"events","expected":"someone with the key eve@example.com","got":"nobody","explain":null},{"line":25,"what":"qualified","expected":"2","got":"1: ann@example.com","explain":{"campaign":"Letter","person":"bob@example.com","person_id":2,"email":"bob@example.com","id":null,"at":"2026-11-02T09:00:00Z","event":null,"qualifies":false,"entered":null,"sentence":null,"blocked_by":["filters"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"TX","holds":false,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null}],"change":[{"filter":"1","field":"state","from":"TX","to":"NY"}]}},{"line":26,"what":"ann@example.com: activities","expected":"[add_to_list, wait_started, wait_ended, send_email]","got":"[add_to_list, wait_started, wait_ended] (send_email skipped: unsubscribed)","explain":{"campaign":"Letter","person":"ann@example.com","person_id":1,"email":"ann@example.com","id":null,"at":"2026-11-04T09:00:00Z","event":null,"qualifies":true,"entered":{"at":"2026-11-02T09:00:00Z","version":1,"newest":1},"sentence":null,"blocked_by":["email"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"NY","holds":true,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null},{"part":"email","number":"3","rule":"send email letter","wanted":"nothing holds it back","actual":"unsubscribed","holds":false,"activity":null}],"change":[]}},{"line":27,"what":"bob@example.com: state","expected":"Texas","got":"TX","explain":{"campaign":"Letter","person":"bob@example.com","person_id":2,"email":"bob@example.com","id":null,"at":"2026-11-02T09:00:00Z","event":null,"qualifies":false,"entered":null,"sentence":null,"blocked_by":["filters"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"TX","holds":false,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null}],"change":[{"filter":"1","field":"state","from":"TX","to":"NY"}]}},{"line":28,"what":"ann@example.com: activities","expected":"none of [add_to_list]","got":"[add_to_list]","explain":{"campaign":"Letter","person":"ann@example.com","person_id":1,"email":"ann@example.com","id":null,"at":"2026-11-02T09:00:00Z","event":null,"qualifies":true,"entered":{"at":"2026-11-02T09:00:00Z","version":1,"newest":1},"sentence":null,"blocked_by":["email"],"waits":[],"rules":[{"part":"filter","number":"1","rule":"state","wanted":"is NY","actual":"NY","holds":true,"activity":null},{"part":"qualification","number":"1","rule":"qualification rule","wanted":"may enter only once","actual":"never entered","holds":true,"activity":null},{"part":"email","number":"3","rule":"send email letter","wanted":"nothing holds it back","actual":"unsubscribed","holds":false,"activity":null}],"change":[]}},{"line":29,"what":"zoe@example.com: activities","expected":"someone with the key zoe@example.com","got":"nobody","explain":null}]}
            "#)
        .stderr("error: 1 of 1 test failed\n")
        .code(1);
}

#[test]
fn a_failure_shows_instants_in_the_zone_of_the_workspace() {
    let mut tool = letter(
        "
        - name: Texas gets letters
          now: 2026-11-02T09:00:00Z
          people: [ { email: bob@example.com, state: TX } ]
          run: true
          expect: [ { person: bob@example.com, activities: [add_to_list] } ]
        ",
    )
    .file("campaigns/workspace.yaml", "time_zone: America/New_York\n");
    let output = tool.run("campaign test").into_stdout();
    assert!(
        output.contains("\nLetter  bob@example.com at 2026-11-02 04:00:00\n"),
        "{output}"
    );
}
