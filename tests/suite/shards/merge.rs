//! `shard sum` and `shard merge`: guards that count over all shards, and what does not fit together.

use serde_json::Value as Json;

use super::{forty, in_shards};
use crate::tool::Tool;

#[test]
fn guards_count_over_all_shards() {
    let mut tool = forty().file(
        "campaigns/few.yaml",
        "
        name: Few
        smart_list: { filters: [ kind: even ] }
        flow: [ change_score: +1 ]
        qualification: every_time
        guard: { max_people: 19, min_people: 15, never: { id: '4' }, must_include: [ p6@example.com ] }
        ",
    );
    tool.done("shard split --shards 3 --people people.csv -o parts");
    for line in [
        "campaign load --db {}/bugle.db",
        "person load {}/people.csv --db {}/bugle.db",
    ] {
        assert_eq!(in_shards(&mut tool, 3, line), [Some(0); 3]);
    }
    // Without the sum, no shard may say that guards hold.
    let error = tool.error("campaign run Few --db parts/shard-1/bugle.db");
    assert!(
        error.contains("`Few` has guards, which count everyone, and this is shard 1 of 3"),
        "{error}"
    );
    for shard in 1..=3 {
        let line =
            format!("campaign run Few --dry-run --format json --db parts/shard-{shard}/bugle.db");
        let printed = tool.run(line).into_stdout();
        tool.write_bytes(&format!("parts/shard-{shard}/dry.json"), printed);
    }
    let files = "parts/shard-1/dry.json parts/shard-2/dry.json parts/shard-3/dry.json";
    let errors = tool_errors(&mut tool, files);
    let sum: Json = serde_json::from_str(&sum_of(&mut tool, files)).unwrap();
    assert_eq!(sum["qualified"], 20);
    assert_eq!(sum["steps"][0]["succeeded"], 20);
    let guards: Vec<String> = sum["guards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!(
                "{} {} {} {}",
                row["guard"], row["limit"], row["actual"], row["holds"]
            )
        })
        .collect();
    assert_eq!(
        guards,
        [
            r#""max_people" "19" "20" false"#,
            r#""min_people" "15" "20" true"#,
            r#""never" "id is 4" "1 person" false"#,
            r#""must_include" "p6@example.com" "qualifies" true"#,
        ]
    );
    assert!(
        errors.contains("in all shards together, max_people of `Few` is 19, and there is: 20"),
        "{errors}"
    );
    tool.write_bytes("approved.json", sum.to_string());
    let line = "campaign run Few --approved approved.json --db {}/bugle.db";
    assert_eq!(in_shards(&mut tool, 3, line), [Some(7); 3]);
    let line = "campaign run Few --approved approved.json --allow max_people --allow never --db {}/bugle.db";
    assert_eq!(in_shards(&mut tool, 3, line), [Some(0); 3]);
    tool.done("shard merge parts --db whole.db");
    tool.done("db check --db whole.db");
    // The same in one database.
    tool.done("campaign load --db one.db");
    tool.done("person load people.csv --db one.db");
    tool.done("campaign run Few --allow max_people --allow never --db one.db");
    let dump = |tool: &mut Tool, db: &str| tool.text(format!("db dump --by-key --db {db}"));
    assert_eq!(dump(&mut tool, "one.db"), dump(&mut tool, "whole.db"));
    // The merged database is no shard.
    tool.done("campaign run Few --now 2026-11-03T10:00:00Z --allow max_people --allow never --db whole.db");
}

fn sum_of(tool: &mut Tool, files: &str) -> String {
    tool.run(format!("shard sum {files} --format json"))
        .into_stdout()
}

fn tool_errors(tool: &mut Tool, files: &str) -> String {
    tool.run(format!("shard sum {files} --format json"))
        .into_stderr()
}

