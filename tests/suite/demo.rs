//! `bugle demo`, and with it the first session of the documentation.

use std::ffi::OsString;
use std::path::Path;

use super::tool::{Line as _, Tool};

#[test]
fn the_sample_is_whole() {
    let mut found = Vec::new();
    for folder in ["campaigns", "fixtures"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        collect(root, &root.join(folder), &mut found);
    }
    found.sort();
    let mut tool = Tool::new();
    tool.done("demo try");
    let mut written = Vec::new();
    collect(&tool.path("try"), &tool.path("try"), &mut written);
    written.retain(|path| !path.starts_with("bugle.db"));
    written.sort();
    assert_eq!(written, found);
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let path = path.strip_prefix(root).unwrap();
            found.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
}

#[test]
fn the_demo_runs_the_seven_commands_of_a_first_session() {
    let mut tool = Tool::new();
    let said = tool.text("demo try");
    let commands: Vec<&str> = said.lines().filter(|line| line.starts_with("$ ")).collect();
    assert_eq!(
        commands,
        [
            "$ bugle campaign validate campaigns/",
            "$ bugle campaign load campaigns/",
            "$ bugle person load fixtures/people.csv",
            "$ bugle campaign list",
            "$ bugle campaign run \"California newsletter\"",
            "$ bugle campaign replay-events fixtures/events.jsonl",
            "$ bugle person log ann@example.com",
        ]
    );
    let (session, next) = said.split_once("\nnext:\n").unwrap();
    assert!(session.ends_with("succeeded\n"), "{said}");
    let mut next = next.lines().map(str::trim);
    assert_eq!(next.next(), Some("cd try"));
    let next: Vec<String> = next
        .map(|line| line.replace("bugle ", "").replace('"', "'"))
        .collect();
    assert_eq!(next.len(), 5);
    for line in next {
        // By the system's clock, whatever the date.
        let mut words = Vec::from([OsString::from("--db"), "try/bugle.db".into()]);
        words.extend(line.as_str().words());
        if line == "campaign test" {
            words.push("try/campaigns/".into());
        }
        tool.done(words);
    }
    assert!(tool.path("try/bugle.db").is_file());
}

#[test]
fn the_demo_overwrites_nothing() {
    Tool::new()
        .file("bugle-demo/notes.txt", "mine")
        .run("demo")
        .stderr(
            "
            error: `bugle-demo` is not empty, and nothing is overwritten
            help: name another folder: `bugle demo my-demo`
            ",
        )
        .code(1);
}
