//! A whole year in one pass: events, waits and scheduled batches, bit for bit repeatable.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use fastrand::Rng;

use super::tool::Tool;

const FILES: [(&str, &str); 6] = [
    (
        "campaigns/workspace.yaml",
        "
        time_zone: America/New_York
        fields:
          renewal_date: { type: date }
        ",
    ),
    (
        "campaigns/letter.yaml",
        "
        name: Monthly letter
        smart_list:
          filters:
            - lead_score: { at_least: 0 }
            - random_sample: 60%
        flow:
          - send_email: letter
          - wait: { for: 48 hours, until: { weekdays: [monday, wednesday], time: \"02:30\" } }
          - send_email:
              choices: [ { if: { opened_email: letter }, do_nothing: true } ]
              default: { email: reminder }
        schedule: { first_run: 2026-01-31 09:00, repeat: monthly }
        qualification: every_time
        ",
    ),
    (
        "campaigns/decay.yaml",
        "
        name: Decay
        smart_list: { filters: [ not_visited_web_page: { date_of_activity: { in_past: 14 days } } ] }
        flow: [ change_score: -1 ]
        schedule: { first_run: 2026-01-01 02:30, repeat: daily, weekdays_only: true, time_zone: Europe/Berlin }
        qualification: { once_every: 3 days }
        ",
    ),
    (
        "campaigns/renewal.yaml",
        "
        name: Renewal
        smart_list: { triggers: [ visits_web_page: { web_page: /renew } ] }
        flow:
          - wait: { date_token: \"{{lead.Renewal Date}}\", next_anniversary: true, offset: -3 days, time: \"01:30\" }
          - change_score: { choices: [ { if: { lead_score: { less_than: 0 } }, change: =0 } ], default: { change: +10 } }
          - request_campaign: Welcome
        qualification: { once_every: 1 month }
        active: true
        ",
    ),
    (
        "campaigns/welcome.yaml",
        "
        name: Welcome
        smart_list: { triggers: [ campaign_is_requested: any, person_is_created: any ] }
        flow: [ change_score: +5, add_to_list: Welcomed, wait: 1 month, remove_from_list: Welcomed ]
        qualification: every_time
        active: true
        ",
    ),
    (
        "people.csv",
        "
        email,lead_score,renewal_date
        ann@example.com,10,2020-02-29
        ben@example.com,,2021-11-01
        cleo@example.com,3,2019-03-08
        dora@example.com,-2,
        eli@example.com,7,2022-12-31
        ",
    ),
];

/// Five hundred events of 2026, in no order.
fn events() -> Vec<String> {
    let mut random = Rng::with_seed(2026);
    let mut events: Vec<String> = (0..500)
        .map(|number| {
            let person = ["ann", "ben", "cleo", "dora", "eli", "fay"][random.usize(0..6)];
            let (month, day) = (random.u32(1..=12), random.u32(1..=28));
            let (hour, minute) = (random.u32(0..24), random.u32(0..60));
            let what = match random.usize(0..4) {
                0 => r#""type":"opens_email","email":"letter""#,
                1 => r#""type":"visits_web_page","web_page":"/renew""#,
                2 => r#""type":"visits_web_page","web_page":"/home""#,
                _ => r#""type":"fills_out_form","form":"News""#,
            };
            format!(
                r#"{{"id":"{number}","at":"2026-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z","person":"{person}@example.com",{what}}}"#
            )
        })
        .collect();
    random.shuffle(&mut events);
    events
}

/// The workspace, its people, and the events in one file and in one for each month.
fn year() -> Tool {
    let mut tool = Tool::new().now("2025-12-31T00:00:00Z");
    for (name, text) in FILES {
        tool = tool.file(name, text);
    }
    let events = events();
    for month in 1..=12 {
        let part = format!("\"at\":\"2026-{month:02}");
        let mut text = String::new();
        for event in events.iter().filter(|event| event.contains(&part)) {
            writeln!(text, "{event}").unwrap();
        }
        tool = tool.bytes(&format!("month-{month}.jsonl"), text);
    }
    tool.bytes("year.jsonl", (events.join("\n") + "\n").as_bytes())
        .loaded()
}

const YEAR: [&str; 6] = [
    "campaign",
    "replay-events",
    "year.jsonl",
    "--scheduled",
    "--until",
    "2027-01-31 00:00",
];

/// What one pass says and leaves, on a machine of such a zone, language and chunk size.
fn whole(zone: &str, language: &str, chunk: &str) -> (String, String) {
    let mut tool = year()
        .variable("TZ", zone)
        .variable("LC_ALL", language)
        .variable("LANG", language)
        .variable("BUGLE_CHUNK", chunk);
    let said = tool.text(YEAR);
    (said, tool.dump())
}

/// The same where there is one processor, and so one thread to read events; nothing on a system that cannot ask for it.
fn on_one_processor() -> Option<(String, String)> {
    let mut tool = year();
    let mut pinned = Command::new("taskset");
    pinned.args(["--cpu-list", "0"]);
    let bugle = tool.command();
    pinned.arg(bugle.get_program()).args(YEAR);
    pinned.env_clear().current_dir(tool.path(""));
    for (name, value) in bugle.get_envs() {
        pinned.envs(value.map(|value| (name, value)));
    }
    let path = std::env::var_os("PATH")?;
    let output = pinned.env("PATH", path).output().ok()?;
    assert!(output.status.success(), "{output:?}");
    Some((String::from_utf8(output.stdout).unwrap(), tool.dump()))
}

#[test]
#[ignore = "slow"]
fn a_year_in_one_pass_is_the_same_on_any_machine_with_any_threads_in_chunks_or_cut_into_months() {
    let (said, left) = whole("UTC", "C", "1000000");
    assert!(said.contains("taken                  500"), "{said}");
    assert!(said.contains("runs                   2"), "{said}");
    for (zone, language, chunk) in [
        ("America/Los_Angeles", "de_DE.UTF-8", "1000000"),
        ("Asia/Kathmandu", "tr_TR.UTF-8", "7"),
        ("Pacific/Chatham", "ar_EG.UTF-8", "90"),
    ] {
        let (other, dump) = whole(zone, language, chunk);
        assert_eq!(other, said, "{zone} {language} {chunk}");
        assert!(
            dump == left,
            "the dumps of {zone} {language} {chunk} differ"
        );
    }
    if let Some((other, dump)) = on_one_processor() {
        assert_eq!(other, said, "one processor");
        assert!(dump == left, "the dump of one processor differs");
    }
    let mut months = year();
    for month in 1..=12 {
        let (year, next) = (2026 + month / 12, month % 12 + 1);
        months.done([
            "campaign",
            "replay-events",
            &format!("month-{month}.jsonl"),
            "--scheduled",
            "--until",
            &format!("{year}-{next:02}-01T00:00:00Z"),
        ]);
    }
    months.done("campaign advance --until '2027-01-31 00:00'");
    assert!(months.dump() == left, "the dump of twelve months differs");
}

#[test]
#[ignore = "slow"]
fn a_year_killed_again_and_again_ends_as_if_nothing_had_happened() {
    let (_, left) = whole("UTC", "C", "40");
    let mut tool = year().variable("BUGLE_CHUNK", "40");
    let mut kills = 0;
    // Each attempt is killed when its log has grown a little, so that the year is done bit by bit.
    loop {
        let mut child = tool
            .command()
            .args(YEAR)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bound = 150_000 * (kills + 1);
        let log = tool.path("bugle.db-wal");
        let code = loop {
            if std::fs::metadata(&log).map_or(0, |log| log.len()) >= bound {
                child.kill().unwrap();
            }
            if let Some(status) = child.try_wait().unwrap() {
                break status.code();
            }
        };
        match code {
            Some(0) => break,
            Some(other) => panic!("exit code {other}"),
            None => kills += 1,
        }
    }
    assert!(kills > 2, "it was killed {kills} times");
    assert!(
        tool.dump() == left,
        "killed {kills} times, the dumps differ"
    );
}
