//! What is written: whole files, for their owner alone, in place of the file before.

use std::fs;

use super::{COMMANDS, workspace};

/// The words of a command that needs no quotes.
fn words(command: &str) -> std::str::Split<'_, char> {
    command.split(' ')
}

/// The codes of [`COMMANDS`]: some set something aside.
fn is_done(code: Option<i32>) -> bool {
    matches!(code, Some(0 | 6))
}

#[cfg(unix)]
#[test]
fn a_file_that_is_there_is_replaced_by_one_for_its_owner_alone() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    for command in COMMANDS {
        let tool = workspace().file("out", "");
        let out = tool.path("out");
        fs::set_permissions(&out, fs::Permissions::from_mode(0o666)).unwrap();
        fs::hard_link(&out, tool.path("kept")).unwrap();
        let ran = tool
            .command()
            .args(words(command))
            .arg("out")
            .output()
            .unwrap();
        assert!(is_done(ran.status.code()), "{command:?}: {ran:?}");
        let metadata = fs::metadata(&out).unwrap();
        assert_eq!(metadata.mode() & 0o777, 0o600, "{command:?}");
        let kept = fs::metadata(tool.path("kept")).unwrap();
        assert_ne!(metadata.ino(), kept.ino(), "{command:?}");
        assert_eq!((kept.len(), kept.mode() & 0o777), (0, 0o666));
    }
}

#[cfg(unix)]
#[test]
fn no_umask_makes_a_file_wider_or_narrower() {
    use std::os::unix::fs::MetadataExt as _;
    for mask in ["000", "277"] {
        let tool = workspace();
        let program = env!("CARGO_BIN_EXE_bugle");
        let line = format!("umask {mask}; exec {program} campaign run letter --dry-run --people o");
        let status = std::process::Command::new("sh")
            .args(["-c", &line])
            .current_dir(tool.path(""))
            .env("BUGLE_NOW", "2026-12-01T09:00:00Z")
            .stdout(std::process::Stdio::null())
            .status();
        assert!(status.unwrap().success());
        let mode = fs::metadata(tool.path("o")).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600, "{mask}");
    }
}

#[test]
fn nothing_lies_beside_a_file_that_was_written() {
    for command in COMMANDS {
        let tool = workspace();
        let ran = tool
            .command()
            .args(words(command))
            .arg("out")
            .output()
            .unwrap();
        assert!(is_done(ran.status.code()), "{command:?}: {ran:?}");
        let names = fs::read_dir(tool.path("")).unwrap();
        let hidden: Vec<String> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert!(hidden.is_empty(), "{command:?}: {hidden:?}");
        assert!(tool.path("out").is_file(), "{command:?}");
    }
}

#[cfg(unix)]
#[test]
fn rows_go_to_standard_output_or_nowhere_where_that_is_named() {
    workspace()
        .run("campaign run letter --dry-run --people /dev/stdout -f jsonl")
        .stdout(
            r#"
            campaign,person_id,email,id,person,verdict,reason,step_1
            Letter,1,ann@example.com,,ann@example.com,qualified,,succeeded
            Letter,2,ben@example.com,,ben@example.com,qualified,,succeeded
            {"campaign":"Letter","run_id":null,"matched":2,"excluded":0,"qualified":2,"blocked":0,"waiting":0,"finished":2,"steps":[{"step":1,"name":"send_email","succeeded":2,"skipped":0,"failed":0}],"blocked_by":[],"cut":0,"dry_run":true,"until":null,"campaigns":null,"guards":[],"allowed":[]}
            "#,
        )
        .code(0)
        .run("campaign run letter --dry-run --people /dev/null -f csv")
        .any_stdout()
        .code(0);
}

/// Both go to one file through one stream, so neither overwrites the other.
#[cfg(unix)]
#[test]
fn rows_and_result_share_a_file_behind_standard_output() {
    let tool = workspace();
    let out = fs::File::create(tool.path("out")).unwrap();
    let status = tool
        .command()
        .args(["person", "load", "more.csv", "-f", "jsonl"])
        .args(["--rejects", "/dev/stdout"])
        .stdout(out)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(6));
    let text = fs::read_to_string(tool.path("out")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert_eq!((lines[0], lines[2]), ("email", "nobody"));
    assert!(
        lines[3].starts_with(r#"{"file":"more.csv","read":2,"added":1"#),
        "{text}"
    );
}

#[test]
fn an_output_has_a_folder_to_go_to() {
    workspace()
        .run("campaign run letter --people none/out.csv")
        .stderr("error: cannot write `none/out.csv`: there is no such file or folder\n")
        .code(3)
        .run("campaign run letter --people people.csv/out.csv")
        .stderr("error: cannot write `people.csv/out.csv`: a part of the path is a file, not a folder\n")
        .code(3)
        .run("campaign runs -f jsonl")
        .code(0);
}

/// A folder may be a link: what counts is the folder.
#[cfg(unix)]
#[test]
fn a_folder_above_an_output_may_be_a_link() {
    let mut tool = workspace();
    fs::create_dir(tool.path("real")).unwrap();
    std::os::unix::fs::symlink("real", tool.path("way")).unwrap();
    tool.run("campaign run letter --dry-run --people way/out.csv")
        .any_stdout()
        .code(0);
    assert!(tool.path("real/out.csv").is_file());
    fs::create_dir(tool.path("mail")).unwrap();
    std::os::unix::fs::symlink("mail", tool.path("box")).unwrap();
    tool.run("outbox export --maildir box").any_stdout().code(0);
    assert!(tool.path("mail/new").is_dir());
}

#[cfg(unix)]
#[test]
fn two_commands_do_not_write_one_file_at_the_same_moment() {
    let mut tool = workspace().file(".out.csv.bugle-part", "left by a killed command\n");
    let held = fs::File::open(tool.path(".out.csv.bugle-part")).unwrap();
    held.lock().unwrap();
    let command = "campaign run letter --dry-run --people out.csv";
    tool.run(command)
        .stderr(
            "
            error: another command is writing to `out.csv`
            help: wait for it, or name another one
            ",
        )
        .code(5);
    drop(held);
    tool.run(command).any_stdout().code(0);
    assert!(!tool.path(".out.csv.bugle-part").exists());
}
