//! People who wait while their campaign is loaded anew, deactivated, pruned: what happens to them, as the log shows it.

mod load;
mod old_version;
mod time;

use crate::tool::Tool;

/// Two waits and what follows each.
const TRIAL: &str = "
    name: Trial
    smart_list: { triggers: [ fills_out_form: trial ] }
    flow:
      - send_email: welcome
      - wait: 3 days
      - send_email: tips
      - wait: 1 week
      - send_email: offer
    active: true
    ";

/// The second wait is gone.
const SHORT: &str = "
    name: Trial
    smart_list: { triggers: [ fills_out_form: trial ] }
    flow:
      - send_email: welcome
      - wait: 5 days
      - send_email: survey
    active: true
    ";

const PEOPLE: &str = "
    email
    ann@example.com
    ben@example.com
    cleo@example.com
    ";

/// Ann has come to the second wait, Ben and Cleo to the first.
const EVENTS: &str = r#"
    {"at":"2026-11-02T09:00:00Z","person":"ann@example.com","type":"fill_out_form","form":"trial"}
    {"at":"2026-11-04T09:00:00Z","person":"ben@example.com","type":"fill_out_form","form":"trial"}
    {"at":"2026-11-05T12:00:00Z","person":"cleo@example.com","type":"fill_out_form","form":"trial"}
    "#;

/// The three people in their waits, on 6 November.
fn trial() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file("campaigns/trial.yaml", TRIAL)
        .file("people.csv", PEOPLE)
        .loaded()
        .now("2026-11-06T00:00:00Z");
    tool.replay(EVENTS);
    tool
}

/// The flow without any wait, so that everyone who waits loses theirs.
fn no_wait() -> String {
    SHORT.replace("      - wait: 5 days\n", "")
}

/// The cells of a campaign's log that show the outcome for each person.
const COLUMNS: &str = "at who type primary_value step attributes.version reason";

/// Compares what the log of the campaign says since a day.
#[track_caller]
fn trial_log(tool: &mut Tool, since: &str, expected: &str) {
    tool.cells_are(
        ["campaign", "log", "Trial", "--since", since],
        COLUMNS,
        expected,
    );
}
