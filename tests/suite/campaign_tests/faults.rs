//! Faults in tests are reported with all other faults of the campaign files.

use crate::tool::Tool;

use super::{LETTER, letter};

#[test]
fn faults_of_tests_are_reported_with_all_others() {
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
fn campaigns_without_tests_are_named() {
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
