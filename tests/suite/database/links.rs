//! One file is one database, whatever its names are.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Child, Stdio};

use super::{dump, files, files_of, tool};
use crate::tool::Tool;

fn advance(tool: &Tool, database: &str) -> Child {
    tool.command()
        .args(["--db", database, "--wait", "1 minute"])
        .args(["campaign", "advance", "--until", "2026-11-20"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn commands_by_the_path_and_by_a_link_wait_for_each_other() {
    let alone = tool();
    let one = advance(&alone, "bugle.db").wait().unwrap();
    assert_eq!(one.code(), Some(0));
    let tool = tool();
    fs::create_dir(tool.path("links")).unwrap();
    symlink("../bugle.db", tool.path("links/team.db")).unwrap();
    let names = ["bugle.db", "links/team.db"].into_iter().cycle();
    let crowd: Vec<Child> = names.take(8).map(|name| advance(&tool, name)).collect();
    for mut child in crowd {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(dump(&tool), dump(&alone));
    let links = fs::read_dir(tool.path("links")).unwrap();
    assert_eq!(links.count(), 1, "nothing was made beside the link");
}

#[test]
fn a_command_by_a_link_names_the_command_by_the_path() {
    let mut tool = tool();
    symlink("bugle.db", tool.path("link.db")).unwrap();
    let writer = tool.writer();
    let load = "--db link.db --wait '0 minutes' person load more.csv";
    writer.turns_away(&mut tool, load);
    drop(writer);
}

#[test]
fn a_link_whose_target_is_missing_makes_the_database_there() {
    let mut tool = Tool::new().file("people.csv", "email\nann@example.com\n");
    fs::create_dir(tool.path("data")).unwrap();
    symlink("data/real.db", tool.path("bugle.db")).unwrap();
    tool.run(["-q", "person", "load", "people.csv"])
        .any_stdout()
        .code(0);
    assert_eq!(files(&tool), ["bugle.db", "data", "people.csv"]);
    assert!(tool.path("bugle.db").is_symlink());
    assert!(tool.path("data/real.db.lock").is_file());
    tool.run(["person", "list", "--count"])
        .stdout("1\n")
        .code(0);
    symlink("circle", tool.path("circle")).unwrap();
    let circle = tool.path("circle");
    tool.run(["--db", "circle", "person", "list"])
        .stderr(&format!(
            "error: cannot read or write `{}`: Too many levels of symbolic links (os error 40)\n",
            circle.display()
        ))
        .code(3);
}

#[test]
fn a_database_with_two_names_is_refused_by_each_and_not_touched() {
    let mut tool = tool();
    fs::hard_link(tool.path("bugle.db"), tool.path("other.db")).unwrap();
    let before = (fs::read(tool.path("bugle.db")).unwrap(), files(&tool));
    for name in ["bugle.db", "other.db"] {
        let path = tool.path(name);
        let path = path.display().to_string();
        for command in [
            &["person", "list"][..],
            &["person", "load", "more.csv"],
            &["campaign", "advance"],
            &["db", "check"],
            &["db", "restore", "people.csv"],
        ] {
            tool.run(["--db", name].into_iter().chain(command.iter().copied()).collect::<Vec<_>>())
                .stderr(&format!(
                    "
                    error: `{path}` has a second name (a hard link)
                    help: each name would have a lock and a journal of its own; delete the other names, which \
                     `find DIR -samefile \"{path}\"` lists, or make them symbolic links
                    "
                ))
                .code(3);
        }
    }
    assert_eq!(
        (fs::read(tool.path("bugle.db")).unwrap(), files(&tool)),
        before
    );
    fs::remove_file(tool.path("other.db")).unwrap();
    tool.run(["person", "list", "--count"])
        .stdout("2\n")
        .code(0);
}

#[test]
fn a_lock_file_that_is_no_plain_file_is_not_written_to() {
    let mut tool = tool().file("precious.txt", "precious\n");
    for hard in [false, true] {
        let lock = tool.path("bugle.db.lock");
        fs::remove_file(&lock).unwrap();
        if hard {
            fs::hard_link(tool.path("precious.txt"), &lock).unwrap();
        } else {
            symlink("precious.txt", &lock).unwrap();
        }
        tool.run(["person", "load", "more.csv"])
            .stderr(&format!(
                "
                error: `{}` is not a plain file, so it cannot be the lock of the database
                help: move it away: bugle makes a lock file of its own there
                ",
                lock.display()
            ))
            .code(3);
        let precious = fs::read_to_string(tool.path("precious.txt")).unwrap();
        assert_eq!(precious, "precious\n");
    }
}

#[test]
fn a_new_database_never_has_two_names() {
    // A reader that comes while it is made sees none, or one that it may read.
    let tool = Tool::new().file("people.csv", "email\nann@example.com\n");
    for round in 0..10 {
        let name = format!("{round}.db");
        let arguments = ["--db", &name, "person", "load", "people.csv"];
        let mut writer = super::start(&tool, &arguments);
        while writer.try_wait().unwrap().is_none() {
            let read = super::output(&tool, &["--db", &name, "person", "list", "--count"]);
            let reported = super::stderr(&read);
            assert!(
                read.status.success() || reported.contains("there is no database"),
                "{reported}"
            );
        }
        assert_eq!(writer.wait().unwrap().code(), Some(0));
        let lock = format!("{name}.lock");
        assert_eq!(files_of(&tool, &name), [name, lock]);
    }
}
