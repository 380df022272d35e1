//! Readers of single texts that are given anything at all: each is compared with something that does the same differently.
//!
//! `targets` has the readers and what must hold; `bytes` takes values out of bytes. Each test changes texts that are right, a
//! given number of times; `BUGLE_FUZZ=60 cargo test --locked fuzz` goes on for so many seconds with other seeds. With the
//! guidance of coverage the same targets are run by `.ci/fuzz TARGET`, from the crate in `fuzz/`.

mod bytes;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::mutated::change::changed;
use targets::{TARGETS, Target};

/// How long other seeds are tried, where that is asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "the one knob of these tests; the program itself reads no variable"
)]
fn seconds() -> Option<u64> {
    let wanted = std::env::var("BUGLE_FUZZ").ok()?;
    Some(wanted.parse().expect("a number of seconds"))
}

/// Gives a target its texts as they are, and then changed.
fn run(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    for right in target.right {
        attempt(target, right.as_bytes(), 0);
    }
    match seconds() {
        None => (1..=target.times).for_each(|seed| changed_by(target, seed)),
        Some(seconds) => {
            let until = Instant::now() + Duration::from_secs(seconds);
            let first = fastrand::u64(..1 << 40);
            let more = (first..).take_while(|_| Instant::now() < until);
            more.for_each(|seed| changed_by(target, seed));
        }
    }
}

fn changed_by(target: &Target, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let right = *random.choice(target.right).unwrap();
    let mut bytes = changed(right.as_bytes(), target.words, &mut random);
    // What a few changes cannot reach.
    if random.u32(0..8) == 0 {
        bytes = changed(&bytes, target.words, &mut random);
        bytes = changed(&bytes, target.words, &mut random);
    }
    attempt(target, &bytes, seed);
}

fn attempt(target: &Target, bytes: &[u8], seed: u64) {
    let outcome = catch_unwind(AssertUnwindSafe(|| (target.holds)(bytes)));
    assert!(
        outcome.is_ok(),
        "{}, seed {seed}, on\n{}\n{:?}",
        target.name,
        bytes.escape_ascii(),
        String::from_utf8_lossy(bytes)
    );
}

/// Makes a test of each target.
macro_rules! targets {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                run(stringify!($name));
            }
        )*

        #[test]
        fn every_target_has_a_test() {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

targets! { yaml, csv, json, tokens, logic, durations, recurrences, mime, }
