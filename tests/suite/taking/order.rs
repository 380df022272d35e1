//! Who is asked, when, and on which state; late events; what is set aside.

use std::fmt::Write as _;

use super::{COLUMNS, notes, taken, taken_from, workspace};

fn visit(at: &str, person: &str) -> String {
    format!(r#"{{"at":"{at}","person":"{person}","type":"visit_web_page","web_page":"/a"}}"#) + "\n"
}

const MOVE: &str = "
    name: Move
    smart_list: { triggers: [ visits_web_page: any ], filters: [ city: Oslo ] }
    flow: [ change_data_value: { field: city, value: Rome } ]
    active: true
    priority: high
    ";

const STAY: &str = "
    name: Stay
    smart_list: { triggers: [ visits_web_page: any, visits_web_page: { web_page: /a } ], filters: [ city: Oslo ] }
    flow: [ interesting_moment: { type: Web, description: \"{{lead.City}}\" } ]
    active: true
    priority: low
    qualification: every_time
    ";

#[test]
fn all_campaigns_are_asked_on_one_state_and_one_event_enters_each_once() {
    let mut tool = workspace(&[("move", MOVE), ("stay", STAY)]);
    let line = visit("2026-11-02T10:00:00Z", "a1");
    assert_eq!(taken(&mut tool, &line, ""), "read 1, taken 1, entries 2");
    tool.log_is(
        "a1",
        COLUMNS,
        r#"
            visit_webpage /a
            change_data_value city {"new_value":"Rome","previous_value":"Oslo","reason":"Changed by Smart Campaign Move action Change Data Value","source":"Marketo Flow Action"} Move succeeded
            interesting_moment Web {"description":"Rome"} Stay succeeded
            "#,
    );
}

const WAITER: &str = "
    name: Waiter
    smart_list: { triggers: [ visits_web_page: any ] }
    flow: [ wait: 1 day, change_score: +1 ]
    ";

#[test]
fn activation_counts_in_the_order_of_commands_and_deactivation_stops_entries_only() {
    let mut tool = workspace(&[("wait", WAITER)]);
    let first = visit("2026-11-02T10:00:00Z", "a1");
    assert_eq!(taken(&mut tool, &first, ""), "read 1, taken 1");
    tool.done("campaign activate Waiter");
    assert_eq!(
        taken(&mut tool, &first, ""),
        "read 1, already_taken 1",
        "an event in the log is never asked again"
    );
    let late = visit("2026-11-01T10:00:00Z", "b2");
    let next = visit("2026-11-02T11:00:00Z", "a1");
    assert_eq!(
        taken(&mut tool, &[late, next].concat(), ""),
        "read 2, taken 2, late 1, entries 2, waits 1"
    );
    tool.done("campaign deactivate Waiter");
    let last = visit("2026-11-05T10:00:00Z", "b2");
    assert_eq!(
        taken(&mut tool, &last, ""),
        "read 1, taken 1, waits 1",
        "people in a wait go on"
    );
    assert_eq!(tool.fields("a1", "lead_score"), "6");
}

#[test]
fn a_late_event_is_judged_at_its_own_instant_on_values_as_they_are() {
    let judge = "
        name: Judge
        smart_list:
          triggers: [ visits_web_page: any ]
          filters:
            - city: Rome
            - not_visited_web_page: { date_of_activity: { in_past: 1 day }, min_number_of_times: 2 }
        flow: [ wait: 6 hours, interesting_moment: { type: Web, description: waited } ]
        active: true
        ";
    let mut tool = workspace(&[("judge", judge)]);
    let moved = r#"{"at":"2026-11-10T10:00:00Z","person":"a1","type":"change_data_value","field":"city","new_value":"Rome"}"#;
    taken(&mut tool, moved, "");
    assert_eq!(
        taken(&mut tool, &visit("2026-11-02T10:00:00Z", "a1"), ""),
        "read 1, taken 1, late 1, entries 1, waits 1",
        "its wait ended before the watermark, and ends at once"
    );
    tool.log_is(
        "a1",
        "at type",
        "
        2026-11-02T10:00:00Z visit_webpage
        2026-11-02T10:00:00Z wait_started
        2026-11-02T16:00:00Z wait_ended
        2026-11-02T16:00:00Z interesting_moment
        2026-11-10T10:00:00Z change_data_value
        ",
    );
}

#[test]
fn what_is_about_nobody_is_kept_and_may_be_fed_in_again() {
    let mut tool = workspace(&[("note", &notes("Note", "visits_web_page: any"))]);
    let unknown = visit("2026-11-02T10:00:00Z", "zoe@example.com");
    let odd = visit("2026-11-02T10:00:00Z", "a1").replace("visit_web_page", "sings");
    assert_eq!(
        taken(
            &mut tool,
            &[odd.clone(), unknown.clone()].concat(),
            "--unknown later.jsonl"
        ),
        "read 2, unknown_person 1, unknown_type 1"
    );
    let later = std::fs::read_to_string(tool.path("later.jsonl")).unwrap();
    assert_eq!(later, [odd, unknown].concat());
    tool.write_bytes("zoe.csv", "email\nzoe@example.com\n");
    tool.done("person load zoe.csv");
    assert_eq!(
        taken(&mut tool, &later, ""),
        "read 2, taken 1, unknown_type 1, entries 1"
    );
}

#[test]
fn what_was_set_aside_stays_so_until_it_comes_for_a_second_try() {
    let counted = "read 2, taken 1, unknown_person 1";
    let early = visit("2026-11-02T10:00:00Z", "zoe@example.com");
    let form = r#"{"at":"2026-11-02T11:00:00Z","person":"zoe@example.com","type":"fill_out_form","form":"Hello"}"#;
    let both = [early.as_str(), form].concat();
    let mut tool = workspace(&[("note", &notes("Note", "visits_web_page: any"))]);
    assert_eq!(taken(&mut tool, &both, "--unknown later.jsonl"), counted);
    let first = tool.dump();
    // The person is known by now, and the same files still have the same outcome, and the same file of what is aside.
    assert_eq!(
        taken(&mut tool, &both, "--unknown again.jsonl"),
        "read 2, already_taken 1, unknown_person 1"
    );
    assert_eq!(tool.dump(), first);
    let later = std::fs::read_to_string(tool.path("later.jsonl")).unwrap();
    assert_eq!(later, early);
    let again = std::fs::read_to_string(tool.path("again.jsonl")).unwrap();
    assert_eq!(again, early);
    assert_eq!(
        taken_from(&mut tool, "again.jsonl", ""),
        "read 1, taken 1, late 1, entries 1"
    );
    assert_eq!(taken(&mut tool, &both, ""), "read 2, already_taken 2");
    assert_eq!(
        taken_from(&mut tool, "later.jsonl", ""),
        "read 1, already_taken 1"
    );
}

#[test]
fn a_second_try_is_asked_for_by_an_option_or_by_another_content() {
    let line = |id: &str, person: &str| {
        visit("2026-11-02T10:00:00Z", person).replacen('{', &format!(r#"{{"id":"{id}","#), 1)
    };
    let mut tool = workspace(&[]);
    let lines = [line("e-1", "zoe@example.com"), line("e-2", "a-1")].concat();
    assert_eq!(taken(&mut tool, &lines, ""), "read 2, unknown_person 2");
    assert_eq!(
        taken(&mut tool, &lines, "--retry"),
        "read 2, unknown_person 2"
    );
    tool.write_bytes("zoe.csv", "email\nzoe@example.com\n");
    tool.done("person load zoe.csv");
    // The key of the other event was misspelt, and is put right.
    let mended = [line("e-1", "zoe@example.com"), line("e-2", "a1")].concat();
    assert_eq!(
        taken(&mut tool, &mended, "--dry-run --retry"),
        "read 2, taken 2"
    );
    assert_eq!(
        taken(&mut tool, &mended, ""),
        "read 2, taken 1, unknown_person 1"
    );
    assert_eq!(
        taken(&mut tool, &mended, "--retry"),
        "read 2, taken 1, already_taken 1"
    );
}

#[test]
fn an_id_that_was_taken_with_other_content_refuses_all_files_before_anything_is_done() {
    let mut tool = workspace(&[]).variable("BUGLE_CHUNK", "1");
    let with_id = |at: &str, page: &str| {
        visit(at, "a1")
            .replace("/a", page)
            .replacen('{', r#"{"id":"e-1","#, 1)
    };
    let first = with_id("2026-11-05T10:00:00Z", "/a");
    assert_eq!(taken(&mut tool, &first, ""), "read 1, taken 1");
    let late = visit("2026-11-02T10:00:00Z", "b2");
    let other = with_id("2026-11-05T10:00:00Z", "/b");
    let moved = with_id("2026-11-05T10:00:01Z", "/b");
    tool.write_bytes("e.jsonl", [moved.clone(), late.clone()].concat());
    tool.write_bytes("more.jsonl", format!("\n{other}"));
    tool.run("campaign replay-events e.jsonl more.jsonl")
        .stderr(
            "
            error: more.jsonl:2:1: an event with the id and the instant of one that was taken before, but other content
            help: one id is one event: give it an id of its own, or take it away
            ",
        )
        .code(1);
    // Nothing of the other file was taken.
    tool.log_is("b2", COLUMNS, "");
    assert_eq!(
        taken_from(&mut tool, "e.jsonl", ""),
        "read 2, taken 2, late 1",
        "another instant is another event"
    );
}

#[test]
fn names_of_unknown_types_are_reported_with_what_they_may_mean() {
    let mut events = String::new();
    let named = [
        "opens_emial",
        "sings",
        "sings",
        "dances",
        "a",
        "b",
        "c",
        "d",
    ];
    for (minute, name) in named.iter().enumerate() {
        writeln!(
            events,
            r#"{{"at":"2026-11-01T10:{minute:02}:00Z","person":"ann@example.com","type":"{name}"}}"#
        )
        .unwrap();
    }
    let mut tool = workspace(&[]).bytes("e.jsonl", &events);
    tool.run("campaign replay-events e.jsonl")
        .any_stdout()
        .stderr(
            "
            warning: 2 events of the unknown type `sings` set aside
            warning: 1 event of the unknown type `a` set aside
            warning: 1 event of the unknown type `b` set aside
            warning: 1 event of the unknown type `c` set aside
            warning: 1 event of the unknown type `d` set aside
            warning: and 2 unknown types more
            ",
        )
        .code(6);
    let first = events.lines().next().unwrap();
    tool.write_bytes("e.jsonl", first);
    tool.run("campaign replay-events e.jsonl")
        .any_stdout()
        .stderr(
            "warning: 1 event of the unknown type `opens_emial` set aside; did you mean `opens_email`?\n",
        )
        .code(6);
}
