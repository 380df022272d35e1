//! What costs how much: twice the input takes less than three times the work, and no input makes it endless.
//!
//! Work is processor time of the program, which other programs on the machine hardly change. Inputs are doubled three
//! times between two measurements, so that what grows with the square is far above the bound and noise is far below it.

use std::fmt::Write as _;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::tool::{Line as _, Tool};

/// How often an input is doubled between the two measurements.
const DOUBLED: u32 = 3;

/// What takes less than this grows with nothing that matters.
const NOTHING: f64 = 0.4;

/// Runs a command, with a file `input` as its standard input, and returns the seconds of processor time that it took.
fn work(tool: &Tool, line: &str, codes: &[i32]) -> f64 {
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg("\"$0\" \"$@\" > out.txt 2>&1; code=$?; times; exit $code");
    shell.arg(tool.command().get_program()).args(line.words());
    for (name, value) in tool.command().get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    let output = shell
        .current_dir(tool.path(""))
        .stdin(File::open(tool.path("input")).map_or(Stdio::null(), Stdio::from))
        .output()
        .unwrap();
    let code = output.status.code().unwrap();
    let said = std::fs::read(tool.path("out.txt")).unwrap();
    let said = String::from_utf8_lossy(&said[..said.len().min(2_000)]).into_owned();
    assert!(codes.contains(&code), "{line}: {code}\n{said}");
    let times = String::from_utf8(output.stdout).unwrap();
    // The second line is of the children: `0m1.234567s 0m0.012345s`.
    let seconds = |time: &str| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
    };
    times.lines().nth(1).unwrap().split(' ').map(seconds).sum()
}

/// Makes sure that an input costs less than three times as much where it is twice as large.
#[track_caller]
fn grows_with_its_size(line: &str, size: usize, codes: &[i32], make: impl Fn(usize) -> Tool) {
    let (small, large) = (make(size), make(size << DOUBLED));
    let mut tried = Vec::new();
    for _ in 0..3 {
        let (one, many) = (work(&small, line, codes), work(&large, line, codes));
        tried.push((one, many));
        if many < NOTHING || many < one * 3_f64.powi(i32::try_from(DOUBLED).unwrap()) {
            return;
        }
    }
    panic!("{line}: {size} and {} took {tried:?} s", size << DOUBLED);
}

fn campaign(filters: &str, flow: &str) -> Tool {
    Tool::new().now("2026-11-02T10:00:00Z").file(
        "campaigns/c.yaml",
        &format!("name: C\nsmart_list:\n  filters:\n{filters}flow:\n{flow}"),
    )
}

const USA: &str = "    - country: { is: USA }\n";
const SCORE: &str = "  - change_score: +1\n";

/// Smart lists on so many levels, each made of the one below, five times, joined by any or by all.
fn nested(levels: usize, join: &str, alternate: bool) -> Tool {
    let mut lists = format!("smart_lists:\n  L0:\n    filters:\n  {USA}");
    for level in 1..=levels {
        writeln!(lists, "  L{level}:\n    filters:").unwrap();
        for part in 0..5 {
            let is = if alternate && part % 2 == 1 {
                "is_not"
            } else {
                "is"
            };
            writeln!(
                lists,
                "      - member_of_smart_list: {{ {is}: L{} }}",
                level - 1
            )
            .unwrap();
        }
        writeln!(lists, "    logic: {join}").unwrap();
    }
    let last = format!("    - member_of_smart_list: L{levels}\n");
    campaign(&last, SCORE).file("campaigns/workspace.yaml", &lists)
}

#[test]
#[ignore = "slow"]
fn smart_lists_made_of_smart_lists() {
    for (join, alternate) in [("any", false), ("all", false), ("any", true), ("all", true)] {
        grows_with_its_size("campaign validate campaigns", 4, &[0, 1], |levels| {
            nested(levels, join, alternate)
        });
    }
}

