//! Programs: forms that make members, who acquired whom, fields of memberships, and what filters and tokens know of all that.

use super::tool::Tool;

const FAIR: &str = "
programs:
  Fair:
    description: Three days in spring
    statuses:
      - { name: Invited, step: 10 }
      - { name: Registered, step: 20 }
      - { name: Attended, step: 30, success: true }
    forms: [Fair, Fair late]
    form_status: Registered
    member_fields: { diet: { type: text }, seats: { type: integer }, arrives: { type: date } }
  Ball:
    statuses: [ { name: Invited, step: 1 } ]
    forms: [Ball]
";

const PEOPLE: &str = "email,acquisition_program\nann@example.com,\nbob@example.com,Ball\n";

fn fair(campaigns: &str) -> Tool {
    Tool::new()
        .now("2026-11-09T00:00:00Z")
        .file("campaigns/workspace.yaml", FAIR)
        .file("campaigns/campaigns.yaml", campaigns)
        .bytes("people.csv", PEOPLE)
        .loaded()
}

const NOTHING: &str = "
name: Nothing
smart_list: { filters: [ member_of_smart_list: All People ] }
flow: [ change_score: +0 ]
";

fn memberships(tool: &Tool) -> String {
    tool.query(
        "SELECT program, email, status, since, success, success_at, acquired_by, fields FROM v_program_member
         ORDER BY person_id, program",
    )
}

