//! History from Marketo: extracts of its activity log.

use std::fmt::Write as _;

use super::{COLUMNS, notes, taken_from, workspace};
use crate::tool::table::rows;

const HEADER: &str = "marketoGUID,leadId,activityDate,activityTypeId,campaignId,primaryAttributeValueId,primaryAttributeValue,attributes";

const OURS: &str = "
    name: Ours
    smart_list: { triggers: [ opens_email: any ] }
    flow: [ change_score: +1 ]
    active: true
    marketo_id: 1042
    qualification: every_time
    ";

/// Ann opens an email; campaign 1042, which is ours, and campaign 7 score it.
fn history() -> String {
    format!(
        "{HEADER}\n\
         1,a1,2026-11-02T10:00:00Z,10,null,5,Fair.spring,{{}}\n\
         2,a1,2026-11-02T10:00:00Z,22,1042,9,Lead Score,\"{{\"\"New Value\"\":6,\"\"Change Value\"\":1}}\"\n\
         3,a1,2026-11-02T10:00:01Z,22,7,9,Lead Score,\"{{\"\"New Value\"\":50,\"\"Change Value\"\":44}}\"\n"
    )
}

#[test]
fn what_our_own_campaigns_caused_is_made_by_them_and_not_fed_in() {
    let cases: [(&str, &str, &str); 5] = [
        ("", "read 3, taken 2, skipped_effects 1, entries 1", "50"),
        (
            "--effects skip",
            "read 3, taken 1, skipped_effects 2, entries 1",
            "6",
        ),
        ("--effects take", "read 3, taken 3, entries 1", "50"),
        // Then no flow makes it.
        ("--history", "read 3, taken 3", "50"),
        (
            "--history --effects skip",
            "read 3, taken 1, skipped_effects 2",
            "5",
        ),
    ];
    for (more, counts, score) in cases {
        let mut tool = workspace(&[("ours", OURS)]).bytes("h.csv", history().as_bytes());
        assert_eq!(taken_from(&mut tool, "h.csv", more), counts, "{more:?}");
        assert_eq!(tool.fields("a1", "lead_score"), score, "{more:?}");
    }
}

