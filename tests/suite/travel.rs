//! Who was in a list or a campaign at an instant, who came and who went since then, and because of what.

use crate::tool::Tool;

/// Five people and what happened to them: Ann's score rises by a click, Bob's by a load, Cid moves away, Dee's renewal comes
/// near by itself, and Eve is made by a form.
fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-10T00:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            fields: { renewal_date: { type: date } }
            smart_lists:
              Warm:
                filters:
                  - lead_score: { at_least: 50 }
                  - renewal_date: { in_future: 7 days }
                logic: any
              Near: { filters: [ state: CA ] }
            ",
        )
        .file(
            "campaigns/score.yaml",
            "
            name: Score
            smart_list: { triggers: [ clicks_link_in_email: any ] }
            flow: [ change_score: +10, wait: 2 days, change_score: +1 ]
            active: true
            ---
            name: Welcome
            smart_list: { triggers: [ fills_out_form: any ] }
            flow: [ change_score: =60 ]
            active: true
            ",
        )
        .bytes(
            "people.csv",
            "id,email,lead_score,state,renewal_date\nann,a@example.com,45,CA,\nbob,b@example.com,10,CA,\n\
             cid,c@example.com,20,CA,\ndee,d@example.com,0,NY,2026-11-12\n",
        )
        .bytes(
            "events.csv",
            "at,person,type,form,field,new_value\n\
             2026-11-03T10:00:00Z,ann,clicks_link_in_email,,,\n\
             2026-11-04T10:00:00Z,cid,data_value_changes,,state,NY\n\
             2026-11-05T10:00:00Z,e@example.com,fills_out_form,Demo,,\n",
        )
        .bytes("more.csv", "id,lead_score\nbob,70\n");
    tool.done("campaign load campaigns --now 2026-11-01T00:00:00Z");
    tool.done("person load people.csv --key id --now 2026-11-01T00:00:00Z");
    tool.done("campaign replay-events events.csv");
    tool.done("person load more.csv --key id --now 2026-11-06T10:00:00Z");
    tool
}

#[test]
fn a_list_is_as_it_was() {
    let mut tool = tool();
    let list = |tool: &mut Tool, at: &str| {
        let line = ["person", "list", "--smart-list", "Warm", "--at", at];
        tool.cells(line, "id lead_score")
    };
    assert_eq!(list(&mut tool, "2026-11-02T00:00:00Z"), "");
    assert_eq!(list(&mut tool, "2026-11-04T00:00:00Z"), "ann 55\n");
    assert_eq!(
        list(&mut tool, "2026-11-05T12:00:00Z"),
        "ann 56\n60\n",
        "Eve has no id, and Dee's renewal is seven days away"
    );
    assert_eq!(
        list(&mut tool, "2026-11-07T00:00:00Z"),
        "ann 56\nbob 70\ndee 0\n60\n"
    );
    for (at, everyone) in [("2026-11-05T09:00:00Z", 4), ("2026-11-05T11:00:00Z", 5)] {
        let line = ["person", "list", "--count", "--at", at];
        assert_eq!(
            tool.row(line)["count"],
            everyone,
            "Eve was not there before"
        );
    }
    let sorted = "person list --filter 'state: CA' --at 2026-11-04T00:00:00Z --sort -lead_score \
        --columns id,state,lead_score --limit 2";
    let words = [
        "person",
        "list",
        "--filter",
        "state: CA",
        "--at",
        "2026-11-04T00:00:00Z",
    ];
    let view = [
        "--sort",
        "-lead_score",
        "--columns",
        "id,state,lead_score",
        "--limit",
        "2",
    ];
    let line: Vec<&str> = words.into_iter().chain(view).collect();
    assert_eq!(
        tool.cells(&line, "id state lead_score"),
        "ann CA 55\ncid CA 20\n",
        "{sorted}"
    );
}

#[test]
fn the_present_is_the_past_of_now() {
    let mut tool = tool();
    let now = tool.text("person list --smart-list Warm -f csv");
    let then = tool.text("person list --smart-list Warm -f csv --at 2026-11-10T00:00:00Z");
    assert_eq!(then, now);
}

#[test]
fn who_came_and_who_went_is_said_with_the_cause() {
    let mut tool = tool();
    let changes = |tool: &mut Tool, list: &str, more: &[&str]| {
        let line = [
            "person",
            "list",
            "--smart-list",
            list,
            "--changed-since",
            "2026-11-01T12:00:00Z",
        ];
        let line: Vec<&str> = line.into_iter().chain(more.iter().copied()).collect();
        tool.cells(&line, "person_id change at cause")
    };
    assert_eq!(
        changes(&mut tool, "Warm", &[]),
        "1 came 2026-11-03T10:00:00Z change_score by Score, step 1\n\
         2 came 2026-11-06T10:00:00Z a load\n\
         4 came 2026-11-06T00:00:00Z the passing of time\n\
         5 came 2026-11-05T10:00:00Z change_score by Welcome, step 1\n"
    );
    assert_eq!(
        changes(&mut tool, "Near", &[]),
        "3 went 2026-11-04T10:00:00Z change_data_value\n"
    );
    assert_eq!(
        changes(&mut tool, "Warm", &["--until", "2026-11-04T00:00:00Z"]),
        "1 came 2026-11-03T10:00:00Z change_score by Score, step 1\n"
    );
    tool.run("person list --smart-list Near --changed-since 2026-11-01T12:00:00Z")
        .stdout(
            "
            person_id  person         change  at                   cause
            ────────────────────────────────────────────────────────────────────────
                    3  c@example.com  went    2026-11-04 10:00:00  change_data_value
            ",
        )
        .code(0);
}

#[test]
fn members_and_waits_are_those_of_an_instant() {
    let mut tool = tool();
    let members = |tool: &mut Tool, at: &str| {
        tool.cells(["campaign", "members", "Score", "--at", at], "id times")
    };
    assert_eq!(members(&mut tool, "2026-11-03T09:00:00Z"), "");
    assert_eq!(members(&mut tool, "2026-11-03T10:00:00Z"), "ann 1\n");
    let waits = |tool: &mut Tool, at: &str| {
        let line = ["campaign", "members", "Score", "--waiting", "--at", at];
        tool.cells(line, "id step until")
    };
    assert_eq!(waits(&mut tool, "2026-11-03T09:00:00Z"), "");
    assert_eq!(
        waits(&mut tool, "2026-11-04T09:00:00Z"),
        "ann 2 2026-11-05T10:00:00Z\n"
    );
    assert_eq!(waits(&mut tool, "2026-11-05T10:00:00Z"), "");
}

#[test]
fn instants_that_cannot_be_are_refused() {
    let mut tool = tool();
    tool.run("person list --smart-list Warm --changed-since 2026-11-12T00:00:00Z")
        .stderr(
            "
            error: 2026-11-12T00:00:00Z is later than 2026-11-10T00:00:00Z
            help: `--changed-since` names the earlier instant, and `--until` (or now) the later one
            ",
        )
        .code(2);
    for line in ["person list --at soon", "campaign members Score --at soon"] {
        let error = tool.error(line);
        assert!(error.contains("`--at soon` is not a time"), "{error}");
    }
    let error = tool.error("person list --until 2026-11-12");
    assert!(error.contains("--changed-since"), "{error}");
}
