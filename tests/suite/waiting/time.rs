//! Waits while campaigns are deactivated, pruned, broken and mended, and the next runs that are shown meanwhile.

use crate::tool::Tool;

use super::{no_wait, trial, trial_log};

#[test]
fn deactivation_stops_entries_and_no_one_who_waits() {
    let mut tool = trial();
    tool.done("campaign deactivate Trial");
    let mut tool = tool.now("2026-12-01T00:00:00Z");
    tool.replay(
        r#"
        {"at":"2026-11-07T08:00:00Z","person":"new@example.com","type":"fill_out_form","form":"trial"}
        {"at":"2026-11-12T12:00:00Z","person":"new@example.com","type":"visit_web_page","web_page":"/a"}
        "#,
    );
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2
        2026-11-08T12:00:00Z cleo send_email tips 3
        2026-11-08T12:00:00Z cleo wait_started 4
        2026-11-12T09:00:00Z ann wait_ended 4
        2026-11-12T09:00:00Z ann send_email offer 5
        ",
    );
}

#[test]
fn a_missing_file_changes_nothing_and_prune_deactivates_while_waits_go_on() {
    let mut tool = trial().file("campaigns/other.yaml", &no_wait().replace("Trial", "Other"));
    std::fs::remove_file(tool.path("campaigns/trial.yaml")).unwrap();
    tool.run("campaign load")
        .any_stdout()
        .stderr("warning: `Trial` has no file any more (it was `campaigns/trial.yaml`) and stays as it is; `--prune` deactivates it\n")
        .code(0);
    tool.run("campaign list")
        .stdout(
            "
            campaign  mode       status  next run  members  waiting  until
            ────────────────────────────────────────────────────────────────────────────
            Other     Triggered  active                  0        0
            Trial     Triggered  active                  3        3  2026-11-12 09:00:00
            ",
        )
        .code(0);
    tool.run("campaign load --prune -f csv")
        .stdout(
            r#"
            campaign,file,change,version,mode,waiting,waits
            Other,campaigns/other.yaml,unchanged,1,triggered,0,[]
            Trial,campaigns/trial.yaml,pruned,1,triggered,3,"[{""step"":2,""id"":null,""wait"":""wait 3 days"",""people"":2,""first_until"":""2026-11-07T09:00:00Z"",""last_until"":""2026-11-08T12:00:00Z"",""then"":""goes_on"",""version"":1,""next_step"":3},{""step"":4,""id"":null,""wait"":""wait 1 week"",""people"":1,""first_until"":""2026-11-12T09:00:00Z"",""last_until"":""2026-11-12T09:00:00Z"",""then"":""goes_on"",""version"":1,""next_step"":5}]"
            "#,
        )
        .code(0);
    tool.run("campaign list -f csv")
        .stdout(
            "
            campaign,program,mode,status,active,version,members,waiting,next_run_at,first_until,last_until
            Other,,triggered,active,true,1,0,0,,,
            Trial,,triggered,inactive,false,1,3,3,,2026-11-07T09:00:00Z,2026-11-12T09:00:00Z
            ",
        )
        .code(0);
    tool.advance("2026-11-08");
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        ",
    );
}

#[test]
fn show_lists_the_next_three_runs_after_what_the_clock_has_gone_past() {
    let mut tool = Tool::new().now("2026-11-01T00:00:00Z").file(
        "campaigns/letter.yaml",
        "
        name: Letter
        smart_list: { filters: [ member_of_smart_list: All People ] }
        flow:
          - wait: 10 days
        schedule: { first_run: 2026-11-02 09:00, repeat: weekly }
        qualification: every_time
        ",
    );
    tool.load();
    let next = |tool: &mut Tool| {
        let shown = tool.text("campaign show Letter");
        let line = shown.lines().find(|line| line.starts_with("next runs"));
        line.unwrap_or_default().to_owned()
    };
    assert_eq!(
        next(&mut tool),
        "next runs     2026-11-02 09:00:00, 2026-11-09 09:00:00, 2026-11-16 09:00:00"
    );
    tool.advance("2026-11-10");
    assert_eq!(
        next(&mut tool),
        "next runs     2026-11-16 09:00:00, 2026-11-23 09:00:00, 2026-11-30 09:00:00"
    );
}

#[test]
fn a_wait_in_a_version_that_no_longer_compiles_stays_until_that_is_mended() {
    let mut tool = trial();
    let replace = |tool: &Tool, from: &str, to: &str| {
        tool.tamper(&format!(
            "UPDATE campaign_version SET definition = replace(definition, '{from}', '{to}')"
        ));
    };
    replace(&tool, "send_email", "send_telegram");
    tool.advance("2026-11-08");
    tool.run("campaign list -f csv")
        .stdout(
            "
            campaign,program,mode,status,active,version,members,waiting,next_run_at,first_until,last_until
            Trial,,triggered,invalid,true,1,3,3,,2026-11-07T09:00:00Z,2026-11-12T09:00:00Z
            ",
        )
        .code(0);
    trial_log(&mut tool, "2026-11-06", "");
    replace(&tool, "send_telegram", "send_email");
    tool.advance("2026-11-09");
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2
        2026-11-08T12:00:00Z cleo send_email tips 3
        2026-11-08T12:00:00Z cleo wait_started 4
        ",
    );
}
