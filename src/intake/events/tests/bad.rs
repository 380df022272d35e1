//! Lines that are refused, and what is said of them.

use super::Files;

/// Returns the fault of a line that is an event but for some further members.
fn with(rest: &str) -> String {
    Files::jsonl(format!(
        r#"{{"at":"2026-11-02T10:00:00Z","person":"17","type":"attends_webinar"{rest}}}"#
    ))
    .faults()
}

fn line(line: impl AsRef<[u8]>) -> String {
    Files::jsonl(line).faults()
}

#[test]
fn what_is_no_json_object_is_refused_with_its_place() {
    let cases = [
        ("[{\"id\":1}]", "e.jsonl:1:2: no `at`"),
        (
            "\n{'id':'e1'}",
            "e.jsonl:2:2: a single quote where a name in double quotes is expected",
        ),
        (
            "{\"a\":1} {\"b\":2}",
            "e.jsonl:1:9: something follows the object",
        ),
        (
            "{\"a\":1",
            "e.jsonl:1:7: the line ends where `,` or `}` is expected",
        ),
        (
            "{\"a\":1,}",
            "e.jsonl:1:8: a name in double quotes is expected here",
        ),
        ("{\"ä\":\"ö", "e.jsonl:1:6: a text that is never closed"),
        (
            "{\"a\":NaN}",
            "e.jsonl:1:6: JSON has no NaN and no infinity",
        ),
        ("{\"a\":-Infinity}", "e.jsonl:1:7: a digit is expected here"),
        ("{\"a\":01}", "e.jsonl:1:6: a number has a leading zero"),
        (
            "{\"a\":1e400}",
            "e.jsonl:1:6: a number beyond the range of numbers",
        ),
        (
            "{\"a\":9223372036854775808}",
            "e.jsonl:1:6: an integer that does not fit 64 bits",
        ),
        (
            "{\"a\":[99999999999999999999]}",
            "e.jsonl:1:7: an integer that does not fit 64 bits",
        ),
        (
            "{\"a\":\"\\ud800\"}",
            "e.jsonl:1:7: half of a surrogate pair",
        ),
        ("{\"a\":\"\\u0000\"}", "e.jsonl:1:7: a NUL character"),
        ("{\"a\":\"\\x\"}", "e.jsonl:1:7: no such escape in JSON"),
        (
            "{\"a\":\"\u{1}\"}",
            "e.jsonl:1:7: a control character in a text",
        ),
        (
            "{\"id\":1,\"x\":2,\"id\":1}",
            "e.jsonl:1:15: key `id` is given twice",
        ),
        (
            "{\"a\":{\"b\":1,\"b\":2}}",
            "e.jsonl:1:13: key `b` is given twice",
        ),
        (
            "{\"\\u0061\":1,\"a\":2}",
            "e.jsonl:1:13: key `a` is given twice",
        ),
    ];
    for (text, fault) in cases {
        assert_eq!(line(text), fault);
    }
    assert_eq!(line(b"{\"a\":\"caf\xe9\"}"), "e.jsonl:1:10: not UTF-8");
    let deep = format!("{{\"v\":{}{}}}", "[".repeat(200), "]".repeat(200));
    assert_eq!(
        line(deep),
        "e.jsonl:1:69: arrays and objects lie more than 64 deep in each other"
    );
    let many: Vec<String> = (0..30).map(|n| format!("\"k{n}\":1")).collect();
    assert_eq!(
        line(format!("{{{},\"k3\":2}}", many.join(","))),
        "e.jsonl:1:232: key `k3` is given twice"
    );
}

#[test]
fn a_line_beyond_all_measure_is_refused_and_the_next_one_read() {
    let long = format!("{{\"v\":\"{}\"}}\n{{}}\n", "x".repeat(17 << 20));
    assert_eq!(
        line(long),
        "e.jsonl:1:1: a line of more than 16 MiB\ne.jsonl:2:1: no `at`"
    );
}

