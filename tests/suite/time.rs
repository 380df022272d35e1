//! The clock: waits and scheduled campaigns by `advance`, and between the events of a replay.

use bugle::testing::{Pace, advance_at_pace, replay_at_pace};

use super::tool::Tool;

const LETTER: &str = "
    name: Weekly letter
    program: Letters
    smart_list:
      filters:
        - state: CA
    flow:
      - send_email: letter
      - wait: 3 days
      - change_score: +5
    schedule:
      first_run: 2026-11-02 09:00
      repeat: weekly
      time_zone: America/Los_Angeles
    qualification: every_time
    ";

const LAUNCH: &str = "
    name: Launch
    smart_list:
      filters:
        - lead_score: { at_least: 5 }
    flow:
      - add_to_list: Launched
    schedule:
      first_run: 2026-11-09 17:00
    ";

const VISIT: &str = "
    name: Visit
    smart_list:
      triggers:
        - visits_web_page: any
    flow:
      - change_data_value: { field: state, value: CA }
      - wait: 3 days
      - change_score: +1
    active: true
    qualification: every_time
    ";

/// Ann is in California, Bob in New York with a score of 7; the letter goes out on Mondays at 17:00 UTC.
fn letters() -> Tool {
    Tool::new()
        .now("2026-11-01T00:00:00Z")
        .file("campaigns/letter.yaml", LETTER)
        .file("campaigns/launch.yaml", LAUNCH)
        .file("campaigns/visit.yaml", VISIT)
        .file(
            "people.csv",
            "
            email,state,lead_score
            ann@example.com,CA,
            bob@example.com,NY,7
            ",
        )
        .loaded()
}

#[test]
fn waits_end_before_scheduled_campaigns_and_those_run_by_name_each_at_its_own_instant() {
    let mut tool = letters();
    let happenings = "
        at,kind,campaign,person_id,email,id,person,step
        2026-11-02T17:00:00Z,run,Letters.Weekly letter,,,,,
        2026-11-05T17:00:00Z,wait,Letters.Weekly letter,1,ann@example.com,,ann@example.com,2
        2026-11-09T17:00:00Z,run,Launch,,,,,
        2026-11-09T17:00:00Z,run,Letters.Weekly letter,,,,,
        2026-11-12T17:00:00Z,wait,Letters.Weekly letter,1,ann@example.com,,ann@example.com,2
        ";
    let before = tool.dump();
    tool.run("campaign advance --until 2026-11-13 --dry-run -f csv")
        .stdout(happenings)
        .code(0);
    assert_eq!(tool.dump(), before, "a dry run changes nothing");
    let left: Vec<_> = std::fs::read_dir(tool.path("."))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("dry-run")),
        "{left:?}"
    );
    tool.run("campaign advance --until 2026-11-13 -f jsonl")
        .stdout("{\"waits\":2,\"runs\":3,\"entries\":4,\"watermark\":\"2026-11-13T00:00:00Z\",\"cut\":0,\"refused\":0,\"campaigns\":[{\"campaign\":\"Launch\",\"triggered\":2,\"filters\":0,\"excluded\":0,\"entered\":2,\"waiting\":0,\"finished\":2,\"removed\":0,\"cut\":0,\"refused\":0},{\"campaign\":\"Letters.Weekly letter\",\"triggered\":4,\"filters\":2,\"excluded\":0,\"entered\":2,\"waiting\":0,\"finished\":2,\"removed\":0,\"cut\":0,\"refused\":0}]}\n")
        .code(0);
    tool.done("person log ann@example.com --type change_score --type add_to_list -f csv");
}

#[test]
fn advancing_again_does_nothing_twice() {
    let mut tool = letters();
    tool.advance("2026-11-13");
    let once = tool.dump();
    tool.run("campaign advance --until 2026-11-13 -f jsonl")
        .stdout("{\"waits\":0,\"runs\":0,\"entries\":0,\"watermark\":\"2026-11-13T00:00:00Z\",\"cut\":0,\"refused\":0,\"campaigns\":[]}\n")
        .code(0);
    assert_eq!(tool.dump(), once);
}

