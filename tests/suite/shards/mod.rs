//! Shards through the real program: what is cut where, guards that count over all of them, and what is refused.
//!
//! That the shards of a story come to what the whole story comes to is tested in `model/shards.rs`.

use std::io::{Read as _, Write as _};

use serde_json::Value as Json;

use super::tool::Tool;

const NOW: &str = "2026-11-02T10:00:00Z";

/// Forty people, keyed by email and with ids, and a campaign that takes those of even number.
fn forty() -> Tool {
    let rows: Vec<String> = (1..=40)
        .map(|n| {
            format!(
                "p{n}@example.com,{n},{}\n",
                if n % 2 == 0 { "even" } else { "odd" }
            )
        })
        .collect();
    let rows = rows.concat();
    Tool::new()
        .now(NOW)
        .file(
            "campaigns/workspace.yaml",
            "fields: { kind: { type: string } }\n",
        )
        .file(
            "campaigns/even.yaml",
            "
            name: Even
            smart_list: { filters: [ kind: even ] }
            flow: [ change_score: +1 ]
            ",
        )
        .bytes("people.csv", format!("email,id,kind\n{rows}"))
}

/// Gives a command to each shard, and returns what it ended with.
fn in_shards(tool: &mut Tool, shards: usize, line: &str) -> Vec<Option<i32>> {
    (1..=shards)
        .map(|shard| {
            let line = line.replace("{}", &format!("parts/shard-{shard}"));
            let status = tool
                .command()
                .args(line.split(' '))
                .output()
                .unwrap()
                .status;
            status.code()
        })
        .collect()
}

