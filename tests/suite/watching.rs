//! `campaign watch`: files are edited while the real program looks at them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use crate::tool::Tool;

/// How long a verdict may take; it is there to end a test that waits for nothing.
const PATIENCE: Duration = Duration::from_mins(1);

/// A `campaign watch` that goes on, and the lines that it prints.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn new(tool: &Tool, arguments: &[&str]) -> Self {
        let mut child = tool
            .command()
            .args(["campaign", "watch"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines() {
                if sender.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    #[track_caller]
    fn prints(&self, expected: &str) {
        assert_eq!(self.lines.recv_timeout(PATIENCE).unwrap(), expected);
    }

    /// Interrupts it, and returns its exit code and what it wrote to standard error.
    #[cfg(unix)]
    fn interrupted(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let kill = std::process::Command::new("kill")
            .args(["-INT", &pid])
            .status();
        assert!(kill.unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut stderr = String::new();
        let errors = self.child.stderr.as_mut().unwrap();
        errors.read_to_string(&mut stderr).unwrap();
        (code, stderr)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const WORKSPACE: &str = "emails: { note: { subject: Hi, body_file: note.md } }\n";

fn campaign(name: &str, email: &str, tests: &str) -> String {
    format!(
        "name: {name}
smart_list: {{ triggers: [ campaign_is_requested: any ] }}
flow: [ send_email: {email} ]
tests:
  - name: It writes
    now: 2026-11-02T10:00:00Z
    people: [ email: ann@example.com ]
    events: [ {{ at: 2026-11-02T10:00:00Z, person: ann@example.com, type: campaign_is_requested, campaign: {name} }} ]
    expect: [ {{ person: ann@example.com, mails: [ {tests} ] }} ]
"
    )
}

fn workspace() -> Tool {
    Tool::new()
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file("campaigns/note.md", "Hi\n")
        .file("campaigns/a.yaml", &campaign("A", "note", "note"))
        .file("campaigns/b.yaml", &campaign("B", "note", "note"))
}

#[test]
fn the_verdict_follows_each_save_and_only_the_tests_run_that_may_have_changed() {
    let tool = workspace();
    let watch = Watch::new(&tool, &[]);
    watch.prints("all is well: 2 campaigns, 2 tests passed");
    // An error: no test is run.
    tool.write("campaigns/a.yaml", &campaign("A", "nots", "note"));
    watch.prints("1 error; tests run when there is none (saved: campaigns/a.yaml)");
    // Another file is saved; the tests of the first one are still due.
    tool.write(
        "campaigns/b.yaml",
        &campaign("B", "note", "note").replace("Hi", "Ho"),
    );
    tool.write(
        "campaigns/b.yaml",
        &(campaign("B", "note", "note") + "# more\n"),
    );
    watch.prints("1 error; tests run when there is none (saved: campaigns/b.yaml)");
    tool.write("campaigns/a.yaml", &campaign("A", "note", "note"));
    watch.prints("all is well: 2 campaigns, 2 tests passed (saved: campaigns/a.yaml)");
    tool.write(
        "campaigns/a.yaml",
        &(campaign("A", "note", "note") + "# more\n"),
    );
    watch.prints("all is well: 2 campaigns, 1 test passed (saved: campaigns/a.yaml)");
    // What all share concerns all.
    tool.write("campaigns/note.md", "Hello\n");
    watch.prints("all is well: 2 campaigns, 2 tests passed (saved: campaigns/note.md)");
    std::fs::remove_file(tool.path("campaigns/b.yaml")).unwrap();
    watch.prints("all is well: 1 campaign, 1 test passed (saved: campaigns/b.yaml)");
}

#[test]
fn a_test_that_failed_is_run_until_it_passes() {
    let tool = workspace();
    let watch = Watch::new(&tool, &["-f", "jsonl"]);
    let row = |changed: &str, tests: usize, passed: usize| {
        let changed = if changed.is_empty() {
            String::new()
        } else {
            format!("\"{changed}\"")
        };
        let failed = tests - passed;
        format!(
            r#"{{"changed":[{changed}],"campaigns":2,"errors":0,"warnings":0,"tests":{tests},"passed":{passed},"failed":{failed}}}"#
        )
    };
    watch.prints(&row("", 2, 2));
    tool.write("campaigns/a.yaml", &campaign("A", "note", ""));
    watch.prints(&row("campaigns/a.yaml", 1, 0));
    tool.write(
        "campaigns/b.yaml",
        &(campaign("B", "note", "note") + "# more\n"),
    );
    watch.prints(&row("campaigns/b.yaml", 2, 1));
    tool.write("campaigns/a.yaml", &campaign("A", "note", "note"));
    watch.prints(&row("campaigns/a.yaml", 1, 1));
}

#[test]
fn an_editor_may_save_by_putting_another_file_in_its_place() {
    let tool = workspace();
    let watch = Watch::new(&tool, &[]);
    watch.prints("all is well: 2 campaigns, 2 tests passed");
    tool.write("campaigns/.a.yaml.swp", &campaign("A", "nots", "note"));
    let path = tool.path("campaigns/a.yaml");
    std::fs::rename(tool.path("campaigns/.a.yaml.swp"), path).unwrap();
    watch.prints("1 error; tests run when there is none (saved: campaigns/a.yaml)");
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_it_and_nothing_clears_the_screen_in_a_pipe() {
    let tool = Tool::new().file("campaigns/a.yaml", &campaign("A", "note", "no"));
    let watch = Watch::new(&tool, &[]);
    watch.prints("");
    watch.prints("campaigns/a.yaml:9  It writes");
    watch.prints("ann@example.com: mails");
    watch.prints("  expected  no");
    watch.prints("  got       none");
    let mut last = String::new();
    while !last.ends_with("failed") {
        last = watch.lines.recv_timeout(PATIENCE).unwrap();
        assert!(!last.contains('\u{1b}'), "{last}");
    }
    assert_eq!(last, "1 of 1 test failed");
    tool.write("campaigns/a.yaml", "name: A\n");
    watch.prints("1 error; tests run when there is none (saved: campaigns/a.yaml)");
    let (code, stderr) = watch.interrupted();
    assert_eq!(code, Some(130));
    assert!(stderr.contains("error[no-smart-list]"), "{stderr}");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    Tool::new()
        .run("campaign watch")
        .stderr(
            "
            error: there is no file or folder `campaigns/`
            help: paths are counted from the folder that the command is started in
            ",
        )
        .code(3)
        .run("campaign watch -")
        .stderr(
            "
            error: standard input cannot be watched
            help: name files or folders
            ",
        )
        .code(2)
        .run("campaign watch -f json")
        .stderr(
            "
            error: `campaign watch` goes on and on, so that it cannot print one result
            help: write `-f jsonl`: a line after each save
            ",
        )
        .code(2);
}
