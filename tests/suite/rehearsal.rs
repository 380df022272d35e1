//! `campaign run --dry-run --until`: what it shows is what happens when the run and the clock are real.

use serde_json::Value as Json;

use crate::tool::Tool;

/// The last step of the flow: it erases people in TX, or raises a score.
const ERASES: &str = "delete_person: { choices: [ { if: { state: TX } } ], default: do_nothing }";
const RAISES: &str = "change_score: +1";

/// What also happens every night, and not in a dry run.
const NIGHTLY: &str = "
---
name: Nightly
smart_list: { filters: [ lead_score: { at_least: 10 } ] }
flow: [ change_data_value: { field: state, value: NY } ]
schedule: { first_run: 2026-11-03 00:00, repeat: daily }
";

/// A batch with two waits, whose people go different ways, and which starts a trigger campaign. Bo shares Ann's address,
/// Cy unsubscribes on the way, Di lives in TX, and Ed waits in the trigger campaign before.
fn tool(last: &str, more: &str) -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .bytes(
            "campaigns/letter.yaml",
            format!(
                "name: Letter\n\
                 smart_list: {{ filters: [ lead_score: {{ at_least: 10 }} ] }}\n\
                 flow:\n\
                 - send_email: first\n\
                 - wait: 2 days\n\
                 - change_data_value: {{ choices: [ {{ if: {{ state: NY }}, field: unsubscribed, value: 'true' }} ], default: do_nothing }}\n\
                 - request_campaign: Follow\n\
                 - wait: {{ for: 1 day, until: {{ time: '09:00' }} }}\n\
                 - send_email: second\n\
                 - {last}\n\
                 ---\n\
                 name: Follow\n\
                 smart_list: {{ triggers: [ campaign_is_requested: any ] }}\n\
                 flow: [ change_score: +1, wait: 3 days, change_score: +1 ]\n\
                 active: true\n\
                 qualification: every_time\n{more}"
            ),
        )
        .bytes(
            "people.csv",
            "id,email,state,lead_score\nann,a@example.com,CA,20\nbo,a@example.com,CA,20\n\
             cy,c@example.com,NY,20\ndi,d@example.com,TX,20\ned,e@example.com,CA,5\n",
        )
        .bytes(
            "events.csv",
            "at,person,type,campaign\n2026-11-01T10:00:00Z,ed,campaign_is_requested,Follow\n",
        );
    tool.done("campaign load campaigns --now 2026-10-01");
    tool.done("person load people.csv --key id");
    tool.done("campaign replay-events events.csv");
    tool
}

/// Returns the steps of a run, a line each: number, succeeded, skipped, failed, and those who waited.
fn steps(run: &Json) -> String {
    let steps = run["steps"].as_array().unwrap().iter();
    let line = |step: &Json| {
        let waits = ["waited", "first_wake", "last_wake"].map(|key| step[key].to_string());
        format!(
            "{} {} {} {} {}\n",
            step["step"],
            step["succeeded"],
            step["skipped"],
            step["failed"],
            waits.join(" ")
        )
    };
    steps.map(line).collect()
}

#[test]
fn the_steps_after_waits_have_their_counts_and_waits_say_whom_they_hold() {
    let mut tool = tool(ERASES, NIGHTLY);
    let before = tool.dump();
    let run = tool.row("campaign run Letter --dry-run --until done");
    assert_eq!(
        steps(&run),
        "1 3 1 0 null null null\n\
         2 4 0 0 4 \"2026-11-04T10:00:00Z\" \"2026-11-04T10:00:00Z\"\n\
         3 1 3 0 null null null\n\
         4 4 0 0 null null null\n\
         5 4 0 0 4 \"2026-11-06T09:00:00Z\" \"2026-11-06T09:00:00Z\"\n\
         6 2 2 0 null null null\n\
         7 1 3 0 null null null\n"
    );
    assert_eq!(run["dry_run"], true);
    assert_eq!(run["until"], "2026-11-06T09:00:00Z");
    assert_eq!(run["run_id"], Json::Null);
    assert_eq!((&run["waiting"], &run["finished"]), (&0.into(), &4.into()));
    assert_eq!(run["blocked"], 2, "Bo twice, and Cy: {run}");
    let follow = &run["campaigns"][0];
    assert_eq!(follow["campaign"], "Follow");
    assert_eq!(follow["entered"], 4, "all of this run, and not Ed");
    assert_eq!(follow["finished"], 1, "Ed");
    assert_eq!(tool.dump(), before);
}

