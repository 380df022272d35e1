//! A new database is whole or is not there, and a command that has nothing to put into it makes none.

use std::fs;

use super::{dump, files, files_of, output, stderr, tool};
use crate::tool::Tool;

fn empty() -> Tool {
    Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file("people.csv", "email\nann@example.com\nben@example.com\n")
}

#[test]
fn a_command_that_fails_on_its_input_leaves_no_database() {
    let mut tool = empty()
        .file("bad.csv", "email\nann@example.com\n,\"\n")
        .file("campaigns/bad.yaml", "name: Bad\nflow: [ wait: soon ]\n")
        .file("bugle.txt", "no database");
    fs::create_dir(tool.path("nothing")).unwrap();
    let before = files(&tool);
    for (command, code) in [
        (&["person", "load", "missing.csv"][..], 3),
        (&["person", "load", "bad.csv"], 1),
        (&["person", "load", "people.csv", "missing.csv"], 3),
        (&["person", "load", "people.csv", "--replace"], 2),
        (&["person", "load", "missing.csv", "--as-activities"], 3),
        (&["person", "load", "bad.csv", "--as-activities"], 1),
        (&["person", "load", "people.csv", "--dry-run"], 0),
        (&["person", "delete", "ann@example.com", "--yes"], 3),
        (&["campaign", "load", "missing"], 3),
        (&["campaign", "load", "campaigns"], 1),
        (&["campaign", "run", "campaigns/bad.yaml"], 3),
        (&["campaign", "replay-events", "missing.jsonl"], 3),
        (&["campaign", "advance"], 3),
        (&["campaign", "advance", "--dry-run"], 3),
        (&["db", "backup", "copy.db"], 3),
        (&["db", "restore", "missing.db"], 3),
        (&["db", "restore", "people.csv"], 3),
        (&["--db", "bugle.txt", "person", "load", "people.csv"], 3),
    ] {
        let ran = output(&tool, command);
        let reported = stderr(&ran);
        assert_eq!(ran.status.code(), Some(code), "{command:?}: {reported}");
        assert_eq!(files(&tool), before, "{command:?}");
    }
    let path = tool.path("bugle.db");
    tool.run(["person", "list"])
        .stderr(&format!(
            "
            error: there is no database `{}`
            help: `bugle campaign load` or `bugle person load` makes it; `--db PATH` names another
            ",
            path.display()
        ))
        .code(3);
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let mut tool = empty();
    let folder = tool.path("nowhere");
    tool.run(["--db", "nowhere/bugle.db", "person", "load", "people.csv"])
        .stderr(&format!(
            "
            error: there is no folder `{}` for the database
            help: make the folder, or name another file with `--db PATH`
            ",
            folder.display()
        ))
        .code(3);
    let path = folder.join("bugle.db");
    tool.run(["--db", "nowhere/bugle.db", "person", "list"])
        .stderr(&format!(
            "
            error: there is no database `{}`
            help: `bugle campaign load` or `bugle person load` makes it; `--db PATH` names another
            ",
            path.display()
        ))
        .code(3);
}

/// The signal for files that are too large is ignored, so that a write beyond the limit fails as on a full disk.
#[cfg(unix)]
#[test]
fn whatever_write_fails_a_new_database_is_whole_or_not_there() {
    let calm = empty();
    assert!(
        output(&calm, &["person", "load", "people.csv"])
            .status
            .success()
    );
    let wanted = dump(&calm);
    let (mut failed, mut worked) = (0, 0);
    for pairs in 0..50 {
        let tool = empty();
        let load = ["person", "load", "people.csv"];
        let limits = format!("trap '' XFSZ; ulimit -f {}", pairs * 16);
        let ran = super::in_shell(&tool, &limits, &load);
        match ran.status.code() {
            Some(0) => worked += 1,
            Some(3) => failed += 1,
            _ => panic!("{pairs}: {:?}, {}", ran.status, stderr(&ran)),
        }
        if tool.path("bugle.db").exists() {
            let read = output(&tool, &["db", "check"]);
            assert!(read.status.success(), "{pairs}: {}", stderr(&read));
        }
        let again = output(&tool, &load);
        assert_eq!(again.status.code(), Some(0), "{pairs}: {}", stderr(&again));
        assert!(dump(&tool) == wanted, "{pairs}");
        assert_eq!(files_of(&tool, "bugle.db"), ["bugle.db", "bugle.db.lock"]);
        if worked > 1 {
            break;
        }
    }
    assert!(failed > 5 && worked > 1, "{failed} failed, {worked} worked");
}

