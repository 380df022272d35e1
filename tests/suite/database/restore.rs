//! `db restore`: back to a backup, with the database before kept beside it, whatever happens meanwhile.

use std::fs;

use super::{dump, dump_of, files, files_of, leave_journal, output, stderr, tool};
use crate::tool::Tool;

/// A database whose last change stands in its journal alone, and a backup of before.
fn with_backup() -> Tool {
    let mut tool = tool();
    tool.run(["db", "backup", "before.db"])
        .stderr("note: copied to `before.db`\n")
        .code(0);
    leave_journal(&tool, "UPDATE person SET first_name = 'Changed'");
    tool
}

fn restored(tool: &mut Tool, kept: u32) {
    tool.run(["db", "restore", "before.db"])
        .stderr(&format!(
            "
            note: `bugle.db` is now what `before.db` holds
            note: the database before is kept as `bugle.db.before-restore-{kept}`
            "
        ))
        .code(0);
}

#[test]
fn a_backup_is_restored_and_the_journal_of_a_killed_command_is_not_applied_to_it() {
    let mut tool = with_backup();
    let backup = dump_of(&tool, "before.db");
    let bytes = fs::read(tool.path("before.db")).unwrap();
    restored(&mut tool, 1);
    assert!(!tool.path("bugle.db-wal").exists());
    assert_eq!(dump(&tool), backup);
    assert_eq!(fs::read(tool.path("before.db")).unwrap(), bytes);
    let kept = dump_of(&tool, "bugle.db.before-restore-1");
    assert!(kept.contains("Changed"));
    assert_eq!(
        files_of(&tool, "bugle.db"),
        ["bugle.db", "bugle.db.before-restore-1", "bugle.db.lock"]
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(tool.path("bugle.db")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
    // And back again, as often as one likes: nothing that was kept is replaced.
    tool.run(["db", "restore", "bugle.db.before-restore-1"])
        .any_stderr()
        .code(0);
    assert!(dump(&tool) == kept);
    restored(&mut tool, 3);
    assert_eq!(dump(&tool), backup);
    assert!(dump_of(&tool, "bugle.db.before-restore-1") == kept);
}

#[test]
fn the_journal_of_a_backup_belongs_to_it() {
    let tool = with_backup();
    let changed = dump(&tool);
    for ending in ["", "-wal"] {
        let name = format!("bugle.db{ending}");
        fs::rename(tool.path(&name), tool.path(&format!("copied.db{ending}"))).unwrap();
    }
    let ran = output(&tool, &["db", "restore", "copied.db"]);
    assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
    assert_eq!(dump(&tool), changed);
}

#[test]
fn a_missing_database_is_restored_and_its_left_journal_is_kept() {
    let mut tool = with_backup();
    let backup = dump_of(&tool, "before.db");
    let journal = fs::read(tool.path("bugle.db-wal")).unwrap();
    fs::remove_file(tool.path("bugle.db")).unwrap();
    restored(&mut tool, 1);
    assert_eq!(dump(&tool), backup);
    let kept = fs::read(tool.path("bugle.db.before-restore-1-wal")).unwrap();
    assert!(kept == journal);
    tool.run(["--db", "new.db", "db", "restore", "before.db"])
        .stderr("note: `new.db` is now what `before.db` holds\n")
        .code(0);
    assert_eq!(dump_of(&tool, "new.db"), backup);
}

#[test]
fn a_damaged_database_is_restored_and_kept_byte_for_byte() {
    let mut tool = with_backup();
    let backup = dump_of(&tool, "before.db");
    let journal = fs::read(tool.path("bugle.db-wal")).unwrap();
    fs::write(tool.path("bugle.db"), "damage ".repeat(1000)).unwrap();
    restored(&mut tool, 1);
    assert_eq!(dump(&tool), backup);
    let kept = |name: &str| fs::read(tool.path(name)).unwrap();
    assert!(kept("bugle.db.before-restore-1") == "damage ".repeat(1000).as_bytes());
    assert!(kept("bugle.db.before-restore-1-wal") == journal);
}

#[test]
fn what_is_no_sound_backup_is_refused_and_nothing_changes() {
    let mut tool = with_backup()
        .file("notes.txt", "dear diary")
        .bytes("empty.db", b"");
    let copy = |name: &str, sql: &str| {
        fs::copy(tool.path("before.db"), tool.path(name)).unwrap();
        let connection = rusqlite::Connection::open(tool.path(name)).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    copy("newer.db", "PRAGMA user_version = 99");
    copy("other.db", "PRAGMA application_id = 7");
    copy(
        "edited.db",
        "DELETE FROM person WHERE person_id = 1; UPDATE campaign SET members = 7",
    );
    let mut bytes = fs::read(tool.path("before.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(7);
    fs::write(tool.path("broken.db"), bytes).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("bugle.db", tool.path("link.db")).unwrap();
    let before = (dump(&tool), files(&tool));
    let version = tool.query("PRAGMA user_version");
    for (name, why) in [
        ("missing.db", "there is no database `{}`"),
        ("notes.txt", "`{}` is not a database of bugle"),
        ("empty.db", "`{}` is empty, not a database"),
        ("other.db", "`{}` is not a database of bugle"),
        (
            "newer.db",
            "`{}` was written by a newer bugle (its version is 99, this one knows {version})",
        ),
        (
            "edited.db",
            "`{}` is damaged: campaigns count other members than they have (2)",
        ),
        ("campaigns", "`{}` is not a file"),
        ("bugle.db", "`{}` is the database itself"),
    ] {
        let why = why.replace("{}", &tool.path(name).display().to_string());
        let why = why.replace("{version}", version.trim());
        tool.run(["db", "restore", name])
            .stderr(&format!(
                "
                error: cannot restore: {why}
                help: nothing was changed; name a file that `bugle db backup` has written
                "
            ))
            .code(3);
        assert_eq!(files(&tool), before.1, "{name}");
    }
    for name in ["broken.db", "link.db"] {
        let ran = output(&tool, &["db", "restore", name]);
        assert_eq!(ran.status.code(), Some(3), "{name}");
        assert!(
            stderr(&ran).starts_with("error: cannot restore: "),
            "{name}"
        );
    }
    assert_eq!((dump(&tool), files(&tool)), before);
}

#[test]
fn another_programs_database_is_not_replaced() {
    let mut tool = with_backup();
    let other = tool.path("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection.execute_batch("CREATE TABLE t (a)").unwrap();
    drop(connection);
    let bytes = fs::read(&other).unwrap();
    let before = files(&tool);
    tool.run(["--db", "other.db", "db", "restore", "before.db"])
        .stderr(&format!(
            "
            error: `{}` is not a database of bugle
            help: name another file with `--db PATH`; if it was a database of bugle, it is damaged: \
             `bugle db restore FILE` goes back to a backup
            ",
            other.display()
        ))
        .code(3);
    assert!(fs::read(&other).unwrap() == bytes);
    assert_eq!(files(&tool), before);
}

#[test]
fn a_restore_waits_for_those_who_read_and_write() {
    let mut tool = with_backup();
    let before = dump(&tool);
    let reader = rusqlite::Connection::open(tool.path("bugle.db")).unwrap();
    let count = |reader: &rusqlite::Connection| -> i64 {
        let sql = "SELECT count(*) FROM person";
        reader.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(&reader), 2);
    let path = tool.path("bugle.db");
    tool.run(["--wait", "0 minutes", "db", "restore", "before.db"])
        .stderr(&format!(
            "
            error: another program has `{}` open
            help: close the program, or wait for the command that reads it, for example with `--wait 1 minute`
            ",
            path.display()
        ))
        .code(5);
    assert_eq!(dump(&tool), before);
    let mut waiting = super::start(&tool, &["--wait", "1 minute", "db", "restore", "before.db"]);
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert!(waiting.try_wait().unwrap().is_none(), "it waits");
    drop(reader);
    assert_eq!(waiting.wait().unwrap().code(), Some(0));
    assert_eq!(dump(&tool), dump_of(&tool, "before.db"));
}

#[test]
fn a_backup_of_an_older_version_is_brought_up_by_the_next_writing_command() {
    let mut tool = with_backup();
    let old = rusqlite::Connection::open(tool.path("old.db")).unwrap();
    old.execute_batch(include_str!("../../../src/store/schema/1.sql"))
        .unwrap();
    old.execute_batch("PRAGMA application_id = 1651861356; PRAGMA user_version = 1;")
        .unwrap();
    drop(old);
    tool.run(["db", "restore", "old.db"]).any_stderr().code(0);
    tool.run(["-q", "person", "load", "more.csv"])
        .any_stdout()
        .code(0);
    tool.run(["person", "list", "--count"])
        .stdout("1\n")
        .code(0);
    assert!(tool.path("bugle.db.version-1.backup").exists());
    // A second one of that version does not replace what was kept of the first.
    tool.run(["db", "restore", "old.db"]).any_stderr().code(0);
    tool.run(["-q", "person", "load", "people.csv"])
        .any_stdout()
        .code(0);
    assert!(tool.path("bugle.db.version-1.backup-2").exists());
}

/// The states in which a kill can leave a restore, made by hand.
#[test]
fn a_restore_that_was_killed_is_undone_or_finished_by_the_next_writing_command() {
    let mut tool = with_backup();
    let (old, new) = (dump(&tool), dump_of(&tool, "before.db"));
    let load = ["-q", "campaign", "load", "campaigns"];
    // The copy is complete, the old database has not moved.
    fs::copy(tool.path("before.db"), tool.path("bugle.db.bugle-restore")).unwrap();
    assert_eq!(dump(&tool), old);
    tool.run(load).any_stdout().code(0);
    assert!(!tool.path("bugle.db.bugle-restore").exists());
    assert_eq!(dump(&tool), old);
    // The old database is set aside, the copy has no name yet.
    fs::copy(tool.path("before.db"), tool.path("bugle.db.bugle-restore")).unwrap();
    fs::rename(
        tool.path("bugle.db"),
        tool.path("bugle.db.before-restore-1"),
    )
    .unwrap();
    let path = tool.path("bugle.db");
    tool.run(["person", "list"])
        .stderr(&format!(
            "
            error: `bugle db restore` was interrupted before `{}` was in its place
            help: give the same `bugle db restore FILE` again; the database before is kept beside it
            ",
            path.display()
        ))
        .code(3);
    tool.run(load).any_stdout().code(0);
    assert_eq!(dump(&tool), new);
    assert_eq!(dump_of(&tool, "bugle.db.before-restore-1"), old);
    // The same, with a journal of the old database left, which was copied before it moved.
    let journal = b"a journal".repeat(50);
    fs::copy(tool.path("before.db"), tool.path("bugle.db.bugle-restore")).unwrap();
    fs::rename(
        tool.path("bugle.db"),
        tool.path("bugle.db.before-restore-2"),
    )
    .unwrap();
    fs::write(tool.path("bugle.db-wal"), &journal).unwrap();
    restored(&mut tool, 4);
    assert_eq!(dump(&tool), new);
    assert!(fs::read(tool.path("bugle.db.before-restore-3-wal")).unwrap() == journal);
}
