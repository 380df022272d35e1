//! Writes made-up people and events into a folder: `cargo bench --bench generate -- FOLDER [PEOPLE] [EVENTS]`.
//!
//! A million of each by default, the events over the first tenth of the people.

#[path = "support/events.rs"]
mod events;
#[path = "support/people.rs"]
mod people;

use std::path::PathBuf;

const MILLION: u64 = 1_000_000;

fn main() -> std::io::Result<()> {
    // Cargo itself passes `--bench`.
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let folder = arguments
        .next()
        .map_or_else(|| PathBuf::from("target/bench"), PathBuf::from);
    let mut number = || arguments.next().and_then(|a| a.parse().ok());
    let (count, happenings) = (number().unwrap_or(MILLION), number().unwrap_or(MILLION));
    std::fs::create_dir_all(&folder)?;
    people::people(&folder, count, 1)?;
    events::events(&folder, happenings, (count / 10).max(1), 3)?;
    Ok(())
}
