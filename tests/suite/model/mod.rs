//! The naive model: a second engine, in memory, written from the language reference and the engine's rules alone.
//!
//! Random workspaces, people and events are printed as files and given to the real program, command by
//! command; its `db dump` must be what the model says. The model shares no code with the program and is as
//! plain as it can be: it scans everything, every time.

mod calendar;
mod catalogue;
mod definition;
mod dice;
mod files;
mod filters;
mod flow;
mod happening;
mod intake;
mod operator;
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

#[test]
fn print_one() {
    let scenario = random_story::scenario(3);
    println!("{}", yaml::workspace(&scenario.workspace));
    for c in &scenario.workspace.campaigns {
        println!("---\n{}", yaml::campaign(&scenario.workspace, c));
    }
    for seed in 0..300 {
        let scenario = random_story::scenario(seed);
        let m = scenario.play();
        let rows: usize = m.world.people.iter().map(|p| p.log.len()).sum();
        let ok = m.world.people.iter().flat_map(|p| &p.log).filter(|r| r.origin.is_some()).count();
        let entries = m.world.entries.len();
        println!("{seed}: people {} rows {rows} by flows {ok} entries {entries} waits {} cut {}", m.world.people.len(), m.world.waits.len(), m.world.cut);
    }
}
