//! Where output goes and what happens to it: formats, closed pipes, full devices, standard error.

use std::process::Stdio;

use super::tool::Tool;

/// The crate that sets tables counts widths in 16 bits.
#[test]
fn a_text_that_no_screen_could_show_is_broken_in_tables_and_whole_elsewhere() {
    let long = "x".repeat(70_000);
    let list = format!("email,first_name,city\nann@example.com,{long},Rome\n");
    let mut tool = Tool::new().file("people.csv", &list).loaded();
    for line in ["person list", "person show ann@example.com"] {
        let shown = tool.text(line);
        assert_eq!(shown.matches('x').count(), 70_000 + 1, "{line}");
        assert!(shown.contains("Rome"), "{line}");
    }
    let row = tool.row("person list");
    assert_eq!(row["first_name"], long.as_str());
}

#[test]
fn the_same_facts_come_in_every_format() {
    let mut tool = Tool::new();
    tool.run("explain empty-flow")
        .stdout(
            "
            warning[empty-flow]
            The flow has no step.

            People enter, which counts for the qualification rule, and nothing happens to them. A campaign that is only counted may
            be meant so; most often the flow was to be written later.

            Wrong:

                name: Trial
                smart_list: { triggers: [ fills_out_form: Trial ] }
                flow: []

            Right:

                name: Trial
                smart_list: { triggers: [ fills_out_form: Trial ] }
                flow: [ add_to_list: Trial people ]
            ",
        )
        .code(0);
    let page = r"People enter, which counts for the qualification rule, and nothing happens to them. A campaign that is only counted may\nbe meant so; most often the flow was to be written later.\n\nWrong:\n\n    name: Trial\n    smart_list: { triggers: [ fills_out_form: Trial ] }\n    flow: []\n\nRight:\n\n    name: Trial\n    smart_list: { triggers: [ fills_out_form: Trial ] }\n    flow: [ add_to_list: Trial people ]";
    tool.run("explain empty-flow --format json")
        .stdout(&format!(
            "{{\n  \"code\": \"empty-flow\",\n  \"severity\": \"warning\",\n  \"meaning\": \"The flow has no step.\",\n  \"page\": \"{page}\"\n}}\n"
        ))
        .code(0);
    tool.run("explain empty-flow -f jsonl")
        .stdout(&format!(
            "{{\"code\":\"empty-flow\",\"severity\":\"warning\",\"meaning\":\"The flow has no step.\",\"page\":\"{page}\"}}\n"
        ))
        .code(0);
    tool.run("-f csv explain empty-flow")
        .stdout(&format!(
            "code,severity,meaning,page\nempty-flow,warning,The flow has no step.,\"{}\"\n",
            page.replace(r"\n", "\n")
        ))
        .code(0);
}

#[test]
fn an_unknown_name_lists_the_nearest() {
    Tool::new()
        .run("explain unknown-fields")
        .stderr(
            "
            error: there is no code `unknown-fields`
            help: did you mean `unknown-field` or `unknown-filter`?
            ",
        )
        .code(4);
}

#[test]
fn annotations_belong_to_validate() {
    Tool::new()
        .run("explain unknown-field --format github")
        .stderr(
            "
            error: `--format github` belongs to `campaign validate`, `load` and `test` alone
            help: write `--format table`, `json`, `jsonl` or `csv`
            ",
        )
        .code(2);
}

#[test]
fn a_missing_database_is_named() {
    let mut tool = Tool::new();
    let path = tool.path("team.db").canonicalize();
    assert!(path.is_err());
    let said = tool.error("db backup copy.db --db team.db");
    assert!(said.starts_with("error: there is no database `"), "{said}");
    tool.run("db backup copy.db --db team.db")
        .any_stderr()
        .code(3);
}

#[test]
fn a_closed_pipe_is_success() {
    let tool = Tool::new();
    let mut child = tool
        .command()
        .args(["man"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_device_is_an_error() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full");
    let output = Tool::new()
        .command()
        .args(["explain"])
        .stdout(full().unwrap())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: cannot write the result: no space is left on the device\n"
    );
    assert_eq!(output.status.code(), Some(3));
    let both = Tool::new()
        .command()
        .args(["explain", "nothing"])
        .stdout(full().unwrap())
        .stderr(full().unwrap())
        .status()
        .unwrap();
    assert_eq!(
        both.code(),
        Some(4),
        "the code shows the failure when nothing else can"
    );
}

#[test]
#[cfg(unix)]
fn a_second_signal_ends_a_writing_command_at_once() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Command;

    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let tool = Tool::new();
        let mut child = tool
            .command()
            .args(["person", "load", "-", "--verbose"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The command listens for signals by the time it says which database it writes, then waits for its input.
        let mut said = String::new();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        stderr.read_line(&mut said).unwrap();
        assert!(
            said.starts_with("note: the database is `bugle.db`"),
            "{said}"
        );
        let input = child.stdin.take();
        // Signals of one kind that nobody has looked at yet are one, so more than two may be needed.
        let ended = loop {
            Command::new("kill")
                .args([signal, &child.id().to_string()])
                .status()
                .unwrap();
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
        };
        drop(input);
        assert_eq!(ended.code(), Some(code));
    }
}

#[test]
fn arguments_and_dumps_hold_nothing_that_a_terminal_would_obey() {
    let mut tool = Tool::new().now("2026-11-02T10:00:00Z");
    tool.run(["person", "list", "list\u{1b}[2J"])
        .stderr(
            "
            error: unexpected argument 'list\\u{1b}[2J' found

            Usage: bugle person list [OPTIONS]

            For more information, try '--help'.
            ",
        )
        .code(2);
    let city = "R\u{1b}[31mo\u{202e}me\u{e0041}";
    tool.write_bytes(
        "people.csv",
        format!("email,city\nann@example.com,{city}\n"),
    );
    tool.done("person load people.csv");
    let person = tool.dumped("person").remove(0);
    assert!(
        person.contains(r#""city":"R\u001b[31mo\u202eme\udb40\udc41""#),
        "{person}"
    );
    let read: serde_json::Value = serde_json::from_str(&person).unwrap();
    assert_eq!(
        read["city"], city,
        "it is the same text to a reader of JSON"
    );
}
