//! `db check` finds what was changed behind the program's back: in the schema, in logs, in people, and single bits.

use std::fs;

use super::tool;
use crate::tool::Tool;

/// A database in which something of every kind has happened.
fn busy() -> Tool {
    let mut tool = tool();
    tool.write(
        "campaigns/workspace.yaml",
        "
        emails:
          letter: { subject: Hello, from: us@example.com, body: \"Dear {{lead.First Name}}\" }
        ",
    );
    for line in [
        "campaign load",
        "campaign replay-events events.jsonl",
        "campaign advance --until 2026-11-04",
        "campaign run Letter --now 2026-11-05T00:00:00Z",
        "person load people.csv --list Everyone",
    ] {
        tool.done(line);
    }
    tool.run("db check").stderr("note: all is well\n").code(0);
    tool.query("PRAGMA wal_checkpoint(TRUNCATE)");
    tool
}

#[test]
fn each_edit_by_hand_is_found_and_named() {
    let mut tool = busy();
    let whole = fs::read(tool.path("bugle.db")).unwrap();
    // What is edited, and what the check says of it.
    let edits = [
        ("DROP INDEX wait_due", "the index `wait_due` is missing"),
        (
            "CREATE TABLE notes (note TEXT)",
            "bugle makes no table `notes`",
        ),
        (
            "CREATE TRIGGER steal AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END",
            "bugle makes no trigger `steal`",
        ),
        (
            "DROP VIEW v_wait; CREATE VIEW v_wait AS SELECT 1 AS campaign",
            "the view `v_wait` is not the one that bugle makes",
        ),
        (
            "ALTER TABLE person ADD COLUMN shoe_size INTEGER",
            "the table `person` has other columns than its fields need",
        ),
        (
            "UPDATE person SET lead_score = lead_score + 1 WHERE person_id = 1",
            "fields are not what the log says (1, first of the person `#1`)",
        ),
        (
            "UPDATE activity SET outcome = 2 WHERE activity_id = (SELECT max(activity_id) FROM activity WHERE outcome = 1)",
            "logs or messages are not as they were written (1, first of the person `#2`)",
        ),
        (
            "DELETE FROM activity WHERE activity_id = (SELECT max(activity_id) FROM activity)",
            "logs or messages are not as they were written (1, first of the person `#2`)",
        ),
        (
            "UPDATE activity SET at = at + 1 WHERE activity_id = 1 << 24",
            "logs or messages are not as they were written (1, first of the person `#1`)",
        ),
        (
            "UPDATE outbox SET body = body || '!' WHERE activity_id >> 24 = 1",
            "logs or messages are not as they were written (1, first of the person `#1`)",
        ),
        (
            "DELETE FROM outbox WHERE activity_id >> 24 = 2",
            "logs or messages are not as they were written (1, first of the person `#2`)",
        ),
        (
            "DELETE FROM list_member WHERE person_id = 2",
            "lists are not what the log says (1, first of the person `#2`)",
        ),
        (
            "DELETE FROM wait WHERE wait_id = (SELECT max(wait_id) FROM wait)",
            "waits are not what the log says (1, first of the person `#2`)",
        ),
        (
            "UPDATE wait SET until = until + 1000000 WHERE wait_id = (SELECT min(wait_id) FROM wait)",
            "waits are not what the log says (1, first of the person `#1`)",
        ),
        (
            "UPDATE meta SET value = 0 WHERE name = 'watermark'",
            "events were taken after the watermark (2)",
        ),
        (
            "DELETE FROM entry WHERE person_id = 1 AND run_id IS NULL; UPDATE campaign SET members = 1 WHERE name = 'Visit'",
            "steps were taken by people who did not enter their campaign (1)",
        ),
        (
            "UPDATE run SET counts = json_set(counts, '$.qualified', 7) WHERE run_id = 1",
            "runs count other people than entered (1)",
        ),
        (
            "UPDATE run SET state = 'paused' WHERE run_id = 1",
            "words are not among those that bugle writes (1)",
        ),
        (
            "UPDATE past SET old = '{' WHERE past_id = 1",
            "values that hold JSON cannot be read (1)",
        ),
    ];
    for (edit, said) in edits {
        tool.tamper(edit);
        let ran = tool.run("db check").any_stdout().into_stderr();
        assert!(ran.contains(said), "{edit}\n{ran}");
        let path = fs::canonicalize(tool.path("bugle.db")).unwrap();
        let begins = format!("error: `{}` is ", path.display());
        assert!(ran.starts_with(&begins), "{edit}\n{ran}");
        assert!(!ran.contains("SELECT"), "{ran}");
        tool.query("PRAGMA wal_checkpoint(TRUNCATE)");
        fs::write(tool.path("bugle.db"), &whole).unwrap();
    }
}

#[test]
fn a_bit_that_flips_in_a_log_or_a_message_is_found() {
    let mut tool = busy();
    let whole = fs::read(tool.path("bugle.db")).unwrap();
    let words: [&[u8]; 3] = [b"\"web_page\"", b"Changed by Smart Campaign", b"Dear Ann"];
    let mut random = fastrand::Rng::with_seed(20);
    let (mut tried, mut missed) = (0, Vec::new());
    for _ in 0..40 {
        let word = random.choice(words).unwrap();
        let places: Vec<usize> = (0..whole.len() - word.len())
            .filter(|place| whole[*place..].starts_with(word))
            .collect();
        let Some(place) = random.choice(places) else {
            continue;
        };
        let (place, bit) = (place + random.usize(0..word.len()), random.u8(0..8));
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << bit;
        fs::write(tool.path("bugle.db"), &flipped).unwrap();
        // What stands on a page that is no longer used is nobody's.
        let dump = tool.run("db dump").any_stderr().into_stdout();
        let is_content = dump != dump_of(&mut tool, &whole);
        fs::write(tool.path("bugle.db"), &flipped).unwrap();
        let said = tool.run("db check").any_stdout().into_stderr();
        if is_content {
            tried += 1;
            if said.contains("all is well") {
                missed.push((place, bit));
            }
        }
        assert!(
            !said.contains("fault of the program: please report it with"),
            "{said}"
        );
    }
    assert!(tried > 10, "{tried}");
    assert!(missed.is_empty(), "{missed:?} of {tried}");
}

fn dump_of(tool: &mut Tool, whole: &[u8]) -> String {
    fs::write(tool.path("bugle.db"), whole).unwrap();
    tool.dump()
}

#[test]
fn the_checksums_follow_what_is_written_and_erased() {
    let mut tool = busy();
    for line in [
        "campaign advance --until 2026-11-20",
        "person delete ann@example.com --yes",
        "person load more.csv --as-activities --now 2026-11-21T00:00:00Z",
        "campaign run Letter --now 2026-11-22T00:00:00Z",
        "campaign abort 1",
    ] {
        let _ = tool.run(line).any_stdout().into_stderr();
        tool.run("db check").stderr("note: all is well\n").code(0);
    }
    assert_eq!(
        tool.query("SELECT count(*) FROM log_sum WHERE person_id = 1"),
        "0\n"
    );
    assert_eq!(tool.query("SELECT count(*) FROM log_sum"), "2\n");
}

#[test]
fn an_older_database_gets_its_checksums_when_it_is_upgraded() {
    let mut tool = busy();
    let sums = tool.query("SELECT * FROM log_sum ORDER BY person_id");
    tool.tamper("DROP TABLE log_sum; DROP TABLE trigger_match; DROP TABLE match_step; DROP TABLE match_command; PRAGMA user_version = 7");
    tool.done("person load more.csv");
    assert_eq!(tool.query("SELECT * FROM log_sum ORDER BY person_id"), sums);
    tool.run("db check").stderr("note: all is well\n").code(0);
}

#[test]
fn events_in_a_database_without_campaigns_are_sound() {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file("people.csv", "email\nann@example.com\n")
        .loaded();
    tool.replay(
        r#"
        {"at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"a"}
        "#,
    );
    tool.run("db check").stderr("note: all is well\n").code(0);
}