#[test]
fn instant_person_and_type_must_be_there() {
    assert_eq!(
        line(r#"{"person":"17","type":"11"}"#),
        "e.jsonl:1:1: no `at`"
    );
    assert_eq!(
        line(r#"{"at":"2026-11-02T10:00:00Z","person":" ","type":"11"}"#),
        "e.jsonl:1:1: no `person`"
    );
    assert_eq!(
        line(r#"{"at":"2026-11-02T10:00:00Z","person":"17"}"#),
        "e.jsonl:1:1: no `type`"
    );
    assert_eq!(
        line(r#"{"at":"2026-11-02T10:00:00Z","person":["17"],"type":"11"}"#),
        "e.jsonl:1:39: `person` is neither a text nor a number"
    );
}

#[test]
fn an_address_under_another_name_is_pointed_out() {
    let files = Files::jsonl(r#"{"email":"x@y.test","type":"11","at":"2026-11-02T10:00:00Z"}"#);
    let crate::intake::data_error::Error::Faulty(faults) = files.open().unwrap_err() else {
        panic!("a fault was expected");
    };
    assert_eq!(
        faults.reported()[0].help.as_deref(),
        Some("if `email` is the person, say so by `--map \"email=person\"`")
    );
}

#[test]
fn instants_outside_of_time_are_refused() {
    let at = |text: &str| line(format!(r#"{{"at":{text},"person":"17","type":"11"}}"#));
    let form = "e.jsonl:1:7: `at` is not an instant";
    let range = "e.jsonl:1:7: `at` lies outside 1970 to 2100";
    assert_eq!(at(r#""2026-05-01T12:00:00+25:00""#), form);
    assert_eq!(at(r#""2026-05-01T24:00:00Z""#), form);
    assert_eq!(at(r#""01/02/2026""#), form);
    assert_eq!(at(r#""9999-12-31T23:59:59Z""#), form);
    assert_eq!(at(r#""1969-12-31T23:59:59Z""#), range);
    assert_eq!(at("99999999999999999"), range);
    assert_eq!(at("-5"), range);
    assert_eq!(
        at("20261102"),
        "e.jsonl:1:7: `at` is a date without separators"
    );
}

#[test]
fn events_later_than_the_clock_are_refused() {
    let now = crate::domain::Instant::from_micros(1_777_629_600_000_000);
    let files = Files::csv("at,person,type\n1777629600,17,11\n1777629600.000001,17,11\n")
        .with(|options| options.latest = Some(now));
    assert_eq!(
        files.faults(),
        "e.csv:3:1: `at` is later than 2026-05-01T10:00:00Z, which is now"
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    assert_eq!(
        with(r#","minutes":4.5"#),
        "e.jsonl:1:79: `minutes` is not a whole number of at most 64 bits, such as 42"
    );
    assert_eq!(
        with(r#","live":"maybe""#),
        "e.jsonl:1:76: `live` is not true or false"
    );
    assert_eq!(
        with(r#","attributes":{"day":"2026-02-30"}"#),
        "e.jsonl:1:89: `day` is not a date as YYYY-MM-DD"
    );
    assert_eq!(
        with(r#","attributes":"x""#),
        "e.jsonl:1:82: an object is expected here"
    );
    assert_eq!(
        with(r#","Webinar":"a","webinar":"b""#),
        "e.jsonl:1:83: `webinar` is given twice"
    );
    assert_eq!(
        with(r#","webinar":"a","attributes":[{"nome":"webinar"}]"#),
        "e.jsonl:1:97: an attribute of the list is not `{\"name\": …, \"value\": …}`"
    );
}

#[test]
fn a_change_says_of_what_and_to_what() {
    let change = |rest: &str| {
        line(format!(
            r#"{{"at":"2026-11-02T10:00:00Z","person":"17","type":{rest}}}"#
        ))
    };
    assert_eq!(
        change(r#"13,"field":"city""#),
        "e.jsonl:1:1: `change_data_value` needs `new_value`"
    );
    assert_eq!(
        change(r#"22,"field":"lead_score","change":5"#),
        "e.jsonl:1:1: `change_score` needs `new_value`"
    );
    assert_eq!(
        change(r#"13,"new_value":"x""#),
        "e.jsonl:1:1: `change_data_value` needs `field`"
    );
    assert_eq!(change("24"), "e.jsonl:1:1: `add_to_list` needs `list`");
    assert_eq!(
        change(r#"104,"program":"Webinar""#),
        "e.jsonl:1:1: `change_program_status` needs `new_status`"
    );
    assert_eq!(
        change(r#"13,"field":"unsubscribed","new_value":"maybe""#),
        "e.jsonl:1:89: `new_value` is not true or false"
    );
}

#[test]
fn ids_have_a_limit() {
    assert_eq!(
        with(&format!(r#","id":"{}""#, "x".repeat(2000))),
        "e.jsonl:1:74: the id of an event is longer than 1024 bytes"
    );
}

#[test]
fn a_header_says_what_the_columns_are() {
    assert_eq!(
        Files::csv("id,type,email,at\n").faults(),
        "e.csv:1:1: no column `person`"
    );
    assert_eq!(
        Files::csv("at,person,type,link,,link\n").faults(),
        "e.csv:1:21: a column without a name\ne.csv:1:22: column `link` is given twice"
    );
    assert_eq!(
        Files::csv("at,person,type,when,then\n")
            .map("when=at,then=at")
            .faults(),
        "e.csv:1:21: column `at` is given twice"
    );
    assert_eq!(
        line("not json\n"),
        "e.jsonl:1:1: no column `at`\ne.jsonl:1:1: no column `person`\ne.jsonl:1:1: no column `type`"
    );
    let utf16: Vec<u8> = "at,person"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        line([b"\xff\xfe", utf16.as_slice()].concat()),
        "e.jsonl:1:1: the file is UTF-16"
    );
}

#[test]
fn rows_are_whole() {
    let row = |row: &str| Files::csv(format!("at,person,type\n{row}\n")).faults();
    assert_eq!(
        row("2026-11-02T10:00:00Z,17"),
        "e.csv:2:24: 2 cells where the header has 3"
    );
    assert_eq!(row("x,17,11"), "e.csv:2:1: `at` is not an instant");
    assert_eq!(
        row("2026-11-02T10:00:00Z,\"17,11"),
        "e.csv:2:22: quote is never closed"
    );
}

#[test]
fn a_renaming_of_nothing_is_refused() {
    let files = Files::csv("at,person,type\n2026-11-02T10:00:00Z,17,11\n").map("wen=at");
    assert_eq!(
        files.faults(),
        "e.csv:1:1: no column or key `wen`, which `--map` renames"
    );
}

#[test]
fn all_files_are_refused_with_all_their_faults() {
    let bad: String = (0..15).map(|_| "{}\n").collect();
    let files = Files::jsonl(&bad).file("more.jsonl", &bad);
    let faults = files.faults();
    assert_eq!(
        faults.trim_end(),
        "e.jsonl:1:1: no `at` (15 times, the last in line 15)\n\
         more.jsonl:1:1: no `at` (15 times, the last in line 15)"
    );
}

#[test]
fn with_rejects_bad_lines_are_copied_and_the_others_taken() {
    let good = r#"{"at":"2026-11-02T10:00:00Z","person":"17","type":"11"}"#;
    let files = Files::jsonl(format!("{good}\n{{\"at\": \"caf\u{e9}\"}}\n{good}\n")).file(
        "e.csv",
        "at,person,type\r\n2026-11-02T10:00:00Z,17,11\r\nnever,\"1\n7\",11\r\n,17\r\n",
    );
    let path = files.path("rejects");
    let place = files.place("rejects");
    let files = files.with(|options| options.rejects = Some(place));
    let mut events = files.open().unwrap();
    assert_eq!(events.counts().rejected, 3);
    assert_eq!(events.counts().read, 6);
    assert_eq!(events.rejected().total(), 3);
    let set_aside = events.take_set_aside();
    // The event of the table is one of the two of the other file.
    assert_eq!(events.count(), 2);
    assert!(!path.exists(), "the others are not taken yet");
    set_aside.publish().unwrap();
    let folder = format!("{}/", files.folder.path().display());
    let text = std::fs::read_to_string(&path).unwrap().replace(&folder, "");
    assert_eq!(
        text,
        "# e.jsonl:2:8: `at` is not an instant\n\
         {\"at\": \"caf\u{e9}\"}\n\
         at,person,type\r\n\
         # e.csv:3:1: `at` is not an instant\n\
         never,\"1\n7\",11\n\
         # e.csv:5:4: 2 cells where the header has 3\n\
         ,17\n"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_missing_file_and_a_damaged_one_cannot_be_read() {
    let mut files = Files::new();
    files.names.push("none.jsonl".to_owned());
    assert!(files.faults().starts_with("cannot read `none.jsonl`: "));
    let files = Files::one("e.jsonl.gz", b"\x1f\x8b\x08\x00\x00\x00");
    assert!(files.faults().starts_with("cannot read `e.jsonl.gz`: "));
}

#[test]
fn addresses_and_names_obey_the_rules_of_person_lists() {
    let fault_of = |event: serde_json::Value| {
        let fault = line(event.to_string());
        fault.split_once(": ").unwrap().1.to_owned()
    };
    let at = "2026-11-02T10:00:00Z";
    for (person, fault) in [
        (
            "x@y.z\nBcc: a@b.c",
            "`person` holds the invisible character U+000A",
        ),
        (
            "x\u{200b}@y.z",
            "`person` holds the invisible character U+200B",
        ),
        ("x@y.z, a@b.c", "`person` is not one email address"),
        ("@y.z", "`person` is not an email address"),
    ] {
        let event = serde_json::json!({"at": at, "person": person, "type": "11"});
        assert_eq!(fault_of(event), fault, "{person:?}");
    }
    for (field, value, fault) in [
        (
            "email",
            "Ann <a@b.c>",
            "`new_value` is not one email address",
        ),
        (
            "First Name",
            "A\u{202e}nn",
            "`new_value` holds the invisible character U+202E",
        ),
    ] {
        let event = serde_json::json!({
            "at": at, "person": "17", "type": "change_data_value", "field": field, "new_value": value,
        });
        assert_eq!(fault_of(event), fault, "{value:?}");
    }
}
