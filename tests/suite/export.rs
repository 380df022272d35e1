//! `db export`: the views as files that other programs read.

use std::process::Command;

use serde_json::Value as Json;

use super::tool::Tool;

/// A database with something in every view.
fn busy() -> Tool {
    let mut tool = Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file(
            "campaigns/workspace.yaml",
            "
            fields: { joined: { type: date }, ratio: { type: float }, vip: { type: boolean }, seen: { type: datetime } }
            lists: [ Readers ]
            ",
        )
        .file(
            "campaigns/visit.yaml",
            "
            name: Visit
            active: true
            smart_list: { triggers: [ visits_web_page: any ] }
            flow: [ add_to_list: Readers, change_score: +5, wait: 3 days, change_score: +1 ]
            ",
        )
        .file(
            "people.csv",
            "
            email,id,first_name,joined,ratio,vip,seen,lead_score
            ann@example.com,1,\"Ann, of \"\"A\"\"\",2026-01-31,0.5,true,2026-02-01T10:00:00.250Z,3
            ben@example.com,2,,,,,,
            zoë@example.com,3,Zoë,1969-12-31,-2.25,false,1970-01-01T00:00:00Z,-4
            ",
        )
        .loaded();
    tool.replay(
        r#"
        {"at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"/a","attributes":{"n":7}}
        {"at":"2026-11-01T11:00:00Z","person":"zoë@example.com","type":"visit_web_page","web_page":"/b"}
        "#,
    );
    tool
}

fn text(tool: &Tool, path: &str) -> String {
    std::fs::read_to_string(tool.path(path)).unwrap()
}

#[test]
fn each_view_is_a_file() {
    let mut tool = busy();
    let shown = tool.text("db export out");
    let rows: Vec<(&str, &str)> = shown
        .lines()
        .skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.split_whitespace().collect();
            (cells[0], cells[3])
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("v_person", "3"),
            ("v_activity", "8"),
            ("v_campaign", "1"),
            ("v_member", "2"),
            ("v_list_member", "2"),
            ("v_program_member", "0"),
            ("v_activation", "1"),
            ("v_wait", "2"),
        ]
    );
    let people = text(&tool, "out/v_person.csv");
    let ann = people.lines().nth(1).unwrap();
    assert!(ann.starts_with("1,1,ann@example.com,"), "{people}");
    assert!(ann.contains("\"Ann, of \"\"A\"\"\""), "{people}");
    assert!(ann.contains(",2026-01-31,"), "{people}");
    assert!(ann.contains(",2026-02-01T10:00:00.250Z"), "{people}");
    let waits = text(&tool, "out/v_wait.csv");
    assert_eq!(
        waits.lines().next(),
        Some("campaign,person_id,email,id,person,step,since,until,version")
    );
    // The files are for their owner alone, and replace those of before.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(tool.path("out/v_wait.csv"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    tool.done("person load people.csv --list Others");
    tool.done("db export out");
    assert_eq!(text(&tool, "out/v_list_member.csv").lines().count(), 6);
}

