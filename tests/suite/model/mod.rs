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
mod program;
mod random_filters;
mod random_flow;
mod random_story;
mod random_values;
mod random_workspace;
mod samples;
mod scenario;
mod schedule;
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

/// How many scenarios are played unless `BUGLE_MODEL_SEEDS` says otherwise: `200`, or `37..38` for one seed.
const SEEDS: std::ops::Range<u64> = 0..60;

/// How many failures are reported.
const TOLD: usize = 3;

#[test]
fn the_program_does_what_the_naive_model_says() {
    let seeds = seeds();
    let next = AtomicU64::new(seeds.start);
    let failures: Mutex<Vec<(u64, String)>> = Mutex::default();
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            threads.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
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
    let told: Vec<String> = failures
        .iter()
        .take(TOLD)
        .map(|(_, failure)| failure.clone())
        .collect();
    let bad: Vec<u64> = failures.iter().map(|(seed, _)| *seed).collect();
    assert!(
        failures.is_empty(),
        "seeds {bad:?} went another way\n{}",
        told.join("\n")
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one knob of this test; the program itself reads no variable"
)]
fn seeds() -> std::ops::Range<u64> {
    let Ok(wanted) = std::env::var("BUGLE_MODEL_SEEDS") else {
        return SEEDS;
    };
    match wanted.split_once("..") {
        Some((first, end)) => first.parse().unwrap()..end.parse().unwrap(),
        None => 0..wanted.parse().unwrap(),
    }
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
        "seed {seed}, played again by `sh {folder}/commands.sh`\n{problem}"
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
