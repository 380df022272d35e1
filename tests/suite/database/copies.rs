//! Copies that commands make of a database: backups, and what dry runs work on.

use std::fs;

use super::{dump, dump_of, files_of, output, stderr, tool};

const DRY_RUN: [&str; 5] = ["campaign", "advance", "--dry-run", "--until", "2026-11-20"];

#[test]
fn a_dry_run_leaves_no_copy() {
    let tool = tool();
    let before = dump(&tool);
    let ran = output(&tool, &DRY_RUN);
    assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
    assert_eq!(files_of(&tool, "bugle.db"), ["bugle.db", "bugle.db.lock"]);
    assert_eq!(dump(&tool), before);
}

#[test]
fn the_copy_of_a_killed_dry_run_is_removed_by_the_next_command_that_writes_or_copies() {
    let commands: [&[&str]; 3] = [
        &["person", "delete", "ann@example.com", "--yes"],
        &["-q", "campaign", "load", "campaigns"],
        &DRY_RUN,
    ];
    for command in commands {
        let tool = tool();
        for left in ["-1", "-1-wal", "-1-shm", "-1.lock", "-3", "-3.lock"] {
            let name = format!("bugle.db.bugle-dry-run{left}");
            fs::copy(tool.path("bugle.db"), tool.path(&name)).unwrap();
        }
        let ran = output(&tool, command);
        assert_eq!(ran.status.code(), Some(0), "{command:?} {}", stderr(&ran));
        assert_eq!(
            files_of(&tool, "bugle.db"),
            ["bugle.db", "bugle.db.lock"],
            "{command:?}"
        );
    }
}

#[test]
fn a_copy_that_is_in_use_stays_and_another_name_is_taken() {
    let tool = tool();
    let in_use = tool.path("bugle.db.bugle-dry-run-1");
    fs::copy(tool.path("bugle.db"), &in_use).unwrap();
    let lock = fs::File::create(tool.path("bugle.db.bugle-dry-run-1.lock")).unwrap();
    lock.lock().unwrap();
    for command in [&DRY_RUN[..], &["-q", "person", "load", "more.csv"]] {
        let ran = output(&tool, command);
        assert_eq!(ran.status.code(), Some(0), "{}", stderr(&ran));
        assert!(in_use.exists(), "{command:?}");
    }
    assert!(!tool.path("bugle.db.bugle-dry-run-2").exists());
    drop(lock);
    assert!(
        output(&tool, &["-q", "person", "load", "more.csv"])
            .status
            .success()
    );
    assert_eq!(files_of(&tool, "bugle.db"), ["bugle.db", "bugle.db.lock"]);
}

#[test]
fn a_killed_dry_run_is_cleaned_up() {
    let tool = tool();
    let mut caught = 0;
    for _ in 0..200 {
        let mut child = super::start(&tool, &DRY_RUN);
        let copy = tool.path("bugle.db.bugle-dry-run-1");
        while !copy.exists() && child.try_wait().unwrap().is_none() {}
        child.kill().unwrap();
        child.wait().unwrap();
        caught += u32::from(copy.exists());
        if caught == 3 {
            break;
        }
    }
    assert_eq!(caught, 3, "a dry run was caught at work");
    let delete = ["person", "delete", "ann@example.com", "--yes"];
    assert_eq!(output(&tool, &delete).status.code(), Some(0));
    for name in super::files(&tool) {
        if name.starts_with("bugle.db") {
            let bytes = fs::read(tool.path(&name)).unwrap();
            let address = b"ann@example.com";
            let found = bytes.windows(address.len()).any(|part| part == address);
            assert!(!found, "an erased person's address stands in `{name}`");
        }
    }
}

#[test]
fn a_backup_takes_its_name_when_it_is_whole_and_replaces_no_file() {
    let mut tool = tool();
    // Of a killed one.
    fs::write(tool.path("copy.db.bugle-new"), "half").unwrap();
    tool.run(["db", "backup", "copy.db"])
        .stderr("note: copied to `copy.db`\n")
        .code(0);
    assert_eq!(dump_of(&tool, "copy.db"), dump(&tool));
    assert_eq!(files_of(&tool, "copy.db"), ["copy.db"]);
    tool.run(["db", "backup", "copy.db"])
        .stderr("error: `copy.db` exists already\nhelp: name a new file\n")
        .code(3);
    // Of one that is still at work.
    let made = fs::File::create(tool.path("other.db.bugle-new")).unwrap();
    made.lock().unwrap();
    tool.run(["db", "backup", "other.db"])
        .stderr(
            "
            error: another command is making `other.db`
            help: wait for it, or name another file
            ",
        )
        .code(4);
    assert!(tool.path("other.db.bugle-new").exists());
}

