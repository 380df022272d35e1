//! `campaign run` given again: what the same command has done is reported and not repeated, the rest of it is done.
//!
//! Commands are stopped in two ways. Killed: the write-ahead log beside the database is watched until it has grown to a
//! given share of what an undisturbed command writes. Out of room: `ulimit -f` lets each write beyond a size fail, which
//! is the same at every try and comes to every commit.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use crate::tool::{Line as _, Tool};

const FIRST: &str = "
    name: Spring
    smart_list:
      filters:
        - country: { is: USA }
    flow:
      - send_email: spring
      - change_score: +1
    qualification: every_time
";

const SECOND: &str = "
    name: Autumn
    smart_list:
      filters:
        - country: { is_not: USA }
    flow:
      - change_score: +10
      - wait: 2 days
    qualification: every_time
";

const NOW: &str = "2026-11-02T10:00:00Z";

fn people(number: usize) -> String {
    let mut list = String::from("email,country\n");
    for person in 1..=number {
        let country = ["USA", "Chile"][person % 2];
        writeln!(list, "p{person}@example.com,{country}").unwrap();
    }
    list
}

fn tool() -> Tool {
    Tool::new()
        .file("campaigns/workspace.yaml", "
            emails:
              spring: { subject: \"Spring, {{lead.Email Address}}\", from: a@example.com, body: Hello }
        ")
        .file("campaigns/spring.yaml", FIRST)
        .file("campaigns/autumn.yaml", SECOND)
        .file("people.csv", &people(40))
        .now(NOW)
        .variable("BUGLE_CHUNK", "5")
        .loaded()
}

/// The ways to name the same work, and the campaigns that run.
const LINES: [&str; 5] = [
    "campaign run Spring",
    "campaign run campaigns/spring.yaml",
    "campaign run Spring Autumn",
    "campaign run campaigns/spring.yaml campaigns/autumn.yaml --seed 7",
    "campaign run Autumn Spring --person p2@example.com --person p3@example.com",
];

#[test]
fn the_same_command_reports_what_it_has_done_and_repeats_nothing() {
    for line in LINES {
        let mut tool = tool();
        let line = format!("{line} --format json");
        let first = tool.text(&line);
        let done = tool.dump();
        let again = tool.run(&line);
        let notices = again.into_stderr();
        assert!(
            notices.contains("of this very command is finished"),
            "{notices}"
        );
        assert_eq!(tool.text(&line), first, "{line}");
        assert_eq!(tool.dump(), done, "{line}");
    }
}

#[test]
fn again_repeats_a_command_that_is_finished() {
    let mut tool = tool();
    tool.done("campaign run Spring");
    tool.done("campaign run Spring --again");
    tool.done("campaign run Spring");
    assert_eq!(tool.query("SELECT count(*) FROM outbox"), "40\n");
}

#[test]
fn another_clock_seed_version_person_or_order_makes_another_command() {
    let mut tool = tool();
    let others = [
        "campaign run Spring",
        "campaign run Spring --now 2026-11-02T10:00:01Z",
        "campaign run Spring --seed 1",
        "campaign run Spring --person p2@example.com",
        "campaign run Spring Autumn",
        "campaign run Autumn Spring",
    ];
    for (number, line) in others.iter().enumerate() {
        tool.done(*line);
        let runs = tool.rows("campaign runs").len();
        let seconds = others[..=number]
            .iter()
            .filter(|line| line.contains("Autumn"));
        assert_eq!(runs, number + 1 + seconds.count(), "{line}");
    }
    tool.write("campaigns/spring.yaml", &FIRST.replace("+1", "+2"));
    let before = tool.rows("campaign runs").len();
    tool.done("campaign run campaigns/spring.yaml");
    assert_eq!(tool.rows("campaign runs").len(), before + 1);
}

#[test]
fn without_a_clock_that_was_given_another_call_is_another_run() {
    let mut tool = tool();
    for _ in 0..2 {
        let mut command = tool.command();
        command
            .env_remove("BUGLE_NOW")
            .args("campaign run Spring".words());
        assert!(command.output().unwrap().status.success());
    }
    assert_eq!(tool.rows("campaign runs").len(), 2);
}

#[test]
fn a_command_whose_output_failed_repeats_nothing() {
    for line in LINES {
        let (mut tool, wanted) = (tool(), calm(line).dump);
        let Ok(full) = std::fs::File::create("/dev/full") else {
            return;
        };
        let mut command = tool.command();
        command
            .args(line.words())
            .stdout(full)
            .stderr(Stdio::null());
        assert_eq!(command.status().unwrap().code(), Some(3), "{line}");
        tool.done(line);
        assert_eq!(tool.dump(), wanted, "{line}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_lost_result_is_shown_again_by_the_command_that_the_error_names() {
    for line in LINES {
        let mut tool = tool();
        let full = std::fs::File::create("/dev/full").unwrap();
        let mut command = tool.command();
        // The system's clock: the same words would be another command.
        command.env_remove("BUGLE_NOW").args(line.words());
        let output = command.stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{line}");
        let said = String::from_utf8(output.stderr).unwrap();
        let (_, advice) = said.split_once("help: all is done; `").expect(&said);
        let (typed, _) = advice.split_once("` shows the counts again").unwrap();
        let done = tool.dump();
        let output = by_shell(&tool, typed);
        assert_eq!(output.status.code(), Some(0), "{typed}");
        assert!(!output.stdout.is_empty());
        assert_eq!(tool.dump(), done, "{typed}");
    }
}

/// Types a command as it was printed.
fn by_shell(tool: &Tool, typed: &str) -> std::process::Output {
    let program = tool.command().get_program().to_owned();
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(typed.replacen("bugle", "\"$0\"", 1))
        .arg(program);
    for (name, value) in tool.command().get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell.current_dir(tool.path("")).output().unwrap()
}

#[test]
fn files_are_loaded_all_or_none_and_what_left_a_file_does_not_run() {
    let mut tool = tool();
    let before = tool.dump();
    tool.write("campaigns/spring.yaml", &FIRST.replace("+1", "+2"));
    tool.write(
        "campaigns/autumn.yaml",
        &SECOND.replace("country", "no_such_field_here: {}\n            country"),
    );
    let both = "campaign run campaigns/spring.yaml ./campaigns/autumn.yaml";
    tool.run(both).any_stderr().code(1);
    assert_eq!(tool.dump(), before);
    let two = format!("{}    ---\n{}", FIRST, SECOND.replace("Autumn", "Winter"));
    tool.write("campaigns/spring.yaml", &two);
    tool.write("campaigns/autumn.yaml", SECOND);
    tool.done(both);
    assert_eq!(tool.rows("campaign runs").len(), 3);
    tool.write("campaigns/spring.yaml", FIRST);
    tool.done("campaign run campaigns/spring.yaml --now 2026-11-03T10:00:00Z");
    assert_eq!(tool.rows("campaign runs").len(), 4);
}

/// What a command leaves behind that nothing disturbs.
struct Calm {
    dump: String,
    output: String,
    verdicts: String,
    /// How large the write-ahead log was at most.
    log: u64,
}

fn with_verdicts(line: &str) -> String {
    format!("{line} --people verdicts.csv --format json")
}

fn calm(line: &str) -> Calm {
    let mut tool = tool();
    let log = watched(&tool, &with_verdicts(line), u64::MAX);
    let output = tool.text(with_verdicts(line));
    Calm {
        dump: tool.dump(),
        output,
        verdicts: std::fs::read_to_string(tool.path("verdicts.csv")).unwrap(),
        log,
    }
}

/// Runs a command and kills it once its write-ahead log has so many bytes; returns how many it had at most.
fn watched(tool: &Tool, line: &str, most: u64) -> u64 {
    let mut command = tool.command();
    command.args(line.words());
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    let log = tool.path("bugle.db-wal");
    let mut largest = 0;
    loop {
        largest = largest.max(std::fs::metadata(&log).map_or(0, |log| log.len()));
        if largest >= most {
            let _ = child.kill();
        }
        if child.try_wait().unwrap().is_some() {
            return largest;
        }
    }
}

/// Gives a command again after it was stopped, and compares everything with one that was not.
fn goes_on(tool: &mut Tool, line: &str, calm: &Calm, stopped: &str) {
    let output = tool.text(with_verdicts(line));
    assert_eq!(output, calm.output, "{line}, {stopped}");
    assert_eq!(tool.dump(), calm.dump, "{line}, {stopped}");
    let verdicts = std::fs::read_to_string(tool.path("verdicts.csv")).unwrap();
    assert_eq!(verdicts, calm.verdicts, "{line}, {stopped}");
    tool.done("db check");
}

#[test]
fn a_command_that_is_killed_anywhere_is_finished_by_the_same_command() {
    for line in LINES {
        let calm = calm(line);
        let points = 4;
        for point in 1..=points {
            let mut tool = tool();
            let most = calm.log * point / points;
            watched(&tool, &with_verdicts(line), most);
            // The second time another kill comes a little later.
            if point % 2 == 0 {
                watched(&tool, &with_verdicts(line), most + calm.log / points);
            }
            goes_on(
                &mut tool,
                line,
                &calm,
                &format!("killed at {most} of {}", calm.log),
            );
        }
    }
}

#[test]
#[ignore = "slow"]
#[cfg(target_os = "linux")]
fn a_command_whose_disk_is_full_at_any_commit_is_finished_by_the_same_command() {
    for line in LINES {
        let calm = calm(line);
        // The shell counts in blocks of 512 bytes.
        let step = (calm.log / 512 / 7).max(1);
        let mut blocks = step;
        let mut stopped = 0;
        while blocks * 512 < calm.log {
            let mut tool = tool();
            let mut shell = Command::new("sh");
            let limited = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
            shell
                .arg("-c")
                .arg(limited)
                .arg(tool.command().get_program());
            for (name, value) in tool.command().get_envs() {
                shell.env(name, value.unwrap_or_default());
            }
            shell
                .current_dir(tool.path(""))
                .args(with_verdicts(line).words());
            let quiet = shell
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let code = quiet.status().unwrap().code();
            assert!(
                matches!(code, Some(0 | 3)),
                "{line}, at {blocks} blocks: {code:?}"
            );
            stopped += u32::from(code == Some(3));
            goes_on(
                &mut tool,
                line,
                &calm,
                &format!("no room after {blocks} blocks"),
            );
            blocks += step;
        }
        assert!(stopped > 2, "{line}: stopped {stopped} times");
    }
}

#[test]
fn verdicts_that_were_complete_and_had_no_name_yet_only_get_it() {
    let line = "campaign run Spring Autumn";
    let calm = calm(line);
    let mut tool = tool();
    tool.done(with_verdicts(line));
    let aside = tool.path(".verdicts.csv.bugle-part");
    std::fs::rename(tool.path("verdicts.csv"), &aside).unwrap();
    goes_on(&mut tool, line, &calm, "before the verdicts got their name");
    assert!(!aside.exists());
}

#[test]
fn the_advice_to_finish_a_command_works_as_it_is_printed() {
    for line in LINES {
        let calm = calm(line);
        let mut tool = tool();
        interrupt(&tool, line, &calm);
        let refused = tool.error("campaign activate nothing");
        let (_, advice) = refused.split_once("help: `").expect("it is refused");
        let (command, rest) = advice.split_once("` finishes it, `").unwrap();
        let (abort, _) = rest.split_once('`').unwrap();
        let copy = tool.text("campaign runs --format csv");
        assert!(copy.contains("unfinished"), "{copy}");
        assert!(abort.starts_with("bugle campaign abort "), "{abort}");
        // As a shell reads it.
        let program = tool.command().get_program().to_owned();
        let mut shell = Command::new("sh");
        let typed = command.replacen("bugle", "\"$0\"", 1);
        shell
            .arg("-c")
            .arg(&typed)
            .arg(program)
            .current_dir(tool.path(""));
        for (name, value) in tool.command().get_envs() {
            shell.env(name, value.unwrap_or_default());
        }
        let output = shell.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{typed}\n{errors}");
        assert_eq!(tool.dump(), calm.dump, "{typed}");
    }
}

/// Kills a command where it stands unfinished. On a busy machine it may be over before it is killed: then all begins anew.
fn interrupt(tool: &Tool, line: &str, calm: &Calm) {
    let database = std::fs::read(tool.path("bugle.db")).unwrap();
    for share in 1..40 {
        watched(tool, &with_verdicts(line), calm.log * share / 40);
        if tool.query("SELECT count(*) FROM run WHERE state = 'running'") != "0\n" {
            return;
        }
        if tool.query("SELECT count(*) FROM run") != "0\n" {
            std::fs::remove_file(tool.path("verdicts.csv")).unwrap();
            std::fs::write(tool.path("bugle.db"), &database).unwrap();
        }
    }
    panic!("`{line}` was never caught at work");
}

#[test]
fn while_a_command_stands_unfinished_another_one_is_refused_and_the_first_is_named() {
    let line = LINES[4];
    let calm = calm(line);
    let mut tool = tool();
    interrupt(&tool, line, &calm);
    let others = [
        "campaign run Autumn",
        "campaign run Autumn Spring",
        "campaign run Autumn Spring --person p2@example.com --person p3@example.com",
        "campaign run Autumn Spring --person p2@example.com --person p3@example.com --people other.csv",
        "campaign run Autumn Spring --person p2@example.com --person p3@example.com --people verdicts.csv --seed 1",
        "campaign run Spring --dry-run",
        "campaign load",
        "person load people.csv",
        "person delete p1@example.com --yes",
    ];
    for other in others {
        let ran = tool.run(other).any_stdout().any_stderr();
        ran.code(4);
    }
    // Whatever the clock says.
    let mut command = tool.command();
    command
        .env("BUGLE_NOW", "2026-12-24T10:00:00Z")
        .args(with_verdicts(line).words());
    assert!(command.output().unwrap().status.success());
    assert_eq!(tool.dump(), calm.dump);
}

#[test]
fn verdicts_whose_first_part_is_gone_are_not_written_in_part() {
    let line = "campaign run Spring";
    let calm = calm(line);
    let mut tool = tool();
    interrupt(&tool, line, &calm);
    let aside = tool.path(".verdicts.csv.bugle-part");
    if tool.query("SELECT last_person > 0 FROM run") == "0\n" {
        return;
    }
    std::fs::remove_file(&aside).unwrap();
    let path = std::fs::canonicalize(tool.path(""))
        .unwrap()
        .join("verdicts.csv");
    tool.run(with_verdicts(line))
        .stderr(&format!(
            "error: the verdicts that were written before the interruption are no longer beside `{}`\n\
             help: put the file `.NAME.bugle-part` back, or finish the run without verdicts: give the command with \
             `--people /dev/null`\n",
            path.display()
        ))
        .code(3);
    tool.done(format!("{line} --people /dev/null"));
    assert_eq!(tool.dump(), calm.dump);
    assert!(!tool.path("verdicts.csv").exists());
}

#[test]
fn a_command_that_is_done_says_where_its_verdicts_are_not() {
    let mut tool = tool();
    tool.done("campaign run Spring");
    let path = std::fs::canonicalize(tool.path(""))
        .unwrap()
        .join("late.csv");
    tool.run("campaign run Spring --people late.csv")
        .stderr(&format!(
            "error: this very command has run before, and its verdicts are not in `{}`\n\
             help: without `--people` it shows the counts; `--again` runs it once more\n",
            path.display()
        ))
        .code(4);
}

#[test]
fn a_campaign_that_a_guard_refused_is_tried_again_and_those_before_it_are_not() {
    let mut tool = tool();
    tool.write(
        "campaigns/autumn.yaml",
        &SECOND.replace("name: Autumn", "name: Autumn\n    max_people: 3"),
    );
    tool.load();
    tool.run("campaign run Spring Autumn --people verdicts.csv")
        .any_stderr()
        .code(7);
    let first = std::fs::read_to_string(tool.path("verdicts.csv")).unwrap();
    assert_eq!(first.lines().count(), 41);
    tool.run("campaign run Spring Autumn --people verdicts.csv")
        .any_stderr()
        .code(7);
    assert_eq!(tool.query("SELECT count(*) FROM outbox"), "20\n");
    assert_eq!(
        tool.query("SELECT count(*), state FROM run"),
        "1|finished\n"
    );
    let again = std::fs::read_to_string(tool.path("verdicts.csv")).unwrap();
    assert_eq!(again, first);
    tool.done("person load people.csv");
}

#[test]
fn an_aborted_command_leaves_no_verdicts_and_is_another_one_afterwards() {
    let line = "campaign run Spring";
    let calm = calm(line);
    let mut tool = tool();
    interrupt(&tool, line, &calm);
    tool.done("campaign abort 1");
    assert!(!tool.path(".verdicts.csv.bugle-part").exists());
    tool.done(with_verdicts(line));
    assert_eq!(tool.rows("campaign runs").len(), 2);
}
