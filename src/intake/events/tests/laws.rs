//! What holds for all event files: order, identity, and that neither cutting nor spilling shows.

use std::fmt::Write as _;

use crate::world::Event;

use super::Files;

fn line(at: &str, person: &str, link: &str) -> String {
    format!(
        r#"{{"at":"2026-11-02T{at}Z","person":"{person}","type":"click_email","email":"spring","link":"{link}"}}"#
    )
}

fn with_id(id: &str, at: &str, link: &str) -> String {
    line(at, "17", link).replacen('{', &format!(r#"{{"id":"{id}","#), 1)
}

fn places(events: &[Event]) -> Vec<(u32, u64)> {
    events.iter().map(|event| event.place).collect()
}

#[test]
fn instants_order_then_files_then_lines() {
    let files = Files::new()
        .file(
            "b.jsonl",
            [line("10:00:02", "17", "a"), line("10:00:01", "17", "b")].join("\n"),
        )
        .file(
            "a.jsonl",
            [line("10:00:01", "17", "c"), line("10:00:00", "17", "d")].join("\n"),
        );
    assert_eq!(places(&files.events()), [(1, 2), (0, 2), (1, 1), (0, 1)]);
}

#[test]
fn equal_events_without_id_are_several_and_numbered() {
    let ann = line("10:00:00", "Ann@example.com", "a");
    let other_case = line("10:00:00", "ann@EXAMPLE.com", "a");
    let other_link = line("10:00:00", "ann@example.com", "b");
    let later = line("10:00:01", "ann@example.com", "a");
    let files = Files::jsonl([ann, other_link, other_case, later].join("\n"));
    let events = files.events();
    let ordinals: Vec<u32> = events.iter().map(|e| e.identity.ordinal).collect();
    assert_eq!(ordinals, [0, 0, 1, 0]);
    assert_eq!(events[0].identity.hash, events[2].identity.hash);
    assert_ne!(events[0].identity.hash, events[1].identity.hash);
    assert!(events.iter().all(|e| e.identity.hash == e.identity.content));
}

#[test]
fn over_files_the_greatest_number_of_equal_events_in_one_of_them_holds() {
    let ann = line("10:00:00", "ann@example.com", "a");
    let ben = line("10:00:00", "ben@example.com", "a");
    let files = Files::jsonl([ann.clone(), ann.clone()].join("\n"))
        .file("again.jsonl", [ben, ann.clone()].join("\n"))
        .file("more.jsonl", vec![ann; 3].join("\n"));
    let events = files.open().unwrap();
    assert_eq!((events.counts().read, events.counts().repeated), (7, 3));
    let events: Vec<Event> = events.map(Result::unwrap).collect();
    assert_eq!(places(&events), [(0, 1), (0, 2), (1, 1), (2, 3)]);
    let ordinals: Vec<u32> = events.iter().map(|e| e.identity.ordinal).collect();
    assert_eq!(ordinals, [0, 1, 0, 2]);
}

#[test]
fn the_same_id_and_content_is_one_event() {
    let one = with_id("e-1", "10:00:00", "a");
    let number = one.replace("\"e-1\"", "1");
    let text = one.replace("\"e-1\"", "\"1\"");
    let other_instant = with_id("e-1", "10:00:01", "b");
    let files = Files::jsonl([one.clone(), number, one, text, other_instant].join("\n"));
    let events = files.open().unwrap();
    assert_eq!((events.counts().read, events.counts().repeated), (5, 2));
    let events: Vec<Event> = events.map(Result::unwrap).collect();
    assert_eq!(places(&events), [(0, 1), (0, 2), (0, 5)]);
    assert_eq!(events[0].identity.hash, events[2].identity.hash);
    assert_ne!(events[0].identity.hash, events[0].identity.content);
}

#[test]
fn the_same_id_and_instant_with_other_content_is_reported_with_both_places() {
    let files = Files::jsonl(with_id("e-1", "10:00:00", "a")).file(
        "more.jsonl",
        format!("\n{}", with_id("e-1", "10:00:00", "b")),
    );
    assert_eq!(
        files.faults(),
        "more.jsonl:2:1: an event with the id and the instant of e.jsonl:1, but other content"
    );
    let rejects = files.place("rejects");
    let files = files.with(|options| options.rejects = Some(rejects));
    assert!(
        files.open().is_err(),
        "no one can say which of the two holds"
    );
    let left = std::fs::read_dir(files.folder.path()).unwrap().count();
    assert_eq!(left, files.names.len(), "nothing but the files is there");
}

#[test]
fn neither_format_nor_type_of_an_attribute_shows_in_the_identity() {
    let json = Files::jsonl(
        r#"{"at":"2026-11-02T10:00:00Z","person":"17","type":"attends_webinar","minutes":45,"live":true,"extra":1.50,"nested":{ "a": [-0, null] }}"#,
    );
    let csv = Files::csv(
        "extra,at,type,person,live,minutes,nested\n1.5,2026-11-02T11:00:00+01:00,attended_webinar,17,true,45,\"{\"\"a\"\":[0,null]}\"\n",
    );
    assert_eq!(json.only().identity, csv.only().identity);
}

/// Writes some lines over few instants, people and ids, so that equals and ties are many.
fn random(random: &mut fastrand::Rng, count: usize) -> Vec<(String, String)> {
    (0..count)
        .map(|number| {
            let at = format!("10:00:{:02}", random.u8(0..20));
            let person = ["ann@example.com", "Ann@Example.com", "17"][random.usize(0..3)];
            let link = ["a", "größe", "c,d", "e\"f"][random.usize(0..4)];
            let minutes = random.u8(0..3);
            let id = if random.bool() {
                format!("e-{number}")
            } else {
                String::new()
            };
            let quoted = link.replace('"', "\"\"");
            let csv = format!("{id},2026-11-02T{at}Z,{person},attends_webinar,\"{quoted}\",{minutes}");
            let json = serde_json::json!({
                "id": id, "at": format!("2026-11-02T{at}Z"), "person": person, "type": "attends_webinar",
                "webinar": link, "minutes": minutes,
            });
            (json.to_string(), csv)
        })
        .collect()
}

/// Returns whether equal events without an id stand on both sides of a cut: they are numbered within their file, so that
/// two files have fewer of them than one.
fn parts_equals(lines: &[&str], cut: usize) -> bool {
    let equal = |one: &str, other: &str| {
        one.contains(r#""id":"",""#) && one.to_lowercase() == other.to_lowercase()
    };
    let (before, after) = lines.split_at(cut);
    before
        .iter()
        .any(|one| after.iter().any(|other| equal(one, other)))
}

#[test]
fn neither_format_cut_nor_memory_shows_in_the_events() {
    let mut rng = fastrand::Rng::with_seed(17);
    for round in 0..8 {
        let lines = random(&mut rng, 100);
        let json: Vec<&str> = lines.iter().map(|(json, _)| json.as_str()).collect();
        let plain = |mut events: Vec<Event>| {
            for event in &mut events {
                event.place = (0, 0);
            }
            events
        };
        let whole = Files::jsonl(json.join("\n")).events();
        assert_eq!(whole.len(), 100);
        assert!(
            whole
                .windows(2)
                .all(|pair| (pair[0].at, pair[0].place) < (pair[1].at, pair[1].place))
        );
        let whole = plain(whole);

        let mut csv = "id,at,person,type,webinar,minutes\n".to_owned();
        for (_, row) in &lines {
            writeln!(csv, "{row}").unwrap();
        }
        assert_eq!(plain(Files::csv(csv).events()), whole, "round {round}, CSV");

        let cut = std::iter::repeat_with(|| rng.usize(0..=100))
            .find(|cut| !parts_equals(&json, *cut))
            .unwrap();
        let parts = Files::one("z.jsonl", json[..cut].join("\n"))
            .file("a.jsonl", json[cut..].join("\n"))
            .with(|options| options.budget = 2_000);
        assert_eq!(plain(parts.events()), whole, "round {round}, cut at {cut}");
    }
}

#[test]
fn long_files_keep_their_lines_over_all_workers() {
    let lines: Vec<String> = (0..20_000_u32)
        .map(|number| {
            let at = format!(
                "{:02}:{:02}:{:02}",
                number / 3600,
                number / 60 % 60,
                number % 60
            );
            line(&at, "ann@example.com", &number.to_string())
        })
        .collect();
    let files = Files::jsonl(lines.join("\n"));
    let expected: Vec<(u32, u64)> = (1..=20_000).map(|line| (0, line)).collect();
    assert_eq!(places(&files.events()), expected);
    let spilled = files.with(|options| options.budget = 100_000);
    assert_eq!(places(&spilled.events()), expected);
}

#[test]
fn events_may_be_read_on_a_thread_of_their_own() {
    let mut events = Files::jsonl(line("10:00:00", "17", "a")).open().unwrap();
    let count = std::thread::spawn(move || events.by_ref().count());
    assert_eq!(count.join().unwrap(), 1);
}