#[test]
fn who_fills_out_a_form_of_a_program_becomes_a_member() {
    let mut tool = fair(
        "
        name: Registered
        program: Fair
        smart_list: { triggers: [ program_status_is_changed: { program: Fair, new_status: Registered } ] }
        flow: [ add_to_list: Guests ]
        active: true
        ",
    );
    tool.replay(
        r#"
        {"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"fair","city":"Oslo"}
        {"at":"2026-11-02T11:00:00Z","person":"zoe@example.com","type":"fills_out_form","form":"Fair late"}
        {"at":"2026-11-02T12:00:00Z","person":"bob@example.com","type":"fills_out_form","form":"Other"}
        {"at":"2026-11-03T10:00:00Z","person":"ann@example.com","type":"change_program_status","program":"Fair","new_status":"Attended"}
        {"at":"2026-11-04T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Fair"}
        "#,
    );
    assert_eq!(
        memberships(&tool),
        "Fair|ann@example.com|Attended|2026-11-02T10:00:00Z|1|2026-11-03T10:00:00Z|1|{}\n\
         Fair|zoe@example.com|Registered|2026-11-02T11:00:00Z|0|-|1|{}\n",
        "a member stays what they are"
    );
    assert_eq!(
        tool.query("SELECT email FROM v_list_member ORDER BY email"),
        "ann@example.com\nzoe@example.com\n"
    );
    tool.log_is(
        "ann@example.com",
        "type primary_value attributes.new_status attributes.reason attributes.acquired_by",
        "
        fill_out_form fair
        change_data_value city
        change_program_status Fair new_status=Registered reason=Web form fillout acquired_by=true
        add_to_list Guests reason=-
        change_program_status Fair new_status=Attended
        fill_out_form Fair
        "
        .replace(" reason=-", "")
        .as_str(),
    );
}

#[test]
fn the_first_membership_acquires_and_none_after_it() {
    let mut tool = fair(
        "
        name: Invite
        program: Fair
        smart_list: { filters: [ member_of_smart_list: All People ] }
        flow:
          - change_program_status: { program: Ball, status: Invited }
          - change_program_status: Invited
        ",
    );
    tool.done("campaign run Invite --now 2026-11-02T10:00:00Z");
    assert_eq!(
        memberships(&tool),
        "Ball|ann@example.com|Invited|2026-11-02T10:00:00Z|0|-|1|{}\n\
         Fair|ann@example.com|Invited|2026-11-02T10:00:00Z|0|-|0|{}\n\
         Ball|bob@example.com|Invited|2026-11-02T10:00:00Z|0|-|1|{}\n\
         Fair|bob@example.com|Invited|2026-11-02T10:00:00Z|0|-|0|{}\n"
    );
    assert_eq!(
        tool.query(
            "SELECT acquisition_program, acquisition_program_name, acquisition_date FROM v_person"
        ),
        "Ball|Ball|2026-11-02T10:00:00Z\nBall|-|-\n",
        "what a list brought stays"
    );
    let before = tool.row("person show ann@example.com --at 2026-11-01T00:00:00Z");
    assert_eq!(
        before["person"]["acquisition_program"],
        serde_json::Value::Null
    );
    assert_eq!(before["programs"].as_array().unwrap().len(), 0);
}

#[test]
fn where_a_status_acquires_no_earlier_one_does() {
    let mut tool = Tool::new()
        .now("2026-11-09T00:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            programs:
              Fair: { statuses: [ { name: Invited, step: 1 }, { name: Came, step: 2, acquires: true } ] }
              Ball: { statuses: [ { name: Invited, step: 1 } ] }
            ",
        )
        .file("campaigns/nothing.yaml", NOTHING)
        .bytes("people.csv", PEOPLE)
        .loaded();
    let status = |at: &str, program: &str, status: &str| {
        format!(
            r#"{{"at":"2026-11-0{at}T10:00:00Z","person":"ann@example.com","type":"change_program_status","program":"{program}","new_status":"{status}"}}"#
        ) + "\n"
    };
    let first = [
        status("1", "Ball", "Invited"),
        status("2", "Fair", "Invited"),
    ];
    tool.replay(&first.concat());
    let acquired = "SELECT acquisition_program, acquisition_date FROM v_person WHERE person_id = 1";
    assert_eq!(
        tool.query("SELECT sum(acquired_by) FROM v_program_member"),
        "0\n"
    );
    tool.replay(&status("3", "Fair", "Came"));
    assert_eq!(tool.query(acquired), "Fair|2026-11-03T10:00:00Z\n");
}

#[test]
fn filters_know_dates_success_acquisition_and_fields_of_memberships() {
    let mut tool = fair(NOTHING);
    tool.replay(
        r#"
        {"at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Fair"}
        {"at":"2026-11-05T10:00:00Z","person":"bob@example.com","type":"change_program_status","program":"Fair","new_status":"Attended"}
        "#,
    );
    tool.write(
        "campaigns/data.yaml",
        "
        name: Data
        program: Fair
        smart_list: { filters: [ email: ann@example.com ] }
        flow:
          - change_program_member_data: { field: seats, value: 12 }
          - change_program_member_data: { field: arrives, value: 2027-04-01 }
          - change_program_member_data: { field: seats, value: \"{{lead.email}}\" }
          - change_program_member_data: { field: seats, value: \"{{lead.lead_score:default=12}}\" }
        ",
    );
    tool.load().done("campaign run Data");
    tool.cells_are(
        "person log ann@example.com --campaign Data",
        "type outcome reason",
        "
        change_program_member_data succeeded
        change_program_member_data succeeded
        change_program_member_data failed does not fit integer
        change_program_member_data skipped no change
        ",
    );
    let mut holds = |filter: &str| -> String {
        let line = ["person", "list", "--filter", filter];
        let rows = tool.rows(line);
        let names = rows
            .iter()
            .map(|row| row["email"].as_str().unwrap()[..3].to_owned());
        names.collect::<Vec<String>>().join(" ")
    };
    for (filter, who) in [
        ("member_of_program: any", "ann bob"),
        ("member_of_program: { is_not: any }", ""),
        ("member_of_program: { is: any, success: true }", "bob"),
        (
            "member_of_program: { is: Fair, membership_date: { before: 2026-11-03 } }",
            "ann",
        ),
        (
            "member_of_program: { is: Fair, success_date: 2026-11-05 }",
            "bob",
        ),
        (
            "member_of_program: { is: Fair, success_date: { is_empty: true } }",
            "ann",
        ),
        ("member_of_program: { is: Fair, acquired_by: true }", "ann"),
        ("member_of_program: { is: Fair, acquired_by: false }", "bob"),
        (
            "member_of_program: { is: Fair, seats: { at_least: 12 } }",
            "ann",
        ),
        (
            "member_of_program: { is: Fair, seats: { is_empty: true } }",
            "bob",
        ),
        (
            "member_of_program: { is: Fair, arrives: { in_future: 1 year } }",
            "ann",
        ),
        ("member_of_program: { is: Ball }", ""),
        ("member_of_list: any", ""),
        ("member_of_smart_campaign: any", "ann"),
        ("member_of_smart_campaign: { is_not: any }", "bob"),
    ] {
        assert_eq!(holds(filter), who, "{filter}");
    }
}

#[test]
fn someone_who_is_no_member_has_the_status_not_in_program() {
    let campaign = |number: usize, filter: &str| {
        format!(
            "---\nname: Ask {number}\nprogram: Fair\nsmart_list: {{ filters: [ program_status: {filter} ] }}\n\
             flow: [ change_score: +1 ]\n"
        )
    };
    let asked = [
        ("Not in Program", "bob"),
        ("[not in program, Registered]", "ann bob"),
        ("{ is_not: Not in Program }", "ann"),
        ("{ is_not: [Not in Program, Registered] }", ""),
        ("{ is_empty: true }", "bob"),
        ("{ is_not: Registered }", "bob"),
    ];
    let numbered = asked.iter().enumerate();
    let campaigns: String = numbered
        .map(|(n, (filter, _))| campaign(n, filter))
        .collect();
    let mut tool = fair(&campaigns);
    tool.replay(r#"{"at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Fair"}"#);
    for (number, (filter, who)) in asked.iter().enumerate() {
        tool.done(["campaign", "run", &format!("Ask {number}")]);
        let sql = format!(
            "SELECT substr(email, 1, 3) FROM v_member WHERE campaign = 'Fair.Ask {number}' ORDER BY 1"
        );
        let found: Vec<String> = tool.query(&sql).lines().map(str::to_owned).collect();
        assert_eq!(found.join(" "), *who, "{filter}");
    }
}

#[test]
fn events_end_memberships_too_and_tokens_show_it() {
    let mut tool = fair(
        "
        name: Remind
        program: Fair
        smart_list: { triggers: [ visits_web_page: any ] }
        flow:
          - change_program_member_data: { field: arrives, value: 2027-04-01 }
          - interesting_moment:
              type: Web
              description: >-
                {{program.description}}: {{member.Program Status}}, {{member.success}}, {{member.acquired by}},
                {{member.membership date}}, {{member.success date:default=never}}, {{member.arrives}}, {{member.diet:default=any}}
        qualification: every_time
        active: true
        ",
    );
    tool.replay(
        r#"
        {"at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Fair"}
        {"at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"visits_web_page","web_page":"/"}
        {"at":"2026-11-03T10:00:00Z","person":"ann@example.com","type":"change_program_status","program":"Fair","new_status":"not in program"}
        {"at":"2026-11-04T10:00:00Z","person":"ann@example.com","type":"change_program_status","program":"Fair","new_status":"Not in Program"}
        "#,
    );
    assert_eq!(memberships(&tool), "");
    tool.log_is(
        "ann@example.com",
        "type attributes.new_status attributes.previous_status attributes.description outcome reason",
        "
        fill_out_form
        change_program_status new_status=Registered previous_status=Not in Program
        visit_webpage
        change_program_member_data succeeded
        interesting_moment description=Three days in spring: Registered, false, true, 2026-11-01 10:00:00, never, 2027-04-01, any succeeded
        change_program_status new_status=not in program previous_status=Registered
        change_program_status new_status=Not in Program skipped no change
        ",
    );
    assert_eq!(
        tool.query("SELECT acquisition_program FROM v_person WHERE person_id = 1"),
        "Fair\n",
        "who acquired someone stays so"
    );
}

#[test]
fn a_sent_email_says_by_which_run_step_and_choice() {
    let mut tool = fair(
        "
        name: Letter
        smart_list: { filters: [ member_of_smart_list: All People ] }
        flow:
          - change_score: +1
          - send_email:
              choices: [ { if: { email: ann@example.com }, email: spring } ]
              default: { email: autumn }
        ---
        name: First choice
        smart_list: { filters: [ was_sent_email: { choice_number: 1, step_id: 2, campaign_run_id: 1 } ] }
        flow: [ change_score: +1 ]
        ",
    );
    tool.done("campaign run Letter")
        .done("campaign run 'First choice'");
    assert_eq!(
        tool.query(
            "SELECT attributes FROM v_activity WHERE type = 'send_email' ORDER BY person_id"
        ),
        "{\"campaign_run_id\":1,\"choice_number\":1,\"step_id\":2}\n{\"campaign_run_id\":1,\"step_id\":2}\n"
    );
    assert_eq!(
        tool.query("SELECT email FROM v_member WHERE campaign = 'First choice'"),
        "ann@example.com\n"
    );
}

#[test]
fn events_set_fields_and_success_of_a_membership() {
    let mut tool = Tool::new()
        .now("2026-12-01T00:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            programs:
              Fair:
                statuses: [ { name: Invited, step: 1 }, { name: Attended, step: 2, success: true } ]
                member_fields: { diet: { type: text }, seats: { type: integer } }
            ",
        )
        .file(
            "campaigns/back.yaml",
            "
            name: Back
            program: Fair
            active: true
            smart_list: { triggers: [ fills_out_form: Back ] }
            flow: [ change_program_status: Not in Program, change_program_status: Invited ]
            ",
        )
        .file("people.csv", "email\nann@example.com\n")
        .loaded();
    let event = |hour: u8, activity: &str, more: &str| {
        format!(
            r#"{{"at":"2026-11-02T{hour:02}:00:00Z","person":"ann@example.com","type":"{activity}",{more}}}"#
        )
    };
    let data = |hour, field: &str, value: &str| {
        let more = format!(r#""program":"Fair","field":"{field}","new_value":{value}"#);
        event(hour, "change_program_member_data", &more)
    };
    let success = |hour, success: bool| {
        event(
            hour,
            "change_program_success",
            &format!(r#""program":"fair","success":{success}"#),
        )
    };
    let events = [
        data(1, "diet", r#""vegan""#),
        event(
            2,
            "change_program_status",
            r#""program":"Fair","new_status":"Attended""#,
        ),
        data(3, "Diet", r#""vegan""#),
        data(4, "seats", r#""2""#),
        data(5, "seats", r#""many""#),
        success(6, false),
        success(7, false),
        data(8, "diet", "null"),
        success(9, true),
    ];
    tool.replay(&events.join("\n"));
    tool.log_is(
        "ann@example.com",
        "type attributes outcome",
        r#"
        change_program_member_data {"field":"diet","new_value":"vegan"} skipped
        change_program_status {"new_status":"Attended","previous_status":"Not in Program","success":true,"acquired_by":true}
        change_program_member_data {"field":"Diet","new_value":"vegan"}
        change_program_member_data {"field":"seats","new_value":2}
        change_program_member_data {"field":"seats","new_value":"many"} failed
        change_program_success {"success":false}
        change_program_success {"success":false} skipped
        change_program_member_data {"field":"diet","previous_value":"vegan"}
        change_program_success {"success":true}
        "#,
    );
    let membership = |tool: &mut Tool, at: &str| {
        let shown = tool.row(["person", "show", "ann@example.com", "--at", at]);
        let program = &shown["programs"][0];
        format!("{} {}", program["success_at"], program["fields"])
    };
    for (at, expected) in [
        (
            "2026-11-02T04:30:00Z",
            r#""2026-11-02T02:00:00Z" {"diet":"vegan","seats":2}"#,
        ),
        ("2026-11-02T07:30:00Z", r#"null {"diet":"vegan","seats":2}"#),
        (
            "2026-11-02T10:00:00Z",
            r#""2026-11-02T09:00:00Z" {"seats":2}"#,
        ),
    ] {
        assert_eq!(membership(&mut tool, at), expected, "{at}");
    }
    let seats = "member_of_program: { is: Fair, seats: { at_least: 2 }, success: true }";
    assert_eq!(
        tool.text(["person", "list", "--count", "--filter", seats]),
        "1\n"
    );
    tool.done("db check");
    tool.replay(r#"{"at":"2026-11-03T00:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"Back"}"#);
    let back = "member_of_program: { is: Fair, status: Invited, acquired_by: true }";
    assert_eq!(
        tool.text(["person", "list", "--count", "--filter", back]),
        "1\n"
    );
    tool.done("db check");
}

#[test]
fn what_an_extract_says_of_flows_and_acquisition_that_are_not_ours_is_no_damage() {
    let mut tool = Tool::new()
        .now("2026-12-01T00:00:00Z")
        .file(
            "campaigns/wait.yaml",
            "
            name: Wait
            active: true
            smart_list: { triggers: [ fills_out_form: any ] }
            flow: [ wait: 60 days ]
            ",
        )
        .file("people.csv", "email\nann@example.com\n")
        .loaded();
    tool.replay(
        r#"
        {"at":"2026-11-01T00:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"a"}
        {"at":"2026-11-02T00:00:00Z","person":"ann@example.com","type":"remove_from_flow","campaign":"Wait"}
        {"at":"2026-11-03T00:00:00Z","person":"ann@example.com","type":"change_program_status","program":"Fair","new_status":"In","acquired_by":true}
        {"at":"2026-11-04T00:00:00Z","person":"ann@example.com","type":"change_program_status","program":"Tour","new_status":"In","acquired_by":true}
        "#,
    );
    tool.done("db check");
    let acquired = |tool: &mut Tool, at: &str| {
        let shown = tool.row(["person", "show", "ann@example.com", "--at", at]);
        let programs = shown["programs"].as_array().unwrap().iter();
        let programs: Vec<String> = programs
            .map(|one| format!("{}:{}", one["program"], one["acquired_by"]))
            .collect();
        format!(
            "{} {} {}",
            shown["person"]["acquisition_program"],
            programs.join(" "),
            shown["waits"].as_array().unwrap().len()
        )
    };
    for (at, expected) in [
        ("2026-11-02T12:00:00Z", "null  1"),
        ("2026-11-03T12:00:00Z", r#""Fair" "Fair":true 1"#),
        (
            "2026-11-04T12:00:00Z",
            r#""Fair" "Fair":true "Tour":false 1"#,
        ),
    ] {
        assert_eq!(acquired(&mut tool, at), expected, "{at}");
    }
}
