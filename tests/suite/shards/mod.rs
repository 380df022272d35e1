//! Shards through the real program: what is cut where, guards that count over all of them, and what is refused.
//!
//! That the shards of a story come to what the whole story comes to is tested in `model/shards.rs`.

mod cut;
mod merge;

use super::tool::Tool;

const NOW: &str = "2026-11-02T10:00:00Z";

/// Forty people, keyed by email and with ids, and a campaign that takes those of even number.
fn forty() -> Tool {
    let rows: Vec<String> = (1..=40)
        .map(|n| {
            format!(
                "p{n}@example.com,{n},{}\n",
                if n % 2 == 0 { "even" } else { "odd" }
            )
        })
        .collect();
    let rows = rows.concat();
    Tool::new()
        .now(NOW)
        .file(
            "campaigns/workspace.yaml",
            "fields: { kind: { type: string } }\n",
        )
        .file(
            "campaigns/even.yaml",
            "
            name: Even
            smart_list: { filters: [ kind: even ] }
            flow: [ change_score: +1 ]
            ",
        )
        .bytes("people.csv", format!("email,id,kind\n{rows}"))
}

/// Gives a command to each shard, and returns what it ended with.
fn in_shards(tool: &mut Tool, shards: usize, line: &str) -> Vec<Option<i32>> {
    (1..=shards)
        .map(|shard| {
            let line = line.replace("{}", &format!("parts/shard-{shard}"));
            let status = tool
                .command()
                .args(line.split(' '))
                .output()
                .unwrap()
                .status;
            status.code()
        })
        .collect()
}

/// The lines of a file of a shard.
fn lines(tool: &Tool, path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(tool.path(path)).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Returns what some shards have of a file, each line with the number of its shard; headers are left out.
fn parts(tool: &Tool, file: &str, shards: usize, headers: usize) -> Vec<(usize, String)> {
    (1..=shards)
        .flat_map(|shard| {
            let lines = lines(tool, &format!("parts/shard-{shard}/{file}"));
            lines
                .into_iter()
                .skip(headers)
                .map(move |line| (shard, line))
        })
        .collect()
}
