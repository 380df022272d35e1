//! `person load --as-members`: lists whose people become members of a program, and Marketo's program member extract.

use super::tool::Tool;

const WORKSPACE: &str = "
programs:
  Fair:
    statuses:
      - { name: Invited, step: 10 }
      - { name: Registered, step: 20 }
      - { name: Attended, step: 30, success: true }
    member_fields: { diet: { type: text }, seats: { type: integer }, arrives: { type: date } }
  Ball:
    statuses: [ { name: Invited, step: 1 } ]
";

const CAMPAIGN: &str = "
name: Watch
program: Fair
smart_list: { triggers: [ program_status_is_changed: { program: Fair } ] }
flow: [ change_score: +1 ]
active: true
";

fn fair() -> Tool {
    Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file("campaigns/workspace.yaml", WORKSPACE)
        .file("campaigns/watch.yaml", CAMPAIGN)
        .bytes(
            "people.csv",
            "email,acquisition_program\nann@example.com,\nbob@example.com,Ball\n",
        )
        .loaded()
}

/// Loads a list of members and returns its counts: added, updated, unchanged, repeated, rejected.
fn load(tool: &mut Tool, csv: &str, options: &str) -> [u64; 5] {
    tool.write_bytes("members.csv", csv);
    let row = tool.row(&*format!(
        "person load members.csv --as-members Fair {options}"
    ));
    ["added", "updated", "unchanged", "repeated", "rejected"].map(|key| row[key].as_u64().unwrap())
}

fn refused(tool: &mut Tool, csv: &str, options: &str) -> String {
    tool.write_bytes("members.csv", csv);
    tool.error(&*format!(
        "person load members.csv --as-members Fair {options}"
    ))
}

fn memberships(tool: &Tool) -> String {
    tool.query(
        "SELECT program, email, status, since, success, success_at, acquired_by, fields FROM v_program_member
         ORDER BY person_id, program",
    )
}

#[test]
fn people_of_a_list_become_members_with_the_first_status() {
    let mut tool = fair();
    let csv = "email\nann@example.com\nzoe@example.com\nANN@example.com\nbob@example.com\n";
    assert_eq!(load(&mut tool, csv, ""), [1, 2, 0, 1, 0]);
    assert_eq!(
        memberships(&tool),
        "Fair|ann@example.com|Invited|2026-11-02T10:00:00Z|0|-|1|{}\n\
         Fair|bob@example.com|Invited|2026-11-02T10:00:00Z|0|-|0|{}\n\
         Fair|zoe@example.com|Invited|2026-11-02T10:00:00Z|0|-|1|{}\n",
        "the first program acquires, and bob came by another"
    );
    assert_eq!(
        tool.query(
            "SELECT email, acquisition_program, acquisition_program_name, acquisition_date FROM v_person
             ORDER BY person_id"
        ),
        "ann@example.com|Fair|Fair|2026-11-02T10:00:00Z\n\
         bob@example.com|Ball|-|-\n\
         zoe@example.com|Fair|Fair|2026-11-02T10:00:00Z\n"
    );
    assert_eq!(
        tool.query("SELECT count(*) FROM v_activity"),
        "0\n",
        "a load logs nothing and starts nothing"
    );
}

#[test]
fn the_same_list_twice_changes_nothing() {
    let mut tool = fair();
    let csv = "email,statusName,membershipDate,reachedSuccess,diet\n\
        ann@example.com,Attended,2026-10-01T08:00:00Z,true,vegan\n\
        zoe@example.com,Invited,2026-10-02,false,\n";
    assert_eq!(load(&mut tool, csv, ""), [1, 1, 0, 0, 0]);
    let before = tool.dump();
    let mut tool = tool.now("2026-11-03T10:00:00Z");
    assert_eq!(load(&mut tool, csv, ""), [0, 0, 2, 0, 0]);
    assert_eq!(tool.dump(), before);
}

