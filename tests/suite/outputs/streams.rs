//! Results that cannot be written, and signals: the exit code says so.

use std::process::{Command, Stdio};

use super::workspace;
use crate::tool::Tool;

/// Runs a line of a shell, in which `bugle` is the program.
fn shell(tool: &Tool, line: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_bugle");
    let output = Command::new("sh")
        .args(["-c", &line.replace("bugle ", &format!("{program} "))])
        .current_dir(tool.path(""))
        .env("BUGLE_NOW", "2026-12-01T09:00:00Z")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[test]
fn a_result_that_is_lost_is_an_error() {
    let tool = workspace();
    for command in [
        "campaign list",
        "campaign show letter",
        "campaign run letter --dry-run",
        "person log ann@example.com",
        "db dump",
        "man",
        "--help",
        "--version",
    ] {
        let (code, said) = shell(&tool, &format!("bugle {command} >&-"));
        assert_eq!(code, Some(3), "{command}: {said}");
        let (code, said) = shell(&tool, &format!("bugle {command} > /dev/full"));
        assert_eq!(code, Some(3), "{command}: {said}");
        let (code, said) = shell(&tool, &format!("bugle {command} > /dev/null"));
        assert_eq!(code, Some(0), "{command}: {said}");
        // Some programs open the null device for both directions.
        let (code, said) = shell(&tool, &format!("bugle {command} 1<> /dev/null"));
        assert_eq!(code, Some(0), "{command}: {said}");
    }
    let (_, said) = shell(&tool, "bugle campaign list >&-");
    assert_eq!(
        said,
        "error: cannot write the result: standard output is closed\n"
    );
}

#[test]
fn a_standard_input_that_is_closed_is_not_an_empty_one() {
    let tool = workspace();
    for command in [
        "person load -",
        "campaign replay-events -",
        "campaign validate -",
        "campaign test -",
        "campaign fmt -",
    ] {
        let (code, said) = shell(&tool, &format!("bugle {command} <&-"));
        assert_eq!(code, Some(3), "{command}: {said}");
        assert!(
            said.contains("standard input is closed"),
            "{command}: {said}"
        );
    }
    // A command that reads something else does not care.
    let (code, said) = shell(&tool, "bugle campaign list <&-");
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_command_ends_as_it_should_where_nobody_hears_its_errors() {
    let tool = workspace();
    for (command, code) in [
        ("campaign list", 0),
        ("person load people.csv", 0),
        ("person load more.csv", 1),
        ("person list --columns shoe", 2),
        ("person load nowhere.csv", 3),
        ("person show nobody@example.com", 4),
    ] {
        for lost in ["2>&-", "2> /dev/full"] {
            let (ended, _) = shell(&tool, &format!("bugle {command} {lost}"));
            assert_eq!(ended, Some(code), "{command} {lost}");
        }
    }
    let (ended, _) = shell(&tool, "bugle campaign list <&- >&- 2>&-");
    assert_eq!(ended, Some(3));
}

/// The program stops when its terminal is closed, unless it is to outlive that.
#[test]
fn a_hang_up_stops_a_writing_command_as_termination_does() {
    // The tests may be run by a program that ignores signals, which commands would take over from it.
    let may_reset = Command::new("env")
        .args(["--default-signal", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let ignored = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if !may_reset && !ignored.contains("SigIgn:\t0000000000000000") {
        println!("not tried: the tests themselves ignore signals");
        return;
    }
    let tool = workspace();
    let started = || {
        let program = tool.command();
        if !may_reset {
            return program;
        }
        let mut command = Command::new("env");
        command
            .arg("--default-signal")
            .arg(program.get_program())
            .current_dir(tool.path(""))
            .env("BUGLE_NOW", "2026-12-01T09:00:00Z");
        command
    };
    for (signal, code) in [("HUP", 129), ("TERM", 143)] {
        // It waits for the lock while the signal comes.
        let mut command = started();
        command
            .args(["person", "load", "people.csv", "--wait", "1 minute"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let held = std::fs::File::open(tool.path("bugle.db.lock")).unwrap();
        held.lock().unwrap();
        let child = command.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(700));
        let killed = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status();
        assert!(killed.unwrap().success());
        drop(held);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{signal}: {said}");
    }
}
