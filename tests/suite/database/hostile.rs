//! Databases that somebody has made to do harm: nothing that they bring along is carried out, and no command hangs.

use std::fs;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use super::{dump, stderr, tool};
use crate::tool::{Line as _, Tool};

/// What is tried on every one of them.
const ALWAYS: [&str; 3] = ["person list", "db dump", "person load more.csv"];

/// Of these, some on each: others on each next one.
const COMMANDS: [&str; 9] = [
    "campaign list",
    "campaign show Letter",
    "campaign log Letter",
    "person show ann@example.com",
    "person log ann@example.com",
    "outbox list",
    "db check",
    "db backup copy.db",
    "campaign advance --until 2026-11-20",
];

/// How long one of them may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a command; nothing where it does not end.
pub(super) fn run(tool: &Tool, line: &str) -> Option<Output> {
    let mut command = tool.command();
    let mut child = command
        .args(line.words())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(tool.path("said.txt")).unwrap())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut output = child.wait_with_output().unwrap();
    output.stderr = fs::read(tool.path("said.txt")).unwrap();
    Some(output)
}

/// A query without an end.
const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";

#[test]
#[ignore = "slow"]
fn what_a_hostile_database_brings_along_is_not_carried_out() {
    let whole = tool();
    super::output(&whole, &["campaign", "replay-events", "events.jsonl"]);
    let edits = [
        "CREATE TRIGGER steal AFTER INSERT ON activity BEGIN DELETE FROM person; END".to_owned(),
        "CREATE TRIGGER steal AFTER INSERT ON person BEGIN UPDATE person SET email = 'x@evil.example'; END".to_owned(),
        format!("DROP VIEW v_activity; CREATE VIEW v_activity AS {ENDLESS} SELECT i AS activity_id FROM n"),
        format!(
            "DROP VIEW v_activity; CREATE VIEW v_activity AS {ENDLESS} SELECT a.*, 1 AS email, 1 AS person, \
             1 AS campaign, 1 AS person_id, i FROM activity a, n"
        ),
        format!("DROP VIEW v_person; CREATE VIEW v_person AS {ENDLESS} SELECT i AS person_id FROM n"),
        format!("DROP TABLE outbox; CREATE VIEW outbox AS {ENDLESS} SELECT i AS activity_id, '' AS body FROM n"),
        format!(
            "ALTER TABLE wait RENAME TO other; CREATE VIEW wait AS {ENDLESS} SELECT other.*, i FROM other, n WHERE i < 0"
        ),
        "CREATE VIEW extra AS SELECT load_extension('/tmp/evil.so')".to_owned(),
        "DROP VIEW v_wait; CREATE VIEW v_wait AS SELECT load_extension('/tmp/evil.so') AS campaign".to_owned(),
        "DROP TABLE outbox; CREATE VIRTUAL TABLE outbox USING fts5(activity_id, body)".to_owned(),
        "ALTER TABLE campaign ADD COLUMN more INTEGER AS (length(hex(zeroblob(10000000))))".to_owned(),
        "CREATE INDEX slow ON person (length(hex(zeroblob(10000000))))".to_owned(),
        "UPDATE person SET first_name = hex(zeroblob(2000000)) WHERE person_id = 1".to_owned(),
        "UPDATE campaign_version SET definition = hex(zeroblob(2000000))".to_owned(),
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE person (nothing' WHERE name = 'person'"
            .to_owned(),
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema \
         WHERE name = 'activity') WHERE name = 'person'"
            .to_owned(),
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema".to_owned(),
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1 WHERE type = 'table'".to_owned(),
    ];
    let mut wrong = Vec::new();
    let mut others = COMMANDS.iter().cycle();
    for edit in &edits {
        let before = whole.twin();
        let database = rusqlite::Connection::open(before.path("bugle.db")).unwrap();
        database.pragma_update(None, "foreign_keys", false).unwrap();
        let edited = database.execute_batch(edit);
        // Not every edit is to SQLite's taste.
        if edited.is_err() && !edit.contains("fts5") {
            wrong.push(format!("{edit}: {edited:?}"));
        }
        drop(database);
        for line in ALWAYS.iter().chain(others.by_ref().take(2)) {
            let tool = before.twin();
            let Some(ran) = run(&tool, line) else {
                wrong.push(format!("{edit}\n$ {line} does not end"));
                continue;
            };
            let said = stderr(&ran);
            let quotes = ["SELECT ", "INSERT ", "fault of the program in"];
            if !matches!(ran.status.code(), Some(0..=7))
                || quotes.iter().any(|words| said.contains(words))
            {
                let said: String = said.chars().take(300).collect();
                wrong.push(format!("{edit}\n$ {line}: {:?}\n{said}", ran.status.code()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn triggers_of_a_hostile_database_change_nobody() {
    let mut mine = tool();
    let mut theirs = mine.twin();
    theirs.tamper(
        "CREATE TRIGGER one AFTER INSERT ON activity BEGIN DELETE FROM person; END;
         CREATE TRIGGER two AFTER INSERT ON person BEGIN UPDATE person SET email = 'x@evil.example'; END;
         CREATE TRIGGER three BEFORE DELETE ON person BEGIN SELECT raise(IGNORE); END;",
    );
    for tool in [&mut mine, &mut theirs] {
        tool.done("campaign replay-events events.jsonl");
        tool.done("person load more.csv");
        tool.done("person delete ben@example.com --yes");
    }
    assert_eq!(dump(&mine), dump(&theirs));
    let found = theirs.run("db check").any_stdout().into_stderr();
    for name in ["one", "two", "three"] {
        let finding = format!("bugle makes no trigger `{name}`");
        assert!(found.contains(&finding), "{found}");
    }
}
