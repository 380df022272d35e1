//! A command whose files are deleted, moved or replaced while it writes does not say that it is done.
//!
//! A replay that waits for its events stands still with the database open for as long as a test wants.

#![cfg(unix)]

use std::fs;

use super::{dump, output, stderr, tool};
use crate::tool::{Tool, Writer};

/// Gives a replay its events, and returns what it says and how it ends.
fn finish(tool: &Tool, writer: Writer) -> (String, Option<i32>) {
    writer.finish(&fs::read(tool.path("events.jsonl")).unwrap())
}

fn expected(tool: &Tool, file: &str) -> String {
    format!(
        "error: `{}` was deleted, moved or replaced while this command was writing
help: what this command has written is lost unless the file is put back where it was; \
`bugle db restore FILE` goes back to a backup; then give the command again
",
        tool.path(file).display()
    )
}

#[test]
fn a_database_that_is_undisturbed_is_written() {
    let tool = tool();
    let child = tool.writer();
    assert_eq!(finish(&tool, child), (String::new(), Some(0)));
    assert!(dump(&tool).contains("/b"));
}

#[test]
fn a_database_that_is_deleted_moved_or_replaced_is_missed() {
    for what in ["deleted", "moved", "replaced"] {
        let tool = tool();
        let before = dump(&tool);
        fs::copy(tool.path("bugle.db"), tool.path("copy.db")).unwrap();
        let child = tool.writer();
        match what {
            "deleted" => fs::remove_file(tool.path("bugle.db")).unwrap(),
            "moved" => fs::rename(tool.path("bugle.db"), tool.path("moved.db")).unwrap(),
            _ => fs::rename(tool.path("copy.db"), tool.path("bugle.db")).unwrap(),
        }
        let reported = finish(&tool, child);
        assert_eq!(reported, (expected(&tool, "bugle.db"), Some(3)), "{what}");
        if what == "replaced" {
            assert_eq!(dump(&tool), before);
        }
    }
}

#[test]
fn a_journal_that_is_deleted_is_missed() {
    let tool = tool();
    let before = dump(&tool);
    let child = tool.writer();
    fs::remove_file(tool.path("bugle.db-wal")).unwrap();
    let reported = finish(&tool, child);
    assert_eq!(reported, (expected(&tool, "bugle.db-wal"), Some(3)));
    assert_eq!(dump(&tool), before);
}

#[test]
fn two_commands_that_write_since_the_lock_was_deleted_are_one_too_many() {
    let tool = tool();
    let child = tool.writer();
    fs::remove_file(tool.path("bugle.db.lock")).unwrap();
    let second = output(&tool, &["-q", "person", "load", "more.csv"]);
    assert_eq!(second.status.code(), Some(0), "{}", stderr(&second));
    let between = dump(&tool);
    let lock = tool.path("bugle.db.lock");
    let reported = format!(
        "error: the lock file `{}` was deleted, moved or replaced while this command was writing
help: what was committed before stands; give the command again, and leave the lock file alone: \
it never has to be deleted
",
        lock.display()
    );
    assert_eq!(finish(&tool, child), (reported, Some(3)));
    assert_eq!(dump(&tool), between);
    let again = output(&tool, &["campaign", "replay-events", "events.jsonl"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
}

#[test]
fn a_reader_that_cannot_open_the_journal_does_not_do_without_it() {
    let tool = tool();
    let writer = tool.writer();
    // A link in the place of the journal, which SQLite refuses to open, as if the system had no more files to give.
    fs::rename(tool.path("bugle.db-wal"), tool.path("hidden")).unwrap();
    fs::write(tool.path("empty"), "").unwrap();
    std::os::unix::fs::symlink("empty", tool.path("bugle.db-wal")).unwrap();
    let list = output(&tool, &["person", "list"]);
    let path = tool.path("bugle.db");
    let expected = format!(
        "error: cannot read or write `{}`: it cannot be opened\n",
        path.display()
    );
    assert_eq!((stderr(&list), list.status.code()), (expected, Some(3)));
    drop(writer);
}

/// Lets one call that opens a file of the database fail after the other, with `strace` where there is one.
#[cfg(target_os = "linux")]
#[test]
fn whichever_file_cannot_be_opened_once_a_command_is_right_or_fails() {
    let advance = ["campaign", "advance", "--until", "2026-11-03"];
    let calm = tool();
    assert!(output(&calm, &advance).status.success());
    let wanted = dump(&calm);
    let tool = tool();
    let before = fs::read(tool.path("bugle.db")).unwrap();
    let mut failed = 0;
    for number in 1.. {
        fs::write(tool.path("bugle.db"), &before).unwrap();
        let inject = format!("inject=openat:error=EMFILE:when={number}");
        let program = tool.command();
        let mut traced = std::process::Command::new("strace");
        traced.args([
            "-f",
            "-qq",
            "-o",
            "trace",
            "-e",
            "trace=openat",
            "-e",
            &inject,
        ]);
        for file in ["bugle.db", "bugle.db-wal", "bugle.db-shm"] {
            traced.arg("-P").arg(tool.path(file));
        }
        let ran = traced
            .arg(program.get_program())
            .args(advance)
            .current_dir(tool.path(""))
            .env("BUGLE_NOW", "2026-11-01T00:00:00Z")
            .output();
        let trace = fs::read_to_string(tool.path("trace")).unwrap_or_default();
        let (Ok(ran), true) = (ran, trace.contains("openat")) else {
            return; // There is no `strace`, or it may not trace.
        };
        match ran.status.code() {
            Some(0) => {}
            Some(3) => {
                failed += 1;
                assert!(output(&tool, &advance).status.success());
            }
            _ => panic!("{number}: {:?} {}", ran.status, stderr(&ran)),
        }
        assert!(dump(&tool) == wanted, "call {number}\n{trace}");
        if !trace.contains("INJECTED") {
            break;
        }
    }
    assert!(failed > 3, "{failed} failed");
}