#[test]
fn what_does_not_fit_together_is_not_merged() {
    let mut tool = forty();
    tool.done("shard split --shards 3 --people people.csv -o parts");
    for line in [
        "campaign load --db {}/bugle.db",
        "person load {}/people.csv --db {}/bugle.db",
    ] {
        assert_eq!(in_shards(&mut tool, 3, line), [Some(0); 3]);
    }
    let refused = |tool: &mut Tool, folders: &str, message: &str| {
        let error = tool.error(format!("shard merge {folders} --db whole.db"));
        assert!(error.contains(message), "{error}");
        assert!(!tool.path("whole.db").exists());
    };
    refused(
        &mut tool,
        "parts/shard-1 parts/shard-3",
        "`shard-2` of 3 is missing",
    );
    refused(&mut tool, "parts/shard-1 parts/shard-1", "are both shard 1");
    tool.done("campaign run Even --db parts/shard-2/bugle.db");
    refused(
        &mut tool,
        "parts",
        "`parts/shard-1` and `parts/shard-2` have different runs",
    );
    tool.done("campaign run Even --db parts/shard-1/bugle.db");
    tool.done("campaign run Even --db parts/shard-3/bugle.db --now 2026-11-02T10:00:01Z");
    refused(&mut tool, "parts", "have different runs");
}

#[test]
fn a_person_in_two_shards_is_not_merged() {
    let mut tool = forty();
    tool.done("shard split --shards 2 --people people.csv -o parts");
    assert_eq!(
        in_shards(&mut tool, 2, "person load people.csv --db {}/bugle.db"),
        [Some(0); 2]
    );
    let error = tool.error("shard merge parts --db whole.db");
    assert!(
        error.contains("a person of the same key is in `parts/shard-1` and in `parts/shard-2`"),
        "{error}"
    );
    assert!(!tool.path("whole.db").exists());
}

#[test]
fn a_part_that_was_changed_is_not_merged() {
    let mut tool = forty();
    tool.done("shard split --shards 2 --people people.csv -o parts");
    let line = "person load {}/people.csv --db {}/bugle.db";
    assert_eq!(in_shards(&mut tool, 2, line), [Some(0); 2]);
    let path = "parts/shard-2/people.csv";
    let part = std::fs::read_to_string(tool.path(path)).unwrap();
    tool.write_bytes(path, part.replace("odd", "ODD"));
    tool.run("shard merge parts --db whole.db")
        .stderr(
            "
            error: `parts/shard-2/people.csv` is not as it was cut: its digest is another one
            help: the database of this shard may hold something else than the others expect: cut the files again
            ",
        )
        .code(1);
    // A file that is not there any more is no fault: the work is done.
    std::fs::remove_file(tool.path(path)).unwrap();
    tool.done("shard merge parts --db whole.db");
    // The database of one shard in the folder of another.
    std::fs::copy(
        tool.path("parts/shard-1/bugle.db"),
        tool.path("parts/shard-2/bugle.db"),
    )
    .unwrap();
    let error = tool.error("shard merge parts --db again.db");
    assert!(error.contains("it was made for another shard"), "{error}");
}

#[test]
fn a_shard_that_is_behind_is_merged_where_nothing_ends_in_between() {
    let events: Vec<String> = (1..=40)
        .map(|n| format!("{{\"at\":\"2026-11-01T10:{n:02}:00Z\",\"person\":\"p{n}@example.com\",\"type\":\"visit_web_page\",\"web_page\":\"a\"}}\n"))
        .collect();
    let events = events.concat();
    let wait = |minutes: u32| {
        format!(
            "
            name: Visit
            active: true
            smart_list: {{ triggers: [ visits_web_page: any ] }}
            flow: [ wait: {minutes} minutes, change_score: +1 ]
            "
        )
    };
    for (minutes, ends) in [(300, true), (10, false)] {
        let mut tool = forty()
            .bytes("events.jsonl", &events)
            .file("campaigns/visit.yaml", &wait(minutes));
        tool.done("shard split --shards 3 --people people.csv --events events.jsonl -o parts");
        for line in [
            "campaign load --db {}/bugle.db",
            "person load {}/people.csv --db {}/bugle.db",
            "campaign replay-events {}/events.jsonl --db {}/bugle.db",
        ] {
            assert_eq!(in_shards(&mut tool, 3, line), [Some(0); 3]);
        }
        if !ends {
            let error = tool.error("shard merge parts --db whole.db");
            assert!(error.contains("waits are due until then"), "{error}");
            let line = "campaign advance --until 2026-11-01T10:40:00Z --db {}/bugle.db";
            assert_eq!(in_shards(&mut tool, 3, line), [Some(0); 3]);
        }
        tool.done("shard merge parts --db whole.db");
        for line in [
            "campaign load --db one.db",
            "person load people.csv --db one.db",
            "campaign replay-events events.jsonl --db one.db",
        ] {
            tool.done(line);
        }
        let one = tool.text("db dump --by-key --db one.db");
        assert_eq!(one, tool.text("db dump --by-key --db whole.db"));
    }
}