#[test]
fn history_is_applied_and_nobody_reacts_now_or_later() {
    let mut tool = workspace(&[("ours", OURS)]).bytes("h.csv", history().as_bytes());
    taken_from(&mut tool, "h.csv", "--history");
    tool.log_is("a1", COLUMNS, r#"
            open_email Fair.spring {"primary_attribute_value_id":"5"}
            change_score lead_score {"change":1,"new_value":6,"previous_value":5,"primary_attribute_value_id":"9"}
            change_score lead_score {"change":44,"new_value":50,"previous_value":6,"primary_attribute_value_id":"9"}
            "#);
    assert_eq!(
        taken_from(&mut tool, "h.csv", "--effects take"),
        "read 3, already_taken 3"
    );
}

#[test]
fn rows_that_came_to_nothing_in_marketo_change_nothing_and_are_seen_by_nobody() {
    let tool = workspace(&[
        ("a", &notes("Sent", "data_value_changes: any")),
        ("b", &notes("Joined", "added_to_list: any")),
        ("c", &notes("Form", "fills_out_form: any")),
    ]);
    let rows = format!(
        "{HEADER},actionResult\n\
         1,a1,2026-11-02T10:00:00Z,24,null,5,Guests,{{}},skipped\n\
         2,a1,2026-11-02T10:00:01Z,13,null,9,City,null,failed\n\
         3,a1,2026-11-02T10:00:02Z,22,null,9,Lead Score,\"{{\"\"New Value\"\":\"\"many\"\"}}\",failed\n\
         4,a1,2026-11-02T10:00:03Z,24,null,5,Guests,{{}},succeeded\n\
         5,zed,2026-11-02T10:00:04Z,2,null,5,Demo,{{}},failed\n\
         6,a1,2026-11-02T10:00:05Z,37,null,null,null,null,skipped\n"
    );
    let mut tool = tool.bytes("h.csv", &rows);
    assert_eq!(
        taken_from(&mut tool, "h.csv", ""),
        "read 6, taken 5, unknown_person 1, entries 1"
    );
    tool.log_is(
        "a1",
        COLUMNS,
        r#"
            add_to_list Guests {"primary_attribute_value_id":"5"} skipped
            change_data_value city {"primary_attribute_value_id":"9"} failed
            change_score lead_score {"new_value":"many","primary_attribute_value_id":"9"} failed
            add_to_list Guests {"primary_attribute_value_id":"5"}
            interesting_moment Web {"description":"Joined"} Joined succeeded
            delete_person skipped
            "#,
    );
    // The same rows of an extract without that column are the same activities.
    let without: Vec<&str> = rows
        .lines()
        .filter(|line| !line.starts_with(['2', '3', '5']))
        .filter_map(|line| line.rsplit_once(','))
        .map(|(line, _)| line)
        .collect();
    let without = without.join("\n");
    tool.write_bytes("again.csv", without);
    assert_eq!(
        taken_from(&mut tool, "again.csv", ""),
        "read 3, already_taken 3"
    );
    let odd = rows.replace(",succeeded", ",maybe");
    tool.write_bytes("odd.csv", odd);
    tool.run("campaign replay-events odd.csv")
        .stderr("error: odd.csv:5:47: `actionResult` is none of succeeded, skipped and failed\n")
        .code(1);
}

#[test]
fn all_forms_in_which_extracts_come_are_the_same_events() {
    let plain = format!(
        "{HEADER},actionResult\n\
         7,a1,2026-11-02T10:00:00Z,24,null,null,Fair.Guests,\"{{\"\"Source\"\":\"\"Web service API\"\",\"\"Program Name\"\":null}}\",succeeded\n"
    );
    let tabs = "marketoGUID\tleadId\tactivityDate\tactivityTypeId\tcampaignId\tprimaryAttributeValueId\tprimaryAttributeValue\tattributes\n\
                7\ta1\t2026-11-02T12:00:00+0200\t24\tnull\tnull\tFair.Guests\t\"{\"\"Source\"\":\"\"Web service API\"\"}\"\n";
    let semicolons = "GUID;Lead;activityDate;activityTypeId;primaryAttributeValue;attributes\n\
                      7;a1;2026-11-02T10:00:00+0000;24;Fair.Guests;\"[{\"\"name\"\":\"\"Source\"\",\"\"value\"\":\"\"Web service API\"\"}]\"\n";
    let json = r#"{"guid":7,"leadId":"a1","activityDate":"2026-11-02T10:00:00Z","Type":24,"primaryAttributeValue":"Fair.Guests","attributes":[{"name":"Source","value":"Web service API"}]}"#;
    let files = [
        (plain.as_str(), ""),
        (tabs, ""),
        (semicolons, "--map GUID=marketoGUID --map Lead=leadId"),
        (json, "--map guid=marketoGUID,Type=activityTypeId"),
    ];
    let mut tool = workspace(&[("note", &notes("Note", "added_to_list: Guests"))]);
    for (index, (text, more)) in files.into_iter().enumerate() {
        let name = format!("h{index}.csv");
        tool.write_bytes(&name, text);
        let expected = if index == 0 {
            "read 1, taken 1, entries 1"
        } else {
            "read 1, already_taken 1"
        };
        assert_eq!(taken_from(&mut tool, &name, more), expected, "{name}");
    }
    tool.run("person list --filter 'member_of_list: Guests' --count")
        .stdout("1\n")
        .code(0);
}

/// An activity of `tests/marketo-activities.csv`.
struct Known {
    id: String,
    name: String,
    primary: String,
    attributes: Vec<(String, String)>,
}

#[test]
fn no_two_attributes_of_an_activity_are_one_and_none_is_lost() {
    let known = rows("marketo-activities.csv", 42, |row| Known {
        id: row.text("id"),
        name: row.text("name"),
        primary: row.text("primary"),
        attributes: row
            .list("attributes")
            .iter()
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    });
    let mut extract = format!("{HEADER}\n");
    for (second, one) in known.iter().enumerate() {
        let attributes: serde_json::Map<_, _> = one
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        let attributes = serde_json::Value::Object(attributes).to_string();
        writeln!(
            extract,
            "g{second},a1,2026-11-02T10:00:{second:02}Z,{},null,null,{},\"{}\"",
            one.id,
            one.primary,
            attributes.replace('"', "\"\"")
        )
        .unwrap();
    }
    let mut tool = workspace(&[]).bytes("all.csv", extract);
    assert_eq!(
        taken_from(&mut tool, "all.csv", "--history"),
        format!("read {0}, taken {0}", known.len())
    );
    let logged = tool.rows("person log a1");
    for (second, one) in known.iter().enumerate() {
        let event = format!("g{second}");
        let row = logged.iter().find(|row| row["event_id"] == event.as_str());
        let row = row.unwrap_or_else(|| panic!("{} is not in the log", one.name));
        let mut given: Vec<String> = one.attributes.iter().map(|(_, v)| v.clone()).collect();
        given.push(one.primary.clone());
        let mut kept: Vec<String> = row["attributes"]
            .as_object()
            .unwrap()
            .values()
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect();
        kept.extend(row["primary_value"].as_str().map(str::to_owned));
        given.sort();
        kept.sort();
        assert_eq!(kept, given, "{}: {row}", one.name);
    }
    let bounced = logged
        .iter()
        .find(|row| row["type"] == "email_bounced")
        .unwrap();
    assert_eq!(bounced["attributes"]["email_address"], "ann@example.com");
    assert_eq!(bounced["primary_value"], "Spring.Mail");
}

#[test]
fn history_stands_as_it_is_where_people_are_loaded_as_they_are_today() {
    let mut tool = workspace(&[("note", &notes("Note", "data_value_changes: any"))]);
    tool.done("person load people.csv --list Guests");
    let row = |second: u32, activity: u32, primary: &str, attributes: &str| {
        format!(
            "h{second},a1,2026-11-02T10:00:0{second}Z,{activity},null,null,{primary},\"{}\"\n",
            attributes.replace('"', "\"\"")
        )
    };
    let extract = [
        format!("{HEADER}\n"),
        row(0, 12, "Ann", "{}"),
        row(
            1,
            13,
            "City",
            r#"{"Old Value":"Rome","New Value":"Bergen"}"#,
        ),
        row(
            2,
            13,
            "City",
            r#"{"Old Value":"Bergen","New Value":"Oslo"}"#,
        ),
        row(
            3,
            22,
            "Lead Score",
            r#"{"Old Value":1,"New Value":5,"Change Value":4}"#,
        ),
        row(4, 24, "Guests", "{}"),
        row(5, 13, "Shoe Size", r#"{"Old Value":"43","New Value":"44"}"#),
        row(
            6,
            104,
            "Fair",
            r#"{"Old Status":"Not in Program","New Status":"Invited"}"#,
        ),
        row(
            7,
            104,
            "Fair",
            r#"{"Old Status":"Not in Program","New Status":"Invited"}"#,
        ),
    ];
    tool.write_bytes("h.csv", extract.concat());
    assert_eq!(
        taken_from(&mut tool, "h.csv", "--history"),
        "read 8, taken 8"
    );
    tool.log_is(
        "a1",
        COLUMNS,
        r#"
            new_person {"primary_attribute_value":"Ann"}
            change_data_value city {"new_value":"Bergen","previous_value":"Rome"}
            change_data_value city {"new_value":"Oslo","previous_value":"Bergen"}
            change_score lead_score {"change":4,"new_value":5,"previous_value":1}
            add_to_list Guests
            change_data_value Shoe Size {"new_value":"44","previous_value":"43"}
            change_program_status Fair {"new_status":"Invited","previous_status":"Not in Program","success":false,"acquired_by":true}
            change_program_status Fair {"new_status":"Invited","previous_status":"Not in Program"}
            "#,
    );
    assert_eq!(tool.fields("a1", "city lead_score"), "\"Oslo\" 5");
    let changed = "data_value_changed: { field: city, new_value: Oslo }";
    tool.cells_are(["person", "list", "--filter", changed], "id", "a1\n");
}

#[test]
fn what_a_form_changed_is_logged_once_in_history() {
    let mut tool = workspace(&[("note", &notes("Note", "data_value_changes: any"))]);
    tool.done("person load people.csv");
    let extract = format!(
        "{HEADER}\n\
         f1,a1,2026-11-02T10:00:00Z,2,null,null,Contact,\"{{\"\"Form Fields\"\":\"\"{{}}\"\",\"\"city\"\":\"\"Bergen\"\"}}\"\n\
         f2,a1,2026-11-02T10:00:01Z,13,null,null,City,\"{{\"\"Old Value\"\":\"\"Rome\"\",\"\"New Value\"\":\"\"Bergen\"\"}}\"\n"
    );
    tool.write_bytes("h.csv", &extract);
    assert_eq!(
        taken_from(&mut tool, "h.csv", "--history"),
        "read 2, taken 2"
    );
    tool.log_is(
        "a1",
        "type primary_value attributes.previous_value event_id",
        "
        fill_out_form Contact f1
        change_data_value city previous_value=Rome f2
        ",
    );
    assert_eq!(tool.fields("a1", "city"), "\"Bergen\"");
}