/// The lines of a file of a shard.
fn lines(tool: &Tool, path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(tool.path(path)).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Returns what some shards have of a file, each line with the number of its shard; headers are left out.
fn parts(tool: &Tool, file: &str, shards: usize, headers: usize) -> Vec<(usize, String)> {
    (1..=shards)
        .flat_map(|shard| {
            let lines = lines(tool, &format!("parts/shard-{shard}/{file}"));
            lines
                .into_iter()
                .skip(headers)
                .map(move |line| (shard, line))
        })
        .collect()
}

#[test]
fn everything_about_a_person_is_in_one_shard_in_the_order_of_the_file() {
    let events: Vec<String> = (1..=40)
        .flat_map(|n| {
            [
                format!("{{\"at\":\"2026-11-01T10:00:{:02}Z\",\"person\":\"P{n}@Example.com\",\"type\":\"visit_web_page\",\"web_page\":\"a\"}}\n", n % 60),
                format!("{{\"at\":\"2026-11-01T09:00:00Z\",\"person\":\"{n}\",\"type\":\"visit_web_page\",\"web_page\":\"b\"}}\n"),
            ]
        })
        .collect();
    let events = events.concat();
    let mut tool = forty().bytes("events.jsonl", &events);
    tool.done("shard split --shards 4 --people people.csv --events events.jsonl -o parts");
    let people = parts(&tool, "people.csv", 4, 1);
    assert_eq!(people.len(), 40);
    let events = parts(&tool, "events.jsonl", 4, 0);
    assert_eq!(events.len(), 80);
    for n in 1..=40 {
        let of = |lines: &[(usize, String)], needle: &str| -> Vec<usize> {
            let found = lines.iter().filter(|(_, line)| line.contains(needle));
            found.map(|(shard, _)| *shard).collect()
        };
        let shard = of(&people, &format!("p{n}@example.com,"));
        assert_eq!(shard.len(), 1);
        assert_eq!(of(&events, &format!("\"P{n}@Example.com\"")), shard);
        assert_eq!(of(&events, &format!("\"{n}\"")), shard, "by id");
    }
}

#[test]
fn keys_that_events_join_are_in_one_shard() {
    // Each person moves to the address of the next one by another way, long after events of that address.
    let mut events = String::new();
    for n in 1..=12 {
        let next = n + 1;
        events.extend([format!(
            "{{\"at\":\"2026-11-01T08:00:00Z\",\"person\":\"a{next}@example.com\",\"type\":\"visit_web_page\",\"web_page\":\"x\"}}\n"
        )]);
        events.extend([match n % 3 {
            0 => format!("{{\"at\":\"2026-11-01T09:00:00Z\",\"person\":\"a{n}@example.com\",\"type\":\"change_data_value\",\"field\":\"Email Address\",\"new_value\":\"a{next}@example.com\"}}\n"),
            1 => format!("{{\"at\":\"2026-11-01T09:00:00Z\",\"person\":\"a{n}@example.com\",\"type\":\"fill_out_form\",\"form_name\":\"f\",\"form_fields\":{{\"Email\":\"a{next}@example.com\"}}}}\n"),
            _ => format!("{{\"at\":\"2026-11-01T09:00:00Z\",\"person\":\"a{n}@example.com\",\"type\":\"fill_out_form\",\"form_name\":\"f\",\"email\":\"A{next}@example.com\"}}\n"),
        }]);
    }
    let mut tool = Tool::new().now(NOW).bytes("events.jsonl", events);
    let rows = tool.rows("shard split --shards 7 --events events.jsonl -o parts");
    let counts: Vec<u64> = rows
        .iter()
        .map(|row| row["events"].as_u64().unwrap())
        .collect();
    assert_eq!(
        counts.iter().filter(|count| **count > 0).count(),
        1,
        "{counts:?}"
    );
    assert_eq!(counts.iter().sum::<u64>(), 24);
}

#[test]
fn each_part_has_the_form_of_its_file() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let rows: Vec<String> = (1..=30)
        .map(|n| format!("\"p{n}@x.example\";\"line\n{n}\"\r\n"))
        .collect();
    let rows = rows.concat();
    gzip.write_all(format!("Email;Note\r\n{rows}").as_bytes())
        .unwrap();
    let items: Vec<String> = (1..=30)
        .map(|n| format!("{{\n  \"at\": \"2026-11-01T10:00:00Z\", \"person\": \"p{n}@x.example\",\n  \"type\": \"visit_web_page\", \"web_page\": \"{n}\" }}"))
        .collect();
    let list = format!("{{\"result\": [{}]}}", items.join(",\n"));
    let cells: Vec<String> = (1..=30)
        .map(|n| format!("2026-11-01T11:00:00Z,p{n}@x.example,visit_web_page,{n}\n"))
        .collect();
    let cells = cells.concat();
    let mut tool = Tool::new()
        .now(NOW)
        .bytes("people.csv.gz", gzip.finish().unwrap())
        .bytes("list.json", list)
        .bytes(
            "deals.csv.zst",
            zstd::encode_all(format!("won,who,type,web_page\n{cells}").as_bytes(), 1).unwrap(),
        );
    tool.done(
        "shard split --shards 3 --people people.csv.gz --events list.json deals.csv.zst --map won=at,who=person -o parts",
    );
    let mut people = String::new();
    let mut items = 0;
    let mut deals = String::new();
    for shard in 1..=3 {
        let bytes =
            |file: &str| std::fs::read(tool.path(&format!("parts/shard-{shard}/{file}"))).unwrap();
        let mut text = String::new();
        let packed = bytes("people.csv.gz");
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        people.push_str(text.strip_prefix("Email;Note\r\n").unwrap());
        let list: Vec<Json> = serde_json::from_slice(&bytes("list.json")).unwrap();
        items += list.len();
        let text = String::from_utf8(zstd::decode_all(bytes("deals.csv.zst").as_slice()).unwrap())
            .unwrap();
        deals.push_str(text.strip_prefix("won,who,type,web_page\n").unwrap());
    }
    assert_eq!(people.matches("@x.example").count(), 30);
    assert!(
        people.contains("\"p7@x.example\";\"line\n7\"\n"),
        "{people}"
    );
    assert_eq!(items, 30);
    assert_eq!(deals.lines().count(), 30);
    // Each shard reads its parts with the same options.
    for (line, shown) in [
        ("person load {}/people.csv.gz --db {}/bugle.db", "load"),
        (
            "campaign replay-events {}/list.json {}/deals.csv.zst --map won=at,who=person --db {}/bugle.db",
            "replay",
        ),
    ] {
        assert_eq!(in_shards(&mut tool, 3, line), [Some(0); 3], "{shown}");
    }
    tool.done("shard merge parts --db whole.db");
    tool.done("db check --db whole.db");
    let sql = "SELECT count(*) || ' ' || count(DISTINCT person_id) FROM v_activity";
    let whole = rusqlite::Connection::open(tool.path("whole.db")).unwrap();
    let counts: String = whole.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(counts, "60 30");
}

