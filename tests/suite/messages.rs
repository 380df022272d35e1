//! What errors and tables say: places, usage, equal errors, one clock, counts before a refusal.

use super::tool::Tool;

const MANY: &str = "
    name: Many
    max_people: 1
    smart_list: { filters: [ member_of_smart_list: All People ] }
    flow: [ change_score: 5 ]
";

/// Returns a folder with a campaign that may take in one person, and two people without email.
fn many() -> Tool {
    Tool::new()
        .now("2026-11-02T09:00:00Z")
        .file("campaigns/many.yaml", MANY)
        .file("people.csv", "id,state\nx7,CA\nx8,NY\n")
        .loaded()
}

#[test]
fn places_in_a_filter_are_those_of_the_text_as_given() {
    let mut tool = many();
    tool.run(["person", "list", "--filter", "stat: CA"])
        .stderr(
            "
            error[unknown-field]: no field `stat`
             --> --filter:1:1
              |
            1 | stat: CA
              | ^^^^
              |
              = help: did you mean `state`?
            ",
        )
        .code(1);
    tool.run([
        "person",
        "list",
        "--filter",
        "\n  - state: CA\n  - any: [ { stat: NY } ]\n",
    ])
    .stderr(
        "
            error[unknown-field]: no field `stat`
             --> --filter:3:14
              |
            3 |   - any: [ { stat: NY } ]
              |              ^^^^
              |
              = help: did you mean `state`?
            ",
    )
    .code(1);
    tool.run(["person", "list", "--filter", "{ state: CA,"])
        .stderr(
            "
            error[yaml-syntax]: this bracket is never closed
             --> --filter:1:1
              |
            1 | { state: CA,
              | ^
              |
              = help: close it with `}`, or quote the text
            ",
        )
        .code(1);
    let entries = [
        "person",
        "list",
        "--filter",
        "- state: CA\n- id: x7",
        "--count",
    ];
    assert_eq!(tool.text(&entries[..]), "1\n");
    tool.run(["person", "list", "--filter", " "])
        .stderr(
            "
            error: `--filter` has no filter
            help: write a filter as in a campaign file: `--filter 'state: CA'`
            ",
        )
        .code(2);
}

#[test]
fn usage_names_only_what_is_required() {
    let expected = "
        error: the following required arguments were not provided:
          <KEY>

        Usage: bugle person log [OPTIONS] <KEY>

        For more information, try '--help'.
    ";
    Tool::new().run("person log").stderr(expected).code(2);
    Tool::new()
        .now("2026-11-02T09:00:00Z")
        .variable("BUGLE_SEED", "7")
        .run("person log --db other.db")
        .stderr(expected)
        .code(2);
}

#[test]
fn a_now_that_is_no_time_is_refused_by_every_command() {
    let help = "help: write `2026-11-02T10:00:00Z`, or `2026-11-02 10:00` in the workspace's zone";
    for line in [
        "campaign list",
        "campaign validate campaigns",
        "campaign fmt campaigns --check",
        "person list",
        "db check",
        "schema",
        "init home",
        "demo",
        "explain racing-triggers",
        "man",
    ] {
        let mut tool = many();
        tool.run(format!("{line} --now 2026-13-01"))
            .stdout("")
            .stderr(&format!(
                "error: `--now 2026-13-01` is not a time\n{help}\n"
            ))
            .code(2);
        tool.variable("BUGLE_NOW", "soon")
            .run(line)
            .stdout("")
            .stderr(&format!("error: `BUGLE_NOW=soon` is not a time\n{help}\n"))
            .code(2);
    }
}

#[test]
fn rows_with_the_same_error_are_reported_once_with_their_number() {
    let rows = "someone@example.com,abc\n".repeat(1000);
    Tool::new()
        .file(
            "people.csv",
            &format!("email,lead_score\nnobody,1\n{rows}nobody,2\n"),
        )
        .run("person load people.csv")
        .stderr(
            "
            error: people.csv:2:1: `email` is not an email address (2 times, the last in line 1003)
            error: people.csv:3:21: `lead_score` wants a whole number of at most 32 bits, such as 42 (1000 times, the last in line 1002)
            ",
        )
        .code(1);
}

#[test]
fn a_dry_run_above_max_people_prints_its_counts_and_then_the_refusal() {
    let mut tool = many();
    let refusal = "
        error: 2 people qualify for `Many`, but max_people is 1: nobody entered
        help: narrow the smart list, or raise max_people where that many are meant
    ";
    tool.run("campaign run Many --dry-run --people verdicts.csv")
        .stdout(
            "
            Many  dry run
            matched                  2  by the smart list
            excluded                 0
            qualified                2
            blocked                  0
            waiting                  0
            finished                 2

            step  name          succeeded  skipped  failed
            ──────────────────────────────────────────────
               1  change_score          2        0       0
            ",
        )
        .stderr(refusal)
        .code(7);
    let verdicts = std::fs::read_to_string(tool.path("verdicts.csv")).unwrap();
    assert_eq!(verdicts.lines().count(), 3);
    tool.run("campaign run Many").stderr(refusal).code(7);
}

#[test]
fn a_person_and_their_log_are_shown_by_one_clock() {
    let tool = Tool::new()
        .now("2026-11-02T09:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            time_zone: Europe/Berlin
            fields: { seen_at: { type: datetime } }
            ",
        )
        .file("people.csv", "id,seen_at\nx7,2026-11-01T08:00:00Z\n");
    tool.write(
        "campaigns/seen.yaml",
        "
        name: Seen
        smart_list: { triggers: [ visits_web_page: any ] }
        flow: [ change_data_value: { field: seen_at, value: '{{system.dateTime}}' } ]
        active: true
        ",
    );
    let mut tool = tool.loaded();
    tool.run("person show x7")
        .stdout(
            "
            person_id   1
            id          x7
            created_at  2026-11-02 10:00:00
            updated_at  2026-11-02 10:00:00
            seen_at     2026-11-01 09:00:00
            ",
        )
        .code(0);
    tool.run("person list --columns id,seen_at")
        .stdout(
            "
            id  seen_at
            ───────────────────────
            x7  2026-11-01 09:00:00
            ",
        )
        .code(0);
    tool.replay(
        r#"{"at":"2026-11-02T08:30:00Z","person":"x7","type":"visits_web_page","web_page":"/"}"#,
    );
    tool.run("person log x7")
        .stdout(
            "
            when                 activity           detail                                              campaign  step  outcome
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            2026-11-02 09:30:00  visit_webpage      /
            2026-11-02 09:30:00  change_data_value  seen_at: 2026-11-01 09:00:00 → 2026-11-02 09:30:00  Seen      1     succeeded
            ",
        )
        .code(0);
}

#[test]
fn entries_that_one_circle_cuts_are_one_warning_that_names_people_by_their_best_key() {
    let tool = Tool::new()
        .now("2026-11-02T09:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "cascade_limit: { depth: 3, total: 100 }\n",
        )
        .file(
            "campaigns/ring.yaml",
            "
            name: Ring
            qualification: every_time
            smart_list: { triggers: [ score_is_changed: any, visits_web_page: any ] }
            flow: [ change_score: 1 ]
            active: true
            ",
        )
        .file("people.csv", "id,state\nx7,CA\nx8,NY\n");
    let mut tool = tool.loaded();
    tool.write(
        "events.jsonl",
        "
        {\"at\":\"2026-11-02T08:30:00Z\",\"person\":\"x7\",\"type\":\"visits_web_page\",\"web_page\":\"/\"}
        {\"at\":\"2026-11-02T08:40:00Z\",\"person\":\"x8\",\"type\":\"visits_web_page\",\"web_page\":\"/\"}
        ",
    );
    tool.run("campaign replay-events events.jsonl")
        .any_stdout()
        .stderr(
            "warning: the cascade limit cut an entry of person x7 at 2026-11-02T08:30:00Z, and 1 more: Ring → Ring\n",
        )
        .code(6);
}

#[test]
fn a_command_without_its_family_is_pointed_to_it() {
    let tip = |line: &str| {
        let error = Tool::new().error(line);
        let tip = error
            .lines()
            .find_map(|line| line.trim().strip_prefix("tip: "));
        tip.map(str::to_owned)
    };
    assert_eq!(
        tip("validate"),
        Some("write `bugle campaign validate`".to_owned())
    );
    assert_eq!(
        tip("load people.csv"),
        Some("write `bugle campaign load` or `bugle person load`".to_owned())
    );
    assert_eq!(
        tip("list"),
        Some("write `bugle campaign list`, `bugle person list` or `bugle outbox list`".to_owned())
    );
    assert_eq!(tip("nonsense"), None);
}

#[test]
fn a_quiet_command_that_writes_prints_nothing_on_success() {
    let mut tool = many();
    for line in [
        "-q campaign load campaigns/",
        "-q person load people.csv",
        "-q campaign advance",
        "-q db backup copy.db",
    ] {
        tool.run(line).code(0);
    }
    tool.run("-q person load people.csv -f csv")
        .stdout(
            "
            file,read,added,updated,unchanged,repeated,rejected,entries
            people.csv,2,0,0,2,0,0,
            ",
        )
        .code(0);
    tool.run("-q person load people.csv --dry-run")
        .any_stdout()
        .code(0);
    let read = tool.text("-q person load people.csv --dry-run");
    assert!(read.starts_with("file"), "a dry run does not write: {read}");
    assert!(tool.text("-q campaign list").starts_with("campaign"));
    tool.run("-q campaign run Many")
        .stderr(
            "
            error: 2 people qualify for `Many`, but max_people is 1: nobody entered
            help: narrow the smart list, or raise max_people where that many are meant
            ",
        )
        .code(7);
}

#[test]
fn what_a_quiet_command_sets_aside_is_still_printed() {
    let mut tool = many().file("bad.csv", "id,email\nx9,\nx10,nobody\n");
    let ran = tool.run("-q person load bad.csv --rejects rejects.csv --key id");
    assert!(ran.into_stdout().starts_with("file"));
}

const BROKEN: &str = "name: Trial\nsmart_list: { filters: [ stat: CA ] }\nflow: []\n";

#[test]
fn standard_input_is_checked_as_if_it_lay_among_the_campaigns() {
    let mut tool = Tool::new()
        .file(
            "campaigns/workspace.yaml",
            "fields: { stat: { type: string } }\n",
        )
        .stdin(BROKEN.replace("[]", "[ change_score: 1 ]"));
    tool.run("campaign validate -")
        .stdout(
            "
            campaign  mode   triggers  filters  steps  problems  file
            ─────────────────────────────────────────────────────────
            Trial     Batch         0        1      1  none      -
            ",
        )
        .code(0);
    let mut tool = Tool::new().stdin(BROKEN);
    tool.run("campaign validate - -f github")
        .stdout(
            "
            ::error file=-,line=2,col=26,title=unknown-field::no field `stat`%0Ahelp: did you mean `state`?
            ::warning file=-,line=3,col=1,title=empty-flow::the flow of `Trial` has no step
            ",
        )
        .code(1);
    tool.run("campaign load -")
        .stderr(
            "
            error: a campaign is loaded from a file, not from standard input
            help: save it as a file; `bugle campaign validate -` checks standard input
            ",
        )
        .code(2);
}

const TESTED: &str = "
    name: Trial
    smart_list: { filters: [ state: CA ] }
    flow: [ change_score: 1 ]
    tests:
      - { name: nobody, now: 2026-11-02T09:00:00Z, run: true, expect: [ qualified: 1 ] }
";

#[test]
fn annotations_are_written_for_load_and_test_as_well() {
    let mut tool = Tool::new()
        .file("campaigns/trial.yaml", TESTED)
        .stdin(super::tool::dedent(TESTED));
    let annotation = |file: &str| {
        format!(
            "::error file={file},line=5,col=1,title=nobody::qualified%0Aexpected  1%0Agot       0\n"
        )
    };
    tool.run("campaign test - --format github")
        .stdout(&annotation("-"))
        .stderr("error: 1 of 1 test failed\n")
        .code(1);
    tool.run("campaign test --format github")
        .stdout(&annotation("campaigns/trial.yaml"))
        .stderr("error: 1 of 1 test failed\n")
        .code(1);
    tool.run("campaign load --format github").code(0);
    tool.write("campaigns/trial.yaml", BROKEN);
    let errors = "
        ::error file=campaigns/trial.yaml,line=2,col=26,title=unknown-field::no field `stat`%0Ahelp: did you mean `state`?
        ::warning file=campaigns/trial.yaml,line=3,col=1,title=empty-flow::the flow of `Trial` has no step
    ";
    for line in [
        "campaign load --format github",
        "campaign test --format github",
    ] {
        tool.run(line)
            .stdout(errors)
            .stderr("error: the campaign files have 1 error\n")
            .code(1);
    }
}