#[test]
#[ignore = "slow"]
fn people_judged_by_smart_lists_made_of_smart_lists() {
    for (join, alternate) in [("any", false), ("any", true)] {
        let lines = [
            "campaign run C --dry-run",
            "campaign explain C --person a@example.com",
            "campaign explain C --all",
        ];
        for line in lines {
            grows_with_its_size(line, 4, &[0], |levels| {
                let list = "email,country\na@example.com,Chile\nb@example.com,USA\n";
                nested(levels, join, alternate)
                    .file("people.csv", list)
                    .loaded()
            });
        }
    }
}

fn with_event(event: &str) -> Tool {
    Tool::new()
        .now("2026-11-02T10:00:00Z")
        .file("people.csv", "email\na@example.com\n")
        .file("events.jsonl", event)
        .loaded()
}

#[test]
#[ignore = "slow"]
fn an_editor_with_a_large_workspace() {
    grows_with_its_size("lsp", 60, &[0], |size| {
        let mut emails = "emails:\n".to_owned();
        let mut tool = Tool::new();
        for number in 0..size {
            writeln!(emails, "  Email {number}: {{ subject: Hi }}").unwrap();
            let campaign = format!(
                "name: C{number}\nsmart_list: {{ filters: [ country: USA, member_of_list: L{number} ] }}\n\
                 flow: [ send_email: Email {number}, add_to_list: L{number}, send_email: Email 0 ]\n"
            );
            tool = tool.file(&format!("campaigns/c{number}.yaml"), &campaign);
        }
        let tool = tool.file("campaigns/workspace.yaml", &emails);
        let folder = format!("file://{}", tool.path("").canonicalize().unwrap().display());
        let uri = format!("{folder}/campaigns/c0.yaml");
        let document = json!({ "uri": uri });
        let mut input = String::new();
        let mut send = |mut message: Value| {
            message["jsonrpc"] = json!("2.0");
            let text = message.to_string();
            write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        };
        send(json!({ "id": 1, "method": "initialize", "params": { "rootUri": folder } }));
        let opened = json!({ "uri": uri, "version": 1, "text": "name: C0\nflow: [ send_email: Email 0 ]\n" });
        send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": opened } }));
        // Each question is about a text that has just changed, so that all is read anew.
        for method in [
            "hover",
            "completion",
            "definition",
            "references",
            "codeAction",
        ] {
            let start = json!({ "line": 1, "character": 23 });
            let range = json!({ "start": start, "end": start });
            let change = json!({ "text": "x", "range": range });
            send(
                json!({ "method": "textDocument/didChange", "params": { "textDocument": document, "contentChanges": [change] } }),
            );
            send(
                json!({ "id": 2, "method": format!("textDocument/{method}"), "params": { "textDocument": document, "position": start, "range": range } }),
            );
        }
        send(json!({ "id": 3, "method": "shutdown" }));
        send(json!({ "method": "exit" }));
        tool.bytes("input", input)
    });
}

#[test]
#[ignore = "slow"]
fn an_event_of_many_keys() {
    let start =
        "{\"at\":\"2026-11-02T09:00:00Z\",\"person\":\"a@example.com\",\"type\":\"visit_web_page\"";
    let keys = |number: usize| {
        let mut keys = String::new();
        for key in 0..number {
            write!(keys, ",\"key_{key}\":{key}").unwrap();
        }
        keys
    };
    grows_with_its_size(
        "campaign replay-events events.jsonl",
        5_000,
        &[0],
        |number| with_event(&format!("{start}{}}}\n", keys(number))),
    );
    grows_with_its_size(
        "campaign replay-events events.jsonl",
        5_000,
        &[0],
        |number| {
            let keys = keys(number);
            with_event(&format!("{start},\"attributes\":{{{}}}}}\n", &keys[1..]))
        },
    );
}

