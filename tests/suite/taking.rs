//! What an event does when it is taken: its row, the changes it describes, the campaigns it starts.

mod extract;
mod forms;
mod order;
mod states;

use crate::tool::Tool;

/// A workspace with some campaigns, and Ann and Ben in it.
fn tool(campaigns: &[(&str, &str)]) -> Tool {
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
    tool = tool.file("campaigns/workspace.yaml", WORKSPACE);
    tool.run(["campaign", "load", "campaigns"])
        .any_stdout()
        .any_stderr()
        .code(0);
    tool.run(["person", "load", "people.csv"])
        .any_stdout()
        .code(0);
    tool
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
fn replay(tool: &mut Tool, lines: &str, more: &[&str]) -> String {
    std::fs::write(tool.path("e.jsonl"), lines).unwrap();
    replay_file(tool, "e.jsonl", more)
}

fn replay_file(tool: &mut Tool, file: &str, more: &[&str]) -> String {
    let arguments = ["campaign", "replay-events", file, "-f", "json"];
    let ran = tool.run(arguments.iter().chain(more));
    let told = ran.into_stdout();
    let summary: serde_json::Value = serde_json::from_str(&told).unwrap_or_default();
    let counts = summary.as_object().into_iter().flatten();
    let counts = counts.filter(|(_, count)| count.as_u64() != Some(0));
    let counts: Vec<String> = counts
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    counts.join(", ")
}

/// Returns the log of a person: type, primary value, attributes, then campaign, outcome and reason where there are any.
fn log(tool: &mut Tool, key: &str) -> String {
    let rows = tool
        .run(["person", "log", key, "-f", "jsonl"])
        .into_stdout();
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut words = vec![row["type"].as_str().unwrap_or_default().to_owned()];
        words.extend(row["primary_value"].as_str().map(str::to_owned));
        let attributes = row["attributes"].to_string();
        words.extend((attributes != "{}").then_some(attributes));
        for name in ["campaign", "outcome", "reason"] {
            words.extend(row[name].as_str().map(|text| format!("{name} {text}")));
        }
        format!("{}\n", words.join(" "))
    };
    rows.lines().map(row).collect()
}

/// Returns some fields of a person.
fn fields(tool: &mut Tool, key: &str, names: &[&str]) -> String {
    let shown = tool
        .run(["person", "show", key, "-f", "json"])
        .into_stdout();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let values: Vec<String> = names
        .iter()
        .map(|name| shown["person"][*name].to_string())
        .collect();
    values.join(" ")
}

/// Takes off the blanks that the lines of a text begin with.
fn lines(text: &str) -> String {
    crate::tool::dedent(text)
}
