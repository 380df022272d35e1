//! Databases whose bytes are damaged: bits that flip, a file that is cut, pages that are blank or in each other's place.
//!
//! Whatever is left of them, no command hangs or ends with a fault of the program, and none quotes SQL.

use std::fs;

use super::hostile::run;
use super::{stderr, tool};

const COMMANDS: [&str; 10] = [
    "campaign list",
    "campaign show Letter",
    "person list",
    "person log ann@example.com",
    "outbox list",
    "db check",
    "db dump",
    "db backup copy.db",
    "campaign advance --until 2026-11-20",
    "person load more.csv",
];

/// How large a page is.
const PAGE: usize = 4096;

/// Damages the bytes of a database, and says how.
fn damage(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) -> &'static str {
    let pages = bytes.len() / PAGE;
    let page = |random: &mut fastrand::Rng| random.usize(0..pages) * PAGE;
    match random.u32(0..5) {
        0 => {
            for _ in 0..random.usize(1..30) {
                let at = random.usize(0..bytes.len());
                bytes[at] ^= 1 << random.u8(0..8);
            }
            "bits flipped"
        }
        1 => {
            let length = random.usize(0..bytes.len());
            bytes.truncate(length);
            "cut"
        }
        2 => {
            let at = page(random);
            bytes[at..at + PAGE].fill(0);
            "a blank page"
        }
        3 => {
            let (one, other) = (page(random), page(random));
            let part = bytes[one..one + PAGE].to_vec();
            bytes[other..other + PAGE].copy_from_slice(&part);
            "a page in the place of another"
        }
        _ => {
            let at = page(random);
            bytes[at..at + 100].fill_with(|| random.u8(..));
            "noise at the beginning of a page"
        }
    }
}

#[test]
fn no_damage_of_bytes_is_a_fault_of_the_program() {
    let whole = tool();
    for line in [
        &["campaign", "replay-events", "events.jsonl"][..],
        &["campaign", "advance", "--until", "2026-11-04"],
    ] {
        assert!(super::output(&whole, line).status.success());
    }
    let connection = rusqlite::Connection::open(whole.path("bugle.db")).unwrap();
    let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
    connection.query_row(truncate, [], |_| Ok(())).unwrap();
    drop(connection);
    let bytes = fs::read(whole.path("bugle.db")).unwrap();
    let (mut noticed, mut wrong) = (0, Vec::new());
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut damaged = bytes.clone();
        let how = damage(&mut damaged, &mut random);
        let line = random.choice(COMMANDS).unwrap();
        let tool = whole.twin();
        fs::write(tool.path("bugle.db"), &damaged).unwrap();
        let Some(ran) = run(&tool, line) else {
            wrong.push(format!("seed {seed}, {how}: {line} does not end"));
            continue;
        };
        let said = stderr(&ran);
        noticed += usize::from(ran.status.code() == Some(3));
        let quotes = [
            "SELECT ",
            "INSERT ",
            "fault of the program in",
            "fault of the program, at",
        ];
        if !matches!(ran.status.code(), Some(0..=7))
            || quotes.iter().any(|words| said.contains(words))
        {
            let code = ran.status.code();
            wrong.push(format!("seed {seed}, {how}: {line}: {code:?}\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(noticed > 15, "{noticed}");
}