#[test]
fn a_minute_at_a_time_comes_to_the_same_as_all_at_once() {
    let mut whole = letters();
    whole.advance("2026-11-13T00:00:00Z");
    let mut parts = letters();
    for until in [
        "2026-11-02T16:59:00Z",
        "2026-11-02T17:00:00Z",
        "2026-11-02T17:01:00Z",
        "2026-11-05T17:00:00Z",
        "2026-11-09T17:00:00Z",
        "2026-11-13T00:00:00Z",
    ] {
        parts.done(["campaign", "advance", "--until", until]);
    }
    assert_eq!(parts.dump(), whole.dump());
}

#[test]
fn missed_occurrences_run_all_or_the_last_or_none() {
    let cases = [
        (
            "all",
            "Letters.Weekly letter 2026-11-02T17:00:00Z, Launch 2026-11-09T17:00:00Z, Letters.Weekly letter 2026-11-09T17:00:00Z, Letters.Weekly letter 2026-11-16T17:00:00Z",
        ),
        (
            "last",
            "Launch 2026-11-09T17:00:00Z, Letters.Weekly letter 2026-11-16T17:00:00Z",
        ),
        ("skip", "Letters.Weekly letter 2026-11-16T17:00:00Z"),
    ];
    for (missed, expected) in cases {
        let mut tool = letters();
        tool.done([
            "campaign",
            "advance",
            "--missed",
            missed,
            "--until",
            "2026-11-16T17:00:00Z",
        ]);
        let runs = tool.text("campaign runs -f csv");
        let runs: Vec<String> = runs
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                format!("{} {}", cells[1], cells[3])
            })
            .collect();
        assert_eq!(runs.join(", "), expected, "{missed}");
    }
}

#[test]
fn a_run_refused_by_max_people_hinders_no_other_and_is_not_tried_again() {
    let mut tool = letters().file(
        "campaigns/launch.yaml",
        &LAUNCH.replace("    schedule:", "    max_people: 0\n    schedule:"),
    );
    tool.load();
    tool.run("campaign advance --until 2026-11-10 -f jsonl")
        .stdout("{\"waits\":1,\"runs\":2,\"entries\":2,\"watermark\":\"2026-11-10T00:00:00Z\",\"cut\":0,\"refused\":1,\"campaigns\":[{\"campaign\":\"Launch\",\"triggered\":2,\"filters\":0,\"excluded\":0,\"entered\":0,\"waiting\":0,\"finished\":0,\"removed\":0,\"cut\":0,\"refused\":2},{\"campaign\":\"Letters.Weekly letter\",\"triggered\":4,\"filters\":2,\"excluded\":0,\"entered\":2,\"waiting\":1,\"finished\":1,\"removed\":0,\"cut\":0,\"refused\":0}]}\n")
        .stderr("warning: the run due at 2026-11-09T17:00:00Z was refused: 2 people qualify for `Launch`, but max_people is 0: nobody entered\n")
        .code(7);
    tool.run("campaign runs Launch -f csv")
        .stdout(
            "
            run_id,campaign,version,at,state,matched,excluded,qualified,blocked,waiting,allowed
            2,Launch,2,2026-11-09T17:00:00Z,refused,0,0,0,0,0,[]
            ",
        )
        .code(0);
}

#[test]
fn the_clock_does_not_go_back() {
    let mut tool = letters();
    tool.advance("2026-11-10");
    tool.run("campaign advance")
        .stderr(
            "
            error: now is 2026-11-01T00:00:00Z, but events up to 2026-11-10T00:00:00Z have happened: the clock does not go back
            help: give a later instant, such as `--now 2026-11-10T00:00:00Z`
            ",
        )
        .code(4);
}

/// Bob moves to California before the second letter, and again, without change, after it.
const VISITS: &str = r#"{"at":"2026-11-03T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
{"at":"2026-11-09T16:59:59Z","person":"bob@example.com","type":"visit_web_page","web_page":"/b"}
{"at":"2026-11-09T17:00:00Z","person":"bob@example.com","type":"visit_web_page","web_page":"/c"}
{"at":"2026-11-20T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/d"}
"#;