#[test]
#[ignore = "slow"]
fn a_key_that_is_given_twice_among_many_is_found() {
    let mut keys = String::new();
    for key in 0..100 {
        write!(keys, ",\"key {key}\":{key}").unwrap();
    }
    let event = format!(
        "{{\"at\":\"2026-11-02T09:00:00Z\",\"person\":\"a@example.com\",\"type\":\"visit_web_page\"{keys},\"key_7\":8}}\n"
    );
    let said = with_event(&event).error("campaign replay-events events.jsonl");
    assert!(said.contains("`key_7` is given twice"), "{said}");
}

#[test]
#[ignore = "slow"]
fn a_long_text_in_the_place_of_a_name() {
    let filter = |size: usize| {
        let name = "x".repeat(size);
        campaign(
            &format!("    - member_of_list: {name}\n    - {{ ? {name} : {{ is: USA }} }}\n"),
            SCORE,
        )
    };
    let token = |size: usize| {
        let name = "y".repeat(size);
        let text = format!(
            "  - change_data_value: {{ field: country, value: \"{{{{lead.{name}}}}}\" }}\n"
        );
        campaign(USA, &text)
    };
    grows_with_its_size("campaign validate campaigns", 100_000, &[0, 1], filter);
    grows_with_its_size("campaign validate campaigns", 100_000, &[1], token);
    for long in [filter(1_000_000), token(1_000_000)] {
        for format in ["", " --format json", " --format github"] {
            let line = format!("campaign validate campaigns{format}");
            let output = long.command().args(line.as_str().words()).output().unwrap();
            let said = output.stdout.len() + output.stderr.len();
            assert!(said < 20_000, "{line} says {said} bytes");
        }
    }
}

#[test]
#[ignore = "slow"]
fn braces_that_nothing_closes() {
    for piece in ["{{", "{{a", "{{lead.email}} ", "{{lead.nothing}} "] {
        let text = |number: usize| {
            let text = piece.repeat(number);
            campaign(
                USA,
                &format!("  - change_data_value: {{ field: country, value: \"{text}\" }}\n"),
            )
        };
        grows_with_its_size("campaign validate campaigns", 2_000, &[0, 1], text);
    }
    // Closed, far behind all of them.
    grows_with_its_size("campaign validate campaigns", 5_000, &[1], |number| {
        let text = format!("{}{}", "{{".repeat(number), "a".repeat(number * 10) + "}}");
        campaign(
            USA,
            &format!("  - change_data_value: {{ field: country, value: \"{text}\" }}\n"),
        )
    });
}

/// Campaigns that each request the next one; the last one requests the first, or none.
fn chain(number: usize, closed: bool) -> Tool {
    let mut tool = Tool::new().now("2026-11-02T10:00:00Z");
    for campaign in 0..number {
        let flow = match (campaign + 1, closed) {
            (next, _) if next < number => format!("  - request_campaign: C{next}\n"),
            (_, true) => "  - request_campaign: C0\n".to_owned(),
            (_, false) => SCORE.to_owned(),
        };
        let text = format!(
            "name: C{campaign}\nsmart_list:\n  triggers:\n    - campaign_is_requested: any\nflow:\n{flow}"
        );
        tool = tool.file(&format!("campaigns/c{campaign}.yaml"), &text);
    }
    tool
}

#[test]
#[ignore = "slow"]
fn a_chain_of_campaigns_that_request_each_other() {
    for closed in [false, true] {
        grows_with_its_size("campaign validate campaigns", 100, &[0, 1], |number| {
            chain(number, closed)
        });
    }
}

