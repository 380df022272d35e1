//! `campaign test --witness`: tests that reach what no test has reached.

use serde_json::Value as Json;

use super::demo;
use crate::tool::Tool;

fn shown(tool: &mut Tool) -> Json {
    let ran = tool.run("campaign test --witness --format json");
    serde_json::from_str(&ran.any_stderr().into_stdout()).unwrap()
}

/// Returns the tests that were found, as they would be pasted.
fn pasted(shown: &Json) -> String {
    let mut all = String::new();
    for witness in shown["witnesses"].as_array().unwrap() {
        for line in witness["yaml"].as_str().unwrap().lines() {
            all.push_str("  ");
            all.push_str(line);
            all.push('\n');
        }
    }
    all
}

#[test]
fn witnesses_pass_and_cover_everything_once_they_are_pasted() {
    let mut tool = demo();
    let found = shown(&mut tool);
    for point in found["coverage"][0]["missing"].as_array().unwrap() {
        assert!(point["witness"].is_string(), "{point}");
    }
    let path = tool.path("campaigns/demo.yaml");
    let written = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{written}{}", pasted(&found))).unwrap();
    let ran = tool.run("campaign test --threshold 100 --format json");
    let after: Json = serde_json::from_str(&ran.any_stderr().into_stdout()).unwrap();
    assert_eq!(after["total"]["points"], after["total"]["covered"]);
    let mut tests = after["tests"].as_array().unwrap().iter();
    assert!(tests.all(|test| test["passed"] == true), "{after}");
}

#[test]
fn the_same_search_finds_the_same_tests() {
    let threads = |count: &str| {
        let mut tool = demo().variable("BUGLE_THREADS", count);
        shown(&mut tool)
    };
    assert_eq!(threads("1"), threads("4"));
}

#[test]
fn an_executable_campaign_is_seen_in_tests_of_its_caller() {
    let campaigns = "
        name: Caller
        smart_list: { triggers: [ fills_out_form: Demo ] }
        flow: [ execute_campaign: Child ]
        ---
        name: Child
        executable: true
        smart_list: { filters: [ state: CA ] }
        flow: [ change_score: 5 ]
        qualification: every_time
    ";
    let mut tool = Tool::new().file("campaigns/calls.yaml", campaigns);
    let found = shown(&mut tool);
    let child = &found["coverage"][1];
    assert_eq!(child["campaign"], "Child");
    for point in child["missing"].as_array().unwrap() {
        assert!(point["witness"].is_string(), "{point}");
    }
    let witnesses = found["witnesses"].as_array().unwrap();
    let of_child: Vec<_> = witnesses
        .iter()
        .filter(|of| of["campaign"] == "Child")
        .collect();
    assert!(
        of_child.iter().all(|of| of["tests_of"] == "Caller"),
        "{found}"
    );
}

#[test]
fn the_table_has_tests_to_paste_and_what_was_not_found() {
    // Nobody opens an email before they are sent one, but events may say so; a length of a thousand times is not tried.
    let campaigns = "
        name: Rare
        smart_list:
          triggers: [ fills_out_form: Demo ]
          filters: [ { visited_web_page: { min_number_of_times: 1001 } } ]
        flow: [ send_email: hello ]
        qualification: every_time
    ";
    let mut tool = Tool::new().file("campaigns/rare.yaml", campaigns);
    let table = tool
        .run("campaign test --witness")
        .any_stderr()
        .into_stdout();
    let (_, found) = table
        .split_once("campaigns/rare.yaml  for `tests:` of Rare\n")
        .unwrap();
    assert!(
        found.starts_with("  - name: trigger 1, filter 1 false\n    now: "),
        "{found}"
    );
    let (_, missing) = found.split_once("no test was found for these\n").unwrap();
    for point in ["filter 1 true", "rule admits", "step 1 succeeds"] {
        assert!(missing.contains(point), "{missing}");
    }
}