#[test]
fn scheduled_campaigns_run_between_the_events_of_a_replay() {
    let mut tool = letters().file("events.jsonl", VISITS);
    let replay = "campaign replay-events events.jsonl --scheduled --until 2026-11-25 -f jsonl";
    tool.done(replay);
    tool.run("campaign runs -f csv")
        .stdout(
            "
            run_id,campaign,version,at,state,matched,excluded,qualified,blocked,waiting,allowed
            1,Letters.Weekly letter,1,2026-11-02T17:00:00Z,finished,1,0,1,0,0,[]
            2,Launch,1,2026-11-09T17:00:00Z,finished,2,0,2,0,0,[]
            3,Letters.Weekly letter,1,2026-11-09T17:00:00Z,finished,2,0,2,0,0,[]
            4,Letters.Weekly letter,1,2026-11-16T17:00:00Z,finished,2,0,2,0,0,[]
            5,Letters.Weekly letter,1,2026-11-23T17:00:00Z,waiting,2,0,2,0,2,[]
            ",
        )
        .code(0);
    let once = tool.dump();
    tool.done(replay);
    assert_eq!(tool.dump(), once, "twice is once");
}

#[test]
fn a_dry_replay_with_scheduled_campaigns_shows_the_same_and_changes_nothing() {
    let mut tool = letters().file("events.jsonl", VISITS);
    let replay =
        "campaign replay-events events.jsonl --scheduled --until 2026-11-20T10:00:00Z -f jsonl";
    let before = tool.dump();
    let rehearsed = tool.text(format!("{replay} --dry-run"));
    assert_eq!(tool.dump(), before);
    let done = tool.text(replay);
    assert_eq!(rehearsed, done);
    assert!(done.contains("\"runs\":4"), "{done}");
}

const END: &str = "2026-11-25T00:00:00Z";

/// Works in few parts, without an interruption.
const WHOLE: Pace = Pace {
    chunk: 1000,
    reports: u64::MAX,
};

#[test]
fn chunk_size_and_interruptions_never_show() {
    let mut whole = letters();
    assert!(advance_at_pace(&whole.path("bugle.db"), END, WHOLE).unwrap());
    let expected = whole.dump();
    for chunk in [1, 2] {
        for reports in 1..5 {
            let mut tool = letters();
            let path = tool.path("bugle.db");
            let mut interruptions = 0;
            while !advance_at_pace(&path, END, Pace { chunk, reports }).unwrap() {
                interruptions += 1;
                assert!(interruptions < 100, "it gets on");
            }
            assert_eq!(
                tool.dump(),
                expected,
                "chunks of {chunk}, stopped after {reports}"
            );
        }
    }
}

#[test]
fn aborting_a_run_ends_its_waits_and_each_log_says_so() {
    let mut tool = letters();
    tool.advance("2026-11-03");
    tool.run("campaign abort 1 -f csv")
        .stdout(
            "
            run_id,campaign,version,at,state,matched,excluded,qualified,blocked,waiting,allowed
            1,Letters.Weekly letter,1,2026-11-02T17:00:00Z,aborted,1,0,1,0,0,[]
            ",
        )
        .code(0);
    tool.run("person log ann@example.com")
        .stdout(
            "
            when                 activity      detail                                 campaign               step  outcome
            ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            2026-11-02 17:00:00  send_email    letter (campaign run id 1, step id 1)  Letters.Weekly letter  1     succeeded
            2026-11-02 17:00:00  wait_started  until 2026-11-05 17:00:00              Letters.Weekly letter  2     succeeded
            2026-11-03 00:00:00  wait_ended                                           Letters.Weekly letter  2     skipped: aborted
            ",
        )
        .code(0);
    tool.run("campaign abort 1")
        .stderr("error: run 1 is aborted already\n")
        .code(4);
    tool.run("campaign advance --until 2026-11-06 -f jsonl")
        .stdout("{\"waits\":0,\"runs\":0,\"entries\":0,\"watermark\":\"2026-11-06T00:00:00Z\",\"cut\":0,\"refused\":0,\"campaigns\":[]}\n")
        .code(0);
}

fn replayed(tool: &Tool, pace: Pace) -> bool {
    let (database, events) = (tool.path("bugle.db"), tool.path("events.jsonl"));
    replay_at_pace(&database, &events, END, pace).unwrap()
}

#[test]
fn chunk_size_and_interruptions_of_a_replay_with_scheduled_campaigns_never_show() {
    let mut whole = letters().file("events.jsonl", VISITS);
    assert!(replayed(&whole, WHOLE));
    let expected = whole.dump();
    for chunk in [1, 2] {
        for reports in 1..4 {
            let mut tool = letters().file("events.jsonl", VISITS);
            let mut interruptions = 0;
            while !replayed(&tool, Pace { chunk, reports }) {
                interruptions += 1;
                assert!(interruptions < 100, "it gets on");
            }
            assert_eq!(
                tool.dump(),
                expected,
                "chunks of {chunk}, stopped after {reports}"
            );
        }
    }
}

