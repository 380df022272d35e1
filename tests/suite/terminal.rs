//! What a person at a terminal sees: tables at 80 columns, and a pager for what is longer than the screen.
//!
//! `script` of util-linux gives the program a terminal; other systems have another `script`, so these tests run on Linux.

use std::process::Command;

use super::tool::Tool;

/// A session of the samples.
fn samples() -> Tool {
    let mut tool = Tool::new()
        .now("2025-12-01T09:00:00-08:00")
        .copy("campaigns")
        .copy("fixtures");
    tool.done("campaign load campaigns");
    tool.done("person load fixtures/people.csv");
    tool.done(&["campaign", "run", "California newsletter"][..]);
    tool.run("campaign replay-events fixtures/events.jsonl")
        .any_stdout()
        .any_stderr()
        .code(6);
    tool
}

/// Runs a command line of a shell in a terminal of 80 columns and 24 rows, and returns what it shows.
fn shown(tool: &Tool, line: &str, variables: &[(&str, &str)]) -> String {
    let bugle = env!("CARGO_BIN_EXE_bugle");
    let line = line.replace("bugle", bugle);
    let mut command = Command::new("script");
    command
        .args([
            "-qec",
            &format!("stty cols 80 rows 24; {line}"),
            "/dev/null",
        ])
        .current_dir(tool.path(""))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .env("BUGLE_NOW", "2025-12-01T09:00:00-08:00")
        .envs(variables.iter().copied())
        .stdin(std::process::Stdio::null());
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.replace("\r\n", "\n")
}

#[test]
fn the_list_of_the_samples_fits_thirty_lines_of_eighty_columns() {
    let tool = samples();
    let list = shown(&tool, "bugle campaign list --no-pager", &[]);
    assert!(list.lines().count() <= 30, "{list}");
    assert!(
        list.lines().all(|line| line.chars().count() <= 80),
        "{list}"
    );
    let row = |name: &str| list.lines().find(|line| line.starts_with(name)).unwrap();
    assert_eq!(
        row("Pricing page"),
        "Pricing page follow-up       Triggered active    2025-12-01 09:00       67    11"
    );
}

#[test]
fn no_word_instant_or_address_is_broken_at_eighty_columns() {
    let mut tool = samples();
    for line in [
        "campaign show california-newsletter",
        "campaign show trial-nurture",
        "campaign validate campaigns",
        "campaign schedule",
        "campaign explain california-newsletter --person ann@example.com",
        "campaign where-used lead_score",
        "person log ann@example.com",
        "person show ann@example.com",
        "person list --limit 3",
        "person list --columns email,city,lead_score --sort -lead_score --limit 5",
        "person explain ann@example.com --email california-newsletter",
        "outbox list --limit 5",
        "explain racing-triggers",
    ] {
        let wide = tool.text(line);
        let narrow = shown(&tool, &format!("bugle {line} --no-pager"), &[]);
        // Lines of an example are those of a file.
        let is_example = |line: &str| line.starts_with("    ") && narrow.starts_with("warning[");
        assert!(
            narrow
                .lines()
                .all(|line| line.chars().count() <= 80 || is_example(line)),
            "{line}\n{narrow}"
        );
        let words: Vec<&str> = narrow.split_whitespace().collect();
        for word in wide
            .split_whitespace()
            .filter(|word| !word.starts_with('─'))
        {
            // The name of a campaign may begin on the line below that of its program, and a file below its folder.
            let parts = word
                .split_inclusive(['.', '/'])
                .all(|part| words.iter().any(|word| word.contains(part)));
            let whole =
                words.contains(&word) || (parts && !word.contains('@') && !word.contains("://"));
            let title = ["activity", "campaign"].contains(&word);
            assert!(whole || title, "{line}: `{word}`\n{narrow}");
        }
    }
}

#[test]
fn a_record_says_all_that_a_line_of_the_table_says() {
    let tool = samples();
    let log = shown(&tool, "bugle person log ann@example.com --no-pager", &[]);
    let records = "when      2025-11-02 09:00:07\nactivity  email_delivered\ndetail    november-newsletter\n\n\
         when      2025-11-02 09:41:12\nactivity  open_email\ndetail    november-newsletter (device desktop)\n";
    assert!(log.starts_with(records), "{log}");
}

#[test]
fn a_run_and_a_replay_end_with_what_to_look_at_next_at_a_terminal_alone() {
    let tool = samples().file(
        "nobody.yaml",
        "
        name: Nobody
        smart_list: { filters: [ country: Atlantis ] }
        flow: [ change_score: +1 ]
        ",
    );
    let next = |line: &str| -> String {
        let shown = shown(&tool, line, &[]);
        let next = shown.split_once("\nnext:\n");
        next.map_or_else(String::new, |(_, next)| next.to_owned())
    };
    assert_eq!(
        next("bugle campaign run 'California newsletter' --again"),
        "  bugle campaign members \"Monthly newsletter.California newsletter\" --waiting\n  \
         bugle campaign log \"Monthly newsletter.California newsletter\"\n"
    );
    assert_eq!(
        next("bugle campaign run nobody.yaml"),
        "  bugle campaign explain \"Nobody\" --all\n"
    );
    assert_eq!(
        next("bugle campaign run 'Normalize everyone' --dry-run"),
        "  bugle campaign run \"Normalize everyone\"\n"
    );
    // Nothing was taken a second time.
    assert_eq!(
        next("bugle campaign replay-events fixtures/events.jsonl"),
        ""
    );
    for quiet in [
        "bugle campaign run 'California newsletter' --again -q",
        "bugle campaign run 'California newsletter' --again -f json",
        "bugle campaign run 'California newsletter' --again | cat",
    ] {
        assert_eq!(next(quiet), "", "{quiet}");
    }
    let demo = shown(&Tool::new(), "bugle demo", &[]);
    assert_eq!(demo.matches("\nnext:\n").count(), 1, "{demo}");
    let fresh = Tool::new().copy("campaigns").copy("fixtures");
    let loaded = "bugle -q campaign load && bugle -q person load fixtures/people.csv";
    let replay = "bugle campaign replay-events fixtures/events.jsonl";
    let shown = shown(&fresh, &format!("{loaded} && {replay}"), &[]);
    let expected =
        "\nnext:\n  bugle campaign log \"Score page visits\"\n  bugle campaign advance --dry-run\n";
    assert!(shown.ends_with(expected), "{shown}");
}

