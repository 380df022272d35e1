//! Counts per campaign of a replay and of `advance`: they add up, and say where people are at the end.

use crate::tool::Tool;

fn tool() -> Tool {
    let mut tool = Tool::new()
        .file(
            "campaigns/follow.yaml",
            "
            name: Follow up
            smart_list:
              triggers: [ clicks_link_in_email: any ]
              filters: [ lead_score: { at_least: 10 } ]
            flow:
              - wait: 3 days
              - request_campaign: Alert
            active: true
            ---
            name: Alert
            smart_list: { triggers: [ campaign_is_requested: any ] }
            flow: [ change_score: +1 ]
            active: true
            ---
            name: Goodbye
            smart_list: { triggers: [ unsubscribes_from_email: any ] }
            flow: [ remove_from_flow: Follow up ]
            active: true
            ---
            name: Idle
            smart_list: { triggers: [ clicks_link_in_email: any ] }
            flow: [ change_score: +1 ]
            active: false
            ---
            name: Nightly
            smart_list: { filters: [ lead_score: { at_least: 10 } ] }
            flow: [ change_score: +1 ]
            max_people: 1
            schedule: { first_run: 2026-11-01 00:00, repeat: weekly, weekdays: [friday], ends: 2026-11-10 }
            ",
        )
        .bytes(
            "people.csv",
            b"email,lead_score\nann@example.com,20\nben@example.com,20\ncleo@example.com,5\n",
        )
        .bytes(
            "events.csv",
            b"at,person,type\n\
              2026-11-02T10:00:00Z,ann@example.com,clicks_link_in_email\n\
              2026-11-02T11:00:00Z,ben@example.com,clicks_link_in_email\n\
              2026-11-02T12:00:00Z,cleo@example.com,clicks_link_in_email\n\
              2026-11-03T10:00:00Z,ann@example.com,clicks_link_in_email\n\
              2026-11-04T10:00:00Z,ben@example.com,unsubscribes_from_email\n",
        );
    for command in [
        &[
            "campaign",
            "load",
            "campaigns",
            "-q",
            "--now",
            "2026-10-01T00:00:00Z",
        ][..],
        &["person", "load", "people.csv", "-q"],
    ] {
        tool.run(command).any_stdout().any_stderr().code(0);
    }
    tool
}

fn row(campaign: &str, counts: [u64; 9]) -> serde_json::Value {
    let names = [
        "triggered",
        "filters",
        "excluded",
        "entered",
        "waiting",
        "finished",
        "removed",
        "cut",
        "refused",
    ];
    let mut row = serde_json::json!({ "campaign": campaign });
    for (name, count) in names.iter().zip(counts) {
        row[*name] = count.into();
    }
    row
}

#[test]
fn a_replay_counts_each_campaign_that_was_evaluated() {
    let mut tool = tool();
    let replay = [
        "campaign",
        "replay-events",
        "events.csv",
        "--now",
        "2026-11-05T00:00:00Z",
    ];
    let dry: Vec<&str> = replay.into_iter().chain(["--dry-run"]).collect();
    let dry = tool.rows(&dry).remove(0)["campaigns"].clone();
    let counted = tool.rows(replay).remove(0)["campaigns"].clone();
    assert_eq!(
        counted,
        serde_json::json!([
            row("Follow up", [4, 1, 1, 2, 1, 0, 1, 0, 0]),
            row("Goodbye", [1, 0, 0, 1, 0, 1, 0, 0, 0]),
        ])
    );
    assert_eq!(dry, counted, "a dry run counts the same");
}

#[test]
fn advance_counts_what_follows_from_waits_and_what_a_guard_refused() {
    let mut tool = tool();
    tool.run([
        "campaign",
        "replay-events",
        "events.csv",
        "-q",
        "--now",
        "2026-11-05T00:00:00Z",
    ])
    .any_stdout()
    .code(0);
    let ran = tool
        .command()
        .args(["campaign", "advance", "--now", "2026-11-07T00:00:00Z"])
        .args(["--format", "json"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(7));
    let summary: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(
        summary["campaigns"],
        serde_json::json!([
            row("Alert", [1, 0, 0, 1, 0, 1, 0, 0, 0]),
            row("Follow up", [0, 0, 0, 0, 0, 1, 0, 0, 0]),
            row("Nightly", [3, 1, 0, 0, 0, 0, 0, 0, 2]),
        ])
    );
}
