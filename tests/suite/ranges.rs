//! People processed in ranges, in any order, are as if everything had been processed in order of time.
//!
//! `--threads 0` is the plain way: one event after the other. Against it stand stretches, ranges and threads of several
//! sizes, on random events that make, rename, merge and erase people, name new lists, come late, and begin waits.

use std::fmt::Write as _;

use fastrand::Rng;

use crate::tool::Tool;

const CAMPAIGNS: &str = "
    name: Nurture
    smart_list: { triggers: [ fills_out_form ] }
    flow: [ change_score: +5, wait: 2 days, send_email: hello, add_to_list: Warm, wait: 1 hour, change_score: +1 ]
    qualification: every_time
    active: true
    ---
    name: News
    smart_list: { triggers: [ added_to_list: News ] }
    flow: [ wait: 1 day, remove_from_list: News ]
    qualification: { once_every: 1 day }
    active: true
    ---
    name: Warm
    smart_list: { triggers: [ added_to_list: Warm ], filters: [ lead_score: { at_least: 10 } ] }
    flow: [ change_data_value: { field: city, value: '{{lead.Email Address}}' }, request_campaign: Asked ]
    qualification: every_time
    active: true
    ---
    name: Asked
    smart_list: { triggers: [ campaign_is_requested ], filters: [ random_sample: 60% ] }
    flow: [ change_score: +2, remove_from_flow: Nurture ]
    qualification: every_time
    active: true
";

/// Someone, by one of the keys that they have or had.
fn person(random: &mut Rng) -> String {
    let number = random.u32(1..8);
    match random.u32(0..10) {
        0..5 => format!("p{number}@example.com"),
        5..7 => format!("P{number}@Example.com"),
        7..9 => format!("id-{number}"),
        _ => format!("#{}", random.u32(1..14)),
    }
}

fn pick<'a>(random: &mut Rng, of: &[&'a str]) -> &'a str {
    of[random.usize(..of.len())]
}

/// What an event says beside its instant and person.
fn what(random: &mut Rng) -> String {
    let list = pick(random, &["A.News", "News", "B.News", "news", "Warm"]);
    match random.u32(0..14) {
        0..2 => r#""type":"visits_web_page","web_page":"/""#.to_owned(),
        2 => r#""type":"fill_out_form","form":"Contact","city":"Rome""#.to_owned(),
        3 => {
            let email = person(random);
            format!(r#""type":"fill_out_form","form":"Trial","email":"{email}","title":"Buyer""#)
        }
        4 => {
            let id = format!("id-{}", random.u32(1..8));
            format!(r#""type":"fill_out_form","form":"Trial","id":"{id}""#)
        }
        5 => r#""type":"new_person","source_type":"Web""#.to_owned(),
        6 => {
            let email = if random.bool() {
                person(random)
            } else {
                "NULL".to_owned()
            };
            format!(r#""type":"change_data_value","field":"email","new_value":"{email}""#)
        }
        7 => {
            let id = pick(random, &["id-1", "id-2", "id-3", "id-9", "NULL"]);
            format!(r#""type":"change_data_value","field":"id","new_value":"{id}""#)
        }
        8 => r#""type":"change_data_value","field":"industry","new_value":"Tea""#.to_owned(),
        9 if random.u32(0..3) == 0 => r#""type":"delete_person""#.to_owned(),
        9 | 10 => format!(r#""type":"remove_from_list","list":"{list}""#),
        11 | 12 => format!(r#""type":"add_to_list","list":"{list}""#),
        _ => {
            let program = pick(random, &["Fair", "X.Fair", "Y.Fair", "fair"]);
            let status = pick(random, &["Invited", "Attended", "Not in Program"]);
            format!(
                r#""type":"change_program_status","program":"{program}","new_status":"{status}""#
            )
        }
    }
}

/// Some events within so many hours of the beginning, some at one instant.
fn events(random: &mut Rng, part: u32, count: u32, hours: std::ops::Range<u32>) -> String {
    let mut lines = String::new();
    for number in 0..count {
        let hour = random.u32(hours.clone());
        let (day, hour) = (1 + hour / 24, hour % 24);
        let minute = if random.bool() { 0 } else { random.u32(0..60) };
        let (person, what) = (person(random), what(random));
        let id = if random.u32(0..4) > 0 {
            format!(r#""id":"{part}-{number}","#)
        } else {
            String::new()
        };
        writeln!(
            lines,
            r#"{{{id}"at":"2026-11-{day:02}T{hour:02}:{minute:02}:00Z","person":"{person}",{what}}}"#
        )
        .unwrap();
    }
    lines
}

/// Replays a story in one way; returns what the commands said, what they set aside, and what they left.
fn replayed(seed: u64, pace: &str) -> String {
    let mut random = Rng::with_seed(seed);
    let first = events(&mut random, 1, 40, 0..200);
    // The second file begins before the first one ends, and has some of the same lines.
    let mut second = events(&mut random, 2, 30, 150..300);
    second.extend(first.lines().take(3).map(|line| format!("{line}\n")));
    let mut tool = Tool::new()
        .now("2026-11-30T00:00:00Z")
        .file("campaigns/all.yaml", CAMPAIGNS)
        .bytes(
            "people.csv",
            "email,id\np1@example.com,id-1\np2@example.com,\n",
        )
        .bytes("1.jsonl", first)
        .bytes("2.jsonl", second);
    tool.done("campaign load campaigns");
    tool.done("person load people.csv");
    let mut out = String::new();
    for line in [
        "campaign replay-events 1.jsonl --unknown 1.unknown.jsonl --until 2026-11-07",
        "campaign replay-events 2.jsonl --unknown 2.unknown.jsonl",
        "campaign replay-events 2.unknown.jsonl --unknown 3.unknown.jsonl",
        "campaign advance --until 2026-11-20",
    ] {
        let file = line.split(' ').nth(2).unwrap();
        if file.ends_with("jsonl") && !tool.path(file).exists() {
            continue;
        }
        let ran = tool.run(format!("{line} {pace} -f json"));
        out.push_str(&ran.into_stdout());
    }
    for file in ["1.unknown.jsonl", "2.unknown.jsonl", "3.unknown.jsonl"] {
        out.push_str(&std::fs::read_to_string(tool.path(file)).unwrap_or_default());
    }
    out.push_str(&tool.dump());
    out.push_str(&tool.query("SELECT name FROM pragma_table_info('v_person') ORDER BY cid"));
    out
}

#[test]
#[ignore = "slow"]
fn ranges_of_people_are_as_good_as_the_order_of_time() {
    for seed in 0..8 {
        let plain = replayed(seed, "--threads 0");
        for pace in [
            "--threads 1 --chunk 1",
            "--threads 2 --chunk 1000",
            "--threads 3 --chunk 7 --stretch 3",
            "--threads 2 --chunk 2 --stretch 1",
            "--threads 0 --chunk 1",
        ] {
            let found = replayed(seed, pace);
            let differ = plain.lines().zip(found.lines()).find(|(a, b)| a != b);
            assert!(found == plain, "story {seed}, {pace}: {differ:#?}");
        }
    }
}
