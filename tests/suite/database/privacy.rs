//! What others on the machine can read, and what is left of a person who was erased: looked for in the bytes of every file.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{in_shell, stderr};
use crate::tool::{Line as _, Tool};

/// Stands in everything that is known of the person who is erased, and in nothing else.
const CANARY: &str = "quetzal";

/// A workspace in which something of every kind is kept of a person.
fn workspace() -> Tool {
    Tool::new()
        .now("2026-11-20T00:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            emails: { letter: { subject: \"Dear {{lead.First Name}}\", from: us@example.com, body: \"{{lead.City}}\" } }
            programs:
              Fair: { member_fields: { meal: { type: text } } }
            ",
        )
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            program: Fair
            smart_list: { triggers: [ visits_web_page: any ] }
            flow:
              - send_email: letter
              - change_data_value: { field: company, value: \"{{lead.First Name}} at {{trigger.Web Page}}\" }
              - change_program_status: { program: Fair, status: Member }
              - wait: 9 days
              - change_score: +1
            qualification: every_time
            active: true
            ",
        )
        .file(
            "campaigns/letter.yaml",
            "{ name: Letter, smart_list: { filters: [ member_of_smart_list: All People ] }, flow: [ send_email: letter ] }",
        )
        .file("people.csv", &canary("id,email,first_name,city\nX-17,X@example.com,X,Xville\nben,ben@example.com,Ben,Rome\n"))
        .file("more.csv", &canary("id,email,first_name\nX-17,X2@example.com,X the second\n"))
        .file("members.csv", &canary("email,status,meal\nX2@example.com,Member,X cake\n"))
        .file("bad.csv", &canary("email\nnobody X\n"))
        .file(
            "events.jsonl",
            &canary(
                r#"
                {"at":"2026-11-02T10:00:00Z","person":"X2@example.com","type":"visits_web_page","web_page":"/X","agent":"X browser"}
                {"at":"2026-11-02T11:00:00Z","person":"X2@example.com","type":"fills_out_form","form":"f","form_fields":{"company":"X & sons","shoe":"X size"}}
                {"at":"2026-11-03T10:00:00Z","person":"ben@example.com","type":"visits_web_page","web_page":"/b"}
                "#,
            ),
        )
}

/// Puts the word in the place of each `X`.
fn canary(text: &str) -> String {
    text.replace('X', CANARY)
}

const SESSION: [&str; 12] = [
    "campaign load",
    "person load people.csv --list Everyone",
    "person load more.csv --key id",
    "person load members.csv --as-members Fair",
    "campaign replay-events events.jsonl --unknown unknown.jsonl",
    "campaign run Letter --people verdicts.csv",
    "person load bad.csv --rejects rejects.csv",
    "outbox export --mbox sent.mbox",
    "outbox export --maildir sent",
    "db backup backup.db",
    "db scratch scratch.db",
    "db restore backup.db",
];

/// Every file and folder below a folder.
fn all(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all(&path, found);
        }
        found.push(path);
    }
}

#[test]
fn whatever_the_mask_nobody_else_reads_a_file_that_a_command_has_made() {
    for mask in ["000", "277"] {
        let tool = workspace();
        let mut given = Vec::new();
        all(&tool.path(""), &mut given);
        for line in SESSION {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let ran = in_shell(&tool, &format!("umask {mask}"), &words);
            assert!(
                matches!(ran.status.code(), Some(0 | 6)),
                "{line}: {}",
                stderr(&ran)
            );
        }
        let mut made = Vec::new();
        all(&tool.path(""), &mut made);
        made.retain(|path| !given.contains(path));
        assert!(made.len() > 12, "{made:?}");
        for path in made {
            let found = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            let wanted = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(found, wanted, "{} under the mask {mask}", path.display());
        }
    }
}

/// A command that only reads leaves the empty journal that it has opened.
#[test]
fn nobody_else_reads_the_journal_of_a_command_that_reads() {
    let mut tool = workspace();
    for line in &SESSION[..2] {
        tool.done(*line);
    }
    let ran = in_shell(&tool, "umask 000", &["person", "list"]);
    assert!(ran.status.success());
    for name in ["bugle.db-wal", "bugle.db-shm"] {
        let mode = fs::metadata(tool.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

/// Returns the files of the database, and those that a command leaves beside it, which hold the word.
fn holding(tool: &Tool) -> Vec<String> {
    let names = super::files(tool).into_iter();
    let names = names.filter(|name| name.starts_with("bugle.db") || name.starts_with('.'));
    names
        .filter(|name| {
            let bytes = fs::read(tool.path(name)).unwrap().to_ascii_lowercase();
            let word = CANARY.as_bytes();
            bytes.windows(word.len()).any(|part| part == word)
        })
        .collect()
}

/// Runs what comes before an erasure; the copies that a person makes themselves are left out.
fn lived() -> Tool {
    let mut tool = workspace();
    for line in &SESSION[..6] {
        let ran = tool.run(*line).any_stdout().into_stderr();
        assert!(!ran.contains("error"), "{line}: {ran}");
    }
    assert_eq!(holding(&tool), ["bugle.db"]);
    tool
}

#[test]
fn of_an_erased_person_no_byte_is_left_in_any_file_of_the_database() {
    let mut tool = lived();
    let line = canary("person delete X2@example.com --yes");
    tool.done(&line);
    assert_eq!(holding(&tool), Vec::<String>::new());
    tool.run("db check").stderr("note: all is well\n").code(0);
    // Their events do not bring them back.
    tool.run("campaign replay-events events.jsonl")
        .any_stdout()
        .any_stderr()
        .code(0);
    assert_eq!(holding(&tool), Vec::<String>::new());
}

#[test]
fn an_erasure_that_was_killed_is_finished_when_it_is_given_again() {
    let whole = lived();
    let line = canary("person delete X2@example.com --yes");
    for pause in 0..12 {
        let tool = whole.twin();
        let mut child = tool
            .command()
            .args(line.as_str().words())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause * 4));
        child.kill().unwrap();
        child.wait().unwrap();
        let code = super::output(&tool, &line.split(' ').collect::<Vec<_>>());
        assert!(
            matches!(code.status.code(), Some(0 | 4)),
            "{}",
            stderr(&code)
        );
        assert_eq!(holding(&tool), Vec::<String>::new(), "killed after {pause}");
    }
}
