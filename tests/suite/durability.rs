//! Killed at any point and started again, a command ends where an undisturbed one does; and no chunk shows.
//!
//! A killed command is watched by the write-ahead log beside the database: it is killed when that has grown to a
//! given share of what an undisturbed command writes, and so in the midst of its transactions.

use std::path::PathBuf;
use std::process::{Child, Stdio};

use crate::tool::Tool;

/// The whole job: each command writes.
const JOB: [&[&str]; 5] = [
    &["campaign", "load", "campaigns/"],
    &["person", "load", "fixtures/people.csv"],
    &["campaign", "run", "California newsletter"],
    &["campaign", "replay-events", "fixtures/events.jsonl"],
    &[
        "person",
        "load",
        "fixtures/people.csv",
        "--list",
        "Everyone",
        "--as-activities",
    ],
];

fn tool(chunk: usize) -> Tool {
    Tool::new()
        .copy("campaigns")
        .copy("fixtures")
        .now("2025-12-01T09:00:00-08:00")
        .variable("BUGLE_CHUNK", &chunk.to_string())
}

fn start(tool: &Tool, arguments: &[&str]) -> Child {
    tool.command()
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Runs a command to its end and returns how large its write-ahead log became.
fn undisturbed(tool: &Tool, arguments: &[&str]) -> u64 {
    let mut child = start(tool, arguments);
    let mut largest = 0;
    loop {
        largest = largest.max(written(tool));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(
                matches!(status.code(), Some(0 | 6)),
                "{arguments:?}: {status}"
            );
            return largest;
        }
    }
}

/// Starts a command and kills it once its write-ahead log has grown so large; returns whether it was still at work.
fn killed(tool: &Tool, arguments: &[&str], at: u64) -> bool {
    let mut child = start(tool, arguments);
    loop {
        if written(tool) >= at {
            child.kill().unwrap();
        }
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().is_none();
        }
    }
}

fn written(tool: &Tool) -> u64 {
    let log: PathBuf = tool.path("bugle.db-wal");
    std::fs::metadata(log).map_or(0, |metadata| metadata.len())
}

fn dump(tool: &Tool) -> String {
    let output = tool.command().args(["db", "dump"]).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn do_job(tool: &Tool) -> Vec<u64> {
    JOB.iter()
        .map(|arguments| undisturbed(tool, arguments))
        .collect()
}

#[test]
#[ignore = "slow"]
fn a_killed_command_started_again_ends_as_if_nothing_had_happened() {
    let calm = tool(25);
    let sizes = do_job(&calm);
    let wanted = dump(&calm);
    let mut interrupted = [0; JOB.len()];
    // Five points of each command; others where a command was never caught, since it was over before it was killed.
    let points = (1..=5)
        .map(|share| (share, 6))
        .chain((1..=11).map(|share| (share, 12)));
    for (share, parts) in points {
        if parts > 6 && interrupted[1..].iter().all(|count| *count > 0) {
            break;
        }
        let tool = tool(25);
        for (number, arguments) in JOB.iter().enumerate() {
            let at = sizes[number] * share / parts;
            interrupted[number] += u32::from(killed(&tool, arguments, at.max(1)));
            undisturbed(&tool, arguments);
        }
        assert!(
            dump(&tool) == wanted,
            "killed at {share}/{parts} of each command, the dumps differ"
        );
    }
    assert!(
        interrupted[1..].iter().all(|count| *count > 0),
        "every command was caught at work at least once: {interrupted:?}"
    );
}

#[test]
#[ignore = "slow"]
fn no_chunk_size_shows_in_the_dump() {
    let dumps: Vec<String> = [1_000_000, 7]
        .into_iter()
        .map(|chunk| {
            let tool = tool(chunk);
            do_job(&tool);
            dump(&tool)
        })
        .collect();
    assert!(dumps[0] == dumps[1], "chunks of 7 differ from one chunk");
}
