//! What happens to people in waits when their campaign is loaded again.

use std::process::Output;

use super::Tool;
use super::{SHORT, TRIAL, no_wait, trial, trial_log};

#[test]
fn a_load_that_leaves_people_without_their_wait_is_refused_and_names_all() {
    let mut tool = trial().file("campaigns/trial.yaml", &no_wait());
    let before = tool.dump();
    tool.run("campaign load")
        .stderr(
            "
            error: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest, and version 2 has no such wait
            error: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00, and version 2 has no such wait
            help: `bugle campaign load --waiting keep` lets them finish the version they are in, `--waiting drop` ends their waits; or leave the wait in the flow: one that has an `id` is found wherever it then stands
            ",
        )
        .code(4);
    assert_eq!(tool.dump(), before);
}

#[test]
fn those_whose_wait_is_there_go_on_in_the_new_version_and_keep_their_end() {
    let mut tool = trial().file(
        "campaigns/trial.yaml",
        &TRIAL
            .replace("wait: 3 days", "wait: 5 days")
            .replace("tips", "news"),
    );
    tool.run("campaign load")
        .stdout(
            "
            campaign  change   version  mode       waiting  file
            ────────────────────────────────────────────────────────────────────
            Trial     changed        2  Triggered        3  campaigns/trial.yaml
            ",
        )
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 3 of version 2
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: goes on at step 5 of version 2
            ",
        )
        .code(0);
    tool.advance("2026-12-01");
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2 version=2
        2026-11-07T09:00:00Z ben send_email news 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2 version=2
        2026-11-08T12:00:00Z cleo send_email news 3
        2026-11-08T12:00:00Z cleo wait_started 4
        2026-11-12T09:00:00Z ann wait_ended 4 version=2
        2026-11-12T09:00:00Z ann send_email offer 5
        2026-11-14T09:00:00Z ben wait_ended 4
        2026-11-14T09:00:00Z ben send_email offer 5
        2026-11-15T12:00:00Z cleo wait_ended 4
        2026-11-15T12:00:00Z cleo send_email offer 5
        ",
    );
}

#[test]
fn keep_lets_those_without_their_wait_finish_the_old_version_and_no_others() {
    let mut tool = trial().file("campaigns/trial.yaml", SHORT);
    tool.run("campaign load --waiting keep -f jsonl")
        .stdout(
            r#"
            {"campaign":"Trial","file":"campaigns/trial.yaml","change":"changed","version":2,"mode":"triggered","waiting":3,"waits":[{"step":2,"id":null,"wait":"wait 3 days","people":2,"first_until":"2026-11-07T09:00:00Z","last_until":"2026-11-08T12:00:00Z","then":"goes_on","version":2,"next_step":3},{"step":4,"id":null,"wait":"wait 1 week","people":1,"first_until":"2026-11-12T09:00:00Z","last_until":"2026-11-12T09:00:00Z","then":"finishes","version":1,"next_step":5}]}
            "#,
        )
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 3 of version 2
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: finishes version 1
            ",
        )
        .code(0);
    tool.advance("2026-12-01");
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2 version=2
        2026-11-07T09:00:00Z ben send_email survey 3
        2026-11-08T12:00:00Z cleo wait_ended 2 version=2
        2026-11-08T12:00:00Z cleo send_email survey 3
        2026-11-12T09:00:00Z ann wait_ended 4 version=1
        2026-11-12T09:00:00Z ann send_email offer 5
        ",
    );
}

#[test]
fn later_waits_of_an_old_version_belong_to_it_also_through_further_loads() {
    let mut tool = trial().file("campaigns/trial.yaml", &no_wait());
    tool.done("campaign load --waiting keep");
    // Ben and Cleo come to the second wait, which version 2 has not either.
    tool.advance("2026-11-09");
    let mut tool = tool
        .now("2026-11-09T00:00:00Z")
        .file("campaigns/trial.yaml", SHORT);
    tool.run("campaign load")
        .any_stdout()
        .stderr(
            "
            note: `Trial`: 3 people at step 4 (wait 1 week) until 2026-11-12 09:00:00 at the earliest, 2026-11-15 12:00:00 at the latest: finish version 1
            ",
        )
        .code(0);
    tool.advance("2026-12-01");
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-07T09:00:00Z ben wait_ended 2 version=1
        2026-11-07T09:00:00Z ben send_email tips 3
        2026-11-07T09:00:00Z ben wait_started 4
        2026-11-08T12:00:00Z cleo wait_ended 2 version=1
        2026-11-08T12:00:00Z cleo send_email tips 3
        2026-11-08T12:00:00Z cleo wait_started 4
        2026-11-12T09:00:00Z ann wait_ended 4 version=1
        2026-11-12T09:00:00Z ann send_email offer 5
        2026-11-14T09:00:00Z ben wait_ended 4 version=1
        2026-11-14T09:00:00Z ben send_email offer 5
        2026-11-15T12:00:00Z cleo wait_ended 4 version=1
        2026-11-15T12:00:00Z cleo send_email offer 5
        ",
    );
}