#[test]
fn a_dry_run_shows_what_the_run_and_the_clock_do() {
    let until = "2026-11-06T12:00:00Z";
    let mut dry = tool(RAISES, NIGHTLY);
    let shown = dry.row(["campaign", "run", "Letter", "--dry-run", "--until", until]);
    let mut real = tool(RAISES, "");
    let run = real.row("campaign run Letter");
    real.advance(until);
    let counts = real.query(
        "SELECT step || ' ' || sum(outcome = 'succeeded') || ' ' || sum(outcome = 'skipped') FROM v_activity
         WHERE campaign = 'Letter' AND type <> 'wait_ended' GROUP BY step ORDER BY step",
    );
    let dry_counts: Vec<String> = (shown["steps"].as_array().unwrap().iter())
        .map(|step| format!("{} {} {}", step["step"], step["succeeded"], step["skipped"]))
        .collect();
    assert_eq!(dry_counts, counts.lines().collect::<Vec<_>>());
    assert_eq!(shown["qualified"], run["qualified"]);
    let waits = real.rows("campaign members Letter --waiting");
    assert_eq!(shown["waiting"], waits.len());
    for chunk in ["1", "2", "1000"] {
        let mut chunked = dry.variable("BUGLE_CHUNK", chunk);
        let again = chunked.row(["campaign", "run", "Letter", "--dry-run", "--until", until]);
        assert_eq!(again, shown, "chunks of {chunk}");
        dry = chunked;
    }
}

#[test]
fn who_still_waits_at_the_end_is_counted() {
    let mut tool = tool(ERASES, "");
    let run = tool.row("campaign run Letter --dry-run --until 2026-11-05T00:00:00Z");
    assert_eq!((&run["waiting"], &run["finished"]), (&4.into(), &0.into()));
    let mut long = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file(
            "campaigns/long.yaml",
            "
            name: Long
            smart_list: { filters: [ member_of_smart_list: All People ] }
            flow: [ wait: 3 years, change_score: +1 ]
            ",
        )
        .bytes("people.csv", "email\nann@example.com\n")
        .loaded();
    long.run("campaign run Long --dry-run --until done")
        .stdout(
            "
            Long  dry run until 2028-11-02 10:00:00
            matched                  1  by the smart list
            excluded                 0
            qualified                1
            blocked                  0
            waiting                  1
            finished                 0

            step  name          succeeded  skipped  failed
            ──────────────────────────────────────────────
               1  wait                  1        0       0
               2  change_score          0        0       0

            step  name  waited  first wake-up        last wake-up
            ────────────────────────────────────────────────────────────
               1  wait       1  2029-11-02 10:00:00  2029-11-02 10:00:00

            campaign  triggered  filters  excluded  entered  waiting  finished
            ──────────────────────────────────────────────────────────────────
            Long              1        0         0        1        1         0
            ",
        )
        .stderr("note: 1 person of `Long` still waits at 2028-11-02T10:00:00Z, where `--until done` ends\n")
        .code(0);
}

#[test]
fn a_refused_dry_run_goes_on_as_well_and_then_says_why() {
    let mut tool = tool(ERASES, "");
    let text = std::fs::read_to_string(tool.path("campaigns/letter.yaml")).unwrap();
    tool.write_bytes(
        "campaigns/letter.yaml",
        text.replacen("flow:", "max_people: 1\nflow:", 1),
    );
    tool.load();
    let ran = tool
        .run("campaign run Letter --dry-run --until done -f csv")
        .any_stdout()
        .stderr(
            "
            error: 4 people qualify for `Letter`, but max_people is 1: nobody entered
            help: narrow the smart list, or raise max_people where that many are meant
            ",
        );
    ran.code(7);
}

#[test]
fn an_end_that_cannot_be_is_refused() {
    let mut tool = tool(ERASES, "");
    tool.run("campaign run Letter --dry-run --until 2026-11-01T00:00:00Z")
        .stderr(
            "
            error: the run is at 2026-11-02T10:00:00Z, and `--until` names 2026-11-01T00:00:00Z: the clock does not go back
            help: give a later instant, or `--until done`
            ",
        )
        .code(4);
    tool.run("campaign run Letter --dry-run --until soon")
        .stderr(
            "
            error: `--until soon` is not a time
            help: write `2026-11-02T10:00:00Z`, or `2026-11-02 10:00` in the workspace's zone
            ",
        )
        .code(2);
    let refused = tool.error("campaign run Letter --until done");
    assert!(refused.contains("--dry-run"), "{refused}");
}
