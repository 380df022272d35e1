//! History from Marketo: extracts of its activity log.

use super::{COLUMNS, notes, taken_from, workspace};

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
    let cases: [(&str, &str, &str); 4] = [
        ("", "read 3, taken 2, skipped_effects 1, entries 1", "50"),
        (
            "--effects skip",
            "read 3, taken 1, skipped_effects 2, entries 1",
            "6",
        ),
        ("--effects take", "read 3, taken 3, entries 1", "50"),
        ("--history", "read 3, taken 2, skipped_effects 1", "50"),
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
    taken_from(&mut tool, "h.csv", "--history --effects take");
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