#[test]
fn marketos_extract_of_program_members_loads_with_dates_success_and_fields() {
    let mut tool = fair();
    let csv = "firstName,lastName,email,membershipDate,program,statusName,leadId,reachedSuccess,reachedSuccessDate,acquiredBy,webinarUrl,seats,arrives,programId\n\
        Ann,Lee,ann@example.com,2026-09-01T10:00:00Z,Fair,Attended,1001,true,2026-09-20T12:00:00Z,false,https://w.example/1,2,2026-09-19,77\n\
        Bob,null,bob@example.com,2026-09-02T10:00:00Z,fair,invited,1002,false,null,true,null,null,null,77\n\
        Cy,Ng,cy@example.com,2026-09-03T10:00:00Z,Fair,Registered,1003,true,null,true,null,3,null,77\n";
    assert_eq!(load(&mut tool, csv, ""), [1, 2, 0, 0, 0]);
    assert_eq!(
        memberships(&tool),
        "Fair|ann@example.com|Attended|2026-09-01T10:00:00Z|1|2026-09-20T12:00:00Z|0|\
         {\"arrives\":\"2026-09-19\",\"seats\":2,\"webinar_url\":\"https://w.example/1\"}\n\
         Fair|bob@example.com|Invited|2026-09-02T10:00:00Z|0|-|0|{}\n\
         Fair|cy@example.com|Registered|2026-09-03T10:00:00Z|1|2026-11-02T10:00:00Z|1|{\"seats\":3}\n",
        "a success without a date was reached by the load"
    );
    assert_eq!(
        tool.query("SELECT id, email, first_name, acquisition_program, acquisition_date FROM v_person ORDER BY person_id"),
        "1001|ann@example.com|Ann|-|-\n1002|bob@example.com|Bob|Ball|-\n\
         1003|cy@example.com|Cy|Fair|2026-09-03T10:00:00Z\n"
    );
    let shown = tool.row("person show 1003");
    assert_eq!(
        shown["programs"],
        serde_json::json!([{
            "program": "Fair", "status": "Registered", "success": true, "success_at": "2026-11-02T10:00:00Z",
            "since": "2026-09-03T10:00:00Z", "acquired_by": true, "fields": { "seats": 3 },
        }])
    );
    tool.run("person show 1003 -f table")
        .stdout(
            "
            person_id                 3
            id                        1003
            email                     cy@example.com
            created_at                2026-11-02 10:00:00
            updated_at                2026-11-02 10:00:00
            first_name                Cy
            last_name                 Ng
            acquisition_date          2026-09-03 10:00:00
            acquisition_program       Fair
            acquisition_program_name  Fair

            programs
            program  status      since                success              acquired by  member fields
            ─────────────────────────────────────────────────────────────────────────────────────────
            Fair     Registered  2026-09-03 10:00:00  2026-11-02 10:00:00  yes          seats 3
            ",
        )
        .code(0);
}

#[test]
fn a_status_of_a_row_is_what_is_so_and_one_for_all_rows_moves_nobody_down() {
    let mut tool = fair();
    let registered = "email,status\nann@example.com,Registered\n";
    assert_eq!(load(&mut tool, registered, ""), [0, 1, 0, 0, 0]);
    let plain = "email\nann@example.com\n";
    assert_eq!(
        load(&mut tool, plain, ""),
        [0, 0, 1, 0, 0],
        "a member stays"
    );
    assert_eq!(load(&mut tool, plain, "--status Invited"), [0, 0, 1, 0, 0]);
    assert_eq!(load(&mut tool, plain, "--status ATTENDED"), [0, 1, 0, 0, 0]);
    let status = |tool: &Tool| tool.query("SELECT status, success_at FROM v_program_member");
    assert_eq!(status(&tool), "Attended|2026-11-02T10:00:00Z\n");
    let mixed = "email,status\nann@example.com,Invited\nbob@example.com,\n";
    assert_eq!(
        load(&mut tool, mixed, "--status Registered"),
        [0, 2, 0, 0, 0]
    );
    assert_eq!(
        status(&tool),
        "Invited|2026-11-02T10:00:00Z\nRegistered|-\n",
        "a blank status is the one of the option; success stays until a row takes it away"
    );
    let failed = "email,success\nann@example.com,false\n";
    assert_eq!(load(&mut tool, failed, ""), [0, 1, 0, 0, 0]);
    assert_eq!(status(&tool), "Invited|-\nRegistered|-\n");
}

#[test]
fn fields_of_memberships_are_kept_until_null_clears_them() {
    let mut tool = fair();
    let csv = "email,diet,seats\nann@example.com,vegan,2\n";
    load(&mut tool, csv, "");
    load(&mut tool, "email,diet,seats\nann@example.com,,NULL\n", "");
    let fields = |tool: &Tool| tool.query("SELECT fields FROM v_program_member");
    assert_eq!(fields(&tool), "{\"diet\":\"vegan\"}\n");
    load(
        &mut tool,
        "email,Meal\nann@example.com,fish\n",
        "--map Meal=member.diet",
    );
    assert_eq!(fields(&tool), "{\"diet\":\"fish\"}\n");
    assert!(
        !tool.query("SELECT name FROM field").contains("meal"),
        "it is no field of people"
    );
}

