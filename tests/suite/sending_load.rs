//! `campaign schedule --load`: the mails of the coming days.

use serde_json::{Value as Json, json};

use crate::tool::Tool;

/// A daily letter with a reminder a day later, a limit of two mails in seven days, and three people. Ann waits already, and
/// got a letter an hour ago; Cy is not mailed.
fn tool() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file(
            "campaigns/letter.yaml",
            "
            name: Letter
            smart_list: { filters: [ state: CA ] }
            flow:
              - send_email: letter
              - wait: 1 day
              - send_email: receipt
            qualification: every_time
            block_non_operational_emails: true
            schedule: { first_run: 2026-11-03 09:00, repeat: daily, ends: 2026-11-04 }
            ---
            name: Welcome
            block_non_operational_emails: true
            smart_list: { filters: [ state: CA ] }
            flow: [ send_email: letter, wait: 1 day, send_email: letter ]
            ",
        )
        .file(
            "campaigns/workspace.yaml",
            "
            emails:
              letter: { subject: Hello }
              receipt: { subject: Your receipt, operational: true }
            communication_limits: { per_7_days: 3 }
            ",
        )
        .bytes(
            "people.csv",
            "id,email,state\nann,a@example.com,CA\nbo,b@example.com,CA\ncy,c@example.com,NY\n",
        );
    tool.load();
    tool.done("person load people.csv --key id");
    tool.done("campaign run Welcome --person ann --now 2026-11-02T09:30:00Z");
    tool
}

fn row(day: &str, counts: [u64; 5]) -> Json {
    let [mails, people, most_for_one, over_limit, collisions] = counts;
    json!({
        "day": day, "mails": mails, "people": people, "most_for_one": most_for_one, "over_limit": over_limit,
        "collisions": collisions,
    })
}

#[test]
fn mails_are_counted_by_day_and_person() {
    let mut tool = tool();
    let before = tool.dump();
    assert_eq!(
        tool.rows("campaign schedule --load --until 2026-11-10"),
        [
            // Ann has a letter of each campaign, half an hour apart, after that of yesterday.
            row("2026-11-03", [3, 2, 2, 0, 2]),
            // Her fourth in seven days is held back; receipts are no marketing.
            row("2026-11-04", [3, 2, 2, 1, 0]),
            row("2026-11-05", [2, 2, 1, 0, 0]),
        ]
    );
    assert_eq!(tool.dump(), before);
    let rows = tool.rows(["campaign", "schedule", "--load", "--within", "10 minutes"]);
    assert!(rows.iter().all(|row| row["collisions"] == 0), "{rows:?}");
}

#[test]
fn it_reads_as_well() {
    tool()
        .run("campaign schedule --load")
        .stdout(
            "
            day             mails  people  most for one  over a limit  collisions
            ─────────────────────────────────────────────────────────────────────
            Tue 2026-11-03      3       2             2             0           2
            Wed 2026-11-04      3       2             2             1           0
            Thu 2026-11-05      2       2             1             0           0
            ",
        )
        .code(0);
}

#[test]
fn bad_input_is_refused() {
    let mut tool = tool();
    tool.run("campaign schedule --load --until 2026-11-01")
        .stderr(
            "
            error: now is 2026-11-02T10:00:00Z, and `--until` lies before it
            help: give a later instant
            ",
        )
        .code(2);
    tool.run("campaign schedule --load --within 1d")
        .stderr(
            "
            error: `--within 1d` is not a duration
            help: write the unit in full: `1 days`
            ",
        )
        .code(2);
    tool.run("campaign schedule Letter --load")
        .any_stderr()
        .code(2);
    tool.run(["campaign", "schedule", "--within", "1 day"])
        .any_stderr()
        .code(2);
    tool.run("campaign schedule --load --format ics")
        .any_stderr()
        .code(2);
}