#[test]
fn drop_ends_the_waits_that_are_lost_and_the_log_of_each_person_says_so() {
    let mut tool = trial().file("campaigns/trial.yaml", SHORT);
    tool.run("campaign load --waiting drop")
        .stdout(
            "
            campaign  change   version  mode       waiting  file
            ────────────────────────────────────────────────────────────────────
            Trial     changed        2  Triggered        2  campaigns/trial.yaml
            ",
        )
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 3 of version 2
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: was dropped from the flow
            ",
        )
        .code(0);
    tool.run("person log ann@example.com --type wait_ended")
        .stdout(
            "
            when                 activity    detail     campaign  step  outcome
            ─────────────────────────────────────────────────────────────────────────────────────────────
            2026-11-05 09:00:00  wait_ended             Trial     2     succeeded
            2026-11-06 00:00:00  wait_ended  version 2  Trial     4     skipped: dropped by a new version
            ",
        )
        .code(0);
    tool.advance("2026-12-01");
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-06T00:00:00Z ann wait_ended 4 version=2 dropped by a new version
        2026-11-07T09:00:00Z ben wait_ended 2 version=2
        2026-11-07T09:00:00Z ben send_email survey 3
        2026-11-08T12:00:00Z cleo wait_ended 2 version=2
        2026-11-08T12:00:00Z cleo send_email survey 3
        ",
    );
}

#[test]
fn a_wait_with_an_id_is_found_wherever_it_stands_also_where_a_later_load_gave_the_id() {
    let named = TRIAL.replace("- wait: 1 week", "- id: pause\n        wait: 1 week");
    let mut tool = trial().file("campaigns/trial.yaml", &named);
    tool.load();
    tool.write(
        "campaigns/trial.yaml",
        "
        name: Trial
        smart_list: { triggers: [ fills_out_form: trial ] }
        flow:
          - id: pause
            wait: 2 weeks
          - send_email: last offer
          - wait: 1 day
        active: true
        ",
    );
    tool.run("campaign load --waiting drop")
        .any_stdout()
        .stderr(
            "
            note: `Trial`: 2 people at step 2 (wait 3 days) until 2026-11-07 09:00:00 at the earliest, 2026-11-08 12:00:00 at the latest: go on at step 2 of version 3
            note: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00: goes on at step 2 of version 3
            ",
        )
        .code(0);
    tool.run("campaign members Trial --waiting -f csv")
        .stdout(
            "
            campaign,person_id,email,id,person,step,since,until,version
            Trial,2,ben@example.com,,ben@example.com,1,2026-11-04T09:00:00Z,2026-11-07T09:00:00Z,3
            Trial,3,cleo@example.com,,cleo@example.com,1,2026-11-05T12:00:00Z,2026-11-08T12:00:00Z,3
            Trial,1,ann@example.com,,ann@example.com,1,2026-11-05T09:00:00Z,2026-11-12T09:00:00Z,3
            ",
        )
        .code(0);
}

/// Version 1 asks and changes what version 2 does not touch.
/// A workspace that defines emails, without some of them.
fn emails(names: &[&str]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("{name}: {{ subject: A }}"))
        .collect();
    format!("emails: {{ {} }}\n", names.join(", "))
}

#[test]
fn an_old_version_must_still_compile_or_its_waits_are_dropped() {
    let mut tool = trial()
        .file("campaigns/workspace.yaml", &emails(&["welcome", "survey"]))
        .file("campaigns/trial.yaml", SHORT);
    let help = "help: leave what it names in place until they are through, or `bugle campaign load --waiting drop` ends their waits";
    tool.run("campaign load --waiting keep")
        .stderr(&format!(
            "error: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00, to finish version 1, which would no longer compile: the workspace defines no email `tips`\n{help}\n"
        ))
        .code(4);
    tool.write(
        "campaigns/workspace.yaml",
        &emails(&["welcome", "survey", "tips", "offer"]),
    );
    tool.done("campaign load --waiting keep");
    tool.write(
        "campaigns/workspace.yaml",
        &emails(&["welcome", "survey", "tips"]),
    );
    tool.run("campaign load")
        .stderr(&format!(
            "error: `Trial`: 1 person at step 4 (wait 1 week) until 2026-11-12 09:00:00, to finish version 1, which would no longer compile: the workspace defines no email `offer`\n{help}\n"
        ))
        .code(4);
    tool.done("campaign load --waiting drop");
    trial_log(
        &mut tool,
        "2026-11-06",
        "2026-11-06T00:00:00Z ann wait_ended 4 version=2 dropped by a new version\n",
    );
}