#[test]
fn what_a_load_changed_of_memberships_is_known_to_the_past() {
    let mut tool = fair();
    load(&mut tool, "email,status\nann@example.com,Registered\n", "");
    let mut tool = tool.now("2026-11-04T10:00:00Z");
    let csv = "email,status,membershipDate\nann@example.com,Invited,2026-09-01\nann@example.com,Attended,\n";
    assert_eq!(load(&mut tool, csv, ""), [0, 1, 0, 1, 0]);
    let mut then =
        |at: &str| tool.row(&*format!("person show ann@example.com --at {at}"))["programs"].clone();
    assert_eq!(then("2026-11-02T09:00:00Z"), serde_json::json!([]));
    let first = then("2026-11-03T00:00:00Z");
    assert_eq!(
        (
            &first[0]["status"],
            &first[0]["since"],
            &first[0]["success_at"]
        ),
        (
            &"Registered".into(),
            &"2026-11-02T10:00:00Z".into(),
            &serde_json::Value::Null
        )
    );
    let second = then("2026-11-05T00:00:00Z");
    assert_eq!(
        (
            &second[0]["status"],
            &second[0]["since"],
            &second[0]["success_at"]
        ),
        (
            &"Attended".into(),
            &"2026-09-01T00:00:00Z".into(),
            &"2026-11-04T10:00:00Z".into()
        )
    );
    assert_eq!(
        tool.row("person show ann@example.com --at 2026-11-02T09:00:00Z")["person"]["acquisition_program"],
        serde_json::Value::Null
    );
}

#[test]
fn filters_and_tokens_know_members_that_a_list_brought() {
    let mut tool = fair();
    let csv = "email,status,since,success_at,seats\n\
        ann@example.com,Attended,2026-09-01,2026-09-20,2\nbob@example.com,Invited,2026-10-01,,4\n";
    load(&mut tool, csv, "");
    let mut people = |filter: &str| {
        let line = [
            "person",
            "list",
            "--columns",
            "email",
            "-f",
            "csv",
            "--filter",
            filter,
        ];
        tool.text(line.as_slice())
    };
    for (filter, who) in [
        (
            "member_of_program: { is: Fair, seats: { at_least: 3 } }",
            "bob@example.com",
        ),
        (
            "member_of_program: { is: Fair, success: true }",
            "ann@example.com",
        ),
        (
            "member_of_program: { is: Fair, success_date: { before: 2026-10-01, is_not_empty: true } }",
            "ann@example.com",
        ),
        (
            "member_of_program: { is: Fair, membership_date: { after: 2026-09-15 } }",
            "bob@example.com",
        ),
        (
            "member_of_program: { is: Fair, acquired_by: true }",
            "ann@example.com",
        ),
    ] {
        assert_eq!(people(filter), format!("email\n{who}\n"), "{filter}");
    }
}

#[test]
fn a_dry_run_writes_nothing_and_counts_the_same() {
    let mut tool = fair();
    let before = tool.dump();
    let csv = "email\nann@example.com\nzoe@example.com\n";
    assert_eq!(load(&mut tool, csv, "--dry-run"), [1, 1, 0, 0, 0]);
    assert_eq!(tool.dump(), before);
}

#[test]
fn counts_are_the_same_in_every_format() {
    for (format, expected) in [
        (
            "table",
            "file         read  added  updated  unchanged  repeated  rejected\n\
             ────────────────────────────────────────────────────────────────\n\
             members.csv     2      1        1          0         0         0\n",
        ),
        (
            "csv",
            "file,read,added,updated,unchanged,repeated,rejected,entries\nmembers.csv,2,1,1,0,0,0,\n",
        ),
        (
            "jsonl",
            "{\"file\":\"members.csv\",\"read\":2,\"added\":1,\"updated\":1,\"unchanged\":0,\"repeated\":0,\"rejected\":0,\"entries\":null}\n",
        ),
    ] {
        let mut tool = fair();
        tool.write_bytes("members.csv", "email\nann@example.com\nzoe@example.com\n");
        let line = format!("person load members.csv --as-members Fair -f {format}");
        tool.run(&*line).stdout(expected).code(0);
    }
}

