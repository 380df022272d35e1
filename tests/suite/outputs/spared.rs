//! What is in use is never written to, by whatever name, and a command that would do so changes nothing.

use std::fs;

use super::{COMMANDS, files, workspace};
use crate::tool::Tool;

/// A file in use, and what is said of it.
const USED: [(&str, &str); 12] = [
    ("bugle.db", "it is the database"),
    ("bugle.db-wal", "it belongs to the database"),
    ("bugle.db-shm", "it belongs to the database"),
    ("bugle.db-journal", "it belongs to the database"),
    ("bugle.db.lock", "it belongs to the database"),
    ("bugle.db.bugle-new", "it belongs to the database"),
    ("before.db", "it holds a database"),
    ("before.db-wal", "it holds a database"),
    ("campaigns/workspace.yaml", "it belongs to the campaigns"),
    ("campaigns/letter.yaml", "it belongs to the campaigns"),
    ("campaigns/sales/note.yaml", "it belongs to the campaigns"),
    ("campaigns/emails/hello.md", "it belongs to the campaigns"),
];

/// The workspace with a backup, and with each file in use there.
fn with_all_files() -> Tool {
    let mut tool = workspace();
    tool.done("db backup before.db");
    let journal = b"\x37\x7f\x06\x82 a journal of before.db";
    tool = tool.bytes("before.db-wal", journal);
    for (name, _) in USED {
        if !tool.path(name).exists() {
            tool = tool.bytes(name, b"of the database");
        }
    }
    tool
}

/// Runs a command that must be refused, and compares the files before and after.
#[track_caller]
fn refused(tool: &mut Tool, command: &str, path: &str, why: &str) {
    let folder = tool.path("");
    let before = files(&folder);
    let line = format!("{command} {path}");
    let said = tool.run(&line).into_stderr();
    let first = said.lines().next().unwrap_or_default();
    let reported = format!(" cannot go to `{path}`: {why}");
    assert!(first.ends_with(&reported), "{line}: {said}");
    let (_, option) = command.rsplit_once(' ').unwrap();
    assert!(said.contains(&format!("with `{option}`")), "{line}: {said}");
    tool.run(&line).any_stderr().code(2);
    assert!(files(&folder) == before, "{line} changed a file");
}

#[test]
fn no_output_goes_to_a_file_in_use() {
    let mut tool = with_all_files();
    for command in COMMANDS {
        for (name, why) in USED {
            let is_read = command.contains(name);
            let why = if is_read {
                "this command reads it"
            } else {
                why
            };
            refused(&mut tool, command, name, why);
        }
    }
}