#[test]
fn one_load_drops_all_lost_waits_of_one_person() {
    let mut tool = trial().file(
        "campaigns/trial.yaml",
        &TRIAL.replace("active", "qualification: every_time\n    active"),
    );
    tool.load();
    tool.replay(
        r#"
        {"at":"2026-11-05T20:00:00Z","person":"ann@example.com","type":"fill_out_form","form":"trial"}
        "#,
    );
    tool.write("campaigns/trial.yaml", &no_wait());
    tool.done("campaign load --waiting drop");
    trial_log(
        &mut tool,
        "2026-11-06",
        "
        2026-11-06T00:00:00Z ann wait_ended 4 version=3 dropped by a new version
        2026-11-06T00:00:00Z ann wait_ended 2 version=3 dropped by a new version
        2026-11-06T00:00:00Z ben wait_ended 2 version=3 dropped by a new version
        2026-11-06T00:00:00Z cleo wait_ended 2 version=3 dropped by a new version
        ",
    );
    tool.done("db check");
}

/// Runs a command, and returns all that it prints and ends with.
fn output(tool: &Tool, line: &str) -> Output {
    tool.command().args(line.split(' ')).output().unwrap()
}

#[test]
fn a_dry_run_prints_what_the_load_prints_and_changes_nothing() {
    for waiting in ["", " --waiting keep", " --waiting drop"] {
        let mut tool = trial().file("campaigns/trial.yaml", SHORT);
        let before = tool.dump();
        let dry = output(&tool, &format!("campaign load --dry-run{waiting} -f json"));
        assert_eq!(tool.dump(), before);
        let loaded = output(&tool, &format!("campaign load{waiting} -f json"));
        assert_eq!(dry, loaded, "{waiting}");
    }
}

#[test]
fn a_file_that_is_gone_with_what_it_names_is_pruned_and_invalid_until_that_is_back() {
    let defined = "emails: { hello: { subject: Hello, from: news@example.com, body: Hello } }\n";
    let mut tool = Tool::new()
        .now("2026-11-02T09:00:00Z")
        .file("campaigns/workspace.yaml", defined)
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ wait: 3 days, send_email: hello ]
            ",
        )
        .file(
            "campaigns/other.yaml",
            "
            name: Other
            smart_list: { filters: [ unsubscribed: true ] }
            flow: [ change_score: 1 ]
            ",
        )
        .file("people.csv", "email\nann@example.com\n")
        .loaded();
    tool.done("campaign run Letter");
    std::fs::remove_file(tool.path("campaigns/letter.yaml")).unwrap();
    let renamed = defined.replace("hello:", "welcome:");
    tool.write("campaigns/workspace.yaml", &renamed);
    let refused = tool.run("campaign load").into_stderr();
    let help = "this is `Letter` as it was loaded, whose file is gone: `bugle campaign load --prune` takes it out of use";
    assert!(refused.contains(help), "{refused}");
    tool.run("campaign load --prune")
        .stdout("")
        .stderr(
            "
            error: `Letter`: 1 person at step 1 (wait 3 days) until 2026-11-05 09:00:00, in a flow that would no longer compile
            help: leave what it names in place until they are through, or `bugle campaign load --waiting drop` ends their waits
            ",
        )
        .code(4);
    tool.run("campaign load --prune --waiting drop -f csv")
        .any_stdout()
        .stderr("warning: `Letter` has no file any more and is invalid from now on, since the workspace no longer has what it names\n")
        .code(0);
    let status = |tool: &mut Tool| tool.cells("campaign list", "campaign status waiting");
    assert_eq!(status(&mut tool), "Letter invalid 0\nOther never run 0\n");
    // A campaign that is invalid already stands in nobody's way.
    tool.write(
        "campaigns/new.yaml",
        "name: New\nsmart_list: { filters: [ unsubscribed: true ] }\nflow: [ change_score: 1 ]\n",
    );
    tool.run("campaign load").any_stdout().any_stderr().code(0);
    tool.write("campaigns/workspace.yaml", defined);
    tool.run("campaign load").any_stdout().any_stderr().code(0);
    assert_eq!(
        status(&mut tool),
        "Letter has run 0\nNew never run 0\nOther never run 0\n"
    );
}
