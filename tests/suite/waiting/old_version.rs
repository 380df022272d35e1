//! People who finish the version that they are in, after a load with `--waiting keep`.

use crate::tool::Tool;

use super::COLUMNS;

/// Version 1 asks and changes what version 2 does not touch.
const RENEWAL: &str = "
    name: Renewal
    smart_list: { filters: [ state: CA ] }
    flow:
      - wait: 3 days
      - add_to_list:
          choices:
            - if: { company: Acme }
              list: Acme renewals
          default: { list: Renewals }
      - change_data_value: { field: lead_status, value: \"Renewing {{lead.Industry}}\" }
      - wait: 1 week
      - send_email: renewed
    qualification: every_time
    ";

const NO_RENEWAL: &str = "
    name: Renewal
    smart_list: { filters: [ state: CA ] }
    flow:
      - change_score: +1
    qualification: every_time
    ";

/// Ann and Ben wait in a batch run of version 1; version 2 has no wait.
fn renewal() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T09:00:00Z")
        .file("campaigns/renewal.yaml", RENEWAL)
        .file(
            "campaigns/leave.yaml",
            "
            name: Leave
            smart_list: { triggers: [ unsubscribes_from_email: any ] }
            flow:
              - remove_from_flow: Renewal
            active: true
            ",
        )
        .file(
            "people.csv",
            "
            email,state,company,industry
            ann@example.com,CA,Acme,Steel
            ben@example.com,CA,Beta,Glass
            ",
        )
        .loaded();
    tool.done("campaign run Renewal");
    tool.write("campaigns/renewal.yaml", NO_RENEWAL);
    tool.done("campaign load --waiting keep");
    tool
}

const LOG: &str = "campaign log Renewal --since 2026-11-03";

const FINISHED: &str = "
    2026-11-05T09:00:00Z ann wait_ended 1 version=1
    2026-11-05T09:00:00Z ann add_to_list Acme renewals 2
    2026-11-05T09:00:00Z ann change_data_value lead_status 3
    2026-11-05T09:00:00Z ann wait_started 4
    2026-11-05T09:00:00Z ben wait_ended 1 version=1
    2026-11-05T09:00:00Z ben add_to_list Renewals 2
    2026-11-05T09:00:00Z ben change_data_value lead_status 3
    2026-11-05T09:00:00Z ben wait_started 4
    2026-11-12T09:00:00Z ann wait_ended 4 version=1
    2026-11-12T09:00:00Z ann send_email renewed 5
    2026-11-12T09:00:00Z ben wait_ended 4 version=1
    2026-11-12T09:00:00Z ben send_email renewed 5
    ";

