//! The fields that bugle keeps: since when a person is known, and when they last changed.

use crate::tool::Tool;

fn workspace() -> Tool {
    Tool::new()
        .file(
            "campaigns/move.yaml",
            "
            name: Move
            smart_list:
              triggers: [ visits_web_page: any ]
              filters: [ updated_at: { before: 2026-11-20 } ]
            flow: [ change_data_value: { field: city, value: \"{{lead.Created At}}\" } ]
            active: true
            qualification: every_time
            ",
        )
        .file(
            "campaigns/watch.yaml",
            "
            name: Watch
            smart_list: { triggers: [ data_value_changes: any ] }
            flow: [ interesting_moment: { type: Web, description: changed } ]
            active: true
            qualification: every_time
            ",
        )
        .file(
            "people.csv",
            "email,city\nann@example.com,Oslo\nben@example.com,\n",
        )
        .now("2026-11-02T10:00:00Z")
        .loaded()
}

/// Returns since when each person is known, and when they last changed.
fn kept(tool: &mut Tool) -> String {
    tool.cells(
        "person list --columns email,created_at,updated_at",
        "who created_at updated_at",
    )
}

#[test]
fn loads_keep_when_people_came_and_when_they_changed() {
    let mut tool = workspace();
    let first = "2026-11-02T10:00:00Z";
    assert_eq!(
        kept(&mut tool),
        format!("ann {first} {first}\nben {first} {first}\n")
    );
    // A cell that says the same changes nobody.
    let mut tool = tool.now("2026-11-05T10:00:00Z").file(
        "more.csv",
        "email,city\nann@example.com,Oslo\nben@example.com,Rome\n",
    );
    tool.done("person load more.csv");
    assert_eq!(
        kept(&mut tool),
        format!("ann {first} {first}\nben {first} 2026-11-05T10:00:00Z\n")
    );
    // They are not among the columns that are shown unless asked for.
    tool.run("person list -f csv")
        .stdout(
            "
            person_id,id,email,city
            1,,ann@example.com,Oslo
            2,,ben@example.com,Rome
            ",
        )
        .code(0);
}

#[test]
fn what_a_file_says_of_them_holds_also_where_it_says_nothing() {
    let mut tool = workspace().file(
        "crm.csv",
        "
        email,createdAt,updatedAt,city
        ann@example.com,2020-01-01T00:00:00Z,2026-10-01T00:00:00Z,Rome
        cyd@example.com,NULL,2026-10-02T00:00:00Z,Rome
        ",
    );
    tool.done("person load crm.csv");
    assert_eq!(
        kept(&mut tool),
        "ann 2020-01-01T00:00:00Z 2026-10-01T00:00:00Z\n\
         ben 2026-11-02T10:00:00Z 2026-11-02T10:00:00Z\n\
         cyd 2026-10-02T00:00:00Z\n"
    );
}

#[test]
fn events_and_steps_keep_them_without_a_row_or_a_trigger() {
    let mut tool = workspace().now("2026-11-30T00:00:00Z");
    tool.replay(
        r#"
        {"at":"2026-11-10T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
        {"at":"2026-11-11T10:00:00Z","person":"ben@example.com","type":"change_data_value","field":"city","new_value":"Rome"}
        {"at":"2026-11-21T10:00:00Z","person":"ann@example.com","type":"change_data_value","field":"city","new_value":"Rome"}
        {"at":"2026-11-22T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
        {"at":"2026-11-23T10:00:00Z","person":"dan@example.com","type":"fill_out_form","form":"Demo","city":"Bern"}
        "#,
    );
    assert_eq!(
        kept(&mut tool),
        "ann 2026-11-02T10:00:00Z 2026-11-21T10:00:00Z\n\
         ben 2026-11-02T10:00:00Z 2026-11-11T10:00:00Z\n\
         dan 2026-11-23T10:00:00Z 2026-11-23T10:00:00Z\n"
    );
    tool.cells_are(
        "campaign log Watch",
        "at who",
        "
        2026-11-10T10:00:00Z ann
        2026-11-11T10:00:00Z ben
        2026-11-21T10:00:00Z ann
        ",
    );
    // The last visit came after a change that the filter saw.
    tool.log_is(
        "ann@example.com",
        "type attributes.new_value",
        "
        visit_webpage
        change_data_value new_value=2026-11-02 10:00:00
        interesting_moment
        change_data_value new_value=Rome
        interesting_moment
        visit_webpage
        ",
    );
}

#[test]
fn history_leaves_them_alone_and_makes_people_at_their_instant() {
    let mut tool = workspace().now("2026-11-30T00:00:00Z").file(
        "past.jsonl",
        r#"
        {"at":"2026-09-01T10:00:00Z","person":"ann@example.com","type":"change_data_value","field":"city","new_value":"Rome"}
        {"at":"2026-09-02T10:00:00Z","person":"eve@example.com","type":"new_person"}
        "#,
    );
    tool.done("campaign replay-events past.jsonl --history");
    assert_eq!(
        kept(&mut tool),
        "ann 2026-11-02T10:00:00Z 2026-11-02T10:00:00Z\n\
         ben 2026-11-02T10:00:00Z 2026-11-02T10:00:00Z\n\
         eve 2026-09-02T10:00:00Z 2026-09-02T10:00:00Z\n"
    );
}

#[test]
fn neither_chunks_nor_lists_as_activities_make_a_difference() {
    let events = r#"
        {"at":"2026-11-10T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
        {"at":"2026-11-10T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/b"}
        {"at":"2026-11-21T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a"}
        "#;
    let dump = |chunk: &str| {
        let mut tool = workspace()
            .now("2026-11-30T00:00:00Z")
            .variable("BUGLE_CHUNK", chunk)
            .file(
                "more.csv",
                "email,city\nfay@example.com,Bern\nben@example.com,Bern\n",
            );
        tool.replay(events);
        tool.done("person load more.csv --as-activities");
        tool.dump()
    };
    let one = dump("1");
    assert_eq!(dump("1000"), one);
    let fay = one
        .lines()
        .find(|line| line.contains("fay@") && line.starts_with("{\"person\""))
        .unwrap();
    assert!(
        fay.contains(r#""created_at":"2026-11-30T00:00:00Z""#),
        "{fay}"
    );
}