#[test]
fn loading_again_after_the_clock_has_passed_keeps_the_next_run() {
    let mut tool = letters();
    tool.advance("2026-11-10");
    let before = tool.text("campaign list -f csv");
    assert!(before.contains("2026-11-16T17:00:00Z"), "{before}");
    tool.load();
    assert_eq!(tool.text("campaign list -f csv"), before);
}

#[test]
fn a_scheduled_campaign_that_no_longer_compiles_is_named_and_hinders_no_other() {
    let mut tool = letters();
    rusqlite::Connection::open(tool.path("bugle.db"))
        .unwrap()
        .execute(
            "UPDATE campaign_version SET definition = replace(definition, 'lead_score', 'no_such_field')
             WHERE definition LIKE '%Launched%'",
            [],
        )
        .unwrap();
    tool.run("campaign advance --until 2026-11-10 -f jsonl")
        .stdout("{\"waits\":1,\"runs\":2,\"entries\":2,\"watermark\":\"2026-11-10T00:00:00Z\",\"cut\":0,\"refused\":0,\"campaigns\":[{\"campaign\":\"Letters.Weekly letter\",\"triggered\":4,\"filters\":2,\"excluded\":0,\"entered\":2,\"waiting\":1,\"finished\":1,\"removed\":0,\"cut\":0,\"refused\":0}]}\n")
        .stderr("warning: the stored version of `Launch` no longer compiles, so its scheduled runs are left out\n")
        .code(6);
}

#[test]
fn an_unfinished_run_stands_in_the_way_of_the_clock() {
    let mut tool = letters();
    rusqlite::Connection::open(tool.path("bugle.db"))
        .unwrap()
        .execute_batch(
            "INSERT INTO run_command (command_id, campaigns, at, seed)
             SELECT 1, json_array(json_array(campaign_id, version)), 1793491200000000, 0
             FROM campaign WHERE name = 'Launch';
             INSERT INTO run (campaign_id, version, at, seed, state, last_person, counts, command_id, place)
             SELECT campaign_id, version, 1793491200000000, 0, 'running', 0, '{}', 1, 0
             FROM campaign WHERE name = 'Launch'",
        )
        .unwrap();
    let commands: [&[&str]; 3] = [
        &["campaign", "advance", "--until", "2026-11-10"],
        &["person", "load", "people.csv"],
        &["person", "load", "people.csv", "--as-activities"],
    ];
    for command in commands {
        tool.run(command)
            .stderr(
                "
                error: run 1 of `Launch` is unfinished
                help: `bugle campaign run \"Launch\"` finishes it, `bugle campaign abort 1` ends it
                ",
            )
            .code(4);
    }
}

#[test]
fn a_new_version_with_the_same_schedule_still_makes_up_for_missed_runs() {
    let mut tool = letters().file("campaigns/letter.yaml", &LETTER.replace("+5", "+6"));
    let load = [
        "campaign",
        "load",
        "campaigns",
        "--now",
        "2026-11-10T00:00:00Z",
    ];
    tool.done(load);
    let due = [
        "campaign",
        "advance",
        "--until",
        "2026-11-10",
        "--dry-run",
        "-f",
        "csv",
    ];
    tool.run(due)
        .stdout(
            "
            at,kind,campaign,person_id,email,id,person,step
            2026-11-02T17:00:00Z,run,Letters.Weekly letter,,,,,
            2026-11-05T17:00:00Z,wait,Letters.Weekly letter,1,ann@example.com,,ann@example.com,2
            2026-11-09T17:00:00Z,run,Launch,,,,,
            2026-11-09T17:00:00Z,run,Letters.Weekly letter,,,,,
            ",
        )
        .code(0);
    let mut other = letters().file("campaigns/letter.yaml", &LETTER.replace("09:00", "10:00"));
    other.done(load);
    other
        .run(due)
        .stdout(
            "
            at,kind,campaign,person_id,email,id,person,step
            2026-11-09T17:00:00Z,run,Launch,,,,,
            ",
        )
        .code(0);
}