#[test]
fn lines_of_json_have_the_types_of_the_views() {
    let mut tool = busy();
    tool.done("db export out --format jsonl");
    let people: Vec<Json> = text(&tool, "out/v_person.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(people[2]["ratio"], -2.25);
    assert_eq!(people[0]["vip"], true);
    assert_eq!(people[1]["first_name"], Json::Null);
    assert_eq!(people[2]["lead_score"], 1);
    let log = text(&tool, "out/v_activity.jsonl");
    let first: Json = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!(first["attributes"], serde_json::json!({"n": 7}));
    assert_eq!(first["at"], "2026-11-01T10:00:00Z");
}

#[test]
fn what_is_not_a_folder_of_views_is_refused() {
    let mut tool = busy();
    tool.run("db export people.csv")
        .stderr(
            "
            error: the views cannot go to `people.csv`: it is not a folder
            help: name a folder with `db export`
            ",
        )
        .code(2);
    let error = tool.error("db export out --format json");
    assert!(
        error.contains("`db export` writes CSV, JSON lines or Parquet"),
        "{error}"
    );
    let error = tool.error("campaign list --format parquet");
    assert!(
        error.contains("`--format parquet` belongs to `db export` alone"),
        "{error}"
    );
    assert!(!tool.path("out").exists());
    if !cfg!(feature = "parquet") {
        let error = tool.error("db export out --format parquet");
        assert!(
            error.contains("this bugle was built without Parquet"),
            "{error}"
        );
    }
}

/// What each library says of the files: a line a question, the same from both.
const ASKED: &str = r#"
import sys, duckdb, pyarrow.parquet as parquet, pyarrow.compute as compute
folder, reader = sys.argv[1], sys.argv[2]
def arrow(view): return parquet.read_table(f"{folder}/{view}.parquet")
def duck(sql): return duckdb.sql(sql.replace("FROM ", f"FROM '{folder}/").replace(" END", ".parquet'")).fetchall()[0]
if reader == "duckdb":
    print(*duck("SELECT count(*), sum(person_id), sum(lead_score), sum(ratio), count(vip), sum(vip::int) FROM v_person END"))
    print(*duck("SELECT min(joined), max(joined), epoch_us(max(seen)) FROM v_person END"))
    print(*duck('SELECT count(*), sum(activity_id), count(DISTINCT type), epoch_us(min("at")), epoch_us(max("at")) FROM v_activity END'))
    print(*duck("SELECT count(*), sum(step) FROM v_wait END"))
    print(*duck("SELECT count(*) FROM v_program_member END"))
else:
    people, log, waits = arrow("v_person"), arrow("v_activity"), arrow("v_wait")
    micros = lambda column: column.cast("int64")
    print(people.num_rows, compute.sum(people["person_id"]), compute.sum(people["lead_score"]), compute.sum(people["ratio"]),
        compute.count(people["vip"]), compute.sum(people["vip"].cast("int64")))
    print(compute.min(people["joined"]), compute.max(people["joined"]), compute.max(micros(people["seen"])))
    print(log.num_rows, compute.sum(log["activity_id"]), compute.count_distinct(log["type"]), compute.min(micros(log["at"])), compute.max(micros(log["at"])))
    print(waits.num_rows, compute.sum(waits["step"]))
    print(arrow("v_program_member").num_rows)
"#;

/// The Python that has both libraries, if there is one: `BUGLE_PYTHON`, or that of `.ci/try-export`.
fn python() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one knob of this test; the program itself reads no variable"
    )]
    let named = std::env::var("BUGLE_PYTHON").ok();
    let own = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/target/engines/python/bin/python"
    );
    let candidates = [named, Some(own.to_owned()), Some("python3".to_owned())];
    candidates.into_iter().flatten().find(|python| {
        let asked = Command::new(python)
            .args(["-c", "import duckdb, pyarrow"])
            .output();
        asked.is_ok_and(|output| output.status.success())
    })
}

#[test]
fn duckdb_and_pyarrow_read_the_parquet_files_alike() {
    if !cfg!(feature = "parquet") {
        eprintln!("skipped: built without the feature `parquet`");
        return;
    }
    let Some(python) = python() else {
        eprintln!("skipped: no Python here has duckdb and pyarrow; `.ci/try-export` installs them");
        return;
    };
    let mut tool = busy();
    tool.done("db export out --format parquet");
    tool.write("asked.py", ASKED);
    let ask = |reader: &str| {
        let asked = Command::new(&python)
            .arg(tool.path("asked.py"))
            .arg(tool.path("out"))
            .arg(reader)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&asked.stderr).into_owned();
        assert!(asked.status.success(), "{errors}");
        String::from_utf8(asked.stdout).unwrap()
    };
    let expected = tool.query(
        "SELECT count(*) || ' ' || sum(person_id) || ' ' || sum(lead_score) || ' ' || sum(ratio) || ' 2 1' FROM v_person
         UNION ALL SELECT '1969-12-31 2026-01-31 1769940000250000'
         UNION ALL SELECT count(*) || ' ' || sum(activity_id) || ' ' || count(DISTINCT type) || ' 1793527200000000 1793530800000000'
            FROM v_activity
         UNION ALL SELECT count(*) || ' ' || sum(step) FROM v_wait UNION ALL SELECT '0'",
    );
    assert_eq!(ask("duckdb"), expected);
    assert_eq!(ask("pyarrow"), expected);
}