#[test]
fn a_flow_that_gives_another_key_is_not_merged() {
    let mut tool = forty().file(
        "campaigns/move.yaml",
        "
        name: Move
        smart_list: { filters: [ id: '7' ] }
        flow: [ change_data_value: { field: email, value: seven@example.com } ]
        ",
    );
    tool.done("shard split --shards 2 --people people.csv -o parts");
    for line in [
        "campaign load --db {}/bugle.db",
        "person load {}/people.csv --db {}/bugle.db",
        "campaign run Move --db {}/bugle.db",
    ] {
        assert_eq!(in_shards(&mut tool, 2, line), [Some(0); 2]);
    }
    let error = tool.error("shard merge parts --db whole.db");
    assert!(
        error.contains("a flow has given a person another email or id"),
        "{error}"
    );
    assert!(!tool.path("whole.db").exists());
}

/// What `.ci/try-engines` does with Ray and Spark, with a few people and plain processes.
#[cfg(unix)]
#[test]
fn the_example_comes_to_what_one_run_comes_to_though_a_shard_is_killed() {
    use std::path::Path;
    use std::process::{Command, Output};

    let mut tool = forty().copy("examples/many-machines");
    let rows: Vec<String> = (1..=120)
        .map(|n| format!("p{n}@example.com,{n},{}\n", ["free", "trial", "pro"][n % 3]))
        .collect();
    tool.write_bytes("people.csv", format!("email,id,plan\n{}", rows.concat()));
    let events: Vec<String> = (0..1500)
        .map(|n| {
            let (who, day, minute) = (n * 7 % 125 + 1, n / 60 % 28 + 1, n % 60);
            let person = if n % 10 == 0 { who.to_string() } else { format!("P{who}@example.com") };
            let what = match n % 50 {
                7 => "\"type\":\"fill_out_form\",\"form_name\":\"demo\"".to_owned(),
                8 => format!("\"type\":\"change_data_value\",\"field\":\"email\",\"new_value\":\"moved{n}@example.com\""),
                _ => "\"type\":\"visit_web_page\",\"web_page\":\"/docs\"".to_owned(),
            };
            format!("{{\"at\":\"2026-10-{day:02}T10:{minute:02}:00Z\",\"person\":\"{person}\",{what}}}\n")
        })
        .collect();
    tool.write_bytes("events.jsonl", events.concat());
    for file in ["people.csv", "events.jsonl"] {
        let bytes = std::fs::read(tool.path(file)).unwrap();
        tool.write_bytes(&format!("one/{file}"), bytes);
    }
    let programs = Path::new(env!("CARGO_BIN_EXE_bugle")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", programs.display());
    let run = |tool: &Tool, folder: &str| -> Output {
        let mut shell = Command::new("sh");
        shell
            .current_dir(tool.path(""))
            .env_clear()
            .env("PATH", &path);
        shell
            .args(["examples/many-machines/shard.sh", folder])
            .output()
            .unwrap()
    };
    tool.done("shard split --shards 3 --people people.csv --events events.jsonl -o parts");
    // The second shard dies in the midst of its commands.
    let mut killed = Command::new("sh")
        .current_dir(tool.path(""))
        .env_clear()
        .env("PATH", &path)
        .args(["examples/many-machines/shard.sh", "parts/shard-2"])
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(150));
    killed.kill().unwrap();
    killed.wait().unwrap();
    for folder in ["one", "parts/shard-1", "parts/shard-2", "parts/shard-3"] {
        let mut ran = run(&tool, folder);
        // What the killed shell had begun may still hold the database.
        while ran.status.code() == Some(5) {
            ran = run(&tool, folder);
        }
        let errors = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(ran.status.success(), "{folder}: {errors}");
    }
    tool.done("shard merge parts --db whole.db");
    tool.done("db check --db whole.db");
    let one = tool.text("db dump --by-key --db one/bugle.db");
    assert_eq!(one, tool.text("db dump --by-key --db whole.db"));
}