/// A disk that is full is made with a small file system in memory, where the system lets us.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_damaged_database() {
    let tool = empty();
    let program = tool.command();
    let script = r#"
        mkdir disk
        for size in 8 16 32 64 96 128 160 192 224 256 288 320 384 448 512; do
            mount -t tmpfs -o size="$size"k tmpfs disk || exit 99
            "$0" --db disk/bugle.db person load people.csv 2>disk.err
            code=$?
            mount -o remount,size=8m disk || exit 99
            "$0" --db disk/bugle.db -q person load people.csv >/dev/null || { echo "$size: not mended"; cat disk.err; exit 1; }
            "$0" --db disk/bugle.db db check 2>/dev/null || exit 1
            "$0" --db disk/bugle.db db dump | cmp -s - wanted || { echo "$size: differs"; exit 1; }
            ls -A disk | grep -v '^bugle.db\(-wal\|-shm\|.lock\)\?$' && exit 1
            echo "$size $code"
            umount disk
        done
    "#;
    assert!(
        output(&tool, &["person", "load", "people.csv"])
            .status
            .success()
    );
    fs::write(tool.path("wanted"), dump(&tool)).unwrap();
    let ran = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(program.get_program())
        .current_dir(tool.path(""))
        .env("BUGLE_NOW", "2026-11-01T00:00:00Z")
        .output();
    let Ok(ran) = ran else {
        return; // There is no `unshare`.
    };
    let reported = String::from_utf8(ran.stdout.clone()).unwrap();
    if !reported.contains(' ') && ran.status.code() != Some(1) {
        return; // The system lets us mount nothing.
    }
    assert_eq!(ran.status.code(), Some(0), "{reported}{}", stderr(&ran));
    let codes: Vec<&str> = reported
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .filter(|code| ["0", "3"].contains(code))
        .collect();
    assert!(
        codes.contains(&"3") && codes.ends_with(&["0"]),
        "{reported}"
    );
}

#[test]
fn what_a_killed_creation_has_left_is_removed_by_the_next_command() {
    let tool = empty();
    for left in ["bugle.db.bugle-new", "bugle.db.bugle-new-journal"] {
        fs::write(tool.path(left), "half").unwrap();
    }
    assert!(
        output(&tool, &["person", "load", "people.csv"])
            .status
            .success()
    );
    assert_eq!(files_of(&tool, "bugle.db"), ["bugle.db", "bugle.db.lock"]);
}

#[test]
fn an_empty_file_keeps_its_own_message() {
    let mut tool = empty().bytes("bugle.db", b"");
    let path = tool.path("bugle.db");
    let path = path.display();
    tool.run(["person", "load", "people.csv"])
        .stderr(&format!(
            "
            error: `{path}` is empty, not a database
            help: delete `{path}` to start anew, or name another file with `--db PATH`
            "
        ))
        .code(3);
}

#[test]
fn a_journal_without_its_database_is_not_given_to_a_new_one() {
    let mut tool = tool();
    super::leave_journal(&tool, "UPDATE person SET first_name = 'Changed'");
    fs::rename(tool.path("bugle.db"), tool.path("moved.db")).unwrap();
    let left = fs::read(tool.path("bugle.db-wal")).unwrap();
    let (database, journal) = (tool.path("bugle.db"), tool.path("bugle.db-wal"));
    let (database, journal) = (database.display(), journal.display());
    tool.run(["person", "load", "more.csv"])
        .stderr(&format!(
            "
            error: `{journal}` is left of a database that is no longer there
            help: put the database back as `{database}`, or restore a backup with `bugle db restore FILE`; \
             to start anew, delete `{journal}`
            "
        ))
        .code(3);
    assert!(fs::read(tool.path("bugle.db-wal")).unwrap() == left);
    fs::rename(tool.path("moved.db"), tool.path("bugle.db")).unwrap();
    assert!(dump(&tool).contains("Changed"));
}

/// A thread needs a stack; one larger than any memory stands for a system that starts no more of them.
#[test]
fn a_system_that_starts_no_threads_is_reported() {
    let mut tool = tool().variable("RUST_MIN_STACK", "100000000000000");
    let before = dump(&tool);
    for command in [
        &["person", "load", "more.csv"][..],
        &["person", "load", "more.csv", "--as-activities"],
        &["campaign", "advance", "--until", "2026-11-20"],
    ] {
        let reported = tool.run(command).into_stderr();
        assert!(
            reported.starts_with("error: the system starts no thread: ")
                && reported.contains("\nhelp: "),
            "{reported}"
        );
        assert_eq!(output(&tool, command).status.code(), Some(3));
        assert_eq!(dump(&tool), before, "{command:?}");
    }
    let ran = output(&tool, &["campaign", "replay-events", "events.jsonl"]);
    assert_eq!(ran.status.code(), Some(3), "{}", stderr(&ran));
    assert!(stderr(&ran).contains("the system starts no thread"));
}