#[test]
fn no_output_goes_to_a_file_that_the_command_reads() {
    let mut tool = with_all_files();
    for command in COMMANDS {
        for input in ["more.csv", "events.jsonl"] {
            if command.contains(input) {
                refused(&mut tool, command, input, "this command reads it");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_in_use_is_known_under_any_name() {
    let mut tool = with_all_files();
    let command = COMMANDS[0];
    for (number, (name, why)) in USED.into_iter().enumerate() {
        let (hard, soft) = (format!("hard-{number}.csv"), format!("soft-{number}.csv"));
        fs::hard_link(tool.path(name), tool.path(&hard)).unwrap();
        std::os::unix::fs::symlink(name, tool.path(&soft)).unwrap();
        let around = format!("campaigns/../{name}");
        let whole = tool.path(name).display().to_string();
        for path in [&hard, &around, &whole] {
            refused(&mut tool, command, path, why);
        }
        let why = if why == "it holds a database" {
            "it is a link"
        } else {
            why
        };
        refused(&mut tool, command, &soft, why);
        // A second name of the database has rules of its own.
        fs::remove_file(tool.path(&hard)).unwrap();
    }
}

#[test]
fn what_would_be_taken_for_a_file_of_the_database_is_not_made() {
    let mut tool = workspace();
    for suffix in ["-wal", "-shm", "-journal", ".bugle-new"] {
        let name = format!("bugle.db{suffix}");
        let _ = fs::remove_file(tool.path(&name));
        for command in [COMMANDS[0], COMMANDS[7]] {
            refused(&mut tool, command, &name, "it belongs to the database");
        }
        let before = files(&tool.path(""));
        tool.run(format!("db backup {name}"))
            .stderr(&format!(
                "error: the copy cannot go to `{name}`: it belongs to the database\n\
                 help: name another file with `db backup`\n"
            ))
            .code(2);
        assert!(files(&tool.path("")) == before);
    }
}

#[test]
fn a_database_that_would_be_made_is_spared_and_not_made() {
    let mut tool = Tool::new().file("people.csv", "email\nann@example.com\n");
    for name in ["bugle.db", "bugle.db-wal", "people.csv"] {
        tool.run(format!("person load people.csv --rejects {name}"))
            .any_stderr()
            .code(2);
    }
    let names: Vec<String> = files(&tool.path("")).into_keys().collect();
    assert_eq!(names, ["people.csv"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_database_is_the_database() {
    let mut tool = workspace();
    fs::create_dir(tool.path("data")).unwrap();
    fs::rename(tool.path("bugle.db"), tool.path("data/real.db")).unwrap();
    std::os::unix::fs::symlink("data/real.db", tool.path("bugle.db")).unwrap();
    for name in ["bugle.db", "data/real.db"] {
        refused(&mut tool, COMMANDS[0], name, "it is the database");
    }
    for name in ["bugle.db-wal", "data/real.db-wal", "data/real.db.lock"] {
        refused(&mut tool, COMMANDS[0], name, "it belongs to the database");
    }
}

#[test]
fn campaigns_are_spared_wherever_they_were_loaded_from() {
    let mut tool = workspace();
    fs::rename(tool.path("campaigns"), tool.path("flows")).unwrap();
    tool.done("campaign load flows");
    fs::hard_link(tool.path("flows/letter.yaml"), tool.path("letter.csv")).unwrap();
    fs::hard_link(tool.path("flows/emails/hello.md"), tool.path("hello.csv")).unwrap();
    for command in COMMANDS {
        if command.contains("campaigns/letter.yaml") {
            continue;
        }
        for name in ["flows/workspace.yaml", "letter.csv", "hello.csv"] {
            let before = fs::read(tool.path(name)).unwrap();
            tool.run(format!("{command} {name}")).any_stderr().code(2);
            assert!(fs::read(tool.path(name)).unwrap() == before);
        }
    }
}

#[test]
fn two_outputs_of_one_command_are_two_files() {
    let mut tool = workspace();
    let command = "campaign replay-events events.jsonl --rejects x --unknown";
    for path in ["x", "./x", "campaigns/../x"] {
        refused(&mut tool, command, path, "`--rejects` goes there");
    }
    fs::write(tool.path("x"), "before\n").unwrap();
    fs::hard_link(tool.path("x"), tool.path("y")).unwrap();
    refused(&mut tool, command, "y", "`--rejects` goes there");
}

#[cfg(unix)]
#[test]
fn an_output_is_neither_a_link_nor_a_folder_nor_a_device() {
    let mut tool = workspace();
    fs::create_dir(tool.path("folder")).unwrap();
    fs::write(tool.path("old.csv"), "old\n").unwrap();
    std::os::unix::fs::symlink("old.csv", tool.path("link")).unwrap();
    std::os::unix::fs::symlink("nowhere", tool.path("broken")).unwrap();
    std::os::unix::fs::symlink("folder", tool.path("way")).unwrap();
    let cases = [
        ("link", "it is a link"),
        ("broken", "it is a link"),
        ("way", "it is a link"),
        ("folder", "it is a folder"),
        ("folder/", "it is a folder"),
        (".", "it is a folder"),
        ("new/", "it does not end in a name"),
        ("/dev/zero", "it is neither a file nor a folder"),
        ("/dev/full", "it is neither a file nor a folder"),
        ("/dev/stderr", "it is a link"),
    ];
    for command in COMMANDS {
        for (path, why) in cases {
            refused(&mut tool, command, path, why);
        }
    }
    let before = files(&tool.path(""));
    tool.run("campaign run letter --people -")
        .stderr(
            "
            error: the verdicts cannot go to `-`: it is not the name of a file
            help: `--people /dev/stdout` writes to standard output, `--people ./-` to a file
            ",
        )
        .code(2)
        .run("outbox export --maildir old.csv")
        .stderr(
            "
            error: the messages cannot go to `old.csv`: it is not a folder
            help: name a folder with `--maildir`
            ",
        )
        .code(2)
        .run("outbox export --maildir broken")
        .stderr(
            "
            error: the messages cannot go to `broken`: it is a link
            help: name the file itself with `--maildir`
            ",
        )
        .code(2)
        .run("db backup broken")
        .stderr(
            "
            error: the copy cannot go to `broken`: it is a link
            help: name the file itself with `db backup`
            ",
        )
        .code(2)
        .run("demo old.csv")
        .stderr(
            "
            error: the sample workspace cannot go to `old.csv`: it is not a folder
            help: name a folder with `bugle demo`
            ",
        )
        .code(2);
    assert!(files(&tool.path("")) == before);
}

/// The result goes where a row a person should go: what came last would have won.
#[cfg(unix)]
#[test]
fn an_output_is_not_the_file_behind_a_standard_stream() {
    let tool = workspace();
    let shell = |line: &str| {
        let program = env!("CARGO_BIN_EXE_bugle");
        let output = std::process::Command::new("sh")
            .args(["-c", &line.replace("bugle ", &format!("{program} "))])
            .current_dir(tool.path(""))
            .env("BUGLE_NOW", "2026-12-01T09:00:00Z")
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = shell("bugle campaign run letter --people out.csv > out.csv");
    assert_eq!(code, Some(2));
    assert!(
        said.contains("it is standard output of this command"),
        "{said}"
    );
    let (code, said) = shell("bugle person load - --rejects people.csv < people.csv");
    assert_eq!(code, Some(2));
    assert!(
        said.contains("it is standard input of this command"),
        "{said}"
    );
    let people = fs::read_to_string(tool.path("people.csv")).unwrap();
    assert_eq!(people, "email\nann@example.com\nben@example.com\n");
}
