//! Databases that somebody has edited by hand: refused with what to do, never a fault of the program.

use std::fs;

use super::{stderr, tool};

/// What stands in every value that an edit puts in, and in no message.
const CANARY: &str = "canary77";

/// How many commands are tried on each column; all of them on all edits take minutes.
const ROUNDS: usize = 1;

/// Commands that read most of what there is, and some that write.
const COMMANDS: &[&[&str]] = &[
    &["campaign", "list"],
    &["campaign", "show", "Letter"],
    &["campaign", "runs"],
    &["campaign", "log", "Letter"],
    &["campaign", "members", "Letter"],
    &["person", "list"],
    &["person", "show", "ann@example.com"],
    &["person", "log", "ann@example.com"],
    &["db", "check"],
    &["db", "dump"],
    &["outbox", "list"],
    &["campaign", "advance", "--until", "2026-11-20"],
    &["person", "load", "more.csv"],
];

#[test]
#[ignore = "slow"]
fn no_edit_of_a_value_is_a_fault_of_the_program_or_shows_in_a_message() {
    let tool = tool();
    for command in [
        &["campaign", "replay-events", "events.jsonl"][..],
        &["campaign", "advance", "--until", "2026-11-04"],
        &["person", "load", "people.csv", "--list", "Everyone"],
    ] {
        assert!(super::output(&tool, command).status.success());
    }
    let whole = fs::read(tool.path("bugle.db")).unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let (mut tried, mut wrong) = (0, Vec::new());
    for (table, column) in columns(&tool) {
        for _ in 0..ROUNDS {
            fs::write(tool.path("bugle.db"), &whole).unwrap();
            let Some(value) = edit(&tool, &table, &column, &mut random) else {
                continue; // The table itself takes no such value, or is empty.
            };
            let command = random.choice(COMMANDS).unwrap();
            let ran = super::output(&tool, command);
            let reported = stderr(&ran);
            tried += 1;
            let words = ["SELECT ", "INSERT ", "UPDATE ", CANARY];
            if !matches!(ran.status.code(), Some(0..=7))
                || words.iter().any(|word| reported.contains(word))
            {
                let code = ran.status.code();
                wrong.push(format!(
                    "{table}.{column} = {value}: {command:?} {code:?}\n{reported}"
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(tried > 40, "{tried}");
}

/// Puts another value into a column by hand; returns it, unless the table takes none.
fn edit(
    tool: &super::Tool,
    table: &str,
    column: &str,
    random: &mut fastrand::Rng,
) -> Option<String> {
    let mut values = [
        "NULL".to_owned(),
        "-1".to_owned(),
        "9223372036854775807".to_owned(),
        format!("'{CANARY}'"),
        format!("x'ff00{}'", "aa".repeat(9)),
    ];
    random.shuffle(&mut values);
    let connection = rusqlite::Connection::open(tool.path("bugle.db")).unwrap();
    values.into_iter().find(|value| {
        let all = format!("UPDATE OR IGNORE \"{table}\" SET \"{column}\" = {value}");
        let last = format!("{all} WHERE rowid = (SELECT max(rowid) FROM \"{table}\")");
        // Some tables have no rows by number.
        let edited = connection
            .execute(&last, [])
            .or_else(|_| connection.execute(&all, []));
        edited.is_ok_and(|rows| rows > 0)
    })
}

/// Returns the columns of all tables that hold something.
fn columns(tool: &super::Tool) -> Vec<(String, String)> {
    let connection = rusqlite::Connection::open(tool.path("bugle.db")).unwrap();
    let sql = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1, c.cid";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
#[ignore = "slow"]
fn a_table_that_is_missing_or_another_one_is_damage() {
    for sql in [
        "DROP TABLE outbox",
        "DROP TABLE wait",
        "DROP TABLE campaign_version",
        "DROP VIEW v_person",
        "ALTER TABLE person DROP COLUMN first_name",
        "ALTER TABLE activity RENAME COLUMN reason TO cause",
        "DROP TABLE meta",
        "DELETE FROM campaign_version",
        "UPDATE campaign SET full_name = 'Other', key = 'other' WHERE name = 'Letter'",
        "UPDATE campaign SET full_name = 'Visit' WHERE name = 'Letter'",
        "UPDATE campaign_version SET definition = 'name: [' WHERE campaign_id = 1",
        "UPDATE campaign_version SET definition = (SELECT definition FROM campaign_version WHERE campaign_id = 2)",
        "UPDATE workspace_version SET definition = 'zone: Nowhere/Never'",
        "DELETE FROM workspace_version",
    ] {
        let tool = tool();
        let connection = rusqlite::Connection::open(tool.path("bugle.db")).unwrap();
        connection
            .pragma_update(None, "foreign_keys", false)
            .unwrap();
        connection.execute_batch(sql).unwrap();
        drop(connection);
        for command in COMMANDS {
            let ran = super::output(&tool, command);
            let reported = stderr(&ran);
            let code = ran.status.code();
            assert!(
                matches!(code, Some(0..=7))
                    && !reported.contains("SELECT ")
                    && !reported.contains("INSERT "),
                "{sql}: {command:?} {code:?}\n{reported}"
            );
        }
    }
}