#[test]
fn what_is_wrong_with_a_list_of_members_is_said_with_its_place() {
    let mut tool = fair();
    let before = tool.dump();
    for (csv, error) in [
        (
            "email,status\nann@example.com,Regstered\n",
            "members.csv:2:17: `status` is not a status of `Fair`\nhelp: did you mean `Registered`?",
        ),
        (
            "email,status\nann@example.com,Not in Program\n",
            "members.csv:2:17: `status` is `Not in Program`, which no member has",
        ),
        (
            "email,program\nann@example.com,Fair\nbob@example.com,Ball\n",
            "members.csv:3:17: `program` is not `Fair`",
        ),
        (
            "programId,email\n7,ann@example.com\n8,bob@example.com\n",
            "members.csv:3:1: `programId` is another program's than in the first row",
        ),
        (
            "email,reachedSuccess,reachedSuccessDate\nann@example.com,false,2026-09-20\n",
            "members.csv:2:23: `reachedSuccessDate` is the date of a success, and the row says that there was none",
        ),
        (
            "email,membershipDate\nann@example.com,yesterday\n",
            "members.csv:2:17: `membershipDate` wants",
        ),
        (
            "email,status,statusName\nann@example.com,Invited,Invited\n",
            "members.csv:1:14: `status` and `statusName` are the same field",
        ),
    ] {
        let message = refused(&mut tool, csv, "");
        assert!(message.contains(error), "{csv}: {message}");
    }
    let message = refused(
        &mut tool,
        "email,Meal\nann@example.com,x\n",
        "--map Meal=member.diets",
    );
    assert!(message.contains("did you mean `diet`?"), "{message}");
    assert_eq!(tool.dump(), before);
}

#[test]
fn an_unknown_program_or_status_names_the_nearest() {
    let mut tool = fair();
    tool.write_bytes("members.csv", "email\nann@example.com\n");
    tool.run("person load members.csv --as-members Fiar")
        .stderr("error: no program `Fiar`\nhelp: did you mean `Fair`?\n")
        .code(4);
    tool.run("person load members.csv --as-members Fair --status Atended")
        .stderr("error: `Atended` is not a status of `Fair`\nhelp: did you mean `Attended`?\n")
        .code(4);
    tool.run("person load members.csv --status Attended")
        .any_stderr()
        .code(2);
    tool.run("person load members.csv --as-members Fair --as-activities")
        .stderr(
            "error: `--as-members` sets memberships, and `--as-activities` logs what happens: one load does one of them\n\
             help: to log changes of status, replay them: `bugle campaign replay-events FILE --type change_program_status`\n",
        )
        .code(2);
}

#[test]
fn where_no_program_is_declared_its_name_is_plain_and_rows_need_a_status() {
    let mut tool = Tool::new().now("2026-11-02T10:00:00Z");
    tool.write_bytes("members.csv", "email\nann@example.com\n");
    let message = tool.error("person load members.csv --as-members Fair");
    assert!(
        message.contains("no column says which status the members of `Fair` have"),
        "{message}"
    );
    tool.done("person load members.csv --as-members Fair --status Came");
    assert_eq!(
        memberships(&tool),
        "Fair|ann@example.com|Came|2026-11-02T10:00:00Z|0|-|1|{}\n"
    );
    tool.write_bytes(
        "members.csv",
        "email,status\nann@example.com,Gone\nbob@example.com,\n",
    );
    let message = tool.error("person load members.csv --as-members Fair");
    assert!(message.contains("members.csv:3:"), "{message}");
    let rejects = "person load members.csv --as-members Fair --rejects bad.csv";
    tool.run(rejects).any_stdout().any_stderr().code(6);
    assert_eq!(
        tool.query("SELECT email, status FROM v_program_member"),
        "ann@example.com|Gone\n"
    );
}

#[test]
fn the_columns_of_the_view_load_what_it_shows() {
    let mut tool = fair();
    let csv =
        "email,status,since,success_at,diet\nann@example.com,Attended,2026-09-01,2026-09-20,fish\n";
    load(&mut tool, csv, "--list Guests");
    let shown = memberships(&tool);
    let view = tool.query("SELECT program, email, status, since, success, success_at, acquired_by FROM v_program_member");
    let header = "program,email,status,since,success,success_at,acquired_by,diet\n";
    let row = view
        .trim()
        .replace("|1|", "|true|")
        .replace("|1", "|true")
        .replace('|', ",");
    let mut other = fair();
    load(&mut other, &format!("{header}{row},fish\n"), "");
    assert_eq!(memberships(&other), shown);
}