#[test]
fn an_old_version_has_all_that_its_steps_need_whichever_command_lets_the_time_pass() {
    let mut advanced = renewal();
    advanced
        .run("campaign advance --until 2026-11-13 --dry-run -f csv")
        .stdout(
            "
            at,kind,campaign,person_id,email,id,person,step
            2026-11-05T09:00:00Z,wait,Renewal,1,ann@example.com,,ann@example.com,1
            2026-11-05T09:00:00Z,wait,Renewal,2,ben@example.com,,ben@example.com,1
            2026-11-12T09:00:00Z,wait,Renewal,1,ann@example.com,,ann@example.com,4
            2026-11-12T09:00:00Z,wait,Renewal,2,ben@example.com,,ben@example.com,4
            ",
        )
        .code(0);
    advanced.advance("2026-11-13");
    advanced.cells_are(LOG, COLUMNS, FINISHED);
    let shown = advanced.row("person show ann@example.com");
    assert_eq!(shown["person"]["lead_status"], "Renewing Steel");

    let mut replayed = renewal().now("2026-11-13");
    replayed.replay(
        r#"
        {"at":"2026-11-05T10:00:00Z","person":"ben@example.com","type":"visit_web_page","web_page":"/a"}
        {"at":"2026-11-12T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
        "#,
    );
    replayed.cells_are(LOG, COLUMNS, FINISHED);
}

#[test]
fn who_finishes_an_old_version_shows_wherever_waits_are_shown() {
    let mut tool = renewal();
    tool.advance("2026-11-06");
    tool.run("campaign show Renewal")
        .stdout(
            "
            campaign    Renewal
            mode        Batch
            status      running in wait step
            definition  version 2 of campaigns/renewal.yaml
            people      2 entered, 2 waiting

            smart list
              people for whom
                state is CA

            flow
              1. change lead_score by +1

            people in waits
            step  wait         people  first until          last until           finish
            ──────────────────────────────────────────────────────────────────────────────
            4     wait 1 week  2       2026-11-12 09:00:00  2026-11-12 09:00:00  version 1

            qualification and schedule
            each person   may enter every time
            email limits  not obeyed
            ",
        )
        .code(0);
    tool.run("campaign members Renewal --waiting")
        .stdout(
            "
            person_id  person           step  since                until                version
            ───────────────────────────────────────────────────────────────────────────────────
                    1  ann@example.com     4  2026-11-05 09:00:00  2026-11-12 09:00:00        1
                    2  ben@example.com     4  2026-11-05 09:00:00  2026-11-12 09:00:00        1
            ",
        )
        .code(0);
    let shown = tool.row("person show ann@example.com");
    assert_eq!(
        shown["waits"].to_string(),
        r#"[{"campaign":"Renewal","person_id":1,"email":"ann@example.com","id":null,"person":"ann@example.com","step":4,"since":"2026-11-05T09:00:00Z","until":"2026-11-12T09:00:00Z","version":1}]"#
    );
    assert_eq!(
        tool.dumped("wait"),
        [1, 2].map(|person| format!(r#"{{"wait":"Renewal","person":{person},"version":1,"finishes":1,"nth":1,"step":4,"wait_ordinal":2,"step_id":null,"since":"2026-11-05T09:00:00Z","until":"2026-11-12T09:00:00Z","run":1,"cause":null}}"#))
    );
}

#[test]
fn who_finishes_an_old_version_can_be_taken_out_of_the_flow_and_qualifies_as_ever() {
    let mut tool = renewal().now("2026-11-04T00:00:00Z");
    tool.replay(
        r#"
        {"at":"2026-11-03T10:00:00Z","person":"ben@example.com","type":"unsubscribe_email","email":"letter"}
        "#,
    );
    tool.run("campaign run Renewal -f jsonl")
        .stdout(
            "
            {\"campaign\":\"Renewal\",\"run_id\":2,\"matched\":2,\"excluded\":0,\"qualified\":2,\"blocked\":0,\"waiting\":0,\"finished\":2,\"steps\":[{\"step\":1,\"name\":\"change_score\",\"succeeded\":2,\"skipped\":0,\"failed\":0}],\"blocked_by\":[],\"cut\":0,\"dry_run\":false,\"until\":null,\"campaigns\":null,\"guards\":[],\"allowed\":[]}
            ",
        )
        .code(0);
    tool.done("campaign abort 1");
    tool.cells_are(
        LOG,
        COLUMNS,
        "
        2026-11-04T00:00:00Z ann change_score lead_score 1
        2026-11-04T00:00:00Z ann wait_ended 1 aborted
        2026-11-04T00:00:00Z ben change_score lead_score 1
        ",
    );
    tool.run("campaign members Renewal -f csv")
        .stdout(
            "
            campaign,person_id,email,id,person,first_qualified_at,last_qualified_at,times
            Renewal,1,ann@example.com,,ann@example.com,2026-11-02T09:00:00Z,2026-11-04T00:00:00Z,2
            Renewal,2,ben@example.com,,ben@example.com,2026-11-02T09:00:00Z,2026-11-04T00:00:00Z,2
            ",
        )
        .code(0);
}
