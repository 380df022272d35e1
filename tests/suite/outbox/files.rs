//! `outbox export`: the files that it writes, also after a kill and beside another export.

use std::fmt::Write as _;
use std::fs;

use super::{files, sent, sent_to};

#[test]
fn the_same_export_gives_the_same_bytes() {
    let mut tool = sent();
    for target in ["one", "two"] {
        tool.done(["outbox", "export", "--maildir", target]);
        let mbox = format!("{target}.mbox");
        tool.done(["outbox", "export", "--mbox", &mbox]);
    }
    assert_eq!(files(&tool.path("one/new")), files(&tool.path("two/new")));
    let mbox = fs::read(tool.path("one.mbox")).unwrap();
    assert_eq!(mbox, fs::read(tool.path("two.mbox")).unwrap());
    tool.done("outbox export --mbox one.mbox");
    assert_eq!(
        mbox,
        fs::read(tool.path("one.mbox")).unwrap(),
        "written anew"
    );
}

#[test]
fn a_maildir_gets_only_what_it_has_not_whether_read_or_not() {
    let mut tool = sent();
    let limited = ["outbox", "export", "--maildir", "sent", "--limit", "2"];
    tool.done(limited);
    let read = tool.path("sent/cur/1793613600.A16777218.bugle:2,S");
    fs::rename(tool.path("sent/new/1793613600.A16777218.bugle"), &read).unwrap();
    fs::write(tool.path("sent/new/1.somebody.else"), "mine").unwrap();
    tool.run("outbox export --maildir sent")
        .stdout(
            "
            sent
            messages                 5
            written                  3
            already there            2
            set aside                0
            ",
        )
        .code(0);
    assert_eq!(files(&tool.path("sent/new")).len(), 5);
    assert_eq!(files(&tool.path("sent/cur")).len(), 1);
    assert_eq!(files(&tool.path("sent/tmp")).len(), 0);
}

#[test]
fn files_and_folders_of_others_are_refused() {
    let mut tool = sent()
        .file("notes.txt", "mine\n")
        .file("work/tmp/plan.txt", "mine\n")
        .file("work/plan.txt", "mine\n");
    tool.run("outbox export --mbox notes.txt")
        .stderr(
            "
            error: `notes.txt` is there already, and was written by something else
            help: name another one; nothing is overwritten
            ",
        )
        .code(4)
        .run("outbox export --mbox work")
        .stderr(
            "
            error: the messages cannot go to `work`: it is a folder
            help: name a file with `--mbox`
            ",
        )
        .code(2)
        .run("outbox export --maildir work")
        .stderr(
            "
            error: `work` is not empty and not a Maildir: it has no `cur`, `new` and `tmp`
            help: name another one; nothing is overwritten
            ",
        )
        .code(4)
        .run("outbox export --maildir a --mbox b")
        .any_stderr()
        .code(2)
        .run("outbox export")
        .any_stderr()
        .code(2);
    assert_eq!(
        fs::read_to_string(tool.path("notes.txt")).unwrap(),
        "mine\n"
    );
    assert!(!tool.path("work/new").exists());
}

#[cfg(unix)]
#[test]
fn what_is_written_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut tool = sent();
    tool.done("outbox export --maildir deep/sent");
    tool.done("outbox export --mbox sent.mbox");
    let mode = |name: &str| fs::metadata(tool.path(name)).unwrap().permissions().mode() & 0o777;
    for folder in [
        "deep",
        "deep/sent",
        "deep/sent/new",
        "deep/sent/cur",
        "deep/sent/tmp",
    ] {
        assert_eq!(mode(folder), 0o700, "{folder}");
    }
    assert_eq!(mode("deep/sent/new/1793613600.A16777218.bugle"), 0o600);
    assert_eq!(mode("sent.mbox"), 0o600);
}

#[cfg(unix)]
#[test]
fn a_second_export_to_one_place_is_refused_while_the_first_one_writes() {
    let mut tool = sent();
    tool.done("outbox export --maildir sent");
    let held = fs::File::open(tool.path("sent/tmp")).unwrap();
    held.try_lock().unwrap();
    tool.run("outbox export --maildir sent")
        .stderr(
            "
            error: another command is writing to `sent/tmp`
            help: wait for it, or name another one
            ",
        )
        .code(5);
}

/// Killed at many a moment, the same command ends with what an undisturbed one gives.
#[test]
fn an_export_that_was_killed_is_finished_by_the_same_command() {
    let mut people = String::from("email,First Name\n");
    for number in 0..300 {
        writeln!(people, "p{number}@example.com,Zoë").unwrap();
    }
    let mut tool = sent_to(&people);
    tool.done("outbox export --maildir whole");
    tool.done("outbox export --mbox whole.mbox");
    let whole = files(&tool.path("whole/new"));
    let mut kills = 0;
    for moment in [1, 20, 100, 200] {
        for target in [["--maildir", "cut"], ["--mbox", "cut.mbox"]] {
            let mut child = tool
                .command()
                .args(["outbox", "export"])
                .args(target)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            let so_far = || fs::read_dir(tool.path("cut/new")).map_or(0, Iterator::count);
            while child.try_wait().unwrap().is_none() && target[0] == "--maildir" {
                if so_far() >= moment {
                    break;
                }
            }
            kills += usize::from(child.try_wait().unwrap().is_none());
            let _ = child.kill();
            child.wait().unwrap();
            for (name, bytes) in files(&tool.path("cut/new")) {
                assert!(whole[&name] == bytes, "{name} is whole from the first");
            }
        }
    }
    assert!(kills > 0, "every export was faster than the test");
    tool.done("outbox export --maildir cut");
    tool.done("outbox export --mbox cut.mbox");
    assert!(files(&tool.path("cut/new")) == whole);
    assert!(files(&tool.path("cut/tmp")).is_empty());
    assert!(!tool.path(".cut.mbox.bugle-part").exists());
    let mbox = |name| fs::read(tool.path(name)).unwrap();
    assert!(mbox("cut.mbox") == mbox("whole.mbox"));
}
