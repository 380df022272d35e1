//! `shard split`: what is cut where, and what cannot be cut.

use std::io::{Read as _, Write as _};

use serde_json::Value as Json;

use super::{NOW, forty, in_shards, lines, parts};
use crate::tool::Tool;

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
