//! `person load --as-activities`: a list as a part of the story, with its rows in logs and campaigns that react.

use super::tool::Tool;

/// Ann is known; one campaign greets new people, one reacts to whatever moves, one to the list.
fn fair() -> Tool {
    Tool::new()
        .now("2026-11-01T09:00:00Z")
        .file(
            "campaigns/greet.yaml",
            "
            name: Greet
            smart_list: { triggers: [ person_is_created: { source_type: List Import, list_name: Fair } ] }
            flow:
              - interesting_moment: { type: Web, description: \"New from {{trigger.list_name}}, {{lead.City}}\" }
            active: true
            ",
        )
        .file(
            "campaigns/moved.yaml",
            "
            name: Moved
            smart_list:
              triggers:
                - data_value_changes: { field: city, source: List Import }
                - data_value_changes: { field: lead_score }
                - score_is_changed: { field: lead_score }
            flow:
              - interesting_moment: { type: Web, description: \"moved by {{trigger.source}}\" }
            active: true
            qualification: every_time
            ",
        )
        .file(
            "campaigns/fair.yaml",
            "
            name: Welcome to the fair
            smart_list: { triggers: [ added_to_list: { list: Fair, source: List Import } ] }
            flow:
              - change_data_value: { field: lead_status, value: Guest }
              - wait: 2 days
              - change_score: +10
            active: true
            ",
        )
        .file(
            "people.csv",
            "
            email,city,lead_score
            ann@example.com,Oslo,5
            ",
        )
        .loaded()
}

const FAIR: &str = "
    email,city,lead_score,lead_status,lead_source
    ann@example.com,Rome,7,,
    ben@example.com,Bonn,1,New,Event
    Ann@Example.com,Rome,,,
    ";

/// The command that takes the list of the fair as activities.
fn import(now: &str, more: &str) -> String {
    format!("person load fair.csv --as-activities --now {now} {more}")
}

/// The cells of a log row: activity, what, how, and of campaigns which one and the outcome.
const COLUMNS: &str = "type primary_value attributes campaign outcome";

#[test]
fn rows_are_logged_and_campaigns_react_as_to_a_list_import() {
    let mut tool = fair().file("fair.csv", FAIR);
    tool.run(import("2026-11-02T09:00:00Z", "--list Fair"))
        .stdout(
            "
            file      read  added  updated  unchanged  repeated  rejected  entries
            ──────────────────────────────────────────────────────────────────────
            fair.csv     3      1        1          0         1         0        4
            ",
        )
        .code(0);
    tool.log_is(
        "ann@example.com",
        COLUMNS,
        r#"
        change_data_value city {"new_value":"Rome","previous_value":"Oslo","source":"List Import"}
        change_data_value lead_score {"new_value":7,"previous_value":5,"source":"List Import"}
        add_to_list Fair {"source":"List Import"}
        interesting_moment Web {"description":"moved by List Import"} Moved succeeded
        change_data_value lead_status {"new_value":"Guest","reason":"Changed by Smart Campaign Welcome to the fair action Change Data Value","source":"Marketo Flow Action"} Welcome to the fair succeeded
        wait_started {"until":"2026-11-04T09:00:00Z"} Welcome to the fair succeeded
        "#,
    );
    tool.log_is(
        "ben@example.com",
        COLUMNS,
        r#"
        new_person {"source_type":"List Import","lead_source":"Event","list_name":"Fair"}
        add_to_list Fair {"source":"List Import"}
        interesting_moment Web {"description":"New from Fair, Bonn"} Greet succeeded
        change_data_value lead_status {"new_value":"Guest","previous_value":"New","reason":"Changed by Smart Campaign Welcome to the fair action Change Data Value","source":"Marketo Flow Action"} Welcome to the fair succeeded
        wait_started {"until":"2026-11-04T09:00:00Z"} Welcome to the fair succeeded
        "#,
    );
}

#[test]
fn what_is_so_already_logs_nothing_and_starts_nothing() {
    let mut tool = fair().file("fair.csv", FAIR);
    tool.done(import("2026-11-02T09:00:00Z", "--list Fair"));
    // What the flow has changed meanwhile is set back, as by any list; nothing else happens.
    tool.run(import("2026-11-03T09:00:00Z", "--list Fair -f jsonl"))
        .stdout("{\"file\":\"fair.csv\",\"read\":3,\"added\":0,\"updated\":1,\"unchanged\":1,\"repeated\":1,\"rejected\":0,\"entries\":0}\n")
        .code(0);
    assert!(tool.log("ben@example.com", COLUMNS).ends_with(
        "change_data_value lead_status {\"new_value\":\"New\",\"previous_value\":\"Guest\",\"source\":\"List Import\"}\n"
    ));
    let before = tool.dump();
    tool.run(import("2026-11-04T08:00:00Z", "--list Fair -f jsonl"))
        .stdout("{\"file\":\"fair.csv\",\"read\":3,\"added\":0,\"updated\":0,\"unchanged\":2,\"repeated\":1,\"rejected\":0,\"entries\":0}\n")
        .code(0);
    assert_eq!(tool.dump(), before);
}

#[test]
fn started_again_after_its_last_moment_a_load_changes_nothing() {
    let mut tool = fair().file("fair.csv", FAIR).file(
        "other.csv",
        "
        email,lead_status
        ben@example.com,Other
        ",
    );
    let now = "2026-11-02T09:00:00Z";
    tool.done(import(now, "--list Fair"));
    let once = tool.dump();
    // The flow has made Ben a guest; another load of the list at another time would make him new again.
    tool.run(import(now, "--list Fair -f jsonl"))
        .stdout("{\"file\":\"fair.csv\",\"read\":3,\"added\":0,\"updated\":0,\"unchanged\":2,\"repeated\":1,\"rejected\":0,\"entries\":0}\n")
        .stderr("note: this load was the last thing done, at this very instant: nothing changed\n")
        .code(0);
    assert_eq!(tool.dump(), once);
    tool.done(["person", "load", "other.csv", "--now", now]);
    tool.run(import(now, "--list Fair -f jsonl"))
        .stdout("{\"file\":\"fair.csv\",\"read\":3,\"added\":0,\"updated\":1,\"unchanged\":1,\"repeated\":1,\"rejected\":0,\"entries\":0}\n")
        .code(0);
}

#[test]
fn null_clears_and_a_blank_cell_changes_nothing() {
    let mut tool = fair().file(
        "fair.csv",
        "
        email,city,lead_score,unsubscribed
        ann@example.com,NULL,,NULL
        cyd@example.com,NULL,,true
        ",
    );
    tool.done(import("2026-11-02T09:00:00Z", ""));
    tool.log_is(
        "ann@example.com",
        COLUMNS,
        "change_data_value city {\"previous_value\":\"Oslo\",\"source\":\"List Import\"}\n\
         interesting_moment Web {\"description\":\"moved by List Import\"} Moved succeeded\n",
    );
    tool.log_is(
        "cyd@example.com",
        COLUMNS,
        "new_person {\"source_type\":\"List Import\"}\n",
    );
}

#[test]
fn people_who_are_not_in_a_replaced_list_leave_it_by_an_activity() {
    let mut tool = fair().file("fair.csv", FAIR).file(
        "campaigns/left.yaml",
        "
        name: Left
        smart_list: { triggers: [ removed_from_list: { list: Fair, source: List Import } ] }
        flow: [ interesting_moment: { type: Web, description: gone } ]
        active: true
        ",
    );
    tool.load();
    tool.done("person load people.csv --list fair");
    tool.write("fair.csv", "email\nben@example.com\n");
    tool.run(import("2026-11-02T09:00:00Z", "--list FAIR --replace -f jsonl"))
    .stdout("{\"file\":\"fair.csv\",\"read\":1,\"added\":1,\"updated\":0,\"unchanged\":0,\"repeated\":0,\"rejected\":0,\"entries\":3}\n")
    .code(0);
    tool.log_is(
        "ann@example.com",
        COLUMNS,
        "remove_from_list fair {\"source\":\"List Import\"}\n\
         interesting_moment Web {\"description\":\"gone\"} Left succeeded\n",
    );
}

#[test]
fn a_bad_row_undoes_all_that_followed_from_the_good_ones() {
    let mut tool = fair().file(
        "fair.csv",
        "
        email,city,lead_score
        ben@example.com,Bonn,1
        ann@example.com,Rome,many
        ",
    );
    let before = tool.dump();
    tool.run(import("2026-11-02T09:00:00Z", "--list Fair"))
        .stderr("error: fair.csv:3:22: `lead_score` wants a whole number of at most 32 bits, such as 42\n")
        .code(1);
    assert_eq!(tool.dump(), before);
    tool.run(import("2026-11-02T09:00:00Z", "--list Fair --rejects bad.csv -f jsonl"))
    .stdout("{\"file\":\"fair.csv\",\"read\":2,\"added\":1,\"updated\":0,\"unchanged\":0,\"repeated\":0,\"rejected\":1,\"entries\":2}\n")
    .any_stderr()
    .code(6);
}

#[test]
fn a_dry_run_shows_what_would_follow_and_writes_nothing() {
    let mut tool = fair().file("fair.csv", FAIR);
    let before = tool.dump();
    let rehearsed = tool.text(import("2026-11-02T09:00:00Z", "--list Fair --dry-run"));
    assert_eq!(tool.dump(), before);
    let done = tool.text(import("2026-11-02T09:00:00Z", "--list Fair"));
    assert_eq!(rehearsed, done);
}

#[test]
fn a_dry_run_makes_no_database() {
    for how in ["--dry-run", "--dry-run --as-activities"] {
        let mut tool = Tool::new()
            .now("2026-11-02T09:00:00Z")
            .file("fair.csv", "email,shoe size\nann@example.com,44\n");
        tool.done(format!("person load fair.csv --quiet {how}"));
        let left: Vec<_> = std::fs::read_dir(tool.path("."))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["fair.csv"]);
    }
}

#[test]
fn a_load_happens_at_its_own_instant_and_the_clock_does_not_go_back() {
    let mut tool = fair().file("fair.csv", FAIR);
    tool.done(import("2026-11-02T09:00:00Z", "--list Fair"));
    // Neither the clock nor a wait moves by a load; that waits are overdue is said.
    tool.run(import("2026-11-05T09:00:00Z", ""))
        .any_stdout()
        .stderr(
            "
            warning: waits have been due since 2026-11-04T09:00:00Z and still hold people: `bugle campaign advance` before a load lets them end first
            ",
        )
        .code(0);
    tool.run("campaign advance --until 2026-11-04T10:00:00Z -f jsonl")
        .stdout("{\"waits\":2,\"runs\":0,\"entries\":2,\"watermark\":\"2026-11-04T10:00:00Z\",\"cut\":0,\"refused\":0,\"campaigns\":[{\"campaign\":\"Moved\",\"triggered\":2,\"filters\":0,\"excluded\":0,\"entered\":2,\"waiting\":0,\"finished\":2,\"removed\":0,\"cut\":0,\"refused\":0},{\"campaign\":\"Welcome to the fair\",\"triggered\":0,\"filters\":0,\"excluded\":0,\"entered\":0,\"waiting\":0,\"finished\":2,\"removed\":0,\"cut\":0,\"refused\":0}]}\n")
        .code(0);
    tool.run(import("2026-11-04T09:59:59Z", ""))
        .stderr(
            "
            error: now is 2026-11-04T09:59:59Z, but events up to 2026-11-04T10:00:00Z have happened: the clock does not go back
            help: give a later instant, such as `--now 2026-11-04T10:00:00Z`
            ",
        )
        .code(4);
}

#[test]
fn the_past_of_an_imported_person_is_known_from_their_log_alone() {
    let mut tool = fair().file("fair.csv", FAIR);
    tool.done(import("2026-11-02T09:00:00Z", ""));
    assert!(tool.dumped("past").is_empty());
    let city = |tool: &mut Tool, at: &str| {
        let shown = tool.row(format!("person show ann@example.com --at {at}"));
        let person = &shown["person"];
        format!("{} {}", person["city"], person["lead_score"])
    };
    assert_eq!(city(&mut tool, "2026-11-02T08:59:59Z"), "\"Oslo\" 5");
    assert_eq!(city(&mut tool, "2026-11-02T09:00:00Z"), "\"Rome\" 7");
    tool.run("person show ben@example.com --at 2026-11-02T08:59:59Z")
        .stderr(
            "
            error: at 2026-11-02T08:59:59Z there was no such person yet
            help: the person was made at 2026-11-02T09:00:00Z
            ",
        )
        .code(4);
}

#[test]
fn several_lists_are_one_load_and_a_later_one_knows_whom_an_earlier_one_made() {
    let mut tool = fair()
        .file(
            "fair.csv",
            "
            id,email,Shoe Size
            a1,ann@example.com,38
            b2,ben@example.com,44
            ",
        )
        .file("more.csv", "id,city\nb2,Bonn\nc3,Rome\n");
    tool.run("person load fair.csv more.csv --as-activities -f jsonl")
    .stdout(
        r#"
        {"file":"fair.csv","read":2,"added":1,"updated":1,"unchanged":0,"repeated":0,"rejected":0,"entries":0}
        {"file":"more.csv","read":2,"added":1,"updated":1,"unchanged":0,"repeated":0,"rejected":0,"entries":1}
        "#,
    )
    .stderr("note: new field `shoe_size`: integer\n")
    .code(0);
    assert!(tool.log("b2", COLUMNS).starts_with(
        "new_person {\"source_type\":\"List Import\"}\n\
         change_data_value city {\"new_value\":\"Bonn\",\"source\":\"List Import\"}\n"
    ));
    assert!(tool.log("a1", COLUMNS).starts_with(
        "change_data_value id {\"new_value\":\"a1\",\"source\":\"List Import\"}\n\
         change_data_value shoe_size {\"new_value\":38,\"source\":\"List Import\"}\n"
    ));
}

#[test]
fn a_person_whom_a_flow_erases_is_new_to_the_next_row() {
    let mut tool = fair()
        .file(
            "campaigns/purge.yaml",
            "
            name: Purge
            smart_list: { triggers: [ person_is_created: any ], filters: [ city: Nowhere ] }
            flow: [ delete_person: ]
            active: true
            qualification: every_time
            ",
        )
        .file(
            "fair.csv",
            "
            email,city
            eve@example.com,Nowhere
            eve@example.com,Rome
            ",
        );
    tool.load();
    tool.run(import("2026-11-02T09:00:00Z", "-f jsonl"))
        .stdout("{\"file\":\"fair.csv\",\"read\":2,\"added\":2,\"updated\":0,\"unchanged\":0,\"repeated\":0,\"rejected\":0,\"entries\":1}\n")
        .code(0);
    tool.run("person list -f csv")
        .stdout(
            "
            person_id,id,email,city,lead_score
            1,,ann@example.com,Oslo,5
            3,,eve@example.com,Rome,
            ",
        )
        .code(0);
}

#[test]
fn no_chunk_size_shows() {
    let dumps = ["1", "2", "1000000"].map(|chunk| {
        let mut tool = fair().variable("BUGLE_CHUNK", chunk).file("fair.csv", FAIR);
        tool.done(import("2026-11-02T09:00:00Z", "--list Fair"));
        tool.dump()
    });
    assert_eq!(dumps[0], dumps[2]);
    assert_eq!(dumps[1], dumps[2]);
}
