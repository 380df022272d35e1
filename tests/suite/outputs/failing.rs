//! A command that fails leaves the file of an earlier one as it was, and nothing beside it.

use std::fmt::Write as _;
use std::fs;

use super::{files, workspace};

#[test]
fn a_refused_command_leaves_the_file_before() {
    let mut tool = workspace()
        .file("out", "before\n")
        .file("bad.csv", "email,email\nann@example.com,x\n")
        .file(
            "twice.jsonl",
            r#"
            {"id":"1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"x"}
            {"id":"1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"y"}
            "#,
        );
    let before = files(&tool.path(""));
    let cases: [(&str, i32); 6] = [
        ("person load bad.csv --rejects out", 1),
        ("person load more.csv none.csv --rejects out", 3),
        ("campaign run note --people out", 4),
        ("campaign run letter none --people out", 4),
        ("campaign replay-events twice.jsonl --unknown out", 1),
        ("campaign replay-events events.jsonl --unknown out", 1),
    ];
    for (command, code) in cases {
        tool.run(command).any_stderr().code(code);
        let after = files(&tool.path(""));
        let changed = after
            .iter()
            .filter(|(name, _)| !name.starts_with("bugle.db"));
        let before = before
            .iter()
            .filter(|(name, _)| !name.starts_with("bugle.db"));
        assert!(changed.eq(before), "{command:?}");
    }
}

/// Runs a command in a shell under a limit of the size of files, in blocks of 512 bytes.
#[cfg(unix)]
fn limited(tool: &crate::tool::Tool, blocks: u32, command: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_bugle");
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -f {blocks}; exec {program} {command}"),
        ])
        .current_dir(tool.path(""))
        .env("BUGLE_NOW", "2026-12-01T09:00:00Z")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[cfg(unix)]
#[test]
fn an_output_that_does_not_fit_fails_by_its_name_and_leaves_the_file_before() {
    let mut people = "email\n".to_owned();
    for number in 0..4000 {
        writeln!(people, "somebody-with-a-long-address-{number}@example.com").unwrap();
    }
    let mut tool = workspace()
        .file("many.csv", &people)
        .file("out", "before\n");
    tool.done("person load many.csv");
    let before = files(&tool.path(""));
    let (code, said) = limited(&tool, 64, "campaign run letter --dry-run --people out");
    assert_eq!(
        said,
        "error: cannot write `out`: the file is larger than files may be here\n"
    );
    assert_eq!(code, Some(3));
    let after = files(&tool.path(""));
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    assert_eq!(fs::read_to_string(tool.path("out")).unwrap(), "before\n");
}

#[cfg(unix)]
#[test]
fn a_database_that_outgrows_the_largest_file_keeps_what_it_had() {
    let mut people = "email\n".to_owned();
    for number in 0..20_000 {
        writeln!(people, "somebody-with-a-long-address-{number}@example.com").unwrap();
    }
    let mut tool = workspace().file("many.csv", &people);
    let before = tool.dump();
    for command in ["person load many.csv", "--db new.db person load many.csv"] {
        let (code, said) = limited(&tool, 800, command);
        assert_eq!(code, Some(3), "{command}: {said}");
        assert!(said.starts_with("error: cannot read or write `"), "{said}");
    }
    assert!(!tool.path("new.db").exists());
    assert_eq!(tool.dump(), before);
    tool.run("db check").stderr("note: all is well\n").code(0);
}

#[cfg(unix)]
#[test]
fn a_sample_that_cannot_be_written_leaves_nothing() {
    let tool = crate::tool::Tool::new();
    let (code, said) = limited(&tool, 1, "demo new/demo");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.starts_with("error: cannot write `new/demo/"), "{said}");
    assert!(
        said.ends_with("the file is larger than files may be here\n"),
        "{said}"
    );
    assert!(files(&tool.path("")).is_empty());
}
