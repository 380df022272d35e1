//! The naive model: a second engine, in memory, written from the language reference and the engine's rules alone.
//!
//! Random workspaces, people and events are printed as files and given to the real program, command by
//! command; its `db dump` must be what the model says. The model shares no code with the program and is as
//! plain as it can be: it scans everything, every time.

mod calendar;
mod catalogue;
mod definition;
mod dice;
mod dump;
mod files;
mod filters;
mod flow;
mod happening;
mod intake;
mod operator;
mod program;
mod random_filters;
mod random_flow;
mod random_story;
mod random_values;
mod random_workspace;
mod scenario;
mod schedule;
mod template;
mod value;
mod world;
mod yaml;

/// How many scenarios are played; `BUGLE_MODEL_SEEDS` asks for more.
const SEEDS: u64 = 60;

#[test]
fn the_program_does_what_the_naive_model_says() {
    let seeds: u64 = option_env!("BUGLE_MODEL_SEEDS").map_or(SEEDS, |n| n.parse().unwrap());
    let mut bad = 0;
    for seed in 0..seeds {
        let scenario = random_story::scenario(seed);
        let model = scenario.play();
        if model.is_too_long() { println!("{seed} too long"); continue; }
        match program::play(&scenario) {
            Err(e) => { bad += 1; println!("--- seed {seed}: {}", e.chars().take(1500).collect::<String>()); }
            Ok(dump) => {
                if let Some(d) = dump::difference(&model.dump(), &dump::comparable(&dump)) { bad += 1; println!("--- seed {seed}\n{d}"); }
            }
        }
    }
    println!("{bad} of {seeds}");
}
