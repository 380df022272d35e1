//! What an event does when it is taken: its row, the changes it describes, the campaigns it starts.

mod extract;
mod forms;
mod order;
mod states;

use crate::tool::Tool;

/// A workspace with some campaigns, and Ann and Ben in it.
fn workspace(campaigns: &[(&str, &str)]) -> Tool {
    let mut tool = Tool::new().now("2026-11-30T00:00:00Z").file(
        "people.csv",
        "
        id,email,city,lead_score
        a1,ann@example.com,Oslo,5
        b2,ben@example.com,,
        ",
    );
    for (name, text) in campaigns {
        tool = tool.file(&format!("campaigns/{name}.yaml"), text);
    }
    tool.file("campaigns/workspace.yaml", WORKSPACE).loaded()
}

const WORKSPACE: &str = "
    channels:
      Webinar:
        statuses:
          - { name: Invited, step: 10 }
          - { name: Registered, step: 20 }
          - { name: Attended, step: 30, success: true }
    programs: { Fair: { channel: Webinar } }
    lists: [Guests]
    fields: { seats: { type: integer } }
    ";

/// A campaign that notes each activity of a type.
fn notes(name: &str, trigger: &str) -> String {
    format!(
        "
        name: {name}
        smart_list: {{ triggers: [ {trigger} ] }}
        flow: [ interesting_moment: {{ type: Web, description: {name} }} ]
        active: true
        qualification: every_time
        "
    )
}

/// Replays lines, and returns the counts that are not zero.
fn taken(tool: &mut Tool, lines: &str, options: &str) -> String {
    tool.write_bytes("e.jsonl", lines);
    taken_from(tool, "e.jsonl", options)
}

/// Replays a file, and returns the counts that are not zero.
fn taken_from(tool: &mut Tool, file: &str, options: &str) -> String {
    tool.counts(format!("campaign replay-events {file} {options}"))
}

/// The cells of a log row: what, which, how; then of a campaign which one; then outcome and reason, if there are any.
const COLUMNS: &str = "type primary_value attributes campaign outcome reason";