#[test]
fn bad_rows_keep_their_place_in_the_whole_file() {
    let mut tool = Tool::new()
        .now(NOW)
        .file("people.csv", "email\nann@example.com\nben@example.com,x\ncid@example.com\n")
        .file(
            "events.jsonl",
            r##"
            {"at":"2026-11-01T10:00:00Z","person":"ann@example.com","type":"visit_web_page","web_page":"a"}
            {"at":"2026-11-01T10:00:00Z","person":"#2","type":"visit_web_page","web_page":"a"}
            {"at":"2026-11-01T10:00:00Z","person":"ben@example.com"
            "##,
        );
    tool.run("shard split --shards 2 --people people.csv --events events.jsonl -o parts")
        .stderr(
            "
            error: people.csv:3:17: 2 cells, and the header has 1
            error: events.jsonl:2:39: `person` is the number that one database has given, and each shard gives its own
            help: name the person by email or id
            error: events.jsonl:3:56: the line ends where `,` or `}` is expected
            ",
        )
        .code(1);
    assert!(!tool.path("parts").exists());
    tool.run("shard split --shards 2 --people people.csv --events events.jsonl -o parts --rejects bad.txt")
        .any_stderr()
        .any_stdout()
        .code(6);
    let rejects = lines(&tool, "bad.txt");
    assert_eq!(
        rejects[1],
        "# people.csv:3:17: 2 cells, and the header has 1"
    );
    assert!(
        rejects[3].starts_with("# events.jsonl:2:39: "),
        "{rejects:?}"
    );
    assert_eq!(parts(&tool, "people.csv", 2, 1).len(), 2);
    assert_eq!(parts(&tool, "events.jsonl", 2, 0).len(), 1);
}

#[test]
fn what_cannot_be_cut_is_refused() {
    let mut tool = forty()
        .file("other/people.csv", "email\n")
        .file("full/file", "");
    let mut refused = |line: &str, message: &str| {
        let error = tool.error(format!("shard split --shards 2 {line}"));
        assert!(error.contains(message), "{error}");
    };
    refused(
        "--people people.csv --key row -o parts",
        "`--key row` names people by the rows of one file",
    );
    refused(
        "--people people.csv other/people.csv -o parts",
        "a shard would have two files called `people.csv`",
    );
    refused("--people - -o parts", "`-` is no file");
    refused("--people people.csv -o full", "`full` is not empty");
    refused(
        "--people people.csv --key id --key id -o parts",
        "`--key` is given 2 times, and there are 1 lists",
    );
    refused(
        "--people people.csv -o people.csv",
        "shards cannot go to `people.csv`",
    );
    let error = tool.error("shard split --shards 0 --people people.csv -o parts");
    assert!(error.contains("a whole number from 1 to 500"), "{error}");
}

#[test]
fn a_part_that_would_be_taken_for_another_type_refuses_the_split() {
    let rows: Vec<String> = (1..=30)
        .map(|n| {
            format!(
                "p{n}@example.com,{}\n",
                if n == 7 {
                    "07".to_owned()
                } else {
                    n.to_string()
                }
            )
        })
        .collect();
    let rows = rows.concat();
    let mut tool = Tool::new()
        .now(NOW)
        .bytes("people.csv", format!("email,code\n{rows}"));
    let error = tool.error("shard split --shards 3 --people people.csv -o parts");
    assert!(
        error.contains(
            "people.csv:1:2: `code` is new and string by all rows, but integer by those of shard"
        ),
        "{error}"
    );
    assert!(!tool.path("parts").exists());
    tool.write(
        "campaigns/workspace.yaml",
        "fields: { code: { type: string } }\n",
    );
    tool.load();
    tool.done("shard split --shards 3 --people people.csv -o parts");
}

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
