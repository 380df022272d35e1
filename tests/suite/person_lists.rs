//! Person lists as people have them: keys that are none, screens' dates and numbers, missing headers, hidden characters.

use std::fmt::Write as _;

use super::tool::Tool;

fn tool() -> Tool {
    Tool::new().now("2026-12-01T09:00:00Z")
}

/// So many rows, of whom one in `people` has the same key.
fn repeating(rows: usize, people: usize) -> String {
    let mut csv = String::from("id,city\n");
    for row in 0..rows {
        writeln!(csv, "{},Rome", row % people).unwrap();
    }
    csv
}

#[test]
fn a_list_in_which_many_rows_repeat_a_key_is_refused() {
    let mut tool = tool().bytes("p.csv", repeating(200, 170).as_bytes());
    tool.run(["person", "load", "p.csv"])
        .stderr(
            "error: p.csv:172:1: 30 of 200 rows repeat the key of an earlier row, first on lines 172, 173, 174\n\
             help: is it the right key? `--key` names other columns, and `--key row` numbers the rows; `--allow-repeats` loads the file as it is\n",
        )
        .code(1);
    tool.run(["-f", "csv", "person", "load", "p.csv", "--allow-repeats"])
        .stdout(
            "file,read,added,updated,unchanged,repeated,rejected,entries\n\
             p.csv,200,170,0,0,30,0,\n",
        )
        .code(0);
    // Fewer than 20 rows, or one in ten, are not sign of a wrong key.
    for (rows, people) in [(100, 81), (200, 180)] {
        let csv = repeating(rows, people);
        let mut tool = self::tool().bytes("p.csv", csv.as_bytes());
        tool.run(["-f", "csv", "person", "load", "p.csv"])
            .stdout(&format!(
                "file,read,added,updated,unchanged,repeated,rejected,entries\n\
                 p.csv,{rows},{people},0,0,{},0,\n",
                rows - people
            ))
            .code(0);
    }
}

#[test]
fn a_list_taken_as_activities_is_refused_for_the_same_keys() {
    let mut tool = tool().bytes("p.csv", repeating(200, 170).as_bytes());
    tool.run(["person", "load", "p.csv", "--as-activities"])
        .stderr(
            "error: p.csv:172:1: 30 of 200 rows repeat the key of an earlier row, first on lines 172, 173, 174\n\
             help: is it the right key? `--key` names other columns, and `--key row` numbers the rows; `--allow-repeats` loads the file as it is\n",
        )
        .code(1);
}

#[test]
fn rows_with_one_key_and_different_emails_are_refused() {
    let mut tool = tool().file(
        "p.csv",
        "
        id,email
        1,ann@example.com
        2,ben@example.com
        1,ANN@example.com
        1,
        2,cleo@example.com
        ",
    );
    let refused = "error: p.csv:6:1: 1 row has the key of an earlier row and another email: the one of line 3\n\
        help: is it the right key? `--key` names other columns, and `--key row` numbers the rows; `--allow-repeats` loads the file as it is\n";
    tool.run(["person", "load", "p.csv", "--key", "id"])
        .stderr(refused)
        .code(1);
    tool.run([
        "person",
        "load",
        "p.csv",
        "--key",
        "id",
        "--rejects",
        "bad.csv",
    ])
    .stderr(refused)
    .code(1);
    tool.run([
        "-f",
        "csv",
        "person",
        "load",
        "p.csv",
        "--key",
        "id",
        "--allow-repeats",
    ])
    .stdout("file,read,added,updated,unchanged,repeated,rejected,entries\np.csv,5,2,0,0,3,0,\n")
    .code(0);
}

