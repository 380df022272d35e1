//! `campaign test --coverage`: what tests have seen of campaigns, and what they have not.

mod witness;

use serde_json::{Value as Json, json};

use super::tool::Tool;

const DEMO: &str = "
    name: Demo
    smart_list:
      triggers:
        - fills_out_form: Demo
        - clicks_link_in_email: { link: { contains: demo } }
      filters:
        - unsubscribed: false
        - any:
            - country: US
            - lead_score: { at_least: 50 }
    flow:
      - wait: 2 days
      - send_email:
          choices:
            - if: { lead_score: { at_least: 50 } }
              email: call-me
          default: { email: thanks }
    qualification: { once_every: 7 days }
    tests:
      - name: the form sends thanks
        now: 2026-11-02T09:00:00Z
        people:
          - { email: ann@example.com, country: US, lead_score: 5 }
        events:
          - { at: 2026-11-02T10:00:00Z, person: ann@example.com, type: fills_out_form, form: Demo }
        advance_to: 2026-11-05T00:00:00Z
        expect:
          - { person: ann@example.com, activities: [wait_started, wait_ended, send_email] }
";

fn demo() -> Tool {
    Tool::new().file("campaigns/demo.yaml", DEMO)
}

#[test]
fn coverage_shows_what_no_test_has_seen_and_where() {
    demo()
        .run("campaign test --coverage")
        .stdout(
            "
            campaign  test                   result
            ───────────────────────────────────────
            Demo      the form sends thanks  passed

            campaign  covered  percent
            ──────────────────────────
            Demo      10 / 17       58
            total     10 / 17       58

            7 points that no test has seen
            place                   not seen                     of
            ─────────────────────────────────────────────────────────────────────────────────────────────
            campaigns/demo.yaml:5   trigger 2                    clicks link in email: link contains demo
            campaigns/demo.yaml:7   filter 1 false               unsubscribed is false
            campaigns/demo.yaml:9   filter 2.1 false             country is US
            campaigns/demo.yaml:10  filter 2.2 true              lead score at least 50
            campaigns/demo.yaml:18  rule rejects                 once_every 7 days
            campaigns/demo.yaml:15  step 2 choice 1 filter true  lead score at least 50
            campaigns/demo.yaml:15  step 2 choice 1              if lead score at least 50
            ",
        )
        .stderr("note: 1 test passed\n")
        .code(0);
}

#[test]
fn json_has_the_tests_the_coverage_with_places_and_the_total() {
    let shown = demo().text("campaign test --coverage --format json");
    let shown: Json = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["tests"][0]["test"], "the form sends thanks");
    let row = &shown["coverage"][0];
    assert_eq!(row["campaign"], "Demo");
    assert_eq!(row["file"], "campaigns/demo.yaml");
    assert_eq!(shown["total"], json!({ "points": 17, "covered": 10 }));
    assert_eq!((&row["points"], &row["covered"]), (&json!(17), &json!(10)));
    let missing = json!({
        "point": "trigger 2",
        "what": "clicks link in email: link contains demo",
        "line": 5,
        "witness": null,
    });
    assert_eq!(row["missing"][0], missing);
    assert_eq!(row["unreachable"], json!([]));
}

#[test]
fn without_coverage_the_rows_are_those_of_the_tests_alone() {
    let rows = demo().rows("campaign test");
    let keys: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let expected = ["campaign", "test", "file", "line", "passed", "failures"];
    assert_eq!(keys, expected);
}

#[test]
fn a_threshold_fails_below_it_and_not_at_it() {
    let mut tool = demo();
    for passing in ["0", "58", "58.8", "58.82"] {
        let line = format!("campaign test --coverage --threshold {passing}");
        tool.run(line.as_str()).any_stdout().any_stderr().code(0);
    }
    for failing in ["58.83", "59", "100", "100 %"] {
        let share = failing.trim_end_matches(" %");
        tool.run(["campaign", "test", "--threshold", failing])
            .any_stdout()
            .stderr(&format!(
                "note: 1 test passed\nerror: 10 of 17 points are covered: 58.82 percent, and {share} are asked for\n"
            ))
            .code(1);
    }
    for bad in ["-1", "101", "many", "58.823", ""] {
        let option = format!("--threshold={bad}");
        tool.run(["campaign", "test", &option]).any_stderr().code(2);
    }
}

#[test]
fn lcov_counts_a_line_as_covered_when_all_its_points_are() {
    demo()
        .run("campaign test --format lcov")
        .stdout(
            "
            TN:
            SF:campaigns/demo.yaml
            DA:4,1
            DA:5,0
            DA:7,0
            DA:9,0
            DA:10,0
            DA:12,1
            DA:13,1
            DA:15,0
            DA:17,1
            DA:18,0
            LF:10
            LH:4
            end_of_record
            ",
        )
        .stderr("note: 1 test passed\n")
        .code(0);
}

#[test]
fn a_test_that_fails_is_reported_as_well() {
    let failing = DEMO.replace("[wait_started, wait_ended, send_email]", "[send_email]");
    let mut tool = Tool::new().file("campaigns/demo.yaml", &failing);
    let shown = tool
        .run("campaign test --coverage --threshold 10")
        .any_stderr();
    let shown = shown.into_stdout();
    assert!(shown.contains("10 / 17"), "{shown}");
    assert!(shown.contains("expected  [send_email]"), "{shown}");
    tool.run("campaign test --coverage")
        .any_stdout()
        .stderr("error: 1 of 1 test failed\n")
        .code(1);
}

/// A campaign of which much can never happen.
const DEAD: &str = "
    name: Dead
    smart_list:
      triggers: [ fills_out_form: Demo ]
      filters:
        - member_of_smart_list: All People
        - lead_score: { at_least: 50 }
    flow:
      - change_score:
          choices:
            - if: { lead_score: { at_least: 10 } }
              change: 5
            - if: { state: CA }
              change: 7
          default: do_nothing
      - wait: { for: 1 day, do_nothing: true }
      - call_webhook: crm
      - remove_from_flow: this
      - send_email: late
    qualification: every_time
";

#[test]
fn what_nobody_can_reach_is_listed_and_not_counted() {
    let tool = Tool::new().file("campaigns/dead.yaml", DEAD);
    let webhook = "webhooks: { crm: { url: 'https://example.com' } }";
    let mut tool = tool.file("campaigns/workspace.yaml", webhook);
    let shown = tool.run("campaign test --coverage --format json");
    let shown: Json = serde_json::from_str(&shown.any_stderr().into_stdout()).unwrap();
    let row = &shown["coverage"][0];
    let unreachable: Vec<String> = row["unreachable"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| {
            let text = |key: &str| point[key].as_str().unwrap().to_owned();
            format!("{}: {}", text("point"), text("reason"))
        })
        .collect();
    let expected = [
        "filter 1 false: everyone meets this",
        "rule rejects: `every_time` admits everyone",
        "step 2 succeeds: it does nothing",
        "step 2 wait ends: nobody waits here",
        "step 3 succeeds: webhooks are never called",
        "step 5 succeeds: `remove_from_flow` before it ends the flow for everyone",
    ];
    assert_eq!(unreachable, expected);
    let missing = row["missing"].as_array().unwrap().len();
    assert_eq!(row["points"], json!(missing));
}
