//! Filled out forms: the fields they bring, and the people they make.

use super::{COLUMNS, notes, taken, workspace};

fn form(person: &str, rest: &str) -> String {
    format!(
        r#"{{"at":"2026-11-02T10:00:00Z","person":"{person}","type":"fill_out_form","form":"Demo",{rest}}}"#
    )
}

#[test]
fn each_field_that_really_changes_logs_a_change_with_the_form_as_its_source() {
    let mut tool = workspace(&[("note", &notes("Note", "data_value_changes: city"))]);
    let rest = r#""form_fields":{"City":"Rome","leadScore":5,"Last Name":"","seats":"many","munchkinId":"x","id":"z9","Email":"ANN@example.com","Industry":["Food","Wine"]},"first_name":"Ann","city":"Bari""#;
    assert_eq!(
        taken(&mut tool, &form("ann@example.com", rest), ""),
        "read 1, taken 1, entries 1"
    );
    // The form's own fields come first and win; a blank one, an unknown one and the id change nothing.
    tool.log_is(
        "a1",
        COLUMNS,
        r#"
            fill_out_form Demo {"form_fields":{"City":"Rome","leadScore":5,"Last Name":"","seats":"many","munchkinId":"x","id":"z9","Email":"ANN@example.com","Industry":["Food","Wine"]},"city":"Bari","first_name":"Ann"}
            change_data_value city {"new_value":"Rome","previous_value":"Oslo","source":"Web form fillout"}
            change_data_value industry {"new_value":"Food; Wine","source":"Web form fillout"}
            change_data_value first_name {"new_value":"Ann","source":"Web form fillout"}
            change_data_value seats {"new_value":"many","source":"Web form fillout"} failed does not fit integer
            interesting_moment Web {"description":"Note"} Note succeeded
            "#,
    );
}

#[test]
fn a_form_makes_a_person_whose_first_values_log_nothing() {
    let mut tool = workspace(&[
        ("a", &notes("By change", "data_value_changes: any")),
        ("b", &notes("By form", "fills_out_form: Demo")),
        (
            "c",
            &notes(
                "By birth",
                "person_is_created: { lead_source: Web, form_name: Demo }",
            ),
        ),
    ]);
    let rest = r#""form_fields":{"Email":"Cyd@Example.com","FirstName":"Cyd","LeadSource":"Web","seats":"many"}"#;
    assert_eq!(
        taken(&mut tool, &form("cyd@example.com", rest), ""),
        "read 1, taken 1, entries 2"
    );
    tool.log_is(
        "cyd@example.com",
        COLUMNS,
        r#"
            new_person {"source_type":"Web form fillout","lead_source":"Web","form_name":"Demo"}
            fill_out_form Demo {"form_fields":{"Email":"Cyd@Example.com","FirstName":"Cyd","LeadSource":"Web","seats":"many"}}
            change_data_value seats {"new_value":"many","source":"Web form fillout"} failed does not fit integer
            interesting_moment Web {"description":"By birth"} By birth succeeded
            interesting_moment Web {"description":"By form"} By form succeeded
            "#,
    );
    assert_eq!(
        tool.fields("cyd@example.com", "email first_name seats"),
        r#""cyd@example.com" "Cyd" null"#
    );
}

#[test]
fn the_fields_may_be_a_list_or_a_text_of_older_logs_and_other_text_is_an_attribute() {
    let cases = [
        (r#"[{"name":"City","value":"Rome"}]"#, "\"Rome\""),
        (r#""{\"City\":\"Rome\"}""#, "\"Rome\""),
        (r#""a:1:{s:4:\"City\";s:4:\"Rome\";}""#, "\"Rome\""),
        (r#""City=Rome""#, "\"Oslo\""),
        ("null", "\"Oslo\""),
    ];
    for (form_fields, city) in cases {
        let mut tool = workspace(&[]);
        let beside = form("a1", &format!(r#""Form Fields":{form_fields}"#));
        let inside = form(
            "a1",
            &format!(r#""attributes":{{"Form Fields":{form_fields}}}"#),
        );
        assert_eq!(taken(&mut tool, &beside, ""), "read 1, taken 1");
        assert_eq!(taken(&mut tool, &inside, ""), "read 1, already_taken 1");
        assert_eq!(tool.fields("a1", "city"), city, "{form_fields}");
    }
}

#[test]
fn form_fields_that_cannot_be_are_faults() {
    let mut tool = workspace(&[]);
    let cases = [
        (
            "5",
            "error: e.jsonl:1:95: `form_fields` is not an object, a list or a text\n",
        ),
        (
            r#"{"Email":"x@y.z","Email Address":"x@y.z"}"#,
            "error: e.jsonl:1:95: `email` is given twice\n",
        ),
    ];
    for (form_fields, fault) in cases {
        let line = form("a1", &format!(r#""form_fields":{form_fields}"#));
        tool.write_bytes("e.jsonl", line);
        tool.run("campaign replay-events e.jsonl")
            .stderr(fault)
            .code(1);
    }
}

#[test]
fn a_form_brings_no_address_and_no_name_that_a_list_would_not() {
    let rest = "\"form_fields\":{\"Email\":\"a@b.c, d@e.f\",\"FirstName\":\"A\u{200b}nn\",\"City\":\"Rome\"}";
    let mut tool = workspace(&[]);
    taken(&mut tool, &form("a1", rest), "");
    assert_eq!(
        tool.fields("a1", "email first_name city"),
        "\"ann@example.com\" null \"Rome\""
    );
    tool.cells_are(
        "person log a1 --type change_data_value",
        "primary_value outcome reason",
        "
        city
        email failed does not fit email
        first_name failed does not fit string
        ",
    );
}

#[test]
fn a_form_field_that_is_a_list_is_stored_as_what_was_ticked() {
    let rest = r#""industry":["Food","Wine"],"company":{"name":"Acme"}"#;
    let mut tool = workspace(&[]);
    taken(&mut tool, &form("a1", rest), "");
    assert_eq!(tool.fields("a1", "industry company"), "\"Food; Wine\" null");
    tool.log_is(
        "a1",
        "type attributes.industry attributes.company",
        "
        fill_out_form industry=[\"Food\",\"Wine\"] company={\"name\":\"Acme\"}
        change_data_value
        ",
    );
}