#[test]
#[ignore = "slow"]
fn an_input_without_an_end_is_refused() {
    let tool = campaign(USA, SCORE)
        .file("people.csv", "email\na@example.com\n")
        .loaded();
    let lines = [
        "campaign validate /dev/zero",
        "campaign load /dev/zero",
        "campaign test /dev/zero",
        "campaign fmt --check /dev/zero",
        "campaign run /dev/zero",
        "person load /dev/zero",
        "campaign replay-events /dev/zero",
        "db restore /dev/zero",
        "campaign list --db /dev/zero",
    ];
    for line in lines {
        let mut command = tool.command();
        command.args(line.words()).stdin(Stdio::null());
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "{line} does not end"
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(matches!(status.code(), Some(1..=4)), "{line}: {status}");
    }
}

/// Leads the last part of a table back to its first part, as a damaged pointer may do.
fn make_a_circle(tool: &Tool, table: &str) {
    let sql = format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'");
    let root: usize = tool.query(&sql).trim().parse().unwrap();
    let size: usize = tool.query("PRAGMA page_size").trim().parse().unwrap();
    tool.query("PRAGMA wal_checkpoint(TRUNCATE)");
    let mut bytes = std::fs::read(tool.path("bugle.db")).unwrap();
    let page = &mut bytes[(root - 1) * size..root * size];
    assert_eq!(page[0], 5, "`{table}` has several pages");
    let first = usize::from(u16::from_be_bytes([page[12], page[13]]));
    let child: [u8; 4] = page[first..first + 4].try_into().unwrap();
    page[8..12].copy_from_slice(&child);
    std::fs::write(tool.path("bugle.db"), bytes).unwrap();
}

#[test]
#[ignore = "slow"]
fn a_table_that_leads_back_to_its_beginning() {
    let mut people = String::from("email,country\n");
    for person in 0..3_000 {
        writeln!(people, "person{person}@example.com,USA").unwrap();
    }
    let mut tool = campaign(USA, SCORE)
        .file("people.csv", &people)
        .variable("BUGLE_CHUNK", "50")
        .loaded();
    make_a_circle(&tool, "person");
    let lines = [
        "campaign run C --dry-run",
        "person list",
        "db dump",
        "db check",
        "campaign run C",
    ];
    for line in lines {
        let said = tool.run(line).any_stdout().into_stderr();
        // What SQLite itself finds stands in its own words.
        assert!(
            line == "db check" || said.contains("bugle.db"),
            "{line}: {said}"
        );
        tool.run(line).any_stdout().any_stderr().code(3);
    }
}

/// Trigger campaigns that all react to one activity, each from a template.
fn reacting(number: usize, trigger: &str, filters: &str, flow: &str) -> Tool {
    let mut tool = Tool::new().now("2026-11-02T10:00:00Z");
    for campaign in 0..number {
        let n = campaign.to_string();
        let [trigger, filters, flow] = [trigger, filters, flow].map(|text| text.replace('N', &n));
        let text = format!(
            "name: C{n}\nsmart_list:\n  triggers: [ {trigger} ]\n  filters: [ {filters} ]\nflow: [ {flow} ]\n"
        );
        tool = tool.file(&format!("campaigns/c{campaign}.yaml"), &text);
    }
    tool
}

#[test]
#[ignore = "slow"]
fn campaigns_that_all_react_to_one_activity() {
    let any = "visits_web_page: any";
    let everyone = "member_of_smart_list: All People";
    let sets = "change_data_value: { field: industry, value: vN }";
    let cases = [
        // All race with all.
        (any, everyone, sets),
        (any, "industry: Toys", sets),
        (any, everyone, "change_score: +N"),
        // None with any, by their pages, people or lists.
        ("visits_web_page: /pN", everyone, sets),
        (any, "country: cN", sets),
        (any, "lead_score: { between: [N, N] }", sets),
        (any, "member_of_list: any", "add_to_list: LN"),
        // Each is taken out by all others, or by the first.
        (any, everyone, "remove_from_flow: C0"),
    ];
    for (trigger, filters, flow) in cases {
        grows_with_its_size("campaign validate campaigns -q", 60, &[0, 1], |number| {
            reacting(number, trigger, filters, flow)
        });
    }
}
