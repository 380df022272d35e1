//! The naive model: a second engine, in memory, written from the language reference and the engine's rules alone.
//!
//! Random workspaces, people and events are printed as files and given to the real program, command by
//! command; its `db dump` must be what the model says. The model shares no code with the program and is as
//! plain as it can be: it scans everything, every time.
//!
//! `random_*` make a scenario from a seed; `yaml` and `files` print it; `program` gives it to the program; `scenario`,
//! `intake`, `loads`, `schedule`, `happening`, `flow`, `filters`, `samples`, `operator`, `template` are the engine; `dump` says what came of it.

mod by_hand;
mod calendar;
mod catalogue;
mod certainty;
mod changes;
mod definition;
mod dice;
mod dump;
mod explained;
mod files;
mod filters;
mod flow;
mod happening;
mod intake;
mod layout;
mod loads;
mod mail;
mod operator;
mod planned;
mod program;
mod random_filters;
mod random_flow;
mod random_story;
mod random_values;
mod random_workspace;
mod samples;
mod scenario;
mod schedule;
mod shards;
mod template;
mod value;
mod waits;
mod world;
mod yaml;
mod yaml_filters;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use scenario::Scenario;

/// How many failures of other stories are reported.
const REPORTED: usize = 3;

/// Makes a test of each story, so that one can be played again by its name.
macro_rules! stories {
    ($($name:ident = $seed:literal,)*) => { $(
        #[test]
        fn $name() {
            play($seed);
        }
    )* };
}

/// Makes such tests that take part where slow ones do.
macro_rules! slow_stories {
    ($($name:ident = $seed:literal,)*) => { $(
        #[test]
        #[ignore = "slow"]
        fn $name() {
            play($seed);
        }
    )* };
}

#[rustfmt::skip]
stories! {
    story_00 = 0, story_01 = 1, story_02 = 2, story_03 = 3, story_04 = 4, story_05 = 5,
    story_06 = 6, story_07 = 7, story_08 = 8, story_09 = 9, story_10 = 10, story_11 = 11,
    story_12 = 12, story_13 = 13, story_14 = 14, story_15 = 15, story_16 = 16, story_17 = 17,
}

#[rustfmt::skip]
slow_stories! {
    story_18 = 18, story_19 = 19, story_20 = 20, story_21 = 21, story_22 = 22, story_23 = 23,
    story_24 = 24, story_25 = 25, story_26 = 26, story_27 = 27, story_28 = 28, story_29 = 29,
    story_30 = 30, story_31 = 31, story_32 = 32, story_33 = 33, story_34 = 34, story_35 = 35,
    story_36 = 36, story_37 = 37, story_38 = 38, story_39 = 39, story_40 = 40, story_41 = 41,
    story_42 = 42, story_43 = 43, story_44 = 44, story_45 = 45, story_46 = 46, story_47 = 47,
    story_48 = 48, story_49 = 49, story_50 = 50, story_51 = 51, story_52 = 52, story_53 = 53,
    story_54 = 54, story_55 = 55, story_56 = 56, story_57 = 57, story_58 = 58, story_59 = 59,
}

fn play(seed: u64) {
    if let Some(failure) = failure(seed) {
        panic!("{failure}");
    }
}

/// Other stories, such as `BUGLE_STORIES=60..200`. Without that variable none: those above have tests of their own.
#[test]
fn other_stories() {
    let stories = wanted();
    let next = AtomicU64::new(stories.start);
    let failures: Mutex<Vec<(u64, String)>> = Mutex::default();
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= stories.end {
                        break;
                    }
                    if let Some(failure) = failure(seed) {
                        failures.lock().unwrap().push((seed, failure));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    let reported = failures.iter().take(REPORTED);
    let reported: Vec<&str> = reported.map(|(_, failure)| failure.as_str()).collect();
    let stories: Vec<u64> = failures.iter().map(|(seed, _)| *seed).collect();
    assert!(
        failures.is_empty(),
        "stories {stories:?} went another way\n{}",
        reported.join("\n")
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one knob of this test; the program itself reads no variable"
)]
fn wanted() -> std::ops::Range<u64> {
    let Ok(wanted) = std::env::var("BUGLE_STORIES") else {
        return 0..0;
    };
    let (first, end) = wanted.split_once("..").expect("a range: 60..200");
    first.parse().unwrap()..end.parse().unwrap()
}

/// Plays one scenario both ways; what went another way, and where its files now are.
fn failure(seed: u64) -> Option<String> {
    let scenario = random_story::scenario(seed);
    let problem = match program::play(&scenario) {
        Ok(dump) => dump::difference(&scenario.play().dump(), &dump::comparable(&dump))?,
        Err(problem) => problem,
    };
    let folder = keep(&scenario, seed);
    Some(format!(
        "story {seed}, played again by `sh {folder}/commands.sh`\n{problem}"
    ))
}

/// Leaves the files of a scenario where they can be looked at.
fn keep(scenario: &Scenario, seed: u64) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("model-{seed}"));
    std::fs::create_dir_all(&folder).unwrap();
    let script = program::write(scenario, &folder);
    std::fs::write(folder.join("commands.sh"), script).unwrap();
    folder.display().to_string()
}