/// Looks at the system calls with `strace`, where there is one.
#[cfg(target_os = "linux")]
#[test]
fn a_backup_is_on_the_disk_with_its_name_before_it_is_reported() {
    let tool = tool();
    let traced = std::process::Command::new("strace")
        .args([
            "-f",
            "-y",
            "-e",
            "trace=fsync,rename,renameat,renameat2,write",
        ])
        .args(["-o", "trace"])
        .arg(tool.command().get_program())
        .args(["db", "backup", "copy.db"])
        .current_dir(tool.path(""))
        .output();
    let Ok(traced) = traced else {
        return; // There is no `strace`.
    };
    let trace = fs::read_to_string(tool.path("trace")).unwrap_or_default();
    if !trace.contains("exited with") {
        return; // It may not trace.
    }
    assert_eq!(traced.status.code(), Some(0), "{}", stderr(&traced));
    let folder = fs::canonicalize(tool.path("")).unwrap();
    let place = |needle: &str| {
        let lines: Vec<&str> = trace.lines().collect();
        let found = lines.iter().rposition(|line| line.contains(needle));
        found.unwrap_or_else(|| panic!("no `{needle}` in\n{trace}"))
    };
    let file = place("copy.db.bugle-new>)");
    let renamed = place("\"copy.db\"");
    let folder = place(&format!("{}>)", folder.display()));
    let reported = place("copied to");
    assert!(
        file < renamed && renamed < folder && folder < reported,
        "{file} {renamed} {folder} {reported}\n{trace}"
    );
}

/// A file system that may not be written is made where the system lets us.
#[cfg(target_os = "linux")]
#[test]
fn on_a_disk_that_may_not_be_written_everything_is_read_and_nothing_written() {
    let tool = tool();
    let script = r#"
        mkdir disk && mount --bind disk disk || exit 99
        cp bugle.db disk/ && mount -o remount,bind,ro disk || exit 99
        "$0" --db disk/bugle.db person list --count || exit 1
        "$0" --db disk/bugle.db person load more.csv; echo $?
        "$0" --db disk/bugle.db campaign advance --dry-run; echo $?
    "#;
    let program = tool.command();
    let ran = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(program.get_program())
        .current_dir(tool.path(""))
        .output();
    let Ok(ran) = ran else {
        return; // There is no `unshare`.
    };
    let reported = String::from_utf8(ran.stdout.clone()).unwrap();
    if reported.is_empty() && ran.status.code() != Some(1) {
        return; // The system lets us mount nothing.
    }
    assert_eq!(reported, "2\n3\n3\n", "{}", stderr(&ran));
    let disk = tool.path("disk");
    let disk = disk.display();
    assert_eq!(
        stderr(&ran),
        format!(
            "error: `{disk}/bugle.db.lock` may not be written
help: check the owner and mode of the file and its folder
error: `{disk}/bugle.db.bugle-dry-run-1.lock` may not be written
help: check the owner and mode of the file and its folder
"
        )
    );
}

#[test]
fn a_dry_run_of_a_load_makes_no_database() {
    let mut tool = super::Tool::new().file(
        "campaigns/letter.yaml",
        "{ name: Letter, smart_list: { filters: [ email: is_not_empty ] }, flow: [ change_score: +1 ] }",
    );
    tool.run("campaign load --dry-run -f csv")
        .stdout(
            "
            campaign,file,change,version,mode,waiting,waits
            Letter,campaigns/letter.yaml,added,1,batch,0,[]
            ",
        )
        .code(0);
    assert_eq!(files_of(&tool, "bugle.db"), [""; 0]);
}

#[test]
fn a_copy_for_trying_things_out_says_so_until_it_is_restored() {
    const NOTE: &str =
        "note: `try.db` is a copy for trying things out, made by `bugle db scratch`\n";
    let mut tool = tool();
    let before = dump(&tool);
    tool.run("db scratch try.db")
        .stderr("note: copied to `try.db`\n")
        .code(0);
    tool.run("db scratch try.db")
        .stderr("error: `try.db` exists already\nhelp: name a new file\n")
        .code(3);
    assert_eq!(dump_of(&tool, "try.db"), before);
    tool.run("campaign list --db try.db -q")
        .any_stdout()
        .code(0);
    tool.run("campaign list --db try.db")
        .any_stdout()
        .stderr(NOTE)
        .code(0);
    tool.run("campaign deactivate Visit --db try.db")
        .any_stdout()
        .stderr(NOTE)
        .code(0);
    // A copy of the copy is one as well; the database is none.
    tool.run("db backup again.db --db try.db")
        .any_stderr()
        .code(0);
    tool.run("campaign list --db again.db")
        .any_stdout()
        .stderr(&NOTE.replace("`try", "`again"))
        .code(0);
    tool.run("campaign list").any_stdout().code(0);
    assert_eq!(dump(&tool), before);
    let tried = dump_of(&tool, "try.db");
    tool.run("db restore try.db").any_stderr().code(0);
    assert_eq!(dump(&tool), tried);
    tool.run("campaign list").any_stdout().code(0);
}