#[test]
fn any_column_several_or_the_row_may_be_the_key() {
    let list = "
        Lead No,First Name,Last Name,City
        7,Ann,Lee,Rome
        8,Ann,Lee,
        9,Ben,,Oslo
        ";
    let ids = |key: &str| {
        let mut tool = tool().file("p.csv", list);
        tool.run(["-q", "person", "load", "p.csv", "--key", key])
            .any_stdout()
            .code(0);
        let output = tool
            .command()
            .args(["-f", "csv", "person", "list", "--columns", "id,lead_no"])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(ids("Lead No"), "id,lead_no\n7,7\n8,8\n9,9\n");
    assert_eq!(
        ids("First Name,last_name,city"),
        "id,lead_no\nAnn/Lee/Rome,7\nAnn/Lee/,8\nBen//Oslo,9\n"
    );
    assert_eq!(ids("row"), "id,lead_no\np.csv:1,7\np.csv:2,8\np.csv:3,9\n");
}

#[test]
fn a_key_made_of_columns_leaves_no_room_for_an_id_column() {
    let mut tool = tool().file("p.csv", "id,phone\n1,5551\n");
    tool.run(["person", "load", "p.csv", "--key", "phone"])
        .stderr(
            "error: p.csv:1:1: `id` is `id`, which `--key` makes of other columns\n\
             help: give the column another name: `--map \"id=other_id\"`\n",
        )
        .code(1);
    tool.run(["person", "load", "p.csv", "--key", "phon"])
        .stderr(
            "error: p.csv:1:1: no column `phon`\n\
             help: did you mean `phone`?\n",
        )
        .code(1);
    tool.run([
        "person",
        "load",
        "p.csv",
        "--key",
        "phone",
        "--map",
        "id=crm_id",
        "-f",
        "csv",
    ])
    .stdout("file,read,added,updated,unchanged,repeated,rejected,entries\np.csv,1,1,0,0,0,0,\n")
    .stderr("note: new field `crm_id`: integer\n")
    .code(0);
}

#[test]
fn without_a_key_only_columns_whose_cells_are_unique_are_proposed() {
    let help = |csv: &str| {
        let tool = tool().file("p.csv", csv);
        let output = tool
            .command()
            .args(["person", "load", "p.csv"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("help: "));
        line.unwrap_or_default().to_owned()
    };
    assert_eq!(
        help("age,Work Email,city\n40,a@x.test,Rome\n40,b@x.test,Rome\n"),
        "column `Work Email` holds addresses: `--map \"Work Email=email\"` takes them as the key"
    );
    assert_eq!(
        help("age,number,city\n40,1,Rome\n40,2,Rome\n"),
        "column `number` has another value in every row: `--key \"number\"` takes it as the key"
    );
    assert_eq!(
        help("age,city\n40,Rome\n40,Rome\n"),
        "no column has another value in every row: `--key first,last` joins columns, `--key row` numbers the rows"
    );
}

#[test]
fn a_list_without_a_header_row_quotes_nobody() {
    let mut tool = tool()
        .file(
            "mail.csv",
            "ann@example.com,Ann,Lee\nben@example.com,Ben,May\n",
        )
        .file("ids.csv", "17,Ann,Ann\n18,Ben,Ben\n");
    tool.run(["person", "load", "mail.csv"])
        .stderr(
            "error: mail.csv:1:1: the first row holds an email address, so it is not a header row\n\
             help: name the columns in a first row: `email,first_name`\n",
        )
        .code(1);
    tool.run(["person", "load", "ids.csv"])
        .stderr(
            "error: ids.csv:1:8: column 3 is given twice\n\
             error: ids.csv:1:1: no column says who is meant: `email` or `id`\n\
             help: column 1 has another value in every row: `--key \"NAME\"` takes it as the key\n",
        )
        .code(1);
    // A row of words above numbers and days is one of headers.
    tool.write_bytes("crm.csv", "lead_no,since\nx1,2026-01-01\nx2,2026-01-02\n");
    tool.run(["person", "load", "crm.csv"])
        .stderr(
            "error: crm.csv:1:1: no column says who is meant: `email` or `id`\n\
             help: column `lead_no` has another value in every row: `--key \"lead_no\"` takes it as the key\n",
        )
        .code(1);
    tool.run(["person", "load", "crm.csv", "--key", "id"])
        .stderr(
            "error: crm.csv:1:1: no column `id`\n\
             help: column `lead_no` has another value in every row: `--key \"lead_no\"` takes it as the key\n",
        )
        .code(1);
}

#[test]
fn a_list_with_bad_rows_is_not_judged_by_those_that_are_left() {
    let mut text = "name,city\n".to_owned();
    for number in 0..1100 {
        let city = if number == 3 { "" } else { "Rome" };
        writeln!(text, "p{number},{city}").unwrap();
    }
    let mut tool = tool().bytes("p.csv", text);
    tool.run("person load p.csv --key city")
        .stderr("error: p.csv:5:4: the columns of the key are blank, so nobody is meant\n")
        .code(1);
}

#[test]
fn the_name_of_a_list_hides_nothing() {
    let mut tool = tool().file("p.csv", "email\nann@example.com\n");
    tool.run(["person", "load", "p.csv", "--list", "V\u{200b}IP"])
        .stderr(
            "
            error: invalid value 'V\\u{200b}IP' for '--list <NAME>': the name holds the invisible character U+200B

            For more information, try '--help'.
            ",
        )
        .code(2);
}

#[test]
fn invisible_characters_are_refused_in_addresses_and_names() {
    let mut tool = tool().bytes(
        "p.csv",
        "email,First Name\nan\u{200b}n@example.com,Ann\nben@example.com,B\u{202e}en\ncleo@example.com,👩\u{200d}💻\n".as_bytes(),
    );
    tool.run(["person", "load", "p.csv"])
        .stderr(
            "error: p.csv:2:1: `email` holds the invisible character U+200B\n\
             error: p.csv:3:17: `First Name` holds the invisible character U+202E\n",
        )
        .code(1);
    let mut tool = self::tool().bytes(
        "p.csv",
        "email,Ci\u{200b}ty\nann@example.com,Rome\n".as_bytes(),
    );
    tool.run(["person", "load", "p.csv"])
        .stderr("error: p.csv:1:7: `Ci\\u{200b}ty` holds the invisible character U+200B\n")
        .code(1);
    let mut joined = self::tool().bytes(
        "p.csv",
        "email,First Name\nann@example.com,👩\u{200d}💻\n".as_bytes(),
    );
    joined
        .run(["-q", "person", "load", "p.csv"])
        .any_stdout()
        .code(0);
}

const SCREEN: &str = "
    email,Date of Birth,Annual Revenue,Lead Score,Unsubscribed,Joined,Paid,Vip
    ann@example.com,3/2/1990,\"$1,000.50\",\"1,200\",Yes,11/22/2025,\"$2,500.00\",no
    ben@example.com,12/31/1985,$250,7,No,1/9/2026,$3.25,YES
    ";

#[test]
fn a_list_from_a_screen_is_read_in_the_forms_that_options_name() {
    let mut tool = tool().file("p.csv", SCREEN);
    let load = [
        "person",
        "load",
        "p.csv",
        "--date-format",
        "%m/%d/%Y",
        "--number-format",
        "$1,000.50",
        "--booleans",
        "Yes/No",
    ];
    tool.run(load)
        .stderr(
            "note: new field `joined`: date\n\
             note: new field `paid`: float\n\
             note: new field `vip`: boolean\n",
        )
        .any_stdout()
        .code(0);
    tool.run("person list -f csv --columns date_of_birth,annual_revenue,lead_score,unsubscribed,joined,paid,vip")
        .stdout(
        "date_of_birth,annual_revenue,lead_score,unsubscribed,joined,paid,vip\n\
         1990-03-02,1000.5,1200,true,2025-11-22,2500.0,false\n\
         1985-12-31,250.0,7,false,2026-01-09,3.25,true\n",
    )
    .code(0);
}

#[test]
fn without_an_option_nothing_is_guessed_and_the_error_proposes_it() {
    let mut tool = tool().file("p.csv", SCREEN);
    tool.run(["person", "load", "p.csv", "--map", "Joined=joined"])
        .stderr(
            "error: p.csv:2:17: `Date of Birth` wants a date as YYYY-MM-DD (2 times, the last in line 3)\n\
             help: `--date-format` reads other forms: `%m/%d/%Y` for 3/25/2026, `%d.%m.%Y` for 25.3.2026\n\
             error: p.csv:2:26: `Annual Revenue` wants a number such as 12.50 (2 times, the last in line 3)\n\
             error: p.csv:2:38: `Lead Score` wants a whole number of at most 32 bits, such as 42\n\
             help: `--number-format` reads other forms, given by how 1000.5 is written: `$1,000.50`, `1.000,5`\n\
             error: p.csv:2:46: `Unsubscribed` wants true or false (2 times, the last in line 3)\n\
             help: `--booleans Yes/No` names the words for true and false\n",
        )
        .code(1);
}

#[test]
fn a_number_is_never_read_in_two_ways() {
    let mut tool = tool().file("p.csv", "email,annual_revenue\nann@example.com,1.234\n");
    tool.run(["person", "load", "p.csv", "--number-format", "1.000,5"])
        .any_stdout()
        .code(0);
    tool.run(["-f", "csv", "person", "list", "--columns", "annual_revenue"])
        .stdout("annual_revenue\n1234.0\n")
        .code(0);
    let mut tool = self::tool().file("p.csv", "email,annual_revenue\nann@example.com,12.5\n");
    tool.run(["person", "load", "p.csv", "--number-format", "1.000,5"])
        .stderr(
            "error: p.csv:2:17: `annual_revenue` is not written as the option for its type says\n",
        )
        .code(1);
}

#[test]
fn a_checkbox_in_an_event_is_true_or_false() {
    let mut tool = tool()
        .file("p.csv", "email\nann@example.com\nben@example.com\n")
        .file(
            "events.jsonl",
            r#"
            {"id":"1","at":"2026-11-02T10:00:00Z","person":"ann@example.com","type":"fills_out_form","form":"f","unsubscribed":"on"}
            {"id":"2","at":"2026-11-02T10:01:00Z","person":"ben@example.com","type":"change_data_value","field":"unsubscribed","new_value":"Yes"}
            "#,
        );
    tool.run(["-q", "person", "load", "p.csv"])
        .any_stdout()
        .code(0);
    tool.run(["-q", "campaign", "replay-events", "events.jsonl"])
        .any_stdout()
        .code(0);
    tool.run("person list -f csv --columns email,unsubscribed")
        .stdout("email,unsubscribed\nann@example.com,true\nben@example.com,true\n")
        .code(0);
}

#[test]
fn people_are_listed_by_column_order_and_number() {
    let mut tool = tool().file(
        "p.csv",
        "
        email,City,Lead Score
        ann@example.com,Rome,5
        ben@example.com,oslo,40
        cleo@example.com,,
        dan@example.com,Oslo,9
        ",
    );
    tool.run(["-q", "person", "load", "p.csv"])
        .any_stdout()
        .code(0);
    let mut list = |arguments: &[&str], expected: &str| {
        let all = [&["-f", "csv", "person", "list"], arguments].concat();
        tool.run(all).stdout(expected).code(0);
    };
    list(
        &[
            "--columns",
            "Lead Score,email",
            "--sort",
            "-leadScore",
            "--limit",
            "3",
        ],
        "lead_score,email\n40,ben@example.com\n9,dan@example.com\n5,ann@example.com\n",
    );
    list(
        &["--columns", "email", "--sort", "city"],
        "email\ndan@example.com\nben@example.com\nann@example.com\ncleo@example.com\n",
    );
    list(
        &["--columns", "email", "--limit", "1"],
        "email\nann@example.com\n",
    );
    list(&["--columns", "email", "--limit", "0"], "email\n");
    list(&["--count"], "count\n4\n");
    tool.run(["person", "list", "--columns", "contry"])
        .stderr("error: no column `contry`\nhelp: `bugle person list` shows all columns\n")
        .code(2);
    tool.run(["person", "list", "--columns", "email,city", "--limit", "1"])
        .stdout(
            "email            city\n\
             ─────────────────────\n\
             ann@example.com  Rome\n",
        )
        .code(0);
}