#[test]
fn what_is_longer_than_the_screen_goes_through_the_pager() {
    let tool = samples();
    let numbered = [("BUGLE_PAGER", "cat -n")];
    let paged = shown(&tool, "bugle campaign list", &numbered);
    assert!(paged.starts_with("     1\tcampaign"), "{paged}");
    let plain = shown(&tool, "bugle campaign list --no-pager", &numbered);
    assert!(plain.starts_with("campaign"), "{plain}");
    let short = shown(
        &tool,
        "bugle person list --columns email --limit 5",
        &numbered,
    );
    assert!(short.starts_with("email"), "it fits on the screen: {short}");
    let piped = shown(&tool, "bugle campaign list | cat", &numbered);
    assert!(piped.starts_with("campaign"), "no terminal: {piped}");
    let usual = shown(
        &tool,
        "bugle campaign list",
        &[("PAGER", "sed s/^/usual:/")],
    );
    assert!(usual.starts_with("usual:campaign"), "{usual}");
    let own = [("PAGER", "sed s/^/usual:/"), ("BUGLE_PAGER", "")];
    assert!(shown(&tool, "bugle campaign list", &own).starts_with("campaign"));
}

#[test]
fn leaving_the_pager_early_is_no_error_and_a_missing_one_neither() {
    let tool = samples();
    let early = [("BUGLE_PAGER", "head -n 1")];
    let left = shown(&tool, "bugle person list; echo code $?", &early);
    assert!(left.ends_with("code 0\n"), "{left}");
    assert!(!left.contains("error"), "{left}");
    let missing = [("BUGLE_PAGER", "no-such-pager")];
    let all = shown(&tool, "bugle campaign list; echo code $?", &missing);
    assert!(
        all.starts_with("campaign") && all.ends_with("code 0\n"),
        "{all}"
    );
}

#[test]
fn a_command_that_writes_or_checks_has_no_pager() {
    let tool = samples();
    let numbered = [("BUGLE_PAGER", "cat -n")];
    for line in ["campaign load campaigns", "campaign validate campaigns"] {
        let shown = shown(&tool, &format!("bugle {line}"), &numbered);
        assert!(shown.starts_with("campaign, file"), "{shown}");
    }
}

/// Returns the lines of progress that a command draws, without what moves the cursor.
fn progress(tool: &Tool, line: &str, threads: &str) -> Vec<String> {
    let variables = [("BUGLE_THREADS", threads), ("BUGLE_CHUNK", "20")];
    let drawn = shown(tool, line, &variables);
    let lines = drawn.split(['\r', '\n']);
    let bars = lines.filter_map(|line| line.find('[').map(|at| line[at..].trim_end()));
    let bars = bars.filter(|line| line.contains("%  ") && line.ends_with(" left"));
    bars.map(str::to_owned).collect()
}

#[test]
fn progress_shows_the_date_that_is_reached_where_time_passes() {
    let reading = |line: &String| line.contains("%  2,000 events, ");
    for threads in ["0", "2"] {
        let mut tool = Tool::new().now("2025-10-01").copy("campaigns");
        tool = tool.copy("fixtures");
        tool.done("campaign load campaigns");
        tool.done("person load fixtures/people.csv");
        for (line, what) in [
            (
                "bugle campaign replay-events fixtures/events.jsonl --dry-run",
                "%  2025-11-",
            ),
            (
                "bugle campaign replay-events fixtures/events.jsonl --dry-run --scheduled",
                "%  2025-11-",
            ),
            (
                "bugle campaign replay-events fixtures/events.jsonl",
                "%  2025-11-",
            ),
            ("bugle campaign advance --until 2026-01-10", "%  2025-12-"),
        ] {
            let lines = progress(&tool, line, threads);
            let dates = lines.iter().any(|line| line.contains(what));
            assert!(dates, "{line}, {threads} threads: {lines:#?}");
            let replays = line.contains("replay");
            assert_eq!(lines.iter().any(reading), replays, "{line}: {lines:#?}");
        }
    }
}

#[test]
fn progress_shows_to_which_date_people_who_wait_are_taken() {
    for threads in ["0", "2"] {
        let people: Vec<String> = (0..100).map(|n| format!("p{n}@example.com\n")).collect();
        let mut tool = Tool::new()
            .now("2025-10-01")
            .file(
                "campaigns/trial.yaml",
                "
                name: Trial
                smart_list: { filters: [ member_of_smart_list: All People ] }
                flow: [ wait: 30 days, change_score: +1, wait: 30 days ]
                ",
            )
            .file("people.csv", &format!("email\n{}", people.concat()))
            .loaded();
        tool.done("campaign run Trial");
        for line in [
            "bugle campaign advance --until 2025-12-24 --dry-run",
            "bugle campaign advance --until 2025-12-24",
        ] {
            let lines = progress(&tool, line, threads);
            // Which of the dates on the way are drawn depends on the machine.
            let dates = lines.iter().any(|line| line.contains("%  2025-1"));
            assert!(dates, "{line}, {threads} threads: {lines:#?}");
        }
    }
}
